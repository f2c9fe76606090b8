"""The columns of the `frames` table as arrays: written group after group, put into the order of the rows at the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import numpy as np
from h2verify.gbt32960 import FRAME_COLUMNS, TEXT_COLUMNS
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

DIGEST_COLUMN = "data_unit_digest"
DIGEST_BYTES = 16
CODED_COLUMNS = tuple(name for name in TEXT_COLUMNS if name != DIGEST_COLUMN)
INTEGER_COLUMNS = tuple(name for name in FRAME_COLUMNS if name not in TEXT_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedTexts:
    """A text column: `codes` are places in `texts`, -1 where the text is absent; shape (rows,)."""

    codes: NDArray[np.int32]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameColumns:
    """The columns of `rows` rows.

    Attributes
    ----------
    integers : array of int64 a column, shape (rows,)
        Zero where the value is absent.
    known : array of bool an integer column, shape (rows,)
        Whether the value is there.
    texts : coded texts a column
    unit_starts, unit_ends : array of int64, shape (rows,)
        Where the data unit of a frame that was read in a group stands in `buffer`; both zero for other rows.
    reference_digests : digests by row, where the reference decoder read a frame
    """

    rows: int
    integers: Mapping[str, Int64s]
    known: Mapping[str, Bools]
    texts: Mapping[str, CodedTexts]
    buffer: bytes
    unit_starts: Int64s
    unit_ends: Int64s
    reference_digests: Mapping[int, bytes]

    def digest_units(self) -> tuple[Bytes, Bools]:
        """The column `data_unit_digest`, reckoned when it is asked for: it costs more than all the others together.

        Returns
        -------
        array of uint8, shape (rows, 16)
            First bytes of the SHA-256 of the data unit; zeros where it is absent.
        array of bool, shape (rows,)
            Whether it is there.
        """
        digests = np.zeros((self.rows, DIGEST_BYTES), dtype=np.uint8)
        known = self.unit_ends > 0
        buffer = self.buffer
        places = zip(self.unit_starts[known].tolist(), self.unit_ends[known].tolist(), strict=True)
        joined = b"".join([sha256(buffer[start:end]).digest() for start, end in places])
        digests[known] = np.frombuffer(joined, dtype=np.uint8).reshape(-1, sha256().digest_size)[:, :DIGEST_BYTES]
        for row, digest in self.reference_digests.items():
            digests[row], known[row] = np.frombuffer(digest, dtype=np.uint8), True
        return digests, known


class ColumnsBuilder:
    """Arrays of their final length; each group of rows takes the next places in them.

    Values are absent until put. `open_group` says which rows come next; what is put then is theirs.
    """

    def __init__(self, buffer: bytes, rows: int) -> None:
        self._buffer = buffer
        self._rows = rows
        self._order = np.empty(rows, dtype=np.int64)
        self._group = slice(0, 0)
        self._integers: dict[str, Int64s] = {}
        self._where: dict[str, list[tuple[slice, Bools | None]]] = {}
        self._codes = {name: np.full(rows, -1, dtype=np.int32) for name in CODED_COLUMNS}
        self._texts: dict[str, dict[str, int]] = {name: {} for name in CODED_COLUMNS}
        self._unit_starts = np.zeros(rows, dtype=np.int64)
        self._unit_ends = np.zeros(rows, dtype=np.int64)
        self._digests: dict[int, bytes] = {}

    def open_group(self, rows: Int64s) -> None:
        """The rows (indices) that what is put from here on belongs to."""
        self._group = slice(self._group.stop, self._group.stop + len(rows))
        self._order[self._group] = rows

    def put(self, name: str, values: NDArray[Any] | int, known: Bools | None = None) -> None:
        """Sets an integer column of the group, where `known` says that the value is there."""
        if name not in self._integers:
            self._integers[name] = np.zeros(self._rows, dtype=np.int64)
            self._where[name] = []
        some = None if known is None or known.all() else known
        self._integers[name][self._group] = values if some is None else np.where(some, values, 0)
        self._where[name].append((self._group, some))

    def put_texts(self, name: str, texts: Sequence[str], codes: NDArray[np.int64] | int = 0) -> None:
        """Sets a text column of the group: one of `texts` a row."""
        seen = self._texts[name]
        places = np.array([seen.setdefault(text, len(seen)) for text in texts], dtype=np.int32)
        self._codes[name][self._group] = places[codes]

    def put_units(self, starts: Int64s, ends: Int64s) -> None:
        """Sets where the data units of the group stand in the buffer."""
        self._unit_starts[self._group] = starts
        self._unit_ends[self._group] = ends

    def put_rows(self, rows: Int64s, values: Sequence[Mapping[str, int | str | None]]) -> None:
        """Sets what the reference decoder gave of rows, as a group of their own."""
        self.open_group(rows)
        for name in INTEGER_COLUMNS:
            column = [row[name] for row in values]
            known = np.array([value is not None for value in column], dtype=np.bool_)
            if known.any():
                self.put(name, np.array([value or 0 for value in column], dtype=np.int64), known)
        for name in CODED_COLUMNS:
            seen = self._texts[name]
            codes = [-1 if row[name] is None else seen.setdefault(str(row[name]), len(seen)) for row in values]
            self._codes[name][self._group] = codes
        for number, row in zip(rows.tolist(), values, strict=True):
            if digest := row[DIGEST_COLUMN]:
                self._digests[number] = bytes.fromhex(str(digest))

    def build(self) -> FrameColumns:
        """The columns, once every row was in a group; the arrays are handed over and can no longer be written."""
        order = np.empty_like(self._order)
        order[self._order] = np.arange(self._rows)
        is_sorted = bool((order[1:] > order[:-1]).all())

        def sorted_rows(array: NDArray[Any]) -> NDArray[Any]:
            placed = array if is_sorted else array[order]
            placed.flags.writeable = False
            return placed

        nothing = np.zeros(self._rows, dtype=np.int64)
        nothing.flags.writeable = False
        integers = {name: sorted_rows(array) for name, array in self._integers.items()}
        texts = {
            name: CodedTexts(codes=sorted_rows(codes), texts=tuple(self._texts[name]))
            for name, codes in self._codes.items()
        }
        return FrameColumns(
            rows=self._rows,
            integers=MappingProxyType({name: integers.get(name, nothing) for name in INTEGER_COLUMNS}),
            known=MappingProxyType(self._known(sorted_rows)),
            texts=MappingProxyType(texts),
            buffer=self._buffer,
            unit_starts=sorted_rows(self._unit_starts),
            unit_ends=sorted_rows(self._unit_ends),
            reference_digests=MappingProxyType(self._digests),
        )

    def _known(self, sorted_rows: Callable[[Bools], Bools]) -> dict[str, Bools]:
        """Where the values of each column are there; columns that are there in the same rows share an array."""
        made: dict[tuple[tuple[int, bytes], ...], Bools] = {}
        known: dict[str, Bools] = {}
        for name in INTEGER_COLUMNS:
            where = self._where.get(name, [])
            key = tuple((group.start, b"" if some is None else some.tobytes()) for group, some in where)
            if key not in made:
                here = np.zeros(self._rows, dtype=np.bool_)
                for group, some in where:
                    here[group] = True if some is None else some
                made[key] = sorted_rows(here)
            known[name] = made[key]
        return known
