"""Checks of jumps between fixes: single ones, excursions, two trucks under one VIN, a datum that is not the one said.

A jump there and a jump back are one excursion. Jumps there and back again and again are two places at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity.stands import GCJ02
from h2verify.geodesy import great_circle_mm, wgs84_from_gcj02
from msgspec import structs

from h2corridor.model.findings import Finding
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.runs import ROWS_APART_MAX
from h2corridor.quality.texts import decimal_text, instant_text

Jump = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """Thresholds of the catalogue: of turns between two places, and of a jump to another datum."""

    jumps_min: int
    turn_s: int
    pause_s: int
    offset_mm: int
    course_mm: int


DAY_S = 86_400
"""Where one jump undoes the other they may lie further apart than others, by a day; a stretch in another datum may be
longer.
"""
DRIVEN_MM_S = 25_000
_OF_TWO_ODOMETERS = frozenset({"odometer.jump", "odometer.reset"})


@check("position.jump")
def position_jump(evidence: Evidence) -> Iterable[Finding]:
    """Jumps that nothing explains."""
    limits = _limits(evidence)
    for jumps in _chains(evidence.jumps, limits):
        if len(jumps) < limits.jumps_min and not _is_datum(jumps[0], limits):
            yield _of_jumps("position.jump", jumps, jump_km=decimal_text(_off_mm(jumps[0]), 6)[:-3])


@check("position.datum")
def other_datum(evidence: Evidence) -> Iterable[Finding]:
    """Stretches in GCJ-02 that say WGS84, or the reverse: they begin and end with the jump between the two, or change
    what they say without it.
    """
    limits = _limits(evidence)
    for jumps in _chains(evidence.jumps, limits):
        if len(jumps) < limits.jumps_min and _is_datum(jumps[0], limits):
            yield _of_jumps("position.datum", jumps)
    for changes in _wrong_changes(evidence.jumps):
        yield _of_jumps("position.datum", changes)


@check("identity.two-places")
def two_places(evidence: Evidence) -> Iterable[Finding]:
    """Trucks that are in two places by turns: two terminals send under one VIN."""
    limits = _limits(evidence)
    for jumps in _chains(evidence.jumps, limits):
        if len(jumps) >= limits.jumps_min:
            params = {"count": str(len(jumps)), "apart_km": decimal_text(_length_mm(jumps[0]), 6)[:-3]}
            yield _of_jumps("identity.two-places", jumps, **params)


def explain_odometers(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those of odometers that two terminals under one VIN explain as info."""
    places = [each for each in findings if each.check == "identity.two-places"]
    return [
        structs.replace(each, severity="info") if any(_explains(place, each) for place in places) else each
        for each in findings
    ]


def _explains(place: Finding, odometer: Finding) -> bool:
    """Whether steps of an odometer lie, but for the rows on both sides, where a truck is in two places."""
    if odometer.check not in _OF_TWO_ODOMETERS or (place.vin, place.file) != (odometer.vin, odometer.file):
        return False
    first, last = (place.row or 0) - ROWS_APART_MAX, (place.last_row or place.row or 0) + ROWS_APART_MAX
    return first <= (odometer.row or 0) and (odometer.last_row or odometer.row or 0) <= last


def _limits(evidence: Evidence) -> _Limits:
    return _Limits(
        jumps_min=int(evidence.threshold("identity.two-places", "jumps_count_min")),
        turn_s=int(evidence.threshold("identity.two-places", "turn_s_max")),
        pause_s=int(evidence.threshold("identity.two-places", "pause_s_max")),
        offset_mm=int(evidence.threshold("position.datum", "offset_m_max")) * 1000,
        course_mm=int(evidence.threshold("position.datum", "course_m_max")) * 1000,
    )


def _chains(jumps: Sequence[Jump], limits: _Limits) -> Iterator[Sequence[Jump]]:
    """Jumps within one datum that lead back to where the one before them began, together."""
    chain: list[Jump] = []
    for jump in jumps:
        if _is_change(jump):
            continue
        is_back = len(chain) % 2 == 0
        if chain and (
            not _leads_back(chain[-1], jump, limits) or (is_back and jump["at_s"] - chain[-1]["at_s"] > limits.turn_s)
        ):
            yield chain
            chain = []
        chain.append(jump)
    if chain:
        yield chain


def _wrong_changes(jumps: Sequence[Jump]) -> Iterator[Sequence[Jump]]:
    """Steps to GCJ-02 and back at which the positions stay where they were as received; there and back together."""
    chain: list[Jump] = []
    for jump in jumps:
        if not _is_change(jump) or _shows_shift(jump):
            continue
        if chain and (chain[-1]["vin"] != jump["vin"] or chain[-1]["coordinate_system"] != GCJ02):
            yield chain
            chain = []
        chain.append(jump)
    if chain:
        yield chain


def _is_change(jump: Jump) -> bool:
    """Whether a step leads from one datum to another, as the frames say."""
    return bool(jump["coordinate_system"] != jump["coordinate_system_before"])


def _shows_shift(jump: Jump) -> bool:
    """Whether a step from one datum to another ends nearer to where the shift between the two leads than to where it
    would without.
    """
    course, fix = _course(jump), _fix(jump)
    if jump["coordinate_system"] == GCJ02:
        shifted_mm = great_circle_mm(*wgs84_from_gcj02(*fix), *course)
    else:
        shifted_mm = great_circle_mm(*fix, *wgs84_from_gcj02(*course))
    return shifted_mm <= great_circle_mm(*fix, *course)


def _leads_back(jump: Jump, after: Jump, limits: _Limits) -> bool:
    """Whether a jump ends where the one before it began, or as near as what was driven in between lets it."""
    if jump["vin"] != after["vin"]:
        return False
    if after["at_s"] - jump["at_s"] <= DAY_S and _is_undone(jump, after):
        return True
    if after["at_s"] - jump["at_s"] > limits.pause_s:
        return _is_datum(jump, limits) and _is_datum(after, limits)
    went_mm = _length_mm(jump)
    driven_mm = great_circle_mm(*_fix(jump), *_fix(after, "_before"))
    left_mm = great_circle_mm(*_fix(jump, "_before"), *_fix(after))
    return left_mm < went_mm // 2 + driven_mm + driven_mm // 2


def _is_undone(jump: Jump, after: Jump) -> bool:
    """Whether a jump off where the truck was going is the reverse of the one before it."""
    if jump["off_east_e6"] is None or after["off_east_e6"] is None:
        return False
    off_mm = great_circle_mm(*_fix(jump), *_course(jump))
    there = jump["longitude_e6"] + after["off_east_e6"], jump["latitude_e6"] + after["off_north_e6"]
    return great_circle_mm(*there, *_course(jump)) < off_mm // 2


def _course(jump: Jump) -> tuple[int, int]:
    """Where the truck was going."""
    return jump["longitude_e6"] - jump["off_east_e6"], jump["latitude_e6"] - jump["off_north_e6"]


def _is_datum(jump: Jump, limits: _Limits) -> bool:
    """Whether the jump is what changing between WGS84 and GCJ-02 gives at this place."""
    if jump["off_east_e6"] is None:
        expected, slack_mm = _fix(jump, "_before"), int(jump["at_s"] - jump["at_s_before"]) * DRIVEN_MM_S
    else:
        expected, slack_mm = _course(jump), limits.course_mm
    there = great_circle_mm(*wgs84_from_gcj02(*_fix(jump)), *expected)
    back = great_circle_mm(*_fix(jump), *wgs84_from_gcj02(*expected))
    off_mm = great_circle_mm(*_fix(jump), *expected)
    return min(there, back) < min(off_mm // 2, limits.offset_mm + slack_mm)


def _length_mm(jump: Jump) -> int:
    return great_circle_mm(*_fix(jump, "_before"), *_fix(jump))


def _off_mm(jump: Jump) -> int:
    """How far a jump ends from where the truck was going, or, where nothing tells, from where it was."""
    return _length_mm(jump) if jump["off_east_e6"] is None else great_circle_mm(*_fix(jump), *_course(jump))


def _fix(jump: Jump, side: str = "") -> tuple[int, int]:
    return jump[f"longitude_e6{side}"], jump[f"latitude_e6{side}"]


def _of_jumps(code: str, jumps: Sequence[Jump], **params: str) -> Finding:
    """Place a single jump at the rows on both sides, an excursion at the rows of it."""
    first, last = jumps[0], jumps[-1]
    if len(jumps) == 1:
        rows = [first["row"]] + [first["row_before"]] * (first["file_before"] == first["file"])
    else:
        rows = [first["row"]] + [last["row_before"]] * (last["file_before"] == first["file"])
    single = min(rows) == max(rows)
    return Finding(
        check=code,
        file=first["file"],
        row=min(rows),
        last_row=None if single else max(rows),
        vin=first["vin"],
        at=instant_text(first["at_s"]),
        params=params,
    )
