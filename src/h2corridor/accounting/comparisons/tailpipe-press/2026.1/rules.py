"""How press figures come about: diesel at the tailpipe against hydrogen counted as zero, on the compared elements
alone.

The baseline is of any kind that `rules_baseline.py` knows. Not a method for a claim. It stands beside the well-to-wheel
comparison so that a reader can see where such a number is from.
"""

from h2corridor.accounting.kernel import Many, Quantity, rule, total


@rule(
    at="category.transport",
    unit="kgCO2e/tkm",
    clause="own",
    title_zh="基准柴油车尾气强度",
    title_en="intensity of the baseline at the tailpipe",
    over="baseline",
)
def baseline_intensity_ttw_kgco2e_per_tkm(baseline_l_per_tkm: Many, diesel_ttw_kgco2e_per_l: Quantity) -> Quantity:
    return total(baseline_l_per_tkm) * diesel_ttw_kgco2e_per_l


@rule(
    at="element.transport.compared",
    unit="kgCO2e",
    clause="own",
    title_zh="该段柴油尾气",
    title_en="the element at the diesel tailpipe",
)
def baseline_element_ttw_kgco2e(
    element_transport_activity_tkm: Quantity,
    baseline_weight: Quantity,
    baseline_intensity_ttw_kgco2e_per_tkm: Quantity,
) -> Quantity:
    return element_transport_activity_tkm * baseline_weight * baseline_intensity_ttw_kgco2e_per_tkm


@rule(
    at="element.transport.compared",
    unit="kgCO2e",
    clause="own",
    title_zh="该段用氢计为零",
    title_en="the element on hydrogen counted as zero",
)
def project_element_kgco2e(
    element_transport_activity_tkm: Quantity, hydrogen_counted_as_kgco2e_per_tkm: Quantity
) -> Quantity:
    return element_transport_activity_tkm * hydrogen_counted_as_kgco2e_per_tkm


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="基准排放（尾气）",
    title_en="baseline emissions at the tailpipe",
    over="element.transport.compared",
)
def baseline_kgco2e(baseline_element_ttw_kgco2e: Many) -> Quantity:
    return total(baseline_element_ttw_kgco2e)


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="项目排放（计为零）",
    title_en="project emissions counted as zero",
    over="element.transport.compared",
)
def project_kgco2e(project_element_kgco2e: Many) -> Quantity:
    return total(project_element_kgco2e)


@rule(at="chain", unit="kgCO2e", clause="own", title_zh="基准减项目", title_en="baseline minus project")
def difference_kgco2e(baseline_kgco2e: Quantity, project_kgco2e: Quantity) -> Quantity:
    return baseline_kgco2e - project_kgco2e
