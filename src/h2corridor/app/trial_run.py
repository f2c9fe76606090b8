"""The main job: a trial data set goes in, a report that can be traced to its bytes comes out.

1 check     the header and tables can be used at all; nothing is written before that
2 receive   every file's bytes, then one signed checkpoint over all of them
3 decode    telemetry rows to frames
4 measure   frames to trips and hydrogen
5 test      findings
6 assess    chains to figures, by every rule set asked for
7 state     activity records and statements into the log, then each statement signed
8 write     tables with their digests, then the report
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from h2verify.note import Checkpoint

from h2corridor import __version__
from h2corridor.accounting.kernel import Edition
from h2corridor.activity.papers import papers_of
from h2corridor.app.balances import make_balances
from h2corridor.app.chains import TrialChains, trial_chains
from h2corridor.app.frames import FRAMES_SCHEMA, Progress, make_frames
from h2corridor.app.measure import Measured, measure, measured_tables
from h2corridor.app.reasons import Assessor
from h2corridor.app.received import ReceivedDataset, digests_of
from h2corridor.app.records import trial_groups
from h2corridor.app.reporting import (
    finding_rows,
    instant_text,
    report_checkpoint,
    report_trips,
    totals,
)
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.app.shipments import AssessedConsignment, assess_consignment
from h2corridor.app.statements import ReceivedByFolder, Stating, state_figures
from h2corridor.app.testing import run_checks
from h2corridor.app.texts import local_day
from h2corridor.app.tracks import make_tracks
from h2corridor.app.trial_record import planned_changes, thresholds_used
from h2corridor.evidence import LogSigner, derive_file_salt
from h2corridor.evidence.table_digest import digest_batches
from h2corridor.intake import DatasetFolder, list_telemetry_paths, read_signatures, read_trial_facts
from h2corridor.intake.driver_columns import refuse_driver_columns
from h2corridor.model.findings import Finding
from h2corridor.model.report import Figures, Report, Shipment
from h2corridor.model.signatures import SupplierSignature
from h2corridor.model.trial import TrialFacts
from h2corridor.quality.thresholds import planned_thresholds
from h2corridor.store.duckdb import DuckdbEngine, open_engine
from h2corridor.store.files import Receipt, Workspace, storage_errors, write_file

SOFTWARE = f"h2corridor {__version__}"
DEFAULT_RULES = ("iso14083",)
COMPARISONS = ("same-service-diesel", "tailpipe-press")
SCRATCH = ".scratch"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRequest:
    """What a run is asked to do; time, keys and salts come from outside.

    `log_of`, `issuer_of` (which also gets the log's signer) and `salt_seed_of` are called with the workspace's folder
    of keys once the data set has been checked.
    """

    dataset: Path
    workspace: Path
    now_ms: int
    log_of: Callable[[Path], LogSigner]
    issuer_of: Callable[[Path, LogSigner], LogSigner]
    salt_seed_of: Callable[[Path], bytes]
    rules: Sequence[str] = DEFAULT_RULES
    threads: int = 2
    memory_mb: int = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    log: LogSigner
    issuer: LogSigner
    salt_seed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A run after its files were received."""

    workspace: Workspace
    engine: DuckdbEngine
    receipts: Mapping[str, Receipt]
    keys: _Keys
    now_ms: int
    facts: TrialFacts
    findings: Sequence[Finding]
    signatures: Sequence[SupplierSignature]
    rule_sets: Sequence[Edition]
    comparisons: Sequence[Edition]
    progress: Progress


def run_trial(request: TrialRequest, progress: Progress) -> Report:
    """Run a trial and give its report, which then also stands in the workspace.

    Raises
    ------
    InputError
        The data set cannot be used at all; the workspace is as it was.
    UsageError, RuleError
        A rule set is not there or cannot be used.
    WorkspaceError, StorageError
        The workspace cannot be used or the disk refuses; what was received before is as it was.
    """
    dataset = DatasetFolder(request.dataset)
    progress("check", 0, 1)
    refuse_driver_columns(dataset)
    read_trial_facts(dataset)
    rule_sets = [get_rule_set(name) for name in request.rules]
    comparisons = [get_comparison(name) for name in COMPARISONS]
    with Workspace.create_or_open(request.workspace, now_ms=request.now_ms, software=SOFTWARE) as workspace:
        keys = _load_keys(workspace, request)
        receipts = _receive(workspace, dataset, request, keys, progress)
        received = ReceivedDataset(workspace, receipts)
        facts, findings = read_trial_facts(received)
        signatures, signature_findings = read_signatures(received, facts, digests_of(receipts))
        limits = {"threads": request.threads, "memory_mb": request.memory_mb}
        with _scratch(workspace) as scratch, open_engine(scratch, **limits) as engine:
            return _compute(
                _Job(
                    workspace=workspace,
                    engine=engine,
                    receipts=receipts,
                    keys=keys,
                    now_ms=request.now_ms,
                    facts=facts,
                    findings=[*findings, *signature_findings],
                    signatures=signatures,
                    rule_sets=rule_sets,
                    comparisons=comparisons,
                    progress=progress,
                )
            )


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
    workspace: Workspace, dataset: DatasetFolder, request: TrialRequest, keys: _Keys, progress: Progress
) -> dict[str, Receipt]:
    """Keep every file of the data set and put it into the log, before anything is computed from it."""
    paths = dataset.list_paths()
    receipts: dict[str, Receipt] = {}
    for done, path in enumerate(paths):
        progress("receive", done, len(paths))
        receipts[path] = workspace.receive(
            path,
            dataset.root / path,
            now_ms=request.now_ms,
            file_salt=lambda name, sha256: derive_file_salt(keys.salt_seed, name, sha256),
        )
    progress("receive", len(paths), len(paths))
    workspace.append_to_log(list(receipts.values()), keys.log, issuer_vkey=keys.issuer.vkey)
    return receipts


def _compute(job: _Job) -> Report:
    places, path_findings = list_telemetry_paths(job.receipts)
    files = [(place, job.receipts[place.path]) for place in places]
    tables, row_findings = make_frames(job.workspace, files, job.progress)
    job.progress("measure", 0, 1)
    measured = measure(job.engine, job.engine.open_parquet(tables, FRAMES_SCHEMA), papers_of(job.facts))
    job.progress("test", 0, 1)
    changes = planned_changes(job.workspace)
    planned = planned_thresholds(changes, local_day(job.facts.trial.period_start_ms, job.facts.trial))
    findings = run_checks(job.engine, job.facts, measured, [*job.findings, *path_findings, *row_findings], planned)
    chains = trial_chains(job.facts, measured.outcome)
    assessed = _assess(job, measured, chains, findings)
    job.progress("state", 0, 1)
    shipments, checkpoint = _state(job, measured, chains, assessed)
    job.progress("write", 0, 1)
    report = _report(job, measured, chains, findings, shipments=shipments, checkpoint=checkpoint)
    documents = {
        "figures.json": Figures(figures=tuple(each.figure for each in assessed if each.figure is not None)),
        "balances.json": make_balances(job.engine, job.facts, measured),
        "tracks.json": make_tracks(job.engine, measured, job.facts, chains.loaded_trips()),
        **{f"chains/{name}.json": chain for name, chain in _chain_files(chains).items()},
    }
    _write_tables(job, measured)
    _write_report(job.workspace, report, documents)
    job.progress("write", 1, 1)
    return report


def _assess(
    job: _Job, measured: Measured, chains: TrialChains, findings: Sequence[Finding]
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
) -> tuple[list[Shipment], Checkpoint]:
    """State every figure that nothing withholds; give all shipments, those with the id of their statement."""
    stating = Stating(
        workspace=job.workspace,
        facts=job.facts,
        groups=trial_groups(job.facts, measured.outcome, measured.cut, chains.operations),
        received=ReceivedByFolder(job.receipts),
        signatures=job.signatures,
        editions=[*job.rule_sets, *job.comparisons],
        salt_seed=job.keys.salt_seed,
        log=job.keys.log,
        issuer=job.keys.issuer,
        now_ms=job.now_ms,
    )
    ids, checkpoint = state_figures(stating, [each.stated for each in assessed if each.stated is not None])
    given = iter(ids)
    shipments = [
        msgspec.structs.replace(each.shipment, statement_id=next(given)) if each.stated else each.shipment
        for each in assessed
    ]
    return shipments, checkpoint


def _report(
    job: _Job,
    measured: Measured,
    chains: TrialChains,
    findings: Sequence[Finding],
    *,
    shipments: Sequence[Shipment],
    checkpoint: Checkpoint,
) -> Report:
    trial = job.facts.trial
    uses = job.engine.list_rows(measured.uses.group_by("use").agg(n=measured.uses.count()))
    return Report(
        trial=trial.trial_id,
        format=1,
        software=SOFTWARE,
        engine=job.engine.name,
        checkpoint=report_checkpoint(checkpoint),
        trips=report_trips(job.facts, measured, chains, job.rule_sets[0]),
        findings=finding_rows(findings),
        shipments=tuple(shipments),
        totals=totals({row["use"]: row["n"] for row in uses}, job.facts, measured, chains.operations),
        title_zh=trial.title_zh,
        title_en=trial.title_en,
        period_start=instant_text(trial.period_start_ms, trial),
        period_end=instant_text(trial.period_end_ms, trial),
        thresholds=thresholds_used(planned_changes(job.workspace), local_day(trial.period_start_ms, trial)),
    )


def _chain_files(chains: TrialChains) -> dict[str, Any]:
    """Give chains by a file name that is safe whatever a supplier called the consignment."""
    return {f"{number:06d}": chain for number, chain in enumerate(chains.chains.values(), start=1)}


def _write_tables(job: _Job, measured: Measured) -> None:
    digests: dict[str, str] = {}
    for name, expression in measured_tables(job.engine, measured).items():
        target = job.workspace.tables_path / f"{name}.parquet"
        part = target.with_name(f".{target.name}.part")
        with storage_errors(target):
            job.engine.write_parquet(expression, part)
            part.replace(target)
        digests[name] = digest_batches(job.engine.iterate(expression), list(expression.columns))
    write_file(job.workspace.tables_path / "digests.json", _document(digests))


def _write_report(workspace: Workspace, report: Report, documents: Mapping[str, Any]) -> None:
    """Write the report last: while it is there, everything it speaks of is."""
    (workspace.report_path / "chains").mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        write_file(workspace.report_path / name, _document(document))
    write_file(workspace.report_path / "report.json", _document(report))


def _document(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"
