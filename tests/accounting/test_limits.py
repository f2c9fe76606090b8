"""A number beyond what can physically be is refused with its place and range; what is merely rare is not."""

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from chain_examples import assessed, chain_of, decoded, freight_chain, hub_totals, partly_assessed, road, totals
from factor_examples import entry, pack

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.kernel.columns import Column, ColumnResolver, Group
from h2corridor.accounting.kernel.factor_files import read_factor_pack
from h2corridor.accounting.kernel.parameters import read_parameters
from h2corridor.accounting.shown import apportioned
from h2corridor.app.rules import get_rule_set
from h2corridor.model.errors import RuleError

HEADER = """
[edition]
id = "tried"
edition = "2023.1"
status = "draft"
standard = "none"
title_zh = "试"
title_en = "tried"
"""
LIMIT = """
[[limit]]
fact = "mass_kg"
at_least = "1"
at_most = "10"
unit = "kg"
source = "own"
checked_on = 2026-11-28
"""


def a_chain(km: str) -> dict[str, Any]:
    chain = freight_chain()
    chain["elements"][0]["distance"]["km"] = km
    return chain


def test_an_absurd_distance_is_refused_with_its_place_its_range_and_who_needed_it() -> None:
    with pytest.raises(RuleError) as caught:
        assessed(a_chain("150000001"))

    assert ("rule.absurd-value", "$.elements[0].distance.km") == (caught.value.code, caught.value.where)
    assert "distance_km is 150000001, beyond ≤ 150000000 km" in caught.value.message
    assert "needed by element_transport_activity_tkm, clause unseen" in caught.value.message


def test_the_end_of_a_range_is_within_it() -> None:
    assert assessed(a_chain("150000000")).wtw_kgco2e is not None


def test_in_a_partial_assessment_an_absurd_value_is_an_absence_in_both_languages() -> None:
    result = partly_assessed(a_chain("150000001"))
    missing = result.missing[0]

    assert result.wtw_kgco2e is None
    assert result.elements[2].wtw_kgco2e is not None
    assert "rule.absurd-value" == missing.code
    assert "运输距离 150000001 超出可能的范围（≤ 150000000 km）" == missing.says_zh
    assert "the transport distance of 150000001 is beyond what can be (≤ 150000000 km)" == missing.says_en


def test_a_busy_passenger_hub_a_zero_and_a_credited_intensity_are_not_absurd() -> None:
    hub = hub_totals("114489327", {"carrier": "diesel", "amount": "0", "unit": "l"})
    element = {"id": "hub", "kind": "hub", "category": "hub"}
    busy = chain_of({"hub": hub}, [element], mass_kg="114489327000", activity_date="2024-01-01")
    credit = {"per": "tkm", "wtw_kgco2e": "-5", "ttw_kgco2e": "0"}
    credited = {"kind": "transport", "data": "primary", "source": "t", "intensity": credit}

    assert "0" == assessed(busy).wtw_kgco2e
    assert "-5" == assessed(chain_of({"c": credited}, [road("E", "c", "1")], mass_kg="1000")).wtw_kgco2e


def test_many_rows_at_once_are_held_against_the_same_limits() -> None:
    masses = np.array([Decimal(1000), Decimal("1000000000001")], dtype=np.object_)
    resolver = ColumnResolver([get_rule_set("iso14083@2023.1")], on=datetime.date(2024, 1, 1))
    with pytest.raises(RuleError) as caught:
        resolver.resolve("mass_t", Group("chain", 2, {"mass_kg": Column(masses)}))

    assert "rule.absurd-value" == caught.value.code


@pytest.mark.parametrize(
    "changed",
    [
        LIMIT + LIMIT,
        LIMIT.replace('at_least = "1"\nat_most = "10"\n', ""),
        LIMIT.replace('at_least = "1"', 'at_least = "11"'),
        LIMIT.replace('unit = "kg"\n', ""),
    ],
    ids=["twice", "limits nothing", "excludes all", "no unit"],
)
def test_a_limit_that_is_none_is_refused(changed: str) -> None:
    assert 1 == len(read_parameters(HEADER + LIMIT, about="tried").limit)
    with pytest.raises(RuleError) as caught:
        read_parameters(HEADER + changed, about="tried")

    assert "rule.bad-parameter" == caught.value.code


def test_figures_of_more_digits_than_a_derivation_keeps_are_refused() -> None:
    """34 digits, 12 of them decimals: a part of this size is rounded before its 12th."""
    parts = [Decimal("15372810200000000445311.78667"), Decimal("10253061414814480000000")]

    with pytest.raises(RuleError) as caught:
        apportioned(parts, Decimal("25625871614814480445311.78666666668"))

    assert "rule.absurd-value" == caught.value.code
    assert "a figure of 2.563E+22" in caught.value.message


def test_a_factor_of_a_file_is_held_against_the_limit_of_the_fact_it_stands_for() -> None:
    own = read_factor_pack(
        pack(entry("gas_of_ours_gwp100", "999999999", unit="kgCO2e/kg", boundary="direct")), about="own.toml"
    )
    category = totals("100") | {"refrigerants": [{"name": "gas", "factor": "gas_of_ours", "refilled_kg": "1"}]}
    chain = chain_of({"c": category}, [road("1", "c", "10")], mass_kg="1000", activity_date="2026-03-02")

    with pytest.raises(RuleError) as caught:
        assess_chain(decoded(chain), get_rule_set("iso14083"), packs=[own])

    assert "rule.absurd-value" == caught.value.code
    assert "gwp100 is 999999999, beyond ≤ 100000" in caught.value.message
