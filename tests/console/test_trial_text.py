"""The trial's record as text."""

import io
import shlex
from pathlib import Path

import pytest

from h2corridor.app.trial_decisions import FindingState
from h2corridor.app.trial_missing import Missing
from h2corridor.app.trial_record import TrialRecord
from h2corridor.app.trial_status import TrialStatus
from h2corridor.console.texts import Language
from h2corridor.console.trial_text import print_findings, print_status
from h2corridor.model.report import FindingRow
from h2corridor.model.trial_report import Words


@pytest.mark.parametrize(("language", "severity"), [("zh", "警告"), ("en", "warning")])
def test_a_severity_is_said_in_the_language_of_the_reader(language: Language, severity: str) -> None:
    row = FindingRow(
        finding_id="f1",
        check="frame.damaged",
        severity="warning",
        file="",
        row=1,
        last_row=1,
        vin=None,
        at=None,
        message="",
        next_step="",
    )
    out = io.StringIO()
    print_findings([FindingState(finding=row, decision=None)], language, out)

    assert severity == out.getvalue().split()[1]


def test_a_finding_is_listed_with_its_rows_and_its_truck() -> None:
    row = FindingRow(
        finding_id="f1",
        check="frame.damaged",
        severity="warning",
        file="telemetry/V/d.csv",
        row=7,
        last_row=9,
        vin="V",
        at=None,
        message="",
        next_step="",
    )
    out = io.StringIO()
    print_findings([FindingState(finding=row, decision=None)], "zh", out)

    assert "telemetry/V/d.csv: 第 7–9 行  V" in out.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_that_prints_commands_names_its_workspace_as_a_shell_reads_it(language: Language) -> None:
    status = TrialStatus(
        record=TrialRecord(documents=()),
        report=None,
        sha256=None,
        missing=(Missing(kind="finding", words=Words(zh="一项", en="one"), command="a command"),),
        stale=(),
        overdue=(),
        to_correct=(),
    )
    out = io.StringIO()
    print_status(status, language, out, workspace=Path("a trial"))
    printed = shlex.split(out.getvalue().splitlines()[-1].partition("h2corridor ")[2])

    assert ["trial", "status", "--workspace", "a trial", "--commands"] == printed
