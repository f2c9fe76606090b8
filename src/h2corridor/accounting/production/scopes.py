"""A hydrogen production as scopes of the kernel: what stands where, each fact with its place in the document.

    plant ◀─ flow.electricity.(taken | replaced) | flow.given | flow.named | flow.diesel
          ◀─ flow.direct.(carbon_dioxide | biogenic_carbon_dioxide | methane | nitrous_oxide) | flow.stored
          ◀─ coproduct
          ◀─ station.(taken | left)
          ◀─ allocation.(mass | energy | value | system_expansion | none | declared)
               ◀─ threshold.(gate | nozzle).(per_kg | per_mj)

A `Reading` says which factor each electricity takes; the document is read once for each of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import msgspec
from h2verify.scope_facts import GRID_FACTOR, path_part

from h2corridor.accounting.kernel.scopes import Dated, Given, Scope, Scopes
from h2corridor.accounting.production.thresholds import Threshold
from h2corridor.accounting.production.vocabulary import DELIVERED, VOCABULARY
from h2corridor.model.chain import ElectricityContract, Level
from h2corridor.model.production_values import (
    STATION_LEFT,
    STATION_TAKEN,
    CoProduct,
    Delivery,
    DirectEmission,
    HydrogenProduction,
    Input,
    Inventory,
)

PLANT = "plant"
PRIOR_USE = "prior_use"
"""The path of what replaces a gas that served something before."""
SHARED_METHODS = ("mass", "energy", "value", "system_expansion")
"""The allocations that need co-products."""

_GASES = {
    "co2": "carbon_dioxide",
    "biogenic_co2": "biogenic_carbon_dioxide",
    "ch4": "methane",
    "n2o": "nitrous_oxide",
}
"""Kinds of scope have no digits."""

Facts = dict[str, Given | Dated]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How electricity is read: by contract or by the grid, of the boundary the document states or another, of the
    region it states or of one farther out."""

    basis: Literal["location", "market"] = "location"
    boundary: Literal["direct", "life_cycle"] | None = None
    regions: Mapping[str, str] = {}

    def place(self, region: str) -> str:
        """The region whose factor is taken for a stated one."""
        return self.regions.get(region, region)


def flow_path(flow_id: str) -> str:
    """The path of a flow's scope."""
    return f"flow:{path_part(flow_id)}"


def coproduct_path(name: str) -> str:
    """The path of a co-product's scope."""
    return f"coproduct:{path_part(name)}"


def allocation_path(method: str) -> str:
    """The path of an allocation's scope."""
    return f"allocation:{method}"


def threshold_path(threshold_id: str, method: str) -> str:
    """The path of the scope in which a figure of one allocation meets a published value."""
    return f"threshold:{threshold_id}/{method}"


def methods_of(production: HydrogenProduction) -> tuple[str, ...]:
    """The allocations that there are for a document, computable or not, as it lists what they need."""
    found: tuple[str, ...] = ()
    if production.inventory is not None:
        found = (*SHARED_METHODS, "none") if production.inventory.co_products else ("none",)
    return (*found, "declared") if production.declared is not None else found


def production_scopes(production: HydrogenProduction, reading: Reading, thresholds: Sequence[Threshold] = ()) -> Scopes:
    """All scopes of a production that is known to be consistent, in one reading of its electricity."""
    return Scopes(_scopes(production, reading, thresholds))


def _scopes(production: HydrogenProduction, reading: Reading, thresholds: Sequence[Threshold]) -> Iterator[Scope]:
    yield Scope(kind="plant", path=PLANT, facts=_plant_facts(production, reading))
    if production.inventory is not None:
        yield from _inventory_scopes(production.inventory, reading)
    if production.delivery is not None:
        yield from _station_scopes(production.delivery, reading)
    for method in methods_of(production):
        yield Scope(
            kind=f"allocation.{method}",
            path=allocation_path(method),
            facts=_declared_facts(production) if method == "declared" else {},
            above=(PLANT,),
        )
        yield from (_threshold_scope(each, method) for each in thresholds)


class _Writer:
    """Writes facts of one object of the document, with its place, source and references in every origin."""

    def __init__(self, where: str, reading: Reading, *, source: str = "", refs: Sequence[str] = ()) -> None:
        self._where = where
        self._reading = reading
        self._rest: dict[str, Any] = {"source": source} if source else {}
        if refs:
            self._rest["refs"] = list(refs)

    def origin(self, key: str) -> Mapping[str, Any]:
        kind = "fact" if "refs" in self._rest else "input"
        return {"kind": kind, "path": f"{self._where}.{key}", **self._rest}

    def given(self, name: str, text: str | None, key: str) -> Facts:
        word = VOCABULARY[name]
        value = None if text is None else Decimal(text)
        return {
            name: Given(
                value=value,
                unit=word.unit,
                label_zh=word.label_zh,
                label_en=word.label_en,
                origin=self.origin(key),
            )
        }

    def contract(self, name: str, stated: ElectricityContract, key: str) -> Facts:
        """The factor of a contract, with the contract's own source and references."""
        refs = stated.refs or self._rest.get("refs", ())
        inner = _Writer(f"{self._where}.{key}", self._reading, source=stated.source, refs=refs)
        return inner.given(name, stated.kgco2e_per_kwh, "kgco2e_per_kwh")

    def named(self, entry: Input, key: str) -> Facts:
        """The two legs of a factor by name, as a transport chain asks for them."""
        facts: Facts = {}
        for leg, boundary, wanted in (
            ("wtt", entry.factor_boundary or "life_cycle", "life_cycle"),
            ("ttw", "direct", "direct"),
        ):
            name = f"named_{leg}_kgco2e_per_unit"
            facts[name] = Dated(
                parameter=f"{entry.factor}_{leg}_kgco2e_per_{entry.unit.lower()}",
                region=None,
                boundary=boundary,
                wanted=wanted,
                origin=self.origin(key),
                unit=f"kgCO2e/{entry.unit}",
                shown_unit=VOCABULARY[name].unit,
            )
        return facts

    def grid(
        self, name: str, region: str | None, key: str, stated: str = "life_cycle", level: Level | None = None
    ) -> Facts:
        """The factor of a grid region in this reading; not supplied where the region is not. A stated level holds for
        the stated region alone."""
        if region is None:
            return self.given(name, None, key)
        boundary = self._reading.boundary or stated
        return {
            name: Dated(
                parameter=GRID_FACTOR,
                region=self._reading.place(region),
                boundary=boundary,
                wanted="life_cycle",
                origin=self.origin(key),
                level=level if self._reading.place(region) == region else None,
            )
        }


def _plant_facts(production: HydrogenProduction, reading: Reading) -> Facts:
    hydrogen = production.hydrogen
    facts = _Writer("$.hydrogen", reading, refs=hydrogen.refs).given("produced_kg", hydrogen.kg, "kg")
    inventory = production.inventory
    if inventory is not None:
        writer = _Writer("$.inventory", reading, source=inventory.source, refs=inventory.refs)
        facts |= writer.given("hydrogen_value_per_kg", inventory.hydrogen_value_per_kg, "hydrogen_value_per_kg")
    if production.leakage is not None:
        leak = production.leakage
        writer = _Writer("$.leakage", reading, source=leak.source)
        facts |= writer.given("leaked_kg", leak.hydrogen_kg, "hydrogen_kg")
        facts |= writer.given("hydrogen_gwp100", leak.gwp100, "gwp100")
    return facts | _delivery_facts(production.delivery, reading)


def _delivery_facts(delivery: Delivery | None, reading: Reading) -> Facts:
    stated = (delivery.source, delivery.refs) if delivery is not None else ("", ())
    writer = _Writer("$.delivery", reading, source=stated[0], refs=stated[1])
    facts: Facts = {}
    for name in DELIVERED:
        facts |= writer.given(name, None if delivery is None else getattr(delivery, name), name)
    for place in ("trailer", "station"):
        name, key = f"{place}_electricity_kgco2e_per_kwh", f"{place}_grid_region"
        contract = None if delivery is None else getattr(delivery, f"{place}_contract")
        if reading.basis == "market" and contract is not None:
            facts |= writer.contract(name, contract, f"{place}_contract")
        else:
            region = None if delivery is None else getattr(delivery, key)
            level = None if delivery is None else getattr(delivery, f"{place}_grid_level")
            facts |= writer.grid(name, region, key, level=level)
    return facts


def _station_scopes(delivery: Delivery, reading: Reading) -> Iterator[Scope]:
    """The kilograms of the station; one that it need not state is no scope where it does not state it."""
    writer = _Writer("$.delivery", reading, source=delivery.source, refs=delivery.refs)
    for kind, names in (("taken", STATION_TAKEN), ("left", STATION_LEFT)):
        for name in names:
            stated = getattr(delivery, name)
            if stated is not None or name in DELIVERED:
                facts = writer.given("station_kg", stated, name)
                yield Scope(kind=f"station.{kind}", path=f"station:{name}", facts=facts, above=(PLANT,))


def _declared_facts(production: HydrogenProduction) -> Facts:
    if production.declared is None:
        return {}
    writer = _Writer("$.declared", Reading(), source=production.declared.source)
    return writer.given("gate_kgco2e_per_kg", production.declared.kgco2e_per_kg, "kgco2e_per_kg")


def _inventory_scopes(inventory: Inventory, reading: Reading) -> Iterator[Scope]:
    for number, entry in enumerate(inventory.inputs):
        where = f"$.inventory.inputs[{number}]"
        yield _input_scope(entry, where, flow_path(entry.id), reading, inventory)
    prior = inventory.prior_use
    if prior is not None and prior.replacement is not None:
        where = "$.inventory.prior_use.replacement"
        yield _input_scope(prior.replacement, where, PRIOR_USE, reading, inventory)
    for number, emission in enumerate(inventory.direct_emissions):
        yield from _emission_scopes(emission, f"$.inventory.direct_emissions[{number}]", reading, inventory)
    for number, product in enumerate(inventory.co_products):
        yield _coproduct_scope(product, f"$.inventory.co_products[{number}]", reading, inventory)


def _input_scope(entry: Input, where: str, path: str, reading: Reading, inventory: Inventory) -> Scope:
    writer = _Writer(where, reading, source=entry.source or inventory.source, refs=entry.refs or inventory.refs)
    serves = writer.given("serves_all_products", "1" if entry.serves == "all_products" else "0", "serves")
    if entry.kind == "electricity":
        kind = "flow.electricity.replaced" if path == PRIOR_USE else "flow.electricity.taken"
        facts = writer.given("electricity_kwh", entry.amount, "amount") | _electricity(entry, reading, writer)
    elif entry.factor == "diesel":
        kind, facts = "flow.diesel", writer.given("diesel_l", entry.amount, "amount")
    elif entry.factor is not None:
        kind, facts = "flow.named", writer.given("amount", entry.amount, "amount") | writer.named(entry, "factor")
    else:
        kind = "flow.given"
        facts = writer.given("amount", entry.amount, "amount")
        facts |= writer.given("kgco2e_per_unit", entry.kgco2e_per_unit, "kgco2e_per_unit")
    return Scope(kind=kind, path=path, facts=facts | serves, above=(PLANT,))


def _electricity(entry: Input, reading: Reading, writer: _Writer) -> Facts:
    if reading.basis == "market" and entry.contract is not None:
        return writer.contract(GRID_FACTOR, entry.contract, "contract")
    if entry.kgco2e_per_unit is not None:
        return writer.given(GRID_FACTOR, entry.kgco2e_per_unit, "kgco2e_per_unit")
    boundary = entry.factor_boundary or "life_cycle"
    return writer.grid(GRID_FACTOR, entry.grid_region, "grid_region", boundary, entry.grid_level)


def _emission_scopes(emission: DirectEmission, where: str, reading: Reading, inventory: Inventory) -> Iterator[Scope]:
    writer = _Writer(where, reading, source=inventory.source, refs=emission.refs or inventory.refs)
    formed = writer.given("formed_kg", emission.kg, "kg")
    serves = writer.given("serves_all_products", "1" if emission.serves == "all_products" else "0", "serves")
    path = flow_path(emission.id)
    yield Scope(kind=f"flow.direct.{_GASES[emission.gas]}", path=path, facts=formed | serves, above=(PLANT,))
    for number, caught in enumerate(emission.captured):
        if caught.to == "geological_storage":
            inner = _Writer(f"{where}.captured[{number}]", reading, source=caught.source)
            facts = inner.given("stored_kg", caught.kg, "kg") | formed | serves
            yield Scope(kind="flow.stored", path=f"{path}/captured:{number + 1}", facts=facts, above=(PLANT,))


def _coproduct_scope(product: CoProduct, where: str, reading: Reading, inventory: Inventory) -> Scope:
    writer = _Writer(where, reading, source=inventory.source, refs=product.refs or inventory.refs)
    facts = writer.given("coproduct_amount", product.amount, "amount")
    facts |= writer.given("coproduct_mass_kg", product.mass_kg, "mass_kg")
    heating = product.lower_heating_value_mj_per_unit
    facts |= writer.given("coproduct_mj_per_unit", heating, "lower_heating_value_mj_per_unit")
    facts |= writer.given("coproduct_value_per_unit", product.value_per_unit, "value_per_unit")
    displaced = product.displaced
    source = inventory.source if displaced is None else displaced.source
    inner = _Writer(f"{where}.displaced", reading, source=source)
    factor = None if displaced is None else displaced.kgco2e_per_unit
    facts |= inner.given("displaced_kgco2e_per_unit", factor, "kgco2e_per_unit")
    return Scope(kind="coproduct", path=coproduct_path(product.name), facts=facts, above=(PLANT,))


def _threshold_scope(threshold: Threshold, method: str) -> Scope:
    per_kg = threshold.unit == "kgCO2e/kg"
    name = "threshold_kgco2e_per_kg" if per_kg else "threshold_gco2e_per_mj"
    origin = {
        "kind": "threshold",
        "path": threshold.id,
        "holds_from": threshold.from_.isoformat(),
        "boundary": threshold.boundary,
        "source": threshold.source,
        "page": threshold.page,
        "checked_on": threshold.checked_on.isoformat(),
    }
    word = VOCABULARY[name]
    fact = Given(
        value=Decimal(threshold.value), unit=word.unit, label_zh=word.label_zh, label_en=word.label_en, origin=origin
    )
    return Scope(
        kind=f"threshold.{threshold.boundary}.{'per_kg' if per_kg else 'per_mj'}",
        path=threshold_path(threshold.id, method),
        facts={name: fact},
        above=(allocation_path(method), PLANT),
    )
