"""The trial's record as text."""

import io

import pytest

from h2corridor.app.trial_decisions import FindingState
from h2corridor.console.texts import Language
from h2corridor.console.trial_text import print_findings
from h2corridor.model.report import FindingRow


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
