"""What the pages of balances and of null values show, worked out from `balances.json`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from h2corridor.app.read_report import LastRun
from h2corridor.console.display import find_decimal
from h2corridor.console.views import site_name, site_names
from h2corridor.model.balances import SignalDay, StationDay, WindowBalanceRow

SOURCES = ("metered", "tank", "stack", "reported", "used")
"""Who speaks of the hydrogen of a window, in the order shown; the last is what counts."""
DAY_OPEN_KG_MAX = 1
"""As in the check `station.balance`."""
RATE_STEPS = (Decimal(1), Decimal(5), Decimal(20))
"""Shares [%] at which a cell of the table of null values gets darker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBar:
    """One source's mass in a window: `start` and `width` in per cent of the picture; None without a mass."""

    source: str
    kg: str | None
    start: str | None
    width: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowView:
    """A window with its bars; `zero` is where nothing lies, `per_100km` the consumption [kg/100 km]."""

    row: WindowBalanceRow
    bars: tuple[SourceBar, ...]
    zero: str
    per_100km: str | None
    agrees: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCell:
    """Null and abnormal values of one signal on one day [%]; `step` is 0 (none) to 4 (most)."""

    nulls: Decimal
    abnormals: Decimal
    frames: int
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """The signals of one truck over its days; a cell is None where the truck sent nothing."""

    vin: str
    days: tuple[str, ...]
    signals: tuple[tuple[str, tuple[RateCell | None, ...]], ...]


def balances_view(run: LastRun) -> dict[str, Any]:
    """The page of balances: windows by truck, station days by station."""
    trucks: dict[str, list[WindowBalanceRow]] = defaultdict(list)
    for row in run.balances.windows:
        trucks[row.vin].append(row)
    stations: dict[str, list[StationDay]] = defaultdict(list)
    for day in run.balances.stations:
        stations[day.station_id].append(day)
    names = site_names(run.tracks)
    return {
        "run": run,
        "trucks": [(vin, _window_views(rows)) for vin, rows in trucks.items()],
        "stations": [(site_name(station_id, names), days) for station_id, days in stations.items()],
        "differs": _differs,
    }


def _differs(day: StationDay) -> bool:
    """Whether a station's day leaves more open than rounding explains."""
    difference = find_decimal(day.difference_kg)
    return difference is not None and abs(difference) > DAY_OPEN_KG_MAX


def quality_view(run: LastRun) -> dict[str, Any]:
    """The page of null and abnormal values, truck by truck."""
    trucks: dict[str, list[SignalDay]] = defaultdict(list)
    for row in run.balances.signals:
        trucks[row.vin].append(row)
    return {"run": run, "tables": [_rate_table(vin, rows) for vin, rows in trucks.items()]}


def _window_views(rows: Sequence[WindowBalanceRow]) -> list[WindowView]:
    masses = [find_decimal(mass) for row in rows for mass in _masses(row).values()]
    known = [mass for mass in masses if mass is not None]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    span = (high - low) or Decimal(1)
    return [_window_view(row, low, span) for row in rows]


def _masses(row: WindowBalanceRow) -> Mapping[str, str | None]:
    return {source: getattr(row, f"{source}_kg") for source in SOURCES}


def _window_view(row: WindowBalanceRow, low: Decimal, span: Decimal) -> WindowView:
    used, driven = find_decimal(row.used_kg), find_decimal(row.distance_km)
    residual, open_kg = find_decimal(row.residual_kg), find_decimal(row.uncertainty_kg)
    return WindowView(
        row=row,
        bars=tuple(_bar(source, mass, low, span) for source, mass in _masses(row).items()),
        zero=_per_cent(-low, span),
        per_100km=f"{used / driven * 100:.2f}" if used is not None and driven else None,
        agrees=None if residual is None or open_kg is None else abs(residual) <= open_kg,
    )


def _bar(source: str, mass: str | None, low: Decimal, span: Decimal) -> SourceBar:
    value = find_decimal(mass)
    if value is None:
        return SourceBar(source=source, kg=None, start=None, width=None)
    first, last = min(value, Decimal(0)), max(value, Decimal(0))
    return SourceBar(source=source, kg=mass, start=_per_cent(first - low, span), width=_per_cent(last - first, span))


def _rate_table(vin: str, rows: Sequence[SignalDay]) -> RateTable:
    days = tuple(sorted({row.day for row in rows}))
    cells = {(row.signal, row.day): _cell(row) for row in rows}
    signals = sorted({row.signal for row in rows})
    return RateTable(
        vin=vin,
        days=days,
        signals=tuple((signal, tuple(cells.get((signal, day)) for day in days)) for signal in signals),
    )


def _cell(row: SignalDay) -> RateCell:
    nulls, abnormals = (Decimal(100 * count) / max(row.frames, 1) for count in (row.nulls, row.abnormals))
    worst = max(nulls, abnormals)
    step = 0 if worst == 0 else 1 + sum(worst > limit for limit in RATE_STEPS)
    return RateCell(nulls=nulls, abnormals=abnormals, frames=row.frames, step=step)


def _per_cent(part: Decimal, span: Decimal) -> str:
    return f"{100 * part / span:.2f}"
