"""The lines of the map: where each trip went, thinned to what a screen can show."""

from collections.abc import Sequence
from typing import Any

from h2verify.activity.stands import GCJ02
from h2verify.geodesy import wgs84_from_gcj02

from h2corridor.app.measure import Measured, TableEngine
from h2corridor.model.report import Tracks, TrackSite, TripTrack
from h2corridor.model.trial import TrialFacts

POINTS_MAX = 20_000
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"

Row = dict[str, Any]


def make_tracks(engine: TableEngine, measured: Measured, facts: TrialFacts, loaded: frozenset[str]) -> Tracks:
    """Give the sites and the trips' lines in WGS 84.

    Parameters
    ----------
    engine : runs the expressions
    measured : what the run measured
    facts : for the sites
    loaded : ids of trips that served a leg
    """
    steps = measured.readings.steps
    placed = steps.filter(steps.longitude_e6.notnull())
    stride = 1 + sum(row["n"] for row in engine.list_rows(placed.agg(n=placed.count()))) // POINTS_MAX
    thin = placed.filter(placed.seq % stride == 0)
    points = engine.list_rows(
        thin.select("vin", "seq", "at_s", "longitude_e6", "latitude_e6", "coordinate_system").order_by(["vin", "seq"])
    )
    return Tracks(
        datum="WGS84",
        attribution=ATTRIBUTION,
        sites=tuple(
            TrackSite(
                site_id=site.site_id,
                name_zh=site.name_zh,
                name_en=site.name_en,
                kind=site.kind,
                lat_e6=site.latitude_e6,
                lon_e6=site.longitude_e6,
            )
            for site in facts.sites
        ),
        trips=tuple(
            TripTrack(trip_id=trip["trip_id"], loaded=trip["trip_id"] in loaded, points=_line(points, trip))
            for trip in measured.outcome.trips
        ),
    )


def _line(points: Sequence[Row], trip: Row) -> tuple[tuple[int, int], ...]:
    return tuple(
        _place(point)
        for point in points
        if point["vin"] == trip["vin"] and trip["started_at_s"] <= point["at_s"] <= trip["ended_at_s"]
    )


def _place(point: Row) -> tuple[int, int]:
    if point["coordinate_system"] == GCJ02:
        return wgs84_from_gcj02(point["longitude_e6"], point["latitude_e6"])
    return point["longitude_e6"], point["latitude_e6"]
