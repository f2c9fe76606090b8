"""The report on plants' hydrogen, read from their assessments: partial footprints, factors, how good the data are.

Every stage comes from the derivation: a flow's part of the figure is what would vanish with it, and these parts sum to
the figure, since it is linear in them.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Any

from h2verify.derivation import apportion, arithmetic, published, used_ids
from h2verify.scope_facts import path_name

from h2corridor.accounting.derivatives import DerivationReading
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.used_factors import UsedFactor
from h2corridor.accounting.production.results import ElectricityReading, ProductionAssessment
from h2corridor.accounting.production.scopes import PRIOR_USE, allocation_path
from h2corridor.accounting.reporting.data_quality import QualityScheme, known_of_origin, mean_ratings
from h2corridor.accounting.reporting.secondary import kind_of_factor
from h2corridor.model.emission_report import FactorFileRow, FactorKind, Method
from h2corridor.model.errors import InputError
from h2corridor.model.hydrogen_report import (
    AllocationRow,
    ContractLine,
    DeclaredUnit,
    DeclaredValue,
    ElectricityFactor,
    ElectricityRow,
    FactorPlace,
    HydrogenFactorRow,
    HydrogenFootprint,
    HydrogenGap,
    HydrogenProduct,
    HydrogenReport,
    HydrogenStage,
    HydrogenStageName,
    LeakedHydrogen,
    PassedOverRow,
)

Step = Mapping[str, Any]
_ORIGIN = ("page", "edition", "holds_from", "holds_until", "region", "region_asked", "boundary")
_CREDIT = "displaced_kgco2e"
_MADE = ("production_to_gate", "station_losses", "unexplained_losses")
_CUT = ("flow_kgco2e", _CREDIT)
"""Where a figure at the gate is cut into its parts: the steps of flows, and of co-products that are credited."""
_WAY: Mapping[str, HydrogenStageName] = {
    "production": "production_to_gate",
    "trailer_diesel": "trailer_diesel",
    "compression": "compression",
    "station": "station_electricity",
    "venting": "station_losses",
    "unexplained": "unexplained_losses",
}


_POTENTIAL = "gwp100_"
"""A warming potential weighs what was measured; it makes no datum a secondary one."""


def make_hydrogen_report(
    assessed: Sequence[ProductionAssessment], rule_set: Edition, scheme: QualityScheme
) -> HydrogenReport:
    """The report of some plants' hydrogen, all assessed by one rule set.

    Raises
    ------
    InputError
        `report.empty`: there is no plant. `report.repeated-plant`: a plant stands twice with one period.
    """
    if not assessed:
        next_step = "Name at least one hydrogen production."
        raise InputError("report.empty", "there is no hydrogen.", about="hydrogen report", next_step=next_step)
    seen: set[tuple[str, str, str]] = set()
    for each in assessed:
        key = (each.plant, each.period_from, each.period_until)
        if key in seen:
            fault = f"plant {each.plant} stands twice with the period {each.period_from} to {each.period_until}."
            raise InputError("report.repeated-plant", fault, about="hydrogen report", next_step="Name it once.")
        seen.add(key)
    return HydrogenReport(
        format="hydrogen-report/1",
        method=_method(assessed, rule_set),
        caveat_zh=assessed[0].caveat_zh,
        caveat_en=assessed[0].caveat_en,
        scheme=scheme.name,
        scheme_digest=scheme.digest,
        products=tuple(_product(each, scheme) for each in assessed),
    )


def _method(assessed: Sequence[ProductionAssessment], rule_set: Edition) -> Method:
    clauses = {step["rule"]: step["clause"] for each in assessed for step in each.derivation if "formula" in step}
    header = rule_set.header
    return Method(
        rule_set=rule_set.name,
        digest=rule_set.digest,
        status=header.status,
        standard=header.standard,
        title_zh=header.title_zh,
        title_en=header.title_en,
        rules_used=len(clauses),
        clauses_unseen=sum(clause == "unseen" for clause in clauses.values()),
        clauses_own=sum(clause == "own" for clause in clauses.values()),
        electricity="location_based",
        factor_files=tuple(
            FactorFileRow(
                label=file.label,
                digest=file.digest,
                title_zh=file.title_zh,
                title_en=file.title_en,
                publisher=file.publisher,
                licence=file.licence,
            )
            for file in assessed[0].factor_files
        ),
    )


def _product(each: ProductionAssessment, scheme: QualityScheme) -> HydrogenProduct:
    factors = _factors(each, scheme)
    rated = [row for row in factors if row.kind != "constant"]
    return HydrogenProduct(
        plant=each.plant,
        pathway=each.pathway,
        period_from=each.period_from,
        period_until=each.period_until,
        hydrogen_kg=each.hydrogen_kg,
        purity_mol_pct=each.purity_mol_pct,
        pressure_mpa=each.pressure_mpa,
        boundary=each.result.boundary,
        allocation=each.result.allocation,
        passed_over=tuple(
            PassedOverRow(method=way.method, why_zh=way.why_zh, why_en=way.why_en) for way in each.result.passed_over
        ),
        unexplained_kg=None if each.station is None else each.station.unexplained_kg,
        kgco2e_per_kg=each.result.kgco2e_per_kg,
        why_zh=each.result.why_zh,
        why_en=each.result.why_en,
        footprints=tuple(_footprints(each)),
        allocations=tuple(
            AllocationRow(
                method=way.method,
                preference=way.preference,
                chosen=way.chosen,
                gate_kgco2e_per_kg=way.gate_kgco2e_per_kg,
                nozzle_kgco2e_per_kg=way.nozzle_kgco2e_per_kg,
                why_zh=way.why_zh,
                why_en=way.why_en,
            )
            for way in each.allocations
        ),
        readings=tuple(_reading(reading) for reading in each.readings),
        declared=_declared(each),
        factors=factors,
        of_factors=mean_ratings((Decimal(row.kgco2e_per_kg_resting or 0), row.ratings) for row in rated),
        boundary_gaps=tuple(
            HydrogenGap(step=gap.step, boundary=gap.boundary, wanted=gap.wanted, source=gap.source)
            for gap in each.boundary_gaps
        ),
        leaked=_leaked(each),
    )


def _reading(reading: ElectricityReading) -> ElectricityRow:
    return ElectricityRow(
        basis=reading.basis,
        stated=reading.stated,
        factors=tuple(
            ElectricityFactor(
                region=each.region,
                boundary=each.boundary,
                holds_from=each.holds_from,
                kgco2e_per_kwh=each.kgco2e_per_kwh,
            )
            for each in reading.factors
        ),
        by_contract=tuple(
            ContractLine(
                where=use.where, instrument=use.instrument, kgco2e_per_kwh=use.kgco2e_per_kwh, source=use.source
            )
            for use in reading.by_contract
        ),
        on_grid=tuple(use.where for use in reading.by_grid),
        as_declared=tuple(each.where for each in reading.numbers if each.counted_as == "as_declared"),
        gate_kgco2e_per_kg=reading.gate_kgco2e_per_kg,
        nozzle_kgco2e_per_kg=reading.nozzle_kgco2e_per_kg,
        why_zh=reading.why_zh,
        why_en=reading.why_en,
    )


def _declared(each: ProductionAssessment) -> DeclaredValue | None:
    said = each.declared
    if said is None:
        return None
    return DeclaredValue(
        kgco2e_per_kg=said.kgco2e_per_kg, method=said.method, allocation=said.allocation, source=said.source
    )


def _leaked(each: ProductionAssessment) -> LeakedHydrogen | None:
    said = each.leakage
    return None if said is None else LeakedHydrogen(kgco2e=said.kgco2e, gwp100=said.gwp100, source=said.source)


def _footprints(each: ProductionAssessment) -> Iterator[HydrogenFootprint]:
    values = {step["id"]: Decimal(step["value"]) for step in each.derivation}
    gate = values.get(f"gate_kgco2e_per_kg[{allocation_path(each.result.allocation)}]")
    if gate is None:
        return
    stages, secondary = _at_gate(each, gate)
    yield _footprint("kg_at_gate", published(gate), (*stages, _left_out("plant_construction")), secondary)
    if each.nozzle_kgco2e_per_kg is None:
        return
    counted = [_counted(_WAY[stage.stage], "", stage.kgco2e_per_kg_dispensed) for stage in each.stages]
    missing = (_left_out("plant_construction"), _left_out("station_construction"))
    yield _footprint("kg_at_nozzle", each.nozzle_kgco2e_per_kg, (*counted, *missing), _carried(counted, secondary))


def _footprint(
    unit: DeclaredUnit, value: str, stages: tuple[HydrogenStage, ...], secondary: Decimal | None
) -> HydrogenFootprint:
    with localcontext(arithmetic()):
        at_most = None if secondary is None else published(1 - secondary)
    return HydrogenFootprint(
        declared_unit=unit,
        partial=True,
        kgco2e_per_kg=value,
        biogenic_kgco2e=None,
        stages=stages,
        primary_share=None,
        primary_share_at_most=at_most,
    )


def _at_gate(each: ProductionAssessment, gate: Decimal) -> tuple[tuple[HydrogenStage, ...], Decimal | None]:
    """The stages of the figure at the gate, and the share of their sizes that rests on values of the rule set."""
    figure = f"gate_kgco2e_per_kg[{allocation_path(each.result.allocation)}]"
    if each.result.allocation == "declared":
        return (_counted("declared_value", "", published(gate)),), None
    cut = {step["id"] for step in each.derivation if step["id"].partition("[")[0] in _CUT}
    steps = [_as_leaf(step) if step["id"] in cut else step for step in each.derivation]
    parts = DerivationReading(_needed(steps, figure)).resting_on(figure, cut)
    names = [step["id"] for step in each.derivation if step["id"] in parts]
    texts = apportion([parts[name] for name in names], gate)
    of_rule_set = _rests_on_rule_set(each.derivation, names)
    with localcontext(arithmetic()):
        whole = sum((abs(part) for part in parts.values()), Decimal(0))
        taken = sum((abs(parts[name]) for name in of_rule_set), Decimal(0))
        share = taken / whole if whole else None
    stages = tuple(_counted(*_stage_of(name), text) for name, text in zip(names, texts, strict=True))
    return stages, share


def _as_leaf(step: Step) -> Step:
    """A step as if it had been handed in, so that what rests on it stays in one piece."""
    kept = {name: step[name] for name in ("id", "value", "unit", "label_zh", "label_en")}
    return {**kept, "from": {"kind": "input", "path": step["id"]}}


def _stage_of(step_id: str) -> tuple[HydrogenStageName, str]:
    """The stage that a cut step is, and the name that the document gives it."""
    path = step_id.partition("[")[2].removesuffix("]")
    if path == PRIOR_USE:
        return "replacement", ""
    first, _, inner = path.partition("/")
    name = path_name(first.partition(":")[2])
    if step_id.startswith(_CREDIT):
        return "credit", name
    return ("stored" if inner else "flow"), name


def _needed(steps: Sequence[Step], wanted: str) -> list[Step]:
    """The steps that a step rests on, itself last, in their order."""
    used = {wanted}
    found = []
    for step in reversed(steps):
        if step["id"] in used:
            used.update(used_ids(step) if step.get("formula") else ())
            found.append(step)
    return found[::-1]


def _rests_on_rule_set(steps: Sequence[Step], names: Sequence[str]) -> set[str]:
    """Those of some steps that use a dated value of the rule set."""
    dated: set[str] = set()
    for step in steps:
        if step.get("formula"):
            if dated & set(used_ids(step)):
                dated.add(step["id"])
        elif kind_of_factor(step) == "dated" and not step["id"].startswith(_POTENTIAL):
            dated.add(step["id"])
    return dated & set(names)


def _carried(stages: Sequence[HydrogenStage], secondary: Decimal | None) -> Decimal | None:
    """The least share of a figure at the nozzle that rests on the rule set: that of production, and all of the way,
    whose factors are the rule set's. What was lost carries production and way; here it counts as production alone, so
    that the rest is never too small."""
    if secondary is None:
        return None
    with localcontext(arithmetic()):
        sizes = {each.stage: abs(Decimal(each.kgco2e_per_kg or 0)) for each in stages}
        whole = sum(sizes.values(), Decimal(0))
        made = sum((size for stage, size in sizes.items() if stage in _MADE), Decimal(0))
        own = made * (1 - secondary)
        return (whole - own) / whole if whole else None


def _counted(stage: HydrogenStageName, name: str, value: str) -> HydrogenStage:
    return HydrogenStage(stage=stage, name=name, included=True, reason="counted", kgco2e_per_kg=value)


def _left_out(stage: HydrogenStageName) -> HydrogenStage:
    return HydrogenStage(stage=stage, name="", included=False, reason="not_in_rule_set", kgco2e_per_kg=None)


def _factors(each: ProductionAssessment, scheme: QualityScheme) -> tuple[HydrogenFactorRow, ...]:
    """Every factor that the figure rests on, at the nozzle where there is one, else at the gate; none without a
    figure."""
    path = allocation_path(each.result.allocation)
    figure = "gate_kgco2e_per_kg" if each.nozzle_kgco2e_per_kg is None else "hydrogen_nozzle_kgco2e_per_kg"
    steps = _needed(each.derivation, f"{figure}[{path}]")
    if not steps:
        return ()
    gaps = {gap.step for gap in each.boundary_gaps}
    kinds: dict[str, FactorKind] = {}
    for step in steps:
        kind = kind_of_factor(step)
        if kind is not None:
            kinds[step["id"]] = kind
    parts = DerivationReading(steps).resting_on(f"{figure}[{path}]", kinds)
    used = {factor.step: factor for factor in each.factors}
    order = {"dated": 0, "stated": 1, "constant": 2}
    rows = [
        _row(step, kinds[step["id"]], parts.get(step["id"]), used.get(step["id"]), scheme, is_gap=step["id"] in gaps)
        for step in steps
        if step["id"] in kinds
    ]
    return tuple(sorted(rows, key=lambda row: (order[row.kind], row.name, row.of)))


def _row(
    step: Step,
    kind: FactorKind,
    part: Decimal | None,
    used: UsedFactor | None,
    scheme: QualityScheme,
    *,
    is_gap: bool,
) -> HydrogenFactorRow:
    origin = step["from"]
    known: dict[str, Any] = {name: origin.get(name) for name in _ORIGIN}
    place, name = _place_of(step["id"])
    return HydrogenFactorRow(
        kind=kind,
        name=origin.get("name", step["id"].partition("[")[0]),
        at=place,
        of=name,
        title_zh=step["label_zh"],
        title_en=step["label_en"],
        value=step["value"],
        unit=step["unit"],
        source=origin.get("source", ""),
        licence=None if used is None else used.licence,
        pack=None if used is None else used.pack,
        age_years=int(origin.get("age_years", 0)) if kind == "dated" else None,
        kgco2e_per_kg_resting=published(part) if part is not None and kind != "constant" else None,
        ratings=scheme.rate(known_of_origin(origin, gap=is_gap)),
        **known,
    )


def _place_of(step_id: str) -> tuple[FactorPlace, str]:
    """Where a factor is used, and the name of the flow or co-product."""
    quantity, _, path = step_id.removesuffix("]").partition("[")
    kind, _, name = path.partition(":")
    if kind in {"flow", "coproduct"}:
        return "inventory", path_name(name)
    if kind == "allocation":
        return "declared_value", ""
    if path == PRIOR_USE:
        return "replacement", ""
    if quantity.startswith("trailer"):
        return "trailer", ""
    return ("station" if quantity.startswith("station") else "rule_set"), ""
