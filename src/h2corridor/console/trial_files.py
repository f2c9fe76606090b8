"""The printed forms of a trial report: HTML and PDF in zh and en, all made from its document and from nothing else."""

import hashlib

from h2corridor.console.printed import Front, html_page, pdf_document
from h2corridor.console.texts import LANGUAGES, Language, choose, clean, text
from h2corridor.console.trial_sections import front_facts, period_of, trial_sections
from h2corridor.model.trial_report import TrialReport, decode_trial_report


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
    return html_page(_front(report, document, language), trial_sections(report, language), language)


def trial_pdf(document: bytes, language: Language) -> bytes:
    """The report as PDF: A4, fonts embedded, charts as vectors, page numbers, bookmarks; the same bytes every time.

    Raises
    ------
    UsageError
        `trial.pdf-absent`: the extra that makes PDF is not installed.
    """
    report = decode_trial_report(document)
    return pdf_document(_front(report, document, language), trial_sections(report, language), language)


def _front(report: TrialReport, document: bytes, language: Language) -> Front:
    return Front(
        facts=front_facts(report, language),
        kind=text("tr-kind", language),
        title=choose(report.title.zh, report.title.en, language),
        subject=clean(report.trial),
        period=period_of(report),
        digest_label=text("tr-digest-of-this", language),
        digest=hashlib.sha256(document).hexdigest(),
        product=text("product", language),
    )
