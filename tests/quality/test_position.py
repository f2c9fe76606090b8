"""Positions: no fix while moving, the null island, another datum, one fix for ever, far off."""

from collections.abc import Callable

import pytest
from made_evidence import FACTS, remove
from made_frames import change, driving_frames

from h2corridor.model.findings import Finding
from h2corridor.quality.position import E6_A_KM, INVALID_FIX_ROWS_MIN, corridor_box
from h2corridor.quality.registry import Box

Find = Callable[..., list[Finding]]


def test_a_run_without_a_fix_on_the_way_is_found(find_in: Find) -> None:
    frames = change(driving_frames(40), range(10, 10 + INVALID_FIX_ROWS_MIN), position_status=1)

    assert [(10, 9 + INVALID_FIX_ROWS_MIN)] == [
        (each.row, each.last_row) for each in find_in("position.invalid-fix", frames)
    ]


def test_a_bridge_is_no_fault(find_in: Find) -> None:
    frames = change(driving_frames(40), range(10, 9 + INVALID_FIX_ROWS_MIN), position_status=1)

    assert [] == find_in("position.invalid-fix", frames)


def test_no_fix_while_standing_is_no_fault(find_in: Find) -> None:
    assert [] == find_in(
        "position.invalid-fix", change(driving_frames(40), range(10, 30), position_status=1, speed_raw=0)
    )


def test_the_null_island_is_found(find_in: Find) -> None:
    frames = change(driving_frames(40), [4, 5], longitude_raw=0, latitude_raw=0)

    assert [(4, 5)] == [(each.row, each.last_row) for each in find_in("position.null-island", frames)]


def test_zeros_without_a_fix_claim_nothing(find_in: Find) -> None:
    frames = change(driving_frames(40), [4, 5], longitude_raw=0, latitude_raw=0, position_status=1)

    assert [] == find_in("position.null-island", frames)


def test_another_datum_is_stated(find_in: Find) -> None:
    found = find_in("position.reprojected", change(driving_frames(40), range(3, 9), coordinate_system=2))

    assert [(3, 8, {"count": "6"})] == [(each.row, each.last_row, each.params) for each in found]


@pytest.mark.parametrize(("last", "is_found"), [(24, False), (25, True)])
def test_one_valid_fix_for_a_kilometre_is_found(find_in: Find, last: int, is_found: bool) -> None:
    frames = driving_frames(60)
    frames = change(frames, range(20, last + 1), latitude_raw=frames[19]["latitude_raw"])

    assert [(21, last)] * is_found == [(each.row, each.last_row) for each in find_in("position.frozen", frames)]


def test_one_fix_of_a_standing_truck_is_no_fault(find_in: Find) -> None:
    frames = change(driving_frames(60), range(20, 61), latitude_raw=29_500_000, speed_raw=0, odometer_raw=100_038)

    assert [] == find_in("position.frozen", frames)


def test_a_position_far_off_the_corridor_is_found(find_in: Find) -> None:
    box = Box(west_e6=106_000_000, east_e6=107_000_000, south_e6=27_000_000, north_e6=30_000_000)
    edge_e6 = 107_000_000 + 100 * E6_A_KM
    frames = change(driving_frames(40), [10, 11], longitude_raw=edge_e6 + 1)

    assert [(10, 11, {"count": "2"})] == [
        (each.row, each.last_row, each.params) for each in find_in("position.off-corridor", frames, corridor=box)
    ]
    assert [] == find_in("position.off-corridor", frames)
    assert [] == find_in("position.off-corridor", change(frames, [10, 11], longitude_raw=edge_e6), corridor=box)


def test_the_box_is_that_of_road_ends_and_stations() -> None:
    assert corridor_box(FACTS) == Box(
        west_e6=106_320_000, east_e6=108_630_000, south_e6=21_720_000, north_e6=29_600_000
    )
    assert corridor_box(remove("legs")) is None
