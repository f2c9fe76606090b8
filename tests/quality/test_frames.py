"""Each check of single frames: the fault present, one finding at its place; absent, none."""

from collections.abc import Callable
from typing import Any

import pytest
from made_frames import DAY, FILE, OTHER_TRUCK, START_S, STRANGER, TRUCK, change, damage, driving_frames

from h2corridor.model.findings import Finding
from h2corridor.model.received_frames import NO_VIN
from h2corridor.quality import table_checks
from h2corridor.quality.catalogue import get_threshold

Find = Callable[..., list[Finding]]


@pytest.mark.parametrize("code", sorted(table_checks()))
def test_a_faultless_drive_gives_no_finding(find_in: Find, code: str) -> None:
    assert [] == find_in(code, driving_frames(40))


@pytest.mark.parametrize(
    ("outcome", "values", "params"),
    [
        ("bad_check_byte", {}, {"count": "2"}),
        ("truncated", {}, {"count": "2"}),
        ("garbage", {}, {"count": "2"}),
        ("encrypted", {"encryption": 3}, {"count": "2", "encryption": "0x03"}),
        ("unreadable_time", {}, {"count": "2"}),
        ("unknown_command", {"command": 0x55}, {"count": "2", "command": "0x55"}),
    ],
)
def test_a_run_of_damaged_frames_is_one_finding(
    find_in: Find, outcome: str, values: dict[str, Any], params: dict[str, str]
) -> None:
    frames = damage(driving_frames(40), [7, 9], outcome, **values)
    code = f"frame.{outcome.replace('_', '-')}"

    assert [Finding(check=code, file=FILE, row=7, last_row=9, vin=TRUCK, params=params)] == find_in(code, frames)


def test_a_row_that_intake_could_not_read_is_not_called_garbage_again(find_in: Find) -> None:
    assert [] == find_in("frame.garbage", damage(driving_frames(40), [7], "unreadable_row"))


@pytest.mark.parametrize(
    ("reason", "code", "params"),
    [
        ("unknown item type 0x4f", "frame.unknown-item", {"count": "1", "item": "0x4f"}),
        ("motors runs over", "frame.damaged-item", {"count": "1", "reason": "motors runs over"}),
        ("junk around the frame", "frame.junk-around", {"count": "1"}),
    ],
)
def test_a_tail_is_named_by_its_reason(find_in: Find, reason: str, code: str, params: dict[str, str]) -> None:
    frames = change(driving_frames(40), [5], tail_reason=reason)
    found = [finding for each in table_checks() if each.startswith("frame.") for finding in find_in(each, frames)]

    assert [(code, 5, params)] == [(each.check, each.row, each.params) for each in found]


def test_another_edition_is_found(find_in: Find) -> None:
    found = find_in("frame.wrong-edition", change(driving_frames(40), [3, 4], edition=2025))

    assert [(3, 4, {"came": "2025", "registered": "2016", "count": "2"})] == [
        (each.row, each.last_row, each.params) for each in found
    ]


def test_a_repeated_frame_is_found_and_is_not_late(find_in: Find) -> None:
    frames = driving_frames(40)
    again = {name: frames[10][name] for name in ("data_unit_digest", "device_time_s", "odometer_raw")}
    frames = change(frames, [12], **again)

    assert [(12, None)] == [(each.row, each.last_row) for each in find_in("frame.repeated", frames)]
    assert [] == find_in("frame.late", frames)


def test_another_content_for_one_time_names_the_earlier_row(find_in: Find) -> None:
    found = find_in("frame.conflicting", change(driving_frames(40), [12], device_time_s=START_S + 100))

    assert [(12, {"other_row": "11", "count": "1"})] == [(each.row, each.params) for each in found]


def test_a_frame_that_an_early_one_from_the_future_took_the_place_of_is_not_blamed(find_in: Find) -> None:
    frames = driving_frames(40)
    frames[4].update(device_time_s=frames[20]["device_time_s"])

    assert [] == find_in("frame.conflicting", frames)
    assert [5] == [each.row for each in find_in("time.future", frames)]


def test_a_frame_behind_a_younger_one_is_late(find_in: Find) -> None:
    frames = driving_frames(40)
    swapped = [frames[0], frames[2], frames[1], *frames[3:]]
    kept = ("row", "received_at_ms", "received_at_s")
    frames = [{**frame, **{name: place[name] for name in kept}} for frame, place in zip(swapped, frames, strict=True)]

    assert [3] == [each.row for each in find_in("frame.late", frames)]


def test_a_frame_received_long_after_its_time_is_late(find_in: Find) -> None:
    late_ms = int(get_threshold("frame.late", "late_s_min", DAY)) * 1000 + 1
    frames = [
        {**frame, "received_at_ms": frame["received_at_ms"] + late_ms * (frame["row"] == 40)}
        for frame in driving_frames(40)
    ]

    assert [40] == [each.row for each in find_in("frame.late", frames)]


def test_a_reissued_frame_is_late(find_in: Find) -> None:
    assert [20] == [each.row for each in find_in("frame.late", change(driving_frames(40), [20], command=3))]


def test_a_strangers_file_is_one_finding_whatever_else_is_wrong_in_it(find_in: Find) -> None:
    frames = change(driving_frames(40), range(1, 41), vin=STRANGER, folder_vin=STRANGER)
    frames = damage(frames, [5], "garbage")
    found = [finding for code in table_checks() for finding in find_in(code, frames)]

    assert [("identity.unregistered-vin", 1, 40, STRANGER, {"count": "40"})] == [
        (each.check, each.row, each.last_row, each.vin, each.params) for each in found
    ]


def test_bytes_before_any_login_name_no_truck(find_in: Find) -> None:
    frames = change(driving_frames(40), range(1, 41), folder_vin=NO_VIN, vin=None)
    found = [finding for code in table_checks() for finding in find_in(code, damage(frames, range(1, 41), "garbage"))]

    assert [("frame.before-login", 1, 40, None, {"count": "40"})] == [
        (each.check, each.row, each.last_row, each.vin, each.params) for each in found
    ]


def test_a_frame_of_another_truck_is_foreign(find_in: Find) -> None:
    found = find_in("identity.foreign-frame", change(driving_frames(40), [8], vin=OTHER_TRUCK))

    assert [(8, OTHER_TRUCK, {"folder_vin": TRUCK, "count": "1"})] == [
        (each.row, each.vin, each.params) for each in found
    ]


@pytest.mark.parametrize("command", [5, 6])
def test_a_platforms_login_is_found_and_names_no_stranger(find_in: Find, command: int) -> None:
    platform = {"command": command, "vin": None, "device_time_s": START_S + 90, "item_mask": None, "edition": 2016}
    frames = change(driving_frames(40), [10], **platform)

    assert [(10, TRUCK, {"command": f"0x0{command}", "count": "1"})] == [
        (each.row, each.vin, each.params) for each in find_in("frame.platform-login", frames)
    ]
    assert [] == find_in("identity.unregistered-vin", frames)


@pytest.mark.parametrize(("commands", "is_stranger"), [((5, 7), False), ((5, 1), True), ((7, 7), True)])
def test_a_platforms_own_link_is_no_truck_that_is_not_registered(
    find_in: Find, commands: tuple[int, ...], is_stranger: bool
) -> None:
    link = {
        "folder_vin": "PLATFORM000000001",
        "vin": "PLATFORM000000001",
        "file": "telemetry/PLATFORM000000001/x.csv.gz",
    }
    frames = driving_frames(40)
    spoken = [change(driving_frames(1), [1], command=command, **link)[0] for command in commands]

    assert is_stranger == bool(find_in("identity.unregistered-vin", [*frames, *spoken]))


def test_a_damaged_login_of_a_platform_is_damaged_and_no_more(find_in: Find) -> None:
    frames = damage(driving_frames(40), [10], "bad_check_byte", command=5)

    assert [] == find_in("frame.platform-login", frames)


@pytest.mark.parametrize(
    ("delay_ms", "is_late", "very_late"), [(30_000, False, 0), (30_001, True, 0), (180_001, True, 1)]
)
def test_a_delay_says_whether_it_was_too_long_to_act_on(
    find_in: Find, delay_ms: int, is_late: bool, very_late: int
) -> None:
    frames = driving_frames(40)
    frames[39]["received_at_ms"] = frames[39]["device_time_s"] * 1000 + delay_ms

    assert [(40, {"count": "1", "very_late": str(very_late)})] * is_late == [
        (each.row, each.params) for each in find_in("frame.late", frames)
    ]
