"""What the page of custody shows: where every kilogram went, and who may speak of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from h2corridor.app.custody import read_custody, show_custody
from h2corridor.app.custody_flows import Flow, Node, beyond_record_mg, list_flows
from h2corridor.app.custody_views import BatchView, kilograms
from h2corridor.app.read_report import LastRun
from h2corridor.console.display import find_decimal, local_instant
from h2corridor.console.sankey import BAR, WIDTH, Link, Place, Sankey, join_small, lay_out
from h2corridor.console.views import Words, site_name, site_names
from h2corridor.model.errors import WorkspaceError

PLACES_MAX = 12
"""Places that a column names, beside unknown origin and ends of a kind; the rest is one."""
COLOURS = 7
"""Batches with a colour of their own, the largest; the rest share one, unknown origin has one."""
OTHERS, PAST, UNKNOWN = "others", "past", ""
_JOINED = "\x00others"
"""The colour of the rest; no batch's id."""
_COLUMNS = {"source": 0, "station": 1, "truck": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A place as drawn: its name, or the key of the words for it; parts are colour number and mass, as in legend."""

    place: Place
    kind: str
    name: Words | None
    kg: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchBar:
    """A batch with its parts of what was produced: name, start and width in per cent, mass [kg].

    `until` is the end of its certificate.
    """

    batch: BatchView
    until: str | None
    parts: tuple[tuple[str, str, str, str], ...]


def custody_view(run: LastRun, workspace: Path) -> dict[str, Any]:
    """The page of custody; `state` is `absent` where the run left no ledger, `empty` where nothing flowed.

    Raises
    ------
    WorkspaceError
        `report.unreadable`: the ledger is there and cannot be read.
    """
    try:
        custody = read_custody(workspace)
    except WorkspaceError as error:
        if error.code != "report.custody-absent":
            raise
        return {"run": run, "state": "absent"}
    flows = list_flows(custody)
    view = show_custody(workspace, None)
    values = {"run": run, "rule_sets": view.rule_sets, "bars": [_bar(each) for each in view.batches]}
    if not flows:
        return {**values, "state": "empty"}
    beyond = beyond_record_mg(custody.postings)
    return {
        **values,
        "state": "shown",
        "beyond_kg": kilograms(beyond) if beyond else None,
        **picture_view(flows, site_names(run.tracks)),
    }


def picture_view(flows: Mapping[Flow, int], names: Mapping[str, Words]) -> dict[str, Any]:
    """The picture: places, bands, legend, and the numbers that it draws."""
    colours = _colours(flows)
    links: Counter[Link] = Counter()
    for flow, mass in flows.items():
        links[_key(flow.begin), _key(flow.end), _colour(flow.batch, colours)] += mass
    named = {_key(node) for flow in flows for node in flow[:2] if not node.name}
    picture = lay_out(join_small(links, PLACES_MAX, OTHERS, named), PAST)
    used = {band.link[2] for band in picture.bands}
    legend = [each for each in (*colours, _JOINED, UNKNOWN) if each in used]
    number = {each: {_JOINED: "others", UNKNOWN: "unknown"}.get(each, str(at)) for at, each in enumerate(legend, 1)}
    columns = [[_place(each, legend, names) for each in column] for column in picture.columns]
    by_key = {each.place.key: each for column in columns for each in column}
    return {
        "size": (WIDTH, picture.height, BAR),
        "columns": columns,
        "bands": [
            (band, number[band.link[2]], by_key[band.link[0]], by_key[band.link[1]], kilograms(band.mass_mg))
            for band in picture.bands
        ],
        "legend": [(number[each], None if each in (_JOINED, UNKNOWN) else each) for each in legend],
        "whole_kg": kilograms(_whole(picture)),
    }


def _whole(picture: Sankey) -> int:
    return sum(place.mass_mg for place in picture.columns[0])


def _colours(flows: Mapping[Flow, int]) -> dict[str, int]:
    """The batches that get a colour, the largest first."""
    masses: Counter[str] = Counter()
    for flow, mass in flows.items():
        masses[flow.batch] += mass if flow.begin.kind == "source" and flow.batch else 0
    ordered = sorted((batch for batch in masses if batch), key=lambda batch: (-masses[batch], batch))
    kept = ordered if len(ordered) <= COLOURS else ordered[: COLOURS - 1]
    return {batch: masses[batch] for batch in kept}


def _colour(batch: str, colours: Mapping[str, int]) -> str:
    return batch if not batch or batch in colours else _JOINED


def _key(node: Node) -> tuple[int, str]:
    return _COLUMNS.get(node.kind, 3), f"{node.kind}:{node.name}"


def _place(place: Place, legend: Iterable[str], names: Mapping[str, Words]) -> PlaceView:
    kind, _, name = place.key[1].partition(":")
    known = site_name(name, names) if kind == "station" else Words(zh=name, en=name)
    return PlaceView(
        place=place,
        kind=f"unknown_{kind}" if kind == "source" and not name else kind,
        name=known if name else None,
        kg=kilograms(place.mass_mg),
        parts=tuple(kilograms(place.by_colour.get(each, 0)) for each in legend),
    )


def _bar(batch: BatchView) -> BatchBar:
    masses = {
        "backed": batch.used_kg.get("backed", "0"),
        "sold": batch.sold_kg,
        "expired": batch.expired_kg,
        "left": batch.left_kg,
    }
    whole, start, parts = find_decimal(batch.produced_kg) or Decimal(1), Decimal(0), []
    for name, mass in masses.items():
        width = 100 * (find_decimal(mass) or Decimal(0)) / whole
        parts.append((name, f"{start:.2f}", f"{width:.2f}", mass))
        start += width
    return BatchBar(batch=batch, until=_instant(batch.valid_until_s), parts=tuple(parts))


def _instant(at_s: int | None) -> str | None:
    return None if at_s is None else local_instant(datetime.fromtimestamp(at_s, UTC).isoformat())
