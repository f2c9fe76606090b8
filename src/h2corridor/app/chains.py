"""A trial's consignments as transport chains: from here on a trial and `assess` go the same way.

Every round of a truck is one road operation category: all its hydrogen, empty and positioning runs included, over
all the transport activity it served. Names of categories carry no vehicle identity.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from h2verify.activity import Outcome

from h2corridor.accounting.baseline import Distances, baseline_distance_mm, known_distances
from h2corridor.app.hubs import HubWriter
from h2corridor.app.operations import Operation, road_operations
from h2corridor.app.supplies import HydrogenSupplies
from h2corridor.app.texts import decimal_text, local_day, optional_text
from h2corridor.model.chain import (
    DieselComparison,
    Distance,
    HubCategory,
    HubElement,
    Shipment,
    TransportCategory,
    TransportChain,
    TransportElement,
    TransportIntensity,
)
from h2corridor.model.trial import Consignment, Leg, TrialFacts, Vehicle

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialChains:
    """Chains by consignment, what each does not cover (zh, en), and the operations they rest on."""

    chains: Mapping[str, TransportChain]
    not_covered: Mapping[str, tuple[tuple[str, str], ...]]
    operations: Sequence[Operation]

    def find_operation(self, leg: Leg) -> Operation | None:
        """The operation that served a leg."""
        return next((each for each in self.operations if leg.leg_id in each.round.leg_ids), None)

    def loaded_trips(self) -> frozenset[str]:
        """The trips that served a leg."""
        return frozenset(trip_id for each in self.operations for trip_id in each.loaded)


def references_of(chain: Any) -> list[str]:
    """Give every `FILE#ROW` that a chain names, wherever it stands.

    Parameters
    ----------
    chain : a chain, or its document
    """
    return _references(msgspec.to_builtins(chain))


def trip_chain(trip: Row, origins: Mapping[str, int], facts: TrialFacts) -> TransportChain:
    """Write one trip as a chain of its own, so that its emissions come from the very same rules: one tonne over one
    kilometre carries all of its hydrogen."""
    category = TransportCategory(
        data="primary",
        source="telemetry, station meters and tank readings of the trial",
        energy=HydrogenSupplies(facts).energies(origins),
        transport_activity_tkm="1",
    )
    element = TransportElement(id="T1", mode="road", category="trip", distance=Distance(kind="sfd", km="1"))
    return TransportChain(
        format="transport-chain/1",
        shipment=Shipment(id=trip["trip_id"], mass_kg="1000"),
        elements=(element,),
        categories={"trip": category},
        activity_date=local_day(trip["started_at_s"] * 1000, facts.trial),
    )


def trial_chains(facts: TrialFacts, outcome: Outcome) -> TrialChains:
    """Write every consignment that has legs as a transport chain."""
    operations = road_operations(facts, outcome)
    supplies = HydrogenSupplies(facts)
    distances = known_distances(facts, outcome.trips)
    categories = {each.category: _truck_category(each, facts, supplies, distances) for each in operations}
    by_leg = {leg_id: each for each in operations for leg_id in each.round.leg_ids}
    chains: dict[str, TransportChain] = {}
    not_covered: dict[str, tuple[tuple[str, str], ...]] = {}
    for consignment in facts.consignments:
        legs = sorted(
            (leg for leg in facts.legs if leg.consignment_id == consignment.consignment_id),
            key=lambda leg: leg.sequence,
        )
        if legs:
            chain, notes = _chain(consignment, legs, facts, categories, by_leg)
            chains[consignment.consignment_id], not_covered[consignment.consignment_id] = chain, notes
    return TrialChains(chains=chains, not_covered=not_covered, operations=operations)


def _chain(
    consignment: Consignment,
    legs: Sequence[Leg],
    facts: TrialFacts,
    trucks: Mapping[str, TransportCategory],
    by_leg: Mapping[str, Operation],
) -> tuple[TransportChain, tuple[tuple[str, str], ...]]:
    elements: list[TransportElement | HubElement] = []
    categories: dict[str, TransportCategory | HubCategory] = {}
    notes: list[tuple[str, str]] = []
    hubs = HubWriter(facts)
    hubs.pass_through(legs[0].origin_site, legs[0].departed_at_ms, elements, categories)
    for leg in legs:
        operation = by_leg.get(leg.leg_id)
        name = operation.category if operation else f"leg-{leg.leg_id}"
        categories[name] = trucks[operation.category] if operation else _other_category(leg)
        elements.append(_element(leg, name))
        notes += _leg_notes(leg, operation)
        hubs.pass_through(leg.destination_site, leg.arrived_at_ms, elements, categories)
    chain = TransportChain(
        format="transport-chain/1",
        shipment=Shipment(
            id=consignment.consignment_id,
            mass_kg=decimal_text(consignment.mass_g, 3),
            refs=(f"consignments.csv#{consignment.row}",),
        ),
        elements=tuple(elements),
        categories=categories,
        activity_date=local_day(legs[0].departed_at_ms, facts.trial),
    )
    return chain, tuple(dict.fromkeys([*notes, *hubs.notes]))


def _element(leg: Leg, category: str) -> TransportElement:
    kind: Literal["sfd", "gcd"] = "gcd" if leg.distance_kind == "gcd" else "sfd"
    km = None if leg.transport_distance_m is None else decimal_text(leg.transport_distance_m, 3)
    return TransportElement(
        id=leg.leg_id,
        mode=leg.mode,  # type: ignore[arg-type]  # intake refuses other modes
        category=category,
        distance=Distance(kind=kind, km=km, source=leg.distance_source or ""),
        refs=(f"legs.csv#{leg.row}",),
    )


def _leg_notes(leg: Leg, operation: Operation | None) -> list[tuple[str, str]]:
    notes = []
    if leg.distance_kind is None:
        notes.append(
            (
                f"运段 {leg.leg_id} 未说明运输距离的种类，按最短可行距离读取",
                f"leg {leg.leg_id} does not say what kind of transport distance it gives; read as shortest feasible",
            )
        )
    if operation is not None and not operation.round.closed:
        notes.append(
            (
                f"空驶未全部涵盖：数据中没有运段 {leg.leg_id} 车辆的完整往返",
                f"empty running not covered: the truck of leg {leg.leg_id} has no complete round trip in the data",
            )
        )
    return notes


def _other_category(leg: Leg) -> TransportCategory:
    method = leg.intensity_method
    return TransportCategory(
        data="modelled" if method else "default",
        source=method or "intensity supplied by the carrier, method not stated",
        intensity=TransportIntensity(
            per="tkm",
            wtw_kgco2e=optional_text(leg.intensity_wtw_kgco2e_per_tkm),
            ttw_kgco2e=optional_text(leg.intensity_ttw_kgco2e_per_tkm),
        ),
        refs=(f"legs.csv#{leg.row}",),
    )


def _truck_category(
    operation: Operation, facts: TrialFacts, supplies: HydrogenSupplies, distances: Distances
) -> TransportCategory:
    vehicle = next(vehicle for vehicle in facts.vehicles if vehicle.vin == operation.vin)
    refs = (
        f"vehicles.csv#{vehicle.row}",
        *(f"tank_opening.csv#{each.row}" for each in facts.tank_openings if each.vin == operation.vin),
        *(f"refuellings.csv#{each.row}" for each in facts.refuellings if each.vin == operation.vin),
        *_shared_rows(operation, facts),
    )
    if not operation.computable:
        return TransportCategory(
            data="primary",
            source="the hydrogen or the transport activity of this round could not be computed",
            intensity=TransportIntensity(per="tkm"),
            refs=refs,
        )
    activity = decimal_text(sum(operation.activity_g_m.values()), 9)
    return TransportCategory(
        data="primary",
        source="telemetry, station meters and tank readings of the trial",
        energy=supplies.energies(operation.by_origin_mg()),
        transport_activity_tkm=activity,
        comparison=_comparison(operation, vehicle, activity, distances),
        refs=refs,
    )


def _shared_rows(operation: Operation, facts: TrialFacts) -> list[str]:
    """Name the rows whose mass and distance make the transport activity that a round is shared by."""
    legs = [leg for leg in facts.legs if leg.leg_id in operation.activity_g_m]
    owners = {leg.consignment_id for leg in legs}
    return [
        *(f"legs.csv#{leg.row}" for leg in legs),
        *(f"consignments.csv#{each.row}" for each in facts.consignments if each.consignment_id in owners),
    ]


def _comparison(operation: Operation, vehicle: Vehicle, activity: str, distances: Distances) -> DieselComparison:
    distance = baseline_distance_mm(operation.round.trips, operation.loaded, distances)
    date = vehicle.comparable_diesel_date
    return DieselComparison(
        diesel_l_per_100km=optional_text(vehicle.comparable_diesel_l_per_100km),
        source=vehicle.comparable_diesel_source,
        date=datetime.date.fromisoformat(date) if date else None,
        baseline_distance_km=None if distance is None else decimal_text(distance, 6),
        transport_activity_tkm=activity,
    )


def _references(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        own = [str(each) for each in value.get("refs", ())]
        return own + [found for key, part in value.items() if key != "refs" for found in _references(part)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [found for part in value for found in _references(part)]
    return []
