"""The rows behind activity records: which must be disclosed, and those that are, as cells."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from h2verify.bundle.raw_received import Received
from h2verify.chains.forms import Groups, Record
from h2verify.errors import BundleError
from h2verify.papers import SOURCES, Column, Source, read_cells, read_header, read_value

TRIAL, SITES, CONSIGNMENTS = "trial.toml", "sites.csv", "consignments.csv"
CONSIGNMENT, TRUCK = "consignment/", "truck/"
WHOLE = (
    TRIAL,
    SITES,
    "tank_opening.csv",
    "legs.csv",
    "refuellings.csv",
    "hydrogen_deliveries.csv",
    "hydrogen_batches.csv",
    "station_energy.csv",
)
"""Files of which every byte is there."""

WHOLE_IF_RECEIVED = ("station_stock.csv", "hub_operations.csv")
"""Files that an operator may never have received; no record has a row of them then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRecord:
    """A record and the cells of the row behind it."""

    group: str
    number: int
    record: Record
    cells: Mapping[str, str]

    @property
    def kind(self) -> str:
        """The record's kind."""
        return str(self.record["kind"])

    @property
    def about(self) -> str:
        """What the group is about: a truck, site, batch or consignment."""
        return self.group.partition("/")[2]

    @property
    def source(self) -> Source:
        """The file and its columns."""
        return SOURCES[self.kind]

    def cell(self, name: str) -> str:
        """The text of a cell; empty where the column is absent."""
        return self.cells.get(name, "")

    def value(self, column: Column) -> Any:
        """What the row says of a field."""
        try:
            return read_value(column, self.cell(column.name))
        except BundleError as error:
            raise self.fault(column.field, error.fault) from error

    def fault(self, field: str, fault: str) -> BundleError:
        """The refusal of one field."""
        where = f"{self.group}[{self.number}].{field}, {self.source.file} row {self.record['row']}"
        return BundleError("papers.row", fault, where=where)


def require_rows(received: Received, groups: Groups) -> None:
    """Refuse a bundle that lacks a file that goes whole or a row its records rest on.

    Raises
    ------
    BundleError
        `received.missing`.
    """
    for path in WHOLE:
        _require_whole(received, path)
    needed: dict[str, set[int]] = defaultdict(set)
    for _, _, record in _with_rows(groups):
        needed[SOURCES[record["kind"]].file].add(record["row"])
    for path in WHOLE_IF_RECEIVED:
        if path in needed or path in received.files:
            _require_whole(received, path)
    for group, records in groups.items():
        if group.startswith(CONSIGNMENT) and records[0]["row"] is None:
            raise BundleError("received.missing", "expected the row of this consignment.", where=group)
    for file in sorted(needed):
        absent = needed[file] - received.find_records(file, needed[file]).keys()
        if absent:
            raise BundleError("received.missing", f"row {min(absent)} is not disclosed.", where=file)


def list_absent(received: Received) -> list[str]:
    """The files that were never received, the operator says."""
    return [path for path in WHOLE_IF_RECEIVED if path not in received.files]


def _require_whole(received: Received, path: str) -> None:
    if not received.is_whole(path):
        raise BundleError("received.missing", "expected the whole file.", where=path)


def hold_records(received: Received, groups: Groups) -> Iterator[HeldRecord]:
    """The records whose row is disclosed, with its cells.

    Raises
    ------
    BundleError
        `papers.row`: header or row cannot be cut into cells.
    """
    by_file: dict[str, list[tuple[str, int, Record]]] = defaultdict(list)
    for each in _with_rows(groups):
        by_file[SOURCES[each[2]["kind"]].file].append(each)
    for file in sorted(by_file):
        rows = {record["row"] for _, _, record in by_file[file]}
        found = received.find_records(file, {0, *rows})
        if found.keys() <= {0}:
            continue
        cells = _cells_by_row(file, found)
        for group, number, record in by_file[file]:
            if record["row"] in cells:
                yield HeldRecord(group=group, number=number, record=record, cells=cells[record["row"]])


def _with_rows(groups: Groups) -> Iterator[tuple[str, int, Record]]:
    """Every record that has a row, with its group and number."""
    for group, records in groups.items():
        for number, record in enumerate(records):
            if record["kind"] in SOURCES and record["row"] is not None:
                yield group, number, record


def _cells_by_row(file: str, found: Mapping[int, bytes]) -> Mapping[int, Mapping[str, str]]:
    row = 0
    try:
        header = read_header(found[0])
        cells = {}
        for row in sorted(found.keys() - {0}):
            cells[row] = read_cells(header, found[row])
    except BundleError as error:
        raise BundleError(error.code, error.fault, where=f"{file} row {row}" if row else f"{file} header") from error
    return cells
