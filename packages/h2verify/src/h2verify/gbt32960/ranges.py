"""Raw values outside their valid range: they decode, and are named."""

from .parts import Field, Part, RawValues, Records, Run
from .reader import ItemReading


def find_out_of_range(items: tuple[ItemReading, ...]) -> tuple[str, ...]:
    """The names of fields whose raw value is outside its valid range, each once, in wire order."""
    found: dict[str, None] = {}
    for item in items:
        _check_ranges(item.layout.parts, item.raw, found)
    return tuple(found)


def _check_ranges(parts: tuple[Part, ...], raw: RawValues, found: dict[str, None]) -> None:
    for part in parts:
        match part:
            case Field():
                _check_field(part, part.name, raw[part.name], found)
            case Run():
                _check_field(part.count, part.count.name, raw[part.count.name], found)
                _check_field(part.element, part.name, raw[part.name], found)
            case Records():
                records: tuple[RawValues, ...] = raw[part.name]  # type: ignore[assignment]  # the table has records here
                for record in records:
                    _check_ranges(part.parts, record, found)
            case _:
                pass


def _check_field(field: Field, name: str, raw: object, found: dict[str, None]) -> None:
    if field.valid is None:
        return
    first, last = field.valid
    for value in raw if isinstance(raw, tuple) else (raw,):
        if not first <= value <= last and not field.is_sentinel(value):
            found[name] = None
