"""The terminals that trucks log in with."""

from collections.abc import Callable
from typing import Any

from made_evidence import LOGIN, change, find
from made_evidence import TERMINAL as REGISTERED
from made_frames import FILE, OTHER_TRUCK, START_S, STRANGER, TRUCK, Frames, driving_frames
from made_frames import change as change_frames

OTHER = "89860000000000000099"


def test_a_login_with_another_terminal_is_found_once_a_file() -> None:
    logins = [{**LOGIN, "row": row, "terminal_id": OTHER} for row in (5, 9)]

    assert [(FILE, 5, TRUCK, "2026-03-02T08:00:00+08:00", {"came": OTHER, "registered": REGISTERED})] == [
        (each.file, each.row, each.vin, each.at, each.params)
        for each in find("identity.terminal-replaced", logins=[LOGIN, *logins])
    ]


def test_where_no_terminal_is_registered_the_first_one_counts() -> None:
    facts = change("vehicles", terminal_id=None)
    logins = [{**LOGIN, "terminal_id": OTHER}, {**LOGIN, "row": 9}]

    assert [] == find("identity.terminal-replaced", facts, logins=logins[:1])
    assert [(9, {"came": REGISTERED, "registered": OTHER})] == [
        (each.row, each.params) for each in find("identity.terminal-replaced", facts, logins=logins)
    ]


def test_a_strangers_login_is_not_compared() -> None:
    assert [] == find("identity.terminal-replaced", logins=[{**LOGIN, "vin": STRANGER, "terminal_id": OTHER}])


def test_logins_are_those_of_a_truck_in_its_own_files_in_order_of_time(
    logins_in: Callable[[Frames], list[dict[str, Any]]],
) -> None:
    frames = change_frames(driving_frames(40), [1, 7, 9], command=1, terminal_id=REGISTERED)
    frames = change_frames(frames, [9], vin=OTHER_TRUCK)
    frames = change_frames(frames, [7], device_time_s=START_S - 60)

    assert [(TRUCK, 7, START_S - 60), (TRUCK, 1, START_S)] == [
        (each["vin"], each["row"], each["at_s"]) for each in logins_in(frames)
    ]
