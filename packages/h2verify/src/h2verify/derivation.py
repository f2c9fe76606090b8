"""Derivations: a figure as a list of steps that anyone can recompute, and the arithmetic all of us agree on.

A derivation is a list of steps, operands before what uses them. A *leaf* says where its number came from (`from`);
every other step carries a `formula` over the ids of other steps. There is no number in a formula: a conversion is a
leaf too.

    {"id": "mass_t[chain]", "value": "10", "unit": "t", "clause": "unseen", "edition": "iso14083/2023.1",
     "rule": "mass_t", "formula": "mass_kg[chain] / kg_per_t[iso14083/2023.1]",
     "inputs": ["mass_kg[chain]", "kg_per_t[iso14083/2023.1]"]}

    formula = product { ("+" | "-") product }        product = atom { ("*" | "/") atom }
    atom    = id | "(" formula ")" | ("min" | "max") "(" formula { "," formula } ")"
    id      = name [ "[" place "]" ]                 operators of one rank go from left to right

Arithmetic, for every step: decimal floating point of 34 significant digits, each operation rounded once, half to even;
division is the only operation that meets that limit in practice. Nothing else is rounded, except in `published` and
`apportion`: the one place where a figure becomes the text that is shown.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from h2verify.errors import DerivationError

DIGITS = 34
PUBLISHED_DECIMALS = 12
STEPS_MAX = 200_000
FORMULA_LENGTH_MAX = 1_000_000
NESTING_MAX = 50

_ID = r"[A-Za-z_][A-Za-z0-9_]*(?:\[[^\[\]\x00-\x1f\x7f]*\])?"
_TOKEN = re.compile(rf" *(?:({_ID})|([-+*/(),]))")
_ID_ONLY = re.compile(_ID)
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,199})(?:\.[0-9]{0,199}[1-9])?")
_NAME = re.compile(r"sum\(([a-z_][a-z0-9_]*)\)|([A-Za-z_][A-Za-z0-9_]*)(?![A-Za-z0-9_(])")
_T = TypeVar("_T")

Step = Mapping[str, Any]


def arithmetic() -> Context:
    """A fresh decimal context of the arithmetic every derivation is computed in."""
    traps = [InvalidOperation, DivisionByZero, Overflow]
    return Context(
        prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999, capitals=1, clamp=0, flags=[], traps=traps
    )


def decimal_text(value: Decimal) -> str:
    """The one text of a number: no exponent, no trailing zeros after the dot, no negative zero.

    >>> decimal_text(Decimal("1.50")), decimal_text(Decimal("1E+2")), decimal_text(Decimal("-0.0"))
    ('1.5', '100', '0')
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def published(value: Decimal) -> str:
    """The text of a figure as shown: rounded half to even to 12 decimals.

    >>> published(Decimal(2) / Decimal(3))
    '0.666666666667'
    """
    return decimal_text(_from_units(_units(value)))


def apportion(parts: Sequence[Decimal], whole: Decimal) -> list[str]:
    """The texts of parts as shown, which sum exactly to the whole as shown.

    Each part is cut down to 12 decimals; the units of the last decimal that are then missing go one each to the parts
    that lost most, the earlier one first.

    >>> apportion([Decimal(1) / 3, Decimal(1) / 3, Decimal(1) / 3], Decimal(1))
    ['0.333333333334', '0.333333333333', '0.333333333333']

    Raises
    ------
    DerivationError
        `derivation.parts`: the parts are not parts of this whole.
    """
    scaled = [_scaled(part) for part in parts]
    units = [int(value.to_integral_value(rounding=ROUND_FLOOR)) for value in scaled]
    missing = _units(whole) - sum(units)
    if not 0 <= missing <= len(parts):
        raise DerivationError("derivation.parts", f"parts sum to {sum(parts, Decimal(0))}, the whole is {whole}")
    by_loss = sorted(range(len(parts)), key=lambda i: (units[i] - scaled[i], i))
    for index in by_loss[:missing]:
        units[index] += 1
    return [decimal_text(_from_units(unit)) for unit in units]


def _scaled(value: Decimal) -> Decimal:
    return value.scaleb(PUBLISHED_DECIMALS, context=Context(prec=200))


def _units(value: Decimal) -> int:
    return int(_scaled(value).to_integral_value(rounding=ROUND_HALF_EVEN))


def _from_units(units: int) -> Decimal:
    return Decimal(units).scaleb(-PUBLISHED_DECIMALS, context=Context(prec=200))


class _Reader:
    """One pass over a formula that evaluates while it reads; iterative along sums, limited in nesting."""

    def __init__(self, formula: str, value_of: Callable[[str], Any], choose: Callable[[str, list[Any]], Any]) -> None:
        if len(formula) > FORMULA_LENGTH_MAX:
            raise DerivationError(
                "derivation.too-long", f"a formula of {len(formula)} characters; at most {FORMULA_LENGTH_MAX}"
            )
        self._tokens = tokens(formula)
        self._value_of = value_of
        self._choose = choose
        self._at = 0
        self._depth = 0

    def read(self) -> Any:
        value = self._sum()
        if self._at < len(self._tokens):
            raise DerivationError(
                "derivation.formula", f"expected the end of the formula, found {self._tokens[self._at]!r}"
            )
        return value

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, expected: str) -> None:
        if self._peek() != expected:
            raise DerivationError("derivation.formula", f"expected {expected!r}, found {self._peek() or 'the end'!r}")
        self._at += 1

    def _sum(self) -> Any:
        self._depth += 1
        if self._depth > NESTING_MAX:
            raise DerivationError("derivation.formula", f"parentheses nested deeper than {NESTING_MAX}")
        value = self._product()
        while (operator := self._peek()) in ("+", "-"):
            self._at += 1
            right = self._product()
            value = value + right if operator == "+" else value - right
        self._depth -= 1
        return value

    def _product(self) -> Any:
        value = self._atom()
        while (operator := self._peek()) in ("*", "/"):
            self._at += 1
            right = self._atom()
            value = value * right if operator == "*" else value / right
        return value

    def _atom(self) -> Any:
        token = self._peek()
        if token == "(":
            self._at += 1
            value = self._sum()
            self._take(")")
            return value
        if not _ID_ONLY.fullmatch(token):
            raise DerivationError("derivation.formula", f"expected a step id or '(', found {token or 'the end'!r}")
        self._at += 1
        if token in ("min", "max") and self._peek() == "(":
            return self._choice(token)
        return self._value_of(token)

    def _choice(self, name: str) -> Any:
        self._take("(")
        values = [self._sum()]
        while self._peek() == ",":
            self._at += 1
            values.append(self._sum())
        self._take(")")
        return self._choose(name, values)


def tokens(formula: str) -> list[str]:
    """The tokens of a formula: ids, operators, parentheses, commas.

    Raises
    ------
    DerivationError
        `derivation.formula`: a character that the grammar does not know, a number above all.
    """
    found = []
    at = 0
    end = len(formula.rstrip(" "))
    while at < end:
        match = _TOKEN.match(formula, at)
        if match is None:
            raise DerivationError(
                "derivation.formula",
                f"unexpected {formula[at : at + 12]!r}; formulas hold ids, + - * / min max ( ) only",
            )
        found.append(match[1] or match[2])
        at = match.end()
    return found


def operands(formula: str) -> list[str]:
    """The ids a formula uses, each once, in order of first use."""
    found = tokens(formula)
    after = [*found[1:], ""]
    return list(
        dict.fromkeys(
            t
            for t, n in zip(found, after, strict=True)
            if _ID_ONLY.fullmatch(t) and not (t in ("min", "max") and n == "(")
        )
    )


def evaluate(formula: str, value_of: Callable[[str], _T], choose: Callable[[str, list[_T]], _T]) -> _T:
    """The value of a formula in any kind of number that knows + - * /.

    Parameters
    ----------
    value_of : callable
        The value of a step id.
    choose : callable
        What `min` or `max` (its first argument) makes of a list of values.

    Raises
    ------
    DerivationError
        `derivation.formula`: the text is no formula.
    """
    value: _T = _Reader(formula, value_of, choose).read()
    return value


def recompute(steps: Sequence[Step]) -> dict[str, Decimal]:
    """Every step's value, computed from the leaves alone; a step's own `value` is not looked at unless it is a leaf.

    Raises
    ------
    DerivationError
        `derivation.shape`, `.duplicate`, `.unknown-id`, `.cycle`, `.formula`, `.value`, `.too-long`, or `.arithmetic`
        (a division by zero).
    """
    table = _table(steps)
    values: dict[str, Decimal] = {}
    with localcontext(arithmetic()):
        for step_id in _order(table):
            step = table[step_id]
            formula = step.get("formula")
            if formula is None:
                values[step_id] = _leaf_value(step)
                continue
            try:
                values[step_id] = evaluate(formula, values.__getitem__, _choose)
            except DecimalException as error:
                raise DerivationError(
                    "derivation.arithmetic", f"{formula} cannot be computed ({type(error).__name__})", where=step_id
                ) from error
    return values


def verify_derivation(steps: Sequence[Step]) -> None:
    """Recompute every step and compare it with the value it states.

    Raises
    ------
    DerivationError
        As `recompute`, and `derivation.mismatch` (another value), `derivation.limit` (a guard that does not hold).
    """
    values = recompute(steps)
    for step in steps:
        step_id = step["id"]
        if decimal_text(values[step_id]) != step.get("value"):
            fault = f"states {step.get('value')}, recomputed {decimal_text(values[step_id])} from {step.get('formula')}"
            raise DerivationError("derivation.mismatch", fault, where=step_id)
        guard = step.get("guard")
        if guard is not None and values[guard["quantity"]] > values[guard["at_most"]]:
            raise DerivationError("derivation.limit", f"{guard['quantity']} is above {guard['at_most']}", where=step_id)


def verify_formulas(steps: Sequence[Step], tables: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Compare every formula, unit and clause with the published formula table of the edition it names.

    Parameters
    ----------
    tables : mapping
        Edition (`iso14083/2023.1`) to its formula table: rule name to `formula`, `gives`, `unit`, `clause`.

    Raises
    ------
    DerivationError
        `derivation.foreign-formula`: the edition does not publish this rule, or publishes it otherwise.
    """
    for step in steps:
        if step.get("formula") is None:
            continue
        entry = tables.get(step.get("edition", ""), {}).get(step.get("rule", ""))
        if entry is None:
            fault = f"{step.get('edition')} publishes no rule {step.get('rule')}"
            raise DerivationError("derivation.foreign-formula", fault, where=step["id"])
        expected = {
            "formula": instantiate(entry["formula"], by_name(step["inputs"])),
            "unit": entry["unit"],
            "clause": entry["clause"],
        }
        expected["name"] = entry["gives"]
        found = {
            "formula": step["formula"],
            "unit": step["unit"],
            "clause": step["clause"],
            "name": step["id"].partition("[")[0],
        }
        if expected != found:
            fault = (
                f"{step['edition']} publishes {entry['formula']} for {entry['gives']}, the step has {step['formula']}"
            )
            raise DerivationError("derivation.foreign-formula", fault, where=step["id"])


def by_name(ids: Iterable[str]) -> dict[str, list[str]]:
    """Step ids grouped by the name before their place, in order."""
    groups: dict[str, list[str]] = {}
    for step_id in ids:
        groups.setdefault(step_id.partition("[")[0], []).append(step_id)
    return groups


def instantiate(template: str, arguments: Mapping[str, Sequence[str]]) -> str:
    """A rule's published formula with the step ids in the place of its argument names.

    `sum(x)` becomes the plain addition of all ids of x, in parentheses unless it is the whole formula.

    >>> instantiate("sum(part_kg) / whole_kg", {"part_kg": ["part_kg[a]", "part_kg[b]"], "whole_kg": ["whole_kg[c]"]})
    '(part_kg[a] + part_kg[b]) / whole_kg[c]'

    Raises
    ------
    DerivationError
        `derivation.foreign-formula`: an argument without an id, or several ids for an argument that is one number.
    """

    def replaced(match: re.Match[str]) -> str:
        summed, name = match[1], match[2]
        ids = arguments.get(summed or name, ())
        if not ids or (name and len(ids) != 1):
            raise DerivationError("derivation.foreign-formula", f"{len(ids)} ids for {summed or name} in {template}")
        if name or (len(ids) == 1 and match[0] == template):
            return ids[0]
        return " + ".join(ids) if match[0] == template else f"({' + '.join(ids)})"

    return _NAME.sub(replaced, template)


def _choose(name: str, values: list[Decimal]) -> Decimal:
    return min(values) if name == "min" else max(values)


def _table(steps: Sequence[Step]) -> dict[str, Step]:
    if not isinstance(steps, Sequence) or not steps or len(steps) > STEPS_MAX:
        raise DerivationError("derivation.shape", f"a derivation is a list of 1 to {STEPS_MAX} steps")
    table: dict[str, Step] = {}
    for position, step in enumerate(steps):
        step_id = _checked_id(step, position)
        if step_id in table:
            raise DerivationError("derivation.duplicate", "two steps have this id", where=step_id)
        table[step_id] = step
    for step_id, step in table.items():
        unknown = [used for used in _uses(step) if used not in table]
        if unknown:
            raise DerivationError("derivation.unknown-id", f"uses {unknown[0]}, which is no step", where=step_id)
    return table


def _checked_id(step: Any, position: int) -> str:
    if not isinstance(step, Mapping):
        raise DerivationError("derivation.shape", "a step is an object", where=f"steps[{position}]")
    step_id, formula, inputs = step.get("id"), step.get("formula"), step.get("inputs")
    if not isinstance(step_id, str) or not _ID_ONLY.fullmatch(step_id):
        raise DerivationError("derivation.shape", f"expected an id, found {step_id!r}", where=f"steps[{position}]")
    if formula is None:
        if inputs or not isinstance(step.get("from"), Mapping):
            raise DerivationError(
                "derivation.shape", "a step without formula says where it is from and has no inputs", where=step_id
            )
    elif not isinstance(formula, str) or "from" in step or inputs != operands(formula):
        raise DerivationError(
            "derivation.shape",
            "inputs are the ids of the formula in order of first use, and nothing is from elsewhere",
            where=step_id,
        )
    return step_id


def _uses(step: Step) -> list[str]:
    guard = step.get("guard")
    used = list(step.get("inputs") or ())
    if guard is None:
        return used
    if not isinstance(guard, Mapping) or not all(isinstance(guard.get(key), str) for key in ("quantity", "at_most")):
        raise DerivationError("derivation.shape", "a guard names a quantity and what it is at most", where=step["id"])
    return [*used, guard["quantity"], guard["at_most"]]


def _order(table: Mapping[str, Step]) -> list[str]:
    sorter = TopologicalSorter({step_id: step.get("inputs") or () for step_id, step in table.items()})
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise DerivationError(
            "derivation.cycle", f"steps rest on each other: {' <- '.join(error.args[1][:8])}"
        ) from error


def _leaf_value(step: Step) -> Decimal:
    text = step.get("value")
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text) or text == "-0":
        raise DerivationError("derivation.value", f"expected a plain decimal string, found {text!r}", where=step["id"])
    return Decimal(text)
