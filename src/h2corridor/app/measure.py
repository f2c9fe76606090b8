"""Frames measured: the activity expressions on an engine, the small arithmetic in `h2verify`, tables kept.

What frames become (`read_frames`, `truck_tables`, `span_tables`) follows, for each truck, from the frames in its folder
and the register alone: a frame that stands elsewhere never counts. So trucks can be measured apart and at any time. The
small arithmetic after it is about all of them together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from h2verify.activity import Cut, Outcome, Papers, cut, settle
from h2verify.activity.values import Span, SpanSums

from h2corridor.activity.readings import REGISTER_SCHEMA, add_steps, frame_uses, readings_of
from h2corridor.activity.standings import (
    SPAN_SCHEMA,
    reported_use,
    silences_of,
    span_sums,
    standing_runs,
    truck_ends,
)
from h2corridor.quality.rates import signal_rates

Table = Any
Row = dict[str, Any]

TRIP_COLUMNS = {
    "trip_id": "string",
    "vin": "string",
    "trip_no": "int64",
    "segment_no": "int64",
    "started_at_s": "int64",
    "ended_at_s": "int64",
    "origin_site": "string",
    "destination_site": "string",
    "distance_mm": "int64",
    "stack_charge_twice": "int64",
    "stack_energy_twice": "int64",
    "first_soc_pct": "int64",
    "last_soc_pct": "int64",
    "unobserved_s": "int64",
    "readings": "int64",
    "finished": "int64",
}
HYDROGEN_COLUMNS = {
    "vin": "string",
    "span_no": "int64",
    "segment_no": "int64",
    "window_no": "int64",
    "origin": "string",
    "mass_mg": "int64",
}
_SUMS = tuple(name for name in SpanSums.__dataclass_fields__ if name != "span")
_ABSENT = ("first_at_s", "last_at_s", "first_active_s", "last_active_s", "first_soc_pct", "last_soc_pct")


class TableEngine(Protocol):
    """What a run needs of a table engine."""

    name: str

    def create(self, name: str, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, str]) -> Table:
        """Make a table from columns in memory."""

    def keep(self, name: str, expression: Table) -> Table:
        """Compute an expression once and give the table it became."""

    def list_rows(self, expression: Table) -> list[Row]:
        """Give the rows of a small expression."""

    def write_parquet(self, expression: Table, path: Path) -> None:
        """Write an ordered expression as one Parquet file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What frames count as (`uses`), the readings with what lies between them (`steps`), and the register of trucks."""

    uses: Table
    steps: Table
    register: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a run measured; `readings` are tables of the engine, `rows` the small tables by name, see `truck_tables`,
    `reported` what trucks report as their consumption in each span.
    """

    readings: Readings
    rows: Mapping[str, Sequence[Row]]
    cut: Cut
    outcome: Outcome
    reported: Sequence[Row]


SpanRows = Callable[[Sequence[Span]], tuple[Sequence[Row], Sequence[Row]]]
"""Gives, for spans, the rows of their sums and of what trucks report in them."""


def measure(engine: TableEngine, frames: Table, papers: Papers) -> Measured:
    """Measure what the trucks did, all at once.

    Parameters
    ----------
    engine : runs the expressions
    frames : the `frames` table
    papers : what papers say beside the telemetry
    """
    readings = read_frames(engine, frames, register_table(engine, papers), papers.period_s)
    rows = {name: engine.list_rows(table) for name, table in truck_tables(readings).items()}
    return settle_trucks(readings, rows, lambda spans: span_rows(engine, readings, spans), papers)


def register_table(engine: TableEngine, papers: Papers) -> Table:
    """Make the table of registered trucks, see `REGISTER_SCHEMA`."""
    trucks = [papers.trucks[vin] for vin in sorted(papers.trucks)]
    columns: dict[str, Sequence[Any]] = {
        "truck_vin": [truck.vin for truck in trucks],
        "truck_edition": [truck.edition for truck in trucks],
        "stack_count": [truck.stack_count for truck in trucks],
        "cells": [truck.cells for truck in trucks],
    }
    return engine.create("register", columns, REGISTER_SCHEMA)


def read_frames(engine: TableEngine, frames: Table, register: Table, period_s: tuple[int, int]) -> Readings:
    """Compute what frames count as in a trial's period, and the readings."""
    uses = engine.keep("frame_uses", frame_uses(frames, register, period_s))
    steps = engine.keep("readings", add_steps(engine.keep("plain_readings", readings_of(uses, register))))
    return Readings(uses=uses, steps=steps, register=register)


def truck_tables(readings: Readings) -> dict[str, Table]:
    """Give the small tables about trucks: `runs`, `silences`, `ends`, `rates` of signals, and how many rows of a folder
    count as what (`counts`).
    """
    uses, steps = readings.uses, readings.steps
    return {
        "runs": standing_runs(steps),
        "silences": silences_of(steps),
        "ends": truck_ends(steps),
        "rates": signal_rates(uses),
        "counts": uses.group_by(["folder_vin", "use"]).agg(n=uses.count()).rename(vin="folder_vin"),
    }


def span_rows(engine: TableEngine, readings: Readings, spans: Sequence[Span]) -> tuple[Sequence[Row], Sequence[Row]]:
    """Add up what readings say of spans; see `SpanRows`."""
    table = span_table(engine, "spans", spans)
    sums = engine.list_rows(span_sums(readings.steps, table))
    return sums, engine.list_rows(reported_use(readings.steps, readings.uses, table))


def settle_trucks(readings: Readings, rows: Mapping[str, Sequence[Row]], rows_of: SpanRows, papers: Papers) -> Measured:
    """Turn what readings say into trips and hydrogen.

    Parameters
    ----------
    readings : for what reads them later
    rows : the rows of `truck_tables`, in any order
    rows_of : called once with the spans that trips and fills cut
    papers : what papers say beside the telemetry
    """
    runs = sorted(rows["runs"], key=lambda row: (row["vin"], row["first_seq"]))
    ends = {row["vin"]: row for row in sorted(rows["ends"], key=lambda row: str(row["vin"]))}
    made = cut(runs, sorted(rows["silences"], key=lambda row: (row["vin"], row["from_s"])), ends, papers)
    sums, reported = rows_of(made.spans)
    found = {(row["vin"], row["span_no"]): row for row in sums}
    whole = [_span_sums(span, found.get((span.vin, span.span_no))) for span in made.spans]
    outcome = settle(whole, made, papers)
    return Measured(readings=readings, rows=rows, cut=made, outcome=outcome, reported=reported)


def trip_tables(engine: TableEngine, outcome: Outcome) -> dict[str, Table]:
    """Give the tables of trips and their hydrogen, each in the order of its key."""
    hydrogen = _small(engine, "trip_hydrogen", hydrogen_rows(outcome), HYDROGEN_COLUMNS)
    return {
        "trips": _small(engine, "trips", outcome.trips, TRIP_COLUMNS).order_by("trip_id"),
        "trip_hydrogen": hydrogen.order_by(["vin", "span_no", "origin"]),
    }


def span_table(engine: TableEngine, name: str, spans: Sequence[Span]) -> Table:
    """Make a table of spans, see `SPAN_SCHEMA`."""
    columns: dict[str, Sequence[Any]] = {
        "span_vin": [span.vin for span in spans],
        "span_no": [span.span_no for span in spans],
        "from_s": [span.from_s for span in spans],
        "to_s": [span.to_s for span in spans],
    }
    return engine.create(name, columns, SPAN_SCHEMA)


def _span_sums(span: Span, row: Row | None) -> SpanSums:
    sums: Row = row or {name: None if name in _ABSENT else 0 for name in _SUMS}
    whole: Row = {name: None if sums[name] is None else int(sums[name]) for name in _SUMS}
    return SpanSums(span=span, **whole)


def hydrogen_rows(outcome: Outcome) -> list[Row]:
    """Give the rows of the `trip_hydrogen` table: every span's hydrogen by origin."""
    return [
        {
            "vin": entry.span.vin,
            "span_no": entry.span.span_no,
            "segment_no": entry.span.segment_no,
            "window_no": entry.span.window_no,
            "origin": origin,
            "mass_mg": mass,
        }
        for entry in outcome.hydrogen
        for origin, mass in entry.by_origin
    ]


def _small(engine: TableEngine, name: str, rows: Sequence[Row], schema: Mapping[str, str]) -> Table:
    return engine.create(name, {column: [row[column] for row in rows] for column in schema}, schema)
