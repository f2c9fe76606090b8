"""Work in several processes gives what work in one gives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from h2corridor.app.frame_table import write_frame_table
from h2corridor.app.processes import run_in_order
from h2corridor.intake import TelemetryPath
from h2corridor.model.errors import StorageError


def test_results_come_in_the_order_of_the_jobs() -> None:
    assert [8, 9, 1] == list(run_in_order(pow, [(2, 3), (3, 2), (1, 5)], 2))


def test_files_decoded_by_two_processes_are_the_bytes_of_those_decoded_by_one(trials_dir: Path, tmp_path: Path) -> None:
    files = sorted(trials_dir.glob("rehearsal/telemetry/*/*-09.csv.gz"))[:3]
    places = [
        TelemetryPath(path=f"telemetry/{file.parent.name}/{file.name}", vin=file.parent.name, day="2026-03-09")
        for file in files
    ]
    made: dict[int, list[object]] = {}
    for processes in (1, 2):
        targets = [tmp_path / f"{processes}-{number}.parquet" for number in range(len(files))]
        findings = list(run_in_order(write_frame_table, list(zip(files, places, targets, strict=True)), processes))
        made[processes] = [findings, [target.read_bytes() for target in targets]]

    assert len(files) == 3
    assert made[1] == made[2]


def test_what_one_process_raises_is_raised_here() -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(run_in_order(os.stat, [("/",), ("nowhere",)], 2))


def test_a_process_that_ends_before_its_work_does_is_said_to() -> None:
    with pytest.raises(StorageError) as raised:
        list(run_in_order(os._exit, [(3,), (3,)], 2))

    assert "decode.process-lost" == raised.value.code
    assert "--threads 1" in raised.value.next_step


def test_a_script_that_cannot_be_imported_twice_is_told_what_to_write(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from h2corridor.app.processes import run_in_order\nprint(list(run_in_order(pow, [(2, 3), (3, 2)], 2)))\n",
        encoding="utf-8",
    )
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)

    assert 1 == ran.returncode
    assert "decode.process-lost" in ran.stderr
    assert 'if __name__ == "__main__":' in ran.stderr
