"""Formulas of a derivation: their grammar, what they use, their value, and the published template they come from.

    formula = product { ("+" | "-") product }        product = atom { ("*" | "/") atom }
    atom    = id | "(" formula ")" | ("min" | "max") "(" formula { "," formula } ")"
    id      = name [ "[" place "]" ]                 operators of one rank go from left to right

There is no number in a formula: a conversion is a step of its own.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from h2verify.errors import DerivationError

FORMULA_LENGTH_MAX = 1_000_000
NESTING_MAX = 50

_ID = r"[A-Za-z_][A-Za-z0-9_]*(?:\[[^\[\]\x00-\x1f\x7f]*\])?"
_TOKEN = re.compile(rf" *(?:({_ID})|([-+*/(),]))")
_ID_ONLY = re.compile(_ID)
_NAME = re.compile(r"sum\(([a-z_][a-z0-9_]*)\)|(?<![A-Za-z0-9_])([A-Za-z_][A-Za-z0-9_]*)(?![A-Za-z0-9_(])")
"""A name is looked for where a word begins: from every letter of a long word it would take the square of its length."""
_T = TypeVar("_T")


def is_id(text: object) -> bool:
    """Whether a text is the id of a step: a name, perhaps with a place in brackets."""
    return isinstance(text, str) and _ID_ONLY.fullmatch(text) is not None


class _Reader:
    """One pass over a formula that evaluates while it reads; iterative along sums, limited in nesting."""

    def __init__(self, formula: str, value_of: Callable[[str], Any], choose: Callable[[str, list[Any]], Any]) -> None:
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
        `derivation.too-long`, or `derivation.formula`: a character that the grammar does not know, a number above all.
    """
    if len(formula) > FORMULA_LENGTH_MAX:
        raise DerivationError(
            "derivation.too-long", f"a formula of {len(formula)} characters; at most {FORMULA_LENGTH_MAX}"
        )
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
    pairs = zip(found, [*found[1:], ""], strict=False)
    return list(dict.fromkeys(t for t, n in pairs if _ID_ONLY.fullmatch(t) and not (t in ("min", "max") and n == "(")))


def operands_count(formula: str) -> int:
    """How many ids a text holds if it is a formula; never fewer than it has."""
    return sum(1 for _ in _ID_ONLY.finditer(formula))


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


def by_name(ids: Iterable[str]) -> dict[str, list[str]]:
    """Step ids grouped by the name before their place, in order."""
    groups: dict[str, list[str]] = {}
    for step_id in ids:
        groups.setdefault(step_id.partition("[")[0], []).append(step_id)
    return groups


def arguments(template: str) -> list[str]:
    """The argument names of a published formula, as often as it uses them, in order.

    >>> arguments("sum(part_kg) / max(whole_kg, part_kg)")
    ['part_kg', 'whole_kg', 'part_kg']
    """
    return [match[1] or match[2] for match in _NAME.finditer(template)]


def cut_template(template: str) -> tuple[list[str], list[tuple[str, bool]]]:
    """The text between the arguments of a published formula, and those arguments: name, and whether it is summed.

    >>> cut_template("sum(part_kg) / whole_kg")
    (['', ' / ', ''], [('part_kg', True), ('whole_kg', False)])
    """
    literals, gaps, at = [], [], 0
    for match in _NAME.finditer(template):
        literals.append(template[at : match.start()])
        gaps.append((match[1] or match[2], bool(match[1])))
        at = match.end()
    return [*literals, template[at:]], gaps


def summed_arguments(template: str) -> set[str]:
    """The arguments of a published formula that it sums.

    >>> summed_arguments("sum(part_kg) / whole_kg")
    {'part_kg'}
    """
    return {match[1] for match in _NAME.finditer(template) if match[1]}


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
