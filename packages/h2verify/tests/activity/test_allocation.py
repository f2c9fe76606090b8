"""Parts sum exactly to their whole."""

import pytest
from h2verify.activity import allocate
from hypothesis import given
from hypothesis import strategies as st

WEIGHTS = st.lists(st.integers(0, 10**15), min_size=1, max_size=12).filter(any)


@given(whole=st.integers(0, 10**12), weights=WEIGHTS)
def test_parts_sum_exactly_and_lie_within_one_of_their_proportion(whole: int, weights: list[int]) -> None:
    parts = allocate(whole, weights)

    assert whole == sum(parts)
    assert all(
        abs(part * sum(weights) - whole * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


def test_the_remainder_goes_to_the_largest_fractions_and_then_to_who_came_first() -> None:
    assert [4, 3, 3] == allocate(10, [1, 1, 1])
    assert [1, 2, 0] == allocate(3, [2, 3, 0])


def test_nothing_is_spread_over_no_weight() -> None:
    assert [0, 0] == allocate(0, [0, 0])


@pytest.mark.parametrize(("whole", "weights"), [(1, [0, 0]), (1, []), (-1, [1]), (1, [2, -1])])
def test_a_whole_without_weights_and_negative_numbers_are_refused(whole: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"cannot be split|must not be negative"):
        allocate(whole, weights)
