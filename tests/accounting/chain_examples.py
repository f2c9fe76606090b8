"""Chains for tests, as plain documents that a test may change, and the way from a document to figures."""

import json
from typing import Any

from factor_examples import entry, pack

from h2corridor.accounting.assessment import Assessment, assess_chain, assess_chain_partially
from h2corridor.accounting.kernel import Edition
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


def named_chain() -> Document:
    """Factors by name and grid regions by level, everywhere a chain may have them; the edition is `named_edition`."""
    supply = {
        "batch": "B",
        "station": "S",
        "gate_kgco2e_per_kg": "2.5",
        "delivered_kg": "300",
        "trailer_diesel_l": "20",
        "trailer_compression_kwh": "90",
        "trailer_grid_region": "Guizhou",
        "trailer_grid_level": "provincial",
        "station_dispensed_kg": "290",
        "station_vented_kg": "1",
        "station_electricity_kwh": "800",
        "station_grid_region": "Chongqing",
        "station_grid_level": "regional",
    }
    direct = {"factor_boundary": "direct", "grid_level": "national"}
    power = {"carrier": "electricity", "amount": "40", "unit": "kWh"}
    truck = totals(
        "1000",
        {"carrier": "fuel", "amount": "100", "unit": "l", "factor": "hvo"},
        {**power, "grid_region": "Chongqing", **direct},
        {**power, "grid_region": "Guizhou", "factor": "electricity_residual", **direct},
        {"carrier": "hydrogen", "amount": "8", "unit": "kg", "supply": supply, "factor_boundary": "direct"},
        {"carrier": "hydrogen", "amount": "2", "unit": "kg", "factor": "own_hydrogen"},
        refrigerants=[{"name": "R-452A", "refilled_kg": "0.1", "factor": "r_452a"}],
    )
    given = {"data": "default", "source": "own"}
    rail = {"kind": "transport", **given, "intensity": {"per": "tkm", "factor": "own_rail"}}
    driven = {"intensity": {"per": "actual_tkm", "factor": "own_truck"}, "distance_adjustment_factor": "1.05"}
    hub = {"kind": "hub", **given, "intensity": {"per": "t", "factor": "own_terminal"}}
    elements = [
        road("first", "truck", "50"),
        {"id": "hub", "kind": "hub", "category": "terminal"},
        {**road("rail", "rail", "400"), "mode": "rail"},
        road("last", "driven", "20"),
    ]
    categories = {"truck": truck, "rail": rail, "terminal": hub, "driven": {"kind": "transport", **given, **driven}}
    return chain_of(categories, elements, mass_kg="5000", activity_date="2024-06-01")


def named_edition() -> Edition:
    """The draft edition with one more factor file in its folder, of invented values."""
    sound = get_rule_set("iso14083@2023.1")
    entries = [
        entry(
            f"own_{name}_{leg}_kgco2e_per_{per}", value, unit=f"kgCO2e/{per.removeprefix('actual_')}", boundary=boundary
        )
        for name, per, values in (
            ("rail", "tkm", ("0.02", "0.001")),
            ("truck", "actual_tkm", ("0.1", "0.08")),
            ("terminal", "t", ("1.2", "0.4")),
        )
        for leg, value, boundary in zip(("wtw", "ttw"), values, ("life_cycle", "direct"), strict=True)
    ]
    entries.append(entry("own_hydrogen_wtt_kgco2e_per_kg", "3", unit="kgCO2e/kg"))
    entries.append(entry("own_hydrogen_ttw_kgco2e_per_kg", "0", unit="kgCO2e/kg", boundary="direct"))
    files = {**sound.files, "factors_own_factors.toml": pack(*entries)}
    return Edition(files=files, rules=sound.rules, about="named")


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
