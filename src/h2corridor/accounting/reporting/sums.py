"""Sums of shown numbers by shipment, carrier, lane, mode and month; exact, since every element is shown exactly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal

from h2verify.derivation import arithmetic, decimal_text, published

from h2corridor.accounting.assessment import Assessment, ElementResult
from h2corridor.model.chain import HubCategory, TransportCategory, TransportChain, TransportElement
from h2corridor.model.emission_report import Breakdown, By, ReportFigures

HUB = "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedChain:
    """A chain with its figures; who carried each element on which lane, where that was stated."""

    chain: TransportChain
    result: Assessment
    carriers: Mapping[str, str]
    lanes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One element of one shipment that is counted, with what it may be put together by."""

    shipment: str
    element: str
    carrier: str
    lane: str
    mode: str
    month: str
    category: str
    content: TransportCategory | HubCategory
    wtw: Decimal
    ttw: Decimal
    tkm: Decimal
    hub_t: Decimal

    @property
    def is_primary(self) -> bool:
        """Whether its category has primary data."""
        return self.content.data == "primary"


_NAMES: Mapping[By, Callable[[Item], str]] = {
    "shipment": lambda item: item.shipment,
    "carrier": lambda item: item.carrier,
    "lane": lambda item: item.lane,
    "mode": lambda item: item.mode,
    "month": lambda item: item.month,
}


def list_items(assessed: Iterable[AssessedChain]) -> list[Item]:
    """Every element that is counted, in order."""
    found = []
    for each in assessed:
        month = (each.result.activity_date or "")[:7]
        for element, result in zip(each.chain.elements, each.result.elements, strict=True):
            if result.wtw_kgco2e is None or result.ttw_kgco2e is None:
                continue
            found.append(
                Item(
                    shipment=each.result.shipment,
                    element=element.id,
                    carrier=each.carriers.get(element.id, ""),
                    lane=each.lanes.get(element.id, ""),
                    mode=element.mode if isinstance(element, TransportElement) else HUB,
                    month=month,
                    category=element.category,
                    content=each.chain.categories[element.category],
                    wtw=Decimal(result.wtw_kgco2e),
                    ttw=Decimal(result.ttw_kgco2e),
                    tkm=_activity(result, "transport"),
                    hub_t=_activity(result, "hub"),
                )
            )
    return found


def figures_of(items: Sequence[Item], name: str) -> ReportFigures:
    """The figures of some elements together."""
    with localcontext(arithmetic()):
        wtw, ttw = _sum(item.wtw for item in items), _sum(item.ttw for item in items)
        tkm = _sum(item.tkm for item in items)
        primary_wtw = _sum(item.wtw for item in items if item.is_primary)
        primary_tkm = _sum(item.tkm for item in items if item.is_primary)
        return ReportFigures(
            name=name,
            shipments=len({item.shipment for item in items}),
            wtw_kgco2e=decimal_text(wtw),
            wtt_kgco2e=decimal_text(wtw - ttw),
            ttw_kgco2e=decimal_text(ttw),
            transport_activity_tkm=decimal_text(tkm),
            hub_activity_t=decimal_text(_sum(item.hub_t for item in items)),
            intensity_wtw_kgco2e_per_tkm=quotient(wtw, tkm),
            intensity_ttw_kgco2e_per_tkm=quotient(ttw, tkm),
            primary_wtw_kgco2e=decimal_text(primary_wtw),
            primary_by_wtw_emissions=None if any(item.wtw < 0 for item in items) else quotient(primary_wtw, wtw),
            primary_by_transport_activity=quotient(primary_tkm, tkm),
        )


def break_down(items: Sequence[Item], by: By) -> Breakdown:
    """The figures cut in one way, parts in order of their names; what has no name comes last."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(_NAMES[by](item), []).append(item)
    ordered = sorted(groups, key=lambda name: (not name, name))
    return Breakdown(by=by, parts=tuple(figures_of(groups[name], name) for name in ordered))


def quotient(part: Decimal, whole: Decimal) -> str | None:
    """A quotient as shown; None where there is nothing to divide by."""
    with localcontext(arithmetic()):
        return published(part / whole) if whole else None


def _activity(result: ElementResult, kind: Literal["transport", "hub"]) -> Decimal:
    shown = result.transport_activity_tkm if kind == "transport" else result.hub_activity_t
    return Decimal(shown or 0)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
