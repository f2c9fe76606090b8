"""What a whole run needs of a table engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from h2corridor.app.measure import Table, TableEngine


class RunEngine(TableEngine, Protocol):
    """A table engine that also opens what was decoded and hands tables out."""

    version: str

    def open_parquet(self, paths: Sequence[Path], schema: pa.Schema | None = None) -> Table:
        """Give the table that Parquet files of one schema make together; without a file, an empty one of `schema`."""

    def write_parts(self, expression: Table, column: str, paths: Mapping[str, Path]) -> None:
        """Write an expression, ordered by a column of texts first, as one Parquet file for each of these values."""

    def iterate(self, expression: Table) -> Iterator[pa.RecordBatch]:
        """Give the record batches of an expression, one after another."""


OpenEngine = Callable[[Path], AbstractContextManager[RunEngine]]
"""Opens an engine for one run, given an empty folder for what it keeps meanwhile."""
