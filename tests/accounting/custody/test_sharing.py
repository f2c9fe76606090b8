"""A trip's origins are shared over its consignments without a milligram too many, whichever way it is added up."""

from hypothesis import given
from hypothesis import strategies as st

from h2corridor.accounting.custody.sharing import share_parts

PARTS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 10**8), max_size=5)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=5)


@given(parts=PARTS, weights=WEIGHTS)
def test_what_is_shared_sums_to_the_parts_and_to_the_shares(parts: dict[str, int], weights: list[int]) -> None:
    from h2verify.activity import allocate

    whole = sum(parts.values())
    masses = allocate(whole, weights if sum(weights) else [1] * len(weights))
    shares = {f"C{number}": mass for number, mass in enumerate(masses)}
    shared = share_parts(parts, shares)

    assert {name: mass for name, mass in shares.items() if mass} == {
        name: sum(mine.values()) for name, mine in shared.items() if mine
    }
    assert {name: mass for name, mass in parts.items() if mass} == {
        name: total for name in parts if (total := sum(mine.get(name, 0) for mine in shared.values()))
    }


@given(parts=PARTS, weights=WEIGHTS)
def test_nobody_gets_a_share_of_a_part_that_is_far_from_its_proportion(
    parts: dict[str, int], weights: list[int]
) -> None:
    whole = sum(parts.values())
    even = [whole // len(weights) + (number < whole % len(weights)) for number in range(len(weights))]
    shared = share_parts(parts, {f"C{number}": mass for number, mass in enumerate(even)})
    least = {name: mass // len(weights) for name, mass in parts.items()}

    assert all(
        abs(mine.get(name, 0) - least[name]) <= len(parts) + len(weights)
        for mine in shared.values()
        for name in parts
        if whole
    )


def test_nothing_is_shared_of_nothing() -> None:
    assert {} == share_parts({}, {"C1": 0})
