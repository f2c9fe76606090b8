"""Tables of a trial: one fault a test, and what becomes of the row."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from h2corridor.intake import DatasetFolder, list_tables, list_telemetry_paths, read_trial_facts
from h2corridor.intake.finding_runs import FINDINGS_OF_ONE_CHECK_MAX
from h2corridor.intake.table_rows import read_table
from h2corridor.model.errors import InputError
from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import describe, get_check, list_terms, severity_of


def _only_finding(dataset: Any) -> Finding:
    _, findings = read_trial_facts(dataset)

    assert len(findings) == 1, findings
    return findings[0]


def test_a_right_data_set_gives_every_row_and_no_finding(small: Any) -> None:
    facts, findings = read_trial_facts(small)

    assert findings == []
    assert [len(getattr(facts, table.facts)) for table in list_tables()] == [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1]


def test_quantities_become_exact_integers_of_the_unit_in_the_name(small: Any) -> None:
    facts, _ = read_trial_facts(small)

    assert facts.tank_openings[0].mass_mg == 52_470_000
    assert facts.sites[0].latitude_e6 == 29_600_000
    assert facts.vehicles[0].gross_combination_mass_kg == 49_000
    assert facts.vehicles[0].comparable_diesel_l_per_100km == Decimal("38.2")
    assert facts.refuellings[0].pressure_start_kpa == 15_900
    assert facts.hub_operations[0].throughput_kg == 5_638_600
    assert facts.legs[1].intensity_wtw_kgco2e_per_tkm == Decimal("0.0081")
    assert facts.tank_openings[0].at_ms == 1_772_406_000_000
    assert facts.station_energy[0].day == "2026-03-02"


VALUE_FAULTS = [
    ("refuellings.csv", "2026-03-02T09:00:00+08:00", "2026-03-02T09:00:00", "value.time-without-offset"),
    ("refuellings.csv", "2026-03-02T09:00:00+08:00", "2026-02-30T09:00:00+08:00", "value.time-unreadable"),
    ("refuellings.csv", "2026-03-02T09:00:00+08:00", "2026-03-02T09:00:00.0001+08:00", "value.too-fine"),
    ("refuellings.csv", "2026-03-02T09:10:00+08:00", "2026-03-02T08:10:00+08:00", "value.end-before-start"),
    ("refuellings.csv", ",32.83,", ",-32.83,", "value.negative"),
    ("refuellings.csv", ",32.83,", ",much,", "value.not-a-number"),
    ("refuellings.csv", ",32.83,", ",3.283e1,", "value.not-a-number"),
    ("refuellings.csv", ",32.83,", ',"3,283.0",', "value.not-a-number"),
    ("refuellings.csv", ",32.83,", ",３２,", "value.not-a-number"),
    ("refuellings.csv", ",32.83,", ",32.8300001,", "value.too-fine"),
    ("refuellings.csv", ",32.83,", ",9999999999999,", "value.out-of-range"),
    ("refuellings.csv", ",32.83,", ",,", "value.missing"),
    ("refuellings.csv", ",35.8\n", ",35.8,1\n", "table.wrong-cell-count"),
    ("refuellings.csv", ",35.8\n", "\n", "table.wrong-cell-count"),
    ("vehicles.csv", ",3080,", ",0,", "value.out-of-range"),
    ("vehicles.csv", ",560,", ",560.5,", "value.not-an-integer"),
    ("sites.csv", ",29.60000,", ",92.6,", "value.out-of-range"),
    ("sites.csv", ",29.60000,", ",29.6000001,", "value.too-fine"),
    ("station_energy.csv", "2026-03-02", "2026-02-29", "value.day-unreadable"),
    ("station_energy.csv", "2026-03-02", "2.3.2026", "value.day-unreadable"),
    ("hydrogen_batches.csv", "2026-03-01T08:00:00", "2026-01-01T08:00:00", "value.end-before-start"),
    ("legs.csv", "2026-03-02T11:00:00", "2026-03-02T01:00:00", "value.end-before-start"),
    ("consignments.csv", "bolts", "b" * 5000, "value.too-long"),
]


@pytest.mark.parametrize(("file", "old", "new", "check"), VALUE_FAULTS)
def test_a_faulty_value_is_a_blocking_finding_and_its_row_is_set_aside(
    small: Any, file: str, old: str, new: str, check: str
) -> None:
    facts, findings = read_trial_facts(small.change(file, old, new))
    table = next(table for table in list_tables() if table.file == file)
    rows = [row.row for row in getattr(facts, table.facts)]

    faults = [each for each in findings if each.check != "table.reference-set-aside"]

    assert [(check, file, 1, "blocking")] == [(each.check, each.file, each.row, severity_of(each)) for each in faults]
    assert 1 not in rows


def test_a_finding_names_column_what_came_and_what_was_expected(small: Any) -> None:
    finding = _only_finding(small.change("refuellings.csv", ",32.83,", ",-32.83,"))
    message, next_step = describe(finding, "en")

    assert {"column": "mass_kg", "came": "-32.83"} == finding.params
    assert message == "mass_kg: expected zero or more, came -32.83; the row was set aside."
    assert next_step


@pytest.mark.parametrize(
    ("file", "old", "new", "severity"),
    [
        ("hydrogen_batches.csv", ",smr,", ",alchemy,", "warning"),
        ("vehicles.csv", ",2016,", ",2020,", "blocking"),
        ("legs.csv", ",sea,", ",air,", "blocking"),
        ("legs.csv", ",253.5,sfd", ",253.5,odometer", "blocking"),
    ],
)
def test_an_unknown_word_is_a_finding_and_its_row_is_kept(
    small: Any, file: str, old: str, new: str, severity: str
) -> None:
    dataset = small.change(file, old, new)
    finding = _only_finding(dataset)
    facts, _ = read_trial_facts(dataset)

    assert ("value.unknown", severity) == (finding.check, severity_of(finding))
    assert [1, 1, 2] == [len(facts.hydrogen_batches), len(facts.vehicles), len(facts.legs)]


@pytest.mark.parametrize(
    ("file", "old", "column", "severity"),
    [
        ("legs.csv", ",253.5,", "transport_distance_km", "blocking"),
        ("legs.csv", ",0.0081,", "intensity_wtw_kgco2e_per_tkm", "blocking"),
        ("hydrogen_batches.csv", ",2.186,", "intensity_kgco2e_per_kg", "blocking"),
        ("vehicles.csv", ",3080,", "tank_volume_l", "blocking"),
        ("vehicles.csv", ",book,", "comparable_diesel_source", "info"),
        ("hydrogen_deliveries.csv", ",101.6,", "trailer_diesel_l", "blocking"),
        ("station_energy.csv", ",217.7,", "electricity_kwh", "blocking"),
    ],
)
def test_a_missing_value_that_something_needs_is_a_finding_and_its_row_is_kept(
    small: Any, file: str, old: str, column: str, severity: str
) -> None:
    dataset = small.change(file, old, ",,")
    finding = _only_finding(dataset)
    facts, _ = read_trial_facts(dataset)

    assert ("value.missing", column, severity) == (finding.check, finding.params["column"], severity_of(finding))
    assert [1, 1, 2] == [len(facts.hydrogen_batches), len(facts.vehicles), len(facts.legs)]


def test_a_road_leg_without_truck_and_without_intensity_lacks_its_truck(small: Any, vin: str) -> None:
    finding = _only_finding(small.change("legs.csv", vin, ""))

    assert ("value.missing", "vin", 1) == (finding.check, finding.params["column"], finding.row)


def test_a_road_leg_that_another_carrier_ran_needs_no_truck(small: Any) -> None:
    row = "L3,C1,3,road,,S1,S2,2026-03-10T07:00:00+08:00,2026-03-10T11:00:00+08:00,20.0,sfd,0.1,0.08"
    _, findings = read_trial_facts(small.add_row("legs.csv", row))

    assert findings == []


@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("vehicles.csv", "100.0"),
        ("consignments.csv", "LHXU1590017"),
        ("consignments.csv", "bolts"),
        ("hydrogen_batches.csv", "gas"),
        ("refuellings.csv", "M1"),
        ("sites.csv", "Chongqing"),
    ],
)
def test_a_missing_optional_value_is_no_finding(small: Any, file: str, old: str) -> None:
    _, findings = read_trial_facts(small.change(file, f",{old}", ","))

    assert findings == []


def test_hydrogen_on_board_without_a_batch_is_of_unknown_origin(small: Any, vin: str) -> None:
    finding = _only_finding(small.change("tank_opening.csv", ",B1", ","))

    assert ("custody.unknown-origin", 1, vin, "52.470") == (
        finding.check,
        finding.row,
        finding.vin,
        finding.params["mass_kg"],
    )


def test_a_key_that_stands_twice_keeps_the_first_row(small: Any) -> None:
    dataset = small.add_row("parties.csv", "P1,乙,B,carrier,CN")
    finding = _only_finding(dataset)
    facts, _ = read_trial_facts(dataset)

    assert ("table.duplicate-key", 2, "1", "blocking") == (
        finding.check,
        finding.row,
        finding.params["first_row"],
        severity_of(finding),
    )
    assert ["甲"] == [party.name_zh for party in facts.parties]


def test_a_row_that_stands_twice_is_a_warning(small: Any) -> None:
    finding = _only_finding(small.add_row("parties.csv", "P1,甲,A,carrier,CN"))

    assert ("table.duplicate-key", "warning") == (finding.check, severity_of(finding))


def test_two_legs_of_one_consignment_cannot_share_a_place_in_the_chain(small: Any) -> None:
    finding = _only_finding(small.change("legs.csv", "L2,C1,2", "L2,C1,1"))

    assert ("table.duplicate-key", "C1, 1") == (finding.check, finding.params["key"])


@pytest.mark.parametrize(
    ("file", "change", "severity", "rows_kept"),
    [
        ("legs.csv", ("L1,C1,", "L1,C9,"), "blocking", 1),
        ("legs.csv", (",S1,S2,", ",S9,S2,"), "blocking", 2),
        ("refuellings.csv", ("LTESTHYDR0GEN0001", "LTESTHYDR0GEN0009"), "warning", 1),
        ("refuellings.csv", (",S2,", ",S9,"), "blocking", 1),
        ("refuellings.csv", (",M1,", ",M9,"), "warning", 1),
        ("hydrogen_deliveries.csv", (",B1,", ",B9,"), "blocking", 1),
        ("hydrogen_deliveries.csv", (",S2,", ",S9,"), "blocking", 0),
        ("tank_opening.csv", (",B1", ",B9"), "blocking", 1),
        ("vehicles.csv", (",P1,", ",P9,"), "warning", 1),
        ("seals.csv", (",P1", ",P9"), "warning", 1),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_finding(
    small: Any, file: str, change: tuple[str, str], severity: str, rows_kept: int
) -> None:
    dataset = small.change(file, *change)
    finding = _only_finding(dataset)
    facts, _ = read_trial_facts(dataset)
    table = next(table for table in list_tables() if table.file == file)

    assert ("table.unknown-reference", severity) == (finding.check, severity_of(finding))
    assert rows_kept == len(getattr(facts, table.facts))


def test_a_reference_to_a_row_that_was_set_aside_says_so(small: Any) -> None:
    facts, findings = read_trial_facts(small.change("consignments.csv", ",10400,", ",-10400,"))

    assert [("value.negative", "consignments.csv", 1, None), ("table.reference-set-aside", "legs.csv", 1, None)] == [
        (findings[0].check, findings[0].file, findings[0].row, findings[0].last_row),
        (findings[1].check, findings[1].file, findings[1].row, findings[1].last_row),
    ]
    assert ((), ()) == (facts.consignments, facts.legs)


@pytest.mark.parametrize(("file", "severity"), [(table.file, table.absent) for table in list_tables()])
def test_an_absent_file_is_a_finding_that_names_what_needs_it(small: Any, file: str, severity: str) -> None:
    del small.files[file]
    finding = _only_finding_of(small, "table.file-absent")

    assert (file, severity) == (finding.file, severity_of(finding))
    assert list_terms()[finding.params["needed_by"][1:]].zh in describe(finding, "zh")[0]


def _only_finding_of(dataset: Any, check: str) -> Finding:
    _, findings = read_trial_facts(dataset)
    found = [finding for finding in findings if finding.check == check]

    assert len(found) == 1
    return found[0]


def test_unknown_columns_are_reported_once_a_file(small: Any) -> None:
    small.change("parties.csv", "country\n", "country,phone,fax\n").change("parties.csv", ",CN\n", ",CN,1,2\n")
    finding = _only_finding(small.add_row("parties.csv", "P2,乙,B,shipper,CN,3,4"))

    assert ("table.unknown-columns", "phone, fax", "info") == (
        finding.check,
        finding.params["columns"],
        severity_of(finding),
    )


def test_unknown_files_are_reported_once(small: Any) -> None:
    small.files |= {"notes.txt": b"", "more.csv": b"", "telemetry/x/y.csv.gz": b""}
    finding = _only_finding(small)

    assert ("table.unknown-file", "2") == (finding.check, finding.params["count"])


def test_a_blank_row_counts_and_is_passed_over(small: Any) -> None:
    dataset = small.add_row("parties.csv", "").add_row("parties.csv", "P2,乙,B,shipper,CN")
    facts, findings = read_trial_facts(dataset)

    assert [("table.blank-row", 2)] == [(finding.check, finding.row) for finding in findings]
    assert [1, 3] == [party.row for party in facts.parties]


def test_neighbouring_rows_with_one_fault_are_one_finding(small: Any) -> None:
    for day in range(3, 6):
        small.add_row("station_energy.csv", f"S2,2026-03-0{day},,Chongqing")
    finding = _only_finding(small)

    assert ("value.missing", 2, 4) == (finding.check, finding.row, finding.last_row)


def test_of_a_table_full_of_faults_only_so_many_findings_are_ever_held() -> None:
    table = next(each for each in list_tables() if each.file == "station_energy.csv")
    found = read_table(table, b"station_id,day,electricity_kwh,grid_region\n" + b"one cell\n\n" * 3_000).findings
    more = [(each.params["check"], each.params["count"]) for each in found if each.check == "table.more-of-the-same"]

    assert [("table.wrong-cell-count", "2000"), ("table.blank-row", "2000")] == more
    assert 2 * (FINDINGS_OF_ONE_CHECK_MAX + 1) == len(found)


def test_an_operator_that_is_no_party_is_a_finding(small: Any) -> None:
    finding = _only_finding(small.change("trial.toml", 'party_id = "P1"', 'party_id = "P9"'))

    assert ("table.unknown-reference", "trial.toml") == (finding.check, finding.file)


def test_a_vin_that_no_frame_can_carry_is_a_finding(small: Any, vin: str) -> None:
    for file in ("vehicles.csv", "tank_opening.csv", "refuellings.csv", "legs.csv"):
        small.change(file, vin, "TRUCK-1")

    assert _only_finding(small).check == "value.odd-vin"


@pytest.mark.parametrize("trial", ["first-run", "rehearsal"])
def test_the_trials_read_without_a_finding_above_info_but_those_they_were_given(trials_dir: Path, trial: str) -> None:
    dataset = DatasetFolder(trials_dir / trial)
    facts, findings = read_trial_facts(dataset)
    telemetry, path_findings = list_telemetry_paths(dataset.list_paths())
    above_info = [(each.check, each.file, each.row) for each in findings if severity_of(each) != "info"]
    expected = {"first-run": [], "rehearsal": [("custody.unknown-origin", "tank_opening.csv", 6)]}

    assert expected[trial] == above_info
    assert (trial, []) == (facts.trial.trial_id, path_findings)
    assert {"first-run": 1, "rehearsal": 13}[trial] == len(telemetry)
    assert not any(path.startswith("truth/") for path in dataset.list_paths())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_bytes_there_are_facts_and_findings_or_an_input_error(small: Any, data: st.DataObject) -> None:
    small = type(small)()
    file = data.draw(st.sampled_from(sorted(small.files)))
    content = bytearray(small.files[file])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        junk = data.draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b'"', b"\r", b"\n", b",", b"\0", b"-", b"9" * 30]))
        )
        content[place : place + data.draw(st.integers(0, 6))] = junk
    small.files[file] = bytes(content)
    try:
        _, findings = read_trial_facts(small)
    except InputError as error:
        assert error.about == file
        assert error.next_step
        return

    for finding in findings:
        check = get_check(finding.check)

        assert set(check.params) == set(finding.params)
        assert describe(finding, "zh") and describe(finding, "en")
