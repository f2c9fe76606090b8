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
from .instant import text_of
from .parts import RawValues
from .reader import ItemReading
from .stream import is_plausible_header, split_stream
from .tables import EDITION_2016, EDITIONS

Outcome = Literal["ok", "bad_check_byte", "truncated", "garbage", "encrypted", "unreadable_time", "unknown_command"]
RowValues: TypeAlias = "dict[str, int | str | None]"

TEXT_COLUMNS = ("outcome", "tail_reason", "vin", "data_unit_digest", "terminal_id")
HEADER_COLUMNS = ("edition", "command", "response", "encryption", "vin")


@dataclass(frozen=True, slots=True)
class ListOfItem:
    """A list in each record of an item: its names in the field table, and the widths of count and element [bytes]."""

    item_type: int
    records: str
    name: str
    count: str
    count_width: int
    width: int

    @property
    def abnormal(self) -> int:
        """The lower of the two sentinels of an element."""
        return (1 << 8 * self.width) - 2


VEHICLE, FUEL_CELL, POSITION, EXTREMES, STACKS = 0x01, 0x03, 0x05, 0x06, 0x30
"""The item of extremes is one of edition 2016; in 2025 no item gives those of the traction battery."""

ITEM_COLUMNS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "vehicle_state": (VEHICLE, ("state",)),
    "charge_state": (VEHICLE, ("charge",)),
    "speed_raw": (VEHICLE, ("speed_kmh",)),
    "odometer_raw": (VEHICLE, ("odometer_km",)),
    "voltage_raw": (VEHICLE, ("voltage_v",)),
    "current_raw": (VEHICLE, ("current_a",)),
    "soc_raw": (VEHICLE, ("soc_pct",)),
    "gear_raw": (VEHICLE, ("gear_raw",)),
    "consumption_raw": (FUEL_CELL, ("consumption_kg_per_100km",)),
    "h2_pressure_raw": (FUEL_CELL, ("h2_max_pressure_mpa",)),
    "h2_temperature_raw": (FUEL_CELL, ("h2_max_temp_c",)),
    "h2_concentration_raw": (FUEL_CELL, ("h2_max_conc_mg_per_kg", "h2_max_conc_pct")),
    "h2_remaining_raw": (FUEL_CELL, ("h2_remaining_pct",)),
    "position_status": (POSITION, ("status_raw",)),
    "longitude_raw": (POSITION, ("longitude",)),
    "latitude_raw": (POSITION, ("latitude",)),
    "coordinate_system": (POSITION, ("coordinate_system_raw",)),
    "said_v_max_raw": (EXTREMES, ("vmax_v",)),
    "said_v_min_raw": (EXTREMES, ("vmin_v",)),
    "said_c_max_raw": (EXTREMES, ("tmax_c",)),
    "said_c_min_raw": (EXTREMES, ("tmin_c",)),
}
"""Column -> item type and the name of its field (in either edition); the first item of a type counts."""

LISTS: Mapping[str, Mapping[int, ListOfItem]] = {
    "listed_v": {
        2016: ListOfItem(0x08, "subsystems", "cells_v", "frame_cell_count", 1, 2),
        2025: ListOfItem(0x07, "packs", "cells_v", "cell_count", 2, 2),
    },
    "listed_c": {
        2016: ListOfItem(0x09, "subsystems", "probes_c", "probe_count", 2, 1),
        2025: ListOfItem(0x08, "subsystems", "probes_c", "probe_count", 2, 1),
    },
}
"""Column -> edition -> the lists of which `_max_raw` and `_min_raw` give the extremes, without sentinels."""

STACK_COLUMNS = ("stack_count_raw", "stacks_reported", "stack_current_raw", "stack_voltage_raw")

CELL_COLUMNS = ("cells_declared_raw", "cells_listed")

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
    "consumption_raw",
    "h2_pressure_raw",
    "h2_temperature_raw",
    "h2_concentration_raw",
    "h2_remaining_raw",
    "position_status",
    "longitude_raw",
    "latitude_raw",
    "coordinate_system",
    "said_v_max_raw",
    "said_v_min_raw",
    "said_c_max_raw",
    "said_c_min_raw",
    "listed_v_max_raw",
    "listed_v_min_raw",
    "listed_c_max_raw",
    "listed_c_min_raw",
    *CELL_COLUMNS,
    "terminal_id",
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
        row["terminal_id"] = _terminal_id(reading.frame)
    return row


def _terminal_id(frame: Frame) -> str | None:
    """The ICCID that a terminal logs in with; None for any other command."""
    iccid = (frame.body or {}).get("iccid")
    return text_of(iccid) if isinstance(iccid, bytes) else None


def _item_columns(frame: Frame) -> RowValues:
    if frame.command_layout is None or not frame.command_layout.items:
        return {}
    types = {item.type for item in frame.items or ()}
    row: RowValues = {"item_mask": sum(1 << item_type for item_type in types if item_type < MASK_TYPES)}
    for column, (item_type, names) in ITEM_COLUMNS.items():
        item = frame.find_item(item_type)
        row[column] = None if item is None else _find_raw(item.raw, names)
    row |= _list_columns(frame)
    if frame.header.edition == EDITION_2016.year:
        return row | _stack_columns_2016(frame.find_item(FUEL_CELL))
    return row | _stack_columns_2025(frame.find_item(STACKS))


def _list_columns(frame: Frame) -> RowValues:
    """The extremes of what the lists of cells and probes hold; in edition 2016 also cells declared and listed."""
    row: RowValues = {}
    for column, by_edition in LISTS.items():
        place = by_edition[frame.header.edition]
        item = frame.find_item(place.item_type)
        if item is None:
            continue
        records: tuple[RawValues, ...] = item.raw[place.records]  # type: ignore[assignment]  # the table has records
        # The field table has a list of integers under this name, in every record.
        values: list[int] = [value for record in records for value in record[place.name]]  # type: ignore[misc,union-attr]
        known = [value for value in values if value < place.abnormal]
        row |= {f"{column}_max_raw": max(known, default=None), f"{column}_min_raw": min(known, default=None)}
        if column == "listed_v" and frame.header.edition == EDITION_2016.year:
            totals = [_find_raw(record, ("cells_total",)) for record in records]
            sound = [total for total in totals if total is not None and total < CURRENT_ABNORMAL]
            row["cells_declared_raw"] = sum(sound) if sound and len(sound) == len(totals) else None
            row["cells_listed"] = len(values)
    return row


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
