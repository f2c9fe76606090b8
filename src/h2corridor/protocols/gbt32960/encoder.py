"""The encoder: a frame or its parts to bytes, along the same tables that decode them."""

from collections.abc import Iterable, Mapping
from typing import Any

from h2verify.gbt32960 import (
    COMMAND,
    DATA_LENGTH_MAX,
    EDITIONS,
    PLAIN,
    Blob,
    Field,
    Frame,
    Part,
    RawValues,
    Records,
    Run,
    xor_of,
)

Items = Iterable[tuple[int, RawValues]]


def encode_frame(
    *,
    edition: int,
    command: int,
    vin: bytes,
    data_unit: bytes,
    response: int = COMMAND,
    encryption: int = PLAIN,
) -> bytes:
    """A whole frame around a data unit: header, length and check byte.

    Parameters
    ----------
    edition
        2016 or 2025.
    vin
        17 bytes.
    data_unit
        At most 65531 bytes.

    Raises
    ------
    ValueError
        A part does not fit its place.
    """
    if len(vin) != 17 or len(data_unit) > DATA_LENGTH_MAX:
        raise ValueError(
            f"expected 17 bytes of VIN and at most {DATA_LENGTH_MAX} of data, got {len(vin)}, {len(data_unit)}"
        )
    checked = bytes((command, response)) + vin + bytes((encryption,)) + len(data_unit).to_bytes(2) + data_unit
    return EDITIONS[edition].mark + checked + bytes((xor_of(checked),))


def encode_data_unit(
    *, edition: int, command: int, time_raw: bytes = b"", items: Items = (), body: RawValues | None = None
) -> bytes:
    """A data unit: the time (six bytes, or none), then items as (type, raw values) or the body of another command.

    Raises
    ------
    ValueError
        A raw value does not fit its width, or a count disagrees with what it counts.
    KeyError
        The command, an item type or a part is not in the tables.
    """
    tables = EDITIONS[edition]
    encoded = [bytes((item_type,)) + encode_parts(tables.items[item_type].parts, raw) for item_type, raw in items]
    rest = encode_parts(tables.commands[command].parts or (), body) if body is not None else b""
    return time_raw + b"".join(encoded) + rest


def encode_read_frame(frame: Frame) -> bytes:
    """The bytes of a frame that was read, from its values; what was not decoded is appended as it came."""
    header, tail = frame.header, frame.tail
    read = b""
    if tail is None or tail.offset > 0:
        items = [(item.type, item.raw) for item in frame.items or ()]
        read = encode_data_unit(
            edition=header.edition,
            command=header.command,
            time_raw=frame.time_raw or b"",
            items=items,
            body=frame.body,
        )
    data_unit = read if tail is None else read + tail.data
    return encode_frame(
        edition=header.edition,
        command=header.command,
        vin=frame.data[4:21],
        data_unit=data_unit,
        response=header.response,
        encryption=header.encryption,
    )


def encode_parts(parts: tuple[Part, ...], raw: Mapping[str, Any]) -> bytes:
    """The bytes of raw values, by part name, in the order of `parts`."""
    out = bytearray()
    for part in parts:
        value = raw[part.name]
        match part:
            case Field():
                out += _integer(part, value)
            case Run():
                out += _counted(part.count, raw[part.count.name], len(value))
                out += b"".join(_integer(part.element, element) for element in value)
            case Records():
                out += _counted(part.count, raw[part.count.name], len(value))
                out += b"".join(encode_parts(part.parts, record) for record in value)
            case Blob():
                out += _integer(part.length, len(value)) + value
            case _:
                out += b"".join(value) if isinstance(value, tuple) else value
    return bytes(out)


def _integer(field: Field, raw: int) -> bytes:
    try:
        return raw.to_bytes(field.width)
    except OverflowError as error:
        raise ValueError(f"{field.name}: {raw} does not fit {field.width} bytes") from error


def _counted(count: Field, raw: int, present: int) -> bytes:
    if present != (0 if count.is_sentinel(raw) else raw):
        raise ValueError(f"{count.name}: says {raw}, but {present} follow")
    return _integer(count, raw)
