"""`h2corridor recognition` and `assess --recognition`: the same words in text and JSON, and no figure moved."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from h2corridor.app.examples import example_document
from h2corridor.cli.commands import app
from h2corridor.model.errors import UsageError

RECORD = str(Path(__file__).parents[2] / "docs" / "examples" / "recognition-invented.json")
ASKED = ["--recognition", RECORD, "--from", "CN", "--to", "XX", "--sector", "road-freight", "--on", "2026-06-01"]


@pytest.fixture
def chain(tmp_path: Path) -> str:
    path = tmp_path / "chain.json"
    path.write_text(example_document("freight-chain"), "utf-8")
    return str(path)


def _printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"LC_ALL": "C.UTF-8"})

    assert 0 == result.exit_code, result.output
    return result.stdout


def test_recognition_is_added_to_the_result_and_moves_nothing_in_it(chain: str) -> None:
    plain = json.loads(_printed("assess", chain, "--json"))
    asked = json.loads(_printed("assess", chain, "--json", *ASKED))
    added = asked.pop("recognition")

    assert plain == asked
    assert "declared by instrument INVENTED-0 (example)" == added["status"]
    assert ("2026-06-01", "CN") == (added["as_of"], added["record"]["record"]["from"])


def test_the_words_are_held_in_both_languages(chain: str) -> None:
    asked = [*ASKED[:-1], "2027-01-01"]

    assert "not recognised, recomputed for comparison" in _printed("assess", chain, *asked)
    assert "未被承认，仅重新计算以供比较" in _printed("assess", chain, *asked, "--language", "zh")


@pytest.mark.parametrize(
    "asked",
    [
        ["--to", "XX"],
        ["--recognition", RECORD],
        ["--recognition", RECORD, "--to", "XX"],
        ["--lane", "a"],
        ["--on", "2026-01-01"],
    ],
)
def test_a_question_that_is_not_whole_is_refused(chain: str, asked: list[str]) -> None:
    result = CliRunner().invoke(app, ["assess", chain, *asked])

    assert isinstance(result.exception, UsageError)
    assert "cli.recognition" == result.exception.code


def test_a_table_is_not_asked_about(tmp_path: Path) -> None:
    table = tmp_path / "shipments.csv"
    table.write_text("id\n", "utf-8")
    result = CliRunner().invoke(app, ["assess", str(table), *ASKED])

    assert isinstance(result.exception, UsageError)
    assert "cli.recognition" == result.exception.code


@pytest.mark.parametrize("day", ["2026-6-1", "20260601", "tomorrow", "2026-02-30"])
def test_a_day_is_written_in_one_way(chain: str, day: str) -> None:
    result = CliRunner().invoke(app, ["assess", chain, *ASKED[:-1], day])

    assert isinstance(result.exception, UsageError)
    assert "cli.day" == result.exception.code


def test_a_record_is_signed_and_listed_with_its_signer(tmp_path: Path) -> None:
    key, keys = tmp_path / "xx.key", tmp_path / "keys.txt"
    keys.write_text(_printed("sign", "key", "--party", "xx-office", "--out", str(key)), "utf-8")
    note = _printed("recognition", "sign", RECORD, "--key", str(key), "--out", str(tmp_path / "out")).strip()
    listed = json.loads(_printed("recognition", "list", note, "--keys", str(keys), "--json"))

    assert [["xx-office"]] == [each["signed_by"] for each in listed]
    assert "签署方：xx-office" in _printed("recognition", "list", note, "--keys", str(keys), "--language", "zh")


def test_a_draft_and_a_profile_are_not_circulated_at_once(tmp_path: Path) -> None:
    said = ["--draft", "d", "--profile", "abcdef", "--to", "B", "--reply-by", "2026-04-01", "--key", "k"]
    result = CliRunner().invoke(app, ["profile", "circulate", str(tmp_path), *said])

    assert isinstance(result.exception, UsageError)
    assert "cli.profile" == result.exception.code
