"""Where the names of sites go on the map: beside their point, over no other name, over little of the tracks."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from h2corridor.console.map_frame import WIDTH, Point

FONT_SIZE = 13
NAME_MAX = 40
_GAP = 10
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name with the point its baseline starts, ends or is centred at."""

    name: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"]


def place_labels(
    named: Sequence[tuple[str, Point]], height: int, tracks: Sequence[Point], shown: Iterable[Point]
) -> tuple[Label | None, ...]:
    """A place for each name in order; None where every place would cover another name, a site or the frame.

    Parameters
    ----------
    named
        Names with the points they belong to [px].
    height
        Of the frame [px].
    tracks
        Points that are better left uncovered [px].
    shown
        The points of all sites, which no name may cover [px].
    """
    taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in shown]
    labels: list[Label | None] = []
    for name, point in named:
        best = _best_place(_short(name), point, height, tracks, taken)
        labels.append(best[1] if best else None)
        if best:
            taken.append(best[0])
    return tuple(labels)


def _best_place(
    name: str, point: Point, height: int, tracks: Sequence[Point], taken: Sequence[Box]
) -> tuple[Box, Label] | None:
    best: tuple[int, Box, Label] | None = None
    for box, label in _candidates(name, point):
        if box[0] < 2 or box[1] < 2 or box[2] > WIDTH - 2 or box[3] > height - 2:
            continue
        if any(_overlap(box, other) for other in taken):
            continue
        covered = sum(1 for x, y in tracks if box[0] <= x <= box[2] and box[1] <= y <= box[3])
        if best is None or covered < best[0]:
            best = (covered, box, label)
    return None if best is None else best[1:]


def _candidates(name: str, point: Point) -> list[tuple[Box, Label]]:
    width, (x, y) = _width(name), point
    found: list[tuple[Box, Label]] = []
    for down in (0, 14, -14, 26, -26):
        found.append(_label(name, x + _GAP, y + down, width, "start"))
        found.append(_label(name, x - _GAP - width, y + down, width, "end"))
        if down == 0:
            found.append(_label(name, x - width / 2, y - 18, width, "middle"))
            found.append(_label(name, x - width / 2, y + 18, width, "middle"))
    return found


def _label(
    name: str, start: float, middle: float, width: float, anchor: Literal["start", "middle", "end"]
) -> tuple[Box, Label]:
    along = {"start": start, "middle": start + width / 2, "end": start + width}[anchor]
    box = (start, middle - FONT_SIZE * 0.6, start + width, middle + FONT_SIZE * 0.6)
    return box, Label(name=name, x=round(along, 1), y=round(middle + FONT_SIZE * 0.36, 1), anchor=anchor)


def _width(name: str) -> float:
    return sum(FONT_SIZE * (1.0 if unicodedata.east_asian_width(char) in "WF" else 0.56) for char in name)


def _short(name: str) -> str:
    return name if len(name) <= NAME_MAX else name[: NAME_MAX - 1] + "…"


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
