"""Checks of time: silences on the way, clocks that are off, frames from the future or from another time altogether."""

import ibis
from h2verify.activity.readings import LONGEST_STEP_S
from h2verify.activity.standings import LONG_SILENCE_S
from h2verify.activity.stands import PARKED_ODOMETER_STEPS

from h2corridor.activity.readings import Table
from h2corridor.quality.registry import CheckTables, check
from h2corridor.quality.runs import runs_of

SECONDS_A_STEP_AT_REST = 360
"""A tenth of a kilometre at 1 km/h."""


@check("time.gap")
def gap(tables: CheckTables) -> Table:
    """Silences of a truck under way, with the readings on both sides.

    A truck was under way when its odometer went on meanwhile by more than a parked one's may, or by less while it moved
    on either side, unless that is a walk's way over a long time: it came to rest and slept. Where the odometer does not
    tell, it was under way when it moved on either side. A silence over the end of a file names the earlier file's last
    row.
    """
    steps = tables.steps
    track = ibis.window(group_by="vin", order_by="seq")
    pairs = steps.mutate(
        file_before=steps.file.lag().over(track),
        row_before=steps.row.lag().over(track),
        at_s_before=steps.at_s.lag().over(track),
        speed_before=steps.speed.lag().over(track),
        odometer_before=steps.odometer.lag().over(track),
    )
    moved = pairs.odometer - pairs.odometer_before
    seconds = pairs.at_s - pairs.at_s_before
    slept = (seconds >= LONG_SILENCE_S) & (moved * SECONDS_A_STEP_AT_REST < seconds)
    drove_on = (moved > 0) & ((pairs.speed_before > 0) | (pairs.speed > 0)).fill_null(False) & ~slept
    by_odometer = (moved > PARKED_ODOMETER_STEPS) | (moved < 0) | drove_on
    by_speed = ((pairs.speed_before > 0) | (pairs.speed > 0)).fill_null(False)
    under_way = moved.isnull().ifelse(by_speed, by_odometer.fill_null(False))
    silent = pairs.filter((pairs.at_s - pairs.at_s_before > LONGEST_STEP_S) & under_way)
    same_file = silent.file == silent.file_before
    return silent.select(
        file=silent.file_before,
        row=same_file.ifelse(ibis.least(silent.row_before, silent.row), silent.row_before),
        last_row=same_file.ifelse(ibis.greatest(silent.row_before, silent.row), silent.row_before),
        vin=silent.vin,
        at_s=silent.at_s_before,
        gap_s=silent.at_s - silent.at_s_before,
    )


@check("time.clock-off")
def clock_off(tables: CheckTables) -> Table:
    """Runs of frames that count at the time of arrival because the device clock is off."""
    uses = tables.uses
    rows = uses.filter((uses.use == "used") & (uses.clock_off == 1))
    return runs_of(
        rows.select("file", "row", "vin", "at_s", offset_s=rows.device_time_s - rows.received_at_s),
        first=["offset_s"],
    )


@check("time.future")
def future(tables: CheckTables) -> Table:
    """Frames whose device time lies after their arrival, beyond what a clock that is off explains; they do not
    count.
    """
    rows = _misdated(tables)
    return runs_of(rows.filter(rows.ahead_s > 0), first=["ahead_s"])


@check("time.past")
def past(tables: CheckTables) -> Table:
    """Frames that say a time long before their arrival and a longer way than was driven by then; they do not count."""
    rows = _misdated(tables)
    late = rows.filter(rows.ahead_s < 0)
    return runs_of(late.mutate(behind_s=-late.ahead_s), first=["behind_s"])


@check("time.outside-period")
def outside_period(tables: CheckTables) -> Table:
    """Frames that say a time far outside the trial's period; they do not count."""
    rows = tables.uses.filter(tables.uses.use == "out_of_period")
    return runs_of(rows.select("file", "row", "vin", at_s=rows.device_time_s))


def _misdated(tables: CheckTables) -> Table:
    rows = tables.uses.filter(tables.uses.use == "misdated")
    return rows.select("file", "row", "vin", at_s=rows.device_time_s, ahead_s=rows.device_time_s - rows.received_at_s)
