"""The printed forms of a report on hydrogen: HTML, PDF and plain text in zh and en, made from its document."""

import hashlib

import msgspec

from h2corridor.console.hydrogen_sections import front_facts, hydrogen_sections
from h2corridor.console.printed import Front, printed_form
from h2corridor.console.texts import Language, text
from h2corridor.model.hydrogen_report import HydrogenReport


def hydrogen_json(report: HydrogenReport) -> bytes:
    """The document itself; the other forms name its digest."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def hydrogen_form(report: HydrogenReport, form: str, language: Language) -> bytes:
    """A report as `html`, `pdf`, `json` or `text`.

    Raises
    ------
    UsageError
        `trial.pdf-absent`: the extra that makes PDF is not installed.
    """
    if form == "json":
        return hydrogen_json(report)
    method = report.method
    subject = {"standard": method.standard, "rule_set": method.rule_set, "count": len(report.products)}
    front = Front(
        kind=text("er-kind", language),
        title=text("hr-title", language),
        subject=text("hr-subject", language, **subject),
        period="",
        facts=front_facts(report, language),
        digest_label=text("er-digest-of-this", language),
        digest=hashlib.sha256(hydrogen_json(report)).hexdigest(),
        product=text("product", language),
    )
    return printed_form(front, hydrogen_sections(report, language), form, language)
