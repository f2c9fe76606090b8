"""Decisions stay with what was decided about, whatever row it stands in."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from made_runs import NOW_MS

from h2corridor.app.bootstrap import make_record_signer
from h2corridor.app.trial_decisions import (
    Selection,
    decide,
    finding_states,
    list_findings,
    place_digest,
    stale_decisions,
)
from h2corridor.app.trial_record import TrialRecord, read_record
from h2corridor.app.trial_report import make_trial_report
from h2corridor.app.trial_status import read_status
from h2corridor.model.report import FindingRow, Report
from h2corridor.model.trial_record import DecidedFinding, Decision, Outcome
from h2corridor.model.trial_report import decode_trial_report

RunInto = Callable[..., Report]
FAULTS = (
    ("consignments.csv", b"LHXU1590017", b"LHXU1590018"),
    ("consignments.csv", b"LHXU3031810", b"LHXU3031811"),
    ("refuellings.csv", b",22.59,39158.83,", b",22.59,39159.83,"),
)
"""Check digits that do not fit, and a meter that went on between two fills."""


@pytest.fixture
def faulty(dataset: Path) -> Path:
    for name, before, after in FAULTS:
        data = (dataset / name).read_bytes()

        assert before in data

        (dataset / name).write_bytes(data.replace(before, after))
    return dataset


@pytest.fixture
def decided(faulty: Path, run_into: RunInto, keys_folder: Path, tmp_path: Path) -> Path:
    workspace = tmp_path / "w"
    run_into(faulty, workspace)
    for check in sorted({each.finding.check for each in list_findings(workspace, Selection())}):
        words = {"outcome": "accepted", "reason": "seen", "decided_by": "a person", "due": None}
        log_of = make_record_signer(keys_folder)
        decide(workspace, Selection(check=check), **words, now_ms=NOW_MS, log_of=log_of)
    return workspace


def _holding(workspace: Path) -> dict[tuple[str, str, str], int | None]:
    """Check, file, message and the number of the decision that holds."""
    return {
        (each.finding.check, each.finding.file, each.finding.message): each.decision and each.decision.number
        for each in list_findings(workspace, Selection())
    }


def _asked(workspace: Path) -> list[str]:
    missing = read_status(workspace, now_ms=NOW_MS, checks_log=False).missing
    return [each.words.en for each in missing if each.kind == "finding"]


def test_sorted_tables_and_a_row_at_the_top_leave_every_decision_where_it_was(
    faulty: Path, decided: Path, run_into: RunInto
) -> None:
    before = _holding(decided)
    rows = {each.finding.row for each in list_findings(decided, Selection(file="consignments.csv"))}
    for table in faulty.glob("*.csv"):
        header, *lines = table.read_bytes().splitlines(keepends=True)
        table.write_bytes(header + b"".join(reversed(lines)))
    energy = faulty / "station_energy.csv"
    header, *lines = energy.read_bytes().splitlines(keepends=True)
    energy.write_bytes(header + b"FR-GANSHUI,2026-03-03,10.0,Chongqing\n" + b"".join(lines))
    run_into(faulty, decided)
    report = decode_trial_report(make_trial_report(decided))

    assert {"consignments.csv", "refuellings.csv"} <= {file for _, file, _ in before}
    assert {1, 2} == rows
    assert None not in before.values()
    assert before == _holding(decided)
    assert [] == _asked(decided)
    assert {"applies"} == {each.state for each in report.decided}


def test_a_row_with_another_content_is_asked_about_again_and_its_neighbour_is_not(
    faulty: Path, decided: Path, run_into: RunInto
) -> None:
    table = faulty / "consignments.csv"
    data = table.read_bytes()
    table.write_bytes(data.replace("玻璃纤维".encode(), "钢卷".encode()))
    run_into(faulty, decided)
    undecided = [each.finding for each in list_findings(decided, Selection()) if each.undecided]

    assert data != table.read_bytes()
    assert [("freight.container-check-digit", 2)] == [(each.check, each.row) for each in undecided]
    assert ["1 finding(s) of freight.container-check-digit (warning) are undecided."] == _asked(decided)
    (stale,) = stale_decisions([each.finding for each in list_findings(decided, Selection())], read_record(decided))

    assert ("says-otherwise", 2) == (stale.state, stale.finding.row)


FOUND = FindingRow(
    finding_id="f-0123456789",
    check="freight.container-check-digit",
    severity="warning",
    file="consignments.csv",
    row=7,
    last_row=8,
    vin=None,
    at=None,
    message="It does not fit.",
    next_step="Ask.",
    says=("a" * 64, "b" * 64),
)


def _decision(number: int, *says: str, outcome: Outcome = "accepted") -> Decision:
    findings = tuple(
        DecidedFinding(
            finding_id=FOUND.finding_id,
            check=FOUND.check,
            severity=FOUND.severity,
            file=FOUND.file,
            row=7 + at,
            vin=None,
            says=each,
        )
        for at, each in enumerate(says)
    )
    return Decision(
        number=number,
        recorded_at="2026-03-05T08:00:00+00:00",
        findings=findings,
        outcome=outcome,
        reason="r",
        decided_by="a person",
    )


def _holds(finding: FindingRow, *decisions: Decision) -> int | None:
    (state,) = finding_states([finding], TrialRecord(documents=decisions))
    return state.decision and state.decision.number


def test_a_run_is_decided_about_when_each_of_its_rows_is_and_with_one_outcome() -> None:
    first, second = FOUND.says

    assert 1 == _holds(FOUND, _decision(1, first, second))
    assert 2 == _holds(FOUND, _decision(1, first), _decision(2, second))
    assert _holds(FOUND, _decision(1, first)) is None
    assert _holds(FOUND, _decision(1, first), _decision(2, second, outcome="disputed")) is None
    assert 1 == _holds(msgspec.structs.replace(FOUND, says=(second,)), _decision(1, first, second))


def test_of_a_run_that_is_gone_one_decision_is_shown() -> None:
    record = TrialRecord(documents=(_decision(1, *FOUND.says),))

    assert [("not-found", 7)] == [(each.state, each.finding.row) for each in stale_decisions([], record)]


def test_a_decision_that_was_bound_to_row_numbers_holds_while_no_row_moves() -> None:
    earlier = _decision(1, place_digest(FOUND))

    assert 1 == _holds(FOUND, earlier)
    assert [] == stale_decisions([FOUND], TrialRecord(documents=(earlier,)))
    assert _holds(msgspec.structs.replace(FOUND, row=6), earlier) is None


def test_a_decision_about_what_is_said_ends_one_that_was_bound_to_row_numbers() -> None:
    first, second = FOUND.says
    earlier = _decision(1, place_digest(FOUND))

    assert _holds(FOUND, earlier, _decision(2, first), _decision(3, second, outcome="disputed")) is None
    assert _holds(FOUND, earlier, _decision(2, first, second, outcome="corrected")) is None
