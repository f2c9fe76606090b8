"""A run into a workspace that holds the report of another trial says that it is replaced, and that statements stay."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from h2corridor.app.read_report import find_trial
from h2corridor.cli.commands import app
from h2corridor.cli.summary import print_replaced
from h2corridor.store.files import Workspace


@pytest.mark.parametrize(("before", "is_said"), [(None, False), ("B", False), ("A", True)])
def test_a_report_of_another_trial_is_said_to_be_replaced(
    before: str | None, is_said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    print_replaced(before, "B", "en")
    print_replaced(before, "B", "zh")
    printed = capsys.readouterr()

    assert "" == printed.out
    assert is_said == ("held the report of the trial A. It is replaced by that of B" in printed.err)
    assert is_said == ("已替换为 B 的报告" in printed.err)


def test_a_folder_without_a_report_is_of_no_trial(tmp_path: Path) -> None:
    Workspace.create_or_open(tmp_path / "w", now_ms=0, software="test").close()

    assert [None, None] == [find_trial(tmp_path / "w"), find_trial(tmp_path / "absent")]


def test_a_second_trial_replaces_the_report_and_leaves_the_statements(trials_dir: Path, tmp_path: Path) -> None:
    copy, workspace = tmp_path / "other", tmp_path / "w"
    shutil.copytree(trials_dir / "first-run", copy, ignore=shutil.ignore_patterns("truth"))
    header = copy / "trial.toml"
    header.chmod(0o644)
    header.write_text(header.read_text("utf-8").replace('"first-run"', '"other-run"', 1), "utf-8")
    notices = []
    for dataset in (trials_dir / "first-run", copy):
        done = CliRunner().invoke(
            app, ["trial", "run", str(dataset), "--workspace", str(workspace), "--language", "en"]
        )
        notices.append("replaced by that of other-run" in done.stderr)
        assert 0 == done.exit_code, done.exception
    listed = CliRunner().invoke(app, ["statement", "list", "--workspace", str(workspace), "--json"]).stdout

    assert [False, True] == notices
    assert "other-run" == find_trial(workspace)
    assert 4 == len(json.loads(listed))
