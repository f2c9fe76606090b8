"""Trips gathered into rounds: the road operations whose hydrogen is shared by the transport activity they served.

A round is a row of trips that comes back to where it began; trips that never come back make an open round, whose empty
running is not covered. An empty round belongs to the loaded round before it, or else to the next; rounds that serve one
leg together are one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity.legs import LegService

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One truck's trips that are accounted together; `closed` when they come back to where they began."""

    vin: str
    round_no: int
    trips: tuple[Row, ...]
    leg_ids: tuple[str, ...]
    closed: bool


def rounds_of(trips: Sequence[Row], services: Sequence[LegService]) -> list[Round]:
    """Give the rounds of every truck, in order of truck and time.

    Parameters
    ----------
    trips : rows of the `trips` table
    services : which trips served which leg
    """
    rounds: list[Round] = []
    for vin in sorted({trip["vin"] for trip in trips}):
        mine = [trip for trip in trips if trip["vin"] == vin]
        served = [service for service in services if service.leg.vin == vin and service.trip_ids]
        index_of = {trip["trip_id"]: index for index, trip in enumerate(mine)}
        by_leg = [frozenset(index_of[trip_id] for trip_id in service.trip_ids) for service in served]
        groups = _with_empty_ones(_joined_by_legs(_loops(mine), by_leg), by_leg)
        for number, (members, closed) in enumerate(groups, start=1):
            names = {mine[index]["trip_id"] for index in members}
            rounds.append(
                Round(
                    vin=vin,
                    round_no=number,
                    trips=tuple(mine[index] for index in members),
                    leg_ids=tuple(service.leg.leg_id for service in served if service.trip_ids[0] in names),
                    closed=closed,
                )
            )
    return rounds


_Group = tuple[list[int], bool]


def _loops(trips: Sequence[Row]) -> list[_Group]:
    """Take out every row of trips that ends where it began, the innermost first; what is left over is open."""
    loops: list[_Group] = []
    path: list[int] = []
    for index, trip in enumerate(trips):
        path.append(index)
        site = trip["destination_site"]
        begun = [
            place for place, member in enumerate(path) if site is not None and trips[member]["origin_site"] == site
        ]
        if begun:
            loops.append((path[begun[-1] :], True))
            path = path[: begun[-1]]
    rest: list[_Group] = []
    for index in path:
        if rest and rest[-1][0][-1] == index - 1:
            rest[-1][0].append(index)
        else:
            rest.append(([index], False))
    return sorted([*loops, *rest], key=lambda group: group[0])


def _joined_by_legs(groups: list[_Group], by_leg: Sequence[frozenset[int]]) -> list[_Group]:
    """Join rounds that one leg runs through."""
    joined = list(groups)
    for members_of_leg in by_leg:
        touched = [group for group in joined if members_of_leg & set(group[0])]
        if len(touched) > 1:
            members = sorted(index for group in touched for index in group[0])
            joined = [group for group in joined if group not in touched]
            joined.append((members, all(closed for _, closed in touched)))
    return sorted(joined, key=lambda group: group[0])


def _with_empty_ones(groups: list[_Group], by_leg: Sequence[frozenset[int]]) -> list[_Group]:
    """Give empty rounds to the loaded round before them, or else to the first."""
    loaded = frozenset().union(*by_leg)
    kept: list[_Group] = []
    waiting: list[int] = []
    for members, closed in groups:
        if loaded & set(members):
            kept.append((sorted(waiting + members), closed))
            waiting = []
        elif kept:
            kept[-1] = (sorted(kept[-1][0] + members), kept[-1][1])
        else:
            waiting += members
    return kept if kept else ([(waiting, False)] if waiting else [])
