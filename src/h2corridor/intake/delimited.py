"""A table's bytes as records of cells: UTF-8, comma, RFC 4180 quotes. What cannot be cut into records raises.

Records are those of `h2verify.rows`, blank ones included, so that row numbers are those of the evidence. Record 0 is
the header.
"""

import csv
from collections.abc import Iterator

from h2verify.rows import MAX_RECORD_BYTES, split_records

from h2corridor.intake.dataset import TABLE_BYTES_MAX
from h2corridor.model.errors import InputError

RECORD_BYTES_MAX = MAX_RECORD_BYTES
COLUMNS_MAX = 256
ROWS_MAX = 10_000_000
_BYTE_ORDER_MARK = "\ufeff"
_SEPARATORS = {
    ";": "semicolons",
    "\t": "tabs",
    "|": "vertical bars",
    "；": "full-width semicolons",
    "，": "full-width commas",
}


def read_header(file: str, records: Iterator[list[str]], required: tuple[str, ...]) -> tuple[str, ...]:
    """The column names of a table, taken from its first record.

    Raises
    ------
    InputError
        No header, a name that stands twice, more columns than any table has, or a required column that is missing.
    """
    header = tuple(next(records, []))
    if not any(header):
        raise _refused("table.no-header", file, "header", f"expected {', '.join(required)}, came a blank first line.")
    if len(header) > COLUMNS_MAX:
        raise _refused(
            "table.too-many-columns", file, "header", f"expected at most {COLUMNS_MAX} columns, came {len(header)}."
        )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise _refused(
            "table.duplicate-column", file, "header", f"expected each column once, came twice: {', '.join(twice)}."
        )
    missing = [name for name in required if name not in header]
    if missing:
        separator = next((name for sign, name in _SEPARATORS.items() if len(header) == 1 and sign in header[0]), "")
        if separator:
            fault = f"expected cells separated by commas, came {separator}."
            raise _refused("table.missing-column", file, "header", fault, _SAVE_AS_UTF8)
        came = ", ".join(header)[:400]
        raise _refused(
            "table.missing-column", file, "header", f"expected the column(s) {', '.join(missing)}, came: {came}."
        )
    return header


def read_records(file: str, content: bytes) -> Iterator[list[str]]:
    """The records of a table as lists of cells, in order, the header first; a blank one is an empty list.

    Raises
    ------
    InputError
        Empty, all zeros, a NUL byte, not UTF-8, quotes that do not close, a line end of another kind, or over a limit.
    """
    _require_text(file, content)
    for row, record in enumerate(split_records([content])):
        if row > ROWS_MAX:
            raise _refused("table.too-many-rows", file, _row(row), f"expected at most {ROWS_MAX} rows.")
        if len(record) >= RECORD_BYTES_MAX:
            fault = f"expected less than {RECORD_BYTES_MAX} bytes in a row."
            raise _refused("table.row-too-long", file, _row(row), fault)
        text = record.decode("utf-8").removesuffix("\n").removesuffix("\r")
        yield _cells(file, row, text if row else text.removeprefix(_BYTE_ORDER_MARK))


def _require_text(file: str, content: bytes) -> None:
    if not content:
        raise _refused("table.empty", file, "", "expected a table with a header, came an empty file.")
    if len(content) > TABLE_BYTES_MAX:
        raise _refused("table.too-large", file, "", f"expected at most {TABLE_BYTES_MAX} bytes, came {len(content)}.")
    if not content.strip(b"\0"):
        raise _refused("table.all-zeros", file, "", f"expected text, came {len(content)} zero bytes.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        came = f"byte 0x{content[error.start]:02X} at offset {error.start}"
        where = _row_at(content, error.start)
        raise _refused("table.not-utf8", file, where, f"expected UTF-8, came {came}.", _SAVE_AS_UTF8) from error
    zero = content.find(b"\0")
    if zero >= 0:
        fault = f"expected text, came a zero byte at offset {zero}."
        raise _refused("table.zero-byte", file, _row_at(content, zero), fault)


def _cells(file: str, row: int, record: str) -> list[str]:
    if '"' not in record:
        if "\r" in record:
            fault = "expected lines that end in LF or CRLF, came a CR alone."
            raise _refused("table.line-end", file, _row(row), fault)
        return record.split(",") if record else []
    try:
        rows = list(csv.reader([record], strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            fault = "expected a closing quote, came the end of the file."
            raise _refused("table.open-quote", file, _row(row), fault) from error
        raise _refused("table.quotes", file, _row(row), f"expected RFC 4180 quotes, came: {error}.") from error
    return rows[0]


def _row_at(content: bytes, offset: int) -> str:
    """The row of a byte: how many records begin at it or before, the header not counted."""
    return _row(sum(1 for _ in split_records([content[: offset + 1]])) - 1)


def _row(row: int) -> str:
    return f"row {row}" if row else "header"


_SAVE_AS_UTF8 = "Save the file as CSV in UTF-8 (in a spreadsheet: “CSV UTF-8”) and run again."
_EXPORT_AGAIN = "Correct the file at its source, export it again and compare it with the format page."


def _refused(code: str, file: str, where: str, fault: str, next_step: str = _EXPORT_AGAIN) -> InputError:
    return InputError(code, fault, about=file, where=where, next_step=next_step)
