"""A fleet in which every truck has one fault of its own: the clean first run, once a fault, under other names.

Each truck is a world by itself: its own station, hubs, batch, consignments and telemetry, at the same places and times,
so that one run tests all faults and a finding belongs to one fault. Nothing here knows a check.
"""

import csv
import gzip
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from h2verify.gbt32960 import decode_frame, xor_of

from h2corridor.protocols.gbt32960 import encode_data_unit, encode_frame
from h2corridor.quality.containers import expected_check_digit

Table = list[dict[str, str]]
TIME_AT, ODOMETER_AT = 24, 36
NAMES = frozenset(
    (
        *("batch_id", "certificate_id", "consignment_id", "delivery_id", "destination_site", "document_no", "leg_id"),
        *("meter_id", "origin_site", "refuelling_id", "seal_no", "site_id", "station_id"),
    )
)
"""Columns whose values are given other names in every world."""
SHARED = frozenset({"parties.csv"})


@dataclass(slots=True)
class Received:
    """A row of a telemetry file."""

    at: datetime
    frame: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a fault lies: rows of a file, counted from 1 within its world, or what is absent there."""

    file: str
    first_row: int | None = None
    last_row: int | None = None

    @classmethod
    def in_frames(cls, first_row: int, last_row: int | None = None) -> "Place":
        """Rows of the truck's telemetry."""
        return cls(file="telemetry", first_row=first_row, last_row=last_row or first_row)

    @classmethod
    def in_papers(cls, file: str, row: int | None = None) -> "Place":
        """One row of a paper, or something that is not in it."""
        return cls(file=file, first_row=row, last_row=row)


@dataclass(slots=True)
class World:
    """A truck with its papers and telemetry; a fault changes them."""

    name: str
    vin: str
    papers: dict[str, Table]
    rows: list[Received]

    def edit(self, first: int, last: int, change: Callable[[bytes], bytes]) -> Place:
        """Change the frames of these rows."""
        for row in self.rows[first - 1 : last]:
            row.frame = change(row.frame)
        return Place.in_frames(first, last)

    def set(self, file: str, row: int, **values: str) -> Place:
        """Change cells of a row of a paper."""
        self.papers[file][row - 1].update(values)
        return Place.in_papers(file, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A kind of fault: how it is made, which checks may find it, and what else it rightly entails."""

    kind: str
    make: Callable[[World], Place]
    found_by: frozenset[str]
    entails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What was written: by world its fault and place in the written files, and who owns a row of a shared paper."""

    faults: Mapping[str, Fault]
    places: Mapping[str, Place]
    vins: Mapping[str, str]
    owners: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def owner_of(self, finding: Any) -> str | None:
        """The world that a finding belongs to."""
        if finding.file.startswith("telemetry/"):
            return self.vins.get(finding.file.split("/")[1])
        if finding.row is not None and (finding.file, finding.row) in self.owners:
            return self.owners[finding.file, finding.row]
        if finding.vin in self.vins:
            return self.vins[finding.vin]
        named = re.search(r"~(W\d{3})", " ".join(finding.params.values()))
        return named[1] if named else None


def write_fleet(source: Path, target: Path, faults: Sequence[Fault]) -> Fleet:
    """Write a data set with one truck a fault; the source has one truck and one telemetry file."""
    papers = {path.name: _read_table(path) for path in sorted(source.glob("*.csv"))}
    telemetry = next(source.glob("telemetry/*/*.csv.gz"))
    rows = read_rows(telemetry)
    written: dict[str, Table] = {name: [] for name in papers} | {name: papers[name] for name in SHARED}
    made, places, vins, owners = {}, {}, {}, {}
    for number, fault in enumerate(faults):
        world = _world(number, papers, rows)
        place = fault.make(world)
        made[world.name], vins[world.vin] = fault, world.name
        path = f"telemetry/{world.vin}/{telemetry.name}"
        offset = 0 if place.file == "telemetry" else len(written[place.file])
        places[world.name] = _shifted(place, offset, path)
        for name, table in world.papers.items():
            owners |= {(name, len(written[name]) + 1 + n): world.name for n in range(len(table))}
            written[name] += table
        write_rows(target / path, world.rows)
    for name, table in written.items():
        _write_table(target / name, table, papers[name])
    (target / "trial.toml").write_bytes((source / "trial.toml").read_bytes())
    return Fleet(faults=made, places=places, vins=vins, owners=owners)


def read_rows(path: Path) -> list[Received]:
    """The rows of a telemetry file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [
            Received(datetime.fromisoformat(row["received_at"]), bytes.fromhex(row["frame"]))
            for row in csv.DictReader(file)
        ]


def write_rows(path: Path, rows: Sequence[Received]) -> None:
    """Write a telemetry file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"{row.at.isoformat(timespec='milliseconds')},{row.frame.hex()}\n" for row in rows)
    path.write_bytes(gzip.compress(("received_at,frame\n" + "".join(lines)).encode(), compresslevel=1))


def put(frame: bytes, at: int, value: bytes) -> bytes:
    """The frame with other bytes there and a check byte that fits."""
    changed = frame[2:at] + value + frame[at + len(value) : -1]
    return frame[:2] + changed + bytes((xor_of(changed),))


def with_vin(frame: bytes, vin: str) -> bytes:
    """The frame under another VIN."""
    return put(frame, 4, vin.encode())


def with_time(frame: bytes, later_s: int) -> bytes:
    """The frame with another device time."""
    year, *rest = frame[TIME_AT : TIME_AT + 6]
    moved = datetime(2000 + year, *rest, tzinfo=UTC) + timedelta(seconds=later_s)
    parts = (moved.year - 2000, moved.month, moved.day, moved.hour, moved.minute, moved.second)
    return put(frame, TIME_AT, bytes(parts))


def odometer_of(frame: bytes) -> int:
    """The raw odometer of a frame whose first item is the vehicle."""
    return int.from_bytes(frame[ODOMETER_AT : ODOMETER_AT + 4])


def with_odometer(frame: bytes, raw: int) -> bytes:
    """The frame with another odometer; one without items stays as it is."""
    return put(frame, ODOMETER_AT, raw.to_bytes(4)) if frame[2] in (2, 3) else frame


def with_items(
    frame: bytes,
    changes: Mapping[int, Mapping[str, Any]],
    *,
    without: frozenset[int] = frozenset(),
    added: Sequence[tuple[int, Mapping[str, Any]]] = (),
) -> bytes:
    """The frame with other values in its items, without some, with others added at the end."""
    read = decode_frame(frame)
    items = [
        (item.type, {**item.raw, **changes.get(item.type, {})}) for item in read.items or () if item.type not in without
    ]
    unit = encode_data_unit(
        edition=read.header.edition,
        command=read.header.command,
        time_raw=read.time_raw or b"",
        items=[*items, *added],
    )
    return encode_frame(
        edition=read.header.edition,
        command=read.header.command,
        vin=frame[4:21],
        data_unit=unit,
        response=read.header.response,
        encryption=read.header.encryption,
    )


def value_of(frame: bytes, item_type: int, name: str) -> int:
    """A raw value of an item."""
    item = decode_frame(frame).find_item(item_type)
    assert item is not None
    return int(item.raw[name])  # type: ignore[call-overload]  # a field, no records


def _world(number: int, papers: Mapping[str, Table], rows: Sequence[Received]) -> World:
    name, vin = f"W{number:03}", f"LFHFLEETTRUCK{number:04}"
    old_vin = papers["vehicles.csv"][0]["vin"]
    own = {
        file: [{column: _named(column, cell, name, old_vin, vin) for column, cell in row.items()} for row in table]
        for file, table in papers.items()
        if file not in SHARED
    }
    return World(name, vin, own, [replace(row, frame=with_vin(row.frame, vin)) for row in rows])


def _named(column: str, cell: str, name: str, old_vin: str, vin: str) -> str:
    if column == "vin" and cell == old_vin:
        return vin
    if column == "container_no":
        number = f"{cell[:4]}{(int(cell[4:10]) + 1000 * int(name[1:])) % 1_000_000:06}"
        return number + (expected_check_digit(number + "0") or "")
    return f"{cell}~{name}" if column in NAMES and cell else cell


def _shifted(place: Place, offset: int, path: str) -> Place:
    file = path if place.file == "telemetry" else place.file
    if place.first_row is None or place.last_row is None:
        return replace(place, file=file)
    return Place(file=file, first_row=place.first_row + offset, last_row=place.last_row + offset)


def _read_table(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write_table(path: Path, table: Table, like: Table) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(like[0]))
        writer.writeheader()
        writer.writerows(table)


def every(kinds: Mapping[str, Any]) -> Iterator[Fault]:
    """The faults of a table: kind -> how, found by, and what it entails."""
    for kind, (make, found_by, *entails) in kinds.items():
        yield Fault(kind=kind, make=make, found_by=frozenset(found_by), entails=frozenset(*entails))
