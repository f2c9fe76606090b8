"""What a chain is read into: facts with their places, scopes with their paths, and the writer of both.

What kinds of scope there are and what stands in each, `h2verify.scopes` draws.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from h2verify.vocabulary import VOCABULARY

CHAIN = "chain"
OPERATION = ("direct", "")
"""The boundary of what leaves the vehicle; such a factor is never a boundary gap."""
GRID_FACTOR = "electricity_wtt_kgco2e_per_kwh"
"""The dated parameter that a grid region stands for."""

VALIDITY = ("valid_from", "valid_until")
"""What says on which days a contract holds."""

Document = Mapping[str, Any]
Electricity = Literal["location", "market"]
"""Whose factor counts: the grid's where the electricity is used, or that of the contract it was bought by."""

_IN_PATHS = "%[]/"
_IN_QUOTES = "%'\\"


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that the chain states: its text there (None: not supplied), and where it is from."""

    text: str | None
    origin: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A place where the edition's dated parameter counts, selected by region, boundary and level of region.

    `wanted` is the boundary that the figure is about; a parameter of another one is a boundary gap. A factor by name
    has its parameter's `unit` prescribed, and stands in a step in its own `shown_unit`.
    """

    parameter: str
    region: str | None
    boundary: str
    wanted: str
    origin: Mapping[str, Any]
    level: str | None = None
    unit: str | None = None
    shown_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope: its kind (`element.transport`), its path (`element:TCE1`), the paths of the scopes above it, nearest
    first, and its facts by name."""

    kind: str
    path: str
    above: tuple[str, ...] = ()
    facts: Mapping[str, Fact | DatedFact] = field(default_factory=dict)


def path_part(text: str) -> str:
    """An identifier as part of a path: what a path or a step id uses itself is percent-encoded.

    >>> path_part("A/1 [x]")
    'A%2F1 %5Bx%5D'
    """
    return _encoded(text, _IN_PATHS)


def path_name(part: str) -> str:
    """The identifier that `path_part` wrote.

    >>> path_name(path_part("A/1 [50%]"))
    'A/1 [50%]'
    """
    return re.sub("%([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), part)


def element_path(element_id: str) -> str:
    """The path of an element's scope."""
    return f"element:{path_part(element_id)}"


def category_path(name: str) -> str:
    """The path of a category's scope."""
    return f"category:{path_part(name)}"


def source_path(name: str, number: int) -> str:
    """The path of the scope of a category's energy entry, counted from one."""
    return f"{category_path(name)}/energy:{number}"


def refrigerant_path(name: str, number: int) -> str:
    """The path of the scope of a category's refrigerant, counted from one."""
    return f"{category_path(name)}/refrigerant:{number}"


def stop_path(category: str, stop_id: str) -> str:
    """The path of a stop's scope."""
    return f"{category_path(category)}/stop:{path_part(stop_id)}"


def class_path(category: str, name: str) -> str:
    """The path of a class's scope."""
    return f"{category_path(category)}/class:{path_part(name)}"


def category_place(name: str) -> str:
    """The place of a category in the document; what would end the quotation is percent-encoded.

    >>> category_place("hub A/1"), category_place("driver's")
    ("$.categories['hub A/1']", "$.categories['driver%27s']")
    """
    return f"$.categories['{_encoded(name, _IN_QUOTES)}']"


def _encoded(text: str, special: str) -> str:
    if text.isalnum():
        return text
    return "".join(f"%{ord(c):02X}" if c in special or ord(c) < 32 or ord(c) == 127 else c for c in text)


class FactWriter:
    """Writes facts of one JSON object: the place, the stated source and the references go into every origin."""

    def __init__(self, where: str, refs: Sequence[str] = (), source: str = "") -> None:
        self._where = where
        self._rest: dict[str, Any] = {"source": source} if source else {}
        if refs:
            self._rest["refs"] = list(refs)

    def origin(self, key: str) -> Mapping[str, Any]:
        """Where what stands under a key is from."""
        kind = "fact" if "refs" in self._rest else "input"
        return {"kind": kind, "path": f"{self._where}.{key}", **self._rest}

    def write(self, document: Document | None, **keys: str) -> dict[str, Fact | DatedFact]:
        """Facts by name; each argument is the dotted key under which the object states it."""
        return {name: Fact(_at(document, key), self.origin(key)) for name, key in keys.items()}

    def contract(self, name: str, document: Document, key: str) -> dict[str, Fact | DatedFact]:
        """The factor of the contract that the object states under this key.

        A contract that does not say from when until when it holds supplies none.
        """
        stated = document[key]
        rest = {**self._rest, "source": f"{stated['instrument']}: {stated['source']}"}
        if refs_of(stated):
            rest["refs"] = list(refs_of(stated))
        kind = "fact" if "refs" in rest else "input"
        undated = next((each for each in VALIDITY if stated.get(each) is None), None)
        origin = {"kind": kind, "path": f"{self._where}.{key}.{undated or 'kgco2e_per_kwh'}", **rest}
        return {name: Fact(None if undated else stated.get("kgco2e_per_kwh"), origin)}

    def electricity(self, name: str, document: Document, end: str, boundary: str) -> dict[str, Fact | DatedFact]:
        """The factor of a grid region, of the level that is asked for; not supplied where the region is not."""
        key = f"{end}grid_region"
        region = document.get(key)
        if region is None:
            return {name: Fact(None, self.origin(key))}
        level = document.get(f"{end}grid_level")
        return {name: DatedFact(GRID_FACTOR, region, boundary, "life_cycle", self.origin(key), level)}

    def named(
        self, name: str, key: str, parameter: str, leg: tuple[str, str], *, unit: str, grid: Document | None = None
    ) -> dict[str, Fact | DatedFact]:
        """A factor by name: the edition's parameter in this unit, of the grid's region and level where it has one.

        `leg` is the boundary that is asked for, and the one that the figure is about.
        """
        region, level = (grid or {}).get("grid_region"), (grid or {}).get("grid_level")
        shown = VOCABULARY[name].unit
        return {name: DatedFact(parameter, region, leg[0], leg[1], self.origin(key), level, unit, shown)}


def _at(document: Document | None, key: str) -> str | None:
    found: Any = document
    for part in key.split("."):
        if found is None:
            return None
        found = found.get(part)
    text: str | None = found
    return text


def refs_of(document: Document) -> Sequence[str]:
    """The references that an object states."""
    return document.get("refs") or ()
