"""What the pages of a workspace need to know, worked out from the last run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from h2corridor.app.read_report import LastRun
from h2corridor.console.bars import Outcome, outcome
from h2corridor.console.map_picture import find_map_picture
from h2corridor.console.views import (
    SEVERITIES,
    ShipmentView,
    Words,
    find_outside_note,
    method_name,
    report_title,
    shipment_views,
    signing_note,
    site_name,
    site_names,
)
from h2corridor.model.errors import UsageError
from h2corridor.model.report import Figures, FindingRow, Report, Shipment

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one comparison says of a shipment."""

    name: Words
    kgco2e: str | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentLine:
    """A shipment in the list; `trips` are the ids of the trips whose hydrogen it shares."""

    shipment: Shipment
    origin: Words | None
    destination: Words | None
    differences: tuple[Difference, ...]

    @property
    def trips(self) -> tuple[str, ...]:
        """The trips to highlight with it."""
        return tuple(share.trip_id for share in self.shipment.trip_shares)


def overview(run: LastRun) -> Values:
    """The first page: counts, map, the list of shipments."""
    report, names = run.report, site_names(run.tracks)
    return {
        "run": run,
        "report": report,
        "title": report_title(report),
        "signing_note": signing_note(report),
        "lines": [_line(run, shipment, names) for shipment in report.shipments],
        "stated": sum(shipment.status == "stated" for shipment in report.shipments),
        "severities": {each: sum(f.severity == each for f in report.findings) for each in SEVERITIES},
        "trips": {trip.trip_id: trip for trip in report.trips},
        **_map_values(run),
        "chosen": frozenset(),
        "site": lambda site_id: site_name(site_id, names),
    }


def shipment_detail(run: LastRun, consignment_id: str) -> Values:
    """The page of one shipment.

    Raises
    ------
    UsageError
        `serve.unknown`: there is no such shipment.
    """
    report, names = run.report, site_names(run.tracks)
    shipment = next((each for each in report.shipments if each.consignment_id == consignment_id), None)
    if shipment is None:
        raise UsageError("serve.unknown", f"no shipment is called {consignment_id}.", next_step="Begin at /.")
    view = _one_view(report, shipment)
    return {
        "run": run,
        "view": view,
        "shipment": shipment,
        "line": _line(run, shipment, names),
        "has_derivation": shipment.figure_id in run.figures,
        "findings": _bearing(report, shipment),
        **_map_values(run),
        "chosen": frozenset(share.trip_id for share in shipment.trip_shares),
        "site": lambda site_id: site_name(site_id, names),
    }


def row_view(run: LastRun, query: Mapping[str, str]) -> Values:
    """The page of one received row; what it says is asked for by its script."""
    return {"run": run, "file": query.get("file", ""), "row": query.get("row", "1")}


def _one_view(report: Report, shipment: Shipment) -> ShipmentView:
    """The shipment with its comparisons; its derivation is asked for when it is opened."""
    alone = Report(
        trial=report.trial,
        format=1,
        software=report.software,
        engine=report.engine,
        checkpoint=None,
        trips=(),
        findings=report.findings,
        shipments=(shipment,),
        totals=report.totals,
    )
    return shipment_views(alone, Figures())[0]


def _line(run: LastRun, shipment: Shipment, names: Mapping[str, Words]) -> ShipmentLine:
    origin, destination = run.routes.get(shipment.consignment_id, ("", ""))
    return ShipmentLine(
        shipment=shipment,
        origin=site_name(origin, names) if origin else None,
        destination=site_name(destination, names) if destination else None,
        differences=tuple(
            Difference(name=method_name(each.method), kgco2e=each.difference_kgco2e, outcome=outcome(each))
            for each in shipment.comparisons
        ),
    )


def _bearing(report: Report, shipment: Shipment) -> list[FindingRow]:
    """The findings that bear on a shipment, as the run found them."""
    return [finding for finding in report.findings if finding.finding_id in shipment.finding_ids]


def _map_values(run: LastRun) -> Values:
    picture = find_map_picture(run.tracks)
    return {"map": picture, "outside": find_outside_note(picture)}
