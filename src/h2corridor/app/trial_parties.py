"""Who hands over which data of a trial, as its tables say, and how the plan and the consents agree with that."""

import datetime
from collections.abc import Mapping, Sequence

from h2corridor.app.trial_missing import kinds_zh
from h2corridor.app.trial_record import TrialRecord
from h2corridor.model.errors import UsageError
from h2corridor.model.report import Report, ReportedParty
from h2corridor.model.trial import TrialFacts
from h2corridor.model.trial_record import DATA_KINDS, DataKind, Plan
from h2corridor.model.trial_report import Words


def reported_parties(facts: TrialFacts) -> tuple[ReportedParty, ...]:
    """Every party of `parties.csv` and every one that owns rows of another table, with what it supplies."""
    supplied = _supplied(facts)
    roles = {party.party_id: party.role for party in facts.parties}
    return tuple(
        ReportedParty(
            party_id=party_id,
            role=roles.get(party_id),
            supplies=tuple(kind for kind in DATA_KINDS if party_id in supplied[kind]),
        )
        for party_id in sorted({*roles, *(each for owners in supplied.values() for each in owners)})
    )


def plan_differences(plan: Plan, report: Report) -> list[Words]:
    """Where a plan says something else than the data set of the last run: trial, period, parties."""
    found = []
    if plan.trial != report.trial:
        zh, en = f"方案的试运行编号为 {plan.trial}，数据集为 {report.trial}。", "The plan is of the trial"
        found.append(Words(zh=zh, en=f"{en} {plan.trial}, the data set is of {report.trial}."))
    periods = [
        [_instant(text) for text in (each.period_start, each.period_end) if text is not None] for each in (plan, report)
    ]
    if periods[0] != periods[1]:
        ours = f"{plan.period_start} – {plan.period_end}"
        theirs = f"{report.period_start} – {report.period_end}"
        zh = f"方案的期间为 {ours}，数据集为 {theirs}。"
        found.append(Words(zh=zh, en=f"The plan's period is {ours}, that of the data set {theirs}."))
    return found + _party_differences(plan, report.parties)


def refuse_withdrawn(record: TrialRecord, facts: TrialFacts) -> None:
    """Refuse data whose owner withdrew the consent to their use and gave no other one.

    Raises
    ------
    UsageError
        `trial.consent-withdrawn`: a party of the data set withdrew its consent for a kind of data that stands there.
    """
    states = record.list_consents()
    for party in reported_parties(facts):
        for kind in party.supplies:
            given = [each for each in states if each.consent.party_id == party.party_id and kind in each.consent.data]
            if given and all(each.withdrawal is not None for each in given):
                numbers = ", ".join(str(each.consent.number) for each in given)
                fault = f"{party.party_id} withdrew its consent to the use of its data of the kind {kind} ({numbers})."
                next_step = "Leave these data out, or record a new consent: `h2corridor trial consent add`."
                raise UsageError("trial.consent-withdrawn", fault, about=party.party_id, next_step=next_step)


def _party_differences(plan: Plan, parties: Sequence[ReportedParty]) -> list[Words]:
    planned = {each.party_id: each for each in plan.parties}
    found = []
    for party in parties:
        ours = planned.get(party.party_id)
        kinds = [kind for kind in party.supplies if ours is None or kind not in ours.supplies]
        if kinds:
            zh = f"数据集中有 {party.party_id} 的数据（{kinds_zh(kinds)}），方案未列为其所提供。"
            en = f"{party.party_id} has data in the data set that the plan does not name it for: {', '.join(kinds)}."
            found.append(Words(zh=zh, en=en))
        if ours is not None and party.role is not None and ours.role != party.role:
            zh = f"{party.party_id} 在方案中的角色为 {ours.role}，在 parties.csv 中为 {party.role}。"
            en = f"{party.party_id} has the role {ours.role} in the plan, {party.role} in parties.csv."
            found.append(Words(zh=zh, en=en))
    known = {each.party_id for each in parties}
    for party_id in planned:
        if party_id not in known:
            zh = f"方案中的 {party_id} 不在数据集中。"
            found.append(Words(zh=zh, en=f"{party_id} of the plan is not in the data set."))
    return found


def _supplied(facts: TrialFacts) -> Mapping[DataKind, set[str]]:
    """The owners of each kind of data."""
    operators = {site.site_id: site.operator_id for site in facts.sites if site.operator_id is not None}
    stations = {each.station_id for each in facts.refuellings}
    stations |= {each.station_id for each in facts.station_energy} | {each.station_id for each in facts.station_stock}
    carriers = {vehicle.carrier_id for vehicle in facts.vehicles}
    return {
        "telemetry": carriers,
        "vehicles": carriers,
        "hydrogen": {batch.producer_id for batch in facts.hydrogen_batches},
        "refuellings": {operators[each] for each in stations if each in operators},
        "consignments": {each.shipper_id for each in facts.consignments},
        "hubs": {operators[each.site_id] for each in facts.hub_operations if each.site_id in operators},
        "seals": {event.by_party for event in facts.seal_events},
    }


def _instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
