"""Run table expressions on DuckDB: what is kept on the way lives in a database file that goes with the run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from h2corridor.model.errors import StorageError

BATCH_ROWS = 65_536

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

    def close(self) -> None:
        """Let go of the database file."""
        self._connection.disconnect()

    def open_parquet(self, paths: Sequence[Path], schema: pa.Schema) -> Table:
        """Give the table that Parquet files of one schema make together; no files, an empty table."""
        if not paths:
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

    def write_parquet(self, expression: Table, path: Path) -> int:
        """Write an ordered expression as one Parquet file whose bytes follow from its rows alone; give the number of
        rows.
        """
        rows = 0
        schema = expression.schema().to_pyarrow()
        with pq.ParquetWriter(path, schema, compression="zstd", version="2.6") as writer:
            for batch in _of_even_size(self.iterate(expression), schema):
                writer.write_table(batch, row_group_size=BATCH_ROWS)
                rows += batch.num_rows
        return rows


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


def _of_even_size(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Cut batches of any size into tables of `BATCH_ROWS` rows, so that an engine's way leaves no trace."""
    waiting: list[pa.RecordBatch] = []
    held = 0
    for batch in batches:
        waiting.append(batch)
        held += batch.num_rows
        if held < BATCH_ROWS:
            continue
        table = pa.Table.from_batches(waiting, schema)
        whole = held - held % BATCH_ROWS
        for start in range(0, whole, BATCH_ROWS):
            yield table.slice(start, BATCH_ROWS).combine_chunks()
        rest = table.slice(whole)
        waiting, held = rest.to_batches(), rest.num_rows
    if held or not waiting:
        yield pa.Table.from_batches(waiting, schema).combine_chunks()
