"""Charts for print as SVG: bars on one scale, and the map. No script, no style sheet, every word escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import ceil

from h2corridor.console.display import rounded
from h2corridor.console.map_picture import MapPicture
from h2corridor.console.texts import Language, clean

WIDTH = 680
BARS_MAX = 40
"""Bars of one chart; more make more charts, so that each finds its place on a page."""
INK, GREY, LINE = "#1a2b33", "#5b6b73", "#b8c4c9"
COLOURS = ("#1f6f8b", "#e0a030", "#6a8f3c", "#8a6fae", "#b5533c", "#4a4a4a")
SEVERITY_COLOURS = {"info": "#8aa0a8", "warning": "#e0a030", "blocking": "#b5533c"}
_LABEL, _VALUE, _BAR, _GAP, _TOP = 200, 86, 9, 9, 24
FONT = 'font-family="Noto Sans SC, Noto Sans CJK SC, sans-serif"'
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" {font}>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One bar: its value, how it is written, its colour, and half the width of its whisker where it has one."""

    value: Decimal
    shown: str
    colour: str
    whisker: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A label with its bars, one under the other; None keeps the place of a bar that is not known."""

    label: str
    marks: tuple[Mark | None, ...]


def bar_charts(rows: Sequence[Row], legend: Sequence[tuple[str, str]] = (), *, title: str = "") -> list[str]:
    """Charts of at most `BARS_MAX` bars each, all on one scale and about as long as each other.

    Parameters
    ----------
    legend : words and colours, above the bars
    title : what is read out by who cannot see the bars; empty where the text before them says it
    """
    values = [each for row in rows for mark in row.marks if mark for each in _reach(mark)]
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    scale = Decimal(WIDTH - _LABEL - _VALUE) / ((high - low) or Decimal(1))
    step = max(1, BARS_MAX // max((len(row.marks) + 1 for row in rows), default=1))
    step = ceil(len(rows) / ceil(len(rows) / step)) if rows else step
    charts = [_chart(rows[at : at + step], legend, low, scale) for at in range(0, len(rows), step)]
    return [named_chart(chart, title) for chart in charts] if title else charts


def named_chart(chart: str, title: str, described: str = "") -> str:
    """A chart with a title, and perhaps a description, for who cannot see it."""
    head, end, rest = chart.partition(">")
    words = f"<title>{escape(clean(title))}</title>"
    if described:
        words += f"<desc>{escape(clean(described))}</desc>"
    return f'{head} role="img"{end}{words}{rest}'


def map_chart(picture: MapPicture, language: Language) -> str:
    """The map as SVG in print colours."""
    parts = [_HEAD.format(width=480, height=picture.height, font=FONT)]
    for line in sorted(picture.lines, key=lambda each: each.loaded):
        look = f'stroke="{COLOURS[0]}" stroke-width="2"' if line.loaded else f'stroke="{GREY}" stroke-dasharray="4 3"'
        parts.append(f'<polyline fill="none" {look} points="{escape(line.points)}"/>')
    for site in picture.sites:
        colour = COLOURS[1] if site.shape == "station" else INK
        parts.append(f'<circle cx="{site.x}" cy="{site.y}" r="4" fill="{colour}"/>')
        label = site.label_zh if language == "zh" else site.label_en
        if label:
            parts.append(svg_text(label.x, label.y, label.name, anchor=label.anchor, size=11))
    bottom = picture.height - 20
    parts.append(f'<path d="M14 {bottom} v6 h{picture.scale.width} v-6" fill="none" stroke="{INK}"/>')
    parts.append(svg_text(14, bottom - 6, f"{picture.scale.length_km} km", size=11))
    return "".join([*parts, "</svg>"])


def _chart(rows: Sequence[Row], legend: Sequence[tuple[str, str]], low: Decimal, scale: Decimal) -> str:
    heights = [len(row.marks) * _BAR + _GAP for row in rows]
    top = _TOP if legend else 4
    height = top + sum(heights) + 6
    zero = _LABEL - low * scale
    parts = [_HEAD.format(width=WIDTH, height=height, font=FONT), *legend_marks(legend)]
    for row, y in zip(rows, [top + sum(heights[:at]) for at in range(len(rows))], strict=True):
        middle = y + len(row.marks) * _BAR / 2 + 3.5
        parts.append(svg_text(_LABEL - 8, middle, short_label(row.label), anchor="end", size=9))
        for number, mark in enumerate(row.marks):
            if mark is not None:
                parts.append(_bar(mark, y + number * _BAR, zero, scale))
    parts.append(f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="{top - 3}" y2="{height - 4}" stroke="{LINE}"/>')
    return "".join([*parts, "</svg>"])


def _bar(mark: Mark, y: float, zero: Decimal, scale: Decimal) -> str:
    end = zero + mark.value * scale
    start, width = min(zero, end), abs(end - zero)
    parts = [f'<rect x="{start:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BAR - 2}" fill="{mark.colour}"/>']
    right = max(zero, end)
    if mark.whisker is not None:
        half, middle = mark.whisker * scale, y + (_BAR - 2) / 2
        parts.append(
            f'<path d="M{end - half:.1f} {middle:.1f} H{end + half:.1f} M{end - half:.1f} {y:.1f} v{_BAR - 2} '
            f'M{end + half:.1f} {y:.1f} v{_BAR - 2}" fill="none" stroke="{INK}"/>'
        )
        right = max(right, end + half)
    parts.append(svg_text(float(right) + 4, y + _BAR - 2, mark.shown, size=8, colour=GREY))
    return "".join(parts)


def legend_marks(legend: Sequence[tuple[str, str]]) -> list[str]:
    """Words and colours in one line above a chart."""
    parts, x = [], float(_LABEL)
    for words, colour in legend:
        parts.append(f'<rect x="{x:.1f}" y="5" width="9" height="9" fill="{colour}"/>')
        parts.append(svg_text(x + 13, 13, words, size=9))
        x += 28 + sum(10 if ord(letter) > 0x2E7F else 5.4 for letter in words)
    return parts


def _reach(mark: Mark) -> tuple[Decimal, Decimal]:
    half = mark.whisker or Decimal(0)
    return mark.value - half, mark.value + half


def short_label(label: str) -> str:
    """The label, cut where it would not fit beside its bar."""
    wide = 0.0
    for at, letter in enumerate(label):
        wide += 9 if ord(letter) > 0x2E7F else 5
        if wide > _LABEL - 14:
            return label[:at] + "…"
    return label


def svg_text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 10, colour: str = INK) -> str:
    """Words in a chart, escaped."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">'
        f"{escape(clean(words))}</text>"
    )


def number_mark(value: Decimal, places: int, colour: str, whisker: Decimal | None = None) -> Mark:
    """A bar with its number rounded for the eye."""
    return Mark(value=value, shown=rounded(value, places) or "", colour=colour, whisker=whisker)
