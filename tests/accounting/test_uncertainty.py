"""An interval follows from the derivation: what errs together adds, what errs alone adds in squares."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from h2verify.derivation import operands
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.uncertainty import (
    Interval,
    Range,
    Term,
    assess_difference,
    assess_interval,
)
from h2corridor.model.errors import RuleError

_FACTOR = {"kind": "parameter", "edition": "made/2026.1", "name": "factor", "holds_from": "2026-01-01"}


def _leaf(name: str, value: str, origin: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"id": name, "value": value, "inputs": [], "unit": "1", "from": origin or {"kind": "input", "path": name}}


def _step(name: str, formula: str) -> dict[str, Any]:
    return {"id": name, "inputs": operands(formula), "unit": "1", "formula": formula}


def _trip(name: str, *, amount_pct: str = "0", factor_pct: str = "0", kg: str = "10") -> Term:
    steps = [_leaf("used_kg", kg), _leaf("factor", "8", _FACTOR), _step("emitted_kg", "used_kg * factor")]
    ranges = {
        "used_kg": Range(half_width=Decimal(kg) * Decimal(amount_pct) / 100, source="made"),
        "factor": Range(half_width=8 * Decimal(factor_pct) / 100, source="made"),
    }
    return Term(name=name, steps=steps, figure="emitted_kg", ranges=ranges)


def _made(formula: str, ranges: Mapping[str, str], **values: str) -> Interval:
    steps = [*(_leaf(name, value) for name, value in values.items()), _step("figure", formula)]
    stated = {name: Range(half_width=Decimal(width), source="made") for name, width in ranges.items()}
    return assess_interval([Term(name="made", steps=steps, figure="figure", ranges=stated)])


@given(scale=st.integers(1, 10**6), pct=st.decimals("0.1", "30", places=1))
@settings(max_examples=30, deadline=None)
def test_a_relative_half_width_does_not_depend_on_the_scale(scale: int, pct: Decimal) -> None:
    one = assess_interval([_trip("t", amount_pct=str(pct), factor_pct="5")])
    many = assess_interval([_trip("t", amount_pct=str(pct), factor_pct="5", kg=str(10 * scale))])

    assert abs(one.half_width / one.value - many.half_width / many.value) < Decimal("1e-30")


def test_an_interval_lies_evenly_about_its_figure() -> None:
    found = _made("a * b", {"a": "0.3", "b": "0.4"}, a="10", b="10")

    assert (Decimal(100), Decimal(5), Decimal(95), Decimal(105)) == (
        found.value, found.half_width, found.low, found.high,
    )  # fmt: skip


def test_contributions_are_sorted_and_their_shares_are_the_whole() -> None:
    found = _made("a * b", {"a": "0.3", "b": "0.4"}, a="10", b="10")

    assert [("made: b", Decimal(4), Decimal(64)), ("made: a", Decimal(3), Decimal(36))] == [
        (each.variable, each.half_width, each.share_pct) for each in found.contributions
    ]


def test_a_range_of_zero_contributes_nothing() -> None:
    with_zero = _made("a * b", {"a": "0.3", "b": "0"}, a="10", b="10")

    assert Decimal(3) == with_zero.half_width
    assert ["made: a", "made: b"] == [each.variable for each in with_zero.contributions]
    assert Decimal(0) == with_zero.contributions[1].half_width


def test_a_figure_without_any_range_is_exact_and_every_leaf_is_listed() -> None:
    found = _made("a * b", {}, a="10", b="10")

    assert (Decimal(0), ("a", "b")) == (found.half_width, tuple(sorted(found.unranged)))


def test_a_leaf_that_does_not_bear_on_the_figure_is_not_listed() -> None:
    found = _made("a + a", {}, a="10", b="10")

    assert ("a",) == found.unranged


@given(count=st.integers(1, 30))
@settings(max_examples=10, deadline=None)
def test_trips_that_share_a_factor_sum_to_as_many_half_widths(count: int) -> None:
    one = assess_interval([_trip("0", factor_pct="10")]).half_width
    found = assess_interval([_trip(str(n), factor_pct="10") for n in range(count)]).half_width

    assert count * one == found


@given(count=st.integers(1, 30))
@settings(max_examples=10, deadline=None)
def test_trips_that_err_alone_sum_to_the_root_of_their_number(count: int) -> None:
    one = assess_interval([_trip("0", amount_pct="10")]).half_width
    found = assess_interval([_trip(str(n), amount_pct="10") for n in range(count)]).half_width

    assert abs(Decimal(count).sqrt() * one - found) < Decimal("1e-20")


def test_a_factor_on_both_sides_of_a_difference_cancels() -> None:
    alike = assess_difference(_trip("baseline", factor_pct="10"), _trip("project", factor_pct="10"))
    half = assess_difference(_trip("baseline", factor_pct="10"), _trip("project", factor_pct="10", kg="5"))

    assert Decimal(0) == alike.half_width
    assert (Decimal(40), Decimal(4)) == (half.value, half.half_width)


def test_leaves_of_one_correlation_err_together() -> None:
    together = {name: Range(half_width=Decimal(1), source="made", correlation="meter") for name in ("a", "b")}
    steps = [_leaf("a", "10"), _leaf("b", "10"), _step("figure", "a + b")]
    found = assess_interval([Term(name="made", steps=steps, figure="figure", ranges=together)])

    assert [("correlation meter", ("b", "a"))] == [
        (each.variable, tuple(sorted(each.leaves, reverse=True))) for each in found.contributions
    ]
    assert Decimal(2) == found.half_width


def test_amounts_of_two_sides_that_err_alone_do_not_cancel() -> None:
    found = assess_difference(_trip("baseline", amount_pct="3", kg="40"), _trip("project", amount_pct="4", kg="30"))

    assert abs(Decimal("13.5764501987816") - found.half_width) < Decimal("1e-12")


def test_branches_that_move_together_do_not_swap() -> None:
    refs = {"kind": "fact", "refs": ["meter:1"]}
    steps = [_leaf("a[x]", "10", refs), _leaf("a[y]", "10.5", refs), _step("figure", "min(a[x], a[y])")]
    stated = {name: Range(half_width=Decimal(1), source="made") for name in ("a[x]", "a[y]")}
    found = assess_interval([Term(name="made", steps=steps, figure="figure", ranges=stated)])

    assert () == found.kinks


def test_a_branch_that_might_have_gone_the_other_way_is_said() -> None:
    near = _made("min(a, b) * c", {"a": "1"}, a="10", b="10.5", c="2")
    far = _made("min(a, b) * c", {"a": "0.1"}, a="10", b="10.5", c="2")

    assert (("figure",), ()) == (near.kinks, far.kinks)
    assert Decimal(2) == near.half_width


def test_an_equal_factor_of_another_date_is_another_variable() -> None:
    later = _trip("later", factor_pct="10")
    steps = [dict(each) for each in later.steps]
    steps[1] = _leaf("factor", "8", {**_FACTOR, "holds_from": "2027-01-01"})
    changed = Term(name="later", steps=steps, figure="emitted_kg", ranges=later.ranges)
    found = assess_interval([_trip("now", factor_pct="10"), changed])

    assert Decimal(8) * Decimal(2).sqrt() == pytest.approx(found.half_width)


def test_a_factor_asked_for_a_region_is_the_variable_of_the_wider_region_that_has_it() -> None:
    asked = _trip("asked", factor_pct="10")
    steps = [dict(each) for each in asked.steps]
    steps[1] = _leaf("factor", "8", {**_FACTOR, "region_asked": "CN-SH", "age_years": 1})
    changed = Term(name="asked", steps=steps, figure="emitted_kg", ranges=asked.ranges)
    found = assess_interval([_trip("plain", factor_pct="10"), changed])

    assert Decimal(16) == found.half_width


@pytest.mark.parametrize(
    ("code", "ranges", "figure"),
    [
        ("uncertainty.unknown-step", {}, "nowhere"),
        ("uncertainty.unknown-step", {"nowhere": "1"}, "figure"),
        ("uncertainty.not-a-leaf", {"figure": "1"}, "figure"),
        ("uncertainty.bad-range", {"a": "NaN"}, "figure"),
    ],
)
def test_a_range_for_nothing_is_refused(code: str, ranges: dict[str, str], figure: str) -> None:
    stated = {name: Range(half_width=Decimal(width), source="made") for name, width in ranges.items()}
    steps = [_leaf("a", "1"), _step("figure", "a + a")]
    with pytest.raises(RuleError) as caught:
        assess_interval([Term(name="made", steps=steps, figure=figure, ranges=stated)])

    assert code == caught.value.code


@pytest.mark.parametrize("names", [[], ["t", "t"]])
def test_figures_without_distinct_names_have_no_interval(names: list[str]) -> None:
    with pytest.raises(RuleError) as caught:
        assess_interval([_trip(name) for name in names])

    assert "uncertainty.nothing" == caught.value.code
