"""Figures as they are shown: the one rounding of a value, and exact differences of what is shown."""

from collections.abc import Sequence
from decimal import Decimal

from h2verify.derivation import apportion, arithmetic, decimal_text, published
from h2verify.errors import DerivationError

from h2corridor.model.errors import RuleError

_CONTEXT = arithmetic()


def remainder(wtw: str | None, ttw: str | None) -> str | None:
    """A difference of two shown numbers, exact, so that what is printed adds up."""
    if wtw is None or ttw is None:
        return None
    return decimal_text(_CONTEXT.subtract(Decimal(wtw), Decimal(ttw)))


def apportioned(parts: Sequence[Decimal], whole: Decimal) -> list[str]:
    """The texts of parts, which sum exactly to the whole as shown.

    Raises
    ------
    RuleError
        `rule.absurd-value`: figures of this size, or so far apart, are more digits than a derivation keeps.
    """
    try:
        return apportion(parts, whole)
    except DerivationError as error:
        fault = f"a figure of {whole:.3E} and its parts have more digits than a derivation keeps."
        next_step = "Look for a slip of a unit or a decimal point."
        raise RuleError("rule.absurd-value", fault, next_step=next_step) from error


def shown(value: Decimal | None) -> str | None:
    """The text of a figure; None where there is none."""
    return None if value is None else published(value)
