"""A statement in the making: what is said about one consignment's figure, before it is logged and signed."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from h2verify import canonical
from h2verify.wording import SAID

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.comparing import ComparisonResult
from h2corridor.model.report import FindingRow
from h2corridor.model.signatures import SupplierSignature
from h2corridor.model.trial import Consignment, Leg, Trial, TrialFacts
from h2corridor.quality.catalogue import get_check
from h2corridor.statements.activity_tree import TreeIndex
from h2corridor.statements.statement import STATEMENT_TYPE, Statement, with_id

FIGURES_FORMAT = "h2corridor/figures/1"
FIGURE_ID_DIGITS = 16
VALID_YEARS = 3
"""How long after the end of the period a statement is relied on; our own choice, see decision 7."""

_COMPARISON_STATUS = {"computed": "stated", "unsupported": "unsupported", "not_computable": "withheld"}

_SAID_WITH_THEIR_PLACE = ("hub.no-row",)
"""Findings whose message is said and not the meaning of their check alone: they name a hub and a day, which the chain
names too, and no truck, party or row."""

Words = tuple[str, str]
"""The same said in zh and en."""


@dataclass(frozen=True, kw_only=True)
class StatedFigure:
    """A figure that nothing withholds, with what a statement says beside it; its members are written once.

    `chain_document` is the transport chain as it was written, `legs` are in order of sequence, `findings` those that
    bear on the consignment, `not_covered` in zh and en.
    """

    consignment: Consignment
    legs: Sequence[Leg]
    chain_document: Mapping[str, Any]
    assessment: Assessment
    figure_id: str
    findings: Sequence[FindingRow]
    not_covered: Sequence[Words]

    @cached_property
    def chain(self) -> bytes:
        """The member `chain.json`."""
        return canonical.encode(dict(self.chain_document))

    @cached_property
    def figures(self) -> bytes:
        """The member `figures.json`: the derivation, and those of comparisons that could be computed."""
        comparisons: list[Any] = [
            {"method": method_of(each), "steps": list(each.derivation)}
            for each in self.assessment.comparisons
            if each.status != "not_computable"
        ]
        return canonical.encode(
            {
                "comparisons": comparisons,
                "format": FIGURES_FORMAT,
                "rule_set": edition_of(self.assessment),
                "steps": list(self.assessment.derivation),
            }
        )


def draft_statement(
    stated: StatedFigure,
    facts: TrialFacts,
    *,
    activity: TreeIndex,
    signatures: Sequence[SupplierSignature],
    issuer_key: str,
    now_ms: int,
) -> Statement:
    """The statement about a figure.

    Parameters
    ----------
    signatures
        What suppliers signed of what the figure rests on.
    activity
        The tree of records that the run's figures rest on.
    issuer_key
        `<name>+<key id>` of the key that will sign.
    now_ms
        The instant it is made. [ms since 1970-01-01 UTC]
    """
    trial = facts.trial
    return with_id(
        {
            "activity": {"groups": len(activity.groups), "root": activity.root_hex()},
            "binds": {"chain": _sha256(stated.chain), "figures": _sha256(stated.figures)},
            "comparisons": [_comparison(each) for each in stated.assessment.comparisons],
            "consignment": _consignment(stated, facts),
            "data_shares": {
                "primary_by_transport_activity": stated.assessment.data_shares.primary_by_transport_activity,
                "primary_by_wtw_emissions": stated.assessment.data_shares.primary_by_wtw_emissions,
            },
            "figure": _figure(stated),
            "findings": [_finding(each) for each in stated.findings],
            "issuer": {"key": issuer_key, **_names_of_party(facts, trial.operator_party_id)},
            "not_covered": [{"en": en, "zh": zh} for zh, en in stated.not_covered],
            "rule_set": {
                "digest": stated.assessment.rule_set_digest,
                "edition": edition_of(stated.assessment),
                "status": stated.assessment.rule_set_status,
            },
            **SAID,
            "supersedes": None,
            "supplier_signatures": [_signature(each) for each in signatures],
            "trial": _trial(trial),
            "type": STATEMENT_TYPE,
            "validity": _validity(trial, now_ms),
        }
    )


def edition_of(assessment: Assessment) -> str:
    """The rule set's edition as `<id>/<edition>`."""
    return assessment.rule_set.replace("@", "/")


def method_of(comparison: ComparisonResult) -> str:
    """The comparison's edition as `<id>/<edition>`."""
    return f"{comparison.method}/{comparison.edition}"


def figure_id(assessment: Assessment) -> str:
    """The figure's id: it follows from its derivation."""
    return f"fig-{canonical.digest_hex(list(assessment.derivation))[:FIGURE_ID_DIGITS]}"


def _figure(stated: StatedFigure) -> Statement:
    assessment = stated.assessment
    return {
        "figure_id": stated.figure_id,
        "hub_activity_t": assessment.hub_activity_t,
        "intensity_ttw_kgco2e_per_tkm": assessment.intensity_ttw_kgco2e_per_tkm,
        "intensity_wtw_kgco2e_per_tkm": assessment.intensity_wtw_kgco2e_per_tkm,
        "transport_activity_tkm": assessment.transport_activity_tkm,
        "ttw_kgco2e": assessment.ttw_kgco2e,
        "wtt_kgco2e": assessment.wtt_kgco2e,
        "wtw_kgco2e": assessment.wtw_kgco2e,
    }


def _comparison(comparison: ComparisonResult) -> Statement:
    withheld = comparison.status == "not_computable"
    return {
        "baseline_kgco2e": None if withheld else comparison.baseline_kgco2e,
        "caveat_en": comparison.caveat_en,
        "caveat_zh": comparison.caveat_zh,
        "difference_kgco2e": None if withheld else comparison.difference_kgco2e,
        "digest": comparison.digest,
        "method": method_of(comparison),
        "project_kgco2e": None if withheld else comparison.project_kgco2e,
        "status": _COMPARISON_STATUS[comparison.status],
        "why": comparison.why,
    }


def _consignment(stated: StatedFigure, facts: TrialFacts) -> Statement:
    consignment, legs = stated.consignment, stated.legs
    return {
        "arrived_at": _instant(legs[-1].arrived_at_ms, facts.trial),
        "consignment_id": consignment.consignment_id,
        "container_no": consignment.container_no,
        "declaration_no": consignment.declaration_no,
        "departed_at": _instant(legs[0].departed_at_ms, facts.trial),
        "destination_site": _site(facts, consignment.destination_site),
        "document_no": consignment.document_no,
        "goods": consignment.goods,
        "hs_code": consignment.hs_code,
        "mass_kg": stated.chain_document["shipment"]["mass_kg"],
        "mass_method": consignment.mass_method,
        "modes": [leg.mode for leg in legs],
        "origin_site": _site(facts, consignment.origin_site),
        "seal_no": consignment.seal_no,
    }


def _site(facts: TrialFacts, site_id: str) -> Statement:
    site = next((each for each in facts.sites if each.site_id == site_id), None)
    return {
        "name_en": site.name_en if site else None,
        "name_zh": site.name_zh if site else None,
        "site_id": site_id,
    }


def _names_of_party(facts: TrialFacts, party_id: str) -> Statement:
    party = next((each for each in facts.parties if each.party_id == party_id), None)
    return {
        "name_en": party.name_en if party else None,
        "name_zh": party.name_zh if party else None,
        "party_id": party_id,
    }


def _finding(finding: FindingRow) -> Statement:
    check = get_check(finding.check)
    names_place = finding.check in _SAID_WITH_THEIR_PLACE
    return {
        "check": finding.check,
        "finding_id": finding.finding_id,
        "severity": finding.severity,
        "title_en": finding.message if names_place else check.meaning_en,
        "title_zh": (finding.message_zh if names_place else None) or check.meaning_zh,
    }


def _signature(signature: SupplierSignature) -> Statement:
    return {
        "about": signature.about,
        "digest": signature.digest,
        "key": signature.key,
        "kind": signature.kind,
        "party_id": signature.party_id,
    }


def _trial(trial: Trial) -> Statement:
    return {
        "period_end": _instant(trial.period_end_ms, trial),
        "period_start": _instant(trial.period_start_ms, trial),
        "title_en": trial.title_en,
        "title_zh": trial.title_zh,
        "trial_id": trial.trial_id,
    }


def _validity(trial: Trial, now_ms: int) -> Statement:
    stated_at = _instant(now_ms, trial)
    return {"stated_at": stated_at, "valid_from": stated_at, "valid_until": _valid_until(trial, now_ms)}


def _valid_until(trial: Trial, now_ms: int) -> str:
    """Three years after the end of the period; of the 29th of February, the 28th. What is stated later has expired."""
    end = datetime.datetime.fromtimestamp(trial.period_end_ms // 1000, ZoneInfo(trial.timezone))
    day = 28 if (end.month, end.day) == (2, 29) else end.day
    until = end.replace(year=end.year + VALID_YEARS, day=day)
    return max(until, datetime.datetime.fromtimestamp(now_ms // 1000, ZoneInfo(trial.timezone))).isoformat()


def _instant(at_ms: int, trial: Trial) -> str:
    return datetime.datetime.fromtimestamp(at_ms // 1000, ZoneInfo(trial.timezone)).isoformat()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
