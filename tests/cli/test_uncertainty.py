"""The commands that show intervals, as a person or a program calls them."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from h2corridor.cli import main
from h2corridor.cli.commands import app
from h2corridor.model.errors import CorridorError, UsageError


def _ranges(tmp_path: Path) -> str:
    path = tmp_path / "ranges.json"
    entry = {"fact": "distance_km[*]", "half_width_pct": "2", "source": "made"}
    path.write_text(json.dumps({"format": "ranges/1", "ranges": [entry]}), encoding="utf-8")
    return str(path)


def _chain(tmp_path: Path) -> str:
    path = tmp_path / "chain.json"
    path.write_text(CliRunner().invoke(app, ["assess", "--example", "freight-chain"]).output, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("language", "head"), [("zh", "95% 区间"), ("en", "95 % intervals")])
def test_ranges_add_intervals_to_what_is_printed(tmp_path: Path, language: str, head: str) -> None:
    asked = ["assess", _chain(tmp_path), "--ranges", _ranges(tmp_path)]
    spoken = CliRunner().invoke(app, [*asked, "--language", language])
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)

    assert (0, True) == (spoken.exit_code, head in spoken.output)
    assert found["wtw_kgco2e"] == found["uncertainty"][0]["value"]
    assert found["uncertainty"][0]["half_width"] in spoken.output


def test_without_ranges_an_assessment_is_what_it_was(tmp_path: Path) -> None:
    found = json.loads(CliRunner().invoke(app, ["assess", _chain(tmp_path), "--json"]).output)

    assert "uncertainty" not in found


def test_a_table_takes_no_ranges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "shipments.csv"
    table.write_text("id\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["h2corridor", "assess", str(table), "--ranges", _ranges(tmp_path)])
    with pytest.raises(SystemExit) as caught:
        main()

    assert 2 == caught.value.code
    assert "ranges.not-here" in capsys.readouterr().err


def test_the_intervals_of_a_trial_are_printed_for_people_and_for_programs(demo_workspace: Path) -> None:
    asked = ["trial", "uncertainty", "--workspace", str(demo_workspace)]
    spoken = CliRunner().invoke(app, [*asked, "--language", "en"])
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)

    assert (0, "first-run") == (spoken.exit_code, found["trial"])
    assert found["total"]["half_width"] in spoken.output
    assert "no range stated, counted as exact" in spoken.output


@pytest.mark.parametrize(("language", "head"), [("zh", "随机抽样 2000 次（种子 3）"), ("en", "2000 draws (seed 3)")])
def test_draws_stand_beside_the_intervals_with_their_seed(tmp_path: Path, language: str, head: str) -> None:
    asked = ["assess", _chain(tmp_path), "--ranges", _ranges(tmp_path), "--simulate", "2000", "--seed", "3"]
    spoken = CliRunner().invoke(app, [*asked, "--language", language])
    first = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)["uncertainty"][0]["simulated"]

    assert (0, True) == (spoken.exit_code, head in spoken.output)
    assert (2000, 3, False) == (first["draws"], first["seed"], first["differs"])
    assert first["low"] in spoken.output


def test_without_a_wish_for_draws_there_are_none(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["assess", _chain(tmp_path), "--ranges", _ranges(tmp_path), "--json"])

    assert [False] * 4 == ["simulated" in each for each in json.loads(run.output)["uncertainty"]]


def test_where_draws_and_interval_differ_the_reader_is_told_which_to_take(tmp_path: Path) -> None:
    path = tmp_path / "wide.json"
    facts = ("distance_adjustment_factor[*]", "actual_intensity_wtw_kgco2e_per_tkm[*]")
    entries = [{"fact": fact, "half_width_pct": "90", "source": "made", "correlation": "one"} for fact in facts]
    path.write_text(json.dumps({"format": "ranges/1", "ranges": entries}), encoding="utf-8")
    asked = ["assess", _chain(tmp_path), "--ranges", str(path), "--simulate", "2000", "--language", "en"]
    output = CliRunner().invoke(app, asked).output

    assert "differ by more than 10 % of the half width; take the draws: wtw_kgco2e" in output


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--seed", "3"], "simulation.not-asked"),
        (["--simulate", "2000"], "simulation.not-asked"),
        (["--simulate", "10"], "simulation.draws"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(tmp_path: Path, options: list[str], code: str) -> None:
    run = CliRunner().invoke(app, ["assess", _chain(tmp_path), *options])

    assert isinstance(run.exception, UsageError)
    assert code == run.exception.code


def test_a_trials_sum_is_drawn_with_its_shipments(demo_workspace: Path) -> None:
    asked = ["trial", "uncertainty", "--workspace", str(demo_workspace), "--simulate", "2000"]
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)

    assert (0, False) == (found["total"]["simulated"]["seed"], found["total"]["simulated"]["differs"])
    assert [2000] * len(found["shipments"]) == [each["simulated"]["draws"] for each in found["shipments"]]


def test_intervals_follow_the_calculation_that_is_written_out(tmp_path: Path) -> None:
    asked = ["assess", _chain(tmp_path), "--explain", "--ranges", _ranges(tmp_path), "--language", "en"]
    run = CliRunner().invoke(app, asked)
    plain = CliRunner().invoke(app, asked[:3] + asked[5:])

    assert (0, True) == (run.exit_code, run.output.startswith(plain.output))
    assert "95 % intervals" in run.output[len(plain.output) :]


@pytest.mark.parametrize("more", [[], ["--explain"], ["--json"]])
@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"half_width_pct": "2"}, "ranges.form"),
        ({"half_width_pct": "2", "source": "made", "fact": "distance_mk[*]"}, "ranges.unmatched"),
        ({"half_width_pct": "101", "source": "made"}, "ranges.beyond-zero"),
        ({"half_width_pct": "2", "source": "made", "correlation": "x"}, "ranges.correlation-alone"),
    ],
)
def test_a_bad_range_is_refused_however_the_result_is_asked_for(
    tmp_path: Path, more: list[str], entry: dict[str, str], code: str
) -> None:
    path = tmp_path / "ranges.json"
    path.write_text(
        json.dumps({"format": "ranges/1", "ranges": [{"fact": "distance_km[element:TCE1]", **entry}]}), encoding="utf-8"
    )
    run = CliRunner().invoke(app, ["assess", _chain(tmp_path), "--ranges", str(path), *more])

    assert isinstance(run.exception, CorridorError)
    assert (code, "") == (run.exception.code, run.output)


def test_bars_are_drawn_where_the_calculation_is_written_out(tmp_path: Path) -> None:
    asked = ["assess", _chain(tmp_path), "--ranges", _ranges(tmp_path), "--language", "en"]
    written = CliRunner().invoke(app, [*asked, "--explain"]).output
    bars = re.findall(r"^  (\S+_kgco2e) +[|\[ -]*o-*\]?$", written, re.MULTILINE)

    assert ["wtw_kgco2e", "wtt_kgco2e", "ttw_kgco2e"] == bars
    assert "on one scale from" not in CliRunner().invoke(app, asked).output
