"""Decisions about findings: made, and set beside what the last run found. A decision moves no figure."""

import hashlib
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from h2verify import canonical

from h2corridor.app.read_report import read_documents
from h2corridor.app.trial_record import TrialRecord, add_document, read_record, require_day, require_texts
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import UsageError
from h2corridor.model.report import FindingRow, decode_report
from h2corridor.model.trial_record import OUTCOMES, DecidedFinding, Decision, Outcome

DecisionState = Literal["applies", "not-found", "says-otherwise"]
NEEDS_DECISION = ("warning", "blocking")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingState:
    """A finding of the last run and the decision that holds for it."""

    finding: FindingRow
    decision: Decision | None

    @property
    def undecided(self) -> bool:
        """Whether somebody still has to decide about it."""
        return self.decision is None and self.finding.severity in NEEDS_DECISION


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleDecision:
    """A finding as it was decided about that the last run does not show so any more."""

    decision: Decision
    finding: DecidedFinding
    state: DecisionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which findings: one by its id, or all of a check, of a truck, of a file, of a severity."""

    finding_id: str | None = None
    check: str | None = None
    vin: str | None = None
    file: str | None = None
    severity: str | None = None

    def takes(self, finding: FindingRow | DecidedFinding) -> bool:
        """Whether a finding is among them."""
        return all(asked is None or asked == getattr(finding, name) for name, asked in _asked(self))


def list_findings(workspace: Path, selection: Selection) -> list[FindingState]:
    """The findings of the last run, each with the decision that holds for it."""
    findings = decode_report(read_documents(workspace)["report.json"]).findings
    return finding_states([each for each in findings if selection.takes(each)], read_record(workspace))


def finding_states(findings: Sequence[FindingRow], record: TrialRecord) -> list[FindingState]:
    """Findings with the latest decision that binds to what each says.

    What was said to be corrected and is found is undecided: the fault came back. So is a run of rows that were decided
    about with different outcomes.
    """
    latest = _latest(record)
    holding = {says: decision for says, (decision, _) in latest.items() if decision.outcome != "corrected"}
    return [FindingState(finding=each, decision=_decision_of(each, holding, latest)) for each in findings]


def stale_decisions(findings: Sequence[FindingRow], record: TrialRecord) -> list[StaleDecision]:
    """What was decided about findings that are no longer there, or say something else; corrected ones left out.

    Of a finding about a run of rows, the first such row stands for all.
    """
    found: dict[tuple[int, str, DecisionState], StaleDecision] = {}
    for each in _stale(findings, record):
        found.setdefault((each.decision.number, each.finding.finding_id, each.state), each)
    return list(found.values())


def decide(
    workspace: Path,
    selection: Selection,
    *,
    outcome: str,
    reason: str,
    decided_by: str,
    due: str | None,
    now_ms: int,
    log_of: Callable[[Path], LogSigner],
) -> Decision:
    """Put a decision about findings into the record.

    Raises
    ------
    UsageError
        `trial.outcome`: there is none of this name; `trial.due`: `to-correct` without a day; `trial.text`; `trial.day`;
        `trial.no-finding`: nothing is selected; `trial.still-found`: `corrected` is said of what the last run shows.
    """
    chosen: Outcome | None = next((each for each in OUTCOMES if each == outcome), None)
    if chosen is None:
        next_step = f"Choose among {', '.join(OUTCOMES)}."
        raise UsageError("trial.outcome", f"there is no outcome {outcome}.", next_step=next_step)
    require_texts(reason=reason, decided_by=decided_by)
    if (chosen == "to-correct") != (due is not None):
        raise UsageError("trial.due", "to-correct, and it alone, has a day until when.", next_step="Give --due DATE.")
    day = None if due is None else require_day("due", due)
    findings = decode_report(read_documents(workspace)["report.json"]).findings
    record = read_record(workspace)
    selected = _corrected(findings, record, selection) if chosen == "corrected" else _found(findings, selection)

    def make(number: int, recorded_at: str) -> Decision:
        return Decision(
            number=number,
            recorded_at=recorded_at,
            findings=tuple(selected),
            outcome=chosen,
            reason=reason,
            decided_by=decided_by,
            due=day,
        )

    return add_document(workspace, make, now_ms=now_ms, log_of=log_of)


def says_of(finding: FindingRow) -> tuple[str, ...]:
    """The digests that a decision about a finding binds to: what it says, for each of its rows in a table."""
    return finding.says or (place_digest(finding),)


def place_digest(finding: FindingRow) -> str:
    """The digest of what a finding says of which rows by their numbers: what decisions were bound to before findings
    said what they say of the content of rows, and such decisions hold while no row moves.
    """
    names = ("check", "severity", "file", "row", "last_row", "vin", "at", "params")
    return hashlib.sha256(canonical.encode({name: getattr(finding, name) for name in names})).hexdigest()


def _decision_of(finding: FindingRow, holding: Mapping[str, Decision], decided: Container[str]) -> Decision | None:
    """The latest decision that holds for all that a finding says; where none was ever made of that, for its place."""
    found = [decision for says in says_of(finding) if (decision := holding.get(says)) is not None]
    if len(found) < len(says_of(finding)) or len({each.outcome for each in found}) > 1:
        return None if any(says in decided for says in says_of(finding)) else holding.get(place_digest(finding))
    return max(found, key=lambda each: each.number)


def _stale(findings: Sequence[FindingRow], record: TrialRecord) -> list[StaleDecision]:
    said = {says for each in findings for says in (*says_of(each), place_digest(each))}
    places: dict[tuple[str, str, str | None], list[FindingRow]] = {}
    for each in findings:
        places.setdefault((each.check, each.file, each.vin), []).append(each)
    return [
        StaleDecision(
            decision=decision,
            finding=finding,
            state="says-otherwise"
            if any(_stands_at(each, finding.row) for each in places.get((finding.check, finding.file, finding.vin), ()))
            else "not-found",
        )
        for says, (decision, finding) in _latest(record).items()
        if says not in said and decision.outcome != "corrected"
    ]


def _latest(record: TrialRecord) -> dict[str, tuple[Decision, DecidedFinding]]:
    """The latest decision about each thing said, and the finding as it was decided about."""
    return {each.says: (decision, each) for decision in record.list_decisions() for each in decision.findings}


def _found(findings: Sequence[FindingRow], selection: Selection) -> list[DecidedFinding]:
    selected = [each for each in findings if selection.takes(each)]
    if not selected:
        next_step = "`h2corridor trial findings` lists those of the last run."
        raise UsageError("trial.no-finding", "the last run has no such finding.", next_step=next_step)
    return [
        DecidedFinding(
            finding_id=each.finding_id,
            check=each.check,
            severity=each.severity,
            file=each.file,
            row=None if each.row is None else each.row + after,
            vin=each.vin,
            says=says,
        )
        for each in selected
        for after, says in enumerate(says_of(each))
    ]


def _corrected(findings: Sequence[FindingRow], record: TrialRecord, selection: Selection) -> list[DecidedFinding]:
    if any(selection.takes(each) for each in findings):
        fault = "the last run still shows it."
        next_step = "Have the data corrected and run again; or decide otherwise."
        raise UsageError("trial.still-found", fault, next_step=next_step)
    selected = [each.finding for each in _stale(findings, record) if selection.takes(each.finding)]
    if not selected:
        fault = "nothing was decided before about such a finding."
        next_step = "`h2corridor trial status` lists decisions about what is no longer found."
        raise UsageError("trial.no-finding", fault, next_step=next_step)
    return selected


def _asked(selection: Selection) -> list[tuple[str, str | None]]:
    return [(name, getattr(selection, name)) for name in ("finding_id", "check", "vin", "file", "severity")]


def _stands_at(finding: FindingRow, row: int | None) -> bool:
    """Whether a row, or no row, is the place of a finding."""
    if finding.row is None or row is None:
        return finding.row == row
    return finding.row <= row <= (finding.last_row or finding.row)
