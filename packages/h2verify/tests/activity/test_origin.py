"""Stock leaves first in first out; a tank's content mixes in proportion to mass."""

import pytest
from h2verify.activity.origin import UNKNOWN, Delivery, Mix, origin_of_fills, origin_of_spans
from h2verify.activity.values import RecordedFill
from hypothesis import given, settings
from hypothesis import strategies as st
from made_activity import KG, T0, TRUCK, fill, recorded, sums, window

DAY = 86_400


def _delivery(batch: str, at: int, mass_mg: int, station: str = "STATION") -> Delivery:
    return Delivery(batch_id=batch, station_id=station, delivered_at_s=T0 + at, mass_mg=mass_mg)


def _origins(
    deliveries: list[Delivery], fills: list[RecordedFill], opening: dict[str, int] | None = None
) -> dict[str, Mix]:
    return origin_of_fills(deliveries, opening or {}, T0, fills)


def test_what_was_delivered_first_leaves_first() -> None:
    deliveries = [_delivery("B2", -DAY, 50 * KG), _delivery("B1", -2 * DAY, 30 * KG)]
    mixes = _origins(deliveries, [recorded("F2", 200, 300, 20 * KG), recorded("F1", 0, 100, 25 * KG)])

    assert {"F1": {"B1@STATION": 25 * KG}, "F2": {"B1@STATION": 5 * KG, "B2@STATION": 15 * KG}} == mixes


def test_hydrogen_that_comes_later_is_not_in_a_fill_before_it() -> None:
    mixes = _origins([_delivery("B1", 500, 50 * KG)], [recorded("F1", 0, 100, 5 * KG), recorded("F2", 600, 700, KG)])

    assert {"F1": {UNKNOWN: 5 * KG}, "F2": {"B1@STATION": KG}} == mixes


def test_what_left_before_the_period_is_not_filled_again() -> None:
    deliveries = [_delivery("OLD", -9 * DAY, 80 * KG), _delivery("NEW", -DAY, 40 * KG)]
    mixes = _origins(deliveries, [recorded("F1", 0, 100, 20 * KG)], {"STATION": 50 * KG})

    assert {"F1": {"OLD@STATION": 10 * KG, "NEW@STATION": 10 * KG}} == mixes


def test_stock_beyond_the_known_deliveries_is_of_unknown_origin_and_leaves_first() -> None:
    mixes = _origins([_delivery("B1", -DAY, 40 * KG)], [recorded("F1", 0, 100, 20 * KG)], {"STATION": 55 * KG})

    assert {"F1": {UNKNOWN: 15 * KG, "B1@STATION": 5 * KG}} == mixes


def test_a_station_draws_from_its_own_stock_alone() -> None:
    mixes = _origins([_delivery("B1", -DAY, 40 * KG, "ELSEWHERE")], [recorded("F1", 0, 100, KG)])

    assert {"F1": {UNKNOWN: KG}} == mixes


DELIVERIES = st.lists(
    st.builds(
        _delivery,
        st.sampled_from(["B1", "B2", "B3"]),
        st.integers(-3 * DAY, 3 * DAY),
        st.integers(0, 60 * KG),
        st.sampled_from(["STATION", "OTHER"]),
    ),
    max_size=6,
)
BOOKED = st.lists(st.tuples(st.integers(0, 3 * DAY), st.integers(0, 60 * KG)), max_size=6)


@settings(max_examples=100, deadline=None)
@given(deliveries=DELIVERIES, booked=BOOKED, opening=st.none() | st.integers(0, 90 * KG))
def test_a_fills_mix_sums_to_its_mass_and_no_delivery_is_drawn_beyond_what_it_brought(
    deliveries: list[Delivery], booked: list[tuple[int, int]], opening: int | None
) -> None:
    fills = [recorded(f"F{number}", at, at + 600, mass) for number, (at, mass) in enumerate(booked)]
    stock = {} if opening is None else {"STATION": opening}
    mixes = _origins(deliveries, fills, stock)

    assert {each.refuelling_id: each.mass_mg for each in fills} == {
        name: sum(mix.values()) for name, mix in mixes.items()
    }
    brought: Mix = {}
    for each in deliveries:
        origin = f"{each.batch_id}@{each.station_id}"
        brought[origin] = brought.get(origin, 0) + each.mass_mg
    for origin, mass in brought.items():
        assert sum(mix.get(origin, 0) for mix in mixes.values()) <= mass
    assert {UNKNOWN, *brought} >= {origin for mix in mixes.values() for origin in mix}
    assert all(part > 0 for mix in mixes.values() for part in mix.values())


def test_a_tank_is_used_in_the_proportions_of_its_content() -> None:
    windows = [window(0, None, None), window(1, None, None, fill(20 * KG, 20 * KG))]
    spans = [sums(0, 0, 0), sums(1, 1, 0)]
    used = {(TRUCK, 0): 10 * KG, (TRUCK, 1): 8 * KG}
    first, second = origin_of_spans(windows, spans, used, {TRUCK: {"OLD@": 30 * KG}}, {"F1": {"B1@STATION": 20 * KG}})

    assert (("OLD@", 10 * KG),) == first.by_origin
    assert (("B1@STATION", 4 * KG), ("OLD@", 4 * KG)) == second.by_origin


def test_a_rise_that_nobody_booked_is_of_unknown_origin() -> None:
    filled = window(0, None, None, fill(0, 10 * KG, "without_record", ids=()))
    (span,) = origin_of_spans([filled], [sums(0, 0, 0)], {(TRUCK, 0): 4 * KG}, {TRUCK: {"OLD@": 30 * KG}}, {})

    assert ((UNKNOWN, KG), ("OLD@", 3 * KG)) == span.by_origin


def test_a_tank_that_nothing_is_known_of_gives_unknown_origin() -> None:
    (span,) = origin_of_spans([window(0, None, None)], [sums(0, 0, 0)], {(TRUCK, 0): KG}, {}, {})

    assert ((UNKNOWN, KG),) == span.by_origin


def test_a_span_without_a_figure_is_left_out() -> None:
    assert [] == origin_of_spans([window(0, None, None)], [sums(0, 0, 0)], {}, {TRUCK: {"OLD@": KG}}, {})


@pytest.mark.parametrize("opening_mg", [0, 1, 7 * KG, 60 * KG])
@settings(max_examples=40, deadline=None)
@given(used=st.lists(st.integers(0, 30 * KG), min_size=1, max_size=6), filled_mg=st.integers(0, 30 * KG))
def test_the_origins_of_a_span_sum_exactly_to_what_it_used(opening_mg: int, used: list[int], filled_mg: int) -> None:
    windows = [window(0, None, None), window(1, None, None, fill(filled_mg, filled_mg))]
    half = len(used) // 2
    spans = [sums(number, int(number >= half), 0) for number in range(len(used))]
    by_span = {(TRUCK, number): mass for number, mass in enumerate(used)}
    mix = {"A@S": filled_mg // 3, "B@S": filled_mg - filled_mg // 3}
    found = origin_of_spans(windows, spans, by_span, {TRUCK: {"OLD@": opening_mg}}, {"F1": mix})

    assert used == [each.used_mg for each in found]
    assert used == [sum(mass for _, mass in each.by_origin) for each in found]
    assert all(mass > 0 for each in found for _, mass in each.by_origin)
