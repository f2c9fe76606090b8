"""Container numbers: four letters, six digits, a check digit (ISO 6346; clause unseen)."""

import re

_NUMBER = re.compile(r"[A-Z]{4}[0-9]{7}\Z", re.ASCII)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTER_VALUES = dict(zip(_LETTERS, [n for n in range(10, 39) if n % 11], strict=True))
"""Letters count from 10 upwards; multiples of 11 are left out."""


def expected_check_digit(container_no: str) -> str | None:
    """Give the check digit that fits the first ten characters, or None where the number is none.

    Examples
    --------
    >>> expected_check_digit("CSQU3054383")
    '3'
    """
    if not _NUMBER.match(container_no):
        return None
    values = [_LETTER_VALUES[each] if each.isalpha() else int(each) for each in container_no[:10]]
    return str(sum(value << place for place, value in enumerate(values)) % 11 % 10)
