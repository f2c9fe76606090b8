"""Tank mass, stack charge, distances and coordinates of the page against h2verify, whole number by whole number."""

import random
from collections.abc import Callable

from h2verify.geodesy import great_circle_mm, wgs84_from_gcj02
from h2verify.hydrogen import stack_hydrogen_mg, tank_mass_mg
from in_page import run_in_page
from playwright.sync_api import Page

OpenVerifier = Callable[..., Page]


def test_the_mass_in_a_tank_is_the_same_at_every_pressure_and_temperature(open_verifier: OpenVerifier) -> None:
    draw = random.Random(1)
    looks = [
        (draw.choice((draw.randrange(0, 1001) * 100, draw.randrange(0, 100_000))), draw.randrange(-400, 2001))
        for _ in range(3_000)
    ]
    tanks = [(*look, draw.choice((draw.randrange(5_000_000), draw.randrange(2**53)))) for look in looks]
    found = run_in_page(open_verifier(), "return given.map((tank) => tankMassMg(...exact(tank)));", tanks)

    assert [tank_mass_mg(*tank) for tank in tanks] == found


def test_the_hydrogen_that_a_charge_converts_is_the_same(open_verifier: OpenVerifier) -> None:
    draw = random.Random(2)
    charges = [draw.randrange(0, 10 ** draw.randrange(1, 25)) for _ in range(3_000)]
    found = run_in_page(
        open_verifier(), "return given.map((text) => stackHydrogenMg(BigInt(text)));", [str(each) for each in charges]
    )

    assert [stack_hydrogen_mg(charge) for charge in charges] == found


def _near(draw: random.Random, reach_e6: int) -> tuple[int, int, int, int]:
    longitude, latitude = draw.randrange(73_000_000, 135_000_000), draw.randrange(18_000_000, 53_000_000)
    east, north = (draw.randrange(-reach_e6, reach_e6 + 1) for _ in range(2))
    return longitude, latitude, longitude + east, latitude + north


def test_great_circles_are_the_same_near_and_far(open_verifier: OpenVerifier) -> None:
    draw = random.Random(3)
    pairs = [_near(draw, reach) for reach in (10, 10_000, 1_000_000, 50_000_000) for _ in range(400)]
    pairs += [(0, 0, 180_000_000, 0), (0, 0, 0, 0), (0, 90_000_000, 0, -90_000_000), (1, 0, -1, 0)]
    found = run_in_page(open_verifier(), "return given.map((pair) => greatCircleMm(...exact(pair)));", pairs)

    assert [great_circle_mm(*pair) for pair in pairs] == found


def test_the_shift_of_gcj_02_is_undone_to_the_same_millionth(open_verifier: OpenVerifier) -> None:
    draw = random.Random(4)
    places = [_near(draw, 1)[:2] for _ in range(300)] + [(105_000_000, 35_000_000)]
    found = run_in_page(open_verifier(), "return given.map((place) => wgs84FromGcj02(...exact(place)));", places)

    assert [list(wgs84_from_gcj02(*place)) for place in places] == found
