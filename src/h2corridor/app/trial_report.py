"""The report of a trial operation: one document made from the last run and the record, filed under its digest.

Nothing in it depends on when it is made: the same run and the same record give the same bytes.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec
from h2verify import canonical

from h2corridor import __version__
from h2corridor.app.read_report import read_documents
from h2corridor.app.record_entries import record_entries
from h2corridor.app.trial_decisions import finding_states, stale_decisions
from h2corridor.app.trial_proof import encode_proof
from h2corridor.app.trial_reason import one_reason
from h2corridor.app.trial_record import TrialRecord
from h2corridor.evidence import LogSigner
from h2corridor.model.balances import StationDay, decode_balances
from h2corridor.model.errors import EvidenceError, UsageError
from h2corridor.model.report import FindingRow, ReceivedFile, Shipment, Tracks, decode_report, decode_tracks
from h2corridor.model.trial_record import Consent, Withdrawal
from h2corridor.model.trial_report import (
    CheckDone,
    FramesOfDay,
    MapLine,
    NamedDigest,
    ReceivedTable,
    ReportedDecision,
    ReportedFigure,
    ReportedMap,
    StationCustody,
    TrialReport,
    Words,
    decode_trial_report,
)
from h2corridor.quality.catalogue import list_checks
from h2corridor.statements.trial_record import report_entry
from h2corridor.store.files import Workspace, write_file

REPORT_FILE = "trial-report.json"
TELEMETRY = "telemetry/"
MAP_STEP_E6 = 5_000
"""Points of the map lie at least this apart [degrees times a million]: about half a kilometre."""
NOT_SHOWN = (
    Words(
        zh="本报告表明：数据自接收之后未被改动，各项数字由这些数据按所列规则算出。",
        en="What this report shows: nothing changed since the data were received, and the arithmetic follows.",
    ),
    Words(
        zh="本报告不表明：计量表、车辆和单据本身是正确的。对此只有数据检查、供方签名、计量证书和第三方意见。",
        en="What it does not show: that meters, trucks and papers were right. For that there are data tests, "
        "suppliers' signatures, meter certificates and a third party's opinion.",
    ),
    Words(
        zh="对检查结果的处置不改变任何数字；被暂缓出具的声明仍然暂缓。",
        en="Decisions about findings move no figure; what is withheld stays withheld.",
    ),
    Words(
        zh="与基线的差额不是减排凭证，任何机构均未就此签发减排量。",
        en="A difference from a baseline is no credit: no scheme has issued any unit for it.",
    ),
)


def make_trial_report(workspace: Path) -> bytes:
    """The trial report as it stands, canonical JSON.

    Raises
    ------
    WorkspaceError
        `report.absent`: there was no run yet; `report.unreadable`.
    EvidenceError
        `evidence.trial-record`: the record is damaged.
    """
    opened = Workspace.open(workspace)
    documents = read_documents(workspace)
    record = TrialRecord(documents=opened.trial.list_documents())
    report = decode_report(documents["report.json"])
    tracks, balances = decode_tracks(documents.get("tracks.json")), decode_balances(documents.get("balances.json"))
    places = {(each.manifest.path, each.manifest.sha256): each.leaf_index for each in opened.list_receipts()}
    title = Words(zh=report.title_zh or report.trial, en=report.title_en or report.trial)
    made = TrialReport(
        format="h2corridor/trial-report/1",
        trial=report.trial,
        title=title,
        period_start=report.period_start,
        period_end=report.period_end,
        software=report.software,
        plan=record.find_plan(),
        consents=tuple(each for each in record.documents if isinstance(each, Consent)),
        withdrawals=tuple(each for each in record.documents if isinstance(each, Withdrawal)),
        thresholds=report.thresholds,
        received_files=len(report.received),
        tables=_tables(report.received, places),
        frames=_frames(report.received),
        totals=report.totals,
        checks=_checks(report.findings),
        findings=report.findings,
        decisions=tuple(record.list_decisions()),
        decided=_decided(report.findings, record),
        balances=balances.windows,
        station_days=balances.stations,
        custody=_custody(balances.stations, tracks),
        trips=report.trips,
        map=_map(tracks),
        figures=tuple(_figure(each) for each in report.shipments),
        not_shown=NOT_SHOWN,
        checkpoint=report.checkpoint,
        digests=_digests(opened, documents),
    )
    return canonical.encode(msgspec.to_builtins(made))


def file_trial_report(workspace: Path, *, now_ms: int, log_of: Callable[[Path], LogSigner]) -> tuple[str, bytes]:
    """Keep the trial report as it stands, log its digest, and give digest and bytes; again, and nothing is added."""
    data = make_trial_report(workspace)
    with Workspace.create_or_open(workspace, now_ms=now_ms, software=f"h2corridor {__version__}") as opened:
        log = log_of(opened.keys_path)
        digest = opened.trial.keep_report(data)
        write_file(opened.report_path / REPORT_FILE, data)
        opened.append_entries(record_entries(opened), log)
    return digest, data


def prove_trial_report(workspace: Path, report: bytes) -> bytes:
    """The proof that a filed report stands in the log, JSON, for those who have no workspace."""
    return encode_proof(report, Workspace.open(workspace).prove_entry(report_entry(report), about=REPORT_FILE))


def check_trial_report(workspace: Path, file: Path) -> dict[str, object]:
    """Where a trial report stands in the log: its digest, the entry's place, the proof and the signed checkpoint.

    Raises
    ------
    UsageError
        `trial.report-file`: the file cannot be read.
    WorkspaceError
        `report.unreadable`: it is no trial report.
    EvidenceError
        `evidence.not-logged`: these bytes were never filed here, or were changed since.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        fault = f"cannot be read: {error.strerror}."
        raise UsageError("trial.report-file", fault, about=str(file), next_step="Check the path.") from error
    report = decode_trial_report(data)
    digest = hashlib.sha256(data).hexdigest()
    try:
        proof = Workspace.open(workspace).prove_entry(report_entry(data), about=file.name)
    except EvidenceError as error:
        next_step = (
            "Ask who filed it for the file with the digest they name; `h2corridor trial file` files the present one."
        )
        fault = f"a trial report with the digest {digest} was never filed here."
        raise EvidenceError("evidence.not-logged", fault, about=file.name, next_step=next_step) from error
    return {"trial": report.trial, "sha256": digest, "entry": report_entry(data).decode(), **proof.as_json()}


def _tables(
    received: Sequence[ReceivedFile], places: Mapping[tuple[str, str], int | None]
) -> tuple[ReceivedTable, ...]:
    return tuple(
        ReceivedTable(
            path=each.path, rows=each.rows, sha256=each.sha256, log_index=places.get((each.path, each.sha256))
        )
        for each in received
        if not each.path.startswith(TELEMETRY)
    )


def _frames(received: Sequence[ReceivedFile]) -> tuple[FramesOfDay, ...]:
    rows: dict[tuple[str, str], int] = defaultdict(int)
    for each in received:
        parts = each.path.split("/")
        if parts[0] == "telemetry" and len(parts) == 3:
            rows[parts[1], parts[2].partition(".")[0]] += each.rows
    return tuple(FramesOfDay(vin=vin, day=day, rows=count) for (vin, day), count in sorted(rows.items()))


def _checks(findings: Sequence[FindingRow]) -> tuple[CheckDone, ...]:
    counts: dict[str, int] = defaultdict(int)
    for each in findings:
        counts[each.check] += 1
    return tuple(
        CheckDone(
            code=check.code,
            severity=check.severity,
            looks_for=Words(zh=check.meaning_zh, en=check.meaning_en),
            found=counts[check.code],
        )
        for check in list_checks()
    )


def _decided(findings: Sequence[FindingRow], record: TrialRecord) -> tuple[ReportedDecision, ...]:
    found = [
        ReportedDecision(
            finding_id=each.finding.finding_id,
            check=each.finding.check,
            decision=each.decision.number,
            state="applies",
        )
        for each in finding_states(findings, record)
        if each.decision is not None
    ]
    stale = [
        ReportedDecision(
            finding_id=each.finding.finding_id,
            check=each.finding.check,
            decision=each.decision.number,
            state=each.state,
        )
        for each in stale_decisions(findings, record)
    ]
    return tuple(found + stale)


def _custody(days: Sequence[StationDay], tracks: Tracks | None) -> tuple[StationCustody, ...]:
    names = {each.site_id: Words(zh=each.name_zh, en=each.name_en) for each in (tracks.sites if tracks else ())}
    stations: dict[str, list[StationDay]] = defaultdict(list)
    for day in sorted(days, key=lambda each: (each.station_id, each.day)):
        stations[day.station_id].append(day)
    return tuple(
        StationCustody(
            station_id=station_id,
            name=names.get(station_id) or Words(zh=station_id, en=station_id),
            opening_kg=of_station[0].opening_kg,
            delivered_kg=_sum([each.delivered_kg for each in of_station]) or "0",
            dispensed_kg=_sum([each.dispensed_kg for each in of_station]) or "0",
            vented_kg=_sum([each.vented_kg for each in of_station]),
            closing_kg=of_station[-1].closing_kg,
            difference_kg=_sum([each.difference_kg for each in of_station]),
        )
        for station_id, of_station in stations.items()
    )


def _sum(values: Sequence[str | None]) -> str | None:
    known = [Decimal(value) for value in values if value is not None]
    return format(sum(known, Decimal(0)), "f") if len(known) == len(values) else None


def _map(tracks: Tracks | None) -> ReportedMap | None:
    if tracks is None:
        return None
    lines = [MapLine(trip_id=trip.trip_id, loaded=trip.loaded, points=_thinned(trip.points)) for trip in tracks.trips]
    return ReportedMap(datum=tracks.datum, attribution=tracks.attribution, sites=tracks.sites, lines=tuple(lines))


def _thinned(points: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    kept: list[tuple[int, int]] = []
    for point in points:
        if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= MAP_STEP_E6:
            kept.append(point)
    if points and kept[-1] != points[-1]:
        kept.append(points[-1])
    return tuple(kept)


def _figure(shipment: Shipment) -> ReportedFigure:
    reasons = _reasons(shipment)
    withheld = shipment.status == "withheld"
    return ReportedFigure(
        consignment_id=shipment.consignment_id,
        rule_set=shipment.rule_set,
        status=shipment.status,
        transport_activity_tkm=shipment.transport_activity_tkm,
        wtw_kgco2e=shipment.wtw_kgco2e,
        ttw_kgco2e=shipment.ttw_kgco2e,
        intensity_wtw_kgco2e_per_tkm=shipment.intensity_wtw_kgco2e_per_tkm,
        comparisons=shipment.comparisons,
        statement_id=shipment.statement_id,
        withheld_because=one_reason(reasons) if withheld else None,
        all_reasons=reasons if withheld else (),
    )


def _reasons(shipment: Shipment) -> tuple[Words, ...]:
    zh = shipment.why_zh if shipment.why_zh and len(shipment.why_zh) == len(shipment.why) else shipment.why
    return tuple(Words(zh=first, en=second) for first, second in zip(zh, shipment.why, strict=True))


def _digests(workspace: Workspace, documents: dict[str, bytes]) -> tuple[NamedDigest, ...]:
    found = {f"report/{name}": data for name, data in documents.items()}
    tables = workspace.tables_path / "digests.json"
    if tables.is_file():
        found["tables/digests.json"] = tables.read_bytes()
    return tuple(
        NamedDigest(name=name, sha256=hashlib.sha256(data).hexdigest()) for name, data in sorted(found.items())
    )
