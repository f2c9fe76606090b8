"""Faulty rows become runs."""

from collections.abc import Callable

from made_frames import FILE, damage, driving_frames

from h2corridor.model.findings import Finding
from h2corridor.quality.runs import ROWS_APART_MAX

Find = Callable[..., list[Finding]]


def test_rows_just_near_enough_are_one_run(find_in: Find) -> None:
    found = find_in("frame.garbage", damage(driving_frames(60), [5, 5 + ROWS_APART_MAX], "garbage"))

    assert [(5, 5 + ROWS_APART_MAX, "2")] == [(each.row, each.last_row, each.params["count"]) for each in found]


def test_rows_farther_apart_are_two_findings(find_in: Find) -> None:
    found = find_in("frame.garbage", damage(driving_frames(60), [5, 6 + ROWS_APART_MAX], "garbage"))

    assert [(5, None), (6 + ROWS_APART_MAX, None)] == [(each.row, each.last_row) for each in found]


def test_runs_end_with_their_file(find_in: Find) -> None:
    frames = damage(driving_frames(40), [20, 21], "garbage")
    other = FILE.replace("02.csv", "03.csv")
    frames = [{**frame, "file": other} if frame["row"] > 20 else frame for frame in frames]

    assert [(FILE, 20), (other, 21)] == [(each.file, each.row) for each in find_in("frame.garbage", frames)]


def test_runs_of_different_kinds_stay_apart(find_in: Find) -> None:
    frames = damage(driving_frames(40), [5], "encrypted", encryption=2)
    frames = damage(frames, [6], "encrypted", encryption=3)

    assert ["0x02", "0x03"] == [each.params["encryption"] for each in find_in("frame.encrypted", frames)]
