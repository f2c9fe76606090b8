"""A transport chain is refused unless every field is what it should be, and no two contradict each other."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from h2verify.chain_form import verify_chain_form
from h2verify.errors import BundleError
from made_chains import Document, a_chain


def refusal(chain: Any) -> BundleError:
    with pytest.raises(BundleError) as caught:
        verify_chain_form(chain)

    assert "chain.form" == caught.value.code
    return caught.value


def test_a_whole_chain_is_accepted() -> None:
    verify_chain_form(a_chain())


@pytest.mark.parametrize("chain", [None, [], "text", {}, {"format": "transport-chain/1"}])
def test_what_is_no_chain_is_refused(chain: Any) -> None:
    refusal(chain)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, each in items for place in _places(each, (*path, key))]


def _parent(chain: Document, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        chain = chain[key]
    return chain


@pytest.mark.parametrize("foreign", [None, 1, True, 1.5, [None], {"x": "y"}, "\n"], ids=repr)
def test_every_field_refuses_what_it_cannot_hold(foreign: Any) -> None:
    places = _places(a_chain())

    assert len(places) > 100
    for path in places:
        chain = a_chain()
        holder = _parent(chain, path)
        free = ("source", "excluded", "justification", "operations", "method", "profile", "standard")
        free_text = path[-1] in free or "refs" in path
        if holder[path[-1]] == foreign or (free_text and foreign == "\n"):
            continue
        holder[path[-1]] = copy.deepcopy(foreign)
        refusal(chain)


def test_every_object_refuses_a_field_more() -> None:
    for path in _places(a_chain()):
        chain = a_chain()
        value = _parent(chain, path)[path[-1]]
        if isinstance(value, dict) and path != ("categories",):
            value["colour"] = "red"
            refusal(chain)


def _level_of_no_region(chain: Document) -> None:
    supply = chain["categories"]["truck"]["energy"][0]["supply"]
    del supply["station_grid_region"]
    supply["station_grid_level"] = "national"


FAULTS: dict[str, Callable[[Document], Any]] = {
    "nothing is moved": lambda c: c["shipment"].update(mass_kg="0.000"),
    "an element stands twice": lambda c: c["elements"].append(copy.deepcopy(c["elements"][0])),
    "a category that is not there": lambda c: c["elements"][0].update(category="nowhere"),
    "a category of the other kind": lambda c: c["elements"][0].update(category="hub"),
    "a class that is not there": lambda c: c["elements"][0].update({"class": "lorry"}),
    "kinds of distance mixed in a mode": lambda c: c["elements"][2]["distance"].update(kind="gcd"),
    "kinds of distance mixed in a round": lambda c: c["categories"]["van"]["round"]["stops"][0]["distance"].update(
        kind="gcd"
    ),
    "a stop twice": lambda c: c["categories"]["van"]["round"]["stops"][1].update(id="s 1"),
    "a class twice": lambda c: c["categories"]["ferry"]["classes"][1].update(name="car"),
    "intensity and totals": lambda c: c["categories"]["van"].update(intensity={"per": "tkm", "wtw_kgco2e": "1"}),
    "neither intensity nor totals": lambda c: c["categories"]["rail"].pop("intensity"),
    "totals without activity": lambda c: c["categories"]["truck"].pop("transport_activity_tkm"),
    "a hub without throughput": lambda c: c["categories"]["hub"].pop("throughput_t"),
    "an excluded hub with numbers": lambda c: c["categories"]["hub"].update(excluded="small"),
    "a factor that would count twice": lambda c: c["categories"]["rail"].update(distance_adjustment_factor="1.1"),
    "driven kilometres without a factor": lambda c: c["categories"]["rail"]["intensity"].update(per="actual_tkm"),
    "a factor and an added distance": lambda c: c["categories"]["air"].update(distance_adjustment_factor="1"),
    "an added distance beside an intensity per tkm": lambda c: c["categories"]["rail"].update(
        distance_adjustment_km="95"
    ),
    "an added distance of a round": lambda c: c["categories"]["air"].update(round=c["categories"]["van"]["round"]),
    "a period that ends before it begins": lambda c: c["categories"]["hub"]["period"].update(until="2024-12-31"),
    "a contract that ended before": lambda c: c["categories"]["hub"]["energy"][0]["contract"].update(
        valid_until="2026-03-01"
    ),
    "a contract that begins later": lambda c: c["categories"]["truck"]["energy"][0]["supply"][
        "station_contract"
    ].update(valid_from="2026-03-03"),
    "a contract with dates and no date of activity": lambda c: c.pop("activity_date"),
    "a contract beside factors": lambda c: c["categories"]["hub"]["energy"][0].update(wtt_kgco2e_per_unit="1"),
    "shares that do not sum to one": lambda c: [
        each.update(share="0.4") for each in c["categories"]["ferry"]["classes"]
    ],
    "a round beside classes": lambda c: c["categories"]["van"].update(classes=c["categories"]["ferry"]["classes"]),
    "a grid region beside factors": lambda c: c["categories"]["hub"]["energy"][1].update(grid_region="Town"),
    "a boundary of the rule set's own diesel": lambda c: c["categories"]["van"]["energy"][0].update(
        factor_boundary="direct"
    ),
    "one share of two": lambda c: c["categories"]["van"]["round"]["stops"][0].update(share="0.5"),
    "a contract for gas": lambda c: c["categories"]["hub"]["energy"][1].update(
        contract={"instrument": "ppa", "source": "agreement 8"}
    ),
    "a contract without a source": lambda c: c["categories"]["hub"]["energy"][0]["contract"].update(source=""),
    "supply and factors": lambda c: c["categories"]["truck"]["energy"][0].update(wtt_kgco2e_per_unit="1"),
    "supply of diesel": lambda c: c["categories"]["truck"]["energy"][0].update(carrier="diesel"),
    "a factor by name beside numbers": lambda c: c["categories"]["hub"]["energy"][1].update(factor="hvo"),
    "a factor by name of a unit that is no word": lambda c: c["categories"]["van"]["energy"][0].update(
        factor="hvo", unit="l/km"
    ),
    "a factor with a capital": lambda c: c["categories"]["van"]["energy"][0].update(factor="HVO"),
    "an intensity by name and number": lambda c: c["categories"]["rail"]["intensity"].update(factor="rail"),
    "a refrigerant by name and number": lambda c: c["categories"]["van"]["refrigerants"][0].update(factor="r_452a"),
    "a level of no region": lambda c: c["categories"]["truck"]["energy"][0].update(grid_level="national"),
    "a level that is none": lambda c: c["categories"]["hub"]["energy"][0].update(grid_level="town"),
    "a level without its region": _level_of_no_region,
    "an exponent": lambda c: c["shipment"].update(mass_kg="1e3"),
    "sixteen digits": lambda c: c["shipment"].update(mass_kg="1" * 16),
    "no such day": lambda c: c.update(activity_date="2026-02-30"),
    "a peer fleet's litres of a comparable vehicle": lambda c: c["categories"]["truck"]["comparison"].update(
        peer_diesel_l="1"
    ),
    "a vehicle's litres of a peer fleet": lambda c: c["categories"]["van"]["comparison"].update(diesel_l_per_100km="1"),
    "a standard of a peer fleet": lambda c: c["categories"]["van"]["comparison"].update(standard="a rule"),
    "peers of a period that ends before it begins": lambda c: c["categories"]["van"]["comparison"]["period"].update(
        until="2024-12-31"
    ),
    "overhead in two ways": lambda c: c["categories"]["truck"]["comparison"]["platform"].update(kgco2e_per_tkm="1"),
    "an improvement from nowhere": lambda c: c["categories"]["truck"]["comparison"].pop("date"),
    "an improvement to no day": lambda c: c.pop("activity_date"),
    "an improvement backwards": lambda c: c["categories"]["truck"]["comparison"].update(date="2027-01-01"),
    "half a truck": lambda c: c["categories"]["van"]["comparison"].update(peer_vehicles="0.5"),
    "no elements": lambda c: c.update(elements=[]),
    "a name with a control character": lambda c: c["elements"][0].update(id="road\u0007"),
    "a name of 121 characters": lambda c: c["elements"][0].update(id="r" * 121),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_chain_with_one_fault_is_refused(fault: str) -> None:
    chain = a_chain()
    FAULTS[fault](chain)
    refusal(chain)


def test_a_factor_of_one_counts_nothing_twice() -> None:
    chain = a_chain()
    chain["categories"]["rail"]["distance_adjustment_factor"] = "1.00"
    verify_chain_form(chain)


def test_nesting_is_bounded_by_the_form() -> None:
    deep: Any = "1"
    for _ in range(10_000):
        deep = {"distance": deep}
    chain = a_chain()
    chain["elements"][0]["distance"] = deep
    refusal(chain)
