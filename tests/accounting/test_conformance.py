"""Every edition that is installed passes the conformance suite, and the suite finds what it is there to find."""

import json
import tomllib

import pytest
from h2verify.editions import read_edition_tables
from h2verify.parameters import read_parameters

from h2corridor.accounting.conformance import list_faults
from h2corridor.accounting.kernel import Edition, Rule
from h2corridor.app.rules import COMPARISONS, get_edition, get_rule_set, list_rule_sets

CASE = "cases/road-hub-rail-hub-road.json"


def editions() -> list[Edition]:
    return [get_edition(f"{each.id}@{each.edition}", each.group) for each in list_rule_sets()]  # type: ignore[arg-type]  # a listing names its group


def altered(files: dict[str, bytes | None], rules: tuple[Rule, ...] | None = None) -> list[str]:
    sound = get_rule_set("iso14083@2023.1")
    changed = {name: data for name, data in {**sound.files, **files}.items() if data is not None}
    edition = Edition(files=changed, rules=sound.rules if rules is None else rules, about="altered")
    return list_faults(edition, edition)


def test_there_are_editions_to_check() -> None:
    assert {"iso14083", "same-service-diesel", "same-service-life-cycle", "tailpipe-press"} <= {
        edition.header.id for edition in editions()
    }


@pytest.mark.parametrize("edition", editions(), ids=lambda edition: edition.name)
def test_an_installed_edition_conforms(edition: Edition) -> None:
    is_comparison = edition.header.id in {each.id for each in list_rule_sets() if each.group == COMPARISONS}
    rule_set = get_rule_set("iso14083@2023.1") if is_comparison else edition

    assert [] == list_faults(edition, rule_set)


@pytest.mark.parametrize("edition", editions(), ids=lambda edition: edition.name)
def test_what_an_edition_publishes_is_read_by_the_verifier(edition: Edition) -> None:
    tables = read_edition_tables(edition.label, edition.files)

    assert set(edition.parameters.constants) == set(tables.parameters.constants)
    assert [] == [each.name for each in edition.rules if tables.find_rule(each.gives, each.at[0]) is None]


def test_an_edition_without_cases_does_not_conform() -> None:
    sound = get_rule_set("iso14083@2023.1")
    faults = altered({name: None for name in sound.files if name.startswith("cases/")})

    assert "cases/: there is no case" in faults


def test_a_case_that_does_not_come_out_is_found() -> None:
    case = json.loads(get_rule_set("iso14083@2023.1").files[CASE])
    case["expected"]["wtw_kgco2e"] = "318.3"

    assert [f"{CASE}: figures wtw_kgco2e: expected 318.3, came 316.625"] == altered({CASE: json.dumps(case).encode()})


def test_a_case_that_expects_nothing_is_found() -> None:
    case = json.loads(get_rule_set("iso14083@2023.1").files[CASE])
    empty = json.dumps({"chain": case["chain"]}).encode()

    assert [f"{CASE}: the case expects nothing"] == altered({CASE: empty})


def test_a_published_formula_that_is_not_that_of_the_rules_is_found() -> None:
    formulas = (
        get_rule_set("iso14083@2023.1").files["formulas.json"].replace(b"mass_kg / kg_per_t", b"mass_kg * kg_per_t")
    )

    assert ["formulas.json: not the formulas of rules.py"] == altered({"formulas.json": formulas})


def test_published_parameters_that_are_not_those_of_the_toml_are_found() -> None:
    published = get_rule_set("iso14083@2023.1").files["parameters.json"].replace(b'"0.832"', b'"0.833"')

    assert ["parameters.json: not what parameters.toml says"] == altered({"parameters.json": published})
    assert ["parameters.json: not what parameters.toml says"] == altered({"parameters.json": None})


def test_published_parameters_say_all_that_the_toml_says() -> None:
    edition = get_rule_set("iso14083@2023.1")
    read = read_parameters(edition.files["parameters.json"], label=edition.label)
    tables = {name: tomllib.loads(data.decode()) for name, data in edition.files.items() if name.endswith(".toml")}
    entries = [entry for stated in tables.values() for entry in stated["parameter"]]

    assert {"parameters.toml", "factors_china_electricity.toml", "factors_fuels.toml"} == tables.keys()
    assert len(tables["parameters.toml"]["constant"]) == len(read.constants)
    assert len(entries) > 80
    for entry in entries:
        found = read.dated.find_value(
            entry["name"], on=entry["from"], region=entry.get("region"), boundary=entry.get("boundary")
        )

        assert found is not None
        assert (entry["value"], 0) == (found.parameter.value, found.age_years)


def test_a_rule_that_no_case_uses_is_found() -> None:
    sound = get_rule_set("iso14083@2023.1")
    faults = altered({name: None for name in sound.files if name.startswith("cases/hydrogen")})

    assert "hydrogen_loss_factor: no case uses this rule" in faults
