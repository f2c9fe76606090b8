"""The main job: a trial data set goes in, a report that can be traced to its bytes comes out.

1 check     the header and tables can be used at all; nothing is written before that
2 receive   every file's bytes, then one signed checkpoint over all of them
3 decode    telemetry rows to frames, of files that were not decoded before
4 measure   frames to trips and hydrogen, of trucks of which something changed
5 test      findings
6 assess    chains to figures, by every rule set asked for
7 state     activity records and statements into the log, then each statement signed
8 write     tables with their digests, then the report
"""

import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
from h2verify.note import Checkpoint

from h2corridor import __version__
from h2corridor.accounting.custody import replay
from h2corridor.accounting.kernel import Edition
from h2corridor.app.balances import make_balances
from h2corridor.app.chains import TrialChains, trial_chains
from h2corridor.app.custody import custody_evidence, make_custody
from h2corridor.app.engines import OpenEngine, RunEngine
from h2corridor.app.frames import Progress, make_frames
from h2corridor.app.kept import KeptTables
from h2corridor.app.measure import Measured, trip_tables
from h2corridor.app.read_report import find_report
from h2corridor.app.reasons import Assessor
from h2corridor.app.received import ReceivedDataset, digests_of
from h2corridor.app.record_entries import require_as_logged
from h2corridor.app.records import trial_groups
from h2corridor.app.reporting import (
    REPORT,
    document_bytes,
    finding_rows,
    instant_text,
    received_files,
    report_checkpoint,
    report_trips,
    standing_report,
    totals,
)
from h2corridor.app.rules import get_chain_rules, get_comparison
from h2corridor.app.sayings import finding_sayings
from h2corridor.app.shipments import AssessedConsignment, assess_consignment
from h2corridor.app.statements import ReceivedByFolder, Stated, Stating, state_figures
from h2corridor.app.superseding import StatusChange, list_in_force
from h2corridor.app.testing import run_checks
from h2corridor.app.texts import local_day
from h2corridor.app.tracks import make_tracks
from h2corridor.app.trial_parties import refuse_withdrawn, reported_parties
from h2corridor.app.trial_record import TrialRecord, planned_changes, thresholds_used
from h2corridor.app.trucks import USES, MeasuredTrucks, measure_trucks
from h2corridor.evidence import LogSigner, derive_file_salt
from h2corridor.evidence.table_digest import digest_batches
from h2corridor.intake import UnitedDataset, list_telemetry_paths, read_signatures, read_trial_facts
from h2corridor.intake.driver_columns import refuse_driver_columns
from h2corridor.model.custody import CUSTODY
from h2corridor.model.errors import UsageError
from h2corridor.model.findings import Finding
from h2corridor.model.report import Figures, FindingRow, Report, Shipment
from h2corridor.model.signatures import SupplierSignature
from h2corridor.model.trial import TrialFacts
from h2corridor.quality.thresholds import planned_thresholds
from h2corridor.store.files import Receipt, Workspace, inbox_of, storage_errors, write_file

SOFTWARE = f"h2corridor {__version__}"
DEFAULT_RULES = ("iso14083",)
DEFAULT_COMPARISONS = ("same-service-diesel@2025.1", "tailpipe-press@2025.1")
SCRATCH = ".scratch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a run computed of what it could have, what it found to differ where it computed from nothing, and what it
    changed of what was there.

    `differing` names tables under `tables/` that do not say what is made of the same now, `replaced` files of which
    other bytes came, `changed` statements whose status is another.
    """

    files: int
    decoded: int
    trucks: int
    measured: int
    differing: Sequence[str]
    replaced: Sequence[str]
    changed: Sequence[StatusChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRequest:
    """What a run is asked to do; time, keys and salts come from outside.

    `log_of`, `issuer_of` (which also gets the log's signer) and `salt_seed_of` are called with the workspace's folder
    of keys once the data set has been checked, `open_engine` with an empty folder for what the engine keeps meanwhile.
    """

    dataset: Path | None
    workspace: Path
    now_ms: int
    log_of: Callable[[Path], LogSigner]
    issuer_of: Callable[[Path, LogSigner], LogSigner]
    salt_seed_of: Callable[[Path], bytes]
    open_engine: OpenEngine
    rules: Sequence[str] = DEFAULT_RULES
    comparisons: Sequence[str] = DEFAULT_COMPARISONS
    processes: int = 2
    """At most so many decode."""
    from_nothing: bool = False
    """Compute everything, whatever earlier runs left, and compare it with that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    log: LogSigner
    issuer: LogSigner
    salt_seed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A run after its files were received."""

    workspace: Workspace
    engine: RunEngine
    receipts: Mapping[str, Receipt]
    replaced: Sequence[str]
    keys: _Keys
    now_ms: int
    facts: TrialFacts
    findings: Sequence[Finding]
    signatures: Sequence[SupplierSignature]
    rule_sets: Sequence[Edition]
    comparisons: Sequence[Edition]
    from_nothing: bool
    processes: int
    progress: Progress
    worked: Callable[[Work], None]


def run_trial(request: TrialRequest, progress: Progress, *, worked: Callable[[Work], None] = lambda _: None) -> Report:
    """Run a trial and give its report, which then also stands in the workspace.

    Parameters
    ----------
    progress : told what is being done
    worked : told, at the end, what was computed and what was there already

    Raises
    ------
    InputError
        The data set cannot be used at all; the workspace is as it was.
    UsageError, RuleError
        A rule set is not there, cannot be used or reads no transport chains; `trial.consent-withdrawn`: a data owner
        withdrew its consent.
    EvidenceError
        `evidence.trial-record`: a document of the trial's record is not the one that was logged.
    WorkspaceError, StorageError
        The workspace cannot be used or the disk refuses; what was received before is as it was.
    """
    dataset = UnitedDataset(request.dataset, inbox_of(request.workspace))
    progress("check", 0, 1)
    for path in dataset.list_paths():
        refuse_driver_columns(path, dataset.file_of(path))
    facts, _ = read_trial_facts(dataset)
    rule_sets = [get_chain_rules(name) for name in request.rules]
    comparisons = _methods(request.comparisons)
    with Workspace.create_or_open(request.workspace, now_ms=request.now_ms, software=SOFTWARE) as workspace:
        require_as_logged(workspace)
        refuse_withdrawn(TrialRecord(documents=workspace.trial.list_documents()), facts)
        keys = _load_keys(workspace, request)
        known = {(each.manifest.path, each.manifest.sha256) for each in workspace.list_receipts()}
        receipts = _receive(workspace, dataset, request, keys, progress)
        received = ReceivedDataset(workspace, receipts)
        facts, findings = read_trial_facts(received)
        signatures, signature_findings = read_signatures(received, facts, digests_of(receipts))
        with _scratch(workspace) as scratch, request.open_engine(scratch) as engine:
            return _compute(
                _Job(
                    workspace=workspace,
                    engine=engine,
                    receipts=receipts,
                    replaced=_replaced(receipts, known, find_report(request.workspace)),
                    keys=keys,
                    now_ms=request.now_ms,
                    facts=facts,
                    findings=[*findings, *signature_findings],
                    signatures=signatures,
                    rule_sets=rule_sets,
                    comparisons=comparisons,
                    from_nothing=request.from_nothing,
                    processes=request.processes,
                    progress=progress,
                    worked=worked,
                )
            )


def _methods(names: Sequence[str]) -> list[Edition]:
    """The comparisons of a run: a report tells them apart by their ids."""
    found = [get_comparison(name) for name in names]
    twice = [each.header.id for each in found if sum(other.header.id == each.header.id for other in found) > 1]
    if twice:
        fault = f"{twice[0]} is named twice; a report compares by one edition of a method."
        raise UsageError("rules.twice", fault, next_step="Name one edition, or run into a workspace for each.")
    return found


@contextmanager
def _scratch(workspace: Workspace) -> Iterator[Path]:
    """An empty folder for the run's engine; what a killed run left there is removed."""
    folder = workspace.tables_path / SCRATCH
    shutil.rmtree(folder, ignore_errors=True)
    with storage_errors(folder):
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _load_keys(workspace: Workspace, request: TrialRequest) -> _Keys:
    log = request.log_of(workspace.keys_path)
    issuer = request.issuer_of(workspace.keys_path, log)
    return _Keys(log=log, issuer=issuer, salt_seed=request.salt_seed_of(workspace.keys_path))


def _receive(
    workspace: Workspace, dataset: UnitedDataset, request: TrialRequest, keys: _Keys, progress: Progress
) -> dict[str, Receipt]:
    """Keep every file of the data set and put it into the log, before anything is computed from it."""
    paths = dataset.list_paths()

    def salt_of(path: str, sha256: str) -> bytes:
        return derive_file_salt(keys.salt_seed, path, sha256)

    earlier = [
        workspace.receive(path, file, now_ms=request.now_ms, file_salt=salt_of)
        for path, file in dataset.list_superseded()
    ]
    receipts: dict[str, Receipt] = {}
    for done, path in enumerate(paths):
        progress("receive", done, len(paths))
        receipts[path] = workspace.receive(
            path,
            dataset.file_of(path),
            now_ms=request.now_ms,
            file_salt=salt_of,
        )
    progress("receive", len(paths), len(paths))
    workspace.append_to_log([*earlier, *receipts.values()], keys.log, issuer_vkey=keys.issuer.vkey)
    return receipts


def _replaced(receipts: Mapping[str, Receipt], known: Collection[tuple[str, str]], last: Report | None) -> list[str]:
    """The files of which the last run read other bytes, be these new or such as came before; of those that it did not
    read, the ones that came with other bytes once and with these never."""
    read = {each.path: each.sha256 for each in last.received} if last else {}
    paths = {path for path, _ in known}

    def is_replaced(path: str, sha256: str) -> bool:
        return read[path] != sha256 if path in read else path in paths and (path, sha256) not in known

    return [path for path, each in receipts.items() if is_replaced(path, each.manifest.sha256)]


def _compute(job: _Job) -> Report:
    places, path_findings = list_telemetry_paths(job.receipts)
    files = [(place, job.receipts[place.path]) for place in places]
    kept_frames, kept_trucks = (
        KeptTables(job.workspace.tables_path / name, from_nothing=job.from_nothing) for name in ("frames", "trucks")
    )
    frames = make_frames(job.workspace, kept_frames, files, job.progress, processes=job.processes)
    changes = planned_changes(job.workspace)
    planned = planned_thresholds(changes, local_day(job.facts.trial.period_start_ms, job.facts.trial))
    trucks = measure_trucks(job.engine, kept_trucks, frames, facts=job.facts, thresholds=planned, progress=job.progress)
    measured = trucks.measured
    row_findings = [finding for file in frames for finding in file.note.findings]
    ledger = replay(job.facts, measured.cut, measured.outcome)
    custody = custody_evidence(job.facts, ledger, job.rule_sets)
    early = [*job.findings, *path_findings, *row_findings]
    found = run_checks(job.facts, measured, trucks.checked, early, planned, custody=custody)
    received = ReceivedDataset(job.workspace, job.receipts)
    findings = finding_rows(found, finding_sayings(found, received, job.keys.salt_seed))
    chains = trial_chains(job.facts, measured.outcome)
    assessed = _assess(job, measured, chains, findings)
    job.progress("state", 0, 1)
    shipments, stated = _state(job, measured, chains, assessed)
    job.progress("write", 0, 1)
    report = _report(job, measured, chains, findings, shipments=shipments, checkpoint=stated.checkpoint)
    documents = {
        "figures.json": Figures(figures=tuple(each.figure for each in assessed if each.figure is not None)),
        "balances.json": make_balances(job.facts, measured),
        CUSTODY: make_custody(job.facts, ledger, chains),
        "tracks.json": make_tracks(job.engine, measured, job.facts, chains.loaded_trips()),
        **{f"chains/{name}.json": chain for name, chain in _chain_files(chains).items()},
    }
    report = standing_report(job.workspace, report)
    _write_tables(job, trucks)
    _write_report(job.workspace, report, documents)
    for kept in (kept_frames, kept_trucks):
        kept.sweep()
    job.progress("write", 1, 1)
    job.worked(
        Work(
            files=len(frames),
            decoded=sum(each.is_new for each in frames),
            trucks=len(trucks.readings),
            measured=trucks.computed,
            differing=[f"{kept.folder.name}/{name}" for kept in (kept_frames, kept_trucks) for name in kept.differing],
            replaced=job.replaced,
            changed=stated.changed,
        )
    )
    return report


def _assess(
    job: _Job, measured: Measured, chains: TrialChains, findings: Sequence[FindingRow]
) -> list[AssessedConsignment]:
    assessed: list[AssessedConsignment] = []
    whole = len(job.facts.consignments) * len(job.rule_sets)
    for rule_set in job.rule_sets:
        assessor = Assessor(
            facts=job.facts,
            chains=chains,
            reconciliations=measured.outcome.reconciliations,
            services=measured.outcome.services,
            findings=findings,
            rule_set=rule_set,
        )
        for consignment in job.facts.consignments:
            job.progress("assess", len(assessed), whole)
            assessed.append(assess_consignment(assessor, consignment, job.comparisons))
    return assessed


def _state(
    job: _Job, measured: Measured, chains: TrialChains, assessed: Sequence[AssessedConsignment]
) -> tuple[list[Shipment], Stated]:
    """State every figure that nothing withholds; give all shipments, those with the id of their statement."""
    stating = Stating(
        workspace=job.workspace,
        facts=job.facts,
        groups=trial_groups(job.facts, measured.outcome, measured.cut, chains.operations),
        received=ReceivedByFolder(job.receipts),
        in_force=list_in_force(job.workspace.statements),
        signatures=job.signatures,
        editions=[*job.rule_sets, *job.comparisons],
        salt_seed=job.keys.salt_seed,
        log=job.keys.log,
        issuer=job.keys.issuer,
        now_ms=job.now_ms,
    )
    stated = state_figures(stating, [each.stated for each in assessed if each.stated is not None])
    given = iter(stated.ids)
    shipments = [
        msgspec.structs.replace(each.shipment, statement_id=next(given)) if each.stated else each.shipment
        for each in assessed
    ]
    return shipments, stated


def _report(
    job: _Job,
    measured: Measured,
    chains: TrialChains,
    findings: Sequence[FindingRow],
    *,
    shipments: Sequence[Shipment],
    checkpoint: Checkpoint,
) -> Report:
    trial = job.facts.trial
    uses: Counter[str] = Counter()
    for row in measured.rows["counts"]:
        uses[row["use"]] += row["n"]
    return Report(
        trial=trial.trial_id,
        format=1,
        software=SOFTWARE,
        engine=job.engine.name,
        checkpoint=report_checkpoint(checkpoint),
        trips=report_trips(job.facts, measured, chains, job.rule_sets[0]),
        findings=tuple(findings),
        shipments=tuple(shipments),
        totals=totals(uses, job.facts, measured, chains.operations),
        title_zh=trial.title_zh,
        title_en=trial.title_en,
        period_start=instant_text(trial.period_start_ms, trial),
        period_end=instant_text(trial.period_end_ms, trial),
        thresholds=thresholds_used(planned_changes(job.workspace), local_day(trial.period_start_ms, trial)),
        received=received_files(job.receipts),
        parties=reported_parties(job.facts),
    )


def _chain_files(chains: TrialChains) -> dict[str, Any]:
    """Give chains by a file name that is safe whatever a supplier called the consignment."""
    return {f"{number:06d}": chain for number, chain in enumerate(chains.chains.values(), start=1)}


def _write_tables(job: _Job, trucks: MeasuredTrucks) -> None:
    """Write the tables of trips, and the digests of all tables over what they say in the order of their keys."""
    digests = {
        "frame_uses": _digest_of(trucks.uses, USES),
        "readings": _digest_of(trucks.readings, trucks.measured.readings.steps.columns),
    }
    for name, expression in trip_tables(job.engine, trucks.measured.outcome).items():
        target = job.workspace.tables_path / f"{name}.parquet"
        with storage_errors(target):
            job.engine.write_parquet(expression, target)
        digests[name] = digest_batches(job.engine.iterate(expression), list(expression.columns))
    write_file(job.workspace.tables_path / "digests.json", document_bytes(digests))


def _digest_of(tables: Sequence[Path], columns: Sequence[str]) -> str:
    batches = (batch for path in tables for batch in pq.ParquetFile(path).iter_batches(columns=list(columns)))
    return digest_batches(batches, list(columns))


def _write_report(workspace: Workspace, report: Report, documents: Mapping[str, Any]) -> None:
    """Write the report last: while it is there, everything it speaks of is."""
    (workspace.report_path / "chains").mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        write_file(workspace.report_path / name, document_bytes(document))
    write_file(workspace.report_path / REPORT, document_bytes(report))
