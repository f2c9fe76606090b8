"""The baseline well to wheel: the compared elements by diesel, all others unchanged.

This file is the same in each method that counts from the well.
"""

from h2corridor.accounting.kernel import Many, Quantity, rule, total


@rule(
    at="category.transport",
    unit="kgCO2e/tkm",
    clause="own",
    title_zh="基准柴油车全流程强度",
    title_en="intensity of the baseline, well to wheel",
    over="baseline",
)
def baseline_intensity_wtw_kgco2e_per_tkm(baseline_l_per_tkm: Many, diesel_wtw_kgco2e_per_l: Quantity) -> Quantity:
    return total(baseline_l_per_tkm) * diesel_wtw_kgco2e_per_l


@rule(
    at="element.transport.compared",
    gives="baseline_element_wtw_kgco2e",
    unit="kgCO2e",
    clause="own",
    title_zh="该段由柴油车承运",
    title_en="the element by diesel truck",
)
def diesel_element_wtw_kgco2e(
    element_transport_activity_tkm: Quantity,
    baseline_weight: Quantity,
    baseline_intensity_wtw_kgco2e_per_tkm: Quantity,
) -> Quantity:
    return element_transport_activity_tkm * baseline_weight * baseline_intensity_wtw_kgco2e_per_tkm


@rule(
    at="element",
    gives="baseline_element_wtw_kgco2e",
    unit="kgCO2e",
    clause="own",
    title_zh="该段不变",
    title_en="the element unchanged",
)
def unchanged_element_wtw_kgco2e(element_wtw_kgco2e: Quantity) -> Quantity:
    return element_wtw_kgco2e


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="基准全流程排放",
    title_en="baseline, well to wheel",
    over="element",
)
def baseline_wtw_kgco2e(baseline_element_wtw_kgco2e: Many) -> Quantity:
    return total(baseline_element_wtw_kgco2e)
