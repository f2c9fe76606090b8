"""Checks are registered once, are in the catalogue, and hand over what their texts need."""

import subprocess
import sys

import pytest
from made_frames import driving_frames

from h2corridor.model.findings import Finding
from h2corridor.quality import (
    evidence_checks,
    finding_from_row,
    instants_by_truck,
    silences,
    sort_findings,
    table_checks,
)
from h2corridor.quality.catalogue import get_check
from h2corridor.quality.registry import CheckTables, Evidence, check

CODES = sorted({*table_checks(), *evidence_checks()})


def test_there_are_checks_of_both_kinds() -> None:
    assert 40 == len(table_checks())
    assert 51 == len(evidence_checks())


def test_checks_stand_in_the_order_of_their_codes_whatever_was_imported_first() -> None:
    """What is kept of a truck holds their rows in this order."""
    for checks in (table_checks(), evidence_checks()):
        assert sorted(checks) == list(checks)


@pytest.mark.parametrize("code", CODES)
def test_every_check_is_in_the_catalogue(code: str) -> None:
    assert code == get_check(code).code


def test_a_code_has_one_check() -> None:
    def again(evidence: Evidence) -> list[Finding]:
        return []

    with pytest.raises(TypeError, match=r"time\.gap has a check already"):
        check("time.gap")(again)


def test_a_check_takes_tables_or_evidence() -> None:
    def neither(tables: int) -> list[Finding]:
        return []

    with pytest.raises(TypeError, match="not CheckTables or Evidence"):
        check("frame.purple")(neither)


def test_what_good_data_give_is_at_most_info() -> None:
    good = ("frame.late", "frame.repeated", "position.reprojected", "frame.junk-around", "meter.unbooked")

    assert {"info"} == {get_check(code).severity for code in good}


def test_a_row_becomes_a_finding_with_its_offset_and_texts() -> None:
    row = {"file": "f", "row": 3, "last_row": 4, "vin": "V", "at_s": 1_773_043_200, "step_km": 1090}
    expected = Finding(
        check="odometer.jump",
        file="f",
        row=3,
        last_row=4,
        vin="V",
        at="2026-03-09T16:00:00+08:00",
        params={"step_km": "109.0"},
    )

    assert expected == finding_from_row("odometer.jump", row)


def test_gaps_become_silences_by_truck_in_order() -> None:
    rows = [{"vin": "V", "at_s": 900, "gap_s": 70}, {"vin": "V", "at_s": 100, "gap_s": 80}]

    assert {"V": [(100, 180), (900, 970)]} == silences(rows)


def test_stalls_become_instants_by_truck_in_order() -> None:
    assert {"V": [100, 900]} == instants_by_truck([{"vin": "V", "at_s": 900}, {"vin": "V", "at_s": 100}])


def test_findings_stand_in_one_order_however_they_came() -> None:
    places = [("a", 1, 2), ("a", 2, None), ("a", 10, None), ("a", None, None), ("b", 1, None)]
    ordered = [Finding(check="time.gap", file=file, row=row, last_row=last) for file, row, last in places]

    assert ordered == sort_findings(reversed(ordered))


def test_reading_the_catalogue_does_not_load_the_table_engine() -> None:
    script = "import sys, h2corridor.quality.catalogue; sys.exit('ibis' in sys.modules)"

    assert 0 == subprocess.run([sys.executable, "-c", script], check=False).returncode


def test_tables_are_frozen() -> None:
    tables = CheckTables(uses=None, steps=None, vehicles=None, on_day=None)  # type: ignore[arg-type]  # never read

    with pytest.raises(AttributeError):
        tables.uses = driving_frames(1)  # type: ignore[misc]  # that is the point
