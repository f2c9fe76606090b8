"""What a diesel truck would have driven in place of a hydrogen truck: the same loads in the same directions, empty
running included.

Detours and empty runs that only refuelling hydrogen causes count on the hydrogen side alone. Where a distance between
two sites is not known, the baseline takes the one that makes it shorter, so that a reduction is never made larger by
what is not known.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.errors import BundleError

Row = Mapping[str, Any]
Pair = frozenset[str]
"""Two sites, either way; one site where a trip came back to it."""

STATION = "station"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """Distances between pairs of sites [mm]: the least of the legs, the least that trucks drove, the great circle."""

    transport_mm: Mapping[Pair, int]
    driven_mm: Mapping[Pair, int]
    straight_mm: Mapping[Pair, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A movement between two sites, refuelling stops in between taken out; None where the site is not known."""

    origin: str | None
    destination: str | None
    driven_mm: int
    by_way_of_a_station: bool


def baseline_distance_mm(
    trips: Sequence[Row], loaded: frozenset[str], distances: Distances, is_station: Callable[[str], bool]
) -> int | None:
    """Give what the diesel truck would have driven for one truck's trips [mm].

    Parameters
    ----------
    trips : one truck's trips in order
    loaded : ids of the trips that served a leg
    distances : of the pairs the trips ran between, and of `station_pairs`
    is_station : whether a site is a hydrogen station

    Returns
    -------
    distance [mm], or None when a loaded trip's distance is not known

    Raises
    ------
    BundleError
        `activity.chain`: the distance of a pair of `station_pairs` is not there.
    """
    lengths = [_length_mm(run, distances, is_station) for run in _runs(trips, loaded, is_station)]
    return None if None in lengths else sum(length for length in lengths if length is not None)


def station_pairs(trips: Sequence[Row], loaded: frozenset[str], is_station: Callable[[str], bool]) -> set[Pair]:
    """Give the pairs of sites between which an empty truck ran by way of a station: their distance must be known."""
    return {
        frozenset((run.origin, run.destination))
        for run in _runs(trips, loaded, is_station)
        if run.by_way_of_a_station and run.origin and run.destination and not _only_refuelling(run, is_station)
    }


def _runs(trips: Sequence[Row], loaded: frozenset[str], is_station: Callable[[str], bool]) -> list[_Run]:
    """Join empty trips that meet at a station, so that a fill on the way does not make two runs of one."""
    runs: list[_Run] = []
    for trip in trips:
        empty = trip["trip_id"] not in loaded
        ends = (trip["origin_site"], trip["destination_site"])
        run = _Run(
            origin=ends[0],
            destination=ends[1],
            driven_mm=-1 if trip["distance_mm"] is None else trip["distance_mm"],
            by_way_of_a_station=empty and any(site is not None and is_station(site) for site in ends),
        )
        previous = runs[-1] if runs else None
        if empty and previous and previous.by_way_of_a_station and _is_station(previous.destination, is_station):
            runs[-1] = _Run(
                origin=previous.origin,
                destination=run.destination,
                driven_mm=-1 if -1 in (previous.driven_mm, run.driven_mm) else previous.driven_mm + run.driven_mm,
                by_way_of_a_station=True,
            )
        else:
            runs.append(run)
    return runs


def _length_mm(run: _Run, distances: Distances, is_station: Callable[[str], bool]) -> int | None:
    if run.by_way_of_a_station and _only_refuelling(run, is_station):
        return 0
    if run.origin and run.destination and run.origin != run.destination:
        pair = frozenset((run.origin, run.destination))
        if pair in distances.transport_mm:
            return distances.transport_mm[pair]
        if run.by_way_of_a_station:
            shortest = distances.driven_mm.get(pair, distances.straight_mm.get(pair))
            if shortest is None:
                fault = f"no distance between {run.origin} and {run.destination}, which the baseline asks for."
                raise BundleError("activity.chain", fault, where="distances")
            return shortest
    return None if run.driven_mm < 0 else run.driven_mm


def _only_refuelling(run: _Run, is_station: Callable[[str], bool]) -> bool:
    """Whether a run by way of a station leads nowhere else, or begins or ends where the data do."""
    return (
        run.origin is None
        or run.destination is None
        or run.origin == run.destination
        or _is_station(run.origin, is_station)
        or _is_station(run.destination, is_station)
    )


def _is_station(site: str | None, is_station: Callable[[str], bool]) -> bool:
    return site is not None and is_station(site)
