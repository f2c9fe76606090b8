"""Checks of positions: no fix while moving, the null island, another datum."""

from h2verify.activity.stands import GCJ02

from h2corridor.activity.readings import Column, Table
from h2corridor.quality.registry import CheckTables, check
from h2corridor.quality.runs import runs_of

INVALID_FIX_ROWS_MIN = 3
"""One or two rows without a fix are a bridge, not a fault."""


@check("position.invalid-fix")
def invalid_fix(tables: CheckTables) -> Table:
    """Runs of rows without a valid fix while the truck moves."""
    uses = tables.uses
    runs = runs_of(_counted(tables, ((uses.position_status & 1) == 1) & (uses.speed_raw > 0)))
    return runs.filter(runs["count"] >= INVALID_FIX_ROWS_MIN)


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
