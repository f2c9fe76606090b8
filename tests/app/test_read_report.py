"""The last run as it is read for showing: whole, and again when it has changed."""

from pathlib import Path

import pytest

from h2corridor.app.read_report import ReportReader, _routes, read_documents
from h2corridor.app.trace import _csv_cells, read_row, trace_trip, trace_truck_trips
from h2corridor.model.errors import UsageError, WorkspaceError
from h2corridor.store.files import Workspace


def test_the_last_run_has_its_figures_and_where_each_consignment_goes(demo_workspace: Path) -> None:
    run = ReportReader(demo_workspace).find()

    assert run is not None
    assert {shipment.figure_id for shipment in run.report.shipments} == run.figures.keys()
    assert {shipment.consignment_id for shipment in run.report.shipments} == run.routes.keys()
    assert {("FR-DRYPORT", "FR-ZUNYI")} == set(run.routes.values())
    assert read_documents(demo_workspace) == run.documents


def test_a_run_is_read_once_and_again_when_it_has_changed(demo_workspace: Path, tmp_path: Path) -> None:
    Workspace.create_or_open(tmp_path / "w", now_ms=0, software="test").close()
    reader, folder = ReportReader(tmp_path / "w"), tmp_path / "w" / "report"
    before = reader.find()
    folder.mkdir(exist_ok=True)
    (folder / "report.json").write_bytes((demo_workspace / "report" / "report.json").read_bytes())
    first, same = reader.find(), reader.find()
    (folder / "tracks.json").write_bytes((demo_workspace / "report" / "tracks.json").read_bytes())
    second = reader.find()

    assert before is None
    assert first is same
    assert first is not None and second is not None
    assert (first.tracks, len(second.tracks.trips if second.tracks else ())) == (None, len(first.report.trips))


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        ReportReader(tmp_path).find()


@pytest.mark.parametrize("trip", ["none", ""])
def test_an_unknown_trip_is_refused(demo_workspace: Path, trip: str) -> None:
    with pytest.raises(UsageError, match=r"trace\.unknown"):
        trace_trip(demo_workspace, trip)


@pytest.mark.parametrize(("file", "row"), [("legs.csv", 0), ("legs.csv", 10_000), ("absent.csv", 1)])
def test_an_unknown_row_is_refused(demo_workspace: Path, file: str, row: int) -> None:
    with pytest.raises(UsageError, match=r"trace\.unknown"):
        read_row(demo_workspace, file, row)


def test_a_trips_rows_hold_its_readings(demo_workspace: Path) -> None:
    run = ReportReader(demo_workspace).find()
    assert run is not None
    found = [trace_trip(demo_workspace, trip.trip_id) for trip in run.report.trips]
    edges = [
        read_row(demo_workspace, rows["file"], rows[edge])
        for trip in found
        for rows in trip["rows"]
        for edge in ("row", "last_row")
    ]

    assert [[trip["trip_id"]] for trip in found for _ in trip["rows"] for _ in range(2)] == [
        edge["trips"] for edge in edges
    ]
    assert all(edge["frame"]["verdict"] == "accept" for edge in edges)


def test_trips_of_a_truck_are_only_those_that_the_figure_shares(demo_workspace: Path) -> None:
    run = ReportReader(demo_workspace).find()
    assert run is not None
    shipment = run.report.shipments[0]
    found = trace_truck_trips(demo_workspace, str(shipment.figure_id), 1)

    assert [share.trip_id for share in shipment.trip_shares] == [trip["trip_id"] for trip in found]
    with pytest.raises(UsageError, match=r"trace\.unknown"):
        trace_truck_trips(demo_workspace, str(shipment.figure_id), 99)


@pytest.mark.parametrize(
    ("content", "routes"),
    [
        (
            b"consignment_id,mass_kg,origin_site,destination_site,goods\nC,1,A,B,\nD,1,A,B," + b"x" * 140_000,
            {"C": ("A", "B")},
        ),
        (b'\n"', {}),
    ],
    ids=["a cell beyond the limit of the csv reader", "no header"],
)
def test_consignments_that_a_run_set_aside_or_refused_have_no_route(
    tmp_path: Path, content: bytes, routes: dict[str, tuple[str, str]]
) -> None:
    (tmp_path / "source").write_bytes(content)
    with Workspace.create_or_open(tmp_path / "w", now_ms=0, software="test") as workspace:
        workspace.receive("consignments.csv", tmp_path / "source", now_ms=0, file_salt=lambda *_: bytes(32))

        assert routes == _routes(workspace)


@pytest.mark.parametrize("cell", ["2424" * 40_000, '"open', "a\rb", '"' + "x" * 140_000 + '"'])
def test_a_row_is_cut_into_cells_whatever_stands_in_it(cell: str) -> None:
    assert 2 == len(_csv_cells(f"2026-03-02T08:15:30+08:00,{cell}\n".encode()))
