"""Trips: unfinished, of unknown distance, with a consumption that no truck has."""

from dataclasses import replace

import pytest
from made_evidence import BALANCE, TRIP, find
from made_frames import START_S, TRUCK


def test_a_trip_that_had_not_ended_names_the_file_of_its_last_day() -> None:
    found = find("activity.trip-unfinished", trip={**TRIP, "finished": 0})

    assert [(f"telemetry/{TRUCK}/2026-03-02.csv.gz", None, "2026-03-02T11:00:00+08:00")] == [
        (each.file, each.row, each.at) for each in found
    ]


def test_a_trip_of_unknown_distance_is_found() -> None:
    found = find("activity.distance-unknown", trip={**TRIP, "distance_mm": None})

    assert [{"trip_id": TRIP["trip_id"]}] == [each.params for each in found]


@pytest.mark.parametrize(
    ("used_mg", "per_100km"), [(6_240_000, "2.5"), (6_250_000, None), (62_500_000, None), (62_600_000, "25.0")]
)
def test_a_consumption_that_no_truck_has_is_found(used_mg: int, per_100km: str | None) -> None:
    found = find("hydrogen.consumption", balance=replace(BALANCE, used_mg=used_mg))
    expected = [("vehicles.csv", 4, "2026-03-02T08:00:00+08:00", {"kg_per_100km": per_100km, "distance_km": "250.0"})]

    assert expected * (per_100km is not None) == [(each.file, each.row, each.at, each.params) for each in found]


def test_a_short_or_unknown_distance_says_nothing_of_consumption() -> None:
    balance = replace(BALANCE, used_mg=100_000_000)

    assert 1 == len(find("hydrogen.consumption", balance=balance, distance_ninths_mm=50 * 9_000_000))
    assert [] == find("hydrogen.consumption", balance=balance, distance_ninths_mm=50 * 9_000_000 - 1)
    assert [] == find("hydrogen.consumption", balance=balance, distance_unknown=1)
    assert [] == find("hydrogen.consumption", balance=balance, stall=START_S + 60)
