"""The trial's record as text: what was recorded, findings with decisions, consents, what is missing."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TextIO

from h2corridor.app.trial_decisions import FindingState
from h2corridor.app.trial_missing import missing_lines
from h2corridor.app.trial_record import ConsentState
from h2corridor.app.trial_status import TrialStatus
from h2corridor.console.display import local_instant
from h2corridor.console.texts import Language, choose, clean, listed, text
from h2corridor.console.views import place_of
from h2corridor.model.trial_record import Decision, RecordDocument


def say_recorded(document: RecordDocument, language: Language, out: TextIO) -> None:
    """Say that a document is on record, and what comes next."""
    kind = text(f"record-{document.__struct_config__.tag}", language)
    out.write(text("record_kept", language, number=document.number, kind=kind) + "\n")
    if isinstance(document, Decision):
        out.write(text("record_decided", language, count=len({each.finding_id for each in document.findings})) + "\n")


def print_consents(consents: Sequence[ConsentState], language: Language, out: TextIO) -> None:
    """List consents, the withdrawn ones marked."""
    if not consents:
        out.write(text("no_consents", language) + "\n")
    for each in consents:
        said = each.consent
        mark = "" if each.withdrawal is None else "  " + text("withdrawn", language, reason=each.withdrawal.reason)
        kinds = listed((text(f"data-{kind}", language) for kind in said.data), language)
        line = f"{said.number}  {said.party_id}  {kinds}  {said.from_day} – {said.until_day}"
        out.write(clean(f"{line}  {said.purpose}  {said.legal_basis}  {said.given_by}{mark}") + "\n")


def print_findings(states: Sequence[FindingState], language: Language, out: TextIO) -> None:
    """List findings, each with the decision that holds for it."""
    if not states:
        out.write(text("no_findings", language) + "\n")
    for each in states:
        found = each.finding
        message = choose(found.message_zh, found.message, language)
        severity = text(f"short-{found.severity}", "zh") if language == "zh" else found.severity
        place = "  ".join(part for part in (place_of(found, language), clean(found.vin or "")) if part)
        out.write(f"{found.finding_id}  {severity:8}  {found.check}  {place}\n    {message}\n")
        if each.decision is not None:
            who = {"outcome": text(f"outcome-{each.decision.outcome}", language), "by": each.decision.decided_by}
            out.write("    " + text("decided_line", language, **who, reason=each.decision.reason) + "\n")
        elif each.undecided:
            out.write("    " + text("undecided_line", language) + "\n")


def print_status(status: TrialStatus, language: Language, out: TextIO, *, workspace: Path) -> None:
    """Say what is missing before sign-off, which decisions no longer apply, what is to be corrected, and who signed."""
    if status.missing:
        out.write(text("status_missing", language, count=len(status.missing)) + "\n")
    else:
        out.write(text("status_signed" if status.is_signed_off else "status_ready", language) + "\n")
    for line in missing_lines(status.missing, language):
        out.write(f"  {clean(line)}\n")
    if any(each.command for each in status.missing):
        out.write(text("status_commands", language, workspace=quote(str(workspace))) + "\n")
    for stale in status.stale:
        params = {"number": stale.decision.number, "finding": stale.finding.finding_id, "check": stale.finding.check}
        out.write("  " + text(f"stale-{stale.state}", language, **params) + "\n")
    for each in status.to_correct:
        severity = text(f"tr-{each.finding.severity}", language)
        what = {"finding": each.finding.finding_id, "check": each.finding.check, "severity": severity}
        out.write("  " + text("still_to_correct", language, **what, due=each.decision.due) + "\n")
    for signed in status.record.list_sign_offs():
        key = "signed_this" if status.is_signed(signed) else "signed_earlier"
        at = local_instant(signed.recorded_at)
        said = {"by": signed.signed_by, "role": signed.role, "at": at, "digest": signed.report[:16]}
        out.write("  " + text(key, language, **said) + "\n")


def print_commands(status: TrialStatus, out: TextIO) -> None:
    """The commands that mend what is missing, one a line, to be pasted once their "..." are filled in."""
    out.writelines(f"{clean(each.command)}\n" for each in status.missing if each.command)
