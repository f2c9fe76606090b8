"""A waterfall as SVG for screen and print: from nothing, part by part, to the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from h2corridor.console.display import rounded
from h2corridor.console.print_charts import (
    COLOURS,
    FONT,
    GREY,
    INK,
    LINE,
    WIDTH,
    legend_marks,
    named_chart,
    short_label,
    svg_text,
)

_LABEL, _VALUE, _ROW, _BAR, _TOP = 200, 86, 17, 11, 24
TOTAL_COLOUR = "#4a4a4a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part: what it is, what it adds, and its colour."""

    label: str
    value: Decimal
    colour: str


def waterfall_chart(
    steps: Sequence[Step], total: Step, legend: Sequence[tuple[str, str]], *, title: str, described: str, places: int
) -> str:
    """The chart; `title` and `described` are read out by who cannot see it.

    Parameters
    ----------
    places : decimal places of the numbers beside the bars
    """
    ends = [Decimal(0)]
    for step in steps:
        ends.append(ends[-1] + step.value)
    low, high = min([*ends, total.value]), max([*ends, total.value])
    scale = Decimal(WIDTH - _LABEL - _VALUE) / ((high - low) or Decimal(1))
    zero = _LABEL - low * scale
    height = _TOP + (len(steps) + 1) * _ROW + 8
    bottom = _TOP + len(steps) * _ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f"{FONT}>",
        *legend_marks(legend),
        f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="{_TOP - 4}" y2="{height - 4}" stroke="{LINE}"/>',
    ]
    for number, (step, start, end) in enumerate(zip(steps, ends, ends[1:], strict=False)):
        parts.append(_row(step, zero + start * scale, zero + end * scale, _TOP + number * _ROW, places))
        parts.append(_joint(zero + end * scale, _TOP + number * _ROW + _BAR))
    parts.append(f'<line x1="8" x2="{WIDTH - 8}" y1="{bottom - 2}" y2="{bottom - 2}" stroke="{INK}"/>')
    parts.append(_row(total, zero, zero + total.value * scale, bottom + 2, places))
    return named_chart("".join([*parts, "</svg>"]), title, described)


def _row(step: Step, start: Decimal, end: Decimal, y: int, places: int) -> str:
    left, right = min(start, end), max(start, end)
    middle = y + _BAR - 2
    return "".join(
        (
            svg_text(_LABEL - 8, middle, short_label(step.label), anchor="end", size=9),
            f'<rect x="{left:.1f}" y="{y}" width="{right - left:.1f}" height="{_BAR}" fill="{step.colour}"/>',
            svg_text(float(right) + 4, middle, rounded(step.value, places) or "", size=8, colour=GREY),
        )
    )


def _joint(x: Decimal, y: int) -> str:
    """The thin line from the end of one bar to the begin of the next."""
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{y + _ROW - _BAR}" stroke="{GREY}" stroke-width="0.6"/>'


def stage_colour(stage: str) -> str:
    """The colour of energy provision, and that of everything else."""
    return COLOURS[0] if stage == "energy_provision" else COLOURS[1]
