"""A figure down to files and rows, and a row up to the figures that rest on it."""

import csv
import gzip
import hashlib
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from h2corridor.app.trace import trace
from h2corridor.model.errors import UsageError, WorkspaceError
from h2corridor.model.report import Report, Shipment

Run = tuple[Report, Path]


def _stated(report: Report) -> Shipment:
    return next(shipment for shipment in report.shipments if shipment.figure_id)


def _traced_rows(run: Run) -> dict[str, list[tuple[str, int, int, int]]]:
    found = trace(run[1], str(_stated(run[0]).figure_id))
    return {
        trip["trip_id"]: [(rows["file"], rows["row"], rows["last_row"], rows["readings"]) for rows in trip["rows"]]
        for trip in found["trips"]
    }


def test_a_figure_is_traced_to_its_trips_papers_and_files(first_run: Run, trials_dir: Path) -> None:
    shipment = _stated(first_run[0])
    found = trace(first_run[1], str(shipment.figure_id))

    assert (shipment.consignment_id, shipment.wtw_kgco2e) == (found["consignment_id"], found["wtw_kgco2e"])
    assert [share.trip_id for share in shipment.trip_shares] == [trip["trip_id"] for trip in found["trips"]]
    assert {"consignments.csv", "legs.csv", "refuellings.csv", "hydrogen_batches.csv"} <= {
        reference.partition("#")[0] for reference in found["papers"]
    }
    for file in found["files"]:
        received = (trials_dir / "first-run" / file["path"]).read_bytes()
        assert (hashlib.sha256(received).hexdigest(), len(received)) == (file["sha256"], file["size"])
        assert file["leaf_index"] is not None
    assert len(found["files"]) >= 5


def test_the_rows_of_a_trip_are_rows_of_its_truck_received_while_it_drove(first_run: Run, trials_dir: Path) -> None:
    trips = {trip.trip_id: trip for trip in first_run[0].trips}
    traced = _traced_rows(first_run)

    assert set(trips) >= set(traced)
    for trip_id, places in traced.items():
        assert places
        for file, first, last, readings in places:
            with gzip.open(trials_dir / "first-run" / file, "rt", encoding="utf-8") as stream:
                received = [row["received_at"][:19] for row in csv.DictReader(stream)][first - 1 : last]

            assert trips[trip_id].vin in file
            assert readings == len(received)
            assert trips[trip_id].started_at[:19] <= received[0] <= received[-1]
            assert received[-2] <= trips[trip_id].ended_at[:19]


def test_a_row_inside_a_trip_is_traced_up_to_every_figure_that_rests_on_it(first_run: Run) -> None:
    trip_id, ((file, first, last, _), *_) = next(iter(_traced_rows(first_run).items()))
    for row in (first, (first + last) // 2, last):
        found = trace(first_run[1], f"{file}#{row}")

        assert [trip_id] == found["trips"]
        assert {str(each.figure_id) for each in first_run[0].shipments} == {
            each["figure_id"] for each in found["figures"]
        }
        assert found["frame"]["bcc_ok"]
        assert next(trip.vin for trip in first_run[0].trips if trip.trip_id == trip_id) == found["frame"]["vin"]


def test_the_record_of_a_row_is_the_line_that_was_received(first_run: Run, trials_dir: Path) -> None:
    lines = (trials_dir / "first-run" / "consignments.csv").read_text("utf-8").splitlines()
    found = trace(first_run[1], "consignments.csv#2")

    assert (lines[2], None, []) == (found["record"], found["frame"], found["trips"])


def test_a_consignment_is_traced_to_all_who_share_its_round(first_run: Run) -> None:
    found = trace(first_run[1], "consignments.csv#2")

    assert ["FR-C0001", "FR-C0002"] == [each["consignment_id"] for each in found["figures"]]


def test_a_row_of_a_batch_is_traced_to_all_who_burnt_it(first_run: Run) -> None:
    found = trace(first_run[1], "hydrogen_batches.csv#1")

    assert {each.consignment_id for each in first_run[0].shipments} == {
        each["consignment_id"] for each in found["figures"]
    }


def test_a_row_with_a_finding_names_it(rehearsal: Run) -> None:
    report, workspace = rehearsal
    finding = next(each for each in report.findings if each.check == "frame.bad-check-byte" and each.row)
    found = trace(workspace, f"{finding.file}#{finding.row}")

    assert finding.finding_id in [each["finding_id"] for each in found["findings"]]


def test_a_finding_is_traced_to_its_row_and_a_consignment_to_its_figure(rehearsal: Run, first_run: Run) -> None:
    report, workspace = rehearsal
    finding = next(each for each in report.findings if each.check == "frame.bad-check-byte" and each.row)
    shipment = _stated(first_run[0])

    assert trace(workspace, f"{finding.file}#{finding.row}") == trace(workspace, finding.finding_id)
    assert trace(first_run[1], str(shipment.figure_id)) == trace(first_run[1], shipment.consignment_id)


def test_a_finding_without_a_row_is_traced_to_its_file_and_to_what_the_truck_sent_then(rehearsal: Run) -> None:
    report, workspace = rehearsal
    rise = next(each for each in report.findings if each.check == "hydrogen.rise-without-fill")
    traced = trace(workspace, rise.finding_id)
    sent = trace(workspace, f"{traced['telemetry']['file']}#{traced['telemetry']['row']}")
    hub = next(each for each in report.findings if each.check == "hub.no-row")
    absent = trace(workspace, hub.finding_id)

    assert ("refuellings.csv", 64) == (traced["file"]["path"], len(traced["file"]["sha256"]))
    assert sent["file"]["path"].startswith(f"telemetry/{rise.vin}/2026-03-11")
    assert rise.at is not None
    assert rise.at[:19] in sent["record"]
    assert ("hub_operations.csv", None) == (absent["file"]["path"], absent["telemetry"])


def test_nothing_rests_on_a_row_that_does_not_count(rehearsal: Run) -> None:
    uses = pq.read_table(sorted((rehearsal[1] / "tables" / "trucks").glob("*.uses.parquet"))).to_pylist()
    unused = {use: next(each for each in uses if each["use"] == use) for use in ("repeated", "bad_check_byte")}
    for each in unused.values():
        found = trace(rehearsal[1], f"{each['file']}#{each['row']}")

        assert ([], []) == (found["trips"], found["figures"])


def test_the_shares_of_a_figure_are_those_of_the_report(first_run: Run) -> None:
    shipment = _stated(first_run[0])
    found = trace(first_run[1], str(shipment.figure_id))

    assert [Decimal(share.hydrogen_used_kg) for share in shipment.trip_shares] == [
        Decimal(trip["hydrogen_used_kg"]) for trip in found["trips"]
    ]


@pytest.mark.parametrize(
    "target",
    [
        "fig-0000000000000000",
        "",
        "consignments.csv#0",
        "consignments.csv#99",
        "consignments.csv#x",
        "nowhere.csv#1",
        "#1",
    ],
)
def test_what_nobody_knows_is_refused_with_what_to_write(first_run: Run, target: str) -> None:
    with pytest.raises(UsageError) as caught:
        trace(first_run[1], target)

    assert "trace.unknown" == caught.value.code
    assert caught.value.next_step


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        trace(tmp_path, "fig-0000000000000000")


def test_what_is_unknown_is_answered_with_the_trial_that_the_report_is_of(first_run: Run) -> None:
    for target in ("RH-C0001", "legs.csv#x"):
        with pytest.raises(UsageError) as refused:
            trace(first_run[1], target)

        assert "trace.unknown" == refused.value.code
        assert "the report here is of the trial first-run." in str(refused.value)
