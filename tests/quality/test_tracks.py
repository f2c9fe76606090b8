"""Jumps between fixes: single, there and back, by turns, by another datum."""

from collections.abc import Callable
from typing import Any

import pytest
from h2verify.activity.uses import RE_ISSUE
from h2verify.geodesy import wgs84_from_gcj02
from made_evidence import find
from made_frames import FILE, TRUCK, Frames, change, driving_frames

from h2corridor.model.findings import Finding
from h2corridor.quality.tracks import explain_odometers

CODES = ("position.jump", "position.datum", "identity.two-places")
JumpsIn = Callable[[Frames], list[dict[str, Any]]]
E6_EAST_A_KM = 10_342
"""At 29.6 degrees of latitude."""
DAY_S = 86_400


def _displaced(rows: Any, east_e6: int) -> Frames:
    return [
        {**each, "longitude_raw": each["longitude_raw"] + east_e6 * (each["row"] in rows)}
        for each in driving_frames(60)
    ]


def _found(jumps: list[dict[str, Any]]) -> list[Finding]:
    return [finding for code in CODES for finding in find(code, jumps=jumps)]


def test_a_drive_has_no_jumps(jumps_in: JumpsIn) -> None:
    assert [] == jumps_in(driving_frames(60))


@pytest.mark.parametrize(
    ("rows", "km", "place"),
    [
        (range(20, 21), 5, (20, None)),
        (range(20, 31), 5, (20, 30)),
        (range(20, 41), 1, (20, 40)),
        (range(20, 21), 0.5, (20, None)),
        (range(20, 41), 0.5, (20, 40)),
        (range(20, 99), 5, (19, 20)),
    ],
    ids=["one", "stretch", "near", "near-one", "nearer", "for-good"],
)
def test_a_displaced_stretch_is_one_jump_at_its_rows(
    jumps_in: JumpsIn, rows: range, km: float, place: tuple[int, int | None]
) -> None:
    found = _found(jumps_in(_displaced(rows, round(km * E6_EAST_A_KM))))

    assert [("position.jump", FILE, *place, TRUCK)] == [
        (each.check, each.file, each.row, each.last_row, each.vin) for each in found
    ]
    assert km == pytest.approx(float(found[0].params["jump_km"]), abs=0.01)


@pytest.mark.parametrize(("east_e6", "is_found"), [(3_541, False), (3_542, True)])
def test_a_jump_ends_more_than_the_tolerance_off_where_the_truck_was_going(
    jumps_in: JumpsIn, east_e6: int, is_found: bool
) -> None:
    assert is_found == bool(jumps_in(_displaced([20], east_e6)))


@pytest.mark.parametrize(("east_e6", "is_found"), [(5_882, False), (5_883, True)])
def test_over_a_longer_step_a_jump_is_more_than_what_was_driven_and_the_tolerance(
    jumps_in: JumpsIn, east_e6: int, is_found: bool
) -> None:
    frames = [
        {
            **each,
            **{name: each[name] + 20 * (each["row"] - 1) for name in ("device_time_s", "received_at_s")},
            "speed_raw": 240,
        }
        for each in _displaced([20], east_e6)
    ]
    frames = [{**each, "received_at_ms": each["received_at_s"] * 1000} for each in frames]

    assert is_found == bool(jumps_in(frames))


def test_two_readings_of_one_second_lead_nowhere(jumps_in: JumpsIn) -> None:
    frames = change(driving_frames(60), range(21, 25), command=RE_ISSUE)
    off = [
        {
            **frame,
            "row": frame["row"] + 60,
            "data_unit_digest": f"off{n:029d}",
            "device_time_s": frame["device_time_s"] - DAY_S,
        }
        for n, frame in enumerate(driving_frames(60)[20:24])
    ]

    assert [] == jumps_in(frames + off)


def test_a_bend_is_no_jump(jumps_in: JumpsIn) -> None:
    frames = driving_frames(60)
    turned = [
        {
            **each,
            "latitude_raw": frames[29]["latitude_raw"],
            "longitude_raw": each["longitude_raw"] + 2_068 * (each["row"] - 30),
        }
        if each["row"] > 30
        else each
        for each in frames
    ]

    assert [] == jumps_in(turned)


def test_places_by_turns_are_two_terminals(jumps_in: JumpsIn) -> None:
    found = _found(jumps_in(_displaced([20, 22, 24], 200 * E6_EAST_A_KM)))

    assert [("identity.two-places", 20, 24, "6")] == [
        (each.check, each.row, each.last_row, each.params["count"]) for each in found
    ]


def test_of_two_terminals_only_the_two_places_are_above_info() -> None:
    def of(check: str, row: int, last_row: int, vin: str = TRUCK) -> Finding:
        return Finding(check=check, file=FILE, row=row, last_row=last_row, vin=vin)

    places = of("identity.two-places", 20, 40)
    theirs = [of("odometer.jump", 19, 41), of("odometer.reset", 20, 40)]
    others = [
        of("odometer.jump", 60, 61),
        of("odometer.reset", 20, 40, "LOTHERTRUCK000001"),
        of("position.jump", 20, 40),
    ]

    assert [None, "info", "info", None, None, None] == [
        each.severity for each in explain_odometers([places, *theirs, *others])
    ]


def test_out_and_back_once_is_no_second_terminal(jumps_in: JumpsIn) -> None:
    assert ["position.jump"] == [each.check for each in _found(jumps_in(_displaced([20], 200 * E6_EAST_A_KM)))]


def test_a_stretch_in_another_datum_that_does_not_say_so_is_found_at_its_rows(jumps_in: JumpsIn) -> None:
    found = _found(jumps_in([_in_gcj02(each) if 20 <= each["row"] <= 40 else each for each in driving_frames(60)]))

    assert [("position.datum", 20, 40)] == [(each.check, each.row, each.last_row) for each in found]


def test_two_excursions_a_quarter_of_an_hour_apart_are_two_findings(jumps_in: JumpsIn) -> None:
    frames = [
        {**each, "longitude_raw": each["longitude_raw"] + E6_EAST_A_KM * (each["row"] in (20, 21, 120, 121))}
        for each in driving_frames(140)
    ]

    assert [("position.jump", 20, 21), ("position.jump", 120, 121)] == [
        (each.check, each.row, each.last_row) for each in _found(jumps_in(frames))
    ]


def test_a_stretch_that_says_gcj02_and_is_not_is_found_at_its_rows(jumps_in: JumpsIn) -> None:
    frames = [{**each, "coordinate_system": 2 if 20 <= each["row"] <= 40 else 1} for each in driving_frames(60)]

    assert [("position.datum", 20, 40)] == [(each.check, each.row, each.last_row) for each in _found(jumps_in(frames))]


def test_a_datum_that_is_said_is_no_jump(jumps_in: JumpsIn) -> None:
    frames = [
        {**_in_gcj02(each), "coordinate_system": 2} if 20 <= each["row"] <= 40 else {**each, "coordinate_system": 1}
        for each in driving_frames(60)
    ]

    assert [] == _found(jumps_in(frames))


def _in_gcj02(frame: dict[str, Any]) -> dict[str, Any]:
    longitude, latitude = frame["longitude_raw"], frame["latitude_raw"]
    back = wgs84_from_gcj02(longitude, latitude)
    return {**frame, "longitude_raw": 2 * longitude - back[0], "latitude_raw": 2 * latitude - back[1]}
