"""Checks of freight and of what trucks did with it: loads, containers, places, trips, hubs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from h2verify.activity.stands import LEG_SLACK_S
from h2verify.chains.hubs import HUB_KINDS

from h2corridor.model.findings import Finding
from h2corridor.model.trial import Consignment, Leg
from h2corridor.quality.containers import expected_check_digit
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import day_start_s, day_text, decimal_text, instant_text

_LEGS = "legs.csv"
_ELSEWHERE = "elsewhere"


@check("freight.over-payload")
def over_payload(evidence: Evidence) -> Iterable[Finding]:
    """Consignments that are on one truck at once and weigh more than it may carry; the heaviest is named.

    A leg whose truck was elsewhere puts nothing on it.
    """
    elsewhere = {leg.leg_id for leg, fault in _unserved(evidence) if fault.startswith(_ELSEWHERE)}
    consignments = {each.consignment_id: each for each in evidence.facts.consignments}
    legs_of: dict[str | None, list[Leg]] = {}
    for leg in evidence.facts.legs:
        if leg.leg_id not in elsewhere:
            legs_of.setdefault(leg.vin, []).append(leg)
    for vehicle in evidence.facts.vehicles:
        limit, legs = vehicle.payload_max_kg, legs_of.get(vehicle.vin, [])
        named: set[int] = set()
        for leg in legs if limit is not None else ():
            load = _on_board(leg, legs, consignments)
            total_g = sum(each.mass_g for each in load)
            heaviest = max(load, key=lambda each: (each.mass_g, -each.row), default=None)
            if heaviest is None or limit is None or total_g <= limit * 1000 or heaviest.row in named:
                continue
            named.add(heaviest.row)
            yield Finding(
                check="freight.over-payload",
                file="consignments.csv",
                row=heaviest.row,
                vin=vehicle.vin,
                at=instant_text(leg.departed_at_ms // 1000),
                params={"mass_kg": decimal_text(total_g, 3).rstrip("0").rstrip("."), "payload_kg": str(limit)},
            )


@check("freight.container-check-digit")
def container_check_digit(evidence: Evidence) -> Iterable[Finding]:
    """Container numbers whose last digit does not fit."""
    for each in evidence.facts.consignments:
        expected = expected_check_digit(each.container_no) if each.container_no else None
        if each.container_no and expected is not None and each.container_no[-1] != expected:
            yield Finding(
                check="freight.container-check-digit",
                file="consignments.csv",
                row=each.row,
                params={"container_no": each.container_no, "expected": expected},
            )


@check("freight.container-number")
def container_number(evidence: Evidence) -> Iterable[Finding]:
    """Container numbers that are not four letters and seven digits."""
    for each in evidence.facts.consignments:
        if each.container_no and expected_check_digit(each.container_no) is None:
            params = {"container_no": each.container_no[:60]}
            yield Finding(check="freight.container-number", file="consignments.csv", row=each.row, params=params)


@check("freight.truck-elsewhere")
def truck_elsewhere(evidence: Evidence) -> Iterable[Finding]:
    """Road legs whose truck, by its own positions, stood elsewhere when the leg began or ended."""
    for leg, fault in _unserved(evidence):
        if fault.startswith(_ELSEWHERE):
            yield _of_leg("freight.truck-elsewhere", leg)


@check("activity.leg-without-trip")
def leg_without_trip(evidence: Evidence) -> Iterable[Finding]:
    """Road legs that no trip serves, because the data do not show where the truck was, or that it did not move."""
    for leg, fault in _unserved(evidence):
        if not fault.startswith(_ELSEWHERE):
            yield _of_leg("activity.leg-without-trip", leg)


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


@check("hub.no-row")
def hub_without_row(evidence: Evidence) -> Iterable[Finding]:
    """Hubs that a consignment passed, first and last ones too, without a row for that day."""
    hubs = {site.site_id for site in evidence.facts.sites if site.kind in HUB_KINDS}
    stated = {(each.site_id, each.day) for each in evidence.facts.hub_operations}
    first_no: dict[str, int] = {}
    for leg in evidence.facts.legs:
        first_no[leg.consignment_id] = min(leg.sequence, first_no.get(leg.consignment_id, leg.sequence))
    met = {(leg.destination_site, day_text(leg.arrived_at_ms // 1000)) for leg in evidence.facts.legs}
    met |= {
        (leg.origin_site, day_text(leg.departed_at_ms // 1000))
        for leg in evidence.facts.legs
        if leg.sequence == first_no[leg.consignment_id]
    }
    for site_id, day in sorted(met - stated):
        if site_id in hubs:
            yield Finding(
                check="hub.no-row",
                file="hub_operations.csv",
                at=instant_text(day_start_s(day)),
                params={"site_id": site_id, "day": day},
            )


def _on_board(leg: Leg, legs: Sequence[Leg], consignments: dict[str, Consignment]) -> list[Consignment]:
    """Give the consignments on the truck when a leg departs, each once."""
    under_way = {each.consignment_id for each in legs if each.departed_at_ms <= leg.departed_at_ms < each.arrived_at_ms}
    return [consignments[name] for name in sorted(under_way) if name in consignments]


def _unserved(evidence: Evidence) -> Iterator[tuple[Leg, str]]:
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


def _of_leg(code: str, leg: Leg) -> Finding:
    return Finding(
        check=code,
        file=_LEGS,
        row=leg.row,
        vin=leg.vin,
        at=instant_text(leg.departed_at_ms // 1000),
        params={"leg_id": leg.leg_id},
    )


def _of_trip(code: str, trip: dict[str, Any], at_s: int) -> Finding:
    file = f"telemetry/{trip['vin']}/{day_text(at_s)}.csv.gz"
    return Finding(check=code, file=file, vin=trip["vin"], at=instant_text(at_s), params={"trip_id": trip["trip_id"]})
