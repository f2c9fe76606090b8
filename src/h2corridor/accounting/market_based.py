"""The market-based reading of a chain: the same rules on the same facts, with the factor of a contract where one is
stated.

It stands beside the figure and never in its place: the figure counts electricity by the grid where it is used.
"""

import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from h2verify.scope_facts import VALIDITY, category_place

from h2corridor.model.chain import ElectricityContract, Energy, TransportChain

if TYPE_CHECKING:
    from h2corridor.accounting.assessment import Assessment, Missing


class ElectricityUse(msgspec.Struct, frozen=True, kw_only=True):
    """Electricity that takes its factor from a grid, and the contract that is stated for it."""

    where: str
    grid_region: str | None
    contract: ElectricityContract | None


class ContractedUse(msgspec.Struct, frozen=True, kw_only=True):
    """Electricity counted by its contract; a day of None is not stated, and the reading cannot be computed."""

    where: str
    instrument: Literal["ppa", "certificate", "supplier", "residual_mix"]
    kgco2e_per_kwh: str | None
    source: str
    valid_from: datetime.date | None
    valid_until: datetime.date | None


class GridUse(msgspec.Struct, frozen=True, kw_only=True):
    """Electricity without a contract, which keeps the factor of its grid."""

    where: str
    grid_region: str | None


class MarketElement(msgspec.Struct, frozen=True, kw_only=True):
    """One element; None: not computable, or left out."""

    id: str
    wtw_kgco2e: str | None
    wtt_kgco2e: str | None
    ttw_kgco2e: str | None


class MarketMissing(msgspec.Struct, frozen=True, kw_only=True):
    """What this reading could not have, as the factor of a contract that states none."""

    code: str
    quantity: str
    where: str
    message: str


class MarketBased(msgspec.Struct, frozen=True, kw_only=True):
    """The figures with contracts; elements sum exactly to the chain, and `derivation` recomputes by itself.

    A reading that lacks something is `not_computable`, with the reason in `why_zh` and `why_en`; the location-based
    figure beside it stays.
    """

    status: Literal["computed", "not_computable"]
    why_zh: str | None
    why_en: str | None
    wtw_kgco2e: str | None
    wtt_kgco2e: str | None
    ttw_kgco2e: str | None
    intensity_wtw_kgco2e_per_tkm: str | None
    intensity_ttw_kgco2e_per_tkm: str | None
    elements: tuple[MarketElement, ...]
    by_contract: tuple[ContractedUse, ...]
    by_grid: tuple[GridUse, ...]
    missing: tuple[MarketMissing, ...]
    derivation: tuple[dict[str, Any], ...]


def list_electricity(chain: TransportChain) -> list[ElectricityUse]:
    """All electricity that takes its factor from a grid, of categories that an element uses, in their order."""
    found = []
    used = {element.category for element in chain.elements}
    for name, category in chain.categories.items():
        if name not in used:
            continue
        for number, entry in enumerate(category.energy):
            found.extend(_uses(entry, f"{category_place(name)}.energy[{number}]"))
    return found


def market_based(reading: "Assessment", electricity: list[ElectricityUse]) -> MarketBased:
    """The figures of an assessment that was read with contracts, and what they rest on.

    Parameters
    ----------
    reading : Assessment
        The chain assessed with `electricity="market"`, as far as it can be.
    """
    own = {"by_contract", "by_grid", "status", "why_zh", "why_en"}
    taken = {
        each.name: getattr(reading, each.name) for each in msgspec.structs.fields(MarketBased) if each.name not in own
    }
    by_contract = [contracted(use.where, use.contract) for use in electricity if use.contract is not None]
    by_grid = [GridUse(where=use.where, grid_region=use.grid_region) for use in electricity if use.contract is None]
    why = [_reason(each) for each in reading.missing]
    said = {
        "status": "not_computable" if why else "computed",
        "why_zh": "；".join(dict.fromkeys(zh for zh, _ in why)) or None,
        "why_en": "; ".join(dict.fromkeys(en for _, en in why)) or None,
    }
    found = {**taken, **said, "by_contract": by_contract, "by_grid": by_grid}
    return msgspec.convert(found, MarketBased, from_attributes=True)


def contracted(where: str, contract: ElectricityContract) -> ContractedUse:
    """Electricity of a place, as counted by this contract."""
    return ContractedUse(
        where=where,
        instrument=contract.instrument,
        kgco2e_per_kwh=contract.kgco2e_per_kwh,
        source=contract.source,
        valid_from=contract.valid_from,
        valid_until=contract.valid_until,
    )


def _reason(lacking: "Missing") -> tuple[str, str]:
    """Why the reading is not there, in zh and en, with the place: a contract without its days, or what was not had."""
    if lacking.where.rpartition(".")[2] in VALIDITY:
        zh, en = "合同未注明有效期", "the validity of the contract is not stated"
    else:
        zh, en = lacking.says_zh, lacking.says_en
    return f"{zh}（{lacking.where}）", f"{en} ({lacking.where})"


def _uses(entry: Energy, where: str) -> list[ElectricityUse]:
    supply = entry.supply
    if supply is not None:
        ends = (
            ("trailer", supply.trailer_compression_kwh, supply.trailer_grid_region, supply.trailer_contract),
            ("station", supply.station_electricity_kwh, supply.station_grid_region, supply.station_contract),
        )
        return [
            ElectricityUse(where=f"{where}.supply.{end}_grid_region", grid_region=region, contract=contract)
            for end, amount, region, contract in ends
            if amount is not None or region is not None or contract is not None
        ]
    explicit = entry.wtt_kgco2e_per_unit is not None or entry.ttw_kgco2e_per_unit is not None
    if explicit or entry.factor is not None or (entry.carrier, entry.unit) != ("electricity", "kWh"):
        return []
    place = f"{where}.grid_region"
    return [ElectricityUse(where=place, grid_region=entry.grid_region, contract=entry.contract)]
