"""Scopes: where facts stand. A chain, an element, a category, an energy entry is a scope; a rule runs inside one.

A name is looked up in the scope itself, then in the scopes above it in the order they are listed; a rule that sums
takes its argument from the scopes below.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from h2verify.scope_facts import DatedFact as Dated
from h2verify.scopes import is_of_kind

from h2corridor.model.errors import RuleError

__all__ = ["Dated", "Given", "Scope", "Scopes"]


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A fact: its value (None: not supplied), unit, labels, and where it came from."""

    value: Decimal | None
    unit: str
    label_zh: str
    label_en: str
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
