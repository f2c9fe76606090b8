"""Run table expressions on Apache Spark: what is kept on the way lives in Parquet files that go with the run."""

import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.pyspark.datatypes import PySparkSchema
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import Observation, SparkSession
from pyspark.sql.functions import count, lit

from h2corridor.model.errors import StorageError
from h2corridor.store.ordered_parquet import BATCH_ROWS, write_ordered, write_parts

Table = Any

_SETTINGS = {
    "spark.app.name": "h2corridor",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Sums and casts that do not fit raise instead of wrapping round, and so does a division by zero.
    "spark.sql.ansi.enabled": "true",
    # The order of rows is what a sort says; names are told apart as the embedded engine does.
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.compression.codec": "zstd",
}


class SparkEngine:
    """A table engine for one run.

    Parameters
    ----------
    scratch : an empty folder that the workers see under the same path; its owner removes it
    session : a session with a Spark cluster
    """

    name = "spark"

    def __init__(self, scratch: Path, session: SparkSession) -> None:
        self._scratch = scratch.resolve()
        self.version = session.version
        self._session = session
        self._connection = ibis.pyspark.connect(session)
        self._written = self._views = 0

    def open_parquet(self, paths: Sequence[Path], schema: pa.Schema | None = None) -> Table:
        """Give the table that Parquet files of one schema make together; without a file, an empty one of `schema`."""
        if schema is not None and not paths:
            return self._opened("nothing_received", [self._write_small(schema.empty_table())])
        return self._opened("received", [path.resolve() for path in paths])

    def create(self, name: str, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, str]) -> Table:
        """Make a table from columns in memory."""
        types = {"string": pa.string(), "int64": pa.int64()}
        data = {column: pa.array(columns[column], types[kind]) for column, kind in schema.items()}
        return self._opened(name, [self._write_small(pa.table(data))])

    def keep(self, name: str, expression: Table) -> Table:
        """Compute an expression once and give the table it became."""
        return self._opened(name, [self._computed(expression)])

    def list_rows(self, expression: Table) -> list[dict[str, Any]]:
        """Give the rows of a small expression."""
        rows: list[dict[str, Any]] = self._frame_of(expression).toArrow().to_pylist()
        return rows

    def iterate(self, expression: Table) -> Iterator[pa.RecordBatch]:
        """Give the record batches of an expression, one after another: the workers write them, the parts of an ordered
        expression stand in order.
        """
        schema = expression.schema().to_pyarrow()
        for part in _parts_of(self._computed(expression)):
            for batch in pq.ParquetFile(part).iter_batches(BATCH_ROWS):
                yield pa.RecordBatch.from_arrays(
                    [batch.column(field.name).cast(field.type) for field in schema], schema=schema
                )

    def write_parquet(self, expression: Table, path: Path) -> None:
        """Write an ordered expression as one Parquet file whose bytes follow from its rows alone."""
        write_ordered(self.iterate(expression), expression.schema().to_pyarrow(), path)

    def write_parts(self, expression: Table, column: str, paths: Mapping[str, Path]) -> None:
        """Write an expression, ordered by a column of texts first, as one Parquet file for each of these values; one
        without rows gives a file without rows.
        """
        write_parts(self.iterate(expression), expression.schema().to_pyarrow(), column, paths)

    def _frame_of(self, expression: Table) -> Any:
        """Compile; the columns have the types that Ibis gives them, though to Spark a row number is an `int`."""
        frame = self._session.sql(self._connection.compile(expression))
        wanted = PySparkSchema.from_ibis(expression.schema())
        return frame.select([frame[field.name].cast(field.dataType) for field in wanted])

    def _computed(self, expression: Table) -> Path:
        """Let the workers write an expression and count: what one writes to a disk of its own is not seen here."""
        folder = self._next_place()
        counted = Observation()
        self._frame_of(expression).observe(counted, count(lit(1)).alias("rows")).write.parquet(_uri(folder))
        written = counted.get.get("rows", 0)
        seen = sum(pq.read_metadata(part).num_rows for part in _parts_of(folder))
        if written != seen:
            fault = f"the workers wrote {written} rows, {seen} are seen here."
            next_step = "Put the workspace on a file system that all workers see under this path."
            raise StorageError("engine.not-shared", fault, about=str(folder), next_step=next_step)
        return folder

    def _write_small(self, table: pa.Table) -> Path:
        path = self._next_place()
        pq.write_table(table, path)
        return path

    def _next_place(self) -> Path:
        self._written += 1
        return self._scratch / f"{self._written:06d}.parquet"

    def _opened(self, name: str, paths: Sequence[Path]) -> Table:
        # Readers take patterns: what a folder's name says is meant as it stands. Writers take names.
        places = [re.sub(r"([\\*?\[\]{}])", r"\\\1", _uri(path)) for path in paths]
        # A name is never given twice: what was read by the first would become what the second says.
        self._views += 1
        view = f"{name}_{self._views}"
        self._session.read.parquet(*places).createTempView(view)
        return self._connection.table(view)


def _parts_of(folder: Path) -> list[Path]:
    """What workers wrote, in the order of the partitions and so of an ordered expression."""
    return sorted(folder.glob("part-*.parquet"))


def _uri(path: Path) -> str:
    """A path of the shared file system, whatever the cluster's own default is; Hadoop takes it without escapes."""
    return f"file://{path}"


@contextmanager
def open_engine(scratch: Path, *, master: str) -> Iterator[SparkEngine]:
    """Open an engine for one run.

    Parameters
    ----------
    scratch : see `SparkEngine`
    master : the cluster, as `spark://HOST:PORT`

    Raises
    ------
    StorageError
        `engine.failed`: the cluster could not be reached or could not go on; `engine.not-shared`: its workers see
        other files.
    """
    try:
        _reach(master)
    except OSError as error:
        raise _failed(master, error) from error
    try:
        builder = SparkSession.builder.master(master)
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            yield SparkEngine(scratch, session)
        finally:
            session.stop()
    except (PySparkException, Py4JError) as error:
        raise _failed(master, error) from error


def _failed(master: str, error: Exception) -> StorageError:
    fault = f"the table engine could not go on: {str(error).splitlines()[0]}."
    next_step = "See whether its workers run and see the workspace's folder, then run the same command again."
    return StorageError("engine.failed", fault, about=master, next_step=next_step)


def _reach(master: str) -> None:
    """See that one of the masters answers: Spark tries for a minute and then ends without saying whom it missed."""
    found = re.findall(r"([^/,:]+):(\d+)", master)
    for number, (host, port) in enumerate(found, start=1):
        try:
            socket.create_connection((host, int(port)), timeout=10).close()
            return
        except OSError:
            if number == len(found):
                raise
