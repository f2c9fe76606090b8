"""Intervals of an assessment's figures as they are shown: texts, rounded in the one place where figures are."""

from collections.abc import Mapping, Sequence

import msgspec
from h2verify.derivation import Step, published

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.stated_ranges import StatedRanges
from h2corridor.accounting.uncertainty import Interval, Range, Term, assess_interval

_FIGURES = {
    "wtw_kgco2e": "wtw_kgco2e[chain]",
    "wtt_kgco2e": "wtt_kgco2e[chain]",
    "ttw_kgco2e": "ttw_kgco2e[chain]",
    "intensity_wtw_kgco2e_per_tkm": "chain_intensity_wtw_kgco2e_per_tkm[chain]",
}
"""The steps of an assessment's figures, as every rule set for transport chains names them."""
_DIFFERENCE = "difference_kgco2e[chain]"


class ShownContribution(msgspec.Struct, frozen=True, kw_only=True):
    """What one variable adds: its leaves, the half width it alone would give, its part of the variance [%]."""

    variable: str
    leaves: tuple[str, ...]
    half_width: str
    share_pct: str


class ShownInterval(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its 95 % interval; see `h2corridor.accounting.uncertainty.Interval`."""

    figure: str
    value: str
    half_width: str
    low: str
    high: str
    contributions: tuple[ShownContribution, ...]
    unranged: tuple[str, ...]
    kinks: tuple[str, ...]


def assess_intervals(result: Assessment, ranges: StatedRanges) -> tuple[ShownInterval, ...]:
    """The interval of every figure that an assessment has, and of every comparison's difference.

    Raises
    ------
    RuleError
        `ranges.twice`: two stated ranges fit one leaf.
    """
    found = []
    steps: Sequence[Step] = result.derivation
    of_chain = ranges.of_leaves(steps)
    known = {step["id"] for step in steps}
    for name, step_id in _FIGURES.items():
        if step_id in known:
            found.append(_of_step(name, result.shipment, steps, step_id, of_chain))
    for each in result.comparisons:
        steps = (*result.derivation, *each.derivation)
        of_both = ranges.of_leaves(steps)
        if any(step["id"] == _DIFFERENCE for step in each.derivation):
            name = f"{each.method}@{each.edition} difference_kgco2e"
            found.append(_of_step(name, result.shipment, steps, _DIFFERENCE, of_both))
    return tuple(found)


def well_to_wheel_term(result: Assessment, ranges: Mapping[str, Range]) -> Term:
    """The well-to-wheel figure of a shipment as one term of a sum."""
    return Term(name=result.shipment, steps=result.derivation, figure=_FIGURES["wtw_kgco2e"], ranges=ranges)


def shown_interval(figure: str, found: Interval) -> ShownInterval:
    """An interval as texts."""
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
    )


def _of_step(
    figure: str, shipment: str, steps: Sequence[Step], step_id: str, ranges: Mapping[str, Range]
) -> ShownInterval:
    return shown_interval(figure, assess_interval([Term(name=shipment, steps=steps, figure=step_id, ranges=ranges)]))
