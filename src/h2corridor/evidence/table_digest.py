"""The table digest of `h2verify.table` over numpy and Arrow columns, without a Python object per value."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from h2verify.errors import CanonicalError
from h2verify.table import INT64, NULL, TEXT, TableDigest

_ROWS_AT_ONCE = 65_536
_HEADER_BYTES = 9

Column: TypeAlias = npt.NDArray[Any] | Sequence[int | None] | Sequence[str | None] | pa.Array | pa.ChunkedArray


def table_digest(table: pa.Table | Mapping[str, Column]) -> str:
    """The digest of a table, in lower-case hexadecimal; equal to `h2verify.table.table_digest` on the same values.

    Parameters
    ----------
    table
        An Arrow table, or columns by name, all of one length. Integers of any width (decimals of scale 0 too, which
        engines return for sums), texts in any Arrow encoding; rows in key order.

    Raises
    ------
    CanonicalError
        `table.type` for floats, booleans, times and other types, `table.range` for what does not fit in int64,
        `table.shape` when the columns differ in length.
    """
    if not isinstance(table, pa.Table):
        arrays = {name: _as_arrow(name, column) for name, column in table.items()}
        if len({len(array) for array in arrays.values()}) > 1:
            raise CanonicalError("table.shape", f"expected columns {list(arrays)} of one length")
        table = pa.table(arrays)
    return digest_batches(table.to_batches(max_chunksize=_ROWS_AT_ONCE), table.column_names)


def digest_batches(batches: Iterable[pa.RecordBatch], names: Sequence[str]) -> str:
    """The digest of a table that comes in record batches, in the memory of one batch."""
    if len(set(names)) != len(names):
        raise CanonicalError("table.shape", f"a column name stands twice in {list(names)}")
    digest = TableDigest(names)
    for batch in batches:
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            digest.take(name, *_encode(name, column))
        digest.rows += batch.num_rows
    return digest.hexdigest()


def _as_arrow(name: str, column: Column) -> pa.Array | pa.ChunkedArray:
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return column
    try:
        return pa.array(column)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise CanonicalError("table.type", f"column {name}: {error}") from error


def _encode(name: str, column: pa.Array) -> tuple[str, memoryview]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if column.null_count == len(column):
        return NULL, memoryview(bytes(_HEADER_BYTES * len(column)))
    present = column.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return INT64, _encode_integers(name, column, present)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return TEXT, _encode_texts(column, present)
    raise CanonicalError("table.type", f"column {name}: expected integers or texts, got {kind}")


def _encode_integers(name: str, column: pa.Array, present: npt.NDArray[np.bool_]) -> memoryview:
    try:
        values = column.cast(pa.int64()).fill_null(0).to_numpy()
    except pa.ArrowInvalid as error:
        raise CanonicalError("table.range", f"column {name}: {error}") from error
    encoded = np.zeros(len(values), dtype=[("present", "u1"), ("value", "<i8")])
    encoded["present"] = present
    encoded["value"] = values
    return encoded.view(np.uint8).data


def _encode_texts(column: pa.Array, present: npt.NDArray[np.bool_]) -> memoryview:
    texts = column.cast(pa.large_string()).fill_null("")
    _, offset_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(data_buffer or b"", dtype=np.uint8)[offsets[0] : offsets[-1]]
    headers = np.zeros(len(texts), dtype=[("present", "u1"), ("length", "<u8")])
    headers["present"] = present
    headers["length"] = np.diff(offsets)
    places = offsets[:-1] - offsets[0] + _HEADER_BYTES * np.arange(len(texts))
    in_header = (places[:, None] + np.arange(_HEADER_BYTES)).ravel()
    encoded = np.empty(len(data) + len(in_header), dtype=np.uint8)
    is_data = np.ones(len(encoded), dtype=np.bool_)
    is_data[in_header] = False
    encoded[in_header] = headers.view(np.uint8)
    encoded[is_data] = data
    return encoded.data
