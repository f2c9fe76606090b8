"""The columns of the `frames` table as arrays: written group after group, put into the order of the rows at the end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    digests : array of uint8, shape (rows, 16)
        First bytes of the SHA-256 of the data unit; zeros where it is absent.
    digests_known : array of bool, shape (rows,)
    """

    rows: int
    integers: Mapping[str, Int64s]
    known: Mapping[str, Bools]
    texts: Mapping[str, CodedTexts]
    digests: Bytes
    digests_known: Bools


class ColumnsBuilder:
    """Arrays of their final length; each group of rows takes the next places in them.

    Values are absent until put. `open_group` says which rows come next; what is put then is theirs.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._order = np.empty(rows, dtype=np.int64)
        self._group = slice(0, 0)
        self._integers: dict[str, Int64s] = {}
        self._known: dict[str, Bools] = {}
        self._codes = {name: np.full(rows, -1, dtype=np.int32) for name in CODED_COLUMNS}
        self._texts: dict[str, dict[str, int]] = {name: {} for name in CODED_COLUMNS}
        self._digests = np.zeros((rows, DIGEST_BYTES), dtype=np.uint8)
        self._digests_known = np.zeros(rows, dtype=np.bool_)

    def open_group(self, rows: Int64s) -> None:
        """The rows (indices) that what is put from here on belongs to."""
        self._group = slice(self._group.stop, self._group.stop + len(rows))
        self._order[self._group] = rows

    def put(self, name: str, values: NDArray[Any] | int, known: Bools | None = None) -> None:
        """Sets an integer column of the group, where `known` says that the value is there."""
        if name not in self._integers:
            self._integers[name] = np.zeros(self._rows, dtype=np.int64)
            self._known[name] = np.zeros(self._rows, dtype=np.bool_)
        if known is None or known.all():
            self._integers[name][self._group] = values
            self._known[name][self._group] = True
        else:
            self._integers[name][self._group] = np.where(known, values, 0)
            self._known[name][self._group] = known

    def put_texts(self, name: str, texts: Sequence[str], codes: NDArray[np.int64] | int = 0) -> None:
        """Sets a text column of the group: one of `texts` a row."""
        seen = self._texts[name]
        places = np.array([seen.setdefault(text, len(seen)) for text in texts], dtype=np.int32)
        self._codes[name][self._group] = places[codes]

    def put_digests(self, digests: Iterable[bytes]) -> None:
        """Sets the digests of the data units of the group, each longer than is kept."""
        joined = np.frombuffer(b"".join(digests), dtype=np.uint8)
        self._digests[self._group] = joined.reshape(self._group.stop - self._group.start, -1)[:, :DIGEST_BYTES]
        self._digests_known[self._group] = True

    def put_row(self, row: int, values: Mapping[str, int | str | None]) -> None:
        """Sets what is present of one row, which is a group of its own."""
        self.open_group(np.array([row]))
        for name, value in values.items():
            if isinstance(value, int):
                self.put(name, value)
            elif value is not None and name == DIGEST_COLUMN:
                self.put_digests([bytes.fromhex(value)])
            elif value is not None:
                self.put_texts(name, [value])

    def build(self) -> FrameColumns:
        """The columns, once every row was in a group; the arrays are handed over and can no longer be written."""
        order = np.empty_like(self._order)
        order[self._order] = np.arange(self._rows)
        is_sorted = bool((order[1:] > order[:-1]).all())

        def sorted_rows(array: NDArray[Any]) -> NDArray[Any]:
            placed = array if is_sorted else array[order]
            placed.flags.writeable = False
            return placed

        nothing, never = np.zeros(self._rows, dtype=np.int64), np.zeros(self._rows, dtype=np.bool_)
        integers = {name: sorted_rows(self._integers.get(name, nothing)) for name in INTEGER_COLUMNS}
        return FrameColumns(
            rows=self._rows,
            integers=MappingProxyType(integers),
            known=MappingProxyType({name: sorted_rows(self._known.get(name, never)) for name in INTEGER_COLUMNS}),
            texts=MappingProxyType(
                {
                    name: CodedTexts(codes=sorted_rows(codes), texts=tuple(self._texts[name]))
                    for name, codes in self._codes.items()
                }
            ),
            digests=sorted_rows(self._digests),
            digests_known=sorted_rows(self._digests_known),
        )
