"""The trial's record: who takes part, who agreed, what was decided and who signed; documents that are only added.

Instants are ISO 8601 with offset, days `YYYY-MM-DD`, numbers decimal texts. `number` counts the documents of a record
from 1 without a gap.
"""

from typing import Annotated, Literal

import msgspec

from h2corridor.model.findings import Severity

Outcome = Literal["accepted", "to-correct", "corrected", "disputed"]
DataKind = Literal["telemetry", "vehicles", "hydrogen", "refuellings", "consignments", "hubs", "seals"]
DATA_KINDS: tuple[DataKind, ...] = (
    "telemetry",
    "vehicles",
    "hydrogen",
    "refuellings",
    "consignments",
    "hubs",
    "seals",
)
OUTCOMES: tuple[Outcome, ...] = ("accepted", "to-correct", "corrected", "disputed")
TEXT_MAX = 2000
Said = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)]
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,12})?$")]
Day = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class _Frozen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class PlannedParty(_Frozen, frozen=True, kw_only=True):
    """A party of the trial; `supplies` are the kinds of data that it owns and hands over."""

    party_id: Said
    name_zh: Said
    name_en: Said
    role: Said
    supplies: tuple[DataKind, ...] = ()


class ThresholdChange(_Frozen, frozen=True, kw_only=True):
    """A threshold of a check that differs from the catalogue's, with the reason."""

    check: Said
    name: Said
    value: Number
    reason: Said
    source: Said
    decided_on: Day


class Plan(_Frozen, frozen=True, kw_only=True, tag_field="kind", tag="plan"):
    """Who takes part, what is tested, when, and by which thresholds; a later plan takes the place of an earlier one."""

    number: int
    recorded_at: str
    trial: Said
    title_zh: Said
    title_en: Said
    period_start: str
    period_end: str
    tested: tuple[Said, ...]
    parties: tuple[PlannedParty, ...]
    thresholds: tuple[ThresholdChange, ...] = ()


class Consent(_Frozen, frozen=True, kw_only=True, tag_field="kind", tag="consent"):
    """A data owner agrees to the use of kinds of data for a purpose, from a day until a day (both included)."""

    number: int
    recorded_at: str
    party_id: Said
    data: tuple[DataKind, ...]
    purpose: Said
    legal_basis: Said
    given_by: Said
    from_day: Day
    until_day: Day


class Withdrawal(_Frozen, frozen=True, kw_only=True, tag_field="kind", tag="withdrawal"):
    """A consent, by the number of its document, that is withdrawn."""

    number: int
    recorded_at: str
    consent: int
    reason: Said
    withdrawn_by: Said


class DecidedFinding(_Frozen, frozen=True, kw_only=True):
    """A finding as it was decided about: its id, its place, and the digest of all that it says.

    A finding about a run of rows in a table stands here once for each row.
    """

    finding_id: Said
    check: Said
    severity: Severity
    file: str
    row: int | None
    vin: str | None
    says: Digest


class Decision(_Frozen, frozen=True, kw_only=True, tag_field="kind", tag="decision"):
    """What was decided about findings; it binds to what they say and moves no figure."""

    number: int
    recorded_at: str
    findings: tuple[DecidedFinding, ...]
    outcome: Outcome
    reason: Said
    decided_by: Said
    due: Day | None = None


class SignOff(_Frozen, frozen=True, kw_only=True, tag_field="kind", tag="sign-off"):
    """A person signs the trial report with this digest in a role."""

    number: int
    recorded_at: str
    report: Digest
    signed_by: Said
    role: Said


RecordDocument = Plan | Consent | Withdrawal | Decision | SignOff
