"""What the diesel baseline burns per tonne-kilometre, by its kind: comparable vehicle, peer fleet, regulatory limit.

A baseline that is stated to improve falls by that part of its first value with every calendar year between its own and
the activity's: a straight line lies below the compounded one, and so is the careful choice. The diesel truck serves the
same classes, so that an element which names one weighs in it what it weighs in the project. This file is the same in
each method that takes these kinds.
"""

from h2corridor.accounting.kernel import Quantity, rule


@rule(
    at="baseline.comparable_vehicle",
    gives="starting_l_per_tkm",
    unit="l/tkm",
    clause="own",
    title_zh="可比柴油车每吨公里用油",
    title_en="diesel of the comparable vehicle per tkm",
)
def vehicle_l_per_tkm(
    diesel_l_per_100km: Quantity,
    baseline_distance_km: Quantity,
    km_per_100km: Quantity,
    baseline_transport_activity_tkm: Quantity,
) -> Quantity:
    return diesel_l_per_100km * (baseline_distance_km / km_per_100km) / baseline_transport_activity_tkm


@rule(
    at="baseline.peer_fleet",
    gives="starting_l_per_tkm",
    unit="l/tkm",
    clause="own",
    title_zh="同类车队每吨公里用油",
    title_en="diesel of the peer fleet per tkm",
)
def peer_fleet_l_per_tkm(peer_diesel_l: Quantity, peer_transport_activity_tkm: Quantity) -> Quantity:
    return peer_diesel_l / peer_transport_activity_tkm


@rule(
    at="baseline.regulatory_limit",
    gives="starting_l_per_tkm",
    unit="l/tkm",
    clause="own",
    title_zh="法规限值对应的每吨公里用油",
    title_en="diesel at the regulatory limit per tkm",
)
def limit_l_per_tkm(
    limit_l_per_100km: Quantity,
    baseline_distance_km: Quantity,
    km_per_100km: Quantity,
    baseline_transport_activity_tkm: Quantity,
) -> Quantity:
    return limit_l_per_100km * (baseline_distance_km / km_per_100km) / baseline_transport_activity_tkm


@rule(
    at="baseline",
    gives="baseline_l_per_tkm",
    unit="l/tkm",
    clause="own",
    title_zh="基准每吨公里用油",
    title_en="diesel of the baseline per tkm",
)
def standing_l_per_tkm(starting_l_per_tkm: Quantity) -> Quantity:
    return starting_l_per_tkm


@rule(
    at=(
        "baseline.comparable_vehicle.improving",
        "baseline.peer_fleet.improving",
        "baseline.regulatory_limit.improving",
    ),
    unit="1",
    clause="own",
    title_zh="基准至今的改进份额",
    title_en="part by which the baseline has improved",
)
def improved_share(
    improvement_pct_per_year: Quantity, baseline_age_years: Quantity, pct_per_whole: Quantity
) -> Quantity:
    return improvement_pct_per_year * baseline_age_years / pct_per_whole


@rule(
    at=(
        "baseline.comparable_vehicle.improving",
        "baseline.peer_fleet.improving",
        "baseline.regulatory_limit.improving",
    ),
    gives="baseline_l_per_tkm",
    unit="l/tkm",
    clause="own",
    title_zh="逐年改进后的基准每吨公里用油",
    title_en="diesel of the improved baseline per tkm",
    within=("improved_share", "whole"),
)
def improved_l_per_tkm(starting_l_per_tkm: Quantity, whole: Quantity, improved_share: Quantity) -> Quantity:
    return starting_l_per_tkm * (whole - improved_share)


@rule(
    at="category.transport",
    gives="baseline_weight",
    unit="1",
    clause="own",
    title_zh="该类别在基准中的权重",
    title_en="weight of the category in the baseline",
)
def category_weight(whole: Quantity) -> Quantity:
    return whole


@rule(
    at="class.transport",
    gives="baseline_weight",
    unit="1",
    clause="own",
    title_zh="该分组在基准中的权重",
    title_en="weight of the class in the baseline",
)
def class_weight(
    class_share: Quantity, category_transport_activity_tkm: Quantity, class_transport_activity_tkm: Quantity
) -> Quantity:
    return class_share * category_transport_activity_tkm / class_transport_activity_tkm
