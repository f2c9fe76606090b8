"""Rounds with their trips, hydrogen and transport activity."""

from dataclasses import replace

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from made_trial import FACTS, KG, OUT_AND_BACK, TRUCK, leg, outcome

from h2corridor.app.operations import Operation, TripHydrogen, road_operations, trip_shares_mg, truck_hydrogen

FIRST, SECOND = f"{TRUCK}-0001", f"{TRUCK}-0002"


def _operation(**values: object) -> Operation:
    (operation,) = road_operations(FACTS, outcome())
    return replace(operation, **values)  # type: ignore[arg-type]  # each test names the fields it sets


def test_a_round_has_all_its_trips_their_hydrogen_and_the_activity_of_its_legs() -> None:
    operation = _operation()

    assert [FIRST, SECOND] == list(operation.hydrogen)
    assert [12 * KG, 10 * KG] == [each.mass_mg for each in operation.hydrogen.values()]
    assert {"L1": 20_000_000 * 253_500, "L2": 5_000_000 * 253_500} == operation.activity_g_m
    assert {FIRST} == operation.loaded
    assert operation.computable


def test_the_hydrogen_of_a_round_keeps_its_origins() -> None:
    assert {"B1@": KG, "B1@STATION": 21 * KG} == _operation().by_origin_mg()


def test_a_category_does_not_name_its_truck() -> None:
    assert "hydrogen-truck-1-round-1" == _operation().category
    assert TRUCK == _operation().vin


def test_a_leg_without_a_distance_or_a_consignment_has_no_activity() -> None:
    legs = (leg(1, "C1", transport_distance_m=None), leg(2, "UNKNOWN"))
    (operation,) = road_operations(msgspec.structs.replace(FACTS, legs=legs), outcome())

    assert {} == operation.activity_g_m
    assert not operation.computable
    assert {} == trip_shares_mg(operation, legs)


def test_a_trip_with_a_stretch_without_a_figure_has_none() -> None:
    hydrogen = truck_hydrogen(TRUCK, outcome([{"A@S": 5}, None, {"A@S": 7}], segments=[1, 1, 2]))
    operation = _operation(hydrogen=hydrogen)

    assert [None, 7] == [each.mass_mg for each in hydrogen.values()]
    assert not operation.computable
    assert [{SECOND: 6}, {SECOND: 1}] == list(trip_shares_mg(operation, FACTS.legs).values())


def test_what_was_used_while_the_truck_never_moved_belongs_to_the_trip_before_or_else_the_first() -> None:
    idle = outcome([{"A@S": 5}, {"A@S": 7}, {"A@S": 11}, {"A@S": 13}], segments=[0, 1, 2, 3])

    assert [12, 24] == [each.mass_mg for each in truck_hydrogen(TRUCK, idle).values()]


def test_a_round_without_hydrogen_cannot_be_computed() -> None:
    assert not _operation(hydrogen={FIRST: TripHydrogen(mass_mg=0, by_origin={})}).computable


def test_shares_are_by_transport_activity_empty_return_included() -> None:
    shares = trip_shares_mg(_operation(), FACTS.legs)

    assert {"C1": {FIRST: 9_600_000, SECOND: 8 * KG}, "C2": {FIRST: 2_400_000, SECOND: 2 * KG}} == shares
    assert [12 * KG, 10 * KG] == [sum(origins.values()) for origins in OUT_AND_BACK if origins]


@settings(max_examples=60, deadline=None)
@given(
    masses=st.lists(st.integers(0, 80 * KG), min_size=1, max_size=5),
    activities=st.lists(st.integers(1, 10**13), min_size=1, max_size=5),
)
def test_the_shares_of_a_trip_sum_exactly_to_it(masses: list[int], activities: list[int]) -> None:
    operation = _operation(
        round=replace(_operation().round, leg_ids=tuple(f"L{n}" for n in range(len(activities)))),
        hydrogen={f"t{n}": TripHydrogen(mass_mg=mass, by_origin={}) for n, mass in enumerate(masses)},
        activity_g_m={f"L{n}": activity for n, activity in enumerate(activities)},
    )
    legs = [leg(n, f"C{n % 3}") for n in range(len(activities))]
    shares = trip_shares_mg(operation, legs)

    assert masses == [sum(share[f"t{n}"] for share in shares.values()) for n in range(len(masses))]
