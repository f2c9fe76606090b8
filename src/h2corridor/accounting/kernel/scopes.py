"""Scopes: where facts stand. A chain, an element, a category, an energy entry is a scope; a rule runs inside one.

A name is looked up in the scope itself, then in the scopes above it in the order they are listed; a rule that sums
takes its argument from the scopes below.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from h2corridor.model.errors import RuleError


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A fact: its value (None: not supplied), unit, labels, and where it came from."""

    value: Decimal | None
    unit: str
    label_zh: str
    label_en: str
    origin: Mapping[str, Any]


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the edition's dated parameter counts, selected by region and boundary.

    `wanted` is the boundary that the figure is about; a parameter of another one is a boundary gap.
    """

    parameter: str
    region: str | None
    boundary: str
    wanted: str
    origin: Mapping[str, Any]


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """One scope: its kind (`element.transport`), its path (`element:TCE1`), its facts, and the paths of the scopes
    above it."""

    kind: str
    path: str
    facts: Mapping[str, Given | Dated]
    above: tuple[str, ...] = ()


class Scopes:
    """All scopes of one assessment, by path."""

    def __init__(self, scopes: Iterable[Scope]) -> None:
        self._by_path: dict[str, Scope] = {}
        self._below: dict[str, list[Scope]] = {}
        for scope in scopes:
            if scope.path in self._by_path:
                raise RuleError("rule.bad-scope", "two scopes have this path.", where=scope.path)
            self._by_path[scope.path] = scope
            for path in scope.above:
                self._below.setdefault(path, []).append(scope)

    def get_scope(self, path: str) -> Scope:
        """The scope of this path."""
        return self._by_path[path]

    def list_below(self, path: str, kind: str) -> list[Scope]:
        """The scopes of this kind that have the path above them, in order."""
        return [scope for scope in self._below.get(path, ()) if is_of_kind(scope.kind, kind)]

    def list_of_kind(self, kind: str) -> list[Scope]:
        """All scopes of this kind, in order."""
        return [scope for scope in self._by_path.values() if is_of_kind(scope.kind, kind)]


def is_of_kind(kind: str, wider: str) -> bool:
    """Whether a kind is another one or a narrower one of it.

    >>> is_of_kind("source.hydrogen.unknown", "source.hydrogen"), is_of_kind("sources", "source")
    (True, False)
    """
    return kind == wider or kind.startswith(f"{wider}.")


def widening(kind: str) -> list[str]:
    """A kind and the wider ones it belongs to, narrowest first.

    >>> widening("element.transport.compared")
    ['element.transport.compared', 'element.transport', 'element']
    """
    parts = kind.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def path_part(text: str) -> str:
    """An identifier as part of a path: what a path or a step id uses itself is percent-encoded.

    >>> path_part("A/1 [x]")
    'A%2F1 %5Bx%5D'
    """
    return "".join(f"%{ord(c):02X}" if c in "%[]/" or ord(c) < 32 or ord(c) == 127 else c for c in text)
