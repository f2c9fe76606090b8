"""A report over many chains, from chain documents, a table of shipments or the last run of a workspace."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import msgspec

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.reporting import Asked, AssessedChain, QualityScheme, make_report, read_scheme
from h2corridor.app.assess import read_chain
from h2corridor.app.assess_table import is_table, read_shipments
from h2corridor.app.rules import get_rule_set
from h2corridor.model.chain import TransportChain, decode_chain
from h2corridor.model.emission_report import EmissionReport, NotCovered
from h2corridor.model.errors import CorridorError, InputError, RuleError, UsageError
from h2corridor.store.files import Workspace

SHIPMENTS_MAX = 20_000
"""Shipments of one report: it reads the derivation of each."""

_SCHEME = "accounting/reporting/data_quality/2026.1.toml"

_Stated = tuple[str, TransportChain | CorridorError, dict[str, str], dict[str, str]]
"""A shipment's id, its chain or why there is none, and by element who carried it and on which lane."""


def report_emissions(
    documents: Sequence[Path],
    rule_set: str,
    *,
    categories: Path | None = None,
    workspace: Path | None = None,
    asked: Asked,
) -> EmissionReport:
    """The report of what was named: chain documents, or one table with its categories, or a workspace.

    Raises
    ------
    UsageError
        `report.sources`: nothing, or more than one kind of thing, was named. `rules.unknown`.
    InputError
        A file cannot be read; `report.empty`, `report.repeated-shipment`, `report.too-many`.
    """
    edition = get_rule_set(rule_set)
    stated = _stated(documents, categories, workspace)
    assessed, not_covered = _assessed(stated, edition)
    return make_report(assessed, edition, quality_scheme(), not_covered=not_covered, asked=asked)


def quality_scheme() -> QualityScheme:
    """The scheme that data are rated by."""
    return read_scheme(files("h2corridor").joinpath(_SCHEME).read_bytes(), about=_SCHEME)


def _stated(documents: Sequence[Path], categories: Path | None, workspace: Path | None) -> Iterable[_Stated]:
    tables = [path for path in documents if is_table(path)]
    if bool(documents) == (workspace is not None) or (tables and len(documents) > 1):
        fault = "expected transport chains, or one table, or a workspace."
        next_step = "Name one kind: CHAIN.json ..., or LEGS.csv --categories FILE, or --workspace DIR."
        raise UsageError("report.sources", fault, next_step=next_step)
    if tables:
        return _of_table(tables[0], categories)
    if workspace is not None:
        documents = sorted((Workspace.open(workspace).report_path / "chains").glob("*.json"))
    return _of_documents(documents)


def _of_documents(documents: Sequence[Path]) -> Iterator[_Stated]:
    for path in documents:
        chain = read_chain(path)
        yield chain.shipment.id, chain, {}, {}


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
        yield name, chain, carriers, {ids[row]: columns["lane"][row] for row in rows}


def _assessed(stated: Iterable[_Stated], edition: Edition) -> tuple[list[AssessedChain], list[NotCovered]]:
    assessed, not_covered = [], []
    for number, (name, chain, carriers, lanes) in enumerate(stated):
        if number >= SHIPMENTS_MAX:
            fault = f"a report takes at most {SHIPMENTS_MAX} shipments."
            raise InputError("report.too-many", fault, about="emission report", next_step="Report month by month.")
        try:
            if isinstance(chain, CorridorError):
                raise chain
            result = assess_chain(chain, edition)
        except (InputError, RuleError) as error:
            not_covered.append(NotCovered(shipment=name, message=error.message))
            continue
        assessed.append(AssessedChain(chain=chain, result=result, carriers=carriers, lanes=lanes))
    return assessed, not_covered
