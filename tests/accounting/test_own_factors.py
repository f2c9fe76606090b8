"""A user's own factor file is asked before the rule set, bears its label and digest, and replaces factors alone."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from chain_examples import (
    Document,
    assessed,
    chain_of,
    decoded,
    freight_chain,
    hydrogen_chain,
    named_chain,
    named_edition,
    road,
    totals,
)
from factor_examples import entry, pack
from h2verify.bundle.derivations import FORMAT, verify_figures
from h2verify.derivation import verify_derivation
from h2verify.errors import DerivationError

from h2corridor.accounting.assessment import Assessment, assess_chain
from h2corridor.accounting.kernel import Edition, FactorPack, UsedFactor, read_factor_pack, value_digest
from h2corridor.accounting.publishing import published_files
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.model.errors import InputError, RuleError

GRID = "electricity_wtt_kgco2e_per_kwh"
LABEL = "own-factors/2026.1"


def own(*entries: str, **more: Any) -> FactorPack:
    return read_factor_pack(pack(*entries, **more), about="own.toml")


def diesel() -> Document:
    return totals("100", {"carrier": "diesel", "amount": "10", "unit": "l"})


def power(region: str = "Chongqing", **more: str) -> Document:
    energy = {"carrier": "electricity", "amount": "10", "unit": "kWh", "grid_region": region, **more}
    truck = totals("100", energy)
    return chain_of({"truck": truck}, [road("E", "truck", "1")], mass_kg="1000", activity_date="2025-06-01")


def with_own(chain: Document, *packs: FactorPack) -> Assessment:
    return assess_chain(decoded(chain), get_rule_set("iso14083@2023.1"), packs=packs)


def only(result: Assessment) -> UsedFactor:
    (factor,) = result.factors
    return factor


def test_a_value_of_an_own_file_comes_before_the_rule_sets_and_says_whose_it_is() -> None:
    mine = own(entry(GRID, "0.123", region="Chongqing"))
    result = with_own(power(), mine)
    step = next(step for step in result.derivation if step["id"] == f"{GRID}[category:truck/energy:1]")

    assert ("0.123", LABEL, LABEL, mine.digest) == (
        step["value"],
        step["from"]["edition"],
        step["from"]["pack"],
        step["from"]["pack_digest"],
    )
    assert [(LABEL, mine.digest)] == [(each.label, each.digest) for each in result.factor_files]
    verify_derivation(list(result.derivation))


def test_a_file_without_a_value_for_the_place_is_passed_over() -> None:
    elsewhere = own(entry(GRID, "0.123", region="Hainan"), entry(GRID, "0.2", region="Chongqing", boundary="direct"))

    assert ("0.5777", "china-electricity/2026.1") == (
        only(with_own(power(), elsewhere)).value,
        only(with_own(power(), elsewhere)).pack,
    )


def test_a_file_with_a_value_for_the_place_but_none_on_the_day_is_not_passed_over() -> None:
    ended = own(entry(GRID, "0.123", region="Chongqing", until="2024-12-31"))
    with pytest.raises(RuleError) as caught:
        with_own(power(), ended)

    assert ("rule.no-factor", LABEL) == (caught.value.code, caught.value.about)


def test_of_two_files_the_first_named_is_asked_first() -> None:
    first = own(entry(GRID, "0.1", region="Chongqing"))
    second = read_factor_pack(
        pack(entry(GRID, "0.2", region="Chongqing")).replace(b"own-factors", b"other"), about="other.toml"
    )

    assert "0.1" == only(with_own(power(), first, second)).value
    assert "0.2" == only(with_own(power(), second, first)).value


def test_a_name_that_the_rule_set_does_not_have_may_come_from_an_own_file() -> None:
    fuel = {"carrier": "fuel", "amount": "1", "unit": "MJ", "factor": "own_fuel"}
    chain = chain_of(
        {"truck": totals("1", fuel)}, [road("E", "truck", "1")], mass_kg="1000", activity_date="2025-06-01"
    )
    mine = own(
        entry("own_fuel_wtt_kgco2e_per_mj", "0.02", unit="kgCO2e/MJ"),
        entry("own_fuel_ttw_kgco2e_per_mj", "0.07", unit="kgCO2e/MJ", boundary="direct"),
    )
    result = with_own(chain, mine)

    assert ("0.09", "0.07") == (result.wtw_kgco2e, result.ttw_kgco2e)


def test_a_value_without_region_is_taken_from_an_own_file_too() -> None:
    mine = own(entry("diesel_density_kg_per_l", "0.85", unit="kg/l", boundary=None))
    chain = chain_of(
        {"truck": totals("1", {"carrier": "diesel", "amount": "1", "unit": "l"})},
        [road("E", "truck", "1")],
        mass_kg="1000",
        activity_date="2025-06-01",
    )
    result = with_own(chain, mine)

    assert f"diesel_density_kg_per_l[{LABEL}]" in {step["id"] for step in result.derivation}
    assert {LABEL, "fuels/2026.1"} == {each.pack for each in result.factors}


def test_an_own_file_holds_for_the_comparisons_too() -> None:
    chain = {**hydrogen_chain(), "activity_date": "2026-03-01"}
    mine = own(entry("diesel_ttw_gco2e_per_mj", "80", unit="gCO2e/MJ", boundary="direct"))
    method = get_comparison("tailpipe-press")
    plain, replaced = (
        assess_chain(decoded(chain), get_rule_set("iso14083"), comparisons=[method], packs=packs)
        for packs in ((), (mine,))
    )

    assert plain.comparisons[0].baseline_kgco2e != replaced.comparisons[0].baseline_kgco2e


def test_without_own_files_a_figure_says_nothing_of_them() -> None:
    result = assessed(freight_chain())

    assert () == result.factor_files
    assert () == result.factors


@pytest.mark.parametrize("mine", [own(entry(GRID, "0.123", region="Chongqing")), None], ids=["own", "edition's"])
def test_a_stranger_accepts_the_editions_factors_alone(mine: FactorPack | None) -> None:
    edition = get_rule_set("iso14083@2023.1")
    result = with_own(power(), *([mine] if mine else []))
    figures = {"format": FORMAT, "rule_set": edition.label, "steps": list(result.derivation), "comparisons": []}
    handed_over = (power(), figures, {edition.label: published_files(edition)})
    if mine is None:
        verify_figures(*handed_over)
    else:
        with pytest.raises(DerivationError) as caught:
            verify_figures(*handed_over)

        assert "derivation.factor" == caught.value.code


REFUSED: dict[str, tuple[Callable[[], list[FactorPack]], str]] = {
    "a label twice": (lambda: [own(entry("a_kg", "1", unit="kg")), own(entry("b_kg", "1", unit="kg"))], "label-taken"),
    "the label of a file of the edition": (
        lambda: [
            read_factor_pack(
                pack(entry("a_kg", "1", unit="kg")).replace(b"own-factors", b"china-electricity"), about="own.toml"
            )
        ],
        "label-taken",
    ),
    "a constant": (lambda: [own(entry("kg_per_t", "1001", unit="kg/t", boundary=None))], "not-replaceable"),
    "a limit": (lambda: [own(entry("unknown_origin_limit_pct", "100", unit="%", boundary=None))], "not-replaceable"),
    "another unit": (lambda: [own(entry("diesel_density_kg_per_l", "850", unit="kg/m3", boundary=None))], "other-unit"),
    "provision without what comes before": (
        lambda: [own(entry("diesel_wtt_gco2e_per_mj", "1", unit="gCO2e/MJ", boundary="direct"))],
        "other-boundary",
    ),
    "a boundary where the edition has none": (
        lambda: [own(entry("diesel_density_kg_per_l", "0.8", unit="kg/l"))],
        "other-boundary",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_file_that_would_replace_more_than_factors_is_refused(fault: str) -> None:
    packs, code = REFUSED[fault]
    with pytest.raises(InputError) as caught:
        with_own(power(), *packs())

    assert f"factors.{code}" == caught.value.code


def test_burning_is_never_taken_from_a_life_cycle_value() -> None:
    with pytest.raises(InputError) as caught:
        own(entry("diesel_ttw_gco2e_per_mj", "0", unit="gCO2e/MJ"))

    assert "factors.bad-entry" == caught.value.code
    assert "a factor of operation (ttw) is of boundary direct, never life_cycle" in caught.value.message


def test_a_direct_value_that_an_edition_has_for_provision_is_named_as_a_gap() -> None:
    rules = get_rule_set("iso14083@2023.1")
    fuels = rules.files["factors_fuels.toml"].replace(
        b'unit = "gCO2e/MJ"\nboundary = "life_cycle"', b'unit = "gCO2e/MJ"\nboundary = "direct"', 1
    )
    changed = Edition(files={**rules.files, "factors_fuels.toml": fuels}, rules=rules.rules, about="changed")
    chain = decoded(
        chain_of({"truck": diesel()}, [road("E", "truck", "1")], mass_kg="1000", activity_date="2025-06-01")
    )

    assert [] == [gap.step for gap in assess_chain(chain, rules).boundary_gaps]
    assert [("diesel_wtt_gco2e_per_mj[iso14083/2023.1]", "direct", "life_cycle")] == [
        (gap.step, gap.boundary, gap.wanted) for gap in assess_chain(chain, changed).boundary_gaps
    ]


def test_the_result_lists_every_dated_value_with_what_was_asked_and_what_was_taken() -> None:
    edition = named_edition()
    result = assess_chain(decoded(named_chain()), edition)
    dated = {step["id"] for step in result.derivation if step.get("from", {}).get("holds_from")}
    by_step = {each.step: each for each in result.factors}
    grid = by_step[f"{GRID}[category:truck/energy:2]"]

    assert len(by_step) > 15
    assert dated == by_step.keys()
    assert ("Chongqing", "national", "China", "national", "direct", 1) == (
        grid.region_asked,
        grid.level_asked,
        grid.region,
        grid.level,
        grid.boundary,
        grid.age_years,
    )
    assert ("2023-01-01", "2023-12-31", "china-electricity/2026.1", "iso14083/2023.1") == (
        grid.holds_from,
        grid.holds_until,
        grid.pack,
        grid.edition,
    )
    assert all(each.source and each.page and each.licence for each in result.factors if each.pack)
    assert {each.digest for each in result.factors} <= {value_digest(each) for each in edition.parameters.listed}


def test_the_dated_values_of_comparisons_are_listed_once() -> None:
    chain = {**hydrogen_chain(), "activity_date": "2026-03-01"}
    result = assessed(chain, "same-service-diesel", "tailpipe-press")
    steps = [each.step for each in result.factors]

    assert len(set(steps)) == len(steps)
    assert "diesel_ttw_gco2e_per_mj[iso14083/2023.1]" in steps


def test_a_direct_value_is_taken_from_an_own_file_only_where_it_is_asked_for_and_then_flagged() -> None:
    mine = own(entry(GRID, "0.4", region="Chongqing", boundary="direct"))
    result = with_own(power(factor_boundary="direct"), mine)

    assert ("0.4", "direct") == (only(result).value, only(result).boundary)
    assert [f"{GRID}[category:truck/energy:1]"] == [gap.step for gap in result.boundary_gaps]


def test_the_digest_of_an_own_file_is_that_of_its_bytes() -> None:
    data = pack(entry(GRID, "0.4", region="Chongqing"))

    assert (
        hashlib.sha256(data).hexdigest() == with_own(power(), read_factor_pack(data, about="x")).factor_files[0].digest
    )
