"""Which trips served a leg, and how much transport activity that was.

A leg is served when its truck stood within one kilometre of the leg's origin about its departure and of its destination
about its arrival; the trips between the two standings served it. A standing without a valid position is believed by its
time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity.standings import LONG_SILENCE_S
from h2verify.activity.stands import ABOUT_A_SITE_E6, LEG_SLACK_S, SITE_RADIUS_MM
from h2verify.activity.values import RoadLeg, SitePlace, Stand
from h2verify.geodesy import great_circle_mm

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegService:
    """The trips that served a leg; none, and `fault` says why: `no-data`, `elsewhere-at-departure`,
    `elsewhere-at-arrival`, `not-moving`.
    """

    leg: RoadLeg
    trip_ids: tuple[str, ...]
    fault: str | None


def serve_legs(
    legs: Sequence[RoadLeg],
    trips: Sequence[Row],
    stands: Sequence[Stand],
    sites: Sequence[SitePlace],
    silences: Sequence[Row] = (),
) -> list[LegService]:
    """Find the trips of every leg, in the order of the legs.

    Parameters
    ----------
    legs : road legs of registered trucks
    trips : rows of the `trips` table
    stands : the trip-ending stands
    sites : all sites
    silences : rows of the `silences` table; what falls into a long one is not known to be elsewhere
    """
    places = {site.site_id: site for site in sites}
    return [
        _serve(
            leg,
            [trip for trip in trips if trip["vin"] == leg.vin],
            sorted((stand for stand in stands if stand.vin == leg.vin), key=lambda stand: stand.split_at_s),
            _Knowledge(places=places, silences=[row for row in silences if row["vin"] == leg.vin and _is_long(row)]),
        )
        for leg in legs
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Knowledge:
    places: Mapping[str, SitePlace]
    silences: Sequence[Row]

    def saw(self, trips: Sequence[Row], stands: Sequence[Stand], at_s: int) -> bool:
        """Whether the truck's data say where it was at an instant: not before or after them, unless it stands there."""
        begun, ended = trips[0]["started_at_s"], trips[-1]["ended_at_s"]
        begun -= LEG_SLACK_S if stands[0].split_at_s <= begun else 0
        ended += LEG_SLACK_S if stands[-1].split_at_s >= ended else 0
        return begun <= at_s <= ended and not any(row["from_s"] <= at_s <= row["to_s"] for row in self.silences)


def _is_long(silence: Row) -> bool:
    return bool(silence["to_s"] - silence["from_s"] >= LONG_SILENCE_S)


def transport_activity_g_m(mass_g: int, transport_distance_m: int) -> int:
    """Give mass times transport distance [g m]: never the distance driven."""
    return mass_g * transport_distance_m


def _serve(leg: RoadLeg, trips: Sequence[Row], stands: Sequence[Stand], known: _Knowledge) -> LegService:
    if not trips or not stands:
        return LegService(leg=leg, trip_ids=(), fault="no-data")
    origin, destination = known.places.get(leg.origin_site), known.places.get(leg.destination_site)
    first = _nearest(
        [stand.ended_at_s for stand in stands], leg.departed_at_s, [_at(stand, origin) for stand in stands]
    )
    last = _nearest(
        [stand.started_at_s for stand in stands], leg.arrived_at_s, [_at(stand, destination) for stand in stands]
    )
    if first is None:
        fault = "elsewhere-at-departure" if known.saw(trips, stands, leg.departed_at_s) else "no-data"
        return LegService(leg=leg, trip_ids=(), fault=fault)
    if last is None:
        fault = "elsewhere-at-arrival" if known.saw(trips, stands, leg.arrived_at_s) else "no-data"
        return LegService(leg=leg, trip_ids=(), fault=fault)
    served = tuple(trip["trip_id"] for trip in trips if first < trip["segment_no"] <= last)
    return LegService(leg=leg, trip_ids=served, fault=None if served else "not-moving")


def _nearest(instants: Sequence[int], at_s: int, possible: Sequence[bool]) -> int | None:
    """Give the number of the possible instant nearest in time, if it lies within the slack."""
    near = [(abs(instant - at_s), number) for number, instant in enumerate(instants) if possible[number]]
    return min(near)[1] if near and min(near)[0] <= LEG_SLACK_S else None


def _at(stand: Stand, site: SitePlace | None) -> bool:
    if site is None:
        return False
    if stand.longitude_e6 is None or stand.latitude_e6 is None:
        return True
    if abs(stand.latitude_e6 - site.latitude_e6) >= ABOUT_A_SITE_E6:
        return False
    away = great_circle_mm(stand.longitude_e6, stand.latitude_e6, site.longitude_e6, site.latitude_e6)
    return away <= SITE_RADIUS_MM
