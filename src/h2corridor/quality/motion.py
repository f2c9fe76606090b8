"""Checks of what moves against what stands: odometer, speed, positions, gear."""

import ibis
from h2verify.activity.readings import FROZEN_NINTHS_MM, LONGEST_STEP_S, SPEED_MAX

from h2corridor.activity.readings import Table
from h2corridor.quality.position import E6_A_KM
from h2corridor.quality.registry import CheckTables, check
from h2corridor.quality.runs import runs_of
from h2corridor.quality.texts import tenths

_GEAR_BITS, _PARK, _GEAR_ABNORMAL = 0x0F, 0x0F, 0xFE
LAST_DIGIT_NINTHS_MM = 900_000
"""0.1 km: what a truck may drive before and after a standing without a step of its odometer."""
_SWITCHED_OFF, _CHARGING_PARKED = 2, 1


@check("odometer.frozen")
def odometer_frozen(tables: CheckTables) -> Table:
    """Runs of readings on which the odometer stands still while the truck, by its speed, drives on."""
    rows = tables.steps
    frozen = rows.odometer.notnull() & (rows.frozen == 1) & (rows.speed_ninths_mm > 0)
    return runs_of(rows.filter(frozen).select("file", "row", "vin", "at_s"))


@check("odometer.stalled")
def odometer_stalled(tables: CheckTables) -> Table:
    """Runs of readings on which odometer and speed stand still while the positions, from first to last, move on."""
    least_e6 = int(tables.threshold("odometer.stalled", "moved_km_min")) * E6_A_KM
    metered = tables.steps.filter(tables.steps.odometer.notnull())
    track = ibis.window(group_by="vin", order_by="seq")
    goes_on = (metered.odometer == metered.odometer.lag().over(track)).fill_null(False)
    marked = metered.mutate(starts=goes_on.ifelse(0, 1))
    so_far = ibis.cumulative_window(group_by="vin", order_by="seq")
    rows = marked.mutate(island=marked.starts.sum().over(so_far))
    placed = rows.longitude_e6.notnull()
    moved_e6 = [
        (value.argmax(rows.seq, where=placed) - value.argmin(rows.seq, where=placed)).abs()
        for value in (rows.longitude_e6, rows.latitude_e6)
    ]
    islands = rows.group_by(["vin", "island"]).agg(
        moved_e6=ibis.greatest(*moved_e6), by_speed=rows.speed_ninths_mm.sum()
    )
    stalled = islands.filter((islands.by_speed <= FROZEN_NINTHS_MM) & (islands.moved_e6 > least_e6))
    found = rows.filter(rows.frozen == 0).semi_join(stalled, ["vin", "island"])
    return runs_of(found.select("file", "row", "vin", "at_s"))


@check("odometer.against-speed", odometer_km=tenths, speed_km=tenths)
def odometer_against_speed(tables: CheckTables) -> Table:
    """Trucks whose odometer, over all steps that it and the speed both tell, counts another distance than the speed.

    Where `odometer.frozen` found something, that explains it.
    """
    most_pct, least_km = (
        int(tables.threshold("odometer.against-speed", name)) for name in ("difference_pct_max", "distance_km_min")
    )
    steps = tables.steps
    metered = steps.filter(steps.odometer.notnull())
    track = ibis.window(group_by="vin", order_by="seq")
    seconds = metered.at_s - metered.at_s.lag().over(track)
    told = metered.mutate(
        seconds=seconds,
        step=metered.odometer - metered.odometer.lag().over(track),
        speeds=metered.speed + metered.speed.lag().over(track),
    )
    told = told.mutate(compared=(told.seconds <= LONGEST_STEP_S) & told.odometer_step.isnull() & told.speeds.notnull())
    sums = told.group_by("vin").agg(
        at_s=told.at_s.min(),
        odometer_km=told.compared.fill_null(False).ifelse(told.step, 0).sum(),
        speed_km=told.compared.fill_null(False).ifelse(told.speeds * told.seconds * 125, 0).sum()
        // LAST_DIGIT_NINTHS_MM,
        frozen=told.frozen.sum(),
    )
    apart = (sums.odometer_km - sums.speed_km).abs() * 100 > sums.speed_km * most_pct
    rows = sums.filter((sums.frozen == 0) & (sums.speed_km >= least_km * 10) & apart)
    return rows.select(
        file=ibis.literal("vehicles.csv"),
        row=ibis.null("int64"),
        last_row=ibis.null("int64"),
        vin=rows.vin,
        at_s=rows.at_s,
        odometer_km=rows.odometer_km,
        speed_km=rows.speed_km,
    )


@check("vehicle.speed-while-parked")
def speed_while_parked(tables: CheckTables) -> Table:
    """Runs of readings with a speed while gear, switch or charger say that the truck is parked, or odometer and
    positions that it stays where it is.
    """
    least = int(tables.threshold("vehicle.speed-while-parked", "speed_kmh_min")) * 10
    uses = tables.uses
    counted = uses.filter(uses.at_s.notnull() & uses.speed_raw.between(least, SPEED_MAX))
    said = (
        ((counted.gear_raw < _GEAR_ABNORMAL) & ((counted.gear_raw & _GEAR_BITS) == _PARK))
        | (counted.vehicle_state == _SWITCHED_OFF)
        | (counted.charge_state == _CHARGING_PARKED)
    )
    steps = tables.steps
    metered = steps.filter(steps.odometer.notnull())
    so_far = ibis.cumulative_window(group_by="vin", order_by="seq")
    runs = metered.mutate(run=(metered.speed_ninths_mm == 0).ifelse(1, 0).sum().over(so_far))
    run_speed = (runs.stays * runs.speed_ninths_mm).sum().over(ibis.window(group_by=["vin", "run"]))
    rows = runs.mutate(run_speed=run_speed)
    stays = counted.semi_join(
        rows.filter((rows.stays == 1) & (rows.run_speed * 2 > LAST_DIGIT_NINTHS_MM * rows.odometer_unit * 3)),
        ["file", "row"],
    )
    placed = [each.select("file", "row", "vin", "at_s") for each in (counted.filter(said.fill_null(False)), stays)]
    return runs_of(ibis.union(*placed, distinct=True))
