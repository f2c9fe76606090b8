"""Legs: trucks elsewhere, two trucks, one leg before another, distances beside what was driven."""

from dataclasses import replace

import pytest
from made_evidence import HOUR_MS, HOUR_S, SERVICE, START_MS, TRIP, add, change, find
from made_frames import OTHER_TRUCK, START_S, TRUCK


@pytest.mark.parametrize("fault", ["elsewhere-at-departure", "elsewhere-at-arrival"])
def test_a_truck_that_was_elsewhere_names_the_leg(fault: str) -> None:
    service = replace(SERVICE, trip_ids=(), fault=fault)

    assert [("legs.csv", 6, TRUCK)] == [
        (each.file, each.row, each.vin) for each in find("freight.truck-elsewhere", service=service)
    ]
    assert [] == find("activity.leg-without-trip", service=service)


def test_an_arrival_beyond_the_trucks_data_says_nothing_of_elsewhere() -> None:
    leg = replace(SERVICE.leg, arrived_at_s=SERVICE.leg.arrived_at_s + 9 * HOUR_S)
    service = replace(SERVICE, leg=leg, trip_ids=(), fault="elsewhere-at-arrival")

    assert [] == find("freight.truck-elsewhere", service=service)
    assert [6] == [each.row for each in find("activity.leg-without-trip", service=service)]


def test_a_truck_that_sent_nothing_at_the_departure_was_not_elsewhere() -> None:
    service = replace(SERVICE, trip_ids=(), fault="elsewhere-at-departure")
    silence = (START_S - 60, START_S + 600)

    assert [] == find("freight.truck-elsewhere", service=service, silence=silence)
    assert [6] == [each.row for each in find("activity.leg-without-trip", service=service, silence=silence)]


@pytest.mark.parametrize("fault", ["no-data", "not-moving"])
def test_a_leg_that_no_trip_serves_is_found(fault: str) -> None:
    service = replace(SERVICE, trip_ids=(), fault=fault)

    assert [6] == [each.row for each in find("activity.leg-without-trip", service=service)]


def test_a_consignment_on_two_trucks_at_once_names_the_later_row() -> None:
    facts = add("legs", row=8, leg_id="L2", vin=OTHER_TRUCK, sequence=1)
    params = {"leg_id": "L2", "consignment_id": "C1", "other_leg_id": "L1", "other_vin": TRUCK}

    assert [("legs.csv", 8, OTHER_TRUCK, params)] == [
        (each.file, each.row, each.vin, each.params) for each in find("leg.two-trucks", facts)
    ]
    assert [] == find("leg.before-forerunner", facts)


def test_a_consignment_that_changes_trucks_is_good() -> None:
    after_ms = START_MS + 3 * HOUR_MS
    later = {"departed_at_ms": after_ms, "arrived_at_ms": after_ms + HOUR_MS}
    facts = add("legs", row=8, leg_id="L2", vin=OTHER_TRUCK, sequence=2, **later)

    assert [] == find("leg.two-trucks", facts)
    assert [] == find("leg.before-forerunner", facts)


def test_a_leg_that_departs_before_the_one_before_it_arrived_is_found() -> None:
    facts = add("legs", row=8, leg_id="L2", vin=None, mode="sea", sequence=2, departed_at_ms=START_MS + 3 * HOUR_MS - 1)

    assert [("legs.csv", 8, {"leg_id": "L2", "other_leg_id": "L1"})] == [
        (each.file, each.row, each.params) for each in find("leg.before-forerunner", facts)
    ]


def test_a_distance_longer_than_driven_is_found_beyond_its_tolerance() -> None:
    found = find("leg.longer-than-driven", change("legs", transport_distance_m=259_501))

    assert [(6, {"leg_id": "L1", "transport_km": "259.501", "driven_km": "250.000"})] == [
        (each.row, each.params) for each in found
    ]
    assert [] == find("leg.longer-than-driven", change("legs", transport_distance_m=259_500))


def test_a_distance_that_was_not_counted_is_not_compared() -> None:
    facts = change("legs", transport_distance_m=300_000)

    assert [] == find("leg.longer-than-driven", facts, stall=START_S + 60)
    assert 1 == len(find("leg.longer-than-driven", facts, stall=START_S - 60))


def test_a_detour_is_found_beyond_its_tolerance() -> None:
    found = find("leg.detour", change("legs", transport_distance_m=188_461))

    assert [(6, {"leg_id": "L1", "transport_km": "188.461", "driven_km": "250.000"})] == [
        (each.row, each.params) for each in found
    ]
    assert [] == find("leg.detour", change("legs", transport_distance_m=188_462))


def test_a_leg_of_several_trips_is_no_detour() -> None:
    service = replace(SERVICE, trip_ids=SERVICE.trip_ids * 2)

    assert [] == find("leg.detour", change("legs", transport_distance_m=100_000), service=service)


@pytest.mark.parametrize("code", ["leg.longer-than-driven", "leg.detour"])
def test_what_nobody_knows_is_not_compared(code: str) -> None:
    assert [] == find(code, change("legs", transport_distance_m=None))
    assert [] == find(code, change("legs", transport_distance_m=1), trip={**TRIP, "distance_mm": None})
