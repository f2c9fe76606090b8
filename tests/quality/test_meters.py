"""Dispensers' meters: certificates, places, readings."""

from typing import Any

import msgspec
import pytest
from made_evidence import HOUR_MS, START_MS, add, change, find
from made_frames import TRUCK


def test_a_fill_on_a_meter_after_its_certificate_names_the_meter_once() -> None:
    meters = change("meters", certificate_valid_until_ms=START_MS).meters
    facts = msgspec.structs.replace(add("refuellings", row=8, refuelling_id="R2"), meters=meters)
    found = find("meter.certificate-expired", facts)

    assert [("meters.csv", 1, "2026-03-02T09:00:00+08:00")] == [(each.file, each.row, each.at) for each in found]


@pytest.mark.parametrize("lacks", [{"certificate_id": None}, {"certificate_valid_until_ms": None}])
def test_a_fill_on_a_meter_without_a_certificate_names_the_meter_once(lacks: dict[str, None]) -> None:
    meters = change("meters", **lacks).meters
    facts = msgspec.structs.replace(add("refuellings", row=8, refuelling_id="R2"), meters=meters)
    found = find("meter.certificate-missing", facts)

    assert [("meters.csv", 1, "2026-03-02T09:00:00+08:00")] == [(each.file, each.row, each.at) for each in found]
    assert [] == find("meter.certificate-expired", facts)


def test_a_meter_without_a_certificate_on_which_nothing_is_booked_is_no_fault() -> None:
    facts = msgspec.structs.replace(change("meters", certificate_id=None), refuellings=())

    assert [] == find("meter.certificate-missing", facts)


def test_a_fill_on_a_meter_of_another_station_is_found() -> None:
    params = {"refuelling_id": "R1", "meter_id": "M1", "stands_at": "H3", "station_id": "H2"}

    assert [("refuellings.csv", 7, TRUCK, params)] == [
        (each.file, each.row, each.vin, each.params)
        for each in find("meter.other-station", change("meters", site_id="H3"))
    ]
    assert [] == find("meter.other-station", change("refuellings", meter_id=None))


@pytest.mark.parametrize(("end_mg", "is_found"), [(130_020_000, False), (130_020_001, True), (129_979_999, True)])
def test_readings_that_do_not_give_the_mass_booked_are_found(end_mg: int, is_found: bool) -> None:
    found = find("meter.mass-differs", change("refuellings", meter_end_mg=end_mg))

    assert [("refuellings.csv", 7, "30.000")] * is_found == [
        (each.file, each.row, each.params["mass_kg"]) for each in found
    ]


def test_a_meter_that_goes_back_within_a_fill_is_found_once() -> None:
    facts = change("refuellings", meter_start_mg=130_000_000, meter_end_mg=100_000_000)

    assert [(7, "130.000", "100.000")] == [
        (each.row, each.params["from_kg"], each.params["to_kg"]) for each in find("meter.backwards", facts)
    ]
    assert [] == find("meter.mass-differs", facts)


@pytest.mark.parametrize(("start_mg", "rows"), [(129_980_000, []), (129_979_999, [9])])
def test_a_fill_that_begins_below_the_one_before_it_is_found(start_mg: int, rows: list[int]) -> None:
    assert rows == [each.row for each in find("meter.backwards", _two_fills(start_mg))]


def test_readings_of_different_meters_are_not_compared() -> None:
    facts = add("refuellings", row=9, refuelling_id="R2", meter_id="M2", meter_start_mg=1_000_000, meter_end_mg=None)

    assert [] == find("meter.backwards", facts)
    assert [] == find("meter.unbooked", facts)


@pytest.mark.parametrize(("start_mg", "masses"), [(130_020_000, []), (135_000_000, ["5.000"])])
def test_what_a_meter_gave_between_fills_is_stated(start_mg: int, masses: list[str]) -> None:
    found = find("meter.unbooked", _two_fills(start_mg))

    assert masses == [each.params["mass_kg"] for each in found]
    assert {9} >= {each.row for each in found}


@pytest.mark.parametrize("wrong", [{"meter_end_mg": 180_000_000}, {"meter_start_mg": 180_000_000}])
def test_a_fill_after_one_whose_readings_are_wrong_is_no_step_back(wrong: dict[str, int]) -> None:
    facts = _two_fills(130_000_000)
    first = msgspec.structs.replace(facts.refuellings[0], **wrong)
    facts = msgspec.structs.replace(facts, refuellings=(first, facts.refuellings[1]))

    assert facts.refuellings[1].row not in {each.row for each in find("meter.backwards", facts)}


def test_a_reading_written_too_low_is_no_hydrogen() -> None:
    """The meter goes on from where it had been before the fill whose readings are wrong."""
    facts = _two_fills(20_000_000)
    last = msgspec.structs.replace(
        facts.refuellings[-1],
        row=10,
        refuelling_id="R3",
        started_at_ms=START_MS + 4 * HOUR_MS,
        meter_start_mg=140_000_000,
        meter_end_mg=150_000_000,
    )
    facts = msgspec.structs.replace(facts, refuellings=(*facts.refuellings, last))

    assert ["10.000"] == [each.params["mass_kg"] for each in find("meter.unbooked", facts)]


def _two_fills(start_mg: int) -> Any:
    later = {"started_at_ms": START_MS + 2 * HOUR_MS, "ended_at_ms": START_MS + 2 * HOUR_MS}
    mass_mg = 10_000_000
    return add(
        "refuellings", row=9, refuelling_id="R2", meter_start_mg=start_mg, meter_end_mg=start_mg + mass_mg, **later
    )
