"""Frames to readings and steps as table expressions; the same as `h2verify.activity.readings`, for any number of
frames.
"""

from typing import Any

import ibis
from h2verify.activity.readings import (
    CLOCK_OFF_MS,
    CLOCK_STEADY_MS,
    FROZEN_NINTHS_MM,
    LONGEST_SPEED_STEP_S,
    LONGEST_STEP_S,
    RE_ISSUE,
    REAL_TIME,
    SAME_PLACE_E6,
    SECONDS_A_STEP,
)

Table = Any
"""An Ibis table expression; Ibis ships no types that mypy's strict mode accepts."""

Column = Any

REGISTER_SCHEMA = {"truck_vin": "string", "truck_edition": "int64", "stack_count": "int64", "cells": "int64"}
"""The register of trucks as a table; `cells` is what one reported ampere flows through."""


def frame_uses(frames: Table, register: Table) -> Table:
    """Say of every received row what it counts as; adds `use`, `at_s` and `clock_off` to `frames`.

    Parameters
    ----------
    frames : the `frames` table
    register : one row a truck, see `REGISTER_SCHEMA`
    """
    known = frames.left_join(register, frames.vin == register.truck_vin)
    judged = known.mutate(use=_standing(known), clock_off=ibis.literal(0, "int64"))
    candidates = judged.mutate(carries=(judged.use == "used") & judged.command.isin([REAL_TIME, RE_ISSUE]))
    once = _mark_repeats(candidates, candidates.carries, "data_unit_digest", "repeated")
    clocked = _mark_clocks(once.mutate(carries=once.carries & (once.use == "used")))
    steady = clocked.mutate(eligible=clocked.carries & (clocked.clock_off == 0))
    single = _mark_repeats(steady, steady.eligible, "device_time_s", "conflicting")
    counts = single.carries & (single.use == "used")
    at_s = ibis.ifelse(single.clock_off == 1, single.received_at_s, single.device_time_s)
    return single.mutate(at_s=counts.ifelse(at_s, ibis.null("int64"))).select(
        *frames.columns, "use", "at_s", "clock_off"
    )


def readings_of(uses: Table, register: Table) -> Table:
    """Give the `readings` table: what counts, in order of truck and time, scaled to integers of one unit."""
    counted = uses.filter(uses.at_s.notnull()).inner_join(register, uses.vin == register.truck_vin)
    order = [counted.at_s, *_arrival(counted)]
    edition_2016 = counted.edition == 2016
    whole = edition_2016 | (counted.stacks_reported == counted.stack_count).fill_null(False)
    current = _within(counted.stack_current_raw, 0, 60_000)
    voltage = _within(counted.stack_voltage_raw, 0, 20_000)
    pressure = _within(counted.h2_pressure_raw, 0, 1000)
    highest = edition_2016.ifelse(ibis.literal(2400), ibis.literal(250))
    raw_temperature = counted.h2_temperature_raw
    temperature = ((raw_temperature >= 0) & (raw_temperature <= highest)).ifelse(raw_temperature, ibis.null("int64"))
    longitude, latitude = _place(counted)
    return counted.select(
        vin=counted.vin,
        seq=ibis.row_number().over(group_by=counted.vin, order_by=order),
        at_s=counted.at_s,
        file=counted.file,
        row=counted.row,
        clock_off=counted.clock_off,
        speed=_within(counted.speed_raw, 0, 2200),
        odometer=_within(counted.odometer_raw, 0, 9_999_999),
        soc_pct=_within(counted.soc_raw, 0, 100),
        cell_current=whole.ifelse(current * counted.cells, ibis.null("int64")),
        stack_power=whole.ifelse(current * voltage, ibis.null("int64")),
        pressure_kpa=pressure * 100,
        temperature_dc=edition_2016.ifelse(temperature - 400, temperature * 10 - 400),
        longitude_e6=longitude,
        latitude_e6=latitude,
        coordinate_system=counted.coordinate_system,
    )


def add_steps(readings: Table) -> Table:
    """Give the readings with what lies between each and the one before: charge, energy, silence, distance."""
    track = ibis.window(group_by=readings.vin, order_by=readings.seq)
    seconds = readings.at_s - readings.at_s.lag().over(track)
    short = (seconds <= LONGEST_STEP_S).fill_null(False)
    charge = (readings.cell_current + readings.cell_current.lag().over(track)) * seconds
    energy = (readings.stack_power + readings.stack_power.lag().over(track)) * seconds
    step = readings.odometer - readings.odometer.lag().over(track)
    parked = (step == 0) & (readings.speed == 0) & (readings.speed.lag().over(track) == 0)
    unobserved = ibis.cases(
        (seconds.isnull() | (short & charge.notnull()), 0),
        (short, parked.fill_null(False).ifelse(0, seconds)),
        ((step >= 0).fill_null(False), ibis.least(seconds, step * SECONDS_A_STEP)),
        else_=_stayed(readings, track).ifelse(0, seconds),
    ).cast("int64")
    stepped = readings.mutate(
        silence_s=(readings.at_s.lead().over(track) - readings.at_s).fill_null(0),
        charge_twice=short.ifelse(charge, 0).fill_null(0),
        energy_twice=short.ifelse(energy, 0).fill_null(0),
        unobserved_s=unobserved,
    )
    return _distance(stepped)


def _distance(readings: Table) -> Table:
    """Add the distance since the last odometer reading; an impossible step is replaced by speed, or is unknown."""
    metered = ibis.window(group_by=[readings.vin, readings.odometer.notnull()], order_by=readings.seq)
    step = readings.odometer - readings.odometer.lag().over(metered)
    seconds = readings.at_s - readings.at_s.lag().over(metered)
    speeds = readings.speed + readings.speed.lag().over(metered)
    timely = (seconds <= LONGEST_SPEED_STEP_S).fill_null(False)
    by_speed = timely.ifelse(speeds * seconds * 125, ibis.null("int64"))
    absent = step.isnull()
    possible = ((step >= 0) & (step * 5 <= seconds * 2 + 10)).fill_null(False)
    countable = by_speed.notnull() | _stayed(readings, metered)
    stepped = readings.mutate(
        distance_ninths_mm=ibis.cases(
            (absent, 0), (possible, step * 900_000), (countable, by_speed.fill_null(0)), else_=0
        ).cast("int64"),
        distance_unknown=(absent | possible | countable).ifelse(0, 1).cast("int64"),
        odometer_step=(absent | possible).ifelse(ibis.null("int64"), step),
        speed_ninths_mm=(possible & (step == 0)).fill_null(False).ifelse(by_speed.fill_null(0), 0).cast("int64"),
        moved=(step.isnull() | (step != 0)).ifelse(1, 0),
    )
    return _count_frozen(stepped)


def _count_frozen(stepped: Table) -> Table:
    """Count by speed where the odometer stood still while the truck drove on."""
    metered = ibis.cumulative_window(group_by=[stepped.vin, stepped.odometer.notnull()], order_by=stepped.seq)
    islands = stepped.mutate(island=stepped.moved.sum().over(metered))
    together = ibis.window(group_by=[islands.vin, islands.odometer.notnull(), islands.island])
    by_speed = islands.speed_ninths_mm.sum().over(together)
    frozen = (by_speed > FROZEN_NINTHS_MM) & (islands.moved == 0) & islands.odometer.notnull()
    return islands.mutate(
        frozen=frozen.ifelse(1, 0).cast("int64"),
        distance_ninths_mm=frozen.ifelse(islands.speed_ninths_mm, islands.distance_ninths_mm),
    ).drop("moved", "island")


def _stayed(readings: Table, track: Any) -> Column:
    """Whether a reading and the one before it in a window show a truck standing in one place."""
    beside = [
        (readings[name] - readings[name].lag().over(track)).abs() <= SAME_PLACE_E6
        for name in ("longitude_e6", "latitude_e6")
    ]
    still = (readings.speed.fill_null(0) == 0) & (readings.speed.lag().over(track).fill_null(0) == 0)
    return (still & beside[0] & beside[1]).fill_null(False)


def _standing(known: Table) -> Column:
    return ibis.cases(
        (known.outcome != "ok", known.outcome),
        (known.truck_vin.isnull(), "unregistered"),
        (known.vin != known.folder_vin, "foreign"),
        (known.edition == known.truck_edition, "used"),
        else_="other_edition",
    )


def _arrival(table: Table) -> list[Column]:
    return [table.received_at_ms.isnull(), table.received_at_ms.fill_null(0), table.file, table.row]


def _mark_repeats(table: Table, eligible: Column, content: str, use: str) -> Table:
    place = ibis.row_number().over(group_by=[eligible, table.vin, table[content]], order_by=_arrival(table))
    return table.mutate(use=(eligible & (place > 0)).ifelse(use, table.use))


def _mark_clocks(table: Table) -> Table:
    live = table.carries & (table.command == REAL_TIME) & table.received_at_ms.notnull()
    lagged = table.mutate(live=live, lag_ms=table.received_at_ms - table.device_time_s * 1000)
    arrivals = ibis.window(group_by=[lagged.vin, lagged.live], order_by=_arrival(lagged))
    before = (lagged.lag_ms - lagged.lag_ms.lag().over(arrivals)).abs()
    after = (lagged.lag_ms - lagged.lag_ms.lead().over(arrivals)).abs()
    steady = (before <= CLOCK_STEADY_MS).fill_null(False) | (after <= CLOCK_STEADY_MS).fill_null(False)
    off = lagged.live & steady & (lagged.lag_ms.abs() > CLOCK_OFF_MS).fill_null(False)
    return lagged.mutate(clock_off=off.ifelse(1, 0).cast("int64"))


def _within(column: Column, lowest: int, highest: int) -> Column:
    return ((column >= lowest) & (column <= highest)).ifelse(column, ibis.null("int64"))


def _place(table: Table) -> tuple[Column, Column]:
    status, longitude, latitude = table.position_status, table.longitude_raw, table.latitude_raw
    somewhere = (longitude <= 180_000_000) & (latitude <= 90_000_000) & ((longitude != 0) | (latitude != 0))
    valid = ((status & 1) == 0) & somewhere
    none = ibis.null("int64")
    return (
        valid.ifelse(((status & 4) > 0).ifelse(-longitude, longitude), none),
        valid.ifelse(((status & 2) > 0).ifelse(-latitude, latitude), none),
    )
