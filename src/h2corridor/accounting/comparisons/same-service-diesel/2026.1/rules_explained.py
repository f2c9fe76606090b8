"""Why a difference is what it is: where hydrogen would break even, and the way from a press figure to this one.

Every row is a change of one thing; with those in `rules.py` they are this difference minus the one of the press.
Detours are told apart from the rest of the hydrogen where the chain says what the hydrogen trucks drove. This file is
the same in each method that explains itself.
"""

from h2corridor.accounting.kernel import Many, Quantity, rule, total

# The part of a category's hydrogen that this shipment carries, through its class where it belongs to one


@rule(
    at="category.transport",
    gives="share_per_tkm",
    unit="1/tkm",
    clause="own",
    title_zh="每吨公里占类别的份额",
    title_en="part of the category per tkm",
)
def category_share_per_tkm(whole: Quantity, category_transport_activity_tkm: Quantity) -> Quantity:
    return whole / category_transport_activity_tkm


@rule(
    at="class.transport",
    gives="share_per_tkm",
    unit="1/tkm",
    clause="own",
    title_zh="每吨公里经分组占类别的份额",
    title_en="part of the category per tkm, through the class",
)
def class_share_per_tkm(class_share: Quantity, class_transport_activity_tkm: Quantity) -> Quantity:
    return class_share / class_transport_activity_tkm


@rule(
    at="element.transport",
    unit="1",
    clause="own",
    title_zh="该段占类别的份额",
    title_en="part of the category in the element",
)
def element_share(element_transport_activity_tkm: Quantity, share_per_tkm: Quantity) -> Quantity:
    return element_transport_activity_tkm * share_per_tkm


@rule(
    at="category.transport.totals",
    unit="1",
    clause="own",
    title_zh="该票货物占类别的份额",
    title_en="part of the category in the shipment",
    over="element.transport",
)
def shipment_share(element_share: Many) -> Quantity:
    return total(element_share)


@rule(
    at="source.hydrogen",
    unit="kg",
    clause="own",
    title_zh="该票货物分摊的氢",
    title_en="hydrogen that the shipment carries",
)
def source_shipment_hydrogen_kg(hydrogen_kg: Quantity, shipment_share: Quantity) -> Quantity:
    return hydrogen_kg * shipment_share


@rule(
    at="source.hydrogen",
    unit="kgCO2e",
    clause="own",
    title_zh="该票货物分摊的氢供给排放",
    title_en="provision of the hydrogen that the shipment carries",
)
def source_shipment_provision_kgco2e(source_wtt_kgco2e: Quantity, shipment_share: Quantity) -> Quantity:
    return source_wtt_kgco2e * shipment_share


@rule(
    at="category.transport.totals",
    unit="kg",
    clause="own",
    title_zh="类别中该票货物分摊的氢",
    title_en="the shipment's hydrogen in the category",
    over="source.hydrogen",
)
def category_shipment_hydrogen_kg(source_shipment_hydrogen_kg: Many) -> Quantity:
    return total(source_shipment_hydrogen_kg)


@rule(
    at="category.transport.totals",
    unit="kgCO2e",
    clause="own",
    title_zh="类别中该票货物的氢供给排放",
    title_en="provision of the shipment's hydrogen in the category",
    over="source.hydrogen",
)
def category_shipment_provision_kgco2e(source_shipment_provision_kgco2e: Many) -> Quantity:
    return total(source_shipment_provision_kgco2e)


@rule(
    at="chain",
    unit="kg",
    clause="own",
    title_zh="该票货物的用氢量",
    title_en="hydrogen of the shipment",
    over="hydrogen_use",
)
def shipment_hydrogen_kg(category_shipment_hydrogen_kg: Many) -> Quantity:
    return total(category_shipment_hydrogen_kg)


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="该票货物的氢供给排放",
    title_en="provision of the shipment's hydrogen",
    over="hydrogen_use",
)
def shipment_provision_kgco2e(category_shipment_provision_kgco2e: Many) -> Quantity:
    return total(category_shipment_provision_kgco2e)


# Both figures of the compared elements, and where hydrogen breaks even


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="对比各段的柴油全流程排放",
    title_en="compared elements by diesel, well to wheel",
    over="element.transport.compared",
)
def compared_baseline_wtw_kgco2e(baseline_element_wtw_kgco2e: Many) -> Quantity:
    return total(baseline_element_wtw_kgco2e)


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
    title_zh="该段的柴油尾气排放",
    title_en="the element by diesel, at the tailpipe",
)
def baseline_element_ttw_kgco2e(
    element_transport_activity_tkm: Quantity,
    baseline_weight: Quantity,
    baseline_intensity_ttw_kgco2e_per_tkm: Quantity,
) -> Quantity:
    return element_transport_activity_tkm * baseline_weight * baseline_intensity_ttw_kgco2e_per_tkm


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="新闻口径的差额（柴油尾气减零）",
    title_en="difference as the press counts it: the diesel tailpipe minus nothing",
    over="element.transport.compared",
)
def explained_press_kgco2e(baseline_element_ttw_kgco2e: Many) -> Quantity:
    return total(baseline_element_ttw_kgco2e)


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="对比各段的项目排放",
    title_en="compared elements of the project",
    over="element.transport.compared",
)
def compared_project_wtw_kgco2e(element_wtw_kgco2e: Many) -> Quantity:
    return total(element_wtw_kgco2e)


@rule(
    at="chain",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="加氢枪口强度（该票货物平均）",
    title_en="hydrogen intensity at the nozzle, mean of the shipment",
)
def explained_nozzle_kgco2e_per_kg(shipment_provision_kgco2e: Quantity, shipment_hydrogen_kg: Quantity) -> Quantity:
    return shipment_provision_kgco2e / shipment_hydrogen_kg


@rule(
    at="chain",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="盈亏平衡的枪口氢强度",
    title_en="hydrogen intensity at the nozzle at which baseline and project are equal",
)
def explained_break_even_kgco2e_per_kg(
    baseline_kgco2e: Quantity,
    project_kgco2e: Quantity,
    shipment_provision_kgco2e: Quantity,
    shipment_hydrogen_kg: Quantity,
) -> Quantity:
    return (baseline_kgco2e - (project_kgco2e - shipment_provision_kgco2e)) / shipment_hydrogen_kg


@rule(
    at="chain",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="与柴油尾气持平的枪口氢强度",
    title_en="hydrogen intensity at the nozzle that equals the diesel tailpipe",
)
def explained_break_even_tailpipe_kgco2e_per_kg(
    explained_press_kgco2e: Quantity,
    compared_project_wtw_kgco2e: Quantity,
    shipment_provision_kgco2e: Quantity,
    shipment_hydrogen_kg: Quantity,
) -> Quantity:
    return (explained_press_kgco2e - (compared_project_wtw_kgco2e - shipment_provision_kgco2e)) / shipment_hydrogen_kg


# From the press figure to this one


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="氢由计为零改为计入供给",
    title_en="hydrogen with its provision and not as zero",
)
def explained_hydrogen_kgco2e(nothing_kgco2e: Quantity, shipment_provision_kgco2e: Quantity) -> Quantity:
    return nothing_kgco2e - shipment_provision_kgco2e


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="柴油由尾气改为计入供给",
    title_en="diesel with its provision and not at the tailpipe alone",
)
def explained_diesel_kgco2e(compared_baseline_wtw_kgco2e: Quantity, explained_press_kgco2e: Quantity) -> Quantity:
    return compared_baseline_wtw_kgco2e - explained_press_kgco2e


@rule(
    at="detours",
    unit="kgCO2e",
    clause="own",
    title_zh="加氢绕行与空驶的氢供给排放",
    title_en="provision of hydrogen for detours and empties to refuel",
)
def detour_provision_kgco2e(
    category_shipment_provision_kgco2e: Quantity, project_distance_km: Quantity, baseline_distance_km: Quantity
) -> Quantity:
    return category_shipment_provision_kgco2e * (project_distance_km - baseline_distance_km) / project_distance_km


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="加氢绕行与空驶",
    title_en="detours and empties to refuel, on the project side alone",
    over="detours",
)
def explained_detours_kgco2e(nothing_kgco2e: Quantity, detour_provision_kgco2e: Many) -> Quantity:
    return nothing_kgco2e - total(detour_provision_kgco2e)


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="氢由计为零改为计入供给（不含绕行与空驶）",
    title_en="hydrogen with its provision and not as zero, without detours and empties",
)
def explained_hydrogen_without_detours_kgco2e(
    explained_hydrogen_kgco2e: Quantity, explained_detours_kgco2e: Quantity
) -> Quantity:
    return explained_hydrogen_kgco2e - explained_detours_kgco2e


@rule(
    at="chain.uncertain",
    unit="kgCO2e",
    clause="own",
    title_zh="不确定性扣减",
    title_en="deduction for uncertainty",
)
def explained_deduction_kgco2e(nothing_kgco2e: Quantity, deduction_kgco2e: Quantity) -> Quantity:
    return nothing_kgco2e - deduction_kgco2e
