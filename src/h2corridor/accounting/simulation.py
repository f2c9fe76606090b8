"""Simulation: a second reading of an interval, by drawing the leaves of a derivation again and again.

- Every variable (`h2corridor.accounting.uncertainty`) is drawn once a draw and moves all its leaves in all derivations:
  what trips share does not average out over them.
- An error is normal, and the 95 % half width is 1.96 of its standard deviations.
- A variable's draws follow from the seed and its own name alone, so that a further figure changes none of them.
- Binary floating point: percentiles of draws have three digits or four, and no figure is made of them.

References
----------
JCGM 101:2008 (supplement 1 to the GUM), clauses `unseen`: propagation of distributions by a Monte Carlo method.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np
from h2verify.derivation import Step, arithmetic, evaluate
from numpy.typing import NDArray

from h2corridor.accounting.uncertainty import COVERAGE_FACTOR, Term, variable_of
from h2corridor.model.errors import RuleError, UsageError

DRAWS_MIN, DRAWS_MAX = 2_000, 200_000
SEED_MAX = 2**63 - 1
_BATCH = 5_000
_PERCENTILES = (0.025, 0.975)

_Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """The 2.5th and 97.5th percentile of the draws of a figure, to a thousandth of their distance or finer."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """How often to draw, and from which seed.

    Raises
    ------
    UsageError
        `simulation.draws`: fewer draws than percentiles can be read from, or more than fit; or a seed that is none.
    """

    draws: int
    seed: int

    def __post_init__(self) -> None:
        if not DRAWS_MIN <= self.draws <= DRAWS_MAX or not 0 <= self.seed <= SEED_MAX:
            fault = f"expected {DRAWS_MIN} to {DRAWS_MAX} draws and a seed from 0, came {self.draws} and {self.seed}."
            raise UsageError("simulation.draws", fault, next_step="10000 draws are enough for three digits.")

    def assess(self, terms: Sequence[Term]) -> Simulated:
        """The percentiles of a weighted sum of figures, of terms that `assess_interval` accepts.

        Raises
        ------
        RuleError
            `simulation.not-finite`: a draw divides by zero, or is beyond all limits.
        """
        readings = [_Reading(term) for term in terms]
        drawn = _Draws(self.seed, Counter(name for each in readings for name in each.list_variables()))
        batches = []
        with np.errstate(all="ignore"):
            for start in range(0, self.draws, _BATCH):
                drawn.begin(min(_BATCH, self.draws - start))
                summed = np.zeros(drawn.count)
                for each in readings:
                    summed += float(each.term.weight) * each.draw(drawn)
                batches.append(summed)
        found = np.concatenate(batches)
        if not np.all(np.isfinite(found)):
            fault = "a draw gives no number: it divides by zero, or is too large."
            next_step = "Look for a divisor whose range reaches zero, and narrow it."
            raise RuleError("simulation.not-finite", fault, about=terms[0].name, next_step=next_step)
        return _rounded(*(float(each) for each in np.quantile(found, _PERCENTILES)))


def _rounded(low: float, high: float) -> Simulated:
    if low == high:
        same = Decimal(f"{low:.12g}")
        return Simulated(low=same, high=same)
    with localcontext(arithmetic()):
        unit = Decimal(1).scaleb(Decimal(high - low).adjusted() - 3)
        return Simulated(low=Decimal(low).quantize(unit), high=Decimal(high).quantize(unit))


class _Draws:
    """The standard normal errors of every variable, batch by batch; kept within one where several leaves use them."""

    def __init__(self, seed: int, uses: Mapping[str, int]) -> None:
        self._seed = seed
        self._uses = uses
        self._streams: dict[str, np.random.Generator] = {}
        self._batch: dict[str, _Numbers] = {}
        self.count = 0

    def begin(self, count: int) -> None:
        self.count = count
        self._batch = {}

    def errors_of(self, variable: str) -> _Numbers:
        if variable not in self._streams:
            name = int.from_bytes(hashlib.sha256(variable.encode("utf-8")).digest(), "big")
            self._streams[variable] = np.random.default_rng([self._seed, name])
        found = self._batch.get(variable)
        if found is None:
            found = self._streams[variable].standard_normal(self.count)
            if self._uses[variable] > 1:
                self._batch[variable] = found
        return found


class _Reading:
    """A term's figure as a function of draws: the steps that it rests on, and what each ranged leaf moves with."""

    def __init__(self, term: Term) -> None:
        self.term = term
        by_id = {step["id"]: step for step in term.steps}
        needed = _below(term.figure, by_id)
        self._steps = [step for step in term.steps if step["id"] in needed]
        self._moved = {
            leaf: (variable_of(term.name, by_id[leaf], stated.correlation), stated.half_width / COVERAGE_FACTOR)
            for leaf, stated in term.ranges.items()
            if leaf in needed
        }

    def list_variables(self) -> list[str]:
        """The variable of every ranged leaf."""
        return [variable for variable, _ in self._moved.values()]

    def draw(self, drawn: _Draws) -> _Numbers:
        values: dict[str, _Numbers] = {}
        for step in self._steps:
            step_id = step["id"]
            if step.get("formula") is not None:
                values[step_id] = evaluate(step["formula"], values.__getitem__, _choose)
            elif step_id in self._moved:
                variable, deviation = self._moved[step_id]
                values[step_id] = float(step["value"]) + float(deviation) * drawn.errors_of(variable)
            else:
                values[step_id] = np.asarray(float(step["value"]))
        return values[self.term.figure]


def _below(figure: str, by_id: Mapping[str, Step]) -> set[str]:
    found: set[str] = set()
    waiting = [figure]
    while waiting:
        step_id = waiting.pop()
        if step_id not in found:
            found.add(step_id)
            waiting.extend(by_id[step_id].get("inputs") or ())
    return found


def _choose(name: str, values: list[_Numbers]) -> _Numbers:
    pick = np.minimum if name == "min" else np.maximum
    chosen = values[0]
    for each in values[1:]:
        chosen = pick(chosen, each)
    return chosen
