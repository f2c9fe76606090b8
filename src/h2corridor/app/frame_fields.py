"""One frame field by field: where each stands among the bytes, its bytes, its raw integer and its value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from h2verify.errors import DecodeError
from h2verify.gbt32960 import (
    PLAIN,
    Blob,
    Field,
    Frame,
    Instant,
    Part,
    RawValue,
    RawValues,
    Records,
    Run,
    Text,
    Texts,
    decode_frame,
    find_instant,
    text_of,
)

HEADER_SIZE = 24
FIELDS_MAX = 5000
_TIME_SIZE = 6
_PLATFORM_LOGIN = 0x05

Record = dict[str, Any]


@dataclass(slots=True)
class _Walk:
    """A position in a frame; every field read moves it on."""

    data: bytes
    at: int = 0
    group: str = "header"
    prefix: str = ""

    def field(self, name: str, size: int, *, secret: bool = False, **said: Any) -> Record:
        """The field that begins here."""
        taken, offset = self.data[self.at : self.at + size], self.at
        self.at += size
        shown = "*" * 2 * size if secret else taken.hex()
        return {"offset": offset, "hex": shown, "group": self.group, "name": name, "path": self.prefix + name, **said}


def frame_fields(data: bytes) -> Record:
    """Give a frame with its fields.

    Returns
    -------
    `size` in bytes; `error` and `message` where nothing could be read; otherwise `verdict`, `edition`, `time` and
    `fields`, each with `offset` and bytes (`hex`) in the frame, the `group` (`header`, `time`, an item's or command's
    name, `tail`, `check`), `name`, `path`, and where there is one `raw`, `value`, `unit`, `status`. Together the bytes
    of all fields are the frame, so that none is hidden; the bytes of a password are masked.
    """
    try:
        frame = decode_frame(data)
    except DecodeError as error:
        return {"size": len(data), "error": error.code, "message": str(error), "fields": [_unread(data, "unread")]}
    fields = list(_fields(frame))
    if len(fields) > FIELDS_MAX:
        rest = fields[FIELDS_MAX]["offset"]
        fields = [*fields[:FIELDS_MAX], _unread(data, "rest", rest)]
    return {
        "size": len(data),
        "verdict": frame.verdict,
        "edition": frame.header.edition,
        "time": None if frame.instant is None else frame.instant.isoformat(),
        "fields": fields,
    }


def _fields(frame: Frame) -> Iterator[Record]:
    walk, header = _Walk(frame.data), frame.header
    yield walk.field("start_mark", 2, value=str(header.edition))
    yield walk.field("command", 1, raw=header.command)
    yield walk.field("response", 1, raw=header.response)
    yield walk.field("vin", 17, value=header.vin)
    yield walk.field("encryption", 1, raw=header.encryption)
    yield walk.field("data_length", 2, raw=header.data_length, unit="B")
    yield from _content(frame, walk)
    whole = frame.bcc_in_frame is not None
    yield from _rest(walk, len(frame.data) - whole, frame)
    if whole:
        walk.group = "check"
        yield walk.field("check_byte", 1, raw=frame.bcc_in_frame, status=_check_status(frame))


def _content(frame: Frame, walk: _Walk) -> Iterator[Record]:
    if frame.time_raw is not None:
        instant = find_instant(frame.time_raw)
        walk.group = "time"
        yield walk.field("time", _TIME_SIZE, value=None if instant is None else instant.isoformat())
    for number, item in enumerate(frame.items or ()):
        walk.group, walk.prefix, walk.at = f"{number}:{item.layout.name}", "", HEADER_SIZE + item.offset
        yield walk.field("item_type", 1, raw=item.type)
        fields = _parts(walk, item.layout.parts, item.raw)
        yield from _placed(fields, item.raw["status_raw"]) if item.layout.form == "position" else fields
    layout = frame.command_layout
    if frame.body and layout is not None:
        walk.group = layout.name
        yield from _parts(walk, layout.parts or (), frame.body)


def _placed(fields: Iterator[Record], status: Any) -> Iterator[Record]:
    """The fields of a position; bits 1 and 2 of its status say that a value is south or west."""
    for field in fields:
        negative = status & {"latitude": 2, "longitude": 4}.get(field["name"], 0)
        yield field | {"value": f"-{field['value']}"} if negative and field["value"] else field


def _rest(walk: _Walk, end: int, frame: Frame) -> Iterator[Record]:
    """What was not decoded: its bytes and why."""
    walk.group, walk.prefix = "tail", ""
    size = end - walk.at
    secret = frame.header.command == _PLATFORM_LOGIN and frame.header.encryption == PLAIN
    if size > 0:
        yield walk.field("undecoded", size, secret=secret, value=None if frame.tail is None else frame.tail.reason)


def _parts(walk: _Walk, parts: tuple[Part, ...], raw: RawValues) -> Iterator[Record]:
    for part in parts:
        value: Any = raw[part.name]
        match part:
            case Field():
                yield _integer(walk, part, value)
            case Text():
                text = None if part.secret else text_of(value)
                yield walk.field(part.name, part.width, secret=part.secret, value=text)
            case Instant():
                instant = find_instant(value)
                yield walk.field(part.name, _TIME_SIZE, value=None if instant is None else instant.isoformat())
            case Texts():
                for text in value:
                    yield walk.field(part.name, len(text), value=text_of(text))
            case Blob():
                yield _integer(walk, part.length, raw[part.length.name])
                if value:
                    yield walk.field(part.name, len(value))
            case Run():
                yield _integer(walk, part.count, raw[part.count.name])
                yield from (_integer(walk, part.element, each, number) for number, each in enumerate(value, start=1))
            case Records():
                yield _integer(walk, part.count, raw[part.count.name])
                yield from _records(walk, part, value)


def _records(walk: _Walk, part: Records, records: tuple[Mapping[str, RawValue], ...]) -> Iterator[Record]:
    outer = walk.prefix
    for number, record in enumerate(records, start=1):
        walk.prefix = f"{outer}{part.name}[{number}]."
        yield from _parts(walk, part.parts, record)
    walk.prefix = outer


def _integer(walk: _Walk, field: Field, raw: Any, number: int | None = None) -> Record:
    value = field.value_of(raw)
    status = None
    if field.is_sentinel(raw):
        status = "invalid" if raw == field.invalid else "abnormal"
    elif field.valid is not None and not field.valid[0] <= raw <= field.valid[1]:
        status = "out_of_range"
    shown = None if value is None else f"{value:f}"
    record = walk.field(field.name, field.width, raw=raw, value=shown, unit=field.unit, status=status)
    return record if number is None else record | {"number": number}


def _check_status(frame: Frame) -> str:
    return "holds" if frame.bcc_in_frame == frame.bcc_computed else "differs"


def _unread(data: bytes, name: str, offset: int = 0) -> Record:
    return {"offset": offset, "hex": data[offset:].hex(), "group": "tail", "name": name, "path": name}
