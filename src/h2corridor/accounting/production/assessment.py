"""The assessment of one hydrogen production: every allocation side by side, the way to the nozzle, compared values.

Every shown number is `h2verify.derivation.published` of a step, or a part made by `apportion`, so that flows sum to
their inventory, shares to one and stages to the nozzle, as printed.
"""

from collections.abc import Sequence
from decimal import Decimal

from h2verify.derivation import published
from msgspec.structs import replace

from h2corridor.accounting.kernel.absences import Absence
from h2corridor.accounting.kernel.editions import Edition, check_packs
from h2corridor.accounting.kernel.factor_files import FactorPack
from h2corridor.accounting.kernel.resolver import Resolved, Resolver
from h2corridor.accounting.kernel.scopes import Scopes
from h2corridor.accounting.kernel.used_factors import used_file
from h2corridor.accounting.production.readings import list_gaps, list_readings
from h2corridor.accounting.production.results import (
    Allocation,
    CapturedLine,
    ComparedValue,
    DeclaredLine,
    Flow,
    LeakageLine,
    PassedOver,
    PriorUseLine,
    ProductionAssessment,
    ProductShare,
    Result,
    ResultBoundary,
    Stage,
    StationLine,
)
from h2corridor.accounting.production.scopes import (
    PLANT,
    PRIOR_USE,
    SHARED_METHODS,
    Reading,
    allocation_path,
    coproduct_path,
    methods_of,
    production_scopes,
    threshold_path,
)
from h2corridor.accounting.production.thresholds import RESULT_EN, RESULT_ZH, Threshold, list_thresholds
from h2corridor.accounting.shown import apportioned
from h2corridor.model.errors import RuleError
from h2corridor.model.production import PRODUCTION_FORMAT, check_production
from h2corridor.model.production_values import STATION_LEFT, STATION_TAKEN, Delivery, HydrogenProduction, Inventory

METHODS = (*SHARED_METHODS, "none", "declared")
NOZZLE = "hydrogen_nozzle_kgco2e_per_kg"
_STAGES = {
    "production": "gate_kgco2e_per_kg",
    "trailer_diesel": "trailer_diesel_kgco2e_per_kg",
    "compression": "compression_kgco2e_per_kg",
    "station": "hydrogen_station_kgco2e_per_kg",
    "venting": "venting_kgco2e_per_kg",
    "unexplained": "unexplained_kgco2e_per_kg",
}
_NO_INVENTORY = ("仅有声明值，未提供工厂清单，无法计算其他分配方式", "as declared, other allocations not computable")
_NO_COPRODUCT = ("工厂没有列出联产品", "the plant states no co-product")
_NOT_DECLARED = ("未提供声明值", "nothing is declared")
_NO_DELIVERY = ("未提供到加氢枪口的运输与加注数据", "no delivery to the nozzle is stated")


def assess_production(
    production: HydrogenProduction, rule_set: Edition, *, packs: Sequence[FactorPack] = ()
) -> ProductionAssessment:
    """The figures of a production, refused unless its inventory and its stated delivery can be computed.

    Parameters
    ----------
    packs : sequence of FactorPack
        Users' own factor files, asked before the rule set.

    Raises
    ------
    InputError
        `production.meaning`: the document contradicts itself. `factors.label-taken`, `factors.not-replaceable`,
        `factors.other-unit`: see `check_packs`.
    RuleError
        The first thing of inventory or delivery that is missing, undated, or beyond a limit or what can be.
    """
    check_production(production)
    check_packs(packs, [rule_set])
    thresholds = list_thresholds(production.period.until)
    scopes = production_scopes(production, Reading(), thresholds)
    resolver = Resolver(scopes, [rule_set], on=production.period.until, partial=True, packs=packs)
    inventory = _required("inventory_kgco2e", PLANT, resolver) if production.inventory is not None else None
    allocations = _allocations(production, rule_set, resolver)
    chosen = next(each.method for each in allocations if each.chosen)
    nozzle = _nozzle(production, chosen, resolver)
    return ProductionAssessment(
        document=PRODUCTION_FORMAT,
        plant=production.plant.id,
        pathway=production.pathway,
        period_from=production.period.from_.isoformat(),
        period_until=production.period.until.isoformat(),
        rule_set=rule_set.name,
        rule_set_digest=rule_set.digest,
        rule_set_status=rule_set.header.status,
        caveat_zh=rule_set.header.caveat_zh,
        caveat_en=rule_set.header.caveat_en,
        hydrogen_kg=production.hydrogen.kg,
        purity_mol_pct=production.hydrogen.purity_mol_pct,
        pressure_mpa=production.hydrogen.pressure_mpa,
        result=_result(production, rule_set, allocations, resolver),
        inventory_kgco2e=None if inventory is None else published(inventory),
        flows=_flows(scopes, resolver, inventory),
        electricity_kwh_per_kg=_electricity_per_kg(scopes, resolver),
        allocations=allocations,
        declared=_declared(production),
        prior_use=_prior_use(production.inventory, resolver),
        captured=_captured(production.inventory),
        stages=() if nozzle is None else _stages(chosen, nozzle, resolver),
        nozzle_kgco2e_per_kg=None if nozzle is None else published(nozzle),
        station=_station(production.delivery, resolver),
        compared=tuple(_compared(each, chosen, production, resolver) for each in thresholds),
        leakage=_leakage(production, resolver),
        factors=tuple(resolver.factors.values()),
        factor_files=tuple(used_file(each) for each in packs),
        readings=list_readings(production, rule_set, chosen, resolver, packs=packs),
        boundary_gaps=list_gaps(production, Reading(), resolver),
        derivation=tuple(resolver.steps),
    )


def _required(name: str, path: str, resolver: Resolver) -> Decimal:
    outcome = resolver.resolve(name, path)
    if isinstance(outcome, Absence):
        raise outcome.error()
    return outcome.value


def _nozzle(production: HydrogenProduction, method: str, resolver: Resolver) -> Decimal | None:
    """The intensity at the nozzle; None without a delivery, or where there is none at the gate."""
    if production.delivery is None or resolver.value("gate_kgco2e_per_kg", allocation_path(method)) is None:
        return None
    return _required(NOZZLE, allocation_path(method), resolver)


def _allocations(production: HydrogenProduction, rule_set: Edition, resolver: Resolver) -> tuple[Allocation, ...]:
    there = methods_of(production)
    ranks = {each: int(rule_set.get_value(f"preference_{each}", production.period.until)) for each in METHODS}
    computed = {each: resolver.resolve("gate_kgco2e_per_kg", allocation_path(each)) for each in there}
    if not any(isinstance(each, Resolved) for each in computed.values()):
        raise next(each.error() for each in computed.values() if isinstance(each, Absence))
    without = _without_energy(production.inventory)
    chosen = min((each for each in there if not (without and each == "energy")), key=ranks.__getitem__)
    found = []
    for method in METHODS:
        outcome = computed.get(method)
        gate = outcome.value if isinstance(outcome, Resolved) else None
        absence = outcome if isinstance(outcome, Absence) else None
        why = _why(method, production, absence) if gate is None else None
        where = absence.where if absence else None
        if without is not None and method == "energy":
            where, why = without.where, (without.why_zh, without.why_en)
        found.append(
            Allocation(
                method=method,
                preference=ranks[method],
                chosen=method == chosen,
                shares=_shares(method, production.inventory, resolver) if gate is not None else (),
                gate_kgco2e_per_kg=_shown(gate),
                nozzle_kgco2e_per_kg=_shown(None if gate is None else _nozzle(production, method, resolver)),
                where=where,
                why_zh=why[0] if why else None,
                why_en=why[1] if why else None,
            )
        )
    return tuple(sorted(found, key=lambda each: each.preference))


def _without_energy(inventory: Inventory | None) -> PassedOver | None:
    """Why nothing is shared by energy, where co-products are stated to carry none."""
    products = () if inventory is None else inventory.co_products
    named = [each.name for each in products if each.carries_energy is False]
    if not named:
        return None
    first = next(number for number, each in enumerate(products) if each.carries_energy is False)
    return PassedOver(
        method="energy",
        where=f"$.inventory.co_products[{first}].carries_energy",
        why_zh=f"声明为不含能量：{'、'.join(named)}",
        why_en=f"stated to carry no energy: {', '.join(named)}",
    )


def _why(method: str, production: HydrogenProduction, absence: Absence | None) -> tuple[str, str]:
    """Why an allocation has no figure, in zh and en."""
    if absence is not None:
        return absence.says_zh, absence.says_en
    if method == "declared":
        return _NOT_DECLARED
    return _NO_INVENTORY if production.inventory is None else _NO_COPRODUCT


def _shares(method: str, inventory: Inventory | None, resolver: Resolver) -> tuple[ProductShare, ...]:
    if inventory is None or method not in {"mass", "energy", "value"}:
        return ()
    names = ["hydrogen", *(each.name for each in inventory.co_products)]
    values = [_required("hydrogen_share", allocation_path(method), resolver)]
    for each in inventory.co_products:
        values.append(_required(f"coproduct_share_by_{method}", coproduct_path(each.name), resolver))
    texts = apportioned(values, Decimal(1))
    return tuple(ProductShare(product=name, share=share) for name, share in zip(names, texts, strict=True))


def _result(
    production: HydrogenProduction, rule_set: Edition, allocations: tuple[Allocation, ...], resolver: Resolver
) -> Result:
    chosen = next(each for each in allocations if each.chosen)
    without = _without_energy(production.inventory)
    found = Result(
        boundary=result_boundary(rule_set),
        allocation=chosen.method,
        kgco2e_per_kg=None,
        passed_over=() if without is None else (without,),
    )
    if chosen.gate_kgco2e_per_kg is None:
        return replace(found, where=chosen.where, why_zh=chosen.why_zh, why_en=chosen.why_en)
    if found.boundary == "consumption_gate" and production.delivery is None:
        return replace(found, why_zh=_NO_DELIVERY[0], why_en=_NO_DELIVERY[1])
    value = _required("result_kgco2e_per_kg", allocation_path(chosen.method), resolver)
    return replace(found, kgco2e_per_kg=published(value))


def result_boundary(rule_set: Edition) -> ResultBoundary:
    """Up to where the result of a rule set goes, as its rule of the result says."""
    rule = next(each for each in rule_set.rules if each.gives == "result_kgco2e_per_kg")
    return "consumption_gate" if NOZZLE in rule.arguments else "production_gate"


def _flows(scopes: Scopes, resolver: Resolver, inventory: Decimal | None) -> tuple[Flow, ...]:
    if inventory is None:
        return ()
    flows = scopes.list_of_kind("flow")
    texts = apportioned([_required("flow_kgco2e", each.path, resolver) for each in flows], inventory)
    return tuple(
        Flow(
            id=each.path.removeprefix("flow:"),
            kind=each.kind.removeprefix("flow."),
            serves="all_products" if resolver.value("serves_all_products", each.path) else "hydrogen",
            kgco2e=text,
        )
        for each, text in zip(flows, texts, strict=True)
    )


def _electricity_per_kg(scopes: Scopes, resolver: Resolver) -> str | None:
    if not scopes.list_of_kind("flow.electricity.taken"):
        return None
    return _shown(resolver.value("electricity_kwh_per_kg", PLANT))


def _declared(production: HydrogenProduction) -> DeclaredLine | None:
    stated = production.declared
    if stated is None:
        return None
    return DeclaredLine(
        kgco2e_per_kg=stated.kgco2e_per_kg,
        method=stated.method,
        allocation=stated.allocation,
        source=stated.source,
    )


def _prior_use(inventory: Inventory | None, resolver: Resolver) -> PriorUseLine | None:
    if inventory is None or inventory.prior_use is None:
        return None
    prior = inventory.prior_use
    if prior.replacement is None:
        return PriorUseLine(use=prior.use, replacement=None, kgco2e=None)
    caused = _required("flow_kgco2e", PRIOR_USE, resolver)
    if caused < 0:
        fault = f"what replaces the gas comes to {published(caused)} kgCO2e, below zero."
        where = "$.inventory.prior_use.replacement"
        raise RuleError("rule.absurd-value", fault, where=where, next_step="Correct its factor.")
    return PriorUseLine(use=prior.use, replacement=prior.replacement.id, kgco2e=published(caused))


def _captured(inventory: Inventory | None) -> tuple[CapturedLine, ...]:
    if inventory is None:
        return ()
    return tuple(
        CapturedLine(emission=emission.id, to=each.to, kg=each.kg, deducted=each.to == "geological_storage")
        for emission in inventory.direct_emissions
        for each in emission.captured
    )


def _stages(chosen: str, nozzle: Decimal, resolver: Resolver) -> tuple[Stage, ...]:
    values = [_required(name, allocation_path(chosen), resolver) for name in _STAGES.values()]
    texts = apportioned(values, nozzle)
    return tuple(
        Stage(stage=stage, kgco2e_per_kg_dispensed=text)  # type: ignore[arg-type]  # the names of the stages
        for stage, text in zip(_STAGES, texts, strict=True)
    )


def _station(delivery: Delivery | None, resolver: Resolver) -> StationLine | None:
    if delivery is None:
        return None
    return StationLine(
        station=delivery.station,
        **{name: getattr(delivery, name) for name in (*STATION_TAKEN, *STATION_LEFT)},
        unexplained_kg=published(_required("station_unexplained_kg", PLANT, resolver)),
    )


def _compared(threshold: Threshold, chosen: str, production: HydrogenProduction, resolver: Resolver) -> ComparedValue:
    path = threshold_path(threshold.id, chosen)
    reached = threshold.boundary == "gate" or production.delivery is not None
    figure = "gate_kgco2e_per_kg" if threshold.boundary == "gate" else NOZZLE
    outcome = resolver.resolve("threshold_difference_kgco2e_per_kg", path) if reached else None
    absent = (outcome.says_zh, outcome.says_en) if isinstance(outcome, Absence) else None
    why = absent if reached else _NO_DELIVERY
    return ComparedValue(
        id=threshold.id,
        title_zh=threshold.title_zh,
        title_en=threshold.title_en,
        value=threshold.value,
        unit=threshold.unit,
        boundary=threshold.boundary,
        figure_kgco2e_per_kg=_shown(resolver.value(figure, path)) if reached else None,
        threshold_kgco2e_per_kg=_shown(resolver.value("threshold_kgco2e_per_kg", path)),
        difference_kgco2e_per_kg=published(outcome.value) if isinstance(outcome, Resolved) else None,
        result_zh=RESULT_ZH,
        result_en=RESULT_EN,
        note_zh=threshold.note_zh,
        note_en=threshold.note_en,
        source=threshold.source,
        why_zh=why[0] if why else None,
        why_en=why[1] if why else None,
    )


def _leakage(production: HydrogenProduction, resolver: Resolver) -> LeakageLine | None:
    stated = production.leakage
    if stated is None:
        return None
    whole = resolver.resolve("leakage_kgco2e", PLANT)
    per_kg = resolver.resolve("leakage_kgco2e_per_kg_produced", PLANT)
    absent = next((each for each in (whole, per_kg) if isinstance(each, Absence)), None)
    return LeakageLine(
        kgco2e=published(whole.value) if isinstance(whole, Resolved) else None,
        kgco2e_per_kg_produced=published(per_kg.value) if isinstance(per_kg, Resolved) else None,
        gwp100=stated.gwp100,
        source=stated.source,
        why_zh=absent.says_zh if absent else None,
        why_en=absent.says_en if absent else None,
    )


def _shown(value: Decimal | None) -> str | None:
    return None if value is None else published(value)
