"""Which rows of a trial's table stand: those a platform could use, and so those no record may leave out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from h2verify.errors import BundleError
from h2verify.papers.cells import CELL_CHARACTERS_MAX, read_value
from h2verify.papers.columns import Column, Value
from h2verify.papers.tables import read_cells, read_header
from h2verify.papers.trial_tables import MOST, TABLES, Cell, Table


@dataclass(frozen=True, slots=True, kw_only=True)
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
            yield StandingRow(row=row, cells=cells)


def _header(file: str, record: bytes) -> tuple[str, ...]:
    try:
        return read_header(record)
    except BundleError as error:
        raise BundleError(error.code, error.fault, where=f"{file} header") from error


def _find_cells(table: Table, header: tuple[str, ...], record: bytes) -> Mapping[str, str] | None:
    """The cells of a row that can be used, or None."""
    try:
        cells = read_cells(header, record)
        if not any(cells.values()):
            return None
        values = {cell.name: _read(cell, cells.get(cell.name, "")) for cell in table.cells.values()}
    except BundleError:
        return None
    for start, end in table.spans:
        started, ended = values[start], values[end]
        if isinstance(started, int) and isinstance(ended, int) and ended < started:
            return None
    return cells


def _read(cell: Cell, text: str) -> Value:
    if not text:
        if cell.required:
            raise BundleError("papers.row", f"{cell.name}: expected something, came nothing.")
        return None
    if len(text) > CELL_CHARACTERS_MAX:
        raise BundleError("papers.row", f"{cell.name}: longer than {CELL_CHARACTERS_MAX} characters.")
    value = read_value(Column(cell.name, cell.name, cell.kind, cell.places), text)
    if cell.kind in ("number", "quantity"):
        number = Decimal(text)
        if not (-MOST if cell.low is None else cell.low) <= number <= MOST:
            raise BundleError("papers.row", f"{cell.name}: {text[:40]} is out of range.")
    return value
