"""Which rows of a trial's table stand: those a platform could use, and so those no record may leave out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from h2verify.errors import BundleError
from h2verify.papers.cells import read_value
from h2verify.papers.tables import read_cells, read_header
from h2verify.papers.trial_tables import NUMBER_MAX, TABLES, Cell, Table


@dataclass(frozen=True, slots=True)
class StandingRow:
    """Row `row` of a table and its cells; a column that is absent says the empty text."""

    row: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def read_standing(file: str, records: Iterable[bytes]) -> Iterator[StandingRow]:
    """The rows of a table that stand by themselves, whether or not what they name stands.

    Parameters
    ----------
    file : its path, one of `TABLES`
    records : its records, the header first

    Raises
    ------
    BundleError
        `papers.row`: the header cannot be read.
    """
    table = TABLES[file]
    seen: list[set[tuple[str, ...]]] = [set() for _ in table.keys]
    header: tuple[str, ...] | None = None
    for row, record in enumerate(records):
        if header is None:
            header = _header(file, record)
            continue
        cells = _find_cells(table, header, record)
        if cells is None:
            continue
        repeats = False
        for key, before in zip(table.keys, seen, strict=True):
            said = tuple(cells.get(name, "") for name in key)
            repeats = repeats or said in before
            before.add(said)
        if not repeats:
            yield StandingRow(row, cells)


def is_usable(file: str, cells: Mapping[str, str]) -> bool:
    """Whether a row of a table, already cut into cells, can be used: what it says by itself, without other rows."""
    return _can_be_used(TABLES[file], cells)


def _header(file: str, record: bytes) -> tuple[str, ...]:
    try:
        return read_header(record)
    except BundleError as error:
        raise BundleError(error.code, error.fault, where=f"{file} header") from error


def _find_cells(table: Table, header: tuple[str, ...], record: bytes) -> Mapping[str, str] | None:
    """The cells of a row that can be used, or None."""
    try:
        cells = read_cells(header, record)
    except BundleError:
        return None
    return cells if _can_be_used(table, cells) else None


def _can_be_used(table: Table, cells: Mapping[str, str]) -> bool:
    try:
        values = {name: _read(cell, cells.get(name, "")) for name, cell in table.cells.items()}
    except BundleError:
        return False
    for start, end in table.spans:
        started, ended = values[start], values[end]
        if isinstance(started, int) and isinstance(ended, int) and ended < started:
            return False
    return True


def _read(cell: Cell, text: str) -> int | str | Decimal | None:
    """What a cell says; raises BundleError where that cannot be used."""
    if not text:
        if cell.required:
            raise _unusable(cell, "nothing is said")
        return None
    value = read_value(cell.column, text)
    if cell.column.kind in ("number", "quantity"):
        low = -NUMBER_MAX if cell.low is None else cell.low
        if not low <= Decimal(text) <= NUMBER_MAX:
            raise _unusable(cell, "out of range")
    return value


def _unusable(cell: Cell, fault: str) -> BundleError:
    return BundleError("papers.row", f"{cell.column.name}: {fault}.")
