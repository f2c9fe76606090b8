"""The nouns of a plant's hydrogen over one period, frozen; numbers are the decimal strings they were written as."""

import datetime
from typing import Annotated, Literal, get_args

import msgspec

from h2corridor.model.chain_values import (
    Amount,
    ElectricityContract,
    Factor,
    Identifier,
    Level,
    Refs,
    SignedAmount,
    Text,
)

_ENTRIES_MAX = 500

Pathway = Literal[
    "ammonia_cracking",
    "autothermal_reforming",
    "autothermal_reforming_ccs",
    "biomass_gasification",
    "chlor_alkali_byproduct",
    "coal_gasification",
    "coal_gasification_ccs",
    "coke_oven_gas_byproduct",
    "electrolysis_grid",
    "electrolysis_hydropower",
    "electrolysis_solar",
    "electrolysis_wind",
    "propane_dehydrogenation_byproduct",
    "smr",
    "smr_ccs",
]
PATHWAYS: tuple[str, ...] = get_args(Pathway)
Serves = Literal["all_products", "hydrogen"]
STATION_TAKEN = ("delivered_kg", "station_other_supply_kg", "station_opening_kg")
"""What a station takes in over a period, and what it has at its beginning."""
STATION_LEFT = ("station_dispensed_kg", "station_vented_kg", "station_closing_kg")
"""Where that goes."""
Stated = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
FactorBoundary = Literal["life_cycle", "direct"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Plant(_Part, frozen=True, kw_only=True):
    """The plant that made the hydrogen."""

    id: Identifier
    name: Text = ""
    region: Identifier | None = None


class Period(_Part, frozen=True, kw_only=True):
    """The days the document is about, both included; the last one selects dated factors."""

    from_: datetime.date = msgspec.field(name="from")
    until: datetime.date


class Hydrogen(_Part, frozen=True, kw_only=True):
    """The hydrogen that left by the production gate: its own mass, without what it is mixed with."""

    kg: Amount | None = None
    purity_mol_pct: Amount | None = None
    pressure_mpa: Amount | None = None
    refs: Refs = ()


class Declared(_Part, frozen=True, kw_only=True):
    """An intensity at the production gate as its maker declares it; nothing here recomputes it."""

    kgco2e_per_kg: SignedAmount
    method: Stated
    allocation: Stated
    source: Stated


class Input(_Part, frozen=True, kw_only=True):
    """Something taken in over the period, with its factor, or with what a rule set needs to find one.

    One of `kgco2e_per_unit` with its `source`; `grid_region`, for electricity in `kWh`, perhaps with the `grid_level`
    that its value has to be of; `factor`, the name of a dated one. Electricity with a number of its own says by
    `grid_region`, `grid_level` and `factor_boundary` what the number is; without them it is one as declared. A
    `contract` covers the whole of its electricity. `serves` says whether all products needed it or the hydrogen alone.
    """

    id: Identifier
    kind: Literal["electricity", "steam", "fuel", "feedstock", "brine", "water", "material"]
    amount: Amount | None = None
    unit: Identifier
    serves: Serves
    kgco2e_per_unit: SignedAmount | None = None
    source: Text = ""
    factor_boundary: FactorBoundary | None = None
    grid_region: Identifier | None = None
    grid_level: Level | None = None
    factor: Factor | None = None
    contract: ElectricityContract | None = None
    refs: Refs = ()

    @property
    def is_located(self) -> bool:
        """Whether a stated number of electricity says of which grid region, level and boundary it is."""
        stated = (self.kgco2e_per_unit, self.grid_region, self.grid_level, self.factor_boundary)
        return None not in stated and self.factor is None


class Captured(_Part, frozen=True, kw_only=True):
    """A part of an emission of CO2 that was caught, and where it went; only what is stored below ground counts."""

    to: Literal["geological_storage", "use", "release"]
    kg: Amount | None = None
    source: Stated


class DirectEmission(_Part, frozen=True, kw_only=True):
    """A gas that formed at the plant, before any of it was caught."""

    id: Identifier
    gas: Literal["co2", "biogenic_co2", "ch4", "n2o"]
    kg: Amount | None = None
    serves: Serves
    captured: Annotated[tuple[Captured, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    refs: Refs = ()


class Displaced(_Part, frozen=True, kw_only=True):
    """The product that a co-product takes the place of, for system expansion."""

    product: Stated
    kgco2e_per_unit: SignedAmount | None = None
    source: Stated


class CoProduct(_Part, frozen=True, kw_only=True):
    """What else the plant made; each allocation needs another of its properties.

    `carries_energy` false states that it is no carrier of energy, so that nothing can be shared by energy.
    """

    name: Identifier
    amount: Amount | None = None
    unit: Identifier
    mass_kg: Amount | None = None
    lower_heating_value_mj_per_unit: Amount | None = None
    value_per_unit: Amount | None = None
    displaced: Displaced | None = None
    carries_energy: bool | None = None
    refs: Refs = ()


class PriorUse(_Part, frozen=True, kw_only=True):
    """What the gas of a by-product pathway served before it was sold, and what makes up for it now."""

    use: Literal["vented", "heat", "power"]
    replacement: Input | None = None


class Inventory(_Part, frozen=True, kw_only=True):
    """What went in and out over the period, complete by the word of who states it."""

    source: Stated
    inputs: Annotated[tuple[Input, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    direct_emissions: Annotated[tuple[DirectEmission, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    co_products: Annotated[tuple[CoProduct, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    currency: Identifier | None = None
    hydrogen_value_per_kg: Amount | None = None
    prior_use: PriorUse | None = None
    refs: Refs = ()


class Delivery(_Part, frozen=True, kw_only=True):
    """What it took to bring gaseous hydrogen from the gate to the nozzle of one station.

    The fields are those of a hydrogen `supply` in a transport chain: `delivered_kg` is what the trailers unloaded,
    `trailer_*` what they used for it, there and back; `station_*` are the station's totals over the period, with its
    stock at the beginning and the end and what others delivered. Kilograms that nothing explains count as lost.
    """

    station: Identifier
    liquefaction: Literal["none"]
    source: Stated
    delivered_kg: Amount | None = None
    trailer_diesel_l: Amount | None = None
    trailer_compression_kwh: Amount | None = None
    trailer_grid_region: Identifier | None = None
    trailer_grid_level: Level | None = None
    trailer_contract: ElectricityContract | None = None
    station_dispensed_kg: Amount | None = None
    station_vented_kg: Amount | None = None
    station_opening_kg: Amount | None = None
    station_closing_kg: Amount | None = None
    station_other_supply_kg: Amount | None = None
    station_electricity_kwh: Amount | None = None
    station_grid_region: Identifier | None = None
    station_grid_level: Level | None = None
    station_contract: ElectricityContract | None = None
    refs: Refs = ()


class Leakage(_Part, frozen=True, kw_only=True):
    """Hydrogen that escaped, with the warming potential that whoever states it takes; a line of its own."""

    hydrogen_kg: Amount | None = None
    gwp100: Amount | None = None
    source: Stated


class HydrogenProduction(_Part, frozen=True, kw_only=True):
    """One plant's hydrogen over one period."""

    format: Literal["hydrogen-production/1"]
    plant: Plant
    pathway: Pathway
    period: Period
    hydrogen: Hydrogen
    declared: Declared | None = None
    inventory: Inventory | None = None
    delivery: Delivery | None = None
    leakage: Leakage | None = None


def is_byproduct(pathway: str) -> bool:
    """Whether a pathway takes hydrogen from the gas of a plant that runs for another product.

    >>> is_byproduct("chlor_alkali_byproduct"), is_byproduct("smr")
    (True, False)
    """
    return pathway.endswith("_byproduct")


def list_contracts(production: HydrogenProduction) -> list[tuple[str, ElectricityContract]]:
    """Every contract of a production with its place in the document."""
    found: list[tuple[str, ElectricityContract | None]] = []
    for where, entry in list_inputs(production):
        found.append((f"{where}.contract", entry.contract))
    if production.delivery is not None:
        ends = ("trailer_contract", "station_contract")
        found.extend((f"$.delivery.{name}", getattr(production.delivery, name)) for name in ends)
    return [(where, contract) for where, contract in found if contract is not None]


def list_inputs(production: HydrogenProduction) -> list[tuple[str, Input]]:
    """Every input and the replacement of a gas, each with its place in the document."""
    inventory = production.inventory
    if inventory is None:
        return []
    prior = inventory.prior_use
    replaced = prior.replacement if prior is not None else None
    found = [(f"$.inventory.inputs[{number}]", entry) for number, entry in enumerate(inventory.inputs)]
    return found if replaced is None else [*found, ("$.inventory.prior_use.replacement", replaced)]
