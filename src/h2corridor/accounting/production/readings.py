"""Electricity read in other ways: by contract, of the other boundary, of a region farther out.

The rules and the facts stay; what changes is which factor each electricity takes. A reading that would take the very
factors of an earlier one is left out.
"""

from collections.abc import Iterator, Mapping, Sequence

from h2verify.derivation import published
from h2verify.scope_facts import GRID_FACTOR

from h2corridor.accounting.kernel.absences import Absence
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.factor_files import FactorPack
from h2corridor.accounting.kernel.resolver import Resolver
from h2corridor.accounting.kernel.used_factors import UsedFactor
from h2corridor.accounting.market_based import ElectricityUse, GridUse, contracted
from h2corridor.accounting.production.results import BoundaryGap, ElectricityReading, GridFactor, StatedElectricity
from h2corridor.accounting.production.scopes import PRIOR_USE, Reading, allocation_path, flow_path, production_scopes
from h2corridor.model.production_values import HydrogenProduction, Input, list_inputs

_NO_MARKET = ElectricityReading(
    basis="market",
    stated=False,
    factors=(),
    numbers=(),
    by_contract=(),
    by_grid=(),
    gate_kgco2e_per_kg=None,
    nozzle_kgco2e_per_kg=None,
    boundary_gaps=(),
    derivation=(),
    why_zh="未列出电力合同",
    why_en="no electricity contract is stated",
)


def list_readings(
    production: HydrogenProduction,
    edition: Edition,
    method: str,
    stated: Resolver,
    *,
    packs: Sequence[FactorPack] = (),
) -> tuple[ElectricityReading, ...]:
    """The chosen allocation under each reading of the electricity, the stated one first.

    Parameters
    ----------
    stated : Resolver
        The resolution of the document as it stands, from which the figure is.
    """
    uses = list_electricity(production)
    if not uses:
        return ()
    regions = sorted({use.grid_region for use in uses if use.grid_region is not None})
    contracts = any(use.contract is not None for use in uses)
    found = [_reading(production, method, Reading(), stated)]
    seen = [_taken(stated)]
    for reading in _others(regions, edition.parameters.regions):
        resolver = _resolved(production, edition, method, reading, packs)
        taken = _taken(resolver)
        if taken not in seen:
            seen.append(taken)
            found.append(_reading(production, method, reading, resolver))
    if not contracts:
        return (*found, _NO_MARKET)
    market = Reading(basis="market")
    return (*found, _reading(production, method, market, _resolved(production, edition, method, market, packs)))


def list_electricity(production: HydrogenProduction) -> list[ElectricityUse]:
    """Every use of electricity from the plant to the nozzle, in the order of the document."""
    found = [
        ElectricityUse(where=where, grid_region=entry.grid_region, contract=entry.contract)
        for where, entry in list_inputs(production)
        if entry.kind == "electricity"
    ]
    delivery = production.delivery
    if delivery is not None:
        for end in ("trailer", "station"):
            region, contract = getattr(delivery, f"{end}_grid_region"), getattr(delivery, f"{end}_contract")
            where = f"$.delivery.{end}_grid_region"
            found.append(ElectricityUse(where=where, grid_region=region, contract=contract))
    return found


def _numbers(production: HydrogenProduction, reading: Reading) -> tuple[StatedElectricity, ...]:
    """The numbers of electricity that count in a reading as the document states them."""
    found = []
    for where, entry in list_inputs(production):
        number = entry.kgco2e_per_unit
        if entry.kind != "electricity" or number is None or (reading.basis == "market" and entry.contract is not None):
            continue
        said = {"grid_region": entry.grid_region, "grid_level": entry.grid_level}
        said |= {"factor_boundary": entry.factor_boundary}
        found.append(
            StatedElectricity(
                where=f"{where}.kgco2e_per_unit",
                kgco2e_per_kwh=number,
                counted_as="location" if entry.is_located else "as_declared",
                region=entry.grid_region,
                level=entry.grid_level,
                boundary=entry.factor_boundary,
                source=entry.source,
                lacks=tuple(name for name, value in said.items() if value is None),
            )
        )
    return tuple(found)


def list_gaps(production: HydrogenProduction, reading: Reading, resolver: Resolver) -> tuple[BoundaryGap, ...]:
    """The direct factors that a figure rests on: those of the rule set, and those that the document declares to be."""
    found = [BoundaryGap(**gap) for gap in resolver.gaps]
    for path, entry in _inputs(production):
        name = GRID_FACTOR if entry.kind == "electricity" else "kgco2e_per_unit"
        contracted = reading.basis == "market" and entry.contract is not None
        if not contracted and entry.kgco2e_per_unit is not None and entry.factor_boundary == "direct":
            gap = BoundaryGap(step=f"{name}[{path}]", boundary="direct", wanted="life_cycle", source=entry.source)
            found.append(gap)
    return tuple(found)


def _others(regions: Sequence[str], wider: Mapping[str, str]) -> Iterator[Reading]:
    """Both boundaries of the stated regions, then of those they lie in, and so on outwards."""
    places: dict[str, str] = {}
    while True:
        for boundary in ("life_cycle", "direct"):
            yield Reading(boundary=boundary, regions=places)
        further = {region: _outward(places.get(region, region), wider) for region in regions}
        if further == {region: places.get(region, region) for region in regions}:
            return
        places = further


def _outward(region: str, wider: Mapping[str, str]) -> str:
    return wider.get(region, region)


def _resolved(
    production: HydrogenProduction, edition: Edition, method: str, reading: Reading, packs: Sequence[FactorPack]
) -> Resolver:
    scopes = production_scopes(production, reading)
    resolver = Resolver(scopes, [edition], on=production.period.until, partial=True, packs=packs)
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
    uses = list_electricity(production) if reading.basis == "market" else []
    numbers = _numbers(production, reading)
    stating = {each.where.removesuffix(".kgco2e_per_unit") for each in numbers}
    return ElectricityReading(
        basis=reading.basis,
        stated=reading == Reading(),
        factors=_factors(resolver),
        numbers=numbers,
        by_contract=tuple(contracted(use.where, use.contract) for use in uses if use.contract is not None),
        by_grid=tuple(
            GridUse(where=use.where, grid_region=use.grid_region)
            for use in uses
            if use.contract is None and use.where not in stating
        ),
        gate_kgco2e_per_kg=None if isinstance(gate, Absence) else published(gate.value),
        nozzle_kgco2e_per_kg=None if nozzle is None or isinstance(nozzle, Absence) else published(nozzle.value),
        boundary_gaps=list_gaps(production, reading, resolver),
        derivation=() if reading == Reading() else tuple(resolver.steps),
        why_zh=absent.says_zh if absent else None,
        why_en=absent.says_en if absent else None,
    )


def _inputs(production: HydrogenProduction) -> list[tuple[str, Input]]:
    """Every input and the replacement of a gas, each with the path of its scope."""
    return [
        (PRIOR_USE if where.endswith(".replacement") else flow_path(entry.id), entry)
        for where, entry in list_inputs(production)
    ]


def _grid_factors(resolver: Resolver) -> Iterator[UsedFactor]:
    return (each for each in resolver.factors.values() if each.name == GRID_FACTOR)


def _taken(resolver: Resolver) -> dict[str, str]:
    """Which value each place of electricity took."""
    return {each.step: each.digest for each in _grid_factors(resolver)}


def _factors(resolver: Resolver) -> tuple[GridFactor, ...]:
    found = [
        GridFactor(
            region_asked=each.region_asked or "",
            region=each.region or "",
            boundary=each.boundary or "",
            holds_from=each.holds_from,
            age_years=each.age_years,
            kgco2e_per_kwh=each.value,
        )
        for each in _grid_factors(resolver)
    ]
    return tuple(dict.fromkeys(found))
