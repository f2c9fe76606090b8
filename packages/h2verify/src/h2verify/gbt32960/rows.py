"""A telemetry row - the bytes that arrived in place of one frame - as the columns of the `frames` table.

The plain reference of the array decoder: one row at a time, from `decode_frame`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias

from h2verify.errors import DecodeError

from .commands import PLAIN
from .frame import HEADER_SIZE, Frame, Header, decode_frame, read_header
from .parts import RawValues
from .reader import ItemReading
from .stream import is_plausible_header, split_stream
from .tables import EDITION_2016, EDITIONS

Outcome = Literal["ok", "bad_check_byte", "truncated", "garbage", "encrypted", "unreadable_time", "unknown_command"]
RowValues: TypeAlias = "dict[str, int | str | None]"

TEXT_COLUMNS = ("outcome", "tail_reason", "vin", "data_unit_digest")
HEADER_COLUMNS = ("edition", "command", "response", "encryption", "vin")

VEHICLE, FUEL_CELL, POSITION, STACKS = 0x01, 0x03, 0x05, 0x30

ITEM_COLUMNS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "vehicle_state": (VEHICLE, ("state",)),
    "charge_state": (VEHICLE, ("charge",)),
    "speed_raw": (VEHICLE, ("speed_kmh",)),
    "odometer_raw": (VEHICLE, ("odometer_km",)),
    "voltage_raw": (VEHICLE, ("voltage_v",)),
    "current_raw": (VEHICLE, ("current_a",)),
    "soc_raw": (VEHICLE, ("soc_pct",)),
    "gear_raw": (VEHICLE, ("gear_raw",)),
    "h2_pressure_raw": (FUEL_CELL, ("h2_max_pressure_mpa",)),
    "h2_temperature_raw": (FUEL_CELL, ("h2_max_temp_c",)),
    "h2_concentration_raw": (FUEL_CELL, ("h2_max_conc_mg_per_kg", "h2_max_conc_pct")),
    "h2_remaining_raw": (FUEL_CELL, ("h2_remaining_pct",)),
    "position_status": (POSITION, ("status_raw",)),
    "longitude_raw": (POSITION, ("longitude",)),
    "latitude_raw": (POSITION, ("latitude",)),
    "coordinate_system": (POSITION, ("coordinate_system_raw",)),
}
"""Column -> item type and the name of its field (in either edition); the first item of a type counts."""

STACK_COLUMNS = ("stack_count_raw", "stacks_reported", "stack_current_raw", "stack_voltage_raw")

FRAME_COLUMNS = (
    "outcome",
    "tail_reason",
    "edition",
    "command",
    "response",
    "encryption",
    "vin",
    "data_unit_digest",
    "device_time_s",
    "item_mask",
    "vehicle_state",
    "charge_state",
    "speed_raw",
    "odometer_raw",
    "voltage_raw",
    "current_raw",
    "soc_raw",
    "gear_raw",
    *STACK_COLUMNS,
    "h2_pressure_raw",
    "h2_temperature_raw",
    "h2_concentration_raw",
    "h2_remaining_raw",
    "position_status",
    "longitude_raw",
    "latitude_raw",
    "coordinate_system",
)
"""The columns of the `frames` table that come from the bytes of a row, in order."""

MASK_TYPES = 63
CURRENT_ABNORMAL = 0xFFFE
JUNK_REASON = "junk around the frame"
SEVERAL_REASON = "more than one frame in the row"
TRUNCATED_MIN = 4
"""Fewer bytes than start mark, command and response flag are no beginning of a frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReading:
    """What a row turned out to be; `header` stands wherever one could be read."""

    outcome: Outcome
    header: Header | None = None
    frame: Frame | None = None
    reason: str | None = None


def read_row(data: bytes) -> RowReading:
    """What the bytes of one row are: exactly one frame, one frame in junk, or an outcome that says why neither.

    Never raises. A row that is one frame long is that frame, right or damaged; any other is searched.
    """
    try:
        frame = decode_frame(data)
    except DecodeError:
        return _search_row(data)
    if frame.verdict == "incomplete":
        return _search_row(data)
    return _judge(frame, None)


def _search_row(data: bytes) -> RowReading:
    segments = tuple(split_stream((data,)))
    sound = [segment for segment in segments if segment.bcc_ok]
    if len(sound) == 1:
        return _judge(decode_frame(sound[0].data), JUNK_REASON)
    if sound:
        return RowReading(outcome="garbage", reason=SEVERAL_REASON)
    damaged = [segment for segment in segments if segment.kind == "frame"]
    if damaged:
        return RowReading(outcome="bad_check_byte", header=read_header(damaged[0].data))
    if len(data) >= TRUNCATED_MIN and is_plausible_header(data) and segments[0].kind == "partial":
        return RowReading(outcome="truncated", header=read_header(data) if len(data) >= HEADER_SIZE else None)
    return RowReading(outcome="garbage")


def _judge(frame: Frame, junk: str | None) -> RowReading:
    header = frame.header
    layout = EDITIONS[header.edition].commands.get(header.command)
    if frame.verdict == "reject":
        return RowReading(outcome="bad_check_byte", header=header)
    if header.encryption != PLAIN:
        return RowReading(outcome="encrypted", header=header, reason=junk)
    if layout is None or layout.parts is None:
        return RowReading(outcome="unknown_command", header=header, reason=junk)
    if layout.timed and frame.instant is None:
        return RowReading(outcome="unreadable_time", header=header, reason=junk)
    reasons = [reason for reason in (junk, frame.tail.reason if frame.tail else None) if reason]
    return RowReading(outcome="ok", header=header, frame=frame, reason="; ".join(reasons) or None)


def read_row_columns(data: bytes) -> RowValues:
    """The columns of one row; None where the item is absent or the outcome is not `ok`."""
    reading = read_row(data)
    row: RowValues = dict.fromkeys(FRAME_COLUMNS)
    row |= {"outcome": reading.outcome, "tail_reason": reading.reason}
    if reading.header is not None:
        row |= {name: getattr(reading.header, name) for name in HEADER_COLUMNS}
    if reading.frame is not None:
        row["data_unit_digest"] = sha256(reading.frame.data_unit).hexdigest()[:32]
        row["device_time_s"] = reading.frame.time_s
        row |= _item_columns(reading.frame)
    return row


def _item_columns(frame: Frame) -> RowValues:
    if frame.command_layout is None or not frame.command_layout.items:
        return {}
    types = {item.type for item in frame.items or ()}
    row: RowValues = {"item_mask": sum(1 << item_type for item_type in types if item_type < MASK_TYPES)}
    for column, (item_type, names) in ITEM_COLUMNS.items():
        item = frame.find_item(item_type)
        row[column] = None if item is None else _find_raw(item.raw, names)
    if frame.header.edition == EDITION_2016.year:
        return row | _stack_columns_2016(frame.find_item(FUEL_CELL))
    return row | _stack_columns_2025(frame.find_item(STACKS))


def _find_raw(raw: RawValues, names: tuple[str, ...]) -> int | None:
    for name in names:
        value = raw.get(name)
        if isinstance(value, int):
            return value
    return None


def _stack_columns_2016(item: ItemReading | None) -> RowValues:
    """One voltage and one current for all stacks."""
    if item is None:
        return {}
    return {
        "stacks_reported": 1,
        "stack_current_raw": _find_raw(item.raw, ("stack_current_a",)),
        "stack_voltage_raw": _find_raw(item.raw, ("stack_voltage_v",)),
    }


def _stack_columns_2025(item: ItemReading | None) -> RowValues:
    """A record a stack: the sum of the currents (None where one is a sentinel), the voltage of the first."""
    if item is None:
        return {}
    stacks: tuple[RawValues, ...] = item.raw["stacks"]  # type: ignore[assignment]  # the table has records there
    currents = [_find_raw(stack, ("current_a",)) for stack in stacks]
    known = [current for current in currents if current is not None and current < CURRENT_ABNORMAL]
    return {
        "stack_count_raw": _find_raw(item.raw, ("count_raw",)),
        "stacks_reported": len(stacks),
        "stack_current_raw": sum(known) if known and len(known) == len(stacks) else None,
        "stack_voltage_raw": _find_raw(stacks[0], ("voltage_v",)) if stacks else None,
    }


def frame_columns_reference(rows: Iterable[bytes]) -> list[RowValues]:
    """The columns of the `frames` table from `outcome` on, one dictionary a row."""
    return [read_row_columns(bytes(row)) for row in rows]
