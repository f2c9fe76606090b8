"""Numbers and instants as the eye wants them. Display only: nothing here goes back into a figure."""

import math
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from h2corridor.console.texts import clean

MINUS = "\u2212"
_DIGITS_MAX = 60
_CORRIDOR_TIME = timezone(timedelta(hours=8))


def find_decimal(value: str | None) -> Decimal | None:
    """The decimal in a string; None when there is none or when it is too long to be a measurement."""
    if value is None or len(value) > _DIGITS_MAX:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < _DIGITS_MAX else None


def rounded(value: str | Decimal | None, places: int) -> str | None:
    """The number with this many decimal places, grouped by thousands, with a true minus sign; None when absent.

    What is not a number is shown as it came, so that nothing is hidden.
    """
    if value is None:
        return None
    number = find_decimal(value) if isinstance(value, str) else value
    if number is None:
        return clean(str(value))
    shown = f"{_quantized(number, places):,f}"
    return shown.replace("-", MINUS)


def full(value: str | None) -> str | None:
    """The number with all its digits and a true minus sign."""
    if value is None:
        return None
    return clean(value).replace("-", MINUS) if find_decimal(value) is not None else clean(value)


def percent(share: str | None) -> str | None:
    """A fraction of one as per cent with one decimal place."""
    number = find_decimal(share)
    return None if number is None else f"{rounded(number * 100, 1)} %"


def time_span(started_at: str | None, ended_at: str | None) -> str:
    """Two instants as one span; the day is repeated only when it changes, the offset stands at the end.

    >>> time_span("2026-03-02T07:12:00+08:00", "2026-03-02T11:21:57+08:00")
    '2026-03-02 07:12 – 11:21 +08:00'
    """
    start, end = _find_instant(started_at), _find_instant(ended_at)
    if start is None or end is None:
        return " – ".join(clean(part) for part in (started_at, ended_at) if part)
    end_format = "%H:%M" if start.date() == end.date() else "%Y-%m-%d %H:%M"
    offset = start.isoformat()[-6:] if start.utcoffset() is not None else ""
    return f"{start:%Y-%m-%d %H:%M} – {end.strftime(end_format)} {offset}".rstrip()


def local_instant(value: str) -> str:
    """An instant in the corridor's time, to the minute; what is none, as it came.

    >>> local_instant("2026-11-28T10:31:05+00:00")
    '2026-11-28 18:31 +08:00'
    """
    found = _find_instant(value)
    if found is None or found.utcoffset() is None:
        return clean(value)
    return f"{found.astimezone(_CORRIDOR_TIME):%Y-%m-%d %H:%M} +08:00"


def instant_order(value: str) -> float:
    """By what instants are put in order, whatever their offsets; what is none comes first.

    >>> max("2026-03-02T09:00:00+08:00", "2026-03-02T02:00:00+00:00", key=instant_order)
    '2026-03-02T02:00:00+00:00'
    """
    found = _find_instant(value)
    return -math.inf if found is None or found.utcoffset() is None else found.timestamp()


def _find_instant(value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if value else None
    except ValueError:
        return None


def _quantized(number: Decimal, places: int) -> Decimal:
    if number.adjusted() > 20:  # beyond the digits that a context of 28 can round; no measurement is that large
        return number
    shown = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    return abs(shown) if shown == 0 else shown
