"""From the production gate to the nozzle, per kilogram dispensed; leakage by itself; values that are only compared.

The standard ends at the production gate. The rules to the nozzle are our own, and the same as those by which a
transport chain takes its hydrogen to the nozzle.
"""

from h2corridor.accounting.kernel import Many, Quantity, rule, total

# What the standard is about


@rule(
    at="allocation",
    unit="kgCO2e/kg",
    clause="unseen",
    title_zh="规则集结果(生产门口)",
    title_en="result of the rule set, at the production gate",
)
def result_kgco2e_per_kg(gate_kgco2e_per_kg: Quantity) -> Quantity:
    return gate_kgco2e_per_kg


# To the nozzle


@rule(
    at="plant",
    unit="kg",
    clause="own",
    title_zh="加氢站收入的氢(含期初存量)",
    title_en="hydrogen the station took in, with its opening stock",
    over="station.taken",
)
def station_taken_kg(station_kg: Many) -> Quantity:
    return total(station_kg)


@rule(
    at="plant",
    unit="kg",
    clause="own",
    title_zh="加氢站去向已知的氢(含期末存量)",
    title_en="hydrogen of the station that is accounted for, with its closing stock",
    over="station.left",
)
def station_left_kg(station_kg: Many) -> Quantity:
    return total(station_kg)


@rule(
    at="plant",
    unit="kg",
    clause="own",
    title_zh="加氢站去向不明的氢(按损失计)",
    title_en="hydrogen of the station that nothing explains, counted as lost",
    within=("station_left_kg", "station_taken_kg"),
)
def station_unexplained_kg(station_taken_kg: Quantity, station_left_kg: Quantity) -> Quantity:
    return station_taken_kg - station_left_kg


@rule(
    at="plant",
    unit="1",
    clause="own",
    title_zh="加注、放散与去向不明的氢与加注氢之比",
    title_en="hydrogen dispensed, vented and unexplained per hydrogen dispensed",
)
def hydrogen_loss_factor(
    station_dispensed_kg: Quantity, station_vented_kg: Quantity, station_unexplained_kg: Quantity
) -> Quantity:
    return (station_dispensed_kg + station_vented_kg + station_unexplained_kg) / station_dispensed_kg


@rule(
    at="plant",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="长管拖车运氢排放(每千克送达)",
    title_en="trailer transport and compression per kg delivered",
)
def hydrogen_trailer_kgco2e_per_kg(
    trailer_diesel_l: Quantity,
    diesel_wtw_kgco2e_per_l: Quantity,
    trailer_compression_kwh: Quantity,
    trailer_electricity_kgco2e_per_kwh: Quantity,
    delivered_kg: Quantity,
) -> Quantity:
    diesel = trailer_diesel_l * diesel_wtw_kgco2e_per_l
    compression = trailer_compression_kwh * trailer_electricity_kgco2e_per_kwh
    return (diesel + compression) / delivered_kg


@rule(
    at="plant",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="长管拖车柴油(每千克送达)",
    title_en="diesel of the trailers per kg delivered",
)
def trailer_diesel_kgco2e_per_kg(
    trailer_diesel_l: Quantity, diesel_wtw_kgco2e_per_l: Quantity, delivered_kg: Quantity
) -> Quantity:
    return trailer_diesel_l * diesel_wtw_kgco2e_per_l / delivered_kg


@rule(
    at="plant",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="充装压缩用电(每千克送达)",
    title_en="compression into the trailers per kg delivered",
)
def compression_kgco2e_per_kg(
    trailer_compression_kwh: Quantity, trailer_electricity_kgco2e_per_kwh: Quantity, delivered_kg: Quantity
) -> Quantity:
    return trailer_compression_kwh * trailer_electricity_kgco2e_per_kwh / delivered_kg


@rule(
    at="plant",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="加氢站用电排放(每千克加注)",
    title_en="station electricity per kg dispensed",
)
def hydrogen_station_kgco2e_per_kg(
    station_electricity_kwh: Quantity, station_electricity_kgco2e_per_kwh: Quantity, station_dispensed_kg: Quantity
) -> Quantity:
    return station_electricity_kwh * station_electricity_kgco2e_per_kwh / station_dispensed_kg


@rule(
    at="allocation",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="放散氢的排放(每千克加注)",
    title_en="hydrogen vented at the station, per kg dispensed",
)
def venting_kgco2e_per_kg(
    gate_kgco2e_per_kg: Quantity,
    hydrogen_trailer_kgco2e_per_kg: Quantity,
    station_vented_kg: Quantity,
    station_dispensed_kg: Quantity,
) -> Quantity:
    return (gate_kgco2e_per_kg + hydrogen_trailer_kgco2e_per_kg) * station_vented_kg / station_dispensed_kg


@rule(
    at="allocation",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="去向不明的氢的排放(每千克加注)",
    title_en="hydrogen that nothing explains, per kg dispensed",
)
def unexplained_kgco2e_per_kg(
    gate_kgco2e_per_kg: Quantity,
    hydrogen_trailer_kgco2e_per_kg: Quantity,
    station_unexplained_kg: Quantity,
    station_dispensed_kg: Quantity,
) -> Quantity:
    return (gate_kgco2e_per_kg + hydrogen_trailer_kgco2e_per_kg) * station_unexplained_kg / station_dispensed_kg


@rule(
    at="allocation",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="加氢枪口强度",
    title_en="hydrogen intensity at the nozzle",
)
def hydrogen_nozzle_kgco2e_per_kg(
    gate_kgco2e_per_kg: Quantity,
    hydrogen_trailer_kgco2e_per_kg: Quantity,
    hydrogen_loss_factor: Quantity,
    hydrogen_station_kgco2e_per_kg: Quantity,
) -> Quantity:
    delivered = gate_kgco2e_per_kg + hydrogen_trailer_kgco2e_per_kg
    return delivered * hydrogen_loss_factor + hydrogen_station_kgco2e_per_kg


# Leakage: a line of its own, never part of a figure above


@rule(
    at="plant",
    unit="kgCO2e",
    clause="own",
    title_zh="氢气泄漏(单列)",
    title_en="leaked hydrogen, shown by itself",
)
def leakage_kgco2e(leaked_kg: Quantity, hydrogen_gwp100: Quantity) -> Quantity:
    return leaked_kg * hydrogen_gwp100


@rule(
    at="plant",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="每千克所产氢气的泄漏(单列)",
    title_en="leaked hydrogen per kg produced, shown by itself",
)
def leakage_kgco2e_per_kg_produced(leakage_kgco2e: Quantity, produced_kg: Quantity) -> Quantity:
    return leakage_kgco2e / produced_kg


# Published values that a figure is compared with, in the boundary each of them speaks of


@rule(
    at=("threshold.gate.per_mj", "threshold.nozzle.per_mj"),
    unit="kgCO2e/kg",
    clause="own",
    title_zh="折算为每千克的比较值",
    title_en="the compared value per kilogram",
)
def threshold_kgco2e_per_kg(
    threshold_gco2e_per_mj: Quantity, hydrogen_lower_heating_value_mj_per_kg: Quantity, g_per_kg: Quantity
) -> Quantity:
    return threshold_gco2e_per_mj * hydrogen_lower_heating_value_mj_per_kg / g_per_kg


@rule(
    at="threshold.gate",
    gives="threshold_difference_kgco2e_per_kg",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="门口强度减比较值",
    title_en="intensity at the gate minus the compared value",
)
def gate_difference_kgco2e_per_kg(gate_kgco2e_per_kg: Quantity, threshold_kgco2e_per_kg: Quantity) -> Quantity:
    return gate_kgco2e_per_kg - threshold_kgco2e_per_kg


@rule(
    at="threshold.nozzle",
    gives="threshold_difference_kgco2e_per_kg",
    unit="kgCO2e/kg",
    clause="own",
    title_zh="枪口强度减比较值",
    title_en="intensity at the nozzle minus the compared value",
)
def nozzle_difference_kgco2e_per_kg(
    hydrogen_nozzle_kgco2e_per_kg: Quantity, threshold_kgco2e_per_kg: Quantity
) -> Quantity:
    return hydrogen_nozzle_kgco2e_per_kg - threshold_kgco2e_per_kg
