"""Derivatives: how far a step of a derivation moves with each leaf that it rests on.

Every formula is differentiated as it stands, once forwards for the numbers and backwards for each step that is asked
about. `min` and `max` take the branch they took. Decimals, in the arithmetic of derivations.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException, localcontext
from heapq import heapify, heappop, heappush

from h2verify.derivation import Step, arithmetic, compute, evaluate, read_steps, verify_order
from h2verify.errors import DerivationError

from h2corridor.model.errors import RuleError

_ZERO, _ONE = Decimal(0), Decimal(1)


class _Number:
    """A number on a tape: its value and what it was made of, with the derivative by each part."""

    __slots__ = ("parts", "place", "tape", "value")

    def __init__(self, tape: "list[_Number]", value: Decimal, parts: "tuple[tuple[_Number, Decimal], ...]" = ()):
        self.tape, self.value, self.parts, self.place = tape, value, parts, len(tape)
        tape.append(self)

    def __add__(self, other: "_Number") -> "_Number":
        return _Number(self.tape, self.value + other.value, ((self, _ONE), (other, _ONE)))

    def __sub__(self, other: "_Number") -> "_Number":
        return _Number(self.tape, self.value - other.value, ((self, _ONE), (other, -_ONE)))

    def __mul__(self, other: "_Number") -> "_Number":
        return _Number(self.tape, self.value * other.value, ((self, other.value), (other, self.value)))

    def __truediv__(self, other: "_Number") -> "_Number":
        quotient = self.value / other.value
        return _Number(self.tape, quotient, ((self, _ONE / other.value), (other, -quotient / other.value)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A `min` or `max` in a step's formula: what it took and what it left."""

    step: str
    chosen: _Number
    others: tuple[_Number, ...]


class DerivationReading:
    """A derivation as a tape of numbers, from which the derivatives of any of its steps by its leaves follow.

    Attributes
    ----------
    leaves : dict
        The steps without formula, by id.

    Raises
    ------
    DerivationError
        The steps are no derivation in order; see `h2verify.derivation`.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        table = read_steps(steps)
        verify_order(table)
        values = compute(table)
        self._tape: list[_Number] = []
        self._choices: list[Choice] = []
        self.leaves: dict[str, Step] = {}
        self._numbers: dict[str, _Number] = {}
        with localcontext(arithmetic()):
            for step_id, step in table.items():
                if step.get("formula") is None:
                    self.leaves[step_id] = step
                    self._numbers[step_id] = _Number(self._tape, values[step_id])
                else:
                    self._numbers[step_id] = self._trace(step_id, step["formula"])
        self._leaf_at = {self._numbers[leaf].place: leaf for leaf in self.leaves}

    def _trace(self, step_id: str, formula: str) -> _Number:
        def choose(name: str, numbers: list[_Number]) -> _Number:
            pick = min if name == "min" else max
            chosen = pick(numbers, key=lambda number: number.value)
            others = tuple(number for number in numbers if number is not chosen)
            self._choices.append(Choice(step=step_id, chosen=chosen, others=others))
            return chosen

        try:
            return evaluate(formula, self._numbers.__getitem__, choose)
        except DecimalException as error:
            fault = f"its formula cannot be differentiated ({type(error).__name__})"
            raise DerivationError("derivation.arithmetic", fault, where=step_id) from error

    def __contains__(self, step_id: object) -> bool:
        return step_id in self._numbers

    def get_value(self, step_id: str) -> Decimal:
        """The value of a step.

        Raises
        ------
        RuleError
            `uncertainty.unknown-step`: the derivation has no such step.
        """
        return self._get_number(step_id).value

    def gradient(self, step_id: str) -> dict[str, Decimal]:
        """The derivative of a step by every leaf it rests on.

        Raises
        ------
        RuleError
            `uncertainty.unknown-step`: the derivation has no such step.
        """
        return self._by_leaf(self._accumulate({self._get_number(step_id).place: _ONE}))

    def resting_on(self, step_id: str, leaves: Container[str]) -> dict[str, Decimal]:
        """For each of these leaves that a step rests on its value times the derivative of the step.

        For a factor that others are multiplied by this is exactly the part that would vanish with it.

        Raises
        ------
        RuleError
            `uncertainty.unknown-step`: the derivation has no such step.
        """
        found = {leaf: slope for leaf, slope in self.gradient(step_id).items() if leaf in leaves}
        with localcontext(arithmetic()):
            return {leaf: self._numbers[leaf].value * slope for leaf, slope in found.items()}

    def list_choices(self, step_id: str) -> list[Choice]:
        """Every `min` and `max` whose outcome a step rests on.

        Raises
        ------
        RuleError
            `uncertainty.unknown-step`: the derivation has no such step.
        """
        touched = self._accumulate({self._get_number(step_id).place: _ONE})
        return [choice for choice in self._choices if choice.chosen.place in touched]

    def list_distances(self, choice: Choice) -> Iterator[tuple[Decimal, dict[str, Decimal]]]:
        """How far what was chosen lies from each of the others, and the derivative of that difference by every leaf."""
        for other in choice.others:
            slopes = self._accumulate({choice.chosen.place: _ONE, other.place: -_ONE})
            yield abs(choice.chosen.value - other.value), self._by_leaf(slopes)

    def _by_leaf(self, slopes: Mapping[int, Decimal]) -> dict[str, Decimal]:
        return {self._leaf_at[place]: slopes[place] for place in slopes if place in self._leaf_at}

    def _accumulate(self, seeds: Mapping[int, Decimal]) -> dict[int, Decimal]:
        """The slope at every place that the seeds rest on, from the last place to the first."""
        slopes = dict(seeds)
        ordered: dict[int, Decimal] = {}
        waiting = [-place for place in seeds]
        heapify(waiting)
        with localcontext(arithmetic()):
            while waiting:
                place = -heappop(waiting)
                slope = ordered[place] = slopes[place]
                for part, derivative in self._tape[place].parts:
                    if part.place not in slopes:
                        heappush(waiting, -part.place)
                    slopes[part.place] = slopes.get(part.place, _ZERO) + slope * derivative
        return ordered

    def _get_number(self, step_id: str) -> _Number:
        if step_id not in self._numbers:
            raise RuleError(
                "uncertainty.unknown-step",
                "the derivation has no such step.",
                where=step_id,
                next_step="Name a step of the derivation, as `assess --json` lists them.",
            )
        return self._numbers[step_id]
