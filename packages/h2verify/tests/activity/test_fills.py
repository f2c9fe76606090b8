"""Booked fills beside seen rises, and the windows between fills."""

import pytest
from h2verify.activity.fills import SMALLEST_RISE_MG, match_fills, windows_between
from h2verify.activity.values import Fill, RecordedFill
from h2verify.hydrogen import tank_mass_mg
from made_activity import KG, STATION, T0, TANK_ML, TRUCK, TRUCKS, Row, ends, looks, recorded, run, silence

HOUR = 3600
DATA = 10 * HOUR


def _mass(kpa: int) -> int:
    return tank_mass_mg(kpa, 150, TANK_ML)


RISE_MG = _mass(30_000) - _mass(10_000)
FILLING = run(HOUR, 2 * HOUR, STATION, **looks((HOUR, 10_000), (2 * HOUR, 30_000)))
WAITING = run(HOUR, 2 * HOUR, STATION, **looks((HOUR, 10_000), (2 * HOUR, 10_000)))
BLIND = run(HOUR, 2 * HOUR, STATION)


def _match(runs: list[Row], fills: list[RecordedFill], silences: tuple[Row, ...] = ()) -> list[Fill]:
    return match_fills(runs, silences, ends(DATA), fills, TRUCKS)


def test_a_booked_fill_whose_rise_was_seen_is_confirmed() -> None:
    (fill,) = _match([FILLING], [recorded("F1", HOUR + 60, HOUR + 700, RISE_MG + KG)])

    assert ("confirmed", RISE_MG, ("F1",)) == (fill.agreement, fill.rise_mg, fill.refuelling_ids)
    assert fill.before is not None
    assert (T0 + HOUR, _mass(10_000)) == (fill.before.at_s, fill.before.mass_mg)


@pytest.mark.parametrize(("beyond_mg", "agreement"), [(0, "confirmed"), (1, "differs")])
def test_a_booked_fill_further_from_the_rise_than_the_tolerance_differs(beyond_mg: int, agreement: str) -> None:
    tolerance_mg = (RISE_MG * 1000 // 950) * 50 // 1000
    (fill,) = _match([FILLING], [recorded("F1", HOUR, HOUR + 600, RISE_MG + tolerance_mg + beyond_mg)])

    assert agreement == fill.agreement


def test_a_booked_fill_at_a_stand_where_nothing_rose_is_without_rise() -> None:
    (fill,) = _match([WAITING], [recorded("F1", HOUR + 60, HOUR + 700, 30 * KG)])

    assert ("without_rise", 0) == (fill.agreement, fill.rise_mg)


@pytest.mark.parametrize(
    ("odometer", "kpa", "agreement"),
    [(1002, 30_000, "confirmed"), (1002, 10_000, "without_rise"), (1003, 30_000, "unseen"), (1002, None, "unseen")],
)
def test_a_stand_that_ends_in_a_silence_shows_its_rise_when_the_truck_speaks_again_in_place(
    odometer: int, kpa: int | None, agreement: str
) -> None:
    next_one = {"next_at_s": T0 + 2 * HOUR + 400, "next_odometer": odometer, "next_pressure_kpa": kpa}
    (fill,) = _match(
        [WAITING | next_one | {"next_temperature_dc": 150}], [recorded("F1", 2 * HOUR - 60, 2 * HOUR + 300, RISE_MG)]
    )

    assert agreement == fill.agreement
    assert fill.before is not None


@pytest.mark.parametrize(
    ("odometer", "kpa", "agreement"),
    [(998, 10_000, "confirmed"), (998, 30_000, "without_rise"), (997, 10_000, "unseen"), (998, None, "unseen")],
)
def test_a_stand_that_begins_after_a_silence_shows_its_rise_from_the_reading_before_in_place(
    odometer: int, kpa: int | None, agreement: str
) -> None:
    before = {"prev_at_s": T0 + HOUR - 400, "prev_odometer": odometer, "prev_pressure_kpa": kpa}
    filled = run(HOUR, 2 * HOUR, STATION, **looks((HOUR, 30_000), (2 * HOUR, 30_000)))
    (fill,) = _match([filled | before | {"prev_temperature_dc": 150}], [recorded("F1", HOUR - 300, HOUR + 60, RISE_MG)])

    assert agreement == fill.agreement


def test_a_fill_that_began_before_the_first_look_into_the_tank_is_unseen_and_bounds_nothing() -> None:
    late = run(HOUR, 2 * HOUR, STATION, **looks((HOUR + 300, 20_000), (2 * HOUR, 30_000)))
    (fill,) = _match([late], [recorded("F1", HOUR + 60, HOUR + 700, RISE_MG)])
    (window,) = windows_between([fill], ends(DATA), TRUCKS)

    assert ("unseen", None, None) == (fill.agreement, fill.rise_mg, fill.before)
    assert RISE_MG == window.booked_mg


def test_a_fill_that_began_after_the_first_look_into_the_tank_is_judged() -> None:
    late = run(HOUR, 2 * HOUR, STATION, **looks((HOUR + 300, 20_000), (2 * HOUR, 30_000)))
    (fill,) = _match([late], [recorded("F1", HOUR + 360, HOUR + 700, RISE_MG)])

    assert "differs" == fill.agreement


def test_a_fill_that_ended_after_the_last_look_into_the_tank_is_unseen() -> None:
    late = run(HOUR, 2 * HOUR, STATION, **looks((HOUR, 10_000), (HOUR + 300, 20_000)))
    (fill,) = _match([late], [recorded("F1", HOUR + 60, HOUR + 700, RISE_MG)])

    assert ("unseen", None) == (fill.agreement, fill.rise_mg)
    assert fill.before is not None


def test_a_booked_fill_while_the_truck_drove_is_without_rise() -> None:
    (fill,) = _match([FILLING], [recorded("F1", 5 * HOUR, 5 * HOUR + 600, 30 * KG)])[1:]

    assert ("without_rise", 0) == (fill.agreement, fill.rise_mg)


def test_a_rise_that_nobody_booked_is_without_record() -> None:
    (fill,) = _match([FILLING], [])

    assert ("without_record", RISE_MG, (), 0) == (fill.agreement, fill.rise_mg, fill.refuelling_ids, fill.booked_mg)


def test_a_rise_within_the_noise_of_the_sensors_is_no_fill() -> None:
    small = run(HOUR, 2 * HOUR, STATION, **looks((HOUR, 10_000), (2 * HOUR, 10_200)))

    assert _mass(10_200) - _mass(10_000) < SMALLEST_RISE_MG
    assert [] == _match([small], [])


@pytest.mark.parametrize("silent_from", [4 * HOUR, 5 * HOUR + 599])
def test_a_fill_booked_in_a_silence_is_unseen(silent_from: int) -> None:
    (fill,) = _match([], [recorded("F1", 5 * HOUR, 5 * HOUR + 600, 30 * KG)], (silence(silent_from, 6 * HOUR),))

    assert ("unseen", None, None) == (fill.agreement, fill.rise_mg, fill.before)


def _beside(kpa: int | None, odometer: int = 1000) -> Row:
    """A reading beside a silence, of a truck that still moves or moves again."""
    return {"speed": 54, "odometer": odometer, "pressure_kpa": kpa, "temperature_dc": None if kpa is None else 150}


@pytest.mark.parametrize(
    ("odometer", "kpa", "agreement", "rise_mg"),
    [
        (1002, 30_000, "confirmed", RISE_MG),
        (1002, 10_000, "without_rise", 0),
        (1002, None, "unseen", None),
        (1003, 30_000, "unseen", None),
        (999, 30_000, "unseen", None),
    ],
)
def test_a_silence_in_place_shows_the_rise_of_a_fill_by_the_readings_beside_it(
    odometer: int, kpa: int | None, agreement: str, rise_mg: int | None
) -> None:
    hidden = silence(5 * HOUR, 5 * HOUR + 570, _beside(10_000), _beside(kpa, odometer))
    (fill,) = _match([], [recorded("F1", 5 * HOUR + 200, 5 * HOUR + 400, RISE_MG)], (hidden,))

    assert (agreement, rise_mg) == (fill.agreement, fill.rise_mg)


def test_a_rise_in_a_silence_that_nobody_booked_is_seen_once() -> None:
    hidden = silence(HOUR - 300, HOUR, _beside(10_000), _beside(30_000))
    beside = {"prev_at_s": T0 + HOUR - 300, "prev_odometer": 1000, "prev_pressure_kpa": 10_000}
    after = run(HOUR, HOUR + 90, STATION, **looks((HOUR, 30_000), (HOUR + 90, 30_000)))

    assert ["without_record"] == [fill.agreement for fill in _match([], [], (hidden,))]
    assert ["without_record"] == [
        fill.agreement for fill in _match([after | beside | {"prev_temperature_dc": 150}], [], (hidden,))
    ]


def test_a_stand_with_one_reading_between_two_silences_shows_the_whole_rise() -> None:
    hidden = (
        silence(5 * HOUR, 5 * HOUR + 300, _beside(10_000), _beside(20_000)),
        silence(5 * HOUR + 300, 5 * HOUR + 600, _beside(20_000), _beside(30_000)),
    )
    (fill,) = _match([], [recorded("F1", 5 * HOUR + 100, 5 * HOUR + 500, RISE_MG)], hidden)

    assert ("confirmed", RISE_MG) == (fill.agreement, fill.rise_mg)


@pytest.mark.parametrize(("steps", "agreement"), [(19, "unseen"), (20, "without_rise")])
def test_a_short_silence_hides_no_fill_where_the_way_leaves_no_minute_for_it(steps: int, agreement: str) -> None:
    driven = silence(5 * HOUR, 5 * HOUR + 300, _beside(10_000), _beside(10_000, 1000 + steps))
    (fill,) = _match([], [recorded("F1", 5 * HOUR + 60, 5 * HOUR + 240, RISE_MG)], (driven,))

    assert agreement == fill.agreement


def test_a_fill_belongs_to_no_stand_before_it_at_which_nothing_rose() -> None:
    rest = run(5 * HOUR - 900, 5 * HOUR - 600, STATION, **looks((5 * HOUR - 900, 10_100), (5 * HOUR - 600, 10_000)))
    hidden = silence(5 * HOUR, 5 * HOUR + 570, _beside(10_000), _beside(30_000))
    moving = silence(5 * HOUR, 5 * HOUR + 570, _beside(10_000), _beside(30_000, 1005))
    booked = [recorded("F1", 5 * HOUR + 200, 5 * HOUR + 400, RISE_MG)]

    assert ["confirmed"] == [fill.agreement for fill in _match([rest], booked, (hidden,))]
    assert ["unseen"] == [fill.agreement for fill in _match([rest], booked, (moving,))]


def test_a_fill_booked_before_or_after_the_data_is_unseen() -> None:
    fills = _match([], [recorded("F1", -HOUR, -60, 30 * KG), recorded("F2", DATA - 60, DATA + 600, 30 * KG)])

    assert ["unseen", "unseen"] == [fill.agreement for fill in fills]


def test_a_fill_at_a_stand_without_a_look_into_the_tank_is_unseen() -> None:
    (fill,) = _match([BLIND], [recorded("F1", HOUR + 60, HOUR + 700, 30 * KG)])

    assert ("unseen", None, None) == (fill.agreement, fill.rise_mg, fill.before)


def test_two_fills_booked_at_one_stand_are_matched_together() -> None:
    halves = [recorded("F2", HOUR + 900, HOUR + 1200, RISE_MG // 2), recorded("F1", HOUR, HOUR + 600, RISE_MG // 2)]
    (fill,) = _match([FILLING], halves)

    assert ("confirmed", ("F1", "F2"), RISE_MG // 2 * 2) == (fill.agreement, fill.refuelling_ids, fill.booked_mg)


@pytest.mark.parametrize(("early", "agreements"), [(800, ["confirmed"]), (900, ["without_rise", "without_record"])])
def test_the_clock_of_a_dispenser_may_be_off_by_a_quarter_of_an_hour(early: int, agreements: list[str]) -> None:
    fills = _match([FILLING], [recorded("F1", HOUR - early - 300, HOUR - early, RISE_MG)])

    assert agreements == [fill.agreement for fill in fills]


def test_a_fill_is_matched_to_the_stand_that_it_overlaps_most() -> None:
    before = run(0, HOUR - 300, STATION, **looks((0, 12_000), (HOUR - 300, 10_000)))
    (fill,) = _match([before, FILLING], [recorded("F1", HOUR - 400, HOUR + 600, RISE_MG)])

    assert fill.before is not None
    assert T0 + HOUR == fill.before.at_s


def test_a_fill_of_a_truck_that_nobody_registered_is_left_out() -> None:
    assert [] == _match([], [recorded("F1", HOUR, 2 * HOUR, 30 * KG, vin="LTESTHYDR0GEN0009")])


def test_a_window_runs_from_the_look_before_a_fill_to_the_look_before_the_next() -> None:
    second = run(5 * HOUR, 6 * HOUR, STATION, **looks((5 * HOUR + 30, 8_000), (6 * HOUR, 33_000)))
    fills = _match([FILLING, second], [recorded("F1", HOUR, HOUR + 600, RISE_MG)])
    windows = windows_between(fills, ends(DATA), TRUCKS)

    assert [
        (T0 - 1, T0 + HOUR),
        (T0 + HOUR, T0 + 5 * HOUR + 30),
        (T0 + 5 * HOUR + 30, T0 + DATA),
    ] == [(window.from_s, window.to_s) for window in windows]
    assert [None, "confirmed", "without_record"] == [w.fill.agreement if w.fill else None for w in windows]
    assert [30_000, 10_000, 8_000] == [_kpa(w.tank_start.mass_mg if w.tank_start else 0) for w in windows]
    assert [10_000, 8_000, 20_000] == [_kpa(w.tank_end.mass_mg if w.tank_end else 0) for w in windows]
    assert [0, RISE_MG, 0] == [window.booked_mg for window in windows]


def _kpa(mass_mg: int) -> int:
    return next(kpa for kpa in range(0, 40_000, 100) if _mass(kpa) == mass_mg)


def test_a_fill_that_did_not_rise_bounds_nothing_and_counts_nothing() -> None:
    fills = _match([WAITING], [recorded("F1", HOUR, HOUR + 600, 30 * KG)])
    (window,) = windows_between(fills, ends(DATA), TRUCKS)

    assert (None, (), 0) == (window.fill, window.unseen, window.booked_mg)


def test_the_mass_of_an_unseen_fill_counts_in_the_window_it_was_booked_in() -> None:
    hidden = silence(4 * HOUR, 6 * HOUR)
    booked = [recorded("F1", HOUR, HOUR + 600, RISE_MG), recorded("F2", 5 * HOUR, 5 * HOUR + 600, 12 * KG)]
    windows = windows_between(_match([FILLING], booked, (hidden,)), ends(DATA), TRUCKS)

    assert [0, RISE_MG + 12 * KG] == [window.booked_mg for window in windows]
    assert [(), ("F2",)] == [tuple(i for fill in w.unseen for i in fill.refuelling_ids) for w in windows]


def test_a_truck_without_a_known_tank_volume_has_one_window_without_content() -> None:
    register = {TRUCK: TRUCKS[TRUCK].__class__(vin=TRUCK, edition=2016, stack_count=1, cells=400, tank_volume_ml=None)}
    fills = match_fills([FILLING], (), ends(DATA), [recorded("F1", HOUR, HOUR + 600, RISE_MG)], register)
    (window,) = windows_between(fills, ends(DATA), register)

    assert ["unseen"] == [fill.agreement for fill in fills]
    assert (None, None) == (window.tank_start, window.tank_end)
    assert RISE_MG == window.booked_mg
