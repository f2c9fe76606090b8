"""The printed forms of a trial report: HTML and PDF in zh and en, all made from its document and from nothing else."""

import base64
import hashlib
import importlib
import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from h2corridor.console.texts import LANGUAGES, Language, choose, clean, text
from h2corridor.console.trial_sections import front_facts, period_of, trial_sections
from h2corridor.model.errors import UsageError
from h2corridor.model.trial_report import TrialReport, decode_trial_report

_FONT_PACKAGE = "pylopdf_fonts_zh_cn"


def printed_forms(document: bytes, *, pdf: bool = True) -> dict[str, bytes]:
    """Every printed form by its file name.

    Parameters
    ----------
    document : the bytes of a `trial-report.json`
    pdf : whether PDF is wanted too

    Raises
    ------
    UsageError
        `trial.pdf-absent`: the extra that makes PDF is not installed.
    """
    names = [f"trial-report.{language}.{kind}" for language in LANGUAGES for kind in ("html", "pdf")]
    return {name: form for name in names if pdf or name.endswith("html") if (form := printed_form(document, name))}


def printed_form(document: bytes, name: str) -> bytes | None:
    """The printed form with this file name; None where there is none. It raises as `printed_forms`."""
    for language in LANGUAGES:
        if name == f"trial-report.{language}.html":
            return trial_html(document, language).encode()
        if name == f"trial-report.{language}.pdf":
            return trial_pdf(document, language)
    return None


def trial_html(document: bytes, language: Language) -> str:
    """The report as one self-contained page for A4: no script, nothing asked of any network."""
    report = decode_trial_report(document)
    return (
        _environment()
        .get_template("trial_report.html.j2")
        .render(
            language=language,
            colon=text("colon", language),
            style=Markup(_style()),
            policy=_policy(),
            front=_front(report, document, language),
            sections=trial_sections(report, language),
            markup=Markup,
        )
    )


def trial_pdf(document: bytes, language: Language) -> bytes:
    """The report as PDF: A4, fonts embedded, charts as vectors, page numbers, bookmarks; the same bytes every time.

    Raises
    ------
    UsageError
        `trial.pdf-absent`: the extra that makes PDF is not installed.
    """
    try:
        typst, fonts = importlib.import_module("typst"), importlib.import_module(_FONT_PACKAGE)
    except ImportError as error:
        next_step = (
            "Install the extra `pdf` (in a clone: `pip install ./packages/h2verify '.[pdf]'`), or give --no-pdf."
        )
        raise UsageError("trial.pdf-absent", "PDF needs the extra `pdf`.", next_step=next_step) from error
    report = decode_trial_report(document)
    data = {
        "language": language,
        "front": _front(report, document, language),
        "sections": [asdict(each) for each in trial_sections(report, language)],
        "page": text("tr-page", language),
    }
    source = resources.files("h2corridor.console").joinpath("templates/trial_report.typ").read_bytes()
    folder = str(fonts.__path__[0])
    made: bytes = typst.compile(
        source,
        font_paths=[folder],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=datetime(2000, 1, 1, tzinfo=UTC),
    )
    return made


def _front(report: TrialReport, document: bytes, language: Language) -> dict[str, Any]:
    return {
        "facts": front_facts(report, language),
        "kind": text("tr-kind", language),
        "title": choose(report.title.zh, report.title.en, language),
        "trial": clean(report.trial),
        "period": period_of(report),
        "digest_label": text("tr-digest-of-this", language),
        "digest": hashlib.sha256(document).hexdigest(),
        "product": text("product", language),
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("h2corridor.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return resources.files("h2corridor.console").joinpath("css/trial.css").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
