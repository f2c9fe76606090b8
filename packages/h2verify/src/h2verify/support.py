"""What a baseline must state so that a comparison method takes it as supported.

A method publishes it in its parameters, by the kind of the baseline. Methods that publish nothing ask for a source and
a date.
"""

from collections.abc import Mapping, Sequence
from typing import Any

KINDS = ("comparable_vehicle", "peer_fleet", "regulatory_limit")
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


def _find(stated: Mapping[str, Any], name: str) -> Any:
    found: Any = stated
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
