"""How the values of a finding are written: exact decimals of integers, instants with their offset."""

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal

CORRIDOR_TIME = datetime.timezone(datetime.timedelta(hours=8))
"""All of the corridor keeps China Standard Time; GB/T 32960.3 frames carry it too."""


def decimal_text(value: int, digits: int) -> str:
    """Write an integer of the last of `digits` decimals as a decimal.

    Examples
    --------
    >>> decimal_text(-1090, 1)
    '-109.0'
    """
    return f"{Decimal(value).scaleb(-digits):.{digits}f}"


def tenths(value: int) -> str:
    """Write an integer count of tenths.

    Examples
    --------
    >>> tenths(1090)
    '109.0'
    """
    return decimal_text(value, 1)


def kilograms(mass_mg: int) -> str:
    """Write a mass [mg] in kilograms with three decimals, rounded half to even.

    Examples
    --------
    >>> kilograms(22_410_000)
    '22.410'
    """
    return f"{Decimal(mass_mg).scaleb(-6):.3f}"


def percent(part: int, whole: int) -> str:
    """Write a part of a whole in percent with one decimal; the whole is above 0.

    Examples
    --------
    >>> percent(1, 8)
    '12.5'
    """
    return f"{Decimal(100 * part) / Decimal(whole):.1f}"


def byte_text(value: int) -> str:
    """Write a byte as protocols name it.

    Examples
    --------
    >>> byte_text(3)
    '0x03'
    """
    return f"0x{value:02x}"


def names_of_bits(names: Sequence[str]) -> Callable[[int], str]:
    """Give what writes a mask as the names of its bits."""
    return lambda mask: ", ".join(name for n, name in enumerate(names) if mask >> n & 1)


def instant_text(at_s: int) -> str:
    """Write an instant [s since 1970-01-01 UTC] as ISO 8601 with offset.

    Examples
    --------
    >>> instant_text(1773043200)
    '2026-03-09T16:00:00+08:00'
    """
    return datetime.datetime.fromtimestamp(at_s, CORRIDOR_TIME).isoformat()


def day_text(at_s: int) -> str:
    """Write the local day of an instant [s]."""
    return datetime.datetime.fromtimestamp(at_s, CORRIDOR_TIME).date().isoformat()


def day_start_s(day: str) -> int:
    """Give the instant [s] at which a local day begins."""
    start = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(), CORRIDOR_TIME)
    return int(start.timestamp())
