"""Loads, containers, places, trips, hubs."""

from dataclasses import replace

import msgspec
import pytest
from made_evidence import FACTS, HOUR_S, SERVICE, TRIP, add, change, find, remove
from made_frames import START_S, TRUCK

from h2corridor.quality.containers import expected_check_digit


def test_one_consignment_beyond_the_payload_is_found() -> None:
    found = find("freight.over-payload", change("consignments", mass_g=54_020_500))

    assert [("consignments.csv", 5, TRUCK, {"mass_kg": "54020.5", "payload_kg": "30800"})] == [
        (each.file, each.row, each.vin, each.params) for each in found
    ]


def test_consignments_that_are_too_heavy_together_name_the_heaviest() -> None:
    assert [6] == [each.row for each in find("freight.over-payload", _two_consignments())]


def test_a_leg_whose_truck_was_elsewhere_loads_nothing() -> None:
    service = replace(SERVICE, trip_ids=(), fault="elsewhere-at-departure")

    assert [] == find("freight.over-payload", _two_consignments(), service=service)


def test_a_wrong_check_digit_is_found_with_the_right_one() -> None:
    found = find("freight.container-check-digit", change("consignments", container_no="CSQU3054381"))

    assert [(5, {"container_no": "CSQU3054381", "expected": "3"})] == [(each.row, each.params) for each in found]


def test_a_number_of_another_shape_has_no_check_digit() -> None:
    facts = change("consignments", container_no="CSQ-3054383")

    assert [] == find("freight.container-check-digit", facts)
    assert [5] == [each.row for each in find("freight.container-number", facts)]


@pytest.mark.parametrize(
    "number", ["CSQU305438", "CSQU30543833", "csqu3054383", "CSQU305438\u0663", "CSQU3054383\n", ""]
)
def test_only_four_letters_and_seven_digits_are_a_container_number(number: str) -> None:
    assert expected_check_digit(number) is None


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


def test_a_trip_that_had_not_ended_names_the_file_of_its_last_day() -> None:
    found = find("activity.trip-unfinished", trip={**TRIP, "finished": 0})

    assert [(f"telemetry/{TRUCK}/2026-03-02.csv.gz", None, "2026-03-02T11:00:00+08:00")] == [
        (each.file, each.row, each.at) for each in found
    ]


def test_a_trip_of_unknown_distance_is_found() -> None:
    found = find("activity.distance-unknown", trip={**TRIP, "distance_mm": None})

    assert [{"trip_id": TRIP["trip_id"]}] == [each.params for each in found]


def test_hubs_at_both_ends_without_a_row_are_stated() -> None:
    found = find("hub.no-row", remove("hub_operations"))

    assert [("HUB", "2026-03-02"), ("PORT", "2026-03-02")] == [
        (each.params["site_id"], each.params["day"]) for each in found
    ]


def test_a_hub_between_two_legs_is_met_on_the_day_of_arrival_alone() -> None:
    day_ms = 24 * HOUR_S * 1000
    leg = FACTS.legs[0]
    facts = add(
        "legs",
        leg_id="L2",
        sequence=2,
        mode="sea",
        vin=None,
        origin_site="PORT",
        departed_at_ms=leg.departed_at_ms + day_ms,
        destination_site="H2",
    )

    assert [] == find("hub.no-row", facts)


def _two_consignments() -> object:
    heavier = add("consignments", row=6, consignment_id="C2", mass_g=20_000_001)
    return msgspec.structs.replace(heavier, legs=add("legs", row=7, leg_id="L2", consignment_id="C2").legs)
