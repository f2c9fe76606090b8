"""One telemetry file (`received_at,frame` in gzip) as batches of rows, in flat memory.

Rows keep their numbers whatever is wrong with them: row n here is record n of the evidence. The bytes of a frame are
decoded from hexadecimal and nothing more; what they mean is for `protocols`.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np

from h2corridor.intake.cells import shown
from h2corridor.intake.finding_runs import FindingRuns
from h2corridor.intake.gunzip import CONTENT_BYTES_MAX, GzipContent
from h2corridor.intake.received_times import Bools, Int64s, read_received_times
from h2corridor.intake.telemetry_records import (
    ROW_BYTES_MAX,
    Bytes,
    Cells,
    Layout,
    RecordBlock,
    RowProblem,
    cut_blocks,
    decode_frames,
    locate_cells,
)
from h2corridor.model.findings import Finding

BATCH_ROWS_MAX = 32_768
ROWS_MAX = 50_000_000
COLUMNS = ("received_at", "frame")
_ENDS_IN_A_ROW = ("telemetry.cut-short", "telemetry.corrupt", "telemetry.too-large")
_CHECKS = {
    RowProblem.NOT_HEX: "frame.not-hex",
    RowProblem.NO_FRAME: "frame.not-hex",
    RowProblem.WRONG_CELL_COUNT: "telemetry.wrong-cell-count",
    RowProblem.TOO_LONG: "telemetry.row-too-long",
    RowProblem.BLANK: "table.blank-row",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameBatch:
    """Consecutive rows of one file.

    Attributes
    ----------
    first_row : int
        Number of the first row, counted from 1.
    received_at_ms : array of int64, shape (n,)
        Milliseconds since 1970-01-01 UTC; zero where `received_at_known` is False.
    received_at_known : array of bool, shape (n,)
        Whether the time of receipt could be read.
    frame_bytes : bytes
        All frames of the batch, one after the other.
    offsets : array of int64, shape (n + 1,)
        Frame i is `frame_bytes[offsets[i]:offsets[i + 1]]`; empty where the row has a problem.
    problems : array of uint8, shape (n,)
        `RowProblem` of each row.
    """

    first_row: int
    received_at_ms: Int64s
    received_at_known: Bools
    frame_bytes: bytes
    offsets: Int64s
    problems: Bytes

    def __len__(self) -> int:
        return len(self.problems)

    @property
    def rows(self) -> Int64s:
        """The row numbers, shape (n,)."""
        return np.arange(self.first_row, self.first_row + len(self), dtype=np.int64)


class TelemetryReader:
    """Reads one telemetry file once: iterate for its batches, then look at `findings`.

    Parameters
    ----------
    path
        The file's path inside the data set, for findings.
    stream
        The compressed file, opened for reading bytes; not closed here.
    content_bytes_max
        Reading stops when the content is longer.
    """

    def __init__(self, path: str, stream: BinaryIO, *, content_bytes_max: int = CONTENT_BYTES_MAX) -> None:
        self._content = GzipContent(stream, content_bytes_max)
        self._notes = _Notes(path)
        self._rows = 0
        self._last_good_row = 0

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the file, complete once the batches are exhausted; runs of rows are one finding."""
        return self._notes.findings()

    @property
    def row_count(self) -> int:
        """How many data rows were read so far, faulty ones included."""
        return self._rows

    def __iter__(self) -> Iterator[FrameBatch]:
        layout = None
        for block in cut_blocks(self._content, BATCH_ROWS_MAX):
            cut = block.is_open and self._content.fault in _ENDS_IN_A_ROW
            whole = block.part(0, len(block) - 1) if cut else block
            if layout is None and len(whole):
                layout = self._read_header(whole.text[: int(whole.ends[0])])
                whole = whole.part(1, len(whole))
            if layout is None:
                break
            if len(whole):
                yield self._read_rows(whole, layout)
            if cut:
                yield self._row_cut_short()
            if self._rows > ROWS_MAX:
                self._content.fault = "telemetry.too-large"
                break
        else:
            if layout is None and self._content.fault is None:
                self._notes.add("telemetry.header-wrong", None, came="")
        if self._content.fault:
            self._notes.file_fault(self._content.fault, self._content.came, self._last_good_row)

    def _read_header(self, line: bytes) -> Layout | None:
        names = _split_header(line)
        if len(line) > ROW_BYTES_MAX or any(names.count(name) != 1 for name in COLUMNS):
            self._notes.add("telemetry.header-wrong", None, came=shown(line[:200].decode("utf-8", "replace")))
            return None
        extra = [name for name in names if name not in COLUMNS]
        if extra:
            self._notes.add("table.unknown-columns", None, columns=shown(", ".join(extra)))
        return Layout(cell_count=len(names), time=names.index(COLUMNS[0]), frame=names.index(COLUMNS[1]))

    def _row_cut_short(self) -> FrameBatch:
        """The row in which the content ends: its number counts and its bytes do not."""
        self._rows += 1
        return FrameBatch(
            first_row=self._rows,
            received_at_ms=np.zeros(1, dtype=np.int64),
            received_at_known=np.zeros(1, dtype=np.bool_),
            frame_bytes=b"",
            offsets=np.zeros(2, dtype=np.int64),
            problems=np.array([RowProblem.CUT_SHORT], dtype=np.uint8),
        )

    def _read_rows(self, block: RecordBlock, layout: Layout) -> FrameBatch:
        cells = locate_cells(block, layout)
        frames, offsets, problems = decode_frames(block.text, cells)
        instants, known = read_received_times(block.array, cells.time_starts, cells.time_ends)
        first_row = self._rows + 1
        self._rows += len(problems)
        good = np.flatnonzero(problems == RowProblem.NONE)
        if len(good):
            self._last_good_row = first_row + int(good[-1])
        self._notes.frame_faults(block, replace(cells, problems=problems), layout, first_row)
        self._notes.time_faults(block, replace(cells, problems=problems), known, first_row)
        return FrameBatch(
            first_row=first_row,
            received_at_ms=instants,
            received_at_known=known,
            frame_bytes=frames,
            offsets=offsets,
            problems=problems,
        )


class _Notes:
    """The findings of one file; a run of rows with one fault shows what came in its first row."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._runs = FindingRuns()
        self._before: dict[str, tuple[int, dict[str, str]]] = {}

    def findings(self) -> list[Finding]:
        """By row, those on the whole file last."""
        return sorted(self._runs.findings(), key=lambda each: (each.row is None, each.row or 0, each.check))

    def add(self, check: str, row: int | None, **params: str) -> None:
        if row is not None:
            last_row, last_params = self._before.get(check, (-1, params))
            params = last_params if last_row == row - 1 else params
            self._before[check] = (row, params)
        self._runs.add(Finding(check=check, file=self._path, row=row, params=params))

    def file_fault(self, check: str, came: str, last_good_row: int) -> None:
        params = {"last_good_row": str(last_good_row)}
        if check == "telemetry.not-gzip":
            params = {"came": came}
        elif check == "telemetry.too-large":
            params["limit"] = f"{CONTENT_BYTES_MAX} bytes / {ROWS_MAX} rows"
        self.add(check, None, **params)

    def frame_faults(self, block: RecordBlock, cells: Cells, layout: Layout, first_row: int) -> None:
        for place in np.flatnonzero(cells.problems).tolist():
            problem = RowProblem(int(cells.problems[place]))
            params: dict[str, str] = {}
            if problem in (RowProblem.NOT_HEX, RowProblem.NO_FRAME):
                params = {"came": _cell(block, cells.frame_starts, cells.frame_ends, place)}
            elif problem is RowProblem.WRONG_CELL_COUNT:
                params = {"expected": str(layout.cell_count)}
            elif problem is RowProblem.TOO_LONG:
                params = {"limit": str(ROW_BYTES_MAX)}
            self.add(_CHECKS[problem], first_row + place, **params)

    def time_faults(self, block: RecordBlock, cells: Cells, known: Bools, first_row: int) -> None:
        has_time = np.isin(cells.problems, (RowProblem.NONE, RowProblem.NOT_HEX, RowProblem.NO_FRAME))
        for place in np.flatnonzero(~known & has_time).tolist():
            came = _cell(block, cells.time_starts, cells.time_ends, place)
            self.add("telemetry.received-at-unreadable", first_row + place, came=came)


def _cell(block: RecordBlock, starts: Int64s, ends: Int64s, place: int) -> str:
    return shown(block.text[int(starts[place]) : int(ends[place])][:200].decode("utf-8", "replace"))


def _split_header(line: bytes) -> list[str]:
    try:
        rows = list(csv.reader([line.removeprefix(b"\xef\xbb\xbf").decode("utf-8")], strict=True))
    except (UnicodeDecodeError, csv.Error):
        return []
    return rows[0] if len(rows) == 1 else []
