"""Meter, tank and stacks brought together, window by window."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from h2verify.activity.reconcile import TruckReconciliation, reconcile, resolution_mg
from h2verify.activity.values import SpanSums, Window, WindowBalance
from h2verify.hydrogen import stack_hydrogen_mg
from hypothesis import given, settings
from hypothesis import strategies as st
from made_activity import KG, REGISTER, T0, TANK_ML, TRUCK, TRUCKS, Row, fill, sums, window

RESOLUTION_MG = resolution_mg(TANK_ML)


def _reconcile(windows: Sequence[Window], spans: Sequence[SpanSums]) -> TruckReconciliation:
    (truck,) = reconcile(windows, spans, TRUCKS)
    return truck


def _used_of(truck: TruckReconciliation, spans: Sequence[SpanSums], window_no: int) -> list[int | None]:
    return [used for used, each in zip(truck.used_by_span_mg, spans, strict=True) if each.span.window_no == window_no]


def test_two_steps_of_the_sensor_hide_less_than_half_a_kilogram() -> None:
    assert 0 == resolution_mg(None)
    assert 450_000 < RESOLUTION_MG < 530_000


def test_a_windows_balance_is_metered_plus_tank_at_its_start_minus_tank_at_its_end() -> None:
    filled = window(0, 30 * KG, 25 * KG, fill(20 * KG, 20 * KG))
    truck = _reconcile([filled], [sums(0, 0, 24_500_000)])
    (balance,) = truck.balances

    assert (25 * KG, 25 * KG, 25 * KG) == (balance.metered_mg, balance.tank_mg, balance.balance_mg)
    assert (True, 25 * KG, "fill_to_fill", 0) == (balance.sound, balance.used_mg, balance.method, balance.residual_mg)
    assert (25 * KG,) == truck.used_by_span_mg


def test_the_balance_of_all_sound_windows_is_spread_by_charge() -> None:
    windows = [window(0, 30 * KG, 18 * KG), window(1, 18 * KG, 17_880_000, fill(0, 0))]
    spans = [sums(0, 0, 8 * KG), sums(1, 0, 3_700_000), sums(2, 1, 300_000)]
    truck = _reconcile(windows, spans)

    assert (12_120_000, 12 * KG) == (truck.pool_balance_mg, truck.pool_stack_mg)
    assert (8_080_000, 3_737_000, 303_000) == truck.used_by_span_mg
    assert [11_817_000, 303_000] == [balance.used_mg for balance in truck.balances]
    assert [183_000, -183_000] == [balance.residual_mg for balance in truck.balances]


def test_windows_too_small_to_tell_a_purge_from_keep_their_own_balance_up_to_the_largest_purge() -> None:
    (own,) = _reconcile([window(0, 30 * KG, 28 * KG)], [sums(0, 0, 1_950_000)]).balances
    (too_much,) = _reconcile([window(0, 30 * KG, 28 * KG)], [sums(0, 0, 1_900_000)]).balances

    assert (True, 2 * KG, "tank") == (own.sound, own.used_mg, own.method)
    assert (True, 1_995_000, "combined") == (too_much.sound, too_much.used_mg, too_much.method)


@pytest.mark.parametrize(
    ("balance_mg", "sound"),
    [
        (12 * KG - RESOLUTION_MG - 1, False),
        (12 * KG - RESOLUTION_MG, True),
        (12_600_000 + RESOLUTION_MG, True),
        (12_600_000 + RESOLUTION_MG + 1, False),
    ],
)
def test_a_window_whose_purge_is_out_of_range_is_not_sound(balance_mg: int, sound: bool) -> None:
    truck = _reconcile([window(0, balance_mg + 10 * KG, 10 * KG)], [sums(0, 0, 12 * KG)])

    assert [sound] == [balance.sound for balance in truck.balances]
    assert sound == (truck.pool_stack_mg > 0)


def test_a_window_out_of_range_is_counted_by_its_stacks_at_the_trucks_own_purge() -> None:
    windows = [window(0, 40 * KG, 27_760_000), window(1, 30 * KG, 15 * KG)]
    truck = _reconcile(windows, [sums(0, 0, 12 * KG), sums(1, 1, 5 * KG)])
    lost = truck.balances[1]

    assert (False, 5_100_000, "combined", 9_900_000) == (lost.sound, lost.used_mg, lost.method, lost.residual_mg)
    assert (12_240_000, 5_100_000) == truck.used_by_span_mg


def test_where_booked_mass_and_rise_differ_the_tank_stands_in_and_the_residual_says_so() -> None:
    disputed = window(0, 30 * KG, 25 * KG, fill(25 * KG, 20 * KG, "differs"))
    (balance,) = _reconcile([disputed], [sums(0, 0, 24_600_000)]).balances

    assert (30 * KG, 25 * KG, "tank") == (balance.metered_mg, balance.balance_mg, balance.method)
    assert (25 * KG, 5 * KG) == (balance.used_mg, balance.residual_mg)


def test_where_the_stacks_bear_out_the_meter_and_not_the_tank_the_meter_counts() -> None:
    disputed = window(0, 30 * KG, 25 * KG, fill(20 * KG, 25 * KG, "differs"))
    (balance,) = _reconcile([disputed], [sums(0, 0, 24_600_000)]).balances
    (unseen,) = _reconcile([disputed], [sums(0, 0, 24_600_000, unobserved_s=600)]).balances

    assert (25 * KG, 25 * KG, 30 * KG) == (balance.balance_mg, balance.metered_mg, balance.tank_mg)
    assert (True, 25 * KG, "fill_to_fill", 0) == (balance.sound, balance.used_mg, balance.method, balance.residual_mg)
    assert (30 * KG, "tank") == (unseen.balance_mg, unseen.method)


@pytest.mark.parametrize("stack_mg", [15 * KG, 30 * KG])
@pytest.mark.parametrize("first_window", [[], [window(1, 40 * KG, 27_760_000)]])
def test_where_meter_and_tank_agree_they_count_and_not_the_stacks(stack_mg: int, first_window: list[Window]) -> None:
    filled = window(0, 30 * KG, 28 * KG, fill(20 * KG, 20 * KG))
    spans = [sums(0, 0, stack_mg), *(sums(1, 1, 12 * KG) for _ in first_window)]
    balance = _reconcile([filled, *first_window], spans).balances[0]

    assert (False, 22 * KG, "fill_to_fill", 0) == (balance.sound, balance.used_mg, balance.method, balance.residual_mg)


@pytest.mark.parametrize(
    ("values", "unseen_mg"),
    [({"agreement": "unseen"}, 0), ({"agreement": "without_record", "ids": ()}, 0), ({}, 1)],
)
def test_where_meter_and_tank_do_not_both_tell_the_stacks_count(values: Row, unseen_mg: int) -> None:
    rise_mg = None if values.get("agreement") == "unseen" else 20 * KG
    hidden = (replace(fill(unseen_mg, None, "unseen"), before=None),) if unseen_mg else ()
    filled = window(0, 30 * KG, 28 * KG, fill(20 * KG, rise_mg, **values), unseen=hidden)
    windows = [filled, window(1, 40 * KG, 27_760_000)]
    balance = _reconcile(windows, [sums(0, 0, 30 * KG), sums(1, 1, 12 * KG)]).balances[0]

    assert (30_600_000, "combined") == (balance.used_mg, balance.method)


@pytest.mark.parametrize(("beyond_mg", "used_mg"), [(-1, 15 * KG), (0, 20 * RESOLUTION_MG)])
def test_a_balance_too_small_to_gainsay_the_stacks_does_not(beyond_mg: int, used_mg: int) -> None:
    end_mg = 30 * KG + 10 * KG - 20 * RESOLUTION_MG - beyond_mg
    filled = window(0, 30 * KG, end_mg, fill(10 * KG, 10 * KG))
    (balance,) = _reconcile([filled], [sums(0, 0, 15 * KG)]).balances

    assert used_mg == balance.used_mg


@pytest.mark.parametrize(("stack_mg", "used_mg"), [(30 * KG, 22 * KG), (22_100_000, 22_100_000)])
def test_meter_and_tank_gainsay_stacks_that_say_too_much_though_not_seen_throughout(
    stack_mg: int, used_mg: int
) -> None:
    filled = window(0, 30 * KG, 28 * KG, fill(20 * KG, 20 * KG))
    (balance,) = _reconcile([filled], [sums(0, 0, stack_mg, unobserved_s=600)]).balances

    assert used_mg == balance.used_mg


def test_what_the_observed_charge_does_not_explain_belongs_to_the_unobserved_seconds() -> None:
    spans = [sums(0, 0, 4 * KG), sums(1, 0, 2 * KG, unobserved_s=900), sums(2, 0, 0, unobserved_s=300)]
    truck = _reconcile([window(0, 30 * KG, 20 * KG)], spans)

    assert (4_200_000, 4_875_000, 925_000) == truck.used_by_span_mg
    assert [False] == [balance.sound for balance in truck.balances]
    assert [10 * KG] == [balance.used_mg for balance in truck.balances]


def test_the_purge_of_a_window_is_not_put_on_a_short_silence() -> None:
    spans = [sums(0, 0, 5 * KG), sums(1, 0, 4_900_000, unobserved_s=20, unobserved_ninths_mm=1_800_000)]
    truck = _reconcile([window(0, 30 * KG, 19_850_000)], spans)

    assert (5_075_000, 5_075_000) == truck.used_by_span_mg


def test_what_was_driven_unobserved_takes_the_rest_by_its_distance_and_not_by_its_time() -> None:
    night, drive = sums(0, 0, 0, 36_000), sums(1, 0, 6 * KG, 600, unobserved_ninths_mm=90_000_000)
    truck = _reconcile([window(0, 30 * KG, 20 * KG)], [night, drive])

    assert (0, 10 * KG) == truck.used_by_span_mg


def test_a_truck_whose_stacks_were_never_seen_uses_what_its_tank_lost() -> None:
    spans = [sums(0, 0, 0, unobserved_s=1000), sums(1, 0, 0, unobserved_s=3000)]
    truck = _reconcile([window(0, 30 * KG, 20 * KG)], spans)

    assert (2_500_000, 7_500_000) == truck.used_by_span_mg
    assert ["tank"] == [balance.method for balance in truck.balances]


def test_a_window_without_a_look_into_the_tank_is_counted_by_its_stacks() -> None:
    (balance,) = _reconcile([window(0, None, 20 * KG)], [sums(0, 0, 3 * KG)]).balances

    assert (None, None, 3 * KG, "stack") == (
        balance.metered_mg,
        balance.residual_mg,
        balance.used_mg,
        balance.method,
    )


def test_a_window_without_look_and_charge_has_no_figure_and_nothing_stands_in_for_it() -> None:
    truck = _reconcile([window(0, None, None)], [sums(0, 0, 0, unobserved_s=60)])

    assert (None,) == truck.used_by_span_mg
    assert [(None, "none")] == [(balance.used_mg, balance.method) for balance in truck.balances]


def test_the_mass_of_a_fill_that_was_not_seen_counts_in_the_balance() -> None:
    hidden = replace(fill(12 * KG, None, "unseen"), before=None)
    (balance,) = _reconcile([window(0, 30 * KG, 32 * KG, unseen=(hidden,))], [sums(0, 0, 9_800_000)]).balances

    assert (10 * KG, None, 10 * KG) == (balance.metered_mg, balance.tank_mg, balance.used_mg)


def test_windows_that_all_gained_hydrogen_refuse_nothing_and_crash_nothing() -> None:
    windows = [window(n, 20 * KG, 20_300_000) for n in range(40)]
    spans = [sums(n, n, 150_000) for n in range(40)]
    truck = _reconcile(windows, spans)

    assert all(balance.sound for balance in truck.balances)
    assert [150_000] * 40 == [balance.used_mg for balance in truck.balances]
    assert (0, 0) == (truck.pool_balance_mg, truck.pool_stack_mg)


def test_a_truck_is_reconciled_without_another_trucks_windows() -> None:
    other = "LTESTHYDR0GEN0002"
    theirs = replace(window(0, 30 * KG, 20 * KG), vin=other)
    trucks = TRUCKS | {other: replace(REGISTER, vin=other)}
    found = reconcile([window(0, 30 * KG, 25 * KG), theirs], [sums(0, 0, 5 * KG)], trucks)

    assert [TRUCK, other] == [truck.vin for truck in found]
    assert [(5 * KG,), ()] == [truck.used_by_span_mg for truck in found]


MASSES_MG = st.integers(0, 75 * KG)
LOOKS_MG = st.none() | MASSES_MG
FILLS = st.none() | st.builds(
    fill,
    st.integers(0, 40 * KG),
    st.none() | st.integers(-KG, 40 * KG),
    st.sampled_from(["confirmed", "differs", "without_record", "unseen"]),
)


@st.composite
def _truck_data(draw: st.DrawFn) -> tuple[list[Window], list[SpanSums]]:
    """Windows of one truck, half of them near what its stacks say, with up to three spans each."""
    windows: list[Window] = []
    spans: list[SpanSums] = []
    for number in range(draw(st.integers(1, 5))):
        mine = [
            sums(
                len(spans) + place,
                number,
                draw(st.integers(0, 12 * KG)),
                draw(st.sampled_from([0, 0, 0, 30, 4000])),
                moving_readings=draw(st.integers(0, 3)),
                unobserved_ninths_mm=draw(st.sampled_from([0, 0, 900_000, 90_000_000])),
            )
            for place in range(draw(st.integers(0, 3)))
        ]
        start, end, filled = draw(LOOKS_MG), draw(LOOKS_MG), draw(FILLS)
        if start is not None and draw(st.booleans()):
            burnt = sum(stack_hydrogen_mg(each.charge_twice) for each in mine)
            gained = filled.booked_mg if filled else 0
            end = max(start + gained - burnt - draw(st.integers(-400_000, 400_000)), 0)
        spans += mine
        windows.append(window(number, start, end, filled))
    return windows, spans


def _check_window(balance: WindowBalance, used: list[int | None]) -> None:
    if balance.used_mg is None:
        assert used == [None] * len(used)
    elif used:
        assert balance.used_mg == sum(part or 0 for part in used)
    if balance.sound:
        assert balance.balance_mg is not None
        assert 0 == balance.unobserved_s
        above = balance.balance_mg - balance.stack_mg
        assert -balance.resolution_mg <= above <= balance.stack_mg // 20 + balance.resolution_mg


@settings(max_examples=200, deadline=None)
@given(data=_truck_data(), volume_ml=st.sampled_from([TANK_ML, 1_680_000, None]))
def test_sound_windows_use_exactly_their_summed_balance_and_spans_exactly_their_window(
    data: tuple[list[Window], list[SpanSums]], volume_ml: int | None
) -> None:
    windows, spans = data
    (truck,) = reconcile(windows, spans, {TRUCK: replace(REGISTER, tank_volume_ml=volume_ml)})
    pool = [balance for balance in truck.balances if balance.sound]

    assert len(windows) == len(truck.balances)
    if truck.pool_stack_mg:
        assert truck.pool_balance_mg == sum(balance.balance_mg or 0 for balance in pool)
        assert truck.pool_balance_mg == sum(balance.used_mg or 0 for balance in pool)
    for balance in truck.balances:
        _check_window(balance, _used_of(truck, spans, balance.window.window_no))
    assert all(used is None or used >= 0 for used in truck.used_by_span_mg)


def test_spans_of_a_window_that_neither_moved_nor_ran_share_its_loss_alike() -> None:
    still = [sums(n, 0, 0, moving_readings=0) for n in range(2)]
    truck = _reconcile([window(0, 20 * KG, 19 * KG, from_s=T0)], still)

    assert (500_000, 500_000) == truck.used_by_span_mg
