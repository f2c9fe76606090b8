"""Bars of intervals: ends, figure and zero stand where they belong on one scale."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from h2corridor.accounting.intervals import ShownInterval
from h2corridor.console.interval_bars import CELLS, emission_bars


def _shown(figure: str, value: str, half_width: str) -> ShownInterval:
    ends = {"low": Decimal(value) - Decimal(half_width), "high": Decimal(value) + Decimal(half_width)}
    texts = {name: f"{end:f}" for name, end in ends.items()}
    return ShownInterval(
        figure=figure, value=value, half_width=half_width, contributions=(), unranged=(), kinks=(), **texts
    )


def test_ends_figure_and_zero_have_their_cells() -> None:
    least, greatest, drawn = emission_bars(
        [_shown("wtw_kgco2e", "50", "10"), _shown("m@2026.1 difference_kgco2e", "-20", "10")]
    )

    assert ("-30", "60") == (least, greatest)
    assert [(20, 47, 53, 60), (20, 0, 7, 13)] == [
        (bar.find("|"), bar.find("["), bar.find("o"), bar.find("]")) for _, bar in drawn
    ]


def test_the_scale_begins_at_zero_where_no_end_is_below() -> None:
    least, greatest, drawn = emission_bars([_shown("wtw_kgco2e", "50", "10")])

    assert ("0", "60", "|" + " " * 39 + "[") == (least, greatest, drawn[0][1][:41])


def test_a_figure_in_another_unit_has_no_bar() -> None:
    found = emission_bars([_shown("intensity_wtw_kgco2e_per_tkm", "0.05", "0.01")])

    assert ("0", "0", []) == found


def test_a_figure_without_width_is_a_point() -> None:
    (wide, exact) = emission_bars([_shown("wtw_kgco2e", "50", "10"), _shown("ttw_kgco2e", "0", "0")])[2]

    assert "o" == exact[1]
    assert CELLS == len(wide[1])


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 10**6)), min_size=1, max_size=6))
def test_every_bar_fits_and_has_its_figure_between_its_ends(numbers: list[tuple[int, int]]) -> None:
    drawn = emission_bars([_shown("x_kgco2e", str(value), str(width)) for value, width in numbers])[2]

    for _, bar in drawn:
        assert len(bar) <= CELLS
        assert 1 == bar.count("o")
        assert bar.find("[") <= bar.find("o")
        assert "]" not in bar or bar.find("o") <= bar.find("]")
