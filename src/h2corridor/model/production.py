"""One plant's hydrogen over one period as a document, format 1: what a rule set for hydrogen reads.

A document states what the plant took in and gave off (`inventory`), or what its maker declares (`declared`), or both;
and perhaps what it took to bring the hydrogen to the nozzle (`delivery`). Numbers stay the decimal strings they were
written as. None means "not supplied": reading accepts it, a rule that needs it refuses.
"""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

import msgspec

from h2corridor.model.chain import Amount, ElectricityContract, Identifier, Level, Refs, SignedAmount, Text
from h2corridor.model.chain_values import Factor
from h2corridor.model.errors import InputError
from h2corridor.model.repeated_keys import RepeatedKeyError, refuse_repeated_keys

PRODUCTION_FORMAT = "hydrogen-production/1"
_ENTRIES_MAX = 500
_FACTOR_UNIT = re.compile(r"[A-Za-z0-9]{1,20}")

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


def decode_production(data: bytes, *, about: str = "hydrogen production") -> HydrogenProduction:
    """The production in a JSON document, refused unless it is whole.

    Parameters
    ----------
    about : str
        The file's name, for messages.

    Raises
    ------
    InputError
        `production.unreadable`: no JSON, or an object names a key twice. `production.shape`: a field is unknown,
        missing or of another kind. `production.meaning`: fields that contradict each other; see `check_production`.
    """
    try:
        production = msgspec.json.decode(data, type=HydrogenProduction)
        refuse_repeated_keys(data)
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at ")
        where = where.strip("`")
        raise InputError(
            "production.shape", f"{fault}.", about=about, where=where, next_step=_hint(fault, where)
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, RepeatedKeyError) as error:
        next_step = f"Supply a JSON document of format {PRODUCTION_FORMAT}."
        raise InputError("production.unreadable", f"{error}.", about=about, next_step=next_step) from error
    check_production(production, about=about)
    return production


def check_production(production: HydrogenProduction, *, about: str = "hydrogen production") -> None:
    """Refuse a production whose fields contradict each other; call it on one that was not decoded.

    Raises
    ------
    InputError
        `production.meaning`: neither declared nor inventory, a period that ends before it begins or spans
        two years, an electrolysis without electricity, an id that stands
        twice, an input with two factors or a factor without source, more CO2 caught than formed, market values without
        currency, a by-product without its prior use, a replacement of it that is nothing or takes emissions away, a
        station that gives out more than it has, a contract that does not hold over the whole period.
    """
    for where, fault in _faults(production):
        raise InputError("production.meaning", f"{fault}.", about=about, where=where, next_step="Correct the document.")


def production_schema() -> bytes:
    """The JSON schema of the format as it ships in the package (`accounting/schemas/hydrogen-production-1.json`)."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(HydrogenProduction),
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"


def _hint(fault: str, where: str) -> str:
    if where == "$.pathway":
        return f"Known pathways: {', '.join(PATHWAYS)}."
    if "Expected `str" in fault and ("got `int`" in fault or "got `float`" in fault):
        return 'Write numbers as decimal strings, for example "10.5".'
    if where == "$.delivery.liquefaction":
        return "Gaseous delivery alone is computed; a chain with liquefaction cannot be stated yet."
    return "Correct the document; its schema ships as accounting/schemas/hydrogen-production-1.json."


_Faults = list[tuple[str, str]]


def _faults(production: HydrogenProduction) -> _Faults:
    found: _Faults = []
    if production.period.until < production.period.from_:
        found.append(("$.period", "it ends before it begins"))
    elif production.period.until.year != production.period.from_.year:
        found.append(("$.period", "it lies within one calendar year, as grid factors do; split the document"))
    if production.hydrogen.kg is not None and not _positive(production.hydrogen.kg):
        found.append(("$.hydrogen.kg", "expected a mass above zero"))
    purity = production.hydrogen.purity_mol_pct
    if purity is not None and Decimal(purity) > Decimal(100):
        found.append(("$.hydrogen.purity_mol_pct", "a purity is at most 100 %"))
    if production.declared is None and production.inventory is None:
        found.append(("$", "expected an inventory, a declared intensity, or both"))
    found.extend(_contract_faults(production))
    if production.delivery is not None:
        found.extend(_station_faults(production.delivery))
        found.extend(_level_faults(production.delivery))
    if production.inventory is not None:
        found.extend(_inventory_faults(production.inventory))
        found.extend(_prior_use_faults(production.pathway, production.inventory))
        powered = any(each.kind == "electricity" for each in production.inventory.inputs)
        if production.pathway.startswith("electrolysis_") and not powered:
            found.append(("$.inventory.inputs", "an electrolysis takes in electricity"))
    return found


def _contract_faults(production: HydrogenProduction) -> _Faults:
    """A contract holds over the whole period, as it covers the whole of its electricity."""
    first, last = production.period.from_, production.period.until
    return [
        (where, f"the contract ({contract.source}) does not hold over the whole period; split the electricity")
        for where, contract in list_contracts(production)
        if (contract.valid_from or first) > first or (contract.valid_until or last) < last
    ]


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


def _level_faults(delivery: Delivery) -> _Faults:
    return [
        (f"$.delivery.{end}_grid_level", f"it needs {end}_grid_region")
        for end in ("trailer", "station")
        if getattr(delivery, f"{end}_grid_level") and getattr(delivery, f"{end}_grid_region") is None
    ]


def _station_faults(delivery: Delivery) -> _Faults:
    """A station gives out no more than it has: delivered, by others too, and in stock at the beginning."""
    if (delivery.station_opening_kg is None) != (delivery.station_closing_kg is None):
        return [("$.delivery", "a stock is stated at the beginning and at the end, or not at all")]
    taken = _sum(getattr(delivery, name) for name in STATION_TAKEN)
    left = _sum(getattr(delivery, name) for name in STATION_LEFT)
    needed = (delivery.delivered_kg, delivery.station_dispensed_kg, delivery.station_vented_kg)
    if None in needed or left <= taken:
        return []
    fault = f"{left} kg were dispensed, vented or left in stock of {taken} kg that were delivered or there before"
    return [("$.delivery", f"{fault}; state the stock and what others delivered")]


def _sum(amounts: Iterable[str | None]) -> Decimal:
    return sum((Decimal(each) for each in amounts if each is not None), Decimal(0))


def _inventory_faults(inventory: Inventory) -> _Faults:
    found: _Faults = []
    if not inventory.inputs and not inventory.direct_emissions:
        found.append(("$.inventory", "an inventory states at least one input or direct emission"))
    flows = [*(each.id for each in inventory.inputs), *(each.id for each in inventory.direct_emissions)]
    found.extend(_repeated("$.inventory", flows))
    found.extend(_repeated("$.inventory.co_products", [each.name for each in inventory.co_products]))
    for number, entry in enumerate(inventory.inputs):
        found.extend(_input_faults(entry, f"$.inventory.inputs[{number}]"))
    for number, emission in enumerate(inventory.direct_emissions):
        found.extend(_capture_faults(emission, f"$.inventory.direct_emissions[{number}]"))
    for number, product in enumerate(inventory.co_products):
        found.extend(_energy_faults(product, f"$.inventory.co_products[{number}]"))
    valued = inventory.hydrogen_value_per_kg is not None or any(
        each.value_per_unit is not None for each in inventory.co_products
    )
    if valued and inventory.currency is None:
        found.append(("$.inventory.currency", "market values need their currency"))
    return found


def _input_faults(entry: Input, where: str) -> _Faults:
    stated = [name for name in ("kgco2e_per_unit", "grid_region", "factor") if getattr(entry, name) is not None]
    electricity = entry.kind == "electricity"
    found: _Faults = []
    if len(stated) > 1 and not (electricity and entry.is_located):
        found.append((where, f"expected one factor, came {' and '.join(stated)}"))
    if electricity and entry.unit != "kWh":
        found.append((f"{where}.unit", f"electricity is stated in kWh, came {entry.unit!r}"))
    if not electricity and (entry.grid_region is not None or entry.contract is not None):
        found.append((where, "a grid region and a contract are for electricity"))
    if entry.grid_level is not None and entry.grid_region is None:
        found.append((f"{where}.grid_level", "a level is that of a grid region"))
    if entry.factor is not None and electricity:
        found.append((f"{where}.factor", "electricity takes its factor from a grid region"))
    if entry.factor == "diesel" and (entry.kind, entry.unit) != ("fuel", "l"):
        found.append((where, "the factor of diesel is for a fuel in l"))
    if entry.factor is not None and not _FACTOR_UNIT.fullmatch(entry.unit):
        found.append((f"{where}.unit", "a factor by name needs a unit of letters and digits"))
    if entry.kgco2e_per_unit is not None and not entry.source:
        found.append((f"{where}.source", "a factor needs its source"))
    return found


def _energy_faults(product: CoProduct, where: str) -> _Faults:
    if product.carries_energy is not False:
        return []
    energetic = product.unit in {"J", "kJ", "MJ", "GJ", "TJ", "Wh", "kWh", "MWh", "GWh"}
    if product.lower_heating_value_mj_per_unit is not None or energetic:
        return [(f"{where}.carries_energy", "what has a heating value or is measured as energy carries some")]
    return []


def _capture_faults(emission: DirectEmission, where: str) -> _Faults:
    if not emission.captured:
        return []
    if emission.gas != "co2":
        return [(f"{where}.captured", f"only fossil CO2 is deducted when it is stored; this is {emission.gas}")]
    caught = sum((Decimal(each.kg) for each in emission.captured if each.kg is not None), Decimal(0))
    if emission.kg is not None and caught > Decimal(emission.kg):
        return [(f"{where}.captured", f"{caught} kg were caught of {emission.kg} kg that formed")]
    return []


def _prior_use_faults(pathway: str, inventory: Inventory) -> _Faults:
    where = "$.inventory.prior_use"
    prior = inventory.prior_use
    if not is_byproduct(pathway):
        return [] if prior is None else [(where, f"{pathway} is no by-product pathway and has no prior use")]
    if prior is None:
        return [(where, f"{pathway} needs what the gas served before: vented, heat or power")]
    if prior.use == "vented":
        return [] if prior.replacement is None else [(where, "what was vented needs no replacement")]
    if prior.replacement is None:
        return [(where, f"a gas that gave {prior.use} needs what replaces it")]
    if prior.replacement.serves != "hydrogen":
        return [(f"{where}.replacement.serves", "what replaces the gas serves the hydrogen alone")]
    return [
        *_replacement_faults(prior.replacement, f"{where}.replacement"),
        *_input_faults(prior.replacement, f"{where}.replacement"),
    ]


def _replacement_faults(entry: Input, where: str) -> _Faults:
    """What would let a replacement take emissions away, so that the prior use counts for nothing or less."""
    found: _Faults = []
    if entry.amount is not None and not _positive(entry.amount):
        found.append((f"{where}.amount", "a gas that was used is replaced by an amount above zero"))
    if entry.kgco2e_per_unit is not None and Decimal(entry.kgco2e_per_unit) < 0:
        found.append((f"{where}.kgco2e_per_unit", "what replaces a gas takes no emissions away"))
    return found


def _repeated(where: str, ids: list[str]) -> _Faults:
    return [(where, f"{name!r} stands twice") for name in sorted({each for each in ids if ids.count(each) > 1})]


def _positive(amount: str) -> bool:
    return bool(amount.strip("0."))
