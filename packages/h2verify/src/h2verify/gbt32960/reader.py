"""Walks bytes along a layout: raw integers and bytes as received, and on request where each of them stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from .parts import (
    Blob,
    Edition,
    Field,
    Instant,
    ItemLayout,
    Part,
    RawValue,
    RawValues,
    Records,
    Run,
    Text,
    Texts,
    fixed_size,
)

Path: TypeAlias = "tuple[str | int, ...]"

BYTE_SENTINEL_MIN = 0xFE


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one integer stands. `structural`: what follows depends on it (an item type, a count, a length)."""

    path: Path
    offset: int
    width: int
    structural: bool


@dataclass(frozen=True, slots=True)
class ItemReading:
    """One item of a data unit: its layout, where it stands in the data unit, its raw values by part name."""

    layout: ItemLayout
    offset: int
    length: int
    """Bytes of the item with its type byte."""
    raw: RawValues

    @property
    def type(self) -> int:
        """The item type on the wire."""
        return self.layout.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """The rest of a data unit that was not decoded: where it begins, its bytes, why."""

    offset: int
    data: bytes
    reason: str


class Overrun(Exception):  # noqa: N818 - a turn of the walk that never leaves this package
    """A layout asks for more bytes than there are."""


@dataclass(slots=True)
class Reader:
    """A position in `data`; every read moves it on or raises Overrun. Loops are bounded by the bytes left."""

    data: bytes
    at: int = 0
    slots: list[Slot] | None = None
    prefix: Path = field(default=())

    def take(self, width: int) -> bytes:
        """The next `width` bytes."""
        end = self.at + width
        if end > len(self.data):
            raise Overrun
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def integer(self, name: str | int, width: int, *, structural: bool = False) -> int:
        """The next unsigned integer; its place is noted under `prefix` and `name`."""
        if self.slots is not None:
            self.slots.append(Slot((*self.prefix, name), self.at, width, structural))
        return int.from_bytes(self.take(width))

    def parts(self, parts: Sequence[Part]) -> RawValues:
        """The raw values of `parts`, by name."""
        raw: dict[str, RawValue] = {}
        for part in parts:
            match part:
                case Field():
                    raw[part.name] = self.integer(part.name, part.width)
                case Text():
                    raw[part.name] = self.take(part.width)
                case Instant():
                    raw[part.name] = self.take(6)
                case Texts():
                    raw[part.name] = self._texts(part, raw)
                case Blob():
                    raw[part.length.name] = length = self.integer(part.length.name, part.length.width, structural=True)
                    raw[part.name] = self.take(length)
                case Run():
                    raw[part.count.name], raw[part.name] = self._run(part)
                case Records():
                    raw[part.count.name], raw[part.name] = self._records(part)
        return MappingProxyType(raw)

    def _count(self, count: Field) -> tuple[int, int]:
        raw = self.integer(count.name, count.width, structural=True)
        return raw, 0 if count.is_sentinel(raw) else raw

    def _run(self, run: Run) -> tuple[int, tuple[int, ...]]:
        raw, count = self._count(run.count)
        width = run.element.width
        data = self.take(count * width)
        return raw, tuple(int.from_bytes(data[at : at + width]) for at in range(0, len(data), width))

    def _records(self, records: Records) -> tuple[int, tuple[RawValues, ...]]:
        raw, count = self._count(records.count)
        outer = self.prefix
        found = []
        for number in range(count):
            self.prefix = (*outer, records.name, number)
            found.append(self.parts(records.parts))
        self.prefix = outer
        return raw, tuple(found)

    def _texts(self, texts: Texts, raw: Mapping[str, RawValue]) -> tuple[bytes, ...]:
        said = raw[texts.count_of]
        numbers = said if isinstance(said, tuple) else (said,)
        count = sum(number for number in numbers if isinstance(number, int) and number < BYTE_SENTINEL_MIN)
        width = raw[texts.width_of] if texts.width_of else texts.width
        if not isinstance(width, int) or width == 0:
            return ()
        return tuple(self.take(width) for _ in range(count))


def read_items(
    edition: Edition, data_unit: bytes, at: int, slots: list[Slot] | None = None
) -> tuple[tuple[ItemReading, ...], Tail | None]:
    """The items of a real-time data unit from `at` on, and what could not be read as an item.

    Parameters
    ----------
    edition
        Whose layouts to walk along.
    data_unit
        The data unit, in clear.
    at
        Where the first item begins.  [bytes]
    slots
        Where given, receives the place of every integer in the data unit; paths begin with number and type of the item.
    """
    reader = Reader(data_unit, at, slots)
    items: list[ItemReading] = []
    while reader.at < len(data_unit):
        start = reader.at
        reader.prefix = (len(items),)
        item_type = reader.integer("type", 1, structural=True)
        layout = edition.items.get(item_type)
        if layout is None:
            return tuple(items), Tail(
                offset=start, data=data_unit[start:], reason=f"unknown item type 0x{item_type:02x}"
            )
        reader.prefix = (len(items), item_type)
        try:
            raw = reader.parts(layout.parts)
        except Overrun:
            return tuple(items), Tail(offset=start, data=data_unit[start:], reason=_overrun_reason(layout))
        items.append(ItemReading(layout, start, reader.at - start, raw))
    return tuple(items), None


def _overrun_reason(layout: ItemLayout) -> str:
    size = fixed_size(layout.parts)
    if size is not None:
        return f"{layout.name} item shorter than {size} bytes"
    if layout.name == "signature":
        return "signature longer than the data unit"
    return f"{layout.name} item longer than the data unit"
