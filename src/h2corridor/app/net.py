"""The net of a trial's period, from its finished report and the tables of its trucks."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
from h2verify.errors import BundleError
from h2verify.papers import read_standing

from h2corridor.accounting.net import Net, ShipmentDifference, TripReading, TruckReading, UnservedTrip, net_of_period
from h2corridor.app.read_report import read_documents
from h2corridor.model.errors import UsageError
from h2corridor.model.report import Comparison, Report, Shipment, Trip, decode_report
from h2corridor.store.files import Workspace

METHOD = "same-service-diesel"
_VEHICLES = "vehicles.csv"
_STATED = re.compile(r"(?P<id>.+)=(?P<value>-?[0-9]{1,15}(\.[0-9]{1,12})?)")
_Reading = Mapping[str, int | None]


class TrialNet(msgspec.Struct, frozen=True, kw_only=True):
    """The net of a trial by one rule set and method, and the period it is of."""

    trial: str
    period_start: str | None
    period_end: str | None
    rule_set: str
    method: str
    net: Net


def net_trial(workspace: Path, *, method: str = METHOD, stated: Sequence[str] = ()) -> TrialNet:
    """The net of the trial whose report stands in a workspace, by the report's first rule set.

    Parameters
    ----------
    method : str
        A comparison of the report that counts the project well to wheel.
    stated : sequence of str
        `CONSIGNMENT=KGCO2E`: what counts for a shipment whose difference was not computed; never above zero.

    Raises
    ------
    WorkspaceError
        The folder is no workspace, or has no report yet.
    UsageError
        `net.method`: the report does not compare by it, or it counts the project otherwise. `net.stated`: a stated
        value is above zero, or of no shipment that lacks one.
    """
    report = decode_report(read_documents(workspace)["report.json"])
    rule_set = report.shipments[0].rule_set if report.shipments else ""
    shipments = [each for each in report.shipments if each.rule_set == rule_set]
    compared = {each.consignment_id: _find_comparison(each, method) for each in shipments}
    _require_method(shipments, compared, method)
    values = _read_stated(stated, compared)
    opened = Workspace.open(workspace)
    return TrialNet(
        trial=report.trial,
        period_start=report.period_start,
        period_end=report.period_end,
        rule_set=rule_set,
        method=method,
        net=net_of_period(
            [_difference(each, compared[each.consignment_id], values) for each in shipments],
            _unserved(report, shipments),
            _trucks(report, opened),
        ),
    )


def _find_comparison(shipment: Shipment, method: str) -> Comparison | None:
    return next((each for each in shipment.comparisons if each.method == method), None)


def _require_method(shipments: Sequence[Shipment], compared: Mapping[str, Comparison | None], method: str) -> None:
    """Refuse a method that the report does not have, or whose project side is not the figure of the shipment: trips
    that served nobody have no other."""
    known = sorted({each.method for shipment in shipments for each in shipment.comparisons})
    if shipments and method not in known:
        fault = f"the report does not compare by {method}."
        raise UsageError("net.method", fault, next_step=f"It compares by: {', '.join(known) or 'nothing'}.")
    for shipment in shipments:
        found = compared[shipment.consignment_id]
        if found and found.project_kgco2e is not None and found.project_kgco2e != shipment.wtw_kgco2e:
            fault = f"{method} does not count the project well to wheel, as trips that served nobody are counted."
            raise UsageError("net.method", fault, next_step=f"Choose a method that does, as {METHOD}.")


def _read_stated(stated: Sequence[str], compared: Mapping[str, Comparison | None]) -> dict[str, Decimal]:
    open_ones = [name for name, found in compared.items() if found is None or found.difference_kgco2e is None]
    values: dict[str, Decimal] = {}
    for text in stated:
        match = _STATED.fullmatch(text)
        if match is None or match["id"] not in open_ones or match["id"] in values or Decimal(match["value"]) > 0:
            fault = f"expected CONSIGNMENT=KGCO2E, at most zero, once for a shipment without a figure, came {text}."
            next_step = f"Without a figure are: {', '.join(open_ones) or 'none'}."
            raise UsageError("net.stated", fault, next_step=next_step)
        values[match["id"]] = Decimal(match["value"])
    return values


def _difference(shipment: Shipment, found: Comparison | None, stated: Mapping[str, Decimal]) -> ShipmentDifference:
    value = None if found is None or found.difference_kgco2e is None else Decimal(found.difference_kgco2e)
    is_stated = shipment.status == "stated" and found is not None and found.status == "stated"
    why_zh, why_en = (None, None) if is_stated else _why(shipment, found)
    return ShipmentDifference(
        consignment_id=shipment.consignment_id,
        is_stated=is_stated,
        difference_kgco2e=value,
        stated_kgco2e=stated.get(shipment.consignment_id),
        why_zh=why_zh,
        why_en=why_en,
    )


def _why(shipment: Shipment, found: Comparison | None) -> tuple[str | None, str | None]:
    """Why a difference does not count as it is: what withholds the statement, else what the comparison says."""
    if shipment.why:
        zh, en = shipment.why_zh or shipment.why, shipment.why
        return "；".join(each.rstrip("。") for each in zh), "; ".join(each.rstrip(".") for each in en)
    return (None, None) if found is None else (found.why_zh or found.why, found.why_en or found.why)


def _unserved(report: Report, shipments: Iterable[Shipment]) -> Iterator[UnservedTrip]:
    """Trips of whose hydrogen shipments do not carry all; a trip that used none and served nobody emitted nothing.

    Where shipments carry more than a trip used, what it emitted beside them is not known: never a gain.
    """
    carried: dict[str, Decimal] = defaultdict(Decimal)
    for shipment in shipments:
        for share in shipment.trip_shares:
            carried[share.trip_id] += Decimal(share.hydrogen_used_kg)
    for trip in report.trips:
        used = None if trip.hydrogen_used_kg is None else Decimal(trip.hydrogen_used_kg)
        left = None if used is None else used - carried[trip.trip_id]
        if left == 0:
            continue
        emitted = None if trip.wtw_kgco2e is None or not used or left is None else Decimal(trip.wtw_kgco2e)
        part = None if emitted is None or not used or left is None or left < 0 else emitted * left / used
        yield UnservedTrip(trip_id=trip.trip_id, vin=trip.vin, project_kgco2e=part)


def _trucks(report: Report, workspace: Workspace) -> Iterator[TruckReading]:
    """Every registered truck, and every other one of which the report has a trip."""
    trips: dict[str, list[Trip]] = defaultdict(list)
    for trip in report.trips:
        trips[trip.vin].append(trip)
    for vin in sorted({*_registered(workspace), *trips}):
        readings = _readings(workspace.tables_path / "trucks" / f"{vin}.readings.parquet")
        first, last = _ends(readings)
        yield TruckReading(
            vin=vin,
            first_steps=first,
            last_steps=last,
            resolution_steps=_resolution(readings),
            trips=tuple(_trip(trip, readings) for trip in sorted(trips[vin], key=lambda each: each.started_at)),
        )


def _registered(workspace: Workspace) -> set[str]:
    receipts = [receipt for receipt in workspace.list_receipts() if receipt.manifest.path == _VEHICLES]
    if not receipts:
        return set()
    try:
        return {row["vin"] for row in read_standing(_VEHICLES, workspace.read_records(receipts[-1]))}
    except BundleError:  # a table without header, received by a run that then refused it
        return set()


def _readings(path: Path) -> list[_Reading]:
    """A truck's readings in order of time; none where it sent nothing that counts."""
    if not path.is_file():
        return []
    columns = ["seq", "at_s", "odometer", "odometer_unit"]
    return sorted(pq.read_table(path, columns=columns).to_pylist(), key=lambda each: int(each["seq"]))


def _trip(trip: Trip, readings: Iterable[_Reading]) -> TripReading:
    start, end = (int(datetime.fromisoformat(each).timestamp()) for each in (trip.started_at, trip.ended_at))
    first, last = _ends([each for each in readings if start <= (each["at_s"] or 0) <= end])
    distance = None if trip.distance_km is None else Decimal(trip.distance_km)
    return TripReading(trip_id=trip.trip_id, distance_km=distance, first_steps=first, last_steps=last)


def _resolution(readings: Sequence[_Reading]) -> int:
    """How many steps an odometer advances at once: whole kilometres only where every reading lies whole kilometres from
    the first, else one step."""
    said = [each["odometer"] for each in readings if each["odometer"] is not None]
    unit = max((each["odometer_unit"] or 1 for each in readings), default=1)
    return unit if all((each - said[0]) % unit == 0 for each in said) else 1


def _ends(readings: Sequence[_Reading]) -> tuple[int | None, int | None]:
    """The first and the last odometer that a truck said."""
    said = [each["odometer"] for each in readings if each["odometer"] is not None]
    return (said[0], said[-1]) if said else (None, None)
