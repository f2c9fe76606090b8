"""Many shipments as one table: a row for each shipment on each element, and the categories that all of them share.

The columns are those of a transport chain (`h2corridor.model.chain`); every cell is text. A row, its shipment and the
categories it names are together a transport chain, which `ShipmentTable.chain_document` writes out.
"""

import csv
import datetime
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from h2corridor.model.chain import CHAIN_FORMAT, HubCategory, TransportCategory
from h2corridor.model.errors import InputError
from h2corridor.model.repeated_keys import RepeatedKeyError, refuse_repeated_keys
from h2corridor.model.shape_faults import find_shape_fault

CATEGORIES_FORMAT = "transport-categories/1"
NEEDED = ("shipment_id", "mass_kg", "element_id", "kind", "category")
MAY = ("mode", "class", "distance_kind", "distance_km", "activity_date", "carrier", "lane")
ROWS_MAX = 1_000_000


class SharedCategories(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The categories of a table of shipments; `activity_date` holds for rows that state none."""

    format: str
    categories: dict[str, TransportCategory | HubCategory]
    activity_date: datetime.date | None = None


class ShipmentTable(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a table, column by column, each column one text a row; empty where the cell is.

    Attributes
    ----------
    rows : list of list of int
        The rows of each shipment, shipments in order of their first row.
    """

    columns: Mapping[str, Sequence[str]]
    shipments: Sequence[str]
    rows: Sequence[Sequence[int]]

    def chain_document(self, shipment: int, categories: Mapping[str, Any], day: str | None) -> dict[str, Any]:
        """One shipment as a document of format transport-chain/1, with the categories that it names.

        Parameters
        ----------
        categories : mapping
            Category name to its document.
        day : str or None
            The activity date of rows that state none.
        """
        rows = self.rows[shipment]
        named = {self.columns["category"][row] for row in rows}
        first = rows[0]
        document = {
            "format": CHAIN_FORMAT,
            "shipment": {"id": self.shipments[shipment], "mass_kg": self.columns["mass_kg"][first]},
            "elements": [self._element(row) for row in rows],
            "categories": {name: categories[name] for name in sorted(named) if name in categories},
        }
        stated = self.columns["activity_date"][first] or day
        return {**document, "activity_date": stated} if stated else document

    def _element(self, row: int) -> dict[str, Any]:
        cell = {name: column[row] for name, column in self.columns.items()}
        element: dict[str, Any] = {"id": cell["element_id"], "kind": cell["kind"], "category": cell["category"]}
        if cell["mode"]:
            element["mode"] = cell["mode"]
        if cell["class"]:
            element["class"] = cell["class"]
        if cell["distance_kind"] or cell["distance_km"]:
            stated = {"kind": cell["distance_kind"], "km": cell["distance_km"]}
            element["distance"] = {key: value for key, value in stated.items() if value}
        return element


def read_shipment_table(lines: Iterable[str], *, about: str) -> ShipmentTable:
    """The table in a CSV file with a header row.

    Parameters
    ----------
    lines : iterable of str
        As an open text file gives them (`newline=""`).

    Raises
    ------
    InputError
        `shipments.unreadable`: no CSV, or too many rows. `shipments.shape`: a column is missing or unknown, a row has
        another number of cells or is empty before others, the rows of one shipment state two masses or two dates.
    """
    reader = csv.reader(lines, strict=True)
    ends: list[int] = []
    empty = ""
    try:
        header = next(reader, [])
        _verify_header(header, about)
        found: list[list[str]] = []
        for number, cells in enumerate(reader, 1):
            if not cells:
                empty = empty or _place(number, reader.line_num)
                continue
            if empty:
                _refuse(f"{empty} is empty, and rows follow it.", about)
            if len(cells) != len(header):
                place = _place(number, reader.line_num)
                _refuse(f"{place} has {len(cells)} cells, the header {len(header)}.", about)
            found.append([cell.strip() for cell in cells])
            ends.append(reader.line_num)
            if number > ROWS_MAX:
                raise InputError(
                    "shipments.unreadable", f"more than {ROWS_MAX} rows.", about=about, next_step="Split it."
                )
    except (csv.Error, UnicodeDecodeError) as error:
        next_step = "Save it as CSV in UTF-8, with a header row."
        raise InputError("shipments.unreadable", f"{error}.", about=about, next_step=next_step) from error
    if not found:
        _refuse("there is no row below the header.", about)
    columns = dict(zip(header, zip(*found, strict=True), strict=True))
    columns |= {name: ("",) * len(found) for name in MAY if name not in columns}
    return _grouped(columns, ends, about)


def _place(number: int, line: int) -> str:
    """Where a row stands: counted without the header, and by its last line in the file."""
    return f"data row {number}, line {line}"


def _verify_header(header: list[str], about: str) -> None:
    lacking = [name for name in NEEDED if name not in header]
    if lacking:
        _refuse(f"the header has no {', '.join(lacking)}.", about)
    unknown = [name for name in header if name not in NEEDED and name not in MAY]
    if unknown or len(set(header)) < len(header):
        fault = f"unknown columns: {', '.join(unknown)}." if unknown else "a column stands twice in the header."
        _refuse(fault, about)


def _grouped(columns: Mapping[str, Sequence[str]], ends: Sequence[int], about: str) -> ShipmentTable:
    grouped: dict[str, list[int]] = {}
    for row, shipment in enumerate(columns["shipment_id"]):
        if not shipment:
            _refuse(f"{_place(row + 1, ends[row])} names no shipment.", about)
        grouped.setdefault(shipment, []).append(row)
    for name in ("mass_kg", "activity_date"):
        column = columns[name]
        for shipment, rows in grouped.items():
            differing = next((row for row in rows if column[row] != column[rows[0]]), None)
            if differing is not None:
                first, second = (_place(row + 1, ends[row]) for row in (rows[0], differing))
                fault = f"shipment {shipment} has {name} {column[rows[0]]!r} in {first}"
                _refuse(f"{fault} and {column[differing]!r} in {second}.", about)
    return ShipmentTable(columns=columns, shipments=list(grouped), rows=list(grouped.values()))


def _refuse(fault: str, about: str) -> None:
    known = f"needed {', '.join(NEEDED)}; possible {', '.join(MAY)}"
    raise InputError("shipments.shape", fault, about=about, next_step=f"Correct the table; columns: {known}.")


def decode_categories(data: bytes, *, about: str) -> SharedCategories:
    """The categories in a JSON document of format transport-categories/1.

    Raises
    ------
    InputError
        `chain.unreadable`, `chain.shape`: as for a chain. What categories mean is looked at with each shipment.
    """
    next_step = f"Supply a JSON document of format {CATEGORIES_FORMAT}: categories as in a transport chain."
    data = data.removeprefix(BOM_UTF8)
    try:
        found = msgspec.json.decode(data, type=SharedCategories)
        refuse_repeated_keys(data)
    except msgspec.ValidationError as error:
        fault, where, next_step = find_shape_fault(error, data, SharedCategories, otherwise=next_step)
        raise InputError("chain.shape", fault, about=about, where=where, next_step=next_step) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, RepeatedKeyError) as error:
        raise InputError("chain.unreadable", f"{error}.", about=about, next_step=next_step) from error
    if found.format != CATEGORIES_FORMAT:
        fault = f"expected format {CATEGORIES_FORMAT}, came {found.format!r}."
        raise InputError("chain.shape", fault, about=about, where="$.format", next_step=next_step)
    return found
