"""Market-based electricity stands in parallel: the same rules with factors of contracts, never the figure itself."""

from decimal import Decimal
from typing import Any

import pytest
from chain_examples import Document, assessed, chain_of, hub_totals, hydrogen_chain, partly_assessed, road, totals
from h2verify.chain_form import verify_chain_form
from h2verify.derivation import recompute
from h2verify.editions import read_edition_tables
from h2verify.lookup import Lookup, verify_step
from h2verify.scopes import ScopeIndex, read_scopes

from h2corridor.accounting.publishing import published_files
from h2corridor.app.rules import get_rule_set
from h2corridor.model.errors import InputError

DAY = "2024-06-30"
RULES = "iso14083/2023.1"


def power(amount: str, **more: object) -> Document:
    return {"carrier": "electricity", "amount": amount, "unit": "kWh", "grid_region": "China", **more}


def contract(**more: object) -> Document:
    days = {"valid_from": "2024-01-01", "valid_until": "2026-12-31"}
    return {"instrument": "ppa", "kgco2e_per_kwh": "0.1", "source": "agreement 7", **days, **more}


def a_chain(*energy: Document, day: str = DAY) -> Document:
    """One tonne through a hub that uses this energy for ten tonnes, and 10 km by a truck that uses it for 100 tkm."""
    categories = {"hub": hub_totals("10", *energy), "truck": totals("100", *energy)}
    elements = [{"id": "hub", "kind": "hub", "category": "hub"}, road("leg", "truck", "10")]
    return chain_of(categories, elements, mass_kg="1000", activity_date=day)


def test_the_figure_stays_with_the_grid_and_the_contract_stands_beside_it() -> None:
    result = assessed(a_chain(power("100", contract=contract()), power("50")))
    market = result.market_based

    assert "17.331" == result.wtw_kgco2e
    assert market is not None
    assert ("7.777", "7.777", "0") == (market.wtw_kgco2e, market.wtt_kgco2e, market.ttw_kgco2e)
    assert "0.7777" == market.intensity_wtw_kgco2e_per_tkm
    assert Decimal(market.wtw_kgco2e) == sum(Decimal(each.wtw_kgco2e or "") for each in market.elements)


def test_electricity_without_a_contract_keeps_its_grid_and_is_listed_as_such() -> None:
    market = assessed(a_chain(power("100", contract=contract()), power("50"))).market_based

    assert market is not None
    assert [
        ("$.categories['hub'].energy[0].grid_region", "ppa", "0.1", "agreement 7"),
        ("$.categories['truck'].energy[0].grid_region", "ppa", "0.1", "agreement 7"),
    ] == [(each.where, each.instrument, each.kgco2e_per_kwh, each.source) for each in market.by_contract]
    assert [
        ("$.categories['hub'].energy[1].grid_region", "China"),
        ("$.categories['truck'].energy[1].grid_region", "China"),
    ] == [(each.where, each.grid_region) for each in market.by_grid]


def test_without_any_contract_there_is_no_market_based_reading() -> None:
    assert assessed(a_chain(power("100"))).market_based is None


def test_a_contract_changes_nothing_of_the_figure_or_its_derivation() -> None:
    with_contract, without = assessed(a_chain(power("100", contract=contract()))), assessed(a_chain(power("100")))

    assert without.derivation == with_contract.derivation
    assert without.wtw_kgco2e == with_contract.wtw_kgco2e


def test_a_stranger_recomputes_the_market_based_reading_by_the_published_rules() -> None:
    chain = a_chain(power("100", contract=contract()), power("50"))
    market = assessed(chain).market_based
    verify_chain_form(chain)
    tables = read_edition_tables(RULES, published_files(get_rule_set("iso14083@2023.1")))
    lookup = Lookup(ScopeIndex(read_scopes(chain, electricity="market")), (tables,), on=DAY)

    assert market is not None
    assert Decimal(str(market.wtw_kgco2e)) == recompute(list(market.derivation))["wtw_kgco2e[chain]"]
    for step in market.derivation:
        verify_step(step, lookup)


def test_a_contract_with_the_factor_of_its_grid_gives_the_figure_again() -> None:
    result = assessed(a_chain(power("123.4", contract=contract(kgco2e_per_kwh="0.5777")), power("50")))
    market = result.market_based

    assert market is not None
    assert (result.wtw_kgco2e, result.ttw_kgco2e) == (market.wtw_kgco2e, market.ttw_kgco2e)
    assert [each.wtw_kgco2e for each in result.elements] == [each.wtw_kgco2e for each in market.elements]


def test_hydrogen_is_read_with_the_contracts_of_trailer_and_station() -> None:
    chain = hydrogen_chain()
    supply = chain["categories"]["truck-h2"]["energy"][0]["supply"]
    supply |= {"station_contract": contract(kgco2e_per_kwh="0"), "trailer_contract": contract(kgco2e_per_kwh="0")}
    result = assessed(chain)
    market = result.market_based
    by_id = {step["id"]: step["value"] for step in market.derivation} if market else {}

    assert "0" == by_id["hydrogen_station_kgco2e_per_kg[category:truck-h2/energy:1]"]
    assert market is not None
    assert Decimal(str(market.wtw_kgco2e)) < Decimal(str(result.wtw_kgco2e))


@pytest.mark.parametrize(
    "dates", [{"valid_until": "2024-06-29"}, {"valid_from": "2024-07-01"}], ids=["ended", "not begun"]
)
def test_a_contract_that_does_not_hold_on_the_day_is_refused(dates: Document) -> None:
    with pytest.raises(InputError, match="does not hold on the activity date 2024-06-30"):
        assessed(a_chain(power("100", contract=contract(**dates))))


def test_a_contract_holds_on_its_first_and_on_its_last_day() -> None:
    dates = {"valid_from": DAY, "valid_until": DAY}

    assert assessed(a_chain(power("100", contract=contract(**dates)))).market_based is not None


@pytest.mark.parametrize("assess", [assessed, partly_assessed])
def test_a_contract_without_its_factor_leaves_the_figure_and_its_reading_says_what_it_lacks(assess: Any) -> None:
    whole = assess(a_chain(power("100", contract=contract(kgco2e_per_kwh=None))))
    market = whole.market_based

    assert assess(a_chain(power("100"))).wtw_kgco2e == whole.wtw_kgco2e
    assert ("not_computable", None, None) == (market.status, market.wtw_kgco2e, market.wtt_kgco2e)
    assert "is not given ($.categories['hub'].energy[0].contract.kgco2e_per_kwh)" in market.why_en
    assert "未提供" in market.why_zh
    assert {"rule.missing-input"} == {each.code for each in market.missing}


@pytest.mark.parametrize("assess", [assessed, partly_assessed])
@pytest.mark.parametrize("lacks", [("valid_from",), ("valid_until",), ("valid_from", "valid_until")], ids=str)
def test_a_contract_that_does_not_say_when_it_holds_counts_nothing(lacks: tuple[str, ...], assess: Any) -> None:
    whole = assess(a_chain(power("100", contract=contract(**dict.fromkeys(lacks)))))
    market = whole.market_based
    place = f"$.categories['hub'].energy[0].contract.{lacks[0]}"

    assert assess(a_chain(power("100"))).wtw_kgco2e == whole.wtw_kgco2e
    assert ("not_computable", None, None) == (market.status, market.wtw_kgco2e, market.wtt_kgco2e)
    assert f"the validity of the contract is not stated ({place})" in market.why_en
    assert f"合同未注明有效期（{place}）" in market.why_zh
    assert [None, None] == [getattr(each, lacks[0]) for each in market.by_contract]


def test_a_contract_is_listed_with_its_days() -> None:
    market = assessed(a_chain(power("100", contract=contract()))).market_based

    assert market is not None
    days = {(str(each.valid_from), str(each.valid_until)) for each in market.by_contract}

    assert {("2024-01-01", "2026-12-31")} == days


def test_a_reading_with_every_factor_is_computed_and_gives_no_reason() -> None:
    market = assessed(a_chain(power("100", contract=contract()))).market_based

    assert market is not None
    assert ("computed", None, None) == (market.status, market.why_zh, market.why_en)


def test_a_category_that_no_element_uses_is_in_no_list_of_contracts() -> None:
    chain = a_chain(power("100", contract=contract()))
    chain["categories"]["spare"] = hub_totals("10", power("5", contract=contract()), power("7"))
    market = assessed(chain).market_based
    del chain["elements"][0], chain["elements"][0]
    chain["elements"].append({"id": "other", "kind": "hub", "category": "plain"})
    chain["categories"]["plain"] = hub_totals("10", power("7"))

    assert market is not None
    assert ["hub", "truck"] == [each.where.split("'")[1] for each in market.by_contract]
    assert () == market.by_grid
    assert assessed(chain).market_based is None
