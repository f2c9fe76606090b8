"""Derivations are recomputed from their leaves alone, and whatever does not follow is refused."""

from decimal import Decimal
from typing import Any

import pytest
from h2verify.derivation import (
    NESTING_MAX,
    apportion,
    decimal_text,
    evaluate,
    instantiate,
    operands,
    published,
    recompute,
    verify_derivation,
    verify_formulas,
)
from h2verify.errors import DerivationError
from hypothesis import given, settings
from hypothesis import strategies as st

Steps = list[dict[str, Any]]


def leaf(step_id: str, value: str) -> dict[str, Any]:
    return {"id": step_id, "value": value, "inputs": [], "from": {"kind": "input"}}


def computed(step_id: str, value: str, formula: str, **more: Any) -> dict[str, Any]:
    return {"id": step_id, "value": value, "formula": formula, "inputs": operands(formula), **more}


def a_derivation() -> Steps:
    return [
        leaf("mass_kg[S]", "1500"),
        leaf("kg_per_t", "1000"),
        computed("mass_t[S]", "1.5", "mass_kg[S] / kg_per_t"),
        leaf("km[a/b]", "3"),
        computed("tkm", "4.5", "mass_t[S] * km[a/b]"),
    ]


def refused(steps: Any) -> str:
    with pytest.raises(DerivationError) as caught:
        verify_derivation(steps)
    return caught.value.code


def test_a_derivation_that_follows_is_recomputed_step_by_step() -> None:
    steps = a_derivation()
    verify_derivation(steps)

    assert Decimal("4.5") == recompute(steps)["tkm"]


def test_the_order_of_steps_does_not_matter() -> None:
    verify_derivation(a_derivation()[::-1])


@pytest.mark.parametrize("position", [2, 4])
def test_a_value_that_does_not_follow_is_refused(position: int) -> None:
    steps = a_derivation()
    steps[position]["value"] = "1.500001"

    assert "derivation.mismatch" == refused(steps)


def test_a_changed_leaf_is_found_where_it_is_used() -> None:
    steps = a_derivation()
    steps[3]["value"] = "4"

    assert "derivation.mismatch" == refused(steps)


def test_steps_that_rest_on_each_other_are_refused() -> None:
    steps = [leaf("c", "1"), computed("a", "1", "b * c"), computed("b", "1", "a * c")]

    assert "derivation.cycle" == refused(steps)


def test_a_step_that_rests_on_itself_is_refused() -> None:
    assert "derivation.cycle" == refused([leaf("c", "1"), computed("a", "1", "a * c")])


def test_an_unknown_id_is_refused() -> None:
    assert "derivation.unknown-id" == refused([computed("a", "1", "b")])


def test_two_steps_of_one_id_are_refused() -> None:
    assert "derivation.duplicate" == refused([leaf("a", "1"), leaf("a", "1")])


def test_a_division_by_zero_is_refused() -> None:
    assert "derivation.arithmetic" == refused([leaf("a", "0"), computed("b", "1", "a / a")])


@pytest.mark.parametrize(
    "text", ["1e3", "01", "1.0", "-0", "NaN", "", "1 ", " 1", "+1", ".5", "1.", "１", "1_0", 1, None]
)
def test_a_leaf_that_is_no_plain_decimal_string_is_refused(text: Any) -> None:
    assert "derivation.value" == refused([{**leaf("a", "1"), "value": text}])


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "a +",
        "a b",
        "(a",
        "a)",
        "a * 2",
        "2",
        "-a",
        "a ** b",
        "a // b",
        "max()",
        "min(a",
        "a; b",
        "a[",
        "a\nb",
        "a.b",
        "pow(a, b)",
    ],
)
def test_a_text_outside_the_grammar_is_refused(formula: str) -> None:
    with pytest.raises(DerivationError) as caught:
        evaluate(formula, lambda _: Decimal(1), lambda _, values: values[0])

    assert "derivation.formula" == caught.value.code


def test_parentheses_deeper_than_the_limit_are_refused_before_the_stack_is() -> None:
    formula = "(" * 100_000 + "a" + ")" * 100_000
    with pytest.raises(DerivationError) as caught:
        evaluate(formula, lambda _: Decimal(1), lambda _, values: values[0])

    assert "derivation.formula" == caught.value.code
    fine = "(" * (NESTING_MAX - 1) + "a" + ")" * (NESTING_MAX - 1)

    assert Decimal(1) == evaluate(fine, lambda _: Decimal(1), lambda _, values: values[0])


def test_operators_of_one_rank_go_from_left_to_right() -> None:
    values = {"a": Decimal(20), "b": Decimal(6), "c": Decimal(2)}

    def value(formula: str) -> Decimal:
        return evaluate(formula, values.__getitem__, lambda name, v: min(v) if name == "min" else max(v))

    assert [Decimal(12), Decimal(16)] == [value("a - b - c"), value("a - (b - c)")]
    assert [Decimal(40), Decimal(32)] == [value("a / (c / (c * c))"), value("a + b * c")]
    assert [Decimal(2), Decimal(22)] == [value("min(a, b, c)"), value("max(a, b) + c")]


def test_a_sum_of_ten_thousand_terms_is_read() -> None:
    steps = [leaf(f"x[{number}]", "0.1") for number in range(10_000)]
    steps.append(computed("sum", "1000", " + ".join(step["id"] for step in steps)))
    verify_derivation(steps)


def test_inputs_that_are_not_those_of_the_formula_are_refused() -> None:
    steps = a_derivation()
    steps[2]["inputs"] = ["kg_per_t", "mass_kg[S]"]

    assert "derivation.shape" == refused(steps)


def test_a_step_that_is_computed_and_given_is_refused() -> None:
    steps = a_derivation()
    steps[2]["from"] = {"kind": "input"}

    assert "derivation.shape" == refused(steps)


@pytest.mark.parametrize("steps", [[], {}, "text", [1], [{"id": "a"}], [{"id": 1}], [{**leaf("a", "1"), "guard": 1}]])
def test_what_is_no_list_of_steps_is_refused(steps: Any) -> None:
    assert "derivation.shape" == refused(steps)


def test_a_guard_that_does_not_hold_is_refused() -> None:
    steps = [leaf("pct", "6"), leaf("limit", "5"), leaf("a", "1")]
    guarded = computed("b", "1", "a", guard={"quantity": "pct", "at_most": "limit"})

    assert "derivation.limit" == refused([*steps, guarded])
    steps[1]["value"] = "6"
    verify_derivation([*steps, guarded])


def published_step(formula: str, **changes: Any) -> tuple[Steps, dict[str, Any]]:
    head = {"unit": "t", "clause": "unseen", "edition": "e/2023.1", "rule": "r"}
    step = {**computed("mass_t[S]", "1.5", formula), **head, **changes}
    table = {"r": {"gives": "mass_t", "formula": "mass_kg / kg_per_t", "unit": "t", "clause": "unseen"}}
    return [leaf("mass_kg[S]", "1500"), leaf("kg_per_t", "1000"), step], {"e/2023.1": table}


def test_a_formula_that_the_edition_publishes_is_accepted() -> None:
    verify_formulas(*published_step("mass_kg[S] / kg_per_t"))


@pytest.mark.parametrize(
    ("formula", "changes"),
    [
        ("kg_per_t / mass_kg[S]", {}),
        ("mass_kg[S] / kg_per_t", {"unit": "kg"}),
        ("mass_kg[S] / kg_per_t", {"clause": "7.1"}),
        ("mass_kg[S] / kg_per_t", {"rule": "other"}),
        ("mass_kg[S] / kg_per_t", {"edition": "e/2024.1"}),
        ("mass_kg[S] / kg_per_t", {"id": "other_t[S]"}),
    ],
)
def test_a_formula_that_the_edition_does_not_publish_is_refused(formula: str, changes: dict[str, Any]) -> None:
    with pytest.raises(DerivationError) as caught:
        verify_formulas(*published_step(formula, **changes))

    assert "derivation.foreign-formula" == caught.value.code


def test_a_sum_alone_has_no_parentheses_and_inside_a_formula_it_has() -> None:
    ids = {"x": ["x[1]", "x[2]"], "y": ["y"]}

    assert "x[1] + x[2]" == instantiate("sum(x)", ids)
    assert "y * (x[1] + x[2])" == instantiate("y * sum(x)", ids)
    assert "min(y, y)" == instantiate("min(y, y)", ids)


decimals = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=15)


@settings(max_examples=100, deadline=None)
@given(st.lists(decimals, min_size=1, max_size=12))
def test_published_parts_sum_exactly_to_the_published_whole(parts: list[Decimal]) -> None:
    whole = sum(parts, Decimal(0))
    texts = apportion(parts, whole)

    assert Decimal(published(whole)) == sum((Decimal(text) for text in texts), Decimal(0))
    for part, text in zip(parts, texts, strict=True):
        assert abs(Decimal(text) - part) < Decimal("1.000001e-12")


def test_parts_of_another_whole_are_refused() -> None:
    with pytest.raises(DerivationError) as caught:
        apportion([Decimal(1), Decimal(1)], Decimal(3))

    assert "derivation.parts" == caught.value.code


@settings(max_examples=100, deadline=None)
@given(decimals)
def test_the_text_of_a_number_reads_back_as_it(value: Decimal) -> None:
    assert value == Decimal(decimal_text(value))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab[]+-*/(), min0", max_size=40))
def test_any_text_is_a_formula_or_a_derivation_error(text: str) -> None:
    try:
        evaluate(text, lambda _: Decimal(3), lambda _, values: values[0])
    except (DerivationError, ArithmeticError):
        return

    assert operands(text)
