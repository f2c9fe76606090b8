"""What one record says and another says too must agree.

Records are committed one by one; these tests tie them to each other, so that one that was changed alone is noticed even
where no sum runs over it.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from h2verify.activity.fills import agreement_of
from h2verify.activity.legs import LegService
from h2verify.activity.spans import cut_spans
from h2verify.activity.stands import LEG_SLACK_S
from h2verify.activity.values import Fill, SpanSums, Window
from h2verify.chains.forms import Record
from h2verify.chains.ledger import DISTANCES, Ledger
from h2verify.chains.measured import MeasuredTruck
from h2verify.errors import BundleError


def check_cut(truck: MeasuredTruck) -> None:
    """Refuse spans, sums and services that do not follow from stands and windows.

    Raises
    ------
    BundleError
        `activity.trips`.
    """
    where = f"truck/{truck.truck}"
    sound = all(stand.started_at_s <= stand.ended_at_s for stand in truck.stands)
    _require(sound, "activity.trips", where, "a stand ends before it begins")
    windows = truck.windows
    ends = {truck.truck: {"first_at_s": windows[0].from_s + 1, "last_at_s": windows[-1].to_s}} if windows else {}
    expected = cut_spans(ends, truck.stands, windows)
    same = expected == [entry.span for entry in truck.sums]
    _require(same, "activity.trips", where, "the spans are not those between the stands and windows")
    for entry in truck.sums:
        fault = _sums_fault(entry)
        _require(not fault, "activity.trips", f"{where} span {entry.span.span_no}", fault)
    for service in truck.services:
        fault = _service_fault(service, truck)
        _require(not fault, "activity.trips", f"{where} leg {service.leg.leg_id}", fault)


def check_windows(truck: MeasuredTruck) -> None:
    """Refuse windows that do not follow each other, or whose fills are not those of the records.

    Raises
    ------
    BundleError
        `activity.hydrogen`.
    """
    where = f"truck/{truck.truck}"
    for earlier, later in pairwise(truck.windows):
        follows = (
            later.fill is not None
            and later.fill.before is not None
            and later.tank_start == later.fill.before == earlier.tank_end
            and later.from_s == earlier.to_s == max(later.fill.before.at_s, earlier.from_s)
        )
        _require(follows, "activity.hydrogen", where, f"window {later.window_no} does not follow the one before it")
    fills = {fill["refuelling_id"]: fill for fill in truck.fills}
    seen: set[str] = set()
    for window in truck.windows:
        fault = _window_fault(window, fills, seen)
        _require(not fault, "activity.hydrogen", f"{where} window {window.window_no}", fault)


def check_stations(ledger: Ledger, truck: MeasuredTruck) -> None:
    """Refuse fills of a truck that its stations do not have.

    Raises
    ------
    BundleError
        `activity.hydrogen`.
    """
    names = ("refuelling_id", "started_at_ms", "mass_mg", "row")
    for station in sorted({fill["station_id"] for fill in truck.fills}):
        booked = {_said(fill, names) for fill in ledger.list_records(f"site/{station}", "station_fill")}
        for fill in truck.fills:
            if fill["station_id"] == station:
                _require(
                    _said(fill, names) in booked,
                    "activity.hydrogen",
                    f"site/{station}",
                    f"the station has no fill {fill['refuelling_id']} as the truck has it",
                )


def check_deliveries(ledger: Ledger) -> None:
    """Refuse batches and stations that name different deliveries, among the groups that were asked for.

    Raises
    ------
    BundleError
        `activity.hydrogen`.
    """
    stations = {name.removeprefix("site/") for name in ledger.list_asked("site/")}
    batches = {name.removeprefix("batch/") for name in ledger.list_asked("batch/")}
    by_station = {
        (station, record["batch_id"], record["row"], record["mass_mg"])
        for station in stations
        for record in ledger.list_records(f"site/{station}", "delivery")
        if record["batch_id"] in batches
    }
    by_batch = {
        (record["station_id"], batch, record["row"], record["mass_mg"])
        for batch in batches
        for record in ledger.list_records(f"batch/{batch}", "batch_delivery")
        if record["station_id"] in stations
    }
    differing = sorted(by_station ^ by_batch)
    _require(
        not differing,
        "activity.hydrogen",
        f"batch/{differing[0][1]}" if differing else "",
        "batch and station do not name the same deliveries",
    )


def check_papers(ledger: Ledger, trucks: Sequence[MeasuredTruck]) -> None:
    """Refuse legs that consignments do not list, regions of batches that their sites do not have, and distances above
    those of legs and trips; among the groups that were asked for.

    Raises
    ------
    BundleError
        `activity.chain`.
    """
    consignments = [ledger.get_head(name) for name in ledger.list_asked("consignment/")]
    listed = {each["consignment_id"]: list(each["legs"]) for each in consignments}
    own = [leg for name in listed for leg in ledger.list_records(f"consignment/{name}", "leg")]
    legs = [*own, *(leg for truck in trucks for leg in truck.legs)]
    for name, ids in listed.items():
        mine = sorted((leg for leg in legs if leg["consignment_id"] == name), key=_sequence)
        known = [leg["leg_id"] for leg in mine]
        chosen = set(known)
        where = f"consignment/{name}"
        same = known == [leg_id for leg_id in ids if leg_id in chosen] and len(set(ids)) == len(ids)
        _require(same, "activity.chain", where, "the legs are not those listed, in order")
    for name in ledger.list_asked("batch/"):
        batch = ledger.get_head(name)
        if f"site/{batch['site_id']}" in ledger.asked:
            region = ledger.get_site(batch["site_id"])["grid_region"]
            _require(region == batch["site_grid_region"], "activity.chain", name, "its site has another grid region")
    _check_distances(ledger, legs, trucks)


def _check_distances(ledger: Ledger, legs: Sequence[Record], trucks: Sequence[MeasuredTruck]) -> None:
    known = {tuple(record["sites"]): record for record in ledger.list_records(DISTANCES, "distance")}
    said = [
        ("transport_mm", leg["origin_site"], leg["destination_site"], leg["transport_distance_m"] * 1000)
        for leg in legs
        if leg["mode"] == "road" and leg["transport_distance_m"] is not None
    ]
    said += [
        ("driven_mm", trip["origin_site"], trip["destination_site"], trip["distance_mm"])
        for truck in trucks
        for trip in truck.trips
        if trip["origin_site"] and trip["destination_site"] and trip["distance_mm"] is not None
    ]
    for name, origin, destination, length_mm in said:
        least = known.get(tuple(sorted((origin, destination))), {}).get(name)
        fault = f"{name} between {origin} and {destination} is above {length_mm}, or not there"
        _require(least is not None and least <= length_mm, "activity.chain", DISTANCES, fault)


def _sums_fault(entry: SpanSums) -> str:
    span = entry.span
    first, last = entry.first_at_s, entry.last_at_s
    begun, ended = entry.first_active_s, entry.last_active_s
    if (
        (first is None) != (entry.readings == 0)
        or (first is None) != (last is None)
        or (begun is None) != (ended is None)
    ):
        return "readings and their first and last instants do not agree"
    if first is not None and last is not None and not span.from_s < first <= last <= span.to_s:
        return "its readings lie outside it"
    if (
        begun is not None
        and ended is not None
        and not (first is not None and last is not None and first <= begun <= ended <= last)
    ):
        return "it was active when it had no readings"
    if entry.moving_readings > entry.readings or (entry.moving_readings > 0 and begun is None):
        return "it moved and was never active"
    return ""


def _service_fault(service: LegService, truck: MeasuredTruck) -> str:
    """Say why no truck whose stands these are can have served the leg with these trips."""
    segments = [trip["segment_no"] for trip in truck.trips]
    names = [trip["trip_id"] for trip in truck.trips]
    if (service.fault is None) != bool(service.trip_ids):
        return "a leg has trips or says why not"
    if not service.trip_ids:
        return ""
    start = names.index(service.trip_ids[0])
    end = start + len(service.trip_ids)
    if tuple(names[start:end]) != service.trip_ids:
        return "its trips do not follow each other"
    before = segments[start - 1] if start else 0
    after = segments[end] if end < len(segments) else len(truck.stands)
    left = [
        number
        for number, stand in enumerate(truck.stands)
        if abs(stand.ended_at_s - service.leg.departed_at_s) <= LEG_SLACK_S and before <= number < segments[start]
    ]
    came = [
        number
        for number, stand in enumerate(truck.stands)
        if abs(stand.started_at_s - service.leg.arrived_at_s) <= LEG_SLACK_S and segments[end - 1] <= number < after
    ]
    return "" if left and came else "its truck did not stand before and after these trips when the leg says"


def _window_fault(window: Window, fills: dict[str, Any], seen: set[str]) -> str:
    if window.fill is not None:
        if window.window_no == 0 or window.fill.before is None:
            return "the first window has no fill, and a fill has a look into the tank before it"
        if window.fill.agreement != agreement_of(
            window.fill.booked_mg if window.fill.refuelling_ids else None, window.fill.rise_mg
        ):
            return "what its fill booked and the rise it saw do not agree as it says"
    if any(
        fill.agreement != "unseen"
        or fill.before is not None
        or fill.rise_mg is not None
        or not fill.refuelling_ids
        or not window.from_s < fill.started_at_s <= window.to_s
        for fill in window.unseen
    ):
        return "an unseen fill lies outside it, or was seen"
    for fill in (*((window.fill,) if window.fill else ()), *window.unseen):
        fault = _fill_fault(fill, fills, seen)
        if fault:
            return fault
    return ""


def _fill_fault(fill: Fill, fills: dict[str, Any], seen: set[str]) -> str:
    if any(name not in fills or name in seen for name in fill.refuelling_ids):
        return "it has a fill that is not booked, or twice"
    if len(set(fill.refuelling_ids)) != len(fill.refuelling_ids):
        return "it has a fill twice"
    seen.update(fill.refuelling_ids)
    booked = [fills[name] for name in fill.refuelling_ids]
    if not booked:
        return "" if fill.booked_mg == 0 else "it has booked mass without a fill"
    same = (
        fill.booked_mg == sum(each["mass_mg"] for each in booked)
        and fill.started_at_s == min(each["started_at_ms"] // 1000 for each in booked)
        and fill.ended_at_s == max(each["ended_at_ms"] // 1000 for each in booked)
    )
    return "" if same else "its fill is not the sum of those booked"


def _said(record: Record, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(record[name] for name in names)


def _sequence(leg: Record) -> tuple[int, int]:
    return leg["sequence"], leg["row"]


def _require(holds: bool, code: str, where: str, fault: str) -> None:
    if not holds:
        raise BundleError(code, f"{fault}.", where=where)
