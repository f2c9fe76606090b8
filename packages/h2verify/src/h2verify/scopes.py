"""A transport chain as scopes: what stands where, under the names of the vocabulary, each with its place in the chain.

    chain[.uncertain]
          ◀─ element.transport[.compared] | element.hub | excluded_element
          ◀─ category.transport.(given | driven | totals) | category.hub.(given | totals)
               ◀─ source.explicit | .diesel | .electricity | .refrigerant | .hydrogen.(supplied | explicit | unknown)
               ◀─ stop, class[.transport]
               ◀─ baseline.(comparable_vehicle | peer_fleet | regulatory_limit)[.improving]
               ◀─ life_cycle, overhead.(per_tkm | per_period), leakage, detours

An element has its class, its category and the chain above it; what stands under a category has it and the chain. The
last two lines are there for a category that states a comparison (`detours` where it says what was driven); a chain is
`uncertain` where the half width of its difference is stated. A rule runs inside a scope: a name is looked up there,
then in the scopes above it; a sum is taken over scopes below.

Read here are plain documents of format transport-chain/1 that are known to be whole (`h2verify.chain_form`); null and
absent are the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from h2verify.canonical import sort_key

CHAIN = "chain"
GRID_FACTOR = "electricity_wtt_kgco2e_per_kwh"
"""The dated parameter that a grid region stands for."""

Document = Mapping[str, Any]

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
_BASELINE = ("peer_diesel_l", "peer_transport_activity_tkm", "limit_l_per_100km", "improvement_pct_per_year")
_LIFE_CYCLE = (
    "baseline_vehicle_kgco2e_per_km",
    "baseline_tyres_kgco2e_per_km",
    "baseline_upkeep_kgco2e_per_km",
    "project_vehicle_kgco2e_per_km",
    "project_tyres_kgco2e_per_km",
    "project_upkeep_kgco2e_per_km",
)
_OVERHEAD_PER_PERIOD = {"overhead_kgco2e": "kgco2e", "overhead_transport_activity_tkm": "transport_activity_tkm"}
_LEAKAGE = {"hydrogen_leaked_kg": "leaked_kg", "hydrogen_gwp_kgco2e_per_kg": "gwp_kgco2e_per_kg"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that the chain states: its text there (None: not supplied), and where it is from."""

    text: str | None
    origin: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A place where the edition's dated parameter counts, selected by region and boundary.

    `wanted` is the boundary that the figure is about; a parameter of another one is a boundary gap.
    """

    parameter: str
    region: str | None
    boundary: str
    wanted: str
    origin: Mapping[str, Any]


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
    return "".join(f"%{ord(c):02X}" if c in special or ord(c) < 32 or ord(c) == 127 else c for c in text)


def read_scopes(chain: Document) -> tuple[Scope, ...]:
    """All scopes of a chain: the chain, its categories in the canonical order of their names, its elements in order.

    Parameters
    ----------
    chain : mapping
        A transport chain of format transport-chain/1 that is known to be whole.
    """
    shipment = chain["shipment"]
    mass = _Writer("$.shipment", _refs(shipment)).write(shipment, mass_kg="mass_kg")
    scopes = [Scope("chain", CHAIN, (), mass) if chain.get("uncertainty") is None else _uncertain(chain, mass)]
    for name in sorted(chain["categories"], key=sort_key):
        category = chain["categories"][name]
        if not is_left_out(category):
            scopes.extend(_category_scopes(name, category))
            scopes.extend(_compared_scopes(name, category, chain.get("activity_date")))
    scopes.extend(_element_scope(chain, number) for number in range(len(chain["elements"])))
    return tuple(scopes)


def _uncertain(chain: Document, facts: Mapping[str, Fact | DatedFact]) -> Scope:
    stated = chain["uncertainty"]
    writer = _Writer("$.uncertainty", source=stated.get("source") or "")
    half_width = writer.write(stated, difference_half_width_kgco2e="half_width_kgco2e")
    return Scope("chain.uncertain", CHAIN, (), {**facts, **half_width})


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

    def electricity(self, name: str, document: Document, key: str, boundary: str) -> dict[str, Fact | DatedFact]:
        """The factor of a grid region; not supplied where the region is not."""
        region = document.get(key)
        if region is None:
            return {name: Fact(None, self.origin(key))}
        return {name: DatedFact(GRID_FACTOR, region, boundary, "life_cycle", self.origin(key))}


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
    compared = category.get("comparison") is not None
    return Scope("element.transport.compared" if compared else "element.transport", path, above, facts)


def _primary(category: Document, name: str) -> dict[str, Fact | DatedFact]:
    text = "1" if category["data"] == "primary" else "0"
    return {"is_primary": Fact(text, _Writer(category_place(name)).origin("data"))}


def _category_scopes(name: str, category: Document) -> Iterator[Scope]:
    writer = _Writer(category_place(name), _refs(category), category["source"])
    if category["kind"] == "hub":
        kind, facts = _hub(category, writer)
    else:
        kind, facts = _transport(category, writer)
        facts |= _comparison(category, name)
    yield Scope(kind, category_path(name), (CHAIN,), facts)
    above = (category_path(name), CHAIN)
    for number, entry in enumerate(category.get("energy") or ()):
        yield _source_scope(category, name, number, entry)
    for number, entry in enumerate(category.get("refrigerants") or ()):
        inner = _inner(category, name, f"refrigerants[{number}]")
        path = f"{category_path(name)}/refrigerant:{number + 1}"
        written = inner.write(entry, refilled_kg="refilled_kg", gwp100="gwp100")
        yield Scope("source.refrigerant", path, above, written)
    for number, stop in enumerate((category.get("round") or {}).get("stops") or ()):
        inner = _inner(category, name, f"round.stops[{number}]")
        written = inner.write(stop, stop_distance_km="distance.km", stop_mass_kg="mass_kg")
        yield Scope("stop", stop_path(name, stop["id"]), above, written)
    for number, each in enumerate(category.get("classes") or ()):
        yield _class_scope(name, number, each)


def _inner(category: Document, name: str, key: str) -> _Writer:
    return _Writer(f"{category_place(name)}.{key}", _refs(category), category["source"])


def _hub(category: Document, writer: _Writer) -> tuple[str, dict[str, Fact | DatedFact]]:
    if category.get("intensity") is None:
        return "category.hub.totals", writer.write(category, category_throughput_t="throughput_t")
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
    prefix = "actual" if given["per"] == "actual_tkm" else "given"
    keys = {
        f"{prefix}_intensity_wtw_kgco2e_per_tkm": "intensity.wtw_kgco2e",
        f"{prefix}_intensity_ttw_kgco2e_per_tkm": "intensity.ttw_kgco2e",
    }
    if given["per"] == "actual_tkm":
        keys["distance_adjustment_factor"] = "distance_adjustment_factor"
        return "category.transport.driven", {**facts, **writer.write(category, **keys)}
    return "category.transport.given", {**facts, **writer.write(category, **keys)}


def _comparison(category: Document, name: str) -> dict[str, Fact | DatedFact]:
    stated = category.get("comparison")
    if stated is None:
        return {}
    return _Writer(f"{category_place(name)}.comparison", _refs(category), _comparison_source(stated)).write(
        stated,
        diesel_l_per_100km="diesel_l_per_100km",
        baseline_distance_km="baseline_distance_km",
        baseline_transport_activity_tkm="transport_activity_tkm",
    )


def _compared_scopes(name: str, category: Document, activity_date: str | None) -> Iterator[Scope]:
    """What a comparison states beyond the diesel truck's own numbers, each thing a scope of its own."""
    stated = category.get("comparison")
    if stated is None:
        return
    path, above = category_path(name), (category_path(name), CHAIN)
    place = f"{category_place(name)}.comparison"
    writer = _Writer(place, _refs(category), _comparison_source(stated))
    kind = f"baseline.{stated.get('kind') or 'comparable_vehicle'}"
    facts = writer.write(stated, **{key: key for key in _BASELINE})
    if stated.get("improvement_pct_per_year") is not None:
        kind = f"{kind}.improving"
        age = str(int((activity_date or "")[:4]) - int(stated["date"][:4]))
        facts["baseline_age_years"] = Fact(age, writer.origin("date"))
    yield Scope(kind, f"{path}/baseline", above, facts)
    driven = writer.write(stated, project_distance_km="project_distance_km")
    if stated.get("project_distance_km") is not None:
        yield Scope("detours", f"{path}/detours", above, driven)
    parts = {key: stated.get(key) or {} for key in ("life_cycle", "platform", "leakage")}
    of = {key: _Writer(f"{place}.{key}", _refs(category), part.get("source") or "") for key, part in parts.items()}
    per_km = of["life_cycle"].write(parts["life_cycle"], **{key: key for key in _LIFE_CYCLE})
    yield Scope("life_cycle", f"{path}/life_cycle", above, {**per_km, **driven})
    is_total = parts["platform"].get("kgco2e") is not None
    keys = _OVERHEAD_PER_PERIOD if is_total else {"overhead_kgco2e_per_tkm": "kgco2e_per_tkm"}
    overhead = "overhead.per_period" if is_total else "overhead.per_tkm"
    yield Scope(overhead, f"{path}/overhead", above, of["platform"].write(parts["platform"], **keys))
    leaked = of["leakage"].write(parts["leakage"], **_LEAKAGE)
    yield Scope("leakage", f"{path}/leakage", above, leaked)


def _comparison_source(stated: Document) -> str:
    return ", ".join(part for part in (stated.get("source"), stated.get("date")) if part)


def _source_scope(category: Document, name: str, number: int, entry: Document) -> Scope:
    where = f"{category_place(name)}.energy[{number}]"
    refs = _refs(entry) or _refs(category)
    kind, facts = _source(entry, _Writer(where, refs, category["source"]))
    if entry.get("supply") is not None:
        facts |= _supply(entry, f"{where}.supply", refs)
    path = f"{category_path(name)}/energy:{number + 1}"
    return Scope(kind, path, (category_path(name), CHAIN), facts)


def _boundary(entry: Document) -> str:
    return entry.get("factor_boundary") or "life_cycle"


def _source(entry: Document, writer: _Writer) -> tuple[str, dict[str, Fact | DatedFact]]:
    explicit = entry.get("wtt_kgco2e_per_unit") is not None or entry.get("ttw_kgco2e_per_unit") is not None
    carrier = (entry["carrier"], entry["unit"])
    if entry.get("supply") is not None:
        return "source.hydrogen.supplied", writer.write(entry, hydrogen_kg="amount")
    if entry.get("origin") is not None:
        return "source.hydrogen.unknown", writer.write(entry, hydrogen_kg="amount")
    if not explicit and carrier == ("diesel", "l"):
        return "source.diesel", writer.write(entry, diesel_l="amount")
    if not explicit and carrier == ("electricity", "kWh"):
        factor = writer.electricity(GRID_FACTOR, entry, "grid_region", _boundary(entry))
        return "source.electricity", {**writer.write(entry, electricity_kwh="amount"), **factor}
    keys = {
        "amount": "amount",
        "wtt_kgco2e_per_unit": "wtt_kgco2e_per_unit",
        "ttw_kgco2e_per_unit": "ttw_kgco2e_per_unit",
    }
    if carrier == ("hydrogen", "kg"):
        return "source.hydrogen.explicit", writer.write(entry, **keys, hydrogen_kg="amount")
    return "source.explicit", writer.write(entry, **keys)


def _supply(entry: Document, where: str, refs: Sequence[str]) -> dict[str, Fact | DatedFact]:
    supply = entry["supply"]
    source = f"batch {supply['batch']}, station {supply['station']}"
    writer = _Writer(where, _refs(supply) or refs, source)
    facts = writer.write(supply, **{name: name for name in _SUPPLIED})
    for place in ("trailer", "station"):
        name = f"{place}_electricity_kgco2e_per_kwh"
        facts |= writer.electricity(name, supply, f"{place}_grid_region", _boundary(entry))
    return facts


def _class_scope(name: str, number: int, each: Document) -> Scope:
    keys = {"class_quantity": "quantity", "class_equivalent": "equivalent"}
    kind = "class"
    if each.get("transport_activity_tkm") is not None:
        kind = "class.transport"
        keys["class_transport_activity_tkm"] = "transport_activity_tkm"
    facts = _Writer(f"{category_place(name)}.classes[{number}]").write(each, **keys)
    return Scope(kind, class_path(name, each["name"]), (category_path(name), CHAIN), facts)
