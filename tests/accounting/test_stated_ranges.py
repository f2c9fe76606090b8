"""A leaf's range is the stated one, else the published one, else none; what fits nothing or twice is refused."""

from decimal import Decimal
from typing import Any

import pytest
from factor_examples import entry, pack
from hypothesis import given
from hypothesis import strategies as st

from h2corridor.accounting.kernel import read_factor_pack
from h2corridor.accounting.stated_ranges import StatedRanges, err_together
from h2corridor.model.errors import RuleError
from h2corridor.model.ranges import FactRange

_OWN = read_factor_pack(
    pack(
        entry("grid_kgco2e_per_kwh", "0.5", region="Land", range_pct="10", range_source="a made study"),
        entry("grid_kgco2e_per_kwh", "0.6", region="Town"),
    ),
    about="own.toml",
).parameters


def _leaf(step_id: str, value: str = "-20", **origin: str) -> dict[str, Any]:
    return {"id": step_id, "value": value, "inputs": [], "unit": "1", "from": {"kind": "input", **origin}}


def _grid(region: str, label: str = "own-factors/2026.1") -> dict[str, Any]:
    told = {"edition": label, "name": "grid_kgco2e_per_kwh", "region": region, "boundary": "life_cycle"}
    return _leaf("grid", "0.5", **{**told, "kind": "parameter", "holds_from": "2024-01-01"})


def _stated(*facts: str, **more: str) -> StatedRanges:
    widths = more or {"half_width_pct": "5"}
    return StatedRanges([FactRange(fact=fact, source="made", **widths) for fact in facts], [_OWN])


def test_a_half_width_in_percent_is_of_the_amount_with_its_sign() -> None:
    leaves = [_leaf("km[a]"), _leaf("km[b]", "20")]
    found = _stated("km[*]", half_width_pct="5", correlation="map").of_leaves(leaves)

    assert {"km[a]": Decimal(-1), "km[b]": Decimal(1)} == {key: each.half_width for key, each in found.items()}


@given(st.lists(st.sets(st.sampled_from("ABCDEFG"), min_size=1), min_size=1))
def test_members_err_together_exactly_where_groups_lead_from_one_to_the_other(groups: list[set[str]]) -> None:
    found = err_together(groups)
    for group in groups:
        assert 1 == len({found[member] for member in group})
    for name in set(found.values()):
        members = set(name.split(", "))
        outside = [group for group in groups if group & members and group - members]

        assert [] == outside


def test_a_half_width_in_the_unit_of_the_fact_is_taken_as_it_is() -> None:
    found = _stated("km[a]", half_width="0.3", correlation="odometer").of_leaves([_leaf("km[a]")])["km[a]"]

    assert (Decimal("0.3"), "odometer", "made") == (found.half_width, found.correlation, found.source)


def test_a_pattern_fits_any_place_and_no_other_name() -> None:
    leaves = [_leaf("km[element:a/b]"), _leaf("km[x]"), _leaf("kmx[x]"), _leaf("xkm[x]")]

    assert ["km[element:a/b]", "km[x]"] == list(_stated("km[*]").of_leaves(leaves))


def test_a_computed_step_is_never_fitted() -> None:
    step = {"id": "km[a]", "value": "1", "inputs": ["x"], "unit": "km", "formula": "x"}
    asked = _stated("km[*]")

    assert {} == asked.of_leaves([step])
    with pytest.raises(RuleError) as caught:
        asked.require_used()
    assert ("ranges.unmatched", "km[*]") == (caught.value.code, caught.value.where)


def test_a_range_that_fits_in_one_of_several_derivations_is_used() -> None:
    asked = _stated("km[a]")
    asked.of_leaves([_leaf("km[b]")])
    asked.of_leaves([_leaf("km[a]")])
    asked.require_used()

    assert {} == asked.of_leaves([_leaf("km[b]")])


def test_two_ranges_for_one_leaf_are_refused() -> None:
    with pytest.raises(RuleError) as caught:
        _stated("km[*]", "km[a]").of_leaves([_leaf("km[a]")])

    assert "ranges.twice" == caught.value.code


def test_a_dated_value_has_the_range_that_its_own_entry_publishes() -> None:
    found = _stated().of_leaves([_grid("Land")])["grid"]

    assert (Decimal("0.05"), "a made study", None) == (found.half_width, found.source, found.correlation)
    assert {} == _stated().of_leaves([_grid("Town")])
    assert {} == _stated().of_leaves([_grid("Land", label="other/2026.1")])


def test_a_stated_range_goes_before_a_published_one() -> None:
    found = _stated("grid").of_leaves([_grid("Land")])["grid"]

    assert (Decimal("0.025"), "made") == (found.half_width, found.source)


@pytest.mark.parametrize(("value", "width"), [("20", "20.1"), ("-20", "20.1"), ("0", "0.1")])
def test_a_half_width_above_the_number_itself_is_refused(value: str, width: str) -> None:
    with pytest.raises(RuleError) as caught:
        _stated("km[a]", half_width=width).of_leaves([_leaf("km[a]", value)])

    assert ("ranges.beyond-zero", "km[a]") == (caught.value.code, caught.value.where)


@pytest.mark.parametrize("value", ["20", "-20", "0"])
def test_a_half_width_of_the_number_itself_is_taken(value: str) -> None:
    found = _stated("km[a]", half_width_pct="100").of_leaves([_leaf("km[a]", value)])["km[a]"]

    assert Decimal(value) == found.half_width


@pytest.mark.parametrize(
    ("fact", "near"),
    [("km[elemnt:b]", "Near it: km[element:b]"), ("kmm[*]", "Near it: km[*]"), ("zzzz", "Name an id")],
)
def test_what_is_written_much_like_an_unknown_fact_is_named(fact: str, near: str) -> None:
    asked = _stated(fact)
    asked.of_leaves([_leaf("km[element:b]"), _leaf("mass_kg[chain]")])
    with pytest.raises(RuleError) as caught:
        asked.require_used()

    assert ("ranges.unmatched", fact) == (caught.value.code, caught.value.where)
    assert caught.value.next_step.startswith(near)


def test_a_range_of_a_computed_number_is_told_from_an_unknown_one() -> None:
    asked = _stated("t[a]")
    asked.of_leaves([{"id": "t[a]", "value": "1", "inputs": ["kg"], "unit": "t", "formula": "kg"}])
    with pytest.raises(RuleError) as caught:
        asked.require_used()

    assert ("ranges.unmatched", True) == (caught.value.code, "this number is computed" in caught.value.message)


def _correlated(**names: str) -> StatedRanges:
    stated = [
        FactRange(fact=f"km[{place}]", half_width_pct="5", source="made", correlation=name)
        for place, name in names.items()
    ]
    return StatedRanges(stated, [])


def test_a_correlation_that_is_misspelt_joins_nothing_and_is_refused_with_what_is_near() -> None:
    asked = _correlated(a="dip stick", b="dip stik", c="dip stick")
    asked.of_leaves([_leaf("km[a]"), _leaf("km[b]"), _leaf("km[c]")])
    with pytest.raises(RuleError) as caught:
        asked.require_used()

    assert ("ranges.correlation-alone", "km[b]") == (caught.value.code, caught.value.where)
    assert caught.value.next_step.startswith("Near it: dip stick.")


def test_one_derivation_that_is_asked_about_twice_joins_nothing() -> None:
    asked = _correlated(a="dip stick")
    for _ in range(2):
        asked.of_leaves([_leaf("km[a]")], of="S1")
    with pytest.raises(RuleError) as caught:
        asked.require_used()

    assert "ranges.correlation-alone" == caught.value.code


def test_one_fact_of_two_shipments_may_have_a_correlation_of_its_own() -> None:
    asked = _correlated(a="dip stick")
    found = [asked.of_leaves([_leaf("km[a]")], of=shipment) for shipment in ("S1", "S2")]
    asked.require_used()

    assert ["dip stick"] * 2 == [each["km[a]"].correlation for each in found]


def test_a_pattern_that_fits_one_leaf_may_have_a_correlation() -> None:
    asked = _stated("km[*]", half_width_pct="5", correlation="map")
    found = asked.of_leaves([_leaf("km[a]")])
    asked.require_used()

    assert "map" == found["km[a]"].correlation
