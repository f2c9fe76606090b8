"""Bundles that were tampered with at random: bytes, members, and documents that were signed again afterwards."""

import copy
import random
from collections.abc import Callable
from typing import Any

from h2verify.derivation import compute, decimal_text
from h2verify.errors import VerifyError
from made_bundle import POLICY, make_bundle, make_members, pack

Forgery = tuple[str, bytes, bytes | None, str | None]
"""What was done, the bundle, the reader's policy, the depth asked for."""

STAGES = ("chain", "figures", "statement", "log", "proof", "signed", "identity", "status", "manifest")
_FOREIGN: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**53 - 1, "", "0", "-0", "00", "1.50", "0.000000000001", "x", "1e5"),
    *("2026-03-02", "2026-13-02", "é", "\u202e", "a\nb", "%", {}, [], ["a"], {"a": 1}),
)
_LETTERS = ("0", "1", "9", "a", ".", "-", " ", "", "%", "[", "]", "+", "*", "(", ")", "Z", "é")
_JSON_BITS = (b" ", b'"', b"{", b"[", b"1", b"1.0", b"\\u0041", b"\\ud800", b"-0", b"9" * 17, b"NaN", b"\xff", b"")


def make_forgeries(seed: int, count: int) -> list[Forgery]:
    """So many forgeries; the same for the same seed."""
    draw = random.Random(seed)
    found: list[Forgery] = []
    while len(found) < count:
        kind = draw.choice(["bytes", "member", "absent", "foreign", *STAGES, *STAGES])
        try:
            bundle = _forge(draw, kind)
        except (VerifyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
            continue
        policy = draw.choice([None, None, None, POLICY, _spoilt(draw, POLICY)])
        depth = draw.choice([None] * 8 + ["figure", "activity"])
        found.append((kind, bundle, policy, depth))
    return found


def _forge(draw: random.Random, kind: str) -> bytes:
    if kind == "bytes":
        return _spoilt(draw, make_bundle())
    if kind in STAGES:
        return make_bundle({kind: _changer(draw, recomputed=kind == "figures" and draw.random() < 0.6)})
    members = make_members()
    name = draw.choice(sorted(members))
    if kind == "absent":
        del members[name]
    elif kind == "foreign":
        members[draw.choice(["x", "activity/9.json", "a/../b", "rulesets/a/b/c", "signatures/1.note"])] = b"{}"
    else:
        data, at = members[name], draw.randrange(len(members[name]) + 1)
        members[name] = data[:at] + draw.choice(_JSON_BITS) + data[at + draw.randrange(2) :]
    return pack(members)


def _changer(draw: random.Random, *, recomputed: bool) -> Callable[[Any], Any]:
    def changed(document: Any) -> Any:
        document = _changed(draw, document)
        return _with_values(document) if recomputed else document

    return changed


def _changed(draw: random.Random, document: Any) -> Any:
    """The document with one change somewhere in it."""
    document = copy.deepcopy(document)
    places = _places(document)
    if not places:
        return document
    outer, key = draw.choice(places)
    old = outer[key]
    kind = draw.randrange(6)
    if kind == 0:
        outer[key] = copy.deepcopy(draw.choice(_FOREIGN))
    elif kind == 1 and isinstance(old, str):
        at = draw.randrange(len(old) + 1)
        outer[key] = old[:at] + draw.choice(_LETTERS) + old[at + draw.randrange(2) :]
    elif kind == 2:
        del outer[key]
    elif kind == 3 and isinstance(outer, dict):
        outer[draw.choice(["x", "kind", "formula", "from", "guard"])] = copy.deepcopy(old)
    elif kind == 4 and isinstance(outer, list):
        draw.shuffle(outer)
    else:
        other, name = draw.choice(places)
        outer[key] = copy.deepcopy(other[name])
    return document


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a document: the object or list, and the name or number in it."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


def _with_values(figures: Any) -> Any:
    """The derivation with every value computed again, as a forger would leave it."""
    known: dict[str, Any] = {}
    for steps in (figures["steps"], *(each["steps"] for each in figures["comparisons"])):
        values = compute({step["id"]: step for step in steps}, known)
        for step in steps:
            step["value"] = decimal_text(values[step["id"]])
        known |= values
    return figures


def _spoilt(draw: random.Random, data: bytes) -> bytes:
    """Bytes of which a few are others, gone, or new."""
    spoilt = bytearray(data)
    for _ in range(draw.choice([1, 1, 2, 5])):
        at = draw.randrange(len(spoilt))
        spoilt[at : at + draw.randrange(3)] = draw.randbytes(draw.randrange(2))
    return bytes(spoilt)
