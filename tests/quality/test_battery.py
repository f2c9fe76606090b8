"""The traction battery: counts and extremes beside the lists in the same row."""

from collections.abc import Callable
from typing import Any

import pytest
from made_frames import Frames, change, driving_frames

from h2corridor.model.findings import Finding

Find = Callable[..., list[Finding]]
LISTED = {
    "cells_declared_raw": 3,
    "cells_listed": 3,
    "said_v_max_raw": 3415,
    "said_v_min_raw": 3387,
    "said_c_max_raw": 71,
    "said_c_min_raw": 69,
    "listed_v_max_raw": 3415,
    "listed_v_min_raw": 3387,
    "listed_c_max_raw": 71,
    "listed_c_min_raw": 69,
}


def _with_lists(**values: Any) -> Frames:
    return change(change(driving_frames(40), range(1, 41), **LISTED), [10], **values)


@pytest.mark.parametrize("code", ["sensor.count-differs", "sensor.extremes"])
def test_lists_that_fit_give_no_finding(find_in: Find, code: str) -> None:
    assert [] == find_in(code, _with_lists())


def test_more_cells_than_declared_are_found(find_in: Find) -> None:
    assert [(10, {"declared": "2", "listed": "3", "count": "1"})] == [
        (each.row, each.params) for each in find_in("sensor.count-differs", _with_lists(cells_declared_raw=2))
    ]


def test_fewer_cells_than_declared_are_found_where_the_truck_lists_all_of_them(find_in: Find) -> None:
    found = find_in("sensor.count-differs", _with_lists(cells_declared_raw=4))

    assert [(10, "4", "3")] == [(each.row, each.params["declared"], each.params["listed"]) for each in found]


def test_a_part_of_the_cells_is_no_fault(find_in: Find) -> None:
    in_parts = change(_with_lists(), range(1, 30), cells_declared_raw=4)

    assert [] == find_in("sensor.count-differs", in_parts)
    assert [] == find_in("sensor.count-differs", _with_lists(cells_declared_raw=None))


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [
        ("said_v_max_raw", 3404, "highest cell voltage"),
        ("said_v_max_raw", 3426, "highest cell voltage"),
        ("said_v_min_raw", 3398, "lowest cell voltage"),
        ("said_c_max_raw", 69, "highest probe temperature"),
        ("said_c_min_raw", 71, "lowest probe temperature"),
        ("said_c_min_raw", 67, "lowest probe temperature"),
    ],
)
def test_an_extreme_off_the_list_is_found(find_in: Find, column: str, value: int, name: str) -> None:
    assert [(10, {"extremes": name, "count": "1"})] == [
        (each.row, each.params) for each in find_in("sensor.extremes", _with_lists(**{column: value}))
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"said_v_max_raw": 3405},
        {"said_v_max_raw": 0xFFFE},
        {"said_c_max_raw": 70},
        {"said_c_max_raw": 0xFF},
        {"cells_declared_raw": 9, "said_v_max_raw": 3800},
        {"listed_v_max_raw": None, "listed_v_min_raw": None},
    ],
    ids=str,
)
def test_an_extreme_near_the_list_or_beyond_a_part_of_it_is_none(find_in: Find, values: dict[str, Any]) -> None:
    assert [] == find_in("sensor.extremes", _with_lists(**values))
