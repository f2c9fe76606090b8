"""Checks of trips: unfinished ones, distances that nobody knows, consumption that no truck has."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from h2corridor.model.findings import Finding
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import day_text, instant_text

_NINTHS_A_KM = 9_000_000


@check("activity.trip-unfinished")
def trip_unfinished(evidence: Evidence) -> Iterable[Finding]:
    """Trips that had not ended where the data end."""
    for trip in evidence.outcome.trips:
        if not trip["finished"]:
            yield _of_trip("activity.trip-unfinished", trip, trip["ended_at_s"])


@check("activity.distance-unknown")
def distance_unknown(evidence: Evidence) -> Iterable[Finding]:
    """Trips with an odometer step that neither odometer nor speed explains."""
    for trip in evidence.outcome.trips:
        if trip["distance_mm"] is None:
            yield _of_trip("activity.distance-unknown", trip, trip["started_at_s"])


@check("hydrogen.consumption")
def consumption(evidence: Evidence) -> Iterable[Finding]:
    """Windows between fills over which a truck used less or more hydrogen a distance than such a truck can."""
    low, high, least_km = (
        evidence.threshold("hydrogen.consumption", name)
        for name in ("used_kg_per_100km_min", "used_kg_per_100km_max", "distance_km_min")
    )
    driven: dict[tuple[str, int], int] = defaultdict(int)
    unknown: set[tuple[str, int]] = set()
    for sums in evidence.outcome.sums:
        window = (sums.span.vin, sums.span.window_no)
        driven[window] += sums.distance_ninths_mm
        if sums.distance_unknown:
            unknown.add(window)
    rows = {each.vin: each.row for each in evidence.facts.vehicles}
    for truck in evidence.outcome.reconciliations:
        for each in truck.balances:
            window = (truck.vin, each.window.window_no)
            km = Decimal(driven[window]) / _NINTHS_A_KM
            if each.used_mg is None or window in unknown or km < least_km or truck.vin not in rows:
                continue
            if evidence.is_stalled(truck.vin, each.window.from_s, each.window.to_s):
                continue
            per_100km = Decimal(each.used_mg) / 10_000 / km
            if not low <= per_100km <= high:
                yield Finding(
                    check="hydrogen.consumption",
                    file="vehicles.csv",
                    row=rows[truck.vin],
                    vin=truck.vin,
                    at=instant_text(each.window.from_s + 1),
                    params={"kg_per_100km": f"{per_100km:.1f}", "distance_km": f"{km:.1f}"},
                )


def _of_trip(code: str, trip: dict[str, Any], at_s: int) -> Finding:
    file = f"telemetry/{trip['vin']}/{day_text(at_s)}.csv.gz"
    return Finding(check=code, file=file, vin=trip["vin"], at=instant_text(at_s), params={"trip_id": trip["trip_id"]})
