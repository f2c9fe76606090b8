"""Loads, masses, containers."""

from dataclasses import replace

import msgspec
import pytest
from made_evidence import HOUR_MS, SERVICE, START_MS, add, change, find
from made_frames import TRUCK

from h2corridor.model.trial import TrialFacts
from h2corridor.quality.containers import expected_check_digit


def test_one_consignment_beyond_the_payload_is_found() -> None:
    found = find("freight.over-payload", change("consignments", mass_g=54_020_500))

    said = {"consignments": found[0].params["consignments"], "mass_kg": "54020.5", "payload_kg": "30800"}

    assert [("consignments.csv", 5, TRUCK, said)] == [(each.file, each.row, each.vin, each.params) for each in found]


def test_consignments_that_are_too_heavy_together_name_the_heaviest() -> None:
    found = find("freight.over-payload", _two_consignments())

    assert [6] == [each.row for each in found]
    assert [1] == [each.params["consignments"].count(" + ") for each in found]


def test_a_leg_whose_truck_was_elsewhere_loads_nothing() -> None:
    service = replace(SERVICE, trip_ids=(), fault="elsewhere-at-departure")

    assert [] == find("freight.over-payload", _two_consignments(), service=service)


def test_a_wrong_check_digit_is_found_with_the_right_one() -> None:
    found = find("freight.container-check-digit", change("consignments", container_no="CSQU3054381"))

    assert [(5, {"container_no": "CSQU3054381", "expected": "3"})] == [(each.row, each.params) for each in found]


def test_a_number_of_another_shape_has_no_check_digit() -> None:
    facts = change("consignments", container_no="CSQ-3054383")

    assert [] == find("freight.container-check-digit", facts)
    assert [5] == [each.row for each in find("freight.container-number", facts)]


@pytest.mark.parametrize(
    "number", ["CSQU305438", "CSQU30543833", "csqu3054383", "CSQU305438\u0663", "CSQU3054383\n", ""]
)
def test_only_four_letters_and_seven_digits_are_a_container_number(number: str) -> None:
    assert expected_check_digit(number) is None


def test_a_mass_that_no_weighbridge_found_is_stated_with_its_share() -> None:
    whole = find("freight.mass-declared", change("consignments", mass_method="declared"))
    added = add("consignments", row=6, consignment_id="C2", mass_g=60_000_000, mass_method=None)
    legs = add("legs", row=7, leg_id="L2", consignment_id="C2").legs
    unmeasured = msgspec.structs.replace(legs[0], row=8, leg_id="L3", transport_distance_m=None)
    part = msgspec.structs.replace(added, legs=(*legs, unmeasured))

    assert [("consignments.csv", 5, {"method": "declared", "share_pct": "100.0", "legs_left_out": "0"})] == [
        (each.file, each.row, each.params) for each in whole
    ]
    assert [(6, {"method": "@not-said", "share_pct": "75.0", "legs_left_out": "1"})] == [
        (each.row, each.params) for each in find("freight.mass-declared", part)
    ]


def test_a_container_on_two_consignments_at_once_is_found_at_the_one_whose_seal_is_elsewhere() -> None:
    facts = _with_consignment(seal_no="S2", at_ms=START_MS)
    own = msgspec.structs.replace(facts, seal_events=add("seal_events", row=4, seal_no="S2").seal_events[3:])
    params = {"container_no": "CSQU3054383", "other_id": "C1", "other_row": "5"}

    assert [(6, params)] == [(each.row, each.params) for each in find("freight.container-twice", facts)]
    assert [5] == [each.row for each in find("freight.container-twice", own)]


def test_a_container_may_be_shared_under_one_seal_and_used_again_later() -> None:
    assert [] == find("freight.container-twice", _with_consignment(seal_no="S1", at_ms=START_MS))
    assert [] == find("freight.container-twice", _with_consignment(seal_no="S2", at_ms=START_MS + 3 * HOUR_MS))


def _with_consignment(seal_no: str, at_ms: int) -> TrialFacts:
    added = add("consignments", row=6, consignment_id="C2", seal_no=seal_no)
    times = {"departed_at_ms": at_ms, "arrived_at_ms": at_ms + HOUR_MS}
    legs = add("legs", row=7, leg_id="L2", consignment_id="C2", **times).legs
    return msgspec.structs.replace(added, legs=legs)


def _two_consignments() -> object:
    heavier = add("consignments", row=6, consignment_id="C2", mass_g=20_000_001)
    return msgspec.structs.replace(heavier, legs=add("legs", row=7, leg_id="L2", consignment_id="C2").legs)
