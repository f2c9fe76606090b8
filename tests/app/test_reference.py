"""The tables of a run equal those of the plain reference, digest by digest, with one thread and with two."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from h2verify.activity import run_reference
from h2verify.table import table_digest

from h2corridor.activity.papers import papers_of
from h2corridor.app.frames import iterate_frames
from h2corridor.app.measure import HYDROGEN_COLUMNS, TRIP_COLUMNS, hydrogen_rows
from h2corridor.intake import DatasetFolder, read_trial_facts
from h2corridor.model.report import Report

Rows = list[dict[str, Any]]


def _digest(rows: Rows, columns: list[str]) -> str:
    return table_digest({column: [row[column] for row in rows] for column in columns})


def _reference_digests(dataset: Path, workspace: Path) -> dict[str, str]:
    facts, _ = read_trial_facts(DatasetFolder(dataset))
    frames = list(iterate_frames(sorted((workspace / "tables" / "frames").glob("*.parquet"))))
    tables, _, outcome = run_reference(frames, papers_of(facts))
    hydrogen = sorted(hydrogen_rows(outcome), key=lambda row: (row["vin"], row["span_no"], row["origin"]))
    return {
        "frame_uses": _digest(tables["frame_uses"], ["file", "row", "use", "at_s", "clock_off"]),
        "readings": _digest(tables["readings"], list(tables["readings"][0])),
        "trips": _digest(sorted(outcome.trips, key=lambda row: row["trip_id"]), list(TRIP_COLUMNS)),
        "trip_hydrogen": _digest(hydrogen, list(HYDROGEN_COLUMNS)),
    }


@pytest.mark.parametrize("trial", ["first-run", "rehearsal"])
@pytest.mark.parametrize("threads", [1, 2])
def test_the_engine_and_the_plain_reference_give_the_same_tables(
    trial: str, threads: int, trials_dir: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    run_into(trials_dir / trial, tmp_path / "workspace", threads=threads)
    kept = json.loads((tmp_path / "workspace" / "tables" / "digests.json").read_bytes())

    assert _reference_digests(trials_dir / trial, tmp_path / "workspace") == kept
