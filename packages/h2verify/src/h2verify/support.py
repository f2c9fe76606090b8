"""What a baseline must state so that a comparison method takes it as supported.

A method publishes it in its parameters, by the kind of the baseline. Methods that publish nothing ask for a source and
a date.
"""

from collections.abc import Mapping, Sequence
from typing import Any

KINDS = ("comparable_vehicle", "peer_fleet", "regulatory_limit")
_ABOVE_ZERO = ("payload_t", "peer_vehicles", "peer_distance_km", "baseline_distance_km", "project_distance_km")
UNSTATED: Mapping[str, Sequence[str]] = dict.fromkeys(KINDS, ("source", "date"))
"""What a method asks for that does not say what it asks for."""


def kind_of(stated: Mapping[str, Any]) -> str:
    """The kind of a baseline; a comparable vehicle where it does not say."""
    kind: str = stated.get("kind") or KINDS[0]
    return kind


def dated_by(stated: Mapping[str, Any]) -> tuple[str, str | None]:
    """The field that says of which day a baseline is, and the day: a peer fleet's is the end of its measured period.

    >>> dated_by({"kind": "peer_fleet", "date": "2026-01-01", "period": {"from": "2015-01-01", "until": "2015-12-31"}})
    ('period.until', '2015-12-31')
    """
    if kind_of(stated) == "peer_fleet":
        return "period.until", (stated.get("period") or {}).get("until")
    return "date", stated.get("date")


def list_lacking(stated: Mapping[str, Any], support: Mapping[str, Sequence[str]]) -> list[str]:
    """The fields that a baseline does not state, or leaves empty, and its method asks for.

    It is `kind` alone where the method takes no such kind.

    >>> list_lacking({"source": "fuel book"}, UNSTATED)
    ['date']
    """
    wanted = support.get(kind_of(stated))
    return ["kind"] if wanted is None else [name for name in wanted if _find(stated, name) in (None, "")]


def list_unusable(stated: Mapping[str, Any], activity_date: str | None) -> list[tuple[str, str]]:
    """What a baseline states that supports nothing: amounts that are zero, and days after the activity.

    Each is a field with `zero` or `late`. A truck without load or distance, and a fleet without trucks, replaced
    nothing.

    >>> list_unusable({"payload_t": "0.0", "date": "2026-05-01"}, "2026-04-30")
    [('payload_t', 'zero'), ('date', 'late')]
    """
    texts = {name: stated.get(name) for name in _ABOVE_ZERO}
    found = [(name, "zero") for name, text in texts.items() if text is not None and not text.strip("0.")]
    days = (("date", stated.get("date")), ("period", (stated.get("period") or {}).get("until")))
    late = [
        (name, "late") for name, day in days if day is not None and activity_date is not None and day > activity_date
    ]
    return found + late


def _find(stated: Mapping[str, Any], name: str) -> Any:
    found: Any = stated
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
