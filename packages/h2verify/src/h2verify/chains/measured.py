"""Stands, windows, spans, services, trips and hydrogen of a truck as activity records, and read back.

In records a truck is `truck-<n>`, and so in the values read from them; a trip's id is its truck's and its number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from h2verify.activity.legs import LegService
from h2verify.activity.origin import Mix
from h2verify.activity.values import (
    Fill,
    RoadLeg,
    Span,
    SpanHydrogen,
    SpanSums,
    Stand,
    TankState,
    TruckRegister,
    Window,
)
from h2verify.chains.forms import FORMS, Record
from h2verify.chains.ledger import Ledger

Row = dict[str, Any]
SPAN_FIELDS = tuple(each.name for each in fields(Span) if each.name != "vin")
SUM_FIELDS = tuple(each.name for each in fields(SpanSums) if each.name != "span")
TRIP_FIELDS = tuple(FORMS["trip"].fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTruck:
    """What the records of one truck say that was measured; `legs` and `fills` are records."""

    truck: str
    register: TruckRegister
    tank_opening: Mix
    legs: Sequence[Record]
    fills: Sequence[Record]
    stands: Sequence[Stand]
    windows: Sequence[Window]
    sums: Sequence[SpanSums]
    services: Sequence[LegService]
    trips: Sequence[Row]
    hydrogen: Sequence[SpanHydrogen]


def read_truck(ledger: Ledger, group: str) -> MeasuredTruck:
    """Read a truck's group; records of the right form are taken as they are, sense is tested elsewhere."""

    def records(kind: str) -> Sequence[Record]:
        return ledger.list_records(group, kind)

    head = ledger.get_head(group)
    truck = head["truck"]
    sums = [_sums(truck, record) for record in records("span")]
    spans = {entry.span.span_no: entry.span for entry in sums}
    road_legs = {leg["leg_id"]: _road_leg(truck, leg) for leg in records("leg")}
    return MeasuredTruck(
        truck=truck,
        register=TruckRegister(
            vin=truck,
            edition=head["edition"],
            stack_count=head["stack_count"],
            cells=head["cells_per_stack"],
            tank_volume_ml=head["tank_volume_ml"],
        ),
        tank_opening=_tank_opening(records("tank_opening")),
        legs=records("leg"),
        fills=records("fill"),
        stands=[_stand(truck, record) for record in records("stand")],
        windows=[_window(truck, record) for record in records("window")],
        sums=sums,
        services=[
            LegService(
                leg=road_legs[record["leg_id"]],
                trip_ids=tuple(trip_id(truck, number) for number in record["trips"]),
                fault=record["fault"],
            )
            for record in records("service")
        ],
        trips=[trip_row(truck, record) for record in records("trip")],
        hydrogen=[
            SpanHydrogen(
                span=spans[record["span_no"]],
                used_mg=record["used_mg"],
                by_origin=tuple((origin, mass) for origin, mass in record["by_origin"]),
            )
            for record in records("span_hydrogen")
        ],
    )


def trip_id(truck: str, number: int) -> str:
    """The id of a truck's trip."""
    return f"{truck}-{number:04d}"


def trip_row(truck: str, record: Record) -> Row:
    """A record `trip` as a row of the `trips` table."""
    named = {"trip_id": trip_id(truck, record["trip_no"]), "vin": truck}
    return named | {name: record[name] for name in TRIP_FIELDS}


def stand_record(stand: Stand) -> Row:
    """A stand as a record, its place left out."""
    return _record(
        "stand",
        started_at_s=stand.started_at_s,
        ended_at_s=stand.ended_at_s,
        split_at_s=stand.split_at_s,
        site_id=stand.site_id,
        open_ended=stand.open_ended,
    )


def window_record(window: Window) -> Row:
    """A window as a record."""
    return _record(
        "window",
        window_no=window.window_no,
        from_s=window.from_s,
        to_s=window.to_s,
        fill=None if window.fill is None else _fill_object(window.fill),
        tank_start=_look_object(window.tank_start),
        tank_end=_look_object(window.tank_end),
        unseen=[_fill_object(fill) for fill in window.unseen],
    )


def span_record(sums: SpanSums) -> Row:
    """A span with the sums of its readings as a record."""
    when = {name: getattr(sums.span, name) for name in SPAN_FIELDS}
    return _record("span", **when, **{name: getattr(sums, name) for name in SUM_FIELDS})


def service_record(service: LegService) -> Row:
    """The trips that served a leg as a record."""
    numbers = [int(trip_id.rpartition("-")[2]) for trip_id in service.trip_ids]
    return _record("service", leg_id=service.leg.leg_id, trips=numbers, fault=service.fault)


def trip_record(trip: Mapping[str, Any]) -> Row:
    """A row of the `trips` table as a record, its truck left out."""
    return _record("trip", **{name: trip[name] for name in TRIP_FIELDS})


def span_hydrogen_record(entry: SpanHydrogen) -> Row:
    """A span's hydrogen by origin as a record."""
    by_origin = [[origin, mass] for origin, mass in entry.by_origin]
    return _record("span_hydrogen", span_no=entry.span.span_no, used_mg=entry.used_mg, by_origin=by_origin)


def _record(kind: str, **values: Any) -> Row:
    return {"kind": kind, **values}


def _fill_object(fill: Fill) -> Row:
    return {
        "started_at_s": fill.started_at_s,
        "ended_at_s": fill.ended_at_s,
        "refuelling_ids": list(fill.refuelling_ids),
        "booked_mg": fill.booked_mg,
        "rise_mg": fill.rise_mg,
        "before": _look_object(fill.before),
        "agreement": fill.agreement,
    }


def _look_object(look: TankState | None) -> Row | None:
    return None if look is None else {"at_s": look.at_s, "mass_mg": look.mass_mg}


def _sums(truck: str, record: Record) -> SpanSums:
    span = Span(vin=truck, **{name: record[name] for name in SPAN_FIELDS})
    return SpanSums(span=span, **{name: record[name] for name in SUM_FIELDS})


def _road_leg(truck: str, record: Record) -> RoadLeg:
    return RoadLeg(
        leg_id=record["leg_id"],
        vin=truck,
        origin_site=record["origin_site"],
        destination_site=record["destination_site"],
        departed_at_s=record["departed_at_ms"] // 1000,
        arrived_at_s=record["arrived_at_ms"] // 1000,
    )


def _tank_opening(records: Sequence[Record]) -> Mix:
    opening: Mix = {}
    for record in records:
        origin = f"{record['batch_id']}@" if record["batch_id"] else ""
        opening[origin] = opening.get(origin, 0) + record["mass_mg"]
    return opening


def _stand(truck: str, record: Record) -> Stand:
    return Stand(
        vin=truck,
        started_at_s=record["started_at_s"],
        ended_at_s=record["ended_at_s"],
        split_at_s=record["split_at_s"],
        site_id=record["site_id"],
        longitude_e6=None,
        latitude_e6=None,
        open_ended=record["open_ended"],
    )


def _window(truck: str, record: Record) -> Window:
    return Window(
        vin=truck,
        window_no=record["window_no"],
        from_s=record["from_s"],
        to_s=record["to_s"],
        fill=None if record["fill"] is None else _fill(truck, record["fill"]),
        tank_start=_look(record["tank_start"]),
        tank_end=_look(record["tank_end"]),
        unseen=tuple(_fill(truck, each) for each in record["unseen"]),
    )


def _fill(truck: str, said: Record) -> Fill:
    return Fill(
        vin=truck,
        started_at_s=said["started_at_s"],
        ended_at_s=said["ended_at_s"],
        refuelling_ids=tuple(said["refuelling_ids"]),
        booked_mg=said["booked_mg"],
        rise_mg=said["rise_mg"],
        before=_look(said["before"]),
        agreement=said["agreement"],
    )


def _look(said: Record | None) -> TankState | None:
    return None if said is None else TankState(at_s=said["at_s"], mass_mg=said["mass_mg"])
