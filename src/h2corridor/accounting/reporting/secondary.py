"""The table of secondary data: every category with its data class, and every factor that a derivation used."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

import msgspec
from h2verify.derivation import arithmetic, decimal_text, published

from h2corridor.accounting.derivatives import DerivationReading
from h2corridor.accounting.facts import category_path, element_path, refrigerant_path, source_path
from h2corridor.accounting.kernel.used_factors import UsedFactor
from h2corridor.accounting.reporting.data_quality import QualityScheme, known_of_data, known_of_origin
from h2corridor.accounting.reporting.sums import AssessedChain, Item, quotient
from h2corridor.model.chain import HubCategory, TransportChain
from h2corridor.model.emission_report import CategoryRow, Data, FactorKind, FactorRow, Secondary

_STATED_UNITS = ("kgCO2e/",)
_STATED_NAMES = frozenset({"distance_adjustment_factor"})
_FROM_ORIGIN = (
    "page",
    "edition",
    "holds_from",
    "holds_until",
    "checked_on",
    "age_years",
    "region",
    "region_asked",
    "boundary",
)


def secondary_data(assessed: Sequence[AssessedChain], items: Sequence[Item], scheme: QualityScheme) -> Secondary:
    """The table for some assessed chains; `items` are their counted elements."""
    with localcontext(arithmetic()):
        by_data: dict[Data, Decimal] = {"primary": Decimal(0), "modelled": Decimal(0), "default": Decimal(0)}
        for item in items:
            by_data[item.content.data] += item.wtw
    return Secondary(
        primary_wtw_kgco2e=decimal_text(by_data["primary"]),
        modelled_wtw_kgco2e=decimal_text(by_data["modelled"]),
        default_wtw_kgco2e=decimal_text(by_data["default"]),
        categories=_categories(assessed, items, scheme),
        factors=_factors(assessed, scheme),
    )


def _categories(
    assessed: Sequence[AssessedChain], items: Sequence[Item], scheme: QualityScheme
) -> tuple[CategoryRow, ...]:
    """A row for each category as it was stated; one name with two contents, or two intensities, makes two rows.

    Where kilometres are added to each distance, or classes share the whole, each element has an intensity of its own:
    shown is their mean.
    """
    intensities = {each.result.shipment: _intensities(each.result.derivation) for each in assessed}
    groups: dict[tuple[str, bytes, str | None], list[Item]] = defaultdict(list)
    for item in items:
        intensity = intensities[item.shipment].get(category_path(item.category))
        groups[item.category, msgspec.json.encode(item.content), intensity].append(item)
    with localcontext(arithmetic()):
        whole = sum((item.wtw for item in items), Decimal(0))
        rows = []
        for (name, _, intensity), found in sorted(groups.items(), key=lambda group: (group[0][0], group[0][1])):
            wtw = sum((item.wtw for item in found), Decimal(0))
            content = found[0].content
            hub = isinstance(content, HubCategory)
            rows.append(
                CategoryRow(
                    name=name,
                    kind="hub" if hub else "transport",
                    data=content.data,
                    source=content.source,
                    justification=content.justification,
                    operations=content.operations,
                    period_from=None if content.period is None else content.period.from_.isoformat(),
                    period_until=None if content.period is None else content.period.until.isoformat(),
                    lacks_justification=content.data != "primary" and content.justification is None,
                    intensity=_mean(found) if intensity is None else published(Decimal(intensity)),
                    intensity_is_mean=intensity is None,
                    unit="kgCO2e/t" if hub else "kgCO2e/tkm",
                    elements=len(found),
                    shipments=len({item.shipment for item in found}),
                    wtw_kgco2e=decimal_text(wtw),
                    share_of_wtw=quotient(wtw, whole),
                    ratings=scheme.rate(known_of_data(content.data)),
                )
            )
    return tuple(rows)


def _intensities(steps: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The well-to-wheel intensities by the paths of their scopes."""
    found = {}
    for step in steps:
        quantity, _, place = step["id"].partition("[")
        if quantity in ("intensity_wtw_kgco2e_per_tkm", "intensity_wtw_kgco2e_per_t"):
            found[place.removesuffix("]")] = step["value"]
    return found


def _mean(items: Sequence[Item]) -> str | None:
    """The intensity of some elements together, where their category has no one of its own."""
    activity = sum((item.tkm + item.hub_t for item in items), Decimal(0))
    return quotient(sum((item.wtw for item in items), Decimal(0)), activity)


@dataclass(slots=True)
class _Factor:
    """One factor over all chains while they are read."""

    kind: FactorKind
    of: str
    step: Mapping[str, Any]
    gap: bool
    used: UsedFactor | None
    categories: set[str] = field(default_factory=set)
    shipments: set[str] = field(default_factory=set)
    wtw: Decimal = Decimal(0)
    ttw: Decimal = Decimal(0)


def _factors(assessed: Sequence[AssessedChain], scheme: QualityScheme) -> tuple[FactorRow, ...]:
    found: dict[tuple[str, ...], _Factor] = {}
    with localcontext(arithmetic()):
        for each in assessed:
            _read_factors(each, found)
    order = {"dated": 0, "stated": 1, "constant": 2}
    ordered = sorted(found.items(), key=lambda entry: (order[entry[1].kind], entry[0]))
    return tuple(_row(factor, scheme) for _, factor in ordered)


def _read_factors(each: AssessedChain, found: dict[tuple[str, ...], _Factor]) -> None:
    gaps = {gap.step for gap in each.result.boundary_gaps}
    sources = _sources(each.chain)
    used = {factor.step: factor for factor in each.result.factors}
    here: dict[str, _Factor] = {}
    for step in each.result.derivation:
        kind = kind_of_factor(step)
        if kind is not None:
            of = sources.get(step["id"].partition("[")[2].removesuffix("]"), "") if kind == "stated" else ""
            key = _key(step, kind, of)
            new = _Factor(kind=kind, of=of, step=step, gap=step["id"] in gaps, used=used.get(step["id"]))
            factor = found.setdefault(key, new)
            factor.shipments.add(each.result.shipment)
            here[step["id"]] = factor
    categories = {element_path(element.id): element.category for element in each.chain.elements}
    reading = DerivationReading(each.result.derivation)
    for path, category in categories.items():
        for factor, part in _resting_on(reading, f"element_wtw_kgco2e[{path}]", here):
            factor.categories.add(category)
            factor.wtw += part
        for factor, part in _resting_on(reading, f"element_ttw_kgco2e[{path}]", here):
            factor.categories.add(category)
            factor.ttw += part


def _resting_on(
    reading: DerivationReading, step_id: str, factors: Mapping[str, _Factor]
) -> Iterable[tuple[_Factor, Decimal]]:
    """Each factor by its leaf with what rests on it; nothing where the derivation has no such step."""
    parts = reading.resting_on(step_id, factors) if step_id in reading else {}
    return [(factors[leaf], part) for leaf, part in parts.items()]


def kind_of_factor(step: Mapping[str, Any]) -> FactorKind | None:
    """What sort of factor a step is; None where it is a measured quantity, or computed."""
    origin = step.get("from")
    if origin is None:
        return None
    if origin["kind"] == "parameter":
        return "dated" if "holds_from" in origin else "constant"
    name = step["id"].partition("[")[0]
    return "stated" if name in _STATED_NAMES or step["unit"].startswith(_STATED_UNITS) else None


def _sources(chain: TransportChain) -> dict[str, str]:
    """The energy carrier or refrigerant that each source of a chain is."""
    found = {}
    for name, category in chain.categories.items():
        for number, entry in enumerate(category.energy, 1):
            found[source_path(name, number)] = entry.carrier
        for number, refilled in enumerate(category.refrigerants, 1):
            found[refrigerant_path(name, number)] = refilled.name
    return found


def _key(step: Mapping[str, Any], kind: FactorKind, of: str) -> tuple[str, ...]:
    """What makes two leaves one factor: quantity, value, and all that is said of where it comes from."""
    origin = step["from"]
    names = ("name", "edition", "region", "region_asked", "boundary", "holds_from", "age_years", "source")
    quantity = step["id"].partition("[")[0] if kind == "stated" else ""
    return (quantity, of, step["value"], step["unit"], *(str(origin.get(name, "")) for name in names))


def _row(factor: _Factor, scheme: QualityScheme) -> FactorRow:
    origin = factor.step["from"]
    scales = factor.kind != "constant" and bool(factor.categories)
    stated: dict[str, Any] = {name: origin.get(name) for name in _FROM_ORIGIN}
    if factor.kind == "dated":
        stated["age_years"] = int(origin.get("age_years", 0))
    for name in ("licence", "pack", "level", "level_asked"):
        stated[name] = None if factor.used is None else getattr(factor.used, name)
    return FactorRow(
        kind=factor.kind,
        name=origin.get("name", factor.step["id"].partition("[")[0]),
        of=factor.of,
        title_zh=factor.step["label_zh"],
        title_en=factor.step["label_en"],
        value=factor.step["value"],
        unit=factor.step["unit"],
        source=origin.get("source", ""),
        categories=tuple(sorted(factor.categories)),
        shipments=len(factor.shipments),
        wtw_kgco2e_resting=published(factor.wtw) if scales else None,
        ttw_kgco2e_resting=published(factor.ttw) if scales else None,
        ratings=scheme.rate(known_of_origin(origin, gap=factor.gap)),
        **stated,
    )
