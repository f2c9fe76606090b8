"""The reference page of the field table, rendered from the table itself."""

from collections.abc import Mapping

from h2verify.gbt32960 import (
    EDITIONS,
    Blob,
    CommandLayout,
    Edition,
    Field,
    Instant,
    ItemLayout,
    Part,
    Records,
    Run,
    Text,
    Texts,
)

_HEAD = """# GB/T 32960.3: the fields as they are read

This page is rendered from the one field table in `h2verify.gbt32960`, which also drives the reference decoder, the
array decoder and the encoder. Clauses: `unseen` - the text of the standard was not at hand; layouts, scales and ranges
follow public implementations of both editions and agree with the test vectors. Where sources disagree the wider range
stands.

Every integer is unsigned and big-endian; its value is `raw × scale + offset` in the unit given, computed in decimals
and never stored in place of the raw integer. The last column gives the raw values that say *abnormal* (all ones less
one) and *invalid* (all ones): there is then no value. A count that is a sentinel is followed by no element. A raw value
outside the valid range is kept and named as a range finding.

## Frame

| offset | bytes | field |
|---|---|---|
| 0 | 2 | start mark: `##` edition 2016, `$$` edition 2025 |
| 2 | 1 | command |
| 3 | 1 | response flag: FE for a command, otherwise a reply |
| 4 | 17 | vehicle identification number (ASCII) |
| 21 | 1 | encryption of the data unit: 1 plain; anything else is named and not decoded |
| 22 | 2 | length of the data unit, 0 to 65531 |
| 24 | n | data unit |
| 24 + n | 1 | check byte: exclusive or of the bytes 2 to 23 + n; where it is wrong nothing is decoded |

A time is six bytes (year less 2000, month, day, hour, minute, second) in UTC+8. The items of a real-time data unit
stand in any order, and have no length except the custom ones: after an unknown item type the rest is kept as it came.
A data unit that one edition cannot read and the layouts of the other read without remainder is reported as being of
the other layout, and gives no values.
"""

_TABLE_HEAD = "| field | bytes | scale | offset | unit | valid raw | no value |\n|---|---|---|---|---|---|---|\n"


def render_field_tables() -> str:
    """The reference page: frame, then commands, codes and items of each edition, as Markdown."""
    return _HEAD + "".join(_render_edition(edition) for edition in EDITIONS.values())


def _render_edition(edition: Edition) -> str:
    out = f"\n## Edition {edition.year}\n\n"
    out += f"Encryption: {_codes(edition.encryptions)}.\n\nResponse: {_codes(edition.responses)}.\n\n"
    out += f"### Commands, {edition.year}\n\n| command | name | data unit |\n|---|---|---|\n"
    for command in edition.commands.values():
        out += f"| {command.code:02X} | {command.name} | {_command_text(command)} |\n"
    for command in edition.commands.values():
        if command.parts:
            out += f"\n#### {command.name}, {edition.year}\n\n" + _TABLE_HEAD + _rows(command.parts)
    out += f"\n### Items, {edition.year}\n"
    for item in edition.items.values():
        if item.name != "custom" or item.type == 0x80:
            out += f"\n#### {_item_title(item)}, {edition.year}\n\n" + _TABLE_HEAD + _rows(item.parts)
    return out


def _codes(codes: Mapping[int, str]) -> str:
    return ", ".join(f"{code:02X} {name}" for code, name in sorted(codes.items()))


def _command_text(command: CommandLayout) -> str:
    if command.parts is None:
        return "known by name, not decoded"
    words = ["time"] if command.timed else []
    if command.items:
        words.append("items")
    if command.parts:
        words.append("as below")
    return ", then ".join(words) or "empty"


def _item_title(item: ItemLayout) -> str:
    return "80 to FE custom" if item.name == "custom" else f"{item.type:02X} {item.name}"


def _rows(parts: tuple[Part, ...], prefix: str = "") -> str:
    return "".join(_row(part, prefix) for part in parts)


def _row(part: Part, prefix: str) -> str:
    match part:
        case Field():
            return _field_row(part, prefix + part.name)
        case Run():
            count = _field_row(part.count, prefix + part.count.name)
            return count + _field_row(part.element, f"{prefix}{part.name}[{part.count.name}]")
        case Records():
            count = _field_row(part.count, prefix + part.count.name)
            return count + _rows(part.parts, f"{prefix}{part.name}[{part.count.name}].")
        case Blob():
            return _field_row(part.length, prefix + part.length.name) + _bytes_row(prefix + part.name, part.length.name)
        case _:
            return _bytes_row(*_text_place(part, prefix))


def _text_place(part: Text | Texts | Instant, prefix: str) -> tuple[str, str]:
    match part:
        case Text():
            return prefix + part.name, str(part.width)
        case Texts():
            return f"{prefix}{part.name}[{part.count_of}]", part.width_of or str(part.width)
        case Instant():
            return prefix + part.name, "6"


def _field_row(field: Field, name: str) -> str:
    valid = "" if field.valid is None else f"{field.valid[0]} to {field.valid[1]}"
    sentinels = f"{field.abnormal:X}/{field.invalid:X}" if field.sentinels else ""
    offset = "" if field.offset == "0" else field.offset
    scale = "" if field.scale == "1" else field.scale
    return f"| {name} | {field.width} | {scale} | {offset} | {field.unit} | {valid} | {sentinels} |\n"


def _bytes_row(name: str, width: str) -> str:
    return f"| {name} | {width} | | | | | |\n"
