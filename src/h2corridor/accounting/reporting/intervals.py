"""The intervals of a report: of every shipment and of the total, which is no sum of theirs, since shared factors err
together."""

from collections.abc import Sequence

from h2corridor.accounting.intervals import ShownInterval, shown_interval, well_to_wheel_term
from h2corridor.accounting.reporting.sums import AssessedChain
from h2corridor.accounting.stated_ranges import StatedRanges
from h2corridor.model.emission_report import IntervalPart, IntervalReading, IntervalRow


def interval_reading(assessed: Sequence[AssessedChain], ranges: StatedRanges) -> IntervalReading:
    """The 95 % intervals of well-to-wheel emissions by the ranges of the leaves.

    Raises
    ------
    RuleError
        `ranges.twice`, `ranges.unmatched`: two ranges fit one leaf, or one fits none.
    """
    terms = [well_to_wheel_term(each.result, ranges.of_leaves(each.result.derivation)) for each in assessed]
    ranges.require_used()
    total = shown_interval("total", terms)
    return IntervalReading(
        total=_row("", total),
        shipments=tuple(_row(term.name, shown_interval(term.name, [term])) for term in terms),
        contributions=tuple(
            IntervalPart(variable=each.variable, half_width_kgco2e=each.half_width, share_pct=each.share_pct)
            for each in total.contributions
        ),
        unranged=total.unranged,
        kinks=total.kinks,
    )


def _row(name: str, found: ShownInterval) -> IntervalRow:
    return IntervalRow(
        name=name,
        wtw_kgco2e=found.value,
        half_width_kgco2e=found.half_width,
        low_kgco2e=found.low,
        high_kgco2e=found.high,
    )
