"""A transport chain with every kind of part, as a plain document that a test may change."""

from typing import Any

Document = dict[str, Any]


def transport(element_id: str, category: str, km: str, mode: str = "road") -> Document:
    """A transport element over a shortest feasible distance."""
    distance = {"kind": "sfd", "km": km, "source": "map"}
    return {"id": element_id, "kind": "transport", "mode": mode, "category": category, "distance": distance}


def stop(stop_id: str, km: str) -> Document:
    """A stop of a round."""
    return {"id": stop_id, "distance": {"kind": "sfd", "km": km}, "mass_kg": "25000"}


def _per_km(side: str) -> Document:
    return {f"{side}_{part}_kgco2e_per_km": "0.1" for part in ("vehicle", "tyres", "upkeep")}


def _truck() -> Document:
    supply = {
        "batch": "B",
        "station": "S",
        "gate_kgco2e_per_kg": "-0.5",
        "delivered_kg": "200",
        "trailer_diesel_l": "100",
        "trailer_compression_kwh": "40",
        "trailer_grid_region": "Town",
        "station_dispensed_kg": "100",
        "station_vented_kg": "1",
        "station_electricity_kwh": "300",
        "station_grid_region": "Land",
        "station_contract": {
            "instrument": "certificate",
            "kgco2e_per_kwh": "0",
            "source": "register",
            "valid_from": "2026-01-01",
            "valid_until": "2026-12-31",
        },
        "refs": ["stock#1"],
    }
    return {
        "kind": "transport",
        "data": "primary",
        "source": "telemetry",
        "transport_activity_tkm": "10000",
        "refs": ["legs#1"],
        "energy": [
            {"carrier": "hydrogen", "amount": "100.0", "unit": "kg", "supply": supply},
            {"carrier": "hydrogen", "amount": "2", "unit": "kg", "origin": "unknown", "refs": ["fills#9"]},
        ],
        "comparison": {
            "diesel_l_per_100km": "38.2",
            "source": "fuel book",
            "date": "2025-06-15",
            "kind": "comparable_vehicle",
            "method": "tank to tank",
            "payload_t": "20",
            "profile": "motorway",
            "baseline_distance_km": "500",
            "transport_activity_tkm": "10000",
            "project_distance_km": "540",
            "improvement_pct_per_year": "1",
            "life_cycle": {"source": "study", **_per_km("baseline"), **_per_km("project")},
            "platform": {"source": "bill", "kgco2e": "50", "transport_activity_tkm": "100000"},
            "leakage": {"source": "meter", "leaked_kg": "2", "gwp_kgco2e_per_kg": "11"},
        },
    }


def _van() -> Document:
    peers = {
        "kind": "peer_fleet",
        "peer_diesel_l": "300",
        "peer_distance_km": "800",
        "peer_transport_activity_tkm": "10000",
        "peer_vehicles": "12",
        "period": {"from": "2025-01-01", "until": "2025-12-31"},
        "platform": {"kgco2e_per_tkm": "0.001"},
    }
    return {
        "kind": "transport",
        "data": "modelled",
        "source": "own",
        "energy": [{"carrier": "diesel", "amount": "4.50", "unit": "l"}],
        "refrigerants": [{"name": "R-452A", "refilled_kg": "0.1", "gwp100": "2292"}],
        "round": {"stops": [stop("s 1", "10"), stop("s/2", "20")]},
        "comparison": peers,
    }


def _ferry() -> Document:
    return {
        "kind": "transport",
        "data": "modelled",
        "source": "own",
        "transport_activity_tkm": "1000",
        "energy": [
            {"carrier": "gas", "amount": "9", "unit": "m3", "wtt_kgco2e_per_unit": "0.3", "ttw_kgco2e_per_unit": "2"}
        ],
        "classes": [
            {"name": "car", "quantity": "30", "equivalent": "2", "transport_activity_tkm": "300"},
            {"name": "bus", "quantity": "1", "equivalent": "5"},
        ],
    }


def a_chain() -> Document:
    """Two roads with hydrogen, a railway, a round, a ferry with classes, a flight, a hub and a hub that is left out."""
    rail = {"per": "tkm", "wtw_kgco2e": "0.018", "ttw_kgco2e": "0"}
    given = {"kind": "transport", "data": "default", "source": "operator"}
    limit = {"kind": "regulatory_limit", "limit_l_per_100km": "30", "standard": "a rule"}
    contract = {
        "instrument": "ppa",
        "kgco2e_per_kwh": "0.05",
        "source": "agreement 7",
        "valid_from": "2026-01-01",
        "valid_until": "2026-12-31",
        "refs": ["contracts#7"],
    }
    power = {"carrier": "electricity", "amount": "5000", "unit": "kWh", "grid_region": "Town", "contract": contract}
    heat = {"carrier": "gas", "amount": "7", "unit": "m3", "wtt_kgco2e_per_unit": "0.3", "ttw_kgco2e_per_unit": "2"}
    hub = {"kind": "hub", "data": "default", "source": "hub", "throughput_t": "1000", "energy": [power, heat]}
    hub |= {"justification": "no meter of its own", "operations": "all halls"}
    hub["classes"] = [
        {"name": "frozen", "quantity": "400", "equivalent": "3", "throughput_t": "400"},
        {"name": "dry", "quantity": "600", "equivalent": "1"},
    ]
    hub["period"] = {"from": "2025-01-01", "until": "2025-12-31"}
    flown = {"per": "actual_tkm", "wtw_kgco2e": "0.6", "ttw_kgco2e": "0.5"}
    air = {"kind": "transport", "data": "default", "source": "list", "intensity": flown, "distance_adjustment_km": "95"}
    left_out = {"kind": "hub", "data": "default", "source": "hub", "excluded": "no data"}
    return {
        "format": "transport-chain/1",
        "activity_date": "2026-03-02",
        "uncertainty": {"half_width_kgco2e": "5", "source": "own"},
        "shipment": {"id": "C", "mass_kg": "10400.50", "refs": ["consignments#1"]},
        "elements": [
            transport("road 1", "truck", "250"),
            {"id": "hub", "kind": "hub", "category": "hub", "class": "frozen"},
            transport("road 2", "truck", "80"),
            transport("rail", "rail", "640", "rail"),
            {"id": "yard", "kind": "hub", "category": "yard"},
            transport("last", "van", "20"),
            {**transport("crossing", "ferry", "20", "sea"), "class": "car"},
            transport("flight", "air", "905", "air"),
        ],
        "categories": {
            "truck": _truck(),
            "rail": {**given, "intensity": rail, "comparison": limit},
            "van": _van(),
            "ferry": _ferry(),
            "air": air,
            "hub": hub,
            "yard": left_out,
        },
    }
