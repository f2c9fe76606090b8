"""The six-byte time of the protocol: UTC+8, and what is no time at all."""

from datetime import UTC, datetime, timedelta, timezone

UTC_PLUS_8 = timezone(timedelta(hours=8))
TIME_SIZE = 6
YEAR_MAX = 99
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def find_instant(raw: bytes) -> datetime | None:
    """The instant that six bytes say, with its offset, or None where no calendar has it."""
    year, month, day, hour, minute, second = raw
    if year > YEAR_MAX:
        return None
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC_PLUS_8)
    except ValueError:
        return None


def utc_seconds(instant: datetime) -> int:
    """Whole seconds since 1970-01-01 UTC.  [s]"""
    return (instant - _EPOCH) // timedelta(seconds=1)


def text_of(data: bytes) -> str:
    r"""Printable ASCII as it is; any other byte, and the backslash, as `\xhh`, so that nothing is lost.

    >>> text_of(b"LA9\x00"), text_of(b"a\\b")
    ('LA9\\x00', 'a\\x5cb')
    """
    return "".join(chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}" for byte in data)
