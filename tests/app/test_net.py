"""The net of the public trials: what their reports say, and what their trucks' odometers say."""

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from h2corridor.app import net
from h2corridor.app.net import net_trial
from h2corridor.model.errors import UsageError, WorkspaceError
from h2corridor.model.report import Report

Run = tuple[Report, Path]
FROZEN = "LRHNATBW7TU013612"
"""The truck of the rehearsal whose odometer stood still for a while."""


def changed(run: Run, tmp_path: Path, change: Callable[[Any], None]) -> Path:
    """A copy of a workspace whose report says something else."""
    workspace = Path(shutil.copytree(run[1], tmp_path / "workspace"))
    path = workspace / "report" / "report.json"
    report = msgspec.json.decode(path.read_bytes())
    change(report)
    path.write_bytes(msgspec.json.encode(report))
    return workspace


def refusal(workspace: Path, **asked: Any) -> UsageError:
    with pytest.raises(UsageError) as caught:
        net_trial(workspace, **asked)

    return caught.value


def test_the_small_trial_is_complete_and_nets_both_shipments(first_run: Run) -> None:
    found = net_trial(first_run[1])
    differences = [each.difference_kgco2e for s in first_run[0].shipments for each in s.comparisons[:1]]

    assert ("first-run", "iso14083@2023.1", "same-service-diesel") == (found.trial, found.rule_set, found.method)
    assert "complete" == found.net.status
    assert sum((Decimal(str(each)) for each in differences), Decimal(0)) == Decimal(str(found.net.net_kgco2e))
    assert [("508.4", "508.4", "0", ())] == [
        (each.odometer_km, each.trips_km, each.unexplained_km, each.gaps) for each in found.net.trucks
    ]
    assert () == found.net.trips


def test_the_rehearsal_cannot_be_closed_until_careful_values_are_stated(rehearsal: Run) -> None:
    found = net_trial(rehearsal[1])
    open_ones = [each.consignment_id for each in found.net.shipments if each.counted == "not_closed"]
    closed = net_trial(rehearsal[1], stated=[f"{name}=-1" for name in open_ones])

    assert ("cannot_be_closed", None) == (found.net.status, found.net.net_kgco2e)
    assert all(each.why_zh and each.why_en for each in found.net.shipments if each.counted == "not_closed")
    assert "incomplete" == closed.net.status
    assert {"as_computed", "zero", "as_stated"} == {each.counted for each in closed.net.shipments}
    assert len(open_ones) == -sum(
        Decimal(str(e.counted_kgco2e)) for e in closed.net.shipments if e.counted == "as_stated"
    )


def test_kilometres_that_an_odometer_shows_and_no_trip_has_are_listed(rehearsal: Run) -> None:
    trucks = {each.vin: each for each in net_trial(rehearsal[1]).net.trucks}
    (gap,) = trucks[FROZEN].gaps

    assert ("within_trip", f"{FROZEN}-0003", "108.989445") == (gap.kind, gap.trip_id, gap.km)
    assert [FROZEN] == [vin for vin, each in trucks.items() if not each.is_complete]


def test_a_truck_without_readings_leaves_the_net_incomplete(first_run: Run, tmp_path: Path) -> None:
    workspace = changed(first_run, tmp_path, lambda report: None)
    for path in (workspace / "tables" / "trucks").glob("*.readings.parquet"):
        path.unlink()
    (truck,) = net_trial(workspace).net.trucks

    assert (None, False) == (truck.odometer_km, truck.is_complete)


def test_a_trip_that_no_shipment_carries_is_on_the_project_side(first_run: Run, tmp_path: Path) -> None:
    def unserve(report: Any) -> None:
        last = report["trips"][-1]["trip_id"]
        for shipment in report["shipments"]:
            shipment["trip_shares"] = [each for each in shipment["trip_shares"] if each["trip_id"] != last]

    last = first_run[0].trips[-1]
    before = net_trial(first_run[1]).net
    found = net_trial(changed(first_run, tmp_path, unserve)).net

    assert [last.trip_id] == [each.trip_id for each in found.trips]
    assert Decimal(str(found.net_kgco2e)) == Decimal(str(before.net_kgco2e)) - Decimal(str(last.wtw_kgco2e))


def test_a_trip_carried_in_part_counts_for_the_rest(first_run: Run, tmp_path: Path) -> None:
    def halve(report: Any) -> None:
        for shipment in report["shipments"]:
            for share in shipment["trip_shares"][:1]:
                share["hydrogen_used_kg"] = format(Decimal(share["hydrogen_used_kg"]) / 2, "f")

    (row,) = net_trial(changed(first_run, tmp_path, halve)).net.trips

    assert abs(Decimal(str(row.counted_kgco2e)) + Decimal(str(first_run[0].trips[0].wtw_kgco2e)) / 2) < Decimal("1e-9")


def test_a_trip_of_which_shipments_carry_more_than_it_used_is_no_gain(first_run: Run, tmp_path: Path) -> None:
    def double(report: Any) -> None:
        for shipment in report["shipments"]:
            for share in shipment["trip_shares"][:1]:
                share["hydrogen_used_kg"] = format(Decimal(share["hydrogen_used_kg"]) * 2, "f")

    found = net_trial(changed(first_run, tmp_path, double)).net

    assert ("cannot_be_closed", None) == (found.status, found.trips[0].counted_kgco2e)


def test_a_trip_of_unknown_hydrogen_keeps_the_period_open(first_run: Run, tmp_path: Path) -> None:
    def forget(report: Any) -> None:
        report["trips"][0]["hydrogen_used_kg"] = None
        for shipment in report["shipments"]:
            shipment["trip_shares"] = shipment["trip_shares"][1:]

    found = net_trial(changed(first_run, tmp_path, forget)).net

    assert ("cannot_be_closed", None) == (found.status, found.trips[0].counted_kgco2e)


def test_an_unsupported_difference_counts_nothing_in_favour(first_run: Run, tmp_path: Path) -> None:
    def unsupport(report: Any) -> None:
        for shipment in report["shipments"]:
            shipment["comparisons"][0] |= {"status": "unsupported", "why": "no source", "why_zh": "无来源"}

    found = net_trial(changed(first_run, tmp_path, unsupport)).net

    assert ["zero", "zero"] == [each.counted for each in found.shipments]
    assert ("0", "无来源") == (found.net_kgco2e, found.shipments[0].why_zh)


@pytest.mark.parametrize("method", ["tailpipe-press", "no-such-method"])
def test_a_method_that_cannot_net_a_period_is_refused(method: str, first_run: Run) -> None:
    error = refusal(first_run[1], method=method)

    assert "net.method" == error.code
    assert "same-service-diesel" in error.next_step


@pytest.mark.parametrize("stated", [["FR-C0001=-1"], ["FR-C0009=-1"], ["FR-C0001"], ["=-1"], ["FR-C0001=nought"]])
def test_a_value_for_a_shipment_that_has_one_or_is_not_there_is_refused(stated: list[str], first_run: Run) -> None:
    assert "net.stated" == refusal(first_run[1], stated=stated).code


@pytest.mark.parametrize("stated", [["RH-C0007=0.1"], ["RH-C0007=-1", "RH-C0007=-2"], ["RH-C0007=-1e3"]])
def test_a_stated_value_is_never_above_zero_and_stands_once(stated: list[str], rehearsal: Run) -> None:
    error = refusal(rehearsal[1], stated=stated)

    assert "net.stated" == error.code
    assert "RH-C0007" in error.next_step


def test_a_workspace_without_a_report_has_no_net(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        net_trial(tmp_path)


def test_without_a_register_the_trucks_are_those_of_the_trips(first_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net, "_VEHICLES", "absent.csv")

    assert 1 == len(net_trial(first_run[1]).net.trucks)


@pytest.mark.parametrize(("odometers", "resolution"), [([103, 113, None, 143], 10), ([103, 113, 126], 1), ([], 1)])
def test_an_odometer_counts_whole_kilometres_only_where_every_reading_does(
    odometers: list[int | None], resolution: int
) -> None:
    assert resolution == net._resolution([{"odometer": each, "odometer_unit": 10} for each in odometers])
