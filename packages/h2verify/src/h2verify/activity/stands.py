"""Where a truck stood, and which standings end a trip.

A trip ends where the truck stands at least ten minutes within one kilometre of a site that is not a station, or at a
station while no leg of its is under way; the first and the last standing of a truck's data are open-ended and need no
ten minutes. A leg from whose origin a truck that was seen at a site did not depart when the leg says was never under
way.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from h2verify.activity.standings import NEAR_FIX_STEPS
from h2verify.activity.values import RoadLeg, SitePlace, Stand
from h2verify.geodesy import great_circle_mm, wgs84_from_gcj02

SHORTEST_STAND_S = 600
SITE_RADIUS_MM = 1_000_000
PARKED_ODOMETER_STEPS = 2
"""A truck that woke up within this many odometer steps [0.1 km] of where it was last seen had not left."""
ODOMETER_STEP_MM = 100_000
PARKED_MM = PARKED_ODOMETER_STEPS * ODOMETER_STEP_MM

LEG_SLACK_S = 1800
"""A leg names a standing when its time lies within this of it."""

SLOWEST_DRIVE_MM_S = 8_333
"""A truck that drove on unseen is taken to have driven at 30 km/h or faster."""

GCJ02 = 2
ABOUT_A_SITE_E6 = 20_000
"""Degrees times a million in which a kilometre surely lies, to spare the exact distance for far sites."""

_BEGINNING = ("is_first", "quiet_at_s", "longitude_e6", "latitude_e6", "coordinate_system")
"""What a standing of two runs has of the earlier one."""

Row = dict[str, Any]


def trip_ending_stands(runs: Iterable[Row], sites: Sequence[SitePlace], legs: Sequence[RoadLeg]) -> list[Stand]:
    """Give the standings that end trips, in order of truck and time.

    Parameters
    ----------
    runs : standings (see `standings_of`)
    sites : all sites, stations among them
    legs : road legs of hydrogen trucks
    """
    stands: list[Stand | None] = []
    for vin, mine in _by_truck(runs).items():
        around = _around([leg for leg in legs if leg.vin == vin], mine, sites)
        stands += [_stand_of(run, around) for run in mine]
    return sorted((stand for stand in stands if stand is not None), key=lambda stand: (stand.vin, stand.started_at_s))


def standings_of(runs: Iterable[Row], silences: Iterable[Row]) -> list[Row]:
    """Give the standings of trucks in the columns of a run: the runs of readings, and what lies hidden in silences; of
    these, such as touch make one.

    A silence in which the truck cannot have driven all the time was a standing on the side where the truck was not
    seen to move; the distance driven meanwhile belongs to the other side. Where it moved on both sides and is still in
    place, it stood where it was last seen.

    Parameters
    ----------
    runs : rows of the `runs` table (see `h2verify.activity.standings.standing_runs`), in order of truck and time
    silences : rows of the `silences` table, in the same order
    """
    shown = {vin: list(group) for vin, group in groupby(runs, key=itemgetter("vin"))}
    hidden = [
        found
        for silence in silences
        if not _is_shown(silence, shown.get(silence["vin"], [])) and (found := _silent_standing(silence)) is not None
    ]
    every = [run for mine in shown.values() for run in mine] + hidden
    standings: list[Row] = []
    for row in sorted(every, key=lambda row: (row["vin"], row["started_at_s"], _is_hidden(row))):
        before = standings[-1] if standings else None
        if before and before["vin"] == row["vin"] and row["started_at_s"] <= run_ended_at_s(before):
            standings[-1] = _joined(before, row)
        else:
            standings.append(row)
    return standings


def _is_shown(silence: Row, runs: Sequence[Row]) -> bool:
    """Whether a silence belongs to one of a truck's runs, which are in order of time, that is long enough by itself."""
    place = bisect_right(runs, silence["from_s"], key=itemgetter("started_at_s")) - 1
    if place < 0:
        return False
    ended_at_s = run_ended_at_s(runs[place])
    return bool(ended_at_s > silence["from_s"] and ended_at_s - runs[place]["started_at_s"] >= SHORTEST_STAND_S)


def _is_hidden(standing: Row) -> bool:
    return "first_seq" not in standing


def _joined(before: Row, after: Row) -> Row:
    """Two standings that touch as one: what readings show of it is what its run shows; of two runs each its side."""
    if _is_hidden(after):
        return before | {"ended_at_s": after["ended_at_s"], "next_at_s": None}
    return after | {name: before[name] for name in ("started_at_s", *(() if _is_hidden(before) else _BEGINNING))}


def _silent_standing(silence: Row) -> Row | None:
    driven_mm = _driven_mm(silence)
    if driven_mm is None:
        return None
    drive_s = driven_mm // SLOWEST_DRIVE_MM_S
    stays = not silence["speed"] or (bool(silence["next_speed"]) and driven_mm <= PARKED_MM)
    if silence["to_s"] - silence["from_s"] - drive_s < SHORTEST_STAND_S or not (stays or not silence["next_speed"]):
        return None
    side = "" if stays else "next_"
    started_at_s = silence["from_s"] if stays else silence["from_s"] + drive_s
    return {
        "vin": silence["vin"],
        "started_at_s": started_at_s,
        "ended_at_s": silence["to_s"] - drive_s if stays else silence["to_s"],
        "is_first": 0,
        "is_last": 0,
        "odometer": None,
        "next_at_s": None,
        "next_odometer": None,
        "quiet_at_s": silence["from_s"] if stays else silence["to_s"],
        **{name: silence[side + name] for name in ("longitude_e6", "latitude_e6", "coordinate_system")},
    }


def _driven_mm(silence: Row) -> int | None:
    before, after = silence["odometer"], silence["next_odometer"]
    if before is not None and after is not None and after >= before:
        return int(after - before) * ODOMETER_STEP_MM
    start = run_place(silence)
    end = run_place({name: silence[f"next_{name}"] for name in ("longitude_e6", "latitude_e6", "coordinate_system")})
    return great_circle_mm(*start, *end) if start and end else None


def run_ended_at_s(run: Row) -> int:
    """Give the end of a standing [s]; a silence after which the truck is still in place belongs to it."""
    stays = run["next_at_s"] is not None and is_in_place(run["odometer"], run["next_odometer"])
    return int(run["next_at_s"] if stays else run["ended_at_s"])


def is_in_place(before: int | None, after: int | None) -> bool:
    """Whether two odometers [0.1 km] are those of a truck that stayed in place."""
    return before is not None and after is not None and 0 <= after - before <= PARKED_ODOMETER_STEPS


def run_place(run: Row) -> tuple[int, int] | None:
    """Give the WGS 84 place of a standing [1e-6 degree]: its own fix, else one just before or after it."""
    for side in ("", "before_", "after_"):
        longitude, latitude = run.get(f"{side}longitude_e6"), run.get(f"{side}latitude_e6")
        if longitude is None or latitude is None or (side and not _is_beside(run, run[f"{side}odometer"])):
            continue
        return (
            wgs84_from_gcj02(longitude, latitude) if run[f"{side}coordinate_system"] == GCJ02 else (longitude, latitude)
        )
    return None


def _is_beside(run: Row, odometer: int | None) -> bool:
    return odometer is not None and run["odometer"] is not None and abs(odometer - run["odometer"]) <= NEAR_FIX_STEPS


def nearest_site(place: tuple[int, int], sites: Iterable[SitePlace]) -> SitePlace | None:
    """Give the nearest site within one kilometre, or None."""
    near = (
        (great_circle_mm(*place, site.longitude_e6, site.latitude_e6), site.site_id, site)
        for site in sites
        if abs(site.longitude_e6 - place[0]) < ABOUT_A_SITE_E6 and abs(site.latitude_e6 - place[1]) < ABOUT_A_SITE_E6
    )
    found = min((entry for entry in near if entry[0] <= SITE_RADIUS_MM), default=None, key=lambda entry: entry[:2])
    return found[2] if found else None


def _by_truck(runs: Iterable[Row]) -> dict[str, list[Row]]:
    trucks: dict[str, list[Row]] = {}
    for run in runs:
        trucks.setdefault(run["vin"], []).append(run)
    return trucks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What the standings of one truck are held against: sites, its legs, and those of them that it may have begun."""

    goods_sites: Sequence[SitePlace]
    stations: Sequence[SitePlace]
    legs: Sequence[RoadLeg]
    begun: Sequence[RoadLeg]


def _around(legs: Sequence[RoadLeg], runs: Sequence[Row], sites: Sequence[SitePlace]) -> _Around:
    known = {site.site_id for site in sites}
    stood, first_s = _stood_at_sites(runs, sites)
    return _Around(
        goods_sites=[site for site in sites if not site.is_station],
        stations=[site for site in sites if site.is_station],
        legs=legs,
        begun=[
            leg
            for leg in legs
            if leg.origin_site not in known
            or first_s is None
            or leg.departed_at_s < first_s
            or _stood_at_departure(leg, stood)
        ],
    )


def _stood_at_sites(
    runs: Sequence[Row], sites: Sequence[SitePlace]
) -> tuple[dict[str, list[tuple[int, int]]], int | None]:
    """Give, in order, when standings near each site began and ended [s], one without a place near all of them; and when
    the first began that has a place near a site which is no station and is long enough to end a trip, if any.
    """
    stood: dict[str, list[tuple[int, int]]] = {}
    first_s: int | None = None
    for run in sorted(runs, key=itemgetter("started_at_s")):
        place, began_s, ended_s = run_place(run), run["started_at_s"], run_ended_at_s(run)
        near = [site for site in sites if place is None or nearest_site(place, [site])]
        for site in near:
            stood.setdefault(site.site_id, []).append((began_s, ended_s))
        is_long = ended_s - began_s >= SHORTEST_STAND_S
        if first_s is None and place and is_long and not all(site.is_station for site in near):
            first_s = began_s
    return stood, first_s


def _stood_at_departure(leg: RoadLeg, stood: Mapping[str, Sequence[tuple[int, int]]]) -> bool:
    """Whether a truck stood at a leg's origin about its departure."""
    there = stood.get(leg.origin_site, ())
    place = bisect_right(there, leg.departed_at_s + LEG_SLACK_S, key=itemgetter(0)) - 1
    return place >= 0 and there[place][1] >= leg.departed_at_s - LEG_SLACK_S


def _stand_of(run: Row, around: _Around) -> Stand | None:
    at_an_end = bool(run["is_first"] or run["is_last"])
    ended_at_s = run_ended_at_s(run)
    if not at_an_end and ended_at_s - run["started_at_s"] < SHORTEST_STAND_S:
        return None
    place = run_place(run)
    site = _ending_site(run, place, around) if place else _site_by_papers(run, around)
    if site is None and not at_an_end:
        return None
    return Stand(
        vin=run["vin"],
        started_at_s=run["started_at_s"],
        ended_at_s=ended_at_s,
        split_at_s=_split_at_s(run),
        site_id=site.site_id if site else None,
        longitude_e6=place[0] if place else None,
        latitude_e6=place[1] if place else None,
        open_ended=at_an_end,
    )


def _split_at_s(run: Row) -> int:
    """Give the instant after which readings belong to the next trip: stacks off, or silence."""
    if run["is_first"]:
        return int(run["started_at_s"]) - 1
    quiet: int | None = run["quiet_at_s"]
    return int(run["ended_at_s"]) if quiet is None else quiet


def _ending_site(run: Row, place: tuple[int, int], around: _Around) -> SitePlace | None:
    site = _named_or_nearest(run, place, around.goods_sites, around.legs)
    if site is not None:
        return site
    under_way = any(leg.departed_at_s <= run["started_at_s"] < leg.arrived_at_s for leg in around.begun)
    return None if under_way else nearest_site(place, around.stations)


def _site_by_papers(run: Row, around: _Around) -> SitePlace | None:
    """Give the one site that legs name here and now, for a standing that sent no position at all."""
    named = _named_sites(run, around.legs)
    found = [site for site in around.goods_sites if site.site_id in named]
    return found[0] if len(found) == 1 else None


def _named_sites(run: Row, legs: Sequence[RoadLeg]) -> dict[str, int]:
    """Count the legs that arrive at or depart from a site about when a standing begins or ends."""
    named: dict[str, int] = {}
    for leg in legs:
        if abs(leg.arrived_at_s - run["started_at_s"]) <= LEG_SLACK_S:
            named[leg.destination_site] = named.get(leg.destination_site, 0) + 1
        if abs(leg.departed_at_s - run_ended_at_s(run)) <= LEG_SLACK_S:
            named[leg.origin_site] = named.get(leg.origin_site, 0) + 1
    return named


def _named_or_nearest(
    run: Row, place: tuple[int, int], sites: Sequence[SitePlace], legs: Sequence[RoadLeg]
) -> SitePlace | None:
    """Give the site of a standing: of several within reach those that most legs name here and now, of these the
    nearest.
    """
    named = _named_sites(run, legs)
    most = max((named.get(site.site_id, 0) for site in sites if nearest_site(place, [site])), default=0)
    return nearest_site(place, [site for site in sites if named.get(site.site_id, 0) == most])
