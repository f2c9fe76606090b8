"""The trial's record: read as it stands, and added to; the digest of every document goes into the log.

A document is durable before its digest is logged. Where a command was cut off between the two, the next one, or the
next run, logs what is kept; what differs from its logged digest is refused by both.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from h2corridor import __version__
from h2corridor.app.record_entries import record_entries
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import UsageError
from h2corridor.model.report import ThresholdUsed
from h2corridor.model.trial_record import (
    TEXT_MAX,
    Consent,
    DataKind,
    Decision,
    Plan,
    RecordDocument,
    SignOff,
    ThresholdChange,
    Withdrawal,
)
from h2corridor.quality.thresholds import find_threshold
from h2corridor.store.files import Workspace

TO_FILL_IN = "..."
"""Stands in a printed command for what only the person who pastes it can say."""

_Document = TypeVar("_Document", bound=RecordDocument)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentState:
    """A consent, and its withdrawal where there is one."""

    consent: Consent
    withdrawal: Withdrawal | None

    def covers(self, party_id: str, kind: DataKind, on_day: str) -> bool:
        """Whether a party agrees on a day to the use of a kind of data."""
        given = self.consent
        in_force = self.withdrawal is None and given.from_day <= on_day <= given.until_day
        return in_force and given.party_id == party_id and kind in given.data


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """Every document of a record, in order."""

    documents: tuple[RecordDocument, ...]

    def find_plan(self) -> Plan | None:
        """The plan that holds: the last one."""
        plans = [each for each in self.documents if isinstance(each, Plan)]
        return plans[-1] if plans else None

    def list_decisions(self) -> list[Decision]:
        """The decisions, the latest last."""
        return [each for each in self.documents if isinstance(each, Decision)]

    def list_sign_offs(self) -> list[SignOff]:
        """The sign-offs, the latest last."""
        return [each for each in self.documents if isinstance(each, SignOff)]

    def list_consents(self) -> list[ConsentState]:
        """The consents with their withdrawals."""
        withdrawn = {each.consent: each for each in self.documents if isinstance(each, Withdrawal)}
        return [
            ConsentState(consent=each, withdrawal=withdrawn.get(each.number))
            for each in self.documents
            if isinstance(each, Consent)
        ]


def read_record(workspace: Path) -> TrialRecord:
    """The record of a workspace; without documents where nothing was recorded.

    Raises
    ------
    WorkspaceError
        The folder is no workspace.
    EvidenceError
        `evidence.trial-record`: a document is damaged.
    """
    return TrialRecord(documents=Workspace.open(workspace).trial.list_documents())


def add_document(
    workspace: Path, make: Callable[[int, str], _Document], *, now_ms: int, log_of: Callable[[Path], LogSigner]
) -> _Document:
    """Keep a document and log its digest; what the last document says already is not said again.

    Parameters
    ----------
    workspace : a folder, made a workspace where it is none
    make : gives the document with this number, recorded at this instant
    now_ms : the instant [ms since 1970-01-01 UTC]
    log_of : gives the signer of the log, from the workspace's folder of keys

    Raises
    ------
    EvidenceError
        `evidence.trial-record`: a document that is kept is not the one that was logged.
    """
    with Workspace.create_or_open(workspace, now_ms=now_ms, software=f"h2corridor {__version__}") as opened:
        log = log_of(opened.keys_path)
        if cut_off := record_entries(opened):
            opened.append_entries(cut_off, log)
        documents = opened.trial.list_documents()
        again = make(len(documents), instant_text(now_ms)) if documents else None
        if again is not None and documents[-1] == again:
            document = again
        else:
            document = make(len(documents) + 1, instant_text(now_ms))
            opened.trial.keep_document(document)
        opened.append_entries(record_entries(opened), log)
        opened.extend_policy(log.vkey)
    return document


def require_texts(**texts: str) -> None:
    """Refuse texts that say nothing that can be kept.

    Raises
    ------
    UsageError
        `trial.text`: one is empty, too long, not printable, or still the `TO_FILL_IN` of a command that was pasted.
    """
    for name, text in texts.items():
        if text.strip() == TO_FILL_IN:
            next_step = f"Put your own words in the place of {TO_FILL_IN}."
            raise UsageError("trial.text", f"{name} is still to be filled in.", next_step=next_step)
        if not text.strip() or len(text) > TEXT_MAX or not text.isprintable():
            next_step = f"Give a printable text of at most {TEXT_MAX} characters."
            raise UsageError("trial.text", f"{name} says nothing that can be kept.", next_step=next_step)


def require_day(name: str, text: str) -> str:
    """A day as it was given.

    Raises
    ------
    UsageError
        `trial.day`: it is none.
    """
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        fault = f"{name}: expected a day, came {text}."
        raise UsageError("trial.day", fault, next_step="Write it as 2026-03-31.") from error


def planned_changes(workspace: Workspace) -> tuple[ThresholdChange, ...]:
    """The thresholds that the plan which holds sets otherwise than the catalogue."""
    plan = TrialRecord(documents=workspace.trial.list_documents()).find_plan()
    return plan.thresholds if plan else ()


def thresholds_used(changes: Sequence[ThresholdChange], on_day: datetime.date) -> tuple[ThresholdUsed, ...]:
    """The thresholds of a plan beside those of the catalogue, as a report says them."""
    found = [(change, find_threshold(change.check, change.name, on_day)) for change in changes]
    return tuple(
        ThresholdUsed(
            check=change.check,
            name=change.name,
            value=change.value,
            instead_of=format(known.value, "f"),
            unit=known.unit,
            reason=change.reason,
            source=change.source,
            decided_on=change.decided_on,
        )
        for change, known in found
        if known is not None
    )


def instant_text(now_ms: int) -> str:
    """An instant in UTC, to the second."""
    return datetime.datetime.fromtimestamp(now_ms // 1000, datetime.UTC).isoformat()
