"""A flow picture loses nothing, whatever flows."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from h2corridor.console.sankey import HEIGHT, Key, Link, join_small, lay_out


@st.composite
def _networks(draw: st.DrawFn) -> dict[Link, int]:
    """Paths from the first column to the last, so that every place gives what it gets."""
    links: Counter[Link] = Counter()
    for _ in range(draw(st.integers(1, 30))):
        columns = [0, *sorted(draw(st.sets(st.sampled_from((1, 2))))), 3]
        stops: list[Key] = [(column, f"n{draw(st.integers(0, 9))}") for column in columns]
        mass, colour = draw(st.integers(1, 10**9)), draw(st.sampled_from(("a", "b", "")))
        links.update({(here, there, colour): mass for here, there in pairwise(stops)})
    return dict(links)


@given(_networks(), st.integers(1, 6))
def test_every_column_holds_all_that_flows(links: dict[Link, int], kept: int) -> None:
    whole = sum(mass for link, mass in links.items() if link[0][0] == 0)
    picture = lay_out(join_small(links, kept, "others"), "past")

    assert [whole] * 4 == [sum(place.mass_mg for place in column) for column in picture.columns]
    assert all(len(column) <= kept + 2 for column in picture.columns)


@given(_networks())
def test_bands_at_a_place_sum_to_it_on_both_sides(links: dict[Link, int]) -> None:
    picture = lay_out(links, "past")
    for side, column in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (1, 3)):
        sums: Counter[tuple[Key, str]] = Counter()
        for band in picture.bands:
            key = band.link[0] if side == 0 else band.link[1]
            sums[key, band.link[2]] += band.mass_mg if key[0] == column else 0
        places = {(p.key, colour): mass for p in picture.columns[column] for colour, mass in p.by_colour.items()}

        assert places == +sums


@given(_networks())
def test_places_are_as_high_as_their_mass_and_never_overlap(links: dict[Link, int]) -> None:
    picture = lay_out(links, "past")
    for column in picture.columns:
        whole = sum(place.mass_mg for place in column)
        for place in column:
            exact = Decimal(place.mass_mg) * HEIGHT / whole

            assert abs(exact - Decimal(place.height)) <= Decimal("0.005")
        for above, below in pairwise(column):
            assert Decimal(above.y) + Decimal(above.height) < Decimal(below.y)


def test_places_beyond_those_kept_are_one_and_one_alone_is_never_joined() -> None:
    links: dict[Link, int] = {((0, "s"), (1, f"n{mass}"), "a"): mass for mass in (5, 3, 2)}

    assert links == join_small(links, 2, "others")
    assert {((0, "s"), (1, "n5"), "a"): 5, ((0, "s"), (1, "others"), "a"): 5} == join_small(links, 1, "others")


def test_a_named_place_is_never_joined_however_small() -> None:
    links: dict[Link, int] = {((0, "s"), (1, f"n{mass}"), "a"): mass for mass in (5, 3, 2, 1)}
    joined = join_small(links, 1, "others", {(1, "n1")})

    assert {"n5": 5, "others": 5, "n1": 1} == {end[1]: mass for (_, end, _), mass in joined.items()}
