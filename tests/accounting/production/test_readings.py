"""Electricity by year, region, boundary and contract: the same rules, other factors."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from production_examples import Document, altered, assessed, example, three_products

from h2corridor.accounting.production.results import ElectricityReading
from h2corridor.model.errors import RuleError


def readings(name: str = "electrolysis-grid") -> tuple[ElectricityReading, ...]:
    return assessed(example(name)).readings


def test_the_stated_reading_comes_first_and_is_the_figure() -> None:
    result = assessed(example("electrolysis-grid"))

    assert (True, result.result.kgco2e_per_kg) == (
        result.readings[0].stated,
        result.readings[0].gate_kgco2e_per_kg,
    )
    assert [True] == [each.stated for each in result.readings if each.stated]


def test_electrolysis_is_read_by_region_and_boundary() -> None:
    taken = {
        tuple(f"{f.region} {f.boundary} {f.holds_from[:4]} {f.kgco2e_per_kwh}" for f in each.factors): Decimal(
            each.gate_kgco2e_per_kg or "nan"
        )
        for each in readings()
        if each.basis == "location"
    }
    water = Decimal("0.0033")

    assert {
        ("China life_cycle 2024 0.5777",): 55 * Decimal("0.5777") + water,
        ("Guizhou direct 2022 0.4989",): 55 * Decimal("0.4989") + water,
        ("South China direct 2023 0.4042",): 55 * Decimal("0.4042") + water,
        ("China direct 2023 0.5306",): 55 * Decimal("0.5306") + water,
    } == taken


def test_the_grid_of_another_year_is_taken_for_a_period_of_that_year() -> None:
    earlier = altered(
        example("electrolysis-grid"), lambda d: d["period"].update({"from": "2023-01-01", "until": "2023-12-31"})
    )

    assert ["0.6205"] == [each.kgco2e_per_kwh for each in assessed(earlier).readings[0].factors]


def test_a_contract_is_taken_for_its_own_input_alone() -> None:
    market = readings()[-1]
    expected = (53 * Decimal("0.01")) + 2 * Decimal("0.5777") + Decimal("0.0033")

    assert ("market", ["$.inventory.inputs[1]"]) == (market.basis, [each.where for each in market.by_grid])
    assert [("$.inventory.inputs[0]", "certificate")] == [(each.where, each.instrument) for each in market.by_contract]
    assert expected == Decimal(market.gate_kgco2e_per_kg or "nan")


def test_a_contract_never_moves_the_figure_by_location() -> None:
    without = altered(example("electrolysis-grid"), lambda d: d["inventory"]["inputs"][0].pop("contract"))

    assert assessed(example("electrolysis-grid")).result == assessed(without).result


def test_without_a_contract_there_is_no_market_reading() -> None:
    market = readings("coke-oven-gas")[-1]

    assert (None, "no electricity contract is stated") == (market.gate_kgco2e_per_kg, market.why_en)


def test_a_contract_without_a_factor_is_not_computable() -> None:
    unpriced = altered(
        example("electrolysis-grid"), lambda d: d["inventory"]["inputs"][0]["contract"].pop("kgco2e_per_kwh")
    )
    market = assessed(unpriced).readings[-1]

    assert (None, "factor of the electricity is not given") == (market.gate_kgco2e_per_kg, market.why_en)


def test_direct_factors_are_named_as_gaps() -> None:
    direct = next(each for each in readings() if each.factors[0].boundary == "direct")

    assert {"direct"} == {gap.boundary for gap in direct.boundary_gaps}
    assert () == readings()[0].boundary_gaps


def test_a_direct_factor_that_the_document_gives_is_named_as_a_gap() -> None:
    def direct(document: Document) -> None:
        document["inventory"]["inputs"][1]["factor_boundary"] = "direct"
        document["inventory"]["inputs"][2]["factor_boundary"] = "direct"

    result = assessed(altered(three_products(), direct))

    assert ["kgco2e_per_unit[flow:brine]", "electricity_wtt_kgco2e_per_kwh[flow:purification]"] == [
        gap.step for gap in result.boundary_gaps
    ]


def test_a_document_without_electricity_has_no_readings() -> None:
    without = altered(example("reforming-with-storage"), lambda d: d["inventory"]["inputs"].pop())

    assert () == assessed(without).readings


def test_the_way_to_the_nozzle_is_part_of_the_reading_by_contract() -> None:
    bought = {"instrument": "ppa", "kgco2e_per_kwh": "0.1", "source": "own example"}
    by_grid = assessed(three_products()).readings[-1]
    by_contract = assessed(
        altered(three_products(), lambda d: d["delivery"].update(trailer_contract=bought, station_contract=bought))
    ).readings[-1]

    assert [
        "$.inventory.prior_use.replacement", "$.delivery.trailer_grid_region", "$.delivery.station_grid_region",
    ] == [each.where for each in by_grid.by_grid]  # fmt: skip
    assert ["$.inventory.prior_use.replacement"] == [each.where for each in by_contract.by_grid]
    assert by_grid.gate_kgco2e_per_kg == by_contract.gate_kgco2e_per_kg
    less = Decimal("0.4777") * (100 * Decimal("1.02") / 200 + Decimal(300) / 100)
    assert less == Decimal(by_grid.nozzle_kgco2e_per_kg or "nan") - Decimal(by_contract.nozzle_kgco2e_per_kg or "nan")


def test_a_number_of_electricity_is_one_as_declared_unless_it_says_what_it_is() -> None:
    said = {"grid_region": "Chongqing", "grid_level": "provincial", "factor_boundary": "life_cycle"}
    declared = assessed(three_products()).readings[0].numbers
    located = (
        assessed(altered(three_products(), lambda d: d["inventory"]["inputs"][2].update(said))).readings[0].numbers
    )

    assert [("$.inventory.inputs[2].kgco2e_per_unit", "as_declared")] == [(n.where, n.counted_as) for n in declared]
    assert ("grid_region", "grid_level", "factor_boundary") == declared[0].lacks
    assert [("location", "Chongqing", "provincial", ())] == [
        (n.counted_as, n.region, n.level, n.lacks) for n in located
    ]


def test_a_level_asks_for_the_value_of_exactly_that_level() -> None:
    national = altered(example("electrolysis-grid"), lambda d: ask(d, "national"))

    assert [("Guizhou", "China")] == [(f.region_asked, f.region) for f in assessed(national).readings[0].factors]
    with pytest.raises(RuleError, match=r"rule\.no-factor"):
        assessed(altered(example("electrolysis-grid"), lambda d: ask(d, "provincial")))


def ask(document: Document, level: str) -> None:
    for entry in document["inventory"]["inputs"][:2]:
        entry["grid_level"] = level


def test_every_dated_value_is_listed_with_what_was_asked_and_what_was_taken() -> None:
    result = assessed(three_products())
    listed = {each.step: (each.region_asked, each.region, each.value) for each in result.factors}
    dated = {step["id"] for step in result.derivation if step.get("from", {}).get("kind") == "parameter"}

    assert ("Chongqing", "China", "0.5777") == listed["electricity_wtt_kgco2e_per_kwh[flow:cells]"]
    assert dated - constants(result.derivation) == listed.keys()


def constants(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    """The steps that are values without dates."""
    return {step["id"] for step in steps if "from" in step and "holds_from" not in step["from"]}
