"""Electricity by year, region, boundary and contract: the same rules, other factors."""

from decimal import Decimal

from production_examples import Document, altered, assessed, example, three_products

from h2corridor.accounting.production.results import ElectricityReading


def readings(name: str = "electrolysis-grid") -> tuple[ElectricityReading, ...]:
    return assessed(example(name)).readings


def test_the_stated_reading_comes_first_and_is_the_figure() -> None:
    result = assessed(example("electrolysis-grid"))

    assert (True, result.result.kgco2e_per_kg) == (
        result.readings[0].stated,
        result.readings[0].gate_kgco2e_per_kg,
    )
    assert [True] == [each.stated for each in result.readings if each.stated]


def test_electrolysis_is_read_by_region_and_boundary() -> None:
    taken = {
        tuple(f"{f.region} {f.boundary} {f.holds_from[:4]} {f.kgco2e_per_kwh}" for f in each.factors): Decimal(
            each.gate_kgco2e_per_kg or "nan"
        )
        for each in readings()
        if each.basis == "location"
    }
    water = Decimal("0.0033")

    assert {
        ("China life_cycle 2024 0.5777",): 55 * Decimal("0.5777") + water,
        ("Guizhou direct 2022 0.4989",): 55 * Decimal("0.4989") + water,
        ("China direct 2023 0.5306",): 55 * Decimal("0.5306") + water,
    } == taken


def test_the_grid_of_another_year_is_taken_for_a_period_of_that_year() -> None:
    earlier = altered(
        example("electrolysis-grid"), lambda d: d["period"].update({"from": "2023-01-01", "until": "2023-12-31"})
    )

    assert ["0.6205"] == [each.kgco2e_per_kwh for each in assessed(earlier).readings[0].factors]


def test_a_contract_is_taken_for_its_own_input_alone() -> None:
    market = readings()[-1]
    expected = (53 * Decimal("0.01")) + 2 * Decimal("0.5777") + Decimal("0.0033")

    assert ("market", ("auxiliaries",)) == (market.basis, market.on_grid)
    assert expected == Decimal(market.gate_kgco2e_per_kg or "nan")


def test_a_contract_never_moves_the_figure_by_location() -> None:
    without = altered(example("electrolysis-grid"), lambda d: d["inventory"]["inputs"][0].pop("contract"))

    assert assessed(example("electrolysis-grid")).result == assessed(without).result


def test_without_a_contract_there_is_no_market_reading() -> None:
    market = readings("coke-oven-gas")[-1]

    assert (None, "no electricity contract is stated") == (market.gate_kgco2e_per_kg, market.why_en)


def test_a_contract_without_a_factor_is_not_computable() -> None:
    unpriced = altered(
        example("electrolysis-grid"), lambda d: d["inventory"]["inputs"][0]["contract"].pop("kgco2e_per_kwh")
    )
    market = assessed(unpriced).readings[-1]

    assert (None, "factor of the electricity is not given") == (market.gate_kgco2e_per_kg, market.why_en)


def test_direct_factors_are_named_as_gaps() -> None:
    direct = next(each for each in readings() if each.factors[0].boundary == "direct")

    assert {"direct"} == {gap.boundary for gap in direct.boundary_gaps}
    assert () == readings()[0].boundary_gaps


def test_a_direct_factor_that_the_document_gives_is_named_as_a_gap() -> None:
    def direct(document: Document) -> None:
        document["inventory"]["inputs"][1]["factor_boundary"] = "direct"
        document["inventory"]["inputs"][0]["contract"]["factor_boundary"] = "direct"

    result = assessed(altered(three_products(), direct))

    assert ["kgco2e_per_unit[flow:brine]"] == [gap.step for gap in result.boundary_gaps]
    assert ["electricity_wtt_kgco2e_per_kwh[flow:cells]", "kgco2e_per_unit[flow:brine]"] == [
        gap.step for gap in result.readings[-1].boundary_gaps
    ]


def test_a_document_without_electricity_of_a_grid_has_no_readings() -> None:
    def own_power(document: Document) -> None:
        for entry in document["inventory"]["inputs"][:2]:
            entry.pop("grid_region")
            entry.pop("contract", None)
            entry.update(kgco2e_per_unit="0.02", source="own plant")

    assert () == assessed(altered(example("electrolysis-grid"), own_power)).readings
