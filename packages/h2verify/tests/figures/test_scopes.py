"""A chain is read as scopes: their kinds, paths, what is above them, and where each fact stands."""

import re
from pathlib import Path
from typing import Any

import pytest
from h2verify.scope_facts import CHAIN, GRID_FACTOR, DatedFact, Fact, Scope, category_place, path_part
from h2verify.scopes import ScopeIndex, read_scopes
from h2verify.vocabulary import VOCABULARY
from made_chains import Document, a_chain

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "bundle.md"


def scopes(chain: Document | None = None) -> dict[str, Scope]:
    return {scope.path: scope for scope in read_scopes(chain or a_chain())}


def test_every_part_is_a_scope_in_the_stated_order() -> None:
    expected = [
        ("chain.uncertain", "chain"),
        ("category.transport.added", "category:air"),
        ("category.transport.totals", "category:ferry"),
        ("source.explicit", "category:ferry/energy:1"),
        ("class.transport", "category:ferry/class:car"),
        ("class", "category:ferry/class:bus"),
        ("category.hub.totals", "category:hub"),
        ("source.electricity", "category:hub/energy:1"),
        ("source.explicit", "category:hub/energy:2"),
        ("class.hub", "category:hub/class:frozen"),
        ("class", "category:hub/class:dry"),
        ("category.transport.given", "category:rail"),
        ("baseline.regulatory_limit", "category:rail/baseline"),
        ("life_cycle", "category:rail/life_cycle"),
        ("overhead.per_tkm", "category:rail/overhead"),
        ("leakage", "category:rail/leakage"),
        ("category.transport.totals", "category:truck"),
        ("source.hydrogen.supplied", "category:truck/energy:1"),
        ("source.hydrogen.unknown", "category:truck/energy:2"),
        ("baseline.comparable_vehicle.improving", "category:truck/baseline"),
        ("hydrogen_use", "category:truck/hydrogen_use"),
        ("detours", "category:truck/detours"),
        ("life_cycle", "category:truck/life_cycle"),
        ("overhead.per_period", "category:truck/overhead"),
        ("leakage", "category:truck/leakage"),
        ("category.transport.totals", "category:van"),
        ("source.diesel", "category:van/energy:1"),
        ("source.refrigerant", "category:van/refrigerant:1"),
        ("stop", "category:van/stop:s 1"),
        ("stop", "category:van/stop:s%2F2"),
        ("baseline.peer_fleet", "category:van/baseline"),
        ("life_cycle", "category:van/life_cycle"),
        ("overhead.per_tkm", "category:van/overhead"),
        ("leakage", "category:van/leakage"),
        ("element.transport.compared", "element:road 1"),
        ("element.hub", "element:hub"),
        ("element.transport.compared", "element:road 2"),
        ("element.transport.compared", "element:rail"),
        ("excluded_element", "element:yard"),
        ("element.transport.compared", "element:last"),
        ("element.transport", "element:crossing"),
        ("element.transport.added", "element:flight"),
    ]

    assert expected == [(scope.kind, scope.path) for scope in read_scopes(a_chain())]


def test_an_element_has_its_class_its_category_and_the_chain_above_it() -> None:
    found = scopes()

    assert ("category:ferry/class:car", "category:ferry", CHAIN) == found["element:crossing"].above
    assert ("category:hub/class:frozen", "category:hub", CHAIN) == found["element:hub"].above
    assert (CHAIN,) == found["element:yard"].above
    assert ("category:van", CHAIN) == found["category:van/stop:s 1"].above
    assert () == found[CHAIN].above


def test_a_fact_says_its_text_and_where_it_stands() -> None:
    found = scopes()

    assert {
        "mass_kg": Fact("10400.50", {"kind": "fact", "path": "$.shipment.mass_kg", "refs": ["consignments#1"]}),
        "difference_half_width_kgco2e": Fact(
            "5", {"kind": "input", "path": "$.uncertainty.half_width_kgco2e", "source": "own"}
        ),
    } == found[CHAIN].facts
    assert (
        Fact("250", {"kind": "input", "path": "$.elements[0].distance.km", "source": "map"})
        == (found["element:road 1"].facts["distance_km"])
    )
    assert (
        Fact("0", {"kind": "input", "path": "$.categories['rail'].data"}) == (found["element:rail"].facts["is_primary"])
    )
    entry = {"kind": "fact", "path": "$.categories['truck'].energy[1].amount", "source": "telemetry"}

    assert Fact("2", {**entry, "refs": ["fills#9"]}) == found["category:truck/energy:2"].facts["hydrogen_kg"]
    supply = found["category:truck/energy:1"].facts["gate_kgco2e_per_kg"]

    assert "batch B, station S" == supply.origin["source"]
    assert ["stock#1"] == supply.origin["refs"]
    comparison = found["category:truck"].facts["baseline_transport_activity_tkm"]

    assert "fuel book, 2025-06-15" == comparison.origin["source"]
    assert "$.categories['truck'].comparison.transport_activity_tkm" == comparison.origin["path"]


def test_a_grid_region_stands_for_a_dated_parameter() -> None:
    found = scopes()["category:hub/energy:1"].facts[GRID_FACTOR]

    assert isinstance(found, DatedFact)
    assert (GRID_FACTOR, "Town", "life_cycle") == (found.parameter, found.region, found.boundary)
    chain = a_chain()
    chain["categories"]["hub"]["energy"][0] |= {"factor_boundary": "direct"}
    direct = scopes(chain)["category:hub/energy:1"].facts[GRID_FACTOR]

    assert isinstance(direct, DatedFact)
    assert "direct" == direct.boundary


def test_a_contract_counts_in_the_market_based_reading_alone_and_nothing_else_changes() -> None:
    location = scopes()
    market = {scope.path: scope for scope in read_scopes(a_chain(), electricity="market")}
    changed = {path for path, scope in market.items() if scope != location[path]}

    assert {"category:hub/energy:1", "category:truck/energy:1"} == changed
    place = "$.categories['hub'].energy[0].contract.kgco2e_per_kwh"
    origin = {"kind": "fact", "path": place, "source": "ppa: agreement 7", "refs": ["contracts#7"]}

    assert Fact("0.05", origin) == market["category:hub/energy:1"].facts[GRID_FACTOR]
    truck = market["category:truck/energy:1"].facts

    assert isinstance(truck["trailer_electricity_kgco2e_per_kwh"], DatedFact)
    assert "certificate: register" == truck["station_electricity_kgco2e_per_kwh"].origin["source"]


def named(change: Document, kind: str = "hub", number: int = 1) -> dict[str, DatedFact]:
    """The dated facts of an energy entry that was changed."""
    chain = a_chain()
    entry = chain["categories"][kind]["energy"][number]
    del entry["wtt_kgco2e_per_unit"], entry["ttw_kgco2e_per_unit"]
    entry |= change
    facts = scopes(chain)[f"category:{kind}/energy:{number + 1}"].facts
    return {name: fact for name, fact in facts.items() if isinstance(fact, DatedFact)}


def test_a_factor_by_name_stands_for_two_dated_parameters_in_the_unit_of_the_entry() -> None:
    found = named({"factor": "biogas", "unit": "MJ", "grid_region": "Town", "grid_level": "regional"})
    provision, operation = found["wtt_kgco2e_per_unit"], found["ttw_kgco2e_per_unit"]

    assert ("biogas_wtt_kgco2e_per_mj", "biogas_ttw_kgco2e_per_mj") == (provision.parameter, operation.parameter)
    assert ("life_cycle", "life_cycle", "direct", "") == (
        provision.boundary,
        provision.wanted,
        operation.boundary,
        operation.wanted,
    )
    for each in (provision, operation):
        assert ("Town", "regional", "kgCO2e/MJ", "kgCO2e/unit") == (each.region, each.level, each.unit, each.shown_unit)
        assert "$.categories['hub'].energy[1].factor" == each.origin["path"]


def test_diesel_and_electricity_by_name_are_sources_like_any_other() -> None:
    for carrier, unit in (("diesel", "l"), ("electricity", "kWh")):
        chain = a_chain()
        chain["categories"]["van"]["energy"] = [{"carrier": carrier, "amount": "1", "unit": unit, "factor": "own"}]

        assert "source.explicit" == scopes(chain)["category:van/energy:1"].kind


@pytest.mark.parametrize(("per", "prefix"), [("tkm", "given"), ("actual_tkm", "actual")])
def test_an_intensity_by_name_stands_for_two_dated_parameters(per: str, prefix: str) -> None:
    chain = a_chain()
    chain["categories"]["rail"] |= {"intensity": {"per": per, "factor": "own"}, "distance_adjustment_factor": "1.1"}
    facts = scopes(chain)["category:rail"].facts
    provided = facts[f"{prefix}_intensity_wtw_kgco2e_per_tkm"]

    assert isinstance(provided, DatedFact)
    assert (f"own_wtw_kgco2e_per_{per}", "kgCO2e/tkm", "life_cycle") == (
        provided.parameter,
        provided.unit,
        provided.boundary,
    )


def test_a_refrigerant_by_name_stands_for_its_warming_potential() -> None:
    chain = a_chain()
    gas = chain["categories"]["van"]["refrigerants"][0]
    del gas["gwp100"]
    gas["factor"] = "r_452a"
    found = scopes(chain)["category:van/refrigerant:1"].facts["gwp100"]

    assert isinstance(found, DatedFact)
    assert ("r_452a_gwp100", "kgCO2e/kg") == (found.parameter, found.unit)


@pytest.mark.parametrize("absent", ["missing", None])
def test_what_is_not_supplied_is_a_fact_without_text(absent: Any) -> None:
    chain = a_chain()
    for part, key in ((chain["elements"][0], "distance"), (chain["categories"]["hub"]["energy"][0], "grid_region")):
        del part[key]
        if absent is None:
            part[key] = None
    found = scopes(chain)
    distance, factor = found["element:road 1"].facts["distance_km"], found["category:hub/energy:1"].facts[GRID_FACTOR]

    assert isinstance(distance, Fact)
    assert isinstance(factor, Fact)
    assert (None, None) == (distance.text, factor.text)


def test_a_round_gives_the_activity_unless_the_category_states_it() -> None:
    name = "category_transport_activity_tkm"

    assert name not in scopes()["category:van"].facts
    chain = a_chain()
    chain["categories"]["van"]["transport_activity_tkm"] = "15"

    assert name in scopes(chain)["category:van"].facts


def test_hydrogen_with_its_own_factors_is_still_hydrogen() -> None:
    chain = a_chain()
    factors = {"wtt_kgco2e_per_unit": "9", "ttw_kgco2e_per_unit": "0"}
    chain["categories"]["truck"]["energy"] = [{"carrier": "hydrogen", "amount": "3", "unit": "kg", **factors}]
    found = scopes(chain)["category:truck/energy:1"]

    assert "source.hydrogen.explicit" == found.kind
    assert {"amount", "wtt_kgco2e_per_unit", "ttw_kgco2e_per_unit", "hydrogen_kg"} == found.facts.keys()


def test_an_index_lists_what_lies_below_by_kind_and_sees_a_repeated_path() -> None:
    index = ScopeIndex(read_scopes(a_chain()))

    assert ["category:truck/energy:1", "category:truck/energy:2"] == [
        scope.path for scope in index.list_below("category:truck", "source.hydrogen")
    ]
    assert 7 == len(index.list_below(CHAIN, "element"))
    assert [] == list(index.list_below("category:rail", "source"))
    assert (None, True, False) == (index.repeated, index.has_kind("element.hub"), index.has_kind("category.hub.given"))
    assert "stop" == ScopeIndex([Scope("a", "stop"), Scope("b", "stop")]).repeated


def test_a_baseline_that_improves_counts_the_calendar_years_to_the_activity() -> None:
    age = scopes()["category:truck/baseline"].facts["baseline_age_years"]

    assert isinstance(age, Fact)
    assert ("1", "$.categories['truck'].comparison.date") == (age.text, age.origin["path"])


def test_what_a_comparison_adds_says_its_own_source() -> None:
    found = scopes()
    leaked, tyres = found["category:truck/leakage"].facts, found["category:truck/life_cycle"].facts

    assert "meter" == leaked["hydrogen_leaked_kg"].origin["source"]
    assert "study" == tyres["project_tyres_kgco2e_per_km"].origin["source"]
    assert "fuel book, 2025-06-15" == tyres["project_distance_km"].origin["source"]


def test_names_cannot_leave_their_place_in_a_path() -> None:
    assert "a%2Fb%5Bc%5D%25%0A" == path_part("a/b[c]%\n")
    assert "$.categories['it%27s %5C a/b[c] %25']" == category_place("it's \\ a/b[c] %")


def test_every_fact_has_a_word_with_unit_and_labels() -> None:
    names = {name for scope in read_scopes(a_chain()) for name, fact in scope.facts.items() if isinstance(fact, Fact)}

    assert len(names) > 20
    assert names <= VOCABULARY.keys()


def test_the_page_of_the_format_has_every_kind_and_every_word() -> None:
    page = PAGE.read_text("utf-8")
    _, _, table = page.partition("<!-- words: from h2verify.vocabulary -->")
    table, _, _ = table.partition("<!-- end of words -->")
    rows = re.findall(r"^\| `(.+)` \| `(.+)` \| (.+) \| (.+) \|$", table, re.MULTILINE)

    assert [(name, *word) for name, word in VOCABULARY.items()] == rows
    section, _, _ = page.partition("<!-- words")
    for kind in {scope.kind for scope in read_scopes(a_chain())}:
        shown = f"baseline.<kind>{'.improving' if kind.endswith('.improving') else ''}"
        assert f"| `{shown if kind.startswith('baseline.') else kind}` |" in section
