"""The bars of a comparison: baseline, project and the gap between them, on one scale in per cent of the width."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from h2corridor.console.display import find_decimal
from h2corridor.model.report import Comparison

Outcome = Literal["saves", "costs", "equal", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar from `start` to `start + width`, both in per cent of the picture's width, as text for an SVG attribute."""

    start: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonBars:
    """What is drawn for one comparison; a bar is None when its number could not be computed."""

    baseline: Bar | None
    project: Bar | None
    gap: Bar | None
    zero: str
    outcome: Outcome


def comparison_bars(comparisons: tuple[Comparison, ...]) -> tuple[ComparisonBars, ...]:
    """The bars of a shipment's comparisons, all on one scale so that methods can be set side by side."""
    values = [find_decimal(v) for c in comparisons for v in (c.baseline_kgco2e, c.project_kgco2e)]
    known = [value for value in values if value is not None]
    low, high = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    return tuple(_bars(comparison, low, (high - low) or Decimal(1)) for comparison in comparisons)


def outcome(comparison: Comparison) -> Outcome:
    """What the sign of the difference (baseline minus project) says; nothing while it is withheld."""
    difference = find_decimal(comparison.difference_kgco2e)
    if difference is None or comparison.status == "withheld":
        return "unknown"
    if difference == 0:
        return "equal"
    return "saves" if difference > 0 else "costs"


def _bars(comparison: Comparison, low: Decimal, span: Decimal) -> ComparisonBars:
    baseline, project = find_decimal(comparison.baseline_kgco2e), find_decimal(comparison.project_kgco2e)

    def bar(start: Decimal | None, end: Decimal | None) -> Bar | None:
        if start is None or end is None:
            return None
        first, last = min(start, end), max(start, end)
        return Bar(start=_per_cent(first - low, span), width=_per_cent(last - first, span))

    zero = Decimal(0)
    return ComparisonBars(
        baseline=bar(zero, baseline),
        project=bar(zero, project),
        gap=bar(project, baseline),
        zero=_per_cent(zero - low, span),
        outcome=outcome(comparison),
    )


def _per_cent(part: Decimal, span: Decimal) -> str:
    return f"{100 * part / span:.2f}"
