"""From the text of one cell to a value, exactly; a cell that is no such value is refused."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from h2verify.errors import BundleError
from h2verify.papers.columns import Column, Value

CELL_CHARACTERS_MAX = 4096
INTEGER_DIGITS_MAX = 12
FRACTION_DIGITS_MAX = 18
OFFSET_MINUTES_MAX = 14 * 60
INSTANT_MS_MIN, INSTANT_MS_MAX = -62_135_510_400_000, 253_402_271_999_999
"""0001-01-02T00:00:00Z and 9999-12-31T15:59:59.999Z: what lies beyond has no date at UTC+8, or anywhere."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_value(column: Column, text: str) -> Value:
    """What a cell says: None where it is empty, a text, an integer of the unit in the field's name, or a decimal.

    Raises
    ------
    BundleError
        `papers.row`: the text is no value of this kind, or finer than the field can hold.
    """
    if not text:
        return None
    value = _read(column, text) if len(text) <= CELL_CHARACTERS_MAX else None
    if value is None:
        raise BundleError("papers.row", f"{column.name}: expected {column.kind}, came {text[:60]!r}.")
    return value


def find_instant_ms(text: str) -> int | None:
    """Milliseconds since 1970-01-01 UTC of an ISO 8601 time with offset, or None where it is none.

    Examples
    --------
    >>> find_instant_ms("2026-03-02T08:15:30.250+08:00"), find_instant_ms("2026-03-02T08:15:30")
    (1772410530250, None)
    """
    wall = find_wall_time(text)
    if wall is None:
        return None
    instant_ms = (wall[0] - _EPOCH) // _MILLISECOND - wall[1] * 60_000
    return instant_ms if INSTANT_MS_MIN <= instant_ms <= INSTANT_MS_MAX else None


def find_wall_time(text: str) -> tuple[datetime, int] | None:
    """The date and time written in an ISO 8601 time, as if it were UTC, and its offset [min]; None where it is none."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        return None
    *parts, fraction, _, sign, hours, minutes = match.groups()
    offset = int(hours) * 60 + int(minutes) if sign else 0
    digits = (fraction or "").ljust(3, "0")
    if offset > OFFSET_MINUTES_MAX or int(minutes or 0) > 59 or digits[3:].strip("0"):
        return None
    year, month, day, hour, minute, second = (int(part) for part in parts)
    try:
        wall = datetime(year, month, day, hour, minute, second, int(digits[:3]) * 1000, tzinfo=UTC)
    except ValueError:
        return None
    return wall, -offset if sign == "-" else offset


def _read(column: Column, text: str) -> Value:
    if column.kind == "text":
        return text
    if column.kind == "instant":
        return find_instant_ms(text)
    if column.kind == "day":
        return text if _is_day(text) else None
    return _read_number(text, None if column.kind == "number" else column.places)


def _read_number(text: str, places: int | None) -> int | Decimal | None:
    """An integer of `10**-places`, or the decimal itself; None where the text is no number or too fine."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction = match[1], match[2], (match[3] or "").rstrip("0")
    fraction_digits = FRACTION_DIGITS_MAX if places is None else places
    if len(whole.lstrip("0")) > INTEGER_DIGITS_MAX or len(fraction) > fraction_digits:
        return None
    if places is None:
        return Decimal(f"{sign}{whole}.{fraction}")
    magnitude = int(whole + fraction.ljust(places, "0"))
    return -magnitude if sign else magnitude


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
