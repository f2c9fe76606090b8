"""How what a plant gave off is shared between hydrogen and its other products, each way by itself.

What the hydrogen alone needed (its purification, what replaces a gas that was burnt before) is never shared.
"""

from h2corridor.accounting.kernel import Many, Quantity, rule, total

# By mass


@rule(at="plant", unit="kg", clause="unseen", title_zh="联产品质量", title_en="mass of co-products", over="coproduct")
def coproducts_mass_kg(coproduct_mass_kg: Many) -> Quantity:
    return total(coproduct_mass_kg)


@rule(at="plant", unit="kg", clause="unseen", title_zh="全部产品质量", title_en="mass of all products")
def products_mass_kg(produced_kg: Quantity, coproducts_mass_kg: Quantity) -> Quantity:
    return produced_kg + coproducts_mass_kg


@rule(
    at="allocation.mass",
    gives="hydrogen_share",
    unit="1",
    clause="unseen",
    title_zh="氢气份额(按质量)",
    title_en="share of hydrogen by mass",
)
def hydrogen_share_by_mass(produced_kg: Quantity, products_mass_kg: Quantity) -> Quantity:
    return produced_kg / products_mass_kg


@rule(
    at="coproduct",
    unit="1",
    clause="unseen",
    title_zh="联产品份额(按质量)",
    title_en="share of the co-product by mass",
)
def coproduct_share_by_mass(coproduct_mass_kg: Quantity, products_mass_kg: Quantity) -> Quantity:
    return coproduct_mass_kg / products_mass_kg


# By energy: the lower heating value


@rule(at="plant", unit="MJ", clause="unseen", title_zh="氢气热值", title_en="energy of the hydrogen")
def hydrogen_mj(produced_kg: Quantity, hydrogen_lower_heating_value_mj_per_kg: Quantity) -> Quantity:
    return produced_kg * hydrogen_lower_heating_value_mj_per_kg


@rule(at="coproduct", unit="MJ", clause="unseen", title_zh="联产品热值", title_en="energy of the co-product")
def coproduct_mj(coproduct_amount: Quantity, coproduct_mj_per_unit: Quantity) -> Quantity:
    return coproduct_amount * coproduct_mj_per_unit


@rule(
    at="plant",
    unit="MJ",
    clause="unseen",
    title_zh="联产品热值合计",
    title_en="energy of co-products",
    over="coproduct",
)
def coproducts_mj(coproduct_mj: Many) -> Quantity:
    return total(coproduct_mj)


@rule(at="plant", unit="MJ", clause="unseen", title_zh="全部产品热值", title_en="energy of all products")
def products_mj(hydrogen_mj: Quantity, coproducts_mj: Quantity) -> Quantity:
    return hydrogen_mj + coproducts_mj


@rule(
    at="allocation.energy",
    gives="hydrogen_share",
    unit="1",
    clause="unseen",
    title_zh="氢气份额(按热值)",
    title_en="share of hydrogen by energy",
)
def hydrogen_share_by_energy(hydrogen_mj: Quantity, products_mj: Quantity) -> Quantity:
    return hydrogen_mj / products_mj


@rule(
    at="coproduct",
    unit="1",
    clause="unseen",
    title_zh="联产品份额(按热值)",
    title_en="share of the co-product by energy",
)
def coproduct_share_by_energy(coproduct_mj: Quantity, products_mj: Quantity) -> Quantity:
    return coproduct_mj / products_mj


# By market value


@rule(at="plant", unit="currency", clause="unseen", title_zh="氢气价值", title_en="market value of the hydrogen")
def hydrogen_value(produced_kg: Quantity, hydrogen_value_per_kg: Quantity) -> Quantity:
    return produced_kg * hydrogen_value_per_kg


@rule(
    at="coproduct", unit="currency", clause="unseen", title_zh="联产品价值", title_en="market value of the co-product"
)
def coproduct_value(coproduct_amount: Quantity, coproduct_value_per_unit: Quantity) -> Quantity:
    return coproduct_amount * coproduct_value_per_unit


@rule(
    at="plant",
    unit="currency",
    clause="unseen",
    title_zh="联产品价值合计",
    title_en="market value of co-products",
    over="coproduct",
)
def coproducts_value(coproduct_value: Many) -> Quantity:
    return total(coproduct_value)


@rule(at="plant", unit="currency", clause="unseen", title_zh="全部产品价值", title_en="market value of all products")
def products_value(hydrogen_value: Quantity, coproducts_value: Quantity) -> Quantity:
    return hydrogen_value + coproducts_value


@rule(
    at="allocation.value",
    gives="hydrogen_share",
    unit="1",
    clause="unseen",
    title_zh="氢气份额(按价值)",
    title_en="share of hydrogen by market value",
)
def hydrogen_share_by_value(hydrogen_value: Quantity, products_value: Quantity) -> Quantity:
    return hydrogen_value / products_value


@rule(
    at="coproduct",
    unit="1",
    clause="unseen",
    title_zh="联产品份额(按价值)",
    title_en="share of the co-product by market value",
)
def coproduct_share_by_value(coproduct_value: Quantity, products_value: Quantity) -> Quantity:
    return coproduct_value / products_value


# System expansion: what the co-products take the place of is credited


@rule(
    at="coproduct",
    unit="kgCO2e",
    clause="unseen",
    title_zh="联产品替代的排放",
    title_en="emissions that the co-product displaces",
)
def displaced_kgco2e(coproduct_amount: Quantity, displaced_kgco2e_per_unit: Quantity) -> Quantity:
    return coproduct_amount * displaced_kgco2e_per_unit


@rule(
    at="plant",
    unit="kgCO2e",
    clause="unseen",
    title_zh="替代排放合计",
    title_en="all displaced emissions",
    over="coproduct",
)
def all_displaced_kgco2e(displaced_kgco2e: Many) -> Quantity:
    return total(displaced_kgco2e)


# The intensity at the production gate


@rule(
    at=("allocation.mass", "allocation.energy", "allocation.value"),
    gives="gate_kgco2e_per_kg",
    unit="kgCO2e/kg",
    clause="unseen",
    title_zh="制氢厂门口强度(按份额)",
    title_en="intensity at the production gate, by share",
)
def shared_gate_kgco2e_per_kg(
    joint_kgco2e: Quantity, hydrogen_share: Quantity, alone_kgco2e: Quantity, produced_kg: Quantity
) -> Quantity:
    return (joint_kgco2e * hydrogen_share + alone_kgco2e) / produced_kg


@rule(
    at="allocation.system_expansion",
    gives="gate_kgco2e_per_kg",
    unit="kgCO2e/kg",
    clause="unseen",
    title_zh="制氢厂门口强度(系统扩展)",
    title_en="intensity at the production gate, system expansion",
)
def expanded_gate_kgco2e_per_kg(
    inventory_kgco2e: Quantity, all_displaced_kgco2e: Quantity, produced_kg: Quantity
) -> Quantity:
    return (inventory_kgco2e - all_displaced_kgco2e) / produced_kg


@rule(
    at="allocation.none",
    gives="gate_kgco2e_per_kg",
    unit="kgCO2e/kg",
    clause="unseen",
    title_zh="制氢厂门口强度(不分配)",
    title_en="intensity at the production gate, all of it on the hydrogen",
)
def undivided_gate_kgco2e_per_kg(inventory_kgco2e: Quantity, produced_kg: Quantity) -> Quantity:
    return inventory_kgco2e / produced_kg
