"""`trial-report.json`: the report of a trial operation, from which its printed forms are made and from nothing else.

Decimals are texts; null where a number could not be computed. What people read stands in zh and en.
"""

from typing import Any, Literal

import msgspec

from h2corridor.model.balances import StationDay, WindowBalanceRow
from h2corridor.model.findings import Severity
from h2corridor.model.report import (
    Checkpoint,
    Comparison,
    Count,
    DecimalText,
    FindingRow,
    ThresholdUsed,
    Totals,
    TrackSite,
    Trip,
    decode_document,
)
from h2corridor.model.trial_record import Consent, Decision, Plan, Withdrawal


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Words(_Part, frozen=True, kw_only=True):
    """The same said in zh and en."""

    zh: str
    en: str


class FramesOfDay(_Part, frozen=True, kw_only=True):
    """The rows of telemetry received of one truck for one day."""

    vin: str
    day: str
    rows: Count


class ReceivedTable(_Part, frozen=True, kw_only=True):
    """A received file that is no telemetry: its rows without the header, its digest, its place in the log."""

    path: str
    rows: Count
    sha256: str
    log_index: Count | None


class CheckDone(_Part, frozen=True, kw_only=True):
    """A check that was run: what it looks for and how often it found it."""

    code: str
    severity: Severity
    looks_for: Words
    found: Count


class ReportedDecision(_Part, frozen=True, kw_only=True):
    """A finding that was decided about, and whether the decision still applies."""

    finding_id: str
    check: str
    decision: Count
    state: Literal["applies", "not-found", "says-otherwise"]


class ReportedFigure(_Part, frozen=True, kw_only=True):
    """A consignment: its figure with comparisons, or in one sentence why it is withheld."""

    consignment_id: str
    rule_set: str
    status: Literal["stated", "withheld"]
    transport_activity_tkm: DecimalText | None
    wtw_kgco2e: DecimalText | None
    ttw_kgco2e: DecimalText | None
    intensity_wtw_kgco2e_per_tkm: DecimalText | None
    comparisons: tuple[Comparison, ...]
    statement_id: str | None
    withheld_because: Words | None
    all_reasons: tuple[Words, ...]


class StationCustody(_Part, frozen=True, kw_only=True):
    """The hydrogen of a station over the whole period; `difference_kg` is the sum of its days."""

    station_id: str
    name: Words
    opening_kg: DecimalText | None
    delivered_kg: DecimalText
    dispensed_kg: DecimalText
    vented_kg: DecimalText | None
    closing_kg: DecimalText | None
    difference_kg: DecimalText | None


class MapLine(_Part, frozen=True, kw_only=True):
    """A trip's line, thinned; points are (longitude, latitude) in millionths of a degree."""

    trip_id: str
    loaded: bool
    points: tuple[tuple[int, int], ...]


class ReportedMap(_Part, frozen=True, kw_only=True):
    """What the map is drawn from."""

    datum: str
    attribution: str
    sites: tuple[TrackSite, ...]
    lines: tuple[MapLine, ...]


class NamedDigest(_Part, frozen=True, kw_only=True):
    """A document of the workspace and its SHA-256."""

    name: str
    sha256: str


class TrialReport(_Part, frozen=True, kw_only=True):
    """`trial-report.json`, format 1."""

    format: Literal["h2corridor/trial-report/1"]
    trial: str
    title: Words
    period_start: str | None
    period_end: str | None
    software: str
    plan: Plan | None
    consents: tuple[Consent, ...]
    withdrawals: tuple[Withdrawal, ...]
    thresholds: tuple[ThresholdUsed, ...]
    received_files: Count
    tables: tuple[ReceivedTable, ...]
    frames: tuple[FramesOfDay, ...]
    totals: Totals
    checks: tuple[CheckDone, ...]
    findings: tuple[FindingRow, ...]
    decisions: tuple[Decision, ...]
    decided: tuple[ReportedDecision, ...]
    balances: tuple[WindowBalanceRow, ...]
    station_days: tuple[StationDay, ...]
    custody: tuple[StationCustody, ...]
    trips: tuple[Trip, ...]
    map: ReportedMap | None
    figures: tuple[ReportedFigure, ...]
    not_shown: tuple[Words, ...]
    checkpoint: Checkpoint | None
    digests: tuple[NamedDigest, ...]


def decode_trial_report(data: bytes) -> TrialReport:
    """The report in the bytes of a `trial-report.json`.

    Raises
    ------
    WorkspaceError
        `report.unreadable`: the bytes are no trial report of format 1.
    """
    return decode_document(data, TrialReport, "trial-report.json")


def trial_report_schema() -> bytes:
    """The JSON schema of `trial-report.json` as it ships in the package (`console/schemas/trial-report-1.json`)."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(TrialReport),
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"
