"""Frames made by hand, and the public trials through the project's own intake, decoder and activity, to findings."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from h2corridor.accounting.custody import replay
from h2corridor.activity.papers import papers_of
from h2corridor.activity.readings import REGISTER_SCHEMA, add_steps, frame_uses, readings_of
from h2corridor.app.custody import custody_evidence
from h2corridor.app.frame_table import frame_table
from h2corridor.app.measure import Measured, measure
from h2corridor.app.rules import get_rule_set
from h2corridor.app.testing import check_expressions, check_tables, run_checks
from h2corridor.intake import DatasetFolder, TelemetryPath, TelemetryReader, list_telemetry_paths, read_trial_facts
from h2corridor.model.findings import Finding
from h2corridor.protocols.gbt32960 import decode_columns
from h2corridor.quality import CheckTables, finding_from_row, sort_findings, table_checks
from h2corridor.quality.position import position_jumps, with_course
from h2corridor.quality.terminals import logins_of
from h2corridor.store.duckdb import open_engine

sys.path.insert(0, str(Path(__file__).parent))
from made_frames import DAY, OTHER_TRUCK, PERIOD_S, SCHEMA, TRUCK, Frames

FindIn = Callable[..., list[Finding]]
Rows = list[dict[str, Any]]


class FrameTables:
    """The tables of frames made by hand; those of the last frames are kept, as many checks may read them."""

    def __init__(self) -> None:
        self._connection = ibis.duckdb.connect(threads=1)
        self._last: tuple[Any, ...] | None = None
        self._tables: CheckTables | None = None

    def of(self, frames: Frames, edition: int, stack_count: int, period_s: tuple[int, int] = PERIOD_S) -> CheckTables:
        """Give the tables that checks read; trucks are of this edition and have so many stacks."""
        key = (frames, edition, stack_count, period_s)
        if self._tables is None or self._last != key:
            self._last, self._tables = key, self._make(*key)
        return self._tables

    def list_rows(self, expression: Any) -> Rows:
        """Give the rows of an expression."""
        return list(self._connection.to_pyarrow(expression).to_pylist())

    def close(self) -> None:
        """Let go of all tables."""
        self._connection.disconnect()

    def _make(self, frames: Frames, edition: int, stack_count: int, period_s: tuple[int, int]) -> CheckTables:
        table = pa.Table.from_pylist(frames, SCHEMA)
        register = ibis.memtable(
            {
                "truck_vin": [TRUCK, OTHER_TRUCK],
                "truck_edition": [edition] * 2,
                "stack_count": [stack_count] * 2,
                "cells": [560] * 2,
            },
            schema=REGISTER_SCHEMA,
        )
        keep = self._connection.create_table
        uses = keep("uses", frame_uses(ibis.memtable(table), register, period_s), overwrite=True)
        steps = keep("steps", add_steps(readings_of(uses, register)), overwrite=True)
        return CheckTables(uses=uses, steps=steps, vehicles=register, on_day=DAY)


@pytest.fixture(scope="session")
def frame_tables() -> Iterator[FrameTables]:
    tables = FrameTables()
    yield tables
    tables.close()


@pytest.fixture(scope="session")
def find_in(frame_tables: FrameTables) -> FindIn:
    """Give what a table check finds in frames, in order; trucks are of edition 2016 unless said.

    What papers say of the corridor is given by name, as in `CheckTables`.
    """

    def find(code: str, frames: Frames, *, edition: int = 2016, stack_count: int = 1, **papers: Any) -> list[Finding]:
        tables = replace(frame_tables.of(frames, edition, stack_count), **papers)
        rows = frame_tables.list_rows(table_checks()[code](tables))
        return sort_findings(finding_from_row(code, row) for row in rows)

    return find


@pytest.fixture(scope="session")
def jumps_in(frame_tables: FrameTables) -> Callable[[Frames], Rows]:
    """Give the jumps between fixes in frames, as evidence checks read them."""
    return lambda frames: with_course(frame_tables.list_rows(position_jumps(frame_tables.of(frames, 2016, 1))))


@pytest.fixture(scope="session")
def logins_in(frame_tables: FrameTables) -> Callable[[Frames], Rows]:
    """Give the logins in frames, as evidence checks read them."""
    return lambda frames: frame_tables.list_rows(logins_of(frame_tables.of(frames, 2016, 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFindings:
    """All findings of a trial: what intake says and what the checks say; and what was measured."""

    root: Path
    measured: Measured
    findings: Sequence[Finding]


TrialTester = Callable[[Path], TrialFindings]


@pytest.fixture(scope="session")
def rehearsal(trials_dir: Path, find_in_trial: TrialTester) -> TrialFindings:
    return find_in_trial(trials_dir / "rehearsal")


@pytest.fixture(scope="session")
def first_run(trials_dir: Path, find_in_trial: TrialTester) -> TrialFindings:
    return find_in_trial(trials_dir / "first-run")


@pytest.fixture(scope="session")
def find_in_trial(tmp_path_factory: pytest.TempPathFactory) -> TrialTester:
    """Give what all checks find in a data set; a telemetry file that was read before is not decoded again."""
    decoded: dict[tuple[str, bytes], tuple[pa.Table, Sequence[Finding]]] = {}

    def find(root: Path) -> TrialFindings:
        facts, findings = read_trial_facts(DatasetFolder(root))
        places, path_findings = list_telemetry_paths(DatasetFolder(root).list_paths())
        found, tables = [*findings, *path_findings], []
        for place in places:
            key = (place.path, (root / place.path).read_bytes())
            if key not in decoded:
                decoded[key] = _read_frames(root, place.path, place.vin)
            tables.append(decoded[key][0])
            found += decoded[key][1]
        scratch = tmp_path_factory.mktemp("engine")
        pq.write_table(pa.concat_tables(tables), scratch / "frames.parquet")
        with open_engine(scratch, threads=2, memory_mb=1024) as engine:
            frames = engine.keep("frames", engine.open_parquet([scratch / "frames.parquet"], SCHEMA))
            measured = measure(engine, frames, papers_of(facts))
            expressions = check_expressions(check_tables(facts, measured.readings, {}))
            checked = {name: engine.list_rows(table) for name, table in expressions.items()}
            ledger = replay(facts, measured.cut, measured.outcome)
            custody = custody_evidence(facts, ledger, [get_rule_set("iso14083")])
            findings = run_checks(facts, measured, checked, found, {}, custody=custody)
            return TrialFindings(root=root, measured=measured, findings=findings)

    return find


def _read_frames(root: Path, path: str, vin: str) -> tuple[pa.Table, Sequence[Finding]]:
    with (root / path).open("rb") as stream:
        reader = TelemetryReader(path, stream)
        place = TelemetryPath(path=path, vin=vin, day=Path(path).name[:10])
        tables = [frame_table(batch, place, decode_columns(batch.frame_bytes, batch.offsets)) for batch in reader]
    return pa.concat_tables(tables or [SCHEMA.empty_table()]), reader.findings
