"""Factors are listed, shown and checked, and an update says beforehand what it changes."""

import datetime
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from h2corridor.app import rules as rules_module
from h2corridor.app.factor_packs import PACK_BYTES_MAX
from h2corridor.app.factors import check_factor_file, diff_factors, list_factors, show_factor
from h2corridor.cli.commands import app
from h2corridor.model.errors import CorridorError, InputError, UsageError

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
OWN = EXAMPLES / "own-factors-2025.toml"
UPDATED = EXAMPLES / "own-factors-2026.toml"
CHAIN = EXAMPLES / "chain-with-own-factors.json"
GRID = "electricity_wtt_kgco2e_per_kwh"
EDITION = Path(sys.modules["h2corridor"].__file__ or "").parent / "accounting" / "rulesets" / "iso14083" / "2023.1"


def called(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["factors", *arguments])


def as_json(*arguments: str) -> Any:
    return json.loads(called(*arguments, "--json").stdout)


def test_factors_are_listed_by_name_and_region_and_limits_are_none_of_them() -> None:
    everything = {each.name for each in list_factors("iso14083")}
    listed = list_factors("iso14083", name=GRID, region="Southwest China")

    assert "hydrogen_residual_limit_pct" not in everything
    assert {"hvo_wtt_kgco2e_per_l", "r_452a_gwp100", GRID} <= everything
    assert ["0.2113", "0.2268", "0.2472"] == [each.value for each in listed]
    assert {("regional", "china-electricity/2026.1")} == {(each.level, each.pack) for each in listed}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2020-12-31", []),
        ("2022-06-30", [("0.5227", "holds", 0)]),
        ("2025-06-30", [("0.5227", "aged", 3)]),
        ("2026-06-30", []),
    ],
)
def test_on_a_day_only_what_is_taken_then_is_listed(on: str, expected: list[tuple[str, str, int]]) -> None:
    day = datetime.date.fromisoformat(on)
    found = list_factors("iso14083", name=GRID, region="Chongqing", on=day)

    assert expected == [(each.value, each.standing, each.age_years) for each in found]


def test_a_factor_is_shown_by_the_name_a_chain_gives_and_an_own_file_comes_first() -> None:
    by_stem = show_factor("hvo", "iso14083")
    mine = show_factor(GRID, "iso14083", files=[OWN])

    assert 4 == len(by_stem)
    assert ("own-factors/2025.1", "0.41") == (mine[0].pack, mine[0].value)
    assert all(each.digest and each.licence for each in (*by_stem, *mine))


def test_a_name_that_nobody_has_is_a_usage_error() -> None:
    with pytest.raises(UsageError) as caught:
        show_factor("snake_oil", "iso14083")

    assert "factors.unknown" == caught.value.code


def test_a_whole_file_is_checked_and_has_no_fault() -> None:
    checked = check_factor_file(OWN)

    assert ("own-factors/2025.1", 3, ()) == (checked.label, checked.entries, checked.faults)
    assert 0 == called("check", str(OWN)).exit_code


def test_every_fault_of_a_file_is_named_with_its_line_and_the_exit_status_is_one(tmp_path: Path) -> None:
    broken = OWN.read_text("utf-8").replace('boundary = "direct"\n', "").replace('value = "0.41"', 'value = "0,41"')
    path = tmp_path / "broken.toml"
    path.write_text(broken, "utf-8")
    lines = broken.splitlines()
    starts = [number for number, line in enumerate(lines, start=1) if line == "[[parameter]]"]
    zh, en = (called("check", str(path), "--language", language) for language in ("zh", "en"))

    assert {starts[1], starts[2]} == {fault.line for fault in check_factor_file(path).faults}
    assert (1, 1) == (zh.exit_code, en.exit_code)
    assert f"line {starts[1]}: site_gas_ttw_kgco2e_per_mj from 2025-01-01: a factor needs a boundary" in en.stdout
    assert f"第 {starts[1]} 行" in zh.stdout
    assert "因子须注明边界" in zh.stdout


def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (PACK_BYTES_MAX + 1))
    for path in (tmp_path, tmp_path / "none.toml", large):
        with pytest.raises(InputError) as caught:
            check_factor_file(path)

        assert ("factors.unreadable", str(path)) == (caught.value.code, caught.value.about)


def test_an_update_shows_what_changes_what_has_ended_and_the_figures_before_and_after() -> None:
    found = diff_factors(
        str(OWN), str(UPDATED), rules="iso14083", chains=[CHAIN], on=datetime.date.fromisoformat("2026-06-30")
    )

    assert [{"value": ("0.011", "0.012")}, {"value": ("0.41", "0.38")}] == [each.fields for each in found.changed]
    assert ((), ()) == (found.added, found.removed)
    assert {("aged", 1)} == {(each.standing, each.age_years) for each in found.stale}
    assert [("54.298800768", "53.548800768", "-0.75")] == [
        (each.before_kgco2e, each.after_kgco2e, each.difference_kgco2e) for each in found.figures
    ]


def test_a_value_past_its_allowed_age_is_said_not_to_be_taken_any_more() -> None:
    found = diff_factors(str(OWN), str(UPDATED), rules="iso14083", on=datetime.date.fromisoformat("2027-01-01"))

    assert {"too_old"} == {each.standing for each in found.stale}
    assert (
        "not taken any more" in called("diff", str(OWN), str(UPDATED), "--on", "2027-01-01", "--language", "en").stdout
    )


def test_a_chain_that_one_side_refuses_has_the_refusal_in_the_place_of_a_figure() -> None:
    (figure,) = diff_factors("iso14083", str(OWN), rules="iso14083", chains=[CHAIN]).figures

    assert (None, "54.298800768", None) == (figure.before_kgco2e, figure.after_kgco2e, figure.difference_kgco2e)
    assert figure.refused_before is not None
    assert figure.refused_before.startswith("rule.no-factor: ")


def test_values_of_one_side_alone_are_added_or_removed(tmp_path: Path) -> None:
    text = OWN.read_text("utf-8")
    fewer = tmp_path / "fewer.toml"
    fewer.write_text(text[: text.index("# The rule set's own name")], "utf-8")
    gained, lost = (
        diff_factors(first, second, rules="iso14083")
        for first, second in ((str(fewer), str(OWN)), (str(OWN), str(fewer)))
    )

    assert ([GRID], []) == ([each.name for each in gained.added], [each.name for each in gained.removed])
    assert ([], [GRID]) == ([each.name for each in lost.added], [each.name for each in lost.removed])


def test_two_editions_are_compared_and_the_old_one_gives_its_old_figure_to_the_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from h2corridor.app.assess import assess_file

    chain = tmp_path / "chain.json"
    stated = json.loads(CHAIN.read_text("utf-8"))
    stated["categories"]["warehouse"]["energy"] = [
        {"carrier": "electricity", "amount": "900", "unit": "kWh", "grid_region": "Chongqing"}
    ]
    chain.write_text(json.dumps(stated), "utf-8")
    before = assess_file(chain, "iso14083@2023.1").derivation
    for edition in ("2023.1", "2023.2"):
        shutil.copytree(EDITION, tmp_path / "iso14083" / edition, ignore=shutil.ignore_patterns("__pycache__"))
    updated = tmp_path / "iso14083" / "2023.2"
    for name, old, new in (
        ("parameters.toml", 'edition = "2023.1"', 'edition = "2023.2"'),
        ("factors_china_electricity.toml", 'value = "0.5777"', 'value = "0.5"'),
    ):
        text = (updated / name).read_text("utf-8")
        (updated / name).write_text(text.replace(old, new, 1), "utf-8")
    monkeypatch.setattr(rules_module, "_get_folder", lambda name, group: tmp_path / name)
    rules_module._read_once.cache_clear()
    try:
        found = diff_factors("iso14083@2023.1", "iso14083@2023.2", rules="iso14083", chains=[chain])
        after = assess_file(chain, "iso14083@2023.1").derivation
    finally:
        rules_module._read_once.cache_clear()

    assert [{"value": ("0.5777", "0.5")}] == [each.fields for each in found.changed]
    assert [("iso14083/2023.1", "iso14083/2023.2")] == [(found.first, found.second)]
    assert ["-2.0979"] == [each.difference_kgco2e for each in found.figures]
    assert json.dumps(before) == json.dumps(after)


def test_the_same_twice_does_not_differ() -> None:
    found = as_json("diff", str(OWN), str(OWN))

    assert ([], [], [], []) == tuple(found[key] for key in ("added", "removed", "changed", "figures"))
    assert "数值没有差别。" in called("diff", str(OWN), str(OWN), "--language", "zh").stdout


def test_what_is_listed_and_shown_is_there_for_programs_and_for_readers_of_both_languages() -> None:
    listed = as_json("list", "--name", "hvo")["factors"]
    shown = as_json("show", "hvo")["factors"]

    assert listed == shown
    for command in (("list", "--name", "hvo"), ("show", "hvo")):
        zh, en = (called(*command, "--language", language).stdout for language in ("zh", "en"))

        assert "fuels/2026.1" in zh
        assert zh != en
    assert "There is no such factor." in called("list", "--name", "snake_oil", "--language", "en").stdout


def test_a_day_that_is_none_is_a_usage_error() -> None:
    result = called("list", "--on", "2026-02-30")

    assert isinstance(result.exception, CorridorError)
    assert ("cli.day", 2) == (result.exception.code, result.exception.exit_status)


def test_the_page_on_factors_shows_what_the_commands_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")
    page = (ROOT / "docs" / "how-to" / "keep-factors.md").read_text("utf-8")
    quoted = re.findall(r"```\n\$ h2corridor (.*)\n([^`]*)```", page)

    assert 3 == len(quoted)
    for command, shown in quoted:
        printed = CliRunner().invoke(app, command.split()).stdout.splitlines()
        for line in shown.splitlines():
            assert any(each.startswith(line.removesuffix("...")) for each in printed), line


def test_the_page_on_factors_shows_the_beginning_of_its_example() -> None:
    page = (ROOT / "docs" / "how-to" / "keep-factors.md").read_text("utf-8")
    shown = [
        line.removeprefix("    ") for line in page.splitlines() if line.startswith("    ") and "h2corridor" not in line
    ]
    stated = OWN.read_text("utf-8").splitlines()

    assert len(shown) > 15
    assert [] == [line for line in shown if line not in stated]


def test_a_figure_by_an_own_file_says_so_in_text_and_for_programs() -> None:
    command = ["assess", str(CHAIN), "--factors", str(OWN)]
    text = CliRunner().invoke(app, [*command, "--language", "en"]).stdout
    found = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)

    assert "own factor file: own-factors/2025.1" in text
    assert ["own-factors/2025.1"] == [each["label"] for each in found["factor_files"]]
    assert {"own-factors/2025.1", "fuels/2026.1"} == {each["pack"] for each in found["factors"]}


def test_an_old_value_and_one_of_a_wider_region_are_said_in_the_text_of_a_figure(tmp_path: Path) -> None:
    chain = json.loads(CHAIN.read_text("utf-8"))
    chain["activity_date"] = "2026-05-01"
    chain["categories"]["warehouse"]["energy"][0]["grid_region"] = "Guizhou"
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(chain), "utf-8")
    zh, en = (
        CliRunner().invoke(app, ["assess", str(path), "--factors", str(OWN), "--language", language]).stdout
        for language in ("zh", "en")
    )

    assert "rests on a value that held until 2024-12-31 (age in years: 2)" in en
    assert "asks for Guizhou, the value is of China" in en
    assert "所求为 Guizhou，所取为 China" in zh
