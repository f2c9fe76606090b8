"""The resolver: from a goal to the rules, facts and parameters it needs, each evaluated once, each a step.

In a strict resolution the first thing missing is raised; in a partial one it is an `Absence`, everything that rests
on it is absent too, and all else is computed.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, DecimalException, getcontext, setcontext
from typing import Any

import msgspec
from h2verify.derivation import arithmetic, decimal_text
from h2verify.parameters import constant_origin, parameter_origin

from h2corridor.accounting.kernel.absences import (
    Absence,
    Title,
    beyond_limit,
    how_to_supply,
    in_another_unit,
    not_dated,
    not_divisible,
    not_given,
    not_possible,
    not_published,
    title_of,
)
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.factor_files import FactorPack
from h2corridor.accounting.kernel.rules import Guard, Rule
from h2corridor.accounting.kernel.scopes import Dated, Given, Scope, Scopes
from h2corridor.accounting.kernel.sources import offers
from h2corridor.accounting.kernel.used_factors import UsedFactor, used_factor
from h2corridor.model.errors import RuleError

_PROVISION = re.compile(r"_wt[tw]_")
"""In the name of a value that a rule asks for by name alone: with the provision of energy, so of the life cycle."""


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """A step's id and value."""

    step_id: str
    value: Decimal


_Outcome = Resolved | Absence


class Resolver:
    """Resolves goals over one set of scopes with one or more editions; asks earlier editions first.

    Parameters
    ----------
    on : date or None
        Date of the activity; without one, every dated parameter is refused.
    partial : bool
        Whether something missing is listed (`absences`) instead of raised.
    packs : sequence of FactorPack
        Users' own factor files, asked for values before all editions; one that has no value for the place that is
        asked about is passed over.

    Attributes
    ----------
    factors : dict
        Every dated value used, by the id of its step; a resolver that goes on from this one adds to it.
    """

    def __init__(
        self,
        scopes: Scopes,
        editions: Sequence[Edition],
        *,
        on: datetime.date | None,
        partial: bool = False,
        packs: Sequence[FactorPack] = (),
    ) -> None:
        self._scopes = scopes
        self._editions = tuple(editions)
        self._packs = tuple(packs)
        self._sources: tuple[Edition | FactorPack, ...] = (*self._packs, *self._editions)
        self._on = on
        self._partial = partial
        self._context = arithmetic()
        self._outcomes: dict[tuple[str, str], _Outcome] = {}
        self._silent: set[tuple[str, str]] = set()
        self._open: list[tuple[str, str]] = []
        self.steps: list[dict[str, Any]] = []
        self.absences: list[Absence] = []
        self.gaps: list[dict[str, Any]] = []
        self.factors: dict[str, UsedFactor] = {}

    def extended(self, edition: Edition) -> "Resolver":
        """A resolver that goes on from here with one more edition; its `steps` are the further steps only."""
        editions = (*self._editions, edition)
        other = Resolver(self._scopes, editions, on=self._on, partial=True, packs=self._packs)
        other._outcomes = dict(self._outcomes)
        other.factors = self.factors
        return other

    def resolve(self, name: str, path: str) -> _Outcome:
        """The value of a quantity in a scope.

        Raises
        ------
        RuleError
            `rule.no-rule` and `rule.cycle` always; `rule.missing-input`, `rule.absurd-value`, `rule.no-factor`,
            `rule.no-date`, `rule.unknown-region`, `rule.beyond-limit`, `rule.division-by-zero` in a strict one.
        """
        before = getcontext()
        setcontext(self._context)
        try:
            return self._resolved(name, self._scopes.get_scope(path), "")
        finally:
            setcontext(before)

    def value(self, name: str, path: str) -> Decimal | None:
        """The value alone; None where it is absent."""
        outcome = self.resolve(name, path)
        return outcome.value if isinstance(outcome, Resolved) else None

    def _resolved(self, name: str, scope: Scope, needed_by: str) -> _Outcome:
        for path in (scope.path, *scope.above):
            key = (name, path)
            outcome = self._outcomes.get(key)
            if outcome is not None:
                return outcome
            if key not in self._silent:
                outcome = self._try_at(name, self._scopes.get_scope(path), needed_by)
                if outcome is not None:
                    self._outcomes[key] = outcome
                    return outcome
                self._silent.add(key)
        return self._from_editions(name, scope, needed_by)

    def _try_at(self, name: str, place: Scope, needed_by: str) -> _Outcome | None:
        fact = place.facts.get(name)
        if isinstance(fact, Given):
            return self._given(name, place, fact, needed_by)
        if isinstance(fact, Dated):
            return self._dated(name, place.path, fact, needed_by)
        found = self._find_rule(name, place.kind)
        return self._computed(*found, place) if found else None

    def _find_rule(self, name: str, kind: str) -> tuple[Rule, Edition] | None:
        for edition in self._editions:
            if rule := edition.find_rule(name, kind):
                return rule, edition
        return None

    def _given(self, name: str, place: Scope, fact: Given, needed_by: str) -> _Outcome:
        if fact.value is None:
            where = str(fact.origin.get("path", place.path))
            fault = f"{name} is not given{_needed(needed_by)}."
            said = not_given(Title(zh=fact.label_zh, en=fact.label_en))
            return self._absent("rule.missing-input", fault, where, name, said, next_step=how_to_supply(name))
        where = str(fact.origin.get("path", place.path))
        titled = Title(zh=fact.label_zh, en=fact.label_en)
        if absurd := self._absurd(name, fact.value, titled, where, needed_by):
            return absurd
        step = {"label_zh": fact.label_zh, "label_en": fact.label_en, "unit": fact.unit, "from": fact.origin}
        return self._leaf(f"{name}[{place.path}]", fact.value, step)

    def _absurd(self, name: str, value: Decimal, title: Title, where: str, needed_by: str) -> _Outcome | None:
        """What is beyond the limit of a fact, stated or taken from a factor file; None within it, or without one."""
        found = (each.parameters.limits[name] for each in self._editions if name in each.parameters.limits)
        limit = next(found, None)
        if limit is None or limit.is_kept(value):
            return None
        stated = f"{name} is {decimal_text(value)}, beyond {limit.shown}"
        fault = f"{stated} ({limit.source}){_needed(needed_by)}."
        said = not_possible(title, value, limit.shown)
        next_step = "Correct the number, or its unit."
        return self._absent("rule.absurd-value", fault, where, name, said, next_step=next_step)

    def _from_editions(self, name: str, scope: Scope, needed_by: str) -> _Outcome:
        for edition in self._sources:
            outcome = self._outcomes.get((name, edition.label))
            if outcome is not None:
                return outcome
            if constant := edition.parameters.constants.get(name):
                step = {"label_zh": constant.title_zh, "label_en": constant.title_en, "unit": constant.unit}
                step["from"] = constant_origin(edition.label, constant)  # type: ignore[assignment]
                outcome = self._leaf(f"{name}[{edition.label}]", Decimal(constant.value), step)
            elif offers(edition, name):
                wanted = "life_cycle" if _PROVISION.search(name) else ""
                fact = Dated(parameter=name, region=None, boundary="", wanted=wanted, origin={})
                outcome = self._dated(name, edition.label, fact, needed_by)
            if outcome is not None:
                self._outcomes[name, edition.label] = outcome
                return outcome
        fault = f"no rule, fact or parameter gives {name}{_needed(needed_by)}."
        next_step = "Check the kind of the scope, or add a rule."
        raise RuleError("rule.no-rule", fault, about=self._about(), where=scope.path, next_step=next_step)

    def _dated(self, name: str, path: str, fact: Dated, needed_by: str) -> _Outcome:
        where = str(fact.origin.get("path", ""))
        if self._on is None:
            fault = f"{fact.parameter} is dated and the chain has no activity_date{_needed(needed_by)}."
            said = not_dated(self._title(fact.parameter))
            return self._absent("rule.no-date", fault, where, name, said, next_step="Add activity_date to the chain.")
        asked = (fact.region, fact.boundary or None, fact.level)
        offering = (each for each in self._sources if offers(each, fact.parameter, *asked))
        edition = next(offering, self._editions[0])
        try:
            selected = edition.parameters.select_parameter(
                fact.parameter,
                on=self._on,
                region=fact.region,
                boundary=fact.boundary or None,
                level=fact.level,
            )
        except RuleError as error:
            fault = f"{error.fault.removesuffix('.')}{_needed(needed_by)}."
            said = not_published(self._title(fact.parameter))
            about = error.about if isinstance(edition, FactorPack) else ""
            return self._absent(error.code, fault, where, name, said, next_step=error.next_step, about=about)
        parameter = selected.parameter
        if fact.unit not in (None, parameter.unit):
            fault = f"{fact.parameter} is in {parameter.unit}, asked for in {fact.unit}{_needed(needed_by)}."
            said = in_another_unit(self._title(fact.parameter), fact.unit or "")
            next_step = "Write the unit as the factor has it."
            return self._absent("rule.other-unit", fault, where, name, said, next_step=next_step)
        titled = Title(zh=parameter.title_zh, en=parameter.title_en)
        if absurd := self._absurd(name, Decimal(parameter.value), titled, where, needed_by):
            return absurd
        origin = parameter_origin(edition.label, selected, asked=fact.region, level=fact.level)
        if isinstance(edition, FactorPack):
            origin["pack_digest"] = edition.digest
        labels = {
            "label_zh": parameter.title_zh,
            "label_en": parameter.title_en,
            "unit": fact.shown_unit or parameter.unit,
            "from": origin,
        }
        step_id = f"{name}[{path}]"
        self.factors[step_id] = used_factor(
            step_id, selected, edition.parameters, region_asked=fact.region, level_asked=fact.level
        )
        if fact.wanted and parameter.boundary != fact.wanted:
            gap = {"step": step_id, "boundary": parameter.boundary, "wanted": fact.wanted}
            self.gaps.append({**gap, "source": parameter.source})
        return self._leaf(step_id, Decimal(parameter.value), labels)

    def _computed(self, rule: Rule, edition: Edition, place: Scope) -> _Outcome:
        key = (rule.gives, place.path)
        if key in self._open:
            trail = " <- ".join(f"{name}[{path}]" for name, path in [*self._open[self._open.index(key) :], key])
            raise RuleError("rule.cycle", f"rules need each other: {trail}.", about=edition.label, where=place.path)
        self._open.append(key)
        asker = _asker(rule)
        try:
            found = [
                self._summed(rule, name, place) if name in rule.many else [self._resolved(name, place, asker)]
                for name in rule.arguments
            ]
            guard = self._guard(rule.guard, rule, place) if rule.guard is not None else []
        finally:
            self._open.pop()
        values: list[Any] = []
        ids: dict[str, list[str]] = {}
        for name, outcomes in zip(rule.arguments, found, strict=True):
            many = [outcome for outcome in outcomes if isinstance(outcome, Resolved)]
            if len(many) < len(outcomes):
                return next(outcome for outcome in outcomes if isinstance(outcome, Absence))
            values.append(tuple([each.value for each in many]) if name in rule.many else many[0].value)
            ids[name] = [each.step_id for each in many]
        absent = next((outcome for outcome in guard if isinstance(outcome, Absence)), None)
        return absent or self._applied(rule, edition, place, values, ids, guard)

    def _summed(self, rule: Rule, name: str, place: Scope) -> list[_Outcome]:
        below = self._scopes.list_below(place.path, rule.many[name])
        if not below:
            fault = f"there is no {rule.many[name]} to sum {name} over{_needed(_asker(rule))}."
            raise RuleError("rule.nothing-to-sum", fault, about=self._about(), where=place.path)
        return [self._resolved(name, scope, _asker(rule)) for scope in below]

    def _guard(self, guard: Guard, rule: Rule, place: Scope) -> list[_Outcome]:
        quantity = self._resolved(guard.quantity, place, _asker(rule))
        limit = self._resolved(guard.at_most, place, _asker(rule))
        if isinstance(quantity, Resolved) and isinstance(limit, Resolved) and quantity.value > limit.value:
            shown = decimal_text(round(quantity.value, 6))
            fault = f"{guard.quantity} is {shown}, above {guard.at_most} {decimal_text(limit.value)}"
            next_step = "Correct what exceeds it, or withhold what rests on it."
            fault = f"{fault}{_needed(_asker(rule))}."
            said = beyond_limit(self._title(guard.quantity), quantity.value, limit.value)
            return [self._absent("rule.beyond-limit", fault, place.path, rule.gives, said, next_step=next_step)]
        return [quantity, limit]

    def _applied(  # noqa: PLR0917 - a rule, where it stands, and what it was given
        self,
        rule: Rule,
        edition: Edition,
        place: Scope,
        values: Sequence[Any],
        ids: Mapping[str, Sequence[str]],
        guard: Sequence[_Outcome],
    ) -> _Outcome:
        formula, inputs = rule.template.fill(ids)
        try:
            value = rule.function(*values)
        except DecimalException:
            fault = f"{rule.gives} divides by zero: {formula} (clause {rule.clause})."
            next_step = "Supply the amount it is divided by."
            said = not_divisible(Title(zh=rule.title_zh, en=rule.title_en))
            return self._absent("rule.division-by-zero", fault, place.path, rule.gives, said, next_step=next_step)
        step: dict[str, Any] = {
            "label_zh": rule.title_zh,
            "label_en": rule.title_en,
            "unit": rule.unit,
            "clause": rule.clause,
            "edition": edition.label,
            "rule": rule.name,
            "formula": formula,
            "inputs": inputs,
        }
        held = [outcome.step_id for outcome in guard if isinstance(outcome, Resolved)]
        if held:
            step["guard"] = {"quantity": held[0], "at_most": held[1]}
        return self._leaf(f"{rule.gives}[{place.path}]", value, step)

    def _leaf(self, step_id: str, value: Decimal, rest: Mapping[str, Any]) -> Resolved:
        self.steps.append({"id": step_id, "value": decimal_text(value), "inputs": [], **rest})
        return Resolved(step_id=step_id, value=value)

    def _absent(
        self,
        code: str,
        fault: str,
        where: str,
        quantity: str,
        said: tuple[str, str],
        *,
        next_step: str,
        about: str = "",
    ) -> Absence:
        absence = Absence(
            code=code,
            fault=fault,
            about=about or self._about(),
            where=where,
            next_step=next_step,
            quantity=quantity,
            says_zh=said[0],
            says_en=said[1],
        )
        if not self._partial:
            raise absence.error()
        self.absences.append(absence)
        return absence

    def _title(self, name: str) -> Title:
        return title_of(name, (*self._editions, *self._packs))

    def _about(self) -> str:
        return self._editions[-1].label


def _asker(rule: Rule) -> str:
    """The rule that asks, by what it gives, and the clause it follows."""
    return f"{rule.gives}, clause {rule.clause}"


def _needed(by: str) -> str:
    return f" (needed by {by})" if by else ""
