"""Every target, for a fixed number of executions: a value, a finding or an error of the tree, whatever the bytes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from all_targets import TARGETS
from reached import function_lines, reached_lines

FOLDER = Path(__file__).parent
SESSION = FOLDER / "session.py"

Outcomes = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def outcomes(fuzzer: None, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What came of each target, by name; all ran in one session."""
    command = [sys.executable, str(SESSION), str(tmp_path_factory.mktemp("fuzz"))]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in run.stdout.splitlines()]

    assert found, run.stderr[-2_000:]
    return {each["name"]: each for each in found}


@pytest.mark.parametrize("name", [each.name for each in TARGETS])
def test_whatever_the_bytes_a_target_keeps_its_promise(name: str, outcomes: Outcomes) -> None:
    outcome = outcomes[name]

    assert ("", "") == (outcome["fault"], outcome["crash_hex"])
    assert 0 < outcome["asked"] == outcome["executions"]


@pytest.mark.parametrize("name", [each.name for each in TARGETS])
def test_a_target_gets_further_inside_than_an_empty_input_does(name: str, outcomes: Outcomes) -> None:
    outcome = outcomes[name]

    assert outcome["edges"] > 0
    assert outcome["lines_of_nothing"] < outcome["lines"]


def test_names_of_targets_are_different() -> None:
    assert 25 <= len(TARGETS) == len({each.name for each in TARGETS})


def test_a_check_that_does_nothing_reaches_nothing() -> None:
    for target in TARGETS:
        lines = function_lines(target.modules)

        assert lines
        assert set() == reached_lines(lambda _: None, [b"", b"x"], lines)


FAULTY = """
import json, sys
from dataclasses import asdict
from pathlib import Path
import session
from target import Target

def check(data):
    if data.startswith(b"F"):
        raise KeyError(data)

target = Target(name="faulty", modules=(json,), seeds=lambda: [b"E"], check=check, runs=20_000, max_bytes=4)
print(json.dumps(asdict(session.run_target(target, Path(sys.argv[1]), None))))
"""


def test_an_input_that_breaks_the_promise_is_kept_and_reported(fuzzer: None, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FAULTY, str(tmp_path)], stdout=subprocess.PIPE, text=True, check=True, cwd=FOLDER
    )
    outcome = json.loads(run.stdout)

    assert outcome["status"] != 0
    assert "KeyError" in outcome["fault"]
    assert bytes.fromhex(outcome["crash_hex"]).startswith(b"F")
    assert [outcome["crash_hex"]] == [kept.read_text().strip() for kept in tmp_path.glob("crashes/*.hex")]
