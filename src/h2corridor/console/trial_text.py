"""The trial's record as text: what was recorded, findings with decisions, consents, what is missing."""

from collections.abc import Sequence
from typing import TextIO

from h2corridor.app.trial_decisions import FindingState
from h2corridor.app.trial_record import ConsentState
from h2corridor.app.trial_status import TrialStatus
from h2corridor.console.texts import Language, choose, clean, text
from h2corridor.console.views import place_of
from h2corridor.model.trial_record import Decision, RecordDocument


def say_recorded(document: RecordDocument, language: Language, out: TextIO) -> None:
    """Say that a document is on record, and what comes next."""
    kind = text(f"record-{document.__struct_config__.tag}", language)
    out.write(text("record_kept", language, number=document.number, kind=kind) + "\n")
    if isinstance(document, Decision):
        out.write(text("record_decided", language, count=len(document.findings)) + "\n")


def print_consents(consents: Sequence[ConsentState], language: Language, out: TextIO) -> None:
    """List consents, the withdrawn ones marked."""
    if not consents:
        out.write(text("no_consents", language) + "\n")
    for each in consents:
        said = each.consent
        mark = "" if each.withdrawal is None else "  " + text("withdrawn", language, reason=each.withdrawal.reason)
        line = f"{said.number}  {said.party_id}  {', '.join(said.data)}  {said.from_day} – {said.until_day}"
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


def print_status(status: TrialStatus, language: Language, out: TextIO) -> None:
    """Say what is missing before sign-off, which decisions no longer apply, and who signed what."""
    if status.missing:
        out.write(text("status_missing", language, count=len(status.missing)) + "\n")
    else:
        out.write(text("status_ready", language) + "\n")
    for each in status.missing:
        out.write("  " + choose(each.words.zh, each.words.en, language) + "\n")
    for stale in status.stale:
        params = {"number": stale.decision.number, "finding": stale.finding.finding_id, "check": stale.finding.check}
        out.write("  " + text(f"stale-{stale.state}", language, **params) + "\n")
    for signed in status.record.list_sign_offs():
        key = "signed_this" if status.is_signed(signed) else "signed_earlier"
        said = {"by": signed.signed_by, "role": signed.role, "at": signed.recorded_at, "digest": signed.report[:16]}
        out.write("  " + text(key, language, **said) + "\n")
