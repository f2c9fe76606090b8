"""A derivative is the difference that a small change makes; what rests on a factor would vanish with it."""

from decimal import Decimal
from typing import Any

import pytest
from h2verify.derivation import compute, operands
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.derivatives import DerivationReading
from h2corridor.model.errors import RuleError

_NAMES = ("a", "b", "c", "d")


def _leaf(name: str, value: str) -> dict[str, Any]:
    return {"id": name, "value": value, "inputs": [], "unit": "1", "from": {"kind": "input", "path": name}}


def _step(name: str, formula: str) -> dict[str, Any]:
    return {"id": name, "inputs": operands(formula), "unit": "1", "formula": formula}


def _formulas() -> st.SearchStrategy[str]:
    def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        binary = st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda each: f"({each[0]} {each[1]} {each[2]})")
        divided = st.tuples(inner, st.sampled_from(_NAMES)).map(lambda each: f"({each[0]} / {each[1]})")
        return binary | divided

    return st.recursive(st.sampled_from(_NAMES), joined, max_leaves=7)


_values = st.lists(st.decimals("0.5", "20", places=3), min_size=4, max_size=4)


@given(formula=_formulas(), numbers=_values)
@settings(max_examples=60, deadline=None)
def test_a_gradient_is_the_difference_that_a_small_change_makes(formula: str, numbers: list[Decimal]) -> None:
    def value(moved: str, by: Decimal) -> Decimal:
        steps = [
            _leaf(name, f"{number + (by if name == moved else 0):f}".rstrip("0").rstrip("."))
            for name, number in zip(_NAMES, numbers, strict=True)
        ]
        return compute({each["id"]: each for each in [*steps, _step("figure", formula)]})["figure"]

    steps = [_leaf(name, f"{number:f}".rstrip("0").rstrip(".")) for name, number in zip(_NAMES, numbers, strict=True)]
    gradient = DerivationReading([*steps, _step("figure", formula)]).gradient("figure")
    tiny = Decimal("0.00000001")
    for name in operands(formula):
        expected = (value(name, tiny) - value(name, -tiny)) / (2 * tiny)

        assert abs(expected - gradient[name]) <= Decimal("1e-6") * max(Decimal(1), abs(expected))


def test_what_rests_on_a_leaf_is_its_value_times_the_derivative() -> None:
    steps = [_leaf("a", "3"), _leaf("b", "4"), _leaf("c", "2"), _step("d", "a * b / c - a"), _step("e", "max(d, c)")]
    reading = DerivationReading(steps)

    assert {"a": Decimal(3), "b": Decimal(6), "c": Decimal(-6)} == reading.resting_on("e", {"a", "b", "c"})
    assert {"b": Decimal(6)} == reading.resting_on("e", {"b"})


def test_a_step_that_is_used_twice_moves_what_uses_it_twice() -> None:
    steps = [_leaf("a", "3"), _step("b", "a * a"), _step("c", "b + a"), _step("d", "c * b")]

    assert {"a": Decimal(4 * 27 + 3 * 9)} == DerivationReading(steps).gradient("d")


def test_only_choices_that_a_step_rests_on_are_listed() -> None:
    steps = [_leaf("a", "3"), _leaf("b", "4"), _step("c", "min(a, b)"), _step("d", "max(a, b)"), _step("e", "c + c")]
    reading = DerivationReading(steps)

    assert ["c"] == [choice.step for choice in reading.list_choices("e")]
    assert [(Decimal(1), {"a": 1, "b": -1})] == list(reading.list_distances(reading.list_choices("e")[0]))


def test_a_step_that_is_not_there_has_no_derivative() -> None:
    reading = DerivationReading([_leaf("a", "3")])
    with pytest.raises(RuleError) as caught:
        reading.gradient("b")

    assert ("uncertainty.unknown-step", False, True) == (caught.value.code, "b" in reading, "a" in reading)
