"""What `balances.json` says of the public trials: sources that agree, and where they do not."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from h2corridor.model.balances import Balances, WindowBalanceRow, decode_balances
from h2corridor.model.errors import WorkspaceError
from h2corridor.model.report import Report

Run = tuple[Report, Path]


def _balances(run: Run) -> Balances:
    return decode_balances((run[1] / "report" / "balances.json").read_bytes())


def _number(text: str | None) -> Decimal:
    assert text is not None
    return Decimal(text)


def _is_undisputed(row: WindowBalanceRow) -> bool:
    return row.unobserved_s == 0 and abs(_number(row.residual_kg)) <= _number(row.uncertainty_kg)


def test_on_clean_data_every_source_agrees_within_what_is_left_open(first_run: Run) -> None:
    windows = _balances(first_run).windows

    assert len(windows) == 3
    for row in windows:
        used, left_open = _number(row.used_kg), _number(row.uncertainty_kg)
        assert abs(_number(row.metered_kg) - used) <= left_open
        assert abs(_number(row.tank_kg) - used) <= left_open
        assert 0 <= used - _number(row.stack_kg) <= used * Decimal("0.05")
        if row.reported_kg is not None:
            assert abs(Decimal(row.reported_kg) - used) <= used * Decimal("0.05")


def test_windows_and_trips_drove_and_used_the_same(first_run: Run) -> None:
    windows, totals = _balances(first_run).windows, first_run[0].totals

    assert _number(totals.hydrogen_used_kg) == sum(_number(row.used_kg) for row in windows)
    assert abs(_number(totals.distance_km) - sum(_number(row.distance_km) for row in windows)) < Decimal("0.001")


def test_a_wrong_booking_stands_out_and_the_other_sources_do_not(rehearsal: Run) -> None:
    windows = {row.refuelling_ids: row for row in _balances(rehearsal).windows if row.refuelling_ids}
    row = windows["RH-R0004",]

    assert abs(_number(row.residual_kg) - Decimal("5.26")) < Decimal("0.2")
    assert not _is_undisputed(row)
    assert abs(_number(row.tank_kg) - _number(row.used_kg)) < _number(row.uncertainty_kg)


def test_what_the_truck_reports_of_edition_2016_is_near_what_it_used(rehearsal: Run) -> None:
    rows = [row for row in _balances(rehearsal).windows if row.reported_kg is not None]

    assert len(rows) >= 7
    for row in rows:
        assert abs(Decimal(row.reported_kg or 0) / _number(row.used_kg) - 1) < Decimal("0.05")


def test_a_station_balances_but_for_the_fill_that_nobody_booked(rehearsal: Run) -> None:
    days = _balances(rehearsal).stations
    open_days = [(day.station_id, day.day) for day in days if abs(_number(day.difference_kg)) > 1]

    assert len(days) == 15
    assert [("RH-JIULONGPO", "2026-03-11")] == open_days


def test_the_fill_that_nobody_booked_stands_in_the_day_that_it_leaves_open(rehearsal: Run) -> None:
    rises = {(day.station_id, day.day): day for day in _balances(rehearsal).stations if day.unbooked_rise_kg}
    (day,) = rises.values()

    assert [("RH-JIULONGPO", "2026-03-11")] == list(rises)
    assert abs(_number(day.unbooked_rise_kg) + _number(day.difference_kg)) < 1


def test_signals_count_every_frame_that_is_used(rehearsal: Run) -> None:
    balances = _balances(rehearsal)
    speeds = [row for row in balances.signals if row.signal == "speed"]
    marked = {(row.vin, row.day): row.nulls + row.abnormals for row in speeds if row.nulls or row.abnormals}

    assert 10 <= len(speeds) <= 12
    assert {("LRHYTDHXXTY030362", "2026-03-10"): 26} == marked
    assert all(row.nulls + row.abnormals <= row.frames for row in balances.signals)


def test_what_no_paper_supplies_leaves_no_uncertainty_and_no_balance(
    dataset: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    meters, stock = dataset / "meters.csv", dataset / "station_stock.csv"
    meters.write_text(meters.read_text().replace(",1.5,", ",,"))
    header, first, *rest = stock.read_text().splitlines(keepends=True)
    stock.write_text("".join([header, first.rsplit(",", 1)[0] + ",\n", *rest]))
    run = (run_into(dataset, tmp_path / "w"), tmp_path / "w")
    filled = [row.uncertainty_kg for row in _balances(run).windows if row.refuelling_ids]

    assert [None] * len(filled) == filled != []
    assert None is _balances(run).stations[0].difference_kg


def test_balances_that_are_none_are_refused_and_absent_ones_are_empty() -> None:
    assert Balances() == decode_balances(None)
    with pytest.raises(WorkspaceError, match=r"report\.unreadable"):
        decode_balances(b"{}x")
