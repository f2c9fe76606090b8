"""A document goes to the rule sets that read its format, and to no other."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.app.assess import assess_file
from h2corridor.app.assess_document import assess_document, read_production
from h2corridor.app.assess_table import assess_table
from h2corridor.app.rules_ledger import ledger_of_documents
from h2corridor.model.errors import CorridorError, InputError, UsageError

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = ROOT / "docs" / "examples" / "production" / "chlor-alkali.json"
CHAIN = ROOT / "src" / "h2corridor" / "accounting" / "examples" / "freight-chain.json"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-c", "from h2corridor.cli import main; main()", *arguments]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("rule_set", ["iso-19870-1", "iso-19870-1@2026.1", "iso-ts-19870"])
def test_a_production_goes_to_a_rule_set_that_reads_it(rule_set: str) -> None:
    result = assess_document(PRODUCTION, rule_set)

    assert isinstance(result, ProductionAssessment)
    assert result.rule_set.startswith(rule_set)


@pytest.mark.parametrize(
    ("path", "rule_set", "readers"),
    [(PRODUCTION, "iso14083", "iso-19870-1, iso-ts-19870"), (CHAIN, "iso-ts-19870", "iso14083")],
)
def test_a_document_of_another_format_is_refused_with_those_that_read_it(
    path: Path, rule_set: str, readers: str
) -> None:
    with pytest.raises(UsageError) as caught:
        assess_document(path, rule_set)

    assert "rules.wrong-document" == caught.value.code
    assert f"Rule sets that read it: {readers}." == caught.value.next_step


@pytest.mark.parametrize(("text", "code"), [("", "unreadable"), ("[]", "shape"), ('{"format": "other/1"}', "shape")])
@pytest.mark.parametrize(("rule_set", "family"), [("iso14083", "chain"), ("iso-19870-1", "production")])
def test_a_file_that_is_neither_is_refused_by_the_format_that_the_rule_set_reads(
    text: str, code: str, rule_set: str, family: str, tmp_path: Path
) -> None:
    path = tmp_path / "document.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        assess_document(path, rule_set)

    assert f"{family}.{code}" == caught.value.code


def test_a_production_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_production(tmp_path / "none.json")

    assert ("production.unreadable", str(tmp_path / "none.json")) == (caught.value.code, caught.value.about)


def test_the_command_prints_json_that_a_program_reads() -> None:
    done = command("assess", str(PRODUCTION), "--rules", "iso-19870-1", "--json")
    result = json.loads(done.stdout)

    assert ("mass", "9.42139257885") == (result["result"]["allocation"], result["result"]["kgco2e_per_kg"])


def test_the_command_writes_the_calculation_as_by_hand() -> None:
    done = command("assess", str(PRODUCTION), "--rules", "iso-19870-1", "--explain", "--language", "en")

    assert done.stdout.startswith("# the calculation of plant CA-01 by iso-19870-1@2026.1\n")
    assert "≈ 9.421393 kgCO2e/kg   [iso-19870-1/2026.1, clause unseen]" in done.stdout


def test_the_schema_is_that_of_what_the_rule_set_reads() -> None:
    chain, production = command("assess", "--schema"), command("assess", "--schema", "--rules", "iso-ts-19870")

    assert "TransportChain" in json.loads(chain.stdout)["$defs"]
    assert "HydrogenProduction" in json.loads(production.stdout)["$defs"]


def test_the_command_ends_with_2_where_set_and_document_do_not_match() -> None:
    done = command("assess", str(PRODUCTION), "--rules", "iso14083")

    assert 2 == done.returncode
    assert done.stderr.startswith("rules.wrong-document: iso14083@2023.1: it reads transport-chain/1,")


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: assess_file(CHAIN, "iso-19870-1"),
        lambda: assess_table(ROOT / "table.csv", None, "iso-19870-1"),
        lambda: ledger_of_documents("iso14083", "iso-19870-1", [CHAIN]),
    ],
    ids=["chain", "table", "ledger"],
)
def test_what_is_about_chains_refuses_a_rule_set_that_reads_none(attempt: Callable[[], object]) -> None:
    with pytest.raises(UsageError) as caught:
        attempt()

    assert ("rules.wrong-document", "iso-19870-1@2026.1") == (caught.value.code, caught.value.about)


def test_a_trial_refuses_a_rule_set_that_reads_no_transport_chains(trials_dir: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    trial = ("trial", "run", str(trials_dir / "first-run"), "--workspace", str(workspace))
    done = command(*trial, "--rules", "iso-19870-1")

    assert 2 == done.returncode
    assert "rules.wrong-document: iso-19870-1@2026.1" in done.stderr
    assert not workspace.exists()


OWN = """
[pack]
id = "own-grid"
edition = "2026.1"
title_zh = "自有电力因子"
title_en = "own grid"
publisher = "own"
licence = "own"

[[parameter]]
name = "electricity_wtt_kgco2e_per_kwh"
title_zh = "电力因子"
title_en = "electricity"
unit = "kgCO2e/kWh"
boundary = "life_cycle"
region = "Chongqing"
from = 2024-01-01
value = "0.5"
source = "test"
page = "none"
checked_on = 2026-11-28
"""


def test_an_own_factor_file_is_asked_before_the_rule_set_and_named(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    result = assess_document(PRODUCTION, "iso-19870-1", factors=[path])

    assert isinstance(result, ProductionAssessment)
    assert ["own-grid/2026.1"] == [each.label for each in result.factor_files]
    assert {"own-grid/2026.1"} == {each.edition for each in result.factors if each.region_asked == "Chongqing"}


FUEL = """
[pack]
id = "own-fuel"
edition = "2026.1"
title_zh = "自有燃料因子"
title_en = "own fuel"
publisher = "own"
licence = "own"
"""
LEG = """
[[parameter]]
name = "pellets_{leg}_kgco2e_per_t"
title_zh = "颗粒燃料因子"
title_en = "pellets"
unit = "kgCO2e/t"
boundary = "{boundary}"
from = 2024-01-01
value = "{value}"
source = "test"
page = "none"
checked_on = 2026-11-28
"""


def test_an_input_takes_both_legs_of_a_factor_by_name_from_an_own_file(tmp_path: Path) -> None:
    path, document = tmp_path / "own.toml", json.loads(PRODUCTION.read_bytes())
    provided = LEG.format(leg="wtt", boundary="life_cycle", value="30")
    path.write_text(FUEL + provided + LEG.format(leg="ttw", boundary="direct", value="12"), "utf-8")
    pellets = {"id": "pellets", "kind": "fuel", "amount": "2", "unit": "t", "serves": "hydrogen", "factor": "pellets"}
    document["inventory"]["inputs"].append(pellets)
    (tmp_path / "plant.json").write_text(json.dumps(document), "utf-8")
    result = assess_document(tmp_path / "plant.json", "iso-19870-1", factors=[path])

    assert isinstance(result, ProductionAssessment)
    assert "84" == next(each.kgco2e for each in result.flows if each.id == "pellets")
    with pytest.raises(CorridorError, match="pellets_wtt_kgco2e_per_t"):
        assess_document(tmp_path / "plant.json", "iso-19870-1")


def test_a_factor_by_name_cannot_talk_a_prior_use_away(tmp_path: Path) -> None:
    path, document = tmp_path / "own.toml", json.loads(PRODUCTION.read_bytes())
    provided = LEG.format(leg="wtt", boundary="life_cycle", value="-30")
    path.write_text(FUEL + provided + LEG.format(leg="ttw", boundary="direct", value="12"), "utf-8")
    pellets = {"id": "pellets", "kind": "fuel", "amount": "2", "unit": "t", "serves": "hydrogen", "factor": "pellets"}
    document["inventory"]["prior_use"]["replacement"] = pellets
    (tmp_path / "plant.json").write_text(json.dumps(document), "utf-8")
    with pytest.raises(CorridorError, match="comes to -36 kgCO2e, below zero") as caught:
        assess_document(tmp_path / "plant.json", "iso-19870-1", factors=[path])

    assert "rule.absurd-value" == caught.value.code


def test_what_changes_between_two_hydrogen_sets_is_listed_and_followed_on_a_plant() -> None:
    pair = ("iso-ts-19870@2023.1", "iso-19870-1@2026.1")
    listed = command("rules", "diff", *pair)
    (ledger,) = ledger_of_documents(*pair, [PRODUCTION])
    figures = ledger.ledger.before

    assert 0 == listed.returncode
    assert "~ formulas: result_kgco2e_per_kg.formula" in listed.stdout
    after = ledger.ledger.after

    assert [figures["nozzle"], after["gate"]] == [figures["result"], after["result"]]
    assert (figures["gate"], figures["nozzle"]) == (after["gate"], after["nozzle"])
    assert ["result_kgco2e_per_kg at allocation"] == [c.name for row in ledger.ledger.rows for c in row.changes]


def test_two_editions_of_a_method_are_compared_and_no_figure_is_followed_by_them() -> None:
    pair = ("same-service-diesel@2025.1", "same-service-diesel@2026.1")
    listed = command("rules", "diff", *pair)

    assert 0 == listed.returncode
    assert "~ support: comparable_vehicle.fields" in listed.stdout
    with pytest.raises(UsageError) as caught:
        ledger_of_documents(*pair, [CHAIN])
    assert "Leave out --chain" in caught.value.next_step
