"""The engine's expressions against the plain reference, row by row, on fleets at random."""

import itertools
from collections.abc import Sequence
from typing import Any

import ibis
import pyarrow as pa
import pytest
from h2verify.activity import readings as reference
from h2verify.activity import standings as reference_standings
from h2verify.activity.uses import frame_uses as frame_uses_one_by_one
from h2verify.activity.values import Span, SpanSums
from hypothesis import example, given, settings
from random_frames import COLUMNS, PERIOD_S, TRUCKS, Fleet, every_threshold, fleets

from h2corridor.activity.readings import REGISTER_SCHEMA, add_steps, frame_uses, readings_of
from h2corridor.activity.standings import SPAN_SCHEMA, silences_of, span_sums, standing_runs, truck_ends

Row = dict[str, Any]
Table = Any

SUMS = [name for name in SpanSums.__dataclass_fields__ if name != "span"]


class _Engine:
    """DuckDB in memory; every expression is turned into SQL once and run anew on the rows of each example."""

    def __init__(self) -> None:
        self._connection = ibis.duckdb.connect(threads=2)
        given = {"frames": COLUMNS, "register": REGISTER_SCHEMA, "spans": SPAN_SCHEMA}
        frames, register, spans = (self._connection.create_table(name, schema=given[name]) for name in given)
        self._kept: dict[str, str] = {}
        uses = self._keep("uses", frame_uses(frames, register, PERIOD_S))
        self._keep("steps", add_steps(readings_of(uses, register)))
        steps = self._connection.table("steps")
        self._keep("runs", standing_runs(steps))
        self._keep("silences", silences_of(steps))
        self._keep("ends", truck_ends(steps))
        self._keep("sums", span_sums(steps, spans))

    def run(self, **given: Sequence[Row]) -> None:
        """Put rows into the given tables and compute the kept ones anew."""
        for name, rows in given.items():
            schema = self._connection.table(name).schema().to_pyarrow()
            self._connection.create_table(name, pa.Table.from_pylist(rows, schema=schema), overwrite=True)
        for name, sql in self._kept.items():
            self._connection.raw_sql(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def list_rows(self, name: str, *order: str) -> list[Row]:
        """Give the rows of a kept table in an order."""
        found = self._connection.raw_sql(f"SELECT * FROM {name} ORDER BY {', '.join(order)}")
        rows: list[Row] = found.to_arrow_table().to_pylist()
        return rows

    def _keep(self, name: str, expression: Table) -> Table:
        self._kept[name] = str(ibis.to_sql(expression, dialect="duckdb"))
        return self._connection.create_table(name, expression)


@pytest.fixture(scope="module")
def engine() -> _Engine:
    return _Engine()


REGISTER = [
    {"truck_vin": t.vin, "truck_edition": t.edition, "stack_count": t.stack_count, "cells": t.cells}
    for t in TRUCKS.values()
]


def _spans(readings: Sequence[Row], cuts_s: Sequence[int]) -> list[Span]:
    """Spans between the cuts for every truck, empty ones and one beyond the data among them."""
    made = []
    for vin in sorted({row["vin"] for row in readings}):
        last = max(row["at_s"] for row in readings if row["vin"] == vin)
        first = min(row["at_s"] for row in readings if row["vin"] == vin) - 1
        for number, (start, end) in enumerate(itertools.pairwise([first, *cuts_s, last, last + 600])):
            made.append(Span(vin=vin, span_no=number, segment_no=0, window_no=0, from_s=start, to_s=end))
    return made


def _span_row(span: Span) -> Row:
    return {"span_vin": span.vin, "span_no": span.span_no, "from_s": span.from_s, "to_s": span.to_s}


def _sums_row(sums: SpanSums) -> Row:
    return {"vin": sums.span.vin, "span_no": sums.span.span_no, **{name: getattr(sums, name) for name in SUMS}}


@settings(max_examples=40, deadline=None)
@given(fleet=fleets())
@example(fleet=every_threshold())
def test_the_engines_tables_equal_the_plain_reference_row_by_row(engine: _Engine, fleet: Fleet) -> None:
    uses = frame_uses_one_by_one(fleet.frames, TRUCKS, PERIOD_S)
    steps = reference.add_steps(reference.readings_of(uses, TRUCKS))
    spans = _spans(steps, fleet.cuts_s)
    sums = [_sums_row(each) for each in reference_standings.sum_spans(steps, spans) if each.readings]
    engine.run(frames=fleet.frames, register=REGISTER, spans=[_span_row(span) for span in spans])

    assert uses == engine.list_rows("uses", "file", "row")
    assert steps == engine.list_rows("steps", "vin", "seq")
    assert reference_standings.standing_runs(steps) == engine.list_rows("runs", "vin", "first_seq")
    assert reference_standings.silences_of(steps) == engine.list_rows("silences", "vin", "from_s")
    assert list(reference_standings.truck_ends(steps).values()) == engine.list_rows("ends", "vin")
    assert sums == engine.list_rows("sums", "vin", "span_no")
