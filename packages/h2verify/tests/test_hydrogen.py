"""Hydrogen in a tank against the printed values of NIST, through a stack against Faraday's law."""

import json
from decimal import Context, Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from h2verify.hydrogen import (
    MOLAR_MASS_G_PER_MOL,
    compressibility_factor,
    molar_density_mol_per_l,
    stack_hydrogen_mg,
    tank_mass_mg,
)
from hypothesis import given, settings
from hypothesis import strategies as st

PRINTED_DIGITS = Decimal("1e-8")
HOUR_S = 3600


def _case(cases_dir: Path, name: str) -> Any:
    text = (cases_dir / "gbt32960" / name).read_text("utf-8")
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


@pytest.fixture(scope="module")
def density(cases_dir: Path) -> Any:
    return _case(cases_dir, "nist_h2_density.json")


@pytest.fixture(scope="module")
def faraday(cases_dir: Path) -> Any:
    return _case(cases_dir, "faraday.json")


def test_the_published_check_points_come_out_to_eight_decimals(density: Any) -> None:
    for point in density["check_points"]:
        place = (point["p_MPa"], point["T_K"])

        assert point["Z"] == compressibility_factor(*place).quantize(PRINTED_DIGITS), place
        assert point["rho_mol_L"] == molar_density_mol_per_l(*place).quantize(PRINTED_DIGITS), place

    assert len(density["check_points"]) >= 5


def test_the_densities_derived_from_them_come_out_as_printed(density: Any) -> None:
    for value in density["derived_tank_values"]:
        kelvin = value["temperature_C"] + Decimal("273.15")
        molar = molar_density_mol_per_l(value["pressure_MPa"], kelvin)

        assert value["density_kg_m3"] == (molar * MOLAR_MASS_G_PER_MOL).quantize(value["density_kg_m3"])

    assert len(density["derived_tank_values"]) >= 9


def test_a_tank_holds_what_its_volume_and_the_density_say(density: Any) -> None:
    for tank in density["tank_mass_kg"]:
        decicelsius, millilitres = int(tank["temperature_C"] * 10), int(tank["volume_l"] * 1000)
        full = Decimal(tank_mass_mg(int(tank["pressure_MPa"] * 1000), decicelsius, millilitres)) / 1_000_000
        left = Decimal(tank_mass_mg(2000, decicelsius, millilitres)) / 1_000_000

        assert tank["mass_kg"] == full.quantize(tank["mass_kg"])
        assert tank["usable_to_2_MPa_kg"] == (full - left).quantize(tank["usable_to_2_MPa_kg"])

    assert len(density["tank_mass_kg"]) >= 3


def test_an_ideal_gas_would_overstate_a_full_tank(density: Any) -> None:
    error = density["ideal_gas_error"]
    kelvin = error["temperature_C"] + Decimal("273.15")
    excess = (compressibility_factor(error["pressure_MPa"], kelvin) - 1) * 100

    assert error["excess_pct"] == excess.quantize(error["excess_pct"])


def test_a_tank_without_pressure_or_volume_is_empty() -> None:
    assert 0 == tank_mass_mg(0, 150, 3_080_000)
    assert 0 == tank_mass_mg(35_000, 150, 0)


@settings(max_examples=50, deadline=None)
@given(kpa=st.integers(100, 99_900), dc=st.integers(-400, 2000), volume=st.integers(100_000, 4_000_000))
def test_one_more_step_of_pressure_is_more_and_one_of_temperature_less_hydrogen(kpa: int, dc: int, volume: int) -> None:
    mass = tank_mass_mg(kpa, dc, volume)

    assert mass < tank_mass_mg(kpa + 100, dc, volume)
    assert mass > tank_mass_mg(kpa, dc + 10, volume)


def test_the_cases_of_faradays_law_come_out_to_the_milligram(faraday: Any) -> None:
    for case in faraday["cases"]:
        deciamperes = int(case["current_A"] * 10)
        kilograms = Decimal(stack_hydrogen_mg(2 * int(case["cells"]) * deciamperes * HOUR_S)) / 1_000_000

        assert case["kg_per_h"] == kilograms, case

    assert len(faraday["cases"]) >= 5


def test_a_billion_cell_amperes_give_the_published_factor_to_its_last_digit(faraday: Any) -> None:
    billion_hours = 2 * 10**9 * 10 * HOUR_S
    per_cell_ampere_hour = Decimal(stack_hydrogen_mg(billion_hours)).scaleb(-15)

    assert abs(faraday["kg_per_hour_per_cell_ampere"] - per_cell_ampere_hour) <= Decimal("1e-15")


def test_no_decimal_context_of_the_caller_changes_a_result() -> None:
    mass, charge = tank_mass_mg.__wrapped__(28_100, 310, 3_080_000), 2 * 10 * 400 * 300 * HOUR_S
    with localcontext(Context(prec=3)):
        assert mass == tank_mass_mg.__wrapped__(28_100, 310, 3_080_000)
        assert 4_512_915 == stack_hydrogen_mg(charge)
