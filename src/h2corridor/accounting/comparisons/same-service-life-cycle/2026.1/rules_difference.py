"""Baseline minus project, signed; where the half width of the difference is stated, the edition's part of it is taken
off the baseline. This file is the same in each method that deducts so."""

from h2corridor.accounting.kernel import Quantity, rule


@rule(
    at="chain",
    gives="baseline_kgco2e",
    unit="kgCO2e",
    clause="own",
    title_zh="基准排放",
    title_en="baseline emissions",
)
def undeducted_baseline_kgco2e(gross_baseline_kgco2e: Quantity) -> Quantity:
    return gross_baseline_kgco2e


@rule(
    at="chain.uncertain",
    unit="kgCO2e",
    clause="own",
    title_zh="不确定性扣减额",
    title_en="what is deducted for uncertainty",
)
def deduction_kgco2e(difference_half_width_kgco2e: Quantity, uncertainty_deduction_share: Quantity) -> Quantity:
    return difference_half_width_kgco2e * uncertainty_deduction_share


@rule(
    at="chain.uncertain",
    gives="baseline_kgco2e",
    unit="kgCO2e",
    clause="own",
    title_zh="扣减不确定性后的基准排放",
    title_en="baseline emissions after the deduction for uncertainty",
)
def deducted_baseline_kgco2e(gross_baseline_kgco2e: Quantity, deduction_kgco2e: Quantity) -> Quantity:
    return gross_baseline_kgco2e - deduction_kgco2e


@rule(at="chain", unit="kgCO2e", clause="own", title_zh="基准减项目", title_en="baseline minus project")
def difference_kgco2e(baseline_kgco2e: Quantity, project_kgco2e: Quantity) -> Quantity:
    return baseline_kgco2e - project_kgco2e
