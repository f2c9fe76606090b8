"""New, late and corrected files: a run computes what they touch, and all of it is as if computed from nothing."""

import gzip
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from made_runs import NOW_MS, read_files

from h2corridor.app.bootstrap import make_request
from h2corridor.app.export import list_statements
from h2corridor.app.trial_run import Work, run_trial
from h2corridor.model.report import Report
from h2corridor.store.files import Workspace

LAST = "telemetry/LRHNATBW7TU013612/2026-03-10.csv.gz"


@pytest.fixture(scope="module")
def work_into(keys_folder: Path) -> Callable[..., Work]:
    """Run a trial; give what was computed of it."""

    def run(dataset: Path, workspace: Path, *, now_ms: int = NOW_MS, from_nothing: bool = False) -> Work:
        told: list[Work] = []
        request = make_request(
            dataset,
            workspace,
            now_ms=now_ms,
            keys=keys_folder,
            salt_seed=keys_folder / "salt.seed",
            from_nothing=from_nothing,
        )
        run_trial(request, lambda *_: None, worked=told.append)
        return told[0]

    return run


def _instalments(source: Path, chance: random.Random) -> Iterator[dict[str, bytes]]:
    """The files of a data set in three parts, the last of them one day of one truck. Of some an earlier version comes
    first: tables without their last row, telemetry without its second half.
    """
    files = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and "truth" not in path.parts
    }
    last = {LAST: files.pop(LAST)}
    first = {name: data for name, data in files.items() if name == "trial.toml" or chance.random() < 0.6}
    earlier = {name: _earlier(name, data) for name, data in first.items() if chance.random() < 0.3}
    yield {**first, **earlier}
    yield {name: data for name, data in files.items() if name not in first or name in earlier}
    yield last


def _earlier(name: str, data: bytes) -> bytes:
    if name == "trial.toml":
        return data
    if name.endswith(".gz"):
        lines = gzip.decompress(data).splitlines(keepends=True)
        return gzip.compress(b"".join(lines[: len(lines) // 2]), mtime=0)
    return b"".join(data.splitlines(keepends=True)[:-1])


@pytest.mark.slow
def test_a_trial_that_comes_in_parts_ends_as_one_from_nothing_and_a_new_day_computes_one_file_and_truck(
    rehearsal: tuple[Report, Path], trials_dir: Path, work_into: Callable[..., Work], tmp_path: Path
) -> None:
    dataset, workspace = tmp_path / "dataset", tmp_path / "workspace"
    for day, part in enumerate(_instalments(trials_dir / "rehearsal", random.Random(20260311))):
        for name, data in part.items():
            target = dataset / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        work = work_into(dataset, workspace, now_ms=NOW_MS - (2 - day) * 3_600_000)
    whole = rehearsal[1]
    reports = [json.loads((folder / "report" / "report.json").read_bytes()) for folder in (whole, workspace)]
    stated = {each["statement_id"] for each in reports[0]["shipments"]} - {None}

    assert (13, 1, 5, 1) == (work.files, work.decoded, work.trucks, work.measured)
    assert read_files(whole / "tables") == read_files(workspace / "tables")
    assert _but_report(whole) == _but_report(workspace)
    assert {**reports[0], "checkpoint": None} == {**reports[1], "checkpoint": None}
    assert stated == {each.statement_id for each in list_statements(workspace) if each.status == "in_force"}
    assert [] == Workspace.open(workspace).fsck()


def _but_report(workspace: Path) -> dict[str, str]:
    return {name: digest for name, digest in read_files(workspace / "report").items() if name != "report.json"}


@pytest.fixture
def copied(first_run: tuple[Report, Path], tmp_path: Path) -> Path:
    """A copy of the workspace of the small trial."""
    return shutil.copytree(first_run[1], tmp_path / "workspace")


def test_the_same_data_again_compute_nothing(dataset: Path, copied: Path, work_into: Callable[..., Work]) -> None:
    before = read_files(copied)

    assert (0, 0) == ((work := work_into(dataset, copied)).decoded, work.measured)
    assert before == read_files(copied)


def test_a_new_line_in_the_papers_measures_no_truck_again(
    dataset: Path, copied: Path, work_into: Callable[..., Work]
) -> None:
    with (dataset / "station_energy.csv").open("a", encoding="utf-8") as file:
        file.write("FR-GANSHUI,2026-03-03,10.0,Chongqing\n")

    assert (0, 0) == ((work := work_into(dataset, copied)).decoded, work.measured)


def test_another_line_in_the_register_measures_its_truck_again_and_decodes_nothing(
    dataset: Path, copied: Path, work_into: Callable[..., Work]
) -> None:
    register = dataset / "vehicles.csv"
    text = register.read_text("utf-8")
    columns, row = (line.split(",") for line in text.splitlines()[:2])
    row[columns.index("cells_per_stack")] = "999"
    register.write_text("\n".join([",".join(columns), ",".join(row)]) + "\n", "utf-8")

    assert (0, 1) == ((work := work_into(dataset, copied)).decoded, work.measured)


def test_a_damaged_table_is_made_again_and_named_where_all_is_computed_from_nothing(
    dataset: Path, copied: Path, first_run: tuple[Report, Path], keys_folder: Path
) -> None:
    table = next((copied / "tables" / "trucks").glob("*.readings.parquet"))
    table.write_bytes(table.read_bytes()[:-1])
    command = [
        sys.executable,
        "-c",
        "from h2corridor.cli import main; main()",
        *("trial", "run", str(dataset), "--workspace", str(copied), "--from-nothing", "--language", "en"),
        *("--keys", str(keys_folder), "--salt-seed", str(keys_folder / "salt.seed")),
        *("--now", "2026-03-05T16:40:00+08:00"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (1, read_files(first_run[1])) == (done.returncode, read_files(copied))
    assert f"tables/trucks/{table.name.partition('.')[0]}\n" in done.stderr
