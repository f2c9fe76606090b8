"""Standings, the ends of each truck's data, and the sums of spans, as table expressions over steps."""

import ibis
from h2verify.activity.readings import LONGEST_STEP_S, SLOW_SPEED
from h2verify.activity.standings import BESIDE_COLUMNS, FIX_COLUMNS, SHORTEST_RUN_S, SILENCE_SIDES

from h2corridor.activity.readings import Column, Table

HIGHEST_CONSUMPTION = 60_000
"""The end of the range of a truck's own consumption signal [0.01 kg/100 km]."""

SPAN_SCHEMA = {"span_vin": "string", "span_no": "int64", "from_s": "int64", "to_s": "int64"}

RUN_COLUMNS = (
    "vin",
    "started_at_s",
    "ended_at_s",
    "first_seq",
    "last_seq",
    "is_first",
    "is_last",
    "odometer",
    *(f"{side}_{name}" for side in ("prev", "next") for name in BESIDE_COLUMNS),
    "quiet_at_s",
    "longitude_e6",
    "latitude_e6",
    "coordinate_system",
    "first_fuel_at_s",
    "first_pressure_kpa",
    "first_temperature_dc",
    "last_fuel_at_s",
    "last_pressure_kpa",
    "last_temperature_dc",
    *(f"{side}_{name}" for side in ("before", "after") for name in FIX_COLUMNS),
)


def standing_runs(steps: Table) -> Table:
    """Give the `runs` table: unbroken standings of a minute or more, and the first and last standing of each truck's
    data, for which a slow truck is one that stands.

    Parameters
    ----------
    steps : readings with steps (`h2corridor.activity.readings.add_steps`)
    """
    known = steps.filter(steps.speed.notnull())
    track = ibis.window(group_by=known.vin, order_by=known.seq)
    moved = known.odometer - known.odometer.lag().over(track)
    left = ((moved < 0) | (moved > 2)).fill_null(False)
    marked = known.mutate(
        breaks=((known.speed > 0) | left).ifelse(1, 0),
        first_known=known.seq.min().over(group_by=known.vin),
        last_known=known.seq.max().over(group_by=known.vin),
    )
    islands = marked.mutate(
        island=marked.breaks.sum().over(ibis.cumulative_window(group_by=marked.vin, order_by=marked.seq))
    )
    at_an_end = (islands.seq == islands.first_known) | (islands.seq == islands.last_known)
    standing = islands.filter((islands.speed == 0) | (at_an_end & (islands.speed < SLOW_SPEED)))
    quiet = (standing.cell_current.fill_null(0) == 0) | (standing.silence_s > LONGEST_STEP_S)
    runs = standing.group_by(["vin", "island"]).agg(
        started_at_s=standing.at_s.min(),
        ended_at_s=standing.at_s.max(),
        first_seq=standing.seq.min(),
        last_seq=standing.seq.max(),
        quiet_at_s=standing.at_s.min(where=quiet),
        placed_seq=standing.seq.min(where=standing.longitude_e6.notnull() & standing.latitude_e6.notnull()),
        first_fuel_seq=standing.seq.min(where=_fuelled(standing)),
        last_fuel_seq=standing.seq.max(where=_fuelled(standing)),
        first_known=standing.first_known.min(),
        last_known=standing.last_known.max(),
    )
    runs = runs.mutate(
        is_first=(runs.first_seq == runs.first_known).ifelse(1, 0).cast("int64"),
        is_last=(runs.last_seq == runs.last_known).ifelse(1, 0).cast("int64"),
    )
    long_enough = runs.ended_at_s - runs.started_at_s >= SHORTEST_RUN_S
    kept = runs.filter(long_enough | (runs.is_first == 1) | (runs.is_last == 1))
    return _looked_up(kept, steps).select(*RUN_COLUMNS)


def silences_of(steps: Table) -> Table:
    """Give the `silences` table: more than a minute in which a truck sent nothing that counts."""
    track = ibis.window(group_by=steps.vin, order_by=steps.seq)
    sides = steps.mutate(**{f"next_{name}": steps[name].lead().over(track) for name in SILENCE_SIDES})
    silent = sides.filter(sides.silence_s > LONGEST_STEP_S)
    return silent.select(
        *SILENCE_SIDES,
        *(f"next_{name}" for name in SILENCE_SIDES),
        vin=silent.vin,
        from_s=silent.at_s,
        to_s=silent.at_s + silent.silence_s,
    )


def truck_ends(steps: Table) -> Table:
    """Give, for each truck, its first and last reading and the first and last look into its tank."""
    ends = steps.group_by("vin").agg(
        first_at_s=steps.at_s.min(),
        last_at_s=steps.at_s.max(),
        first_fuel_seq=steps.seq.min(where=_fuelled(steps)),
        last_fuel_seq=steps.seq.max(where=_fuelled(steps)),
    )
    return _fuel_looks(ends, steps).drop("first_fuel_seq", "last_fuel_seq")


def span_sums(steps: Table, spans: Table) -> Table:
    """Add up the steps of every span; spans without readings are absent.

    Parameters
    ----------
    steps : readings with steps
    spans : see `SPAN_SCHEMA`; `from_s` exclusive, `to_s` inclusive
    """
    inside = (steps.vin == spans.span_vin) & (steps.at_s > spans.from_s) & (steps.at_s <= spans.to_s)
    joined = steps.inner_join(spans, inside)
    moving = joined.speed.fill_null(0) > 0
    active = moving | (joined.cell_current.fill_null(0) > 0)
    return joined.group_by(["vin", "span_no"]).agg(
        readings=joined.count(),
        moving_readings=moving.ifelse(1, 0).sum(),
        distance_ninths_mm=joined.distance_ninths_mm.sum(),
        distance_unknown=joined.distance_unknown.sum(),
        charge_twice=joined.charge_twice.sum(),
        energy_twice=joined.energy_twice.sum(),
        unobserved_s=joined.unobserved_s.sum(),
        unobserved_ninths_mm=joined.distance_ninths_mm.sum(where=joined.unobserved_s > 0).fill_null(0),
        first_at_s=joined.at_s.min(),
        last_at_s=joined.at_s.max(),
        first_active_s=joined.at_s.min(where=active),
        last_active_s=joined.at_s.max(where=active),
        first_soc_pct=joined.soc_pct.argmin(joined.seq, where=joined.soc_pct.notnull()),
        last_soc_pct=joined.soc_pct.argmax(joined.seq, where=joined.soc_pct.notnull()),
    )


def reported_use(steps: Table, uses: Table, spans: Table) -> Table:
    """Add up, span by span, what trucks report as their consumption (edition 2016) over the distance driven.

    Parameters
    ----------
    steps : readings with steps
    uses : what every received row counts as
    spans : see `SPAN_SCHEMA`

    Returns
    -------
    vin, span_no, reported (ninths of a millimetre times 0.01 kg/100 km), unreported_ninths_mm: driven without it
    """
    inside = (steps.vin == spans.span_vin) & (steps.at_s > spans.from_s) & (steps.at_s <= spans.to_s)
    joined = steps.inner_join(spans, inside)
    signals = uses.select(of_file=uses.file, of_row=uses.row, consumption=uses.consumption_raw)
    both = joined.inner_join(signals, (joined.file == signals.of_file) & (joined.row == signals.of_row))
    known = (both.consumption <= HIGHEST_CONSUMPTION).fill_null(False)
    driven = both.distance_ninths_mm
    return both.group_by(["vin", "span_no"]).agg(
        reported=known.ifelse(driven * both.consumption, 0).sum().cast("int64"),
        unreported_ninths_mm=known.ifelse(0, driven).sum().cast("int64"),
    )


def _fuelled(table: Table) -> Column:
    return table.pressure_kpa.notnull() & table.temperature_dc.notnull()


def _looked_up(runs: Table, steps: Table) -> Table:
    """Fetch what single readings of a run say: its last odometer, what stands before and after it, its first place, its
    looks into the tank.
    """
    track = ibis.window(group_by=steps.vin, order_by=steps.seq)
    last = steps.select(
        "vin",
        last_seq=steps.seq,
        odometer=steps.odometer,
        **{f"next_{name}": steps[name].lead().over(track) for name in BESIDE_COLUMNS},
    )
    first = steps.select(
        "vin", first_seq=steps.seq, **{f"prev_{name}": steps[name].lag().over(track) for name in BESIDE_COLUMNS}
    )
    placed = steps.select(
        "vin",
        placed_seq=steps.seq,
        longitude_e6=steps.longitude_e6,
        latitude_e6=steps.latitude_e6,
        coordinate_system=steps.coordinate_system,
    )
    with_ends = _fetch(_fetch(runs, first, "first_seq"), last, "last_seq")
    return _fixes_beside(_fuel_looks(_fetch(with_ends, placed, "placed_seq"), steps), steps)


def _fixes_beside(runs: Table, steps: Table) -> Table:
    """Fetch the last fix up to a standing and the first one from it on, each with its odometer."""
    placed_seq = (steps.longitude_e6.notnull() & steps.latitude_e6.notnull()).ifelse(steps.seq, ibis.null("int64"))
    so_far = ibis.window(group_by=steps.vin, order_by=steps.seq, preceding=None, following=0)
    from_here = ibis.window(group_by=steps.vin, order_by=steps.seq, preceding=0, following=None)
    beside = steps.select(
        "vin",
        first_seq=steps.seq,
        last_seq=steps.seq,
        before_seq=placed_seq.max().over(so_far),
        after_seq=placed_seq.min().over(from_here),
    )
    found = _fetch(runs, beside.select("vin", "first_seq", "before_seq"), "first_seq")
    found = _fetch(found, beside.select("vin", "last_seq", "after_seq"), "last_seq")
    for side in ("before", "after"):
        fix = steps.select(
            **{"vin": steps.vin, f"{side}_seq": steps.seq}, **{f"{side}_{name}": steps[name] for name in FIX_COLUMNS}
        )
        found = _fetch(found, fix, f"{side}_seq")
    return found


def _fuel_looks(table: Table, steps: Table) -> Table:
    for name in ("first", "last"):
        looks = steps.select(
            **{
                "vin": steps.vin,
                f"{name}_fuel_seq": steps.seq,
                f"{name}_fuel_at_s": steps.at_s,
                f"{name}_pressure_kpa": steps.pressure_kpa,
                f"{name}_temperature_dc": steps.temperature_dc,
            }
        )
        table = _fetch(table, looks, f"{name}_fuel_seq")
    return table


def _fetch(table: Table, looks: Table, sequence: str) -> Table:
    renamed = looks.rename(looked_vin="vin", looked_seq=sequence)
    joined = table.left_join(renamed, (table.vin == renamed.looked_vin) & (table[sequence] == renamed.looked_seq))
    return joined.drop("looked_vin", "looked_seq")
