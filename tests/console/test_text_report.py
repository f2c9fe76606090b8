"""The report for a terminal."""

import io

import msgspec
import pytest
from invented_reports import a_hostile_report, a_report, an_empty_report, some_tracks

from h2corridor.console.text_report import PIPED_WIDTH, print_text, render_text
from h2corridor.console.texts import LANGUAGES, Language, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_is_there_in_both_languages(language: Language) -> None:
    shown = render_text(a_report(), some_tracks(), language)
    keys = ("totals", "trips", "shipments", "comparisons", "findings", "next_steps", "evidence", "unsigned")

    assert [key for key in keys if text(key, language) not in shown] == []


def test_both_comparisons_stand_side_by_side() -> None:
    lines = render_text(a_report(), None, "en").splitlines()

    assert any("Baseline 317.14 kg" in line and "Baseline 261.82 kg" in line for line in lines)
    assert any("−23.31 kg" in line and "261.82 kg" in line for line in lines)


def test_the_other_language_is_not_mixed_in() -> None:
    assert not any("\u4e00" <= char <= "\u9fff" for char in render_text(a_report(), some_tracks(), "en"))


def test_findings_come_gravest_first_with_place_and_next_step() -> None:
    shown = render_text(a_report(), None, "en")

    assert shown.index("Blocking") < shown.index("Warnings") < shown.index("For information")
    assert "2026-03-02.csv.gz: rows 412–413" in shown
    assert "2×   Do what gap asks for." in shown


def test_each_finding_is_named_with_its_truck() -> None:
    shown = render_text(a_report(), None, "en")
    findings = a_report().findings

    assert findings
    assert [each.finding_id for each in findings if each.finding_id not in shown] == []
    assert [each.vin for each in findings if (each.vin or "") not in shown[shown.index("Findings") :]] == []


def test_a_statement_number_is_promised_only_where_one_stands() -> None:
    report = a_report()
    signed = msgspec.structs.replace(
        report, shipments=(msgspec.structs.replace(report.shipments[0], statement_id="st-1"), *report.shipments[1:])
    )

    assert f"{report.shipments[0].consignment_id} st-1" in render_text(signed, None, "zh")
    assert "st-" not in render_text(report, None, "zh")


def test_a_pipe_gets_plain_lines_of_a_fixed_width() -> None:
    stream = io.StringIO()
    print_text(a_report(), some_tracks(), "en", stream)

    assert render_text(a_report(), some_tracks(), "en") == stream.getvalue()
    assert "\x1b" not in stream.getvalue()
    assert max(map(len, stream.getvalue().splitlines())) <= PIPED_WIDTH


def test_foreign_words_cannot_drive_the_terminal() -> None:
    shown = render_text(a_hostile_report(), None, "zh")

    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_empty_has_words(language: Language) -> None:
    shown = render_text(an_empty_report(), None, language, width=400)
    keys = ("no_shipments", "no_trips", "no_findings", "no_checkpoint", "shows_not")

    assert [key for key in keys if text(key, language) not in shown] == []
    assert text("shows", language) not in shown


def test_energy_provision_is_shown_beside_operation() -> None:
    (heading,) = [
        line for line in render_text(a_report(), None, "en").splitlines() if "TTW kg   " in line and "WTT" in line
    ]

    assert heading.index("TTW") < heading.index("WTT")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_that_checks_everything_is_for_this_workspace(language: Language) -> None:
    folder = f"/a workspace/{'x' * 150}"

    assert f"h2corridor log fsck --workspace '{folder}'" in render_text(
        a_report(), some_tracks(), language, workspace=folder
    )
