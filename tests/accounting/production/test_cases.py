"""The suite of a rule set for hydrogen finds what it is there to find."""

import json
from typing import Any

from production_examples import THREE_PRODUCTS, assessed, gate_set, three_products

from h2corridor.accounting.conformance import list_faults
from h2corridor.accounting.kernel import Edition
from h2corridor.accounting.production.cases import leaf_faults


def with_case(case: dict[str, Any]) -> list[str]:
    sound = gate_set()
    files = {**sound.files, THREE_PRODUCTS: json.dumps(case).encode()}
    edition = Edition(files=files, rules=sound.rules, about="altered")
    return list_faults(edition, edition)


def test_a_case_that_does_not_come_out_is_found() -> None:
    case = json.loads(gate_set().files[THREE_PRODUCTS])
    case["allocations"]["none"]["gate_kgco2e_per_kg"] = "65.148"

    assert [f"{THREE_PRODUCTS}: allocations none gate_kgco2e_per_kg: expected 65.148, came 65.147"] == with_case(case)


def test_a_case_that_expects_nothing_is_found() -> None:
    assert f"{THREE_PRODUCTS}: the case expects nothing" in with_case({"production": three_products()})


def test_a_rule_that_no_case_uses_is_found() -> None:
    case = json.loads(gate_set().files[THREE_PRODUCTS])
    case["production"].pop("leakage")
    case["steps"].pop("leakage_kgco2e_per_kg_produced[plant]")

    assert [
        "leakage_kgco2e: no case uses this rule",
        "leakage_kgco2e_per_kg_produced: no case uses this rule",
    ] == with_case(case)


def test_a_refused_production_is_a_fault_of_its_case() -> None:
    case = json.loads(gate_set().files[THREE_PRODUCTS])
    case["production"]["inventory"]["inputs"][0].pop("amount")

    assert any("rule.missing-input" in fault for fault in with_case(case))


def test_a_leaf_that_the_document_does_not_state_is_found() -> None:
    steps = assessed(three_products()).derivation
    other = three_products()
    other["inventory"]["inputs"][1]["amount"] = "11"

    assert [] == leaf_faults(steps, three_products(), gate_set())
    assert ["amount[flow:brine]: 10 is not what $.inventory.inputs[1].amount says"] == leaf_faults(
        steps, other, gate_set()
    )


def test_a_factor_that_the_edition_does_not_publish_is_found() -> None:
    steps = [{**step, "value": "27"} if step["id"].startswith("gwp100_ch4[") else step for step in assessed_reformer()]

    assert ["gwp100_ch4[iso-19870-1/2026.1]: 27 is not what gwp100_ch4 says"] == leaf_faults(
        steps, reformer(), gate_set()
    )


def reformer() -> dict[str, Any]:
    name = "cases/a-reformer-that-stores-carbon-dioxide.json"
    document: dict[str, Any] = json.loads(gate_set().files[name])["production"]
    return document


def assessed_reformer() -> tuple[dict[str, Any], ...]:
    return assessed(reformer()).derivation
