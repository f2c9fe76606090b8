"""Time cut into spans: each lies in one segment between trip-ending stands and in one window between fills."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from h2verify.activity.values import Span, SpanSums, Stand, Window

Row = dict[str, Any]


def cut_spans(ends: Mapping[str, Row], stands: Sequence[Stand], windows: Sequence[Window]) -> list[Span]:
    """Give the spans of every truck, in order; together they cover its data once.

    Parameters
    ----------
    ends : first and last reading of each truck
    stands : trip-ending stands
    windows : windows between fills
    """
    spans: list[Span] = []
    for vin in sorted(ends):
        first, last = ends[vin]["first_at_s"] - 1, ends[vin]["last_at_s"]
        splits = sorted({min(stand.split_at_s, last) for stand in stands if stand.vin == vin})
        edges = [window.from_s for window in windows if window.vin == vin]
        marks = sorted({first, last, *splits, *(edge for edge in edges if first < edge < last)})
        for number, (start, end) in enumerate(pairwise(marks)):
            spans.append(
                Span(
                    vin=vin,
                    span_no=number,
                    segment_no=sum(1 for split in splits if split <= start),
                    window_no=sum(1 for edge in edges if edge <= start) - 1,
                    from_s=start,
                    to_s=end,
                )
            )
    return spans


def trips_of(sums: Sequence[SpanSums], stands: Sequence[Stand]) -> list[Row]:
    """Give the trips: segments in which the truck moved, with the sites of the stands on both sides.

    Returns
    -------
    rows of the `trips` table: trip_id, vin, trip_no, segment_no, started_at_s, ended_at_s, origin_site,
    destination_site, distance_mm (None when a step of it is unknown), stack_charge_twice, stack_energy_twice,
    unobserved_s, readings, finished
    """
    trips: list[Row] = []
    numbers: dict[str, int] = {}
    segments: dict[tuple[str, int], list[SpanSums]] = {}
    for entry in sums:
        segments.setdefault((entry.span.vin, entry.span.segment_no), []).append(entry)
    for (vin, segment_no), parts in sorted(segments.items()):
        if not any(part.moving_readings for part in parts):
            continue
        numbers[vin] = numbers.get(vin, 0) + 1
        mine = sorted((stand for stand in stands if stand.vin == vin), key=lambda stand: stand.split_at_s)
        trips.append(_trip(vin, numbers[vin], segment_no, parts, mine))
    return trips


def _trip(vin: str, number: int, segment_no: int, parts: Sequence[SpanSums], stands: Sequence[Stand]) -> Row:
    origin = stands[segment_no - 1] if 0 < segment_no <= len(stands) else None
    destination = stands[segment_no] if segment_no < len(stands) else None
    unknown = sum(part.distance_unknown for part in parts)
    return {
        "trip_id": f"{vin}-{number:04d}",
        "vin": vin,
        "trip_no": number,
        "segment_no": segment_no,
        "started_at_s": min(part.first_active_s for part in parts if part.first_active_s is not None),
        "ended_at_s": _ended_at_s(parts, destination),
        "origin_site": origin.site_id if origin else None,
        "destination_site": destination.site_id if destination else None,
        "distance_mm": None if unknown else sum(part.distance_ninths_mm for part in parts) // 9,
        "stack_charge_twice": sum(part.charge_twice for part in parts),
        "stack_energy_twice": sum(part.energy_twice for part in parts),
        "first_soc_pct": next((part.first_soc_pct for part in parts if part.first_soc_pct is not None), None),
        "last_soc_pct": next((part.last_soc_pct for part in reversed(parts) if part.last_soc_pct is not None), None),
        "unobserved_s": sum(part.unobserved_s for part in parts),
        "readings": sum(part.readings for part in parts),
        "finished": int(destination is not None and destination.site_id is not None),
    }


def _ended_at_s(parts: Sequence[SpanSums], destination: Stand | None) -> int:
    """Give when a truck was last seen active, no later than when it stood at its destination."""
    last_active_s = max(part.last_active_s for part in parts if part.last_active_s is not None)
    return min(last_active_s, destination.started_at_s) if destination else last_active_s
