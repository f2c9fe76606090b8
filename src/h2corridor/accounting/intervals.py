"""Intervals of an assessment's figures as they are shown: texts, rounded in the one place where figures are."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext

import msgspec
from h2verify.derivation import Step, arithmetic, decimal_text, published

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.simulation import Simulated, Simulation
from h2corridor.accounting.stated_ranges import StatedRanges
from h2corridor.accounting.uncertainty import Interval, Range, Term, assess_interval

_FIGURES = {
    "wtw_kgco2e": "wtw_kgco2e[chain]",
    "wtt_kgco2e": "wtt_kgco2e[chain]",
    "ttw_kgco2e": "ttw_kgco2e[chain]",
    "intensity_wtw_kgco2e_per_tkm": "chain_intensity_wtw_kgco2e_per_tkm[chain]",
}
"""The steps of an assessment's figures, as every rule set for transport chains names them."""
APART_PCT_MAX = Decimal(10)
"""How far the ends by draws may lie from those of the interval, in percent of its half width, before it is said."""
_DIFFERENCE = "difference_kgco2e[chain]"


class ShownContribution(msgspec.Struct, frozen=True, kw_only=True):
    """What one variable adds: its leaves, the half width it alone would give, its part of the variance [%]."""

    variable: str
    leaves: tuple[str, ...]
    half_width: str
    share_pct: str


class ShownSimulation(msgspec.Struct, frozen=True, kw_only=True):
    """What draws say of the same figure: their 2.5th and 97.5th percentile.

    `apart_pct` is the larger distance of an end from that of the interval, in percent of the half width; None where
    there is no half width and the draws have one. `differs`: it is above `APART_PCT_MAX`, or None.
    """

    draws: int
    seed: int
    low: str
    high: str
    apart_pct: str | None
    differs: bool


class ShownInterval(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure with its 95 % interval; see `h2corridor.accounting.uncertainty.Interval`. Without `simulated` nobody
    asked for draws."""

    figure: str
    value: str
    half_width: str
    low: str
    high: str
    contributions: tuple[ShownContribution, ...]
    unranged: tuple[str, ...]
    kinks: tuple[str, ...]
    simulated: ShownSimulation | None = None


def assess_intervals(
    result: Assessment, ranges: StatedRanges, simulation: Simulation | None = None
) -> tuple[ShownInterval, ...]:
    """The interval of every figure that an assessment has, and of every comparison's difference.

    Raises
    ------
    RuleError
        `ranges.twice`, `ranges.beyond-zero`: see `StatedRanges.of_leaves`. `simulation.not-finite`: a draw gives no
        number.
    """

    def of_step(name: str, step_id: str, steps: Sequence[Step], stated: Mapping[str, Range]) -> ShownInterval:
        return shown_interval(
            name, [Term(name=result.shipment, steps=steps, figure=step_id, ranges=stated)], simulation
        )

    found = []
    steps: Sequence[Step] = result.derivation
    of_chain = ranges.of_leaves(steps, of=result.shipment)
    known = {step["id"] for step in steps}
    for name, step_id in _FIGURES.items():
        if step_id in known:
            found.append(of_step(name, step_id, steps, of_chain))
    for each in result.comparisons:
        steps = (*result.derivation, *each.derivation)
        of_both = ranges.of_leaves(steps, of=result.shipment)
        if any(step["id"] == _DIFFERENCE for step in each.derivation):
            name = f"{each.method}@{each.edition} difference_kgco2e"
            found.append(of_step(name, _DIFFERENCE, steps, of_both))
    return tuple(found)


def well_to_wheel_term(result: Assessment, ranges: Mapping[str, Range]) -> Term:
    """The well-to-wheel figure of a shipment as one term of a sum."""
    return Term(name=result.shipment, steps=result.derivation, figure=_FIGURES["wtw_kgco2e"], ranges=ranges)


def shown_interval(figure: str, terms: Sequence[Term], simulation: Simulation | None = None) -> ShownInterval:
    """The interval of a sum of figures as texts, with what draws say of it where somebody asked for them.

    Raises
    ------
    RuleError
        See `assess_interval` and `Simulation.assess`.
    """
    found = assess_interval(terms)
    return ShownInterval(
        figure=figure,
        value=published(found.value),
        half_width=published(found.half_width),
        low=published(found.low),
        high=published(found.high),
        contributions=tuple(
            ShownContribution(
                variable=each.variable,
                leaves=each.leaves,
                half_width=published(each.half_width),
                share_pct=published(each.share_pct),
            )
            for each in found.contributions
        ),
        unranged=found.unranged,
        kinks=found.kinks,
        simulated=None if simulation is None else _shown_simulation(simulation, simulation.assess(terms), found),
    )


def _shown_simulation(simulation: Simulation, drawn: Simulated, linear: Interval) -> ShownSimulation:
    with localcontext(arithmetic()):
        apart = max(abs(drawn.low - linear.low), abs(drawn.high - linear.high))
        exact = not linear.half_width
        apart_pct = Decimal(0) if exact else apart * 100 / linear.half_width
    return ShownSimulation(
        draws=simulation.draws,
        seed=simulation.seed,
        low=decimal_text(drawn.low),
        high=decimal_text(drawn.high),
        apart_pct=None if exact and drawn.low < drawn.high else decimal_text(Decimal(f"{apart_pct:.3g}")),
        differs=drawn.low < drawn.high if exact else apart_pct > APART_PCT_MAX,
    )
