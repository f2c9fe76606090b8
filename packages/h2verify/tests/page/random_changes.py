"""One random change to a document: what a forger or a fault may do to a value anywhere in it."""

import copy
import random
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]

NUMBERS = (0, 1, -1, 2**53 - 1, None, "1", True)
TEXTS = ("", None, 5, "x" * 4097, "truck-1", "HUB", "STATION", "B1", "no-data", "1e1")


def random_change(draw: random.Random, document: Any) -> Path:
    """Change one value of a document in place, leave it out, or repeat it; give its place."""
    place = draw.choice([path for path in _places(document) if path])
    owner = _at(document, place[:-1])
    name = place[-1]
    if isinstance(owner, list) and isinstance(name, int) and draw.random() < 0.3:
        if draw.random() < 0.5:
            del owner[name]
        else:
            owner.insert(draw.randrange(len(owner) + 1), copy.deepcopy(owner[name]))
    else:
        owner[name] = _changed(draw, owner[name])
    return place


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in members:
        yield from _places(part, (*path, name))


def _at(value: Any, path: Path) -> Any:
    for name in path:
        value = value[name]
    return value


def _changed(draw: random.Random, value: Any) -> Any:
    if isinstance(value, bool):
        return draw.choice((not value, None, "true"))
    if isinstance(value, int):
        return draw.choice((value + 1, value - 1, value * 2, value + 1000, *NUMBERS))
    if isinstance(value, str):
        return draw.choice((f"{value}x", value[:-1], *TEXTS))
    if isinstance(value, list):
        return draw.choice(([], value + value, value[::-1], [*value, "x"], [*value, 1], None))
    return draw.choice((None, 1, "x", {}, []))
