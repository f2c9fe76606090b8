"""ISO/TS 19870:2023, draft edition 2023.1: hydrogen from its production to the consumption gate.

Nobody here has read the specification: that it goes to the consumption gate is known from its title, every clause is
`unseen`, and what we decided ourselves is `own`. That the nozzle of a station is that gate is our own reading.

Here: what a plant took in and gave off. `rules_allocation.py`: how it is shared among products.
`rules_delivery.py`: from the gate to the nozzle, leakage, and values that a figure is compared with.
"""

from h2corridor.accounting.kernel import Many, Quantity, rule, total

# Diesel, as a litre


@rule(at="plant", unit="MJ/l", clause="unseen", title_zh="每升柴油热值", title_en="energy content of a litre of diesel")
def diesel_mj_per_l(diesel_density_kg_per_l: Quantity, diesel_lower_heating_value_mj_per_kg: Quantity) -> Quantity:
    return diesel_density_kg_per_l * diesel_lower_heating_value_mj_per_kg


@rule(
    at="plant", unit="kgCO2e/l", clause="unseen", title_zh="柴油全流程因子", title_en="a litre of diesel, well to wheel"
)
def diesel_wtw_kgco2e_per_l(
    diesel_mj_per_l: Quantity,
    diesel_wtt_gco2e_per_mj: Quantity,
    diesel_ttw_gco2e_per_mj: Quantity,
    g_per_kg: Quantity,
) -> Quantity:
    return diesel_mj_per_l * (diesel_wtt_gco2e_per_mj + diesel_ttw_gco2e_per_mj) / g_per_kg


# Flows: inputs with a factor, gases that form at the plant, carbon dioxide that is stored


@rule(
    at="flow.electricity",
    gives="flow_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="用电排放",
    title_en="electricity taken in",
)
def electricity_kgco2e(electricity_kwh: Quantity, electricity_wtt_kgco2e_per_kwh: Quantity) -> Quantity:
    return electricity_kwh * electricity_wtt_kgco2e_per_kwh


@rule(
    at="flow.given",
    gives="flow_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="投入物排放",
    title_en="an input with a stated factor",
)
def given_kgco2e(amount: Quantity, kgco2e_per_unit: Quantity) -> Quantity:
    return amount * kgco2e_per_unit


@rule(
    at="flow.named",
    gives="flow_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="按名称取因子的投入物排放",
    title_en="an input with a factor by name, provided and used",
)
def named_kgco2e(
    amount: Quantity, named_wtt_kgco2e_per_unit: Quantity, named_ttw_kgco2e_per_unit: Quantity
) -> Quantity:
    return amount * (named_wtt_kgco2e_per_unit + named_ttw_kgco2e_per_unit)


@rule(
    at="flow.diesel",
    gives="flow_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="柴油排放",
    title_en="diesel taken in and burnt",
)
def diesel_kgco2e(diesel_l: Quantity, diesel_wtw_kgco2e_per_l: Quantity) -> Quantity:
    return diesel_l * diesel_wtw_kgco2e_per_l


@rule(
    at="flow.direct.carbon_dioxide",
    gives="flow_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="生成的化石二氧化碳",
    title_en="fossil carbon dioxide that formed",
)
def direct_co2_kgco2e(formed_kg: Quantity, gwp100_co2: Quantity) -> Quantity:
    return formed_kg * gwp100_co2


@rule(
    at="flow.direct.biogenic_carbon_dioxide",
    gives="flow_kgco2e",
    unit="kgCO2e",
    clause="own",
    title_zh="生成的生物源二氧化碳",
    title_en="biogenic carbon dioxide that formed",
)
def direct_biogenic_co2_kgco2e(formed_kg: Quantity, gwp100_biogenic_co2: Quantity) -> Quantity:
    return formed_kg * gwp100_biogenic_co2


@rule(
    at="flow.direct.methane",
    gives="flow_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="甲烷直接排放",
    title_en="methane given off",
)
def direct_ch4_kgco2e(formed_kg: Quantity, gwp100_ch4: Quantity) -> Quantity:
    return formed_kg * gwp100_ch4


@rule(
    at="flow.direct.nitrous_oxide",
    gives="flow_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="氧化亚氮直接排放",
    title_en="nitrous oxide given off",
)
def direct_n2o_kgco2e(formed_kg: Quantity, gwp100_n2o: Quantity) -> Quantity:
    return formed_kg * gwp100_n2o


@rule(
    at="flow.stored",
    gives="flow_kgco2e",
    unit="kgCO2e",
    clause="own",
    title_zh="地质封存的二氧化碳(扣除)",
    title_en="carbon dioxide stored below ground, deducted",
    within=("stored_kg", "formed_kg"),
)
def stored_co2_kgco2e(stored_kg: Quantity, stored_co2_kgco2e_per_kg: Quantity) -> Quantity:
    return stored_kg * stored_co2_kgco2e_per_kg


# What all products needed, what the hydrogen alone needed, and both together


@rule(
    at="flow",
    unit="kgCO2e",
    clause="own",
    title_zh="为全部产品发生的部分",
    title_en="the part that all products needed",
)
def flow_joint_kgco2e(flow_kgco2e: Quantity, serves_all_products: Quantity) -> Quantity:
    return flow_kgco2e * serves_all_products


@rule(
    at="flow",
    unit="kgCO2e",
    clause="own",
    title_zh="仅为氢气发生的部分",
    title_en="the part that the hydrogen alone needed",
)
def flow_alone_kgco2e(flow_kgco2e: Quantity, flow_joint_kgco2e: Quantity) -> Quantity:
    return flow_kgco2e - flow_joint_kgco2e


@rule(
    at="plant",
    unit="kgCO2e",
    clause="own",
    title_zh="全部产品共有的排放",
    title_en="emissions that all products share",
    over="flow",
)
def joint_kgco2e(flow_joint_kgco2e: Many) -> Quantity:
    return total(flow_joint_kgco2e)


@rule(
    at="plant",
    unit="kgCO2e",
    clause="own",
    title_zh="仅属氢气的排放",
    title_en="emissions of the hydrogen alone",
    over="flow",
)
def alone_kgco2e(flow_alone_kgco2e: Many) -> Quantity:
    return total(flow_alone_kgco2e)


@rule(
    at="plant",
    unit="kgCO2e",
    clause="unseen",
    title_zh="清单排放合计",
    title_en="emissions of the inventory",
    over="flow",
)
def inventory_kgco2e(flow_kgco2e: Many) -> Quantity:
    return total(flow_kgco2e)


@rule(
    at="plant",
    unit="kWh",
    clause="own",
    title_zh="用电合计",
    title_en="electricity in all",
    over="flow.electricity.taken",
)
def inventory_electricity_kwh(electricity_kwh: Many) -> Quantity:
    return total(electricity_kwh)


@rule(
    at="plant",
    unit="kWh/kg",
    clause="own",
    title_zh="单位氢气用电",
    title_en="electricity per kilogram of hydrogen",
)
def electricity_kwh_per_kg(inventory_electricity_kwh: Quantity, produced_kg: Quantity) -> Quantity:
    return inventory_electricity_kwh / produced_kg
