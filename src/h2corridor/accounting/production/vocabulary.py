"""The words between a hydrogen production and the rules, each with unit and labels."""

from h2corridor.accounting.vocabulary import VOCABULARY as CHAIN_VOCABULARY
from h2corridor.accounting.vocabulary import Word

DELIVERED = (
    "delivered_kg",
    "trailer_diesel_l",
    "trailer_compression_kwh",
    "station_dispensed_kg",
    "station_vented_kg",
    "station_electricity_kwh",
)
"""The amounts of a delivery, which a transport chain states under the same names."""

VOCABULARY: dict[str, Word] = {
    **{name: CHAIN_VOCABULARY[name] for name in DELIVERED},
    "station_kg": Word("kg", "加氢站收入、发出或存有的氢", "hydrogen a station took in, gave out or had"),
    "produced_kg": Word("kg", "产氢量", "hydrogen produced"),
    "hydrogen_value_per_kg": Word("currency/kg", "氢气单价", "market value of a kilogram of hydrogen"),
    "amount": Word("unit", "投入量", "amount taken in"),
    "kgco2e_per_unit": Word("kgCO2e/unit", "投入物因子", "factor of the input"),
    "named_wtt_kgco2e_per_unit": Word("kgCO2e/unit", "投入物的供给因子", "provision of the input"),
    "named_ttw_kgco2e_per_unit": Word("kgCO2e/unit", "投入物的使用因子", "use of the input"),
    "diesel_l": Word("l", "柴油用量", "diesel used"),
    "electricity_kwh": Word("kWh", "用电量", "electricity used"),
    "electricity_wtt_kgco2e_per_kwh": Word("kgCO2e/kWh", "电力因子", "factor of the electricity"),
    "trailer_electricity_kgco2e_per_kwh": Word("kgCO2e/kWh", "充装压缩电力因子", "factor of the compression's power"),
    "station_electricity_kgco2e_per_kwh": Word("kgCO2e/kWh", "加氢站电力因子", "factor of the station's power"),
    "formed_kg": Word("kg", "生成的气体", "gas that formed"),
    "stored_kg": Word("kg", "地质封存的二氧化碳", "carbon dioxide stored below ground"),
    "serves_all_products": Word("1", "是否服务于全部产品", "whether all products needed it"),
    "coproduct_amount": Word("unit", "联产品数量", "amount of the co-product"),
    "coproduct_mass_kg": Word("kg", "联产品质量", "mass of the co-product"),
    "coproduct_mj_per_unit": Word("MJ/unit", "联产品低位热值", "lower heating value of the co-product"),
    "coproduct_value_per_unit": Word("currency/unit", "联产品单价", "market value of a unit of the co-product"),
    "displaced_kgco2e_per_unit": Word("kgCO2e/unit", "被替代产品的因子", "factor of the displaced product"),
    "gate_kgco2e_per_kg": CHAIN_VOCABULARY["gate_kgco2e_per_kg"],
    "leaked_kg": Word("kg", "泄漏的氢", "hydrogen that escaped"),
    "hydrogen_gwp100": Word("kgCO2e/kg", "使用者给定的氢的百年全球变暖潜势", "warming potential of hydrogen as stated"),
    "threshold_kgco2e_per_kg": Word("kgCO2e/kg", "比较值", "the compared value"),
    "threshold_gco2e_per_mj": Word("gCO2e/MJ", "比较值", "the compared value"),
}
