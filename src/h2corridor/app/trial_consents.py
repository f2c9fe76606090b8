"""Consents of data owners: added, withdrawn, and where one is missing."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from h2corridor.app.trial_record import ConsentState, TrialRecord, add_document, read_record, require_day, require_texts
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import UsageError
from h2corridor.model.trial_record import DATA_KINDS, Consent, DataKind, PlannedParty, Withdrawal

LogOf = Callable[[Path], LogSigner]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialDays:
    """The days for which consents have to be in force: those of the period, and the one of signing."""

    first: datetime.date
    last: datetime.date
    signing: datetime.date

    @classmethod
    def of(cls, period_start: str, period_end: str, now_ms: int) -> Self:
        """Of a period up to an instant that is no part of it, in the offset in which its start is written."""
        start, end = datetime.datetime.fromisoformat(period_start), datetime.datetime.fromisoformat(period_end)
        last = end.astimezone(start.tzinfo) - datetime.timedelta(microseconds=1)
        signing = datetime.datetime.fromtimestamp(now_ms // 1000, start.tzinfo)
        return cls(first=start.date(), last=last.date(), signing=signing.date())

    def to_look_at(self, consents: Sequence[ConsentState]) -> list[str]:
        """The days among them on which a consent may be missing: the first, each after a last one, and of signing."""
        ends = {datetime.date.fromisoformat(each.consent.until_day) for each in consents}
        after = {end + datetime.timedelta(days=1) for end in ends if self.first <= end < self.last}
        return [day.isoformat() for day in sorted({self.first, self.signing, *after})]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}, {self.signing}"


def add_consent(
    workspace: Path,
    party_id: str,
    data: Sequence[str],
    *,
    purpose: str,
    legal_basis: str,
    given_by: str,
    from_day: str,
    until_day: str,
    now_ms: int,
    log_of: LogOf,
) -> Consent:
    """Put a data owner's consent into the record.

    Raises
    ------
    UsageError
        `trial.no-plan`; `trial.party`: the plan names no such party; `trial.data-kind`; `trial.text`; `trial.day`.
    """
    plan = read_record(workspace).find_plan()
    if plan is None:
        next_step = "Record it first: `h2corridor trial plan FILE --workspace DIR`."
        raise UsageError("trial.no-plan", "the record has no plan.", about=str(workspace), next_step=next_step)
    known = [party.party_id for party in plan.parties]
    if party_id not in known:
        next_step = f"The plan names {', '.join(known)}."
        raise UsageError("trial.party", f"the plan names no party {party_id}.", next_step=next_step)
    require_texts(purpose=purpose, legal_basis=legal_basis, given_by=given_by)
    kinds = _kinds(data)
    first, last = require_day("from", from_day), require_day("until", until_day)
    if last < first:
        raise UsageError("trial.day", "until lies before from.", next_step="Give days in their order.")

    def make(number: int, recorded_at: str) -> Consent:
        return Consent(
            number=number,
            recorded_at=recorded_at,
            party_id=party_id,
            data=kinds,
            purpose=purpose,
            legal_basis=legal_basis,
            given_by=given_by,
            from_day=first,
            until_day=last,
        )

    return add_document(workspace, make, now_ms=now_ms, log_of=log_of)


def withdraw_consent(
    workspace: Path, number: int, *, reason: str, withdrawn_by: str, now_ms: int, log_of: LogOf
) -> Withdrawal:
    """Put the withdrawal of a consent into the record; the consent stays readable.

    Raises
    ------
    UsageError
        `trial.consent`: there is no such consent, or it is withdrawn already; `trial.text`.
    """
    require_texts(reason=reason, withdrawn_by=withdrawn_by)
    states = {each.consent.number: each for each in read_record(workspace).list_consents()}
    next_step = "`h2corridor trial consent list` shows those in force."
    if number not in states:
        raise UsageError("trial.consent", f"document {number} is no consent.", next_step=next_step)
    if states[number].withdrawal is not None:
        raise UsageError("trial.consent", f"the consent {number} is withdrawn already.", next_step=next_step)

    def make(own_number: int, recorded_at: str) -> Withdrawal:
        return Withdrawal(
            number=own_number, recorded_at=recorded_at, consent=number, reason=reason, withdrawn_by=withdrawn_by
        )

    return add_document(workspace, make, now_ms=now_ms, log_of=log_of)


def missing_consents(record: TrialRecord, days: TrialDays) -> list[tuple[PlannedParty, tuple[DataKind, ...]]]:
    """The parties of the plan that supply data without agreeing to its use on all of those days, with those kinds."""
    plan, consents = record.find_plan(), record.list_consents()
    found = []
    for party in plan.parties if plan else ():
        kinds = tuple(
            kind
            for kind in party.supplies
            if not all(
                any(each.covers(party.party_id, kind, day) for each in consents) for day in days.to_look_at(consents)
            )
        )
        if kinds:
            found.append((party, kinds))
    return found


def _kinds(data: Sequence[str]) -> tuple[DataKind, ...]:
    unknown = [each for each in data if each not in DATA_KINDS]
    if unknown or not data:
        next_step = f"Choose among {', '.join(DATA_KINDS)}."
        raise UsageError("trial.data-kind", f"there is no kind of data {', '.join(unknown)}.", next_step=next_step)
    return tuple(kind for kind in DATA_KINDS if kind in data)
