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
`apportion`: the one place where a figure becomes the text that is shown. The result of an operation is 0 or lies from
1e-999999 up to, not including, 1e1000000; a step's value has at most 200 digits on either side of the dot.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    Subnormal,
    Underflow,
    localcontext,
)
from graphlib import CycleError, TopologicalSorter
from typing import Any

from h2verify.errors import DerivationError
from h2verify.formula import (
    FORMULA_LENGTH_MAX,
    NESTING_MAX,
    by_name,
    evaluate,
    instantiate,
    is_id,
    operands,
    tokens,
)

__all__ = [
    "DIGITS",
    "FORMULA_LENGTH_MAX",
    "NESTING_MAX",
    "PUBLISHED_DECIMALS",
    "STEPS_MAX",
    "VALUE_DIGITS_MAX",
    "Step",
    "apportion",
    "arithmetic",
    "by_name",
    "compute",
    "decimal_text",
    "evaluate",
    "instantiate",
    "operands",
    "published",
    "read_steps",
    "recompute",
    "shortened",
    "tokens",
    "used_ids",
    "verify_derivation",
    "verify_formulas",
    "verify_order",
    "verify_values",
]

DIGITS = 34
PUBLISHED_DECIMALS = 12
STEPS_MAX = 200_000
VALUE_DIGITS_MAX = 200
"""Digits of a step's value, on either side of the dot."""

_WIDE = Context(prec=200)
"""What figures are rounded in: wide enough that only the rounding asked for happens."""

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,199})(?:\.[0-9]{0,199}[1-9])?")

Step = Mapping[str, Any]


def arithmetic() -> Context:
    """A fresh decimal context of the arithmetic every derivation is computed in."""
    traps = [InvalidOperation, DivisionByZero, Overflow, Subnormal, Underflow]
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
    return value.scaleb(PUBLISHED_DECIMALS, context=_WIDE)


def _units(value: Decimal) -> int:
    return int(_scaled(value).to_integral_value(rounding=ROUND_HALF_EVEN))


def _from_units(units: int) -> Decimal:
    return Decimal(units).scaleb(-PUBLISHED_DECIMALS, context=_WIDE)


def recompute(steps: Sequence[Step]) -> dict[str, Decimal]:
    """Every step's value, computed from the leaves alone; a step's own `value` is not looked at unless it is a leaf.

    Raises
    ------
    DerivationError
        `derivation.shape`, `.duplicate`, `.unknown-id`, `.cycle`, `.formula`, `.value`, `.too-long`, or `.arithmetic`
        (a division by zero, a number beyond all limits).
    """
    table = read_steps(steps)
    return compute({step_id: table[step_id] for step_id in _order(table)})


def compute(table: Mapping[str, Step], known: Mapping[str, Decimal] | None = None) -> dict[str, Decimal]:
    """The values of steps that stand in an order in which they can be computed; see `recompute`.

    Parameters
    ----------
    known : mapping, optional
        Values of earlier steps, which these go on from.

    Raises
    ------
    DerivationError
        `derivation.formula`, `.value`, `.arithmetic`.
    """
    values = dict(known or {})
    found: dict[str, Decimal] = {}
    with localcontext(arithmetic()):
        for step_id, step in table.items():
            formula = step.get("formula")
            values[step_id] = found[step_id] = (
                _leaf_value(step) if formula is None else _computed_value(formula, values, step_id)
            )
    return found


def verify_derivation(steps: Sequence[Step]) -> None:
    """Recompute every step and compare it with the value it states.

    Raises
    ------
    DerivationError
        As `recompute`, and `derivation.mismatch` (another value), `derivation.limit` (a guard that does not hold).
    """
    verify_values(steps, recompute(steps))


def verify_values(steps: Iterable[Step], values: Mapping[str, Decimal]) -> None:
    """Compare the value that each step states with the one that was computed, and test its guard.

    Raises
    ------
    DerivationError
        `derivation.mismatch`, `derivation.limit`.
    """
    for step in steps:
        step_id = step["id"]
        if decimal_text(values[step_id]) != step.get("value"):
            stated, formula = shortened(step.get("value")), shortened(step.get("formula"))
            fault = f"states {stated}, recomputed {decimal_text(values[step_id])} from {formula}"
            raise DerivationError("derivation.mismatch", fault, where=step_id)
        guard = step.get("guard")
        if guard is not None and values[guard["quantity"]] > values[guard["at_most"]]:
            raise DerivationError("derivation.limit", f"{guard['quantity']} is above {guard['at_most']}", where=step_id)


def shortened(value: object) -> str:
    """What a message quotes of a foreign value."""
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]}..."


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


def _choose(name: str, values: list[Decimal]) -> Decimal:
    return min(values) if name == "min" else max(values)


def read_steps(steps: Sequence[Step], known: Container[str] = ()) -> dict[str, Step]:
    """Steps by id, in the order they stand.

    Parameters
    ----------
    known : container of str, optional
        Ids of earlier steps, which these go on from.

    Raises
    ------
    DerivationError
        `derivation.shape`, `.duplicate`, `.formula`, `.too-long`, `.unknown-id`.
    """
    if not isinstance(steps, Sequence) or not steps or len(steps) > STEPS_MAX:
        raise DerivationError("derivation.shape", f"a derivation is a list of 1 to {STEPS_MAX} steps")
    table: dict[str, Step] = {}
    for position, step in enumerate(steps):
        step_id = _checked_id(step, position)
        if step_id in table or step_id in known:
            raise DerivationError("derivation.duplicate", "two steps have this id", where=step_id)
        table[step_id] = step
    for step_id, step in table.items():
        unknown = [used for used in used_ids(step) if used not in table and used not in known]
        if unknown:
            fault = f"uses {shortened(unknown[0])}, which is no step"
            raise DerivationError("derivation.unknown-id", fault, where=step_id)
    return table


def verify_order(table: Mapping[str, Step]) -> None:
    """Refuse steps that rest on each other, and steps that stand before what they use.

    Raises
    ------
    DerivationError
        `derivation.cycle`, `derivation.order`.
    """
    _order(table)
    seen: set[str] = set()
    for step_id, step in table.items():
        later = [used for used in used_ids(step) if used in table and used not in seen]
        if later:
            raise DerivationError("derivation.order", f"stands before {shortened(later[0])}", where=step_id)
        seen.add(step_id)


def _checked_id(step: Any, position: int) -> str:
    if not isinstance(step, Mapping):
        raise DerivationError("derivation.shape", "a step is an object", where=f"steps[{position}]")
    step_id, formula, inputs = step.get("id"), step.get("formula"), step.get("inputs")
    if not isinstance(step_id, str) or not is_id(step_id):
        raise DerivationError(
            "derivation.shape", f"expected an id, found {shortened(step_id)}", where=f"steps[{position}]"
        )
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


def used_ids(step: Step) -> list[str]:
    """The ids a checked step rests on: those of its formula, then those of its guard."""
    guard = step.get("guard")
    used = list(step.get("inputs") or ())
    if guard is None:
        return used
    if not isinstance(guard, Mapping) or not all(isinstance(guard.get(key), str) for key in ("quantity", "at_most")):
        raise DerivationError("derivation.shape", "a guard names a quantity and what it is at most", where=step["id"])
    return [*used, guard["quantity"], guard["at_most"]]


def _order(table: Mapping[str, Step]) -> list[str]:
    sorter = TopologicalSorter(
        {step_id: [used for used in step.get("inputs") or () if used in table] for step_id, step in table.items()}
    )
    try:
        return list(sorter.static_order())
    except CycleError as error:
        trail = " <- ".join(shortened(step_id) for step_id in error.args[1][:8])
        raise DerivationError("derivation.cycle", f"steps rest on each other: {trail}") from error


def _leaf_value(step: Step) -> Decimal:
    text = step.get("value")
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text) or text == "-0":
        raise DerivationError(
            "derivation.value", f"expected a plain decimal string, found {shortened(text)}", where=step["id"]
        )
    return Decimal(text)


def _computed_value(formula: str, values: Mapping[str, Decimal], step_id: str) -> Decimal:
    try:
        value = evaluate(formula, values.__getitem__, _choose)
        if not value:
            return Decimal(0)
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -VALUE_DIGITS_MAX:
            value = value.normalize()
            exponent = value.as_tuple().exponent
    except DecimalException as error:
        fault = f"{shortened(formula)} cannot be computed ({type(error).__name__})"
        raise DerivationError("derivation.arithmetic", fault, where=step_id) from error
    if value.adjusted() >= VALUE_DIGITS_MAX or not isinstance(exponent, int) or exponent < -VALUE_DIGITS_MAX:
        fault = f"{shortened(formula)} gives a number of more than {VALUE_DIGITS_MAX} digits on one side of the dot"
        raise DerivationError("derivation.arithmetic", fault, where=step_id)
    return value
