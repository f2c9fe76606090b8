"""Booked fills beside what tanks saw; balances of windows and trucks."""

from dataclasses import replace

import pytest
from h2verify.activity.fills import BOOKED_TOLERANCE_MG, BOOKED_TOLERANCE_PER_MILLE, CLOCK_SLACK_S, SMALLEST_RISE_MG
from h2verify.activity.reconcile import LARGEST_PURGE_PER_MILLE
from h2verify.activity.stands import LEG_SLACK_S, SITE_RADIUS_MM
from made_evidence import BALANCE, FILL, WINDOW, add, change, fill_of, find
from made_frames import DAY, TRUCK

from h2corridor.quality import evidence_checks
from h2corridor.quality.catalogue import get_threshold

FILL_AT = "2026-03-02T09:00:00+08:00"


@pytest.mark.parametrize("code", sorted(evidence_checks()))
def test_faultless_evidence_gives_no_finding(code: str) -> None:
    assert [] == find(code)


def test_a_booked_fill_that_the_tank_did_not_see_names_its_row() -> None:
    found = find("hydrogen.fill-without-rise", fill=fill_of("without_rise", rise_mg=53_508))

    assert [("refuellings.csv", 7, TRUCK, FILL_AT)] == [(each.file, each.row, each.vin, each.at) for each in found]
    assert {"refuelling_id": "R1", "mass_kg": "30.000", "rise_kg": "0.054"} == found[0].params


def test_a_fill_outside_the_trucks_data_is_unseen_and_not_refuted() -> None:
    fill = fill_of("without_rise", rise_mg=None)

    assert [] == find("hydrogen.fill-without-rise", fill=fill)
    assert [7] == [each.row for each in find("hydrogen.fill-unseen", fill=fill)]


def test_a_fill_without_tank_readings_is_unseen() -> None:
    assert [7] == [each.row for each in find("hydrogen.fill-unseen", fill=fill_of("unseen", rise_mg=None))]


def test_where_the_tank_volume_is_not_supplied_that_is_what_lacks() -> None:
    fill = fill_of("unseen", rise_mg=None)

    assert [] == find("hydrogen.fill-unseen", change("vehicles", tank_volume_ml=None), fill=fill)


def test_a_fill_in_a_silence_is_unseen_and_not_refuted() -> None:
    fill, silence = fill_of("without_rise", rise_mg=0), (FILL.started_at_s - 60, FILL.ended_at_s + 60)

    assert [] == find("hydrogen.fill-without-rise", fill=fill, silence=silence)
    assert [7] == [each.row for each in find("hydrogen.fill-unseen", fill=fill, silence=silence)]


def test_a_rise_that_nobody_booked_has_no_row() -> None:
    fill = fill_of("without_record", refuelling_ids=(), booked_mg=0)
    found = find("hydrogen.rise-without-fill", fill=fill)

    assert [("refuellings.csv", None, TRUCK, FILL_AT)] == [(each.file, each.row, each.vin, each.at) for each in found]
    assert {"rise_kg": "29.900", "site_id": "@somewhere", "until": "2026-03-02T09:15:00+08:00"} == found[0].params


def test_a_booked_mass_off_the_rise_names_its_row() -> None:
    assert [7] == [each.row for each in find("hydrogen.metered-against-tank", fill=fill_of("differs"))]


def test_of_fills_at_one_stand_the_sum_is_set_beside_the_rise_and_all_are_named() -> None:
    facts = add("refuellings", row=8, refuelling_id="R2", mass_mg=10_000_000)
    both = fill_of("differs", refuelling_ids=("R1", "R2"), booked_mg=40_000_000)
    params = {"refuelling_id": "R1 + R2", "mass_kg": "40.000", "rise_kg": "29.900"}

    assert [(7, params), (8, params)] == [
        (each.row, each.params) for each in find("hydrogen.metered-against-tank", facts, fill=both)
    ]


@pytest.mark.parametrize(
    ("rises_mg", "rise_pct"),
    [
        ((31_000_000, 31_100_000), "3.5"),
        ((28_800_000, 29_000_000), "-3.7"),
        ((31_000_000, 30_900_000), None),
        ((31_000_000, 28_900_000), None),
        ((31_000_000,), None),
        ((31_000_000, 31_000_000, 15_000_000), None),
        ((15_000_000, 31_000_000, 31_000_000, 31_000_000), "3.3"),
        ((29_900_000, 28_800_000, 28_800_000, 28_800_000), "-4.0"),
        ((31_000_000, 31_000_000, 29_000_000, 29_000_000), None),
        ((31_000_000, 31_000_000, 31_000_000, 900_000), "3.3"),
    ],
)
def test_a_tank_that_rises_too_much_or_too_little_at_nearly_every_fill_names_its_truck(
    rises_mg: tuple[int, ...], rise_pct: str | None
) -> None:
    found = find(
        "hydrogen.tank-volume",
        fills=[replace(FILL, rise_mg=each, booked_mg=FILL.booked_mg if each > 10**6 else 0) for each in rises_mg],
    )

    assert [("vehicles.csv", 4, TRUCK, rise_pct)] * (rise_pct is not None) == [
        (each.file, each.row, each.vin, each.params["rise_pct"]) for each in found
    ]


@pytest.mark.parametrize(("stack_mg", "share"), [(15_000_000, "36.0"), (25_000_000, "-18.4")])
def test_a_share_that_no_fuel_cell_purges_names_the_truck(stack_mg: int, share: str) -> None:
    found = find("hydrogen.purge-out-of-range", balance=replace(BALANCE, stack_mg=stack_mg))

    assert [("vehicles.csv", 4, {"purge_pct": share})] == [(each.file, each.row, each.params) for each in found]


def test_one_window_off_among_sound_ones_stands_where_its_fill_is_booked() -> None:
    off = replace(BALANCE, window=replace(WINDOW, window_no=1, fill=FILL), stack_mg=15_000_000)
    found = find("hydrogen.purge-out-of-range", balances=[BALANCE, off, BALANCE])

    assert [("refuellings.csv", 7, FILL_AT, {"purge_pct": "36.0"})] == [
        (each.file, each.row, each.at, each.params) for each in found
    ]


@pytest.mark.parametrize("agreement", ["differs", "without_record"])
def test_a_window_off_whose_fill_is_in_dispute_counts_for_its_truck_alone(agreement: str) -> None:
    disputed = replace(WINDOW, window_no=1, fill=fill_of(agreement))
    off = replace(BALANCE, window=disputed, metered_mg=15_000_000, stack_mg=15_000_000)
    few, many = [BALANCE, off], [BALANCE] * 20 + [off]
    params = [{"purge_pct": "16.6"}]

    assert params == [each.params for each in find("hydrogen.purge-out-of-range", balances=few)]
    assert [] == find("hydrogen.purge-out-of-range", balances=many)


def test_a_window_off_whose_meter_and_tank_both_gainsay_the_stacks_is_told_beside_its_dispute() -> None:
    disputed = replace(WINDOW, window_no=1, fill=fill_of("differs"))
    off = replace(BALANCE, window=disputed, stack_mg=15_000_000)
    purges = {
        rise_mg: find("hydrogen.purge-out-of-range", balances=[*[BALANCE] * 20, replace(off, tank_mg=rise_mg)])
        for rise_mg in (15_000_000, 18_000_000)
    }

    assert {15_000_000: [], 18_000_000: [7]} == {name: [each.row for each in said] for name, said in purges.items()}


def test_a_window_within_what_two_looks_cannot_tell_is_none() -> None:
    small = replace(BALANCE, balance_mg=2_400_000, stack_mg=2_000_000)

    assert [] == find("hydrogen.purge-out-of-range", balances=[BALANCE, small])


@pytest.mark.parametrize(("stack_mg", "purge_pct"), [(15_000_000, []), (25_000_000, ["-18.4"])])
def test_a_window_not_seen_throughout_tells_of_stacks_that_say_too_much_alone(
    stack_mg: int, purge_pct: list[str]
) -> None:
    balance = replace(BALANCE, stack_mg=stack_mg, unobserved_s=900)

    assert purge_pct == [each.params["purge_pct"] for each in find("hydrogen.purge-out-of-range", balance=balance)]


def test_a_residual_stands_where_the_fill_of_its_window_is_booked() -> None:
    window = replace(WINDOW, fill=FILL)
    found = find("hydrogen.residual", balance=replace(BALANCE, window=window, metered_mg=26_000_000))

    assert [("refuellings.csv", 7, FILL_AT, {"residual_pct": "27.5"})] == [
        (each.file, each.row, each.at, each.params) for each in found
    ]


def test_a_residual_of_a_window_without_a_fill_names_its_truck() -> None:
    found = find("hydrogen.residual", balance=replace(BALANCE, metered_mg=26_000_000))

    assert [("vehicles.csv", 4, TRUCK)] == [(each.file, each.row, each.vin) for each in found]


def test_a_residual_that_two_looks_cannot_tell_is_none() -> None:
    balance = replace(BALANCE, used_mg=100_000, metered_mg=100_000 + BALANCE.resolution_mg)

    assert [] == find("hydrogen.residual", balance=balance)


def test_a_window_without_any_method_is_blocking() -> None:
    window = replace(WINDOW, tank_end=None)
    balance = replace(BALANCE, window=window, used_mg=None, metered_mg=None, tank_mg=None, balance_mg=None, stack_mg=0)

    assert [(TRUCK, {"reason": "@no-tank-reading"})] == [
        (each.vin, each.params) for each in find("hydrogen.not-computable", balance=balance)
    ]


def test_the_catalogue_states_what_the_arithmetic_applies() -> None:
    for code in ("hydrogen.fill-without-rise", "hydrogen.rise-without-fill"):
        assert SMALLEST_RISE_MG == 1_000_000 * get_threshold(code, "rise_kg_min", DAY)
    differs = "hydrogen.metered-against-tank"
    assert CLOCK_SLACK_S == get_threshold("hydrogen.fill-unseen", "beside_s_max", DAY)
    assert BOOKED_TOLERANCE_MG == 1_000_000 * get_threshold(differs, "difference_kg_max", DAY)
    assert BOOKED_TOLERANCE_PER_MILLE == 10 * get_threshold(differs, "difference_pct_max", DAY)
    assert SITE_RADIUS_MM == 1_000_000 * get_threshold("freight.truck-elsewhere", "site_km_max", DAY)
    assert LEG_SLACK_S == get_threshold("freight.truck-elsewhere", "slack_s_max", DAY)
    assert LARGEST_PURGE_PER_MILLE == 10 * get_threshold("hydrogen.purge-out-of-range", "purge_pct_max", DAY)
