"""What a diesel truck would have driven in place of a hydrogen truck: the same loads in the same directions, empty
running included.

Detours and empty runs that only refuelling hydrogen causes count on the hydrogen side alone. Where a distance between
two sites is not known, the baseline takes the one that makes it shorter, so that a reduction is never made larger by
what is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.geodesy import great_circle_mm

from h2corridor.activity.papers import STATION
from h2corridor.model.trial import TrialFacts

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A movement between two sites, refuelling stops in between taken out; None where the site is not known."""

    origin: str | None
    destination: str | None
    driven_mm: int
    by_way_of_a_station: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """Distances between pairs of sites, either direction [mm]: from the legs, and as trucks drove them."""

    transport_mm: Mapping[frozenset[str], int]
    driven_mm: Mapping[frozenset[str], int]
    places: Mapping[str, tuple[int, int]]
    stations: frozenset[str]


def known_distances(facts: TrialFacts, trips: Sequence[Row]) -> Distances:
    """Collect what a trial says about distances between its sites.

    Parameters
    ----------
    facts : the trial's tables
    trips : rows of the `trips` table
    """
    transport: dict[frozenset[str], int] = {}
    for leg in facts.legs:
        if leg.mode == "road" and leg.transport_distance_m is not None:
            pair = frozenset((leg.origin_site, leg.destination_site))
            transport[pair] = min(transport.get(pair, leg.transport_distance_m * 1000), leg.transport_distance_m * 1000)
    driven: dict[frozenset[str], int] = {}
    for trip in trips:
        if trip["origin_site"] and trip["destination_site"] and trip["distance_mm"] is not None:
            pair = frozenset((trip["origin_site"], trip["destination_site"]))
            driven[pair] = min(driven.get(pair, trip["distance_mm"]), trip["distance_mm"])
    return Distances(
        transport_mm=transport,
        driven_mm=driven,
        places={site.site_id: (site.longitude_e6, site.latitude_e6) for site in facts.sites},
        stations=frozenset(site.site_id for site in facts.sites if site.kind == STATION),
    )


def baseline_distance_mm(trips: Sequence[Row], loaded: frozenset[str], distances: Distances) -> int | None:
    """Give what the diesel truck would have driven for one truck's trips [mm].

    Parameters
    ----------
    trips : one truck's trips in order
    loaded : ids of the trips that served a leg
    distances : see `known_distances`

    Returns
    -------
    distance [mm], or None when a loaded trip's distance is not known
    """
    total = 0
    for run in _runs(trips, loaded, distances):
        length = _length_mm(run, distances)
        if length is None:
            return None
        total += length
    return total


def _runs(trips: Sequence[Row], loaded: frozenset[str], distances: Distances) -> list[_Run]:
    """Join empty trips that meet at a station, so that a fill on the way does not make two runs of one."""
    runs: list[_Run] = []
    for trip in trips:
        empty = trip["trip_id"] not in loaded
        run = _Run(
            origin=trip["origin_site"],
            destination=trip["destination_site"],
            driven_mm=-1 if trip["distance_mm"] is None else trip["distance_mm"],
            by_way_of_a_station=empty and bool({trip["origin_site"], trip["destination_site"]} & distances.stations),
        )
        previous = runs[-1] if runs else None
        if empty and previous and previous.by_way_of_a_station and previous.destination in distances.stations:
            runs[-1] = _Run(
                origin=previous.origin,
                destination=run.destination,
                driven_mm=-1 if -1 in (previous.driven_mm, run.driven_mm) else previous.driven_mm + run.driven_mm,
                by_way_of_a_station=True,
            )
        else:
            runs.append(run)
    return runs


def _length_mm(run: _Run, distances: Distances) -> int | None:
    if run.by_way_of_a_station and (
        run.origin is None
        or run.destination is None
        or run.origin == run.destination
        or {run.origin, run.destination} & distances.stations
    ):
        return 0
    if run.origin and run.destination and run.origin != run.destination:
        pair = frozenset((run.origin, run.destination))
        if pair in distances.transport_mm:
            return distances.transport_mm[pair]
        if run.by_way_of_a_station:
            straight = great_circle_mm(*distances.places[run.origin], *distances.places[run.destination])
            return distances.driven_mm.get(pair, straight)
    return None if run.driven_mm < 0 else run.driven_mm
