"""The printed forms of an emission report: the same in both languages, every word escaped, charts that close."""

import html
import io
import json
import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import msgspec
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from h2corridor.accounting.reporting import Asked
from h2corridor.app.emission_report import report_emissions
from h2corridor.app.rules import get_comparison
from h2corridor.console.emission_report import emission_form
from h2corridor.console.emission_sections import emission_sections, front_figures
from h2corridor.console.emission_tables import ROWS_MAX
from h2corridor.console.error_texts import list_error_words
from h2corridor.console.texts import LANGUAGES, Language
from h2corridor.console.waterfall import Step, waterfall_chart
from h2corridor.model.emission_report import Breakdown, EmissionReport, NotCovered, Uncounted

HOSTILE = '<script>alert(1)</script> #panic("x") \u202e & "'
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> EmissionReport:
    """Of one hydrogen shipment, with what is left out and where it goes."""
    method = get_comparison("same-service-diesel@2025.1")
    chain = json.loads(method.files["cases/hydrogen-worse-than-diesel.json"])["chain"]
    chain["categories"]["yard"] = {"kind": "hub", "data": "default", "source": "none", "excluded": "no figure"}
    chain["elements"].append({"id": "E9", "kind": "hub", "category": "yard"})
    path = tmp_path_factory.mktemp("report") / "chain.json"
    path.write_text(json.dumps(chain), "utf-8")
    made = report_emissions([path], "iso14083", asked=Asked(to_country="DE"))
    without = (
        NotCovered(shipment="S7", message="rule.no-date: no day."),
        NotCovered(shipment="S8", why_zh=("一个原因",), why_en=("a reason",)),
    )
    uncounted = (Uncounted(shipment="S2", zh="未包括装卸", en="loading is not covered"),)
    return msgspec.structs.replace(made, not_covered=without, uncounted=uncounted)


def _numbers(report: EmissionReport, language: Language) -> list[str]:
    cells = (
        cell
        for section in emission_sections(report, language)
        for table in section.tables
        for row in table.rows
        for cell in row
    )
    return [cell for cell in cells if re.fullmatch(r"\u2212?[0-9,.]+( %)?", cell)]


def test_both_languages_show_the_same_numbers(report: EmissionReport) -> None:
    zh, en = (_numbers(report, language) for language in LANGUAGES)

    assert len(zh) > 50
    assert zh == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_a_cell_under_every_head_and_every_section_says_something(
    report: EmissionReport, language: Language
) -> None:
    sections = emission_sections(report, language)

    assert len(sections) > 12
    for section in sections:
        assert section.texts or section.tables, section.title
        for table in section.tables:
            assert table.rows, section.title
            assert {len(table.head)} == {len(table.wide), *map(len, table.rows)}


def test_the_page_in_chinese_has_no_english_words_of_its_own(report: EmissionReport) -> None:
    said = " ".join(
        words
        for section in emission_sections(report, "zh")
        for words in (section.title, *(head for table in section.tables for head in table.head))
    )
    units = {"kgCO2e", "tkm", "WTW", "WTT", "TTW", "kg", "t", "B", "ST", "S", "CBAM"}

    assert set() == set(re.findall(r"[A-Za-z]{2,}", said.replace("kgCO2e", ""))) - units


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_nothing_of_any_network_and_runs_nothing(report: EmissionReport, language: Language) -> None:
    page = html.unescape(emission_form(report, "html", language).decode())

    assert "default-src 'none'" in page
    assert [] == re.findall(r"<(script|link|img|iframe|object)\b", page)
    assert [] == re.findall(r"""(?:src|href)=|url\(|https?://(?!www\.w3\.org/2000/svg")""", page)


def test_reasons_are_said_in_the_language_of_the_reader(report: EmissionReport) -> None:
    zh, en = (emission_form(report, "text", language).decode() for language in LANGUAGES)

    assert ("一个原因" in zh, "a reason" in zh, "未包括装卸" in zh) == (True, False, True)
    assert ("一个原因" in en, "a reason" in en, "loading is not covered" in en) == (False, True, True)
    assert list_error_words()["rule.no-date"].meaning.zh in re.sub(r"\s+", "", zh)


def test_foreign_words_are_shown_and_never_read_as_markup(report: EmissionReport) -> None:
    parts = (msgspec.structs.replace(report.total, name=HOSTILE),)
    category = msgspec.structs.replace(report.secondary.categories[0], name=HOSTILE, source=HOSTILE)
    hostile = msgspec.structs.replace(
        report,
        breakdowns=(Breakdown(by="shipment", parts=parts),),
        secondary=msgspec.structs.replace(report.secondary, categories=(category,)),
        not_covered=(NotCovered(shipment=HOSTILE, message=HOSTILE),),
    )
    page = emission_form(hostile, "html", "en").decode()
    pages = pypdf.PdfReader(io.BytesIO(emission_form(hostile, "pdf", "en"))).pages

    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page
    assert "alert(1)" in "".join(each.extract_text() for each in pages)


def test_the_pdf_says_the_figures_and_embeds_its_font(report: EmissionReport) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(emission_form(report, "pdf", "zh")))
    said = "".join(page.extract_text() for page in pdf.pages)
    figure = f"{Decimal(report.total.wtw_kgco2e):.3f}"

    assert figure in said
    assert "CountEmissionsEU" in said
    assert len(pdf.outline) > 10
    assert pdf.pages[-1].extract_text().strip()


def test_a_long_breakdown_is_cut_in_print_and_says_so(report: EmissionReport) -> None:
    parts = tuple(msgspec.structs.replace(report.total, name=f"S{number:04}") for number in range(ROWS_MAX + 5))
    long = msgspec.structs.replace(report, breakdowns=(Breakdown(by="shipment", parts=parts),))
    section = emission_sections(long, "en")[1]

    assert ROWS_MAX == len(section.tables[0].rows)
    assert f"{ROWS_MAX} of {ROWS_MAX + 5} rows" in section.texts[0]


def test_every_chart_can_be_read_out(report: EmissionReport) -> None:
    charts = [ET.fromstring(chart) for section in emission_sections(report, "en") for chart in section.charts]
    waterfall = charts[0]
    described = waterfall.findtext(f"{SVG}desc") or ""

    assert len(charts) > 2
    assert all(chart.get("role") == "img" and chart.findtext(f"{SVG}title") for chart in charts)
    assert f"{Decimal(report.total.wtw_kgco2e):.3f}" in described


@given(st.lists(st.decimals(-500, 500, places=3), min_size=1, max_size=24))
def test_the_bars_of_a_waterfall_follow_each_other_to_the_total(values: list[Decimal]) -> None:
    steps = [Step(label=str(number), value=value, colour="#111111") for number, value in enumerate(values)]
    total = Step(label="total", value=sum(values, Decimal(0)), colour="#222222")
    chart = ET.fromstring(waterfall_chart(steps, total, (), title="t", described="d", places=3))
    bars = [
        (float(rect.get("x", "")), float(rect.get("x", "")) + float(rect.get("width", "")))
        for rect in chart.iter(f"{SVG}rect")
    ]
    width = float(chart.get("width", ""))

    assert len(values) + 1 == len(bars)
    assert all(0 <= left <= right <= width for left, right in bars)
    at = bars[-1][0] if total.value >= 0 else bars[-1][1]
    for value, (left, right) in zip(values, bars, strict=False):
        begin, end = (left, right) if value >= 0 else (right, left)
        assert begin == pytest.approx(at, abs=0.3)
        at = end
    assert at == pytest.approx(bars[-1][1] if total.value >= 0 else bars[-1][0], abs=0.3)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("verified by no body", "shipments without a figure: 2; hubs left out: 1")),
        ("zh", ("未经任何机构核查", "2 票货物无数值，1 个枢纽被排除")),
    ],
)
def test_the_front_says_how_the_figures_stand_and_what_they_do_not_hold(
    report: EmissionReport, language: Language, words: tuple[str, ...]
) -> None:
    facts = " ".join(value for _, value in front_figures(report, language))

    assert [] == [word for word in words if word not in facts]
