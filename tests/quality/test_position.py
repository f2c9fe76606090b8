"""Positions: no fix while moving, the null island, another datum."""

from collections.abc import Callable

from made_frames import change, driving_frames

from h2corridor.model.findings import Finding
from h2corridor.quality.position import INVALID_FIX_ROWS_MIN

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
