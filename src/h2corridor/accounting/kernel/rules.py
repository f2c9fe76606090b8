"""Rules: plain arithmetic with a name, a unit, a clause and the kind of scope it holds for."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from h2corridor.accounting.kernel.templates import Template
from h2corridor.accounting.kernel.terms import Many, ManyTerm, Quantity, Term
from h2corridor.model.errors import RuleError


class Guard(msgspec.Struct, frozen=True, kw_only=True):
    """A rule holds only while `quantity` is at most `at_most`; beyond that its result is refused."""

    quantity: str
    at_most: str


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of an edition.

    `at` lists the kinds of scope it holds for (`source` covers `source.diesel`). `many` maps an argument that is
    summed to the kind of the scopes it is taken from.
    """

    name: str
    gives: str
    at: tuple[str, ...]
    unit: str
    clause: str
    title_zh: str
    title_en: str
    arguments: tuple[str, ...]
    many: Mapping[str, str]
    guard: Guard | None
    formula: str
    template: Template
    function: Callable[..., Quantity]


def rule(
    *,
    at: str | tuple[str, ...],
    unit: str,
    clause: str,
    title_zh: str,
    title_en: str,
    gives: str | None = None,
    over: str | None = None,
    within: tuple[str, str] | None = None,
) -> Callable[[Callable[..., Quantity]], Rule]:
    """Declare a rule; its function's argument names say what it needs.

    Parameters
    ----------
    at : str or tuple of str
        Kinds of scope the rule holds for.
    unit : str
        Unit of the result, for example `kgCO2e/tkm`.
    clause : str
        Clause of the standard, `unseen` if nobody here has read it, `own` where the standard says nothing.
    gives : str, optional
        The quantity, where the function cannot bear its name because another rule gives it for another kind.
    over : str, optional
        Kind of the scopes an argument of type `Many` is summed over.
    within : tuple of str, optional
        (quantity, limit): the rule is refused where the quantity is above the limit.

    Raises
    ------
    RuleError
        `rule.bad-rule`: the function is not plain arithmetic on its arguments, or something is not declared.
    """

    def declared(function: Callable[..., Quantity]) -> Rule:
        name = function.__name__
        if not all((unit, clause, title_zh, title_en)):
            raise RuleError("rule.bad-rule", "unit, clause and both titles are needed.", where=name)
        found = tuple(inspect.signature(function).parameters)
        summed = _summed(function, over)
        formula = _traced(function, found, summed)
        return Rule(
            name=name,
            gives=gives or name,
            at=(at,) if isinstance(at, str) else at,
            unit=unit,
            clause=clause,
            title_zh=title_zh,
            title_en=title_en,
            arguments=found,
            many=summed,
            guard=Guard(quantity=within[0], at_most=within[1]) if within else None,
            formula=formula,
            template=Template(formula),
            function=function,
        )

    return declared


def _summed(function: Callable[..., Quantity], over: str | None) -> dict[str, str]:
    """The arguments that are summed, each to the kind of scope it is summed over."""
    found = inspect.signature(function).parameters
    summed = {key: over or "" for key, value in found.items() if value.annotation == Many}
    if bool(summed) != bool(over) or "" in summed.values():
        fault = "`over` names the kind an argument of type Many is summed over."
        raise RuleError("rule.bad-rule", fault, where=function.__name__)
    return summed


def _traced(function: Callable[..., Quantity], arguments: tuple[str, ...], summed: Mapping[str, str]) -> str:
    terms: list[Any] = [ManyTerm(name) if name in summed else Term(name) for name in arguments]
    try:
        result: Any = function(*terms)
    except TypeError as error:
        raise RuleError("rule.bad-rule", f"not plain arithmetic: {error}.", where=function.__name__) from error
    if not isinstance(result, Term):
        raise RuleError("rule.bad-rule", "the result does not rest on the arguments.", where=function.__name__)
    return result.text


def index_rules(rules: Iterable[Rule]) -> dict[tuple[str, str], Rule]:
    """Rules by quantity and kind of scope.

    Raises
    ------
    RuleError
        `rule.bad-rule`: two rules have one name, or give one quantity for one kind.
    """
    index: dict[tuple[str, str], Rule] = {}
    names: set[str] = set()
    for each in rules:
        if each.name in names:
            raise RuleError("rule.bad-rule", "two rules have this name.", where=each.name)
        names.add(each.name)
        for kind in each.at:
            if (each.gives, kind) in index:
                raise RuleError("rule.bad-rule", f"{each.gives} is given twice for {kind}.", where=each.name)
            index[each.gives, kind] = each
    return index


def formula_table(rules: Iterable[Rule]) -> dict[str, dict[str, Any]]:
    """The published formulas of an edition: rule name to what it gives, where, its formula, unit and clause."""
    return {each.name: _entry(each) for each in rules}


def _entry(each: Rule) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "gives": each.gives,
        "at": list(each.at),
        "formula": each.formula,
        "over": dict(each.many),
        "unit": each.unit,
        "clause": each.clause,
        "title_zh": each.title_zh,
        "title_en": each.title_en,
    }
    if each.guard is not None:
        entry["guard"] = {"quantity": each.guard.quantity, "at_most": each.guard.at_most}
    return entry
