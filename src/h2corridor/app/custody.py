"""The ledger of kilograms of a run, and both sides of it as `h2corridor custody show` gives them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from h2corridor.accounting.assessment import assess_chain_partially
from h2corridor.accounting.custody import KilogramLedger, list_mixed
from h2corridor.accounting.custody.attributes import FATES, Attributes, BatchAttribute, Fate, settle_attributes
from h2corridor.accounting.custody.residual import RESIDUAL, residual_chain
from h2corridor.accounting.custody.sharing import share_parts
from h2corridor.accounting.custody_models import clause_of, is_allowed
from h2corridor.accounting.kernel import Edition
from h2corridor.app.assess import read_limited
from h2corridor.app.chain_values import read_chain
from h2corridor.app.chains import TrialChains
from h2corridor.app.custody_views import (
    BatchView,
    ConsignmentView,
    CustodyView,
    PartView,
    ResidualFigure,
    kilograms,
    store_views,
)
from h2corridor.app.operations import trip_shares_mg
from h2corridor.app.read_report import read_documents
from h2corridor.app.rules import get_chain_rules
from h2corridor.model.chain_values import CustodyModel, TransportChain
from h2corridor.model.custody import CUSTODY, CUSTODY_FORMAT, Custody, CustodyBatch, SharedTrip, decode_custody
from h2corridor.model.custody_sales import SALES_FORMAT, AttributeSale, decode_sales
from h2corridor.model.errors import InputError, WorkspaceError
from h2corridor.model.report import Report, Shipment, decode_report
from h2corridor.model.trial import HydrogenBatch, TrialFacts
from h2corridor.quality import CustodyEvidence
from h2corridor.store.files import Workspace

_MODELS: Mapping[str, CustodyModel] = {
    "segregated": "segregated",
    "mass_balance": "mass_balance",
    "book_and_claim": "book_and_claim",
}


def make_custody(facts: TrialFacts, ledger: KilogramLedger, chains: TrialChains) -> Custody:
    """Give `custody.json` of a run: its postings, what counts of its batches, and how consignments share its trips."""
    return Custody(
        format=CUSTODY_FORMAT,
        trial=facts.trial.trial_id,
        period_end_s=facts.trial.period_end_ms // 1000,
        postings=tuple(ledger.postings),
        batches=tuple(_batch(each) for each in facts.hydrogen_batches),
        trips=tuple(_shared_trips(facts, chains)),
    )


def custody_evidence(facts: TrialFacts, ledger: KilogramLedger, rule_sets: Sequence[Edition]) -> CustodyEvidence:
    """Give what checks read of the ledger and of the rule sets of a run."""
    models = {each.batch_id: each.custody for each in facts.hydrogen_batches}
    return CustodyEvidence(
        mixed=list_mixed(ledger.postings, models),
        refused={
            name: [(each.name, clause_of(each)) for each in rule_sets if not is_allowed(model, each)]
            for name, model in _MODELS.items()
        },
    )


def _batch(row: HydrogenBatch) -> CustodyBatch:
    until_ms, gate = row.certificate_valid_until_ms, row.intensity_kgco2e_per_kg
    return CustodyBatch(
        batch_id=row.batch_id,
        row=row.row,
        mass_mg=row.mass_mg,
        custody=_MODELS.get(row.custody or ""),
        certificate_id=row.certificate_id,
        valid_until_s=None if until_ms is None else until_ms // 1000,
        other_claims=row.other_claims,
        gate_kgco2e_per_kg=None if gate is None else f"{gate:f}",
    )


def _shared_trips(facts: TrialFacts, chains: TrialChains) -> Iterable[SharedTrip]:
    for operation in chains.operations:
        by_owner = trip_shares_mg(operation, facts.legs)
        for trip_id in operation.hydrogen:
            shares = {owner: trips[trip_id] for owner, trips in by_owner.items() if trip_id in trips}
            yield SharedTrip(trip_id=trip_id, category=operation.category, shares=shares)


def read_custody(workspace: Path) -> Custody:
    """Give the ledger that the last run left.

    Raises
    ------
    WorkspaceError
        `report.custody-absent`: it left none; `report.unreadable`: it cannot be read.
    """
    path = Workspace.open(workspace).report_path / CUSTODY
    if not path.is_file():
        next_step = "Run `h2corridor trial run` again; everything is rebuilt from the received bytes."
        fault = f"the last run left no {CUSTODY}."
        raise WorkspaceError("report.custody-absent", fault, about=str(workspace), next_step=next_step)
    return decode_custody(path.read_bytes())


def show_custody(workspace: Path, sales: Path | None) -> CustodyView:
    """Give where every kilogram of the last run went, who may speak of it, and figures with residual hydrogen.

    Parameters
    ----------
    sales : a file of format attribute-sale/1

    Raises
    ------
    WorkspaceError
        `report.absent`, `report.custody-absent`: there is no run, or it left no ledger.
    InputError
        `sale.unreadable`, `sale.shape`; `sale.unknown-batch` and others: see `settle_attributes`.
    """
    report = decode_report(read_documents(workspace)["report.json"])
    custody, folder = read_custody(workspace), Workspace.open(workspace).report_path
    attributes = settle_attributes(custody, () if sales is None else _read_sales(sales))
    rule_sets = [get_chain_rules(name) for name in dict.fromkeys(each.rule_set for each in report.shipments)]
    stations, trucks = store_views(custody.postings)
    return CustodyView(
        trial=custody.trial,
        rule_sets=tuple(each.name for each in rule_sets),
        batches=tuple(_batch_view(each, rule_sets) for each in attributes.batches.values()),
        stations=stations,
        trucks=trucks,
        consignments=tuple(_consignments(custody, attributes, report, rule_sets, folder)),
        unshared=_parts(_unshared(custody, attributes)),
        postings=custody.postings,
    )


def _read_sales(path: Path) -> Sequence[AttributeSale]:
    try:
        data = read_limited(path, f"a JSON file of format {SALES_FORMAT}")
    except InputError as error:
        raise InputError("sale.unreadable", error.fault, about=error.about, next_step=error.next_step) from error
    return decode_sales(data, about=str(path))


def _batch_view(attribute: BatchAttribute, rule_sets: Sequence[Edition]) -> BatchView:
    batch, model = attribute.batch, attribute.batch.custody
    return BatchView(
        batch_id=batch.batch_id,
        row=batch.row,
        custody=model,
        allowed={each.name: None if model is None else is_allowed(model, each) for each in rule_sets},
        certificate_id=batch.certificate_id,
        valid_until_s=batch.valid_until_s,
        other_claims=batch.other_claims,
        produced_kg=kilograms(batch.mass_mg),
        brought_kg=kilograms(attribute.brought_mg),
        used_kg={fate: kilograms(mass) for fate, mass in attribute.used_mg.items() if fate != "unknown"},
        sold_kg=kilograms(attribute.sold_mg),
        expired_kg=kilograms(attribute.expired_mg),
        left_kg=kilograms(attribute.left_mg),
        sales=tuple(attribute.sales),
    )


def _unshared(custody: Custody, attributes: Attributes) -> dict[tuple[str, Fate], int]:
    """What was used on trips that no consignment shares, or while a truck made none."""
    shared = {f"trip:{trip.trip_id}" for trip in custody.trips if trip.shares}
    found: dict[tuple[str, Fate], int] = {}
    for account, parts in attributes.uses.items():
        for part, mass in parts.items() if account not in shared else ():
            found[part] = found.get(part, 0) + mass
    return found


def _consignments(
    custody: Custody, attributes: Attributes, report: Report, rule_sets: Sequence[Edition], folder: Path
) -> Iterable[ConsignmentView]:
    used: dict[str, dict[tuple[str, Fate], int]] = {}
    residual: dict[str, dict[str, int]] = {}
    categories: dict[str, set[str]] = {}
    for trip in custody.trips:
        parts = attributes.uses.get(f"trip:{trip.trip_id}", {})
        for (origin, fate), mass in parts.items():
            if fate == "residual":
                mine = residual.setdefault(trip.category, {})
                mine[origin] = mine.get(origin, 0) + mass
        for owner, shared in share_parts(parts, trip.shares).items() if trip.shares else ():
            categories.setdefault(owner, set()).add(trip.category)
            total = used.setdefault(owner, {})
            for part, mass in shared.items():
                total[part] = total.get(part, 0) + mass
    documents = _read_chains(folder) if residual else {}
    for owner in sorted(used):
        touched = {name: residual[name] for name in sorted(categories[owner]) if name in residual}
        figures = [
            _figure(shipment, documents[owner], touched, rule_set)
            for shipment in report.shipments
            for rule_set in rule_sets
            if touched and owner in documents and (shipment.consignment_id, shipment.rule_set) == (owner, rule_set.name)
        ]
        yield ConsignmentView(
            consignment_id=owner,
            used_kg=kilograms(sum(used[owner].values())),
            parts=_parts(used[owner]),
            residual_figures=tuple(figures),
        )


def _parts(parts: Mapping[tuple[str, Fate], int]) -> tuple[PartView, ...]:
    """Parts by batch and fate; what is of no known batch stands last."""
    found: dict[tuple[str, Fate], int] = {}
    for (origin, fate), mass in parts.items():
        key = ("" if fate == "unknown" else origin.partition("@")[0], fate)
        found[key] = found.get(key, 0) + mass
    ordered = sorted(found, key=lambda key: (not key[0], key[0], FATES.index(key[1])))
    return tuple(PartView(batch_id=key[0] or None, fate=key[1], kg=kilograms(found[key])) for key in ordered)


def _read_chains(folder: Path) -> dict[str, TransportChain]:
    documents = [msgspec.json.decode(path.read_bytes()) for path in sorted(folder.glob("chains/*.json"))]
    chains = [read_chain(_stated(document)) for document in documents]
    return {chain.shipment.id: chain for chain in chains}


def _stated(value: Any) -> Any:
    """A written chain without what is null or empty, as the writer of chains leaves it out."""
    if isinstance(value, dict):
        return {name: _stated(each) for name, each in value.items() if each is not None and each != []}
    return [_stated(each) for each in value] if isinstance(value, list) else value


def _figure(
    shipment: Shipment, chain: TransportChain, residual_mg: Mapping[str, Mapping[str, int]], rule_set: Edition
) -> ResidualFigure:
    """The figure of a consignment by the same rules, with residual hydrogen where its attribute was sold.

    Raises
    ------
    RuleError
        `rule.no-factor`: the rule set has no intensity of residual hydrogen on the day.
    """
    assert chain.activity_date is not None, "a trial's chain has its day"
    parameter = rule_set.parameters.select_parameter(RESIDUAL, on=chain.activity_date).parameter
    view = residual_chain(chain, residual_mg, Decimal(parameter.value), label=rule_set.label)
    result = assess_chain_partially(view, rule_set)
    return ResidualFigure(
        rule_set=rule_set.name,
        status=shipment.status,
        figure_id=shipment.figure_id,
        wtw_kgco2e=shipment.wtw_kgco2e,
        residual_kgco2e_per_kg=parameter.value,
        residual_source=f"{parameter.source}, {parameter.page}",
        residual_wtw_kgco2e=result.wtw_kgco2e,
        residual_wtt_kgco2e=result.wtt_kgco2e,
        residual_ttw_kgco2e=result.ttw_kgco2e,
        missing=tuple(each.says_en for each in result.missing),
        missing_zh=tuple(each.says_zh for each in result.missing),
        chain=view,
        derivation=result.derivation,
    )
