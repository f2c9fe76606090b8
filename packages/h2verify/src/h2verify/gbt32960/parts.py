"""The shapes a field table is written in: what stands on the wire one after another, and how it is shown.

Every integer of the protocol is unsigned and big-endian; negative quantities come from an offset.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Shown = Literal["quantity", "plain", "hidden"]

RawValue: TypeAlias = "int | bytes | tuple[int, ...] | tuple[bytes, ...] | tuple[Mapping[str, RawValue], ...]"
RawValues: TypeAlias = Mapping[str, RawValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One unsigned big-endian integer; its value is `raw * scale + offset` in `unit`.

    `sentinels`: all ones means invalid, all ones less one abnormal; neither is a value. `valid` is the range of raw
    values the standard allows, both ends included. `shown` is how it stands in JSON: as raw and value, as a bare
    integer, or (a count) only where it is a sentinel.
    """

    name: str
    width: int
    scale: str = "1"
    offset: str = "0"
    unit: str = ""
    sentinels: bool = True
    valid: tuple[int, int] | None = None
    shown: Shown = "quantity"

    @property
    def invalid(self) -> int:
        """The raw value that says "invalid"."""
        return (1 << 8 * self.width) - 1

    @property
    def abnormal(self) -> int:
        """The raw value that says "abnormal"."""
        return self.invalid - 1

    def is_sentinel(self, raw: int) -> bool:
        """Whether `raw` says that there is no value."""
        return self.sentinels and raw >= self.abnormal

    def value_of(self, raw: int) -> Decimal | None:
        """The exact quantity in `unit`, or None for a sentinel."""
        return None if self.is_sentinel(raw) else raw * Decimal(self.scale) + Decimal(self.offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A count, and directly after it as many elements; a count that is a sentinel is followed by none."""

    name: str
    count: Field
    element: Field
    shown: Literal["quantities", "codes", "plain"] = "quantities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """A count, and directly after it as many records; a count that is a sentinel is followed by none."""

    name: str
    count: Field
    parts: "tuple[Part, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A fixed number of bytes meant as ASCII."""

    name: str
    width: int
    secret: bool = False
    """Never shown, only kept (a password)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Texts of one width: `count_of` names the earlier field (or run, whose sum counts) that says how many.

    Their width is `width`, or what the earlier field `width_of` says. A count that is a sentinel counts none.
    """

    name: str
    count_of: str
    width_of: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A length in bytes, and directly after it the bytes."""

    name: str
    length: Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """Six bytes: year less 2000, month, day, hour, minute, second, in UTC+8."""

    name: str


Part: TypeAlias = Field | Run | Records | Text | Texts | Blob | Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLayout:
    """What stands in the data unit after one item type byte.

    `form` is how the item stands in JSON: its parts under `fields`, or beside the name.
    """

    type: int
    name: str
    parts: tuple[Part, ...]
    form: Literal["fields", "beside", "position"] = "fields"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLayout:
    """What the data unit of a command holds: a time, then items or parts. `parts` None: known by name, not decoded."""

    code: int
    name: str
    timed: bool = True
    items: bool = False
    parts: tuple[Part, ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of the protocol: its start mark, commands, items, response flags and encryption codes."""

    year: int
    mark: bytes
    commands: Mapping[int, CommandLayout]
    items: Mapping[int, ItemLayout]
    encryptions: Mapping[int, str]
    responses: Mapping[int, str]


def fixed_size(parts: tuple[Part, ...]) -> int | None:
    """The number of bytes of `parts`, or None where a count on the wire decides it."""
    total = 0
    for part in parts:
        match part:
            case Field() | Text():
                total += part.width
            case Instant():
                total += 6
            case _:
                return None
    return total
