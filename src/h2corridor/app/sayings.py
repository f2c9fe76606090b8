"""What findings say, whatever their place: digests that decisions bind to and that the ids of findings follow from.

- A row of a table counts by its cells, each with its column, and not by its number: a table that was sorted, or got
  another row, says the same of the rows it had. The digest of the cells is keyed, for a row could be guessed.
- A run of rows says something of each, so that rows may be drawn together otherwise the next time.
- A row of telemetry counts by the device time that the finding names; where it names none, by its number.
- What says the same of equal rows is told apart by counting.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from h2verify import canonical

from h2corridor.evidence.salts import closed_row_digest
from h2corridor.intake.columns import list_tables
from h2corridor.intake.dataset import Dataset
from h2corridor.intake.delimited import read_records
from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import severity_of

ROWS_APART_MAX = 100
"""A run of more rows of a table says one thing of all of them, and not one of each."""

_TABLES = frozenset(table.file for table in list_tables())
_NAMES_A_ROW = "_row"
_NAMES_JOINED = " + "

Sayings = tuple[str, ...]


def finding_sayings(findings: Sequence[Finding], received: Dataset, salt_seed: bytes) -> list[Sayings]:
    """Give for each finding the digests of what it says: one, or one for each row of a run in a table.

    Parameters
    ----------
    findings : all of a run, in their order
    received : the files that they are about
    salt_seed : the operator's secret, which closes the cells of rows
    """
    of_rows = _digests_of_rows(findings, received, salt_seed)
    told: Counter[str] = Counter()

    def tell_apart(digest: str) -> str:
        told[digest] += 1
        return digest if told[digest] == 1 else _digest([digest, told[digest]])

    return [tuple(tell_apart(_digest(said)) for said in _said(finding, of_rows)) for finding in findings]


def _said(finding: Finding, of_rows: Mapping[tuple[str, int], str]) -> Iterator[dict[str, Any]]:
    said: dict[str, Any] = {
        "check": finding.check,
        "severity": severity_of(finding),
        "file": finding.file,
        "vin": finding.vin,
        "at": finding.at,
        "params": finding.params,
    }
    rows = _rows_of(finding)
    if finding.file in _TABLES and rows:
        params = finding.params.items()
        said["params"] = {name: _in_one_order(value) for name, value in params if not name.endswith(_NAMES_A_ROW)}
        if len(rows) > ROWS_APART_MAX:
            yield {**said, "rows": _digest(sorted(of_rows.get((finding.file, row), "") for row in rows))}
        else:
            yield from ({**said, "cells": of_rows.get((finding.file, row))} for row in rows)
    elif finding.at is None:
        yield {**said, "row": finding.row, "last_row": finding.last_row}
    else:
        yield said


def _in_one_order(value: str) -> str:
    """Names that are joined stand in the order of their rows."""
    return _NAMES_JOINED.join(sorted(value.split(_NAMES_JOINED)))


def _digests_of_rows(findings: Sequence[Finding], received: Dataset, salt_seed: bytes) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for each in findings:
        rows = _rows_of(each)
        if each.file in _TABLES and rows:
            wanted.setdefault(each.file, set()).update(rows)
    found: dict[tuple[str, int], str] = {}
    for file, rows_of_file in wanted.items():
        records = read_records(file, received.read_bytes(file) or b"")
        header = next(records)
        for row, cells in enumerate(records, 1):
            if row in rows_of_file:
                found[file, row] = closed_row_digest(salt_seed, _cells_by_column(header, cells))
    return found


def _cells_by_column(header: Sequence[str], cells: Sequence[str]) -> list[list[str]]:
    """The cells that say something, each with its column; those beyond the last column have none."""
    columns = [*header, *([""] * (len(cells) - len(header)))]
    return sorted([name, cell] for name, cell in zip(columns, cells, strict=False) if cell)


def _rows_of(finding: Finding) -> range:
    if finding.row is None:
        return range(0)
    return range(finding.row, (finding.last_row or finding.row) + 1)


def _digest(said: Any) -> str:
    return hashlib.sha256(canonical.encode(said)).hexdigest()
