"""The whole path on the two public trials, against what their generator recorded."""

import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from made_runs import read_files

from h2corridor.model.report import Report, Trip
from h2corridor.store.files import Workspace

Truth = Callable[[str, str], list[dict[str, str]]]


def _at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def _true_trip(trip: Trip, truth: list[dict[str, str]]) -> dict[str, str]:
    near = [
        row
        for row in truth
        if row["vin"] == trip.vin and abs((_at(row["started_at"]) - _at(trip.started_at)).total_seconds()) < 120
    ]

    assert len(near) == 1, trip.trip_id
    return near[0]


def test_the_clean_trial_has_its_true_trips(first_run: tuple[Report, Path], read_truth: Truth) -> None:
    report, truth = first_run[0], read_truth("first-run", "trips")

    assert len(truth) == len(report.trips)
    for trip in report.trips:
        true = _true_trip(trip, truth)
        assert (true["origin_site"], true["destination_site"]) == (trip.origin_site, trip.destination_site)
        assert abs(Decimal(true["distance_km"]) - Decimal(trip.distance_km or "NaN")) <= Decimal("0.1")
        ratio = Decimal(trip.hydrogen_used_kg or "NaN") / Decimal(true["hydrogen_used_kg"])
        assert abs(ratio - 1) <= Decimal("0.02")


def test_the_clean_trial_has_no_finding_above_info(first_run: tuple[Report, Path]) -> None:
    assert [] == [finding for finding in first_run[0].findings if finding.severity != "info"]


def test_shares_of_the_consignments_sum_exactly_to_the_trips_empty_return_included(
    first_run: tuple[Report, Path],
) -> None:
    report = first_run[0]
    shares: dict[str, Decimal] = {}
    for shipment in report.shipments:
        for share in shipment.trip_shares:
            shares[share.trip_id] = shares.get(share.trip_id, Decimal(0)) + Decimal(share.hydrogen_used_kg)

    assert {trip.trip_id: Decimal(trip.hydrogen_used_kg or "NaN") for trip in report.trips} == shares
    assert [True, False, False] == [trip.loaded for trip in report.trips]


def test_the_two_comparisons_stand_side_by_side(first_run: tuple[Report, Path]) -> None:
    for shipment in first_run[0].shipments:
        methods = {each.method: each for each in shipment.comparisons}
        assert {"same-service-diesel", "tailpipe-press"} == set(methods)
        same = methods["same-service-diesel"]
        assert shipment.wtw_kgco2e == same.project_kgco2e
        assert "0" == methods["tailpipe-press"].project_kgco2e
        difference = Decimal(same.baseline_kgco2e or "NaN") - Decimal(same.project_kgco2e or "NaN")
        assert difference == Decimal(same.difference_kgco2e or "NaN")


def test_received_rows_are_used_repeated_or_unused(rehearsal: tuple[Report, Path], read_truth: Truth) -> None:
    totals = rehearsal[0].totals
    rows = next(row for row in read_truth("rehearsal", "totals") if row["quantity"] == "telemetry_rows")

    assert int(rows["value"]) == totals.frames_received
    assert totals.frames_received == totals.frames_used + totals.frames_repeated + totals.frames_unused


def test_clean_trips_of_the_rehearsal_are_true(rehearsal: tuple[Report, Path], read_truth: Truth) -> None:
    truth = read_truth("rehearsal", "trips")
    faults = [
        (fault["vin"], _at(fault["at"]))
        for fault in read_truth("rehearsal", "faults")
        if fault["vin"] and fault["at"] and fault["file"].startswith("telemetry/")
    ]
    clean = 0
    for trip in rehearsal[0].trips:
        true = _true_trip(trip, truth)
        assert (true["origin_site"], true["destination_site"]) == (trip.origin_site, trip.destination_site)
        if any(vin == trip.vin and _at(trip.started_at) <= at <= _at(trip.ended_at) for vin, at in faults):
            continue
        clean += 1
        assert abs(Decimal(true["distance_km"]) - Decimal(trip.distance_km or "NaN")) <= Decimal("0.5")
        ratio = Decimal(trip.hydrogen_used_kg or "NaN") / Decimal(true["hydrogen_used_kg"])
        assert abs(ratio - 1) <= Decimal("0.03"), trip.trip_id

    assert len(truth) == len(rehearsal[0].trips)
    assert clean >= 20


def test_what_rests_on_a_fault_is_withheld_and_the_rest_is_stated(rehearsal: tuple[Report, Path]) -> None:
    shipments = {shipment.consignment_id: shipment for shipment in rehearsal[0].shipments}

    assert "withheld" == shipments["RH-C0007"].status  # its leg names a truck that was elsewhere
    assert "withheld" == shipments["RH-C0025"].status  # hydrogen of unknown origin on board
    assert "withheld" == shipments["RH-C0001"].status  # it burnt hydrogen of a certificate that had expired
    assert "stated" == shipments["RH-C0011"].status
    assert all(bool(each.why) == (each.status == "withheld") for each in shipments.values())


def test_the_same_run_into_a_fresh_workspace_is_the_same_to_the_byte(
    first_run: tuple[Report, Path], trials_dir: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    run_into(trials_dir / "first-run", tmp_path / "again", threads=1)

    assert read_files(first_run[1]) == read_files(tmp_path / "again")


def test_a_second_run_into_the_same_workspace_adds_nothing(
    trials_dir: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    run_into(trials_dir / "first-run", tmp_path)
    before = read_files(tmp_path)
    run_into(trials_dir / "first-run", tmp_path)

    assert before == read_files(tmp_path)


def test_a_changed_file_is_received_beside_the_first(
    trials_dir: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    dataset = tmp_path / "dataset"
    for path in (trials_dir / "first-run").rglob("*"):
        if path.is_file() and "truth" not in path.parts:
            target = dataset / path.relative_to(trials_dir / "first-run")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    first = run_into(dataset, tmp_path / "workspace")
    seals = dataset / "seals.csv"
    seals.write_bytes(seals.read_bytes().replace(b"FR-P07", b"FR-P06"))
    second = run_into(dataset, tmp_path / "workspace")

    assert first.checkpoint is not None
    assert second.checkpoint is not None
    assert first.checkpoint.size + 1 == second.checkpoint.size
    with Workspace.create_or_open(tmp_path / "workspace", now_ms=0, software="test") as workspace:
        assert [] == workspace.fsck()


@pytest.mark.parametrize("seconds", [0.4, 1.0, 1.6, 2.4])
def test_a_killed_run_started_again_ends_the_same(
    first_run: tuple[Report, Path], keys_folder: Path, trials_dir: Path, tmp_path: Path, seconds: float
) -> None:
    command = [
        sys.executable,
        "-c",
        "from h2corridor.cli import main; main()",
        *("trial", "run", str(trials_dir / "first-run"), "--workspace", str(tmp_path / "killed")),
        *("--keys", str(keys_folder), "--salt-seed", str(keys_folder / "salt.seed")),
        *("--now", "2026-03-05T16:40:00+08:00"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    assert read_files(first_run[1]) == read_files(tmp_path / "killed")
