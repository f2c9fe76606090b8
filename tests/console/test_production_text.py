"""An assessed hydrogen production in words: every figure, every reason, no status."""

import io
from pathlib import Path

import pytest

from h2corridor.app.assess_document import assess_document
from h2corridor.console.production_text import print_production
from h2corridor.console.texts import Language

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "production"
ALL = sorted(path.stem for path in EXAMPLES.glob("*.json"))


def printed(name: str, language: Language, rule_set: str = "iso-19870-1") -> str:
    file = io.StringIO()
    print_production(assess_document(EXAMPLES / f"{name}.json", rule_set), language, file)  # type: ignore[arg-type]  # the examples are productions
    return file.getvalue()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("language", "words"), [("zh", "仅比较数值，不构成等级认定"), ("en", "value compared only, no status")]
)
def test_every_compared_value_is_printed_with_the_words_that_it_is_no_status(
    name: str, language: Language, words: str
) -> None:
    assert 5 == printed(name, language).count(words)


def test_the_chosen_allocation_is_marked_and_the_others_stand_beside_it() -> None:
    lines = printed("chlor-alkali", "en").splitlines()
    figures = {line.split("  ")[1].strip(): line for line in lines if line.startswith("  ")}

    assert "9.42139257885" in figures["by mass *"]
    assert "16.19640456621" in figures["by market value"]


def test_an_allocation_without_a_figure_says_what_it_lacks_and_where() -> None:
    lines = printed("chlor-alkali", "en").splitlines()
    place = "$.inventory.co_products[0].carries_energy"

    assert f"by energy (LHV): no figure, stated to carry no energy: chlorine, caustic soda ({place})" in lines


def test_a_set_that_has_no_result_says_why() -> None:
    expected = "规则集结果：无（至使用门口（加氢枪口），不分配（全部计入氢气）；未提供到加氢枪口的运输与加注数据）"

    assert expected in printed("coke-oven-gas", "zh", "iso-ts-19870").splitlines()


def test_a_declared_value_alone_says_that_no_other_is_computable() -> None:
    text = printed("declared-only", "en")
    methods = (
        "by energy (LHV), by mass, by market value, none (all of it on the hydrogen), system expansion (substitution)"
    )

    assert f"{methods}: no figure, as declared, other allocations not computable" in text.splitlines()
    assert "as declared: 2.2 kgCO2e/kg; method: not stated by the plant" in text


def test_caught_carbon_dioxide_is_printed_with_what_becomes_of_it() -> None:
    lines = printed("reforming-with-storage", "en").splitlines()

    assert "carbon dioxide caught from reformer, 500000 kg: stored below ground, deducted" in lines
    assert "carbon dioxide caught from reformer, 40000 kg: used, not deducted" in lines


def test_to_lie_below_a_value_is_never_called_a_reduction() -> None:
    assert "低于某个比较值，不代表发生了减排。" in printed("electrolysis-grid", "zh").splitlines()


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "每千克产氢 0.055 kgCO2e"), ("en", "0.055 kgCO2e per kg produced")]
)
def test_leakage_is_named_by_the_kilograms_it_is_divided_by(language: Language, said: str) -> None:
    assert said in printed("chlor-alkali", language)


def test_a_station_says_its_kilograms_and_those_that_nothing_explains() -> None:
    line = next(each for each in printed("declared-only", "en").splitlines() if each.startswith("station ST-01"))

    assert line == (
        "station ST-01: delivered 20000 kg, by others - kg, opening stock 600 kg; dispensed 19000 kg, vented 190 kg, "
        "closing stock 1391 kg; unexplained 19 kg, counted as lost"
    )


def test_electricity_without_a_contract_is_named_by_its_place() -> None:
    unbroken = "".join(printed("chlor-alkali", "en").split())
    places = ("$.inventory.inputs[3]", "$.delivery.trailer_grid_region", "$.delivery.station_grid_region")

    assert f"withoutcontract,onthegrid:{','.join(places)}" in unbroken


def test_a_factor_of_a_region_farther_out_names_the_region_it_was_asked_for() -> None:
    unbroken = "".join(printed("electrolysis-grid", "en").split())

    assert "forGuizhouthatofChina,lifecycle2024:0.5777kgCO2e/kWh" in unbroken
