"""Checks of positions: no fix while moving, the null island, another datum, one fix for ever, far off; and jumps."""

from collections.abc import Iterable, Mapping
from typing import Any

import ibis
from h2verify.activity.readings import LONGEST_STEP_S
from h2verify.activity.stands import GCJ02

from h2corridor.activity.readings import Column, Table
from h2corridor.model.trial import TrialFacts
from h2corridor.quality.registry import Box, CheckTables, check
from h2corridor.quality.runs import runs_of

MM_A_MILLIONTH_NORTH = 111
"""A millionth of a degree of latitude."""
MM_A_MILLIONTH_EAST = 85
"""A millionth of a degree of longitude at 40 degrees of latitude; nearer the equator it is more."""
E6_A_KM = 9_009
FASTEST_MM_S = 40_000
"""144 km/h: a fifth above the highest speed allowed on a motorway."""
NINTHS_MM_A_KM = 9_000_000
COURSE_STEP_S_MAX = 11
"""Longer steps do not tell where a truck was going: one that brakes at 90 km/h ends up to 275 m short of it."""
_FIX = ("file", "row", "at_s", "longitude_e6", "latitude_e6", "coordinate_system")
_TOLD = ("seq", "at_s", "longitude_e6", "latitude_e6", "coordinate_system", "speed")
_STEPS_BESIDE = (-1, 1, -2, 2)
_WAYS = (0, *_STEPS_BESIDE)
"""A truck that stands stays in its place; one that drives goes on as it did in a step beside."""


@check("position.invalid-fix")
def invalid_fix(tables: CheckTables) -> Table:
    """Runs of rows without a valid fix while the truck moves; as long or as far as a tunnel goes they are told only."""
    rows_min, tunnel_s, tunnel_km = (
        int(tables.threshold("position.invalid-fix", name)) for name in ("rows_min", "tunnel_s_max", "tunnel_km_max")
    )
    uses, steps = tables.uses, tables.steps
    lost = _counted(tables, ((uses.position_status & 1) == 1) & (uses.speed_raw > 0))
    seconds = steps.at_s - steps.at_s.lag().over(ibis.window(group_by="vin", order_by="seq"))
    passed = steps.select(
        of_file=steps.file,
        of_row=steps.row,
        seconds=(seconds <= LONGEST_STEP_S).ifelse(seconds, 0).fill_null(0),
        driven=steps.distance_ninths_mm,
    )
    rows = lost.left_join(passed, (lost.file == passed.of_file) & (lost.row == passed.of_row))
    runs = runs_of(rows, sums=["seconds", "driven"])
    is_long = (runs.seconds > tunnel_s) | (runs.driven > tunnel_km * NINTHS_MM_A_KM)
    severity = is_long.fill_null(False).ifelse(ibis.null("string"), "info")
    return runs.mutate(severity=severity).filter(runs["count"] >= rows_min).drop("seconds", "driven")


@check("position.null-island")
def null_island(tables: CheckTables) -> Table:
    """Positions of 0, 0 that claim to be a fix."""
    uses = tables.uses
    nowhere = (uses.longitude_raw == 0) & (uses.latitude_raw == 0)
    return runs_of(_counted(tables, ((uses.position_status & 1) == 0) & nowhere))


@check("position.reprojected")
def reprojected(tables: CheckTables) -> Table:
    """Positions that came in GCJ-02."""
    return runs_of(_counted(tables, tables.uses.coordinate_system == GCJ02))


def _counted(tables: CheckTables, condition: Column) -> Table:
    uses = tables.uses
    return uses.filter(uses.at_s.notnull() & condition).select("file", "row", "vin", "at_s")


@check("position.frozen")
def frozen(tables: CheckTables) -> Table:
    """Runs of readings with one and the same valid fix while the truck drives on."""
    steps = tables.steps
    fixes = steps.filter(steps.longitude_e6.notnull())
    track = ibis.window(group_by="vin", order_by="seq")
    same = (fixes.longitude_e6 == fixes.longitude_e6.lag().over(track)) & (
        fixes.latitude_e6 == fixes.latitude_e6.lag().over(track)
    )
    so_far = ibis.cumulative_window(group_by="vin", order_by="seq")
    marked = fixes.mutate(same=same.fill_null(False).ifelse(1, 0))
    islands = marked.mutate(island=(1 - marked.same).sum().over(so_far))
    together = ibis.window(group_by=["vin", "island"])
    driven = (islands.same * islands.distance_ninths_mm).sum().over(together)
    least = int(tables.threshold("position.frozen", "driven_km_min")) * NINTHS_MM_A_KM
    rows = islands.mutate(driven=driven)
    return runs_of(rows.filter((rows.same == 1) & (rows.driven >= least)).select("file", "row", "vin", "at_s"))


@check("position.off-corridor")
def off_corridor(tables: CheckTables) -> Table:
    """Fixes outside the box around everything that the trial's trucks drive to."""
    steps, box = tables.steps, tables.corridor
    if box is None:
        return runs_of(steps.filter(ibis.literal(False)).select("file", "row", "vin", "at_s"))
    margin = int(tables.threshold("position.off-corridor", "margin_km_max")) * E6_A_KM
    inside = steps.longitude_e6.between(box.west_e6 - margin, box.east_e6 + margin) & steps.latitude_e6.between(
        box.south_e6 - margin, box.north_e6 + margin
    )
    return runs_of(steps.filter(steps.longitude_e6.notnull() & ~inside).select("file", "row", "vin", "at_s"))


def corridor_box(facts: TrialFacts) -> Box | None:
    """The box around the ends of the trial's road legs and its stations; None where its papers name none."""
    ends = {site for leg in facts.legs if leg.vin for site in (leg.origin_site, leg.destination_site)}
    sites = [site for site in facts.sites if site.site_id in ends or (ends and site.kind == "station")]
    if not sites:
        return None
    east, north = [site.longitude_e6 for site in sites], [site.latitude_e6 for site in sites]
    return Box(west_e6=min(east), east_e6=max(east), south_e6=min(north), north_e6=max(north))


def position_jumps(tables: CheckTables) -> Table:
    """Steps from fix to fix that are longer than what the truck drove or end off where it was going, and short steps
    from one datum to another; in order of truck and time.

    What was driven is what the odometer or, if that is more, the speed says; where both are silent, as far as a truck
    can. Where it was going follows from the two steps before and after, whichever leads nearest; in a bend one of them
    does. Only short steps tell.

    Returns
    -------
    vin, seq, the fix after a step (`file, row, at_s, longitude_e6, latitude_e6, coordinate_system`), the fix before it
    (the same names and `_before`), and how far the one after lies from where the truck was going in each way, as
    received (`off_east_WAY, off_north_WAY`; absent where that way tells nothing); see `with_course`
    """
    slack_m = int(tables.threshold("position.jump", "beyond_driven_m_max"))
    pairs = _with_course(_pairs_of_fixes(tables.steps))
    north_mm = (pairs.latitude_e6 - pairs.latitude_e6_before).abs() * MM_A_MILLIONTH_NORTH
    east_mm = (pairs.longitude_e6 - pairs.longitude_e6_before).abs() * MM_A_MILLIONTH_EAST
    seconds = pairs.at_s - pairs.at_s_before
    by_odometer = (pairs.driven - pairs.driven_before) // 9
    fastest = ibis.greatest(pairs.speed.fill_null(0), pairs.speed_before.fill_null(0))
    by_speed = fastest * seconds * 1000 // 36
    unseen = (pairs.silent > pairs.silent_before).ifelse(seconds * FASTEST_MM_S, 0)
    reach = ibis.greatest(by_odometer, by_speed, unseen) + slack_m * 1000
    off = [(pairs[f"off_east_{way}"], pairs[f"off_north_{way}"]) for way in _WAYS]
    is_told = ibis.or_(*(east.notnull() for east, _ in off))
    is_off = is_told & ibis.and_(*((_square_m(*each) > slack_m * slack_m).fill_null(True) for each in off))
    one_datum = pairs.coordinate_system.identical_to(pairs.coordinate_system_before)
    is_change = pairs.coordinate_system != pairs.coordinate_system_before
    is_jump = one_datum & ((ibis.greatest(north_mm, east_mm) > reach) | is_off)
    jumps = pairs.filter(is_jump | (is_change & is_told).fill_null(False))
    return _placed(jumps, tables.steps).order_by(["vin", "seq"])


def with_course(jumps: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Add to the rows of `position_jumps` how far each fix lies from where its truck was going, by the way that leads
    nearest: `off_east_e6, off_north_e6`, as received; None where nothing tells.
    """
    result = []
    for jump in jumps:
        ways = [(jump[f"off_east_{way}"], jump[f"off_north_{way}"]) for way in _WAYS]
        told = [way for way in ways if way[0] is not None]
        east, north = min(told, key=_square_mm, default=(None, None))
        result.append({**jump, "off_east_e6": east, "off_north_e6": north})
    return result


def _square_mm(way: tuple[int, int]) -> int:
    return (way[0] * MM_A_MILLIONTH_EAST) ** 2 + (way[1] * MM_A_MILLIONTH_NORTH) ** 2


def _placed(jumps: Table, steps: Table) -> Table:
    """Add the rows of the fixes after and before a jump."""
    for side in ("", "_before"):
        rows = steps.select("vin", "seq", "file", "row")
        rows = rows.rename({f"vin{side}_": "vin", f"seq{side}_": "seq", f"file{side}": "file", f"row{side}": "row"})
        is_it = (jumps.vin == rows[f"vin{side}_"]) & (jumps[f"seq{side}"] == rows[f"seq{side}_"])
        jumps = jumps.inner_join(rows, is_it)
    names = [
        *_FIX,
        *(f"{name}_before" for name in _FIX),
        *(f"off_{name}_{way}" for name in ("east", "north") for way in _WAYS),
    ]
    return jumps.select("vin", "seq", *names)


def _pairs_of_fixes(steps: Table) -> Table:
    """The fixes, each with the one before it and what was driven in between."""
    every = ibis.cumulative_window(group_by="vin", order_by="seq")
    silent = (steps.speed.isnull() & steps.odometer.isnull()).ifelse(1, 0)
    summed = steps.select(
        "vin",
        *_TOLD,
        driven=steps.distance_ninths_mm.sum().over(every),
        silent=silent.sum().over(every),
    )
    fixes = summed.filter(summed.longitude_e6.notnull())
    track = ibis.window(group_by="vin", order_by="seq")
    known = (*_TOLD, "driven", "silent")
    return fixes.mutate(**{f"{name}_before": fixes[name].lag().over(track) for name in known})


def _with_course(pairs: Table) -> Table:
    """Add how far a fix lies from where its truck was going, by each of the steps beside; a truck that stands goes
    nowhere.
    """
    track = ibis.window(group_by="vin", order_by="seq")
    seconds = pairs.at_s - pairs.at_s_before
    short_s = (seconds <= COURSE_STEP_S_MAX).ifelse(seconds, ibis.null("int64"))
    one_datum = pairs.coordinate_system.identical_to(pairs.coordinate_system_before)
    stepped = pairs.mutate(
        seconds=short_s,
        course_s=(one_datum & (seconds > 0)).ifelse(short_s, ibis.null("int64")),
        east=pairs.longitude_e6 - pairs.longitude_e6_before,
        north=pairs.latitude_e6 - pairs.latitude_e6_before,
        stands=(pairs.speed == 0) & (pairs.speed_before == 0) & (pairs.driven == pairs.driven_before),
    )
    beside = {
        f"{name}_{place}": _beside(stepped[name], place).over(track)
        for place in _STEPS_BESIDE
        for name in ("course_s", "east", "north")
    }
    return _with_ways_off(stepped.mutate(**beside))


def _with_ways_off(pairs: Table) -> Table:
    """Add how far a fix lies from where each step beside leads, and from the fix before it where the truck stands."""
    ways = {}
    for name in ("east", "north"):
        ways[f"off_{name}_0"] = pairs.stands.ifelse(pairs[name], ibis.null("int64"))
        for place in _STEPS_BESIDE:
            led = pairs[f"{name}_{place}"] * pairs.seconds // pairs[f"course_s_{place}"]
            ways[f"off_{name}_{place}"] = pairs[name] - led
    return pairs.mutate(**ways)


def _beside(column: Column, steps_on: int) -> Column:
    """The value so many steps on, or back."""
    return column.lead(steps_on) if steps_on > 0 else column.lag(-steps_on)


def _square_m(east_e6: Column, north_e6: Column) -> Column:
    """The square of a distance [m2], the least it can be."""
    east_m, north_m = east_e6.abs() * MM_A_MILLIONTH_EAST // 1000, north_e6.abs() * MM_A_MILLIONTH_NORTH // 1000
    return east_m * east_m + north_m * north_m
