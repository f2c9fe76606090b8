"""Chains written from records."""

from typing import Any

import pytest
from h2verify.chains import Ledger, groups_needed, write_chain
from h2verify.chains.supplies import UNKNOWN_STATION, HydrogenSupplies
from h2verify.errors import BundleError
from hypothesis import given, settings
from hypothesis import strategies as st
from made_records import KG, TRUCK, Groups, made_groups, record_of, sealed, settled

ROUND = "hydrogen-truck-1-round-1"


def _energies(groups: Groups, hydrogen_mg: dict[str, int]) -> list[dict[str, Any]]:
    return HydrogenSupplies(Ledger(groups)).energies(hydrogen_mg)


def _mg(energies: list[dict[str, Any]]) -> int:
    return sum(int(whole) * KG + int(part.ljust(6, "0")) for whole, _, part in _amounts(energies))


def _amounts(energies: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    parts = [entry["amount"].partition(".") for entry in energies]
    return [(whole, dot, part or "0") for whole, dot, part in parts]


def test_a_chain_has_its_legs_in_order_with_the_hubs_between_them() -> None:
    chain = write_chain(made_groups(), "C1")

    assert ["H1-HUB", "L1", "H3-PORT", "L3"] == [element["id"] for element in chain["elements"]]
    assert ["hub-HUB-2026-03-02", ROUND, "hub-PORT-2026-03-02", "leg-L3"] == list(chain["categories"])
    assert ("20000", "2026-03-02") == (chain["shipment"]["mass_kg"], chain["activity_date"])


def test_a_round_has_all_its_hydrogen_over_all_activity_it_served_and_the_way_of_a_diesel_truck() -> None:
    category = write_chain(made_groups(), "C1")["categories"][ROUND]

    assert 26 * KG == _mg(category["energy"])
    assert "6337.5" == category["transport_activity_tkm"]
    assert "507" == category["comparison"]["baseline_distance_km"]


def test_consignments_that_share_a_round_have_one_category() -> None:
    groups = made_groups()

    assert write_chain(groups, "C1")["categories"][ROUND] == write_chain(groups, "C2")["categories"][ROUND]


def test_what_is_absent_or_empty_is_left_out() -> None:
    groups = made_groups()
    leg = record_of(groups, "consignment/C1", "leg")
    leg |= {"transport_distance_m": None, "distance_source": "", "intensity_wtw_kgco2e_per_tkm": None}
    chain = write_chain(groups, "C1")

    assert {"kind": "sfd"} == chain["elements"][3]["distance"]
    assert {"per": "tkm", "ttw_kgco2e": "0"} == chain["categories"]["leg-L3"]["intensity"]


def test_a_round_without_its_hydrogen_has_no_intensity_rather_than_a_smaller_one() -> None:
    groups = made_groups()
    groups[TRUCK].remove(record_of(groups, TRUCK, "span_hydrogen", 2))
    category = write_chain(groups, "C1")["categories"][ROUND]

    assert {"per": "tkm"} == category["intensity"]
    assert "energy" not in category


def test_a_leg_that_no_trip_served_stands_alone() -> None:
    groups = made_groups()
    record_of(groups, TRUCK, "service").update(trips=[], fault="no-data")

    assert "leg-L1" == write_chain(groups, "C1")["elements"][1]["category"]


def test_a_hub_without_a_complete_row_of_its_day_is_a_stated_exclusion() -> None:
    groups = made_groups()
    record_of(groups, "site/HUB", "hub_operation")["diesel_ml"] = None

    assert (
        "no operations of HUB on 2026-03-02"
        == (write_chain(groups, "C1")["categories"]["hub-HUB-2026-03-02"]["excluded"])
    )


def test_a_distance_of_the_great_circle_is_said_to_be_one() -> None:
    groups = made_groups()
    record_of(groups, TRUCK, "leg")["distance_kind"] = "gcd"

    assert "gcd" == write_chain(groups, "C1")["elements"][1]["distance"]["kind"]


def test_hydrogen_of_a_batch_that_no_row_describes_is_of_unknown_origin() -> None:
    groups = {**made_groups(), "batch/B9": [sealed("batch", batch_id="B9")]}
    energies = _energies(groups, {"": KG, "B9@STATION": 2 * KG, "B2@STATION": 4 * KG})

    assert [("4", None), ("3", "unknown")] == [(entry["amount"], entry.get("origin")) for entry in energies]


def test_a_sum_with_a_missing_part_is_missing() -> None:
    groups = made_groups()
    groups["site/STATION"].insert(3, {**record_of(groups, "site/STATION", "delivery", 1), "row": 3})
    groups["site/STATION"][3]["trailer_diesel_ml"] = None
    (entry,) = _energies(groups, {"B2@STATION": KG})

    assert ("240", None) == (entry["supply"]["delivered_kg"], entry["supply"].get("trailer_diesel_l"))


@settings(max_examples=60, deadline=None)
@given(on_board=st.integers(0, 90 * KG), delivered=st.lists(st.integers(0, 300 * KG), max_size=4))
def test_hydrogen_on_board_is_spread_exactly_over_the_stations_its_batch_went_to(
    on_board: int, delivered: list[int]
) -> None:
    groups = made_groups()
    stations = [f"S{number % 3}" for number in range(len(delivered))]
    groups["batch/B1"][1:] = [
        sealed("batch_delivery", station_id=station, mass_mg=mass, row=row)
        for row, (station, mass) in enumerate(zip(stations, delivered, strict=True))
    ]
    for station in stations:
        groups[f"site/{station}"] = [sealed("site", site_id=station, site_kind="station", row=9)]
    energies = _energies(groups, {"B1@": on_board})

    assert on_board == _mg(energies)
    assert {entry["supply"]["station"] for entry in energies} <= {*stations, UNKNOWN_STATION}


def test_a_chain_rests_on_every_group_that_it_is_said_to_rest_on_and_on_no_other() -> None:
    groups = made_groups()
    beside = {**groups, "site/FAR": [sealed("site", site_id="FAR")], "consignment/C9": groups["consignment/C2"]}

    assert set(groups) == groups_needed(beside, "C1")
    for name in groups:
        rest = {other: records for other, records in groups.items() if other != name}
        with pytest.raises(BundleError) as caught:
            groups_needed(rest, "C1")

        assert "activity.group-missing" == caught.value.code


def test_a_consignment_without_legs_or_without_a_row_has_no_chain() -> None:
    for change in ({"legs": []}, {"row": None, "mass_g": None}):
        groups = made_groups()
        groups["consignment/C1"][0] |= change
        with pytest.raises(BundleError, match=r"activity\.chain"):
            write_chain(groups, "C1")


def test_more_hydrogen_from_another_origin_gives_another_chain() -> None:
    groups = made_groups()
    record_of(groups, TRUCK, "tank_opening")["batch_id"] = None
    unknown = write_chain(settled(groups), "C1")["categories"][ROUND]["energy"]

    assert ["unknown"] == [entry["origin"] for entry in unknown if "origin" in entry]
    assert 26 * KG == _mg(unknown)
