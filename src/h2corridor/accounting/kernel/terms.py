"""Numbers that write down what is done to them: the traced reading of a rule.

A rule run on terms instead of decimals gives its formula. A term refuses everything but + - * / with other terms, so
a rule that compares, branches or holds a literal number cannot be declared. `total`, `least` and `greatest` serve every
reading: decimals here, and any other number that says itself how it is summed and chosen.
"""

from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any, TypeAlias

Quantity: TypeAlias = Decimal
"""An argument of a rule: a decimal in the reading for figures, a `Term` in the reading for formulas."""

Many: TypeAlias = tuple[Decimal, ...]
"""An argument of a rule that stands for the same quantity of several scopes; only `total` takes it."""

_SUM, _PRODUCT, _ATOM = range(3)


class Term:
    """A formula in the making, with the rank of its outermost operator."""

    __slots__ = ("rank", "text")

    def __init__(self, text: str, rank: int = _ATOM) -> None:
        self.text = text
        self.rank = rank

    def __add__(self, other: object) -> "Term":
        return self._joined("+", other, _SUM)

    def __sub__(self, other: object) -> "Term":
        return self._joined("-", other, _SUM)

    def __mul__(self, other: object) -> "Term":
        return self._joined("*", other, _PRODUCT)

    def __truediv__(self, other: object) -> "Term":
        return self._joined("/", other, _PRODUCT)

    def __bool__(self) -> bool:
        raise TypeError(f"a rule must not branch on a value ({self.text})")

    def chosen(self, name: str, other: object) -> "Term":
        """`min` or `max` of two terms."""
        if not isinstance(other, Term):
            raise TypeError(f"{name} takes two quantities, not {self.text} and {other!r}")
        return Term(f"{name}({self.text}, {other.text})")

    def _joined(self, operator: str, other: object, rank: int) -> "Term":
        if not isinstance(other, Term):
            raise TypeError(f"a rule must not hold a number: {self.text} {operator} {other!r}")
        left = self.text if self.rank >= rank else f"({self.text})"
        right = other.text if other.rank > rank else f"({other.text})"
        return Term(f"{left} {operator} {right}", rank)


class ManyTerm:
    """Stands for an argument of many values while a rule is traced."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def summed(self) -> Term:
        """The sum as a formula writes it."""
        return Term(f"sum({self.name})")


def total(values: Any) -> Quantity:
    """The sum of many values (an argument of type `Many`), added from the first to the last."""
    summed: Quantity = reduce(add, values) if isinstance(values, tuple) else values.summed()
    return summed


def least(first: Quantity, second: Quantity) -> Quantity:
    """The smaller of two values."""
    return _chosen("min", first, second)


def greatest(first: Quantity, second: Quantity) -> Quantity:
    """The greater of two values."""
    return _chosen("max", first, second)


def _chosen(name: str, first: Any, second: Any) -> Quantity:
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        return min(first, second) if name == "min" else max(first, second)
    if isinstance(first, Decimal):
        raise TypeError(f"{name} takes two quantities of one reading, not {first!r} and {second!r}")
    chosen: Quantity = first.chosen(name, second)
    return chosen
