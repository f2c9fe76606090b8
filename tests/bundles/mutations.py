"""Random changes of bytes and of JSON values, drawn from a given source of randomness."""

import copy
from collections.abc import Callable
from random import Random
from typing import Any

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**53 - 1,
    -(2**53) + 1,
    "",
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "1e9",
    "NaN",
    "Infinity",
    "9" * 300,
    "0." + "0" * 250 + "1",
    "[chain]",
    "$",
    "../..",
    "a" * 2_000,
    "\u0000",
    "\u202e",
    "\U0001f69b",
    "2026-02-30",
    "2026-03-02T00:00:00+08:00",
    "00" * 32,
    [],
    {},
    [[]],
    {"": None},
)
"""Values that foreign data put where others are expected."""


def change_bytes(random: Random, data: bytes) -> bytes:
    """Bytes flipped, cut out, repeated or put in, at one to three places."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(changed) + 1)
        length = random.choice((1, 1, 1, 2, 4, 22, 46, 1000))
        kind = random.choice(("flip", "flip", "cut", "repeat", "insert", "move"))
        if kind == "flip" and at < len(changed):
            changed[at] ^= 1 << random.randrange(8)
        elif kind == "cut":
            del changed[at : at + length]
        elif kind == "repeat":
            changed[at:at] = changed[at : at + length]
        elif kind == "insert":
            changed[at:at] = bytes(random.randrange(256) for _ in range(min(length, 22)))
        else:
            piece = changed[at : at + length]
            del changed[at : at + length]
            to = random.randrange(len(changed) + 1)
            changed[to:to] = piece
    return bytes(changed)


def change_value(random: Random, document: Any) -> Any:
    """A copy of a JSON value with one value in it replaced, taken out, added, repeated or swapped with another."""
    document = copy.deepcopy(document)
    holders = [value for value in _walk(document) if isinstance(value, dict | list) and value]
    if not holders:
        return random.choice(HOSTILE)
    holder = random.choice(holders)
    places: list[Any] = sorted(holder) if isinstance(holder, dict) else list(range(len(holder)))
    place = random.choice(places)
    changes: tuple[Callable[[], None], ...] = (
        lambda: holder.__setitem__(place, random.choice(HOSTILE)),
        lambda: holder.__setitem__(place, _near(random, holder[place])),
        lambda: holder.__setitem__(place, _near(random, holder[place])),
        lambda: holder.__setitem__(place, copy.deepcopy(random.choice(list(_walk(document))))),
        lambda: holder.__delitem__(place),
        lambda: _add(random, holder, place),
    )
    random.choice(changes)()
    return document


def _walk(value: Any) -> list[Any]:
    """A value and all values in it."""
    found, waiting = [], [value]
    while waiting:
        each = waiting.pop()
        found.append(each)
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def _near(random: Random, value: Any) -> Any:
    """A value like this one: a number beside it, a text with one character changed, a list in another order."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + random.choice((-1, 1, -1000, 1000))
    if isinstance(value, str) and value:
        at = random.randrange(len(value))
        return value[:at] + random.choice("0123456789aZ.-+[] ") + value[at + random.randint(0, 1) :]
    if isinstance(value, list):
        return random.sample(value, len(value))
    return random.choice(HOSTILE)


def _add(random: Random, holder: Any, place: Any) -> None:
    if isinstance(holder, list):
        holder.insert(place, copy.deepcopy(random.choice(holder)))
    else:
        holder[f"{place}_"] = copy.deepcopy(holder[place])
