"""A number of a plant beyond what can be is refused with its place and range; every stated amount has such a range."""

from collections.abc import Callable
from typing import Any

import pytest
from production_examples import altered, assessed, example, gate_set, nozzle_set, three_products

from h2corridor.accounting.kernel import Edition
from h2corridor.accounting.production.vocabulary import VOCABULARY
from h2corridor.model.errors import RuleError

WITHOUT_RANGE = {"serves_all_products", "threshold_kgco2e_per_kg", "threshold_gco2e_per_mj"}
"""A flag, and published values that no document states."""


@pytest.mark.parametrize("edition", [gate_set(), nozzle_set()], ids=lambda edition: edition.name)
def test_every_stated_number_has_a_range_in_its_own_unit(edition: Edition) -> None:
    ranges = {name: limit.unit for name, limit in edition.parameters.limits.items()}

    assert {name: word.unit for name, word in VOCABULARY.items() if name not in WITHOUT_RANGE} == ranges


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda d: d["hydrogen"].update(kg="1000000000001"), "$.hydrogen.kg"),
        (
            lambda d: d["inventory"]["inputs"][1].update(kgco2e_per_unit="-1000000001"),
            "$.inventory.inputs[1].kgco2e_per_unit",
        ),
        (lambda d: d["delivery"].update(trailer_diesel_l="1000000000001"), "$.delivery.trailer_diesel_l"),
    ],
)
def test_an_absurd_number_is_refused_with_its_place(change: Callable[[dict[str, Any]], object], where: str) -> None:
    without_declared = altered(three_products(), lambda d: d.pop("declared"))
    with pytest.raises(RuleError) as caught:
        assessed(altered(without_declared, change))

    assert ("rule.absurd-value", where) == (caught.value.code, caught.value.where)


def test_an_absurd_warming_potential_gives_no_leakage_and_says_why() -> None:
    leakage = assessed(altered(three_products(), lambda d: d["leakage"].update(gwp100="1001"))).leakage

    assert leakage is not None
    assert leakage.kgco2e is None
    assert "is beyond what can be (≤ 1000 kgCO2e/kg)" in (leakage.why_en or "")


def test_the_end_of_a_range_is_within_it() -> None:
    declared = altered(example("declared-only"), lambda d: d["declared"].update(kgco2e_per_kg="-1000"))

    assert "-1000" == assessed(declared).result.kgco2e_per_kg
