"""Balances and null values as pages show them."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from h2corridor.app.read_report import LastRun, ReportReader
from h2corridor.console.balance_views import RateCell, balances_view, quality_view
from h2corridor.console.serve import Request
from h2corridor.console.site import WorkspaceSite
from h2corridor.model.balances import Balances, SignalDay, StationDay, WindowBalanceRow, decode_balances

WINDOW = WindowBalanceRow(
    vin="T1",
    window_no=0,
    started_at="2026-03-02T08:00:00+08:00",
    ended_at="2026-03-02T12:00:00+08:00",
    refuelling_ids=("R1",),
    distance_km="100",
    metered_kg="8.0",
    tank_kg="-2.0",
    stack_kg=None,
    reported_kg="8.0",
    used_kg="8.0",
    method="tank",
    residual_kg="0.6",
    uncertainty_kg="0.5",
    battery_kg=None,
    unobserved_s=0,
)
SIGNAL = SignalDay(vin="T1", day="2026-03-02", signal="speed", frames=200, nulls=3, abnormals=0)


@pytest.fixture(scope="module")
def run(demo_workspace: Path) -> LastRun:
    found = ReportReader(demo_workspace).find()

    assert found is not None
    return found


def _with(run: LastRun, **values: object) -> LastRun:
    return replace(run, balances=msgspec.structs.replace(Balances(), **values))


def test_bars_of_a_truck_stand_on_one_scale_and_below_zero_to_the_left(run: LastRun) -> None:
    ((vin, (view,)),) = balances_view(_with(run, windows=(WINDOW,)))["trucks"]
    bars = {bar.source: (bar.start, bar.width) for bar in view.bars}

    assert ("T1", "20.00", "8.00") == (vin, view.zero, view.per_100km)
    assert {
        "metered": ("20.00", "80.00"),
        "tank": ("0.00", "20.00"),
        "stack": (None, None),
        "reported": ("20.00", "80.00"),
        "used": ("20.00", "80.00"),
    } == bars


@pytest.mark.parametrize(("residual", "agrees"), [("0.5", True), ("-0.5", True), ("0.51", False), (None, None)])
def test_a_residual_within_the_uncertainty_agrees(run: LastRun, residual: str | None, agrees: bool | None) -> None:
    row = msgspec.structs.replace(WINDOW, residual_kg=residual)
    ((_, (view,)),) = balances_view(_with(run, windows=(row,)))["trucks"]

    assert agrees is view.agrees


def test_a_station_day_that_is_left_open_by_more_than_a_kilogram_stands_out(run: LastRun) -> None:
    day = StationDay(
        station_id="S",
        day="2026-03-02",
        opening_kg="1",
        delivered_kg="0",
        dispensed_kg="0",
        vented_kg=None,
        closing_kg="0",
        difference_kg="-1.01",
    )
    values = balances_view(_with(run, stations=(day,)))

    assert [[day]] == [days for _, days in values["stations"]]
    assert values["differs"](day)
    assert not values["differs"](msgspec.structs.replace(day, difference_kg="1"))
    assert not values["differs"](msgspec.structs.replace(day, difference_kg=None))


@pytest.mark.parametrize(
    ("language", "remark"),
    [
        ("zh", "车辆储罐在此上升 26.30 kg，加氢站未登记该次加氢"),
        ("en", "Tanks of trucks rose by 26.30 kg here, and the station booked no fill for it"),
    ],
)
def test_a_station_day_with_an_unbooked_rise_says_so(
    demo_workspace: Path, tmp_path: Path, language: str, remark: str
) -> None:
    workspace = Path(shutil.copytree(demo_workspace, tmp_path / "w"))
    path = workspace / "report/balances.json"
    (plain,) = decode_balances(path.read_bytes()).stations
    explained = msgspec.structs.replace(plain, day="2026-03-03", unbooked_rise_kg="26.300000")
    path.write_bytes(msgspec.json.encode(Balances(stations=(plain, explained))))
    request = Request(path="/balances", query={"lang": language}, cookies={})

    assert 1 == WorkspaceSite(workspace, "en")(request).body.decode().count(remark)


@pytest.mark.parametrize(("nulls", "abnormals", "step"), [(0, 0, 0), (1, 2, 1), (3, 0, 2), (0, 11, 3), (41, 0, 4)])
def test_a_share_has_the_darkness_of_the_larger_of_both(run: LastRun, nulls: int, abnormals: int, step: int) -> None:
    row = msgspec.structs.replace(SIGNAL, nulls=nulls, abnormals=abnormals)
    (table,) = quality_view(_with(run, signals=(row,)))["tables"]

    assert ("T1", ("2026-03-02",)) == (table.vin, table.days)
    ((_, (cell,)),) = table.signals
    assert RateCell(nulls=Decimal(nulls) / 2, abnormals=Decimal(abnormals) / 2, frames=200, step=step) == cell


def test_a_day_without_the_signal_has_no_cell(run: LastRun) -> None:
    other = msgspec.structs.replace(SIGNAL, signal="voltage", day="2026-03-03")
    (table,) = quality_view(_with(run, signals=(SIGNAL, other)))["tables"]

    assert [("speed", [False, True]), ("voltage", [True, False])] == [
        (signal, [cell is None for cell in cells]) for signal, cells in table.signals
    ]
