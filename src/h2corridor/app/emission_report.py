"""A report over many chains, from chain documents, a table of shipments or the last run of a workspace."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import msgspec

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.factor_files import FactorPack
from h2corridor.accounting.kernel.parameters import Parameters
from h2corridor.accounting.reporting import Asked, AssessedChain, QualityScheme, make_report, read_scheme
from h2corridor.accounting.stated_ranges import StatedRanges
from h2corridor.app.assess import read_chain, read_limited
from h2corridor.app.assess_document import require_stated_format
from h2corridor.app.assess_table import is_table, read_shipments
from h2corridor.app.factor_packs import read_pack
from h2corridor.app.read_report import read_documents
from h2corridor.app.rules import get_chain_rules
from h2corridor.model.chain import TransportChain, decode_chain
from h2corridor.model.emission_report import EmissionReport, NotCovered, Uncounted
from h2corridor.model.errors import CorridorError, InputError, RuleError, UsageError
from h2corridor.model.ranges import RANGES_FORMAT, decode_ranges
from h2corridor.model.report import Shipment, decode_report
from h2corridor.store.files import Workspace

SHIPMENTS_MAX = 20_000
"""Shipments of one report: it reads the derivation of each."""

_SCHEME = "accounting/reporting/data_quality/2026.1.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """A shipment: its chain or why there is none, by element who carried it and on which lane, and what a trial says
    of its figure."""

    name: str
    chain: TransportChain | CorridorError
    carriers: Mapping[str, str] = field(default_factory=dict)
    lanes: Mapping[str, str] = field(default_factory=dict)
    withheld: NotCovered | None = None
    uncounted: tuple[Uncounted, ...] = ()


def report_emissions(
    documents: Sequence[Path],
    rule_set: str,
    *,
    categories: Path | None = None,
    workspace: Path | None = None,
    ranges: Path | None = None,
    factors: Sequence[Path] = (),
    asked: Asked,
) -> EmissionReport:
    """The report of what was named: chain documents, or one table with its categories, or a workspace.

    Of a workspace, what its trial withholds stays withheld. With a file of ranges, figures have intervals.
    Own factor files are asked before the rule set, the first named first; not for a workspace, whose figures stand.

    Raises
    ------
    UsageError
        `report.sources`: nothing, or more than one kind of thing, was named. `report.trial-factors`: own factors
        for a trial. `rules.unknown`.
    WorkspaceError
        The folder is no workspace, or has no run yet.
    InputError
        A file cannot be read; `ranges.form`; `report.empty`, `report.repeated-shipment`, `report.too-many`.
    RuleError
        `ranges.unmatched`, `ranges.twice`: a range is of no number, or a number has several.
    """
    edition = get_chain_rules(rule_set)
    if workspace is not None and factors:
        fault = "a trial's figures rest on the factors that it was run with."
        next_step = "Leave out --factors, or report the chains in the workspace's report/chains as documents."
        raise UsageError("report.trial-factors", fault, next_step=next_step)
    packs = [read_pack(path) for path in factors]
    sources = [edition.parameters, *(pack.parameters for pack in packs)]
    stated = None if ranges is None else _read_ranges(ranges, sources)
    named = _stated(documents, categories, workspace, edition)
    assessed, uncounted, not_covered = _assessed(named, edition, packs)
    return make_report(
        assessed,
        edition,
        quality_scheme(),
        not_covered=not_covered,
        uncounted=uncounted,
        asked=asked,
        ranges=stated,
    )


def _read_ranges(path: Path, sources: Sequence[Parameters]) -> StatedRanges:
    document = read_limited(path, f"a JSON file of format {RANGES_FORMAT}")
    return StatedRanges(decode_ranges(document, about=str(path)).ranges, sources)


def quality_scheme() -> QualityScheme:
    """The scheme that data are rated by."""
    return read_scheme(files("h2corridor").joinpath(_SCHEME).read_bytes(), about=_SCHEME)


def _stated(
    documents: Sequence[Path], categories: Path | None, workspace: Path | None, edition: Edition
) -> Iterable[_Stated]:
    tables = [path for path in documents if is_table(path)]
    if bool(documents) == (workspace is not None) or (tables and len(documents) > 1):
        fault = "expected transport chains, or one table, or a workspace."
        next_step = "Name one kind: CHAIN.json ..., or LEGS.csv --categories FILE, or --workspace DIR."
        raise UsageError("report.sources", fault, next_step=next_step)
    if tables:
        return _of_table(tables[0], categories)
    return _of_documents(documents, edition) if workspace is None else _of_workspace(workspace, edition)


def _of_documents(documents: Sequence[Path], edition: Edition) -> Iterator[_Stated]:
    for path in documents:
        require_stated_format(path, edition)
        chain = read_chain(path)
        yield _Stated(name=chain.shipment.id, chain=chain)


def _of_workspace(workspace: Path, edition: Edition) -> Iterator[_Stated]:
    """The chains of the last run. A figure that the trial withholds under this rule set, or under any where this one
    was not run, is withheld here too."""
    figures = decode_report(read_documents(workspace)["report.json"]).shipments
    for path in sorted((Workspace.open(workspace).report_path / "chains").glob("*.json")):
        chain = read_chain(path)
        name = chain.shipment.id
        rows = [row for row in figures if row.consignment_id == name]
        rows = [row for row in rows if row.rule_set == edition.name] or rows
        withheld = [_withheld(row) for row in rows if row.status == "withheld"] if rows else [_unnamed(name)]
        yield _Stated(
            name=name,
            chain=chain,
            withheld=withheld[0] if withheld else None,
            uncounted=tuple(dict.fromkeys(each for row in rows for each in _uncounted(row))),
        )


def _withheld(row: Shipment) -> NotCovered:
    why_zh = row.why if row.why_zh is None else row.why_zh
    return NotCovered(shipment=row.consignment_id, why_zh=why_zh, why_en=row.why)


def _unnamed(name: str) -> NotCovered:
    """A chain in the run's folder of which its report knows nothing."""
    return NotCovered(
        shipment=name, why_zh=("该次运行的报告未列出这票货物",), why_en=("the report of the run does not name it",)
    )


def _uncounted(row: Shipment) -> Iterator[Uncounted]:
    said_zh = row.not_covered if row.not_covered_zh is None else row.not_covered_zh
    for zh, en in zip(said_zh, row.not_covered, strict=True):
        yield Uncounted(shipment=row.consignment_id, zh=zh, en=en)


def _of_table(path: Path, categories: Path | None) -> Iterator[_Stated]:
    table, shared = read_shipments(path, categories)
    built = msgspec.to_builtins(shared.categories)
    day = shared.activity_date.isoformat() if shared.activity_date else None
    ids, columns = table.columns["element_id"], table.columns
    for number, name in enumerate(table.shipments):
        rows = table.rows[number]
        document = msgspec.json.encode(table.chain_document(number, built, day))
        chain: TransportChain | CorridorError
        try:
            chain = decode_chain(document, about=name)
        except InputError as error:
            chain = error
        carriers = {ids[row]: columns["carrier"][row] for row in rows}
        lanes = {ids[row]: columns["lane"][row] for row in rows}
        yield _Stated(name=name, chain=chain, carriers=carriers, lanes=lanes)


def _assessed(
    stated: Iterable[_Stated], edition: Edition, packs: Sequence[FactorPack]
) -> tuple[list[AssessedChain], list[Uncounted], list[NotCovered]]:
    assessed: list[AssessedChain] = []
    uncounted: list[Uncounted] = []
    not_covered: list[NotCovered] = []
    for number, each in enumerate(stated):
        if number >= SHIPMENTS_MAX:
            fault = f"a report takes at most {SHIPMENTS_MAX} shipments."
            raise InputError("report.too-many", fault, about="emission report", next_step="Report month by month.")
        if each.withheld is not None:
            not_covered.append(each.withheld)
            continue
        try:
            if isinstance(each.chain, CorridorError):
                raise each.chain
            result = assess_chain(each.chain, edition, packs=packs)
        except (InputError, RuleError) as error:
            not_covered.append(NotCovered(shipment=each.name, message=error.message))
            continue
        uncounted.extend(each.uncounted)
        assessed.append(AssessedChain(chain=each.chain, result=result, carriers=each.carriers, lanes=each.lanes))
    return assessed, uncounted, not_covered
