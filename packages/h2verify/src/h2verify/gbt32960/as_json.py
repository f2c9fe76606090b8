"""A frame as JSON-ready values: raw integers beside exact decimal texts."""

from decimal import Decimal
from typing import Any

from .frame import Frame
from .instant import TIME_SIZE, find_instant, text_of
from .parts import Blob, Field, Instant, Part, RawValues, Records, Run, Text, Texts
from .reader import ItemReading, Tail

_SIGNED_RULE = (
    "bytes of the data unit before the FF mark (one implementation; whether the header is covered was not seen)"
)


def frame_to_json(frame: Frame) -> dict[str, Any]:
    """What a frame says, ready for `json.dumps`; a value is a decimal text, or null with its status.

    A frame whose check byte is wrong, or that is not whole, has null where its time and items would stand.
    """
    header = frame.header
    is_whole = frame.bcc_in_frame is not None
    out: dict[str, Any] = {
        "verdict": frame.verdict,
        "edition": header.edition,
        "command": header.command,
        "response": header.response,
        "vin": header.vin,
        "encryption": header.encryption,
        "data_length": header.data_length,
        "bcc_in_frame": frame.bcc_in_frame,
        "bcc_computed": frame.bcc_computed,
        "bcc_ok": frame.bcc_in_frame == frame.bcc_computed if is_whole else None,
    }
    if frame.bytes_missing:
        out["bytes_missing"] = frame.bytes_missing
    return out | _content_to_json(frame)


def _content_to_json(frame: Frame) -> dict[str, Any]:
    layout = frame.command_layout
    out: dict[str, Any] = {}
    instant = frame.instant
    has_items = layout is None or layout.items
    if has_items or frame.time_raw is not None or frame.tail is not None:
        out["time"] = None if instant is None else instant.isoformat()
    if frame.time_raw is not None and instant is None:
        out["time_raw"] = frame.time_raw.hex()
    if frame.body and layout is not None:
        out[layout.name] = parts_to_json(layout.parts or (), frame.body)
    if has_items:
        out["items"] = None if frame.items is None else [item_to_json(item) for item in frame.items]
    if has_items or frame.tail is not None:
        out["undecoded_tail"] = None if frame.tail is None else _tail_to_json(frame.tail)
    if frame.range_findings:
        out["range_findings"] = list(frame.range_findings)
    if frame.signed is not None:
        out["signed_data_unit_bytes"] = [frame.signed.start, frame.signed.end]
        out["signed_rule"] = _SIGNED_RULE
    return out


def _tail_to_json(tail: Tail) -> dict[str, Any]:
    return {"offset_in_data_unit": tail.offset, "hex": tail.data.hex(), "reason": tail.reason}


def item_to_json(item: ItemReading) -> dict[str, Any]:
    """One item: type, name, its parts, and where it stands in the data unit."""
    out: dict[str, Any] = {"type": item.type, "name": item.layout.name}
    parts = parts_to_json(item.layout.parts, item.raw)
    match item.layout.form:
        case "beside":
            out |= parts
        case "fields":
            out["fields"] = parts
        case "position":
            out["fields"] = parts | _position_to_json(item.raw, parts)
    out["offset_in_data_unit"] = item.offset
    out["length_with_type"] = item.length
    return out


def _position_to_json(raw: RawValues, parts: dict[str, Any]) -> dict[str, Any]:
    """Bit 0 of the status: no valid fix; bit 1: south; bit 2: west. Degrees are signed, without trailing zeros."""
    status = raw["status_raw"]
    assert isinstance(status, int)
    south, west = bool(status & 2), bool(status & 4)
    out: dict[str, Any] = {"fix_valid": not status & 1, "south": south, "west": west}
    for name, negative in (("longitude", west), ("latitude", south)):
        value = parts[name]["value"]
        if value is not None:
            degrees = Decimal(value).normalize()
            out[name] = parts[name] | {"value": f"{-degrees if negative and degrees else degrees:f}"}
    return out


def parts_to_json(parts: tuple[Part, ...], raw: RawValues) -> dict[str, Any]:
    """The raw values of `parts` with their quantities, by name."""
    out: dict[str, Any] = {}
    for part in parts:
        value: Any = raw[part.name]
        match part:
            case Field():
                out |= _field_to_json(part, value)
            case Text():
                out[part.name] = {"status": "withheld"} if part.secret else text_of(value)
            case Texts():
                out[part.name] = [text_of(text) for text in value]
            case Instant():
                instant = find_instant(value) if len(value) == TIME_SIZE else None
                out[part.name] = {"raw": value.hex(), "value": None if instant is None else instant.isoformat()}
            case Blob():
                out |= _field_to_json(part.length, raw[part.length.name])
                out[part.name] = value.hex()
            case Run():
                out |= _run_to_json(part, raw[part.count.name], value)
            case Records():
                out |= _field_to_json(part.count, raw[part.count.name])
                out[part.name] = [parts_to_json(part.parts, record) for record in value]
    return out


def _field_to_json(field: Field, raw: Any) -> dict[str, Any]:
    if field.shown == "plain" or (field.shown == "hidden" and field.is_sentinel(raw)):
        plain = {field.name: raw}
        return plain | {"flags_hex": f"{raw:08x}"} if field.name == "flags_raw" else plain
    if field.shown == "hidden":
        return {}
    if field.is_sentinel(raw):
        status = "invalid" if raw == field.invalid else "abnormal"
        return {field.name: {"raw": raw, "value": None, "status": status}}
    return {field.name: {"raw": raw, "value": _value_to_json(field, raw)}}


def _value_to_json(field: Field, raw: int) -> str | None:
    value = field.value_of(raw)
    return None if value is None else f"{value:f}"


def _run_to_json(run: Run, count: Any, raw: tuple[int, ...]) -> dict[str, Any]:
    if run.shown == "codes":
        return {run.name: {"count_raw": count, "codes": list(raw)}}
    out = _field_to_json(run.count, count)
    if run.shown == "plain":
        return out | {run.name: list(raw)}
    return out | {run.name: {"raw": list(raw), "value": [_value_to_json(run.element, value) for value in raw]}}
