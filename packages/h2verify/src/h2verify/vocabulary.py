"""The words between chains and rules: every fact a rule may ask for by name, with its unit and labels.

A rule set asks in these names; `h2verify.scopes` writes a chain in them. `unit` as a unit is the entry's own unit of
amount.
"""

from typing import NamedTuple


class Word(NamedTuple):
    """Unit and labels of a fact."""

    unit: str
    label_zh: str
    label_en: str


VOCABULARY: dict[str, Word] = {
    "mass_kg": Word("kg", "货物质量", "mass of the shipment"),
    "distance_km": Word("km", "运输距离", "transport distance"),
    "is_primary": Word("1", "数据为初级数据（1）或否（0）", "data are primary (1) or not (0)"),
    "given_intensity_wtw_kgco2e_per_tkm": Word("kgCO2e/tkm", "给定的全流程强度", "given intensity, well to wheel"),
    "given_intensity_ttw_kgco2e_per_tkm": Word("kgCO2e/tkm", "给定的运行强度", "given intensity, operation"),
    "actual_intensity_wtw_kgco2e_per_tkm": Word(
        "kgCO2e/tkm", "按实际里程的全流程强度", "intensity per driven tkm, well to wheel"
    ),
    "actual_intensity_ttw_kgco2e_per_tkm": Word(
        "kgCO2e/tkm", "按实际里程的运行强度", "intensity per driven tkm, operation"
    ),
    "distance_adjustment_factor": Word("1", "距离调整系数", "distance adjustment factor"),
    "distance_adjustment_km": Word("km", "距离附加里程", "distance added to the transport distance"),
    "given_intensity_wtw_kgco2e_per_t": Word("kgCO2e/t", "枢纽给定的全流程强度", "given hub intensity, well to wheel"),
    "given_intensity_ttw_kgco2e_per_t": Word("kgCO2e/t", "枢纽给定的运行强度", "given hub intensity, operation"),
    "category_transport_activity_tkm": Word("tkm", "类别的运输周转量", "transport activity of the category"),
    "category_throughput_t": Word("t", "枢纽吞吐量", "throughput of the hub"),
    "amount": Word("unit", "能源用量", "amount of the energy carrier"),
    "wtt_kgco2e_per_unit": Word("kgCO2e/unit", "能源供给因子", "factor of energy provision"),
    "ttw_kgco2e_per_unit": Word("kgCO2e/unit", "运行因子", "factor of operation"),
    "diesel_l": Word("l", "柴油用量", "diesel used"),
    "electricity_kwh": Word("kWh", "用电量", "electricity used"),
    "hydrogen_kg": Word("kg", "用氢量", "hydrogen used"),
    "gate_kgco2e_per_kg": Word("kgCO2e/kg", "制氢厂门口强度", "intensity at the production gate"),
    "delivered_kg": Word("kg", "该批次送达该站的氢", "hydrogen of the batch delivered to the station"),
    "trailer_diesel_l": Word("l", "长管拖车柴油", "diesel of the tube trailers"),
    "trailer_compression_kwh": Word("kWh", "充装压缩用电", "electricity to fill the trailers"),
    "station_dispensed_kg": Word("kg", "加氢站加注量", "hydrogen dispensed by the station"),
    "station_vented_kg": Word("kg", "加氢站放散量", "hydrogen vented by the station"),
    "station_electricity_kwh": Word("kWh", "加氢站用电", "electricity of the station"),
    "electricity_wtt_kgco2e_per_kwh": Word("kgCO2e/kWh", "合同电力因子", "factor of contracted electricity"),
    "trailer_electricity_kgco2e_per_kwh": Word(
        "kgCO2e/kWh", "充装压缩的合同电力因子", "factor of contracted electricity to fill the trailers"
    ),
    "station_electricity_kgco2e_per_kwh": Word(
        "kgCO2e/kWh", "加氢站的合同电力因子", "factor of contracted electricity of the station"
    ),
    "refilled_kg": Word("kg", "制冷剂补充量", "refrigerant refilled"),
    "gwp100": Word("kgCO2e/kg", "百年全球变暖潜势", "global warming potential, 100 years"),
    "stop_distance_km": Word("km", "枢纽到站点的距离", "distance from the hub to the stop"),
    "stop_mass_kg": Word("kg", "站点货物质量", "mass for the stop"),
    "class_quantity": Word("unit", "分组数量", "quantity of the class"),
    "class_equivalent": Word("equivalent/unit", "分组当量", "equivalent of one unit of the class"),
    "class_transport_activity_tkm": Word("tkm", "分组的运输周转量", "transport activity of the class"),
    "class_throughput_t": Word("t", "分组的枢纽吞吐量", "throughput of the class"),
    "diesel_l_per_100km": Word("l/100km", "可比柴油车百公里油耗", "consumption of the comparable diesel truck"),
    "baseline_distance_km": Word("km", "可比柴油车行驶里程", "distance the diesel truck would drive"),
    "baseline_transport_activity_tkm": Word(
        "tkm", "可比柴油车的运输周转量", "transport activity the diesel truck would serve"
    ),
    "peer_diesel_l": Word("l", "同类车队用油", "diesel of the peer fleet"),
    "peer_transport_activity_tkm": Word("tkm", "同类车队的运输周转量", "transport activity of the peer fleet"),
    "limit_l_per_100km": Word("l/100km", "法规限值百公里油耗", "consumption that the regulation allows"),
    "improvement_pct_per_year": Word("%/year", "基准每年改进率", "improvement of the baseline a year"),
    "baseline_age_years": Word("year", "基准数据距活动的年数", "years from the baseline's year to the activity's"),
    "project_distance_km": Word("km", "氢能车实际行驶里程", "distance the hydrogen trucks drove"),
    "baseline_vehicle_kgco2e_per_km": Word("kgCO2e/km", "柴油车制造（每公里）", "making the diesel truck, per km"),
    "baseline_tyres_kgco2e_per_km": Word("kgCO2e/km", "柴油车轮胎（每公里）", "tyres of the diesel truck, per km"),
    "baseline_upkeep_kgco2e_per_km": Word("kgCO2e/km", "柴油车维护（每公里）", "upkeep of the diesel truck, per km"),
    "project_vehicle_kgco2e_per_km": Word("kgCO2e/km", "氢能车制造（每公里）", "making the hydrogen truck, per km"),
    "project_tyres_kgco2e_per_km": Word("kgCO2e/km", "氢能车轮胎（每公里）", "tyres of the hydrogen truck, per km"),
    "project_upkeep_kgco2e_per_km": Word("kgCO2e/km", "氢能车维护（每公里）", "upkeep of the hydrogen truck, per km"),
    "overhead_kgco2e_per_tkm": Word("kgCO2e/tkm", "平台开销（每吨公里）", "overhead of the platform, per tkm"),
    "overhead_kgco2e": Word("kgCO2e", "平台开销（一个时期）", "overhead of the platform over a period"),
    "overhead_transport_activity_tkm": Word(
        "tkm", "平台在该时期的运输周转量", "transport activity the platform served in the period"
    ),
    "hydrogen_leaked_kg": Word("kg", "泄漏和放散的氢", "hydrogen leaked and vented"),
    "hydrogen_gwp_kgco2e_per_kg": Word("kgCO2e/kg", "氢的全球变暖潜势", "global warming potential of hydrogen"),
    "difference_half_width_kgco2e": Word("kgCO2e", "差额的区间半宽", "half width of the difference's interval"),
}
