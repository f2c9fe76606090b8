"""A flow picture: columns of places, between them bands as wide as what flows. Every column is as high as the next.

What goes past a column stands in it as a place of its own, and what is too small to be seen is joined to one place,
so that nothing is lost on the way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

WIDTH, HEIGHT = 1000, 460
"""Of the picture; the height is shared by all that flows, gaps between places come on top."""
GAP = 20
"""Between the places of a column: room for a label each, so that no two lie on each other."""
TOP, BAR = 20, 12
_EDGES = (150, 390, 610, 838)
"""Where the columns begin."""

Key = tuple[int, str]
"""A place: its column and its name."""
Link = tuple[Key, Key, str]
"""From one place to another, and the colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the picture with what flows through it [mg]."""

    key: Key
    mass_mg: int
    by_colour: Mapping[str, int]
    x: int
    y: str
    height: str
    middle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A band from one place to the next column's; `path` outlines it."""

    link: Link
    mass_mg: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sankey:
    """Places column by column, and the bands between them."""

    columns: tuple[tuple[Place, ...], ...]
    bands: tuple[Band, ...]
    height: int


def join_small(links: Mapping[Link, int], kept: int, others: str, named: Set[Key] = frozenset()) -> dict[Link, int]:
    """Join all but the `kept` largest places of each column to one named `others`; sums stay as they are.

    Parameters
    ----------
    named : places that are never joined, whatever their size, and not counted
    """
    masses: Counter[Key] = Counter()
    for (begin, end, _), mass in links.items():
        masses.update({begin: mass, end: mass})
    columns = {column for column, _ in masses}
    shown = set(named)
    for column in columns:
        ordered = sorted(
            (key for key in masses if key[0] == column and key not in named), key=lambda key: (-masses[key], key)
        )
        shown.update(ordered if len(ordered) <= kept + 1 else ordered[:kept])
    joined: Counter[Link] = Counter()
    for (begin, end, colour), mass in links.items():
        ends = [key if key in shown else (key[0], others) for key in (begin, end)]
        joined[ends[0], ends[1], colour] += mass
    return dict(joined)


def lay_out(links: Mapping[Link, int], past: str) -> Sankey:
    """Lay out a picture of links that go from a column to a later one.

    Parameters
    ----------
    links : what flows [mg], none of it zero
    past : the name of the place for what goes past a column
    """
    steps = _step_by_step(links, past)
    through = _through(steps)
    columns = [
        sorted((key for key in through if key[0] == each), key=lambda key: _rank(key, through, past))
        for each in range(len(_EDGES))
    ]
    whole = max((sum(through[key].total() for key in column) for column in columns), default=0)
    tops = {
        key: TOP + _scaled(sum(through[each].total() for each in column[:index]), whole) + GAP * index
        for column in columns
        for index, key in enumerate(column)
    }
    return Sankey(
        columns=tuple(tuple(_place(key, through[key], tops[key], whole) for key in column) for column in columns),
        bands=tuple(_bands(steps, tops, whole)),
        height=2 * TOP + HEIGHT + GAP * max(max(map(len, columns)) - 1, 0),
    )


def _step_by_step(links: Mapping[Link, int], past: str) -> dict[Link, int]:
    """Links from each column to the next; what goes further stands in the columns between."""
    steps: Counter[Link] = Counter()
    for (begin, end, colour), mass in links.items():
        assert begin[0] < end[0] < len(_EDGES), "a link goes to a later column"
        stops = [begin, *((column, past) for column in range(begin[0] + 1, end[0])), end]
        steps.update({(here, there, colour): mass for here, there in pairwise(stops)})
    return steps


def _through(steps: Mapping[Link, int]) -> dict[Key, Counter[str]]:
    """What goes through each place by colour: what it gives, or gets where it gives nothing."""
    gives: dict[Key, Counter[str]] = {}
    gets: dict[Key, Counter[str]] = {}
    for (begin, end, colour), mass in steps.items():
        gives.setdefault(begin, Counter())[colour] += mass
        gets.setdefault(end, Counter())[colour] += mass
    return gets | gives


def _rank(key: Key, through: Mapping[Key, Counter[str]], past: str) -> tuple[bool, int, Key]:
    return key[1] == past, -through[key].total(), key


def _scaled(mass_mg: int, whole_mg: int) -> Decimal:
    return Decimal(mass_mg) * HEIGHT / whole_mg


def _place(key: Key, colours: Counter[str], top: Decimal, whole: int) -> Place:
    height = _scaled(colours.total(), whole)
    return Place(
        key=key,
        mass_mg=colours.total(),
        by_colour=dict(sorted(colours.items())),
        x=_EDGES[key[0]],
        y=_pixels(top),
        height=_pixels(height),
        middle=_pixels(top + height / 2),
    )


def _bands(steps: Mapping[Link, int], tops: Mapping[Key, Decimal], whole: int) -> Sequence[Band]:
    """Bands leave and enter a place in the order of the places they come from and go to, so that few cross."""
    leaving = sorted(steps, key=lambda link: (tops[link[1]], link[2], link))
    entering = sorted(steps, key=lambda link: (tops[link[0]], link[2], link))
    left = _stacked([(link, link[0]) for link in leaving], steps, tops, whole)
    right = _stacked([(link, link[1]) for link in entering], steps, tops, whole)
    return [
        Band(link=link, mass_mg=mass, path=_outline(link, (left[link], right[link]), _scaled(mass, whole)))
        for link, mass in sorted(steps.items(), key=lambda each: (-each[1], each[0]))
    ]


def _stacked(
    ordered: Sequence[tuple[Link, Key]], steps: Mapping[Link, int], tops: Mapping[Key, Decimal], whole: int
) -> dict[Link, Decimal]:
    """Where each band begins at its place, one below the other."""
    stacked: dict[Link, Decimal] = {}
    used: Counter[Key] = Counter()
    for link, place in ordered:
        stacked[link] = tops[place] + _scaled(used[place], whole)
        used[place] += steps[link]
    return stacked


def _outline(link: Link, tops: tuple[Decimal, Decimal], height: Decimal) -> str:
    start, stop = _EDGES[link[0][0]] + BAR, _EDGES[link[1][0]]
    middle = (start + stop) // 2
    (top, bottom), (top_end, bottom_end) = ((_pixels(top), _pixels(top + height)) for top in tops)
    there = f"M{start} {top}C{middle} {top} {middle} {top_end} {stop} {top_end}"
    return f"{there}V{bottom_end}C{middle} {bottom_end} {middle} {bottom} {start} {bottom}Z"


def _pixels(value: Decimal) -> str:
    return f"{value:.2f}"
