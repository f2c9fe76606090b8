"""Allocations side by side, recomputed by hand; the way to the nozzle; what is refused, and what is said instead."""

import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import msgspec
import pytest
from h2verify.derivation import arithmetic, published, verify_derivation
from hypothesis import given, settings
from hypothesis import strategies as st
from production_examples import altered, assessed, example, gate_set, gates, nozzle_set, three_products

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.kernel import Resolver
from h2corridor.accounting.production.scopes import PLANT, Reading, production_scopes
from h2corridor.app.rules import get_rule_set
from h2corridor.model.chain import decode_chain
from h2corridor.model.errors import RuleError
from h2corridor.model.production_values import HydrogenProduction

Change = Callable[[dict[str, Any]], object]


def total(texts: list[str]) -> Decimal:
    return sum((Decimal(text) for text in texts), Decimal(0))


def test_every_allocation_is_what_it_is_by_hand() -> None:
    shared = 100000 * Decimal("0.5777") + 10 * 60
    alone = 2000 * Decimal("0.5") + 10000 * Decimal("0.5777")
    with localcontext(arithmetic()):
        expected = {
            "mass": (shared * 1000 / 58000 + alone) / 1000,
            "energy": (shared * 120000 / (120000 + 30 * 1000 + 27 * 2000) + alone) / 1000,
            "value": (shared * 13000 / (13000 + 30 * 2000 + 27 * 1000) + alone) / 1000,
            "system_expansion": (shared + alone - 30 * 500 - 27 * 400) / 1000,
            "none": (shared + alone) / 1000,
            "declared": Decimal(2),
        }

    assert {method: published(value) for method, value in expected.items()} == gates(assessed(three_products()))


def test_the_result_is_the_first_computable_allocation_in_the_order_that_the_set_publishes() -> None:
    result = assessed(three_products())
    order = {each.method: each.preference for each in result.allocations}
    published_order = {
        constant.name.removeprefix("preference_"): int(constant.value)
        for constant in gate_set().parameters.constants.values()
        if constant.name.startswith("preference_")
    }

    assert published_order == order
    assert "energy" == result.result.allocation == min(order, key=order.__getitem__)


def test_the_preferred_allocation_is_never_passed_over_because_a_field_was_left_out() -> None:
    def change(document: dict[str, Any]) -> None:
        document["inventory"]["co_products"][0].pop("lower_heating_value_mj_per_unit")

    result = assessed(altered(three_products(), change))
    figures = gates(result)

    assert ("energy", None, "$.inventory.co_products[0].lower_heating_value_mj_per_unit") == (
        result.result.allocation,
        result.result.kgco2e_per_kg,
        result.result.where,
    )
    assert "lower heating value of the co-product is not given" == result.result.why_en
    assert {"energy"} == {method for method, figure in figures.items() if figure is None}
    assert (None, ()) == (result.nozzle_kgco2e_per_kg, result.stages)
    assert {None} == {each.difference_kgco2e_per_kg for each in result.compared}
    assert {None} == {each.gate_kgco2e_per_kg for each in result.readings}


def test_energy_is_passed_over_by_name_where_a_product_is_stated_to_carry_none() -> None:
    result = assessed(example("chlor-alkali"))

    assert "mass" == result.result.allocation
    assert [("energy", "$.inventory.co_products[0].carries_energy")] == [
        (each.method, each.where) for each in result.result.passed_over
    ]
    assert "stated to carry no energy: chlorine, caustic soda" == result.result.passed_over[0].why_en


def test_a_declared_value_never_takes_the_place_of_an_inventory() -> None:
    result = assessed(altered(three_products(), lambda d: d["hydrogen"].pop("kg"))).result

    assert ("energy", None) == (result.allocation, result.kgco2e_per_kg)


def test_one_set_ends_at_the_gate_and_the_other_at_the_nozzle() -> None:
    at_gate, at_nozzle = assessed(three_products()), assessed(three_products(), nozzle_set())
    chosen = next(each for each in at_gate.allocations if each.chosen)

    assert ("production_gate", chosen.gate_kgco2e_per_kg) == (at_gate.result.boundary, at_gate.result.kgco2e_per_kg)
    assert ("consumption_gate", chosen.nozzle_kgco2e_per_kg) == (
        at_nozzle.result.boundary,
        at_nozzle.result.kgco2e_per_kg,
    )


def test_the_set_that_ends_at_the_nozzle_has_no_result_without_a_delivery() -> None:
    result = assessed(example("coke-oven-gas"), nozzle_set()).result

    assert (None, "no delivery to the nozzle is stated") == (result.kgco2e_per_kg, result.why_en)


def test_without_an_inventory_the_declared_value_stands_alone() -> None:
    result = assessed(example("declared-only"))
    reasons = {each.why_en for each in result.allocations if each.method != "declared"}

    assert {"as declared, other allocations not computable"} == reasons
    assert ("declared", "2.2") == (result.result.allocation, result.result.kgco2e_per_kg)
    assert result.inventory_kgco2e is None


def test_a_declared_value_moves_nothing_but_itself() -> None:
    before = assessed(three_products())
    after = assessed(altered(three_products(), lambda d: d["declared"].update(kgco2e_per_kg="0.1")))

    assert {**gates(before), "declared": "0.1"} == gates(after)
    assert before.result == after.result


@pytest.mark.parametrize(
    ("change", "method", "why"),
    [
        (lambda p: p.pop("mass_kg"), "mass", "mass of the co-product is not given"),
        (
            lambda p: p.pop("lower_heating_value_mj_per_unit"),
            "energy",
            "lower heating value of the co-product is not given",
        ),
        (lambda p: p.pop("value_per_unit"), "value", "market value of a unit of the co-product is not given"),
        (lambda p: p.pop("displaced"), "system_expansion", "factor of the displaced product is not given"),
    ],
)
def test_an_allocation_that_lacks_something_says_what_and_leaves_the_others(
    change: Change, method: str, why: str
) -> None:
    whole = gates(assessed(three_products()))
    result = assessed(altered(three_products(), lambda d: change(d["inventory"]["co_products"][1])))

    lacking = next(each for each in result.allocations if each.method == method)

    assert {**whole, method: None} == gates(result)
    assert why == lacking.why_en
    assert (lacking.where or "").startswith("$.inventory.co_products[1].")


def test_products_without_any_value_cannot_be_shared_by_value() -> None:
    def worthless(document: dict[str, Any]) -> None:
        document["inventory"]["hydrogen_value_per_kg"] = "0"
        for product in document["inventory"]["co_products"]:
            product["value_per_unit"] = "0"

    by_value = next(e for e in assessed(altered(three_products(), worthless)).allocations if e.method == "value")

    assert (None, "share of hydrogen by market value would be divided by zero") == (
        by_value.gate_kgco2e_per_kg,
        by_value.why_en,
    )


def test_system_expansion_may_give_less_than_nothing() -> None:
    displaced = altered(
        three_products(),
        lambda d: d["inventory"]["co_products"][0]["displaced"].update(kgco2e_per_unit="5000"),
    )

    assert "-95.653" == gates(assessed(displaced))["system_expansion"]


# The gas of a by-product plant


def test_what_replaces_the_gas_is_the_hydrogens_alone() -> None:
    vented = altered(three_products(), lambda d: d["inventory"].update(prior_use={"use": "vented"}))
    before, after = gates(assessed(vented)), gates(assessed(three_products()))
    replaced = 10000 * Decimal("0.5777") / 1000

    for method in ("mass", "energy", "value", "system_expansion", "none"):
        difference = Decimal(after[method] or "nan") - Decimal(before[method] or "nan")
        assert abs(difference - replaced) <= Decimal("1e-12"), method


def test_a_gas_that_was_vented_before_adds_nothing() -> None:
    vented = altered(three_products(), lambda d: d["inventory"].update(prior_use={"use": "vented"}))
    line = assessed(vented).prior_use

    assert line is not None
    assert ("vented", None, None) == (line.use, line.replacement, line.kgco2e)


# To the nozzle


def test_the_nozzle_is_that_of_the_transport_chains_rule() -> None:
    document = altered(three_products(), lambda d: d["delivery"].update(station_closing_kg="109"))
    result = assessed(document)
    alone = {"liquefaction", "source", "station_opening_kg", "station_closing_kg"}
    supply = {k: v for k, v in document["delivery"].items() if k not in alone}
    gate = next(step for step in result.derivation if step["id"] == "gate_kgco2e_per_kg[allocation:value]")["value"]
    chain = {
        "format": "transport-chain/1",
        "activity_date": document["period"]["until"],
        "shipment": {"id": "S", "mass_kg": "1000"},
        "elements": [
            {"id": "E", "kind": "transport", "mode": "road", "category": "T", "distance": {"kind": "sfd", "km": "1"}}
        ],
        "categories": {
            "T": {
                "kind": "transport",
                "transport_activity_tkm": "1",
                "data": "primary",
                "source": "test",
                "energy": [
                    {
                        "carrier": "hydrogen",
                        "amount": "1",
                        "unit": "kg",
                        "supply": {**supply, "batch": "B", "gate_kgco2e_per_kg": gate},
                    }
                ],
            }
        },
    }
    steps = assess_chain(decode_chain(msgspec.json.encode(chain)), get_rule_set("iso14083")).derivation
    in_chain = [step["value"] for step in steps if step.get("rule") == "hydrogen_nozzle_kgco2e_per_kg"]
    here = [s["value"] for s in result.derivation if s["id"] == "hydrogen_nozzle_kgco2e_per_kg[allocation:value]"]

    assert in_chain == here


def test_stages_sum_to_the_nozzle_and_flows_to_the_inventory() -> None:
    result = assessed(example("chlor-alkali"))

    assert Decimal(result.nozzle_kgco2e_per_kg or "nan") == total(
        [each.kgco2e_per_kg_dispensed for each in result.stages]
    )
    assert Decimal(result.inventory_kgco2e or "nan") == total([each.kgco2e for each in result.flows])


def test_each_stage_is_what_it_is_by_hand() -> None:
    stages = {each.stage: Decimal(each.kgco2e_per_kg_dispensed) for each in assessed(example("declared-only")).stages}
    litre = Decimal("0.832") * Decimal("42.8") * (Decimal("22.56") + Decimal("75.26")) / 1000
    delivered = Decimal("2.2") + 4000 * litre / 20000 + 30000 * Decimal("0.5777") / 20000

    assert {
        "production": Decimal("2.2"),
        "trailer_diesel": 4000 * litre / 20000,
        "compression": 30000 * Decimal("0.5777") / 20000,
        "station": 57000 * Decimal("0.5777") / 19000,
        "venting": delivered * 190 / 19000,
        "unexplained": round(delivered * (600 + 20000 - 19000 - 190 - 1391) / 19000, 12),
    } == stages


def test_kilograms_that_nothing_explains_are_named_and_count_as_lost() -> None:
    stated = assessed(example("declared-only"))
    silent = assessed(
        altered(
            example("declared-only"),
            lambda d: (d["delivery"].pop("station_opening_kg"), d["delivery"].pop("station_closing_kg")),
        )
    )

    assert stated.station is not None
    assert silent.station is not None
    assert ("19", "810") == (stated.station.unexplained_kg, silent.station.unexplained_kg)
    assert silent.station.station_closing_kg is None
    assert Decimal(silent.nozzle_kgco2e_per_kg or "nan") > Decimal(stated.nozzle_kgco2e_per_kg or "nan")


def test_what_others_delivered_is_part_of_what_the_station_took_in() -> None:
    shared = altered(
        example("declared-only"),
        lambda d: d["delivery"].update(station_other_supply_kg="1000", station_dispensed_kg="20019"),
    )
    station = assessed(shared).station

    assert station is not None
    assert ("1000", "0") == (station.station_other_supply_kg, station.unexplained_kg)


def test_leaked_hydrogen_is_in_no_other_figure() -> None:
    with_leak = assessed(three_products())
    without = assessed(altered(three_products(), lambda d: d.pop("leakage")))

    assert with_leak.leakage is not None
    assert ("50", "0.05") == (with_leak.leakage.kgco2e, with_leak.leakage.kgco2e_per_kg_produced)
    assert None is without.leakage
    assert (with_leak.allocations, with_leak.stages) == (without.allocations, without.stages)


def test_leakage_without_a_warming_potential_is_not_computed() -> None:
    leakage = assessed(altered(three_products(), lambda d: d["leakage"].pop("gwp100"))).leakage

    assert leakage is not None
    assert (None, "warming potential of hydrogen as stated is not given") == (leakage.kgco2e, leakage.why_en)


def test_only_carbon_dioxide_that_is_stored_is_deducted() -> None:
    result = assessed(example("reforming-with-storage"))

    assert [("geological_storage", True), ("use", False)] == [(each.to, each.deducted) for each in result.captured]
    assert ["-500000"] == [each.kgco2e for each in result.flows if each.kind == "stored"]


def test_more_carbon_dioxide_than_formed_is_never_deducted() -> None:
    document = altered(
        example("reforming-with-storage"),
        lambda d: d["inventory"]["direct_emissions"][0]["captured"][0].update(kg="900000.1"),
    )
    unchecked = msgspec.convert(document, HydrogenProduction)
    resolver = Resolver(production_scopes(unchecked, Reading()), [gate_set()], on=unchecked.period.until)

    with pytest.raises(RuleError, match=r"rule.beyond-limit: .*stored_kg is 900000.1, above formed_kg 900000"):
        resolver.resolve("inventory_kgco2e", PLANT)


# Laws


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**7), st.integers(0, 10**4), st.integers(0, 10**5), st.integers(1, 10**4)),
        min_size=1,
        max_size=5,
    )
)
def test_shares_of_all_products_sum_to_the_whole(products: list[tuple[int, int, int, int]]) -> None:
    document = three_products()
    document["inventory"]["co_products"] = [
        {
            "name": f"P{number}",
            "amount": str(amount),
            "unit": "m3",
            "mass_kg": str(mass),
            "lower_heating_value_mj_per_unit": str(heat),
            "value_per_unit": str(value),
        }
        for number, (mass, heat, value, amount) in enumerate(products)
    ]
    for allocation in assessed(document).allocations:
        if allocation.method in {"mass", "energy", "value"}:
            assert Decimal(1) == total([each.share for each in allocation.shares])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(-(10**6), 10**6))
def test_a_co_product_of_zero_changes_nothing(heat: int, value: int, displaced: int) -> None:
    nothing = {
        "name": "nothing",
        "amount": "0",
        "unit": "t",
        "mass_kg": "0",
        "lower_heating_value_mj_per_unit": str(heat),
        "value_per_unit": str(value),
        "displaced": {"product": "nothing", "kgco2e_per_unit": str(displaced), "source": "test"},
    }
    more = altered(three_products(), lambda d: d["inventory"]["co_products"].append(nothing))

    assert gates(assessed(three_products())) == gates(assessed(more))


@pytest.mark.parametrize("name", ["chlor-alkali", "coke-oven-gas", "electrolysis-grid", "reforming-with-storage"])
def test_every_derivation_recomputes(name: str) -> None:
    result = assessed(example(name))
    further = [each.derivation for each in result.readings if each.derivation]

    assert further
    for steps in (result.derivation, *further):
        verify_derivation(steps)


# Refusals


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda d: d["inventory"]["inputs"][0].pop("amount"),
            r"rule.missing-input: iso-19870-1/2026.1, \$.inventory.inputs\[0\].amount: electricity_kwh is not given",
        ),
        (lambda d: d["inventory"]["inputs"][1].pop("kgco2e_per_unit"), "rule.missing-input: .*kgco2e_per_unit is not"),
        (lambda d: d["inventory"]["inputs"][0].update(grid_region="Atlantis"), "rule.unknown-region: .*'Atlantis'"),
        (lambda d: d["period"].update({"from": "2030-01-01", "until": "2030-12-31"}), "rule.no-factor: .*2030-12-31"),
        (lambda d: d["hydrogen"].pop("kg"), "rule.missing-input: .*produced_kg is not given"),
        (lambda d: d["delivery"].pop("station_vented_kg"), "rule.missing-input: .*station_vented_kg is not given"),
        (lambda d: d["delivery"].update(station_dispensed_kg="0"), "rule.division-by-zero"),
    ],
)
def test_what_a_figure_needs_is_never_assumed(change: Change, message: str) -> None:
    document = altered(three_products(), lambda d: d.pop("declared"))
    with pytest.raises(RuleError, match=message):
        assessed(altered(document, change))


# Compared values


def test_a_compared_value_never_becomes_a_status() -> None:
    result = assessed(example("chlor-alkali"))
    shown = msgspec.json.encode(result.compared).decode()

    assert {"value compared only, no status"} == {each.result_en for each in result.compared}
    assert {"仅比较数值，不构成等级认定"} == {each.result_zh for each in result.compared}
    assert None is re.search(r"certif|qualif|complian|合格|达标|认证", shown)


def test_a_difference_is_figure_minus_value_in_the_boundary_of_the_value() -> None:
    result = assessed(three_products())
    compared = {each.id: each for each in result.compared}
    gate, nozzle = Decimal(result.result.kgco2e_per_kg or "nan"), Decimal(result.nozzle_kgco2e_per_kg or "nan")

    assert gate - Decimal("14.51") == Decimal(compared["tcab0078-low-carbon"].difference_kgco2e_per_kg or "nan")
    assert nozzle - Decimal("28.2") * 120 / 1000 == Decimal(compared["eu-rfnbo"].difference_kgco2e_per_kg or "nan")


def test_a_value_for_the_nozzle_is_not_compared_with_a_figure_at_the_gate() -> None:
    compared = next(each for each in assessed(example("coke-oven-gas")).compared if each.id == "eu-rfnbo")

    assert (None, "no delivery to the nozzle is stated") == (compared.difference_kgco2e_per_kg, compared.why_en)
