"""Where the fields of a hydrogen production contradict each other."""

import re
from collections.abc import Iterable
from decimal import Decimal

from h2corridor.model.production_values import (
    STATION_LEFT,
    STATION_TAKEN,
    CoProduct,
    Delivery,
    DirectEmission,
    HydrogenProduction,
    Input,
    Inventory,
    is_byproduct,
    list_contracts,
)

_FACTOR_UNIT = re.compile(r"[A-Za-z0-9]{1,20}")
_KG_PER_UNIT = {"g": Decimal("0.001"), "kg": Decimal(1), "t": Decimal(1000)}
_Faults = list[tuple[str, str]]


def list_faults(production: HydrogenProduction) -> _Faults:
    """Every fault with its place in the document, in the order in which they are looked for."""
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
        found.extend(_mass_faults(product, f"$.inventory.co_products[{number}]"))
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


def _mass_faults(product: CoProduct, where: str) -> _Faults:
    """A product measured by mass has the mass that its amount and unit say."""
    per_unit = _KG_PER_UNIT.get(product.unit)
    if per_unit is None or product.amount is None or product.mass_kg is None:
        return []
    if Decimal(product.amount) * per_unit == Decimal(product.mass_kg):
        return []
    fault = f"the amount is {product.amount} {product.unit}, but the mass is {product.mass_kg} kg"
    return [(f"{where}.mass_kg", fault)]


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
