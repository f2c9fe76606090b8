"""The honest peer of the array decoder: one frame after another in plain Python, as fast as that is known to go.

Layouts are remembered and compiled to one `struct` each, check bytes folded as one large integer, dates kept, a row is
one tuple. It gives the same columns, and `quantities_of` the same quantities from them, as the arrays do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from operator import itemgetter
from struct import Struct
from typing import Any

from h2verify.gbt32960 import (
    EDITION_BY_MARK,
    EDITIONS,
    FRAME_COLUMNS,
    FRAME_OVERHEAD,
    ITEM_COLUMNS,
    PLAIN,
    REALTIME,
    REISSUE,
    Field,
    Place,
    RowDecoder,
    find_instant,
    plan_layout,
    text_of,
    utc_seconds,
    xor_of,
)
from h2verify.gbt32960.rows import CURRENT_ABNORMAL

MILLIONTHS = 1_000_000
NO_SENTINEL = 1 << 62
_PER_ROW = ("command", "response", "vin", "data_unit_digest", "device_time_s")
_FORMATS = {1: "B", 2: "H", 4: "I"}

Columns = dict[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """How a raw value becomes millionths of its unit; one of `sentinel_min` or more has no value."""

    sentinel_min: int
    factor: int
    offset: int


@cache
def list_quantities(year: int) -> Mapping[str, Quantity]:
    """The quantity of every column that one edition's field table gives a unit or a scale."""
    found = {}
    for column, (item_type, names) in ITEM_COLUMNS.items():
        item = EDITIONS[year].items.get(item_type)
        for part in item.parts if item else ():
            if isinstance(part, Field) and part.name in names:
                found[column] = Quantity(
                    sentinel_min=part.abnormal if part.sentinels else NO_SENTINEL,
                    factor=int(Decimal(part.scale) * MILLIONTHS),
                    offset=int(Decimal(part.offset) * MILLIONTHS),
                )
    return found


class TunedWalk:
    """Reads rows one by one and remembers the layouts it has met."""

    def __init__(self) -> None:
        self._plans: dict[tuple[bytes, int], list[_Plan]] = {}
        self._reference = RowDecoder()

    def read(self, rows: Sequence[bytes], *, digests: bool = True) -> Columns:
        """The columns of the `frames` table from `outcome` on, and those of quantities, named `<column> quantity`."""
        read = [self._read_row(data, digests) for data in rows]
        return dict(zip(_NAMES, zip(*read, strict=True), strict=True))

    def _read_row(self, data: bytes, digests: bool) -> tuple[Any, ...]:
        plan = self._find_plan(data)
        if plan is None or xor_of(data[2:]) or (at := _seconds(data[24:27], data[27:30])) is None:
            row = self._reference.read_row_columns(data)
            return (*row.values(), *_quantities(row))
        values = plan.columns.unpack(data)
        digest = sha256(data[24:-1]).hexdigest()[:32] if digests else None
        said = (data[2], data[3], _vin(data[4:21]), digest, at)
        more: list[int | None] = []
        for part in plan.sums:
            parts = part.unpack(data)
            more.append(sum(parts) if max(parts) < CURRENT_ABNORMAL else None)
        for abnormal, part in plan.lists:
            known = [value for value in part.unpack(data) if value < abnormal]
            more += (max(known), min(known)) if known else (None, None)
        scaled = [
            raw * factor + offset if raw < limit else None
            for raw, (limit, factor, offset) in zip(values, plan.scales, strict=True)
        ]
        return plan.arrange((None, *plan.constants, *said, *values, *more, *scaled))

    def _find_plan(self, data: bytes) -> "_Plan | None":
        plans = self._plans.setdefault((data[:2], len(data)), [])
        for plan in plans:
            if plan.structure_of(data) == plan.structure:
                return plan if plan.is_regular else None
        if not _is_plain_and_whole(data):
            return None
        plans.append(_compile(data))
        return plans[-1] if plans[-1].is_regular else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    structure_of: Callable[[bytes], tuple[int, ...]]
    structure: tuple[int, ...]
    is_regular: bool
    constants: tuple[Any, ...]
    columns: Struct
    scales: tuple[tuple[int, int, int], ...]
    sums: tuple[Struct, ...]
    lists: tuple[tuple[int, Struct], ...]
    arrange: Callable[[tuple[Any, ...]], tuple[Any, ...]]


_QUANTITY_COLUMNS = tuple(dict.fromkeys(name for year in EDITIONS for name in list_quantities(year)))
_NAMES = (*FRAME_COLUMNS, *(f"{name} quantity" for name in _QUANTITY_COLUMNS))


def _compile(data: bytes) -> _Plan:
    edition = EDITION_BY_MARK[data[:2]]
    layout = plan_layout(data, edition.year)
    # what makes a frame plain belongs to its structure here: one comparison says both
    structure_of = itemgetter(*layout.structure, 21, 22, 23)
    named = sorted(layout.places.items(), key=lambda entry: entry[1].offset)
    constants = {"outcome": "ok", "edition": edition.year, "encryption": PLAIN} | dict(layout.constants)
    quantities = list_quantities(edition.year)
    plain = Quantity(sentinel_min=NO_SENTINEL, factor=1, offset=0)
    scales = [quantities.get(name, plain) for name, _ in named]
    extremes = [f"{name}_{side}_raw" for name in layout.lists for side in ("max", "min")]
    given = ["", *constants, *_PER_ROW, *(name for name, _ in named), *layout.sums, *extremes]
    given += [f"{name} quantity" for name, _ in named]
    return _Plan(
        structure_of=structure_of,
        structure=structure_of(data),
        is_regular=layout.is_regular,
        constants=tuple(constants.values()),
        columns=_struct([place for _, place in named], len(data)),
        scales=tuple((each.sentinel_min, each.factor, each.offset) for each in scales),
        sums=tuple(_struct(parts, len(data)) for parts in layout.sums.values()),
        lists=tuple(
            (
                found.abnormal,
                _struct(
                    [Place(start + found.width * n, found.width) for start, count in found.spans for n in range(count)],
                    len(data),
                ),
            )
            for found in layout.lists.values()
        ),
        arrange=itemgetter(*(given.index(name) if name in given else 0 for name in _NAMES)),
    )


def _is_plain_and_whole(data: bytes) -> bool:
    return (
        len(data) >= FRAME_OVERHEAD + 6
        and data[:2] in EDITION_BY_MARK
        and data[2] in (REALTIME, REISSUE)
        and data[21] == PLAIN
        and FRAME_OVERHEAD + int.from_bytes(data[22:24]) == len(data)
    )


def _quantities(row: Mapping[str, Any]) -> list[int | None]:
    known = list_quantities(row["edition"]) if row["outcome"] == "ok" else {}
    found: list[int | None] = []
    for name in _QUANTITY_COLUMNS:
        raw, quantity = row[name], known.get(name)
        is_value = raw is not None and quantity is not None and raw < quantity.sentinel_min
        found.append(raw * quantity.factor + quantity.offset if is_value and quantity else None)
    return found


def _seconds(date: bytes, time: bytes) -> int | None:
    midnight = _midnight(date)
    hour, minute, second = time
    if midnight is None or hour > 23 or minute > 59 or second > 59:
        return None
    return midnight + hour * 3600 + minute * 60 + second


@lru_cache(maxsize=64)
def _midnight(date: bytes) -> int | None:
    instant: datetime | None = find_instant(date + bytes(3))
    return None if instant is None else utc_seconds(instant)


@lru_cache(maxsize=4096)
def _vin(data: bytes) -> str:
    return text_of(data)


def _struct(places: Sequence[Place], length: int) -> Struct:
    parts, at = [">"], 0
    for place in places:
        parts.append(f"{place.offset - at}x{_FORMATS[place.width]}")
        at = place.offset + place.width
    return Struct("".join([*parts, f"{length - at}x"]))
