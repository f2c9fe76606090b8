"""Which standings end a trip."""

import pytest
from h2verify.activity.stands import nearest_site, run_ended_at_s, run_place, standings_of, trip_ending_stands
from made_activity import (
    HUB,
    METRES_900_E6,
    NOWHERE,
    PORT,
    SITES,
    STATION,
    T0,
    Place,
    Row,
    fixes,
    leg,
    run,
    silence,
    site,
)

HOUR = 3600


@pytest.mark.parametrize(("seconds", "ends"), [(599, False), (600, True)])
def test_a_stand_at_a_site_ends_a_trip_from_ten_minutes_on(seconds: int, ends: bool) -> None:
    stands = trip_ending_stands([run(0, seconds, HUB)], SITES, [])

    assert ends == bool(stands)


@pytest.mark.parametrize(("north_e6", "ends"), [(8_990, True), (8_997, False)])
def test_a_stand_ends_a_trip_within_a_kilometre_of_the_site(north_e6: int, ends: bool) -> None:
    stands = trip_ending_stands([run(0, HOUR, (HUB[0], HUB[1] + north_e6))], SITES, [])

    assert ends == bool(stands)


def test_a_silence_in_place_belongs_to_the_stand() -> None:
    parked = run(0, 60, HUB, next_at_s=T0 + HOUR, next_odometer=1002)
    left = run(0, 60, HUB, next_at_s=T0 + HOUR, next_odometer=1003)

    assert [T0 + HOUR] == [each.ended_at_s for each in trip_ending_stands([parked], SITES, [])]
    assert [] == trip_ending_stands([left], SITES, [])
    assert T0 + 60 == run_ended_at_s(left)


def test_a_stand_at_a_station_ends_a_trip_only_without_a_leg_under_way() -> None:
    stop = run(2 * HOUR, 3 * HOUR, STATION)

    assert ["STATION"] == [each.site_id for each in trip_ending_stands([stop], SITES, [])]
    assert [] == trip_ending_stands([stop], SITES, [leg("L1", HOUR, 6 * HOUR)])
    assert ["STATION"] == [each.site_id for each in trip_ending_stands([stop], SITES, [leg("L1", HOUR, 2 * HOUR)])]


def test_a_leg_of_another_truck_keeps_no_trip_going() -> None:
    stop = run(2 * HOUR, 3 * HOUR, STATION, vin="LTESTHYDR0GEN0002")

    assert 1 == len(trip_ending_stands([stop], SITES, [leg("L1", HOUR, 6 * HOUR)]))


def test_a_night_on_the_road_inside_a_leg_ends_no_trip() -> None:
    night = run(4 * HOUR, 14 * HOUR, NOWHERE)

    assert [] == trip_ending_stands([night], SITES, [leg("L1", HOUR, 20 * HOUR)])
    assert [] == trip_ending_stands([night], SITES, [])


def test_the_nearer_of_two_sites_within_reach_is_the_site() -> None:
    sites = [site("NEAR", (HUB[0], HUB[1] + 2_000)), site("FAR", (HUB[0], HUB[1] - METRES_900_E6))]

    assert ["NEAR"] == [each.site_id for each in trip_ending_stands([run(0, HOUR)], sites, [])]


def test_the_site_that_a_leg_names_here_and_now_goes_before_the_nearer_one() -> None:
    sites = [site("NEAR", (HUB[0], HUB[1] + 2_000)), site("FAR", (HUB[0], HUB[1] - METRES_900_E6))]
    arriving = leg("L1", -4 * HOUR, 1200, "PORT", "FAR")
    leaving = leg("L1", HOUR + 1200, 6 * HOUR, "FAR", "PORT")
    later = leg("L1", 5 * HOUR, 6 * HOUR, "FAR", "PORT")

    assert ["FAR"] == [each.site_id for each in trip_ending_stands([run(0, HOUR)], sites, [arriving])]
    assert ["FAR"] == [each.site_id for each in trip_ending_stands([run(0, HOUR)], sites, [leaving])]
    assert ["NEAR"] == [each.site_id for each in trip_ending_stands([run(0, HOUR)], sites, [later])]


def test_a_site_that_legs_name_is_not_believed_from_afar() -> None:
    stands = trip_ending_stands([run(0, HOUR, HUB)], SITES, [leg("L1", HOUR, 9 * HOUR, "PORT", "PORT")])

    assert ["HUB"] == [each.site_id for each in stands]


def test_the_shift_of_gcj02_is_taken_out_of_a_place() -> None:
    shown = (HUB[0] + 3_640, HUB[1] - 2_600)  # what a GCJ-02 device shows about there: some 450 m off
    sites = [site("HUB", HUB), site("BESIDE", shown)]
    shifted = trip_ending_stands([run(0, HOUR, shown, coordinate_system=2)], sites, [])

    assert ["HUB"] == [each.site_id for each in shifted]
    assert ["BESIDE"] == [each.site_id for each in trip_ending_stands([run(0, HOUR, shown)], sites, [])]


def test_the_first_and_last_stand_of_the_data_need_no_time_and_no_site() -> None:
    first, last = run(0, 10, NOWHERE, is_first=1), run(HOUR, HOUR + 10, None, is_last=1, next_at_s=None)
    stands = trip_ending_stands([first, last], SITES, [])

    assert [(None, True), (None, True)] == [(each.site_id, each.open_ended) for each in stands]
    assert T0 - 1 == stands[0].split_at_s
    assert stands[1].longitude_e6 is None


def test_readings_belong_to_the_next_trip_once_the_stacks_are_off() -> None:
    unloading = run(0, HOUR, HUB, quiet_at_s=T0 + 300)
    running = run(0, HOUR, HUB)

    assert [T0 + 300] == [each.split_at_s for each in trip_ending_stands([unloading], SITES, [])]
    assert [T0 + HOUR] == [each.split_at_s for each in trip_ending_stands([running], SITES, [])]


def test_a_tie_between_two_sites_is_decided_by_their_names() -> None:
    sites = [site("B", (HUB[0], HUB[1] + 1_000)), site("A", (HUB[0], HUB[1] - 1_000))]
    found = nearest_site(HUB, sites)

    assert found is not None
    assert "A" == found.site_id
    assert nearest_site(PORT, sites) is None


@pytest.mark.parametrize(
    ("beside", "place"),
    [
        (fixes(before=(995, HUB)), HUB),
        (fixes(before=(994, HUB)), None),
        (fixes(before=(994, HUB), after=(1005, PORT)), PORT),
        (fixes(after=(1006, PORT)), None),
        (fixes(after=(None, PORT)), None),  # type: ignore[arg-type]  # a fix without an odometer
    ],
)
def test_a_standing_without_a_fix_takes_one_within_half_a_kilometre_by_the_odometer(
    beside: Row, place: Place | None
) -> None:
    assert place == run_place(run(0, HOUR, None, **beside))
    assert PORT == run_place(run(0, HOUR, PORT, **beside))


def test_a_silence_in_which_a_truck_cannot_have_driven_all_the_time_was_a_standing() -> None:
    quiet = silence(0, 2 * HOUR, after={"speed": 720, "odometer": 1300})
    (found,) = standings_of([], [quiet])

    assert (T0, T0 + HOUR) == (found["started_at_s"], found["ended_at_s"])  # 30 km take an hour
    assert [("HUB", T0)] == [(each.site_id, each.split_at_s) for each in trip_ending_stands([found], SITES, [])]


def test_a_truck_that_was_seen_to_drive_into_a_silence_stood_at_its_end() -> None:
    side = {"odometer": 1300, "longitude_e6": PORT[0], "latitude_e6": PORT[1]}
    (found,) = standings_of([], [silence(0, 2 * HOUR, {"speed": 720}, side)])

    assert (T0 + HOUR, T0 + 2 * HOUR) == (found["started_at_s"], found["ended_at_s"])
    assert ["PORT"] == [each.site_id for each in trip_ending_stands([found], SITES, [])]


@pytest.mark.parametrize(
    ("started", "ended", "before", "after"),
    [
        (0, 2 * HOUR, {"speed": 720}, {"speed": 720, "odometer": 1003}),
        (0, HOUR + 599, {}, {"odometer": 1300}),
        (0, 2 * HOUR, {"odometer": None, "longitude_e6": None}, {}),
        (0, 600, {"odometer": None}, {"longitude_e6": PORT[0], "latitude_e6": PORT[1]}),
    ],
)
def test_a_silence_that_may_all_have_been_driving_is_no_standing(
    started: int, ended: int, before: Row, after: Row
) -> None:
    assert [] == standings_of([], [silence(started, ended, before, after)])


def test_a_truck_that_rolled_into_a_silence_and_out_of_it_in_one_place_stood_there() -> None:
    (found,) = standings_of([], [silence(0, 2 * HOUR, {"speed": 44}, {"speed": 120, "odometer": 1002})])

    assert (T0, T0) == (found["started_at_s"], found["quiet_at_s"])
    assert ["HUB"] == [each.site_id for each in trip_ending_stands([found], SITES, [])]


def test_a_silence_before_or_after_a_standing_belongs_to_it() -> None:
    (rolled,) = standings_of([run(2 * HOUR, 3 * HOUR, HUB)], [silence(0, 2 * HOUR, {"speed": 44, "odometer": 700})])
    (parked,) = standings_of([run(-HOUR, 0, HUB)], [silence(0, 2 * HOUR, after={"speed": 720, "odometer": 1300})])

    assert (T0 + HOUR, T0 + 3 * HOUR) == (rolled["started_at_s"], rolled["ended_at_s"])  # 30 km take an hour
    assert (T0 - HOUR, T0 + HOUR) == (parked["started_at_s"], run_ended_at_s(parked))


def test_silences_around_one_reading_and_a_standing_make_one() -> None:
    woken = silence(0, 2 * HOUR, {"speed": 44, "odometer": 700}), silence(2 * HOUR, 4 * HOUR)
    (alone,) = standings_of([], woken)
    (last,) = standings_of([run(2 * HOUR, 2 * HOUR, HUB, is_last=1)], woken)

    assert [(T0 + HOUR, T0 + 4 * HOUR)] * 2 == [(each["started_at_s"], each["ended_at_s"]) for each in (alone, last)]
    assert [T0 + 2 * HOUR] == [each.split_at_s for each in trip_ending_stands([alone], SITES, [])]
    assert 1 == last["is_last"]


def test_of_two_standings_that_a_silence_joins_the_first_tells_how_it_began() -> None:
    first = run(0, 900, NOWHERE, is_first=1, quiet_at_s=T0 + 60)
    last = run(4500, 5400, NOWHERE, is_last=1, odometer=10)
    hidden = silence(900, 4500, after={"odometer": 10})
    (joined,) = standings_of([first, last], [hidden])

    assert (T0, T0 + 5400) == (joined["started_at_s"], run_ended_at_s(joined))
    assert (1, 1, T0 + 60) == (joined["is_first"], joined["is_last"], joined["quiet_at_s"])
    assert [T0 - 1] == [each.split_at_s for each in trip_ending_stands([joined], SITES, [])]


@pytest.mark.parametrize(
    ("earlier", "ends"),
    [
        ([], False),
        ([run(-HOUR, HOUR, HUB)], False),
        ([run(-HOUR, HOUR, PORT)], True),
        ([run(-HOUR, HOUR, NOWHERE)], False),
        ([run(-HOUR, HOUR - 1800, HUB)], False),
        ([run(-HOUR, HOUR - 1801, HUB)], True),  # it had left long before
        ([run(-2 * HOUR, 0, PORT), run(HOUR - 90, HOUR, HUB)], False),  # a short stop at the origin
        ([run(-2 * HOUR, 0, PORT), run(HOUR + 1800, HOUR + 1860, HUB)], False),
        ([run(-2 * HOUR, 0, PORT), run(HOUR + 1801, HOUR + 1860, HUB)], True),
        ([run(-HOUR, HOUR, HUB), run(HOUR + 600, 2 * HOUR, PORT)], False),  # a stand after the departure
        ([run(HOUR + 1, 2 * HOUR, PORT)], False),
        ([run(-2 * HOUR, 0, PORT), run(600, HOUR, None)], False),  # where it stood at the departure nobody knows
    ],
)
def test_a_leg_keeps_a_trip_going_unless_the_truck_was_seen_not_to_depart_when_it_says(
    earlier: list[Row], ends: bool
) -> None:
    stop = run(3 * HOUR, 4 * HOUR, STATION)
    stands = trip_ending_stands([*earlier, stop], SITES, [leg("L1", HOUR, 6 * HOUR)])

    assert ends == ("STATION" in [each.site_id for each in stands])


def test_a_leg_from_a_site_that_is_not_known_keeps_a_trip_going() -> None:
    runs = [run(-HOUR, HOUR, PORT), run(3 * HOUR, 4 * HOUR, STATION)]

    assert ["PORT"] == [each.site_id for each in trip_ending_stands(runs, SITES, [leg("L1", HOUR, 6 * HOUR, "X")])]


def test_a_silence_that_a_standing_already_covers_is_not_another_one() -> None:
    parked = run(-60, 0, HUB, next_at_s=T0 + 2 * HOUR, next_odometer=1000)

    assert [parked] == standings_of([parked], [silence(0, 2 * HOUR)])
    assert 2 == len(standings_of([parked | {"vin": "LTESTHYDR0GEN0002"}], [silence(0, 2 * HOUR)]))
