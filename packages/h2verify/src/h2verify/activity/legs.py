"""Which trips served a leg, and how much transport activity that was.

A leg is served when its truck stood within one kilometre of the leg's origin about its departure and of its destination
about its arrival; the trips between the two standings served it. A standing without a valid position is believed by its
time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity.stands import LEG_SLACK_S, SITE_RADIUS_MM
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
    legs: Sequence[RoadLeg], trips: Sequence[Row], stands: Sequence[Stand], sites: Sequence[SitePlace]
) -> list[LegService]:
    """Find the trips of every leg, in the order of the legs.

    Parameters
    ----------
    legs : road legs of registered trucks
    trips : rows of the `trips` table
    stands : the trip-ending stands
    sites : all sites
    """
    places = {site.site_id: site for site in sites}
    return [
        _serve(
            leg,
            [trip for trip in trips if trip["vin"] == leg.vin],
            sorted((stand for stand in stands if stand.vin == leg.vin), key=lambda stand: stand.split_at_s),
            places,
        )
        for leg in legs
    ]


def transport_activity_g_m(mass_g: int, transport_distance_m: int) -> int:
    """Give mass times transport distance [g m]: never the distance driven."""
    return mass_g * transport_distance_m


def _serve(leg: RoadLeg, trips: Sequence[Row], stands: Sequence[Stand], places: Mapping[str, SitePlace]) -> LegService:
    if not trips or not stands:
        return LegService(leg=leg, trip_ids=(), fault="no-data")
    departures = [
        (abs(stand.ended_at_s - leg.departed_at_s), number)
        for number, stand in enumerate(stands)
        if _at(stand, places.get(leg.origin_site))
    ]
    arrivals = [
        (abs(stand.started_at_s - leg.arrived_at_s), number)
        for number, stand in enumerate(stands)
        if _at(stand, places.get(leg.destination_site))
    ]
    if not departures or min(departures)[0] > LEG_SLACK_S:
        return LegService(leg=leg, trip_ids=(), fault="elsewhere-at-departure")
    if not arrivals or min(arrivals)[0] > LEG_SLACK_S:
        return LegService(leg=leg, trip_ids=(), fault="elsewhere-at-arrival")
    first, last = min(departures)[1], min(arrivals)[1]
    served = tuple(trip["trip_id"] for trip in trips if first < trip["segment_no"] <= last)
    return LegService(leg=leg, trip_ids=served, fault=None if served else "not-moving")


def _at(stand: Stand, site: SitePlace | None) -> bool:
    if site is None:
        return False
    if stand.longitude_e6 is None or stand.latitude_e6 is None:
        return True
    away = great_circle_mm(stand.longitude_e6, stand.latitude_e6, site.longitude_e6, site.latitude_e6)
    return away <= SITE_RADIUS_MM
