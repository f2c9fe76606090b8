"""What the fields of a transport chain mean together: nothing named twice, nothing counted twice, nothing mixed.

Only read here are chains whose every field is of the right form (`h2verify.chain_form`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from h2verify.chain_activities import list_class_faults, list_element_faults
from h2verify.chain_effects import list_idle_fields, list_sharing_faults
from h2verify.support import dated_by

SHARES_MAY_MISS = Fraction(1, 10**9)
"""How far stated shares may be from one."""

Document = Mapping[str, Any]
Fault = tuple[str, str]
_OF_KIND = {
    "comparable_vehicle": ("diesel_l_per_100km",),
    "peer_fleet": (
        "peer_diesel_l",
        "peer_distance_km",
        "peer_transport_activity_tkm",
        "peer_vehicles",
        "period",
    ),
    "regulatory_limit": ("limit_l_per_100km", "standard"),
}

_FACTOR_UNIT = re.compile(r"[A-Za-z0-9]{1,20}")


def list_faults(chain: Document) -> Iterator[Fault]:
    """Every contradiction in a chain: the place, and what is wrong there."""
    if not chain["shipment"]["mass_kg"].strip("0."):
        yield "$.shipment.mass_kg", "expected a mass above zero"
    yield from _repeated("$.elements", (element["id"] for element in chain["elements"]))
    for number, element in enumerate(chain["elements"]):
        yield from _element_faults(chain, element, f"$.elements[{number}]")
    yield from list_element_faults(chain)
    yield from _mixed_kinds(chain)
    for name, category in chain["categories"].items():
        where = f"$.categories[{name!r}]"
        for fault in _category_faults(category):
            yield where, fault
        for fault in _dates_faults(category, chain.get("activity_date")):
            yield where, fault
        for fault in _share_faults(category):
            yield where, fault
        for fault in list_class_faults(category):
            yield f"{where}.classes", fault
        for fault in list_comparison_faults(category.get("comparison") or {}, chain.get("activity_date")):
            yield f"{where}.comparison", fault
        yield from _repeated(f"{where}.classes", (each["name"] for each in category.get("classes", ())))
        yield from _repeated(f"{where}.round.stops", (stop["id"] for stop in _stops(category)))


def _stops(category: Document) -> list[Document]:
    stops: list[Document] = category.get("round", {}).get("stops", [])
    return stops


def _repeated(where: str, names: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield where, f"{name!r} stands twice"
            return
        seen.add(name)


def _element_faults(chain: Document, element: Document, where: str) -> Iterator[Fault]:
    category = chain["categories"].get(element["category"])
    if category is None:
        yield f"{where}.category", "there is no such category"
    elif category["kind"] != element["kind"]:
        yield f"{where}.category", "the category is of the other kind"
    elif "class" in element and element["class"] not in [each["name"] for each in category.get("classes", ())]:
        yield f"{where}.class", "the category has no such class"


def _mixed_kinds(chain: Document) -> Iterator[Fault]:
    """Distances of one mode are all shortest feasible ones or all great circles; so are those of one round."""
    kinds: dict[str, str] = {}
    stops = {name: _stop_kinds(category) for name, category in chain["categories"].items()}
    for number, element in enumerate(chain["elements"]):
        if "distance" not in element:
            continue
        found = {element["distance"]["kind"], *stops.get(element["category"], ())}
        if len(found | {kinds.setdefault(element["mode"], element["distance"]["kind"])}) > 1:
            yield f"$.elements[{number}].distance.kind", "kinds of distance are mixed within a mode"
    for name, found in stops.items():
        if len(found) > 1:
            yield f"$.categories[{name!r}].round.stops", "kinds of distance are mixed within a round"


def _stop_kinds(category: Document) -> set[str]:
    return {stop["distance"]["kind"] for stop in _stops(category)}


def _category_faults(category: Document) -> Iterator[str]:
    totals = bool(category.get("energy") or category.get("refrigerants"))
    given = "intensity" in category
    if "excluded" in category:
        if given or totals:
            yield "an excluded hub has no numbers"
        return
    if given == totals:
        yield "expected an intensity, or totals with energy or refrigerants, and not both"
        return
    for entry in category.get("energy", ()):
        yield from _energy_faults(entry)
        yield from list_idle_fields(entry)
    yield from _factor_faults(category)
    yield from list_sharing_faults(category)
    if category["kind"] == "transport":
        yield from _adjustment_faults(category)
        if totals and "transport_activity_tkm" not in category and "round" not in category:
            yield "totals need transport_activity_tkm or a round to be shared over"
    elif totals and "throughput_t" not in category:
        yield "totals need throughput_t to be shared over"


def _adjustment_faults(category: Document) -> Iterator[str]:
    factor = category.get("distance_adjustment_factor")
    added = "distance_adjustment_km" in category
    driven = category.get("intensity", {}).get("per") == "actual_tkm"
    if driven and factor is None and not added:
        yield "an intensity per actual_tkm needs distance_adjustment_factor or distance_adjustment_km"
    if added and factor is not None:
        yield "distance_adjustment_factor and distance_adjustment_km beside each other would count twice"
    if added and not driven:
        yield "distance_adjustment_km beside an intensity per tkm or totals would count twice"
    if added and "round" in category:
        yield "distance_adjustment_km is added to each element's distance and has no meaning for a round"
    if not driven and factor is not None and factor.rstrip("0").rstrip(".") != "1":
        yield "distance_adjustment_factor beside an intensity per tkm or totals would count twice"


def list_comparison_faults(stated: Document, activity_date: str | None) -> Iterator[str]:
    """What in a comparison belongs to another kind, or contradicts something else that it states."""
    kind = stated.get("kind") or "comparable_vehicle"
    for other, names in _OF_KIND.items():
        for name in names:
            if other != kind and stated.get(name) is not None:
                yield f"{name} belongs to a baseline of kind {other}, this one is {kind}"
    period = stated.get("period")
    if period and period["until"] < period["from"]:
        yield "the period of the peer fleet ends before it begins"
    platform = stated.get("platform") or {}
    over_period = platform.get("kgco2e") is not None or platform.get("transport_activity_tkm") is not None
    if platform.get("kgco2e_per_tkm") is not None and over_period:
        yield "the platform's overhead is stated per tkm and over a period"
    if stated.get("improvement_pct_per_year") is None:
        return
    field, day = dated_by(stated)
    if day is None or activity_date is None:
        yield f"an improvement a year needs the baseline's {field} and the chain's activity_date"
    elif activity_date[:4] < day[:4]:
        yield "an improvement a year needs a baseline of the activity's year or an earlier one"


def _energy_faults(entry: Document) -> Iterator[str]:
    explicit = "wtt_kgco2e_per_unit" in entry or "ttw_kgco2e_per_unit" in entry
    ways = sum((explicit, "supply" in entry, "origin" in entry, "factor" in entry))
    if ways > 1:
        yield "energy has more than one of factors, a factor by name, supply and origin"
    if ("supply" in entry or "origin" in entry) and (entry["carrier"], entry["unit"]) != ("hydrogen", "kg"):
        yield "supply and origin belong to hydrogen in kg"
    if "contract" in entry and (ways or (entry["carrier"], entry["unit"]) != ("electricity", "kWh")):
        yield "a contract belongs to electricity in kWh that takes its factor from a grid region"
    if "factor" in entry and not _FACTOR_UNIT.fullmatch(entry["unit"]):
        yield "a factor by name needs a unit of letters and digits"
    if "grid_level" in entry:
        by_region = not ways and (entry["carrier"], entry["unit"]) == ("electricity", "kWh")
        if "grid_region" not in entry or not (by_region or "factor" in entry):
            yield "grid_level belongs to a grid_region whose factor is asked for"
    for end in ("trailer", "station"):
        supply = entry.get("supply", {})
        if f"{end}_grid_level" in supply and f"{end}_grid_region" not in supply:
            yield f"{end}_grid_level needs {end}_grid_region"


def _dates_faults(category: Document, activity_date: str | None) -> Iterator[str]:
    period = category.get("period")
    if period is not None and period["until"] < period["from"]:
        yield "the period ends before it begins"
    for contract in _contracts(category):
        first, last = contract.get("valid_from"), contract.get("valid_until")
        if first is None and last is None:
            continue
        if activity_date is None:
            yield "a contract with dates needs activity_date to be held against"
        elif (first or activity_date) > activity_date or activity_date > (last or activity_date):
            yield "the contract does not hold on the activity date"


def _share_faults(category: Document) -> Iterator[str]:
    """A round that states its activity may list some of its stops only; all else sums to one."""
    is_whole = "transport_activity_tkm" not in category
    for parts, sums in ((category.get("classes", ()), True), (_stops(category), is_whole)):
        stated = [each["share"] for each in parts if "share" in each]
        if stated and len(stated) < len(parts):
            yield "either every part states its share or none does"
        elif stated and sums and abs(sum(map(Fraction, stated), Fraction(-1))) > SHARES_MAY_MISS:
            yield "the stated shares do not sum to one"


def _contracts(category: Document) -> Iterator[Document]:
    for entry in category.get("energy", ()):
        supply = entry.get("supply", {})
        stated = (entry.get("contract"), supply.get("trailer_contract"), supply.get("station_contract"))
        yield from (contract for contract in stated if contract is not None)


def _factor_faults(category: Document) -> Iterator[str]:
    """A factor by name stands instead of numbers, never beside them."""
    given = category.get("intensity", {})
    if "factor" in given and not given.keys().isdisjoint(("wtw_kgco2e", "ttw_kgco2e")):
        yield "an intensity has numbers or a factor by name, not both"
    if any("factor" in each and "gwp100" in each for each in category.get("refrigerants", ())):
        yield "a refrigerant has gwp100 or a factor by name, not both"
