"""A factor by name or by level of region is the very value that was asked for, or the chain is refused."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from chain_examples import Document, carrier, chain_of, decoded, named_chain, named_edition, road, totals
from factor_examples import entry, pack
from h2verify.bundle.derivations import FORMAT, verify_figures
from h2verify.errors import VerifyError
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.assessment import Assessment, assess_chain, assess_chain_partially
from h2corridor.accounting.kernel import Edition
from h2corridor.accounting.publishing import published_files
from h2corridor.accounting.units import list_unit_faults
from h2corridor.app.rules import get_rule_set
from h2corridor.model.errors import InputError, RuleError

GRID = "electricity_wtt_kgco2e_per_kwh"
PLACES = ("Province", "Area", "Country")
LEVELS = ("provincial", "regional", "national")


def named() -> Assessment:
    return assess_chain(decoded(named_chain()), named_edition())


def values(result: Assessment) -> dict[str, str]:
    return {step["id"]: step["value"] for step in result.derivation}


def with_energy(energy: Document, **more: Any) -> Document:
    return chain_of({"truck": totals("100", energy)}, [road("E", "truck", "1")], mass_kg="1000", **more)


def test_every_factor_by_name_or_level_is_the_one_of_that_name_and_level() -> None:
    found = values(named())
    truck = "category:truck"

    assert {
        f"wtt_kgco2e_per_unit[{truck}/energy:1]": "0.9676128",
        f"ttw_kgco2e_per_unit[{truck}/energy:1]": "0.0393008",
        f"{GRID}[{truck}/energy:2]": "0.5306",
        f"wtt_kgco2e_per_unit[{truck}/energy:3]": "0.6096",
        f"ttw_kgco2e_per_unit[{truck}/energy:3]": "0",
        f"trailer_electricity_kgco2e_per_kwh[{truck}/energy:4]": "0.4989",
        f"station_electricity_kgco2e_per_kwh[{truck}/energy:4]": "0.2472",
        f"wtt_kgco2e_per_unit[{truck}/energy:5]": "3",
        f"gwp100[{truck}/refrigerant:1]": "2292",
        "given_intensity_wtw_kgco2e_per_tkm[category:rail]": "0.02",
        "given_intensity_ttw_kgco2e_per_tkm[category:rail]": "0.001",
        "actual_intensity_wtw_kgco2e_per_tkm[category:driven]": "0.1",
        "given_intensity_wtw_kgco2e_per_t[category:terminal]": "1.2",
    }.items() <= found.items()


def test_a_factor_by_name_gives_what_the_same_numbers_give() -> None:
    by_name = {"carrier": "fuel", "amount": "12.5", "unit": "l", "factor": "hvo"}
    explicit = carrier("fuel", "12.5", "l", "0.9676128", "0.0393008")
    rules = get_rule_set("iso14083@2023.1")
    first, second = (
        assess_chain(decoded(with_energy(each, activity_date="2026-03-01")), rules) for each in (by_name, explicit)
    )

    assert (first.wtw_kgco2e, first.ttw_kgco2e) == (second.wtw_kgco2e, second.ttw_kgco2e)


def test_the_units_of_a_derivation_with_factors_by_name_close() -> None:
    assert [] == list_unit_faults(named().derivation)


def test_a_direct_factor_of_provision_is_a_boundary_gap_and_one_of_operation_is_none() -> None:
    gaps = {gap.step.partition("[")[0] for gap in named().boundary_gaps}

    assert {
        GRID,
        "wtt_kgco2e_per_unit",
        "trailer_electricity_kgco2e_per_kwh",
        "station_electricity_kgco2e_per_kwh",
    } == gaps


def test_an_origin_names_what_was_asked_for_and_what_was_taken() -> None:
    steps = {step["id"]: step for step in named().derivation}
    origin = steps[f"{GRID}[category:truck/energy:2]"]["from"]

    assert ("Chongqing", "national", "China", "china-electricity/2026.1") == tuple(
        origin[key] for key in ("region_asked", "level_asked", "region", "pack")
    )


@cache
def levelled_edition(present: frozenset[int]) -> Edition:
    """The draft edition with grid values for some of three places that lie in each other."""
    sound = get_rule_set("iso14083@2023.1")
    entries = [entry(GRID, str(number + 1), region=PLACES[number]) for number in sorted(present)]
    data = pack(
        *entries,
        entry("other_kg", "1", unit="kg"),
        regions=dict(pairwise(PLACES)),
        levels=dict(zip(PLACES, LEVELS, strict=True)),
    )
    return Edition(files={**sound.files, "factors_own_factors.toml": data}, rules=sound.rules, about="levelled")


@settings(deadline=None, max_examples=60)
@given(
    present=st.frozensets(st.integers(0, 2)),
    asked=st.integers(0, 2),
    level=st.one_of(st.none(), st.sampled_from(LEVELS)),
)
def test_the_value_is_of_the_level_asked_for_or_the_nearest_outwards(
    present: frozenset[int], asked: int, level: str | None
) -> None:
    power = {"carrier": "electricity", "amount": "1", "unit": "kWh", "grid_region": PLACES[asked]}
    chain = with_energy({**power, **({"grid_level": level} if level else {})}, activity_date="2026-03-01")
    fitting = [n for n in range(asked, 3) if n in present and level in (None, LEVELS[n])]
    edition = levelled_edition(present)
    if fitting:
        result = assess_chain(decoded(chain), edition)

        assert str(fitting[0] + 1) == values(result)[f"{GRID}[category:truck/energy:1]"]
    else:
        with pytest.raises(RuleError) as caught:
            assess_chain(decoded(chain), edition)

        assert "rule.no-factor" == caught.value.code
        assert level is None or f"at level {level}" in caught.value.message


REFUSED: dict[str, tuple[Document, str]] = {
    "a name nobody has": ({"carrier": "fuel", "amount": "1", "unit": "l", "factor": "snake_oil"}, "rule.no-factor"),
    "a name in another unit": ({"carrier": "fuel", "amount": "1", "unit": "t", "factor": "hvo"}, "rule.no-factor"),
    "a unit of another size": ({"carrier": "fuel", "amount": "1", "unit": "L", "factor": "hvo"}, "rule.other-unit"),
    "a direct factor asked for by life cycle": (
        {
            "carrier": "electricity",
            "amount": "1",
            "unit": "kWh",
            "factor": "electricity_fossil",
            "grid_region": "China",
        },
        "rule.no-factor",
    ),
    "a region nobody knows": (
        {"carrier": "electricity", "amount": "1", "unit": "kWh", "grid_region": "Mars", "grid_level": "national"},
        "rule.unknown-region",
    ),
    "a level the region has no value of": (
        {"carrier": "electricity", "amount": "1", "unit": "kWh", "grid_region": "Chongqing", "grid_level": "regional"},
        "rule.no-factor",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_no_value_answers_is_refused(fault: str) -> None:
    energy, code = REFUSED[fault]
    chain = decoded(with_energy(energy, activity_date="2024-06-01"))
    with pytest.raises(RuleError) as caught:
        assess_chain(chain, get_rule_set("iso14083@2023.1"))
    partial = assess_chain_partially(chain, get_rule_set("iso14083@2023.1"))

    assert code == caught.value.code
    assert code in {each.code for each in partial.missing}
    assert all(each.says_zh and each.says_en for each in partial.missing)


def test_a_name_that_no_day_has_is_told_from_a_day_without_a_value() -> None:
    energy, _ = REFUSED["a name nobody has"]
    chain = decoded(with_energy(energy, activity_date="2024-06-01"))
    with pytest.raises(RuleError) as caught:
        assess_chain(chain, get_rule_set("iso14083@2023.1"))

    assert "the rule set has no factor snake_oil_" in caught.value.fault
    assert "on any day" in caught.value.fault
    assert "--factors" in caught.value.next_step


def test_a_factor_by_name_needs_the_date_of_the_activity() -> None:
    chain = decoded(with_energy({"carrier": "fuel", "amount": "1", "unit": "l", "factor": "hvo"}))
    with pytest.raises(RuleError) as caught:
        assess_chain(chain, get_rule_set("iso14083@2023.1"))

    assert "rule.no-date" == caught.value.code


@pytest.mark.parametrize(("date", "value"), [("2026-12-31", "0.5306"), ("2027-01-01", None)])
def test_an_old_factor_is_taken_within_its_allowed_age_and_refused_beyond(date: str, value: str | None) -> None:
    power = {
        "carrier": "electricity",
        "amount": "1",
        "unit": "kWh",
        "grid_region": "China",
        "factor_boundary": "direct",
    }
    chain = decoded(with_energy(power, activity_date=date))
    rules = get_rule_set("iso14083@2023.1")
    if value is None:
        with pytest.raises(RuleError) as caught:
            assess_chain(chain, rules)

        assert "rule.no-factor" == caught.value.code
    else:
        step = next(each for each in assess_chain(chain, rules).derivation if each["id"].startswith(GRID))

        assert (value, 3) == (step["value"], step["from"]["age_years"])


CONTRADICTIONS: dict[str, Callable[[Document], Any]] = {
    "a name beside numbers": lambda c: c["truck"]["energy"][0].update(wtt_kgco2e_per_unit="1"),
    "a name beside supply": lambda c: c["truck"]["energy"][3].update(factor="hvo"),
    "a unit that is no word": lambda c: c["truck"]["energy"][0].update(unit="l/100km"),
    "a level without a region": lambda c: c["truck"]["energy"][1].pop("grid_region"),
    "a level of what has no region": lambda c: c["truck"]["energy"][3].update(
        grid_level="national", grid_region="China"
    ),
    "a trailer's level without a region": lambda c: c["truck"]["energy"][3]["supply"].pop("trailer_grid_region"),
    "a station's level without a region": lambda c: c["truck"]["energy"][3]["supply"].pop("station_grid_region"),
    "an intensity twice": lambda c: c["rail"]["intensity"].update(wtw_kgco2e="1"),
    "a refrigerant twice": lambda c: c["truck"]["refrigerants"][0].update(gwp100="1"),
}


@pytest.mark.parametrize("fault", CONTRADICTIONS)
def test_a_name_or_level_that_contradicts_the_rest_is_refused(fault: str) -> None:
    chain = named_chain()
    CONTRADICTIONS[fault](chain["categories"])
    with pytest.raises(InputError) as caught:
        decoded(chain)

    assert "chain.meaning" == caught.value.code


def handed_over() -> tuple[Document, Document, dict[str, dict[str, bytes]]]:
    """Chain, figures and edition as a stranger gets them."""
    edition = named_edition()
    steps = json.loads(json.dumps(list(named().derivation)))
    head = {"format": FORMAT, "rule_set": edition.label, "comparisons": []}
    return named_chain(), {**head, "steps": steps}, {edition.label: published_files(edition)}


def test_a_stranger_recomputes_factors_by_name_and_level() -> None:
    recomputed = verify_figures(*handed_over()).figure["wtw_kgco2e[chain]"]

    assert Decimal(values(named())["wtw_kgco2e[chain]"]) == recomputed


FORGERIES: dict[str, Callable[[Document], Any]] = {
    "another name": lambda c: c["truck"]["energy"][0].update(factor="biodiesel"),
    "another level": lambda c: c["truck"]["energy"][1].update(grid_level="provincial"),
    "no level": lambda c: c["truck"]["energy"][3]["supply"].pop("trailer_grid_level"),
    "another region": lambda c: c["truck"]["energy"][2].update(grid_region="Beijing"),
    "another unit": lambda c: c["truck"]["energy"][0].update(unit="L"),
    "another boundary": lambda c: c["truck"]["energy"][1].update(factor_boundary="life_cycle"),
    "another intensity": lambda c: c["rail"]["intensity"].update(factor="own_truck"),
    "another refrigerant": lambda c: c["truck"]["refrigerants"][0].update(factor="r_134a"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_chain_that_names_another_factor_than_the_figure_was_made_with_is_refused(forgery: str) -> None:
    chain, figures, editions = handed_over()
    forged = copy.deepcopy(chain)
    FORGERIES[forgery](forged["categories"])
    with pytest.raises(VerifyError) as caught:
        verify_figures(forged, figures, editions)

    assert "derivation.factor" == caught.value.code
