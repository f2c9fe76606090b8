"""The columns of the `frames` table as arrays, filled group by group."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from h2verify.gbt32960 import FRAME_COLUMNS, TEXT_COLUMNS
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]

INTEGER_COLUMNS = tuple(name for name in FRAME_COLUMNS if name not in TEXT_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameColumns:
    """The columns of `rows` rows: `values` int64, or objects (str or None) for the text columns; shape (rows,).

    Where `valid` is false the value is absent (0, or None).
    """

    rows: int
    values: Mapping[str, NDArray[Any]]
    valid: Mapping[str, Bools]


class ColumnsBuilder:
    """Arrays of their final length, absent until put."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._values: dict[str, NDArray[Any]] = {name: np.zeros(rows, dtype=np.int64) for name in INTEGER_COLUMNS}
        self._values |= {name: np.full(rows, None, dtype=object) for name in TEXT_COLUMNS}
        self._valid = {name: np.zeros(rows, dtype=np.bool_) for name in FRAME_COLUMNS}

    def put(self, name: str, rows: Rows, values: NDArray[Any] | int | str) -> None:
        """Sets a column at `rows` (indices) and marks it present there."""
        self._values[name][rows] = values
        self._valid[name][rows] = True

    def put_row(self, row: int, values: Mapping[str, int | str | None]) -> None:
        """Sets what is present of one row."""
        for name, value in values.items():
            if value is not None:
                self._values[name][row] = value
                self._valid[name][row] = True

    def build(self) -> FrameColumns:
        """The columns; the arrays are handed over and can no longer be written."""
        for array in (*self._values.values(), *self._valid.values()):
            array.flags.writeable = False
        return FrameColumns(rows=self._rows, values=MappingProxyType(self._values), valid=MappingProxyType(self._valid))
