"""Faults of many kinds and sizes in random places of a trial's telemetry, both editions; each knows where it lies.

Nothing here knows how a check decides; `found_by` names the checks that may find a kind.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from faults_in_frames import POSITION, VEHICLE, in_gcj02
from faulty_trials import (
    Received,
    odometer_of,
    put,
    read_rows,
    value_of,
    with_items,
    with_odometer,
    with_time,
    write_rows,
)
from h2verify.gbt32960 import xor_of

from h2corridor.protocols.gbt32960 import encode_frame

FUEL_CELL, STACKS = 0x03, 0x30
KM_E6 = 9_009
APART = 200
"""Rows that are left sound on both sides of a fault."""
DRIVING, PARKED, ANY = "driving", "parked", "any"


@dataclass(slots=True)
class Stretch:
    """Rows of one telemetry file into which one fault is put, and those of the truck's later files."""

    rows: list[Received]
    at: int
    later: Sequence[list[Received]]
    vin: str
    other_vin: str
    draw: Random

    @property
    def edition(self) -> int:
        return 2016 if self.rows[self.at].frame[:2] == b"##" else 2025

    def take(self, count: int) -> list[Received]:
        return self.rows[self.at : self.at + count]

    def edit(self, count: int, change: Callable[[bytes], bytes]) -> list[Received]:
        """Change frames; give the rows that are faulty."""
        for row in self.take(count):
            row.frame = change(row.frame)
        return self.take(count)

    def insert(self, new: Sequence[Received]) -> list[Received]:
        self.rows[self.at + 1 : self.at + 1] = new
        return list(new)

    def following(self) -> list[Received]:
        """All rows of the truck after the first of the stretch."""
        return [*self.rows[self.at + 1 :], *(row for rows in self.later for row in rows)]


Make = Callable[[Stretch, int], list[Received]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of fault: sizes to draw from (what they mean is up to `make`), how many rows it needs, and where."""

    make: Make
    sizes: Sequence[int]
    found_by: frozenset[str]
    rows: Callable[[int], int] = field(default=lambda size: size + 2)
    where: str = ANY
    edition: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A fault as written: its rows in its file, and the instants between which its truck was touched [s]."""

    kind: str
    size: int
    file: str
    vin: str
    first_row: int
    last_row: int
    found_by: frozenset[str]
    span_s: tuple[float, float]


def write_faulty(source: Path, target: Path, draw: Random, kinds: Mapping[str, Kind]) -> list[Placed]:
    """Put one fault of every kind into the telemetry of a trial; give them as they lie."""
    files = {path.relative_to(source).as_posix(): read_rows(path) for path in sorted(source.glob("telemetry/*/*.gz"))}
    vins = sorted({name.split("/")[1] for name in files if _is_registered(source, name)})
    taken: dict[str, list[Received]] = {name: _faulty_already(source, name, rows) for name, rows in files.items()}
    made = []
    for name in draw.sample(sorted(kinds), len(kinds)):
        kind, size = kinds[name], draw.choice(kinds[name].sizes)
        file, stretch = _place(files, taken, vins, draw, kind, count=kind.rows(size))
        touched = stretch.take(kind.rows(size))
        span_s = (touched[0].at.timestamp() - 60, touched[-1].at.timestamp() + 60)
        rows = kind.make(stretch, size)
        taken[file] += [*touched, *rows]
        made.append((name, size, file, rows, kind.found_by, span_s))
    for name, rows in files.items():
        write_rows(target / name, rows)
    number = {id(row): n for rows in files.values() for n, row in enumerate(rows, 1)}
    return [
        Placed(
            kind=name,
            size=size,
            file=file,
            vin=file.split("/")[1],
            first_row=min(number[id(row)] for row in rows),
            last_row=max(number[id(row)] for row in rows),
            found_by=found_by,
            span_s=span_s,
        )
        for name, size, file, rows, found_by, span_s in made
    ]


def _faulty_already(source: Path, name: str, rows: Sequence[Received]) -> list[Received]:
    with (source / "truth" / "faults.csv").open(encoding="utf-8", newline="") as file:
        faults = [fault for fault in csv.DictReader(file) if fault["file"] == name]
    return [row for fault in faults for row in rows[int(fault["first_row"]) - 1 : int(fault["last_row"])]]


def _is_registered(source: Path, name: str) -> bool:
    return name.split("/")[1] in (source / "vehicles.csv").read_text(encoding="utf-8")


def _place(
    files: Mapping[str, list[Received]],
    taken: Mapping[str, Sequence[Received]],
    vins: Sequence[str],
    draw: Random,
    kind: Kind,
    *,
    count: int,
) -> tuple[str, Stretch]:
    """A stretch of so many sound rows, far from other faults."""
    for _ in range(5000):
        file = draw.choice(sorted(files))
        vin, rows = file.split("/")[1], files[file]
        if vin not in vins or len(rows) < count + 2 * APART:
            continue
        at = draw.randrange(APART // 4, len(rows) - count - APART // 4)
        later = [files[name] for name in sorted(files) if name.split("/")[1] == vin and name > file]
        other = next(each for each in vins if each != vin)
        stretch = Stretch(rows=rows, at=at, later=later, vin=vin, other_vin=other, draw=draw)
        near = {id(row) for row in taken[file]}
        is_free = not any(id(row) in near for row in rows[max(0, at - APART) : at + count + APART])
        if is_free and kind.edition in (None, stretch.edition) and _suits(stretch.take(count), kind.where):
            return file, stretch
    raise LookupError(f"no place for {count} rows {kind.where}")


def _suits(rows: Sequence[Received], where: str) -> bool:
    speeds = [speed_of(row.frame) for row in rows]
    if where == ANY:
        return None not in speeds
    return all(speed is not None and (speed > 0) == (where == DRIVING) for speed in speeds)


def speed_of(frame: bytes) -> int | None:
    """The raw speed of a sound real-time frame whose first item is the vehicle; None of any other."""
    is_sound = frame[:2] in (b"##", b"$$") and len(frame) > 45 and frame[21] == 1 and xor_of(frame[2:]) == 0
    return int.from_bytes(frame[34:36]) if is_sound and frame[2] == 2 and frame[30] == VEHICLE else None


def _garbage(stretch: Stretch, size: int) -> list[Received]:
    at = stretch.rows[stretch.at].at
    return stretch.insert([Received(at, stretch.draw.randbytes(stretch.draw.randrange(1, 90))) for _ in range(size)])


def _platform_login(stretch: Stretch, size: int) -> list[Received]:
    row = stretch.rows[stretch.at]
    unit = row.frame[24:30] + b"\x00\x01" + b"PLATFORM0001" + b"secret".ljust(20, b"\x00") + b"\x01"
    frame = encode_frame(edition=stretch.edition, command=5, vin=b"PLATFORM000000001", data_unit=unit)
    return stretch.insert([replace(row, frame=frame) for _ in range(size)])


def _under_vin(stretch: Stretch, size: int, vin: str) -> list[Received]:
    return stretch.insert([replace(row, frame=put(row.frame, 4, vin.encode())) for row in stretch.take(size)])


def _delayed(seconds: int) -> Make:
    """Frames that waited on the way; the last of the burst is prompt, and `seconds` behind its first."""

    def make(stretch: Stretch, size: int) -> list[Received]:
        burst = stretch.take(size)
        at = max(burst[-1].at, burst[0].at + timedelta(seconds=seconds))
        for number, row in enumerate(burst):
            row.at = at + timedelta(milliseconds=20 * number)
        stretch.rows.sort(key=lambda row: row.at)
        return burst[: max(1, size // 2)]

    return make


def _gap(stretch: Stretch, size: int) -> list[Received]:
    sides = [stretch.rows[stretch.at], stretch.rows[stretch.at + size + 1]]
    del stretch.rows[stretch.at + 1 : stretch.at + size + 1]
    return sides


def _out_of_order(stretch: Stretch, size: int) -> list[Received]:
    late = stretch.rows[stretch.at]
    late.at = stretch.rows[stretch.at + size].at + timedelta(milliseconds=200)
    stretch.rows.sort(key=lambda row: row.at)
    return [late]


def _repeated(stretch: Stretch, size: int) -> list[Received]:
    return stretch.insert([replace(stretch.rows[stretch.at]) for _ in range(size)])


def _late_reissue(stretch: Stretch, size: int) -> list[Received]:
    sent = stretch.take(size)
    del stretch.rows[stretch.at : stretch.at + size]
    at = min(stretch.at + 60, len(stretch.rows) - 1)
    again = [replace(row, at=stretch.rows[at].at, frame=put(row.frame, 2, b"\x03")) for row in sent]
    stretch.rows[at + 1 : at + 1] = again
    return again


def _conflicting(stretch: Stretch, size: int) -> list[Received]:
    rows = stretch.take(size)
    other = [replace(row, frame=with_items(row.frame, {VEHICLE: {"soc_pct": 99}})) for row in rows]
    for row, false in zip(rows, other, strict=True):
        stretch.rows.insert(stretch.rows.index(row) + 1, false)
    return other


def _clone(stretch: Stretch, size: int) -> list[Received]:
    """A second terminal under the same VIN, 0.5 degrees away, by turns with the first."""
    added = []
    for number, row in enumerate(stretch.take(size)):
        there = {name: value_of(row.frame, POSITION, name) + 500_000 for name in ("longitude", "latitude")}
        vehicle = {"odometer_km": 1_234_000 + number * 5 // 3, "soc_pct": 70, "speed_kmh": 600}
        frame = with_time(with_items(row.frame, {VEHICLE: vehicle, POSITION: there}), 4)
        added.append(Received(row.at + timedelta(seconds=4), frame))
        stretch.rows.insert(stretch.rows.index(row) + 1, added[-1])
    return added


def _moved(stretch: Stretch, size: int, north_e6: int) -> list[Received]:
    def move(frame: bytes) -> bytes:
        return with_items(frame, {POSITION: {"latitude": value_of(frame, POSITION, "latitude") + north_e6}})

    return stretch.edit(size, move)


def _fix_held(stretch: Stretch, size: int, status: int) -> list[Received]:
    frame = stretch.rows[stretch.at].frame
    fix = {name: value_of(frame, POSITION, name) for name in ("longitude", "latitude")}
    stretch.at += 1
    return stretch.edit(size, lambda each: with_items(each, {POSITION: {**fix, "status_raw": status}}))


def _odometer_shift(by: Callable[[int, int], int]) -> Make:
    """From the second row of the stretch on, for good."""

    def make(stretch: Stretch, size: int) -> list[Received]:
        before = odometer_of(stretch.rows[stretch.at].frame)
        change = by(before, size)
        for row in stretch.following():
            _count_on(row, change)
        return [stretch.rows[stretch.at], stretch.rows[stretch.at + 1]]

    return make


def _count_on(row: Received, change: int) -> None:
    frame = put(row.frame, 2, b"\x02") if row.frame[2:3] == b"\x03" else row.frame
    if speed_of(frame) is not None and odometer_of(frame) <= 9_999_999:
        row.frame = with_odometer(row.frame, max(0, odometer_of(row.frame) + change))


def _odometer_stalls(stretch: Stretch, size: int) -> list[Received]:
    """And counts on from there."""
    rows = stretch.take(size)
    first, last = odometer_of(rows[0].frame), odometer_of(rows[-1].frame)
    for row in stretch.following()[size - 1 :]:
        _count_on(row, first - last)
    stretch.edit(size, lambda frame: with_odometer(frame, first))
    return rows[1:]


def _set(item: int, **values: int) -> Make:
    return lambda stretch, size: stretch.edit(size, lambda frame: with_items(frame, {item: values}))


def _without(item: int) -> Make:
    return lambda stretch, size: stretch.edit(size, lambda frame: with_items(frame, {}, without=frozenset({item})))


def _longer(frame: bytes, more: bytes) -> bytes:
    length = int.from_bytes(frame[22:24]) + len(more)
    changed = frame[2:22] + length.to_bytes(2) + frame[24:-1] + more
    return frame[:2] + changed + bytes((xor_of(changed),))


def _edited(change: Callable[[bytes], bytes]) -> Make:
    return lambda stretch, size: stretch.edit(size, change)


def _by_time(sign: int) -> Make:
    """One frame with a time so many seconds off."""
    return lambda stretch, size: stretch.edit(1, lambda frame: with_time(frame, sign * size))


def _clock(off_s: Sequence[int]) -> Make:
    def make(stretch: Stretch, size: int) -> list[Received]:
        off = stretch.draw.choice(off_s)
        return stretch.edit(size, lambda frame: with_time(frame, off))

    return make


def _kind(make: Make, sizes: Sequence[int], *found_by: str, **more: Any) -> Kind:
    return Kind(make=make, sizes=sizes, found_by=frozenset(found_by), **more)


def _one(_: int) -> int:
    return 3


RUNS = (1, 2, 5, 30, 80)
KINDS: Mapping[str, Kind] = {
    "bad_check_byte": _kind(_edited(lambda f: f[:-1] + bytes((f[-1] ^ 0x55,))), (1, 3, 20), "frame.bad-check-byte"),
    "truncated": _kind(_edited(lambda f: f[:-7]), (1, 2, 5), "frame.truncated"),
    "cut_short": _kind(_edited(lambda f: f[:9]), (1, 2), "frame.truncated", "frame.garbage"),
    "garbage": _kind(_garbage, (1, 3), "frame.garbage"),
    "wrong_edition": _kind(
        _edited(lambda f: (b"$$" if f[:2] == b"##" else b"##") + f[2:]), (1, 5, 40), "frame.wrong-edition"
    ),
    "encrypted": _kind(_edited(lambda f: put(f, 21, b"\x02")), (1, 5, 40), "frame.encrypted"),
    "unknown_item": _kind(_edited(lambda f: _longer(f, b"\x7e\x01\x02\x03")), (1, 5, 40), "frame.unknown-item"),
    "platform_login": _kind(_platform_login, (1,), "frame.platform-login"),
    "unregistered": _kind(lambda s, n: _under_vin(s, n, "LSTRANGER00000001"), (1, 5, 40), "identity.unregistered-vin"),
    "foreign": _kind(lambda s, n: _under_vin(s, n, s.other_vin), (1, 5, 40), "identity.foreign-frame"),
    "two_places": _kind(_clone, (6, 30), "identity.two-places", where=DRIVING),
    "clock_off": _kind(_clock((-3600, -450, -45, 45, 450, 3600)), (3, 30, 150), "time.clock-off"),
    "future": _kind(_by_time(1), (60, 600, 7200, 30_000), "time.future", rows=_one),
    "past": _kind(_by_time(-1), (600, 7200, 30_000), "time.past", rows=_one, where=DRIVING),
    "other_year": _kind(_by_time(-1), (86_400 * 30, 86_400 * 400), "time.outside-period", rows=_one),
    "year_ahead": _kind(_by_time(1), (86_400 * 30, 86_400 * 400), "time.outside-period", rows=_one),
    "delay_45_s": _kind(_delayed(45), (5,), "frame.late", where=DRIVING),
    "delay_200_s": _kind(_delayed(200), (21,), "frame.late", where=DRIVING),
    "gap": _kind(_gap, (7, 20, 100), "time.gap", where=DRIVING),
    "out_of_order": _kind(_out_of_order, (1, 3, 9), "frame.late"),
    "repeated": _kind(_repeated, (1, 3), "frame.repeated"),
    "late_reissue": _kind(_late_reissue, (1, 5, 40), "frame.late"),
    "conflicting": _kind(_conflicting, (1, 3), "frame.conflicting"),
    "invalid_fix": _kind(lambda s, n: _fix_held(s, n, 1), (3, 10, 80), "position.invalid-fix", where=DRIVING),
    "frozen_fix": _kind(lambda s, n: _fix_held(s, n, 0), (10, 30, 80), "position.frozen", where=DRIVING),
    "null_island": _kind(_set(POSITION, longitude=0, latitude=0), RUNS, "position.null-island"),
    "jump_km": _kind(lambda s, n: _moved(s, 1, n * KM_E6), (1, 5, 50), "position.jump", rows=_one),
    "displaced_5_km": _kind(lambda s, n: _moved(s, n, 5 * KM_E6), (2, 30, 80), "position.jump", where=DRIVING),
    "displaced_600_m": _kind(lambda s, n: _moved(s, n, KM_E6 * 6 // 10), (2, 30, 80), "position.jump", where=DRIVING),
    "gcj02_unsaid": _kind(_edited(in_gcj02), (20, 80), "position.datum", where=DRIVING),
    "gcj02_said": _kind(
        _edited(lambda f: with_items(in_gcj02(f), {POSITION: {"coordinate_system_raw": 2}})),
        (20, 80),
        "position.reprojected",
        edition=2025,
        where=DRIVING,
    ),
    "off_corridor": _kind(lambda s, n: _moved(s, n, 1500 * KM_E6), (1, 30), "position.off-corridor"),
    "odometer_jump": _kind(
        _odometer_shift(lambda _, km: 10 * km), (2, 109, 2000), "odometer.jump", rows=_one, where=DRIVING
    ),
    "odometer_reset": _kind(
        _odometer_shift(lambda at, left: left - at), (500, 9000), "odometer.reset", rows=_one, where=DRIVING
    ),
    "odometer_back": _kind(
        _odometer_shift(lambda _, km: -10 * km), (1, 50), "odometer.reset", rows=_one, where=DRIVING
    ),
    "odometer_stalls": _kind(_odometer_stalls, (30, 80), "odometer.frozen", where=DRIVING),
    "speed_while_parked": _kind(
        _set(VEHICLE, speed_kmh=420, gear_raw=0x2E, state=1),
        (15, 40),
        "vehicle.speed-while-parked",
        where=PARKED,
    ),
    "speed_only_while_parked": _kind(
        _set(VEHICLE, speed_kmh=420), (1, 3, 30), "vehicle.speed-while-parked", where=PARKED
    ),
    "vehicle_missing": _kind(_without(VEHICLE), RUNS, "sensor.item-missing"),
    "fuel_cell_missing": _kind(_without(FUEL_CELL), RUNS, "sensor.item-missing"),
    "position_missing": _kind(_without(POSITION), RUNS, "sensor.item-missing"),
    "stacks_missing": _kind(_without(STACKS), RUNS, "sensor.item-missing", edition=2025),
    "speed_sentinel": _kind(_set(VEHICLE, speed_kmh=0xFFFE), RUNS, "sensor.sentinel"),
    "odometer_sentinel": _kind(_set(VEHICLE, odometer_km=0xFFFF_FFFF), RUNS, "sensor.sentinel"),
    "pressure_sentinel": _kind(_set(FUEL_CELL, h2_max_pressure_mpa=0xFFFE), RUNS, "sensor.sentinel"),
    "speed_too_high": _kind(_set(VEHICLE, speed_kmh=2300), RUNS, "sensor.out-of-range"),
}
