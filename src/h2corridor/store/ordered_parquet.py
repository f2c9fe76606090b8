"""Ordered rows as Parquet files whose bytes follow from the rows alone, whichever engine hands them over."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BATCH_ROWS = 65_536


def write_ordered(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> None:
    """Write record batches of any size as one file, which is there whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    with pq.ParquetWriter(part, schema, compression="zstd", version="2.6") as writer:
        for table in _of_even_size(batches, schema):
            writer.write_table(table, row_group_size=BATCH_ROWS)
    part.replace(path)


def write_parts(batches: Iterable[pa.RecordBatch], schema: pa.Schema, column: str, paths: Mapping[str, Path]) -> None:
    """Write batches that are ordered by a column of texts first as one file for each of these values; one without rows
    gives a file without rows.
    """
    written = set()
    for value, pieces in groupby(_by_value(batches, column), key=itemgetter(0)):
        written.add(value)
        write_ordered((piece for _, piece in pieces), schema, paths[value])
    for value in paths.keys() - written:
        write_ordered((), schema, paths[value])


def _by_value(batches: Iterable[pa.RecordBatch], column: str) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Cut batches where the value of a column changes."""
    for batch in batches:
        runs = pc.run_end_encode(batch.column(column))
        start = 0
        for value, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            yield value, batch.slice(start, end - start)
            start = end


def _of_even_size(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
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
