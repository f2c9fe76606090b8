"""Consignments assessed: chains and findings in, shipments of the report and their derivations out."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from h2verify import canonical
from h2verify.activity.reconcile import TruckReconciliation

from h2corridor.accounting.assessment import Assessment, ComparisonResult, assess_chain_partially
from h2corridor.accounting.kernel import Edition
from h2corridor.app.chains import TrialChains
from h2corridor.app.operations import Operation, trip_shares_mg
from h2corridor.app.residuals import residual_state
from h2corridor.app.texts import decimal_text, local_day
from h2corridor.model.chain import TransportCategory, TransportChain
from h2corridor.model.findings import Finding
from h2corridor.model.report import (
    Comparison,
    ComparisonDerivation,
    FigureDerivation,
    Shipment,
    Step,
    StepOrigin,
    TripShare,
)
from h2corridor.model.trial import Consignment, Leg, TrialFacts
from h2corridor.quality.catalogue import describe, severity_of

FIGURE_ID_DIGITS = 16
_OWN_ROWS = ("consignments.csv", "legs.csv")
"""A finding on a row of these bears on the consignments named there, and not on all that its truck did."""
_SLACK_S = 1800

Words = tuple[str, str]
"""The same said in zh and en."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    """What every consignment of a run is assessed with."""

    facts: TrialFacts
    chains: TrialChains
    reconciliations: Sequence[TruckReconciliation]
    findings: Sequence[Finding]
    rule_set: Edition

    def limit_pct(self, name: str, on_day: datetime.date) -> Decimal:
        """Give a limit of the rule set as it stood on a day [%]."""
        return self.rule_set.get_value(name, on_day)


def assess_consignment(
    assessor: Assessor, consignment: Consignment, comparisons: Sequence[Edition]
) -> tuple[Shipment, FigureDerivation | None]:
    """Assess one consignment by one rule set; what withholds a statement is said, and every computable number kept."""
    legs = sorted(
        (leg for leg in assessor.facts.legs if leg.consignment_id == consignment.consignment_id),
        key=lambda leg: leg.sequence,
    )
    chain = assessor.chains.chains.get(consignment.consignment_id)
    if chain is None:
        return _without_legs(consignment, assessor.rule_set), None
    result = assess_chain_partially(chain, assessor.rule_set, comparisons=comparisons)
    reasons = _reasons(assessor, consignment, legs, chain, result)
    figure = _figure(consignment, result) if result.wtw_kgco2e is not None else None
    notes = assessor.chains.not_covered[consignment.consignment_id]
    shipment = Shipment(
        consignment_id=consignment.consignment_id,
        rule_set=result.rule_set,
        status="withheld" if reasons else "stated",
        why=tuple(en for _, en in reasons),
        why_zh=tuple(zh for zh, _ in reasons),
        transport_activity_tkm=result.transport_activity_tkm,
        wtw_kgco2e=result.wtw_kgco2e,
        ttw_kgco2e=result.ttw_kgco2e,
        intensity_wtw_kgco2e_per_tkm=result.intensity_wtw_kgco2e_per_tkm,
        primary_data_share=result.data_shares.primary_by_wtw_emissions,
        not_covered=tuple(en for _, en in notes),
        not_covered_zh=tuple(zh for zh, _ in notes),
        trip_shares=_trip_shares(assessor, consignment, legs),
        figure_id=figure.figure_id if figure else None,
        statement_id=None,
        comparisons=tuple(_comparison(each) for each in result.comparisons),
    )
    return shipment, figure


def operations_of(legs: Sequence[Leg], chains: TrialChains) -> list[Operation]:
    """Give the operations that served legs, each once."""
    found = {each.category: each for leg in legs if (each := chains.find_operation(leg)) is not None}
    return list(found.values())


def _without_legs(consignment: Consignment, rule_set: Edition) -> Shipment:
    return Shipment(
        consignment_id=consignment.consignment_id,
        rule_set=rule_set.name,
        status="withheld",
        why=("legs.csv has no leg of this consignment",),
        why_zh=("legs.csv 中没有该票货物的运段",),
        transport_activity_tkm=None,
        wtw_kgco2e=None,
        ttw_kgco2e=None,
        intensity_wtw_kgco2e_per_tkm=None,
        primary_data_share=None,
        not_covered=(),
        trip_shares=(),
        figure_id=None,
        statement_id=None,
        comparisons=(),
    )


def _reasons(
    assessor: Assessor, consignment: Consignment, legs: Sequence[Leg], chain: TransportChain, result: Assessment
) -> list[Words]:
    reasons: list[Words] = []
    operations = operations_of(legs, assessor.chains)
    for leg in legs:
        if leg.mode == "road" and leg.vin is not None and assessor.chains.find_operation(leg) is None:
            reasons.append(
                (f"运段 {leg.leg_id} 未见其车辆行驶", f"leg {leg.leg_id} was not seen to be driven by its truck")
            )
    on_day = local_day(legs[0].departed_at_ms, assessor.facts.trial)
    reasons += _unknown_origin(chain, assessor.limit_pct("unknown_origin_limit_pct", on_day))
    residual_limit_pct = assessor.limit_pct("hydrogen_residual_limit_pct", on_day)
    for operation in operations:
        state = residual_state(operation, assessor.reconciliations)
        if state.beyond_resolution and state.worst_pct > residual_limit_pct:
            worst = format(state.worst_pct.quantize(Decimal("0.1")), "f")
            limit = format(residual_limit_pct, "f")
            what = operation.category
            zh = f"{what} 的计量与储罐相差 {worst} %，超过限值 {limit} %"
            reasons.append(
                (zh, f"metered hydrogen and tank of {what} differ by {worst} %, above the limit of {limit} %")
            )
    reasons += [(each.message, each.message) for each in result.missing]
    reasons += _blocking(assessor, consignment, legs, operations)
    return list(dict.fromkeys(reasons))


def _unknown_origin(chain: TransportChain, limit_pct: Decimal) -> list[Words]:
    reasons: list[Words] = []
    for category in chain.categories.values():
        if not isinstance(category, TransportCategory):
            continue
        amounts = [
            (entry.origin, Decimal(entry.amount or 0)) for entry in category.energy if entry.carrier == "hydrogen"
        ]
        whole = sum((amount for _, amount in amounts), Decimal(0))
        unknown = sum((amount for origin, amount in amounts if origin == "unknown"), Decimal(0))
        if unknown * 100 > whole * limit_pct:
            share = format((unknown * 100 / whole).quantize(Decimal("0.1")), "f")
            limit = format(limit_pct, "f")
            reasons.append(
                (
                    f"所用氢气的 {share} % 来源不明，超过限值 {limit} %",
                    f"{share} % of the hydrogen is of unknown origin, above the limit of {limit} %",
                )
            )
    return reasons


def _blocking(
    assessor: Assessor, consignment: Consignment, legs: Sequence[Leg], operations: Sequence[Operation]
) -> list[Words]:
    """Give the blocking findings that bear on a consignment: on its own rows, on its trucks while they served it, on a
    whole file.
    """
    rows = {("consignments.csv", consignment.row), *(("legs.csv", leg.row) for leg in legs)}
    vins = {operation.vin for operation in operations}
    rows |= {("vehicles.csv", vehicle.row) for vehicle in assessor.facts.vehicles if vehicle.vin in vins}
    found = []
    for finding in assessor.findings:
        if severity_of(finding) != "blocking":
            continue
        everywhere = finding.row is None and finding.vin is None
        on_a_row = finding.row is not None and any(
            finding.file == file and finding.row <= row <= (finding.last_row or finding.row) for file, row in rows
        )
        of_a_leg = finding.file in _OWN_ROWS and finding.row is not None
        if everywhere or on_a_row or (not of_a_leg and any(_bears_on(finding, each) for each in operations)):
            found.append((describe(finding, "zh")[0], describe(finding, "en")[0]))
    return found


def _bears_on(finding: Finding, operation: Operation) -> bool:
    """Whether a finding about a truck falls into a round; one without an instant falls into all of them."""
    if finding.vin != operation.vin:
        return False
    if finding.at is None:
        return True
    at_s = datetime.datetime.fromisoformat(finding.at).timestamp()
    trips = operation.round.trips
    return trips[0]["started_at_s"] - _SLACK_S <= at_s <= trips[-1]["ended_at_s"] + _SLACK_S


def _trip_shares(assessor: Assessor, consignment: Consignment, legs: Sequence[Leg]) -> tuple[TripShare, ...]:
    shares: list[TripShare] = []
    for operation in operations_of(legs, assessor.chains):
        mine = trip_shares_mg(operation, assessor.facts.legs).get(consignment.consignment_id, {})
        shares += [TripShare(trip_id=trip_id, hydrogen_used_kg=decimal_text(mass, 6)) for trip_id, mass in mine.items()]
    return tuple(shares)


def _comparison(result: ComparisonResult) -> Comparison:
    shown = {"computed": "stated", "unsupported": "unsupported", "not_computable": "withheld"}
    return Comparison(
        method=result.method,
        baseline_kgco2e=result.baseline_kgco2e,
        project_kgco2e=result.project_kgco2e,
        difference_kgco2e=result.difference_kgco2e,
        status=shown[result.status],  # type: ignore[arg-type]  # the three words of the report
        why=result.why,
    )


def _figure(consignment: Consignment, result: Assessment) -> FigureDerivation:
    digest = canonical.digest_hex(list(result.derivation))
    return FigureDerivation(
        figure_id=f"fig-{digest[:FIGURE_ID_DIGITS]}",
        consignment_id=consignment.consignment_id,
        rule_set=result.rule_set,
        goal=result.derivation[-1]["id"],
        steps=_steps(result.derivation),
        comparisons=tuple(
            ComparisonDerivation(method=each.method, steps=_steps(each.derivation)) for each in result.comparisons
        ),
    )


def _steps(steps: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple(
        Step(
            id=step["id"],
            label_zh=step.get("label_zh"),
            label_en=step.get("label_en"),
            value=step.get("value"),
            unit=step.get("unit"),
            clause=step.get("clause"),
            formula=step.get("formula"),
            inputs=tuple(step.get("inputs", ())),
            origin=_origin(step.get("from")),
        )
        for step in steps
    )


def _origin(origin: Mapping[str, Any] | None) -> StepOrigin | None:
    if origin is None:
        return None
    reference = next(iter(origin.get("refs", ())), "")
    file, _, row = reference.partition("#")
    words = [str(origin[key]) for key in ("source", "path") if origin.get(key)]
    return StepOrigin(
        kind=origin["kind"],
        file=file or None,
        row=int(row) if row.isdigit() else None,
        source="; ".join(words) or None,
    )
