"""Where the columns of the `frames` table stand in frames of one layout, found by one walk of the reference reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from h2verify.gbt32960 import EDITION_2016, EDITIONS, ITEM_COLUMNS, Slot, read_items
from h2verify.gbt32960.frame import HEADER_SIZE
from h2verify.gbt32960.instant import TIME_SIZE
from h2verify.gbt32960.rows import FUEL_CELL, MASK_TYPES, STACKS


@dataclass(frozen=True, slots=True)
class Place:
    """Big-endian bytes in a frame."""

    offset: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutPlan:
    """What is known of every frame whose structural bytes are those of one example.

    `structure`: offsets of the bytes that must agree (a last item that is cut ends with the frame). `is_regular`: all
    of the data unit is items; where it is not, rows are left to the reference decoder, which judges what the rest is.
    `constants` follow from the structure alone. `stack_currents`: the places whose sum is the current of all stacks,
    edition 2025.
    """

    structure: tuple[int, ...]
    is_regular: bool
    places: Mapping[str, Place]
    constants: Mapping[str, int]
    stack_currents: tuple[Place, ...]


class _Walk:
    """The places that one walk met, by path; the first item of a type counts."""

    def __init__(self, slots: list[Slot], types: list[int]) -> None:
        self._places = {slot.path: Place(HEADER_SIZE + slot.offset, slot.width) for slot in slots}
        self._number = {item_type: types.index(item_type) for item_type in types}

    def find(self, item_type: int, *path: str | int) -> Place | None:
        return self._places.get((self._number.get(item_type, -1), item_type, *path))


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
    currents: tuple[Place, ...] = ()
    if year == EDITION_2016.year:
        _plan_stacks_2016(walk, places, constants)
    else:
        currents = _plan_stacks_2025(walk, places, constants)
    structural = (HEADER_SIZE + slot.offset + byte for slot in slots if slot.structural for byte in range(slot.width))
    return LayoutPlan(
        structure=(0, 1, *(offset for offset in structural if offset < len(frame))),
        is_regular=tail is None,
        places=places,
        constants=constants,
        stack_currents=currents,
    )


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
