"""From frames to trips in one go."""

import pytest
from h2verify.activity import Outcome, Papers, run_reference
from h2verify.activity.values import RecordedFill, RoadLeg
from h2verify.hydrogen import tank_mass_mg
from made_activity import (
    HUB,
    KG,
    NOWHERE,
    PORT,
    SITES,
    STATION,
    T0,
    TANK_ML,
    TRUCK,
    TRUCKS,
    Drive,
    Place,
    leg,
    recorded,
)

FAR_FROM_THE_HUB = (HUB[0], HUB[1] + 9_100)


def _outcome(drive: Drive, legs: tuple[RoadLeg, ...] = (), fills: tuple[RecordedFill, ...] = ()) -> Outcome:
    papers = Papers(
        trucks=TRUCKS,
        sites=SITES,
        legs=legs,
        fills=fills,
        deliveries=[],
        opening_stock_mg={},
        tank_opening={TRUCK: {"OLD@": 60 * KG}},
        period_start_s=T0,
        period_end_s=T0 + 86_400,
    )
    return run_reference(drive.frames, papers)[2]


def _ways(outcome: Outcome) -> list[tuple[str | None, str | None]]:
    return [(trip["origin_site"], trip["destination_site"]) for trip in outcome.trips]


@pytest.mark.parametrize(
    ("seconds", "place", "trips"),
    [(590, PORT, 2), (589, PORT, 1), (7200, FAR_FROM_THE_HUB, 1), (7200, NOWHERE, 1), (600, STATION, 2)],
)
def test_a_trip_is_cut_by_ten_minutes_at_a_site_and_by_nothing_less(seconds: int, place: Place, trips: int) -> None:
    """The stand lasts until the next reading, ten seconds after the last one at rest, when that is still in place."""
    drive = Drive().stay(1200).go(place).stay(seconds).go(HUB).stay(1200)

    assert trips == len(_outcome(drive).trips)


def test_a_fill_a_queue_and_a_night_inside_a_leg_leave_one_trip() -> None:
    drive = Drive().stay(1200).go(STATION).stay(1800, fill_to_kpa=35_000).go(NOWHERE).stay(7200).go(PORT).stay(1200)
    service_leg = leg("L1", 1200, 1200 + 3 * 3600 + 9000)
    outcome = _outcome(drive, legs=(service_leg,))

    assert [("HUB", "PORT")] == _ways(outcome)
    assert [((f"{TRUCK}-0001",), None)] == [(each.trip_ids, each.fault) for each in outcome.services]
    assert [("HUB", "STATION"), ("STATION", "PORT")] == _ways(_outcome(drive))


def test_a_round_trip_has_its_distance_its_round_and_hydrogen_that_sums_to_its_spans() -> None:
    drive = Drive().stay(1200).go(PORT).stay(1200).go(HUB).stay(1200)
    outcome = _outcome(drive, legs=(leg("L1", 1200, 4800),))

    assert [("HUB", "PORT"), ("PORT", "HUB")] == _ways(outcome)
    assert [72_000_000, 72_000_000] == [trip["distance_mm"] for trip in outcome.trips]
    assert [(True, ("L1",))] == [(each.closed, each.leg_ids) for each in outcome.rounds]
    used = sum(balance.used_mg or 0 for truck in outcome.reconciliations for balance in truck.balances)
    assert used == sum(mass for span in outcome.hydrogen for _, mass in span.by_origin)
    assert used > 0


def test_a_booked_fill_cuts_a_window_and_not_a_trip() -> None:
    drive = Drive(kpa=10_000).stay(1200).go(STATION).stay(1800, fill_to_kpa=30_000).go(PORT).stay(1200)
    rise_mg = tank_mass_mg(30_000, 150, TANK_ML) - tank_mass_mg(10_000, 150, TANK_ML)
    outcome = _outcome(drive, (leg("L1", 1200, 1200 + 7200 + 1800),), (recorded("F1", 5000, 6000, rise_mg),))
    (truck,) = outcome.reconciliations

    assert [("HUB", "PORT")] == _ways(outcome)
    assert [None, "confirmed"] == [each.window.fill and each.window.fill.agreement for each in truck.balances]
    assert [0, rise_mg] == [each.window.booked_mg for each in truck.balances]


def test_a_truck_that_never_moved_has_no_trip() -> None:
    outcome = _outcome(Drive().stay(7200))

    assert ([], []) == (list(outcome.trips), list(outcome.rounds))
