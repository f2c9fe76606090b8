"""Figures of a chain: what is missing refuses, what can be computed is kept, every figure follows from its steps."""

import time
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from chain_examples import (
    METHODS,
    Document,
    assessed,
    carrier,
    chain_of,
    decoded,
    freight_chain,
    hydrogen_chain,
    partly_assessed,
    road,
    totals,
)
from h2verify.derivation import published, recompute, verify_derivation, verify_formulas
from h2verify.errors import DerivationError
from h2verify.withheld import find_reason_zh
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.kernel import formula_table
from h2corridor.accounting.units import list_unit_faults
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.model.errors import RuleError


def tables() -> dict[str, Any]:
    editions = [get_rule_set("iso14083"), *(get_comparison(method) for method in METHODS)]
    return {edition.label: formula_table(edition.rules) for edition in editions}


def check_all(result: Assessment) -> None:
    """Recompute every step by h2verify alone and compare the shown figures with it."""
    values = recompute(result.derivation)
    verify_derivation(result.derivation)
    verify_formulas(result.derivation, tables())

    assert [] == list_unit_faults(result.derivation)
    for name in ("wtw_kgco2e", "ttw_kgco2e", "transport_activity_tkm"):
        assert published(values[f"{name}[chain]"]) == getattr(result, name)
    for comparison in result.comparisons:
        steps = [*result.derivation, *comparison.derivation]
        verify_derivation(steps)
        verify_formulas(steps, tables())


def truck(document: Document) -> Document:
    return dict(document["categories"]["truck-h2"])


def supply_of(document: Document) -> Any:
    return document["categories"]["truck-h2"]["energy"][0]["supply"]


def total_of(result: Assessment, key: str) -> Decimal:
    return sum((Decimal(getattr(each, key)) for each in result.elements), Decimal(0))


def refused(document: Document) -> RuleError:
    with pytest.raises(RuleError) as caught:
        assessed(document)
    return caught.value


def test_the_chain_of_the_format_gives_its_printed_result() -> None:
    result = assessed(freight_chain())
    found = (result.wtw_kgco2e, result.ttw_kgco2e, result.transport_activity_tkm, result.hub_activity_t)

    assert ("316.625", "169.905", "6500", "20") == found
    check_all(result)


def test_a_hydrogen_chain_with_both_comparisons_is_recomputed_by_h2verify() -> None:
    check_all(assessed(hydrogen_chain(), *METHODS))


def test_a_changed_figure_is_found_by_h2verify() -> None:
    steps = [dict(step) for step in assessed(hydrogen_chain()).derivation]
    nozzle = next(step for step in steps if step["id"].startswith("hydrogen_nozzle"))
    nozzle["value"] = "4.80392069136"
    with pytest.raises(DerivationError) as caught:
        verify_derivation(steps)

    assert "derivation.mismatch" == caught.value.code


def test_a_formula_that_the_edition_does_not_publish_is_found_by_h2verify() -> None:
    steps = [dict(step) for step in assessed(hydrogen_chain()).derivation]
    step = next(step for step in steps if step["id"].startswith("hydrogen_nozzle"))
    step["formula"] = step["formula"].replace(") * ", ") / ")
    with pytest.raises(DerivationError) as caught:
        verify_formulas(steps, tables())

    assert "derivation.foreign-formula" == caught.value.code


def test_operation_and_provision_add_up_and_elements_sum_to_the_chain() -> None:
    for document in (freight_chain(), hydrogen_chain()):
        result = assessed(document)

        assert Decimal(str(result.wtw_kgco2e)) == total_of(result, "wtw_kgco2e")
        assert Decimal(str(result.ttw_kgco2e)) == total_of(result, "ttw_kgco2e")
        assert Decimal(str(result.wtt_kgco2e)) == total_of(result, "wtt_kgco2e")
        assert Decimal(str(result.wtw_kgco2e)) == Decimal(str(result.wtt_kgco2e)) + Decimal(str(result.ttw_kgco2e))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9_999), st.integers(1, 99_999)), min_size=1, max_size=9),
    st.randoms(use_true_random=False),
)
def test_the_stops_of_a_round_sum_to_it_in_whatever_order_they_are_visited(
    stops: list[tuple[int, int]], random: Any
) -> None:
    entries = [
        {"id": str(i), "distance": {"kind": "sfd", "km": str(km)}, "mass_kg": str(kg)}
        for i, (km, kg) in enumerate(stops)
    ]
    shuffled = list(entries)
    random.shuffle(shuffled)
    fuel = carrier("fuel", "7", "l", "1", "2")
    head = {"kind": "transport", "data": "primary", "source": "t", "energy": [fuel]}
    found = []
    for visited in (entries, shuffled):
        categories = {"round": {**head, "round": {"stops": visited}}}
        result = assessed(chain_of(categories, [road("E", "round", "1")], mass_kg="1"))

        assert Decimal(1) == sum(Decimal(str(share.share)) for share in result.shares)
        assert Decimal(21) == sum(Decimal(str(share.wtw_kgco2e)) for share in result.shares)
        found.append({share.id: Decimal(str(share.wtw_kgco2e)) for share in result.shares})
    for stop_id, value in found[0].items():
        assert abs(value - found[1][stop_id]) <= Decimal("1e-12")


def test_a_round_whose_stops_exceed_its_activity_is_refused() -> None:
    stops = [{"id": "a", "distance": {"kind": "sfd", "km": "10"}, "mass_kg": "1000"}]
    categories = {"round": totals("9.9", carrier("fuel", "1", "l", "1", "2"), round={"stops": stops})}

    assert "rule.beyond-limit" == refused(chain_of(categories, [road("E", "round", "1")], mass_kg="1")).code


def test_a_dated_factor_without_an_activity_date_is_refused() -> None:
    document = hydrogen_chain()
    del document["activity_date"]

    assert "rule.no-date" == refused(document).code


@pytest.mark.parametrize("day", ["2022-12-31", "2028-01-01"])
def test_a_date_that_no_electricity_factor_covers_is_refused(day: str) -> None:
    assert "rule.no-factor" == refused({**hydrogen_chain(), "activity_date": day}).code


def test_the_step_shows_year_and_age_of_a_factor_older_than_the_activity() -> None:
    steps = assessed(hydrogen_chain()).derivation
    origin = next(s["from"] for s in steps if s["id"].startswith("station_electricity_kgco2e_per_kwh"))

    assert ("2024-01-01", 2, "China", "Guizhou", "life_cycle") == (
        origin["holds_from"],
        origin["age_years"],
        origin["region"],
        origin["region_asked"],
        origin["boundary"],
    )


def test_a_region_nobody_knows_is_refused() -> None:
    document = hydrogen_chain()
    supply_of(document)["station_grid_region"] = "Atlantis"

    assert "rule.unknown-region" == refused(document).code


def test_direct_generation_factors_in_a_well_to_wheel_run_are_flagged() -> None:
    document = hydrogen_chain()
    document["activity_date"] = "2024-05-01"
    energy = document["categories"]["terminal"]["energy"][0]
    energy["factor_boundary"] = "direct"
    result = assessed(document)

    assert [("direct", "life_cycle")] == [(gap.boundary, gap.wanted) for gap in result.boundary_gaps]
    assert result.boundary_gaps[0].step in {step["id"] for step in result.derivation}
    assert () == assessed(hydrogen_chain()).boundary_gaps


def test_hydrogen_without_a_gate_value_is_refused_by_name() -> None:
    document = hydrogen_chain()
    supply_of(document)["gate_kgco2e_per_kg"] = None
    error = refused(document)

    assert "rule.missing-input" == error.code
    assert "gate_kgco2e_per_kg is not given" in error.message
    assert "energy[0].supply.gate_kgco2e_per_kg" in error.where


def test_a_partial_assessment_keeps_every_number_that_does_not_rest_on_the_missing_one() -> None:
    document = hydrogen_chain()
    supply_of(document)["gate_kgco2e_per_kg"] = None
    result = partly_assessed(document, *METHODS)
    road_element, hub = result.elements
    well_to_wheel, press = result.comparisons

    assert (None, None, None) == (result.wtw_kgco2e, result.wtt_kgco2e, road_element.wtw_kgco2e)
    assert ("59.979978496", "2500", "57.3") == (
        result.ttw_kgco2e,
        result.transport_activity_tkm,
        road_element.ttw_kgco2e,
    )
    assert "32.368331072" == hub.wtw_kgco2e
    assert ["gate_kgco2e_per_kg"] == [missing.quantity for missing in result.missing]
    assert ("not_computable", "198.69738976", None) == (
        well_to_wheel.status,
        well_to_wheel.baseline_kgco2e,
        well_to_wheel.difference_kgco2e,
    )
    assert "gate_kgco2e_per_kg" in str(well_to_wheel.why)
    assert "computed" == press.status
    verify_derivation(result.derivation)


@pytest.mark.parametrize("key", ["station_dispensed_kg", "delivered_kg"])
def test_a_division_by_nothing_is_missing_and_not_a_crash(key: str) -> None:
    document = hydrogen_chain()
    supply_of(document)[key] = "0"
    result = partly_assessed(document)

    assert result.wtw_kgco2e is None
    assert "rule.division-by-zero" in {missing.code for missing in result.missing}
    assert "rule.division-by-zero" == refused(document).code


def test_a_partial_assessment_of_a_whole_chain_is_the_assessment() -> None:
    document = hydrogen_chain()

    assert assessed(document, *METHODS) == partly_assessed(document, *METHODS)


@pytest.mark.parametrize(("unknown", "held"), [("5.26", True), ("5.27", False)])
def test_hydrogen_of_unknown_origin_counts_high_up_to_the_limit_and_is_refused_beyond(unknown: str, held: bool) -> None:
    document = hydrogen_chain()
    document["categories"]["truck-h2"]["energy"][1]["amount"] = unknown
    if held:
        steps = {step["id"]: step["value"] for step in assessed(document).derivation}
        source = "source_wtt_kgco2e[category:truck-h2/energy:2]"

        assert Decimal(unknown) * 32 == Decimal(steps[source])
        return

    assert "rule.beyond-limit" == refused(document).code

    comparison = partly_assessed(document, "same-service-diesel@2025.1").comparisons[0]

    assert "unknown_origin_pct is " in str(comparison.why)
    assert find_reason_zh(str(comparison.why)) is not None
    assert "来源不明的氢占比为 5.01 %，超过限值 5 %" == comparison.why_zh
    assert "the part of hydrogen of unknown origin is 5.01 %, above the limit of 5 %" == comparison.why_en


def test_an_excluded_hub_is_a_stated_exclusion_and_no_zero() -> None:
    document = freight_chain()
    document["categories"]["terminal"] = {
        "kind": "hub",
        "data": "default",
        "source": "x",
        "excluded": "no row that day",
    }
    result = assessed(document)

    assert ("295.225", "0") == (result.wtw_kgco2e, result.hub_activity_t)
    assert ["TCE2", "TCE4"] == [exclusion.element for exclusion in result.exclusions]
    assert [None, "no row that day"] == [result.elements[1].wtw_kgco2e, result.elements[1].excluded]


def test_a_chain_of_hubs_alone_has_no_intensity() -> None:
    document = freight_chain()
    document["elements"] = document["elements"][1:2]
    result = assessed(document)

    assert ("10.7", "0", None) == (
        result.wtw_kgco2e,
        result.transport_activity_tkm,
        result.intensity_wtw_kgco2e_per_tkm,
    )


def test_a_missing_distance_is_refused_and_never_taken_as_zero() -> None:
    document = freight_chain()
    document["elements"][0]["distance"] = None
    error = refused(document)

    assert ("rule.missing-input", "$.elements[0].distance.km") == (error.code, error.where)


def test_a_hydrogen_chain_worse_than_diesel_stays_negative() -> None:
    result = assessed(hydrogen_chain(), "same-service-diesel@2025.1").comparisons[0]

    assert "-52.068958596" == result.difference_kgco2e
    assert Decimal(str(result.baseline_kgco2e)) - Decimal(str(result.project_kgco2e)) == Decimal("-52.068958596")


@pytest.mark.parametrize("key", ["source", "date"])
def test_a_diesel_figure_without_source_or_date_is_unsupported_but_shown(key: str) -> None:
    document = hydrogen_chain()
    del document["categories"]["truck-h2"]["comparison"][key]
    result = assessed(document, "same-service-diesel@2025.1").comparisons[0]

    assert ("unsupported", "-52.068958596") == (result.status, result.difference_kgco2e)
    assert f"has no {key}" in str(result.why)
    assert result.why_zh == find_reason_zh(str(result.why))


@pytest.mark.parametrize("key", ["diesel_l_per_100km", "baseline_distance_km", "transport_activity_tkm"])
def test_a_comparison_without_its_inputs_is_not_computable_and_says_which(key: str) -> None:
    document = hydrogen_chain()
    del document["categories"]["truck-h2"]["comparison"][key]
    for result in assessed(document, *METHODS).comparisons:
        assert ("not_computable", None) == (result.status, result.difference_kgco2e)
        assert "is not given" in str(result.why)
        assert find_reason_zh(str(result.why)) is not None
        assert key not in f"{result.why_en} {result.why_zh}"
        assert "is not given" in str(result.why_en)
        assert "未提供" in str(result.why_zh)


def test_a_hydrogen_category_without_a_comparable_truck_is_not_computable() -> None:
    document = hydrogen_chain()
    del document["categories"]["truck-h2"]["comparison"]
    result = assessed(document, "same-service-diesel@2025.1").comparisons[0]

    assert "category truck-h2 burns hydrogen and states no comparable diesel truck" == result.why
    assert "运输类别 truck-h2 使用氢气，但未列出可比的柴油车" == result.why_zh == find_reason_zh(str(result.why))

    bare = assessed(freight_chain(), *METHODS).comparisons[0]

    assert "no element states a comparable diesel truck" == bare.why
    assert "no transport of this consignment states a comparable diesel truck" == bare.why_en
    assert "该票货物的各段运输均未列出可比的柴油车" == bare.why_zh == find_reason_zh(str(bare.why))


def test_the_press_comparison_says_what_it_leaves_out_in_both_languages() -> None:
    result = assessed(hydrogen_chain(), "tailpipe-press").comparisons[0]

    assert "0" == result.project_kgco2e
    assert "氢气计为零" in result.caveat_zh
    assert "hydrogen as zero" in result.caveat_en


def test_37_litres_at_the_tailpipe_are_the_99_kg_of_the_press() -> None:
    document = hydrogen_chain()
    stated = document["categories"]["truck-h2"]["comparison"]
    stated.update(diesel_l_per_100km="37", baseline_distance_km="100", transport_activity_tkm="2500")
    result = assessed(document, "tailpipe-press").comparisons[0]

    assert "99" == str(Decimal(str(result.difference_kgco2e)).quantize(Decimal(1)))


def test_facts_of_a_trial_are_named_in_the_leaves() -> None:
    document = hydrogen_chain()
    document["categories"]["truck-h2"]["energy"][0]["refs"] = ["refuellings.csv#3"]
    steps = assessed(document).derivation
    leaf = next(step for step in steps if step["id"] == "hydrogen_kg[category:truck-h2/energy:1]")

    assert ("fact", ["refuellings.csv#3"]) == (leaf["from"]["kind"], leaf["from"]["refs"])


@pytest.mark.parametrize("name", ["a/energy:1", "x]", "[y", "%", "货车 1", "a b/c"])
def test_any_identifier_of_a_supplier_can_stand_in_a_derivation(name: str) -> None:
    document = freight_chain()
    document["categories"][name] = document["categories"].pop("truck")
    for element in document["elements"]:
        if element["category"] == "truck":
            element["category"] = name
            element["id"] = f"{name} {element['id']}"
    result = assessed(document)

    assert "316.625" == result.wtw_kgco2e
    check_all(result)


def test_the_result_is_a_document_of_decimal_strings() -> None:
    document = msgspec.json.decode(msgspec.json.encode(assessed(hydrogen_chain(), *METHODS)))
    wanted = {
        "rule_set",
        "wtw_kgco2e",
        "ttw_kgco2e",
        "transport_activity_tkm",
        "hub_activity_t",
        "intensity_wtw_kgco2e_per_tkm",
        "intensity_ttw_kgco2e_per_tkm",
        "elements",
        "shares",
        "data_shares",
        "derivation",
    }

    assert set() == wanted - document.keys()
    assert all(isinstance(step["value"], str) for step in document["derivation"])


def test_the_same_chain_gives_the_same_bytes() -> None:
    first, second = (msgspec.json.encode(assessed(hydrogen_chain(), *METHODS)) for _ in range(2))

    assert first == second


def test_ten_times_the_energy_entries_cost_no_more_than_forty_times_the_time() -> None:
    def seconds(entries: int) -> float:
        energy = truck(hydrogen_chain())["energy"][:1] * entries
        document = hydrogen_chain()
        document["categories"]["truck-h2"]["energy"] = energy
        chain = decoded(document)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            partly_assessed_chain(chain)
            times.append(time.perf_counter() - start)
        return min(times)

    assert seconds(100) < 40 * seconds(10)


def partly_assessed_chain(chain: Any) -> None:
    from h2corridor.accounting.assessment import assess_chain

    assess_chain(chain, get_rule_set("iso14083"))
