"""Trips gathered into rounds."""

from h2verify.activity.legs import LegService
from h2verify.activity.rounds import Round, rounds_of
from hypothesis import given, settings
from hypothesis import strategies as st
from made_activity import Row, leg, trip


def _trips(*sites: str | None) -> list[Row]:
    """The trips that lead through these sites in order."""
    return [trip(number, *sites[number - 1 : number + 1]) for number in range(1, len(sites))]


def _served(leg_id: str, *trips: Row) -> LegService:
    return LegService(leg=leg(leg_id, 0, 0), trip_ids=tuple(each["trip_id"] for each in trips), fault=None)


def _shape(rounds: list[Round]) -> list[tuple[list[int], tuple[str, ...], bool]]:
    return [([each["trip_no"] for each in found.trips], found.leg_ids, found.closed) for found in rounds]


def test_trips_that_come_back_to_where_they_began_are_a_closed_round() -> None:
    trips = _trips("HUB", "PORT", "HUB", "CITY", "HUB")
    rounds = rounds_of(trips, [_served("L1", trips[0]), _served("L2", trips[3])])

    assert [([1, 2], ("L1",), True), ([3, 4], ("L2",), True)] == _shape(rounds)
    assert [1, 2] == [each.round_no for each in rounds]


def test_trips_that_never_come_back_are_an_open_round() -> None:
    trips = _trips("HUB", "PORT", "CITY")
    rounds = rounds_of(trips, [_served("L1", trips[0])])

    assert [([1, 2], ("L1",), False)] == _shape(rounds)


def test_a_trip_to_or_from_nobody_knows_where_closes_nothing() -> None:
    trips = _trips(None, "PORT", None)

    assert [([1, 2], ("L1",), False)] == _shape(rounds_of(trips, [_served("L1", trips[0])]))


def test_an_empty_round_belongs_to_the_loaded_one_before_it() -> None:
    trips = _trips("HUB", "PORT", "HUB", "STATION", "HUB")
    rounds = rounds_of(trips, [_served("L1", trips[0])])

    assert [([1, 2, 3, 4], ("L1",), True)] == _shape(rounds)


def test_an_empty_round_before_any_loaded_one_belongs_to_the_next() -> None:
    trips = _trips("HUB", "STATION", "HUB", "PORT", "HUB")
    rounds = rounds_of(trips, [_served("L1", trips[2])])

    assert [([1, 2, 3, 4], ("L1",), True)] == _shape(rounds)


def test_rounds_that_one_leg_runs_through_are_one() -> None:
    trips = _trips("HUB", "PORT", "HUB", "CITY", "HUB")
    rounds = rounds_of(trips, [_served("L1", *trips[:3])])

    assert [([1, 2, 3, 4], ("L1",), True)] == _shape(rounds)


def test_the_inner_loop_of_a_longer_way_is_a_round_of_its_own() -> None:
    trips = _trips("HUB", "PORT", "CITY", "PORT", "HUB")
    rounds = rounds_of(trips, [_served("L1", trips[0]), _served("L2", trips[1])])

    assert [([1, 4], ("L1",), True), ([2, 3], ("L2",), True)] == _shape(rounds)


def test_a_truck_that_carried_nothing_has_one_open_round_without_legs() -> None:
    assert [([1, 2], (), False)] == _shape(rounds_of(_trips("HUB", "PORT", "HUB"), []))


SITES = st.lists(st.sampled_from(["A", "B", "C", "D", None]), min_size=2, max_size=12)


@settings(max_examples=150, deadline=None)
@given(sites=SITES, starts=st.lists(st.tuples(st.integers(0, 11), st.integers(1, 3)), max_size=4))
def test_rounds_take_every_trip_once_and_every_leg_whole(
    sites: list[str | None], starts: list[tuple[int, int]]
) -> None:
    trips = _trips(*sites)
    services = [
        _served(f"L{number}", *trips[start : start + length])
        for number, (start, length) in enumerate(starts)
        if start < len(trips)
    ]
    rounds = rounds_of(trips, services)
    taken = [each["trip_id"] for found in rounds for each in found.trips]

    assert sorted(each["trip_id"] for each in trips) == sorted(taken)
    assert sorted(service.leg.leg_id for service in services) == sorted(i for found in rounds for i in found.leg_ids)
    for service in services:
        (home,) = [found for found in rounds if service.leg.leg_id in found.leg_ids]
        assert {each["trip_id"] for each in home.trips} >= set(service.trip_ids)
    assert all(found.leg_ids for found in rounds) or not services
