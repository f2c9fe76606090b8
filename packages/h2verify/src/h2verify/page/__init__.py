"""The second verifier: one static page in JavaScript that shares no code with h2verify.

Here live its scripts, its style and the frame around them; `render_page` puts them together into one file that asks
nothing of any network. Not here: any Python that verifies. `python -m h2verify.page` prints the page.

Invariants
----------
- One file: scripts and style stand in it, and the content security policy names their digests and nothing else.
- The page is the same bytes for the same package.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files

from h2verify import __version__
from h2verify.bundle.causes import CAUSES
from h2verify.bundle.steps import STEPS, StepWords
from h2verify.withheld import REASONS

PROOFS = (
    "refusal.js",
    "bytes.js",
    "sha2.js",
    "inflate.js",
    "zip.js",
    "canonical.js",
    "decimal.js",
    "ed25519.js",
    "merkle.js",
    "note.js",
    "forms.js",
    "manifest.js",
    "statement.js",
    "policy.js",
    "log.js",
)
"""Bytes, hashes, signatures and what they prove; each file after those it uses as it is read."""

FIGURE = (
    "derivation.js",
    "parameters.js",
    "vocabulary.js",
    "scopes.js",
    "editions.js",
    "chain_activities.js",
    "chain_effects.js",
    "chain_form.js",
    "steps.js",
    "lookup.js",
    "figures.js",
    "shown.js",
    "suppliers.js",
)
"""The figure recomputed."""

ACTIVITY = (
    "geodesy.js",
    "hydrogen.js",
    "activity_allocation.js",
    "activity_fills.js",
    "activity_forms.js",
    "activity_groups.js",
    "activity_ledger.js",
    "activity_operations.js",
    "activity_origin.js",
    "activity_reconcile.js",
    "activity_trips.js",
    "activity_agreement.js",
    "groups.js",
    "chain.js",
    "activity_verify.js",
    "activity_stated.js",
)
"""The chain written again from records."""

RAW = (
    "gbt32960_table.js",
    "gbt32960_frame.js",
    "activity_uses.js",
    "activity_readings.js",
    "activity_stands.js",
    "csv.js",
    "raw_values.js",
    "raw_content.js",
    "raw_received.js",
    "raw_opened.js",
    "raw_rows.js",
    "raw_trial.js",
    "raw_standing.js",
    "raw_left_out.js",
    "raw_papers.js",
    "raw_frames.js",
)
"""Records made again from what was received."""

VERIFIER = (*PROOFS, *FIGURE, *ACTIVITY, *RAW, "verdict.js", "worker.js")
"""All that verifies."""

INTERFACE = ("texts.js", "elements.js", "numbers.js", "tree.js", "view.js", "page.js")
"""What people see."""


def render_page() -> str:
    """The whole page as HTML: one file that works offline, opened from a disk or a server."""
    verifier = _script(VERIFIER).replace('"verify.html VERSION"', f'"verify.html {__version__}"', 1)
    steps = [_words(step) for step in STEPS]
    causes = {code: {"en": cause.en, "zh": cause.zh} for code, cause in CAUSES.items()}
    interface = _script(INTERFACE).replace('"STEP WORDS"', _literal(steps), 1)
    interface = interface.replace('"CAUSE WORDS"', _literal(causes), 1)
    interface = interface.replace('"WITHHELD WORDS"', _literal(REASONS), 1)
    style = _read("style.css")
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_digest(verifier)} {_digest(interface)}",
            f"style-src {_digest(style)}",
            "worker-src blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    parts = {"POLICY": policy, "STYLE": style, "VERIFIER": verifier, "INTERFACE": interface}
    page = _read("template.html")
    for name, text in parts.items():
        page = page.replace(f"<!--{name}-->", text, 1)
    return page


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _script(names: Sequence[str]) -> str:
    """The files one after the other, strict; names of one file are seen by the next."""
    return "\n".join(['\n"use strict";', *(_read(name) for name in names)])


def _literal(value: object) -> str:
    """A value as it may stand in a script of a page."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _words(step: StepWords) -> dict[str, str]:
    """What people read about a step; the words are those of h2verify, so that both verifiers speak alike."""
    names = ("title_en", "title_zh", "holds_en", "holds_zh", "fails_en", "fails_zh")
    return {"id": step.id, **{name: getattr(step, name) for name in names}}
