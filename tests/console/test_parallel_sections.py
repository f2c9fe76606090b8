"""Electricity by contracts and intervals as people read them: the same numbers in both languages."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from h2corridor.accounting.reporting import Asked
from h2corridor.app.emission_report import report_emissions
from h2corridor.app.examples import example_document
from h2corridor.console.emission_report import emission_form
from h2corridor.console.parallel_sections import parallel_sections
from h2corridor.console.texts import LANGUAGES, Language
from h2corridor.model.emission_report import EmissionReport, IntervalPart, MarketAbsent


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> EmissionReport:
    """Of two shipments with contracts, and a range of their masses."""
    folder = tmp_path_factory.mktemp("parallel")
    chains = []
    for name in ("hub-two-carriers-contract", "multimodal-hydrogen-trunk"):
        chains.append(folder / f"{name}.json")
        chains[-1].write_text(example_document(name), "utf-8")
    ranges = folder / "ranges.json"
    stated = {"fact": "mass_kg[chain]", "half_width_pct": "1", "source": "weighbridge"}
    ranges.write_text(json.dumps({"format": "ranges/1", "ranges": [stated]}), "utf-8")
    return report_emissions(chains, "iso14083", ranges=Path(ranges), asked=Asked())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "by its contracts (market-based)",
                "certificate",
                "95 % interval of the total",
                "count as exact",
            ),
        ),
        ("zh", ("电力按合同计算（market-based）", "购电协议", "总量的 95% 区间", "按无误差计")),
    ],
)
def test_both_readings_stand_beside_the_total(
    language: Language, words: tuple[str, ...], report: EmissionReport
) -> None:
    page = emission_form(report, "text", language).decode()

    assert [] == [word for word in words if word not in page]


def test_both_languages_show_the_same_numbers(report: EmissionReport) -> None:
    shown = [
        [
            cell
            for section in parallel_sections(report, language)
            for table in section.tables
            for row in table.rows
            for cell in row
            if re.fullmatch(r"\u2212?[0-9,.]+( %)?", cell)
        ]
        for language in LANGUAGES
    ]

    assert len(shown[0]) > 10
    assert shown[0] == shown[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reading_that_cannot_be_computed_says_why_and_shows_no_figure(
    language: Language, report: EmissionReport
) -> None:
    assert report.market_based is not None
    absent = (MarketAbsent(shipment="H-1", message="no factor \x1b[31m."),)
    market = msgspec.structs.replace(report.market_based, wtw_kgco2e=None, not_computable=absent)
    sections = list(parallel_sections(msgspec.structs.replace(report, market_based=market), language))
    first = sections[0].texts[0]

    assert "H-1: no factor" in first
    assert "\x1b" not in first
    assert "541" not in first


def test_a_report_without_contracts_and_ranges_has_neither_section(report: EmissionReport) -> None:
    bare = msgspec.structs.replace(report, market_based=None, intervals=None)

    assert [] == list(parallel_sections(bare, "en"))


def test_more_variables_than_fit_are_cut_and_counted_in_the_document_alone(report: EmissionReport) -> None:
    assert report.intervals is not None
    part = IntervalPart(variable="x", half_width_kgco2e="1", share_pct="1")
    many = msgspec.structs.replace(report.intervals, contributions=(part,) * 50, unranged=tuple("abcdefghijklmnop"))
    (section,) = parallel_sections(msgspec.structs.replace(report, market_based=None, intervals=many), "en")

    assert 12 == len(section.tables[1].rows)
    assert any("4 more" in each for each in section.texts)
