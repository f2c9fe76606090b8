"""A chain in a file is assessed by name of the rule set; editions are listed, shown and compared."""

import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from h2corridor.app.assess import assess_file
from h2corridor.app.rules import (
    diff_rule_sets,
    get_comparison,
    get_rule_set,
    list_rule_sets,
    read_edition,
    show_rule_set,
)
from h2corridor.app.trial_run import DEFAULT_COMPARISONS
from h2corridor.model.errors import InputError, RuleError, UsageError

EDITION = Path(sys.modules["h2corridor"].__file__ or "").parent / "accounting" / "rulesets" / "iso14083" / "2023.1"


def case_chain(tmp_path: Path, name: str = "hydrogen-worse-than-diesel.json") -> Path:
    folder = EDITION.parents[2] / "comparisons" / "same-service-diesel" / "2025.1" / "cases"
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(json.loads((folder / name).read_text("utf-8"))["chain"]), "utf-8")
    return path


def test_a_chain_in_a_file_is_assessed_and_compared_where_it_states_a_diesel_truck(tmp_path: Path) -> None:
    result = assess_file(case_chain(tmp_path), "iso14083")

    assert ("iso14083@2023.1", "draft") == (result.rule_set, result.rule_set_status)
    assert ["same-service-diesel", "tailpipe-press"] == [each.method for each in result.comparisons]
    assert {"2026.1"} == {each.edition for each in result.comparisons}
    assert () == assess_file(case_chain(tmp_path), "iso14083@2023.1", comparisons=()).comparisons


def test_a_chain_that_states_a_life_cycle_is_compared_by_it_too(tmp_path: Path) -> None:
    case = get_comparison("same-service-life-cycle@2026.1").files["cases/comparable-vehicle.json"]
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(json.loads(case)["chain"]), "utf-8")
    found = assess_file(path, "iso14083").comparisons

    assert ["same-service-diesel", "tailpipe-press", "same-service-life-cycle"] == [each.method for each in found]


def test_a_trial_keeps_to_the_editions_its_statements_were_made_by() -> None:
    pinned = [get_comparison(name) for name in DEFAULT_COMPARISONS]

    assert [
        "same-service-diesel/2025.1 0a33",
        "tailpipe-press/2025.1 61e8",
    ] == [f"{each.label} {each.digest[:4]}" for each in pinned]


@pytest.mark.parametrize("name", ["iso14083@2019.1", "iso14083@", "iso", "../iso14083", "same-service-diesel", ""])
def test_a_rule_set_that_nobody_offers_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        get_rule_set(name)

    assert "rules.unknown" == caught.value.code


def test_a_file_that_is_not_there_or_no_file_is_an_input_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(InputError) as caught:
            assess_file(path, "iso14083")

        assert ("chain.unreadable", str(path)) == (caught.value.code, caught.value.about)


def test_the_list_names_digest_and_status_of_every_edition() -> None:
    listed = {f"{each.id}@{each.edition}": each for each in list_rule_sets()}

    assert get_rule_set("iso14083").digest == listed["iso14083@2023.1"].digest
    assert get_comparison("tailpipe-press").digest == listed["tailpipe-press@2026.1"].digest
    assert {"draft"} == {each.status for each in listed.values()}


def test_an_edition_is_shown_with_formulas_parameters_and_limits() -> None:
    shown = show_rule_set("iso14083@2023.1")
    edition = get_rule_set("iso14083")
    day = edition.parameters.listed[0].from_

    assert "mass_kg / kg_per_t" == shown["formulas"]["mass_t"]["formula"]
    assert {"0.6205", "0.5777"} == {
        p["value"] for p in shown["parameters"] if p.get("boundary") == "life_cycle" and p.get("region")
    }
    assert Decimal(5) == edition.get_value("hydrogen_residual_limit_pct", day)
    assert Decimal(5) == edition.get_value("unknown_origin_limit_pct", day)
    json.dumps(shown)


def copied(tmp_path: Path, edition: str = "2023.2") -> Path:
    folder = tmp_path / "iso14083" / edition
    shutil.copytree(EDITION, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_an_edition_with_itself_has_no_difference() -> None:
    same = diff_rule_sets("iso14083", "iso14083@2023.1")

    assert [{"added": {}, "removed": {}, "changed": {}}] * 3 == [
        same[k] for k in ("formulas", "constants", "parameters")
    ]


def test_two_editions_differ_in_what_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copied(tmp_path)
    for name, before, after in (
        ("parameters.toml", 'edition = "2023.1"', 'edition = "2023.2"'),
        ("factors_fuels.toml", 'value = "42.8"', 'value = "42.9"'),
    ):
        stated = (folder / name).read_text("utf-8")
        (folder / name).write_text(stated.replace(before, after), "utf-8")
    rules = (folder / "rules.py").read_text("utf-8")
    (folder / "rules.py").write_text(rules.replace("mass_t * distance_km", "distance_km * mass_t"), "utf-8")
    copied(tmp_path, "2023.1")
    monkeypatch.setattr("h2corridor.app.rules._get_folder", lambda name, group: tmp_path / name)
    get_cached = sys.modules["h2corridor.app.rules"]._read_once
    get_cached.cache_clear()
    try:
        found = diff_rule_sets("iso14083@2023.1", "iso14083@2023.2")
    finally:
        get_cached.cache_clear()

    assert {"element_transport_activity_tkm": {"formula": ["mass_t * distance_km", "distance_km * mass_t"]}} == found[
        "formulas"
    ]["changed"]
    assert [["42.8", "42.9"]] == [change["value"] for change in found["parameters"]["changed"].values()]


def test_the_digest_is_that_of_the_folder_and_blind_to_what_python_leaves_there(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "rules.cpython-311.pyc").write_bytes(b"x")

    assert get_rule_set("iso14083").digest == read_edition(folder).digest
    with (folder / "parameters.toml").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert get_rule_set("iso14083").digest != read_edition(folder).digest


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("rules.py", None, "rule.bad-edition"),
        ("rules.py", "1 / 0", "rule.bad-edition"),
        ("rules.py", "this is no python", "rule.bad-edition"),
        ("parameters.toml", None, "rule.bad-edition"),
        ("parameters.toml", "[edition", "rule.bad-parameter"),
    ],
)
def test_a_folder_that_is_no_edition_is_refused(tmp_path: Path, file: str, content: str | None, code: str) -> None:
    folder = copied(tmp_path)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content, "utf-8")
    with pytest.raises(RuleError) as caught:
        read_edition(folder)

    assert code == caught.value.code


def test_a_folder_whose_files_declare_no_rule_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for path in folder.glob("rules*.py"):
        path.write_text("", "utf-8")
    with pytest.raises(RuleError) as caught:
        read_edition(folder)

    assert "rule.bad-edition" == caught.value.code


def test_asking_for_a_built_in_rule_set_does_not_read_the_metadata_of_every_distribution() -> None:
    program = (
        "import importlib.metadata as m\n"
        "def never(**_): raise SystemExit('entry points were read')\n"
        "m.entry_points = never\n"
        "from h2corridor.app.rules import get_rule_set\n"
        "print(get_rule_set('iso14083').name)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert "iso14083@2023.1\n" == done.stdout
