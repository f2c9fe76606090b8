"""Ordered rows as one Parquet file whose bytes follow from the rows alone, whichever engine hands them over."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

BATCH_ROWS = 65_536


def write_ordered(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    """Write record batches of any size; give the number of rows."""
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", version="2.6") as writer:
        for table in _of_even_size(batches, schema):
            writer.write_table(table, row_group_size=BATCH_ROWS)
            rows += table.num_rows
    return rows


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
