"""What the sections of printed emission reports share: tables with heads by name, and how far numbers are shown."""

from collections.abc import Sequence

from h2corridor.console.printed import Table
from h2corridor.console.texts import Language, clean, listed, text

NONE = "–"
"""What stands where there is no number."""
ROWS_MAX = 200
"""Rows of one table in print; the document has all."""
KG = 3
SMALL = 6
"""Decimal places of kilograms, and of intensities and other small numbers."""


def headed_table(
    heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], wide: tuple[int, ...], language: Language
) -> Table:
    """A table whose columns are named by the keys of their words."""
    return Table(head=tuple(text(f"er-head-{each}", language) for each in heads), rows=tuple(rows), wide=wide)


def first_names(names: Sequence[str], most: int, language: Language) -> str:
    """The first of some names, and how many more there are."""
    shown = [clean(each) for each in names[:most]]
    if len(names) > most:
        shown.append(text("er-more-names", language, count=len(names) - most))
    return listed(shown, language)
