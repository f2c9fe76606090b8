"""The main job: a trial data set goes in, a report that can be traced to its bytes comes out.

1 check     the header and tables can be used at all; nothing is written before that
2 receive   every file's bytes, then one signed checkpoint over all of them
3 decode    telemetry rows to frames
4 measure   frames to trips and hydrogen
5 test      findings
6 assess    chains to figures, by every rule set asked for
7 write     tables with their digests, then the report
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from h2verify.note import Checkpoint

from h2corridor import __version__
from h2corridor.accounting.kernel import Edition
from h2corridor.activity.papers import papers_of
from h2corridor.app.chains import TrialChains, trial_chains
from h2corridor.app.frames import FRAMES_SCHEMA, make_frames
from h2corridor.app.measure import Measured, measure, measured_tables
from h2corridor.app.received import ReceivedDataset
from h2corridor.app.reporting import (
    finding_rows,
    instant_text,
    report_checkpoint,
    report_trips,
    totals,
)
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.app.shipments import Assessor, assess_consignment
from h2corridor.app.testing import run_checks
from h2corridor.app.tracks import make_tracks
from h2corridor.evidence import LogSigner, derive_file_salt
from h2corridor.evidence.table_digest import digest_batches
from h2corridor.intake import DatasetFolder, list_telemetry_paths, read_trial_facts
from h2corridor.model.findings import Finding
from h2corridor.model.report import FigureDerivation, Figures, Report, Shipment
from h2corridor.model.trial import TrialFacts
from h2corridor.store.duckdb import DuckdbEngine
from h2corridor.store.files import Receipt, Workspace, write_file

SOFTWARE = f"h2corridor {__version__}"
DEFAULT_RULES = ("iso14083",)
COMPARISONS = ("same-service-diesel", "tailpipe-press")
SCRATCH = ".scratch"

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRequest:
    """What a run is asked to do; time, keys and salts come from outside.

    `signer_of` and `salt_seed_of` are called with the workspace's folder of keys once the data set has been checked.
    """

    dataset: Path
    workspace: Path
    now_ms: int
    signer_of: Callable[[Path], LogSigner]
    salt_seed_of: Callable[[Path], bytes]
    rules: Sequence[str] = DEFAULT_RULES
    threads: int = 2
    memory_mb: int = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Received:
    receipts: Mapping[str, Receipt]
    checkpoint: Checkpoint


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
    read_trial_facts(dataset)
    rule_sets = [get_rule_set(name) for name in request.rules]
    comparisons = [get_comparison(name) for name in COMPARISONS]
    with Workspace.create_or_open(request.workspace, now_ms=request.now_ms, software=SOFTWARE) as workspace:
        received = _receive(workspace, dataset, request, progress)
        facts, findings = read_trial_facts(ReceivedDataset(workspace, received.receipts))
        scratch = workspace.tables_path / SCRATCH
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        try:
            with DuckdbEngine(scratch, threads=request.threads, memory_mb=request.memory_mb) as engine:
                return _compute(workspace, engine, received, facts, findings, rule_sets, comparisons, progress)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _receive(workspace: Workspace, dataset: DatasetFolder, request: TrialRequest, progress: Progress) -> _Received:
    signer = request.signer_of(workspace.keys_path)
    seed = request.salt_seed_of(workspace.keys_path)
    paths = dataset.list_paths()
    receipts: dict[str, Receipt] = {}
    for done, path in enumerate(paths):
        progress("receive", done, len(paths))
        receipts[path] = workspace.receive(
            path,
            dataset.root / path,
            now_ms=request.now_ms,
            file_salt=lambda name, sha256: derive_file_salt(seed, name, sha256),
        )
    progress("receive", len(paths), len(paths))
    return _Received(receipts=receipts, checkpoint=workspace.append_to_log(list(receipts.values()), signer))


def _compute(
    workspace: Workspace,
    engine: DuckdbEngine,
    received: _Received,
    facts: TrialFacts,
    findings: Sequence[Finding],
    rule_sets: Sequence[Edition],
    comparisons: Sequence[Edition],
    progress: Progress,
) -> Report:
    places, path_findings = list_telemetry_paths(received.receipts)
    tables, row_findings = make_frames(
        workspace, [(place, received.receipts[place.path]) for place in places], progress
    )
    progress("measure", 0, 1)
    frames = engine.open_parquet(tables, FRAMES_SCHEMA)
    measured = measure(engine, frames, papers_of(facts))
    progress("test", 0, 1)
    tested = run_checks(engine, facts, measured, [*findings, *path_findings, *row_findings])
    progress("assess", 0, len(facts.consignments))
    chains = trial_chains(facts, measured.outcome)
    shipments, figures = _assess(facts, measured, chains, tested, rule_sets, comparisons, progress)
    progress("write", 0, 1)
    uses = engine.list_rows(measured.uses.group_by("use").agg(n=measured.uses.count()))
    report = Report(
        trial=facts.trial.trial_id,
        format=1,
        software=SOFTWARE,
        engine=engine.name,
        checkpoint=report_checkpoint(received.checkpoint),
        trips=report_trips(facts, measured, chains, rule_sets[0]),
        findings=finding_rows(tested),
        shipments=tuple(shipments),
        totals=totals({row["use"]: row["n"] for row in uses}, facts, measured, chains.operations),
        title_zh=facts.trial.title_zh,
        title_en=facts.trial.title_en,
        period_start=instant_text(facts.trial.period_start_ms, facts.trial),
        period_end=instant_text(facts.trial.period_end_ms, facts.trial),
    )
    documents = {
        "figures.json": Figures(figures=tuple(figures)),
        "tracks.json": make_tracks(engine, measured, facts, chains.loaded_trips()),
        **{f"chains/{name}.json": chain for name, chain in _chain_files(chains).items()},
    }
    _write_tables(workspace, engine, measured)
    _write_report(workspace, report, documents)
    progress("write", 1, 1)
    return report


def _assess(
    facts: TrialFacts,
    measured: Measured,
    chains: TrialChains,
    findings: Sequence[Finding],
    rule_sets: Sequence[Edition],
    comparisons: Sequence[Edition],
    progress: Progress,
) -> tuple[list[Shipment], list[FigureDerivation]]:
    shipments: list[Shipment] = []
    figures: list[FigureDerivation] = []
    for rule_set in rule_sets:
        assessor = Assessor(
            facts=facts,
            chains=chains,
            reconciliations=measured.outcome.reconciliations,
            findings=findings,
            rule_set=rule_set,
        )
        for done, consignment in enumerate(facts.consignments):
            progress("assess", done, len(facts.consignments))
            shipment, figure = assess_consignment(assessor, consignment, comparisons)
            shipments.append(shipment)
            if figure is not None:
                figures.append(figure)
    return shipments, figures


def _chain_files(chains: TrialChains) -> dict[str, Any]:
    """Give chains by a file name that is safe whatever a supplier called the consignment."""
    return {f"{number:06d}": chain for number, chain in enumerate(chains.chains.values(), start=1)}


def _write_tables(workspace: Workspace, engine: DuckdbEngine, measured: Measured) -> None:
    digests: dict[str, str] = {}
    for name, expression in measured_tables(engine, measured).items():
        target = workspace.tables_path / f"{name}.parquet"
        part = target.with_name(f".{target.name}.part")
        engine.write_parquet(expression, part)
        part.replace(target)
        digests[name] = digest_batches(engine.iterate(expression), list(expression.columns))
    write_file(workspace.tables_path / "digests.json", _document(digests))


def _write_report(workspace: Workspace, report: Report, documents: Mapping[str, Any]) -> None:
    """Write the report last: while it is there, everything it speaks of is."""
    (workspace.report_path / "chains").mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        write_file(workspace.report_path / name, _document(document))
    write_file(workspace.report_path / "report.json", _document(report))


def _document(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"
