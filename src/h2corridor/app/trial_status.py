"""How far a trial is: what is missing before it can be signed off, and the signing itself."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from h2corridor.app.read_report import find_trial, read_documents
from h2corridor.app.trial_consents import TrialDays, missing_consents
from h2corridor.app.trial_decisions import StaleDecision, finding_states, stale_decisions
from h2corridor.app.trial_missing import SEVERITIES_ZH, Missing, kinds_zh, missing_lines
from h2corridor.app.trial_parties import plan_differences
from h2corridor.app.trial_record import TO_FILL_IN, TrialRecord, add_document, read_record, require_texts
from h2corridor.app.trial_report import file_trial_report, make_trial_report
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import EvidenceError, UsageError
from h2corridor.model.report import FindingRow, Report, ThresholdUsed, decode_report
from h2corridor.model.trial_record import Decision, SignOff, ThresholdChange
from h2corridor.model.trial_report import Words
from h2corridor.store.files import Workspace

_OPEN = f'"{TO_FILL_IN}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCorrection:
    """A finding of the last run that is to be corrected, and the decision that says until when."""

    decision: Decision
    finding: FindingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialStatus:
    """A trial's record beside its last run.

    `report` is None while there was no run; `sha256` is the digest of the trial report as it stands; `overdue` are
    decisions whose day has passed while the finding is still there, `to_correct` those whose day is to come.
    """

    record: TrialRecord
    report: Report | None
    sha256: str | None
    missing: tuple[Missing, ...]
    stale: tuple[StaleDecision, ...]
    overdue: tuple[Decision, ...]
    to_correct: tuple[PendingCorrection, ...]

    def is_signed(self, sign_off: SignOff) -> bool:
        """Whether a sign-off is of the report as it stands; otherwise the trial has moved on."""
        return sign_off.report == self.sha256

    @property
    def is_signed_off(self) -> bool:
        """Whether somebody signed the report as it stands."""
        return any(self.is_signed(each) for each in self.record.list_sign_offs())


def read_status(workspace: Path, *, now_ms: int, checks_log: bool = True) -> TrialStatus:
    """The status of a trial.

    Parameters
    ----------
    now_ms : the instant at which consents have to be in force [ms since 1970-01-01 UTC]
    checks_log : whether everything received and logged is rebuilt and compared, which takes a while
    """
    record = read_record(workspace)
    ran = find_trial(workspace) is not None
    report = decode_report(read_documents(workspace)["report.json"]) if ran else None
    findings = report.findings if report else ()
    days = _days(record, report, now_ms)
    missing = [
        *_plan_missing(record, report),
        *_undecided(workspace, record, report),
        *_consents(workspace, record, days),
    ]
    states = finding_states(findings, record)
    holding = {each.decision.number: each.decision for each in states if each.decision is not None}
    today = days.signing.isoformat() if days else ""
    overdue = tuple(each for each in holding.values() if each.due is not None and each.due < today)
    missing += [_late(each) for each in overdue]
    if checks_log:
        missing += _log_faults(workspace)
    return TrialStatus(
        record=record,
        report=report,
        sha256=hashlib.sha256(make_trial_report(workspace)).hexdigest() if ran else None,
        missing=tuple(missing),
        stale=tuple(stale_decisions(findings, record)),
        overdue=overdue,
        to_correct=tuple(
            PendingCorrection(decision=each.decision, finding=each.finding)
            for each in states
            if each.decision is not None and each.decision.due is not None and each.decision not in overdue
        ),
    )


def sign_off(
    workspace: Path, *, signed_by: str, role: str, now_ms: int, log_of: Callable[[Path], LogSigner]
) -> SignOff:
    """File the trial report as it stands and put a signature under its digest into the record.

    Raises
    ------
    UsageError
        `trial.not-ready`: something is missing, each named; `trial.role`: the plan has no party in this role;
        `trial.moved-on`: run or record changed after they were looked at; `trial.text`.
    """
    require_texts(signed_by=signed_by, role=role)
    status = read_status(workspace, now_ms=now_ms)
    if status.missing:
        fault = "\n  ".join(["cannot be signed off; there is missing:", *missing_lines(status.missing, "en")])
        command = f"h2corridor trial status --workspace {quote(str(workspace))} --commands"
        next_step = f"\n`{command}` gives the commands to fill in."
        raise UsageError("trial.not-ready", fault, about=str(workspace), next_step=next_step)
    plan = status.record.find_plan()
    roles = sorted({party.role for party in plan.parties}) if plan else []
    if role not in roles:
        next_step = f"The plan has {', '.join(roles)}."
        raise UsageError("trial.role", f"the plan has no party in the role {role}.", next_step=next_step)
    digest, _ = file_trial_report(workspace, now_ms=now_ms, log_of=log_of)
    if digest != status.sha256:
        raise _moved_on(workspace)

    def make(number: int, recorded_at: str) -> SignOff:
        if number > len(status.record.documents) + 1:
            raise _moved_on(workspace)
        return SignOff(number=number, recorded_at=recorded_at, report=digest, signed_by=signed_by, role=role)

    return add_document(workspace, make, now_ms=now_ms, log_of=log_of)


def _moved_on(workspace: Path) -> UsageError:
    fault = "a run or a document came while it was being signed: what would be signed is not what was looked at."
    return UsageError("trial.moved-on", fault, about=str(workspace), next_step="Sign off again.")


def _days(record: TrialRecord, report: Report | None, now_ms: int) -> TrialDays | None:
    """The days of the last run's period or, before a run, of the plan's."""
    for source in (report, record.find_plan()):
        if source is not None and source.period_start is not None and source.period_end is not None:
            return TrialDays.of(source.period_start, source.period_end, now_ms)
    return None


def _plan_missing(record: TrialRecord, report: Report | None) -> list[Missing]:
    plan = record.find_plan()
    found = []
    if plan is None:
        zh = "没有试运行方案：用 `h2corridor trial plan` 登记。"
        found.append(_missing("plan", zh, "There is no plan: record one with `h2corridor trial plan`."))
    if report is None:
        zh = "尚未运行：用 `h2corridor trial run` 运行。"
        found.append(_missing("run", zh, "There was no run: run `h2corridor trial run`."))
    elif plan is not None:
        if _said(plan.thresholds) != _said(report.thresholds):
            zh = "上次运行之后方案中的阈值已变：请重新运行。"
            en = "The plan's thresholds are not those of the last run: run again."
            found.append(_missing("thresholds", zh, en))
        found += [Missing(kind="plan-differs", words=words) for words in plan_differences(plan, report)]
    return found


def _said(thresholds: Sequence[ThresholdChange | ThresholdUsed]) -> set[tuple[str, ...]]:
    return {(each.check, each.name, each.value, each.reason, each.source, each.decided_on) for each in thresholds}


def _undecided(workspace: Path, record: TrialRecord, report: Report | None) -> list[Missing]:
    states = finding_states(report.findings if report else (), record)
    counts = Counter((each.finding.check, each.finding.severity) for each in states if each.undecided)
    return [
        _missing(
            "finding",
            f"{check}（{SEVERITIES_ZH[severity]}）有 {count} 项结果未处置。",
            f"{count} finding(s) of {check} ({severity}) are undecided.",
            f"h2corridor trial decide --check {check} --workspace {quote(str(workspace))} "
            f"--outcome {_OPEN} --reason {_OPEN} --decided-by {_OPEN}",
        )
        for (check, severity), count in sorted(counts.items())
    ]


def _consents(workspace: Path, record: TrialRecord, days: TrialDays | None) -> list[Missing]:
    if days is None:
        return []
    return [
        _missing(
            "consent",
            f"{party.name_zh}（{party.party_id}）的同意未涵盖期间与签署日（{days}）的{kinds_zh(kinds)}数据。",
            f"{party.name_en} ({party.party_id}) has no consent in force for {', '.join(kinds)} on the days of the "
            f"period and of signing ({days}).",
            f"h2corridor trial consent add {quote(party.party_id)} --workspace {quote(str(workspace))} "
            + " ".join(f"--data {kind}" for kind in kinds)
            + f" --purpose {_OPEN} --legal-basis {_OPEN} --given-by {_OPEN} --from {days.first} "
            f"--until {max(days.last, days.signing)}",
        )
        for party, kinds in missing_consents(record, days)
    ]


def _late(decision: Decision) -> Missing:
    zh = f"第 {decision.number} 号决定的更正期限 {decision.due} 已过，结果仍在：更正数据后重新运行，或另作决定。"
    en = f"What decision {decision.number} asked to have corrected by {decision.due} is still found: "
    return _missing("overdue", zh, en + "correct the data and run again, or decide otherwise.")


def _log_faults(workspace: Path) -> list[Missing]:
    try:
        faults = len(Workspace.open(workspace).fsck())
    except EvidenceError:
        faults = 1
    if not faults:
        return []
    zh = f"日志或所存文件有 {faults} 处不符：运行 `h2corridor log fsck`。"
    return [_missing("log", zh, f"The log or what is kept does not hold in {faults} place(s): `h2corridor log fsck`.")]


def _missing(kind: str, zh: str, en: str, command: str | None = None) -> Missing:
    return Missing(kind=kind, words=Words(zh=zh, en=en), command=command)
