"""Whether an interval of 95 % holds the truth 95 times in 100, counted where the truth is known.

    python bench/coverage.py [DRAWS]         so many draws for every row (2000)

A draw fixes true amounts and factors, lets each be measured or published with a normal error of its stated range, takes
the figure and its interval from the product's code, and looks whether the truth lies in it.

1 single      one trip
2 sum         10, 100, 1000 trips: amounts err alone, the two factors are the same for all
3 difference  a diesel baseline minus the trip, both with the same grid factor
4 wrong way   the sums again with every trip's factors as if they erred alone: what averaging shared factors out does

The random errors are floats, seeded; the figures and intervals are decimals. Nothing here passes or fails.
"""

import sys
from decimal import Decimal
from typing import Any

import numpy as np
from h2verify.derivation import decimal_text, operands

from h2corridor.accounting.uncertainty import COVERAGE_FACTOR, Range, Term, assess_difference, assess_interval

SEED = 20261128
DRAWS_DEFAULT = 2000
TRIPS = (10, 100, 1000)
AMOUNT_PCT, FACTOR_PCT, GRID_PCT = Decimal(6), Decimal(8), Decimal(5)
"""Made ranges, in no relation to any real factor."""

_SOURCE = "made for the simulation"


class Draw:
    """One draw: true values of everything and what was measured of them."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator
        self.factor = self.measured(9.0, FACTOR_PCT)
        self.grid = self.measured(0.6, GRID_PCT)

    def measured(self, around: float, range_pct: Decimal) -> tuple[Decimal, Decimal]:
        """A true value near `around` and what was found in its place."""
        true = around * self._generator.uniform(0.7, 1.3)
        error = self._generator.normal() * float(range_pct / 100 / COVERAGE_FACTOR)
        return _plain(true), _plain(true * (1 + error))

    def trip(self, name: str, *, shares: bool = True) -> tuple[Decimal, Term]:
        """The true emissions of a trip and the term of its figure; `shares=False` forgets that factors are shared."""
        used, charged = self.measured(40.0, AMOUNT_PCT), self.measured(120.0, AMOUNT_PCT)
        true = used[0] * self.factor[0] + charged[0] * self.grid[0]
        parts = {"used_kg": (used[1], AMOUNT_PCT), "charged_kwh": (charged[1], AMOUNT_PCT)}
        formula = "used_kg * factor + charged_kwh * grid"
        return true, self._term(name, parts, formula, shares=shares)

    def difference(self) -> tuple[Decimal, tuple[Term, Term]]:
        """The true difference between a diesel baseline and a trip, and its two terms."""
        true, project = self.trip("project")
        litres, charged = self.measured(200.0, AMOUNT_PCT), self.measured(60.0, AMOUNT_PCT)
        diesel = self.measured(3.0, FACTOR_PCT)
        parts = {
            "diesel_l": (litres[1], AMOUNT_PCT),
            "diesel_factor": (diesel[1], FACTOR_PCT),
            "charged_kwh": (charged[1], AMOUNT_PCT),
        }
        baseline = self._term("baseline", parts, "diesel_l * diesel_factor + charged_kwh * grid", shares=True)
        return litres[0] * diesel[0] + charged[0] * self.grid[0] - true, (baseline, project)

    def _term(self, name: str, parts: dict[str, tuple[Decimal, Decimal]], formula: str, *, shares: bool) -> Term:
        shared = {"factor": (self.factor[1], FACTOR_PCT), "grid": (self.grid[1], GRID_PCT)}
        used = {**parts, **{key: value for key, value in shared.items() if key in operands(formula)}}
        steps: list[dict[str, Any]] = [
            {"id": leaf, "value": decimal_text(value), "inputs": [], "unit": "1", "from": _origin(leaf, leaf in shared)}
            for leaf, (value, _) in used.items()
        ]
        steps.append({"id": "figure", "formula": formula, "inputs": operands(formula), "unit": "kgCO2e"})
        ranges = {
            leaf: Range(
                half_width=value * pct / 100,
                source=_SOURCE,
                correlation=f"{leaf} of {name}" if leaf in shared and not shares else None,
            )
            for leaf, (value, pct) in used.items()
        }
        return Term(name=name, steps=steps, figure="figure", ranges=ranges)


def covered_pct(kind: str, trips: int, draws: int, seed: int = SEED) -> float:
    """How many of so many draws have the truth in their interval.  [%]

    Parameters
    ----------
    kind : `sum`, `difference`, or `wrong way`
    trips : over how many trips a sum goes; 1 is a single figure
    """
    generator = np.random.default_rng(seed)
    held = 0
    for _ in range(draws):
        draw = Draw(generator)
        if kind == "difference":
            true, sides = draw.difference()
            interval = assess_difference(*sides)
        else:
            drawn = [draw.trip(str(number), shares=kind == "sum") for number in range(trips)]
            true, terms = sum((each[0] for each in drawn), Decimal(0)), [each[1] for each in drawn]
            interval = assess_interval(terms)
        held += interval.low <= true <= interval.high
    return 100 * held / draws


def main() -> None:
    """Print the coverage of every kind."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS_DEFAULT
    sys.stdout.write(f"single figure            {covered_pct('sum', 1, draws):6.2f} %  of {draws} draws\n")
    sys.stdout.write(f"difference               {covered_pct('difference', 1, draws):6.2f} %  of {draws} draws\n")
    for trips in TRIPS:
        fewer = max(200, draws * TRIPS[0] // trips)
        for kind in ("sum", "wrong way"):
            sys.stdout.write(f"{kind:10} {trips:5} trips  {covered_pct(kind, trips, fewer):6.2f} %  of {fewer} draws\n")


def _plain(value: float) -> Decimal:
    return Decimal(f"{value:.12f}")


def _origin(leaf: str, is_shared: bool) -> dict[str, str]:
    if is_shared:
        return {"kind": "parameter", "edition": "made/2026.1", "name": leaf, "holds_from": "2026-01-01"}
    return {"kind": "input", "path": leaf}


if __name__ == "__main__":
    main()
