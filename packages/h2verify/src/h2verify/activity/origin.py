"""Where hydrogen comes from: station stock first in first out, tank content mixed in proportion to mass.

An origin is `batch@station` (`batch@` for hydrogen on board before the period); the empty string is unknown origin.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from h2verify.activity.allocation import allocate
from h2verify.activity.values import RecordedFill, SpanHydrogen, SpanSums, Window

UNKNOWN = ""

Mix = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One unloading at a station."""

    batch_id: str
    station_id: str
    delivered_at_s: int
    mass_mg: int


def opening_stock_mg(days: Iterable[tuple[str, int, int | None]]) -> int | None:
    """Give what a station held when its first day on record began [mg], or None where no day says it.

    Parameters
    ----------
    days : day (`YYYY-MM-DD`), row, and what it held at its beginning [mg] or None; of one day the first row counts
    """
    known = [(day, row, opening) for day, row, opening in days if opening is not None]
    return min(known)[2] if known else None


def origin_of_fills(
    deliveries: Iterable[Delivery],
    opening_stock_mg: Mapping[str, int],
    period_start_s: int,
    fills: Iterable[RecordedFill],
) -> dict[str, Mix]:
    """Give the origin of each booked fill: what was delivered first leaves first.

    Parameters
    ----------
    deliveries : all unloadings known, before the period and in it opening_stock_mg : by station, what it held when the
    period began [mg]; older deliveries beyond it had left already, and stock beyond
        the known deliveries is of unknown origin and leaves first
    period_start_s : when the period began [s]
    fills : booked fills of all trucks

    Returns
    -------
    refuelling_id to origin to mass [mg]; each mix sums to the booked mass
    """
    stocks: dict[str, list[tuple[int, str, int]]] = {}
    for delivery in sorted(deliveries, key=lambda d: (d.delivered_at_s, d.batch_id)):
        origin = f"{delivery.batch_id}@{delivery.station_id}"
        stocks.setdefault(delivery.station_id, []).append((delivery.delivered_at_s, origin, delivery.mass_mg))
    for station, opening in opening_stock_mg.items():
        stocks[station] = _opened(stocks.get(station, []), opening, period_start_s)
    mixes: dict[str, Mix] = {}
    for fill in sorted(fills, key=lambda f: (f.started_at_s, f.refuelling_id)):
        stock = stocks.get(fill.station_id, [])
        mixes[fill.refuelling_id], stocks[fill.station_id] = _draw(stock, fill.mass_mg, fill.started_at_s)
    return mixes


def origin_of_spans(
    windows: Sequence[Window],
    sums: Sequence[SpanSums],
    used_mg: Mapping[tuple[str, int], int],
    opening: Mapping[str, Mix],
    fill_origins: Mapping[str, Mix],
) -> list[SpanHydrogen]:
    """Give each span's hydrogen by origin: every window's fill is mixed into the tank, then used in the mix's
    proportions.

    Parameters
    ----------
    windows : windows of all trucks, in order
    sums : spans of all trucks, in order
    used_mg : by (vin, span_no), what the span used [mg]; spans without a figure are left out of the result
    opening : by truck, the mix on board at the start [mg]
    fill_origins : by refuelling_id, the mix filled [mg]
    """
    result: list[SpanHydrogen] = []
    for vin in sorted({window.vin for window in windows}):
        content = dict(opening.get(vin, {}))
        for window in (window for window in windows if window.vin == vin):
            content = _filled(content, window, fill_origins)
            for entry in sums:
                if entry.span.vin != vin or entry.span.window_no != window.window_no:
                    continue
                used = used_mg.get((vin, entry.span.span_no))
                if used is not None:
                    parts, content = _use(content, used)
                    result.append(SpanHydrogen(span=entry.span, used_mg=used, by_origin=tuple(sorted(parts.items()))))
    return result


def _opened(stock: list[tuple[int, str, int]], opening_mg: int, period_start_s: int) -> list[tuple[int, str, int]]:
    before = [entry for entry in stock if entry[0] < period_start_s]
    later = [entry for entry in stock if entry[0] >= period_start_s]
    held = sum(entry[2] for entry in before)
    if opening_mg > held:
        return [(period_start_s, UNKNOWN, opening_mg - held), *before, *later]
    return [*_draw(before, held - opening_mg, period_start_s)[1], *later]


def _draw(stock: Sequence[tuple[int, str, int]], mass_mg: int, at_s: int) -> tuple[Mix, list[tuple[int, str, int]]]:
    drawn: Mix = {}
    left: list[tuple[int, str, int]] = []
    wanted = mass_mg
    for since_s, origin, held in stock:
        taken = min(held, wanted) if since_s <= at_s else 0
        wanted -= taken
        if taken:
            drawn[origin] = drawn.get(origin, 0) + taken
        if held > taken:
            left.append((since_s, origin, held - taken))
    if wanted:
        drawn[UNKNOWN] = drawn.get(UNKNOWN, 0) + wanted
    return drawn, left


def _filled(content: Mix, window: Window, fill_origins: Mapping[str, Mix]) -> Mix:
    mixed = dict(content)
    for fill in (*((window.fill,) if window.fill else ()), *window.unseen):
        if not fill.refuelling_ids:
            mixed[UNKNOWN] = mixed.get(UNKNOWN, 0) + (fill.rise_mg or 0)
        for refuelling_id in fill.refuelling_ids:
            for origin, mass in fill_origins.get(refuelling_id, {}).items():
                mixed[origin] = mixed.get(origin, 0) + mass
    return mixed


def _use(content: Mix, used_mg: int) -> tuple[Mix, Mix]:
    origins = sorted(origin for origin, mass in content.items() if mass > 0)
    if not origins:
        return ({UNKNOWN: used_mg} if used_mg else {}), {}
    parts = dict(zip(origins, allocate(used_mg, [content[origin] for origin in origins]), strict=True))
    left = {origin: max(content[origin] - parts[origin], 0) for origin in origins}
    return {origin: mass for origin, mass in parts.items() if mass}, left
