"""A distance added to the transport distance counts once for each element, beside a factor never."""

from decimal import Decimal
from typing import Any

import pytest
from chain_examples import assessed, chain_of, road
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.model.errors import InputError, RuleError

kilometres = st.integers(1, 20_000).map(str)


def aircraft(**more: Any) -> dict[str, Any]:
    """An intensity of 0.6 kg per flown tonne-kilometre with 95 km added to every flight."""
    flown = {"per": "actual_tkm", "wtw_kgco2e": "0.6", "ttw_kgco2e": "0.5"}
    head = {"kind": "transport", "data": "default", "source": "assumed", "intensity": flown}
    return {**head, "distance_adjustment_km": "95", **more}


def flown(*km: str, **more: Any) -> dict[str, Any]:
    """One tonne over flights of these lengths."""
    return chain_of(
        {"aircraft": aircraft(**more)},
        [road(f"F{n}", "aircraft", each) for n, each in enumerate(km)],
        mass_kg="1000",
        activity_date="2025-04-01",
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(kilometres, min_size=1, max_size=4))
def test_every_flight_bears_the_whole_addition_once(km: list[str]) -> None:
    expected = sum((Decimal(each) + 95) * Decimal("0.6") for each in km)

    assert expected == Decimal(str(assessed(flown(*km)).wtw_kgco2e))
    assert sum(map(Decimal, km)) == Decimal(str(assessed(flown(*km)).transport_activity_tkm))


def test_an_added_distance_of_zero_leaves_the_intensity_as_it_is() -> None:
    assert "60" == assessed(flown("100", distance_adjustment_km="0")).wtw_kgco2e


def test_a_category_with_an_added_distance_is_compared_like_any_other() -> None:
    diesel = {
        "diesel_l_per_100km": "30",
        "source": "fuel book",
        "date": "2025-01-01",
        "baseline_distance_km": "100",
        "transport_activity_tkm": "100",
    }
    result = assessed(flown("100", comparison=diesel), "same-service-diesel@2025.1")

    assert "117" == result.wtw_kgco2e
    assert ("computed", "117") == (result.comparisons[0].status, result.comparisons[0].project_kgco2e)


def test_a_distance_of_zero_cannot_bear_an_addition() -> None:
    with pytest.raises(RuleError) as caught:
        assessed(flown("0"))

    assert "rule.division-by-zero" == caught.value.code
    assert "clause unseen" in caught.value.message


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"distance_adjustment_factor": "1"}, "would count twice"),
        ({"intensity": {"per": "tkm", "wtw_kgco2e": "1", "ttw_kgco2e": "1"}}, "would count twice"),
        ({"round": {"stops": [{"id": "a", "distance": {"kind": "sfd", "km": "1"}}]}}, "no meaning for a round"),
    ],
)
def test_what_would_count_the_addition_twice_or_without_an_element_is_refused(more: Any, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        assessed(flown("100", **more))
