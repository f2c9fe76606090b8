"""What one step of a derivation rests on: the fact, the value or the rule that stands for its name at its place.

A name is asked for at a scope, then at the scopes above it, nearest first, then of the editions; at a scope a fact
comes before a rule, and an earlier edition before a later one.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from h2verify import canonical
from h2verify.derivation import Step, decimal_text, shortened
from h2verify.editions import SHORTEST_PLACE, EditionTables, PublishedRule
from h2verify.errors import DerivationError
from h2verify.formula import by_name, instantiate
from h2verify.parameters import Constant, constant_origin, parameter_origin
from h2verify.scope_facts import DatedFact, Fact, Scope
from h2verify.scopes import ScopeIndex
from h2verify.vocabulary import VOCABULARY


class Lookup:
    """What gives a name at a place, in one chain and by one or more editions, the earlier asked first.

    Parameters
    ----------
    on : str or None
        The date of the activity, ISO 8601; without one no dated parameter holds.
    """

    def __init__(self, scopes: ScopeIndex, editions: Sequence[EditionTables], *, on: str | None) -> None:
        self.scopes = scopes
        self.editions = {edition.label: edition for edition in editions}
        self.on = None if on is None else date.fromisoformat(on)
        self._providers: dict[tuple[str, str], str | None] = {}

    def find_rule(self, name: str, scope: Scope) -> tuple[PublishedRule, EditionTables] | None:
        """The rule that gives a name in a scope, and its edition."""
        for edition in self.editions.values():
            rule = edition.find_rule(name, scope.kind)
            if rule is not None:
                return rule, edition
        return None

    def find_provider(self, name: str, path: str) -> str | None:
        """The id of the step that a name stands for when it is asked for in the scope of this path."""
        if (name, path) not in self._providers:
            self._providers[name, path] = self._provider(name, path)
        return self._providers[name, path]

    def _provider(self, name: str, path: str) -> str | None:
        nearest = self.scopes.by_path[path]
        for place in (path, *nearest.above):
            scope = self.scopes.by_path.get(place)
            if scope is not None and (name in scope.facts or self.find_rule(name, scope)):
                return f"{name}[{place}]"
        for label, edition in self.editions.items():
            if name in edition.parameters.constants or edition.parameters.dated.has_name(name):
                return f"{name}[{label}]"
        return None


def verify_step(step: Step, lookup: Lookup) -> None:
    """Hold one step against the chain and the editions; its form and its value are known to be right.

    Raises
    ------
    DerivationError
        `derivation.input`: a leaf is not what the chain states. `derivation.factor`: not the value that the edition
        has for that date, region and boundary. `derivation.foreign-formula`: not the rule the edition gives for this
        name in this kind of scope. `derivation.sum`, `derivation.argument`: the rule, over other steps than it asks
        for.
    """
    name, _, rest = step["id"].partition("[")
    place = rest.removesuffix("]")
    if "formula" in step:
        _verify_computed(step, name, place, lookup)
    elif place in lookup.editions:
        _verify_edition_value(step, name, lookup.editions[place], lookup)
    else:
        _verify_leaf(step, name, place, lookup)


def _verify_leaf(step: Step, name: str, place: str, lookup: Lookup) -> None:
    scope = lookup.scopes.by_path.get(place)
    fact = scope.facts.get(name) if scope else None
    if isinstance(fact, DatedFact):
        _verify_dated(step, fact, lookup)
    elif fact is None or fact.text is None:
        code = "derivation.factor" if step["from"].get("kind") == "parameter" else "derivation.input"
        raise DerivationError(code, "the chain does not state this", where=step["id"])
    else:
        _verify_fact(step, name, fact)


def _verify_fact(step: Step, name: str, fact: Fact) -> None:
    word = VOCABULARY[name]
    expected = {
        "value": decimal_text(Decimal(fact.text or "")),
        "unit": word.unit,
        "label_zh": word.label_zh,
        "label_en": word.label_en,
        "from": fact.origin,
    }
    _compare(step, expected, "derivation.input", "the chain")


def _verify_edition_value(step: Step, name: str, edition: EditionTables, lookup: Lookup) -> None:
    constant = edition.parameters.constants.get(name)
    if constant is None:
        _verify_dated(step, DatedFact(name, None, "", "", {}), lookup, edition)
    else:
        expected = _entry(constant, constant_origin(edition.label, constant))
        _compare(step, expected, "derivation.factor", edition.label)


def _verify_dated(step: Step, fact: DatedFact, lookup: Lookup, edition: EditionTables | None = None) -> None:
    asked = [edition] if edition else lookup.editions.values()
    found = next((each for each in asked if each.parameters.dated.has_name(fact.parameter)), None)
    selected = None
    if found is not None and lookup.on is not None:
        selected = found.parameters.dated.find_value(
            fact.parameter, on=lookup.on, region=fact.region, boundary=fact.boundary or None, level=fact.level
        )
    if found is None or selected is None:
        fault = f"no edition has a value of {fact.parameter} for this place and date"
        raise DerivationError("derivation.factor", shortened(fault), where=step["id"])
    if fact.unit not in (None, selected.parameter.unit):
        fault = f"{fact.parameter} is in {selected.parameter.unit}, asked for in {fact.unit}"
        raise DerivationError("derivation.factor", shortened(fault), where=step["id"])
    origin = parameter_origin(found.label, selected, asked=fact.region, level=fact.level)
    expected = _entry(selected.parameter, origin)
    _compare(step, {**expected, "unit": fact.shown_unit or expected["unit"]}, "derivation.factor", found.label)


def _entry(entry: Constant, origin: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "value": decimal_text(Decimal(entry.value)),
        "unit": entry.unit,
        "label_zh": entry.title_zh,
        "label_en": entry.title_en,
        "from": origin,
    }


def _compare(step: Step, expected: Mapping[str, Any], code: str, by: str) -> None:
    for key, value in expected.items():
        if canonical.encode(step[key]) != canonical.encode(value):
            fault = f"{key}: {by} has {shortened(value)}, the step {shortened(step[key])}"
            raise DerivationError(code, fault, where=step["id"])


def _verify_computed(step: Step, name: str, place: str, lookup: Lookup) -> None:
    scope = lookup.scopes.by_path.get(place)
    if scope is None or name in scope.facts:
        _refuse_formula(step, "there is no such place" if scope is None else "the chain states this number")
    found = lookup.find_rule(name, scope)
    if found is None:
        _refuse_formula(step, f"no edition gives it for {scope.kind}")
    rule, edition = found
    expected = {
        "edition": edition.label,
        "rule": rule.name,
        "unit": rule.unit,
        "clause": rule.clause,
        "label_zh": rule.title_zh,
        "label_en": rule.title_en,
    }
    _compare(step, expected, "derivation.foreign-formula", edition.label)
    if ("guard" in step) != (rule.guard is not None):
        _refuse_formula(step, f"{edition.label} publishes {'a' if rule.guard else 'no'} guard")
    _verify_arguments(step, rule, scope, lookup)
    if rule.guard is not None:
        held = dict(zip(("quantity", "at_most"), rule.guard, strict=True))
        for key, quantity in held.items():
            _verify_ids(step, quantity, [step["guard"][key]], [lookup.find_provider(quantity, place)])


def _verify_arguments(step: Step, rule: PublishedRule, scope: Scope, lookup: Lookup) -> None:
    room = len(step["formula"])
    if rule.length_min > room:
        _refuse_formula(step, f"published is {shortened(rule.formula)}, the step has {shortened(step['formula'])}")
    used = by_name(step["inputs"])
    asked: dict[str, list[str | None]] = {}
    for name in rule.arguments:
        kind = rule.over.get(name)
        below = [scope] if kind is None else lookup.scopes.list_below(scope.path, kind)
        if kind is not None and len(below) * (len(name) + SHORTEST_PLACE) > room:
            _refuse_unless_published(step, rule, used)
            raise DerivationError("derivation.sum", f"{name} is summed over too few of {len(below)}", where=step["id"])
        asked[name] = [lookup.find_provider(name, each.path) for each in below]
    complete = {name: [each for each in ids if each] for name, ids in asked.items()}
    if all(asked.values()) and complete == asked and step["formula"] == _written(rule, complete, step["formula"]):
        return
    _refuse_unless_published(step, rule, used)
    for name, ids in asked.items():
        _verify_ids(step, name, used.get(name, []), list(dict.fromkeys(ids)), summed=name in rule.over)
    raise DerivationError("derivation.argument", "uses its arguments otherwise than the rule", where=step["id"])


def _verify_ids(
    step: Step, name: str, found: Sequence[str], expected: Sequence[str | None], *, summed: bool = False
) -> None:
    if not expected or list(found) != list(expected):
        shown = ", ".join(str(each) for each in expected[:4]) or "nothing"
        fault = f"{name} stands here for {shortened(shown)}, the step has {shortened(', '.join(found[:4]))}"
        raise DerivationError("derivation.sum" if summed else "derivation.argument", fault, where=step["id"])


def _refuse_unless_published(step: Step, rule: PublishedRule, used: Mapping[str, Sequence[str]]) -> None:
    if step["formula"] != _written(rule, used, step["formula"]):
        _refuse_formula(step, f"published is {shortened(rule.formula)}, the step has {shortened(step['formula'])}")


def _written(rule: PublishedRule, ids: Mapping[str, Sequence[str]], formula: str) -> str | None:
    """The rule over these ids; None where it would be longer than the formula, or cannot be written."""
    length = sum(count * sum(len(each) for each in ids.get(name, ())) for name, count in rule.arguments.items())
    if length > len(formula) or any(name not in ids for name in rule.arguments):
        return None
    if any(len(ids[name]) != 1 for name in rule.arguments if name not in rule.over):
        return None
    return instantiate(rule.formula, ids)


def _refuse_formula(step: Step, fault: str) -> NoReturn:
    raise DerivationError("derivation.foreign-formula", fault, where=step["id"])
