"""Same service by diesel, well to wheel: the same consignment, direction and load, the other elements unchanged.

The baseline is a comparable vehicle, a measured peer fleet or a regulatory limit (`rules_baseline.py`, `rules_wtw.py`);
detours and empties that only refuelling hydrogen causes count on the project side. `rules_difference.py` takes off a
deduction for uncertainty, `rules_explained.py` says why the difference is what it is.
"""

from h2corridor.accounting.kernel import Quantity, rule


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="扣减前的基准排放",
    title_en="baseline emissions before any deduction",
)
def gross_baseline_kgco2e(baseline_wtw_kgco2e: Quantity) -> Quantity:
    return baseline_wtw_kgco2e


@rule(at="chain", unit="kgCO2e", clause="own", title_zh="项目排放", title_en="project emissions")
def project_kgco2e(wtw_kgco2e: Quantity) -> Quantity:
    return wtw_kgco2e


@rule(
    at="chain",
    unit="kgCO2e",
    clause="own",
    title_zh="其余各段与其他排放",
    title_en="other elements and other emissions",
)
def explained_other_kgco2e(
    gross_baseline_kgco2e: Quantity,
    compared_baseline_wtw_kgco2e: Quantity,
    project_kgco2e: Quantity,
    shipment_provision_kgco2e: Quantity,
) -> Quantity:
    return gross_baseline_kgco2e - compared_baseline_wtw_kgco2e - (project_kgco2e - shipment_provision_kgco2e)
