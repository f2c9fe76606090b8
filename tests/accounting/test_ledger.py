"""The ledger between two editions has a row for each change that moves a figure, and its rows sum to the difference."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from chain_examples import chain_of, decoded, road, totals
from h2verify.derivation import arithmetic
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.kernel import Edition, Parameters, Quantity, rule
from h2corridor.accounting.ledger import Ledger, list_changes, make_ledger
from h2corridor.app.rules import get_rule_set
from h2corridor.model.errors import RuleError

IN_USE = (
    "diesel_density_kg_per_l",
    "diesel_wtt_gco2e_per_mj",
    "diesel_ttw_gco2e_per_mj",
    "electricity_wtt_kgco2e_per_kwh",
)


@rule(
    at="source.diesel", gives="source_ttw_kgco2e", unit="kgCO2e", clause="own", title_zh="加倍", title_en="burnt twice"
)
def burnt_twice(diesel_l: Quantity, diesel_ttw_kgco2e_per_l: Quantity) -> Quantity:
    return diesel_l * diesel_ttw_kgco2e_per_l + diesel_l * diesel_ttw_kgco2e_per_l


@rule(at="chain", gives="mass_t", unit="t", clause="own", title_zh="吨", title_en="mass by a new constant")
def mass_by_share(mass_kg: Quantity, t_per_kg: Quantity) -> Quantity:
    return mass_kg * t_per_kg


@rule(at="chain", gives="t_per_kg", unit="t/kg", clause="own", title_zh="比", title_en="share by a constant")
def share(tonnes: Quantity) -> Quantity:
    return tonnes


def chain() -> Any:
    diesel = {"carrier": "diesel", "amount": "391", "unit": "l"}
    power = {"carrier": "electricity", "amount": "77", "unit": "kWh", "grid_region": "Guizhou"}
    categories = {"truck": totals("23000", diesel, power)}
    return decoded(chain_of(categories, [road("A", "truck", "1150")], mass_kg="20000", activity_date="2024-05-05"))


def figures(edition: Edition) -> Mapping[str, str]:
    result = assess_chain(chain(), edition)
    return {"wtw_kgco2e": str(result.wtw_kgco2e), "ttw_kgco2e": str(result.ttw_kgco2e)}


def changed(
    values: Mapping[str, str],
    *,
    constants: Mapping[str, Any] | None = None,
    rules: tuple[Any, ...] = (),
    without: str = "",
) -> Edition:
    """The published edition with other values, constants and rules, and without one constant."""
    base = get_rule_set("iso14083@2023.1")
    listed = tuple(
        msgspec.structs.replace(each, value=values[each.name]) if each.name in values else each
        for each in base.parameters.listed
    )
    kept = {**base.parameters.constants, **(constants or {})}
    kept.pop(without, None)
    index = {(each.gives, kind): each for each in (*base.rules, *rules) for kind in each.at}
    own = base.parameters
    parameters = Parameters(
        base.label,
        constants=kept.values(),
        listed=listed,
        regions=own.regions,
        levels=own.levels,
        limits=own.limits.values(),
    )
    return Edition.of_parts(base=base, parameters=parameters, index=index)


def summed(ledger: Ledger, name: str) -> Decimal:
    context = arithmetic()
    total = Decimal(0)
    for row in ledger.rows:
        total = context.add(total, Decimal(row.differences[name]))
    return total


amounts = st.decimals(Decimal("0.001"), Decimal(10), places=6).map(lambda value: format(value, "f"))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(IN_USE), amounts), st.booleans())
def test_the_rows_sum_exactly_to_the_difference_of_the_shown_figures(values: dict[str, str], twice: bool) -> None:
    before = get_rule_set("iso14083@2023.1")
    after = changed(values, rules=(burnt_twice,) if twice else ())
    ledger = make_ledger(before, after, figures)
    first, last = figures(before), figures(after)
    for name in first:
        expected = arithmetic().subtract(Decimal(last[name]), Decimal(first[name]))

        assert expected == summed(ledger, name) == Decimal(ledger.differences[name])
    moved = sum(len(row.changes) for row in ledger.rows)
    assert len(list_changes(before, after)) == moved + len(ledger.without_effect)


def test_a_change_that_touches_nothing_of_the_chain_is_listed_without_effect() -> None:
    before = get_rule_set("iso14083@2023.1")
    ledger = make_ledger(before, changed({"unknown_origin_kgco2e_per_kg": "40"}), figures)

    assert ((), ["unknown_origin_kgco2e_per_kg"]) == (ledger.rows, [each.name for each in ledger.without_effect])


def test_a_rule_and_the_constant_that_it_takes_instead_of_another_stand_in_the_stated_order() -> None:
    before = get_rule_set("iso14083@2023.1")
    constant = msgspec.structs.replace(
        before.parameters.constants["kg_per_t"], name="t_per_kg", value="0.0011", unit="t/kg"
    )
    ledger = make_ledger(before, changed({}, constants={"t_per_kg": constant}, rules=(mass_by_share,)), figures)

    assert ["mass_t at chain"] == [each.name for row in ledger.rows for each in row.changes]
    assert ["t_per_kg"] == [each.name for each in ledger.without_effect]


def test_changes_that_only_work_together_are_one_row() -> None:
    before = get_rule_set("iso14083@2023.1")
    constant = msgspec.structs.replace(
        before.parameters.constants["kg_per_t"], name="tonnes", value="0.0011", unit="t/kg"
    )
    after = changed({}, constants={"tonnes": constant}, rules=(mass_by_share, share))
    ledger = make_ledger(before, after, figures)

    assert [["mass_t at chain", "t_per_kg at chain"]] == [[each.name for each in row.changes] for row in ledger.rows]


def test_an_edition_that_cannot_assess_the_chain_has_no_ledger() -> None:
    before = get_rule_set("iso14083@2023.1")
    with pytest.raises(RuleError) as caught:
        make_ledger(before, changed({}, rules=(mass_by_share,)), figures)

    assert "rule.no-rule" == caught.value.code


def test_the_same_edition_has_an_empty_ledger() -> None:
    edition = get_rule_set("iso14083@2023.1")
    ledger = make_ledger(edition, edition, figures)

    assert ((), (), {"wtw_kgco2e": "0", "ttw_kgco2e": "0"}) == (ledger.rows, ledger.without_effect, ledger.differences)


def test_a_dated_value_shows_all_it_had_before_and_after() -> None:
    before = get_rule_set("iso14083@2023.1")
    change = list_changes(before, changed({"diesel_density_kg_per_l": "0.84"}))[0]

    assert ("parameter", "0.832 kg/l from 2023-01-01", "0.84 kg/l from 2023-01-01") == (
        change.part,
        change.before,
        change.after,
    )
