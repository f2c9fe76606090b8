"""Consignments assessed: chains and findings in; shipments of the report, derivations, and what may be stated out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.chains import decimal_text

from h2corridor.accounting.assessment import Assessment, assess_chain_partially
from h2corridor.accounting.comparing import ComparisonResult
from h2corridor.accounting.kernel import Edition
from h2corridor.app.operations import trip_shares_mg
from h2corridor.app.origins import step_origin
from h2corridor.app.reasons import Assessor, bearing_findings, operations_of, reasons_to_withhold
from h2corridor.model.report import (
    Comparison,
    ComparisonDerivation,
    ComparisonStatus,
    FigureDerivation,
    Shipment,
    Step,
    TripShare,
)
from h2corridor.model.trial import Consignment, Leg
from h2corridor.statements.drafting import StatedFigure, figure_id

_SHOWN: Mapping[str, ComparisonStatus] = {
    "computed": "stated",
    "unsupported": "unsupported",
    "not_computable": "withheld",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedConsignment:
    """A consignment by one rule set: as the report shows it, its derivation where there is a figure, and what a
    statement is made from where nothing withholds it."""

    shipment: Shipment
    figure: FigureDerivation | None = None
    stated: StatedFigure | None = None


def assess_consignment(
    assessor: Assessor, consignment: Consignment, comparisons: Sequence[Edition]
) -> AssessedConsignment:
    """Assess one consignment by one rule set; what withholds a statement is said, and every computable number kept."""
    legs = sorted(
        (leg for leg in assessor.facts.legs if leg.consignment_id == consignment.consignment_id),
        key=lambda leg: leg.sequence,
    )
    chain = assessor.chains.chains.get(consignment.consignment_id)
    if chain is None:
        return AssessedConsignment(shipment=_without_legs(consignment, assessor.rule_set))
    result = assess_chain_partially(chain, assessor.rule_set, comparisons=comparisons)
    reasons = reasons_to_withhold(assessor, consignment, legs, chain, result)
    figure = _figure(consignment, result) if result.wtw_kgco2e is not None else None
    notes = assessor.chains.not_covered[consignment.consignment_id]
    findings = bearing_findings(assessor, consignment, legs, chain)
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
        comparisons=tuple(_comparison(each, withheld=bool(reasons)) for each in result.comparisons),
        finding_ids=tuple(each.finding_id for each in findings),
    )
    if reasons or figure is None:
        return AssessedConsignment(shipment=shipment, figure=figure)
    stated = StatedFigure(
        consignment=consignment,
        legs=legs,
        chain_document=assessor.chains.documents[consignment.consignment_id],
        assessment=result,
        figure_id=figure.figure_id,
        findings=findings,
        not_covered=notes,
    )
    return AssessedConsignment(shipment=shipment, figure=figure, stated=stated)


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


def _trip_shares(assessor: Assessor, consignment: Consignment, legs: Sequence[Leg]) -> tuple[TripShare, ...]:
    shares: list[TripShare] = []
    for operation in operations_of(legs, assessor.chains):
        mine = trip_shares_mg(operation, assessor.facts.legs).get(consignment.consignment_id, {})
        shares += [TripShare(trip_id=trip_id, hydrogen_used_kg=decimal_text(mass, 6)) for trip_id, mass in mine.items()]
    return tuple(shares)


def _comparison(result: ComparisonResult, *, withheld: bool) -> Comparison:
    """Give a comparison as the report shows it; a withheld statement has no comparison to show for it."""
    status, why, why_zh, why_en = _SHOWN[result.status], result.why, result.why_zh, result.why_en
    if withheld and status != "withheld":
        status, why, why_zh = "withheld", "the statement is withheld", "声明暂不出具"
        why_en = why
    return Comparison(
        method=result.method,
        baseline_kgco2e=result.baseline_kgco2e,
        project_kgco2e=result.project_kgco2e,
        difference_kgco2e=result.difference_kgco2e,
        status=status,
        why=why,
        why_zh=why_zh,
        why_en=why_en,
    )


def _figure(consignment: Consignment, result: Assessment) -> FigureDerivation:
    return FigureDerivation(
        figure_id=figure_id(result),
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
            origin=step_origin(step["id"], step["from"]) if "from" in step else None,
        )
        for step in steps
    )
