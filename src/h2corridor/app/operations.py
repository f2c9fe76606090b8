"""The road operations of a trial under its trucks' own names, and the shares of trips that its report shows.

The arithmetic is `h2verify.chains.operations`; here VINs stand where records have `truck-<n>`.
"""

from collections.abc import Mapping, Sequence

from h2verify.activity import Outcome, allocate
from h2verify.activity.legs import transport_activity_g_m
from h2verify.chains.operations import Operation, TripHydrogen, operation_of, trip_hydrogen

from h2corridor.model.trial import Leg, TrialFacts

__all__ = ["Operation", "TripHydrogen", "road_operations", "trip_shares_mg", "truck_hydrogen", "truck_numbers"]


def truck_numbers(facts: TrialFacts) -> dict[str, int]:
    """Give the number of each truck by VIN: their text order, from 1."""
    return {vin: number for number, vin in enumerate(sorted({vehicle.vin for vehicle in facts.vehicles}), start=1)}


def road_operations(facts: TrialFacts, outcome: Outcome) -> tuple[Operation, ...]:
    """Give the operations of all trucks, in order of truck and time."""
    numbers = truck_numbers(facts)
    activity_g_m = _activity_g_m(facts)
    by_trip = {vin: truck_hydrogen(vin, outcome) for vin in numbers}
    return tuple(
        operation_of(
            each,
            truck_no=str(numbers[each.vin]),
            hydrogen=by_trip[each.vin],
            activity_g_m=activity_g_m,
            services=outcome.services,
        )
        for each in outcome.rounds
    )


def trip_shares_mg(operation: Operation, legs: Sequence[Leg]) -> dict[str, dict[str, int]]:
    """Share every trip's hydrogen over the round's consignments by transport activity; shares sum exactly to the trip.

    Returns
    -------
    consignment id to trip id to mass [mg]; empty where the activity of a leg is missing
    """
    owners: dict[str, int] = {}
    for leg in legs:
        if leg.leg_id in operation.activity_g_m:
            owners[leg.consignment_id] = owners.get(leg.consignment_id, 0) + operation.activity_g_m[leg.leg_id]
    if operation.legs_without_activity or not sum(owners.values()):
        return {}
    shares: dict[str, dict[str, int]] = {owner: {} for owner in owners}
    for trip_id, trip in operation.hydrogen.items():
        if trip.mass_mg is not None:
            for owner, part in zip(owners, allocate(trip.mass_mg, list(owners.values())), strict=True):
                shares[owner][trip_id] = part
    return shares


def truck_hydrogen(vin: str, outcome: Outcome) -> dict[str, TripHydrogen]:
    """Give a truck's hydrogen by trip."""
    return trip_hydrogen(
        [trip for trip in outcome.trips if trip["vin"] == vin],
        [entry.span for entry in outcome.sums if entry.span.vin == vin],
        [entry for entry in outcome.hydrogen if entry.span.vin == vin],
    )


def _activity_g_m(facts: TrialFacts) -> Mapping[str, int]:
    """The transport activity of every leg whose mass and distance are known [g m]."""
    masses = {consignment.consignment_id: consignment.mass_g for consignment in facts.consignments}
    return {
        leg.leg_id: transport_activity_g_m(masses[leg.consignment_id], leg.transport_distance_m)
        for leg in facts.legs
        if leg.transport_distance_m is not None and leg.consignment_id in masses
    }
