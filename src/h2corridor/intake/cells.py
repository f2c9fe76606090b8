"""From the text of one cell to a value of the model, exactly; or the fault that stands in the way."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from h2corridor.intake.columns import INTEGER_DIGITS_MAX, Column

CELL_CHARACTERS_MAX = 4096
INSTANT_MS_MIN, INSTANT_MS_MAX = -62_135_510_400_000, 253_402_271_999_999
"""0001-01-02T00:00:00Z and 9999-12-31T15:59:59.999Z: what lies beyond has no date in corridor time, or in none."""
_SHOWN_MAX = 60
_FRACTION_DIGITS_MAX = 18
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall-clock arithmetic, the offset is subtracted afterwards
_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CellFault(msgspec.Struct, frozen=True):
    """Why a cell cannot become a value: the check and what fills its texts."""

    check: str
    params: dict[str, str]


Value = str | int | Decimal


def read_cell(column: Column, text: str) -> Value | CellFault:
    """The value of a cell that is not empty, in the unit of the model.

    Parameters
    ----------
    column
        What the column table says about the cell.
    text
        The cell as received.

    Returns
    -------
    str, int, Decimal or CellFault
        Quantities as integers, instants as milliseconds since 1970-01-01 UTC, days as text; a word outside the words in
        use is returned as it is (see `unknown_word`).
    """
    if len(text) > CELL_CHARACTERS_MAX:
        return CellFault("value.too-long", {"came": str(len(text)), "limit": str(CELL_CHARACTERS_MAX)})
    if column.kind in ("text", "word"):
        return text
    if column.kind == "instant":
        return _instant_cell(text)
    if column.kind == "day":
        return text if _is_day(text) else CellFault("value.day-unreadable", {"came": shown(text)})
    return _number_cell(column, text)


def unknown_word(column: Column, value: Value) -> CellFault | None:
    """The fault of a value that is not one of the words in use; None where it is, or where any word will do."""
    if not column.allowed or str(value) in column.allowed:
        return None
    return CellFault("value.unknown", {"came": shown(str(value)), "allowed": ", ".join(column.allowed)})


def parse_instant_ms(text: str) -> int | str:
    """Milliseconds since 1970-01-01 UTC of an ISO 8601 time with offset, or the code of the check that it fails."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        return "value.time-unreadable"
    *wall, fraction, offset = match.groups()
    try:
        since = datetime(*(int(part) for part in wall)) - _EPOCH  # type: ignore[arg-type]  # noqa: DTZ001 - see _EPOCH
    except ValueError:
        return "value.time-unreadable"
    if offset is None:
        return "value.time-without-offset"
    offset_minutes = 0 if offset == "Z" else int(offset[1:3]) * 60 + int(offset[4:6])
    if offset_minutes > 14 * 60 or int(offset[-2:].lstrip("Z") or 0) > 59:
        return "value.time-unreadable"
    digits = (fraction or "").ljust(3, "0")
    if digits[3:].strip("0"):
        return "value.too-fine"
    east = -1 if offset.startswith("-") else 1
    instant_ms = since // timedelta(milliseconds=1) + int(digits[:3]) - east * offset_minutes * 60_000
    return instant_ms if INSTANT_MS_MIN <= instant_ms <= INSTANT_MS_MAX else "value.time-unreadable"


def shown(text: str) -> str:
    """A cell as a message may show it: short, and with nothing that a terminal would obey."""
    clear = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text[:_SHOWN_MAX])
    return f"{clear}…" if len(text) > _SHOWN_MAX else clear


def _instant_cell(text: str) -> int | CellFault:
    instant = parse_instant_ms(text)
    if isinstance(instant, int):
        return instant
    step = {"step": "0.001 s"} if instant == "value.too-fine" else {}
    return CellFault(instant, {"came": shown(text), **step})


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _number_cell(column: Column, text: str) -> int | Decimal | CellFault:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return CellFault(
            "value.not-an-integer" if column.kind == "whole" else "value.not-a-number", {"came": shown(text)}
        )
    sign, whole, fraction = match.group(1), match.group(2), (match.group(3) or "").rstrip("0")
    fault = _number_fault(column, text, len(whole.lstrip("0")), len(fraction))
    if fault is not None:
        return fault
    if column.kind == "decimal":
        return Decimal(text)
    magnitude = int(whole + fraction.ljust(column.scale, "0"))
    return -magnitude if sign else magnitude


def _number_fault(column: Column, text: str, whole_digits: int, fraction_digits: int) -> CellFault | None:
    if whole_digits > INTEGER_DIGITS_MAX:
        return _out_of_range(column, text)
    if fraction_digits > (_FRACTION_DIGITS_MAX if column.kind == "decimal" else column.scale):
        return _too_fine(column, text)
    value = Decimal(text)
    if value < 0 <= column.lowest:
        return CellFault("value.negative", {"came": shown(text)})
    return None if column.lowest <= value <= column.high else _out_of_range(column, text)


def _out_of_range(column: Column, text: str) -> CellFault:
    low, high = f"{column.lowest:f}", f"{column.high:f}"
    return CellFault("value.out-of-range", {"came": shown(text), "low": low, "high": high})


def _too_fine(column: Column, text: str) -> CellFault:
    if column.kind == "whole":
        return CellFault("value.not-an-integer", {"came": shown(text)})
    scale = _FRACTION_DIGITS_MAX if column.kind == "decimal" else column.scale
    return CellFault("value.too-fine", {"came": shown(text), "step": f"{Decimal(1).scaleb(-scale):f}"})
