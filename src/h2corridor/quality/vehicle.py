"""Checks of what a truck's sensors say: odometer steps, sentinels, missing items, stacks."""

import ibis
from h2verify.activity.readings import SPEED_MAX

from h2corridor.activity.readings import Column, Table
from h2corridor.quality.registry import CheckTables, check
from h2corridor.quality.runs import ROWS_APART_MAX, by_bit, runs_of
from h2corridor.quality.texts import byte_text, names_of_bits, tenths

_BYTE, _WORD, _LONG = 0xFE, 0xFFFE, 0xFFFF_FFFE
"""The lower of the two sentinels (abnormal, invalid) of a field of one, two and four bytes."""

_SIGNALS = {
    "speed": ("speed_raw", _WORD),
    "odometer": ("odometer_raw", _LONG),
    "hydrogen pressure": ("h2_pressure_raw", _WORD),
    "hydrogen temperature": ("h2_temperature_raw", _WORD),
    "stack voltage": ("stack_voltage_raw", _WORD),
    "state of charge": ("soc_raw", _BYTE),
    "voltage": ("voltage_raw", _WORD),
    "current": ("current_raw", _WORD),
}
_SENTINEL_NAMES = (*_SIGNALS, "stack current")
_SCALED = {
    "speed": "speed",
    "odometer": "odometer",
    "hydrogen pressure": "pressure_kpa",
    "hydrogen temperature": "temperature_dc",
    "state of charge": "soc_pct",
}
"""Where a reading keeps the signal; None there, with a value received, means that the value was outside its range."""

_EAST_MAX_E6, _NORTH_MAX_E6 = 180_000_000, 90_000_000

_VEHICLE, _FUEL_CELL, _POSITION, _STACKS = 0x01, 0x03, 0x05, 0x30
_OF_EVERY_TRUCK = (_VEHICLE, _FUEL_CELL, _POSITION)
_DRIVING = (1 << _VEHICLE) | (1 << _FUEL_CELL)
_ITEMS = (*range(0x01, 0x0A), _STACKS, 0x31, 0x32)


@check("odometer.jump", step_km=tenths)
def odometer_jump(tables: CheckTables) -> Table:
    """Steps of the odometer that no truck can drive, with the readings on both sides; those close together at once."""
    steps = _odometer_steps(tables)
    return _together(_between(steps.filter(steps.odometer_step >= 0), "step_km"), ["step_km"])


@check("odometer.reset", from_km=tenths, to_km=tenths)
def odometer_reset(tables: CheckTables) -> Table:
    """Steps of the odometer backwards, with the readings on both sides; those close together at once."""
    steps = _odometer_steps(tables)
    return _together(_between(steps.filter(steps.odometer_step < 0), "step_km"), ["from_km", "to_km"])


@check("sensor.sentinel", signals=names_of_bits(_SENTINEL_NAMES))
def sentinel(tables: CheckTables) -> Table:
    """Rows in which a signal that figures or readers use is reported as abnormal or invalid.

    In edition 2025 `stack_current_raw` is the sum over the stacks, absent when one of them is a sentinel.
    """
    uses = tables.uses
    counted = uses.filter(uses.at_s.notnull())
    flags = [counted[column] >= lowest for column, lowest in _SIGNALS.values()]
    current = ibis.ifelse(
        counted.edition == 2016,
        counted.stack_current_raw >= _WORD,
        counted.stack_current_raw.isnull() & (counted.stacks_reported > 0),
    )
    return _signal_runs(counted, [*flags, current])


@check("sensor.out-of-range", signals=names_of_bits((*_SCALED, "position")))
def out_of_range(tables: CheckTables) -> Table:
    """Rows in which a signal came with a value that it cannot have and that is no sentinel; a position that is called
    valid cannot be a sentinel either.
    """
    steps = tables.steps.select("file", "row", "vin", "at_s", "stays", **_SCALED)
    uses = tables.uses
    nowhere = (uses.longitude_raw > _EAST_MAX_E6) | (uses.latitude_raw > _NORTH_MAX_E6)
    raw = uses.select(
        of_file=uses.file,
        of_row=uses.row,
        nowhere=((uses.position_status & 1) == 0) & nowhere,
        **{_SIGNALS[name][0]: _SIGNALS[name][0] for name in _SCALED},
    )
    both = steps.inner_join(raw, (steps.file == raw.of_file) & (steps.row == raw.of_row))
    too_fast = (both.stays == 1) & (both.speed_raw > SPEED_MAX)
    absent = {name: both[name].isnull() for name in _SCALED} | {"speed": both.speed.isnull() | too_fast}
    flags = [absent[name] & (both[_SIGNALS[name][0]] < _SIGNALS[name][1]) for name in _SCALED]
    return _signal_runs(both, [*flags, both.nowhere])


@check("sensor.item-missing", item=byte_text)
def item_missing(tables: CheckTables) -> Table:
    """Rows that lack an item that their truck sends in most rows, or that a fuel cell truck has to send.

    Vehicle data, fuel cell and position belong to every row with vehicle data or a fuel cell item; in edition 2025 also
    the stacks.
    """
    share_pct = int(tables.threshold("sensor.item-missing", "usual_pct_min"))
    uses = tables.uses
    sent = uses.filter(uses.at_s.notnull() & ((uses.item_mask & _DRIVING) > 0))
    usual = sent.group_by(["vin", "edition"]).agg(
        **{
            f"item_{item}": (_has(sent, item).cast("int64").sum() * 100 >= sent.count() * share_pct).ifelse(1, 0)
            for item in _ITEMS
        }
    )
    usual = usual.rename(usual_vin="vin", usual_edition="edition")
    known = sent.inner_join(usual, (sent.vin == usual.usual_vin) & (sent.edition == usual.usual_edition))
    rows = []
    for item in _ITEMS:
        expected = known[f"item_{item}"] == 1
        if item in _OF_EVERY_TRUCK:
            expected = ibis.literal(True)
        elif item == _STACKS:
            expected |= known.edition == 2025
        lacking = known.filter(expected & ~_has(known, item))
        rows.append(lacking.select("file", "row", "vin", "at_s", item=ibis.literal(item, "int64")))
    return runs_of(ibis.union(*rows), by=["item"])


@check("sensor.stack-count")
def stack_count(tables: CheckTables) -> Table:
    """Rows that report another number of stacks than is registered; their current counts as missing."""
    uses = tables.uses
    sent = uses.filter(uses.at_s.notnull() & (uses.edition == 2025))
    known = sent.inner_join(tables.vehicles, sent.vin == tables.vehicles.truck_vin)
    rows = known.filter(known.stacks_reported != known.stack_count)
    placed = rows.select("file", "row", "vin", "at_s", came=rows.stacks_reported, registered=rows.stack_count)
    return runs_of(placed, by=["came", "registered"])


def _odometer_steps(tables: CheckTables) -> Table:
    steps = tables.steps
    metered = steps.filter(steps.odometer.notnull())
    track = ibis.window(group_by="vin", order_by="seq")
    pairs = metered.mutate(
        file_before=metered.file.lag().over(track),
        row_before=metered.row.lag().over(track),
        odometer_before=metered.odometer.lag().over(track),
    )
    return pairs.filter(pairs.odometer_step.notnull())


def _between(steps: Table, step: str) -> Table:
    same_file = steps.file == steps.file_before
    return steps.select(
        **{
            "file": steps.file,
            "row": same_file.ifelse(ibis.least(steps.row_before, steps.row), steps.row),
            "last_row": same_file.ifelse(ibis.greatest(steps.row_before, steps.row), steps.row),
            "vin": steps.vin,
            "at_s": steps.at_s,
            step: steps.odometer_step,
            "from_km": steps.odometer_before,
            "to_km": steps.odometer,
        }
    )


def _together(steps: Table, shown: list[str]) -> Table:
    """Draw steps of one file that lie close together to one, with the values of the first."""
    track = ibis.window(group_by=["file", "vin"], order_by=["row", "last_row"])
    so_far = ibis.cumulative_window(group_by=["file", "vin"], order_by=["row", "last_row"])
    goes_on = (steps.row - steps.last_row.lag().over(track) <= ROWS_APART_MAX).fill_null(False)
    marked = steps.mutate(starts=goes_on.ifelse(0, 1))
    numbered = marked.mutate(run=marked.starts.sum().over(so_far), place=ibis.row_number().over(track))
    grouped = numbered.group_by(["file", "vin", "run"]).agg(
        first_row=numbered.row.min(),
        last_row=numbered.last_row.max(),
        at_s=numbered.at_s.argmin(numbered.place),
        count=numbered.count(),
        **{name: numbered[name].argmin(numbered.place) for name in shown},
    )
    return grouped.rename(row="first_row").select("file", "row", "last_row", "vin", "at_s", "count", *shown)


def _signal_runs(rows: Table, flags: list[Column]) -> Table:
    masked = rows.select("file", "row", "vin", "at_s", signals=by_bit(flags))
    return runs_of(masked.filter(masked.signals > 0), masks=["signals"])


def _has(rows: Table, item: int) -> Column:
    return (rows.item_mask & (1 << item)) > 0
