"""A truck's trips and hydrogen computed again from its records and those of the stations it filled at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity import Papers, settle_hydrogen
from h2verify.activity.origin import Delivery, opening_stock_mg
from h2verify.activity.spans import trips_of
from h2verify.activity.values import RecordedFill
from h2verify.chains.forms import Groups, Record
from h2verify.chains.ledger import Ledger
from h2verify.chains.measured import MeasuredTruck, read_truck, span_hydrogen_record, trip_record

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputedTruck:
    """The records `trip` and `span_hydrogen` as they follow from the others, without `closed`."""

    trips: Sequence[Row]
    span_hydrogen: Sequence[Row]


def recompute_truck(groups: Groups | Ledger, truck: str) -> RecomputedTruck:
    """Compute a truck's trips and hydrogen from its records.

    Parameters
    ----------
    groups : at least the trial's, the truck's, and those of the stations at which it filled
    truck : `truck-<n>`

    Raises
    ------
    BundleError
        `activity.group-missing`: one of these groups is not there.
    ValueError
        Records that no measurement gives, such as a span that moved and was never active.
    """
    ledger = groups if isinstance(groups, Ledger) else Ledger(groups)
    measured = read_truck(ledger, f"truck/{truck}")
    _, hydrogen = settle_hydrogen(measured.sums, measured.windows, _papers(ledger, measured))
    return RecomputedTruck(
        trips=[trip_record(trip) for trip in trips_of(measured.sums, measured.stands)],
        span_hydrogen=[span_hydrogen_record(entry) for entry in hydrogen],
    )


def _papers(ledger: Ledger, measured: MeasuredTruck) -> Papers:
    """What reconciliation and origin read of the papers; sites, legs and the period's end count nothing there."""
    stations = sorted({fill["station_id"] for fill in measured.fills})
    openings = {station: _opening_stock_mg(_records(ledger, station, "station_stock")) for station in stations}
    return Papers(
        trucks={measured.truck: measured.register},
        sites=(),
        legs=(),
        fills=[_fill(station, record) for station in stations for record in _records(ledger, station, "station_fill")],
        deliveries=[
            _delivery(station, record) for station in stations for record in _records(ledger, station, "delivery")
        ],
        opening_stock_mg={station: opening for station, opening in openings.items() if opening is not None},
        tank_opening={measured.truck: measured.tank_opening},
        period_start_s=ledger.get_head("trial")["period_start_ms"] // 1000,
        period_end_s=0,
    )


def _opening_stock_mg(stocks: Sequence[Record]) -> int | None:
    return opening_stock_mg((stock["day"], stock["row"], stock["opening_mg"]) for stock in stocks)


def _records(ledger: Ledger, station: str, kind: str) -> Sequence[Record]:
    return ledger.list_records(f"site/{station}", kind)


def _fill(station: str, record: Mapping[str, Any]) -> RecordedFill:
    """A fill as the station's stock sees it; whose truck it was, and until when, counts nothing for its origin."""
    at_s = record["started_at_ms"] // 1000
    return RecordedFill(
        refuelling_id=record["refuelling_id"],
        vin="",
        station_id=station,
        started_at_s=at_s,
        ended_at_s=at_s,
        mass_mg=record["mass_mg"],
    )


def _delivery(station: str, record: Mapping[str, Any]) -> Delivery:
    return Delivery(
        batch_id=record["batch_id"],
        station_id=station,
        delivered_at_s=record["delivered_at_ms"] // 1000,
        mass_mg=record["mass_mg"],
    )
