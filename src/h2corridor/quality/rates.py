"""Null-value and abnormal-value rates of every item that a fuel cell truck has to send, of its signals, position and
lists, by truck and day, in the manner of GB/T 32960.4-2025 (clause unseen).

A value is *null* where its item is missing or it is marked as invalid (all ones), *abnormal* where it is marked as
abnormal (all ones less one) or lies outside the range of the standard. An item is null where a frame lacks it, a
position where it is not valid, a list where it holds no value; a position is abnormal where it is called valid and is
no place.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis

from h2corridor.activity.readings import Column, Table
from h2corridor.quality.registry import CheckTables, check
from h2corridor.quality.texts import CORRIDOR_TIME, tenths

_DAY_S = 86_400
_OFFSET_S = int((CORRIDOR_TIME.utcoffset(None) or datetime.timedelta()).total_seconds())
_ONES = {1: 0xFF, 2: 0xFFFF, 4: 0xFFFF_FFFF}


@dataclass(frozen=True, slots=True)
class Signal:
    """A column of raw values: bytes on the wire, and the highest valid value in edition 2016 and 2025."""

    name: str
    column: str
    width: int
    highest: tuple[int, int]


SIGNALS = (
    Signal("speed", "speed_raw", 2, (2200, 5000)),
    Signal("odometer", "odometer_raw", 4, (9_999_999, 9_999_999)),
    Signal("voltage", "voltage_raw", 2, (10_000, 60_000)),
    Signal("current", "current_raw", 2, (20_000, 60_000)),
    Signal("state of charge", "soc_raw", 1, (100, 100)),
    Signal("stack voltage", "stack_voltage_raw", 2, (20_000, 20_000)),
    Signal("hydrogen pressure", "h2_pressure_raw", 2, (1000, 1000)),
    Signal("hydrogen temperature", "h2_temperature_raw", 2, (2400, 250)),
    Signal("hydrogen concentration", "h2_concentration_raw", 2, (60_000, 60_000)),
)
"""Signals that every fuel cell truck sends one value of; the ranges are those of the field table."""

ITEMS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "vehicle data": ((2016, 0x01), (2025, 0x01)),
    "drive motors": ((2016, 0x02), (2025, 0x02)),
    "fuel cell": ((2016, 0x03), (2025, 0x03)),
    "position item": ((2016, 0x05), (2025, 0x05)),
    "battery extremes": ((2016, 0x06),),
    "alarms": ((2016, 0x07), (2025, 0x06)),
    "battery voltages": ((2025, 0x07),),
    "battery temperatures": ((2025, 0x08),),
    "stacks": ((2025, 0x30),),
}
"""Items that a fuel cell truck sends in every frame with vehicle data, by edition; in 2016 lists of cells are sent by
some trucks only (clause unseen)."""

_LISTS = {"cell voltages": ("listed_v_max_raw", {2016: 0x08, 2025: 0x07})}
_LISTS["probe temperatures"] = ("listed_c_max_raw", {2016: 0x09, 2025: 0x08})
POSITION = "position"
NAMES = (*(signal.name for signal in SIGNALS), *ITEMS, *_LISTS, POSITION)
"""All that rates are counted of."""

_INVALID_FIX, _EAST_MAX_E6, _NORTH_MAX_E6 = 1, 180_000_000, 90_000_000


def signal_rates(uses: Table) -> Table:
    """Count by truck, local day and signal.

    Parameters
    ----------
    uses : what every received row counts as (`h2corridor.activity.readings.frame_uses`)

    Returns
    -------
    vin, day (days since 1970-01-01), signal, frames, nulls, abnormals
    """
    counted = uses.filter(uses.at_s.notnull())
    days = counted.mutate(day=((counted.at_s + _OFFSET_S) // _DAY_S).cast("int64"))
    rates = [_rates_of(days, signal) for signal in SIGNALS]
    rates += [_item_rates(days, name, items) for name, items in ITEMS.items()]
    rates += [_list_rates(days, name, column, items) for name, (column, items) in _LISTS.items()]
    return ibis.union(*rates, _position_rates(days)).order_by(["vin", "day", "signal"])


def _rates_of(rows: Table, signal: Signal) -> Table:
    value = rows[signal.column]
    ones = _ONES[signal.width]
    highest = (rows.edition == 2016).ifelse(*(ibis.literal(each) for each in signal.highest))
    is_null = value.isnull() | (value == ones)
    return _counted(rows, signal.name, is_null, ~is_null & (value > highest))


def _item_rates(rows: Table, name: str, items: Iterable[tuple[int, int]]) -> Table:
    sent = rows.filter(rows.edition.isin([edition for edition, _ in items]) & (rows.item_mask > 0))
    return _counted(sent, name, ~_has(sent, dict(items)))


def _list_rates(rows: Table, name: str, column: str, items: Mapping[int, int]) -> Table:
    sent = rows.filter(_has(rows, items))
    return _counted(sent, name, sent[column].isnull())


def _position_rates(rows: Table) -> Table:
    status = rows.position_status
    is_null = status.isnull() | ((status & _INVALID_FIX) == 1)
    beyond = (rows.longitude_raw > _EAST_MAX_E6) | (rows.latitude_raw > _NORTH_MAX_E6)
    is_abnormal = ~is_null & (beyond | ((rows.longitude_raw == 0) & (rows.latitude_raw == 0)))
    return _counted(rows, POSITION, is_null, is_abnormal)


def _has(rows: Table, items: Mapping[int, int]) -> Column:
    held = [(rows.edition == edition) & ((rows.item_mask & (1 << item)) > 0) for edition, item in items.items()]
    return reduce(or_, held).fill_null(False)


def _counted(rows: Table, name: str, is_null: Column, is_abnormal: Column | None = None) -> Table:
    abnormals = ibis.literal(0, "int64") if is_abnormal is None else _count(is_abnormal)
    grouped = rows.group_by(["vin", "day"]).agg(frames=rows.count(), nulls=_count(is_null), abnormals=abnormals)
    return grouped.select(
        "vin", "day", signal=ibis.literal(name), frames="frames", nulls="nulls", abnormals="abnormals"
    )


def _count(condition: Column) -> Column:
    return condition.fill_null(False).ifelse(1, 0).sum().cast("int64")


def day_text_of(day: int) -> str:
    """Write a day [days since 1970-01-01] as ISO 8601."""
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()


@check("sensor.rates", day=day_text_of, null_pct=tenths, abnormal_pct=tenths)
def high_rates(tables: CheckTables) -> Table:
    """Signals of a truck's day of which many values are null or abnormal."""
    most = int(tables.threshold("sensor.rates", "rate_pct_max") * 10)
    rates = signal_rates(tables.uses)
    permille = rates.mutate(
        null_pct=rates.nulls * 1000 // rates.frames, abnormal_pct=rates.abnormals * 1000 // rates.frames
    )
    high = permille.filter((permille.null_pct > most) | (permille.abnormal_pct > most))
    return high.select(
        file=ibis.literal("vehicles.csv"),
        row=ibis.null("int64"),
        last_row=ibis.null("int64"),
        vin=high.vin,
        at_s=high.day * _DAY_S - _OFFSET_S,
        day=high.day,
        signal=high.signal,
        null_pct=high.null_pct,
        abnormal_pct=high.abnormal_pct,
    )
