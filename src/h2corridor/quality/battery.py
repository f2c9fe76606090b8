"""Checks of the traction battery's items: counts and extremes against the lists of cells and probes in the same row."""

import ibis

from h2corridor.activity.readings import Column, Table
from h2corridor.quality.registry import CheckTables, check
from h2corridor.quality.runs import by_bit, runs_of
from h2corridor.quality.texts import names_of_bits

_EXTREMES = {
    "highest cell voltage": ("v_max", 0xFFFE),
    "lowest cell voltage": ("v_min", 0xFFFE),
    "highest probe temperature": ("c_max", 0xFE),
    "lowest probe temperature": ("c_min", 0xFE),
}
_MILLIVOLTS, _DEGREES = 1000, 1


@check("sensor.count-differs")
def count_differs(tables: CheckTables) -> Table:
    """Rows of edition 2016 that list more cells than they declare, or fewer where their truck lists all of them in most
    rows; else fewer are the part that one row has room for.
    """
    share_pct = int(tables.threshold("sensor.count-differs", "usual_pct_min"))
    counted = tables.uses.filter(tables.uses.at_s.notnull() & tables.uses.cells_declared_raw.notnull())
    is_whole = counted.cells_listed == counted.cells_declared_raw
    usual = counted.group_by("vin").agg(whole_pct=is_whole.cast("int64").sum() * 100 // counted.count())
    known = counted.inner_join(usual.rename(usual_vin="vin"), counted.vin == usual.vin)
    more, fewer = (
        known.cells_listed > known.cells_declared_raw,
        (known.cells_listed < known.cells_declared_raw) & (known.whole_pct >= share_pct),
    )
    rows = known.filter(more | fewer)
    placed = rows.select("file", "row", "vin", "at_s", declared=rows.cells_declared_raw, listed=rows.cells_listed)
    return runs_of(placed, by=["declared", "listed"])


@check("sensor.extremes", extremes=names_of_bits(tuple(_EXTREMES)))
def extremes(tables: CheckTables) -> Table:
    """Rows whose extremes are not those of the lists in the same row: beyond them, or, in a whole one, beside them."""
    uses = tables.uses
    counted = uses.filter(uses.at_s.notnull())
    limits = {
        "v": int(tables.threshold("sensor.extremes", "difference_v_max") * _MILLIVOLTS),
        "c": int(tables.threshold("sensor.extremes", "difference_c_max") * _DEGREES),
    }
    flags = [_is_off(counted, name, abnormal, limits[name[0]]) for name, abnormal in _EXTREMES.values()]
    rows = counted.select("file", "row", "vin", "at_s", extremes=by_bit(flags))
    return runs_of(rows.filter(rows.extremes > 0), masks=["extremes"])


def _is_off(rows: Table, name: str, abnormal: int, limit: int) -> Column:
    said, listed = rows[f"said_{name}_raw"], rows[f"listed_{name}_raw"]
    over = listed - said if name.endswith("max") else said - listed
    is_whole = ibis.literal(True) if name[0] == "c" else rows.cells_listed == rows.cells_declared_raw
    return (said < abnormal) & ((over > limit) | (is_whole.fill_null(False) & (over < -limit)))
