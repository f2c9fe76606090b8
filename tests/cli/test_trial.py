"""The commands about a trial's record, as a person calls them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from h2corridor.app import trial_decisions
from h2corridor.app.trial_decisions import FindingState, Selection
from h2corridor.cli.commands import app


def test_findings_of_one_file_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Selection] = []

    def list_none(workspace: Path, selection: Selection) -> list[FindingState]:
        asked.append(selection)
        return []

    monkeypatch.setattr(trial_decisions, "list_findings", list_none)
    result = CliRunner().invoke(app, ["trial", "findings", "--workspace", "w", "--file", "seals.csv"])

    assert (0, [Selection(file="seals.csv")]) == (result.exit_code, asked)
