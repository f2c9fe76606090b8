"""The first draft of a profile, made from an edition, and what a profile may name of one.

Every rule becomes a clause, grouped by what it is about; every parameter that no rule asks for becomes one, too. The
wording is a beginning for people to work on: it says what the rule does and claims nothing beyond that.
"""

from collections.abc import Iterator, Mapping

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.parameters import Constant, Parameter
from h2corridor.accounting.kernel.rules import Rule
from h2corridor.accounting.profiles.pact_fields import PACT_FIELDS
from h2corridor.model.errors import EvidenceError, InputError
from h2corridor.model.rule_profile import Author, Criterion, PactField, RuleProfile, RuleSetName

_GROUPS: Mapping[str, tuple[str, str]] = {
    "chain": ("整条运输链", "The whole transport chain"),
    "element": ("运输链要素", "Elements of the chain"),
    "category": ("作业类别", "Operation categories"),
    "stop": ("一趟多站的分摊", "Shares of the stops of a round"),
    "class": ("同一类别中各组的分摊", "Shares of the classes of a category"),
    "source.hydrogen": ("氢", "Hydrogen"),
    "source.electricity": ("电力", "Electricity"),
    "source.diesel": ("柴油", "Diesel"),
    "source.refrigerant": ("制冷剂", "Refrigerants"),
    "source.explicit": ("自带因子的能源", "Energy with a factor of its own"),
}
"""Titles by the kind of scope a rule holds for; a kind that is not here names its group itself."""

_LIMITS = ("不由规则引用的数值", "Values that no rule asks for")

_PACT: Mapping[str, tuple[PactField, ...]] = {
    "chain_intensity_wtw_kgco2e_per_tkm": (
        PactField(version="2.2", field="pcf.pCfExcludingBiogenic"),
        PactField(version="3.0", field="pcf.pcfExcludingBiogenicUptake"),
    ),
    "primary_share_by_emissions": (
        PactField(version="2.2", field="pcf.primaryDataShare"),
        PactField(version="3.0", field="pcf.primaryDataShare"),
    ),
}
"""Where a draft proposes a field of PACT; everything else is left to the issuer."""


def draft_profile(edition: Edition, *, profile_id: str, profile_edition: str, issuer: Author) -> RuleProfile:
    """The first draft of a profile on an edition: each rule and each value a clause."""
    header = edition.header
    return RuleProfile(
        format="rule-profile/1",
        id=profile_id,
        edition=profile_edition,
        status="draft",
        issuer=issuer,
        rule_set=RuleSetName(id=header.id, edition=header.edition, digest=edition.digest),
        title_zh=f"规则条款书：{header.title_zh}",
        title_en=f"Rule profile: {header.title_en}",
        scope_zh=f"按规则集 {edition.name} 计算的全部数值。",
        scope_en=f"Every figure computed by the rule set {edition.name}.",
        criteria=tuple(_criteria(edition)),
        supersedes=None,
    )


def check_against_edition(profile: RuleProfile, edition: Edition) -> None:
    """Refuse a profile that names what its edition, or the PACT data model, does not have.

    Raises
    ------
    EvidenceError
        `profile.other-rules`: the edition has another digest than the profile rests on.
    InputError
        `profile.unknown-rule`: a rule or parameter that the edition does not have, or a value asked in another unit.
        `profile.unknown-pact-field`: the version of PACT has no such field.
    """
    about = f"{profile.id}@{profile.edition}"
    if profile.rule_set.digest != edition.digest:
        fault = f"it rests on {edition.name} with digest {profile.rule_set.digest}, here it is {edition.digest}."
        next_step = "Use the software that has this edition; a draft edition may have changed since."
        raise EvidenceError("profile.other-rules", fault, about=about, next_step=next_step)
    rules = {each.name for each in edition.rules}
    for criterion in profile.criteria:
        where = f"clause {criterion.clause}"
        for fault in _unknown_names(criterion, edition, rules):
            next_step = f"Name what `h2corridor rules show {edition.name}` lists."
            raise InputError("profile.unknown-rule", fault, about=about, where=where, next_step=next_step)
        for each in criterion.pact_fields:
            if each.field not in PACT_FIELDS[each.version]:
                fault = f"PACT {each.version} has no field {each.field}."
                next_step = "Write it as in the data model, levels joined by dots, such as pcf.primaryDataShare."
                raise InputError("profile.unknown-pact-field", fault, about=about, where=where, next_step=next_step)


def _unknown_names(criterion: Criterion, edition: Edition, rules: set[str]) -> Iterator[str]:
    for name in criterion.rules:
        if name not in rules:
            yield f"{edition.name} has no rule {name}."
    for name in (*criterion.parameters, *(each.parameter for each in criterion.asked_values)):
        if edition.parameters.find_titled(name) is None:
            yield f"{edition.name} has no parameter or constant {name}."
    for each in criterion.asked_values:
        found = edition.parameters.find_titled(each.parameter)
        if found is not None and found.unit != each.unit:
            yield f"{each.parameter} is asked in {each.unit}, the edition has it in {found.unit}."


def _criteria(edition: Edition) -> Iterator[Criterion]:
    groups: dict[str, list[Rule]] = {}
    for rule in edition.rules:
        groups.setdefault(_group(rule), []).append(rule)
    ordered = [*(name for name in _GROUPS if name in groups), *sorted(groups.keys() - _GROUPS.keys())]
    asked: set[str] = set()
    for number, group in enumerate(ordered, start=1):
        for position, rule in enumerate(groups[group], start=1):
            criterion = _of_rule(rule, f"{number}.{position}", _GROUPS.get(group, (group, group)), edition)
            asked.update(criterion.parameters)
            yield criterion
    entries: list[Constant | Parameter] = [*edition.parameters.constants.values(), *edition.parameters.listed]
    first = {each.name: each for each in reversed(entries)}
    for position, name in enumerate(sorted(first.keys() - asked), start=1):
        yield _of_value(first[name], f"{len(ordered) + 1}.{position}", edition)


def _group(rule: Rule) -> str:
    parts = rule.at[0].split(".")
    return ".".join(parts[:2]) if parts[0] == "source" else parts[0]


def _of_rule(rule: Rule, clause: str, group: tuple[str, str], edition: Edition) -> Criterion:
    needed = (*rule.arguments, *((rule.guard.quantity, rule.guard.at_most) if rule.guard else ()))
    known = (name for name in dict.fromkeys(needed) if edition.parameters.find_titled(name) is not None)
    limit_zh = f"仅当 {rule.guard.quantity} 不超过 {rule.guard.at_most} 时成立，否则不给出数值。" if rule.guard else ""
    limit_en = (
        f" It holds while {rule.guard.quantity} is at most {rule.guard.at_most}; beyond that there is no figure."
        if rule.guard
        else ""
    )
    return Criterion(
        clause=clause,
        group_zh=group[0],
        group_en=group[1],
        statement_zh=f"{rule.title_zh}：{rule.gives} = {rule.formula}，单位 {rule.unit}。",
        statement_en=f"{rule.title_en}: {rule.gives} = {rule.formula}, in {rule.unit}.",
        demands_zh=f"公式与版本所公布的逐字一致；所需的量如有缺失，则不给出数值。{limit_zh}",
        demands_en="The formula is the one the edition publishes, letter for letter; where something it needs is "
        f"missing there is no figure.{limit_en}",
        rules=(rule.name,),
        parameters=tuple(known),
        standard=edition.header.standard,
        standard_clause=rule.clause,
        pact_fields=_PACT.get(rule.gives, ()),
        untp_criterion=None,
        asked_values=(),
    )


def _of_value(entry: Constant | Parameter, clause: str, edition: Edition) -> Criterion:
    return Criterion(
        clause=clause,
        group_zh=_LIMITS[0],
        group_en=_LIMITS[1],
        statement_zh=f"{entry.title_zh}（{entry.name}），单位 {entry.unit}。",
        statement_en=f"{entry.title_en} ({entry.name}), in {entry.unit}.",
        demands_zh="取版本中在活动日期有效的数值，并注明来源。",
        demands_en="The value is that of the edition on the date of the activity, with its source.",
        rules=(),
        parameters=(entry.name,),
        standard=edition.header.standard,
        standard_clause="unseen",
        pact_fields=(),
        untp_criterion=None,
        asked_values=(),
    )
