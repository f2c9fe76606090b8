"""The calculator as a command: what it prints for programs, by hand, and of a table."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from h2corridor import __version__
from h2corridor.app.examples import example_document
from h2corridor.cli.commands import app
from h2corridor.model.errors import UsageError


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["assess", *arguments])

    assert 0 == result.exit_code, result.output
    return result.stdout


@pytest.fixture
def chain(tmp_path: Path) -> str:
    path = tmp_path / "chain.json"
    path.write_text(printed("--example", "freight-chain"), encoding="utf-8")
    return str(path)


def test_the_result_for_programs_names_edition_day_and_software(chain: str) -> None:
    found = json.loads(printed(chain, "--rules", "iso14083@2023.1", "--json"))

    assert ("iso14083@2023.1", None) == (found["rule_set"], found["activity_date"])
    assert f"h2corridor {__version__}" == found["software"]


def test_the_calculation_by_hand_ends_with_the_figure(chain: str) -> None:
    assert "= 316.625 kgCO2e" in printed(chain, "--explain", "--language", "en")


def test_a_table_is_told_in_a_sentence_and_never_overwrites(tmp_path: Path) -> None:
    table, categories, out = tmp_path / "legs.csv", tmp_path / "categories.json", tmp_path / "out.csv"
    table.write_text(example_document("shipments.csv"), encoding="utf-8")
    categories.write_text(example_document("shipments-categories"), encoding="utf-8")
    arguments = [str(table), "--categories", str(categories), "--out", str(out)]

    assert "3 shipments assessed, 8 elements; 0 refused." in printed(*arguments, "--language", "en")
    again = CliRunner().invoke(app, ["assess", *arguments])

    assert isinstance(again.exception, UsageError)
    assert "cli.file-exists" == again.exception.code


def test_without_a_document_the_command_says_how_to_begin() -> None:
    result = CliRunner().invoke(app, ["assess"])

    assert isinstance(result.exception, UsageError)
    assert "--example list" in result.exception.message


@pytest.mark.parametrize("options", [("--out", "x.csv"), ("--elements", "y.csv"), ("--categories", "z.json")])
def test_an_option_that_would_do_nothing_is_refused(chain: str, options: tuple[str, str]) -> None:
    result = CliRunner().invoke(app, ["assess", chain, *options])

    assert isinstance(result.exception, UsageError)
    assert "cli.idle-option" == result.exception.code
    assert options[0] in result.exception.fault
