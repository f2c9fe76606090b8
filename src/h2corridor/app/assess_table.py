"""Assess a table of shipments from files: a row for each shipment on each element, and the categories they share."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import msgspec

from h2corridor.accounting.shipments import ShipmentFigures, ShipmentsAssessor
from h2corridor.app.assess import read_limited
from h2corridor.app.factor_packs import read_pack
from h2corridor.app.rules import get_chain_rules
from h2corridor.model.errors import InputError
from h2corridor.model.shipment_table import (
    CATEGORIES_FORMAT,
    SharedCategories,
    ShipmentTable,
    decode_categories,
    read_shipment_table,
)

TABLE_BYTES_MAX = 1024 * 1024 * 1024
_FIGURES = tuple(name for name in ShipmentFigures.__struct_fields__ if name not in ("shipment", "elements", "refused"))
_OF_ELEMENT = ("wtw_kgco2e", "wtt_kgco2e", "ttw_kgco2e", "transport_activity_tkm", "hub_activity_t")


class TableTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a table: how many shipments, how many elements, and which were refused, with the reason."""

    shipments: int
    elements: int
    refused: tuple[tuple[str, str], ...]


def is_table(path: Path) -> bool:
    """Whether a file is meant as a table of shipments: by its name."""
    return path.name.endswith((".csv", ".csv.gz"))


def assess_table(
    path: Path, categories: Path | None, rule_set: str, *, factors: Sequence[Path] = ()
) -> list[ShipmentFigures]:
    """The figures of every shipment of a table.

    Parameters
    ----------
    path : Path
        A `.csv` or `.csv.gz`; see `h2corridor.model.shipment_table`.
    categories : Path or None
        A JSON document of format transport-categories/1.
    factors : sequence of Path, optional
        Users' own factor files, asked before the rule set.

    Raises
    ------
    InputError
        A file cannot be read or is not what it should be, or the categories are not named.
    """
    edition = get_chain_rules(rule_set)
    table, shared = read_shipments(path, categories)
    packs = [read_pack(each) for each in factors]
    return ShipmentsAssessor(table, shared, edition, packs=packs).assess()


def read_shipments(path: Path, categories: Path | None) -> tuple[ShipmentTable, SharedCategories]:
    """A table of shipments and the categories that it needs.

    Raises
    ------
    InputError
        A file cannot be read or is not what it should be, or the categories are not named.
    """
    if categories is None:
        next_step = f"Name a JSON document of format {CATEGORIES_FORMAT} with --categories."
        raise InputError(
            "shipments.no-categories", "a table needs its categories.", about=str(path), next_step=next_step
        )
    shared = decode_categories(read_limited(categories, "a JSON document"), about=str(categories))
    return _read_table(path), shared


def write_results(figures: Iterable[ShipmentFigures], shipments: IO[str], elements: IO[str] | None) -> TableTotals:
    """Write a row a shipment, and where asked a row an element, as CSV; give what became of the table."""
    rows = csv.writer(shipments, lineterminator="\n")
    rows.writerow(["shipment_id", *_FIGURES, "refused"])
    of_elements = csv.writer(elements, lineterminator="\n") if elements is not None else None
    if of_elements is not None:
        of_elements.writerow(["shipment_id", "element_id", "kind", *_OF_ELEMENT])
    refused: list[tuple[str, str]] = []
    count = element_count = 0
    for each in figures:
        count += 1
        element_count += len(each.elements)
        rows.writerow([each.shipment, *(getattr(each, name) for name in _FIGURES), each.refused])
        if each.refused is not None:
            refused.append((each.shipment, each.refused))
        if of_elements is not None:
            for part in each.elements:
                of_elements.writerow(
                    [each.shipment, part.id, part.kind, *(getattr(part, name) for name in _OF_ELEMENT)]
                )
    return TableTotals(shipments=count, elements=element_count, refused=tuple(refused))


def _read_table(path: Path) -> ShipmentTable:
    data = read_limited(path, "a table of shipments", most=TABLE_BYTES_MAX)
    about = str(path)
    try:
        stream = gzip.GzipFile(fileobj=io.BytesIO(data)) if path.name.endswith(".gz") else io.BytesIO(data)
        return read_shipment_table(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""), about=about)
    except (OSError, EOFError, zlib.error) as error:
        next_step = "Supply a whole CSV file, or one packed by gzip."
        raise InputError("shipments.unreadable", f"{error}.", about=about, next_step=next_step) from error
