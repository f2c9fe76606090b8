"""Run table expressions on DuckDB: what is kept on the way lives in a database file that goes with the run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from h2corridor.model.errors import StorageError
from h2corridor.store.ordered_parquet import BATCH_ROWS, write_ordered, write_parts

Table = Any


class DuckdbEngine:
    """A table engine for one run.

    Parameters
    ----------
    scratch : an empty folder for the database file and what spills; its owner removes it
    threads : how many threads the engine may use
    memory_mb : how much memory it may use before it spills [MB]
    """

    name = "duckdb"
    version = duckdb.__version__

    def __init__(self, scratch: Path, *, threads: int, memory_mb: int) -> None:
        self._connection = ibis.duckdb.connect(
            scratch / "run.duckdb",
            threads=threads,
            memory_limit=f"{memory_mb}MB",
            temp_directory=str(scratch),
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
            preserve_insertion_order=False,
        )
        # the file goes with the run: writing it out whole when it is closed would be for nobody
        self._connection.raw_sql("PRAGMA disable_checkpoint_on_shutdown")

    def close(self) -> None:
        """Let go of the database file."""
        self._connection.disconnect()

    def open_parquet(self, paths: Sequence[Path], schema: pa.Schema | None = None) -> Table:
        """Give the table that Parquet files of one schema make together; no files, an empty table of that schema."""
        if not paths and schema is not None:
            return self._connection.create_table("nothing_received", schema=ibis.Schema.from_pyarrow(schema))
        return self._connection.read_parquet([str(path) for path in paths], union_by_name=False)

    def create(self, name: str, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, str]) -> Table:
        """Make a table from columns in memory."""
        types = {"string": pa.string(), "int64": pa.int64()}
        data = {column: pa.array(columns[column], types[kind]) for column, kind in schema.items()}
        return self._connection.create_table(name, pa.table(data))

    def keep(self, name: str, expression: Table) -> Table:
        """Compute an expression once and give the table it became."""
        return self._connection.create_table(name, expression)

    def list_rows(self, expression: Table) -> list[dict[str, Any]]:
        """Give the rows of a small expression."""
        rows: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
        return rows

    def iterate(self, expression: Table) -> Iterator[pa.RecordBatch]:
        """Give the record batches of an expression, one after another."""
        with expression.to_pyarrow_batches(chunk_size=BATCH_ROWS) as batches:
            yield from batches

    def write_parquet(self, expression: Table, path: Path) -> None:
        """Write an ordered expression as one Parquet file whose bytes follow from its rows alone."""
        write_ordered(self.iterate(expression), expression.schema().to_pyarrow(), path)

    def write_parts(self, expression: Table, column: str, paths: Mapping[str, Path]) -> None:
        """Write an expression, ordered by a column of texts first, as one Parquet file for each of these values; one
        without rows gives a file without rows.
        """
        write_parts(self.iterate(expression), expression.schema().to_pyarrow(), column, paths)


@contextmanager
def open_engine(scratch: Path, *, threads: int, memory_mb: int) -> Iterator[DuckdbEngine]:
    """Open an engine for one run; see `DuckdbEngine`.

    Raises
    ------
    StorageError
        `engine.failed`: the engine could not go on, most often for want of disk or memory.
    """
    try:
        engine = DuckdbEngine(scratch, threads=threads, memory_mb=memory_mb)
        try:
            yield engine
        finally:
            engine.close()
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        fault = f"the table engine could not go on: {str(error).splitlines()[0]}."
        next_step = "Free disk space or allow more memory (--memory-mb), then run the same command again."
        raise StorageError("engine.failed", fault, about=str(scratch), next_step=next_step) from error
