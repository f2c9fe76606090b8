"""What a stranger waits for: `h2verify` on a bundle of each depth, as multiples of starting Python alone.

    python bench/verify.py [TIMES]           the best of so many runs (5)

The packaged trial, one truck's day, is run once; the bundle of its first statement is verified by the command in a
process of its own. Only multiples and counts say something about the software. Nothing here passes or fails.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from h2corridor.app.bootstrap import make_release_signer, make_request
from h2corridor.app.export import export_bundle, list_statements
from h2corridor.app.release import record_release
from h2corridor.app.trial_run import run_trial
from h2corridor.statements.bundle import DEPTHS

TIMES_DEFAULT = 5
NOW_MS = 1_772_700_000_000
PEAK = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL)
print(os.wait4(child.pid, 0)[2].ru_maxrss)
"""
"""A small process between: what the kernel counts as a child's memory begins with that of its parent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How long a command took and how much memory it held at most."""

    seconds: float
    peak_mb: float


def write_bundles(folder: Path) -> list[Path]:
    """A bundle of each depth of the packaged trial's first statement."""
    with as_file(files("h2corridor") / "demo" / "first-run") as dataset:
        run_trial(make_request(dataset, folder / "workspace", now_ms=NOW_MS), lambda *_: None)
    statement_id = list_statements(folder / "workspace")[0].statement_id
    said = dict.fromkeys(("decided_by", "recipient", "purpose", "basis"), "bench")
    log = make_release_signer(folder / "workspace", None)
    record_release(folder / "workspace", statement_id, now_ms=NOW_MS, log=log, **said)
    for depth in DEPTHS:
        (folder / f"{depth}.zip").write_bytes(export_bundle(folder / "workspace", statement_id, depth))
    return [folder / f"{depth}.zip" for depth in DEPTHS]


def measure(arguments: list[str], times: int) -> Run:
    """The best of several runs of a Python command, and the memory of one more."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - began)
    peak = subprocess.run([sys.executable, "-c", PEAK, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return Run(seconds=min(seconds), peak_mb=int(peak.stdout) / 1024)


def main(arguments: list[str]) -> int:
    """Print a line a depth."""
    times = int(arguments[0]) if arguments else TIMES_DEFAULT
    with tempfile.TemporaryDirectory() as scratch:
        start = measure(["-c", "pass"], times)
        sys.stdout.write(f"{'starting Python alone':24s} {start.seconds:7.3f} s\n")
        for path in write_bundles(Path(scratch)):
            run = measure(["-m", "h2verify", str(path)], times)
            size_kb, multiple = path.stat().st_size / 1024, run.seconds / start.seconds
            sys.stdout.write(
                f"h2verify, {path.stem:14s} {run.seconds:7.3f} s {multiple:7.1f} times that start"
                f" {run.peak_mb:7.0f} MB {size_kb:7.0f} KB of bundle\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
