"""Same service by diesel, well to wheel: the same consignment, direction and load, the other elements unchanged.

The baseline distance leaves out detours and empties that only refuelling hydrogen causes; they count on the project
side. The difference is baseline minus project, signed: a negative one is an increase and stays.
"""

from h2corridor.accounting.kernel import Many, Quantity, rule, total


@rule(
    at="category.transport",
    unit="l",
    clause="own",
    title_zh="可比柴油车用油",
    title_en="diesel the comparable truck would burn",
)
def baseline_diesel_l(diesel_l_per_100km: Quantity, baseline_distance_km: Quantity, km_per_100km: Quantity) -> Quantity:
    return diesel_l_per_100km * (baseline_distance_km / km_per_100km)


@rule(
    at="category.transport",
    unit="kgCO2e/tkm",
    clause="own",
    title_zh="可比柴油车全流程强度",
    title_en="intensity of the comparable truck, well to wheel",
)
def baseline_intensity_wtw_kgco2e_per_tkm(
    baseline_diesel_l: Quantity, diesel_wtw_kgco2e_per_l: Quantity, baseline_transport_activity_tkm: Quantity
) -> Quantity:
    return baseline_diesel_l * diesel_wtw_kgco2e_per_l / baseline_transport_activity_tkm


@rule(
    at="element.transport.compared",
    gives="baseline_element_wtw_kgco2e",
    unit="kgCO2e",
    clause="own",
    title_zh="该段由柴油车承运",
    title_en="the element by diesel truck",
)
def diesel_element_wtw_kgco2e(
    element_transport_activity_tkm: Quantity, baseline_intensity_wtw_kgco2e_per_tkm: Quantity
) -> Quantity:
    return element_transport_activity_tkm * baseline_intensity_wtw_kgco2e_per_tkm


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


@rule(at="chain", unit="kgCO2e", clause="own", title_zh="基准排放", title_en="baseline emissions", over="element")
def baseline_kgco2e(baseline_element_wtw_kgco2e: Many) -> Quantity:
    return total(baseline_element_wtw_kgco2e)


@rule(at="chain", unit="kgCO2e", clause="own", title_zh="项目排放", title_en="project emissions")
def project_kgco2e(wtw_kgco2e: Quantity) -> Quantity:
    return wtw_kgco2e


@rule(at="chain", unit="kgCO2e", clause="own", title_zh="基准减项目", title_en="baseline minus project")
def difference_kgco2e(baseline_kgco2e: Quantity, project_kgco2e: Quantity) -> Quantity:
    return baseline_kgco2e - project_kgco2e
