"""A batch of shipments as groups of columns, and the figures of all of them by one pass over the rules.

The scopes are those of a specimen: a chain with one element of each sort there is, read as every chain is read
(`h2verify.scopes`). What differs from row to row - mass and distance - becomes a column; all else is the specimen's.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from h2verify.scope_facts import CHAIN, DatedFact, Fact, Scope
from h2verify.scopes import read_scopes

from h2corridor.accounting.kernel.columns import Column, ColumnResolver, Decimals, Group, Link, Rows
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.factor_files import FactorPack

_BY_SHIPMENT = ("wtw_kgco2e", "ttw_kgco2e")
_MOVED = (
    "transport_activity_tkm",
    "chain_intensity_wtw_kgco2e_per_tkm",
    "chain_intensity_ttw_kgco2e_per_tkm",
    "primary_share_by_activity",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRows:
    """Shipments whose chains have transport or hub elements alike, as columns of text.

    Attributes
    ----------
    specimen : mapping
        A chain document with one element of each sort, in order.
    mass_kg : sequence of str
        One a shipment.
    shipment, sort : ndarray of int
        For each element its shipment and its sort, the elements of a shipment together and in their order.
    distance_km : sequence of str
        One an element; empty for a hub.
    """

    specimen: Mapping[str, Any]
    mass_kg: Sequence[str]
    shipment: Rows
    sort: Rows
    distance_km: Sequence[str]
    moved: bool
    handled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFigures:
    """Figures in full precision: by quantity an array of one value a shipment, and of one an element."""

    shipments: Mapping[str, Decimals]
    elements: Mapping[str, Decimals]


def assess_batch(
    batch: BatchRows, rule_set: Edition, *, on: datetime.date | None, packs: Sequence[FactorPack] = ()
) -> BatchFigures:
    """The figures of every shipment and element of a batch.

    Raises
    ------
    RuleError, DecimalException
        Some row cannot be assessed, or none can: see `ColumnResolver`. Which one, its own assessment says.
    """
    chain, groups = _groups(batch)
    resolver = ColumnResolver([rule_set], on=on, packs=packs)
    elements = {
        name: _gathered(resolver, name, groups, len(batch.sort))
        for name in ("element_wtw_kgco2e", "element_ttw_kgco2e", "activity")
    }
    names = [*_BY_SHIPMENT, *(_MOVED if batch.moved else ()), *(("hub_activity_t",) if batch.handled else ())]
    shipments = {name: resolver.resolve(name, chain).spread(chain.count) for name in names}
    if all(shipments["wtw_kgco2e"]):
        shipments["primary_share_by_emissions"] = resolver.resolve("primary_share_by_emissions", chain).spread(
            chain.count
        )
    return BatchFigures(shipments=shipments, elements=elements)


def _gathered(resolver: ColumnResolver, name: str, groups: Sequence[tuple[Group, Rows]], count: int) -> Decimals:
    gathered = np.empty(count, dtype=np.object_)
    for group, rows in groups:
        own = name
        if name == "activity":
            own = "element_hub_activity_t" if group.kind == "element.hub" else "element_transport_activity_tkm"
        gathered[rows] = resolver.resolve(own, group).spread(group.count)
    return gathered


def _groups(batch: BatchRows) -> tuple[Group, list[tuple[Group, Rows]]]:
    """The chains of all shipments as one group; their elements, one group a sort, with the rows of each."""
    scopes = read_scopes(batch.specimen)
    count = len(batch.specimen["elements"])
    shared, elements = scopes[1:-count], scopes[-count:]
    chain = Group(CHAIN, len(batch.mass_kg), {"mass_kg": Column(_decimals(batch.mass_kg))})
    by_path = {scope.path: scope for scope in shared}
    placed: dict[str, Group] = {}
    for path in by_path:
        _place(path, by_path, placed, chain)
    found = []
    for sort, scope in enumerate(elements):
        rows = np.flatnonzero(batch.sort == sort)
        facts = _facts(scope)
        if "distance_km" in facts:
            facts["distance_km"] = Column(_decimals([batch.distance_km[row] for row in rows.tolist()]))
        above = [Link(chain, batch.shipment[rows]) if path == CHAIN else Link(placed[path]) for path in scope.above]
        found.append((Group(scope.kind, len(rows), facts, above, order=rows), rows))
    return chain, found


def _place(path: str, by_path: Mapping[str, Scope], placed: dict[str, Group], chain: Group) -> Group:
    """The group of a scope that all shipments share, placed below those above it; the chain takes no sum of it."""
    if path not in placed:
        scope = by_path[path]
        above = [
            Link(chain, summed=False) if each == CHAIN else Link(_place(each, by_path, placed, chain))
            for each in scope.above
        ]
        placed[path] = Group(scope.kind, 1, _facts(scope), above)
    return placed[path]


def _facts(scope: Scope) -> dict[str, Column | DatedFact | None]:
    return {name: _fact(fact) for name, fact in scope.facts.items()}


def _fact(fact: Fact | DatedFact) -> Column | DatedFact | None:
    if isinstance(fact, DatedFact):
        return fact
    return None if fact.text is None else Column(Decimal(fact.text))


def _decimals(texts: Sequence[str]) -> Decimals:
    found = np.empty(len(texts), dtype=np.object_)
    found[:] = [Decimal(text) for text in texts]
    return found
