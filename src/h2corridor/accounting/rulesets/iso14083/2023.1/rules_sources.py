"""Sources of emissions: provision (WTT) and operation (TTW) of each energy carrier and refrigerant."""

from h2corridor.accounting.kernel import Many, Quantity, rule, total

# Sources: provision (WTT) and operation (TTW) of each energy carrier and refrigerant


@rule(
    at=("source.explicit", "source.hydrogen.explicit"),
    gives="source_wtt_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="能源供给排放",
    title_en="energy provision",
)
def explicit_wtt_kgco2e(amount: Quantity, wtt_kgco2e_per_unit: Quantity) -> Quantity:
    return amount * wtt_kgco2e_per_unit


@rule(
    at=("source.explicit", "source.hydrogen.explicit"),
    gives="source_ttw_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="运行排放",
    title_en="operation",
)
def explicit_ttw_kgco2e(amount: Quantity, ttw_kgco2e_per_unit: Quantity) -> Quantity:
    return amount * ttw_kgco2e_per_unit


@rule(
    at="source.diesel",
    gives="source_wtt_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="柴油供给排放",
    title_en="provision of diesel",
)
def diesel_wtt_kgco2e(diesel_l: Quantity, diesel_wtt_kgco2e_per_l: Quantity) -> Quantity:
    return diesel_l * diesel_wtt_kgco2e_per_l


@rule(
    at="source.diesel",
    gives="source_ttw_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="柴油运行排放",
    title_en="burning of diesel",
)
def diesel_ttw_kgco2e(diesel_l: Quantity, diesel_ttw_kgco2e_per_l: Quantity) -> Quantity:
    return diesel_l * diesel_ttw_kgco2e_per_l


@rule(
    at="source.electricity",
    gives="source_wtt_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="电力供给排放",
    title_en="provision of electricity",
)
def electricity_wtt_kgco2e(electricity_kwh: Quantity, electricity_wtt_kgco2e_per_kwh: Quantity) -> Quantity:
    return electricity_kwh * electricity_wtt_kgco2e_per_kwh


@rule(
    at="source.electricity",
    gives="source_ttw_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="电力运行排放",
    title_en="operation on electricity",
)
def electricity_ttw_kgco2e(electricity_kwh: Quantity, electricity_ttw_kgco2e_per_kwh: Quantity) -> Quantity:
    return electricity_kwh * electricity_ttw_kgco2e_per_kwh


@rule(
    at="source.refrigerant",
    gives="source_wtt_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="制冷剂供给排放",
    title_en="provision of refrigerant",
)
def refrigerant_wtt_kgco2e(refilled_kg: Quantity, refrigerant_wtt_kgco2e_per_kg: Quantity) -> Quantity:
    return refilled_kg * refrigerant_wtt_kgco2e_per_kg


@rule(
    at="source.refrigerant",
    gives="source_ttw_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="制冷剂泄漏排放",
    title_en="leakage of refrigerant",
)
def refrigerant_ttw_kgco2e(refilled_kg: Quantity, gwp100: Quantity) -> Quantity:
    return refilled_kg * gwp100


# Hydrogen: from the production gate to the nozzle; the divisor at the station is what was dispensed


@rule(
    at="source.hydrogen.supplied",
    unit="1",
    clause="own",
    title_zh="出站氢与加注氢之比",
    title_en="hydrogen taken in per hydrogen dispensed",
)
def hydrogen_loss_factor(station_dispensed_kg: Quantity, station_vented_kg: Quantity) -> Quantity:
    return (station_dispensed_kg + station_vented_kg) / station_dispensed_kg


@rule(
    at="source.hydrogen.supplied",
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
    at="source.hydrogen.supplied",
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
    at="source.hydrogen.supplied",
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


@rule(
    at="source.hydrogen.supplied",
    gives="source_wtt_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="氢供给排放",
    title_en="provision of hydrogen",
)
def hydrogen_wtt_kgco2e(hydrogen_kg: Quantity, hydrogen_nozzle_kgco2e_per_kg: Quantity) -> Quantity:
    return hydrogen_kg * hydrogen_nozzle_kgco2e_per_kg


@rule(
    at=("source.hydrogen.supplied", "source.hydrogen.unknown"),
    gives="source_ttw_kgco2e",
    unit="kgCO2e",
    clause="unseen",
    title_zh="用氢运行排放",
    title_en="operation on hydrogen",
)
def hydrogen_ttw_kgco2e(hydrogen_kg: Quantity, hydrogen_ttw_kgco2e_per_kg: Quantity) -> Quantity:
    return hydrogen_kg * hydrogen_ttw_kgco2e_per_kg


@rule(
    at="category",
    unit="kg",
    clause="own",
    title_zh="本类别用氢量",
    title_en="hydrogen of the category",
    over="source.hydrogen",
)
def category_hydrogen_kg(hydrogen_kg: Many) -> Quantity:
    return total(hydrogen_kg)


@rule(
    at="category",
    unit="kg",
    clause="own",
    title_zh="来源不明的氢",
    title_en="hydrogen of unknown origin",
    over="source.hydrogen.unknown",
)
def unknown_origin_kg(hydrogen_kg: Many) -> Quantity:
    return total(hydrogen_kg)


@rule(at="category", unit="%", clause="own", title_zh="来源不明的氢占比", title_en="part of hydrogen of unknown origin")
def unknown_origin_pct(
    unknown_origin_kg: Quantity, category_hydrogen_kg: Quantity, pct_per_whole: Quantity
) -> Quantity:
    return unknown_origin_kg / category_hydrogen_kg * pct_per_whole


@rule(
    at="source.hydrogen.unknown",
    gives="source_wtt_kgco2e",
    unit="kgCO2e",
    clause="own",
    title_zh="来源不明氢的供给排放(从严)",
    title_en="provision of hydrogen of unknown origin, counted high",
    within=("unknown_origin_pct", "unknown_origin_limit_pct"),
)
def unknown_hydrogen_wtt_kgco2e(hydrogen_kg: Quantity, unknown_origin_kgco2e_per_kg: Quantity) -> Quantity:
    return hydrogen_kg * unknown_origin_kgco2e_per_kg
