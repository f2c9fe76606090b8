"""The map of a run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_reports import some_tracks

from h2corridor.console.map_frame import HEIGHT_MAX, HEIGHT_MIN, WIDTH, find_map_frame
from h2corridor.console.map_labels import place_labels
from h2corridor.console.map_picture import MapPicture, find_map_picture
from h2corridor.model.report import Tracks, TrackSite, TripTrack

_POSITION = st.tuples(st.integers(73_000_000, 135_000_000), st.integers(18_000_000, 54_000_000))


def _picture(tracks: Tracks) -> MapPicture:
    picture = find_map_picture(tracks)
    assert picture is not None
    return picture


def _empty(**more: object) -> Tracks:
    return Tracks(datum="WGS84", attribution="a", **more)  # type: ignore[arg-type]  # each test names its parts


@given(st.lists(_POSITION, min_size=1, max_size=20))
@settings(max_examples=60)
def test_every_position_falls_into_the_frame(positions: list[tuple[int, int]]) -> None:
    frame = find_map_frame(positions)

    assert frame is not None
    assert HEIGHT_MIN <= frame.height <= HEIGHT_MAX
    assert all(frame.shows(frame.place(*position)) for position in positions)


def test_north_is_up_and_east_is_right() -> None:
    frame = find_map_frame([(106_000_000, 27_000_000), (107_000_000, 29_000_000)])

    assert frame is not None
    west_south, east_north = frame.place(106_000_000, 27_000_000), frame.place(107_000_000, 29_000_000)
    assert west_south[0] < east_north[0]
    assert west_south[1] > east_north[1]


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    frame = find_map_frame([(106_000_000, 27_000_000), (107_000_000, 29_000_000)])

    assert frame is not None
    bar = frame.scale_bar()
    one_degree_px = frame.place(106_000_000, 27_000_000)[1] - frame.place(106_000_000, 28_000_000)[1]
    assert float(bar.length_km) / 111.32 * one_degree_px == pytest.approx(bar.width, abs=0.1)
    assert bar.width <= WIDTH / 3


def test_no_tracks_and_no_sites_give_no_map() -> None:
    assert [find_map_picture(None), find_map_picture(_empty())] == [None, None]


def test_sites_alone_are_drawn() -> None:
    picture = _picture(_empty(sites=some_tracks().sites[:2]))

    assert (len(picture.sites), picture.lines) == (2, ())


def test_a_site_far_from_every_track_is_named_outside() -> None:
    assert [site.site_id for site in _picture(some_tracks()).outside] == ["FAR"]


def test_stations_and_plants_have_their_own_shape() -> None:
    assert [site.shape for site in _picture(some_tracks()).sites] == ["site", "site", "site", "station", "plant"]


def test_points_that_fall_on_one_another_are_thinned_and_the_end_stays() -> None:
    dense = tuple((106_000_000 + n, 29_000_000) for n in range(0, 1_000_000, 50))
    picture = _picture(_empty(trips=(TripTrack(trip_id="t", loaded=True, points=dense),)))
    points = picture.lines[0].points.split()

    assert WIDTH < len(points) <= 4 * WIDTH
    assert float(points[-1].partition(",")[0]) == pytest.approx(WIDTH - 46, abs=0.1)


def test_a_trip_of_one_point_has_no_line() -> None:
    picture = _picture(_empty(trips=(TripTrack(trip_id="t", loaded=True, points=((106_000_000, 29_000_000),)),)))

    assert picture.lines == ()


def test_a_position_off_the_earth_does_not_stretch_the_frame() -> None:
    lost = TripTrack(trip_id="lost", loaded=False, points=((0, 2_000_000_000), (106_500_000, 29_000_000)))
    tracks = some_tracks()
    picture = _picture(_empty(trips=(*tracks.trips, lost)))

    assert _picture(_empty(trips=tracks.trips)).scale == picture.scale


def test_names_of_neighbours_do_not_cover_each_other() -> None:
    first, second = place_labels([("青岩港", (100.0, 100.0)), ("青岩站", (101.0, 100.5))], 300, [], [])

    assert first is not None
    assert second is not None
    assert (first.anchor, first.y) != (second.anchor, second.y)


def test_a_name_that_finds_no_place_is_left_to_the_tooltip() -> None:
    labels = place_labels([("港", (100.0, 100.0))] * 40, 300, [], [])

    assert labels[-1] is None


def test_a_name_keeps_off_the_tracks_when_it_can() -> None:
    track = [(110.0 + x, 100.0) for x in range(60)]
    (label,) = place_labels([("青岩港", (100.0, 100.0))], 300, track, [])

    assert label is not None
    assert label.anchor == "end"


def test_a_site_without_a_name_in_one_language_shows_the_other() -> None:
    site = TrackSite(site_id="S", name_zh="港", name_en="", kind="port", lat_e6=29_000_000, lon_e6=106_000_000)

    assert _picture(_empty(sites=(site,))).sites[0].name_en == "港"
