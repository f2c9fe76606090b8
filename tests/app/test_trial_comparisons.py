"""The diesel truck of a trial, stated in full, under the editions that ask for it."""

import csv
from pathlib import Path

import pytest
from h2verify.bundle import verify_bundle

from h2corridor.app.bootstrap import make_request
from h2corridor.app.export import export_bundle, list_statements
from h2corridor.app.trial_run import run_trial
from h2corridor.model.errors import UsageError
from h2corridor.model.report import Report

NOW_MS = 1_772_700_000_000
FULL = ("same-service-diesel@2026.1", "tailpipe-press@2026.1")
STATED = {
    "comparable_diesel_method": "measured on the same road",
    "comparable_diesel_payload_t": "28.50",
    "comparable_diesel_profile": "Chongqing to Qinzhou, loaded both ways",
}


def _state_in_full(dataset: Path, **changes: str) -> None:
    path = dataset / "vehicles.csv"
    with path.open(encoding="utf-8", newline="") as source:
        rows = [{**row, **STATED, **changes} for row in csv.DictReader(source)]
    with path.open("w", encoding="utf-8", newline="") as target:
        table = csv.DictWriter(target, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def _run(dataset: Path, workspace: Path, *comparisons: str) -> Report:
    return run_trial(make_request(dataset, workspace, now_ms=NOW_MS, comparisons=comparisons), lambda *_: None)


@pytest.mark.slow
def test_a_diesel_truck_stated_in_full_supports_the_same_numbers(
    dataset: Path, tmp_path: Path, first_run: tuple[Report, Path]
) -> None:
    _state_in_full(dataset)
    workspace = tmp_path / "workspace"
    report = _run(dataset, workspace, *FULL)
    (statement, *_) = list_statements(workspace)
    before = first_run[0].shipments

    assert before
    assert {"stated"} == {c.status for each in report.shipments for c in each.comparisons}
    assert [[(c.method, c.baseline_kgco2e, c.project_kgco2e) for c in each.comparisons] for each in before] == [
        [(c.method, c.baseline_kgco2e, c.project_kgco2e) for c in each.comparisons] for each in report.shipments
    ]
    assert verify_bundle(export_bundle(workspace, statement.statement_id, "activity")).verdict.startswith("consistent")


@pytest.mark.slow
def test_a_diesel_truck_without_its_load_is_unsupported_and_its_number_stays(dataset: Path, tmp_path: Path) -> None:
    _state_in_full(dataset, comparable_diesel_payload_t="")
    report = _run(dataset, tmp_path / "workspace", *FULL)
    found = [c for each in report.shipments for c in each.comparisons]

    assert {"unsupported"} == {each.status for each in found}
    assert {True} == {str(each.why_en).endswith("has no payload_t") for each in found}
    assert None not in {each.difference_kgco2e for each in found}


def test_one_method_by_two_editions_is_refused_before_anything_is_received(dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        _run(dataset, tmp_path / "workspace", "tailpipe-press@2025.1", "tailpipe-press@2026.1")

    assert "rules.twice" == caught.value.code
    assert not (tmp_path / "workspace").exists()
