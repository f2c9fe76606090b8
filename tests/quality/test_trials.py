"""The checks on the public trials, scored against their generator's record of faults."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pytest

from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import describe, get_check, severity_of

Fault = dict[str, str]
NEAR_S = 600
CHECKS_BY_KIND = {
    "bad_bcc": {"frame.bad-check-byte"},
    "bad_container_number": {"freight.container-check-digit"},
    "certificate_doubly_claimed": {"custody.claimed-elsewhere"},
    "certificate_expired": {"custody.certificate-expired"},
    "clock_offset": {"time.clock-off"},
    "duplicate_frame": {"frame.repeated"},
    "encrypted_frame": {"frame.encrypted"},
    "gap": {"time.gap"},
    "garbage": {"frame.garbage"},
    "gcj02": {"position.reprojected"},
    "gps_frozen": {"position.invalid-fix"},
    "gps_null_island": {"position.null-island"},
    "late_reissue": {"frame.late"},
    "leg_truck_elsewhere": {"freight.truck-elsewhere"},
    "meter_certificate_expired": {"meter.certificate-expired"},
    "missing_fuel_cell_item": {"sensor.item-missing"},
    "odometer_jump": {"odometer.jump"},
    "opening_origin_unknown": {"custody.unknown-origin"},
    "out_of_order": {"frame.late"},
    "overweight_consignment": {"freight.over-payload"},
    "phantom_refuelling": {"hydrogen.fill-without-rise"},
    "refuelling_mass_off": {"hydrogen.metered-against-tank"},
    "sentinel_values": {"sensor.sentinel"},
    "truncated_frame": {"frame.truncated"},
    "unrecorded_refuelling": {"hydrogen.rise-without-fill"},
    "unregistered_vin": {"identity.unregistered-vin"},
}
GOOD = {"duplicate_frame", "gcj02", "late_reissue", "out_of_order"}


def test_a_clean_trial_gives_nothing_above_info(first_run: Any) -> None:
    assert [] == [finding for finding in first_run.findings if severity_of(finding) != "info"]


def test_every_fault_is_found_at_its_place_by_its_own_check(rehearsal: Any) -> None:
    faults = _faults(rehearsal.root)
    missed = [
        fault["fault_id"]
        for fault in faults
        if not any(
            finding.check in CHECKS_BY_KIND[fault["kind"]] and _same_place(finding, fault)
            for finding in rehearsal.findings
        )
    ]

    assert len(faults) == 34
    assert [] == missed


def test_nothing_above_info_lies_outside_the_faults(rehearsal: Any) -> None:
    faults = [fault for fault in _faults(rehearsal.root) if fault["kind"] not in GOOD]
    raised = [finding for finding in rehearsal.findings if severity_of(finding) != "info"]
    beside = [finding for finding in raised if not any(_same_place(finding, fault) for fault in faults)]

    assert len(raised) > 25
    assert [] == beside


def test_the_segregated_batch_of_the_rehearsal_is_found_in_each_store_where_it_was_mixed(rehearsal: Any) -> None:
    mixed = [each.params for each in rehearsal.findings if each.check == "custody.segregated-mixed"]

    assert {"RH-B002"} == {each["batch_id"] for each in mixed}
    assert 4 == len({each["store"] for each in mixed}) == len(mixed)


def test_a_fault_gives_one_finding_of_its_check(rehearsal: Any) -> None:
    found = [
        [
            each
            for each in rehearsal.findings
            if each.check in CHECKS_BY_KIND[fault["kind"]] and _same_place(each, fault)
        ]
        for fault in _faults(rehearsal.root)
    ]

    assert {1} == {len(each) for each in found}


def test_every_finding_fills_its_texts(first_run: Any, rehearsal: Any) -> None:
    for finding in [*first_run.findings, *rehearsal.findings]:
        for language in ("zh", "en"):
            assert "{" not in "".join(describe(finding, language)), finding
        assert set(finding.params) == set(get_check(finding.check).params)


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_what_is_good_data_is_info(rehearsal: Any, kind: str) -> None:
    found = [each for each in rehearsal.findings if each.check in CHECKS_BY_KIND[kind]]

    assert {"info"} == {severity_of(each) for each in found}


def _faults(root: Any) -> Sequence[Fault]:
    with (root / "truth" / "faults.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _same_place(finding: Finding, fault: Fault) -> bool:
    if finding.file != fault["file"]:
        return False
    if finding.row is not None and fault["first_row"]:
        last_row = finding.last_row or finding.row
        return finding.row <= int(fault["last_row"]) and int(fault["first_row"]) <= last_row
    if finding.row is not None or fault["first_row"] or finding.vin != fault["vin"]:
        return False
    return finding.at is not None and _apart_s([finding.at, fault["at"]]) <= NEAR_S


def _apart_s(instants: Iterable[str]) -> float:
    first, second = (datetime.fromisoformat(each).timestamp() for each in instants)
    return abs(first - second)
