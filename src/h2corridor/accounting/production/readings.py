"""Electricity read in other ways: by contract, of the other boundary, of a region farther out.

The rules and the facts stay; what changes is which factor each electricity takes. A reading that would take the very
factors of an earlier one is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from h2verify.derivation import published
from h2verify.scope_facts import GRID_FACTOR

from h2corridor.accounting.kernel.absences import Absence
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.resolver import Resolver
from h2corridor.accounting.production.results import BoundaryGap, ElectricityReading, GridFactor
from h2corridor.accounting.production.scopes import PRIOR_USE, Reading, allocation_path, flow_path, production_scopes
from h2corridor.model.production import HydrogenProduction, Input

_NO_CONTRACT = ("未列出电力合同", "no electricity contract is stated")


def list_readings(
    production: HydrogenProduction, edition: Edition, method: str, stated: Resolver
) -> tuple[ElectricityReading, ...]:
    """The chosen allocation under each reading of the electricity, the stated one first.

    Parameters
    ----------
    stated : Resolver
        The resolution of the document as it stands, from which the figure is.
    """
    regions = _grid_regions(production)
    contracts = any(each.contract is not None for each in _electricity(production))
    if not regions and not contracts:
        return ()
    found = [_reading(production, method, Reading(), stated)]
    seen = [_taken(stated.steps)]
    for reading in _others(regions, edition.parameters.regions):
        resolver = _resolved(production, edition, method, reading)
        taken = _taken(resolver.steps)
        if taken not in seen:
            seen.append(taken)
            found.append(_reading(production, method, reading, resolver))
    return (*found, _market(production, edition, method, contracts=contracts))


def list_gaps(production: HydrogenProduction, reading: Reading, resolver: Resolver) -> tuple[BoundaryGap, ...]:
    """The direct factors that a figure rests on: those of the rule set, and those that the document declares to be."""
    found = [BoundaryGap(**gap) for gap in resolver.gaps]
    for path, entry in _inputs(production):
        name = GRID_FACTOR if entry.kind == "electricity" else "kgco2e_per_unit"
        contracted = reading.basis == "market" and entry.contract is not None
        stated = entry.contract if contracted else entry
        given = contracted or entry.kgco2e_per_unit is not None
        if stated is not None and given and stated.factor_boundary == "direct":
            gap = BoundaryGap(step=f"{name}[{path}]", boundary="direct", wanted="life_cycle", source=stated.source)
            found.append(gap)
    return tuple(found)


def _market(production: HydrogenProduction, edition: Edition, method: str, *, contracts: bool) -> ElectricityReading:
    if not contracts:
        return ElectricityReading(
            basis="market",
            stated=False,
            factors=(),
            on_grid=(),
            gate_kgco2e_per_kg=None,
            nozzle_kgco2e_per_kg=None,
            boundary_gaps=(),
            derivation=(),
            why_zh=_NO_CONTRACT[0],
            why_en=_NO_CONTRACT[1],
        )
    reading = Reading(basis="market")
    return _reading(production, method, reading, _resolved(production, edition, method, reading))


def _others(regions: Sequence[str], wider: Mapping[str, str]) -> Iterator[Reading]:
    outward = {region: wider[region] for region in regions if region in wider}
    for places in ({}, outward) if outward else ({},):
        for boundary in ("life_cycle", "direct"):
            yield Reading(boundary=boundary, regions=places)


def _resolved(production: HydrogenProduction, edition: Edition, method: str, reading: Reading) -> Resolver:
    scopes = production_scopes(production, reading)
    resolver = Resolver(scopes, [edition], on=production.period.until, partial=True)
    resolver.resolve("gate_kgco2e_per_kg", allocation_path(method))
    if production.delivery is not None:
        resolver.resolve("hydrogen_nozzle_kgco2e_per_kg", allocation_path(method))
    return resolver


def _reading(production: HydrogenProduction, method: str, reading: Reading, resolver: Resolver) -> ElectricityReading:
    path = allocation_path(method)
    gate = resolver.resolve("gate_kgco2e_per_kg", path)
    asked = [gate]
    nozzle = None
    if production.delivery is not None:
        nozzle = resolver.resolve("hydrogen_nozzle_kgco2e_per_kg", path)
        asked.append(nozzle)
    absent = next((each for each in asked if isinstance(each, Absence)), None)
    on_grid = [each.id for each in _electricity(production) if each.contract is None and each.grid_region is not None]
    return ElectricityReading(
        basis=reading.basis,
        stated=reading == Reading(),
        factors=_factors(resolver.steps),
        on_grid=tuple(on_grid) if reading.basis == "market" else (),
        gate_kgco2e_per_kg=None if isinstance(gate, Absence) else published(gate.value),
        nozzle_kgco2e_per_kg=None if nozzle is None or isinstance(nozzle, Absence) else published(nozzle.value),
        boundary_gaps=list_gaps(production, reading, resolver),
        derivation=() if reading == Reading() else tuple(resolver.steps),
        why_zh=absent.says_zh if absent else None,
        why_en=absent.says_en if absent else None,
    )


def _inputs(production: HydrogenProduction) -> list[tuple[str, Input]]:
    """Every input and the replacement of a gas, each with the path of its scope."""
    inventory = production.inventory
    if inventory is None:
        return []
    prior = inventory.prior_use
    replaced = [(PRIOR_USE, prior.replacement)] if prior is not None and prior.replacement is not None else []
    return [*((flow_path(each.id), each) for each in inventory.inputs), *replaced]


def _electricity(production: HydrogenProduction) -> list[Input]:
    return [entry for _, entry in _inputs(production) if entry.kind == "electricity"]


def _grid_regions(production: HydrogenProduction) -> list[str]:
    stated = [each.grid_region for each in _electricity(production)]
    if production.delivery is not None:
        stated += [production.delivery.trailer_grid_region, production.delivery.station_grid_region]
    return sorted({region for region in stated if region is not None})


def _leaves(steps: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (step for step in steps if "from" in step and step["from"].get("name") == GRID_FACTOR)


def _taken(steps: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Which value each place of electricity took."""
    return {
        step["id"]: f"{step['from']['region']} {step['from']['boundary']} {step['from']['holds_from']}"
        for step in _leaves(steps)
    }


def _factors(steps: Sequence[Mapping[str, Any]]) -> tuple[GridFactor, ...]:
    found = [
        GridFactor(
            region=step["from"]["region"],
            boundary=step["from"]["boundary"],
            holds_from=step["from"]["holds_from"],
            age_years=step["from"]["age_years"],
            kgco2e_per_kwh=step["value"],
        )
        for step in _leaves(steps)
    ]
    return tuple(dict.fromkeys(found))
