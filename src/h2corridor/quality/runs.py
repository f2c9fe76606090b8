"""Faulty rows drawn together into runs: one expression for all table checks."""

from collections.abc import Sequence

import ibis

from h2corridor.activity.readings import Column, Table

ROWS_APART_MAX = 12
"""Faulty rows of one file at most this far apart are one run (two minutes of frames every ten seconds)."""


@ibis.udf.agg.builtin(name="bit_or")  # type: ignore[untyped-decorator] # Ibis ships no types
def _bit_or(mask: int) -> int:  # type: ignore[empty-body] # the engine has it; Ibis's own name for it is not known to Spark
    """The union of masks of bits."""


def runs_of(
    rows: Table,
    *,
    by: Sequence[str] = (),
    first: Sequence[str] = (),
    masks: Sequence[str] = (),
    sums: Sequence[str] = (),
) -> Table:
    """Draw faulty rows together.

    Parameters
    ----------
    rows : one faulty row each: file, row, vin, at_s, and the columns named below
    by : columns that a run has in common, besides file and truck
    first : columns of which a run shows the value in its first row
    masks : columns of bits of which a run shows the union
    sums : columns of which a run shows the sum

    Returns
    -------
    one row a run: file, row, last_row, vin, at_s (the earliest), count and the named columns
    """
    keys = ["file", "vin", *by]
    track = ibis.window(group_by=keys, order_by="row")
    goes_on = (rows.row - rows.row.lag().over(track) <= ROWS_APART_MAX).fill_null(False)
    marked = rows.mutate(starts=goes_on.ifelse(0, 1))
    so_far = ibis.cumulative_window(group_by=keys, order_by="row")
    runs = marked.mutate(run=marked.starts.sum().over(so_far))
    grouped = runs.group_by([*keys, "run"]).agg(
        last_row=runs.row.max(),
        at_s=runs.at_s.min(),
        count=runs.count(),
        **{name: runs[name].argmin(runs.row) for name in first},
        **{name: _bit_or(runs[name]) for name in masks},
        **{name: runs[name].sum() for name in sums},
        first_row=runs.row.min(),
    )
    return grouped.rename(row="first_row").select(
        "file", "row", "last_row", "vin", "at_s", "count", *by, *first, *masks, *sums
    )


def by_bit(conditions: Sequence[Column]) -> Column:
    """Give the mask in which bit n says that condition n holds."""
    bits = [condition.fill_null(False).ifelse(1 << n, 0) for n, condition in enumerate(conditions)]
    return sum(bits[1:], start=bits[0]).cast("int64")
