"""Chains for tests, as plain documents that a test may change, and the way from a document to figures."""

import json
from typing import Any

from h2corridor.accounting.assessment import Assessment, assess_chain, assess_chain_partially
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.model.chain import TransportChain, decode_chain

METHODS = ("same-service-diesel@2025.1", "tailpipe-press@2025.1")

Document = dict[str, Any]


def freight_chain() -> Document:
    """The chain of the format's page: road, hub, rail, hub, road."""
    rule_set = get_rule_set("iso14083@2023.1")
    case: Document = json.loads(rule_set.files["cases/road-hub-rail-hub-road.json"])
    return dict(case["chain"])


def hydrogen_chain() -> Document:
    """A hydrogen truck with supply to the nozzle and a diesel comparison, and a hub with totals."""
    method = get_comparison("same-service-diesel@2025.1")
    case: Document = json.loads(method.files["cases/hydrogen-worse-than-diesel.json"])
    return dict(case["chain"])


def chain_of(categories: Document, elements: list[Document], *, mass_kg: str, **more: Any) -> Document:
    """A chain of these parts."""
    shipment = {"id": "S", "mass_kg": mass_kg}
    return {"format": "transport-chain/1", "shipment": shipment, "elements": elements, "categories": categories, **more}


def road(element_id: str, category: str, km: str) -> Document:
    """A road element."""
    distance = {"kind": "sfd", "km": km}
    return {"id": element_id, "kind": "transport", "mode": "road", "category": category, "distance": distance}


def totals(activity_tkm: str, *energy: Document, **more: Any) -> Document:
    """A transport category that states its totals."""
    head = {"kind": "transport", "data": "primary", "source": "test"}
    return {**head, "transport_activity_tkm": activity_tkm, "energy": list(energy), **more}


def hub_totals(throughput_t: str, *energy: Document, **more: Any) -> Document:
    """A hub category that states its totals."""
    return {
        "kind": "hub",
        "data": "primary",
        "source": "t",
        "throughput_t": throughput_t,
        "energy": list(energy),
        **more,
    }


def carrier(name: str, amount: str, unit: str, wtt: str, ttw: str) -> Document:
    """An energy entry with its own factors."""
    factors = {"wtt_kgco2e_per_unit": wtt, "ttw_kgco2e_per_unit": ttw}
    return {"carrier": name, "amount": amount, "unit": unit, **factors}


def decoded(document: Document) -> TransportChain:
    """The chain of a document."""
    return decode_chain(json.dumps(document).encode("utf-8"))


def assessed(document: Document, *methods: str) -> Assessment:
    """The figures of a document by the draft edition."""
    comparisons = [get_comparison(method) for method in methods]
    return assess_chain(decoded(document), get_rule_set("iso14083@2023.1"), comparisons=comparisons)


def partly_assessed(document: Document, *methods: str) -> Assessment:
    """The figures of a document as far as they can be computed."""
    comparisons = [get_comparison(method) for method in methods]
    return assess_chain_partially(decoded(document), get_rule_set("iso14083@2023.1"), comparisons=comparisons)
