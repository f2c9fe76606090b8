"""A report over many chains: every cut sums to the total, the table of secondary data is complete."""

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from chain_examples import Document, assessed, decoded, freight_chain, hydrogen_chain
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.reporting import Asked, AssessedChain, make_report
from h2corridor.app.emission_report import quality_scheme
from h2corridor.app.rules import get_rule_set
from h2corridor.model.emission_report import (
    EmissionReport,
    FactorRow,
    Footprint,
    NotCovered,
    emission_report_schema,
)
from h2corridor.model.errors import InputError

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT / "src" / "h2corridor" / "accounting" / "schemas" / "emission-report-1.json"


def named(document: Document, name: str, day: str | None = None) -> Document:
    """A document as that of another shipment."""
    changed = copy.deepcopy(document)
    changed["shipment"]["id"] = name
    return changed if day is None else {**changed, "activity_date": day}


def chain(document: Document, carrier: str = "", lane: str = "") -> AssessedChain:
    """An assessed chain, carried by one carrier on one lane."""
    names = [element["id"] for element in document["elements"]]
    return AssessedChain(
        chain=decoded(document),
        result=assessed(document),
        carriers=dict.fromkeys(names, carrier),
        lanes=dict.fromkeys(names, lane),
    )


def reported(*chains: AssessedChain, **asked: Any) -> EmissionReport:
    """The report of some chains."""
    return make_report(chains, get_rule_set("iso14083@2023.1"), quality_scheme(), asked=Asked(**asked))


def mixed() -> EmissionReport:
    """Three shipments of two carriers, one of them with hydrogen and primary data."""
    return reported(
        chain(freight_chain(), "Carrier A", "north"),
        chain(named(freight_chain(), "S8", "2026-02-28"), "Carrier B"),
        chain(named(hydrogen_chain(), "S9"), "Carrier A", "south"),
    )


def total_of(texts: list[str | None]) -> Decimal:
    return sum((Decimal(text) for text in texts if text is not None), Decimal(0))


def factor(report: EmissionReport, name: str) -> FactorRow:
    return next(row for row in report.secondary.factors if row.name == name)


def footprint(report: EmissionReport, unit: str) -> Footprint:
    return next(each for each in report.footprints if each.declared_unit == unit)


@pytest.mark.parametrize(
    "figure", ["wtw_kgco2e", "wtt_kgco2e", "ttw_kgco2e", "transport_activity_tkm", "hub_activity_t"]
)
def test_every_cut_sums_exactly_to_the_total(figure: str) -> None:
    report = mixed()
    total = Decimal(getattr(report.total, figure))

    assert ["shipment", "carrier", "lane", "mode", "month"] == [each.by for each in report.breakdowns]
    for each in report.breakdowns:
        assert total == total_of([getattr(part, figure) for part in each.parts]), each.by


def test_what_nobody_stated_stands_last_and_has_no_name() -> None:
    names = {each.by: [part.name for part in each.parts] for each in mixed().breakdowns}

    assert ["Carrier A", "Carrier B"] == names["carrier"]
    assert ["north", "south", ""] == names["lane"]
    assert ["hub", "rail", "road"] == names["mode"]
    assert ["2026-02", "2026-03", ""] == names["month"]


def test_one_shipment_is_reported_with_the_figures_of_its_assessment() -> None:
    result, report = assessed(freight_chain()), reported(chain(freight_chain()))

    assert result.wtw_kgco2e == report.total.wtw_kgco2e
    assert result.wtt_kgco2e == report.total.wtt_kgco2e
    assert result.ttw_kgco2e == report.total.ttw_kgco2e
    assert result.intensity_wtw_kgco2e_per_tkm == report.total.intensity_wtw_kgco2e_per_tkm
    assert result.intensity_ttw_kgco2e_per_tkm == report.total.intensity_ttw_kgco2e_per_tkm


def test_the_two_primary_shares_are_those_of_the_rules() -> None:
    document = freight_chain()
    document["categories"]["train"]["data"] = "primary"
    result, report = assessed(document), reported(chain(document))

    assert result.data_shares.primary_by_wtw_emissions == report.total.primary_by_wtw_emissions
    assert result.data_shares.primary_by_transport_activity == report.total.primary_by_transport_activity
    assert report.total.primary_by_wtw_emissions != report.total.primary_by_transport_activity


def test_primary_and_secondary_parts_sum_exactly_to_the_total() -> None:
    secondary = mixed().secondary
    parts = [secondary.primary_wtw_kgco2e, secondary.modelled_wtw_kgco2e, secondary.default_wtw_kgco2e]
    by_class = {
        data: total_of([row.wtw_kgco2e for row in secondary.categories if row.data == data])
        for data in ("primary", "modelled", "default")
    }

    assert Decimal(mixed().total.wtw_kgco2e) == total_of([*parts])
    assert [Decimal(part) for part in parts] == list(by_class.values())
    assert by_class["primary"] and by_class["default"]


DATA = st.sampled_from(["primary", "modelled", "default"])


@settings(max_examples=15, deadline=None)
@given(data=st.tuples(DATA, DATA, DATA), hydrogen=st.booleans(), km=st.integers(1, 999))
def test_the_table_holds_every_parameter_and_every_category_that_is_not_primary(
    data: tuple[str, str, str], hydrogen: bool, km: int
) -> None:
    document = freight_chain()
    for name, each in zip(document["categories"], data, strict=True):
        document["categories"][name]["data"] = each
    document["elements"][0]["distance"]["km"] = str(km)
    chains = [chain(document), *([chain(named(hydrogen_chain(), "S9"))] if hydrogen else [])]
    report = reported(*chains)
    leaves = {
        (origin["edition"], origin["name"], step["value"])
        for each in chains
        for step in each.result.derivation
        if (origin := step.get("from")) and origin["kind"] == "parameter"
    }
    rows = {(row.edition, row.name, row.value) for row in report.secondary.factors}
    secondary = {name for each in chains for name, c in each.chain.categories.items() if c.data != "primary"}

    assert leaves
    assert leaves <= rows
    assert secondary == {row.name for row in report.secondary.categories if row.data != "primary"}
    assert Decimal(report.total.wtw_kgco2e) == total_of([row.wtw_kgco2e for row in report.secondary.categories])


def test_a_factor_says_how_much_would_vanish_with_it() -> None:
    document = hydrogen_chain()
    before = reported(chain(document))
    resting = factor(before, "gate_kgco2e_per_kg").wtw_kgco2e_resting
    document["categories"]["truck-h2"]["energy"][0]["supply"]["gate_kgco2e_per_kg"] = "0"
    after = reported(chain(document))

    assert resting is not None and Decimal(resting) > 0
    assert Decimal(before.total.wtw_kgco2e) - Decimal(after.total.wtw_kgco2e) == Decimal(resting)


def test_a_dated_factor_shows_its_age_and_the_region_that_was_asked_for() -> None:
    rows = [row for row in mixed().secondary.factors if row.name == "electricity_wtt_kgco2e_per_kwh"]

    assert {("Chongqing", "China", 2), ("Guizhou", "China", 2)} == {
        (row.region_asked, row.region, row.age_years) for row in rows
    }


def test_one_stated_factor_of_several_shipments_is_one_row_and_names_its_carrier() -> None:
    document = hydrogen_chain()
    report = reported(chain(document), chain(named(document, "S9")))
    rows = [row for row in report.secondary.factors if row.name == "gate_kgco2e_per_kg"]

    assert [("hydrogen", 2, ("truck-h2",))] == [(row.of, row.shipments, row.categories) for row in rows]


def test_one_value_of_two_energy_carriers_is_two_factors() -> None:
    document = freight_chain()
    truck = document["categories"]["truck"]
    del truck["intensity"], truck["distance_adjustment_factor"]
    same = {"amount": "10", "unit": "unit", "wtt_kgco2e_per_unit": "1", "ttw_kgco2e_per_unit": "0"}
    truck |= {"transport_activity_tkm": "90000", "energy": [{"carrier": name, **same} for name in ("steam", "ammonia")]}
    rows = [row for row in reported(chain(document)).secondary.factors if row.name == "wtt_kgco2e_per_unit"]

    assert ["ammonia", "steam"] == [row.of for row in rows]


def test_a_constant_and_a_limit_carry_no_emissions() -> None:
    report = mixed()

    assert factor(report, "kg_per_t").wtw_kgco2e_resting is None
    assert factor(report, "unknown_origin_limit_pct").wtw_kgco2e_resting is None


def test_one_name_with_two_contents_makes_two_rows() -> None:
    other = named(freight_chain(), "S8")
    other["categories"]["train"]["intensity"]["wtw_kgco2e"] = "0.02"
    rows = [row for row in reported(chain(freight_chain()), chain(other)).secondary.categories if row.name == "train"]

    assert ["0.014", "0.02"] == [row.intensity for row in rows]


def test_a_category_of_any_name_has_its_intensity_its_carriers_and_its_hydrogen() -> None:
    before = reported(chain(hydrogen_chain()))
    document = hydrogen_chain()
    names = {name: f"100% {name} [A/1]" for name in document["categories"]}
    document["categories"] = {names[name]: each for name, each in document["categories"].items()}
    for element in document["elements"]:
        element["category"] = names[element["category"]]
    after = reported(chain(document))

    assert before.footprints == after.footprints
    assert [row.of for row in before.secondary.factors] == [row.of for row in after.secondary.factors]
    assert [(names[row.name], row.intensity) for row in before.secondary.categories] == [
        (row.name, row.intensity) for row in after.secondary.categories
    ]


def test_a_category_with_an_added_distance_shows_the_mean_intensity_of_its_elements() -> None:
    document = freight_chain()
    given = {"per": "actual_tkm", "wtw_kgco2e": "0.1", "ttw_kgco2e": "0.08"}
    document["categories"]["train"].update(intensity=given, distance_adjustment_km="100")
    report = reported(chain(document))
    row = next(row for row in report.secondary.categories if row.name == "train")
    rail = next(part for part in report.breakdowns[3].parts if part.name == "rail")

    assert (True, rail.intensity_wtw_kgco2e_per_tkm) == (row.intensity_is_mean, row.intensity)
    assert Decimal("0.1") < Decimal(str(row.intensity))
    assert {False} == {each.intensity_is_mean for each in report.secondary.categories if each.name != "train"}


@pytest.mark.parametrize("unit", ["tkm", "shipment", "kg_at_nozzle"])
def test_the_counted_stages_of_a_footprint_sum_exactly_to_it(unit: str) -> None:
    found = footprint(reported(chain(hydrogen_chain())), unit)

    assert Decimal(found.kgco2e) == total_of([stage.kgco2e for stage in found.stages])
    assert found.partial
    assert all(stage.included == (stage.kgco2e is not None) for stage in found.stages)
    assert all(stage.included == (stage.reason == "counted") for stage in found.stages)
    assert any(not stage.included for stage in found.stages)


def test_two_shipments_have_no_footprint_of_one() -> None:
    assert {"tkm", "kg_at_nozzle"} == {each.declared_unit for each in mixed().footprints}


def test_hydrogen_without_a_stated_way_has_no_footprint() -> None:
    assert {"tkm", "shipment"} == {each.declared_unit for each in reported(chain(freight_chain())).footprints}


def test_an_excluded_hub_is_listed_in_the_report_and_in_the_footprint() -> None:
    document = freight_chain()
    document["categories"]["terminal"] = {
        "kind": "hub",
        "data": "default",
        "source": "none",
        "excluded": "no figure was supplied",
    }
    report = reported(chain(document))
    stated = [stage.stated for stage in footprint(report, "tkm").stages if stage.reason == "stated_exclusion"]

    assert ["TCE2", "TCE4"] == [each.element for each in report.exclusions]
    assert ["no figure was supplied"] * 2 == stated


@pytest.mark.parametrize(
    ("asked", "applies"),
    [
        ({}, ()),
        ({"from_country": "CN", "to_country": "CN"}, ()),
        ({"from_country": "CN", "to_country": "GB"}, ()),
        ({"asked_for": "EU"}, ("freight-is-no-cbam-good",)),
        ({"from_country": "CN", "to_country": "DE"}, ("count-emissions-eu", "freight-is-no-cbam-good")),
        ({"from_country": "FR"}, ("count-emissions-eu", "freight-is-no-cbam-good")),
    ],
)
def test_rules_of_the_union_are_named_only_where_a_service_touches_it(
    asked: dict[str, Any], applies: tuple[str, ...]
) -> None:
    assert applies == reported(chain(freight_chain()), **asked).route.applies


def test_a_set_without_chains_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        reported()

    assert "report.empty" == refused.value.code


def test_a_set_of_which_none_could_be_assessed_names_the_first_reason() -> None:
    not_covered = [NotCovered(shipment="S1", message="rule.no-date: no day.")]
    with pytest.raises(InputError, match=r"S1: rule\.no-date: no day\.") as refused:
        make_report([], get_rule_set("iso14083"), quality_scheme(), not_covered=not_covered)

    assert "report.empty" == refused.value.code


def test_a_shipment_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        reported(chain(freight_chain()), chain(freight_chain()))

    assert "report.repeated-shipment" == refused.value.code


def test_the_schema_that_ships_is_that_of_the_model() -> None:
    assert emission_report_schema() == SCHEMA.read_bytes()


def test_a_report_reads_back_as_itself() -> None:
    data = msgspec.json.encode(mixed())

    assert mixed() == msgspec.json.decode(data, type=EmissionReport)


def test_the_small_report_is_the_one_on_record() -> None:
    report = json.loads(msgspec.json.encode(reported(chain(freight_chain(), "Carrier A", "north"))))
    golden = json.loads((Path(__file__).parent / "small_report.json").read_text("utf-8"))
    golden["method"]["digest"] = get_rule_set("iso14083@2023.1").digest

    assert golden == report
