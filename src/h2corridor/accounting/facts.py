"""A transport chain as scopes: what stands where, in the words of the vocabulary, each with the place it was read from.

    chain ◀─ element.transport[.compared] | element.hub | excluded_element
          ◀─ category.transport.(given | driven | totals | round) | category.hub.(given | totals)
               ◀─ source.explicit | .diesel | .electricity | .refrigerant | .hydrogen.(supplied | explicit | unknown)
               ◀─ stop, class[.transport]

An element has its class, its category and the chain above it; a source, stop or class its category and the chain.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from h2corridor.accounting.kernel.scopes import Dated, Given, Scope, Scopes, path_part
from h2corridor.accounting.vocabulary import VOCABULARY
from h2corridor.model.chain import (
    Energy,
    HubCategory,
    HubElement,
    HydrogenSupply,
    SharingClass,
    TransportCategory,
    TransportChain,
)

CHAIN = "chain"
_Facts = dict[str, Given | Dated]
_Category = TransportCategory | HubCategory


def element_path(element_id: str) -> str:
    """The path of an element's scope."""
    return f"element:{path_part(element_id)}"


def category_path(name: str) -> str:
    """The path of a category's scope."""
    return f"category:{path_part(name)}"


def stop_path(category: str, stop_id: str) -> str:
    """The path of a stop's scope."""
    return f"{category_path(category)}/stop:{path_part(stop_id)}"


def class_path(category: str, name: str) -> str:
    """The path of a class's scope."""
    return f"{category_path(category)}/class:{path_part(name)}"


def chain_scopes(chain: TransportChain) -> Scopes:
    """All scopes of a chain that is known to be consistent (`h2corridor.model.chain.check_chain`)."""
    facts = _Writer("$.shipment", chain.shipment.refs).write(mass_kg=(chain.shipment.mass_kg, "mass_kg"))
    scopes = [Scope(kind="chain", path=CHAIN, facts=facts)]
    for name, category in chain.categories.items():
        if not (isinstance(category, HubCategory) and category.excluded is not None):
            scopes.extend(_category_scopes(name, category))
    scopes.extend(_element_scope(chain, number) for number in range(len(chain.elements)))
    return Scopes(scopes)


class _Writer:
    """Writes facts of one JSON object: the place, the stated source and the references go into every origin."""

    def __init__(self, where: str, refs: tuple[str, ...] = (), source: str = "") -> None:
        self._where = where
        self._rest: dict[str, Any] = {"source": source} if source else {}
        if refs:
            self._rest["refs"] = list(refs)

    def origin(self, key: str) -> Mapping[str, Any]:
        kind = "fact" if "refs" in self._rest else "input"
        return {"kind": kind, "path": f"{self._where}.{key}", **self._rest}

    def write(self, **entries: tuple[str | None, str]) -> _Facts:
        """Facts by name; each entry is the text and the key it stands under."""
        found: _Facts = {}
        for name, (text, key) in entries.items():
            word = VOCABULARY[name]
            value = None if text is None else Decimal(text)
            found[name] = Given(
                value=value, unit=word.unit, label_zh=word.label_zh, label_en=word.label_en, origin=self.origin(key)
            )
        return found

    def electricity(self, name: str, region: str | None, boundary: str, key: str) -> _Facts:
        """The factor of a grid region; absent where the region is."""
        if region is None:
            return {name: Given(value=None, unit="", label_zh="", label_en="", origin=self.origin(key))}
        parameter = "electricity_wtt_kgco2e_per_kwh"
        origin = self.origin(key)
        return {name: Dated(parameter=parameter, region=region, boundary=boundary, wanted="life_cycle", origin=origin)}


def _element_scope(chain: TransportChain, number: int) -> Scope:
    element = chain.elements[number]
    category = chain.categories[element.category]
    where = f"$.elements[{number}]"
    above: tuple[str, ...] = (category_path(element.category), CHAIN)
    path = element_path(element.id)
    if isinstance(element, HubElement):
        if isinstance(category, HubCategory) and category.excluded is not None:
            return Scope(kind="excluded_element", path=path, facts={}, above=(CHAIN,))
        return Scope(kind="element.hub", path=path, facts=_primary(category, element.category), above=above)
    distance = element.distance
    source = distance.source if distance else ""
    written = _Writer(where, element.refs, source).write(distance_km=(distance.km if distance else None, "distance.km"))
    compared = isinstance(category, TransportCategory) and category.comparison is not None
    if element.class_ is not None:
        above = (class_path(element.category, element.class_), *above)
    kind = "element.transport.compared" if compared else "element.transport"
    return Scope(kind=kind, path=path, facts={**_primary(category, element.category), **written}, above=above)


def _primary(category: _Category, name: str) -> _Facts:
    text = "1" if category.data == "primary" else "0"
    return _Writer(_category_place(name)).write(is_primary=(text, "data"))


def _category_place(name: str) -> str:
    return f"$.categories[{name!r}]"


def _category_scopes(name: str, category: _Category) -> list[Scope]:
    where = _category_place(name)
    path = category_path(name)
    writer = _Writer(where, category.refs, category.source)
    if isinstance(category, HubCategory):
        kind, facts = _hub(category, writer)
    else:
        kind, facts = _transport(category, writer)
        facts = {**facts, **_comparison(category, where)}
    scopes = [Scope(kind=kind, path=path, facts=facts, above=(CHAIN,))]
    scopes.extend(_source_scope(category, name, number) for number in range(len(category.energy)))
    scopes.extend(_refrigerant_scope(category, name, number) for number in range(len(category.refrigerants)))
    scopes.extend(_stop_scopes(category, name) if isinstance(category, TransportCategory) else [])
    scopes.extend(_class_scope(each, name, number) for number, each in enumerate(category.classes))
    return scopes


def _hub(category: HubCategory, writer: _Writer) -> tuple[str, _Facts]:
    if category.intensity is None:
        return "category.hub.totals", writer.write(category_throughput_t=(category.throughput_t, "throughput_t"))
    return "category.hub.given", writer.write(
        given_intensity_wtw_kgco2e_per_t=(category.intensity.wtw_kgco2e, "intensity.wtw_kgco2e"),
        given_intensity_ttw_kgco2e_per_t=(category.intensity.ttw_kgco2e, "intensity.ttw_kgco2e"),
    )


def _transport(category: TransportCategory, writer: _Writer) -> tuple[str, _Facts]:
    activity: _Facts = {}
    if category.transport_activity_tkm is not None or category.round is None:
        activity = writer.write(
            category_transport_activity_tkm=(category.transport_activity_tkm, "transport_activity_tkm")
        )
    given = category.intensity
    if given is None:
        return "category.transport.totals", activity
    prefix = "actual" if given.per == "actual_tkm" else "given"
    written: dict[str, tuple[str | None, str]] = {
        f"{prefix}_intensity_wtw_kgco2e_per_tkm": (given.wtw_kgco2e, "intensity.wtw_kgco2e"),
        f"{prefix}_intensity_ttw_kgco2e_per_tkm": (given.ttw_kgco2e, "intensity.ttw_kgco2e"),
    }
    if given.per == "actual_tkm":
        written["distance_adjustment_factor"] = (category.distance_adjustment_factor, "distance_adjustment_factor")
        return "category.transport.driven", {**activity, **writer.write(**written)}
    return "category.transport.given", {**activity, **writer.write(**written)}


def _comparison(category: TransportCategory, where: str) -> _Facts:
    stated = category.comparison
    if stated is None:
        return {}
    source = ", ".join(part for part in (stated.source, stated.date and stated.date.isoformat()) if part)
    return _Writer(f"{where}.comparison", category.refs, source).write(
        diesel_l_per_100km=(stated.diesel_l_per_100km, "diesel_l_per_100km"),
        baseline_distance_km=(stated.baseline_distance_km, "baseline_distance_km"),
        baseline_transport_activity_tkm=(stated.transport_activity_tkm, "transport_activity_tkm"),
    )


def _source_scope(category: _Category, name: str, number: int) -> Scope:
    entry = category.energy[number]
    where = f"{_category_place(name)}.energy[{number}]"
    refs = entry.refs or category.refs
    kind, facts = _source(entry, _Writer(where, refs, category.source))
    if entry.supply is not None:
        facts = {**facts, **_supply(entry.supply, entry.factor_boundary, where, refs)}
    path = f"{category_path(name)}/energy:{number + 1}"
    return Scope(kind=kind, path=path, facts=facts, above=(category_path(name), CHAIN))


def _source(entry: Energy, writer: _Writer) -> tuple[str, _Facts]:
    explicit = entry.wtt_kgco2e_per_unit is not None or entry.ttw_kgco2e_per_unit is not None
    if entry.supply is not None:
        return "source.hydrogen.supplied", writer.write(hydrogen_kg=(entry.amount, "amount"))
    if entry.origin is not None:
        facts = writer.write(hydrogen_kg=(entry.amount, "amount"))
        return "source.hydrogen.unknown", facts
    if not explicit and (entry.carrier, entry.unit) == ("diesel", "l"):
        return "source.diesel", writer.write(diesel_l=(entry.amount, "amount"))
    if not explicit and (entry.carrier, entry.unit) == ("electricity", "kWh"):
        factor = writer.electricity(
            "electricity_wtt_kgco2e_per_kwh", entry.grid_region, entry.factor_boundary, "grid_region"
        )
        return "source.electricity", {**writer.write(electricity_kwh=(entry.amount, "amount")), **factor}
    facts = writer.write(
        amount=(entry.amount, "amount"),
        wtt_kgco2e_per_unit=(entry.wtt_kgco2e_per_unit, "wtt_kgco2e_per_unit"),
        ttw_kgco2e_per_unit=(entry.ttw_kgco2e_per_unit, "ttw_kgco2e_per_unit"),
    )
    if (entry.carrier, entry.unit) == ("hydrogen", "kg"):
        return "source.hydrogen.explicit", {**facts, **writer.write(hydrogen_kg=(entry.amount, "amount"))}
    return "source.explicit", facts


def _supply(supply: HydrogenSupply, boundary: str, where: str, refs: tuple[str, ...]) -> _Facts:
    source = f"batch {supply.batch}, station {supply.station}"
    writer = _Writer(f"{where}.supply", supply.refs or refs, source)
    names = (
        "gate_kgco2e_per_kg",
        "delivered_kg",
        "trailer_diesel_l",
        "trailer_compression_kwh",
        "station_dispensed_kg",
        "station_vented_kg",
        "station_electricity_kwh",
    )
    written = writer.write(**{name: (getattr(supply, name), name) for name in names})
    for place, region in (("trailer", supply.trailer_grid_region), ("station", supply.station_grid_region)):
        name = f"{place}_electricity_kgco2e_per_kwh"
        written |= writer.electricity(name, region, boundary, f"{place}_grid_region")
    return written


def _refrigerant_scope(category: _Category, name: str, number: int) -> Scope:
    entry = category.refrigerants[number]
    writer = _Writer(f"{_category_place(name)}.refrigerants[{number}]", category.refs, category.source)
    facts = writer.write(refilled_kg=(entry.refilled_kg, "refilled_kg"), gwp100=(entry.gwp100, "gwp100"))
    path = f"{category_path(name)}/refrigerant:{number + 1}"
    return Scope(kind="source.refrigerant", path=path, facts=facts, above=(category_path(name), CHAIN))


def _stop_scopes(category: TransportCategory, name: str) -> list[Scope]:
    scopes = []
    for number, stop in enumerate(category.round.stops if category.round else ()):
        writer = _Writer(f"{_category_place(name)}.round.stops[{number}]", category.refs, category.source)
        facts = writer.write(stop_distance_km=(stop.distance.km, "distance.km"), stop_mass_kg=(stop.mass_kg, "mass_kg"))
        above = (category_path(name), CHAIN)
        scopes.append(Scope(kind="stop", path=stop_path(name, stop.id), facts=facts, above=above))
    return scopes


def _class_scope(each: SharingClass, name: str, number: int) -> Scope:
    writer = _Writer(f"{_category_place(name)}.classes[{number}]")
    facts = writer.write(class_quantity=(each.quantity, "quantity"), class_equivalent=(each.equivalent, "equivalent"))
    kind = "class"
    if each.transport_activity_tkm is not None:
        kind = "class.transport"
        facts |= writer.write(class_transport_activity_tkm=(each.transport_activity_tkm, "transport_activity_tkm"))
    return Scope(kind=kind, path=class_path(name, each.name), facts=facts, above=(category_path(name), CHAIN))
