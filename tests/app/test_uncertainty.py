"""Intervals of a chain by a file of ranges, and of a finished trial with its truck's hydrogen kept together."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from h2corridor.accounting.intervals import ShownInterval
from h2corridor.app.assess import assess_file
from h2corridor.app.uncertainty import chain_intervals, trial_intervals
from h2corridor.model.errors import RuleError
from h2corridor.model.report import Report

Run = tuple[Report, Path]


def _ranges(tmp_path: Path, fact: str, **more: str) -> Path:
    path = tmp_path / "ranges.json"
    entry = {"fact": fact, "source": "made", **(more or {"half_width_pct": "10"})}
    path.write_text(json.dumps({"format": "ranges/1", "ranges": [entry]}), encoding="utf-8")
    return path


def _chain_of(run: Run) -> Path:
    return run[1] / "report" / "chains" / "000001.json"


def _of_chain(run: Run, ranges: Path) -> dict[str, ShownInterval]:
    result = assess_file(_chain_of(run), "iso14083")
    return {each.figure: each for each in chain_intervals(result, ranges, "iso14083")}


def test_every_figure_and_every_difference_of_a_chain_has_an_interval(first_run: Run, tmp_path: Path) -> None:
    found = _of_chain(first_run, _ranges(tmp_path, "hydrogen_kg[*]"))

    assert [
        "wtw_kgco2e",
        "wtt_kgco2e",
        "ttw_kgco2e",
        "intensity_wtw_kgco2e_per_tkm",
        "same-service-diesel@2026.1 difference_kgco2e",
        "tailpipe-press@2026.1 difference_kgco2e",
    ] == list(found)
    assert ("0", "0") == (found["ttw_kgco2e"].half_width, found["tailpipe-press@2026.1 difference_kgco2e"].half_width)
    assert found["wtw_kgco2e"].half_width == found["same-service-diesel@2026.1 difference_kgco2e"].half_width


def test_a_half_width_is_what_a_changed_amount_changes(first_run: Run, tmp_path: Path) -> None:
    found = _of_chain(first_run, _ranges(tmp_path, "hydrogen_kg[*]"))["wtw_kgco2e"]
    chain = json.loads(_chain_of(first_run).read_bytes())
    for category in chain["categories"].values():
        for energy in category["energy"]:
            if energy["carrier"] == "hydrogen":
                energy["amount"] = f"{Decimal(energy['amount']) * Decimal('1.1'):f}"
    changed = tmp_path / "chain.json"
    changed.write_text(json.dumps(chain), encoding="utf-8")
    wtw = assess_file(changed, "iso14083").wtw_kgco2e

    assert abs(Decimal(found.high) - Decimal(wtw or "0")) <= Decimal("1e-11")


def test_what_both_sides_of_a_difference_rest_on_cancels(first_run: Run, tmp_path: Path) -> None:
    found = _of_chain(first_run, _ranges(tmp_path, "category_throughput_t[*]"))

    assert Decimal(found["wtw_kgco2e"].half_width) > 0
    assert "0" == found["same-service-diesel@2026.1 difference_kgco2e"].half_width


def test_leaves_without_range_are_listed(first_run: Run, tmp_path: Path) -> None:
    found = _of_chain(first_run, _ranges(tmp_path, "hydrogen_kg[*]"))["wtw_kgco2e"]

    assert any(each.startswith("gate_kgco2e_per_kg[") for each in found.unranged)
    assert not any(each.startswith("hydrogen_kg[") for each in found.unranged)


def test_a_range_of_a_fact_that_is_not_there_is_refused(first_run: Run, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        _of_chain(first_run, _ranges(tmp_path, "nowhere[*]"))

    assert "ranges.unmatched" == caught.value.code


def test_shipments_of_one_truck_add_their_half_widths(first_run: Run) -> None:
    found = trial_intervals(first_run[1])
    total = found.total

    assert total is not None
    assert ["FR-C0001", "FR-C0002"] == [each.figure for each in found.shipments]
    assert () == found.without_figure
    parts = sum((Decimal(each.half_width) for each in found.shipments), Decimal(0))
    assert abs(parts - Decimal(total.half_width)) <= Decimal("1e-11")
    assert [each.wtw_kgco2e for each in first_run[0].shipments] == [each.value for each in found.shipments]


def test_a_stated_range_goes_before_the_residual(first_run: Run, tmp_path: Path) -> None:
    found = trial_intervals(first_run[1], ranges=_ranges(tmp_path, "hydrogen_kg[*]", half_width="0"))

    assert ["0", "0"] == [each.half_width for each in found.shipments]


def test_shipments_without_a_figure_are_in_no_sum_and_are_named(rehearsal: Run) -> None:
    found = trial_intervals(rehearsal[1])
    lacking = [each.consignment_id for each in rehearsal[0].shipments if each.wtw_kgco2e is None]
    withheld = [each for each in rehearsal[0].shipments if each.status == "withheld"]

    assert lacking
    assert lacking == list(found.without_figure)
    assert [each.consignment_id for each in withheld if each.wtw_kgco2e is not None] == list(found.withheld)
    assert found.withheld
    assert found.total is not None
    assert sum((Decimal(each.value) for each in found.shipments), Decimal(0)) - Decimal(found.total.value) < 1


def test_a_trip_without_residual_leaves_its_hydrogen_without_range(first_run: Run, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(first_run[1], tmp_path / "workspace"))
    path = workspace / "report" / "report.json"
    report = json.loads(path.read_bytes())
    report["trips"][0]["residual_pct"] = None
    path.write_text(json.dumps(report), encoding="utf-8")
    found = trial_intervals(workspace)

    assert ["0", "0"] == [each.half_width for each in found.shipments]
    assert any(each.startswith("hydrogen_kg[") for each in found.shipments[0].unranged)


def test_a_chain_that_gives_another_figure_than_the_report_is_refused(first_run: Run, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(first_run[1], tmp_path / "workspace"))
    path = workspace / "report" / "report.json"
    report = json.loads(path.read_bytes())
    report["shipments"][0]["wtw_kgco2e"] = "1"
    path.write_text(json.dumps(report), encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        trial_intervals(workspace)

    assert ("uncertainty.other-figure", "FR-C0001") == (caught.value.code, caught.value.about)
