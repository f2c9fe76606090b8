"""Classes share what their category did; a shipment that has more than that is said, since totals make an intensity."""

import json
from typing import Any

import pytest
from h2verify.chain_activities import list_beyond
from h2verify.chain_form import verify_chain_form
from h2verify.errors import BundleError

from h2corridor.model.chain import decode_chain
from h2corridor.model.errors import InputError

Document = dict[str, Any]


def chain(
    *classes: tuple[str, str | None], activity: str | None = "100", of_class: str | None = "cold", km: str = "1"
) -> Document:
    """Ten tonnes in a category of these classes with these activities."""
    each = [
        {"name": name, "quantity": "1", "equivalent": "1", **({} if tkm is None else {"transport_activity_tkm": tkm})}
        for name, tkm in classes
    ]
    energy = {"carrier": "diesel", "amount": "5", "unit": "l"}
    truck = {"kind": "transport", "data": "primary", "source": "own", "energy": [energy], "classes": each}
    if activity is not None:
        truck["transport_activity_tkm"] = activity
    element = {"id": "E", "kind": "transport", "mode": "road", "category": "truck", "distance": {"kind": "sfd"}}
    element["distance"] = {"kind": "sfd", "km": km}
    if of_class is not None:
        element["class"] = of_class
    return {
        "format": "transport-chain/1",
        "activity_date": "2024-06-01",
        "shipment": {"id": "S", "mass_kg": "10000"},
        "elements": [element],
        "categories": {"truck": truck},
    }


def of_round(*masses_kg: str, km: str, activity: str | None = None) -> Document:
    """Ten tonnes in a round with stops ten kilometres away."""
    stops = [
        {"id": str(number), "distance": {"kind": "sfd", "km": "10"}, "mass_kg": mass}
        for number, mass in enumerate(masses_kg)
    ]
    found = chain(activity=activity, of_class=None, km=km)
    found["categories"]["truck"]["round"] = {"stops": stops}
    return found


def twice(document: Document) -> Document:
    """The same with its element once more."""
    return {**document, "elements": [*document["elements"], {**document["elements"][0], "id": "F"}]}


def hub(*classes: tuple[str, str | None], of_class: str | None = "cold", throughput: str = "100") -> Document:
    """Ten tonnes through a hub of these classes with these throughputs."""
    document = chain(*classes)
    category = {**document["categories"]["truck"], "kind": "hub", "throughput_t": throughput}
    del category["transport_activity_tkm"]
    for each in category["classes"]:
        if "transport_activity_tkm" in each:
            each["throughput_t"] = each.pop("transport_activity_tkm")
    element = {"id": "E", "kind": "hub", "category": "hub", **({} if of_class is None else {"class": of_class})}
    return {**document, "elements": [element], "categories": {"hub": category}}


def of_the_other_kind(document: Document, stated: str) -> Document:
    """The same with a class that states this too, which classes of its kind do not have."""
    found: Document = json.loads(json.dumps(document))
    next(iter(found["categories"].values()))["classes"][0][stated] = "1"
    return found


BOTH = (("cold", "40"), ("dry", "60"))


@pytest.mark.parametrize(
    ("document", "where", "fault"),
    [
        (chain(("cold", None), ("dry", "60")), "$.elements[0].class", "states no transport_activity_tkm"),
        (hub(("cold", None)), "$.elements[0].class", "states no throughput_t"),
        (hub(("cold", "40"), ("dry", "59")), "classes", "do not sum"),
        (of_the_other_kind(hub(*BOTH), "transport_activity_tkm"), "classes", "has no meaning for a class of hub"),
        (of_the_other_kind(chain(*BOTH), "throughput_t"), "classes", "has no meaning for a class of transport"),
        (chain(("cold", "40"), ("dry", "59.499999999999999999")), "classes", "do not sum"),
        (chain(("cold", "40"), ("dry", "60.500000000000000001")), "classes", "do not sum"),
        (chain(("cold", "101"), ("dry", None)), "classes", "do not sum"),
    ],
)
def test_an_impossible_activity_is_refused_by_maker_and_verifier(document: Document, where: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        decode_chain(json.dumps(document).encode())
    with pytest.raises(BundleError) as checked:
        verify_chain_form(document)

    assert ("chain.meaning", True, True) == (
        caught.value.code,
        where in str(caught.value.where),
        fault in str(caught.value),
    )
    assert "ISO 14083, clause unseen" in caught.value.message
    assert fault in str(checked.value)


@pytest.mark.parametrize(
    "document",
    [
        chain(*BOTH, km="4"),
        hub(*BOTH),
        hub(("cold", "10"), ("dry", "90")),
        hub(of_class=None, throughput="10"),
        twice(chain(*BOTH, km="2")),
        chain(("cold", "40.0"), ("dry", "60.00"), km="4"),
        chain(("cold", "40"), ("dry", "60.5"), km="4.02"),
        chain(("cold", "39.5"), ("dry", "60"), km="3.9"),
        chain(of_class=None, km="10.05"),
        chain(("cold", "40"), ("passengers", None), km="4"),
        chain(of_class=None, km="10"),
        of_round("1000", "1000", km="2"),
        of_round("1000", km="5", activity="50"),
        chain(*BOTH, of_class=None),
        hub(*BOTH, of_class=None),
        chain(of_class=None, km="500"),
    ],
)
def test_a_chain_whose_classes_and_category_agree_is_taken_by_both(document: Document) -> None:
    verify_chain_form(document)

    assert "S" == decode_chain(json.dumps(document).encode()).shipment.id


@pytest.mark.parametrize(
    ("document", "beyond"),
    [
        (chain(*BOTH, km="4.02"), []),
        (chain(*BOTH, km="4.020000000000000001"), ["truck"]),
        (twice(chain(*BOTH, km="2.1")), ["truck"]),
        (chain(of_class=None, km="10.05"), []),
        (chain(of_class=None, km="10.050000000000000001"), ["truck"]),
        (twice(chain(of_class=None, km="6")), ["truck"]),
        (of_round("1000", "1000", km="2.1"), ["truck"]),
        (of_round("1000", km="6", activity="50"), ["truck"]),
        (hub(("cold", "9"), ("dry", "91")), ["hub"]),
        (hub(of_class=None, throughput="9.9"), ["hub"]),
        (hub(of_class=None, throughput="10"), []),
    ],
)
def test_a_shipment_with_more_than_the_whole_operation_did_is_told(document: Document, beyond: list[str]) -> None:
    verify_chain_form(document)

    assert beyond == list_beyond(document)
