"""The printed forms of a trial report."""

import io
import re
from pathlib import Path

import msgspec
import pypdf
import pytest
from h2verify import canonical

from h2corridor.app.trial_report import make_trial_report
from h2corridor.console.texts import LANGUAGES
from h2corridor.console.trial_files import printed_form, trial_html, trial_pdf
from h2corridor.console.trial_sections import front_facts, trial_sections
from h2corridor.model.report import FindingRow
from h2corridor.model.trial_record import Consent
from h2corridor.model.trial_report import TrialReport, decode_trial_report, trial_report_schema

HOSTILE = '<script>alert(1)</script> #panic("x") \u202e $x$ & "'


@pytest.fixture(scope="module")
def document(demo_workspace: Path) -> bytes:
    return make_trial_report(demo_workspace)


@pytest.fixture(scope="module")
def pdf(document: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(trial_pdf(document, "zh")))


def _changed(document: bytes, **fields: object) -> bytes:
    changed = msgspec.structs.replace(decode_trial_report(document), **fields)
    return canonical.encode(msgspec.to_builtins(changed))


def test_the_same_run_and_record_give_the_same_bytes(demo_workspace: Path, document: bytes) -> None:
    assert document == make_trial_report(demo_workspace)
    assert document == canonical.encode(msgspec.to_builtins(decode_trial_report(document)))


def test_the_same_document_gives_the_same_forms(document: bytes) -> None:
    for name in ("trial-report.zh.html", "trial-report.en.pdf"):
        assert printed_form(document, name) == printed_form(document, name)


def test_the_schema_that_ships_is_that_of_the_document() -> None:
    from importlib import resources

    shipped = resources.files("h2corridor.console").joinpath("schemas/trial-report-1.json")

    assert shipped.read_bytes() == trial_report_schema()


def test_both_languages_print_the_same_numbers(document: bytes) -> None:
    report = decode_trial_report(document)
    zh, en = (
        [
            [cell for cell in row if re.fullmatch(r"\u2212?[0-9,.]+", cell)]
            for section in trial_sections(report, language)
            for table in section.tables
            for row in table.rows
        ]
        for language in LANGUAGES
    )

    assert any(zh)
    assert zh == en


def test_the_pdf_says_the_figures_and_has_bookmarks_pages_and_an_embedded_font(
    document: bytes, pdf: pypdf.PdfReader
) -> None:
    report: TrialReport = decode_trial_report(document)
    said = "".join(page.extract_text() for page in pdf.pages).replace("\u200b", "")
    figure = report.figures[0]

    assert figure.consignment_id in said
    assert f"{float(figure.wtw_kgco2e or 0):,.3f}" in said
    assert "首次试运行：重庆无水港至遵义往返" in said
    assert len(trial_sections(report, "zh")) == len(pdf.outline)
    assert pdf.metadata is not None
    assert report.title.zh == pdf.metadata.title
    fonts = pdf.pages[1]["/Resources"]["/Font"].values()  # type: ignore[index]  # as PDF has it
    names = [font["/BaseFont"] for font in fonts]

    assert names
    assert all(re.match(r"/[A-Z]{6}\+NotoSansSC", name) for name in names)


def test_a_hostile_word_is_printed_and_never_read(document: bytes) -> None:
    finding = FindingRow(
        finding_id="f-1",
        check=HOSTILE,
        severity="warning",
        file=HOSTILE,
        row=1,
        last_row=1,
        vin=HOSTILE,
        at=None,
        message=HOSTILE,
        next_step="x",
    )
    hostile = _changed(document, findings=(finding,))
    page = trial_html(hostile, "en")
    said = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(trial_pdf(hostile, "en"))).pages)

    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert '#panic("x")' in said


def test_the_record_goes_until_the_latest_instant_whatever_offset_it_is_written_with(document: bytes) -> None:
    consents = tuple(
        Consent(
            number=number,
            recorded_at=recorded_at,
            party_id="P",
            data=("telemetry",),
            purpose="x",
            legal_basis="x",
            given_by="x",
            from_day="2026-03-01",
            until_day="2026-03-31",
        )
        for number, recorded_at in ((1, "2026-03-05T09:00:00+08:00"), (2, "2026-03-05T02:30:00+00:00"))
    )
    facts = dict(front_facts(msgspec.structs.replace(decode_trial_report(document), consents=consents), "en"))

    assert "2026-03-05 10:30 +08:00" == facts["Record as of"]


def test_a_form_that_is_not_there_is_none(document: bytes) -> None:
    assert printed_form(document, "trial-report.fr.pdf") is None


def test_the_path_of_a_file_breaks_within_its_column(document: bytes) -> None:
    finding = FindingRow(
        finding_id="f-0123456789",
        check="time.gap",
        severity="warning",
        file="telemetry/LTEST000000000001/2026-03-02.csv.gz",
        row=1,
        last_row=1,
        vin=None,
        at=None,
        message="Nothing came.",
        next_step="x",
    )
    pages = pypdf.PdfReader(io.BytesIO(trial_pdf(_changed(document, findings=(finding,)), "en"))).pages
    said = "\n".join(page.extract_text() for page in pages)

    assert "LTEST000000000001/\n2026-03-02.csv.gz" in said
