"""Frames to readings and steps as table expressions; the same as `h2verify.activity.readings`, for any number of
frames.
"""

from collections.abc import Sequence
from typing import Any

import ibis
from h2verify.activity.readings import (
    FROZEN_NINTHS_MM,
    LONGEST_CURRENT_STEP_S,
    LONGEST_SPEED_STEP_S,
    LONGEST_STEP_S,
    NINTHS_A_TENTH,
    SAME_PLACE_E6,
    SECONDS_A_STEP,
    SLOW_SPEED,
    SPEED_MAX,
    STANDING_E6,
    STANDING_S,
    WHOLE_KM,
)
from h2verify.activity.uses import (
    CLOCK_OFF_MS,
    CLOCK_STEADY_MS,
    ODOMETER_MAX,
    OUT_OF_PERIOD_S,
    RE_ISSUE,
    REAL_TIME,
    RHYTHM_S,
)

Table = Any
"""An Ibis table expression; Ibis ships no types that mypy's strict mode accepts."""

Column = Any

REGISTER_SCHEMA = {"truck_vin": "string", "truck_edition": "int64", "stack_count": "int64", "cells": "int64"}
"""The register of trucks as a table; `cells` is what one reported ampere flows through."""


_JUDGED_BY = (
    "file",
    "row",
    "folder_vin",
    "vin",
    "outcome",
    "edition",
    "command",
    "data_unit_digest",
    "received_at_ms",
    "received_at_s",
    "device_time_s",
    "odometer_raw",
)
"""What says what a row counts as: the windows sort these columns, and not the whole frame each time."""


def frame_uses(frames: Table, register: Table, period_s: tuple[int, int]) -> Table:
    """Say of every received row what it counts as; adds `use`, `at_s` and `clock_off` to `frames`.

    Parameters
    ----------
    frames : the `frames` table
    register : one row a truck, see `REGISTER_SCHEMA`
    period_s : when the trial's period begins and ends [s]
    """
    told = frames.select(*_JUDGED_BY)
    known = told.left_join(register, told.vin == register.truck_vin)
    judged = known.mutate(use=_standing(known), clock_off=ibis.literal(0, "int64"))
    candidates = judged.mutate(carries=(judged.use == "used") & judged.command.isin([REAL_TIME, RE_ISSUE]))
    once = _mark_repeats(candidates, candidates.carries, "data_unit_digest", "repeated")
    timed = _mark_times(once.mutate(carries=once.carries & (once.use == "used")), period_s)
    steady = timed.mutate(eligible=timed.carries & (timed.use == "used") & (timed.clock_off == 0))
    single = _mark_repeats(steady, steady.eligible, "device_time_s", "conflicting")
    counts = single.carries & (single.use == "used")
    judged_rows = single.select(
        judged_file=single.file,
        judged_row=single.row,
        use=single.use,
        at_s=counts.ifelse(single.said_at_s, ibis.null("int64")),
        clock_off=single.clock_off,
    )
    whole = frames.inner_join(
        judged_rows, (frames.file == judged_rows.judged_file) & (frames.row == judged_rows.judged_row)
    )
    return whole.drop("judged_file", "judged_row")


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
        speed=_within(counted.speed_raw, 0, SPEED_MAX),
        odometer=_within(counted.odometer_raw, 0, ODOMETER_MAX),
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
    readings = _mark_stays(readings)
    track = ibis.window(group_by=readings.vin, order_by=readings.seq)
    seconds = readings.at_s - readings.at_s.lag().over(track)
    short = (seconds <= LONGEST_STEP_S).fill_null(False)
    timely = (seconds <= LONGEST_CURRENT_STEP_S).fill_null(False)
    charge = readings.cell_current + readings.cell_current.lag().over(track)
    energy = readings.stack_power + readings.stack_power.lag().over(track)
    step = readings.odometer - readings.odometer.lag().over(track)
    parked = (step == 0) & (readings.speed == 0) & (readings.speed.lag().over(track) == 0)
    driven_s = (
        (step >= 0)
        .fill_null(False)
        .ifelse(ibis.least(seconds, step * SECONDS_A_STEP), _stayed(readings, track).ifelse(0, seconds))
    )
    unobserved = ibis.cases(
        (seconds.isnull() | (timely & charge.notnull()), 0),
        (short, parked.fill_null(False).ifelse(0, seconds)),
        else_=driven_s,
    ).cast("int64")
    running_s = ibis.least(short.ifelse(seconds, driven_s), _beside_s(readings, track).fill_null(seconds))
    edge_s = _edge_s(readings, track)
    stepped = readings.mutate(
        silence_s=(readings.at_s.lead().over(track) - readings.at_s).fill_null(0),
        charge_twice=timely.ifelse(charge * running_s, 0).fill_null(0) + (readings.cell_current * edge_s).fill_null(0),
        energy_twice=timely.ifelse(energy * running_s, 0).fill_null(0) + (readings.stack_power * edge_s).fill_null(0),
        unobserved_s=unobserved,
    )
    return _distance(stepped)


def _mark_stays(readings: Table) -> Table:
    """Mark where a truck stands whatever its speed says: its odometer and places are the same before and after, over
    half a minute and at least the readings beside it.
    """
    track = ibis.window(group_by=readings.vin, order_by=readings.seq)
    around = ibis.range_window(
        preceding=STANDING_S, following=STANDING_S, group_by=readings.vin, order_by=readings.at_s
    )
    next_to = ibis.rows_window(preceding=1, following=1, group_by=readings.vin, order_by=readings.seq)
    still = readings.seq.lag().over(track).notnull() & readings.seq.lead().over(track).notnull()
    least, most = (
        [each.over(near) for near in (around, next_to)] for each in (readings.odometer.min(), readings.odometer.max())
    )
    still &= (ibis.least(*least) == ibis.greatest(*most)).fill_null(True)
    for near in (around, next_to):
        for name in ("longitude_e6", "latitude_e6"):
            place = readings[name]
            still &= place.count().over(near) == readings.count().over(near)
            still &= (place.max().over(near) - place <= STANDING_E6).fill_null(False)
            still &= (place - place.min().over(near) <= STANDING_E6).fill_null(False)
    return readings.mutate(stays=still.ifelse(1, 0).cast("int64"))


def _beside_s(readings: Table, track: Any) -> Column:
    """Give, where the stacks went on or off, the time to the reading beside these where they run; else nothing."""
    current, last = readings.cell_current, readings.cell_current.lag().over(track)
    at_s = readings.at_s
    before_s, after_s = at_s.lag(1).over(track) - at_s.lag(2).over(track), at_s.lead().over(track) - at_s
    beside_s = ibis.cases(
        (((last > 0) & (current == 0)).fill_null(False), before_s),
        (((last == 0) & (current > 0)).fill_null(False), after_s),
        else_=ibis.null("int64"),
    )
    return beside_s.nullif(0)


def _edge_s(readings: Table, track: Any) -> Column:
    """Give twice the time that the stacks may have run unseen before the first and after the last reading on an edge of
    what was sent: on average half a step each.
    """
    before_s = readings.at_s - readings.at_s.lag().over(track)
    after_s = readings.at_s.lead().over(track) - readings.at_s
    begins, ends = ((each > LONGEST_CURRENT_STEP_S).fill_null(True) for each in (before_s, after_s))
    steps = ((each <= LONGEST_STEP_S).fill_null(False).ifelse(each, 0) for each in (after_s, before_s))
    return begins.ifelse(next(steps), 0) + ends.ifelse(next(steps), 0)


def _distance(readings: Table) -> Table:
    """Add the distance since the last odometer reading; an impossible step is replaced by speed, or is unknown."""
    metered = ibis.window(group_by=[readings.vin, readings.odometer.notnull()], order_by=readings.seq)
    step = readings.odometer - readings.odometer.lag().over(metered)
    seconds = readings.at_s - readings.at_s.lag().over(metered)
    speeds = readings.speed + readings.speed.lag().over(metered)
    timely = (seconds <= LONGEST_SPEED_STEP_S).fill_null(False)
    told = readings.mutate(
        step=step,
        seconds=seconds,
        by_speed=timely.ifelse(speeds * seconds * 125, ibis.null("int64")),
        stayed=_stayed(readings, metered),
    )
    forward = (told.step > 0).ifelse(told.step, ibis.null("int64"))
    is_coarse = (forward.min().over(ibis.window(group_by=told.vin)) == WHOLE_KM).fill_null(False)
    told = told.mutate(odometer_unit=is_coarse.ifelse(WHOLE_KM, 1).cast("int64"))
    absent = told.step.isnull()
    most = told.seconds * 2 + (told.odometer_unit + 1) * 5
    possible = ((told.step >= 0) & (told.step * 5 <= most)).fill_null(False)
    countable = told.by_speed.notnull() | told.stayed
    by_speed = told.by_speed.fill_null(0)
    stepped = told.mutate(
        distance_ninths_mm=ibis.cases(
            (absent, 0), (possible, told.step * NINTHS_A_TENTH), (countable, by_speed), else_=0
        ).cast("int64"),
        distance_unknown=(absent | possible | countable).ifelse(0, 1).cast("int64"),
        odometer_step=(absent | possible).ifelse(ibis.null("int64"), told.step),
        speed_ninths_mm=(possible & (told.step == 0)).fill_null(False).ifelse(by_speed, 0).cast("int64"),
        moved=(absent | (told.step != 0)).ifelse(1, 0),
    )
    counted = _count_still(stepped).drop("step", "seconds", "by_speed", "stayed", "moved")
    return _count_arrivals(_put_to_rest(counted))


def _count_still(stepped: Table) -> Table:
    """Count by speed where the odometer stood still while the truck, by its places too, drove on: what it failed to
    count, and the way within a whole kilometre.

    The step that ends it counts what is not counted already: by speed where the odometer had failed, or where nothing
    tells how far into its kilometre it began.
    """
    is_metered = stepped.odometer.notnull()
    so_far = ibis.cumulative_window(group_by=[stepped.vin, is_metered], order_by=stepped.seq)
    islands = stepped.mutate(is_metered=is_metered, island=stepped.moved.sum().over(so_far))
    keys = [islands.vin, islands.is_metered, islands.island]
    together, up_to = ibis.window(group_by=keys), ibis.cumulative_window(group_by=keys, order_by=islands.seq)
    ways = (islands.stays == 1).ifelse(0, islands.speed_ninths_mm)
    by_speed = ways.sum().over(together)
    hidden = FROZEN_NINTHS_MM + (islands.odometer_unit - 1) * NINTHS_A_TENTH
    drives = islands.is_metered & ~_is_one_place(islands, together)
    frozen, coarse = drives & (by_speed > hidden), islands.odometer_unit == WHOLE_KM
    within = drives & ~frozen & coarse
    most, driven = WHOLE_KM * NINTHS_A_TENTH, ways.sum().over(up_to)
    way = ibis.least(driven, most) - ibis.least(driven - ways, most)
    is_loose = islands.step.isnull() | islands.odometer_step.notnull()
    counted = islands.mutate(
        frozen=(frozen & (islands.moved == 0)).ifelse(1, 0).cast("int64"),
        counted=within.ifelse(ibis.least(by_speed, most), 0),
        loose=(is_loose & (islands.moved == 1)).ifelse(1, 0).max().over(together),
        distance_ninths_mm=ibis.cases(
            (frozen & (islands.moved == 0), ways),
            (within & (islands.moved == 0), way),
            else_=islands.distance_ninths_mm,
        ),
    )
    return _end_still(counted).drop("is_metered", "island", "counted", "loose")


def _end_still(counted: Table) -> Table:
    """Count of a step forward what is not counted already."""
    metered = ibis.window(group_by=[counted.vin, counted.is_metered], order_by=counted.seq)
    frozen, loose = counted.frozen.lag().over(metered) == 1, counted.loose.lag().over(metered) == 1
    coarse = counted.odometer_unit == WHOLE_KM
    rest = counted.distance_ninths_mm - counted.counted.lag().over(metered)
    ends = (counted.step > 0) & counted.odometer_step.isnull()
    by_speed = counted.by_speed.fill_null(rest)
    return counted.mutate(
        distance_ninths_mm=ibis.cases(
            ((ends & (frozen | (coarse & loose))).fill_null(False), ibis.least(rest, by_speed)),
            ((ends & coarse).fill_null(False), rest),
            else_=counted.distance_ninths_mm,
        )
    )


def _is_one_place(rows: Table, together: Any) -> Column:
    """Whether the places of at least two of the readings in a window, and half of them, lie together."""
    count, placed = rows.count().over(together), rows.longitude_e6.count().over(together)
    spreads = [
        rows[name].max().over(together) - rows[name].min().over(together) for name in ("longitude_e6", "latitude_e6")
    ]
    is_placed = (placed >= 2) & (placed * 2 >= count)
    return is_placed & (ibis.greatest(*spreads) <= SAME_PLACE_E6).fill_null(False)


def _put_to_rest(stepped: Table) -> Table:
    """Give no speed to a truck that stays, and to a slow one in the first or last reading of its data where its
    odometer says that it is where it was, or will be, next to that.
    """
    none = ibis.literal(0, "int64")
    rested = stepped.mutate(speed=(stepped.stays == 1).ifelse(none, stepped.speed))
    known = ibis.window(group_by=[rested.vin, rested.speed.notnull()], order_by=rested.seq)
    before, after = rested.seq.lag().over(known), rested.seq.lead().over(known)
    came = rested.odometer - rested.odometer.lag().over(known)
    goes = rested.odometer.lead().over(known) - rested.odometer
    in_place = [((step >= 0) & (step <= 2)).fill_null(True) for step in (came, goes)]
    is_first, is_last = before.isnull() & after.notnull(), before.notnull() & after.isnull()
    stands = (rested.speed < SLOW_SPEED) & ((is_first & in_place[1]) | (is_last & in_place[0]))
    return rested.mutate(speed=stands.fill_null(False).ifelse(none, rested.speed))


def _count_arrivals(stepped: Table) -> Table:
    """Count the way to a standing before which the odometer was silent where the truck last drove, not where it is told
    of.
    """
    backwards = ibis.cumulative_window(group_by=stepped.vin, order_by=ibis.desc(stepped.seq))
    is_told = stepped.odometer.notnull()
    told = stepped.mutate(is_told=is_told, told=is_told.ifelse(1, 0).sum().over(backwards))
    together = ibis.window(group_by=[told.vin, told.told])
    is_driving = ~told.is_told & (told.speed > 0).fill_null(False)
    arrives = (told.is_told & (told.speed == 0)).fill_null(False).ifelse(1, 0).max().over(together) == 1
    last = is_driving.ifelse(told.seq, ibis.null("int64")).max().over(together)
    moves = arrives & last.notnull()
    columns = ("distance_ninths_mm", "distance_unknown")
    return told.mutate(
        **{
            name: ibis.cases(
                (moves & (told.seq == last), told[name].sum().over(together)), (moves, 0), else_=told[name]
            ).cast("int64")
            for name in columns
        }
    ).drop("is_told", "told")


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


def _mark_times(table: Table, period_s: tuple[int, int]) -> Table:
    """Mark clocks that are off, and what does not count at the time that it says."""
    arrived = table.carries & table.received_at_ms.notnull()
    live = arrived & (table.command == REAL_TIME)
    lagged = table.mutate(live=live, arrived=arrived, lag_ms=table.received_at_ms - table.device_time_s * 1000)
    clocked = _mark_clocks(lagged)
    told = _with_prompts(
        clocked.mutate(said_at_s=(clocked.clock_off == 1).ifelse(clocked.received_at_s, clocked.device_time_s))
    )
    earliest_s, latest_s = period_s[0] - OUT_OF_PERIOD_S, period_s[1] + OUT_OF_PERIOD_S
    outside = told.carries & ((told.said_at_s < earliest_s) | (told.said_at_s > latest_s))
    gainsaid = told.live & (told.lag_ms > CLOCK_OFF_MS) & _is_longer(told)
    misdated = told.arrived & (told.clock_off == 0) & ((told.lag_ms < -CLOCK_OFF_MS) | gainsaid)
    return told.mutate(use=ibis.cases((outside, "out_of_period"), (misdated, "misdated"), else_=told.use))


def _mark_clocks(lagged: Table) -> Table:
    """Mark clocks that are off: steadily, or ahead with another beside it, for nothing arrives before it was made."""
    stretched = _with_slow_clocks(lagged)
    lag_ms, arrivals = stretched.lag_ms, _live_arrivals(stretched)
    beside = [lag_ms.lag().over(arrivals), lag_ms.lead().over(arrivals)]
    near = [((lag_ms - other).abs() <= CLOCK_STEADY_MS).fill_null(False) for other in beside]
    ahead = [(other < -CLOCK_OFF_MS).fill_null(False) for other in beside]
    steady = (lag_ms.abs() > CLOCK_OFF_MS) & (near[0] | near[1]) & (~stretched.behind | stretched.slow_clock)
    is_off = stretched.live & (steady | ((lag_ms < -CLOCK_OFF_MS) & (ahead[0] | ahead[1]))).fill_null(False)
    return stretched.mutate(clock_off=is_off.ifelse(1, 0).cast("int64"))


def _with_slow_clocks(lagged: Table) -> Table:
    """Add `behind`, and whether such a stretch comes of a clock, not of the way: the clock did not go on from the frame
    before or the last such one, the odometer did not fall behind theirs, and the frames came as they were made, not all
    at once.
    """
    late = lagged.mutate(
        behind=(lagged.live & (lagged.lag_ms > CLOCK_OFF_MS)).fill_null(False),
        driven=_within(lagged.odometer_raw, 0, ODOMETER_MAX),
    )
    arrivals = _live_arrivals(late)
    begins = late.behind & ~late.behind.lag().over(arrivals).fill_null(False)
    arrivals_behind = ibis.window(group_by=[late.vin, late.behind], order_by=_arrival(late))
    went_s = [late.device_time_s - late.device_time_s.lag().over(track) for track in (arrivals, arrivals_behind)]
    follows = [each.between(0, RHYTHM_S).fill_null(False) for each in went_s]
    overtaken = [(late.driven < late.driven.lag().over(each)).fill_null(False) for each in (arrivals, arrivals_behind)]
    is_late = follows[0] | follows[1] | overtaken[0] | overtaken[1]
    marked = late.mutate(begins=begins.ifelse(1, 0), goes_on=(begins & is_late).ifelse(1, 0))
    so_far = ibis.cumulative_window(group_by=[marked.vin, marked.live], order_by=_arrival(marked))
    numbered = marked.mutate(stretch=marked.begins.sum().over(so_far))
    together = ibis.window(group_by=[numbered.vin, numbered.behind, numbered.stretch])
    made_s, came_ms = (
        column.max().over(together) - column.min().over(together)
        for column in (numbered.device_time_s, numbered.received_at_ms)
    )
    is_slow = (numbered.goes_on.max().over(together) == 0) & (came_ms * 2 >= made_s * 1000)
    return numbered.mutate(slow_clock=is_slow.fill_null(False))


def _with_prompts(told: Table) -> Table:
    """Add `driven`, the odometer of each frame, and that of the prompt ones that say the next time and one before."""
    told = told.mutate(
        prompt=(told.live & (told.lag_ms.abs() <= CLOCK_OFF_MS) & told.driven.notnull()).fill_null(False)
    )
    backwards = [ibis.desc(told.device_time_s), ~told.prompt, *_arrival(told)]
    later = _with_last_prompt(told, "driven_later", backwards)
    forwards = [later.device_time_s, later.prompt, *(ibis.desc(column) for column in _arrival(later))]
    return _with_last_prompt(later, "driven_before", forwards)


def _with_last_prompt(told: Table, name: str, order: Sequence[Column]) -> Table:
    """Add the odometer of the last prompt frame up to each one in an order."""
    so_far = ibis.cumulative_window(group_by=[told.vin, told.live], order_by=order)
    counted = told.mutate(prompts=told.prompt.ifelse(1, 0).sum().over(so_far))
    together = ibis.window(group_by=[counted.vin, counted.live, counted.prompts])
    driven = counted.prompt.ifelse(counted.driven, ibis.null("int64"))
    return counted.mutate(**{name: driven.max().over(together)})


def _is_longer(told: Table) -> Column:
    """Whether a frame says a longer way than the next prompt one; no matter where the odometer of those fell back."""
    goes_on = (told.driven_before <= told.driven_later).fill_null(True)
    return (told.driven > told.driven_later).fill_null(False) & goes_on


def _live_arrivals(table: Table) -> Any:
    return ibis.window(group_by=[table.vin, table.live], order_by=_arrival(table))


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
