"""Transport activity inside one chain: classes share what their category did, and no element has more than it did.

Only read here are plain documents whose every field is of the right form (`h2verify.chain_form`); null and absent are
the same. Everything is exact: no tolerance.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

Document = Mapping[str, Any]
_KG_PER_T = 1000


def list_class_faults(category: Document) -> Iterator[str]:
    """Where the activities of a category's classes and its own contradict each other."""
    classes = category.get("classes") or ()
    stated = [each["transport_activity_tkm"] for each in classes if each.get("transport_activity_tkm") is not None]
    whole = activity_tkm(category)
    if not stated or whole is None:
        return
    parts = sum(map(Fraction, stated), Fraction(0))
    if parts > whole or (parts < whole and len(stated) == len(classes)):
        yield "the activities of the classes do not sum to the category's transport activity"


def list_element_faults(chain: Document) -> Iterator[tuple[str, str]]:
    """Elements outside every class of their category, or with more activity than their class or category had.

    Elements of one class, or of one category, count together: they are the same shipment, moved again.
    """
    done: dict[tuple[str, str | None], Fraction] = {}
    limits = {name: activity_tkm(category) for name, category in chain["categories"].items()}
    for number, element in enumerate(chain["elements"]):
        where, category = f"$.elements[{number}]", chain["categories"].get(element["category"])
        if category is None or category["kind"] != element["kind"]:
            continue
        if fault := _class_fault(category, element):
            yield f"{where}.class", fault
            continue
        activity = _element_tkm(chain, element)
        if activity is None:
            continue
        of_class = element.get("class")
        for key, limit in (
            ((element["category"], None), limits[element["category"]]),
            ((element["category"], of_class), None if of_class is None else _class_tkm(category, of_class)),
        ):
            if limit is None:
                continue
            done[key] = done.get(key, Fraction(0)) + activity
            if done[key] > limit:
                whose = "category" if key[1] is None else "class"
                yield where, f"the shipment's transport activity exceeds that of the element's {whose}"
                break


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
    if element["kind"] == "hub":
        return "the category has classes, and a hub element cannot name one"
    if name is None:
        return "the category has classes, and the element names none"
    if classes[name].get("transport_activity_tkm") is None:
        return "the class that the element names states no transport_activity_tkm"
    return None


def _class_tkm(category: Document, name: str) -> Fraction | None:
    stated = {each["name"]: each.get("transport_activity_tkm") for each in category.get("classes") or ()}.get(name)
    return None if stated is None else Fraction(stated)


def _element_tkm(chain: Document, element: Document) -> Fraction | None:
    km = (element.get("distance") or {}).get("km")
    return None if km is None else Fraction(chain["shipment"]["mass_kg"]) * Fraction(km) / _KG_PER_T
