"""A transport chain as scopes: what stands where, under the names of the vocabulary, each with its place in the chain.

    chain[.uncertain]
          ◀─ element.transport[.compared][.added] | element.hub | excluded_element
          ◀─ category.transport.(given | driven | added | totals) | category.hub.(given | totals)
               ◀─ source.explicit | .diesel | .electricity | .refrigerant | .hydrogen.(supplied | explicit | unknown)
               ◀─ stop, class[.transport | .hub]
               ◀─ baseline.(comparable_vehicle | peer_fleet | regulatory_limit)[.improving]
               ◀─ life_cycle, overhead.(per_tkm | per_period), leakage, detours, hydrogen_use

An element has its class, its category and the chain above it; what stands under a category has it and the chain. The
last two lines are there for a category that states a comparison, `detours` (where it says what was driven) and
`hydrogen_use` (where it burns hydrogen) only where an element belongs to the category; a chain is
`uncertain` where the half width of its difference is stated. A rule runs inside a scope: a name is looked up there,
then in the scopes above it; a sum is taken over scopes below.

Read here are plain documents of format transport-chain/1 that are known to be whole (`h2verify.chain_form`); null and
absent are the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from h2verify.canonical import sort_key
from h2verify.scope_comparisons import compared_facts, compared_scopes
from h2verify.scope_facts import (
    CHAIN,
    DatedFact,
    Document,
    Electricity,
    Fact,
    FactWriter,
    Scope,
    category_path,
    category_place,
    class_path,
    element_path,
    refrigerant_path,
    refs_of,
    stop_path,
)
from h2verify.scope_sources import named_intensity, refrigerant_facts, source_scope


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
    mass = FactWriter("$.shipment", refs_of(shipment)).write(shipment, mass_kg="mass_kg")
    used = {element["category"] for element in chain["elements"]}
    scopes = [Scope("chain", CHAIN, (), mass) if chain.get("uncertainty") is None else _uncertain(chain, mass)]
    for name in sorted(chain["categories"], key=sort_key):
        category = chain["categories"][name]
        if not is_left_out(category):
            scopes.extend(_category_scopes(name, category, electricity))
            scopes.extend(compared_scopes(name, category, chain.get("activity_date"), is_used=name in used))
    scopes.extend(_element_scope(chain, number) for number in range(len(chain["elements"])))
    return tuple(scopes)


def _uncertain(chain: Document, facts: Mapping[str, Fact | DatedFact]) -> Scope:
    stated = chain["uncertainty"]
    writer = FactWriter("$.uncertainty", source=stated.get("source") or "")
    half_width = writer.write(stated, difference_half_width_kgco2e="half_width_kgco2e")
    return Scope("chain.uncertain", CHAIN, (), {**facts, **half_width})


def is_left_out(category: Document) -> bool:
    """Whether a category is a hub that the chain leaves out, with a reason."""
    return category["kind"] == "hub" and category.get("excluded") is not None


def _element_scope(chain: Document, number: int) -> Scope:
    element = chain["elements"][number]
    name = element["category"]
    category = chain["categories"][name]
    path = element_path(element["id"])
    above: tuple[str, ...] = (category_path(name), CHAIN)
    if element.get("class") is not None:
        above = (class_path(name, element["class"]), *above)
    if element["kind"] == "hub":
        if is_left_out(category):
            return Scope("excluded_element", path, (CHAIN,))
        return Scope("element.hub", path, above, _primary(category, name))
    source = (element.get("distance") or {}).get("source") or ""
    writer = FactWriter(f"$.elements[{number}]", refs_of(element), source)
    facts = {**_primary(category, name), **writer.write(element, distance_km="distance.km")}
    kind = "element.transport" if category.get("comparison") is None else "element.transport.compared"
    added = category.get("distance_adjustment_km") is not None
    return Scope(f"{kind}.added" if added else kind, path, above, facts)


def _primary(category: Document, name: str) -> dict[str, Fact | DatedFact]:
    text = "1" if category["data"] == "primary" else "0"
    return {"is_primary": Fact(text, FactWriter(category_place(name)).origin("data"))}


def _category_scopes(name: str, category: Document, electricity: Electricity) -> Iterator[Scope]:
    writer = FactWriter(category_place(name), refs_of(category), category["source"])
    if category["kind"] == "hub":
        kind, facts = _hub(category, writer)
    else:
        kind, facts = _transport(category, writer)
        facts |= compared_facts(category, name)
    yield Scope(kind, category_path(name), (CHAIN,), facts)
    above = (category_path(name), CHAIN)
    for number, entry in enumerate(category.get("energy") or ()):
        yield source_scope(category, name, number, entry, electricity)
    for number, entry in enumerate(category.get("refrigerants") or ()):
        inner = _inner(category, name, f"refrigerants[{number}]")
        path = refrigerant_path(name, number + 1)
        yield Scope("source.refrigerant", path, above, refrigerant_facts(entry, inner))
    for number, stop in enumerate((category.get("round") or {}).get("stops") or ()):
        inner = _inner(category, name, f"round.stops[{number}]")
        written = inner.write(stop, stop_distance_km="distance.km", stop_mass_kg="mass_kg")
        yield Scope("stop", stop_path(name, stop["id"]), above, written)
    for number, each in enumerate(category.get("classes") or ()):
        yield _class_scope(name, number, each)


def _inner(category: Document, name: str, key: str) -> FactWriter:
    return FactWriter(f"{category_place(name)}.{key}", refs_of(category), category["source"])


def _hub(category: Document, writer: FactWriter) -> tuple[str, dict[str, Fact | DatedFact]]:
    given = category.get("intensity")
    if given is None:
        return "category.hub.totals", writer.write(category, category_throughput_t="throughput_t")
    if given.get("factor") is not None:
        return "category.hub.given", named_intensity(given, "given", "t", writer)
    return "category.hub.given", writer.write(
        category,
        given_intensity_wtw_kgco2e_per_t="intensity.wtw_kgco2e",
        given_intensity_ttw_kgco2e_per_t="intensity.ttw_kgco2e",
    )


def _transport(category: Document, writer: FactWriter) -> tuple[str, dict[str, Fact | DatedFact]]:
    facts: dict[str, Fact | DatedFact] = {}
    if category.get("transport_activity_tkm") is not None or category.get("round") is None:
        facts = writer.write(category, category_transport_activity_tkm="transport_activity_tkm")
    given = category.get("intensity")
    if given is None:
        return "category.transport.totals", facts
    driven = given["per"] == "actual_tkm"
    prefix = "actual" if driven else "given"
    if given.get("factor") is not None:
        facts |= named_intensity(given, prefix, "tkm", writer)
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


def _class_scope(name: str, number: int, each: Document) -> Scope:
    keys = {"class_quantity": "quantity", "class_equivalent": "equivalent"}
    kind = "class"
    if each.get("transport_activity_tkm") is not None:
        kind = "class.transport"
        keys["class_transport_activity_tkm"] = "transport_activity_tkm"
    elif each.get("throughput_t") is not None:
        kind = "class.hub"
        keys["class_throughput_t"] = "throughput_t"
    facts = FactWriter(f"{category_place(name)}.classes[{number}]").write(each, **keys)
    return Scope(kind, class_path(name, each["name"]), (category_path(name), CHAIN), facts)
