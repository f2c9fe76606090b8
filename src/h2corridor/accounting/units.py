"""Rules read with units instead of numbers: the unit a formula computes is the unit its rule declares."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from h2verify.derivation import evaluate
from h2verify.errors import DerivationError


class Unit:
    """A product of named units with whole exponents; adding asks for the same unit on both sides."""

    __slots__ = ("exponents",)

    def __init__(self, exponents: Mapping[str, int]) -> None:
        self.exponents = {name: power for name, power in exponents.items() if power}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unit) and self.exponents == other.exponents

    def __hash__(self) -> int:
        return hash(frozenset(self.exponents.items()))

    def __add__(self, other: "Unit") -> "Unit":
        if self != other:
            raise DerivationError("derivation.unit", f"{self} and {other} are added or compared")
        return self

    __sub__ = __add__

    def __mul__(self, other: "Unit") -> "Unit":
        return self._times(other, 1)

    def __truediv__(self, other: "Unit") -> "Unit":
        return self._times(other, -1)

    def __str__(self) -> str:
        return " ".join(f"{name}^{power}" for name, power in sorted(self.exponents.items())) or "1"

    def _times(self, other: "Unit", sign: int) -> "Unit":
        product = Counter(self.exponents)
        for name, power in other.exponents.items():
            product[name] += sign * power
        return Unit(product)


def parse_unit(text: str) -> Unit:
    """A unit from its text: names, joined by `*` and `/` from left to right; `tkm` is `t*km`, `1` is no unit.

    >>> str(parse_unit("kgCO2e/tkm"))
    'kgCO2e^1 km^-1 t^-1'
    """
    exponents: Counter[str] = Counter()
    for part in text.replace("/", "*/").split("*"):
        sign, name = (-1, part[1:]) if part.startswith("/") else (1, part)
        for single in {"tkm": ("t", "km"), "1": ()}.get(name.strip(), (name.strip(),)):
            exponents[single] += sign
    return Unit(exponents)


def list_unit_faults(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every step whose formula computes another unit than it declares, or adds unlike units."""
    units = {step["id"]: parse_unit(step["unit"]) for step in steps}
    faults = []
    for step in steps:
        if step.get("formula") is None:
            continue
        try:
            computed = evaluate(step["formula"], units.__getitem__, _same)
        except DerivationError as error:
            faults.append(f"{step['id']}: {error}")
            continue
        if computed != units[step["id"]]:
            faults.append(f"{step['id']}: declares {step['unit']}, computes {computed}")
    return faults


def _same(_: str, values: list[Unit]) -> Unit:
    first = values[0]
    for other in values[1:]:
        first = first + other
    return first
