"""What a whole run needs of a table engine."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from h2corridor.app.measure import Table
from h2corridor.app.trucks import TruckEngine


class RunEngine(TruckEngine, Protocol):
    """A table engine that also hands tables out."""

    def iterate(self, expression: Table) -> Iterator[pa.RecordBatch]:
        """Give the record batches of an expression, one after another."""


OpenEngine = Callable[[Path], AbstractContextManager[RunEngine]]
"""Opens an engine for one run, given an empty folder for what it keeps meanwhile."""
