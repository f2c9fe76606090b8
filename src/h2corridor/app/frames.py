"""Received telemetry as the `frames` table: one Parquet file a received file, made anew by every run.

The tables are derived: they can be removed at any time and come again with the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from h2corridor.app.frame_table import FRAMES_SCHEMA, NOT_READ, write_frame_table
from h2corridor.app.processes import run_in_order
from h2corridor.intake import TelemetryPath
from h2corridor.model.findings import Finding
from h2corridor.store.files import Receipt, Workspace, storage_errors

__all__ = ["FRAMES_SCHEMA", "NOT_READ", "Progress", "iterate_frames", "make_frames"]

PROCESSES_FROM_BYTES = 40_000_000
"""Fewer received bytes than this are decoded sooner than other processes have started."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""


def make_frames(
    workspace: Workspace, files: Sequence[tuple[TelemetryPath, Receipt]], progress: Progress, *, processes: int = 1
) -> tuple[list[Path], list[Finding]]:
    """Decode the received telemetry files.

    Parameters
    ----------
    workspace : open for writing
    files : telemetry paths with their receipts
    processes : at most so many work at the same time

    Returns
    -------
    the Parquet files, in the order given, and what intake found in the received ones

    Raises
    ------
    StorageError
        A file cannot be read or written. `decode.process-lost`: a process ended before its work did.
    """
    folder = workspace.tables_path / "frames"
    jobs = [(workspace.content_path(receipt), place, _target(folder, place, receipt)) for place, receipt in files]
    received_bytes = sum(receipt.manifest.size for _, receipt in files)
    findings: list[Finding] = []
    progress("decode", 0, len(files))
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        made = run_in_order(write_frame_table, jobs, processes if received_bytes >= PROCESSES_FROM_BYTES else 1)
        for done, found in enumerate(made, start=1):
            findings += found
            progress("decode", done, len(files))
    return [target for _, _, target in jobs], findings


def _target(folder: Path, place: TelemetryPath, receipt: Receipt) -> Path:
    name = hashlib.sha256(place.path.encode()).hexdigest()[:16]
    return folder / f"{receipt.manifest.sha256[:32]}.{name}.parquet"


def iterate_frames(tables: Sequence[Path]) -> Iterator[dict[str, object]]:
    """Give the rows of frame tables one after another, as the plain reference reads them."""
    for path in tables:
        for batch in pq.ParquetFile(path).iter_batches():
            yield from batch.to_pylist()
