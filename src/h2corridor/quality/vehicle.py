"""Checks of what a truck's sensors say: odometer steps, sentinels, missing items, stacks."""

import ibis

from h2corridor.activity.readings import Column, Table
from h2corridor.quality.registry import CheckTables, check
from h2corridor.quality.runs import by_bit, runs_of
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

_VEHICLE, _FUEL_CELL, _STACKS = 0x01, 0x03, 0x30


@check("odometer.jump", step_km=tenths)
def odometer_jump(tables: CheckTables) -> Table:
    """Steps of the odometer that no truck can drive, with the readings on both sides."""
    steps = _odometer_steps(tables)
    return _between(steps.filter(steps.odometer_step >= 0), "step_km").drop("from_km", "to_km")


@check("odometer.reset", from_km=tenths, to_km=tenths)
def odometer_reset(tables: CheckTables) -> Table:
    """Steps of the odometer backwards, with the readings on both sides."""
    steps = _odometer_steps(tables)
    return _between(steps.filter(steps.odometer_step < 0), "step_km").drop("step_km")


@check("odometer.frozen")
def odometer_frozen(tables: CheckTables) -> Table:
    """Runs of readings on which the odometer stands still while the truck, by its speed, drives on."""
    frozen = tables.steps.filter((tables.steps.frozen == 1) & (tables.steps.speed_ninths_mm > 0))
    return runs_of(frozen.select("file", "row", "vin", "at_s"))


@check("sensor.sentinel", signals=names_of_bits(_SENTINEL_NAMES))
def sentinel(tables: CheckTables) -> Table:
    """Rows in which a signal that figures use is reported as abnormal or invalid.

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


@check("sensor.out-of-range", signals=names_of_bits(tuple(_SCALED)))
def out_of_range(tables: CheckTables) -> Table:
    """Rows in which a signal came with a value that it cannot have and that is no sentinel."""
    steps = tables.steps.select("file", "row", "vin", "at_s", **_SCALED)
    raw = tables.uses.select(
        of_file=tables.uses.file, of_row=tables.uses.row, **{_SIGNALS[name][0]: _SIGNALS[name][0] for name in _SCALED}
    )
    both = steps.inner_join(raw, (steps.file == raw.of_file) & (steps.row == raw.of_row))
    flags = [both[name].isnull() & (both[_SIGNALS[name][0]] < _SIGNALS[name][1]) for name in _SCALED]
    return _signal_runs(both, flags)


@check("sensor.item-missing", item=byte_text)
def item_missing(tables: CheckTables) -> Table:
    """Rows with vehicle data but without the fuel cell item, or, in edition 2025, without the stack item."""
    uses = tables.uses
    sent = uses.filter(uses.at_s.notnull() & ((uses.item_mask & (1 << _VEHICLE)) > 0))
    no_cell = sent.filter((sent.item_mask & (1 << _FUEL_CELL)) == 0)
    no_stacks = sent.filter((sent.edition == 2025) & ((sent.item_mask & (1 << _STACKS)) == 0))
    rows = [
        each.select("file", "row", "vin", "at_s", item=ibis.literal(item, "int64"))
        for each, item in ((no_cell, _FUEL_CELL), (no_stacks, _STACKS))
    ]
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


def _signal_runs(rows: Table, flags: list[Column]) -> Table:
    masked = rows.select("file", "row", "vin", "at_s", signals=by_bit(flags))
    return runs_of(masked.filter(masked.signals > 0), masks=["signals"])
