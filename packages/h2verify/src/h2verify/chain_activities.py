"""Activity inside one chain: classes share what their category did, and no element has more than it did.

Transport has tonne-kilometres, a hub the tonnes that leave it.

Only read here are plain documents whose every field is of the right form (`h2verify.chain_form`); null and absent are
the same. What people state they round: half a per cent more or less is no contradiction.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

Document = Mapping[str, Any]
_ACTIVITY = "transport_activity_tkm"
_THROUGHPUT = "throughput_t"
_KG_PER_T = 1000
_ROUNDED = Fraction(1, 200)
"""Part of an activity that rounding by those who state it may explain."""


def list_class_faults(category: Document) -> Iterator[str]:
    """Where what the classes of a category did and what it did itself contradict each other."""
    own, foreign = (_THROUGHPUT, _ACTIVITY) if category["kind"] == "hub" else (_ACTIVITY, _THROUGHPUT)
    classes = category.get("classes") or ()
    if any(each.get(foreign) is not None for each in classes):
        yield f"{foreign} has no meaning for a class of {category['kind']}, which states {own}"
    stated = [each[own] for each in classes if each.get(own) is not None]
    whole = limit_of(category, category["kind"])
    if not stated or whole is None:
        return
    parts = sum(map(Fraction, stated), Fraction(0))
    slack = whole * _ROUNDED
    if parts - whole > slack or (whole - parts > slack and len(stated) == len(classes)):
        yield f"the {own} of the classes do not sum to that of the category"


def list_element_faults(chain: Document) -> Iterator[tuple[str, str]]:
    """Elements outside every class of their category, or with more activity than their class or category had.

    Elements of one class, or of one category, count together: they are the same shipment, moved or handled again.
    """
    done: dict[tuple[str, str | None], Fraction] = {}
    limits = {name: limit_of(category, category["kind"]) for name, category in chain["categories"].items()}
    for number, element in enumerate(chain["elements"]):
        where, category = f"$.elements[{number}]", chain["categories"].get(element["category"])
        if category is None or category["kind"] != element["kind"] or category.get("excluded") is not None:
            continue
        if fault := _class_fault(category, element):
            yield f"{where}.class", fault
            continue
        activity = _element_activity(chain, element)
        if activity is None:
            continue
        of_class = element.get("class")
        for key, limit in (
            ((element["category"], None), limits[element["category"]]),
            ((element["category"], of_class), None if of_class is None else _class_limit(category, of_class)),
        ):
            if limit is None:
                continue
            done[key] = done.get(key, Fraction(0)) + activity
            if done[key] > limit * (1 + _ROUNDED):
                whose = "category" if key[1] is None else "class"
                what = "tonnes exceed the throughput" if element["kind"] == "hub" else "transport activity exceeds that"
                yield where, f"the shipment's {what} of the element's {whose}"
                break


def limit_of(part: Document, kind: str) -> Fraction | None:
    """What a category of this kind, or a class of it, did: tonne-kilometres, or the tonnes of a hub; None where it is
    not known."""
    if kind != "hub":
        return activity_tkm(part)
    tonnes = part.get(_THROUGHPUT)
    return None if tonnes is None else Fraction(tonnes)


def activity_tkm(category: Document) -> Fraction | None:
    """A transport category's activity: as stated, or that of all stops of its round; None where neither is known."""
    stated = category.get("transport_activity_tkm")
    if stated is not None:
        return Fraction(stated)
    stops = (category.get("round") or {}).get("stops") or ()
    moved = [(stop["distance"].get("km"), stop.get("mass_kg")) for stop in stops]
    if not moved or any(km is None or mass is None for km, mass in moved):
        return None
    return sum((Fraction(km) * Fraction(mass) for km, mass in moved), Fraction(0)) / _KG_PER_T


def _class_fault(category: Document, element: Document) -> str | None:
    """Why an element has no part of its own where its category has classes; or None."""
    classes = {each["name"]: each for each in category.get("classes") or ()}
    name = element.get("class")
    if not classes or (name is not None and name not in classes):
        return None
    if name is None:
        return "the category has classes, and the element names none"
    own = _THROUGHPUT if element["kind"] == "hub" else _ACTIVITY
    return f"the class that the element names states no {own}" if classes[name].get(own) is None else None


def _class_limit(category: Document, name: str) -> Fraction | None:
    named: Document = next((each for each in category.get("classes") or () if each["name"] == name), {})
    return limit_of(named, category["kind"])


def _element_activity(chain: Document, element: Document) -> Fraction | None:
    mass_t = Fraction(chain["shipment"]["mass_kg"]) / _KG_PER_T
    if element["kind"] == "hub":
        return mass_t
    km = (element.get("distance") or {}).get("km")
    return None if km is None else mass_t * Fraction(km)
