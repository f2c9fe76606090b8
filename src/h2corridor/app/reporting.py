"""The report of a run, assembled from what was received, measured, tested and assessed."""

import datetime
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from h2verify import canonical
from h2verify.activity.values import WindowBalance
from h2verify.chains import decimal_text
from h2verify.note import Checkpoint as LogCheckpoint
from msgspec import structs

from h2corridor.accounting.assessment import assess_chain_partially
from h2corridor.accounting.kernel import Edition
from h2corridor.app.chains import TrialChains, trip_chain
from h2corridor.app.measure import Measured, Row
from h2corridor.app.operations import Operation, TripHydrogen
from h2corridor.app.residuals import residual_pct
from h2corridor.app.sayings import Sayings
from h2corridor.model.errors import WorkspaceError
from h2corridor.model.findings import Finding
from h2corridor.model.report import (
    Checkpoint,
    FindingRow,
    HydrogenMethod,
    ReceivedFile,
    Report,
    Totals,
    Trip,
    decode_report,
)
from h2corridor.model.trial import Trial, TrialFacts, Vehicle
from h2corridor.model.trial_report import decode_trial_report
from h2corridor.quality.catalogue import describe, severity_of
from h2corridor.store.files import Receipt, Workspace

REPORT = "report.json"
FINDING_ID_DIGITS = 10
_METHODS: tuple[HydrogenMethod, ...] = ("none", "stack", "combined", "tank", "fill_to_fill")
"""From the weakest to the strongest; a trip over several windows is called by the weakest."""


def report_trips(facts: TrialFacts, measured: Measured, chains: TrialChains, rule_set: Edition) -> tuple[Trip, ...]:
    """Give the report's trips; emissions by the run's first rule set."""
    balances = {
        (truck.vin, balance.window.window_no): balance
        for truck in measured.outcome.reconciliations
        for balance in truck.balances
    }
    vehicles = {vehicle.vin: vehicle for vehicle in facts.vehicles}
    hydrogen = {trip_id: each for operation in chains.operations for trip_id, each in operation.hydrogen.items()}
    loaded = chains.loaded_trips()
    return tuple(
        _trip(
            facts,
            trip,
            chains=chains,
            hydrogen=hydrogen[trip["trip_id"]],
            loaded=trip["trip_id"] in loaded,
            balances=_windows(trip, measured, balances),
            vehicle=vehicles[trip["vin"]],
            rule_set=rule_set,
        )
        for trip in measured.outcome.trips
    )


def finding_rows(findings: Sequence[Finding], sayings: Sequence[Sayings]) -> tuple[FindingRow, ...]:
    """Give findings with their texts in en and zh and an id that follows from what they say.

    Parameters
    ----------
    sayings : of each finding, see `h2corridor.app.sayings`
    """
    return tuple(_finding_row(finding, says) for finding, says in zip(findings, sayings, strict=True))


def received_files(receipts: Mapping[str, Receipt]) -> tuple[ReceivedFile, ...]:
    """Give the files that the run read, by path; where they stand in the log is found by path and digest."""
    return tuple(
        ReceivedFile(
            path=path,
            rows=max(0, receipt.manifest.records - 1) if path.endswith((".csv", ".csv.gz")) else 0,
            sha256=receipt.manifest.sha256,
        )
        for path, receipt in sorted(receipts.items())
    )


def totals(uses: Mapping[str, int], facts: TrialFacts, measured: Measured, operations: Sequence[Operation]) -> Totals:
    """Give the sums of the run.

    Parameters
    ----------
    uses : how many received rows count as what
    """
    received, used, repeated = sum(uses.values()), uses.get("used", 0), uses.get("repeated", 0)
    distances = [trip["distance_mm"] for trip in measured.outcome.trips]
    masses = [trip.mass_mg for operation in operations for trip in operation.hydrogen.values()]
    registered = {vehicle.vin for vehicle in facts.vehicles}
    metered = sum(fill.mass_mg for fill in facts.refuellings if fill.vin in registered)
    return Totals(
        frames_received=received,
        frames_used=used,
        frames_repeated=repeated,
        frames_unused=received - used - repeated,
        distance_km=_sum(distances),
        hydrogen_metered_kg=decimal_text(metered, 6),
        hydrogen_used_kg=_sum(masses),
    )


def report_checkpoint(checkpoint: LogCheckpoint) -> Checkpoint:
    """Give the log's checkpoint as the report shows it; the root in hexadecimal."""
    return Checkpoint(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root.hex())


def standing_report(workspace: Workspace, made: Report) -> Report:
    """Give the report that stands already, or was filed, where the made one says the same but for the log's checkpoint,
    so that a run on the same data leaves it, and what was signed of it, as it is; the made one otherwise.

    The checkpoint of such a report has to be one that this log has grown from.
    """
    for said, sha256 in _earlier_reports(workspace):
        same = structs.replace(made, checkpoint=said)
        if hashlib.sha256(document_bytes(same)).hexdigest() == sha256 and _has_grown_from(workspace, said):
            return same
    return made


def _earlier_reports(workspace: Workspace) -> Iterator[tuple[Checkpoint, str]]:
    """The checkpoint and the digest of the report that stands, then of those that trial reports were filed of."""
    with suppress(OSError, WorkspaceError):
        data = (workspace.report_path / REPORT).read_bytes()
        if standing := decode_report(data).checkpoint:
            yield standing, hashlib.sha256(data).hexdigest()
    for filed in map(decode_trial_report, workspace.trial.list_reports().values()):
        if filed.checkpoint:
            yield from ((filed.checkpoint, each.sha256) for each in filed.digests if each.name == f"report/{REPORT}")


def _has_grown_from(workspace: Workspace, said: Checkpoint) -> bool:
    root = bytes.fromhex(said.root) if re.fullmatch(r"[0-9a-f]{64}", said.root) else b""
    return workspace.has_grown_from(LogCheckpoint(origin=said.origin, size=said.size, root=root))


def document_bytes(value: Any) -> bytes:
    """Give a document of a report as it is written."""
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"


def instant_text(at_ms: int, trial: Trial) -> str:
    """Give an instant in the trial's time zone, ISO 8601 with offset."""
    return datetime.datetime.fromtimestamp(at_ms // 1000, ZoneInfo(trial.timezone)).isoformat()


def _trip(
    facts: TrialFacts,
    trip: Row,
    *,
    chains: TrialChains,
    hydrogen: TripHydrogen,
    loaded: bool,
    balances: Sequence[WindowBalance],
    vehicle: Vehicle,
    rule_set: Edition,
) -> Trip:
    mass = hydrogen.mass_mg
    residual = residual_pct(balances)
    wtw = ttw = None
    if mass:
        result = assess_chain_partially(trip_chain(trip, hydrogen.by_origin, facts, chains), rule_set)
        wtw, ttw = result.wtw_kgco2e, result.ttw_kgco2e
    return Trip(
        trip_id=trip["trip_id"],
        vin=trip["vin"],
        started_at=instant_text(trip["started_at_s"] * 1000, facts.trial),
        ended_at=instant_text(trip["ended_at_s"] * 1000, facts.trial),
        origin_site=trip["origin_site"],
        destination_site=trip["destination_site"],
        loaded=loaded,
        distance_km=None if trip["distance_mm"] is None else decimal_text(trip["distance_mm"], 6),
        hydrogen_used_kg=None if mass is None else decimal_text(mass, 6),
        hydrogen_method=_method(balances) if mass is not None else "none",
        residual_pct=None if residual is None else format(residual.quantize(Decimal("0.01")), "f"),
        battery_correction_kg=_battery_correction(trip, mass, vehicle),
        wtw_kgco2e=wtw,
        ttw_kgco2e=ttw,
    )


def _windows(
    trip: Row, measured: Measured, balances: Mapping[tuple[str, int], WindowBalance]
) -> tuple[WindowBalance, ...]:
    numbers = {
        entry.span.window_no
        for entry in measured.outcome.hydrogen
        if entry.span.vin == trip["vin"] and entry.span.segment_no == trip["segment_no"] and entry.used_mg > 0
    }
    return tuple(balances[trip["vin"], number] for number in sorted(numbers) if (trip["vin"], number) in balances)


def _method(balances: Sequence[WindowBalance]) -> HydrogenMethod:
    methods = {balance.method for balance in balances}
    return next((method for method in _METHODS if method in methods), "none")


def _battery_correction(trip: Row, mass_mg: int | None, vehicle: Vehicle) -> str | None:
    """What the battery gave (positive) or took, as the hydrogen for which the stacks gave as much in this very trip
    [kg].
    """
    first, last = trip["first_soc_pct"], trip["last_soc_pct"]
    energy_ws = Decimal(trip["stack_energy_twice"]) / 200
    if first is None or last is None or not mass_mg or not energy_ws or vehicle.battery_capacity_wh is None:
        return None
    battery_ws = Decimal(first - last) / 100 * vehicle.battery_capacity_wh * 3600
    return format((battery_ws * mass_mg / energy_ws / 1_000_000).quantize(Decimal("0.001")), "f")


def _finding_row(finding: Finding, says: Sayings) -> FindingRow:
    message, next_step = describe(finding, "en")
    message_zh, next_step_zh = describe(finding, "zh")
    digest = hashlib.sha256(canonical.encode(sorted(says))).hexdigest()
    return FindingRow(
        finding_id=f"f-{digest[:FINDING_ID_DIGITS]}",
        check=finding.check,
        severity=severity_of(finding),
        file=finding.file,
        row=finding.row,
        last_row=finding.last_row or finding.row,
        vin=finding.vin,
        at=finding.at,
        message=message,
        next_step=next_step,
        message_zh=message_zh,
        next_step_zh=next_step_zh,
        params=finding.params,
        says=says,
    )


def _sum(values: Sequence[int | None]) -> str | None:
    return None if None in values else decimal_text(sum(value for value in values if value is not None), 6)
