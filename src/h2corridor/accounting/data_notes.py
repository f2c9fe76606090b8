"""What the data of a chain's categories are: measured, modelled or taken by default, for which period, and why.

A modelled or default category without a justification is said here and not refused. So is what may be right and is
rarely meant; and a factor of electricity that the chain states itself: nobody knows of which level it is, and the
figure counts it as it is declared.
"""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import msgspec
from h2verify.chain_activities import list_beyond
from h2verify.scope_facts import category_place

from h2corridor.model.chain import Energy, HubCategory, TransportCategory, TransportChain

RemarkCode = Literal[
    "no-energy",
    "zero-energy",
    "operation-above-whole",
    "negative-provision",
    "electricity-in-operation",
    "other-period",
    "no-class",
    "beyond-operation",
]
"""What is remarked: no energy stated, or none used; more from operation than well to wheel, or a credit for provision;
electricity that emits where it is used; data of a period that the activity does not lie in; an element that names none
of the classes, whose part is the mean of all; a shipment with more activity than the operation had in its period."""
AS_DECLARED = "as declared, level not stated"
AS_DECLARED_ZH = "按申报数值，未说明层级"


class DeclaredElectricity(msgspec.Struct, frozen=True, kw_only=True):
    """Electricity whose factor is no grid's: numbers in the chain, or a factor by name without a region.

    `says_zh` and `says_en` are held words: whether such a factor is of a grid, a contract or a plant, nothing tells.
    """

    where: str
    wtt_kgco2e_per_unit: str | None
    ttw_kgco2e_per_unit: str | None
    unit: str
    factor: str | None
    says_zh: str
    says_en: str


class DataNote(msgspec.Struct, frozen=True, kw_only=True):
    """One category's data; `lacks_justification` where they are not primary and nobody says why.

    `remarks` are codes of what may be right and is rarely meant, in the order of `RemarkCode`.
    """

    category: str
    data: Literal["primary", "modelled", "default"]
    source: str
    justification: str | None
    operations: str | None
    period_from: str | None
    period_until: str | None
    lacks_justification: bool
    remarks: tuple[RemarkCode, ...]
    declared_electricity: tuple[DeclaredElectricity, ...]


def list_data_notes(chain: TransportChain) -> tuple[DataNote, ...]:
    """A note for each category that an element belongs to, in the order of the chain's categories."""
    used = {element.category for element in chain.elements}
    plain = msgspec.to_builtins(chain)
    beyond = frozenset(list_beyond(plain))
    unnamed = {element["category"] for element in plain["elements"] if element.get("class") is None}
    return tuple(
        DataNote(
            category=name,
            data=category.data,
            source=category.source,
            justification=category.justification,
            operations=category.operations,
            period_from=None if category.period is None else category.period.from_.isoformat(),
            period_until=None if category.period is None else category.period.until.isoformat(),
            lacks_justification=category.data != "primary" and category.justification is None,
            remarks=(
                *_remarks(category, chain.activity_date),
                *(("no-class",) if name in unnamed and category.classes else ()),
                *(("beyond-operation",) if name in beyond else ()),
            ),
            declared_electricity=_declared(name, category),
        )
        for name, category in chain.categories.items()
        if name in used
    )


def _remarks(category: TransportCategory | HubCategory, on: datetime.date | None) -> Iterator[RemarkCode]:
    given, energy = category.intensity, category.energy
    is_excluded = isinstance(category, HubCategory) and category.excluded is not None
    if given is None and not is_excluded and not energy:
        yield "no-energy"
    if energy and all(each.amount is not None and Decimal(each.amount) == 0 for each in energy):
        yield "zero-energy"
    if given and given.wtw_kgco2e and given.ttw_kgco2e and Decimal(given.ttw_kgco2e) > Decimal(given.wtw_kgco2e):
        yield "operation-above-whole"
    if any(Decimal(each.wtt_kgco2e_per_unit or 0) < 0 for each in energy):
        yield "negative-provision"
    if any(each.carrier == "electricity" and Decimal(each.ttw_kgco2e_per_unit or 0) for each in energy):
        yield "electricity-in-operation"
    period = category.period
    if period is not None and on is not None and not period.from_ <= on <= period.until:
        yield "other-period"


def _declared(name: str, category: TransportCategory | HubCategory) -> tuple[DeclaredElectricity, ...]:
    return tuple(
        DeclaredElectricity(
            where=f"{category_place(name)}.energy[{number}]",
            wtt_kgco2e_per_unit=entry.wtt_kgco2e_per_unit,
            ttw_kgco2e_per_unit=entry.ttw_kgco2e_per_unit,
            unit=entry.unit,
            factor=entry.factor,
            says_zh=AS_DECLARED_ZH,
            says_en=AS_DECLARED,
        )
        for number, entry in enumerate(category.energy)
        if _is_declared(entry)
    )


def _is_declared(entry: Energy) -> bool:
    explicit = entry.wtt_kgco2e_per_unit is not None or entry.ttw_kgco2e_per_unit is not None
    by_name = entry.factor is not None and entry.grid_region is None
    return entry.carrier == "electricity" and (explicit or by_name)
