"""Figures as they are shown: the one rounding of a value, and exact differences of what is shown."""

from decimal import Decimal

from h2verify.derivation import arithmetic, decimal_text, published

_CONTEXT = arithmetic()


def remainder(wtw: str | None, ttw: str | None) -> str | None:
    """A difference of two shown numbers, exact, so that what is printed adds up."""
    if wtw is None or ttw is None:
        return None
    return decimal_text(_CONTEXT.subtract(Decimal(wtw), Decimal(ttw)))


def shown(value: Decimal | None) -> str | None:
    """The text of a figure; None where there is none."""
    return None if value is None else published(value)
