"""From readings with steps to standings, silences and span sums, one row after another: the plain reference of the
platform's expressions.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from h2verify.activity.readings import LONGEST_STEP_S, SLOW_SPEED, has_left, is_placed
from h2verify.activity.rows import Reading
from h2verify.activity.values import Span, SpanSums

LONG_SILENCE_S = 600
SHORTEST_RUN_S = 60
NEAR_FIX_STEPS = 5
"""A fix counts for a standing from which it lies no more than this many odometer steps [0.1 km] away."""

FIX_COLUMNS = ("odometer", "longitude_e6", "latitude_e6", "coordinate_system")
BESIDE_COLUMNS = ("at_s", "odometer", "pressure_kpa", "temperature_dc")
SILENCE_SIDES = (
    *("speed", "odometer", "longitude_e6", "latitude_e6", "coordinate_system"),
    *("pressure_kpa", "temperature_dc"),
)

Row = dict[str, Any]
_vin_of = attrgetter("vin")
_at_s_of = attrgetter("at_s")


def standing_runs(readings: Iterable[Reading]) -> list[Row]:
    """Give the `runs` table: unbroken standings of a minute or more, and the first and last standing of each truck's
    data, for which a slow truck is one that stands.
    """
    runs: list[Row] = []
    for _, group in groupby(readings, key=_vin_of):
        rows = list(group)
        fixes = _Fixes(rows)
        known = [row for row in rows if row.speed is not None]
        for run in _runs_of(known):
            is_first, is_last = run[0] is known[0], run[-1] is known[-1]
            if is_first or is_last or run[-1].at_s - run[0].at_s >= SHORTEST_RUN_S:
                beside = {
                    "prev": rows[run[0].seq - 1] if run[0].seq > 0 else None,
                    "next": rows[run[-1].seq + 1] if run[-1].seq + 1 < len(rows) else None,
                }
                runs.append(_run_row(run, beside, is_first, is_last) | fixes.beside(run))
    return runs


def silences_of(steps: Iterable[Reading]) -> list[Row]:
    """Give the `silences` table: more than a minute in which a truck sent nothing that counts, and both its sides."""
    return [
        {"vin": row.vin, "from_s": row.at_s, "to_s": row.at_s + row.silence_s}
        | {name: row[name] for name in SILENCE_SIDES}
        | {f"next_{name}": following[name] for name in SILENCE_SIDES}
        for row, following in pairwise(steps)
        if row.silence_s > LONGEST_STEP_S
    ]


def truck_ends(readings: Iterable[Reading]) -> dict[str, Row]:
    """Give, for each truck, its first and last reading and the first and last look into its tank."""
    ends: dict[str, Row] = {}
    for vin, group in groupby(readings, key=_vin_of):
        rows = list(group)
        ends[vin] = {"vin": vin, "first_at_s": rows[0].at_s, "last_at_s": rows[-1].at_s} | _fuel_ends(rows)
    return ends


def sum_spans(steps: Iterable[Reading], spans: Iterable[Span]) -> list[SpanSums]:
    """Add up the steps of every span, in order of truck and span."""
    by_truck = {vin: list(group) for vin, group in groupby(steps, key=_vin_of)}
    return [_span_sums(span, _between(by_truck.get(span.vin, []), span.from_s, span.to_s)) for span in spans]


def _between(rows: Sequence[Reading], from_s: int, to_s: int) -> Sequence[Reading]:
    """The readings after `from_s` and up to `to_s`; they are in order of time."""
    return rows[bisect_right(rows, from_s, key=_at_s_of) : bisect_right(rows, to_s, key=_at_s_of)]


def _runs_of(known: Sequence[Reading]) -> Iterator[list[Reading]]:
    run: list[Reading] = []
    previous: Reading | None = None
    for row in known:
        if run and (row.speed or (previous is not None and has_left(previous, row))):
            yield run
            run = []
        at_an_end = row is known[0] or row is known[-1]
        if row.speed == 0 or (at_an_end and row.speed is not None and row.speed < SLOW_SPEED):
            run.append(row)
        previous = row
    if run:
        yield run


def _run_row(run: Sequence[Reading], beside: Mapping[str, Reading | None], is_first: bool, is_last: bool) -> Row:
    placed = next((row for row in run if is_placed(row)), None)
    quiet = next((row.at_s for row in run if not row.cell_current or row.silence_s > LONGEST_STEP_S), None)
    return {
        "vin": run[0].vin,
        "started_at_s": run[0].at_s,
        "ended_at_s": run[-1].at_s,
        "first_seq": run[0].seq,
        "last_seq": run[-1].seq,
        "is_first": int(is_first),
        "is_last": int(is_last),
        "odometer": run[-1].odometer,
        **{f"{side}_{name}": row[name] if row else None for side, row in beside.items() for name in BESIDE_COLUMNS},
        "quiet_at_s": quiet,
        "longitude_e6": placed.longitude_e6 if placed else None,
        "latitude_e6": placed.latitude_e6 if placed else None,
        "coordinate_system": placed.coordinate_system if placed else None,
    } | _fuel_ends(run)


class _Fixes:
    """The places of a truck's readings that have one, found from any reading."""

    def __init__(self, rows: Sequence[Reading]) -> None:
        self._placed = [row for row in rows if is_placed(row)]
        self._seqs = [row.seq for row in self._placed]

    def beside(self, run: Sequence[Reading]) -> Row:
        """Give the last fix up to a standing and the first one from its end on, each with its odometer."""
        before, after = bisect_right(self._seqs, run[0].seq) - 1, bisect_left(self._seqs, run[-1].seq)
        sides = {
            "before": self._placed[before] if before >= 0 else None,
            "after": self._placed[after] if after < len(self._placed) else None,
        }
        return {f"{side}_{name}": row[name] if row else None for side, row in sides.items() for name in FIX_COLUMNS}


def _fuel_ends(rows: Sequence[Reading]) -> Row:
    first, last = next(filter(_fuelled, rows), None), next(filter(_fuelled, reversed(rows)), None)
    ends: Row = {}
    for name, row in (("first", first), ("last", last)):
        ends[f"{name}_fuel_at_s"] = row.at_s if row else None
        ends[f"{name}_pressure_kpa"] = row.pressure_kpa if row else None
        ends[f"{name}_temperature_dc"] = row.temperature_dc if row else None
    return ends


def _fuelled(row: Reading) -> bool:
    return row.pressure_kpa is not None and row.temperature_dc is not None


def _span_sums(span: Span, rows: Sequence[Reading]) -> SpanSums:
    active = [row.at_s for row in rows if row.speed or (row.cell_current or 0) > 0]
    charged = [row.soc_pct for row in rows if row.soc_pct is not None]
    return SpanSums(
        span=span,
        readings=len(rows),
        moving_readings=sum(1 for row in rows if row.speed),
        distance_ninths_mm=sum(row.distance_ninths_mm for row in rows),
        distance_unknown=sum(row.distance_unknown for row in rows),
        charge_twice=sum(row.charge_twice for row in rows),
        energy_twice=sum(row.energy_twice for row in rows),
        unobserved_s=sum(row.unobserved_s for row in rows),
        unobserved_ninths_mm=sum(row.distance_ninths_mm for row in rows if row.unobserved_s > 0),
        first_at_s=rows[0].at_s if rows else None,
        last_at_s=rows[-1].at_s if rows else None,
        first_active_s=min(active, default=None),
        last_active_s=max(active, default=None),
        first_soc_pct=charged[0] if charged else None,
        last_soc_pct=charged[-1] if charged else None,
    )
