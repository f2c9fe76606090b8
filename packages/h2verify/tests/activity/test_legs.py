"""Which trips served a leg."""

import pytest
from h2verify.activity.legs import LegService, serve_legs, transport_activity_g_m
from h2verify.activity.values import RoadLeg, Stand
from made_activity import HUB, NOWHERE, PORT, SITES, STATION, TRUCK, Row, leg, silence, stand, trip

HOUR = 3600
STANDS = [
    stand(0, 0, HOUR, "HUB", HUB),
    stand(1, 5 * HOUR, 6 * HOUR, "PORT", PORT),
    stand(2, 10 * HOUR, 11 * HOUR, "HUB", HUB),
]
TRIPS = [trip(1, "HUB", "PORT"), trip(2, "PORT", "HUB")]


def _serve(wanted: RoadLeg, trips: list[Row] = TRIPS, stands: list[Stand] = STANDS) -> LegService:
    (service,) = serve_legs([wanted], trips, stands, SITES)
    return service


def test_a_leg_is_served_by_the_trip_between_its_departure_and_its_arrival() -> None:
    assert ((f"{TRUCK}-0001",), None) == _outcome(_serve(leg("L1", HOUR, 5 * HOUR)))
    assert ((f"{TRUCK}-0002",), None) == _outcome(_serve(leg("L2", 6 * HOUR, 10 * HOUR, "PORT", "HUB")))


def _outcome(service: LegService) -> tuple[tuple[str, ...], str | None]:
    return service.trip_ids, service.fault


def test_a_leg_over_two_trips_is_served_by_both() -> None:
    stands = [STANDS[0], stand(1, 3 * HOUR, 4 * HOUR, "STATION", STATION), stand(2, 6 * HOUR, 7 * HOUR, "PORT", PORT)]
    service = _serve(leg("L1", HOUR, 6 * HOUR), stands=stands)

    assert (f"{TRUCK}-0001", f"{TRUCK}-0002") == service.trip_ids


@pytest.mark.parametrize(("late", "fault"), [(1800, None), (1801, "elsewhere-at-departure")])
def test_a_truck_that_left_more_than_half_an_hour_off_was_elsewhere(late: int, fault: str | None) -> None:
    assert fault == _serve(leg("L1", HOUR + late, 5 * HOUR)).fault


def test_a_truck_that_stood_elsewhere_at_departure_or_arrival_did_not_serve_the_leg() -> None:
    assert "elsewhere-at-departure" == _serve(leg("L1", HOUR, 5 * HOUR, "PORT", "PORT")).fault
    assert "elsewhere-at-arrival" == _serve(leg("L1", HOUR, 5 * HOUR, "HUB", "STATION")).fault
    assert "elsewhere-at-departure" == _serve(leg("L1", HOUR, 5 * HOUR, "NOT-A-SITE", "PORT")).fault


def test_a_stand_without_a_position_is_believed_by_its_time() -> None:
    blind = [STANDS[0], stand(1, 5 * HOUR, 6 * HOUR, None, None), STANDS[2]]
    lost = [STANDS[0], stand(1, 5 * HOUR, 6 * HOUR, None, NOWHERE), STANDS[2]]

    assert _serve(leg("L1", HOUR, 5 * HOUR), stands=blind).fault is None
    assert "elsewhere-at-arrival" == _serve(leg("L1", HOUR, 5 * HOUR), stands=lost).fault


def test_a_truck_without_data_or_without_a_trip_between_serves_nothing() -> None:
    assert "no-data" == _serve(leg("L1", HOUR, 5 * HOUR), trips=[]).fault
    assert "no-data" == _serve(leg("L1", HOUR, 5 * HOUR), stands=[]).fault
    assert "not-moving" == _serve(leg("L1", HOUR, 5 * HOUR), trips=TRIPS[1:]).fault


@pytest.mark.parametrize(("seconds", "fault"), [(599, "elsewhere-at-arrival"), (600, "no-data")])
def test_a_leg_that_falls_into_a_long_silence_is_not_said_to_be_elsewhere(seconds: int, fault: str) -> None:
    quiet = [silence(5 * HOUR - 60, 5 * HOUR - 60 + seconds)]
    (hidden,) = serve_legs([leg("L1", HOUR, 5 * HOUR, "HUB", "STATION")], TRIPS, STANDS, SITES, quiet)

    assert fault == hidden.fault


def test_a_leg_that_falls_beyond_the_data_is_not_said_to_be_elsewhere() -> None:
    assert "no-data" == _serve(leg("L1", HOUR, 40 * HOUR, "HUB", "STATION")).fault


def test_where_data_end_on_the_way_nobody_knows_whether_the_truck_arrived() -> None:
    under_way = leg("L1", HOUR, 5 * HOUR + 900)

    assert "no-data" == _serve(under_way, trips=TRIPS[:1], stands=STANDS[:1]).fault
    assert "elsewhere-at-arrival" == _serve(leg("L1", HOUR, 4 * HOUR), trips=TRIPS[:1], stands=STANDS[:1]).fault


def test_transport_activity_is_mass_times_transport_distance() -> None:
    assert 24_500_000 * 253_500 == transport_activity_g_m(24_500_000, 253_500)
