"""Ratings of data: only what is known is rated, a scheme that is not whole is refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h2corridor.accounting.reporting import read_scheme
from h2corridor.accounting.reporting.data_quality import known_of_data, known_of_origin, mean_ratings
from h2corridor.app.emission_report import quality_scheme
from h2corridor.model.emission_report import Ratings
from h2corridor.model.errors import RuleError

NOTHING = Ratings(time=None, geography=None, technology=None, completeness=None, reliability=None)
DATED: dict[str, Any] = {
    "kind": "parameter",
    "source": "somebody",
    "page": "12",
    "holds_from": "2024-01-01",
    "region": "China",
    "boundary": "life_cycle",
}


def rated(origin: dict[str, Any], *, gap: bool = False) -> Ratings:
    return quality_scheme().rate(known_of_origin(origin, gap=gap))


def reliability(value: int | None) -> Ratings:
    return Ratings(time=None, geography=None, technology=None, completeness=None, reliability=value)


def test_of_what_nothing_is_known_nothing_is_rated() -> None:
    assert NOTHING == rated({"kind": "input", "path": "$.x", "source": "somebody"})


def test_a_valid_value_of_the_region_with_a_seen_page_is_rated_best_but_for_technology() -> None:
    assert Ratings(time=1, geography=1, technology=None, completeness=1, reliability=2) == rated(DATED)


@pytest.mark.parametrize(("age", "rating"), [(1, 2), (2, 3), (3, 4), (4, 5), (9, 5)])
def test_an_older_value_is_rated_worse(age: int, rating: int) -> None:
    assert rating == rated({**DATED, "age_years": age}).time


def test_a_wider_region_another_boundary_and_an_unseen_page_are_rated_worse() -> None:
    origin = {**DATED, "region_asked": "Chongqing", "page": "unseen"}

    assert Ratings(time=1, geography=3, technology=None, completeness=4, reliability=4) == rated(origin, gap=True)


def test_an_assumption_of_our_own_is_rated_worst() -> None:
    assert 5 == rated({**DATED, "source": "own decision, x"}).reliability


def test_a_definition_has_no_page_to_rate() -> None:
    assert NOTHING == rated({"kind": "parameter", "source": "definition", "page": "none"})


@pytest.mark.parametrize(("data", "rating"), [("primary", 1), ("modelled", 3), ("default", 4)])
def test_a_category_is_rated_by_its_declared_data(data: Any, rating: int) -> None:
    assert rating == quality_scheme().rate(known_of_data(data)).reliability


def test_the_mean_is_weighted_by_emissions_and_says_how_much_of_them_is_rated() -> None:
    weighted = [(Decimal(30), reliability(1)), (Decimal(-10), reliability(5)), (Decimal(40), NOTHING)]
    mean = mean_ratings(weighted)[4]

    assert ("reliability", "2", "0.5") == (mean.dimension, mean.mean, mean.rated_share)


def test_without_emissions_there_is_no_mean() -> None:
    mean = mean_ratings([(Decimal(0), reliability(1))])[4]

    assert (None, None) == (mean.mean, mean.rated_share)


@given(st.lists(st.tuples(st.decimals(0, 1000, places=3), st.integers(1, 5)), min_size=1, max_size=8))
def test_a_mean_lies_between_the_best_and_the_worst(data: list[tuple[Decimal, int]]) -> None:
    mean = mean_ratings((weight, reliability(rating)) for weight, rating in data)[4].mean
    ratings = [rating for weight, rating in data if weight]

    assert (mean is None) == (not ratings)
    assert mean is None or min(ratings) <= Decimal(mean) <= max(ratings)


TWICE = """
[[criterion]]
dimension = "time"
when = "age-0"
rating = 2
reason_zh = "x"
reason_en = "x"
"""


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + TWICE,
        lambda text: text.replace('when = "age-0"', 'when = "age-00"'),
        lambda text: text.replace("rating = 5", "rating = 6"),
        lambda text: text.replace("[scheme]", "[scheme"),
        lambda text: text.partition("[[criterion]]")[0],
    ],
)
def test_a_scheme_that_is_not_whole_is_refused(change: Any) -> None:
    from importlib.resources import files

    text = files("h2corridor").joinpath("accounting/reporting/data_quality/2026.1.toml").read_text("utf-8")
    with pytest.raises(RuleError) as refused:
        read_scheme(change(text).encode(), about="scheme")

    assert "report.bad-scheme" == refused.value.code
