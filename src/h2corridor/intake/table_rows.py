"""One table's records as rows of the model, with a finding for every cell that cannot become a value."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from h2corridor.intake.cells import CellFault, read_cell, shown, unknown_word
from h2corridor.intake.columns import Column, Table
from h2corridor.intake.delimited import read_header, read_records
from h2corridor.intake.finding_runs import FindingRuns
from h2corridor.model.findings import Finding, Severity

VIN = re.compile(r"[A-Z0-9]{17}")
_BLOCKING: Severity = "blocking"


class TableRead(msgspec.Struct, kw_only=True):
    """A table as read: its rows, its findings, and for each identity whether its row could be used."""

    rows: list[Any] = []
    findings: list[Finding] = []
    usable: dict[str, bool] = {}


def read_table(table: Table, content: bytes) -> TableRead:
    """The rows of one table; a row with a faulty cell is set aside and is a finding. Of one kind only so many are held.

    Raises
    ------
    InputError
        The file cannot be cut into records, or a required column is missing.
    """
    records = read_records(table.file, content)
    header = read_header(table.file, records, tuple(each.name for each in table.columns if not each.optional))
    read = TableRead()
    reader = _RowReader(table, header)
    runs = FindingRuns()
    runs.add_all(_unknown_columns(table, header))
    for number, cells in enumerate(records, 1):
        row, findings = reader.read(number, cells)
        runs.add_all(findings)
        if row is not None:
            read.rows.append(row)
        identity = reader.cell(cells, table.columns[0].name)
        read.usable[identity] = read.usable.get(identity, False) or row is not None
    read.findings = runs.findings()
    return read


class _RowReader:
    """Reads the rows of one table one after the other and remembers the keys it has seen."""

    def __init__(self, table: Table, header: tuple[str, ...]) -> None:
        self._table = table
        self._header = header
        self._index = {name: position for position, name in enumerate(header)}
        self._keys: list[dict[tuple[str, ...], tuple[int, int]]] = [{} for _ in table.keys]
        self._empty_text = {each.name for each in msgspec.structs.fields(table.row_type) if each.type is str}

    def cell(self, cells: list[str], name: str) -> str:
        """The text of a cell; empty where the column or the cell is absent."""
        position = self._index.get(name, len(cells))
        return cells[position] if position < len(cells) else ""

    def read(self, number: int, cells: list[str]) -> tuple[Any | None, list[Finding]]:
        if not any(cells):
            return None, [Finding(check="table.blank-row", file=self._table.file, row=number)]
        if len(cells) != len(self._header):
            counts = {"expected": str(len(self._header)), "came": str(len(cells))}
            return None, [Finding(check="table.wrong-cell-count", file=self._table.file, row=number, params=counts)]
        values: dict[str, Any] = {"row": number}
        faults = [fault for column in self._table.columns for fault in self._read_column(column, cells, values)]
        faults += [(fault, True) for fault in self._spans(cells, values)]
        if not any(drops for _, drops in faults):
            faults += self._duplicate(number, cells)
        findings = [self._finding(number, cells, fault) for fault, _ in faults]
        if any(drops for _, drops in faults):
            return None, findings
        return self._table.row_type(**values), findings

    def _read_column(self, column: Column, cells: list[str], values: dict[str, Any]) -> Iterator["_Faulty"]:
        text = self.cell(cells, column.name)
        if not text:
            values[column.model_field] = "" if column.model_field in self._empty_text else None
            if column.empty is not None:
                severity = _BLOCKING if column.empty == "row" else column.empty
                params = {"column": column.name, "needed_by": f"@{column.by}"}
                yield _Fault("value.missing", params, severity), column.empty == "row"
            return
        value = read_cell(column, text)
        if isinstance(value, CellFault):
            yield _Fault(value.check, {"column": column.name, **value.params}, None), True
            return
        values[column.model_field] = value
        odd = unknown_word(column, value)
        if odd is not None:
            yield _Fault(odd.check, {"column": column.name, **odd.params}, column.unknown), False

    def _spans(self, cells: list[str], values: Mapping[str, Any]) -> Iterator["_Fault"]:
        for start, end in self._table.spans:
            started, ended = values.get(f"{start}_ms"), values.get(f"{end}_ms")
            if started is not None and ended is not None and ended < started:
                params = {"start_column": start, "start": self.cell(cells, start)}
                params |= {"end_column": end, "end": self.cell(cells, end)}
                yield _Fault("value.end-before-start", params, None)

    def _duplicate(self, number: int, cells: list[str]) -> list["_Faulty"]:
        faults: list[_Faulty] = []
        for columns, seen in zip(self._table.keys, self._keys, strict=True):
            key = tuple(self.cell(cells, name) for name in columns)
            first_row, content = seen.setdefault(key, (number, hash(tuple(cells))))
            if first_row != number and not faults:
                params = {"key": shown(", ".join(key)), "first_row": str(first_row)}
                severity: Severity | None = "warning" if content == hash(tuple(cells)) else None
                faults.append((_Fault("table.duplicate-key", params, severity), True))
        return faults

    def _finding(self, number: int, cells: list[str], fault: "_Fault") -> Finding:
        vin = self.cell(cells, "vin")
        return Finding(
            check=fault.check,
            file=self._table.file,
            row=number,
            vin=vin if VIN.fullmatch(vin) else None,
            severity=fault.severity,
            params=fault.params,
        )


class _Fault(msgspec.Struct, frozen=True):
    check: str
    params: dict[str, str]
    severity: Severity | None


_Faulty = tuple[_Fault, bool]
"""A fault and whether the row is set aside for it."""


def _unknown_columns(table: Table, header: tuple[str, ...]) -> list[Finding]:
    known = {each.name for each in table.columns}
    unknown = [name or "(no name)" for name in header if name not in known]
    if not unknown:
        return []
    return [Finding(check="table.unknown-columns", file=table.file, params={"columns": shown(", ".join(unknown))})]
