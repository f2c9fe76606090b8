"""Why a consignment's statement is withheld: what was not driven, of unknown origin, beyond a limit, missing, or found
blocking.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from h2verify.activity.reconcile import TruckReconciliation

from h2corridor.accounting.assessment import Assessment, Missing
from h2corridor.accounting.kernel import Edition
from h2corridor.app.chains import TrialChains, references_of
from h2corridor.app.operations import Operation
from h2corridor.app.residuals import residual_state
from h2corridor.app.texts import local_day
from h2corridor.model.chain import TransportCategory, TransportChain
from h2corridor.model.findings import Finding
from h2corridor.model.trial import Consignment, Leg, TrialFacts
from h2corridor.quality.catalogue import describe, severity_of

_OWN_ROWS = ("consignments.csv", "legs.csv")
"""A finding on a row of these bears on the consignments that share its round, and not on all that its truck did."""
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


def operations_of(legs: Sequence[Leg], chains: TrialChains) -> list[Operation]:
    """Give the operations that served legs, each once."""
    found = {each.category: each for leg in legs if (each := chains.find_operation(leg)) is not None}
    return list(found.values())


def reasons_to_withhold(
    assessor: Assessor, consignment: Consignment, legs: Sequence[Leg], chain: TransportChain, result: Assessment
) -> list[Words]:
    """Give everything that withholds a consignment's statement, in plain words; none, and it may be stated."""
    reasons: list[Words] = []
    operations = operations_of(legs, assessor.chains)
    unserved = [
        leg
        for leg in legs
        if leg.mode == "road" and leg.vin is not None and assessor.chains.find_operation(leg) is None
    ]
    for leg in unserved:
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
    reasons += [(each.message, each.message) for each in result.missing if not _is_said(each, unserved)]
    reasons += _blocking(assessor, consignment, legs, chain=chain, operations=operations)
    return list(dict.fromkeys(reasons))


def _is_said(missing: Missing, unserved: Sequence[Leg]) -> bool:
    """Whether a reason in plain words stands for what a rule did not have."""
    of_unserved = any(f"leg-{leg.leg_id}'" in missing.where for leg in unserved)
    return bool(of_unserved or missing.code == "rule.beyond-limit")


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
    assessor: Assessor,
    consignment: Consignment,
    legs: Sequence[Leg],
    *,
    chain: TransportChain,
    operations: Sequence[Operation],
) -> list[Words]:
    """Give the blocking findings that bear on a consignment: on its own rows, on its trucks while they served it, on a
    whole file.
    """
    rows = {("consignments.csv", consignment.row), *(("legs.csv", leg.row) for leg in legs)}
    rows |= _shared_rows(assessor.facts, operations) | _supply_rows(chain)
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


def _shared_rows(facts: TrialFacts, operations: Sequence[Operation]) -> set[tuple[str, int]]:
    """Give the rows whose mass or distance is part of the transport activity that a round is shared by."""
    served = {leg_id for operation in operations for leg_id in operation.activity_g_m}
    legs = [leg for leg in facts.legs if leg.leg_id in served]
    owners = {leg.consignment_id for leg in legs}
    rows = {("legs.csv", leg.row) for leg in legs}
    return rows | {("consignments.csv", each.row) for each in facts.consignments if each.consignment_id in owners}


def _supply_rows(chain: TransportChain) -> set[tuple[str, int]]:
    """Give the rows of batches, deliveries, stations and hubs that a chain rests on; fills bear by truck and time
    instead.
    """
    places = (reference.partition("#") for reference in references_of(chain))
    return {(file, int(row)) for file, _, row in places if file != "refuellings.csv" and row.isdigit()}


def _bears_on(finding: Finding, operation: Operation) -> bool:
    """Whether a finding about a truck falls into a round; one without an instant falls into all of them."""
    if finding.vin != operation.vin:
        return False
    if finding.at is None:
        return True
    at_s = datetime.datetime.fromisoformat(finding.at).timestamp()
    first_s: int = operation.round.trips[0]["started_at_s"]
    last_s: int = operation.round.trips[-1]["ended_at_s"]
    return first_s - _SLACK_S <= at_s <= last_s + _SLACK_S
