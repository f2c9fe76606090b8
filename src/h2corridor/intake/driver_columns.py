"""No driver: a file with a column that names or identifies one is refused, before a byte of it is kept.

Positions of a truck say where its driver was; with a name beside them they would be a record of a person. What a file
is called decides nothing: any text is looked at as a table and as JSON, and what is no text is kept only where the
trial format has a place for it.
"""

import csv
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from h2corridor.intake.columns import list_tables
from h2corridor.intake.driver_names import identify_people, names_driver
from h2corridor.model.errors import InputError

_BYTES_MAX = 1 << 20
_TELEMETRY_BYTES_MAX = 1 << 16
_ROWS_MAX = 1_000
_TITLE_LINES = 3
"""In a file that is no table of the format, the names of columns may stand below a title."""

_TELEMETRY = re.compile(r"telemetry/[^/]+/[^/]+\.csv\.gz")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a]")
_DELIMITERS = re.compile(r"[,;\t|，；]")
_MEMBER = re.compile(r'("(?:[^"\\]|\\.)*")\s*:\s*(?:"((?:[^"\\]|\\.)*)"|([0-9]+))?')


def refuse_driver_columns(path: str, file: Path) -> None:
    """Refuse a file that names or identifies drivers, and one that cannot be looked at.

    Parameters
    ----------
    path : inside the data set
    file : where its bytes stand

    Raises
    ------
    InputError
        `table.driver`: a column names a driver, or its values say how to reach or identify one.
        `dataset.no-text`: a file the trial format does not have, which is no text.
    """
    is_telemetry = bool(_TELEMETRY.fullmatch(path))
    is_of_format = is_telemetry or path == "trial.toml" or path in {table.file for table in list_tables()}
    data = _read(file, _TELEMETRY_BYTES_MAX if is_telemetry else _BYTES_MAX)
    texts = list(_texts_of(data)) if data is not None else []
    if not is_of_format and (data is None or (_CONTROL.search(data) and not _is_utf16(data))):
        if _is_excel(path, file):
            next_step = "Save each sheet as CSV UTF-8 and take the workbook out; nothing was kept."
            raise InputError(
                "dataset.no-text", "it is an Excel file, not a CSV table.", about=path, next_step=next_step
            )
        raise InputError(
            "dataset.no-text",
            "expected a table or another text, came bytes in which nobody can see whether they name a driver.",
            about=path,
            next_step="Hand over the tables of the trial format, as text; nothing was kept.",
        )
    for text in texts:
        _refuse_text(path, text, 1 if is_of_format else _TITLE_LINES)


def refuse_driver_names(file: str, columns: Sequence[str]) -> None:
    """Refuse columns of a file that name a driver; it raises as `refuse_driver_columns`."""
    for column in columns:
        if names_driver(column, file):
            raise _refused(file, f"the column {_shown(column)} names a driver.")


def _refuse_text(path: str, text: str, title_lines: int) -> None:
    lines = [line for line in text.splitlines() if line.strip(" ,;\t|，；\"'\ufeff")]
    if text.lstrip("\ufeff \r\n\t").startswith(("{", "[")) and not path.endswith(".toml"):
        columns: Mapping[str, Sequence[str]] = _members(text)
        refuse_driver_names(path, list(columns))
    else:
        for line in lines[:title_lines]:
            refuse_driver_names(path, [cell.strip(" \"'") for cell in _DELIMITERS.split(line)])
        columns = _columns(lines)
    for name, cells in columns.items():
        if identify_people(name, cells):
            raise _refused(path, f"most values of the column {_shown(name)} are identity card or mobile numbers.")


def _is_excel(path: str, file: Path) -> bool:
    """Whether a file is a workbook: by its name, and by how it begins (a zip archive, or the older compound file)."""
    with file.open("rb") as stream:
        begins = stream.read(8)
    return path.lower().endswith((".xlsx", ".xlsm", ".xls")) and begins.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def _read(file: Path, size: int) -> bytes | None:
    """The beginning of a file, unpacked; None where it cannot be read."""
    try:
        with file.open("rb") as stream:
            is_packed = stream.read(2) == b"\x1f\x8b"
        with gzip.open(file) if is_packed else file.open("rb") as stream:
            return stream.read(size)
    except (OSError, EOFError, zlib.error):
        return None


def _texts_of(data: bytes) -> Iterator[str]:
    """What the bytes say in each encoding they may be in; a damaged byte hides nothing of the rest."""
    yield data.decode("utf-8-sig", "replace")
    if not data.isascii():
        yield data.decode("gb18030", "replace")
    if b"\0" in data or _is_utf16(data):
        yield data.decode("utf-16-le", "replace")
        yield data.decode("utf-16-be", "replace")


def _is_utf16(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff"))


def _members(text: str) -> Mapping[str, Sequence[str]]:
    """The values of JSON by their names, at any depth."""
    found: dict[str, list[str]] = {}
    for name, string, number in _MEMBER.findall(text):
        try:
            key = json.loads(name, strict=False)
        except ValueError:
            key = name
        found.setdefault(key, []).append(string or number)
    return found


def _columns(lines: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The cells of a table by the names of its columns, or by their places where there is no name."""
    if not lines:
        return {}
    delimiters = _DELIMITERS.findall(lines[0]) or [","]
    found: dict[str, list[str]] = {}
    try:
        rows = csv.reader(lines[:_ROWS_MAX], delimiter=max(delimiters, key=delimiters.count))
        header = next(rows, [])
        for row in rows:
            for place, cell in enumerate(row):
                name = header[place] if place < len(header) else f"({place + 1})"
                found.setdefault(name, []).append(cell)
    except csv.Error:
        return found
    return found


def _shown(column: str) -> str:
    return column if column.isprintable() else ascii(column)[1:-1]


def _refused(file: str, fault: str) -> InputError:
    next_step = "Have its supplier leave this column out and export again; nothing was kept."
    return InputError("table.driver", fault, about=file, where="header", next_step=next_step)
