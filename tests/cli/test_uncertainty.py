"""The commands that show intervals, as a person or a program calls them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from h2corridor.cli import main
from h2corridor.cli.commands import app


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
