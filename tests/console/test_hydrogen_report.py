"""The printed forms of a report on hydrogen: the same numbers in both languages, every word escaped, PDF with text."""

import io
import re
from pathlib import Path

import msgspec
import pypdf
import pytest

from h2corridor.app.hydrogen_report import report_hydrogen
from h2corridor.console.display import rounded
from h2corridor.console.hydrogen_report import hydrogen_form
from h2corridor.console.hydrogen_sections import front_facts, hydrogen_sections
from h2corridor.console.texts import LANGUAGES, Language
from h2corridor.model.hydrogen_report import HydrogenReport

PLANTS = sorted((Path(__file__).resolve().parents[2] / "docs" / "examples" / "production").glob("*.json"))
HOSTILE = '<script>alert(1)</script> #panic("x") \u202e'


@pytest.fixture(scope="module")
def report() -> HydrogenReport:
    return report_hydrogen(PLANTS, "iso-19870-1")


def _numbers(report: HydrogenReport, language: Language) -> list[str]:
    cells = (
        cell
        for section in hydrogen_sections(report, language)
        for table in section.tables
        for row in table.rows
        for cell in row
    )
    return [cell for cell in cells if re.fullmatch(r"\u2212?[0-9,.]+( %)?", cell)]


def test_both_languages_show_the_same_numbers(report: HydrogenReport) -> None:
    zh, en = (_numbers(report, language) for language in LANGUAGES)

    assert len(zh) > 50
    assert zh == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_a_cell_under_every_head_and_every_section_says_something(
    report: HydrogenReport, language: Language
) -> None:
    for section in hydrogen_sections(report, language):
        assert section.texts or section.tables
        for table in section.tables:
            assert {len(table.head)} == {len(row) for row in table.rows} | {len(table.wide)}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "up to the production gate",
                "verified by no body",
                "at most",
                "by contract (market)",
                "taken by the result",
            ),
        ),
        ("zh", ("至生产门口", "未经任何机构核查", "至多", "按合同（市场法）", "结果所取")),
    ],
)
def test_a_report_says_its_boundary_and_how_it_stands(
    language: Language, words: tuple[str, ...], report: HydrogenReport
) -> None:
    page = hydrogen_form(report, "html", language).decode()

    assert [] == [word for word in words if word not in page]


@pytest.mark.parametrize("form", ["html", "text"])
def test_what_a_document_says_is_shown_as_text_and_nothing_else(form: str, report: HydrogenReport) -> None:
    first = msgspec.structs.replace(report.products[0], plant=HOSTILE)
    page = hydrogen_form(msgspec.structs.replace(report, products=(first,)), form, "en").decode()

    assert "\u202e" not in page
    assert ("<script>" in page) == (form == "text")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_holds_the_figures_and_is_the_same_every_time(language: Language, report: HydrogenReport) -> None:
    data = hydrogen_form(report, "pdf", language)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)

    assert data == hydrogen_form(report, "pdf", language)
    shown = [rounded(each.kgco2e_per_kg, 6) for each in report.products if each.kgco2e_per_kg is not None]

    assert shown
    assert [] == [figure for figure in shown if figure is None or figure not in text]


def test_a_declared_value_is_never_shown_as_computed(report: HydrogenReport) -> None:
    facts = dict(front_facts(report, "en"))
    declared = next(each for each in report.products if each.allocation == "declared")
    computed = next(each for each in report.products if each.allocation == "mass")

    assert "nothing here recomputes it" in facts[f"{declared.plant}, 2024-01-01 – 2024-12-31"]
    assert "recomputes" not in facts[f"{computed.plant}, 2024-01-01 – 2024-12-31"]


def test_sections_of_several_plants_name_their_plant(report: HydrogenReport) -> None:
    titles = [section.title for section in hydrogen_sections(report, "en")]

    assert len(titles) == len(set(titles))
