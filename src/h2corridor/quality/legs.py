"""Checks of legs: trucks elsewhere or not seen, consignments on two trucks, distances beside what was driven."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from h2verify.activity.stands import LEG_SLACK_S

from h2corridor.model.findings import Finding
from h2corridor.model.trial import Leg
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import decimal_text, instant_text

_LEGS = "legs.csv"
_ELSEWHERE = "elsewhere"


@check("freight.truck-elsewhere")
def truck_elsewhere(evidence: Evidence) -> Iterable[Finding]:
    """Road legs whose truck, by its own positions, stood elsewhere when the leg began or ended."""
    for leg, fault in unserved_legs(evidence):
        if fault.startswith(_ELSEWHERE):
            yield _of_leg("freight.truck-elsewhere", leg)


@check("activity.leg-without-trip")
def leg_without_trip(evidence: Evidence) -> Iterable[Finding]:
    """Road legs that no trip serves, because the data do not show where the truck was, or that it did not move."""
    for leg, fault in unserved_legs(evidence):
        if not fault.startswith(_ELSEWHERE):
            yield _of_leg("activity.leg-without-trip", leg)


@check("leg.two-trucks")
def two_trucks(evidence: Evidence) -> Iterable[Finding]:
    """Legs of a consignment that was on another truck at the same time; the later row is named."""
    legs_of: dict[str, list[Leg]] = defaultdict(list)
    for leg in evidence.facts.legs:
        if leg.vin is not None:
            legs_of[leg.consignment_id].append(leg)
    for legs in legs_of.values():
        for number, leg in enumerate(legs):
            other = next((each for each in legs[:number] if each.vin != leg.vin and _overlap(each, leg)), None)
            if other is not None:
                params = {
                    "consignment_id": leg.consignment_id,
                    "other_leg_id": other.leg_id,
                    "other_vin": other.vin or "",
                }
                yield _of_leg("leg.two-trucks", leg, **params)


@check("leg.before-forerunner")
def before_forerunner(evidence: Evidence) -> Iterable[Finding]:
    """Legs that depart before the leg before them has arrived."""
    before: dict[str, Leg] = {}
    for leg in sorted(evidence.facts.legs, key=lambda each: (each.consignment_id, each.sequence, each.row)):
        last = before.get(leg.consignment_id)
        two = last is not None and last.vin != leg.vin and last.vin is not None and leg.vin is not None
        if last is not None and not two and leg.departed_at_ms < last.arrived_at_ms:
            yield _of_leg("leg.before-forerunner", leg, other_leg_id=last.leg_id)
        before[leg.consignment_id] = leg


@check("leg.longer-than-driven")
def longer_than_driven(evidence: Evidence) -> Iterable[Finding]:
    """Legs whose transport distance, the shortest feasible one, is longer than what the truck drove for them."""
    pct = evidence.threshold("leg.longer-than-driven", "longer_pct_max")
    slack_m = evidence.threshold("leg.longer-than-driven", "longer_km_max") * 1000
    for leg, driven_mm, _ in _driven(evidence):
        stated_m = leg.transport_distance_m or 0
        if stated_m > driven_mm * (100 + pct) / 100_000 + slack_m:
            yield _of_leg("leg.longer-than-driven", leg, **_distances(stated_m, driven_mm))


@check("leg.detour")
def detour(evidence: Evidence) -> Iterable[Finding]:
    """Direct legs for which the truck drove far more than their transport distance."""
    pct = evidence.threshold("leg.detour", "driven_pct_max")
    slack_m = evidence.threshold("leg.detour", "driven_km_max") * 1000
    for leg, driven_mm, trips in _driven(evidence):
        stated_m = leg.transport_distance_m or 0
        if trips == 1 and driven_mm > (stated_m * pct / 100 + slack_m) * 1000:
            yield _of_leg("leg.detour", leg, **_distances(stated_m, driven_mm))


def unserved_legs(evidence: Evidence) -> Iterator[tuple[Leg, str]]:
    """Give the legs that no trip serves, and why; outside its data or in a silence a truck was not elsewhere."""
    legs = {leg.leg_id: leg for leg in evidence.facts.legs}
    for service in evidence.outcome.services:
        if service.fault is None or service.leg.leg_id not in legs:
            continue
        leaves = service.fault.endswith("departure")
        at_s = service.leg.departed_at_s if leaves else service.leg.arrived_at_s
        yield legs[service.leg.leg_id], service.fault if _has_data(evidence, service.leg.vin, at_s) else "no-data"


def _has_data(evidence: Evidence, vin: str, at_s: int) -> bool:
    windows = [window for window in evidence.cut.windows if window.vin == vin]
    covered = any(window.from_s - LEG_SLACK_S <= at_s <= window.to_s + LEG_SLACK_S for window in windows)
    return covered and not evidence.is_silent(vin, at_s)


def _of_leg(code: str, leg: Leg, **params: str) -> Finding:
    return Finding(
        check=code,
        file=_LEGS,
        row=leg.row,
        vin=leg.vin,
        at=instant_text(leg.departed_at_ms // 1000),
        params={"leg_id": leg.leg_id, **params},
    )


def _driven(evidence: Evidence) -> Iterator[tuple[Leg, int, int]]:
    """Give the legs with a transport distance whose trips' distance is known: leg, driven [mm], number of trips.

    Where odometer and speed stalled on the way, `odometer.stalled` says that too little was counted.
    """
    legs = {leg.leg_id: leg for leg in evidence.facts.legs}
    distances = {
        trip["trip_id"]: trip["distance_mm"]
        for trip in evidence.outcome.trips
        if not evidence.is_stalled(trip["vin"], trip["started_at_s"], trip["ended_at_s"])
    }
    for service in evidence.outcome.services:
        driven = [distances.get(trip_id) for trip_id in service.trip_ids]
        leg = legs.get(service.leg.leg_id)
        known = [each for each in driven if each is not None]
        if leg is not None and leg.transport_distance_m and driven and len(known) == len(driven):
            yield leg, sum(known), len(driven)


def _distances(stated_m: int, driven_mm: int) -> dict[str, str]:
    return {"transport_km": decimal_text(stated_m, 3), "driven_km": decimal_text(driven_mm // 1000, 3)}


def _overlap(one: Leg, other: Leg) -> bool:
    return one.departed_at_ms < other.arrived_at_ms and other.departed_at_ms < one.arrived_at_ms
