"""Intervals as bars of text on one scale, for who reads a calculation that is written out."""

from collections.abc import Sequence
from decimal import Decimal

from h2verify.derivation import decimal_text

from h2corridor.accounting.intervals import ShownInterval

CELLS = 61
_UNIT = "_kgco2e"


def emission_bars(found: Sequence[ShownInterval]) -> tuple[str, str, list[tuple[ShownInterval, str]]]:
    """The two ends of the scale in kgCO2e, and each figure in kgCO2e with its bar: `[--o--]`, and `|` where zero is.

    The scale goes from the least end, or zero, to the greatest; a figure in another unit has no place on it. Where two
    signs fall on one cell, the figure stands over an end, and an end over zero.
    """
    drawn = [each for each in found if each.figure.endswith(_UNIT)]
    least = min((Decimal(each.low) for each in drawn), default=Decimal(0))
    greatest = max((Decimal(each.high) for each in drawn), default=Decimal(0))
    scale = (min(least, Decimal(0)), max(greatest, Decimal(0)))
    return decimal_text(scale[0]), decimal_text(scale[1]), [(each, _bar(each, *scale)) for each in drawn]


def _bar(each: ShownInterval, least: Decimal, greatest: Decimal) -> str:
    def cell(value: Decimal) -> int:
        return int((value - least) / (greatest - least) * (CELLS - 1) + Decimal("0.5")) if greatest > least else 0

    cells = [" "] * CELLS
    cells[cell(Decimal(0))] = "|"
    low, high = cell(Decimal(each.low)), cell(Decimal(each.high))
    cells[low : high + 1] = "-" * (high - low + 1)
    cells[low], cells[high] = "[", "]"
    cells[cell(Decimal(each.value))] = "o"
    return "".join(cells).rstrip()
