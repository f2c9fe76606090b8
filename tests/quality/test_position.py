"""Positions: no fix while moving, the null island, another datum, one fix for ever, far off."""

from collections.abc import Callable

import pytest
from made_evidence import FACTS, remove
from made_frames import Frames, change, driving_frames

from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import severity_of
from h2corridor.quality.position import E6_A_KM, corridor_box
from h2corridor.quality.registry import Box

Find = Callable[..., list[Finding]]


def _without_fix(rows: range, **values: int) -> Frames:
    return change(driving_frames(60), rows, position_status=1, **values)


def test_a_run_without_a_fix_as_in_a_tunnel_is_told(find_in: Find) -> None:
    found = find_in("position.invalid-fix", _without_fix(range(10, 40)))

    assert [(10, 39, "info", {"count": "30"})] == [
        (each.row, each.last_row, severity_of(each), each.params) for each in found
    ]


def test_a_run_without_a_fix_that_outlasts_every_tunnel_is_a_warning(find_in: Find) -> None:
    found = find_in("position.invalid-fix", _without_fix(range(10, 41)))

    assert [(10, 40, "warning")] == [(each.row, each.last_row, severity_of(each)) for each in found]


def test_a_run_without_a_fix_that_is_longer_than_every_tunnel_is_a_warning(find_in: Find) -> None:
    fast = [{**each, "odometer_raw": 100_000 + 4 * n} for n, each in enumerate(_without_fix(range(10, 31)))]

    assert ["warning"] == [severity_of(each) for each in find_in("position.invalid-fix", fast)]


def test_a_bridge_is_no_fault(find_in: Find) -> None:
    assert [] == find_in("position.invalid-fix", _without_fix(range(10, 12)))


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
