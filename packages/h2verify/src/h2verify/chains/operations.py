"""The road operations of a truck: its rounds with their trips, hydrogen by origin and the activity they served.

A round is one road operation category: all its hydrogen, empty and positioning runs included, over all the transport
activity it served.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity.legs import LegService
from h2verify.activity.rounds import Round
from h2verify.activity.values import Span, SpanHydrogen

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


def operation_of(
    made: Round,
    *,
    truck_no: str,
    hydrogen: Mapping[str, TripHydrogen],
    activity_g_m: Mapping[str, int],
    services: Sequence[LegService],
) -> Operation:
    """Give the operation of a round.

    Parameters
    ----------
    made : the round
    truck_no : the truck's number among all trucks in order of VIN, from 1
    hydrogen : by trip id, at least of the round's trips
    activity_g_m : by leg id, for legs whose mass and distance are known [g m]
    services : which trips served which leg, at least of the round's legs
    """
    served = {service.leg.leg_id: service.trip_ids for service in services}
    return Operation(
        category=f"hydrogen-truck-{truck_no}-round-{made.round_no}",
        round=made,
        hydrogen={trip["trip_id"]: hydrogen[trip["trip_id"]] for trip in made.trips},
        activity_g_m={leg_id: activity_g_m[leg_id] for leg_id in made.leg_ids if leg_id in activity_g_m},
        loaded=frozenset(trip_id for leg_id in made.leg_ids for trip_id in served[leg_id]),
    )


def trip_hydrogen(
    trips: Sequence[Row], spans: Sequence[Span], hydrogen: Sequence[SpanHydrogen]
) -> dict[str, TripHydrogen]:
    """Give one truck's hydrogen by trip; a trip with a stretch that has no figure has none.

    Parameters
    ----------
    trips : the truck's rows of the `trips` table
    spans : the truck's spans, in order
    hydrogen : the truck's spans that have a figure
    """
    segments = {trip["segment_no"]: trip["trip_id"] for trip in trips}
    figures = {entry.span.span_no: entry for entry in hydrogen}
    masses: dict[str, int | None] = dict.fromkeys(segments.values(), 0)
    origins: dict[str, dict[str, int]] = {trip_id: {} for trip_id in masses}
    for span in spans:
        trip_id = find_trip(span.segment_no, segments)
        if trip_id is None:
            continue
        figure, so_far = figures.get(span.span_no), masses[trip_id]
        masses[trip_id] = None if figure is None or so_far is None else so_far + figure.used_mg
        for origin, mass in figure.by_origin if figure else ():
            origins[trip_id][origin] = origins[trip_id].get(origin, 0) + mass
    return {trip_id: TripHydrogen(mass_mg=masses[trip_id], by_origin=origins[trip_id]) for trip_id in masses}


def find_trip(segment_no: int, segments: Mapping[int, str]) -> str | None:
    """Find the trip that a segment's hydrogen belongs to; what was used while a truck never moved belongs to the trip
    before it, or to the first one.

    Parameters
    ----------
    segment_no : the segment
    segments : one truck's trips by their segment
    """
    before = [number for number in segments if number <= segment_no]
    number = max(before) if before else min(segments, default=None)
    return None if number is None else segments[number]
