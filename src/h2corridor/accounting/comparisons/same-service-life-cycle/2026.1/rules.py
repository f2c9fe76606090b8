"""Same service by diesel, life cycle: well to wheel, and what the chain states beyond energy.

Making vehicles, tyres and upkeep per kilometre count on both sides, the platform's overhead and leaked hydrogen on the
project's. Each must be stated, as zero where there is none. Nothing of it is in the ISO 14083 figure. What the
project's side of a category comes to is shared as its emissions are: by tonne-kilometres, through the class where an
element belongs to one. `rules_baseline.py`, `rules_wtw.py`: the diesel baseline; `rules_difference.py`: the deduction;
`rules_explained.py`: why.
"""

from h2corridor.accounting.kernel import Many, Quantity, rule, total

# Vehicles, tyres and upkeep, per kilometre that either side drives


@rule(at="life_cycle", unit="kgCO2e/tkm", clause="own", title_zh="柴油车每吨公里", title_en="diesel truck per tkm")
def baseline_vehicle_kgco2e_per_tkm(
    baseline_vehicle_kgco2e_per_km: Quantity,
    baseline_tyres_kgco2e_per_km: Quantity,
    baseline_upkeep_kgco2e_per_km: Quantity,
    baseline_distance_km: Quantity,
    baseline_transport_activity_tkm: Quantity,
) -> Quantity:
    per_km = baseline_vehicle_kgco2e_per_km + baseline_tyres_kgco2e_per_km + baseline_upkeep_kgco2e_per_km
    return per_km * baseline_distance_km / baseline_transport_activity_tkm


@rule(
    at="life_cycle",
    unit="kgCO2e",
    clause="own",
    title_zh="氢能车全部里程",
    title_en="hydrogen trucks over all they drove",
)
def project_vehicle_kgco2e(
    project_vehicle_kgco2e_per_km: Quantity,
    project_tyres_kgco2e_per_km: Quantity,
    project_upkeep_kgco2e_per_km: Quantity,
    project_distance_km: Quantity,
) -> Quantity:
    per_km = project_vehicle_kgco2e_per_km + project_tyres_kgco2e_per_km + project_upkeep_kgco2e_per_km
    return per_km * project_distance_km


@rule(
    at="category.transport",
    unit="kgCO2e/tkm",
    clause="own",
    title_zh="基准车辆强度",
    title_en="vehicles of the baseline",
    over="life_cycle",
)
def baseline_vehicles_kgco2e_per_tkm(baseline_vehicle_kgco2e_per_tkm: Many) -> Quantity:
    return total(baseline_vehicle_kgco2e_per_tkm)


@rule(
    at="category.transport",
    unit="kgCO2e",
    clause="own",
    title_zh="类别的项目车辆",
    title_en="vehicles of the project in the category",
    over="life_cycle",
)
def category_vehicles_kgco2e(project_vehicle_kgco2e: Many) -> Quantity:
    return total(project_vehicle_kgco2e)


@rule(
    at="element.transport.compared",
    unit="kgCO2e",
    clause="own",
    title_zh="该段的基准车辆",
    title_en="vehicles of the baseline in the element",
)
def element_baseline_vehicles_kgco2e(
    element_transport_activity_tkm: Quantity, baseline_vehicles_kgco2e_per_tkm: Quantity
) -> Quantity:
    return element_transport_activity_tkm * baseline_vehicles_kgco2e_per_tkm


@rule(
    at="element.transport.compared",
    unit="kgCO2e",
    clause="own",
    title_zh="该段的项目车辆",
    title_en="vehicles of the project in the element",
)
def element_project_vehicles_kgco2e(element_share: Quantity, category_vehicles_kgco2e: Quantity) -> Quantity:
    return element_share * category_vehicles_kgco2e


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="基准的车辆、轮胎与维护",
    title_en="vehicles, tyres and upkeep of the baseline",
    over="element.transport.compared",
)
def baseline_vehicles_kgco2e(element_baseline_vehicles_kgco2e: Many) -> Quantity:
    return total(element_baseline_vehicles_kgco2e)


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="项目的车辆、轮胎与维护",
    title_en="vehicles, tyres and upkeep of the project",
    over="element.transport.compared",
)
def project_vehicles_kgco2e(element_project_vehicles_kgco2e: Many) -> Quantity:
    return total(element_project_vehicles_kgco2e)


# The platform's overhead


@rule(
    at="overhead.per_tkm",
    gives="overhead_intensity_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="own",
    title_zh="平台开销强度（所述）",
    title_en="overhead of the platform as stated",
)
def stated_overhead_kgco2e_per_tkm(overhead_kgco2e_per_tkm: Quantity) -> Quantity:
    return overhead_kgco2e_per_tkm


@rule(
    at="overhead.per_period",
    gives="overhead_intensity_kgco2e_per_tkm",
    unit="kgCO2e/tkm",
    clause="own",
    title_zh="平台开销强度（时期均摊）",
    title_en="overhead of the platform, shared over the period",
)
def shared_overhead_kgco2e_per_tkm(overhead_kgco2e: Quantity, overhead_transport_activity_tkm: Quantity) -> Quantity:
    return overhead_kgco2e / overhead_transport_activity_tkm


@rule(
    at="category.transport",
    unit="kgCO2e",
    clause="own",
    title_zh="类别的平台开销",
    title_en="overhead of the platform in the category",
    over="overhead",
)
def category_overhead_kgco2e(
    overhead_intensity_kgco2e_per_tkm: Many, category_transport_activity_tkm: Quantity
) -> Quantity:
    return total(overhead_intensity_kgco2e_per_tkm) * category_transport_activity_tkm


@rule(
    at="element.transport.compared",
    unit="kgCO2e",
    clause="own",
    title_zh="该段的平台开销",
    title_en="overhead of the platform in the element",
)
def element_overhead_kgco2e(element_share: Quantity, category_overhead_kgco2e: Quantity) -> Quantity:
    return element_share * category_overhead_kgco2e


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="平台开销",
    title_en="overhead of the platform",
    over="element.transport.compared",
)
def project_overhead_kgco2e(element_overhead_kgco2e: Many) -> Quantity:
    return total(element_overhead_kgco2e)


# Leaked hydrogen, a line of its own


@rule(at="leakage", unit="kgCO2e", clause="own", title_zh="类别的氢泄漏", title_en="leaked hydrogen of the category")
def leaked_kgco2e(hydrogen_leaked_kg: Quantity, hydrogen_gwp_kgco2e_per_kg: Quantity) -> Quantity:
    return hydrogen_leaked_kg * hydrogen_gwp_kgco2e_per_kg


@rule(
    at="category.transport",
    unit="kgCO2e",
    clause="own",
    title_zh="类别的全部氢泄漏",
    title_en="all leaked hydrogen of the category",
    over="leakage",
)
def category_leakage_kgco2e(leaked_kgco2e: Many) -> Quantity:
    return total(leaked_kgco2e)


@rule(
    at="element.transport.compared",
    unit="kgCO2e",
    clause="own",
    title_zh="该段的氢泄漏",
    title_en="leaked hydrogen in the element",
)
def element_leakage_kgco2e(element_share: Quantity, category_leakage_kgco2e: Quantity) -> Quantity:
    return element_share * category_leakage_kgco2e


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="氢泄漏",
    title_en="leaked hydrogen",
    over="element.transport.compared",
)
def project_leakage_kgco2e(element_leakage_kgco2e: Many) -> Quantity:
    return total(element_leakage_kgco2e)


# Both sides


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="扣减前的基准排放",
    title_en="baseline emissions before any deduction",
)
def gross_baseline_kgco2e(baseline_wtw_kgco2e: Quantity, baseline_vehicles_kgco2e: Quantity) -> Quantity:
    return baseline_wtw_kgco2e + baseline_vehicles_kgco2e


@rule(at="chain", unit="kgCO2e", clause="own", title_zh="项目排放", title_en="project emissions")
def project_kgco2e(
    wtw_kgco2e: Quantity,
    project_vehicles_kgco2e: Quantity,
    project_overhead_kgco2e: Quantity,
    project_leakage_kgco2e: Quantity,
) -> Quantity:
    return wtw_kgco2e + project_vehicles_kgco2e + project_overhead_kgco2e + project_leakage_kgco2e


# The rows that lead here from the press figure, beside those of `rules_explained.py`


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="车辆、轮胎与维护",
    title_en="vehicles, tyres and upkeep on both sides",
)
def explained_vehicles_kgco2e(baseline_vehicles_kgco2e: Quantity, project_vehicles_kgco2e: Quantity) -> Quantity:
    return baseline_vehicles_kgco2e - project_vehicles_kgco2e


@rule(at="chain", unit="kgCO2e", clause="own", title_zh="平台开销", title_en="overhead of the platform")
def explained_platform_kgco2e(nothing_kgco2e: Quantity, project_overhead_kgco2e: Quantity) -> Quantity:
    return nothing_kgco2e - project_overhead_kgco2e


@rule(at="chain", unit="kgCO2e", clause="own", title_zh="氢泄漏", title_en="leaked hydrogen")
def explained_leakage_kgco2e(nothing_kgco2e: Quantity, project_leakage_kgco2e: Quantity) -> Quantity:
    return nothing_kgco2e - project_leakage_kgco2e


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="其余各段与其他排放",
    title_en="other elements and other emissions",
)
def explained_other_kgco2e(
    baseline_wtw_kgco2e: Quantity,
    compared_baseline_wtw_kgco2e: Quantity,
    wtw_kgco2e: Quantity,
    shipment_provision_kgco2e: Quantity,
) -> Quantity:
    return baseline_wtw_kgco2e - compared_baseline_wtw_kgco2e - (wtw_kgco2e - shipment_provision_kgco2e)
