"""A report on plants' hydrogen: stages that sum to their kilogram, factors by where they are used, nothing guessed."""

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from h2corridor.accounting.production.assessment import assess_production
from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.accounting.reporting.hydrogen import make_hydrogen_report
from h2corridor.app.emission_report import quality_scheme
from h2corridor.app.rules import get_rule_set
from h2corridor.model.errors import InputError
from h2corridor.model.hydrogen_report import (
    HydrogenFootprint,
    HydrogenProduct,
    HydrogenReport,
    hydrogen_report_schema,
)
from h2corridor.model.production import decode_production

ROOT = Path(__file__).resolve().parents[3]
PLANTS = ROOT / "docs" / "examples" / "production"
SCHEMA = ROOT / "src" / "h2corridor" / "accounting" / "schemas" / "hydrogen-report-1.json"
RULE_SETS = ("iso-19870-1", "iso-ts-19870")
NAMES = sorted(each.stem for each in PLANTS.glob("*.json"))


def plant(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((PLANTS / f"{name}.json").read_text("utf-8"))
    return document


def assessed(document: dict[str, Any], rule_set: str = "iso-19870-1") -> ProductionAssessment:
    return assess_production(decode_production(json.dumps(document).encode()), get_rule_set(rule_set))


def reported(*documents: dict[str, Any], rule_set: str = "iso-19870-1") -> HydrogenReport:
    found = [assessed(each, rule_set) for each in documents]
    return make_hydrogen_report(found, get_rule_set(rule_set), quality_scheme())


def product(name: str, rule_set: str = "iso-19870-1") -> HydrogenProduct:
    return reported(plant(name), rule_set=rule_set).products[0]


def footprint(found: HydrogenProduct, unit: str) -> HydrogenFootprint:
    return next(each for each in found.footprints if each.declared_unit == unit)


@pytest.mark.parametrize("rule_set", RULE_SETS)
@pytest.mark.parametrize("name", NAMES)
def test_the_counted_stages_of_a_kilogram_sum_exactly_to_it(name: str, rule_set: str) -> None:
    found = product(name, rule_set)

    assert len(NAMES) > 4
    assert found.footprints
    for each in found.footprints:
        counted = [Decimal(stage.kgco2e_per_kg) for stage in each.stages if stage.kgco2e_per_kg is not None]

        assert Decimal(each.kgco2e_per_kg) == sum(counted, Decimal(0))
        assert all(stage.included == (stage.kgco2e_per_kg is not None) for stage in each.stages)
        assert any(not stage.included for stage in each.stages)


@pytest.mark.parametrize("name", NAMES)
def test_a_footprint_is_the_figure_of_the_assessment(name: str) -> None:
    result = assessed(plant(name))
    chosen = next(each for each in result.allocations if each.chosen)
    found = product(name)

    assert chosen.gate_kgco2e_per_kg == footprint(found, "kg_at_gate").kgco2e_per_kg
    assert (result.result.kgco2e_per_kg, result.result.allocation) == (found.kgco2e_per_kg, found.allocation)
    if result.nozzle_kgco2e_per_kg is not None:
        assert result.nozzle_kgco2e_per_kg == footprint(found, "kg_at_nozzle").kgco2e_per_kg


def test_a_stage_has_the_kind_and_the_name_that_the_document_gives_it() -> None:
    document = plant("chlor-alkali")
    document["inventory"]["inputs"][1]["id"] = "brine 1/2 [%]"
    stages = footprint(reported(document).products[0], "kg_at_gate").stages

    assert ["cells", "brine 1/2 [%]", "steam", "purification", "", ""] == [each.name for each in stages]
    assert ["flow"] * 4 + ["replacement", "plant_construction"] == [each.stage for each in stages]


def test_what_a_flow_adds_is_its_share_of_the_joint_emissions_by_the_chosen_allocation() -> None:
    result = assessed(plant("chlor-alkali"))
    share = next(each for each in result.allocations if each.chosen).shares[0].share
    flows = {each.id: Decimal(each.kgco2e) for each in result.flows}
    stages = {each.name: each.kgco2e_per_kg for each in footprint(product("chlor-alkali"), "kg_at_gate").stages}

    assert abs(flows["cells"] * Decimal(share) / 28000 - Decimal(str(stages["cells"]))) < Decimal("1e-9")
    assert Decimal(str(stages["purification"])) == flows["purification"] / 28000


def test_carbon_dioxide_that_is_stored_is_a_stage_of_its_own_below_zero() -> None:
    stages = footprint(product("reforming-with-storage"), "kg_at_gate").stages
    (stored,) = [each for each in stages if each.stage == "stored"]

    assert "reformer" == stored.name
    assert Decimal(str(stored.kgco2e_per_kg)) < 0


def test_no_more_can_be_primary_than_does_not_rest_on_the_rule_set() -> None:
    found = footprint(product("electrolysis-grid"), "kg_at_gate")
    water = next(each for each in found.stages if each.name == "water").kgco2e_per_kg

    assert found.primary_share is None
    assert round(Decimal(str(water)) / Decimal(found.kgco2e_per_kg), 9) == round(
        Decimal(str(found.primary_share_at_most)), 9
    )


def test_the_way_to_the_nozzle_rests_on_the_rule_set_and_what_was_lost_may_be_the_plant_s_own() -> None:
    """By hand: of 12.838539 kg, 9.421393 of production and what was lost of it, 0.80910680005 not of the rule set."""
    gate, nozzle = product("chlor-alkali").footprints
    counted = {each.stage: Decimal(each.kgco2e_per_kg) for each in nozzle.stages if each.kgco2e_per_kg is not None}
    made = counted["production_to_gate"] + counted["station_losses"] + counted["unexplained_losses"]
    at_most = Decimal(str(gate.primary_share_at_most)) * made / Decimal(nozzle.kgco2e_per_kg)

    assert counted["unexplained_losses"] > 0
    assert round(at_most, 9) == round(Decimal(str(nozzle.primary_share_at_most)), 9)


def test_of_a_declared_value_nothing_is_known() -> None:
    found = footprint(product("declared-only"), "kg_at_gate")

    assert (None, None) == (found.primary_share, found.primary_share_at_most)
    assert ["declared_value", "plant_construction"] == [each.stage for each in found.stages]


def test_a_factor_says_where_it_is_used_its_age_and_the_region_that_was_asked_for() -> None:
    rows = product("chlor-alkali").factors
    grid = [row for row in rows if row.name == "electricity_wtt_kgco2e_per_kwh"]

    assert [("inventory", "cells"), ("inventory", "purification"), ("station", ""), ("trailer", "")] == sorted(
        (row.at, row.of) for row in grid
    )
    assert {("China", "Chongqing", 0)} == {(row.region, row.region_asked, row.age_years) for row in grid}
    assert {"replacement"} == {row.at for row in rows if row.value == "0.0625"}
    assert all(row.kgco2e_per_kg_resting is None for row in rows if row.kind == "constant")


def test_the_licence_and_the_file_of_a_dated_factor_are_those_of_the_assessment() -> None:
    used = {(each.name, each.value): each for each in assessed(plant("chlor-alkali")).factors}
    rows = [row for row in product("chlor-alkali").factors if row.kind == "dated"]

    assert rows
    assert [(used[row.name, row.value].licence, used[row.name, row.value].pack) for row in rows] == [
        (row.licence, row.pack) for row in rows
    ]


def test_a_preferred_allocation_that_does_not_apply_is_named() -> None:
    assert [("energy", True, True)] == [
        (each.method, bool(each.why_zh), bool(each.why_en)) for each in product("chlor-alkali").passed_over
    ]


def test_electricity_by_contract_stands_beside_the_figure() -> None:
    found = product("electrolysis-grid").readings
    (market,) = [each for each in found if each.basis == "market"]
    (stated,) = [each for each in found if each.stated]

    assert ("location", ("$.inventory.inputs[1]",)) == (stated.basis, market.on_grid)
    assert [("certificate", "0.01")] == [(each.instrument, each.kgco2e_per_kwh) for each in market.by_contract]
    assert Decimal(str(market.gate_kgco2e_per_kg)) < Decimal(str(stated.gate_kgco2e_per_kg))


def test_a_rule_set_whose_result_is_not_reached_says_why_and_gives_the_gate() -> None:
    document = plant("electrolysis-grid")
    found = [reported(document, rule_set=each).products[0] for each in RULE_SETS]
    (without,) = [each for each in found if each.boundary == "consumption_gate"]

    assert without.kgco2e_per_kg is None
    assert without.why_zh
    assert without.why_en
    assert ["kg_at_gate"] == [each.declared_unit for each in without.footprints]


def test_a_result_without_a_figure_has_no_footprint_and_no_factor() -> None:
    result = assessed(plant("chlor-alkali"))
    said = msgspec.structs.replace(result.result, allocation="energy", kgco2e_per_kg=None, why_zh="缺", why_en="lacks")
    silent = msgspec.structs.replace(result, result=said, nozzle_kgco2e_per_kg=None)
    (found,) = make_hydrogen_report([silent], get_rule_set("iso-19870-1"), quality_scheme()).products

    assert (None, "缺", "lacks") == (found.kgco2e_per_kg, found.why_zh, found.why_en)
    assert ((), ()) == (found.footprints, found.factors)


def test_kilograms_that_nothing_explains_are_a_stage_of_their_own() -> None:
    result = assessed(plant("chlor-alkali"))
    *others, last = result.stages
    unexplained = msgspec.structs.replace(last, stage="unexplained")
    changed = msgspec.structs.replace(result, stages=(*others, unexplained))
    (found,) = make_hydrogen_report([changed], get_rule_set("iso-19870-1"), quality_scheme()).products
    stage = next(each for each in footprint(found, "kg_at_nozzle").stages if each.stage == "unexplained_losses")

    assert last.kgco2e_per_kg_dispensed == stage.kgco2e_per_kg


def test_plants_are_listed_and_the_same_plant_and_period_is_refused() -> None:
    other = copy.deepcopy(plant("electrolysis-grid"))
    other["period"] = {"from": "2023-01-01", "until": "2023-12-31"}

    assert 2 == len(reported(plant("electrolysis-grid"), other).products)
    with pytest.raises(InputError) as caught:
        reported(plant("electrolysis-grid"), plant("electrolysis-grid"))

    assert "report.repeated-plant" == caught.value.code


def test_a_report_of_no_plant_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        reported()

    assert "report.empty" == caught.value.code


def test_the_schema_that_ships_is_that_of_the_model() -> None:
    assert hydrogen_report_schema() == SCHEMA.read_bytes()


def test_a_report_reads_back_as_itself() -> None:
    made = reported(plant("chlor-alkali"))

    assert made == msgspec.json.decode(msgspec.json.encode(made), type=HydrogenReport)
