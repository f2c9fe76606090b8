"""The array decoder beside the plain tuned walk of the same frames, and the way from csv.gz to Parquet.

    python bench/decode.py [ROWS] [FRAMES]     mixed rows for the decoder (40000); frames in csv.gz (600000)

Both decoders give the same columns with the check byte examined, and the same quantities: sentinels taken out, scale
and offset applied, in whole millionths. They take turns, in seconds of the processor, and the median of the ratios is
printed: it says something about the software, seconds only about the machine. Nothing here passes or fails.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from costs import cpu_seconds
from grow_trial import grow_trial
from mixed_frames import make_frames
from numpy.typing import NDArray
from walk import TunedWalk, list_quantities

from h2corridor.app.frame_table import write_frame_table
from h2corridor.app.processes import run_in_order
from h2corridor.intake import TelemetryPath
from h2corridor.intake.telemetry import BATCH_ROWS_MAX
from h2corridor.protocols.gbt32960 import ArrayDecoder, FrameColumns

ROWS_DEFAULT, FRAMES_DEFAULT = 40_000, 600_000
FRAMES_OF_THE_TRIAL = 2901
TURNS = 7
EDITIONS = (2016, 2025)

Quantities = dict[str, tuple[NDArray[np.int64], NDArray[np.bool_]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Rows one after another in memory, as a segment of the gateway holds them."""

    buffer: bytes
    offsets: NDArray[np.int64]

    def batches(self) -> Iterator[NDArray[np.int64]]:
        """The offsets, so many rows at a time."""
        for first in range(0, len(self.offsets) - 1, BATCH_ROWS_MAX):
            yield self.offsets[first : first + BATCH_ROWS_MAX + 1]


def make_segment(rows: list[bytes]) -> Segment:
    """The rows as a segment."""
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    return Segment(buffer=b"".join(rows), offsets=offsets)


def quantities_of(columns: FrameColumns) -> Quantities:
    """Every column that has a quantity in millionths of its unit, and where it has one."""
    by_edition = [list_quantities(year) for year in EDITIONS]
    edition = (columns.integers["edition"] == EDITIONS[1]).astype(np.intp)
    found: Quantities = {}
    for name in dict.fromkeys(name for quantities in by_edition for name in quantities):
        raw, known = columns.integers[name], columns.known[name]
        first, second = (quantities.get(name) for quantities in by_edition)
        if first == second or first is None or second is None:
            said = first or second
            limit, factor, offset = said.sentinel_min, said.factor, said.offset
        else:
            limit = np.array([first.sentinel_min, second.sentinel_min])[edition]
            factor = np.array([first.factor, second.factor])[edition]
            offset = np.array([first.offset, second.offset])[edition]
        found[name] = (raw * factor + offset, known & (raw < limit))
    return found


def decode_segment(decoder: ArrayDecoder, segment: Segment, *, digests: bool) -> int:
    """Decode all batches to columns and quantities; the number of rows."""
    rows = 0
    for offsets in segment.batches():
        columns = decoder.decode(segment.buffer, offsets)
        quantities_of(columns)
        if digests:
            columns.digest_units()
        rows += columns.rows
    return rows


def decode_rows(rows: int, seed: int, times: int, digests: bool) -> float:
    """Seconds by the clock that decoding a segment so many times takes this process."""
    segment, decoder = make_segment(make_frames(rows, seed)), ArrayDecoder()

    def decode() -> None:
        for _ in range(times):
            decode_segment(decoder, segment, digests=digests)

    decode()
    return _seconds(decode, time.perf_counter)


def measure_decoders(rows: int, turns: int = TURNS) -> list[str]:
    """What decoding mixed rows costs, the walk and the arrays taking turns; the lines to print."""
    frames = make_frames(rows)
    segment, walk, decoder = make_segment(frames), TunedWalk(), ArrayDecoder()
    walks: dict[bool, list[float]] = {False: [], True: []}
    arrays: dict[bool, list[float]] = {False: [], True: []}
    hashing: list[float] = []
    for _ in range(turns):
        for digests in (False, True):
            walks[digests].append(_seconds(lambda digests=digests: walk.read(frames, digests=digests)))
            arrays[digests].append(_seconds(lambda digests=digests: decode_segment(decoder, segment, digests=digests)))
        hashing.append(_seconds(lambda: [sha256(frame[24:-1]).digest() for frame in frames]))
    lines = [f"{rows} rows of mixed layouts, {len(segment.buffer) / rows:.0f} bytes each, one core, median of {turns}"]
    for digests, said in ((False, "check byte, columns, quantities"), (True, "the same with SHA-256 of data units")):
        ratio = statistics.median(walk / array for walk, array in zip(walks[digests], arrays[digests], strict=True))
        lines.append(
            f"  {said:36} walk {_per_row(walks[digests], rows)}   arrays {_per_row(arrays[digests], rows)}"
            f"   {ratio:5.1f} times   {rows / statistics.median(arrays[digests]):9.0f} frames/s"
        )
    lines.append(f"  {'SHA-256 of data units alone':36} {_per_row(hashing, rows)}")
    return lines


def measure_processes(rows: int, *, digests: bool, processes: int = 2, times: int = 10) -> str:
    """Frames a second that processes decode side by side from segments in memory."""
    jobs = [(rows, seed, times, digests) for seed in range(1, processes + 1)]
    rate = sum(rows * times / seconds for seconds in run_in_order(decode_rows, jobs, processes))
    said = "with" if digests else "without"
    return f"  from segments in memory, {processes} processes, {said} SHA-256 of data units: {rate:.0f} frames/s"


def measure_files(frames: int) -> Iterator[str]:
    """Frames a second from csv.gz files to Parquet files, by one process and by two."""
    with tempfile.TemporaryDirectory(prefix="h2corridor-bench-") as folder:
        dataset = Path(folder) / "dataset"
        with as_file(files("h2corridor") / "demo" / "first-run") as source:
            made = grow_trial(source, dataset, max(2, round(frames / FRAMES_OF_THE_TRIAL)))
        jobs = [
            (path, TelemetryPath(path=path.relative_to(dataset).as_posix(), vin=path.parent.name, day=path.name[:10]),
             Path(folder) / f"{path.parent.name}.parquet")
            for path in sorted(dataset.glob("telemetry/*/*.csv.gz"))
        ]  # fmt: skip
        size = sum(path.stat().st_size for path, _, _ in jobs)
        yield f"{made} frames in {len(jobs)} csv.gz of {size / 1e6:.1f} MB to Parquet:"
        yield "gunzip, rows, times, hexadecimal, decoding with digests, writing; starting the processes included"
        for processes in (1, 2):
            cpu_s, began = cpu_seconds(), time.perf_counter()
            list(run_in_order(write_frame_table, jobs, processes))
            seconds, cpu_s = time.perf_counter() - began, cpu_seconds() - cpu_s
            yield (
                f"  {processes} process{'es' * (processes > 1):3}{seconds:7.2f} s {made / seconds:9.0f} frames/s"
                f" {cpu_s:7.2f} CPU s {made / cpu_s:9.0f} frames a CPU second"
            )


def _seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    started = clock()
    work()
    return clock() - started


def _per_row(seconds: list[float], rows: int) -> str:
    return f"{statistics.median(seconds) / rows * 1e6:6.2f} us a row"


def main(arguments: list[str]) -> None:
    """Measure and print."""
    rows = int(arguments[0]) if arguments else ROWS_DEFAULT
    frames = int(arguments[1]) if len(arguments) > 1 else FRAMES_DEFAULT
    sys.stdout.write(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    side_by_side = (measure_processes(rows, digests=digests) for digests in (False, True))
    for line in (*measure_decoders(rows), *side_by_side, *measure_files(frames)):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
