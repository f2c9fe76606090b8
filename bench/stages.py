"""What each stage of a run costs: its share, frames a second, and the ratio to hashing the same bytes alone.

    python bench/stages.py [FRAMES]          about so many frames (300000, or BENCH_FRAMES)

The packaged trial is grown to many trucks and run once, in a process of its own. The hashing limit is what no run can
be faster than, as every received byte is hashed: SHA-256 of the bytes as received and of what unpacks from them. Only
ratios, shares and counts say something about the software; seconds are about the machine and who else is using it.
Nothing here passes or fails.
"""

import gzip
import hashlib
import importlib.resources
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from costs import cpu_seconds, peak_mb
from grow_trial import grow_trial

from h2corridor.app.bootstrap import make_request
from h2corridor.app.trial_run import run_trial

FRAMES_DEFAULT = 300_000
FRAMES_OF_THE_TRIAL = 2901
CHUNK_BYTES = 1 << 20
RECEIPT_MS = 1_772_582_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a stage took, by the clock and of processors, and the most memory the process had held by its end."""

    stage: str
    seconds: float
    cpu_s: float
    peak_mb: float


def run_stages(dataset: Path, workspace: Path) -> Iterator[Cost]:
    """Run a trial and give what each stage took, in order."""
    begun: list[tuple[str, float, float]] = []
    peaks: dict[str, float] = {}

    def notice(stage: str, _done: int, _whole: int) -> None:
        if begun:
            peaks[begun[-1][0]] = peak_mb()
        if not begun or begun[-1][0] != stage:
            begun.append((stage, time.perf_counter(), cpu_seconds()))

    run_trial(make_request(dataset, workspace, now_ms=RECEIPT_MS), notice)
    ended = [*begun[1:], ("", time.perf_counter(), cpu_seconds())]
    for (stage, started, cpu_started), (_, end, cpu_end) in zip(begun, ended, strict=True):
        cost = {"seconds": end - started, "cpu_s": cpu_end - cpu_started}
        yield Cost(stage=stage, peak_mb=peaks.get(stage, peak_mb()), **cost)


def hash_alone(dataset: Path, *, unpacked: bool) -> tuple[int, float]:
    """Bytes and seconds of hashing every file, as received or what unpacks from it."""
    size, digest, seconds = 0, hashlib.sha256(), 0.0
    for path in sorted(each for each in dataset.rglob("*") if each.is_file()):
        with gzip.open(path) if unpacked and path.suffix == ".gz" else path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                started = time.perf_counter()
                digest.update(chunk)
                seconds += time.perf_counter() - started
                size += len(chunk)
    return size, seconds


@contextmanager
def grown(frames: int) -> Iterator[tuple[Path, int, Path]]:
    """A data set of about so many frames, how many they are, and where a workspace may be."""
    with tempfile.TemporaryDirectory(prefix="h2corridor-bench-") as folder:
        packaged = importlib.resources.files("h2corridor") / "demo" / "first-run"
        dataset = Path(folder) / "dataset"
        with importlib.resources.as_file(packaged) as source:
            made = grow_trial(source, dataset, max(1, round(frames / FRAMES_OF_THE_TRIAL)))
        yield dataset, made, Path(folder) / "workspace"


def run_in_own_process(dataset: Path, workspace: Path) -> list[Cost]:
    """Run a trial in a process of its own; what its stages took."""
    command = [sys.executable, __file__, "--run", str(dataset), str(workspace)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [Cost(**each) for each in json.loads(printed)]


def print_costs(costs: list[Cost], frames: int, hashing: dict[str, tuple[int, float]]) -> None:
    """Print what stages took beside hashing alone."""
    say = sys.stdout.write
    say(f"{frames} frames\n")
    for name, (size, seconds) in hashing.items():
        say(f"SHA-256 of the bytes {name}: {size / 1e6:.1f} MB in {seconds:.3f} s\n")
    received, unpacked = (seconds for _, seconds in hashing.values())
    limit = received + unpacked
    say(f"hashing limit: {frames / limit:.0f} frames/s on one core; load of the machine: {os.getloadavg()[0]:.1f}\n")
    say(f"\n{'':10}{'s':>8}{'share':>8}{'CPU s':>8}{'frames/s':>12}{'x hashing':>12}{'peak MB':>10}\n")
    whole = Cost(
        stage="whole run",
        seconds=sum(cost.seconds for cost in costs),
        cpu_s=sum(cost.cpu_s for cost in costs),
        peak_mb=max(cost.peak_mb for cost in costs),
    )
    for cost in [*costs, whole]:
        rate, share = frames / cost.seconds if cost.seconds else 0, cost.seconds / whole.seconds
        say(f"{cost.stage:10}{cost.seconds:8.2f}{share:8.1%}{cost.cpu_s:8.2f}{rate:12.0f}")
        say(f"{cost.cpu_s / limit:12.1f}{cost.peak_mb:10.0f}\n")
    say("\nx hashing: CPU seconds as multiples of the hashing limit; peak: the most held until the stage ended\n")


def main(arguments: list[str]) -> None:
    """Grow, run, print; `--run DATASET WORKSPACE` is the process that is measured."""
    if arguments[:1] == ["--run"]:
        costs = run_stages(Path(arguments[1]), Path(arguments[2]))
        fields = ("stage", "seconds", "cpu_s", "peak_mb")
        sys.stdout.write(json.dumps([{name: getattr(cost, name) for name in fields} for cost in costs]))
        return
    frames = int(arguments[0] if arguments else os.environ.get("BENCH_FRAMES", FRAMES_DEFAULT))
    with grown(frames) as (dataset, made, workspace):
        hashing = {
            "as received": hash_alone(dataset, unpacked=False),
            "as unpacked": hash_alone(dataset, unpacked=True),
        }
        print_costs(run_in_own_process(dataset, workspace), made, hashing)


if __name__ == "__main__":
    main(sys.argv[1:])
