"""Checks of freight: loads, masses, container numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from h2verify.activity.legs import transport_activity_g_m

from h2corridor.model.findings import Finding
from h2corridor.model.trial import Consignment, Leg, TrialFacts
from h2corridor.quality.containers import expected_check_digit
from h2corridor.quality.legs import unserved_legs
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import decimal_text, instant_text, percent

_ELSEWHERE = "elsewhere"
_NAMED_MAX = 20


@check("freight.over-payload")
def over_payload(evidence: Evidence) -> Iterable[Finding]:
    """Consignments that are on one truck at once and weigh more than it may carry; the heaviest is named.

    A leg whose truck was elsewhere puts nothing on it.
    """
    elsewhere = {leg.leg_id for leg, fault in unserved_legs(evidence) if fault.startswith(_ELSEWHERE)}
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
                params={
                    "consignments": _named(load),
                    "mass_kg": decimal_text(total_g, 3).rstrip("0").rstrip("."),
                    "payload_kg": str(limit),
                },
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


@check("freight.container-twice")
def container_twice(evidence: Evidence) -> Iterable[Finding]:
    """Consignments on the way in one container at once under different seals; consignments that share a container
    share its seal. Named is the one whose seal is not recorded on it, else the one that departed later.
    """
    spans = _times_on_the_way(evidence.facts.legs)
    sealed = {(event.seal_no, event.container_no) for event in evidence.facts.seal_events}
    in_container: dict[str, list[Consignment]] = {}
    for each in evidence.facts.consignments:
        if each.container_no and each.seal_no and each.consignment_id in spans:
            in_container.setdefault(each.container_no, []).append(each)
    for container_no, consignments in in_container.items():
        for other, each in _at_once(consignments, spans):
            is_other = (other.seal_no, container_no) not in sealed and (each.seal_no, container_no) in sealed
            named, beside = (other, each) if is_other else (each, other)
            params = {"container_no": container_no, "other_id": beside.consignment_id, "other_row": str(beside.row)}
            yield Finding(check="freight.container-twice", file="consignments.csv", row=named.row, params=params)


@check("freight.mass-declared")
def mass_declared(evidence: Evidence) -> Iterable[Finding]:
    """Consignments whose mass no weighbridge found, each with its share of the trial's tonne-kilometres."""
    activity = transport_activities_g_m(evidence.facts)
    whole = sum(activity.values())
    left_out = sum(leg.transport_distance_m is None for leg in evidence.facts.legs)
    for each in evidence.facts.consignments:
        if each.mass_method == "weighbridge":
            continue
        params = {
            "method": each.mass_method or "@not-said",
            "share_pct": percent(activity.get(each.consignment_id, 0), whole) if whole else "0.0",
            "legs_left_out": str(left_out),
        }
        yield Finding(check="freight.mass-declared", file="consignments.csv", row=each.row, params=params)


def transport_activities_g_m(facts: TrialFacts) -> dict[str, int]:
    """The transport activity of every consignment over the legs whose distance is supplied [g m]."""
    masses = {each.consignment_id: each.mass_g for each in facts.consignments}
    found: dict[str, int] = {}
    for leg in facts.legs:
        activity = transport_activity_g_m(masses.get(leg.consignment_id, 0), leg.transport_distance_m or 0)
        found[leg.consignment_id] = found.get(leg.consignment_id, 0) + activity
    return found


def _named(load: Sequence[Consignment]) -> str:
    """Name the consignments whose masses are summed."""
    names = [each.consignment_id for each in sorted(load, key=lambda each: each.row)]
    return " + ".join([*names[:_NAMED_MAX], *(["…"] if len(names) > _NAMED_MAX else [])])


def _at_once(
    consignments: Sequence[Consignment], spans: Mapping[str, tuple[int, int]]
) -> Iterator[tuple[Consignment, Consignment]]:
    """Each consignment that departs under another seal before the latest of those that departed earlier has arrived,
    after that one.
    """
    latest: Consignment | None = None
    for each in sorted(consignments, key=lambda each: (spans[each.consignment_id][0], each.row)):
        from_ms, to_ms = spans[each.consignment_id]
        if latest is not None and each.seal_no != latest.seal_no and from_ms < spans[latest.consignment_id][1]:
            yield latest, each
        if latest is None or to_ms > spans[latest.consignment_id][1]:
            latest = each


def _times_on_the_way(legs: Sequence[Leg]) -> dict[str, tuple[int, int]]:
    """When each consignment first departed and last arrived [ms]."""
    spans: dict[str, tuple[int, int]] = {}
    for leg in legs:
        from_ms, to_ms = spans.get(leg.consignment_id, (leg.departed_at_ms, leg.arrived_at_ms))
        spans[leg.consignment_id] = min(from_ms, leg.departed_at_ms), max(to_ms, leg.arrived_at_ms)
    return spans


def _on_board(leg: Leg, legs: Sequence[Leg], consignments: dict[str, Consignment]) -> list[Consignment]:
    """Give the consignments on the truck when a leg departs, each once."""
    under_way = {each.consignment_id for each in legs if each.departed_at_ms <= leg.departed_at_ms < each.arrived_at_ms}
    return [consignments[name] for name in sorted(under_way) if name in consignments]
