"""Draws give the percentiles that are known, keep shared variables together, and follow from the seed alone."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from h2verify.derivation import operands

from h2corridor.accounting.intervals import shown_interval
from h2corridor.accounting.simulation import DRAWS_MAX, DRAWS_MIN, SEED_MAX, Simulated, Simulation
from h2corridor.accounting.uncertainty import Range, Term, assess_interval
from h2corridor.model.errors import RuleError, UsageError

_FACTOR = {"kind": "parameter", "edition": "made/2026.1", "name": "factor", "holds_from": "2026-01-01"}
_OFTEN = Simulation(draws=20_000, seed=7)


def _leaf(name: str, value: str, origin: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"id": name, "value": value, "inputs": [], "unit": "1", "from": origin or {"kind": "input", "path": name}}


def _made(formula: str, ranges: Mapping[str, str], name: str = "made", **values: str) -> Term:
    leaves = [_leaf(leaf, value, _FACTOR if leaf == "factor" else None) for leaf, value in values.items()]
    figure = {"id": "figure", "inputs": operands(formula), "unit": "1", "formula": formula}
    stated = {leaf: Range(half_width=Decimal(width), source="made") for leaf, width in ranges.items()}
    return Term(name=name, steps=[*leaves, figure], figure="figure", ranges=stated)


def _trips(count: int, *, shared: bool) -> list[Term]:
    moved = {"factor": "0.8"} if shared else {"kg": "1"}
    return [_made("kg * factor", moved, name=f"trip {n}", kg="10", factor="8") for n in range(count)]


def _apart(found: Simulated, low: str, high: str) -> Decimal:
    return max(abs(found.low - Decimal(low)), abs(found.high - Decimal(high)))


def test_the_percentiles_of_one_number_are_its_range() -> None:
    found = _OFTEN.assess([_made("a + b", {"a": "1.96"}, a="10", b="5")])

    assert _apart(found, "13.04", "16.96") < Decimal("0.08")


def test_a_square_bends_the_way_it_is_known_to() -> None:
    found = _OFTEN.assess([_made("a * a", {"a": "4.9"}, a="10")])

    # (10 - 4.9)^2 and (10 + 4.9)^2, where the linear interval says 2 and 198
    assert _apart(found, "26.01", "222.01") < Decimal(4)


@pytest.mark.parametrize("name", ["min", "max"])
def test_of_two_equal_branches_each_draw_takes_its_own(name: str) -> None:
    found = _OFTEN.assess([_made(f"{name}(a, b)", {"a": "1.96", "b": "1.96"}, a="10", b="10")])
    # the greater of two standard normals is below x with probability F(x)^2: F(-1.0022) = 0.1581, F(2.2390) = 0.9874
    low, high = ("8.998", "12.239") if name == "max" else ("7.761", "11.002")

    assert _apart(found, low, high) < Decimal("0.08")


def test_a_shared_factor_does_not_average_out_and_amounts_do() -> None:
    shared, alone = (_OFTEN.assess(_trips(25, shared=each)) for each in (True, False))

    assert _apart(shared, "1800", "2200") < Decimal(10)
    assert _apart(alone, "1960", "2040") < Decimal(2)


def test_what_both_sides_of_a_difference_rest_on_cancels_in_every_draw() -> None:
    sides = _trips(2, shared=True)
    project = Term(name="project", steps=sides[1].steps, figure="figure", ranges=sides[1].ranges, weight=Decimal(-1))

    assert Simulated(low=Decimal(0), high=Decimal(0)) == _OFTEN.assess([sides[0], project])


def test_leaves_of_one_correlation_whose_signs_differ_err_against_each_other() -> None:
    made = _made("a + b", {}, a="10", b="-10")
    ranges = {
        name: Range(half_width=Decimal(width), source="made", correlation="meter")
        for name, width in (("a", "1"), ("b", "-1"))
    }
    found = _OFTEN.assess([Term(name="made", steps=made.steps, figure="figure", ranges=ranges)])

    assert Simulated(low=Decimal(0), high=Decimal(0)) == found


def test_one_seed_gives_one_result_and_another_another() -> None:
    terms = _trips(3, shared=False)

    assert _OFTEN.assess(terms) == Simulation(draws=20_000, seed=7).assess(terms)
    assert _OFTEN.assess(terms) != Simulation(draws=20_000, seed=8).assess(terms)


def test_the_order_of_terms_and_a_further_range_change_no_draw_of_the_others() -> None:
    terms = _trips(1, shared=True)
    unused = {**terms[0].ranges, "kg": Range(half_width=Decimal(0), source="made")}
    more = [Term(name="trip 0", steps=terms[0].steps, figure="figure", ranges=unused)]

    assert _OFTEN.assess(terms) == _OFTEN.assess(more)
    assert _OFTEN.assess(_trips(3, shared=False)) == _OFTEN.assess(_trips(3, shared=False)[::-1])


def test_a_figure_that_rests_on_no_range_is_itself_in_every_draw() -> None:
    found = _OFTEN.assess([_made("a / b", {}, a="10", b="4"), _made("a * b", {}, name="other", a="3", b="4")])

    assert Simulated(low=Decimal("14.5"), high=Decimal("14.5")) == found


def test_percentiles_keep_the_digits_that_a_narrow_range_needs() -> None:
    found = _OFTEN.assess([_made("a + b", {"a": "0.0196"}, a="1000000", b="5")])

    assert _apart(found, "1000004.9804", "1000005.0196") < Decimal("0.0008")


def test_a_draw_that_divides_by_zero_is_refused() -> None:
    term = _made("a / (b - b)", {"a": "1"}, a="10", b="1")
    with pytest.raises(RuleError) as caught:
        _OFTEN.assess([term])

    assert "simulation.not-finite" == caught.value.code


@pytest.mark.parametrize(
    ("draws", "seed"), [(DRAWS_MIN - 1, 0), (DRAWS_MAX + 1, 0), (DRAWS_MIN, -1), (DRAWS_MIN, SEED_MAX + 1)]
)
def test_too_few_or_too_many_draws_are_refused(draws: int, seed: int) -> None:
    with pytest.raises(UsageError) as caught:
        Simulation(draws=draws, seed=seed)

    assert "simulation.draws" == caught.value.code


def test_where_a_figure_bends_the_two_readings_differ_and_it_is_said() -> None:
    straight, bent = (
        shown_interval("figure", [_made(formula, {"a": "4.9"}, a="10", b="5")], _OFTEN).simulated
        for formula in ("a * b", "a * a")
    )

    assert straight is not None
    assert bent is not None
    assert (False, True) == (straight.differs, bent.differs)
    assert Decimal(straight.apart_pct or "99") < Decimal(5)
    assert Decimal(bent.apart_pct or "0") > Decimal(10)


def test_an_interval_without_width_that_the_draws_have_is_said_to_differ() -> None:
    formula = "(a - b) * (a - b)"
    found = shown_interval("figure", [_made(formula, {"a": "1"}, a="10", b="10")], _OFTEN)

    assert ("0", None, True) == (
        found.half_width,
        found.simulated and found.simulated.apart_pct,
        found.simulated and found.simulated.differs,
    )


def test_draws_change_nothing_of_the_interval_itself() -> None:
    term = _made("a * b", {"a": "0.3", "b": "0.4"}, a="10", b="10")
    plain, drawn = shown_interval("figure", [term]), shown_interval("figure", [term], _OFTEN)

    assert (assess_interval([term]).half_width, None) == (Decimal(plain.half_width), plain.simulated)
    assert (plain.low, plain.high, plain.contributions) == (drawn.low, drawn.high, drawn.contributions)
