"""The bars of comparisons."""

import pytest
from invented_reports import a_report

from h2corridor.console.bars import Bar, comparison_bars, outcome
from h2corridor.model.report import Comparison


def _comparison(baseline: str | None, project: str | None, difference: str | None) -> Comparison:
    return Comparison(
        method="m",
        baseline_kgco2e=baseline,
        project_kgco2e=project,
        difference_kgco2e=difference,
        status="stated",
        why=None,
    )


@pytest.mark.parametrize(
    ("difference", "expected"), [("1.5", "saves"), ("-0.01", "costs"), ("0.00", "equal"), (None, "unknown")]
)
def test_the_sign_of_the_difference_says_what_it_means(difference: str | None, expected: str) -> None:
    assert expected == outcome(_comparison("2", "1", difference))


def test_both_methods_share_one_scale() -> None:
    wide, narrow = comparison_bars((_comparison("200", "100", "100"), _comparison("50", "0", "50")))

    assert (Bar(start="0.00", width="100.00"), Bar(start="0.00", width="25.00")) == (wide.baseline, narrow.baseline)


def test_a_cost_is_drawn_beyond_the_baseline() -> None:
    (bars,) = comparison_bars((_comparison("75", "100", "-25"),))

    assert Bar(start="75.00", width="25.00") == bars.gap


def test_a_negative_project_is_drawn_left_of_zero() -> None:
    (bars,) = comparison_bars((_comparison("75", "-25", "100"),))

    assert ("25.00", Bar(start="0.00", width="25.00")) == (bars.zero, bars.project)


def test_a_number_that_is_missing_has_no_bar() -> None:
    (bars,) = comparison_bars(a_report().shipments[2].comparisons)

    assert (bars.project, bars.gap) == (None, None)


def test_all_zero_is_drawn_without_dividing_by_it() -> None:
    (bars,) = comparison_bars((_comparison("0", "0", "0"),))

    assert Bar(start="0.00", width="0.00") == bars.baseline
