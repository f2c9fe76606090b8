"""What a fuzz target is, and how inputs are drawn from the bytes a fuzzer makes.

A target promises one thing of any bytes: a value, a finding, or an error of the tree - never anything else. Its `check`
raises only where that promise is broken.
"""

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGED_TRIAL = ROOT / "src" / "h2corridor" / "demo" / "first-run"

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**53 - 1,
    -(2**53) + 1,
    10**400,
    1.5,
    "",
    "0",
    "-0",
    "0.5",
    "1e9",
    "NaN",
    "9" * 300,
    "0." + "0" * 250 + "1",
    "$",
    "../..",
    "a" * 2_000,
    "\u0000",
    "\ud800",
    "\u202e",
    "٣",  # a digit, but not one of ASCII
    "2026-02-30",
    "0001-01-01T00:00:00+08:00",
    "9999-12-31T23:59:59Z",
    "00" * 32,
    [],
    {},
    [[]],
    {"": None},
)
"""Values that foreign documents put where others are expected."""

PLACES_MAX = 2_000
"""A document that was edited to more places is left as it is: repeating a part of it may double it each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One decoder or reader under test.

    `modules` are those whose lines count as reached; `runs` is the number of executions that every test run makes.
    """

    name: str
    modules: Sequence[ModuleType]
    seeds: Callable[[], Sequence[bytes]]
    check: Callable[[bytes], None]
    runs: int = 1_000
    max_bytes: int = 2_048


class Drawn:
    """Choices from the front of an input; what is left is a payload that a mutation may cut, grow or splice."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def byte(self) -> int:
        """The next byte; 0 where there is none."""
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def word(self) -> int:
        """The next two bytes as a number."""
        return self.byte() << 8 | self.byte()

    def below(self, limit: int) -> int:
        """A number from 0 up to, not including, `limit`."""
        return (self.byte() if limit <= 256 else self.word()) % limit

    def take(self, size: int) -> bytes:
        """The next bytes, at most `size`."""
        taken = self._data[self._at : self._at + size]
        self._at += size
        return taken

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(max(0, len(self._data) - self._at))


def edited(document: Any, drawn: Drawn) -> Any:
    """A document with values replaced, repeated, taken out or added, as many times as the input says."""
    document = copy.deepcopy(document)
    while drawn:
        places = [(holder, place) for holder in _holders(document) for place in _places(holder)]
        if not 0 < len(places) <= PLACES_MAX:
            break
        holder, place = places[drawn.word() % len(places)]
        _edit(holder, place, places, drawn)
    return document


def _edit(holder: Any, place: Any, places: list[tuple[Any, Any]], drawn: Drawn) -> None:
    act = drawn.below(6)
    if act == 0:
        del holder[place]
    elif act == 1:
        other, at = places[drawn.word() % len(places)]
        holder[place] = copy.deepcopy(other[at])
    elif act == 2 and isinstance(holder, list):
        holder.insert(place, copy.deepcopy(holder[place]))
    elif act == 2:
        holder[drawn.take(drawn.below(8)).decode("latin-1")] = holder[place]
    elif act == 3:
        holder[place] = drawn.take(drawn.below(40)).decode("utf-8", "replace")
    elif act == 4 and type(holder[place]) is int:
        holder[place] += drawn.word() - 32_768
    else:
        holder[place] = copy.deepcopy(HOSTILE[drawn.below(len(HOSTILE))])


def _holders(value: Any) -> list[Any]:
    """Every list and object of a document."""
    found, waiting = [], [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict | list):
            found.append(each)
            waiting += each.values() if isinstance(each, dict) else each
    return found


def _places(holder: Any) -> list[Any]:
    return list(holder) if isinstance(holder, dict) else list(range(len(holder)))


def json_bytes(document: Any) -> bytes:
    """A document as JSON, whatever stands in it."""
    return json.dumps(document, ensure_ascii=True).encode()


def require(holds: object, promise: str) -> None:
    """Report a broken promise; unlike `assert` it also counts where Python is told to skip assertions."""
    if not holds:
        raise AssertionError(promise)
