"""Activity inside one chain: classes share what their category did, and a shipment may have more than that.

Transport has tonne-kilometres, a hub the tonnes that leave it. Totals over a period make an intensity, which is also
taken for shipments of another period; so more activity than a category had is said and not refused.

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
    """Elements that name a class of which nobody says what it did.

    One that names none has its part of the whole category.
    """
    for number, element in enumerate(chain["elements"]):
        category = chain["categories"].get(element["category"])
        if category is None or category["kind"] != element["kind"] or category.get("excluded") is not None:
            continue
        named = _class_of(category, element)
        own = _THROUGHPUT if element["kind"] == "hub" else _ACTIVITY
        if named is not None and named.get(own) is None:
            yield f"$.elements[{number}].class", f"the class that the element names states no {own}"


def list_beyond(chain: Document) -> list[str]:
    """The categories of which, or of a class of which, the shipment's elements together have more than was done."""
    done: dict[tuple[str, str | None], Fraction] = {}
    found: dict[str, None] = {}
    limits = {name: limit_of(category, category["kind"]) for name, category in chain["categories"].items()}
    for element in chain["elements"]:
        name, category = element["category"], chain["categories"][element["category"]]
        activity, named = _element_activity(chain, element), _class_of(category, element)
        if activity is None or category.get("excluded") is not None:
            continue
        of_class = None if named is None else limit_of(named, category["kind"])
        for key, limit in (((name, None), limits[name]), ((name, element.get("class")), of_class)):
            if limit is not None:
                done[key] = done.get(key, Fraction(0)) + activity
                if done[key] > limit * (1 + _ROUNDED):
                    found[name] = None
    return list(found)


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


def _class_of(category: Document, element: Document) -> Document | None:
    name = element.get("class")
    return None if name is None else next((c for c in category.get("classes") or () if c["name"] == name), None)


def _element_activity(chain: Document, element: Document) -> Fraction | None:
    mass_t = Fraction(chain["shipment"]["mass_kg"]) / _KG_PER_T
    if element["kind"] == "hub":
        return mass_t
    km = (element.get("distance") or {}).get("km")
    return None if km is None else mass_t * Fraction(km)
