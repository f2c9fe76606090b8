"""Figures: transport chains, derivations, formulas, activity records, and whole bundles."""

import contextlib
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from decimal import Decimal, DecimalException, localcontext
from functools import cache
from typing import Any

from h2verify import canonical, chain_form, chain_meaning, derivation, editions, formula, lookup, parameters, scopes
from h2verify.bundle import activity, container, derivations, forms, groups, verification, verify_bundle
from h2verify.bundle import manifest as bundle_manifest
from h2verify.bundle import statement as bundle_statement
from h2verify.chains import agreement, group_forms, measured
from h2verify.errors import DerivationError, VerifyError
from target import ROOT, Drawn, Target, edited, json_bytes, require

from h2corridor.accounting import assessment, facts
from h2corridor.accounting.kernel import resolver
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.model import chain as model_chain
from h2corridor.model.errors import InputError, RuleError
from h2corridor.statements.container import write_archive

EXAMPLE = ROOT / "src" / "h2corridor" / "accounting" / "examples" / "freight-chain.json"
BUNDLE = ROOT / "docs" / "examples" / "first-run.zip"
POLICY = ROOT / "docs" / "examples" / "policy.txt"
METHODS = ("same-service-diesel", "tailpipe-press")
EDITS = (b"\0\5\5\7", b"\0\11\3\4abcd", b"\0\3\0", b"\0\2\1\0\7", b"\0\14\2")
"""Edits of a document that every corpus begins with: replaced, rewritten, taken out, moved, repeated."""


@cache
def _chains() -> tuple[Any, ...]:
    """The example of the documentation, and the chain of the example bundle, which knows hydrogen."""
    return json.loads(EXAMPLE.read_bytes()), json.loads(_members()["chain.json"])


@cache
def _members() -> Mapping[str, bytes]:
    with zipfile.ZipFile(BUNDLE) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check_chain(data: bytes) -> None:
    """A chain is assessed, or refused with an InputError or RuleError; a stranger takes the same chains."""
    drawn = Drawn(data)
    kind = drawn.below(3)
    raw = drawn.rest() if kind == 2 else json_bytes(edited(_chains()[kind], drawn))
    try:
        chain = model_chain.decode_chain(raw)
    except InputError:
        chain = None
    document = _parsed(raw)
    if document is not None and b"null" not in raw:  # a stranger is handed chains with null fields left out
        require((chain is not None) == _is_chain(document), "a stranger takes the same chains")
    if chain is None:
        return
    try:
        assessed = assessment.assess_chain_partially(
            chain, get_rule_set("iso14083"), comparisons=[get_comparison(name) for name in METHODS]
        )
    except RuleError:
        return
    derivation.verify_derivation(assessed.derivation)
    with contextlib.suppress(RuleError):
        assessment.assess_chain(chain, get_rule_set("iso14083"))


def _parsed(raw: bytes) -> Any:
    """What stands there, where canonical JSON can carry it."""
    try:
        return canonical.parse(raw)
    except VerifyError:
        return None


def _is_chain(document: Any) -> bool:
    try:
        chain_form.verify_chain_form(document)
    except VerifyError:
        return False
    return True


@cache
def _derived() -> tuple[Any, Any, Mapping[str, Mapping[str, bytes]]]:
    """A chain, its figures and the editions they were made by: the documentation's example, small enough to be fast."""
    chain = model_chain.decode_chain(EXAMPLE.read_bytes())
    edition = get_rule_set("iso14083")
    assessed = assessment.assess_chain(chain, edition)
    label = edition.name.replace("@", "/")
    figures = {"format": derivations.FORMAT, "rule_set": label, "steps": list(assessed.derivation), "comparisons": []}
    folder = f"rulesets/{label}/"
    tables = {name: _members()[folder + name] for name in ("formulas.json", "parameters.json")}
    return _chains()[0], json.loads(canonical.encode(figures)), {label: tables}


def check_derivation(data: bytes) -> None:
    """Figures are recomputed, or refused with an error of the tree; so are the tables of the edition."""
    chain, figures, tables = _derived()
    drawn = Drawn(data)
    label = figures["rule_set"]
    kind = drawn.below(4)
    if kind < 2:
        figures = edited(figures, drawn)
    else:
        name = ("formulas.json", "parameters.json")[kind - 2]
        tables = {label: {**tables[label], name: json_bytes(edited(json.loads(tables[label][name]), drawn))}}
    try:
        derivations.verify_figures(chain, figures, tables)
    except VerifyError as error:
        require(len(error.message) < 3_000, "a message is short")


def check_formula(data: bytes) -> None:
    """Any text is a formula or a DerivationError; what it uses is what it asks for."""
    text = data.decode("utf-8", "replace")
    asked: list[str] = []

    def value_of(step_id: str) -> Decimal:
        asked.append(step_id)
        return Decimal(len(step_id))

    try:
        with localcontext(derivation.arithmetic()):
            formula.evaluate(text, value_of, lambda name, values: max(values) if name == "max" else min(values))
        require(list(dict.fromkeys(asked)) == formula.operands(text), "what a formula uses is what it asks for")
    except (DerivationError, DecimalException):
        pass
    with contextlib.suppress(DerivationError):
        formula.instantiate(text, {"a": ["a[x]"], "b": ["b[x]", "b[y]"]})


def check_activity(data: bytes) -> None:
    """Activity records, edited: they give the chain, or are refused with an error of the tree."""
    drawn = Drawn(data)
    found = {}
    for name in sorted(_members()):
        if name.startswith("activity/"):
            document = json.loads(_members()[name])
            found[document["group"]] = document["records"]
    chosen = sorted(found)[drawn.below(len(found))]
    records = edited(found[chosen], drawn)
    found[chosen] = [each for each in records if isinstance(each, dict)]
    chain = json.loads(_members()["chain.json"])
    try:
        activity.verify_activity(found, chain, chain["shipment"]["id"])
    except VerifyError as error:
        require(len(error.message) < 3_000, "a message is short")


def check_container(data: bytes) -> None:
    """A zip whose fields, sizes and check sums agree, of any members, or any bytes: an archive or a BundleError."""
    drawn = Drawn(data)
    kind = drawn.below(3)
    if kind == 0:
        said = drawn.rest()
    else:
        members = {"manifest.json": b"{}"}
        while drawn and len(members) < 6:
            name = drawn.take(drawn.below(12)).decode("latin-1").encode("ascii", "replace").decode()
            members[name] = drawn.take(drawn.word() % 300)
        said = write_archive(members)
        if kind == 2:
            at = drawn.word() % len(said)
            said = said[:at] + drawn.take(4) + said[at + 4 :]
    _verify(said, "figure")


def _container_seeds() -> list[bytes]:
    small = {name: content for name, content in _members().items() if len(content) < 500}
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", "{}")
    bomb = zlib.compress(bytes(1 << 18))
    return [
        b"\0" + write_archive(small),
        b"\0" + other.getvalue(),
        b"\1\3a.b\0\4abcd\2x/\0\2{}",
        b"\1\5a.zip\0\xff" + bomb,
    ]


def check_bundle(data: bytes) -> None:
    """Documents of a bundle, edited, in a container that is sound: a result with a code of the format's page."""
    drawn = Drawn(data)
    names = sorted(name for name in _members() if name.endswith((".json", ".txt")))
    name, depth = names[drawn.below(len(names))], ("figure", "activity")[drawn.below(2)]
    members = dict(_members())
    if name.endswith(".json") and drawn.below(4):
        members[name] = _encoded(edited(json.loads(members[name]), drawn))
    else:
        members[name] = drawn.rest()
    if name != "manifest.json":
        members = _with_digests(members)
    _verify(write_archive(members), depth)


def _encoded(document: Any) -> bytes:
    try:
        return canonical.encode(document)
    except VerifyError:
        return json_bytes(document)


def _with_digests(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """Members with a manifest that names them as they are."""
    listed = json.loads(members["manifest.json"])
    listed["members"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in members.items()
        if name != "manifest.json"
    }
    return {**members, "manifest.json": canonical.encode(listed)}


def _verify(said: bytes, depth: str) -> None:
    found = verify_bundle(said, depth=depth, policy=POLICY.read_bytes())
    require(found.reason_code != verification.INTERNAL, f"a refusal has a code of the page: {found.reason}")
    require(json.dumps(found.as_json()), "a result shows as JSON")


def _edits(*firsts: int, choices: int = 1) -> list[bytes]:
    return [bytes(firsts) + bytes((number,)) + edit for number in range(choices) for edit in EDITS]


CHAIN_READERS = (model_chain, chain_form, chain_meaning, assessment, facts, resolver)
STEP_READERS = (derivations, derivation, formula, lookup, editions, parameters, scopes)
BUNDLE_READERS = (verification, bundle_manifest, bundle_statement, forms, groups)
TARGETS = (
    Target(name="chain", modules=CHAIN_READERS, seeds=lambda: _edits(choices=2), check=check_chain, runs=300),
    Target(name="derivation", modules=STEP_READERS, seeds=lambda: _edits(choices=4), check=check_derivation, runs=150),
    Target(
        name="formula",
        modules=(formula,),
        seeds=lambda: [b"a[x] + b * (c[y] - min(a, b[q])) / d", b"sum(b) / a", b"(" * 60 + b"a"],
        check=check_formula,
    ),
    Target(
        name="activity",
        modules=(activity, group_forms, measured, agreement),
        seeds=lambda: _edits(choices=9),
        check=check_activity,
        runs=300,
    ),
    Target(name="container", modules=(container,), seeds=_container_seeds, check=check_container, max_bytes=4_096),
    Target(
        name="bundle",
        modules=BUNDLE_READERS,
        seeds=lambda: [bytes((n, n % 2, 1)) + EDITS[n % 5] for n in range(0, 37, 3)],
        check=check_bundle,
        runs=40,
    ),
)
