"""ISO 14083:2023, draft edition 2023.1: emissions of one shipment along its transport chain.

Nobody here has read the standard itself: the rules follow published guidance to it, and every clause is `unseen`.
What the standard leaves open is our own and says `own`.

Here: the shipment, the elements and the chain. `rules_sources.py`: energy carriers, hydrogen to the nozzle and
refrigerants. `rules_categories.py`: operation categories, rounds, classes.
"""

from h2corridor.accounting.kernel import Many, Quantity, rule, total

# Units of the shipment and of diesel


@rule(at="chain", unit="t", clause="unseen", title_zh="货物质量(吨)", title_en="mass of the shipment in tonnes")
def mass_t(mass_kg: Quantity, kg_per_t: Quantity) -> Quantity:
    return mass_kg / kg_per_t


@rule(at="chain", unit="MJ/l", clause="unseen", title_zh="每升柴油热值", title_en="energy content of a litre of diesel")
def diesel_mj_per_l(diesel_density_kg_per_l: Quantity, diesel_lower_heating_value_mj_per_kg: Quantity) -> Quantity:
    return diesel_density_kg_per_l * diesel_lower_heating_value_mj_per_kg


@rule(at="chain", unit="kgCO2e/l", clause="unseen", title_zh="柴油供给因子", title_en="provision of a litre of diesel")
def diesel_wtt_kgco2e_per_l(
    diesel_mj_per_l: Quantity, diesel_wtt_gco2e_per_mj: Quantity, g_per_kg: Quantity
) -> Quantity:
    return diesel_mj_per_l * diesel_wtt_gco2e_per_mj / g_per_kg


@rule(at="chain", unit="kgCO2e/l", clause="unseen", title_zh="柴油运行因子", title_en="burning a litre of diesel")
def diesel_ttw_kgco2e_per_l(
    diesel_mj_per_l: Quantity, diesel_ttw_gco2e_per_mj: Quantity, g_per_kg: Quantity
) -> Quantity:
    return diesel_mj_per_l * diesel_ttw_gco2e_per_mj / g_per_kg


@rule(
    at="chain", unit="kgCO2e/l", clause="unseen", title_zh="柴油全流程因子", title_en="a litre of diesel, well to wheel"
)
def diesel_wtw_kgco2e_per_l(diesel_wtt_kgco2e_per_l: Quantity, diesel_ttw_kgco2e_per_l: Quantity) -> Quantity:
    return diesel_wtt_kgco2e_per_l + diesel_ttw_kgco2e_per_l


# Transport chain elements


@rule(
    at="element.transport",
    unit="tkm",
    clause="unseen",
    title_zh="运输周转量",
    title_en="transport activity of the element",
)
def element_transport_activity_tkm(mass_t: Quantity, distance_km: Quantity) -> Quantity:
    return mass_t * distance_km


@rule(at="element.hub", unit="t", clause="unseen", title_zh="枢纽作业量", title_en="hub activity of the element")
def element_hub_activity_t(mass_t: Quantity) -> Quantity:
    return mass_t


@rule(
    at="element.transport",
    gives="element_wtw_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="运输段全流程排放",
    title_en="the element, well to wheel",
)
def transport_wtw_kgco2e(element_transport_activity_tkm: Quantity, intensity_wtw_kgco2e_per_tkm: Quantity) -> Quantity:
    return element_transport_activity_tkm * intensity_wtw_kgco2e_per_tkm


@rule(
    at="element.transport",
    gives="element_ttw_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="运输段运行排放",
    title_en="the element, operation",
)
def transport_ttw_kgco2e(element_transport_activity_tkm: Quantity, intensity_ttw_kgco2e_per_tkm: Quantity) -> Quantity:
    return element_transport_activity_tkm * intensity_ttw_kgco2e_per_tkm


@rule(
    at="element.hub",
    gives="element_wtw_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="枢纽全流程排放",
    title_en="the hub element, well to wheel",
)
def hub_wtw_kgco2e(element_hub_activity_t: Quantity, intensity_wtw_kgco2e_per_t: Quantity) -> Quantity:
    return element_hub_activity_t * intensity_wtw_kgco2e_per_t


@rule(
    at="element.hub",
    gives="element_ttw_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="枢纽运行排放",
    title_en="the hub element, operation",
)
def hub_ttw_kgco2e(element_hub_activity_t: Quantity, intensity_ttw_kgco2e_per_t: Quantity) -> Quantity:
    return element_hub_activity_t * intensity_ttw_kgco2e_per_t


# The chain: hubs count in the numerator, never in the denominator


@rule(
    at="chain",
    unit="tkm",
    clause="unseen",
    title_zh="全程运输周转量",
    title_en="transport activity",
    over="element.transport",
)
def transport_activity_tkm(element_transport_activity_tkm: Many) -> Quantity:
    return total(element_transport_activity_tkm)


@rule(at="chain", unit="t", clause="unseen", title_zh="枢纽作业总量", title_en="hub activity", over="element.hub")
def hub_activity_t(element_hub_activity_t: Many) -> Quantity:
    return total(element_hub_activity_t)


@rule(
    at="chain",
    unit="kgCO2e",
    clause="unseen",
    title_zh="全流程排放",
    title_en="emissions, well to wheel",
    over="element",
)
def wtw_kgco2e(element_wtw_kgco2e: Many) -> Quantity:
    return total(element_wtw_kgco2e)


@rule(
    at="chain", unit="kgCO2e", clause="unseen", title_zh="运行排放", title_en="emissions of operation", over="element"
)
def ttw_kgco2e(element_ttw_kgco2e: Many) -> Quantity:
    return total(element_ttw_kgco2e)


@rule(at="chain", unit="kgCO2e", clause="unseen", title_zh="能源供给排放", title_en="emissions of energy provision")
def wtt_kgco2e(wtw_kgco2e: Quantity, ttw_kgco2e: Quantity) -> Quantity:
    return wtw_kgco2e - ttw_kgco2e


@rule(
    at="chain",
    gives="chain_intensity_wtw_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="unseen",
    title_zh="全流程排放强度",
    title_en="emission intensity, well to wheel",
)
def chain_intensity_wtw_kgco2e_per_tkm(wtw_kgco2e: Quantity, transport_activity_tkm: Quantity) -> Quantity:
    return wtw_kgco2e / transport_activity_tkm


@rule(at="chain", unit="kgCO2e/tkm", clause="unseen", title_zh="运行排放强度", title_en="emission intensity, operation")
def chain_intensity_ttw_kgco2e_per_tkm(ttw_kgco2e: Quantity, transport_activity_tkm: Quantity) -> Quantity:
    return ttw_kgco2e / transport_activity_tkm


# How much of it rests on primary data, by emissions and by transport activity


@rule(at="element", unit="kgCO2e", clause="unseen", title_zh="初级数据的排放", title_en="emissions from primary data")
def element_primary_wtw_kgco2e(element_wtw_kgco2e: Quantity, is_primary: Quantity) -> Quantity:
    return element_wtw_kgco2e * is_primary


@rule(
    at="chain",
    unit="kgCO2e",
    clause="unseen",
    title_zh="初级数据的排放合计",
    title_en="all emissions from primary data",
    over="element",
)
def primary_wtw_kgco2e(element_primary_wtw_kgco2e: Many) -> Quantity:
    return total(element_primary_wtw_kgco2e)


@rule(
    at="chain", unit="1", clause="unseen", title_zh="初级数据占比(按排放)", title_en="primary data share by emissions"
)
def primary_share_by_emissions(primary_wtw_kgco2e: Quantity, wtw_kgco2e: Quantity) -> Quantity:
    return primary_wtw_kgco2e / wtw_kgco2e


@rule(
    at="element.transport", unit="tkm", clause="own", title_zh="初级数据的周转量", title_en="activity from primary data"
)
def element_primary_activity_tkm(element_transport_activity_tkm: Quantity, is_primary: Quantity) -> Quantity:
    return element_transport_activity_tkm * is_primary


@rule(
    at="chain",
    unit="tkm",
    clause="own",
    title_zh="初级数据的周转量合计",
    title_en="all activity from primary data",
    over="element.transport",
)
def primary_activity_tkm(element_primary_activity_tkm: Many) -> Quantity:
    return total(element_primary_activity_tkm)


@rule(at="chain", unit="1", clause="own", title_zh="初级数据占比(按周转量)", title_en="primary data share by activity")
def primary_share_by_activity(primary_activity_tkm: Quantity, transport_activity_tkm: Quantity) -> Quantity:
    return primary_activity_tkm / transport_activity_tkm
