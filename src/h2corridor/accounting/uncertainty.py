"""Intervals: how far a figure may be from the truth, read off its derivation and the ranges of its leaves.

A *range* is the 95 % half width of a leaf. Every formula is differentiated as it stands, so that a leaf's range becomes
a half width of the figure; leaves that err together are one *variable*, and variables are independent:

    half width of a figure = root of the sum over variables of (sum over its leaves of gradient x half width)^2

- A leaf that several derivations share (a factor of an edition) is one variable: its error never averages out.
- A leaf without range counts as exact and is listed as such.
- First order: `min` and `max` take the branch they took; a figure whose branches lie within each other's range says so.
- Decimals, in the arithmetic of derivations. Nothing here changes a figure.

References
----------
JCGM 100:2008 (GUM), clauses `unseen`: propagation with sensitivity coefficients, and with correlated inputs.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from h2verify.derivation import Step, arithmetic

from h2corridor.accounting.derivatives import Choice, DerivationReading
from h2corridor.model.errors import RuleError

COVERAGE_FACTOR = Decimal("1.96")
"""Half width of a 95 % interval in standard uncertainties, of an error with normal distribution."""

_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A leaf's 95 % half width, in its own unit; `correlation` names what makes leaves err together.

    The half width is signed: leaves of one correlation whose signs differ err against each other.
    """

    half_width: Decimal
    source: str
    correlation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One figure of one derivation, and how often it counts in a sum: 1, or -1 where it is taken away."""

    name: str
    steps: Sequence[Step]
    figure: str
    ranges: Mapping[str, Range]
    weight: Decimal = _ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one variable adds: its leaves, the half width it alone would give, its part of the variance [%]."""

    variable: str
    leaves: tuple[str, ...]
    half_width: Decimal
    share_pct: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % interval and all that the interval does and does not rest on.

    `unranged` are the leaves that count as exact because nobody stated a range; `kinks` the steps whose `min` or `max`
    might have gone the other way.
    """

    value: Decimal
    half_width: Decimal
    low: Decimal
    high: Decimal
    contributions: tuple[Contribution, ...]
    unranged: tuple[str, ...]
    kinks: tuple[str, ...]


def variable_of(term: str, leaf: Step, correlation: str | None) -> str:
    """The name of the variable that a leaf is: what errs together has one name, in all derivations.

    A correlation that somebody stated comes first; then the dated value of an edition; then the facts a leaf refers to.
    A leaf with none of them is its own variable in its own derivation.
    """
    if correlation is not None:
        return f"correlation {correlation}"
    origin = leaf["from"]
    if origin.get("kind") == "parameter":
        told = {key: value for key, value in origin.items() if key not in ("age_years", "region_asked")}
        return f"parameter {_sorted_text(told)}"
    if origin.get("refs"):
        name = leaf["id"].partition("[")[0]
        return f"facts {name} {_sorted_text(origin['refs'])}"
    return f"{term}: {leaf['id']}"


def assess_interval(terms: Sequence[Term]) -> Interval:
    """The interval of a weighted sum of figures, each from a derivation of its own.

    Parameters
    ----------
    terms : sequence of Term
        One for a single figure; several for the sum over trips; a baseline with weight 1 and a project with weight -1
        for a difference. Their names are distinct.

    Raises
    ------
    RuleError
        `uncertainty.nothing`: no term, or two of one name. `uncertainty.unknown-step`: a figure or a range is for no
        step. `uncertainty.not-a-leaf`: a range is for a step that is computed. `uncertainty.bad-range`: a range is not
        a finite number.
    DerivationError
        A derivation is none.
    """
    if not terms or len({term.name for term in terms}) != len(terms):
        fault = "an interval is over one or more figures with distinct names."
        raise RuleError("uncertainty.nothing", fault, next_step="Name every figure once.")
    gathered = _Gathered(variables={}, leaves={}, unranged={}, kinks={})
    value = _ZERO
    with localcontext(arithmetic()):
        for term in terms:
            value += _gather(term, gathered, single=len(terms) == 1)
        half_width = _root_of_squares(gathered.variables.values())
        return Interval(
            value=value,
            half_width=half_width,
            low=value - half_width,
            high=value + half_width,
            contributions=_contributions(gathered, half_width),
            unranged=tuple(gathered.unranged),
            kinks=tuple(gathered.kinks),
        )


def assess_difference(baseline: Term, project: Term) -> Interval:
    """The interval of baseline minus project, both of weight 1; what both rest on moves both, and cancels as far.

    Its half width is what a comparison may state as the uncertainty of its difference. The two figures of one
    derivation are two terms of distinct names with the same steps; leaves that are neither a parameter nor refer to
    facts are then to carry a correlation, for a derivation alone does not say that its leaf is that of another.

    Raises
    ------
    RuleError
        `uncertainty.nothing`: the two have one name. Otherwise as `assess_interval`.
    DerivationError
        A derivation is none.
    """
    return assess_interval([baseline, replace(project, weight=-project.weight)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    variables: dict[str, Decimal]
    leaves: dict[str, list[str]]
    unranged: dict[str, None]
    kinks: dict[str, None]


def _gather(term: Term, gathered: _Gathered, *, single: bool) -> Decimal:
    reading = DerivationReading(term.steps)
    _check_ranges(term, reading)
    for leaf, slope in reading.gradient(term.figure).items():
        shown = leaf if single else f"{term.name}: {leaf}"
        stated = term.ranges.get(leaf)
        if stated is None:
            gathered.unranged[shown] = None
            continue
        variable = variable_of(term.name, reading.leaves[leaf], stated.correlation)
        moved = term.weight * slope * stated.half_width
        gathered.variables[variable] = gathered.variables.get(variable, _ZERO) + moved
        gathered.leaves.setdefault(variable, []).append(shown)
    for step in _kinks(reading, term):
        gathered.kinks[step if single else f"{term.name}: {step}"] = None
    return term.weight * reading.get_value(term.figure)


def _kinks(reading: DerivationReading, term: Term) -> list[str]:
    """The steps below a figure whose `min` or `max` could have gone the other way within the ranges."""
    below = reading.list_choices(term.figure)
    return list(dict.fromkeys(choice.step for choice in below if _may_swap(reading, choice, term.ranges)))


def _may_swap(reading: DerivationReading, choice: Choice, ranges: Mapping[str, Range]) -> bool:
    for apart, slopes in reading.list_distances(choice):
        variables: dict[str, Decimal] = {}
        for leaf, slope in slopes.items():
            if leaf in ranges:
                name = variable_of("", reading.leaves[leaf], ranges[leaf].correlation)
                variables[name] = variables.get(name, _ZERO) + slope * ranges[leaf].half_width
        half_width = _root_of_squares(variables.values())
        if half_width > 0 and apart <= half_width:
            return True
    return False


def _check_ranges(term: Term, reading: DerivationReading) -> None:
    for step_id, stated in term.ranges.items():
        reading.get_value(step_id)
        if step_id not in reading.leaves:
            fault = "a range is for a number that was handed in; this one is computed."
            next_step = "State the ranges of the numbers that it is computed from."
            raise RuleError("uncertainty.not-a-leaf", fault, about=term.name, where=step_id, next_step=next_step)
        if not stated.half_width.is_finite():
            fault = f"a half width is a finite number, not {stated.half_width}."
            next_step = "State the half width as a plain decimal."
            raise RuleError("uncertainty.bad-range", fault, about=term.name, where=step_id, next_step=next_step)


def _contributions(gathered: _Gathered, half_width: Decimal) -> tuple[Contribution, ...]:
    whole = half_width * half_width
    found = [
        Contribution(
            variable=variable,
            leaves=tuple(gathered.leaves[variable]),
            half_width=abs(moved),
            share_pct=moved * moved * 100 / whole if whole else _ZERO,
        )
        for variable, moved in gathered.variables.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.half_width, each.variable)))


def _root_of_squares(numbers: Iterable[Decimal]) -> Decimal:
    return sum((number * number for number in numbers), _ZERO).sqrt()


def _sorted_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
