"""The map of a run, ready to be written as SVG: lines of trips, sites, names, scale bar. No tiles and no boundaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from h2corridor.console.map_frame import MapFrame, Point, ScaleBar, find_map_frame
from h2corridor.console.map_labels import Label, place_labels
from h2corridor.console.texts import choose, clean
from h2corridor.model.report import Tracks, TrackSite, TripTrack

TRIPS_MAX = 500
SITES_MAX = 300
POINTS_MAX = 100_000
_STEP_PIXELS = 0.3
_AROUND = 0.12

SiteShape = Literal["site", "station", "plant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A trip's line; `points` is the attribute of an SVG polyline."""

    trip_id: str
    loaded: bool
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePoint:
    name_zh: str
    name_en: str
    shape: SiteShape
    x: float
    y: float
    label_zh: Label | None
    label_en: Label | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPicture:
    """Everything the map shows, in pixels; sites far from every track are named in `outside`."""

    height: int
    lines: tuple[Line, ...]
    sites: tuple[SitePoint, ...]
    outside: tuple[TrackSite, ...]
    scale: ScaleBar
    datum: str
    attribution: str


def find_map_picture(tracks: Tracks | None) -> MapPicture | None:
    """The map of these tracks; None when there is nothing to draw.

    The frame holds the tracks and the sites near them; without tracks it holds all sites.
    """
    if tracks is None:
        return None
    trips, sites = tracks.trips[:TRIPS_MAX], tracks.sites[:SITES_MAX]
    driven = [point for trip in trips for point in trip.points[:POINTS_MAX]]
    near = _near(sites, driven) if driven else sites
    frame = find_map_frame([*driven, *((site.lon_e6, site.lat_e6) for site in near)])
    if frame is None:
        return None
    thinned = [(trip, _thinned(trip, frame)) for trip in trips]
    points = _site_points(near, frame, [point for _, line in thinned for point in line])
    return MapPicture(
        height=frame.height,
        lines=tuple(_line(trip, line) for trip, line in thinned if len(line) > 1),
        sites=points,
        outside=tuple(site for site in sites if site not in near),
        scale=frame.scale_bar(),
        datum=clean(tracks.datum),
        attribution=clean(tracks.attribution),
    )


def _near(sites: tuple[TrackSite, ...], driven: Sequence[tuple[int, int]]) -> tuple[TrackSite, ...]:
    """The sites in the tracks' rectangle, widened by a part of its longer side and at least 0.02 degrees."""
    west, east = min(lon for lon, _ in driven), max(lon for lon, _ in driven)
    south, north = min(lat for _, lat in driven), max(lat for _, lat in driven)
    slack = max(_AROUND * max(east - west, north - south), 20_000)
    return tuple(
        site
        for site in sites
        if west - slack <= site.lon_e6 <= east + slack and south - slack <= site.lat_e6 <= north + slack
    )


def _thinned(trip: TripTrack, frame: MapFrame) -> list[Point]:
    """The trip's points in pixels without those that fall on the one before; the last one always stays."""
    kept: list[Point] = []
    place: Point | None = None
    for lon_e6, lat_e6 in trip.points[:POINTS_MAX]:
        place = frame.place(lon_e6, lat_e6)
        if not kept or abs(place[0] - kept[-1][0]) + abs(place[1] - kept[-1][1]) >= _STEP_PIXELS:
            kept.append(place)
    if place is not None and kept[-1] != place:
        kept.append(place)
    return kept


def _line(trip: TripTrack, points: list[Point]) -> Line:
    return Line(trip_id=clean(trip.trip_id), loaded=trip.loaded, points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points))


def _site_points(sites: tuple[TrackSite, ...], frame: MapFrame, driven: list[Point]) -> tuple[SitePoint, ...]:
    placed = [(site, frame.place(site.lon_e6, site.lat_e6)) for site in sites]
    shown = [point for _, point in placed]
    labels_zh = place_labels([(choose(s.name_zh, s.name_en, "zh"), p) for s, p in placed], frame.height, driven, shown)
    labels_en = place_labels([(choose(s.name_zh, s.name_en, "en"), p) for s, p in placed], frame.height, driven, shown)
    return tuple(
        SitePoint(
            name_zh=choose(site.name_zh, site.name_en, "zh"),
            name_en=choose(site.name_zh, site.name_en, "en"),
            shape=_shape(site.kind),
            x=round(point[0], 1),
            y=round(point[1], 1),
            label_zh=label_zh,
            label_en=label_en,
        )
        for (site, point), label_zh, label_en in zip(placed, labels_zh, labels_en, strict=True)
    )


def _shape(kind: str) -> SiteShape:
    if kind == "station":
        return "station"
    return "plant" if kind == "plant" else "site"
