"""The printed forms of an emission report: HTML, PDF and plain text in zh and en, made from its document."""

import hashlib

import msgspec

from h2corridor.console.emission_sections import emission_sections, front_figures
from h2corridor.console.printed import Front, printed_form
from h2corridor.console.texts import Language, text
from h2corridor.model.emission_report import EmissionReport

FORMS = ("html", "pdf", "json", "text")


def emission_json(report: EmissionReport) -> bytes:
    """The document itself; the other forms name its digest."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def emission_form(report: EmissionReport, form: str, language: Language) -> bytes:
    """A report in one of `FORMS`.

    Raises
    ------
    UsageError
        `trial.pdf-absent`: the extra that makes PDF is not installed.
    """
    if form == "json":
        return emission_json(report)
    return printed_form(_front(report, language), emission_sections(report, language), form, language)


def _front(report: EmissionReport, language: Language) -> Front:
    method, period = report.method, report.period
    subject = {"standard": method.standard, "rule_set": method.rule_set, "count": report.total.shipments}
    span = {"first": period.first, "last": period.last}
    return Front(
        kind=text("er-kind", language),
        title=text("er-title", language),
        subject=text("er-subject", language, **subject),
        period=text("er-period", language, **span) if period.first is not None else "",
        facts=front_figures(report, language),
        digest_label=text("er-digest-of-this", language),
        digest=hashlib.sha256(emission_json(report)).hexdigest(),
        product=text("product", language),
    )
