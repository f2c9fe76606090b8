"""How much of a figure rests on each leaf of its derivation: the leaf's value times the derivative of the figure.

For a factor that others are multiplied by this is exactly the part that would vanish with it.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Any

from h2verify.derivation import arithmetic, evaluate

Parts = dict[str, Decimal]


class _Marked:
    """A number with what of it scales with each marked leaf."""

    __slots__ = ("parts", "value")

    def __init__(self, value: Decimal, parts: Parts) -> None:
        self.value = value
        self.parts = parts

    def __add__(self, other: "_Marked") -> "_Marked":
        return _Marked(self.value + other.value, _joined((self.parts, Decimal(1)), (other.parts, Decimal(1))))

    def __sub__(self, other: "_Marked") -> "_Marked":
        return _Marked(self.value - other.value, _joined((self.parts, Decimal(1)), (other.parts, Decimal(-1))))

    def __mul__(self, other: "_Marked") -> "_Marked":
        return _Marked(self.value * other.value, _joined((self.parts, other.value), (other.parts, self.value)))

    def __truediv__(self, other: "_Marked") -> "_Marked":
        value = self.value / other.value
        return _Marked(value, _joined((self.parts, 1 / other.value), (other.parts, -value / other.value)))


def resting_on(steps: Sequence[Mapping[str, Any]], leaves: Container[str], wanted: Iterable[str]) -> dict[str, Parts]:
    """For each wanted step, what of its value scales with each of the leaves that it uses.

    Parameters
    ----------
    steps : sequence of mapping
        A derivation, operands before what uses them.
    leaves : container of str
        The ids of the leaves that are asked about.
    wanted : iterable of str
        Step ids; one that the derivation does not have is left out.
    """
    marked: dict[str, _Marked] = {}
    with localcontext(arithmetic()):
        for step in steps:
            step_id = step["id"]
            if "formula" in step:
                marked[step_id] = evaluate(step["formula"], marked.__getitem__, _choose)
            else:
                value = Decimal(step["value"])
                marked[step_id] = _Marked(value, {step_id: value} if step_id in leaves else {})
    return {step_id: marked[step_id].parts for step_id in wanted if step_id in marked}


def _joined(*terms: tuple[Parts, Decimal]) -> Parts:
    found: Parts = {}
    for parts, times in terms:
        for leaf, part in parts.items():
            found[leaf] = found.get(leaf, Decimal(0)) + part * times
    return found


def _choose(name: str, values: list[_Marked]) -> _Marked:
    chosen = min if name == "min" else max
    return chosen(values, key=lambda each: each.value)
