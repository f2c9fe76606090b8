"""Trucks measured apart: what is known of each is kept under what it follows from, and only the others are computed.

    trucks/<VIN>.readings.parquet   its readings with what lies between them
    trucks/<VIN>.uses.parquet       every row of its folder and what it counts as
    trucks/<VIN>.json               standings, silences, ends, rates, and what table checks found
    trucks/<VIN>-spans.json         what the readings add up to in the spans that trips and fills cut

All trucks that are not there are computed by one set of queries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from h2verify.activity import Papers
from h2verify.activity.values import Span

from h2corridor.activity.papers import papers_of
from h2corridor.app.engines import RunEngine
from h2corridor.app.frames import FRAMES_SCHEMA, FrameFile, Progress
from h2corridor.app.kept import KeptTables, Key, software_digest
from h2corridor.app.measure import (
    Measured,
    Readings,
    Row,
    Table,
    TableEngine,
    read_frames,
    register_table,
    settle_trucks,
    span_rows,
    truck_tables,
)
from h2corridor.app.testing import check_expressions, check_tables
from h2corridor.model.trial import TrialFacts
from h2corridor.quality import CheckTables
from h2corridor.quality.catalogue import list_checks
from h2corridor.quality.registry import Thresholds

USES = ("file", "row", "use", "at_s", "clock_off")
"""The columns of the table `frame_uses`; what trucks report as their consumption is kept beside them."""
_NOT_SAID = frozenset({"uses", "steps", "vehicles", "thresholds"})
_TELEMETRY = "telemetry/"
_Small = dict[str, list[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTrucks:
    """What all trucks did, the rows of `check_expressions`, the trucks in order with their files of `readings` and
    `uses`, and how many of them were `computed`.
    """

    measured: Measured
    checked: Mapping[str, Sequence[Row]]
    readings: Sequence[Path]
    uses: Sequence[Path]
    computed: int


def measure_trucks(
    engine: RunEngine,
    kept: KeptTables,
    frames: Sequence[FrameFile],
    *,
    facts: TrialFacts,
    thresholds: Thresholds,
    progress: Progress,
) -> MeasuredTrucks:
    """Measure the trucks that are not there, and settle what all of them did.

    Parameters
    ----------
    engine : runs the expressions
    kept : where the tables of trucks stand
    frames : the frames of every file that counts
    facts : what papers say beside the telemetry
    thresholds : those that the trial's plan sets
    """
    progress("measure", 0, 1)
    papers = papers_of(facts)
    folders: dict[str, list[FrameFile]] = defaultdict(list)
    for each in sorted(frames, key=lambda each: each.place.path):
        folders[each.place.vin].append(each)
    terms = check_tables(facts, Readings(uses=None, steps=None, register=None), thresholds)
    of_all = {"engine": f"{engine.name} {engine.version}", "software": software_digest(), "terms": _said(terms)}
    keys = {vin: {**of_all, **_key_of(folders[vin], papers)} for vin in sorted(folders)}
    notes = {vin: kept.find(vin, key) for vin, key in keys.items()}
    absent = [vin for vin, note in notes.items() if note is None]
    trucks = _Trucks(engine=engine, kept=kept, keys=keys, register=register_table(engine, papers))
    found = [msgspec.json.decode(note) for note in notes.values() if note is not None]
    if absent or not keys:
        tables = [each.table for vin in absent for each in folders[vin]]
        fresh = read_frames(engine, engine.open_parquet(tables, FRAMES_SCHEMA), trucks.register, papers.period_s)
        found += trucks.keep(absent, fresh, _small_rows(engine, fresh, terms, progress))
    rows = {name: [row for each in found for row in each[name]] for name in (found[0] if found else ())}
    progress("test", 0, 1)
    return MeasuredTrucks(
        measured=settle_trucks(trucks.open(keys) if keys else fresh, rows, trucks.span_rows, papers),
        checked=rows,
        readings=trucks.paths("readings", keys),
        uses=trucks.paths("uses", keys),
        computed=len(absent),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trucks:
    """The trucks of a run by VIN, each with the key of what is kept of it."""

    engine: RunEngine
    kept: KeptTables
    keys: Mapping[str, Key]
    register: Table

    def paths(self, table: str, vins: Iterable[str]) -> list[Path]:
        return [self.kept.folder / f"{vin}.{table}.parquet" for vin in vins]

    def open(self, vins: Collection[str]) -> Readings:
        uses, steps = (self.engine.open_parquet(self.paths(name, vins)) for name in ("uses", "readings"))
        return Readings(uses=uses, steps=steps, register=self.register)

    def keep(self, vins: Sequence[str], fresh: Readings, rows: _Small) -> list[_Small]:
        """Keep what was computed of these trucks, and give it truck by truck; without any truck, all of it."""
        uses = fresh.uses.select("folder_vin", *USES, "consumption_raw").order_by(["folder_vin", "file", "row"])
        tables = {"uses": (uses, "folder_vin"), "readings": (fresh.steps.order_by(["vin", "seq"]), "vin")}
        for name, (table, column) in tables.items():
            self.engine.write_parts(table, column, dict(zip(vins, self.paths(name, vins), strict=True)))
        parts: dict[str, _Small] = {vin: {name: [] for name in rows} for vin in vins}
        for name, of_all in rows.items():
            for row in of_all:
                parts[_owner(row)][name].append(row)
        for vin, part in parts.items():
            files = [path.name for name in tables for path in self.paths(name, [vin])]
            self.kept.keep(vin, self.keys[vin], msgspec.json.encode(part), files)
        return list(parts.values()) or [rows]

    def span_rows(self, spans: Sequence[Span]) -> tuple[list[Row], list[Row]]:
        """Add up the spans of those trucks whose sums are not there; see `SpanRows`."""
        cut: dict[str, list[Span]] = defaultdict(list)
        for span in spans:
            cut[span.vin].append(span)
        keys = {vin: {"spans": [_span_key(each) for each in cut[vin]], "truck": self.keys[vin]} for vin in sorted(cut)}
        notes = {vin: self.kept.find(f"{vin}-spans", key) for vin, key in keys.items()}
        found = [msgspec.json.decode(note) for note in notes.values() if note is not None]
        absent = [vin for vin, note in notes.items() if note is None]
        if absent:
            computed = span_rows(self.engine, self.open(absent), [span for vin in absent for span in cut[vin]])
            for vin in absent:
                mine = [_plain(row for row in rows if row["vin"] == vin) for rows in computed]
                self.kept.keep(f"{vin}-spans", keys[vin], msgspec.json.encode(mine))
                found.append(mine)
        return [row for sums, _ in found for row in sums], [row for _, reported in found for row in reported]


def _small_rows(engine: TableEngine, readings: Readings, terms: CheckTables, progress: Progress) -> _Small:
    rows = {name: _plain(engine.list_rows(table)) for name, table in truck_tables(readings).items()}
    checks = check_expressions(replace(terms, uses=readings.uses, steps=readings.steps, vehicles=readings.register))
    for done, (name, table) in enumerate(checks.items()):
        progress("test", done, len(checks))
        rows[name] = _plain(engine.list_rows(table))
    return rows


def _key_of(files: Sequence[FrameFile], papers: Papers) -> Key:
    """What is kept of a truck follows from: its files, the period, the register's lines of the trucks that they name;
    and besides from what is said of all trucks.
    """
    named = {files[0].place.vin, *(vin for file in files for vin in file.note.vins)}
    register = {vin: papers.trucks.get(vin) for vin in sorted(named)}
    return {
        "files": [[file.place.path, file.sha256] for file in files],
        "period_s": list(papers.period_s),
        "register": {
            vin: None if truck is None else [truck.edition, truck.stack_count, truck.cells]
            for vin, truck in register.items()
        },
    }


def _said(terms: CheckTables) -> dict[str, Any]:
    """What checks read beside the rows of their truck: every number they compare with, and what papers say of all."""
    numbers = {
        f"{check.code} {each.name}": str(terms.threshold(check.code, each.name))
        for check in list_checks()
        for each in check.threshold
        if each.from_day <= terms.on_day
    }
    said = {each.name: getattr(terms, each.name) for each in fields(terms) if each.name not in _NOT_SAID}
    return {"papers": msgspec.to_builtins(said), "thresholds": numbers}


def _owner(row: Row) -> str:
    """The truck in whose folder a row stands, or, where it names no file of a folder, that it is about."""
    file = row.get("file") or ""
    return str(file.split("/")[1] if file.startswith(_TELEMETRY) else row["vin"])


def _span_key(span: Span) -> list[int]:
    return [span.span_no, span.from_s, span.to_s]


def _plain(rows: Iterable[Row]) -> list[Row]:
    """Rows of integers and texts in an order that follows from what they say; engines give sums as decimals."""
    whole = ({name: int(value) if isinstance(value, Decimal) else value for name, value in row.items()} for row in rows)
    return sorted(whole, key=msgspec.json.encode)
