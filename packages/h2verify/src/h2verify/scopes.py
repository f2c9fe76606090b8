"""A transport chain as scopes: what stands where, under the names of the vocabulary, each with its place in the chain.

    chain ◀─ element.transport[.compared][.added] | element.hub | excluded_element
          ◀─ category.transport.(given | driven | added | totals) | category.hub.(given | totals)
               ◀─ source.explicit | .diesel | .electricity | .refrigerant | .hydrogen.(supplied | explicit | unknown)
               ◀─ stop, class[.transport]

An element has its class, its category and the chain above it; a source, stop or class its category and the chain. A
rule runs inside a scope: a name is looked up there, then in the scopes above it; a sum is taken over scopes below.

Read here are plain documents of format transport-chain/1 that are known to be whole (`h2verify.chain_form`); null and
absent are the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from h2verify.canonical import sort_key
from h2verify.vocabulary import VOCABULARY

CHAIN = "chain"
_OPERATION = ("direct", "")
"""The boundary of what leaves the vehicle; such a factor is never a boundary gap."""
GRID_FACTOR = "electricity_wtt_kgco2e_per_kwh"
"""The dated parameter that a grid region stands for."""

Document = Mapping[str, Any]
Electricity = Literal["location", "market"]
"""Whose factor counts: the grid's where the electricity is used, or that of the contract it was bought by."""

_IN_PATHS = "%[]/"
_IN_QUOTES = "%'\\"
_SUPPLIED = (
    "gate_kgco2e_per_kg",
    "delivered_kg",
    "trailer_diesel_l",
    "trailer_compression_kwh",
    "station_dispensed_kg",
    "station_vented_kg",
    "station_electricity_kwh",
)


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


class ScopeIndex:
    """Scopes by path, and what lies below each, in order.

    Attributes
    ----------
    repeated : str or None
        A path that two scopes have, if there is one; the first of them counts.
    """

    def __init__(self, scopes: Iterable[Scope]) -> None:
        self.by_path: dict[str, Scope] = {}
        self.repeated: str | None = None
        self._below: dict[tuple[str, str], list[Scope]] = {}
        for scope in scopes:
            if scope.path in self.by_path:
                self.repeated = self.repeated or scope.path
                continue
            self.by_path[scope.path] = scope
            for path in scope.above:
                for kind in widening(scope.kind):
                    self._below.setdefault((path, kind), []).append(scope)

    def list_below(self, path: str, kind: str) -> Sequence[Scope]:
        """The scopes of this kind, or a narrower one, that have the path above them, in order."""
        return self._below.get((path, kind), ())

    def has_kind(self, kind: str) -> bool:
        """Whether any scope below the chain is of this kind."""
        return (CHAIN, kind) in self._below


def is_of_kind(kind: str, wider: str) -> bool:
    """Whether a kind is another one or a narrower one of it.

    >>> is_of_kind("source.hydrogen.unknown", "source.hydrogen"), is_of_kind("sources", "source")
    (True, False)
    """
    return kind == wider or kind.startswith(f"{wider}.")


@lru_cache(maxsize=1_000)
def widening(kind: str) -> tuple[str, ...]:
    """A kind and the wider ones it belongs to, narrowest first.

    >>> widening("element.transport.compared")
    ('element.transport.compared', 'element.transport', 'element')
    """
    parts = kind.split(".")
    return tuple(".".join(parts[:count]) for count in range(len(parts), 0, -1))


def path_part(text: str) -> str:
    """An identifier as part of a path: what a path or a step id uses itself is percent-encoded.

    >>> path_part("A/1 [x]")
    'A%2F1 %5Bx%5D'
    """
    return _encoded(text, _IN_PATHS)


def element_path(element_id: str) -> str:
    """The path of an element's scope."""
    return f"element:{path_part(element_id)}"


def category_path(name: str) -> str:
    """The path of a category's scope."""
    return f"category:{path_part(name)}"


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


def read_scopes(chain: Document, *, electricity: Electricity = "location") -> tuple[Scope, ...]:
    """All scopes of a chain: the chain, its categories in the canonical order of their names, its elements in order.

    Parameters
    ----------
    chain : mapping
        A transport chain of format transport-chain/1 that is known to be whole.
    electricity : {"location", "market"}
        `market` reads the factor of a contract in the place of the grid's wherever one is stated; all else is the same.
    """
    shipment = chain["shipment"]
    mass = _Writer("$.shipment", _refs(shipment)).write(shipment, mass_kg="mass_kg")
    scopes = [Scope("chain", CHAIN, (), mass)]
    for name in sorted(chain["categories"], key=sort_key):
        category = chain["categories"][name]
        if not is_left_out(category):
            scopes.extend(_category_scopes(name, category, electricity))
    scopes.extend(_element_scope(chain, number) for number in range(len(chain["elements"])))
    return tuple(scopes)


def is_left_out(category: Document) -> bool:
    """Whether a category is a hub that the chain leaves out, with a reason."""
    return category["kind"] == "hub" and category.get("excluded") is not None


class _Writer:
    """Writes facts of one JSON object: the place, the stated source and the references go into every origin."""

    def __init__(self, where: str, refs: Sequence[str] = (), source: str = "") -> None:
        self._where = where
        self._rest: dict[str, Any] = {"source": source} if source else {}
        if refs:
            self._rest["refs"] = list(refs)

    def origin(self, key: str) -> Mapping[str, Any]:
        kind = "fact" if "refs" in self._rest else "input"
        return {"kind": kind, "path": f"{self._where}.{key}", **self._rest}

    def write(self, document: Document | None, **keys: str) -> dict[str, Fact | DatedFact]:
        """Facts by name; each argument is the dotted key under which the object states it."""
        return {name: Fact(_at(document, key), self.origin(key)) for name, key in keys.items()}

    def contract(self, name: str, document: Document, key: str) -> dict[str, Fact | DatedFact]:
        """The factor of the contract that the object states under this key."""
        stated = document[key]
        rest = {**self._rest, "source": f"{stated['instrument']}: {stated['source']}"}
        if _refs(stated):
            rest["refs"] = list(_refs(stated))
        kind = "fact" if "refs" in rest else "input"
        origin = {"kind": kind, "path": f"{self._where}.{key}.kgco2e_per_kwh", **rest}
        return {name: Fact(stated.get("kgco2e_per_kwh"), origin)}

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


def _refs(document: Document) -> Sequence[str]:
    return document.get("refs") or ()


def _element_scope(chain: Document, number: int) -> Scope:
    element = chain["elements"][number]
    name = element["category"]
    category = chain["categories"][name]
    path = element_path(element["id"])
    above: tuple[str, ...] = (category_path(name), CHAIN)
    if element["kind"] == "hub":
        if is_left_out(category):
            return Scope("excluded_element", path, (CHAIN,))
        return Scope("element.hub", path, above, _primary(category, name))
    source = (element.get("distance") or {}).get("source") or ""
    writer = _Writer(f"$.elements[{number}]", _refs(element), source)
    facts = {**_primary(category, name), **writer.write(element, distance_km="distance.km")}
    if element.get("class") is not None:
        above = (class_path(name, element["class"]), *above)
    kind = "element.transport" if category.get("comparison") is None else "element.transport.compared"
    added = category.get("distance_adjustment_km") is not None
    return Scope(f"{kind}.added" if added else kind, path, above, facts)


def _primary(category: Document, name: str) -> dict[str, Fact | DatedFact]:
    text = "1" if category["data"] == "primary" else "0"
    return {"is_primary": Fact(text, _Writer(category_place(name)).origin("data"))}


def _category_scopes(name: str, category: Document, electricity: Electricity) -> Iterator[Scope]:
    writer = _Writer(category_place(name), _refs(category), category["source"])
    if category["kind"] == "hub":
        kind, facts = _hub(category, writer)
    else:
        kind, facts = _transport(category, writer)
        facts |= _comparison(category, name)
    yield Scope(kind, category_path(name), (CHAIN,), facts)
    above = (category_path(name), CHAIN)
    for number, entry in enumerate(category.get("energy") or ()):
        yield _source_scope(category, name, number, entry, electricity)
    for number, entry in enumerate(category.get("refrigerants") or ()):
        inner = _inner(category, name, f"refrigerants[{number}]")
        path = f"{category_path(name)}/refrigerant:{number + 1}"
        yield Scope("source.refrigerant", path, above, _refrigerant(entry, inner))
    for number, stop in enumerate((category.get("round") or {}).get("stops") or ()):
        inner = _inner(category, name, f"round.stops[{number}]")
        written = inner.write(stop, stop_distance_km="distance.km", stop_mass_kg="mass_kg")
        yield Scope("stop", stop_path(name, stop["id"]), above, written)
    for number, each in enumerate(category.get("classes") or ()):
        yield _class_scope(name, number, each)


def _inner(category: Document, name: str, key: str) -> _Writer:
    return _Writer(f"{category_place(name)}.{key}", _refs(category), category["source"])


def _refrigerant(entry: Document, writer: _Writer) -> dict[str, Fact | DatedFact]:
    if entry.get("factor") is None:
        return writer.write(entry, refilled_kg="refilled_kg", gwp100="gwp100")
    named = writer.named("gwp100", "factor", f"{entry['factor']}_gwp100", _OPERATION, unit="kgCO2e/kg")
    return {**writer.write(entry, refilled_kg="refilled_kg"), **named}


def _named_intensity(given: Document, prefix: str, per: str, writer: _Writer) -> dict[str, Fact | DatedFact]:
    """The intensities of a factor by name, as facts `<prefix>_intensity_wtw_kgco2e_per_<per>` and `..._ttw_...`."""
    facts: dict[str, Fact | DatedFact] = {}
    for leg, asked in (("wtw", ("life_cycle", "life_cycle")), ("ttw", _OPERATION)):
        parameter = f"{given['factor']}_{leg}_kgco2e_per_{given['per']}"
        name = f"{prefix}_intensity_{leg}_kgco2e_per_{per}"
        facts |= writer.named(name, "intensity.factor", parameter, asked, unit=f"kgCO2e/{per}")
    return facts


def _hub(category: Document, writer: _Writer) -> tuple[str, dict[str, Fact | DatedFact]]:
    given = category.get("intensity")
    if given is None:
        return "category.hub.totals", writer.write(category, category_throughput_t="throughput_t")
    if given.get("factor") is not None:
        return "category.hub.given", _named_intensity(given, "given", "t", writer)
    return "category.hub.given", writer.write(
        category,
        given_intensity_wtw_kgco2e_per_t="intensity.wtw_kgco2e",
        given_intensity_ttw_kgco2e_per_t="intensity.ttw_kgco2e",
    )


def _transport(category: Document, writer: _Writer) -> tuple[str, dict[str, Fact | DatedFact]]:
    facts: dict[str, Fact | DatedFact] = {}
    if category.get("transport_activity_tkm") is not None or category.get("round") is None:
        facts = writer.write(category, category_transport_activity_tkm="transport_activity_tkm")
    given = category.get("intensity")
    if given is None:
        return "category.transport.totals", facts
    driven = given["per"] == "actual_tkm"
    prefix = "actual" if driven else "given"
    if given.get("factor") is not None:
        facts |= _named_intensity(given, prefix, "tkm", writer)
    else:
        facts |= writer.write(
            category,
            **{f"{prefix}_intensity_{leg}_kgco2e_per_tkm": f"intensity.{leg}_kgco2e" for leg in ("wtw", "ttw")},
        )
    if category.get("distance_adjustment_km") is not None:
        return "category.transport.added", facts | writer.write(
            category, distance_adjustment_km="distance_adjustment_km"
        )
    if driven:
        facts |= writer.write(category, distance_adjustment_factor="distance_adjustment_factor")
    return f"category.transport.{'driven' if driven else 'given'}", facts


def _comparison(category: Document, name: str) -> dict[str, Fact | DatedFact]:
    stated = category.get("comparison")
    if stated is None:
        return {}
    source = ", ".join(part for part in (stated.get("source"), stated.get("date")) if part)
    return _Writer(f"{category_place(name)}.comparison", _refs(category), source).write(
        stated,
        diesel_l_per_100km="diesel_l_per_100km",
        baseline_distance_km="baseline_distance_km",
        baseline_transport_activity_tkm="transport_activity_tkm",
    )


def _source_scope(category: Document, name: str, number: int, entry: Document, electricity: Electricity) -> Scope:
    where = f"{category_place(name)}.energy[{number}]"
    refs = _refs(entry) or _refs(category)
    kind, facts = _source(entry, _Writer(where, refs, category["source"]), electricity)
    if entry.get("supply") is not None:
        facts |= _supply(entry, f"{where}.supply", refs, electricity)
    path = f"{category_path(name)}/energy:{number + 1}"
    return Scope(kind, path, (category_path(name), CHAIN), facts)


def _boundary(entry: Document) -> str:
    return entry.get("factor_boundary") or "life_cycle"


def _source(entry: Document, writer: _Writer, electricity: Electricity) -> tuple[str, dict[str, Fact | DatedFact]]:
    explicit = entry.get("wtt_kgco2e_per_unit") is not None or entry.get("ttw_kgco2e_per_unit") is not None
    carrier = (entry["carrier"], entry["unit"])
    if entry.get("supply") is not None:
        return "source.hydrogen.supplied", writer.write(entry, hydrogen_kg="amount")
    if entry.get("origin") is not None:
        return "source.hydrogen.unknown", writer.write(entry, hydrogen_kg="amount")
    by_name = entry.get("factor") is not None
    if not explicit and not by_name and carrier == ("diesel", "l"):
        return "source.diesel", writer.write(entry, diesel_l="amount")
    if not explicit and not by_name and carrier == ("electricity", "kWh"):
        if electricity == "market" and entry.get("contract") is not None:
            factor = writer.contract(GRID_FACTOR, entry, "contract")
        else:
            factor = writer.electricity(GRID_FACTOR, entry, "", _boundary(entry))
        return "source.electricity", {**writer.write(entry, electricity_kwh="amount"), **factor}
    facts = writer.write(entry, amount="amount")
    if by_name:
        facts |= _named_factors(entry, writer)
    else:
        facts |= writer.write(entry, wtt_kgco2e_per_unit="wtt_kgco2e_per_unit")
        facts |= writer.write(entry, ttw_kgco2e_per_unit="ttw_kgco2e_per_unit")
    if carrier == ("hydrogen", "kg"):
        return "source.hydrogen.explicit", {**facts, **writer.write(entry, hydrogen_kg="amount")}
    return "source.explicit", facts


def _named_factors(entry: Document, writer: _Writer) -> dict[str, Fact | DatedFact]:
    """The factors of an entry that names one: `<factor>_wtt_kgco2e_per_<unit>` and `<factor>_ttw_kgco2e_per_<unit>`."""
    facts: dict[str, Fact | DatedFact] = {}
    unit = entry["unit"]
    for leg, asked in (("wtt", (_boundary(entry), "life_cycle")), ("ttw", _OPERATION)):
        name, parameter = f"{leg}_kgco2e_per_unit", f"{entry['factor']}_{leg}_kgco2e_per_{unit.lower()}"
        facts |= writer.named(name, "factor", parameter, asked, unit=f"kgCO2e/{unit}", grid=entry)
    return facts


def _supply(entry: Document, where: str, refs: Sequence[str], electricity: Electricity) -> dict[str, Fact | DatedFact]:
    supply = entry["supply"]
    source = f"batch {supply['batch']}, station {supply['station']}"
    writer = _Writer(where, _refs(supply) or refs, source)
    facts = writer.write(supply, **{name: name for name in _SUPPLIED})
    for place in ("trailer", "station"):
        name = f"{place}_electricity_kgco2e_per_kwh"
        if electricity == "market" and supply.get(f"{place}_contract") is not None:
            facts |= writer.contract(name, supply, f"{place}_contract")
        else:
            facts |= writer.electricity(name, supply, f"{place}_", _boundary(entry))
    return facts


def _class_scope(name: str, number: int, each: Document) -> Scope:
    keys = {"class_quantity": "quantity", "class_equivalent": "equivalent"}
    kind = "class"
    if each.get("transport_activity_tkm") is not None:
        kind = "class.transport"
        keys["class_transport_activity_tkm"] = "transport_activity_tkm"
    facts = _Writer(f"{category_place(name)}.classes[{number}]").write(each, **keys)
    return Scope(kind, class_path(name, each["name"]), (category_path(name), CHAIN), facts)
