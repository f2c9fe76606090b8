"""The digest of a table: over its logical content, never over a file format.

A column is a sequence of integers or of texts, None where a value is absent. Its digest is SHA-256 over its values in
row order, each written as

    0x01 ‖ int64, little-endian, two's complement            an integer
    0x01 ‖ uint64 length, little-endian ‖ UTF-8 bytes         a text
    nine zero bytes                                           absent

Its type is `int64`, `text`, or `null` when no row has a value, so that an engine's opinion about an empty column does
not count. The table's digest is SHA-256 of the canonical JSON `{"columns":[[name,type,digest],...],"rows":n}` with the
columns in name order. Rows are taken in the order given: putting them in key order is the caller's duty.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from h2verify.canonical import digest_hex, sort_key
from h2verify.errors import CanonicalError

INT64 = "int64"
TEXT = "text"
NULL = "null"
_ABSENT = bytes(9)


class TableDigest:
    """A table digest taken in batches of rows, in constant memory."""

    def __init__(self, names: Iterable[str]) -> None:
        self._hashes = {name: hashlib.sha256() for name in sorted(names, key=sort_key)}
        self._types = dict.fromkeys(self._hashes, NULL)
        self.rows = 0

    def update(self, columns: Mapping[str, Sequence[int | None] | Sequence[str | None]]) -> None:
        """Take the next rows; every batch has the same columns, all of one length."""
        lengths = {len(values) for values in columns.values()}
        if set(columns) != set(self._hashes) or len(lengths) > 1:
            raise CanonicalError("table.shape", f"expected columns {list(self._hashes)} of one length")
        for name, values in columns.items():
            self.take(name, *encode_values(values))
        self.rows += max(lengths, default=0)

    def take(self, name: str, value_type: str, data: bytes | memoryview) -> None:
        """Take the encoded values of one column; `rows` is then the caller's to count."""
        known = self._types[name]
        if NULL not in (known, value_type) and known != value_type:
            raise CanonicalError("table.type", f"column {name} is {known} and then {value_type}")
        if value_type != NULL:
            self._types[name] = value_type
        self._hashes[name].update(data)

    def hexdigest(self) -> str:
        """The digest of all rows taken so far, in lower-case hexadecimal."""
        columns = [[name, self._types[name], column.hexdigest()] for name, column in self._hashes.items()]
        return digest_hex({"columns": columns, "rows": self.rows})


def table_digest(columns: Mapping[str, Sequence[int | None] | Sequence[str | None]]) -> str:
    """The digest of a whole table, in lower-case hexadecimal.

    Raises
    ------
    CanonicalError
        `table.shape` when the columns differ in length, `table.type` when a column mixes integers and texts or holds
        anything else, `table.range` for an integer outside int64.

    Examples
    --------
    >>> table_digest({"row": [1, 2], "vin": ["LNXTEST0000000001", None]})[:16]
    '1bdacffbf0e36667'
    """
    digest = TableDigest(columns)
    digest.update(columns)
    return digest.hexdigest()


def encode_values(values: Sequence[int | None] | Sequence[str | None]) -> tuple[str, bytes]:
    """The type of a column and the bytes its digest is taken over."""
    parts: list[bytes] = []
    types: set[str] = set()
    for value in values:
        if value is None:
            parts.append(_ABSENT)
        elif isinstance(value, str):
            text = value.encode("utf-8")
            parts.append(b"\x01" + len(text).to_bytes(8, "little") + text)
            types.add(TEXT)
        elif isinstance(value, int) and not isinstance(value, bool):
            parts.append(_encode_integer(value))
            types.add(INT64)
        else:
            raise CanonicalError("table.type", f"expected an integer, a text or None, got {type(value).__name__}")
    if len(types) > 1:
        raise CanonicalError("table.type", "a column holds either integers or texts, not both")
    return (types.pop() if types else NULL), b"".join(parts)


def _encode_integer(value: int) -> bytes:
    try:
        return b"\x01" + value.to_bytes(8, "little", signed=True)
    except OverflowError as error:
        raise CanonicalError("table.range", f"{value} is outside int64") from error
