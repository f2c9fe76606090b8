"""Frames measured: the activity expressions on an engine, the small arithmetic in `h2verify`, tables kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from h2verify.activity import Cut, Outcome, Papers, cut, settle
from h2verify.activity.values import Span, SpanSums

from h2corridor.activity.readings import REGISTER_SCHEMA, add_steps, frame_uses, readings_of
from h2corridor.activity.standings import SPAN_SCHEMA, long_silences, span_sums, standing_runs, truck_ends

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

    def write_parquet(self, expression: Table, path: Path) -> int:
        """Write an ordered expression as one Parquet file; give the number of rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a run measured; `uses`, `steps` and `register` are tables of the engine, the rest values."""

    uses: Table
    steps: Table
    register: Table
    runs: Sequence[Row]
    cut: Cut
    outcome: Outcome


def measure(engine: TableEngine, frames: Table, papers: Papers) -> Measured:
    """Measure what the trucks did.

    Parameters
    ----------
    engine : runs the expressions
    frames : the `frames` table
    papers : what papers say beside the telemetry
    """
    trucks = [papers.trucks[vin] for vin in sorted(papers.trucks)]
    columns: dict[str, Sequence[Any]] = {
        "truck_vin": [truck.vin for truck in trucks],
        "truck_edition": [truck.edition for truck in trucks],
        "stack_count": [truck.stack_count for truck in trucks],
        "cells": [truck.cells for truck in trucks],
    }
    register = engine.create("register", columns, REGISTER_SCHEMA)
    uses = engine.keep("frame_uses", frame_uses(frames, register, (papers.period_start_s, papers.period_end_s)))
    steps = engine.keep("readings", add_steps(engine.keep("plain_readings", readings_of(uses, register))))
    runs = engine.list_rows(standing_runs(steps).order_by(["vin", "first_seq"]))
    ends = {row["vin"]: row for row in engine.list_rows(truck_ends(steps).order_by("vin"))}
    silences = engine.list_rows(long_silences(steps).order_by(["vin", "from_s"]))
    made = cut(runs, silences, ends, papers)
    sums = _sums(engine, steps, made.spans)
    return Measured(uses=uses, steps=steps, register=register, runs=runs, cut=made, outcome=settle(sums, made, papers))


def measured_tables(engine: TableEngine, measured: Measured) -> dict[str, Table]:
    """Give the tables that a run keeps, each in the order of its key."""
    trips, hydrogen = measured.outcome.trips, hydrogen_rows(measured.outcome)
    return {
        "frame_uses": measured.uses.select("file", "row", "use", "at_s", "clock_off").order_by(["file", "row"]),
        "readings": measured.steps.order_by(["vin", "seq"]),
        "trips": _small(engine, "trips", trips, TRIP_COLUMNS).order_by("trip_id"),
        "trip_hydrogen": _small(engine, "trip_hydrogen", hydrogen, HYDROGEN_COLUMNS).order_by(
            ["vin", "span_no", "origin"]
        ),
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


def _sums(engine: TableEngine, steps: Table, spans: Sequence[Span]) -> list[SpanSums]:
    table = span_table(engine, "spans", spans)
    found = {(row["vin"], row["span_no"]): row for row in engine.list_rows(span_sums(steps, table))}
    return [_span_sums(span, found.get((span.vin, span.span_no))) for span in spans]


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
