"""Distances that follow from the circle alone, and the GCJ-02 shift against a second implementation of its formula."""

import math
from decimal import Context, localcontext

import pytest
from h2verify.geodesy import great_circle_mm, wgs84_from_gcj02
from hypothesis import given, settings
from hypothesis import strategies as st

DEGREE_MM = 111_195_080
"""pi / 180 of the mean radius 6371008.8 m (IUGG), in millimetres."""

LONGITUDES_E6 = st.integers(104_500_000, 109_800_000)
LATITUDES_E6 = st.integers(21_300_000, 30_800_000)
PLACES = st.tuples(LONGITUDES_E6, LATITUDES_E6)


def _gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """The shift forwards as it is in public use, in floats: degrees WGS 84 to degrees GCJ-02."""
    x, y, sin, pi = longitude - 105, latitude - 35, math.sin, math.pi
    fine = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + fine
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + fine
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    magic = 1 - 0.00669342162296594323 * sin(math.radians(latitude)) ** 2
    north_degrees = north * 180 / (6378245 * (1 - 0.00669342162296594323) / (magic * math.sqrt(magic)) * pi)
    east_degrees = east * 180 / (6378245 / math.sqrt(magic) * math.cos(math.radians(latitude)) * pi)
    return longitude + east_degrees, latitude + north_degrees


@pytest.mark.parametrize(
    ("a", "b", "degrees"),
    [
        ((0, 0), (0, 1), 1),
        ((0, 0), (1, 0), 1),
        ((179, 0), (-179, 0), 2),
        ((0, 0), (0, 90), 90),
        ((0, 0), (90, 0), 90),
        ((0, 45), (90, 45), 60),  # sin 45 squared is one half, the cosine of 60 degrees
        ((106, 89), (-74, 89), 2),
        ((0, -90), (0, 90), 180),
        ((0, 0), (180, 0), 180),
    ],
)
def test_an_arc_is_as_long_as_its_angle(a: tuple[int, int], b: tuple[int, int], degrees: int) -> None:
    distance = great_circle_mm(*(1_000_000 * value for value in (*a, *b)))

    assert abs(degrees * DEGREE_MM - distance) <= degrees


@settings(max_examples=50, deadline=None)
@given(a=PLACES, b=PLACES)
def test_a_distance_is_the_same_both_ways_and_that_of_the_law_of_cosines(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    lon_a, lat_a, lon_b, lat_b = (math.radians(value / 1_000_000) for value in (*a, *b))
    chord = math.sin((lat_b - lat_a) / 2) ** 2
    chord += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    metres = 2 * math.asin(math.sqrt(chord)) * 6371008.8

    assert great_circle_mm(*a, *b) == great_circle_mm(*b, *a)
    assert abs(metres * 1000 - great_circle_mm(*a, *b)) <= 1
    assert 0 == great_circle_mm(*a, *a)


@settings(max_examples=60, deadline=None)
@given(shown=PLACES)
def test_the_place_given_for_gcj02_is_shown_there_again(shown: tuple[int, int]) -> None:
    longitude, latitude = wgs84_from_gcj02(*shown)
    again = _gcj02(longitude / 1_000_000, latitude / 1_000_000)

    assert abs(shown[0] / 1_000_000 - again[0]) <= 1e-6
    assert abs(shown[1] / 1_000_000 - again[1]) <= 1e-6
    assert great_circle_mm(*shown, longitude, latitude) > 100_000


def test_no_decimal_context_of_the_caller_changes_a_place_or_a_distance() -> None:
    ends = (106_320_000, 29_600_000, 108_610_000, 21_730_000)
    expected = great_circle_mm.__wrapped__(*ends), wgs84_from_gcj02.__wrapped__(*ends[:2])
    with localcontext(Context(prec=4)):
        assert expected == (great_circle_mm.__wrapped__(*ends), wgs84_from_gcj02.__wrapped__(*ends[:2]))
