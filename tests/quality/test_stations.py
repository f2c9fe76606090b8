"""Stations: what they had, what they dispensed, whether their days balance."""

import msgspec
import pytest
from made_evidence import FILL, HOUR_MS, START_MS, add, change, fill_of, find


def test_a_fill_beyond_what_the_station_held_is_found() -> None:
    found = find("custody.stock-short", change("hydrogen_deliveries", mass_mg=28_000_000))

    assert [("refuellings.csv", 7, {"station_id": "H2", "short_kg": "2.000"})] == [
        (each.file, each.row, each.params) for each in found
    ]


def test_a_fill_before_its_delivery_is_short() -> None:
    assert [7] == [
        each.row
        for each in find("custody.stock-short", change("hydrogen_deliveries", delivered_at_ms=START_MS + HOUR_MS * 2))
    ]


def test_a_shortage_within_the_reading_error_is_none() -> None:
    assert [] == find("custody.stock-short", change("hydrogen_deliveries", mass_mg=29_000_000))


def test_a_day_of_fills_without_electricity_is_found() -> None:
    found = find("station.no-energy-row", change("station_energy", day="2026-03-01"))

    assert [("station_energy.csv", None, {"station_id": "H2", "day": "2026-03-02"})] == [
        (each.file, each.row, each.params) for each in found
    ]


def test_a_stock_that_jumps_over_night_is_found() -> None:
    facts = add("station_stock", row=4, day="2026-03-03", opening_mg=70_000_001, closing_mg=None)
    params = {"station_id": "H2", "day": "2026-03-03", "closing_kg": "69.500", "opening_kg": "70.000"}

    assert [("station_stock.csv", 4, params)] == [
        (each.file, each.row, each.params) for each in find("station.stock-jump", facts)
    ]


@pytest.mark.parametrize("values", [{"opening_mg": 70_000_000}, {"opening_mg": None}, {"day": "2026-03-04"}])
def test_a_stock_that_goes_on_or_says_nothing_is_no_jump(values: dict[str, object]) -> None:
    facts = add("station_stock", **{"row": 4, "day": "2026-03-03", "opening_mg": 90_000_000, **values})

    assert [] == find("station.stock-jump", facts)


@pytest.mark.parametrize(
    ("closing_mg", "is_found"), [(70_500_000, False), (70_500_001, True), (68_500_000, False), (68_499_999, True)]
)
def test_a_day_that_does_not_balance_is_found(closing_mg: int, is_found: bool) -> None:
    found = find("station.balance", change("station_stock", closing_mg=closing_mg))

    assert [("station_stock.csv", 3, "69.500")] * is_found == [
        (each.file, each.row, each.params["expected_kg"]) for each in found
    ]


@pytest.mark.parametrize(("vented_mg", "said"), [(500_000, "0.500"), (None, "@not-said")])
def test_a_day_that_does_not_balance_says_what_was_vented(vented_mg: int | None, said: str) -> None:
    found = find("station.balance", change("station_stock", closing_mg=75_000_000, vented_mg=vented_mg))

    assert [said] == [each.params["vented_kg"] for each in found]


def test_a_fill_over_midnight_may_count_for_either_day() -> None:
    over = change("refuellings", started_at_ms=START_MS + 15 * HOUR_MS, ended_at_ms=START_MS + 17 * HOUR_MS)
    before = msgspec.structs.replace(over, station_stock=change("station_stock", closing_mg=99_500_000).station_stock)

    assert [] == find("station.balance", over)
    assert [] == find("station.balance", before)


@pytest.mark.parametrize(("closing_mg", "is_found"), [(57_500_000, False), (69_500_000, False), (45_000_000, True)])
def test_what_a_meter_gave_between_two_fills_may_have_gone_out(closing_mg: int, is_found: bool) -> None:
    second = add("refuellings", row=8, refuelling_id="R2", started_at_ms=START_MS + 2 * HOUR_MS, mass_mg=1_000_000)
    first, last = second.refuellings
    last = msgspec.structs.replace(last, ended_at_ms=last.started_at_ms, meter_start_mg=141_000_000, meter_end_mg=None)
    facts = msgspec.structs.replace(change("station_stock", closing_mg=closing_mg), refuellings=(first, last))

    assert [3] * is_found == [each.row for each in find("station.balance", facts)]


def test_a_fill_that_nobody_booked_does_not_unbalance_a_day_whose_station_is_unknown() -> None:
    fill = fill_of("without_record", refuelling_ids=(), rise_mg=FILL.rise_mg)

    assert 1 == len(find("station.balance", change("station_stock", closing_mg=39_500_000), fill=fill))
