"""Records of a table as cells by column: UTF-8, commas, RFC 4180 quotes."""

import csv
from collections.abc import Mapping, Sequence

from h2verify.errors import BundleError
from h2verify.rows import MAX_RECORD_BYTES

COLUMNS_MAX = 256
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_header(record: bytes) -> tuple[str, ...]:
    """The column names of a table, from its first record; names that are not empty stand once.

    Raises
    ------
    BundleError
        `papers.row`: not UTF-8, quotes that do not close, blank, more than 256 columns, or a name twice.
    """
    header = tuple(_split(record.removeprefix(_BYTE_ORDER_MARK)))
    named = [name for name in header if name]
    if not named or len(header) > COLUMNS_MAX or len(set(named)) != len(named):
        raise BundleError("papers.row", "expected a header with each column once.")
    return header


def read_cells(header: Sequence[str], record: bytes) -> Mapping[str, str]:
    """The cells of a row by column.

    Raises
    ------
    BundleError
        `papers.row`: not UTF-8, quotes that do not close, or another number of cells than the header has.
    """
    cells = _split(record)
    if len(cells) != len(header):
        raise BundleError("papers.row", f"expected {len(header)} cells, came {len(cells)}.")
    return dict(zip(header, cells, strict=True))


def _split(record: bytes) -> list[str]:
    if len(record) >= MAX_RECORD_BYTES or b"\0" in record:
        raise BundleError("papers.row", f"expected a row of less than {MAX_RECORD_BYTES} bytes without zero bytes.")
    try:
        text = record.decode("utf-8").removesuffix("\n").removesuffix("\r")
        if '"' in text:
            return next(csv.reader([text], strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise BundleError("papers.row", f"expected UTF-8 with RFC 4180 quotes, came: {error}.") from error
    if "\r" in text:
        raise BundleError("papers.row", "expected lines that end in LF or CRLF, came a CR alone.")
    return text.split(",") if text else []
