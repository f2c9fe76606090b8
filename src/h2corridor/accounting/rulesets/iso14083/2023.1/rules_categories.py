"""Operation categories: the intensity of what a category did, by totals or as stated; rounds and classes."""

from h2corridor.accounting.kernel import Many, Quantity, rule, total

# Categories that state totals: their sources, then the intensity per transport activity or throughput


@rule(
    at=("category.transport.totals", "category.hub.totals"),
    unit="kgCO2e",
    clause="unseen",
    title_zh="类别的供给排放",
    title_en="energy provision of the category",
    over="source",
)
def category_wtt_kgco2e(source_wtt_kgco2e: Many) -> Quantity:
    return total(source_wtt_kgco2e)


@rule(
    at=("category.transport.totals", "category.hub.totals"),
    unit="kgCO2e",
    clause="unseen",
    title_zh="类别的运行排放",
    title_en="operation of the category",
    over="source",
)
def category_ttw_kgco2e(source_ttw_kgco2e: Many) -> Quantity:
    return total(source_ttw_kgco2e)


@rule(
    at=("category.transport.totals", "category.hub.totals"),
    unit="kgCO2e",
    clause="unseen",
    title_zh="类别的全流程排放",
    title_en="the category, well to wheel",
)
def category_wtw_kgco2e(category_wtt_kgco2e: Quantity, category_ttw_kgco2e: Quantity) -> Quantity:
    return category_wtt_kgco2e + category_ttw_kgco2e


@rule(
    at="category.transport.totals",
    gives="intensity_wtw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="类别的全流程强度",
    title_en="intensity of the category, well to wheel",
)
def totals_intensity_wtw_kgco2e_per_tkm(
    category_wtw_kgco2e: Quantity, category_transport_activity_tkm: Quantity
) -> Quantity:
    return category_wtw_kgco2e / category_transport_activity_tkm


@rule(
    at="category.transport.totals",
    gives="intensity_ttw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="类别的运行强度",
    title_en="intensity of the category, operation",
)
def totals_intensity_ttw_kgco2e_per_tkm(
    category_ttw_kgco2e: Quantity, category_transport_activity_tkm: Quantity
) -> Quantity:
    return category_ttw_kgco2e / category_transport_activity_tkm


@rule(
    at="category.hub.totals",
    gives="intensity_wtw_kgco2e_per_t",
    unit="kgCO2e/t",
    clause="unseen",
    title_zh="枢纽全流程强度",
    title_en="intensity of the hub, well to wheel",
)
def totals_intensity_wtw_kgco2e_per_t(category_wtw_kgco2e: Quantity, category_throughput_t: Quantity) -> Quantity:
    return category_wtw_kgco2e / category_throughput_t


@rule(
    at="category.hub.totals",
    gives="intensity_ttw_kgco2e_per_t",
    unit="kgCO2e/t",
    clause="unseen",
    title_zh="枢纽运行强度",
    title_en="intensity of the hub, operation",
)
def totals_intensity_ttw_kgco2e_per_t(category_ttw_kgco2e: Quantity, category_throughput_t: Quantity) -> Quantity:
    return category_ttw_kgco2e / category_throughput_t


# Categories that state an intensity: per transport activity, per driven tonne-kilometre, per tonne


@rule(
    at="category.transport.given",
    gives="intensity_wtw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="类别的全流程强度",
    title_en="intensity of the category, well to wheel",
)
def stated_intensity_wtw_kgco2e_per_tkm(given_intensity_wtw_kgco2e_per_tkm: Quantity) -> Quantity:
    return given_intensity_wtw_kgco2e_per_tkm


@rule(
    at="category.transport.given",
    gives="intensity_ttw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="类别的运行强度",
    title_en="intensity of the category, operation",
)
def stated_intensity_ttw_kgco2e_per_tkm(given_intensity_ttw_kgco2e_per_tkm: Quantity) -> Quantity:
    return given_intensity_ttw_kgco2e_per_tkm


@rule(
    at="category.transport.driven",
    gives="intensity_wtw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="折算到运输距离的全流程强度",
    title_en="intensity by transport distance, well to wheel",
)
def adjusted_intensity_wtw_kgco2e_per_tkm(
    actual_intensity_wtw_kgco2e_per_tkm: Quantity, distance_adjustment_factor: Quantity
) -> Quantity:
    return actual_intensity_wtw_kgco2e_per_tkm * distance_adjustment_factor


@rule(
    at="category.transport.driven",
    gives="intensity_ttw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="折算到运输距离的运行强度",
    title_en="intensity by transport distance, operation",
)
def adjusted_intensity_ttw_kgco2e_per_tkm(
    actual_intensity_ttw_kgco2e_per_tkm: Quantity, distance_adjustment_factor: Quantity
) -> Quantity:
    return actual_intensity_ttw_kgco2e_per_tkm * distance_adjustment_factor


# What is added to a distance counts once for each element, however long it is: its intensity is the element's own


@rule(
    at=("element.transport.added", "element.transport.compared.added"),
    gives="intensity_wtw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="按附加里程折算的全流程强度",
    title_en="intensity by transport distance with an added distance, well to wheel",
)
def added_intensity_wtw_kgco2e_per_tkm(
    actual_intensity_wtw_kgco2e_per_tkm: Quantity, distance_km: Quantity, distance_adjustment_km: Quantity
) -> Quantity:
    return actual_intensity_wtw_kgco2e_per_tkm * (distance_km + distance_adjustment_km) / distance_km


@rule(
    at=("element.transport.added", "element.transport.compared.added"),
    gives="intensity_ttw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="按附加里程折算的运行强度",
    title_en="intensity by transport distance with an added distance, operation",
)
def added_intensity_ttw_kgco2e_per_tkm(
    actual_intensity_ttw_kgco2e_per_tkm: Quantity, distance_km: Quantity, distance_adjustment_km: Quantity
) -> Quantity:
    return actual_intensity_ttw_kgco2e_per_tkm * (distance_km + distance_adjustment_km) / distance_km


@rule(
    at="category.hub.given",
    gives="intensity_wtw_kgco2e_per_t",
    unit="kgCO2e/t",
    clause="unseen",
    title_zh="枢纽全流程强度",
    title_en="intensity of the hub, well to wheel",
)
def stated_intensity_wtw_kgco2e_per_t(given_intensity_wtw_kgco2e_per_t: Quantity) -> Quantity:
    return given_intensity_wtw_kgco2e_per_t


@rule(
    at="category.hub.given",
    gives="intensity_ttw_kgco2e_per_t",
    unit="kgCO2e/t",
    clause="unseen",
    title_zh="枢纽运行强度",
    title_en="intensity of the hub, operation",
)
def stated_intensity_ttw_kgco2e_per_t(given_intensity_ttw_kgco2e_per_t: Quantity) -> Quantity:
    return given_intensity_ttw_kgco2e_per_t


# Rounds and classes


@rule(at="stop", unit="tkm", clause="unseen", title_zh="站点周转量", title_en="transport activity of the stop")
def stop_transport_activity_tkm(stop_mass_kg: Quantity, kg_per_t: Quantity, stop_distance_km: Quantity) -> Quantity:
    return stop_mass_kg / kg_per_t * stop_distance_km


@rule(
    at="category.transport",
    unit="tkm",
    clause="unseen",
    title_zh="所列站点周转量",
    title_en="transport activity of the stops",
    over="stop",
)
def stops_transport_activity_tkm(stop_transport_activity_tkm: Many) -> Quantity:
    return total(stop_transport_activity_tkm)


@rule(
    at="category.transport",
    gives="category_transport_activity_tkm",
    unit="tkm",
    clause="unseen",
    title_zh="整趟周转量",
    title_en="transport activity of the round",
)
def round_transport_activity_tkm(stops_transport_activity_tkm: Quantity) -> Quantity:
    return stops_transport_activity_tkm


@rule(
    at="stop",
    unit="1",
    clause="unseen",
    title_zh="站点份额",
    title_en="share of the stop",
    within=("stops_transport_activity_tkm", "category_transport_activity_tkm"),
)
def stop_share(stop_transport_activity_tkm: Quantity, category_transport_activity_tkm: Quantity) -> Quantity:
    return stop_transport_activity_tkm / category_transport_activity_tkm


@rule(at="stop", unit="kgCO2e", clause="unseen", title_zh="站点全流程排放", title_en="the stop, well to wheel")
def stop_wtw_kgco2e(stop_transport_activity_tkm: Quantity, intensity_wtw_kgco2e_per_tkm: Quantity) -> Quantity:
    return stop_transport_activity_tkm * intensity_wtw_kgco2e_per_tkm


@rule(at="stop", unit="kgCO2e", clause="unseen", title_zh="站点运行排放", title_en="the stop, operation")
def stop_ttw_kgco2e(stop_transport_activity_tkm: Quantity, intensity_ttw_kgco2e_per_tkm: Quantity) -> Quantity:
    return stop_transport_activity_tkm * intensity_ttw_kgco2e_per_tkm


@rule(at="class", unit="equivalent", clause="unseen", title_zh="分组当量数", title_en="equivalents of the class")
def class_equivalents(class_quantity: Quantity, class_equivalent: Quantity) -> Quantity:
    return class_quantity * class_equivalent


@rule(
    at="category",
    unit="equivalent",
    clause="unseen",
    title_zh="全部分组当量数",
    title_en="equivalents of all classes",
    over="class",
)
def all_class_equivalents(class_equivalents: Many) -> Quantity:
    return total(class_equivalents)


@rule(at="class", unit="1", clause="unseen", title_zh="分组份额", title_en="share of the class")
def class_share(class_equivalents: Quantity, all_class_equivalents: Quantity) -> Quantity:
    return class_equivalents / all_class_equivalents


@rule(at="class", unit="kgCO2e", clause="unseen", title_zh="分组全流程排放", title_en="the class, well to wheel")
def class_wtw_kgco2e(
    category_wtw_kgco2e: Quantity, class_equivalents: Quantity, all_class_equivalents: Quantity
) -> Quantity:
    return category_wtw_kgco2e * class_equivalents / all_class_equivalents


@rule(at="class", unit="kgCO2e", clause="unseen", title_zh="分组运行排放", title_en="the class, operation")
def class_ttw_kgco2e(
    category_ttw_kgco2e: Quantity, class_equivalents: Quantity, all_class_equivalents: Quantity
) -> Quantity:
    return category_ttw_kgco2e * class_equivalents / all_class_equivalents


@rule(
    at="class.transport",
    gives="intensity_wtw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="分组全流程强度",
    title_en="intensity of the class, well to wheel",
)
def class_intensity_wtw_kgco2e_per_tkm(class_wtw_kgco2e: Quantity, class_transport_activity_tkm: Quantity) -> Quantity:
    return class_wtw_kgco2e / class_transport_activity_tkm


@rule(
    at="class.transport",
    gives="intensity_ttw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="分组运行强度",
    title_en="intensity of the class, operation",
)
def class_intensity_ttw_kgco2e_per_tkm(class_ttw_kgco2e: Quantity, class_transport_activity_tkm: Quantity) -> Quantity:
    return class_ttw_kgco2e / class_transport_activity_tkm


@rule(
    at="class.hub",
    gives="intensity_wtw_kgco2e_per_t",
    unit="kgCO2e/t",
    clause="unseen",
    title_zh="枢纽分组全流程强度",
    title_en="intensity of the hub's class, well to wheel",
)
def class_intensity_wtw_kgco2e_per_t(class_wtw_kgco2e: Quantity, class_throughput_t: Quantity) -> Quantity:
    return class_wtw_kgco2e / class_throughput_t


@rule(
    at="class.hub",
    gives="intensity_ttw_kgco2e_per_t",
    unit="kgCO2e/t",
    clause="unseen",
    title_zh="枢纽分组运行强度",
    title_en="intensity of the hub's class, operation",
)
def class_intensity_ttw_kgco2e_per_t(class_ttw_kgco2e: Quantity, class_throughput_t: Quantity) -> Quantity:
    return class_ttw_kgco2e / class_throughput_t
