"""Time cut into spans, and the trips that spans make."""

from dataclasses import replace
from itertools import pairwise

from h2verify.activity.spans import cut_spans, trips_of
from h2verify.activity.values import Stand
from hypothesis import given, settings
from hypothesis import strategies as st
from made_activity import HUB, PORT, T0, TRUCK, Row, ends, stand, sums, window

DATA = 10_000


def _windows(*edges: int) -> list[Row]:
    return [{"from_s": T0 + start, "to_s": T0 + end} for start, end in pairwise(edges)]


@settings(max_examples=100, deadline=None)
@given(
    splits=st.lists(st.integers(-1, DATA), max_size=5),
    edges=st.lists(st.integers(-1, DATA), max_size=4),
)
def test_spans_cover_a_trucks_data_once_and_each_lies_in_one_segment_and_window(
    splits: list[int], edges: list[int]
) -> None:
    stands = [stand(number, split - 1, split, None, None) for number, split in enumerate(sorted(splits))]
    bounds = [-1, *sorted(edges), DATA]
    windows = [window(number, None, None, **place) for number, place in enumerate(_windows(*bounds))]
    spans = cut_spans(ends(DATA), stands, windows)

    assert (T0 - 1, T0 + DATA) == (spans[0].from_s, spans[-1].to_s)
    assert [span.to_s for span in spans[:-1]] == [span.from_s for span in spans[1:]]
    assert list(range(len(spans))) == [span.span_no for span in spans]
    for span in spans:
        assert windows[span.window_no].from_s <= span.from_s < span.to_s <= windows[span.window_no].to_s
        assert not [each for each in stands if span.from_s < each.split_at_s < span.to_s]
    assert sorted(span.segment_no for span in spans) == [span.segment_no for span in spans]


def _stands() -> list[Stand]:
    return [stand(0, 0, 0, "HUB", HUB), stand(1, 3600, 7200, "PORT", PORT), stand(2, 10_800, 14_400, None, None)]


def test_a_trip_lies_between_two_stands_and_sums_its_spans() -> None:
    parts = [sums(0, 0, 0, segment_no=1), sums(1, 1, 0, segment_no=1), sums(2, 2, 0, segment_no=2)]
    first, second = trips_of(parts, _stands())

    assert ("HUB", "PORT", 1) == (first["origin_site"], first["destination_site"], first["finished"])
    assert ("PORT", None, 0) == (second["origin_site"], second["destination_site"], second["finished"])
    assert (20_000_000, 20) == (first["distance_mm"], first["readings"])
    assert (T0 + 10, T0 + 3600) == (first["started_at_s"], first["ended_at_s"])
    assert [f"{TRUCK}-0001", f"{TRUCK}-0002"] == [first["trip_id"], second["trip_id"]]


def test_a_trip_ends_no_later_than_its_truck_stood_at_the_destination() -> None:
    hub, port, last = _stands()
    (late,), (early,) = (
        trips_of([sums(0, 0, 0, segment_no=1)], [hub, replace(port, started_at_s=T0 + at), last]) for at in (7200, 1800)
    )

    assert (T0 + 3590, T0 + 1800) == (late["ended_at_s"], early["ended_at_s"])


def test_a_trip_with_a_step_that_nobody_knows_has_no_distance() -> None:
    (found,) = trips_of([sums(0, 0, 0, segment_no=1), sums(1, 0, 0, segment_no=1, distance_unknown=1)], _stands())

    assert found["distance_mm"] is None


def test_a_segment_without_movement_is_no_trip() -> None:
    parts = [sums(0, 0, 0, segment_no=1, moving_readings=0), sums(1, 1, 0, segment_no=2)]

    assert [2] == [found["segment_no"] for found in trips_of(parts, _stands())]
