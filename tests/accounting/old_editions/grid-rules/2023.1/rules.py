"""Rules of an edition from before factor files."""

from h2corridor.accounting.kernel import Quantity, rule


@rule(at="source", unit="kgCO2e", clause="own", title_zh="供电排放", title_en="provision of electricity")
def source_kgco2e(electricity_kwh: Quantity, electricity_wtt_kgco2e_per_kwh: Quantity) -> Quantity:
    return electricity_kwh * electricity_wtt_kgco2e_per_kwh


@rule(at="source", unit="tCO2e", clause="own", title_zh="供电排放（吨）", title_en="provision of electricity in tonnes")
def source_tco2e(source_kgco2e: Quantity, kg_per_t: Quantity) -> Quantity:
    return source_kgco2e / kg_per_t
