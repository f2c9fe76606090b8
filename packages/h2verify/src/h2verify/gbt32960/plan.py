"""Where the columns of the `frames` table stand in frames of one layout, found by one walk of the reference reader.

A truck sends thousands of frames that are built alike: the same items with the same counts. One of them is walked along
the field table; of the others the bytes that decide the layout are compared, and the columns taken from their places.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from operator import itemgetter
from struct import Struct

from .commands import FRAME_OVERHEAD, PLAIN, REALTIME, REISSUE
from .frame import HEADER_SIZE, xor_of
from .instant import TIME_SIZE, find_instant, text_of, utc_seconds
from .reader import Slot, read_items
from .rows import (
    CURRENT_ABNORMAL,
    FRAME_COLUMNS,
    FUEL_CELL,
    ITEM_COLUMNS,
    LISTS,
    MASK_TYPES,
    STACKS,
    RowValues,
    read_row_columns,
)
from .tables import EDITION_2016, EDITION_BY_MARK, EDITIONS

PLANS_MAX = 256
"""Frames of further layouts are read by the reference, one by one."""

_FORMATS = {1: "B", 2: "H", 4: "I"}
_NO_COLUMNS: RowValues = dict.fromkeys(FRAME_COLUMNS)


@dataclass(frozen=True, slots=True)
class Place:
    """Big-endian bytes in a frame."""

    offset: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlaces:
    """Where lists of elements of one width stand: each an offset and a number of elements.  [bytes]

    A value of `abnormal` or more is a sentinel.
    """

    spans: tuple[tuple[int, int], ...]
    width: int
    abnormal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutPlan:
    """What is known of every frame whose structural bytes are those of one example.

    `structure`: offsets of the bytes that must agree (a last item that is cut ends with the frame). `is_regular`: all
    of the data unit is items; where it is not, rows are left to the reference decoder, which judges what the rest is.
    `constants` follow from the structure alone. `sums`: by column, the places whose sum it is where none is a sentinel.
    `lists`: by column (without `_max_raw`, `_min_raw`), the lists whose highest and lowest value those columns are.
    """

    structure: tuple[int, ...]
    is_regular: bool
    places: Mapping[str, Place]
    constants: Mapping[str, int]
    sums: Mapping[str, tuple[Place, ...]]
    lists: Mapping[str, ListPlaces]


def plan_layout(frame: bytes, year: int) -> LayoutPlan:
    """The plan of all frames that are built like `frame`: real-time, in clear, whole."""
    slots: list[Slot] = []
    items, tail = read_items(EDITIONS[year], frame[HEADER_SIZE:-1], TIME_SIZE, slots)
    types = [item.type for item in items]
    walk = _Walk(slots, types)
    places = {
        column: place
        for column, (item_type, names) in ITEM_COLUMNS.items()
        for name in names
        if (place := walk.find(item_type, name)) is not None
    }
    constants = {"item_mask": sum(1 << item_type for item_type in set(types) if item_type < MASK_TYPES)}
    lists = _plan_lists(walk, frame, year)
    sums: dict[str, tuple[Place, ...]] = {}
    if year == EDITION_2016.year:
        _plan_stacks_2016(walk, places, constants)
        _plan_cells_2016(walk, lists, constants, sums)
    else:
        sums["stack_current_raw"] = _plan_stacks_2025(walk, places, constants)
    structural = (HEADER_SIZE + slot.offset + byte for slot in slots if slot.structural for byte in range(slot.width))
    return LayoutPlan(
        structure=(0, 1, *(offset for offset in structural if offset < len(frame))),
        is_regular=tail is None,
        places=places,
        constants=constants,
        sums={column: parts for column, parts in sums.items() if parts},
        lists={column: found for column, found in lists.items() if any(count for _, count in found.spans)},
    )


class RowDecoder:
    """Gives what `read_row_columns` gives, and remembers the layouts it has met."""

    def __init__(self) -> None:
        self._plans: dict[tuple[bytes, int], list[_CompiledPlan]] = {}
        self._plan_count = 0

    def read_row_columns(self, data: bytes) -> RowValues:
        """The columns of one row; None where the item is absent or the outcome is not `ok`."""
        if not _is_plain_and_whole(data):
            return read_row_columns(data)
        plan = self._find_plan(data)
        instant = find_instant(data[HEADER_SIZE : HEADER_SIZE + TIME_SIZE])
        if plan is None or instant is None or xor_of(data[2:-1]) != data[-1]:
            return read_row_columns(data)
        return plan.read(data) | {
            "command": data[2],
            "response": data[3],
            "vin": _vin_text(data[4:21]),
            "data_unit_digest": sha256(data[HEADER_SIZE:-1]).hexdigest()[:32],
            "device_time_s": utc_seconds(instant),
        }

    def _find_plan(self, data: bytes) -> "_CompiledPlan | None":
        plans = self._plans.get((data[:2], len(data)), [])
        for plan in plans:
            if plan.structure_of(data) == plan.structure:
                return plan
        if self._plan_count >= PLANS_MAX:
            return None
        self._plan_count += 1
        year = EDITION_BY_MARK[data[:2]].year
        layout = plan_layout(data, year)
        if not layout.is_regular:
            return None
        found = _compile(layout, data, year)
        self._plans[data[:2], len(data)] = [*plans, found]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _CompiledPlan:
    """A plan of one length of frame: one unpacking gives all columns that stand in it, one each sum and each list."""

    structure_of: Callable[[bytes], tuple[int, ...]]
    structure: tuple[int, ...]
    names: tuple[str, ...]
    columns: Struct
    sums: tuple[tuple[str, Struct], ...]
    lists: tuple[tuple[str, int, Struct], ...]
    constants: RowValues

    def read(self, data: bytes) -> RowValues:
        row = self.constants | dict(zip(self.names, self.columns.unpack(data), strict=True))
        for name, unpacked in self.sums:
            parts = unpacked.unpack(data)
            row[name] = sum(parts) if max(parts) < CURRENT_ABNORMAL else None
        for name, abnormal, unpacked in self.lists:
            known = [value for value in unpacked.unpack(data) if value < abnormal]
            row[f"{name}_max_raw"] = max(known, default=None)
            row[f"{name}_min_raw"] = min(known, default=None)
        return row


class _Walk:
    """The places that one walk met, by path; the first item of a type counts."""

    def __init__(self, slots: list[Slot], types: list[int]) -> None:
        self._places = {slot.path: Place(HEADER_SIZE + slot.offset, slot.width) for slot in slots}
        self._number = {item_type: types.index(item_type) for item_type in types}

    def has(self, item_type: int) -> bool:
        return item_type in self._number

    def find(self, item_type: int, *path: str | int) -> Place | None:
        return self._places.get((self._number.get(item_type, -1), item_type, *path))


def _plan_stacks_2016(walk: _Walk, places: dict[str, Place], constants: dict[str, int]) -> None:
    current, voltage = walk.find(FUEL_CELL, "stack_current_a"), walk.find(FUEL_CELL, "stack_voltage_v")
    if current is not None and voltage is not None:
        places |= {"stack_current_raw": current, "stack_voltage_raw": voltage}
        constants["stacks_reported"] = 1


def _plan_stacks_2025(walk: _Walk, places: dict[str, Place], constants: dict[str, int]) -> tuple[Place, ...]:
    count = walk.find(STACKS, "count_raw")
    if count is None:
        return ()
    places["stack_count_raw"] = count
    currents: list[Place] = []
    while (current := walk.find(STACKS, "stacks", len(currents), "current_a")) is not None:
        currents.append(current)
    constants["stacks_reported"] = len(currents)
    if (voltage := walk.find(STACKS, "stacks", 0, "voltage_v")) is not None:
        places["stack_voltage_raw"] = voltage
    return tuple(currents)


def _plan_lists(walk: _Walk, frame: bytes, year: int) -> dict[str, ListPlaces]:
    """The lists of a layout by column, in records that are there; their counts are structural bytes of the frame."""
    found: dict[str, ListPlaces] = {}
    for column, by_edition in LISTS.items():
        kind = by_edition[year]
        spans: list[tuple[int, int]] = []
        while (count := walk.find(kind.item_type, kind.records, len(spans), kind.count)) is not None:
            start = count.offset + count.width
            number = int.from_bytes(frame[count.offset : start])
            spans.append((start, 0 if number >= (1 << 8 * count.width) - 2 else number))
        if spans:
            found[column] = ListPlaces(spans=tuple(spans), width=kind.width, abnormal=kind.abnormal)
    return found


def _plan_cells_2016(
    walk: _Walk, lists: Mapping[str, ListPlaces], constants: dict[str, int], sums: dict[str, tuple[Place, ...]]
) -> None:
    """How many cells the records of the item of cell voltages declare, and how many they list."""
    kind = LISTS["listed_v"][EDITION_2016.year]
    if not walk.has(kind.item_type):
        return
    totals: list[Place] = []
    while (total := walk.find(kind.item_type, kind.records, len(totals), "cells_total")) is not None:
        totals.append(total)
    sums["cells_declared_raw"] = tuple(totals)
    spans = lists["listed_v"].spans if "listed_v" in lists else ()
    constants["cells_listed"] = sum(count for _, count in spans)


def _is_plain_and_whole(data: bytes) -> bool:
    return (
        len(data) >= FRAME_OVERHEAD + TIME_SIZE
        and data[:2] in EDITION_BY_MARK
        and data[2] in (REALTIME, REISSUE)
        and data[21] == PLAIN
        and FRAME_OVERHEAD + int.from_bytes(data[22:24]) == len(data)
    )


def _compile(layout: LayoutPlan, data: bytes, year: int) -> _CompiledPlan:
    named = sorted(layout.places.items(), key=lambda entry: entry[1].offset)
    structure_of = itemgetter(*layout.structure)
    return _CompiledPlan(
        structure_of=structure_of,
        structure=structure_of(data),
        names=tuple(name for name, _ in named),
        columns=_struct([place for _, place in named], len(data)),
        sums=tuple((name, _struct(parts, len(data))) for name, parts in layout.sums.items()),
        lists=tuple(
            (name, found.abnormal, _struct(_elements(found), len(data))) for name, found in layout.lists.items()
        ),
        constants=_NO_COLUMNS | {"outcome": "ok", "edition": year, "encryption": PLAIN} | dict(layout.constants),
    )


def _elements(places: ListPlaces) -> list[Place]:
    width = places.width
    return [Place(start + width * number, width) for start, count in places.spans for number in range(count)]


def _struct(places: Sequence[Place], length: int) -> Struct:
    """The unpacking of places in order of offset; what lies between them is padding."""
    parts, at = [">"], 0
    for place in places:
        parts.append(f"{place.offset - at}x{_FORMATS[place.width]}")
        at = place.offset + place.width
    return Struct("".join([*parts, f"{length - at}x"]))


@lru_cache(maxsize=1024)
def _vin_text(data: bytes) -> str:
    return text_of(data)
