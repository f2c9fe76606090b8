"""Where the fields of a transport chain contradict each other; each fault says the rule that it breaks."""

import datetime
import json
import re
from fractions import Fraction

import msgspec
from h2verify.chain_activities import list_class_faults, list_element_faults
from h2verify.chain_effects import list_idle_fields, list_sharing_faults
from h2verify.chain_meaning import list_comparison_faults

from h2corridor.model.chain_values import (
    ElectricityContract,
    Energy,
    HubCategory,
    HubElement,
    HydrogenSupply,
    TransportCategory,
    TransportChain,
    TransportElement,
)

_FACTOR_UNIT = re.compile(r"[A-Za-z0-9]{1,20}")
_STANDARD = "ISO 14083, clause unseen"
_OWN = "a rule of our own"
SHARES_MAY_MISS = Fraction(1, 10**9)
"""How far stated shares may be from one, and each from the computed one."""


def list_faults(chain: TransportChain) -> list[tuple[str, str]]:
    """Every fault with its place in the document, in the order in which they are looked for."""
    found: list[tuple[str, str]] = []
    if not chain.shipment.mass_kg.strip("0."):
        found.append(("$.shipment.mass_kg", "expected a mass above zero"))
    found.extend(_repeated("$.elements", [element.id for element in chain.elements]))
    kinds: dict[str, tuple[str, str]] = {}
    for number, element in enumerate(chain.elements):
        where = f"$.elements[{number}]"
        found.extend(_element_faults(chain, element, where))
        if isinstance(element, TransportElement) and element.distance is not None:
            found.extend(_mixed(kinds, element.mode, element.distance.kind, f"{where}.distance.kind"))
            found.extend(_stop_kinds(chain.categories.get(element.category), kinds, element))
    plain = msgspec.to_builtins(chain)
    found.extend((where, f"{fault} ({_STANDARD})") for where, fault in list_element_faults(plain))
    for name, category in chain.categories.items():
        where = f"$.categories[{json.dumps(name, ensure_ascii=False)}]"
        found.extend((where, fault) for fault in _category_faults(category))
        found.extend((where, fault) for fault in _dates_faults(category, chain.activity_date))
        found.extend((where, fault) for fault in _share_faults(category))
        unequal = list_class_faults(plain["categories"][name])
        found.extend((f"{where}.classes", f"{fault} ({_STANDARD})") for fault in unequal)
        if isinstance(category, TransportCategory) and category.comparison is not None:
            stated, on = msgspec.to_builtins([category.comparison, chain.activity_date])
            comparison = (f"{fault} ({_OWN})" for fault in list_comparison_faults(stated, on))
            found.extend((f"{where}.comparison", fault) for fault in comparison)
        found.extend(_repeated(f"{where}.classes", [each.name for each in category.classes]))
        if isinstance(category, TransportCategory) and category.round is not None:
            found.extend(_repeated(f"{where}.round.stops", [stop.id for stop in category.round.stops]))
            if len({stop.distance.kind for stop in category.round.stops}) > 1:
                found.append(
                    (
                        f"{where}.round.stops",
                        f"distance kinds are mixed within one round; it has one kind ({_STANDARD})",
                    )
                )
    return found


def _element_faults(chain: TransportChain, element: TransportElement | HubElement, where: str) -> list[tuple[str, str]]:
    category = chain.categories.get(element.category)
    if category is None:
        return [(f"{where}.category", f"there is no category {element.category!r}")]
    if isinstance(category, HubCategory) != isinstance(element, HubElement):
        return [(f"{where}.category", f"category {element.category!r} is of the other kind")]
    wanted = element.class_
    if wanted is not None and wanted not in [each.name for each in category.classes]:
        return [(f"{where}.class", f"category {element.category!r} has no class {wanted!r}")]
    return []


def _stop_kinds(
    category: TransportCategory | HubCategory | None, kinds: dict[str, tuple[str, str]], element: TransportElement
) -> list[tuple[str, str]]:
    if not isinstance(category, TransportCategory) or category.round is None:
        return []
    where = f"$.categories[{json.dumps(element.category, ensure_ascii=False)}].round.stops"
    return [fault for stop in category.round.stops for fault in _mixed(kinds, element.mode, stop.distance.kind, where)]


def _mixed(kinds: dict[str, tuple[str, str]], mode: str, kind: str, where: str) -> list[tuple[str, str]]:
    first, place = kinds.setdefault(mode, (kind, where))
    return (
        []
        if first == kind
        else [(where, f"mode {mode} has {kind} here and {first} at {place}; kinds are never mixed ({_STANDARD})")]
    )


def _repeated(where: str, ids: list[str]) -> list[tuple[str, str]]:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            return [(where, f"{name!r} stands twice")]
        seen.add(name)
    return []


def _category_faults(category: TransportCategory | HubCategory) -> list[str]:
    if isinstance(category, HubCategory) and category.excluded is not None:
        return [f"an excluded hub has no numbers ({_OWN})"] if category.intensity or category.has_totals else []
    if category.intensity is not None and category.has_totals:
        return [f"expected an intensity or totals, came both: two would give one figure ({_OWN})"]
    if category.intensity is None and not category.has_totals:
        return [f"expected an intensity, or totals with energy or refrigerants ({_STANDARD})"]
    found = [fault for entry in category.energy for fault in _energy_faults(entry)]
    plain = msgspec.to_builtins(category)
    found.extend(f"{fault} ({_OWN})" for entry in plain["energy"] for fault in list_idle_fields(entry))
    found.extend(_factor_faults(category))
    found.extend(f"{fault} ({_OWN})" for fault in list_sharing_faults(plain))
    if isinstance(category, TransportCategory):
        found.extend(_adjustment_faults(category))
        if category.has_totals and category.transport_activity_tkm is None and category.round is None:
            found.append(f"totals need transport_activity_tkm or a round to be shared over ({_STANDARD})")
    elif category.has_totals and category.throughput_t is None:
        found.append(f"totals need throughput_t to be shared over ({_STANDARD})")
    return found


def _adjustment_faults(category: TransportCategory) -> list[str]:
    factor = category.distance_adjustment_factor
    driven = category.intensity is not None and category.intensity.per == "actual_tkm"
    added = category.distance_adjustment_km is not None
    if driven and factor is None and not added:
        return [f"an intensity per actual_tkm needs distance_adjustment_factor or distance_adjustment_km ({_STANDARD})"]
    if added and factor is not None:
        return [f"distance_adjustment_factor beside distance_adjustment_km would count twice ({_STANDARD})"]
    if added and not driven:
        return [f"distance_adjustment_km beside an intensity per tkm or totals would count twice ({_STANDARD})"]
    if added and category.round is not None:
        return [f"distance_adjustment_km is added to an element's distance and has no meaning for a round ({_OWN})"]
    if not driven and factor is not None and factor.rstrip("0").rstrip(".") != "1":
        return [f"distance_adjustment_factor beside an intensity per tkm or totals would count twice ({_STANDARD})"]
    return []


def _energy_faults(entry: Energy) -> list[str]:
    explicit = entry.wtt_kgco2e_per_unit is not None or entry.ttw_kgco2e_per_unit is not None
    by_name = entry.factor is not None
    ways = sum((explicit, entry.supply is not None, entry.origin is not None, by_name))
    if ways > 1:
        return [f"energy {entry.carrier!r} has more than one of factors, a factor by name, supply and origin ({_OWN})"]
    if (entry.supply or entry.origin) and (entry.carrier, entry.unit) != ("hydrogen", "kg"):
        return [f"supply and origin belong to hydrogen in kg ({_OWN})"]
    if by_name and not _FACTOR_UNIT.fullmatch(entry.unit):
        return [f"a factor by name needs a unit of letters and digits ({_OWN})"]
    by_region = not ways and (entry.carrier, entry.unit) == ("electricity", "kWh")
    if entry.contract and not by_region:
        return [f"a contract belongs to electricity in kWh that takes its factor from a grid region ({_OWN})"]
    if entry.grid_level and (entry.grid_region is None or not (by_region or by_name)):
        return [f"grid_level belongs to a grid_region whose factor is asked for ({_OWN})"]
    return _supply_faults(entry.supply) if entry.supply else []


def _supply_faults(supply: HydrogenSupply) -> list[str]:
    if supply.trailer_grid_level and supply.trailer_grid_region is None:
        return [f"trailer_grid_level needs trailer_grid_region ({_OWN})"]
    if supply.station_grid_level and supply.station_grid_region is None:
        return [f"station_grid_level needs station_grid_region ({_OWN})"]
    return []


def _factor_faults(category: TransportCategory | HubCategory) -> list[str]:
    given = category.intensity
    if given is not None and given.factor and (given.wtw_kgco2e is not None or given.ttw_kgco2e is not None):
        return [f"an intensity has numbers or a factor by name, not both ({_OWN})"]
    if any(gas.factor and gas.gwp100 is not None for gas in category.refrigerants):
        return [f"a refrigerant has gwp100 or a factor by name, not both ({_OWN})"]
    return []


def _dates_faults(category: TransportCategory | HubCategory, on: datetime.date | None) -> list[str]:
    found = []
    if category.period is not None and category.period.until < category.period.from_:
        found.append(f"the period ends before it begins ({_OWN})")
    for contract in _contracts(category):
        first, last = contract.valid_from, contract.valid_until
        if on is None and (first or last):
            found.append(f"a contract with dates needs activity_date to be held against ({_OWN})")
        elif on is not None and not (first or on) <= on <= (last or on):
            found.append(
                f"the contract ({contract.source}) does not hold on the activity date {on.isoformat()} ({_OWN})"
            )
    return found


def _share_faults(category: TransportCategory | HubCategory) -> list[str]:
    """A round that states its activity may list some of its stops only; all else sums to one."""
    groups: list[tuple[list[str | None], bool]] = [([each.share for each in category.classes], True)]
    if isinstance(category, TransportCategory) and category.round is not None:
        shares = [stop.share for stop in category.round.stops]
        groups.append((shares, category.transport_activity_tkm is None))
    found = []
    for shares, is_whole in groups:
        stated = [share for share in shares if share is not None]
        if stated and len(stated) < len(shares):
            found.append(f"either every part states its share or none does ({_OWN})")
        elif stated and is_whole and abs(sum(map(Fraction, stated), Fraction(-1))) > SHARES_MAY_MISS:
            found.append(f"the stated shares do not sum to one ({_STANDARD})")
    return found


def _contracts(category: TransportCategory | HubCategory) -> list[ElectricityContract]:
    found: list[ElectricityContract] = []
    for entry in category.energy:
        supplied = (entry.supply.trailer_contract, entry.supply.station_contract) if entry.supply else ()
        found.extend(contract for contract in (entry.contract, *supplied) if contract is not None)
    return found
