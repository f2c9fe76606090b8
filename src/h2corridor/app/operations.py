"""The road operations of a trial: rounds of one truck with their trips, hydrogen by origin and the transport activity
they served.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity import Outcome, allocate
from h2verify.activity.legs import transport_activity_g_m
from h2verify.activity.rounds import Round

from h2corridor.model.trial import Leg, TrialFacts

Row = dict[str, Any]
Origins = Mapping[str, int]
"""Mass [mg] by origin; the empty string is unknown origin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TripHydrogen:
    """A trip's hydrogen by origin; `mass_mg` is None where it could not be computed."""

    mass_mg: int | None
    by_origin: Origins


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One round of one truck: a road operation category of the trial.

    `activity_g_m` by leg id; `category` carries no vehicle identity.
    """

    category: str
    round: Round
    hydrogen: Mapping[str, TripHydrogen]
    activity_g_m: Mapping[str, int]
    loaded: frozenset[str]

    @property
    def vin(self) -> str:
        """The truck."""
        return self.round.vin

    @property
    def words(self) -> tuple[str, str]:
        """What the operator calls it, in zh and en."""
        return f"{self.vin} 第 {self.round.round_no} 趟往返", f"round {self.round.round_no} of {self.vin}"

    @property
    def computable(self) -> bool:
        """Whether all trips have their hydrogen, some was used, and all legs their transport activity."""
        masses = [trip.mass_mg for trip in self.hydrogen.values()]
        activity_g_m = 0 if self.legs_without_activity else sum(self.activity_g_m.values())
        return None not in masses and any(masses) and activity_g_m > 0

    @property
    def legs_without_activity(self) -> tuple[str, ...]:
        """Legs it served whose mass or transport distance is missing: by the others alone nothing can be shared."""
        return tuple(leg_id for leg_id in self.round.leg_ids if leg_id not in self.activity_g_m)

    def by_origin_mg(self) -> dict[str, int]:
        """The hydrogen of all trips by origin [mg]."""
        total: dict[str, int] = {}
        for trip in self.hydrogen.values():
            for origin, mass in trip.by_origin.items():
                total[origin] = total.get(origin, 0) + mass
        return dict(sorted(total.items()))


def road_operations(facts: TrialFacts, outcome: Outcome) -> tuple[Operation, ...]:
    """Give the operations of all trucks, in order of truck and time."""
    numbers = {vin: number for number, vin in enumerate(sorted({vehicle.vin for vehicle in facts.vehicles}), start=1)}
    masses = {consignment.consignment_id: consignment.mass_g for consignment in facts.consignments}
    legs = {leg.leg_id: leg for leg in facts.legs}
    served = {service.leg.leg_id: service.trip_ids for service in outcome.services}
    by_trip = {vin: trip_hydrogen(vin, outcome) for vin in numbers}
    return tuple(
        Operation(
            category=f"hydrogen-truck-{numbers[each.vin]}-round-{each.round_no}",
            round=each,
            hydrogen={trip["trip_id"]: by_trip[each.vin][trip["trip_id"]] for trip in each.trips},
            activity_g_m={
                leg_id: activity for leg_id in each.leg_ids if (activity := _activity(legs[leg_id], masses)) is not None
            },
            loaded=frozenset(trip_id for leg_id in each.leg_ids for trip_id in served[leg_id]),
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


def trip_hydrogen(vin: str, outcome: Outcome) -> dict[str, TripHydrogen]:
    """Give a truck's hydrogen by trip; a trip with a stretch that has no figure has none."""
    segments = {trip["segment_no"]: trip["trip_id"] for trip in outcome.trips if trip["vin"] == vin}
    figures = {entry.span.span_no: entry for entry in outcome.hydrogen if entry.span.vin == vin}
    masses: dict[str, int | None] = dict.fromkeys(segments.values(), 0)
    origins: dict[str, dict[str, int]] = {trip_id: {} for trip_id in masses}
    for span in (entry.span for entry in outcome.sums if entry.span.vin == vin):
        trip_id = segments.get(span.segment_no) or _nearest_trip(span.segment_no, segments)
        if trip_id is None:
            continue
        figure, so_far = figures.get(span.span_no), masses[trip_id]
        masses[trip_id] = None if figure is None or so_far is None else so_far + figure.used_mg
        for origin, mass in figure.by_origin if figure else ():
            origins[trip_id][origin] = origins[trip_id].get(origin, 0) + mass
    return {trip_id: TripHydrogen(mass_mg=masses[trip_id], by_origin=origins[trip_id]) for trip_id in masses}


def _activity(leg: Leg, masses: Mapping[str, int]) -> int | None:
    if leg.transport_distance_m is None or leg.consignment_id not in masses:
        return None
    return transport_activity_g_m(masses[leg.consignment_id], leg.transport_distance_m)


def _nearest_trip(segment_no: int, segments: Mapping[int, str]) -> str | None:
    """Hydrogen used while a truck never moved belongs to the trip before it, or to the first one."""
    before = [number for number in segments if number < segment_no]
    number = max(before) if before else min(segments, default=None)
    return None if number is None else segments[number]
