"""From a figure down to files, rows and bytes; and from a row up to every figure that rests on it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from h2verify.errors import DecodeError
from h2verify.gbt32960 import decode_frame, frame_to_json

from h2corridor.app.chains import references_of
from h2corridor.app.frame_fields import frame_fields
from h2corridor.model.errors import UsageError, WorkspaceError
from h2corridor.model.report import FindingRow, Report, Shipment, decode_report
from h2corridor.store.files import Receipt, Workspace

VEHICLES = "vehicles.csv"
DAY_S = 86_400

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    workspace: Workspace
    report: Report
    chains: Mapping[str, Record]
    receipts: Mapping[str, Receipt]

    def trip_rows(self, only: str | None = None) -> Iterator[tuple[str, str, int, int, int]]:
        """Trip id, file, first row, last row, number of readings: what each trip, or one, was measured from."""
        table = self._read_readings(["vin", "at_s", "file", "row"])
        trips = pq.read_table(self.workspace.tables_path / "trips.parquet").to_pylist()
        for trip in (each for each in trips if only in (None, each["trip_id"])):
            mine = table.filter(
                (pc.field("vin") == trip["vin"])
                & (pc.field("at_s") >= trip["started_at_s"])
                & (pc.field("at_s") <= trip["ended_at_s"])
            )
            grouped = mine.group_by("file").aggregate([("row", "min"), ("row", "max"), ("row", "count")])
            for row in sorted(grouped.to_pylist(), key=lambda each: str(each["file"])):
                yield trip["trip_id"], row["file"], row["row_min"], row["row_max"], row["row_count"]

    def trips_of_row(self, file: str, row: int) -> list[str]:
        """The trips measured from one row: none where it was damaged, repeated or of another truck."""
        found = self._read_readings(["vin", "at_s"], [("file", "==", file), ("row", "==", row)]).to_pylist()
        trips = pq.read_table(self.workspace.tables_path / "trips.parquet").to_pylist()
        return [
            trip["trip_id"]
            for reading in found
            for trip in trips
            if trip["vin"] == reading["vin"] and trip["started_at_s"] <= reading["at_s"] <= trip["ended_at_s"]
        ]

    def first_row_from(self, vin: str, at: str) -> Record | None:
        """The first row that counts of a truck at an instant or within a day after it."""
        at_s = int(datetime.fromisoformat(at).timestamp())
        rows = self._read_readings(
            ["at_s", "file", "row"], [("vin", "==", vin), ("at_s", ">=", at_s), ("at_s", "<", at_s + DAY_S)]
        ).to_pylist()
        first = min(rows, key=lambda row: int(row["at_s"]), default=None)
        return {"file": first["file"], "row": first["row"]} if first else None

    def _read_readings(self, columns: list[str], filters: list[tuple[str, str, str | int]] | None = None) -> pa.Table:
        """Read the readings of all trucks, see `h2corridor.app.trucks`."""
        paths = sorted((self.workspace.tables_path / "trucks").glob("*.readings.parquet"))
        return pq.read_table(paths, columns=columns, filters=filters) if paths else pa.table({})


def trace(workspace: Path, target: str) -> Record:
    """Trace a figure down, or a row up; a finding about no single row leads to its file, and to the truck's first row
    from its instant on.

    Parameters
    ----------
    workspace : the folder of a workspace with a report
    target : a figure id or a consignment id, to go down; `FILE#ROW` with data rows counted from 1, or a finding id,
        to go up

    Raises
    ------
    UsageError
        `trace.unknown`: no such figure, consignment, finding, file or row.
    WorkspaceError
        The workspace has no report.
    """
    kept = _open(workspace)
    finding = next((each for each in kept.report.findings if each.finding_id == target), None)
    if finding is not None and finding.row is not None:
        return _trace_row(kept, f"{finding.file}#{finding.row}")
    if finding is not None:
        return _trace_finding(kept, finding)
    if "#" in target:
        return _trace_row(kept, target)
    shipment = next((each for each in kept.report.shipments if target in (each.figure_id, each.consignment_id)), None)
    if shipment is None or shipment.consignment_id not in kept.chains:
        known = ", ".join(_name(each) for each in kept.report.shipments[:3]) or "none"
        next_step = f"Name a figure, a consignment, a finding or FILE#ROW. Here are: {known} ..."
        fault = f"nothing to trace is called {target}; the report here is of the trial {kept.report.trial}."
        raise UsageError("trace.unknown", fault, next_step=next_step)
    return _trace_figure(kept, shipment)


def _name(shipment: Shipment) -> str:
    return f"{shipment.consignment_id} ({shipment.figure_id or shipment.status})"


def trace_trip(workspace: Path, trip_id: str) -> Record:
    """Give a trip with the rows it was measured from: `file`, `row`, `last_row`, `readings`.

    Raises
    ------
    UsageError
        `trace.unknown`: no such trip.
    WorkspaceError
        The workspace has no report.
    """
    kept = _open(workspace)
    trip = next((each for each in kept.report.trips if each.trip_id == trip_id), None)
    if trip is None:
        next_step = "Take a trip's id from the report."
        raise UsageError("trace.unknown", f"no trip is called {trip_id}.", next_step=next_step)
    rows = [
        {"file": file, "row": first, "last_row": last, "readings": count}
        for _, file, first, last, count in kept.trip_rows(trip_id)
    ]
    return {"trip_id": trip_id, "vin": trip.vin, "rows": rows}


def trace_truck_trips(workspace: Path, figure_id: str, row: int) -> list[Record]:
    """Give the trips of one truck whose hydrogen a figure shares, with its share.

    Parameters
    ----------
    workspace : the folder of a workspace with a report
    figure_id : of the figure
    row : of the truck in `vehicles.csv`

    Raises
    ------
    UsageError
        `trace.unknown`: no such figure or row.
    WorkspaceError
        The workspace has no report.
    """
    kept = _open(workspace)
    shipment = next((each for each in kept.report.shipments if each.figure_id == figure_id), None)
    if shipment is None:
        raise UsageError("trace.unknown", f"no figure is called {figure_id}.", next_step="Take it from the report.")
    vin = _cells(kept, VEHICLES, row).get("vin")
    mine = {trip.trip_id for trip in kept.report.trips if trip.vin == vin}
    return [
        {"trip_id": share.trip_id, "hydrogen_used_kg": share.hydrogen_used_kg}
        for share in shipment.trip_shares
        if share.trip_id in mine
    ]


def read_row(workspace: Path, file: str, row: int) -> Record:
    """Give one received row for showing: where it stands, its cells, its frame field by field, what rests on it.

    Raises
    ------
    UsageError
        `trace.unknown`: no such file or row.
    WorkspaceError
        The workspace has no report.
    """
    kept = _open(workspace)
    traced = _trace_row(kept, f"{file}#{row}")
    is_telemetry = file.startswith("telemetry/")
    del traced["record"]
    return {
        **traced,
        "rows": kept.receipts[file].manifest.records - 1,
        "cells": _cells(kept, file, row, leave_out="frame" if is_telemetry else ""),
        "frame": _fields_of(_record(kept, file, row)) if is_telemetry else None,
    }


def _open(path: Path) -> _Kept:
    workspace = Workspace.open(path)
    try:
        report = decode_report((workspace.report_path / "report.json").read_bytes())
        chains = [
            msgspec.json.decode(file.read_bytes()) for file in sorted(workspace.report_path.glob("chains/*.json"))
        ]
    except FileNotFoundError as error:
        next_step = "Run `h2corridor trial run DATASET --workspace DIR` first."
        raise WorkspaceError("report.absent", "has no report yet.", about=str(path), next_step=next_step) from error
    return _Kept(
        workspace=workspace,
        report=report,
        chains={chain["shipment"]["id"]: chain for chain in chains},
        receipts={receipt.manifest.path: receipt for receipt in workspace.list_receipts()},
    )


def _trace_figure(kept: _Kept, shipment: Shipment) -> Record:
    shares = {share.trip_id: share.hydrogen_used_kg for share in shipment.trip_shares}
    trips: dict[str, Record] = {
        trip_id: {"trip_id": trip_id, "hydrogen_used_kg": mass, "rows": []} for trip_id, mass in shares.items()
    }
    for trip_id, file, first, last, count in kept.trip_rows():
        if trip_id in trips:
            trips[trip_id]["rows"].append({"file": file, "row": first, "last_row": last, "readings": count})
    papers = sorted(set(references_of(kept.chains[shipment.consignment_id])))
    files = sorted({reference.partition("#")[0] for reference in papers} | _files_of(trips.values()))
    return {
        "figure_id": shipment.figure_id,
        "consignment_id": shipment.consignment_id,
        "status": shipment.status,
        "why": list(shipment.why),
        "why_zh": list(shipment.why_zh or ()),
        "rule_set": shipment.rule_set,
        "wtw_kgco2e": shipment.wtw_kgco2e,
        "ttw_kgco2e": shipment.ttw_kgco2e,
        "trips": list(trips.values()),
        "papers": papers,
        "files": [_file(kept, file) for file in files],
    }


def _trace_row(kept: _Kept, target: str) -> Record:
    file, _, number = target.rpartition("#")
    if file not in kept.receipts or not number.isdigit() or int(number) < 1:
        next_step = "Write FILE#ROW with the path inside the data set and a row from 1."
        fault = f"no row {target} was received; the report here is of the trial {kept.report.trial}."
        raise UsageError("trace.unknown", fault, next_step=next_step)
    record = _record(kept, file, int(number))
    trips = kept.trips_of_row(file, int(number))
    resting = [
        shipment
        for shipment in kept.report.shipments
        if any(share.trip_id in trips for share in shipment.trip_shares)
        or target in references_of(kept.chains.get(shipment.consignment_id, {}))
    ]
    findings = [
        {"finding_id": each.finding_id, "check": each.check}
        for each in kept.report.findings
        if each.file == file and each.row is not None and each.row <= int(number) <= (each.last_row or each.row)
    ]
    return {
        "file": _file(kept, file),
        "row": int(number),
        "record": record.decode("utf-8", "replace").rstrip("\r\n"),
        "frame": _decoded(record) if file.startswith("telemetry/") else None,
        "trips": trips,
        "figures": [
            {"figure_id": each.figure_id, "consignment_id": each.consignment_id, "status": each.status}
            for each in resting
        ],
        "findings": findings,
    }


def _trace_finding(kept: _Kept, finding: FindingRow) -> Record:
    """A finding about no single row: the whole file, and what the truck sent from that instant on."""
    return {
        "finding_id": finding.finding_id,
        "check": finding.check,
        "message": finding.message,
        "message_zh": finding.message_zh,
        "file": _file(kept, finding.file),
        "telemetry": kept.first_row_from(finding.vin, finding.at) if finding.vin and finding.at else None,
    }


def _record(kept: _Kept, file: str, row: int) -> bytes:
    for number, record in enumerate(kept.workspace.read_records(kept.receipts[file])):
        if number == row:
            return record
    raise UsageError(
        "trace.unknown", f"{file} has no row {row}.", next_step="Rows count from 1, the header not counted."
    )


def _cells(kept: _Kept, file: str, row: int, *, leave_out: str = "") -> dict[str, str]:
    """The cells of a row by their column; surplus cells are left out, they have no name."""
    if file not in kept.receipts:
        raise UsageError("trace.unknown", f"no file {file} was received.", next_step="Take it from the report.")
    header, cells = _csv_cells(_record(kept, file, 0)), _csv_cells(_record(kept, file, row))
    return {name: cell for name, cell in zip(header, cells, strict=False) if name != leave_out}


def _csv_cells(record: bytes) -> list[str]:
    text = record.decode("utf-8-sig", "replace").removesuffix("\n").removesuffix("\r")
    try:
        return next(csv.reader([text], strict=True), []) if '"' in text else text.split(",")
    except csv.Error:  # quotes that do not close, or a cell of more than the reader's limit
        return text.split(",")


def _fields_of(record: bytes) -> Record:
    try:
        return frame_fields(bytes.fromhex(record.decode("ascii").strip().rpartition(",")[2]))
    except (ValueError, UnicodeDecodeError) as error:
        return {"size": None, "error": "frame.not-hex", "message": str(error), "fields": []}


def _decoded(record: bytes) -> Record:
    try:
        data = bytes.fromhex(record.decode("ascii").strip().rpartition(",")[2])
        return frame_to_json(decode_frame(data))
    except (ValueError, UnicodeDecodeError) as error:
        return {"error": "frame.not-hex", "message": str(error)}
    except DecodeError as error:
        return {"error": error.code, "message": str(error)}


def _file(kept: _Kept, path: str) -> Record:
    receipt = kept.receipts.get(path)
    if receipt is None:
        return {"path": path, "sha256": None, "size": None, "leaf_index": None}
    manifest = receipt.manifest
    return {"path": path, "sha256": manifest.sha256, "size": manifest.size, "leaf_index": receipt.leaf_index}


def _files_of(trips: Any) -> set[str]:
    return {row["file"] for trip in trips for row in trip["rows"]}
