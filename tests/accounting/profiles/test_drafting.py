"""A first draft: every rule and every value of the edition in a clause, and nothing that was not seen."""

import json
import re
from pathlib import Path

import pytest
from made_dialogues import ISSUER

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.profiles import check_against_edition, draft_profile
from h2corridor.accounting.profiles.pact_fields import PACT_FIELDS
from h2corridor.app.rules import get_any_edition, list_rule_sets
from h2corridor.model.rule_profile import check_document


def _editions() -> list[Edition]:
    found = [get_any_edition(f"{each.id}@{each.edition}") for each in list_rule_sets()]

    assert found
    return found


@pytest.mark.parametrize("edition", _editions(), ids=lambda each: each.name)
def test_every_rule_and_every_value_of_an_edition_has_its_clause(edition: Edition) -> None:
    profile = draft_profile(edition, profile_id="p", profile_edition="2026.1", issuer=ISSUER)
    rules = [name for each in profile.criteria for name in each.rules]
    values = {name for each in profile.criteria for name in each.parameters}
    check_document(profile, about="draft")
    check_against_edition(profile, edition)

    assert sorted(rules) == sorted(each.name for each in edition.rules)
    assert values == {*edition.parameters.constants, *(each.name for each in edition.parameters.listed)}
    assert {"draft"} == {profile.status}
    assert {each.clause for each in edition.rules} | {"unseen"} >= {each.standard_clause for each in profile.criteria}


def test_clauses_of_one_group_stand_together() -> None:
    profile = draft_profile(get_any_edition("iso14083@2023.1"), profile_id="p", profile_edition="2026.1", issuer=ISSUER)
    groups = [each.group_en for each in profile.criteria]
    joined = list(dict.fromkeys(groups))

    assert groups == sorted(groups, key=joined.index)
    assert ["Hydrogen"] == [name for name in joined if "ydrogen" in name]
    assert [str(number) for number in range(1, len(joined) + 1)] == list(
        dict.fromkeys(each.clause.partition(".")[0] for each in profile.criteria)
    )


def test_a_guard_is_told_in_the_clause_of_its_rule() -> None:
    profile = draft_profile(get_any_edition("iso14083@2023.1"), profile_id="p", profile_edition="2026.1", issuer=ISSUER)
    guarded = next(each for each in profile.criteria if "unknown_origin_limit_pct" in each.parameters)

    assert ("unknown_hydrogen_wtt_kgco2e",) == guarded.rules
    assert "unknown_origin_pct is at most unknown_origin_limit_pct" in guarded.demands_en
    assert "unknown_origin_pct 不超过 unknown_origin_limit_pct" in guarded.demands_zh


def test_names_of_pact_2_2_are_those_of_its_schema(cases_dir: Path) -> None:
    schema = json.loads((cases_dir / "pact-ileap" / "ileap" / "pact-data-model-schema.json").read_bytes())
    parts = {name: set(each.get("properties", {})) for name, each in schema["definitions"].items()}
    inner = {
        "dqi": "DataQualityIndicators",
        "assurance": "Assurance",
        "productOrSectorSpecificRules": "ProductOrSectorSpecificRule",
        "secondaryEmissionFactorSources": "EmissionFactorDS",
    }
    deeper = {f"pcf.{field}.{name}" for field, part in inner.items() for name in parts[part]}

    assert {*schema["properties"], *(f"pcf.{name}" for name in parts["CarbonFootprint"]), *deeper} == PACT_FIELDS["2.2"]


def test_names_of_pact_3_0_are_those_of_its_description(cases_dir: Path) -> None:
    text = (cases_dir / "pact-ileap" / "pact_conformance" / "openapi_v3_0.yaml").read_text("utf-8")
    inner = {
        "dqi": "DataQualityIndicators",
        "verification": "Verification",
        "productOrSectorSpecificRules": "ProductOrSectorSpecificRule",
        "secondaryEmissionFactorSources": "EmissionFactorSource",
    }
    deeper = {f"pcf.{field}.{name}" for field, part in inner.items() for name in _fields(text, part)}
    upper = {*_fields(text, "ProductFootprint"), *(f"pcf.{name}" for name in _fields(text, "CarbonFootprint"))}

    assert upper | deeper == PACT_FIELDS["3.0"]


def _fields(text: str, part: str) -> list[str]:
    """The names of the properties of a schema, by their place in the text: no reader of YAML is needed for that."""
    found = re.search(rf"^    {part}:.*?\n(.*?)(?=^    [A-Z]\w*:|\Z)", text, re.MULTILINE | re.DOTALL)

    assert found, part
    return re.findall(r"^        ([A-Za-z]+):", found[1], re.MULTILINE)
