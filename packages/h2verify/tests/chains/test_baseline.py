"""What a diesel truck would have driven: same loads, same directions, no detours for hydrogen."""

from itertools import pairwise
from typing import Any

import pytest
from h2verify.chains.baseline import Distances, baseline_distance_mm, station_pairs
from h2verify.errors import BundleError
from h2verify.geodesy import great_circle_mm
from hypothesis import given, settings
from hypothesis import strategies as st

Row = dict[str, Any]
KM = 1_000_000
PLACES = {"HUB": (106_320_000, 29_600_000), "PORT": (106_915_000, 27_674_000), "CITY": (106_700_000, 26_600_000)}
STATIONS = {"S1": (106_707_580, 28_738_890), "S2": (106_400_000, 29_500_000)}


def _distances(trips: list[Row], *legs: tuple[str, str, int]) -> Distances:
    """The least distances of legs and trips, and the great circle between all sites of the two."""
    transport: dict[frozenset[str], int] = {}
    for origin, destination, metres in legs:
        transport[frozenset((origin, destination))] = metres * 1000
    driven: dict[frozenset[str], int] = {}
    for trip in trips:
        ends, length_mm = (trip["origin_site"], trip["destination_site"]), trip["distance_mm"]
        if None not in (*ends, length_mm):
            driven[frozenset(ends)] = min(driven.get(frozenset(ends), length_mm), length_mm)
    places = PLACES | STATIONS
    straight = {
        frozenset((one, other)): great_circle_mm(*places[one], *places[other]) for one in places for other in places
    }
    return Distances(transport_mm=transport, driven_mm=driven, straight_mm=straight)


def _trips(*ways: tuple[str | None, str | None, int | None]) -> list[Row]:
    """Trips in order, their distances in kilometres; trip n has the id `tn`."""
    return [
        {
            "trip_id": f"t{number}",
            "origin_site": origin,
            "destination_site": destination,
            "distance_mm": None if km is None else km * KM,
        }
        for number, (origin, destination, km) in enumerate(ways, start=1)
    ]


def _baseline_km(trips: list[Row], loaded: set[str], *legs: tuple[str, str, int]) -> float | None:
    length = baseline_distance_mm(trips, frozenset(loaded), _distances(trips, *legs), STATIONS.__contains__)
    return None if length is None else length / KM


ROUND_TRIP = (("HUB", "PORT", 262), ("PORT", "HUB", 259))


def test_loaded_and_empty_trips_take_the_transport_distance_either_way() -> None:
    assert 2 * 253.5 == _baseline_km(_trips(*ROUND_TRIP), {"t1"}, ("HUB", "PORT", 253_500))


def test_without_a_transport_distance_the_trips_count_as_driven() -> None:
    assert 262 + 259 == _baseline_km(_trips(*ROUND_TRIP), {"t1"})


def test_a_detour_that_only_fills_the_tank_counts_nothing() -> None:
    detour = _trips(("HUB", "S2", 14), ("S2", "HUB", 15), *ROUND_TRIP)

    assert 262 + 259 == _baseline_km(detour, {"t3"})


def test_a_way_to_a_station_that_the_data_ends_or_begins_with_counts_nothing() -> None:
    assert 262 == _baseline_km(_trips(("HUB", "PORT", 262), ("PORT", "S1", 120)), {"t1"})
    assert 262 == _baseline_km(_trips(("S2", "HUB", 15), ("HUB", "PORT", 262)), {"t2"})
    assert 262 == _baseline_km(_trips((None, "S2", 15), ("S2", "HUB", 15), ("HUB", "PORT", 262)), {"t3"})


def test_an_empty_way_through_a_station_takes_the_transport_distance_of_its_ends() -> None:
    trips = _trips(("HUB", "PORT", 262), ("PORT", "S1", 140), ("S1", "HUB", 150))

    assert 2 * 253.5 == _baseline_km(trips, {"t1"}, ("HUB", "PORT", 253_500))


def test_an_empty_way_through_two_stations_is_one() -> None:
    trips = _trips(("HUB", "PORT", 262), ("PORT", "S1", 140), ("S1", "S2", 130), ("S2", "HUB", 20))

    assert 2 * 253.5 == _baseline_km(trips, {"t1"}, ("HUB", "PORT", 253_500))


def test_through_a_station_without_a_transport_distance_the_shortest_way_driven_counts() -> None:
    trips = _trips(("HUB", "PORT", 262), ("PORT", "S1", 140), ("S1", "HUB", 150), ("HUB", "PORT", 260))

    assert 262 + 260 + 260 == _baseline_km(trips, {"t1", "t4"})


def test_through_a_station_over_a_pair_that_nobody_drove_the_great_circle_counts() -> None:
    trips = _trips(("HUB", "PORT", 262), ("PORT", "S1", 140), ("S1", "CITY", 240))
    straight_mm = great_circle_mm(*PLACES["PORT"], *PLACES["CITY"])

    assert 262 + straight_mm / KM == _baseline_km(trips, {"t1"})
    assert straight_mm < (140 + 240) * KM


@pytest.mark.parametrize("loaded", [{"t1"}, {"t1", "t2"}])
def test_a_loaded_trip_by_a_station_is_never_joined(loaded: set[str]) -> None:
    trips = _trips(("HUB", "S1", 130), ("S1", "PORT", 140))
    expected = 130 if loaded == {"t1"} else 270

    assert expected == _baseline_km(trips, loaded)


def test_a_loaded_trip_of_unknown_distance_leaves_no_baseline() -> None:
    trips = _trips(("HUB", "PORT", None), ("PORT", "HUB", 259))

    assert _baseline_km(_trips((None, "PORT", None), ("PORT", "HUB", 259)), {"t1"}) is None
    assert _baseline_km(trips, {"t1"}) is None
    assert 2 * 253.5 == _baseline_km(trips, {"t1"}, ("HUB", "PORT", 253_500))


def test_the_pairs_that_a_baseline_asks_for_are_those_of_empty_runs_by_way_of_a_station() -> None:
    trips = _trips(("HUB", "PORT", 262), ("PORT", "S1", 140), ("S1", "CITY", 240), ("CITY", "S2", 9))

    assert {frozenset(("PORT", "CITY"))} == station_pairs(trips, frozenset({"t1"}), STATIONS.__contains__)


def test_a_distance_that_is_asked_for_and_not_there_is_refused() -> None:
    trips = _trips(("HUB", "PORT", 262), ("PORT", "S1", 140), ("S1", "CITY", 240))
    nothing = Distances(transport_mm={}, driven_mm={}, straight_mm={})

    with pytest.raises(BundleError, match=r"activity\.chain: distances"):
        baseline_distance_mm(trips, frozenset({"t1"}), nothing, STATIONS.__contains__)


WAYS = st.lists(st.sampled_from([*PLACES, *STATIONS]), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(sites=WAYS)
def test_no_stop_at_a_station_makes_an_empty_baseline_longer_than_what_was_driven(sites: list[str]) -> None:
    straight = {site: (PLACES | STATIONS)[site] for site in sites}
    trips = _trips(*((a, b, 0) for a, b in pairwise(sites)))
    for trip in trips:
        ends = straight[trip["origin_site"]], straight[trip["destination_site"]]
        trip["distance_mm"] = great_circle_mm(*ends[0], *ends[1])
    driven = sum(trip["distance_mm"] for trip in trips)
    length = baseline_distance_mm(trips, frozenset(), _distances(trips), STATIONS.__contains__)

    assert length is not None
    assert 0 <= length <= driven + len(trips)
