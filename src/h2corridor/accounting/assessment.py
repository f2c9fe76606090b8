"""The assessment of one transport chain: figures as they are shown, and the derivation they rest on.

Every shown number is `h2verify.derivation.published` of a step, or a part made by `apportion`, so that elements sum
to their chain, stops and classes to their whole, and operation and provision to the total, as printed.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any, Literal

import msgspec
from h2verify.derivation import arithmetic

from h2corridor.accounting.comparing import ComparisonResult, compare
from h2corridor.accounting.custody_models import check_chain_custody
from h2corridor.accounting.data_notes import DataNote, list_data_notes
from h2corridor.accounting.facts import (
    CHAIN,
    Electricity,
    chain_scopes,
    class_path,
    element_path,
    source_path,
    stop_path,
)
from h2corridor.accounting.kernel.absences import Absence
from h2corridor.accounting.kernel.editions import Edition, check_packs
from h2corridor.accounting.kernel.factor_files import FactorPack
from h2corridor.accounting.kernel.resolver import Resolver
from h2corridor.accounting.kernel.scopes import Scopes
from h2corridor.accounting.kernel.used_factors import UsedFactor, UsedFactorFile, used_file
from h2corridor.accounting.market_based import MarketBased, list_electricity, market_based
from h2corridor.accounting.shown import apportioned, remainder, shown
from h2corridor.accounting.stated_shares import check_stated_shares
from h2corridor.model.chain import HubCategory, TransportCategory, TransportChain, check_chain


class ElementResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One element; a hub has `hub_activity_t`, a transport `transport_activity_tkm`; None: not computable, or left
    out."""

    id: str
    kind: Literal["transport", "hub"]
    wtw_kgco2e: str | None
    wtt_kgco2e: str | None
    ttw_kgco2e: str | None
    transport_activity_tkm: str | None = None
    hub_activity_t: str | None = None
    excluded: str | None = None


class ShareResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The part of a round's stop, or of a class, in its category; `share` is a fraction of one."""

    category: str
    kind: Literal["stop", "class"]
    id: str
    share: str | None
    wtw_kgco2e: str | None
    ttw_kgco2e: str | None
    transport_activity_tkm: str | None = None


EmissionsShareLacks = Literal["not_computable", "no_emissions", "negative_part"]


class DataShares(msgspec.Struct, frozen=True, kw_only=True):
    """The part that rests on categories with primary data, as fractions of one, by two weights.

    `emissions_share_lacks` says why there is no share by emissions: the whole is nothing or is not known, or an element
    counts below nothing, and the others would have more than one.
    """

    primary_by_wtw_emissions: str | None
    emissions_share_lacks: EmissionsShareLacks | None
    primary_by_transport_activity: str | None


class BoundaryGap(msgspec.Struct, frozen=True, kw_only=True):
    """A factor whose boundary is not that of the figure; `step` is its place in the derivation."""

    step: str
    boundary: str
    wanted: str
    source: str


class Exclusion(msgspec.Struct, frozen=True, kw_only=True):
    """An element that the chain leaves out, with the stated reason."""

    element: str
    category: str
    reason: str


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """What a partial assessment could not have; `says_zh` and `says_en` name it by its title."""

    code: str
    quantity: str
    where: str
    message: str
    says_zh: str
    says_en: str


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one chain; every number a decimal string.

    `market_based` is there where a contract is stated for electricity of a category that an element uses; the figure
    itself is never made with it.
    """

    shipment: str
    rule_set: str
    rule_set_digest: str
    rule_set_status: str
    activity_date: str | None
    wtw_kgco2e: str | None
    wtt_kgco2e: str | None
    ttw_kgco2e: str | None
    transport_activity_tkm: str | None
    hub_activity_t: str | None
    intensity_wtw_kgco2e_per_tkm: str | None
    intensity_ttw_kgco2e_per_tkm: str | None
    elements: tuple[ElementResult, ...]
    shares: tuple[ShareResult, ...]
    data_shares: DataShares
    factors: tuple[UsedFactor, ...]
    factor_files: tuple[UsedFactorFile, ...]
    boundary_gaps: tuple[BoundaryGap, ...]
    exclusions: tuple[Exclusion, ...]
    missing: tuple[Missing, ...]
    comparisons: tuple[ComparisonResult, ...]
    derivation: tuple[dict[str, Any], ...]
    data_notes: tuple[DataNote, ...]
    market_based: MarketBased | None


def assess_chain(
    chain: TransportChain,
    rule_set: Edition,
    *,
    comparisons: Sequence[Edition] = (),
    packs: Sequence[FactorPack] = (),
) -> Assessment:
    """The figures of a chain, refused unless every one can be computed.

    Parameters
    ----------
    packs : sequence of FactorPack
        Users' own factor files, the first asked first, all of them before the rule set.

    Raises
    ------
    InputError
        `chain.meaning`: the chain contradicts itself. `factors.label-taken`, `factors.not-replaceable`,
        `factors.other-unit`: see `check_packs`.
    RuleError
        The first thing that is missing, undated, out of date, not allowed or beyond a limit, and what needs it.
    """
    check_packs(packs, [rule_set, *comparisons])
    return _assess(chain, rule_set, comparisons, partial=False, packs=packs)


def assess_chain_partially(
    chain: TransportChain, rule_set: Edition, *, comparisons: Sequence[Edition] = ()
) -> Assessment:
    """The figures of a chain as far as they can be computed; the rest is None and listed in `missing`.

    Raises
    ------
    InputError
        `chain.meaning`: the chain contradicts itself.
    RuleError
        `rule.no-rule`, `rule.cycle` or `rule.nothing-to-sum`: a defect of the rule set, not of the chain.
    """
    return _assess(chain, rule_set, comparisons, partial=True)


def _assess(
    chain: TransportChain,
    rule_set: Edition,
    comparisons: Sequence[Edition],
    *,
    partial: bool,
    electricity: Electricity = "location",
    packs: Sequence[FactorPack] = (),
) -> Assessment:
    check_chain(chain)
    check_chain_custody(chain, rule_set)
    scopes = chain_scopes(chain, electricity=electricity)
    resolver = Resolver(scopes, [rule_set], on=chain.activity_date, partial=partial, packs=packs)
    elements = _elements(chain, resolver)
    shares = _shares(chain, resolver)
    check_stated_shares(chain, resolver)
    wtw, ttw = _chain_emissions(scopes, resolver)
    moved = bool(scopes.list_of_kind("element.transport"))
    activity = resolver.value("transport_activity_tkm", CHAIN) if moved else Decimal(0)
    hub_activity = _hub_activity(scopes, resolver)
    data_shares = _data_shares(resolver, [each.wtw for each in elements], wtw, activity)
    intensity_ttw = resolver.value("chain_intensity_ttw_kgco2e_per_tkm", CHAIN) if activity else None
    intensity_wtw = resolver.value("chain_intensity_wtw_kgco2e_per_tkm", CHAIN) if activity else None
    compared = tuple(compare(chain, resolver, comparison) for comparison in comparisons)
    return Assessment(
        shipment=chain.shipment.id,
        rule_set=rule_set.name,
        rule_set_digest=rule_set.digest,
        rule_set_status=rule_set.header.status,
        activity_date=chain.activity_date.isoformat() if chain.activity_date else None,
        wtw_kgco2e=shown(wtw),
        wtt_kgco2e=remainder(shown(wtw), shown(ttw)),
        ttw_kgco2e=shown(ttw),
        transport_activity_tkm=shown(activity),
        hub_activity_t=hub_activity,
        intensity_wtw_kgco2e_per_tkm=shown(intensity_wtw),
        intensity_ttw_kgco2e_per_tkm=shown(intensity_ttw),
        elements=_closing_elements(elements, wtw, ttw),
        shares=shares,
        data_shares=data_shares,
        factors=tuple(resolver.factors.values()),
        factor_files=tuple(used_file(pack) for pack in packs),
        boundary_gaps=tuple(BoundaryGap(**gap) for gap in resolver.gaps) + _stated_gaps(chain),
        exclusions=_exclusions(chain),
        missing=_missing(resolver.absences),
        derivation=tuple(resolver.steps),
        comparisons=compared,
        data_notes=list_data_notes(chain),
        market_based=_market_based(chain, rule_set, packs) if electricity == "location" else None,
    )


def _market_based(chain: TransportChain, rule_set: Edition, packs: Sequence[FactorPack]) -> MarketBased | None:
    """The reading by contracts as far as it can be computed: what it lacks does not touch the figure."""
    electricity = list_electricity(chain)
    if not any(entry.contract for entry in electricity):
        return None
    return market_based(_assess(chain, rule_set, (), partial=True, electricity="market", packs=packs), electricity)


class _Element(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: Literal["transport", "hub"]
    wtw: Decimal | None
    ttw: Decimal | None
    activity: Decimal | None
    excluded: str | None


def _elements(chain: TransportChain, resolver: Resolver) -> list[_Element]:
    found = []
    for element in chain.elements:
        category = chain.categories[element.category]
        path = element_path(element.id)
        if isinstance(category, HubCategory) and category.excluded is not None:
            reason = category.excluded
            found.append(_Element(id=element.id, kind="hub", wtw=None, ttw=None, activity=None, excluded=reason))
            continue
        kind: Literal["transport", "hub"] = "hub" if isinstance(category, HubCategory) else "transport"
        activity = resolver.value("element_hub_activity_t" if kind == "hub" else "element_transport_activity_tkm", path)
        ttw = resolver.value("element_ttw_kgco2e", path)
        wtw = resolver.value("element_wtw_kgco2e", path)
        found.append(_Element(id=element.id, kind=kind, wtw=wtw, ttw=ttw, activity=activity, excluded=None))
    return found


def _closing_elements(
    elements: Sequence[_Element], wtw: Decimal | None, ttw: Decimal | None
) -> tuple[ElementResult, ...]:
    wtw_texts = _parts([e.wtw for e in elements], wtw)
    ttw_texts = _parts([e.ttw for e in elements], ttw)
    return tuple(
        ElementResult(
            id=element.id,
            kind=element.kind,
            wtw_kgco2e=wtw_texts[number],
            wtt_kgco2e=remainder(wtw_texts[number], ttw_texts[number]),
            ttw_kgco2e=ttw_texts[number],
            transport_activity_tkm=shown(element.activity) if element.kind == "transport" else None,
            hub_activity_t=shown(element.activity) if element.kind == "hub" else None,
            excluded=element.excluded,
        )
        for number, element in enumerate(elements)
    )


def _parts(values: Sequence[Decimal | None], whole: Decimal | None) -> list[str | None]:
    """Texts of parts: closing to the whole where it is known, each by itself where something is missing."""
    known = [value for value in values if value is not None]
    if whole is None or not known:
        return [shown(value) for value in values]
    texts = iter(apportioned(known, whole))
    return [None if value is None else next(texts) for value in values]


def _chain_emissions(scopes: Scopes, resolver: Resolver) -> tuple[Decimal | None, Decimal | None]:
    if not scopes.list_of_kind("element"):
        return None, None
    wtw = resolver.value("wtw_kgco2e", CHAIN)
    ttw = resolver.value("ttw_kgco2e", CHAIN)
    resolver.value("wtt_kgco2e", CHAIN)
    return wtw, ttw


def _hub_activity(scopes: Scopes, resolver: Resolver) -> str | None:
    if not scopes.list_of_kind("element.hub"):
        return "0"
    return shown(resolver.value("hub_activity_t", CHAIN))


def _data_shares(
    resolver: Resolver, parts: Sequence[Decimal | None], wtw: Decimal | None, activity: Decimal | None
) -> DataShares:
    lacks: EmissionsShareLacks | None = None
    if any(part is not None and part < 0 for part in parts):
        lacks = "negative_part"
    elif wtw is not None and not wtw:
        lacks = "no_emissions"
    by_emissions = resolver.value("primary_share_by_emissions", CHAIN) if wtw and lacks is None else None
    by_activity = resolver.value("primary_share_by_activity", CHAIN) if activity else None
    return DataShares(
        primary_by_wtw_emissions=shown(by_emissions),
        emissions_share_lacks=lacks or ("not_computable" if by_emissions is None else None),
        primary_by_transport_activity=shown(by_activity),
    )


def _shares(chain: TransportChain, resolver: Resolver) -> tuple[ShareResult, ...]:
    found: list[ShareResult] = []
    for name, category in chain.categories.items():
        if isinstance(category, TransportCategory) and category.round is not None:
            found.extend(_stop_shares(name, [stop.id for stop in category.round.stops], resolver))
        if category.classes:
            found.extend(_class_shares(name, [each.name for each in category.classes], resolver, category.has_totals))
    return tuple(found)


def _stop_shares(name: str, stops: Sequence[str], resolver: Resolver) -> list[ShareResult]:
    paths = [stop_path(name, stop) for stop in stops]
    activities = [resolver.value("stop_transport_activity_tkm", path) for path in paths]
    texts = {
        quantity: _closing([resolver.value(f"stop_{quantity}", path) for path in paths])
        for quantity in ("share", "wtw_kgco2e", "ttw_kgco2e")
    }
    return [
        ShareResult(
            category=name,
            kind="stop",
            id=stop,
            share=texts["share"][number],
            wtw_kgco2e=texts["wtw_kgco2e"][number],
            ttw_kgco2e=texts["ttw_kgco2e"][number],
            transport_activity_tkm=shown(activities[number]),
        )
        for number, stop in enumerate(stops)
    ]


def _class_shares(name: str, classes: Sequence[str], resolver: Resolver, has_totals: bool) -> list[ShareResult]:
    paths = [class_path(name, each) for each in classes]
    none: list[str | None] = [None] * len(paths)
    shares = _closing([resolver.value("class_share", path) for path in paths])
    wtw = _closing([resolver.value("class_wtw_kgco2e", path) for path in paths]) if has_totals else none
    ttw = _closing([resolver.value("class_ttw_kgco2e", path) for path in paths]) if has_totals else none
    return [
        ShareResult(category=name, kind="class", id=each, share=shares[i], wtw_kgco2e=wtw[i], ttw_kgco2e=ttw[i])
        for i, each in enumerate(classes)
    ]


def _closing(values: Sequence[Decimal | None]) -> list[str | None]:
    """Texts of parts that sum to the text of their own sum: a whole of one, or what was allocated."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return [shown(value) for value in values]
    with localcontext(arithmetic()):
        return _parts(values, sum(known, Decimal(0)))


def _stated_gaps(chain: TransportChain) -> tuple[BoundaryGap, ...]:
    """Factors that the chain itself gives and declares to be direct."""
    found = []
    for name, category in chain.categories.items():
        for number, entry in enumerate(category.energy):
            if entry.factor_boundary == "direct" and entry.wtt_kgco2e_per_unit is not None:
                step = f"wtt_kgco2e_per_unit[{source_path(name, number + 1)}]"
                found.append(BoundaryGap(step=step, boundary="direct", wanted="life_cycle", source=category.source))
    return tuple(found)


def _exclusions(chain: TransportChain) -> tuple[Exclusion, ...]:
    found = []
    for element in chain.elements:
        category = chain.categories[element.category]
        if isinstance(category, HubCategory) and category.excluded is not None:
            found.append(Exclusion(element=element.id, category=element.category, reason=category.excluded))
    return tuple(found)


def _missing(absences: Sequence[Absence]) -> tuple[Missing, ...]:
    found = [
        Missing(
            code=each.code,
            quantity=each.quantity,
            where=each.where,
            message=each.error().message,
            says_zh=each.says_zh,
            says_en=each.says_en,
        )
        for each in absences
    ]
    return tuple(dict.fromkeys(found))
