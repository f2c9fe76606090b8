"""Frames made by hand, and the public trials through the project's own intake, decoder and activity, to findings."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from h2verify.gbt32960 import FRAME_COLUMNS

from h2corridor.activity.papers import papers_of
from h2corridor.activity.readings import REGISTER_SCHEMA, add_steps, frame_uses, readings_of
from h2corridor.app.measure import measure
from h2corridor.intake import DatasetFolder, TelemetryReader, list_telemetry_paths, read_trial_facts
from h2corridor.model.findings import Finding
from h2corridor.protocols.gbt32960 import decode_columns
from h2corridor.quality import (
    CheckTables,
    Evidence,
    evidence_checks,
    finding_from_row,
    silences,
    sort_findings,
    table_checks,
)
from h2corridor.store.duckdb import open_engine

sys.path.insert(0, str(Path(__file__).parent))
from made_frames import COLUMNS, DAY, OTHER_TRUCK, SCHEMA, TEXTS, TRUCK, Frames

FindIn = Callable[..., list[Finding]]


@pytest.fixture(scope="session")
def find_in() -> Iterator[FindIn]:
    """Give what a table check finds in frames, in order; trucks are of edition 2016 unless said."""
    connection = ibis.duckdb.connect(threads=1)

    def find(code: str, frames: Frames, *, edition: int = 2016, stack_count: int = 1) -> list[Finding]:
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
        uses = connection.create_table("uses", frame_uses(ibis.memtable(table), register), overwrite=True)
        steps = connection.create_table("steps", add_steps(readings_of(uses, register)), overwrite=True)
        tables = CheckTables(uses=uses, steps=steps, vehicles=register, on_day=DAY)
        rows = connection.to_pyarrow(table_checks()[code](tables)).to_pylist()
        return sort_findings(finding_from_row(code, row) for row in rows)

    yield find
    connection.disconnect()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFindings:
    """All findings of a trial: what intake says and what the checks say."""

    root: Path
    evidence: Evidence
    findings: Sequence[Finding]


@pytest.fixture(scope="session")
def rehearsal(trials_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> TrialFindings:
    return _findings_of(trials_dir / "rehearsal", tmp_path_factory.mktemp("rehearsal"))


@pytest.fixture(scope="session")
def first_run(trials_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> TrialFindings:
    return _findings_of(trials_dir / "first-run", tmp_path_factory.mktemp("first-run"))


def _findings_of(root: Path, scratch: Path) -> TrialFindings:
    facts, findings = read_trial_facts(DatasetFolder(root))
    frames, telemetry_findings = _read_frames(root)
    with open_engine(scratch, threads=2, memory_mb=1024) as engine:
        columns = {name: frames.column(name).to_pylist() for name in COLUMNS}
        kinds = {name: "string" if name in TEXTS else "int64" for name in COLUMNS}
        made = measure(engine, engine.create("frames", columns, kinds), papers_of(facts))
        tables = CheckTables(uses=made.uses, steps=made.steps, vehicles=made.register, on_day=DAY)
        rows = {code: engine.list_rows(check(tables)) for code, check in table_checks().items()}
    evidence = Evidence(facts=facts, cut=made.cut, outcome=made.outcome, silences=silences(rows["time.gap"]))
    found = [finding_from_row(code, row) for code, each in rows.items() for row in each]
    found += [finding for check in evidence_checks().values() for finding in check(evidence)]
    return TrialFindings(root=root, evidence=evidence, findings=sort_findings([*findings, *telemetry_findings, *found]))


def _read_frames(root: Path) -> tuple[pa.Table, list[Finding]]:
    places, findings = list_telemetry_paths(DatasetFolder(root).list_paths())
    tables = []
    for place in places:
        with (root / place.path).open("rb") as stream:
            reader = TelemetryReader(place.path, stream)
            tables += [_frame_table(batch, place.path, place.vin) for batch in reader]
        findings = [*findings, *reader.findings]
    return pa.concat_tables(tables), findings


def _frame_table(batch: Any, path: str, vin: str) -> pa.Table:
    decoded = decode_columns(batch.frame_bytes, batch.offsets)
    made = {
        "file": pa.array([path] * len(batch), pa.string()),
        "row": pa.array(batch.rows),
        "folder_vin": pa.array([vin] * len(batch), pa.string()),
        "received_at_ms": pa.array(batch.received_at_ms, mask=~batch.received_at_known),
        "received_at_s": pa.array(np.floor_divide(batch.received_at_ms, 1000), mask=~batch.received_at_known),
    }
    for name in FRAME_COLUMNS:
        made[name] = pa.array(decoded.values[name], SCHEMA.field(name).type, mask=~decoded.valid[name])
    return pa.table(made, schema=SCHEMA)
