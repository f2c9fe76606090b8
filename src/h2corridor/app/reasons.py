"""Why a consignment's statement is withheld: what was not driven, of unknown origin, beyond a limit, missing, or found
blocking.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from h2verify.activity.legs import LegService
from h2verify.activity.reconcile import TruckReconciliation
from h2verify.activity.stands import LEG_SLACK_S
from h2verify.chains import find_break

from h2corridor.accounting.assessment import Assessment, Missing
from h2corridor.accounting.kernel import Edition
from h2corridor.app.chains import TrialChains, references_of
from h2corridor.app.operations import Operation
from h2corridor.app.residuals import Residual, worst_residual
from h2corridor.app.texts import local_day
from h2corridor.model.chain import TransportCategory, TransportChain
from h2corridor.model.report import FindingRow
from h2corridor.model.trial import Consignment, Leg, Trial, TrialFacts

_OWN_ROWS = ("consignments.csv", "legs.csv")
"""A finding on a row of these bears on the consignments that share its round, and not on all that its truck did."""

Words = tuple[str, str]
"""The same said in zh and en."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    """What every consignment of a run is assessed with."""

    facts: TrialFacts
    chains: TrialChains
    reconciliations: Sequence[TruckReconciliation]
    services: Sequence[LegService]
    findings: Sequence[FindingRow]
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
    places = [(leg.origin_site, leg.destination_site) for leg in legs]
    if find_break(places, consignment.origin_site, consignment.destination_site) is not None:
        zh = "各运段未能从货物的起点首尾相接到终点：可能缺少运段（legs.csv）"
        en = (
            "its legs do not lead one after the other from its origin to its destination: one may be missing (legs.csv)"
        )
        reasons.append((zh, en))
    for leg in unserved:
        reasons.append(
            (f"运段 {leg.leg_id} 未见其车辆行驶", f"leg {leg.leg_id} was not seen to be driven by its truck")
        )
    on_day = local_day(legs[0].departed_at_ms, assessor.facts.trial)
    reasons += _unknown_origin(chain, assessor.limit_pct("unknown_origin_limit_pct", on_day))
    residual_limit_pct = assessor.limit_pct("hydrogen_residual_limit_pct", on_day)
    for operation in operations:
        residual = worst_residual(operation, assessor.reconciliations)
        if residual is not None and residual.worst_pct > residual_limit_pct:
            reasons.append(_too_far_apart(operation, residual, residual_limit_pct))
    reasons += _unseen_beside(assessor, operations)
    for operation in operations:
        reasons += _not_computable(operation)
    said = [f"leg-{leg.leg_id}'" for leg in unserved]
    said += [f"'{operation.category}'].intensity" for operation in operations if not operation.computable]
    reasons += [
        (f"{each.says_zh}（{each.where}）", f"{each.says_en} ({each.where})")
        for each in result.missing
        if not _is_said(each, said)
    ]
    reasons += [
        (finding.message_zh or finding.message, finding.message)
        for finding in bearing_findings(assessor, consignment, legs, chain)
        if finding.severity == "blocking"
    ]
    return list(dict.fromkeys(reasons))


def _too_far_apart(operation: Operation, residual: Residual, limit_pct: Decimal) -> Words:
    """Say what the booked fills, or the tank, account for and what the figure takes, in kg beside the share, which
    alone says little of few kg."""
    said, used = (each.quantize(Decimal("0.001")) for each in (residual.said_kg, residual.used_kg))
    share, limit = f"{residual.worst_pct.quantize(Decimal('0.1')):f}", f"{limit_pct:f}"
    by_zh, by_en = ("储罐变化", "the tank") if residual.by_tank else ("登记的加氢量", "the booked mass")
    gap_zh, gap_en = ("（负值，很可能缺少加氢记录）", " (a fill is probably not on record)") if said < 0 else ("", "")
    zh, en = operation.words
    zh = f"{zh}：两次加氢之间按{by_zh}用氢 {said:f} kg{gap_zh}，计算采用 {used:f} kg，"
    zh = f"{zh}相差 {abs(said - used):f} kg，为后者的 {share} %"
    en = f"{en}: between fills {by_en} accounts for {said:f} kg used{gap_en}, "
    en = f"{en}the calculation takes {used:f} kg; they differ by {abs(said - used):f} kg, {share} % of the latter"
    return f"{zh}，超过限值 {limit} %（见 refuellings.csv）", f"{en}, above the limit of {limit} % (refuellings.csv)"


def _unseen_beside(assessor: Assessor, operations: Sequence[Operation]) -> list[Words]:
    """Say which other legs a truck may have driven in a round without being seen: their share of it is not known."""
    reasons: list[Words] = []
    services = {service.leg.leg_id: service for service in assessor.services}
    for operation in operations:
        first_s, last_s = operation.round.trips[0]["started_at_s"], operation.round.trips[-1]["ended_at_s"]
        for leg in assessor.facts.legs:
            service = services.get(leg.leg_id)
            within = leg.departed_at_ms // 1000 < last_s and leg.arrived_at_ms // 1000 > first_s
            if leg.vin == operation.vin and within and service and service.fault in ("no-data", "not-moving"):
                zh = f"同车同期的运段 {leg.leg_id} 无数据可见，其分担不明"
                reasons.append(
                    (zh, f"leg {leg.leg_id} of the same truck and time was not seen; its share is not known")
                )
    return reasons


def _is_said(missing: Missing, said: Sequence[str]) -> bool:
    """Whether a reason in plain words stands for what a rule did not have; `said` are parts of such places."""
    return missing.code == "rule.beyond-limit" or any(part in missing.where for part in said)


def _not_computable(operation: Operation) -> list[Words]:
    """Say why nothing can be shared of a round, for all consignments that share it."""
    if operation.computable:
        return []
    what_zh, what_en = operation.words
    reasons = [
        (
            f"共用{what_zh}的运段 {leg_id} 缺少质量或运输距离",
            f"leg {leg_id}, which shares {what_en}, lacks its mass or its transport distance",
        )
        for leg_id in operation.legs_without_activity
    ]
    unknown = sum(trip.mass_mg is None for trip in operation.hydrogen.values())
    if unknown:
        zh = f"{what_zh}中有 {unknown} 个行程的用氢量无法计算"
        reasons.append((zh, f"the hydrogen of {unknown} trip(s) of {what_en} could not be computed"))
    zh, en = f"{what_zh}没有用氢量或运输周转量", f"{what_en} has no hydrogen use or no transport activity"
    return reasons or [(zh, en)]


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
            rows = _named_rows(category)
            zh = f"所用氢气的 {share} % 来源不明，超过限值 {limit} %（{rows}）"
            reasons.append(
                (zh, f"{share} % of the hydrogen is of unknown origin, above the limit of {limit} % ({rows})")
            )
    return reasons


def _named_rows(category: TransportCategory) -> str:
    """Name the rows that say where a round's hydrogen came from."""
    return ", ".join(each for each in category.refs if each.startswith(("tank_opening.csv", "refuellings.csv")))


def bearing_findings(
    assessor: Assessor, consignment: Consignment, legs: Sequence[Leg], chain: TransportChain
) -> list[FindingRow]:
    """Give the findings of any severity that bear on a consignment: on its own rows and those it rests on, on its
    trucks while they served it, on a whole file. One about a rule set bears on what is assessed by it.
    """
    operations = operations_of(legs, assessor.chains)
    rows = {("consignments.csv", consignment.row), *(("legs.csv", leg.row) for leg in legs)}
    rows |= _supporting_rows(chain)
    vins = {operation.vin for operation in operations}
    rows |= {("vehicles.csv", vehicle.row) for vehicle in assessor.facts.vehicles if vehicle.vin in vins}
    passed = _passed(legs, assessor.facts.trial)
    found = []
    for finding in assessor.findings:
        if finding.params.get("rule_set", assessor.rule_set.name) != assessor.rule_set.name:
            continue
        everywhere = finding.row is None and finding.vin is None and not _is_elsewhere(finding, passed)
        on_a_row = finding.row is not None and any(
            finding.file == file and finding.row <= row <= (finding.last_row or finding.row) for file, row in rows
        )
        of_a_leg = finding.file in _OWN_ROWS and finding.row is not None
        if everywhere or on_a_row or (not of_a_leg and any(_bears_on(finding, each) for each in operations)):
            found.append(finding)
    return found


def _passed(legs: Sequence[Leg], trial: Trial) -> set[tuple[str, str]]:
    """Give the sites that a consignment passed, each with its local day: where it set out, and each leg's end."""
    first = min(legs, key=lambda leg: leg.sequence)
    places = [(first.origin_site, first.departed_at_ms), *((leg.destination_site, leg.arrived_at_ms) for leg in legs)]
    return {(site, local_day(at_ms, trial).isoformat()) for site, at_ms in places}


def _is_elsewhere(finding: FindingRow, passed: set[tuple[str, str]]) -> bool:
    """Whether a finding is about a site, or about one on a day, that the consignment did not pass; a blocking one bears
    on all."""
    site, day = finding.params.get("site_id"), finding.params.get("day")
    if not site or finding.severity == "blocking":
        return False
    return all(site != where or (day and day != when) for where, when in passed)


def _supporting_rows(chain: TransportChain) -> set[tuple[str, int]]:
    """Give the rows of papers that a chain rests on; fills are left out, they bear by truck and time."""
    places = (reference.partition("#") for reference in references_of(chain))
    return {(file, int(row)) for file, _, row in places if file != "refuellings.csv" and row.isdigit()}


def _bears_on(finding: FindingRow, operation: Operation) -> bool:
    """Whether a finding about a truck falls into a round; one without an instant falls into all of them."""
    if finding.vin != operation.vin:
        return False
    if finding.at is None:
        return True
    at_s = datetime.datetime.fromisoformat(finding.at).timestamp()
    first_s: int = operation.round.trips[0]["started_at_s"]
    last_s: int = operation.round.trips[-1]["ended_at_s"]
    return first_s - LEG_SLACK_S <= at_s <= last_s + LEG_SLACK_S
