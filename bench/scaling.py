"""How cost grows with frames: memory from a day to a year, CPU seconds at ten times the frames.

    python bench/scaling.py [FRAMES]         about so many frames (30000, or BENCH_SCALING_FRAMES) and ten times as many

1 memory     one truck's day of telemetry again and again in one csv.gz, decoded to Parquet: 1, 10, 100 days, a year
2 decoding   so many frames and ten times as many, csv.gz to Parquet, in turns: CPU seconds, median of five ratios
3 whole run  the same for `trial run`, with `BENCH_SCALING_RUNS` turns (0: left out)

Ratios say something about the software. Nothing here passes or fails.
"""

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from costs import cpu_seconds, peak_mb
from stages import grown, run_in_own_process

from h2corridor.app.frame_table import write_frame_table
from h2corridor.intake import TelemetryPath

FRAMES_DEFAULT = 30_000
TURNS = 5
DAYS = (1, 10, 100, 365)
COPIES_A_DAY = 3
"""The packaged day has 2,901 frames; three of them are a day of a frame every ten seconds."""


def write_days(target: Path, days: int) -> int:
    """One csv.gz with so many days of frames; the number of frames."""
    with as_file(files("h2corridor") / "demo" / "first-run") as source:
        content = gzip.decompress(next(source.glob("telemetry/*/*.csv.gz")).read_bytes())
    header, rows = content.split(b"\n", 1)
    with gzip.open(target, "wb", compresslevel=1) as out:
        out.write(header + b"\n")
        for _ in range(days * COPIES_A_DAY):
            out.write(rows)
    return rows.count(b"\n") * days * COPIES_A_DAY


def decode_files(paths: list[Path], target: Path) -> None:
    """Decode telemetry files into one Parquet file after another."""
    for path in paths:
        place = TelemetryPath(path=path.name, vin="LBENCHSCALE000001", day="2026-03-02")
        write_frame_table(path, place, target)


def measure_in_own_process(paths: list[Path], target: Path) -> tuple[float, float]:
    """CPU seconds and the most memory of decoding files in a process of its own."""
    command = [sys.executable, __file__, "--decode", str(target), *map(str, paths)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    cpu, peak = json.loads(printed)
    return cpu, peak


def _print_memory(folder: Path) -> None:
    for days in DAYS:
        frames = write_days(folder / "days.csv.gz", days)
        _, peak = measure_in_own_process([folder / "days.csv.gz"], folder / "days.parquet")
        sys.stdout.write(f"decoding {days:4} days of a truck, {frames:9} frames: at most {peak:5.0f} MB\n")


def _print_growth(name: str, frames: tuple[int, int], ratios: list[float]) -> None:
    sys.stdout.write(
        f"{name}: {frames[1] / frames[0]:.1f} times the frames ({frames[0]} and {frames[1]}) took"
        f" {statistics.median(ratios):.1f} times the CPU seconds, median of {len(ratios)}"
        f" ({min(ratios):.1f} to {max(ratios):.1f})\n"
    )


def _decoding_ratios(small: Path, large: Path, scratch: Path) -> Iterator[float]:
    few, many = (sorted(dataset.glob("telemetry/*/*.csv.gz")) for dataset in (small, large))
    for _ in range(TURNS):
        less, more = (measure_in_own_process(paths, scratch / "one.parquet")[0] for paths in (few, many))
        yield more / less


def _run_ratios(small: Path, large: Path, scratch: Path, runs: int) -> Iterator[float]:
    for turn in range(runs):
        workspaces = (scratch / f"{turn}-few", scratch / f"{turn}-many")
        less, more = map(run_in_own_process, (small, large), workspaces)
        peaks = [max(cost.peak_mb for cost in costs) for costs in (less, more)]
        ratio = sum(cost.cpu_s for cost in more) / sum(cost.cpu_s for cost in less)
        sys.stdout.write(f"trial run {turn + 1}: {ratio:.1f} times, at most {peaks[0]:.0f} and {peaks[1]:.0f} MB\n")
        yield ratio


def main(arguments: list[str]) -> None:
    """Measure and print; `--decode TARGET FILES` is the process that is measured."""
    if arguments[:1] == ["--decode"]:
        began = cpu_seconds()
        decode_files([Path(each) for each in arguments[2:]], Path(arguments[1]))
        sys.stdout.write(json.dumps([cpu_seconds() - began, peak_mb()]))
        return
    frames = int(arguments[0] if arguments else os.environ.get("BENCH_SCALING_FRAMES", FRAMES_DEFAULT))
    runs = int(os.environ.get("BENCH_SCALING_RUNS", TURNS))
    with (
        grown(frames) as (small, few, _),
        grown(10 * frames) as (large, many, _),
        tempfile.TemporaryDirectory(prefix="h2corridor-bench-") as scratch,
    ):
        _print_memory(Path(scratch))
        _print_growth("decoding", (few, many), list(_decoding_ratios(small, large, Path(scratch))))
        if runs:
            _print_growth("trial run", (few, many), list(_run_ratios(small, large, Path(scratch), runs)))


if __name__ == "__main__":
    main(sys.argv[1:])
