"""What the data of a chain's categories are: measured, modelled or taken by default, for which period, and why.

A modelled or default category without a justification is said here and not refused; so is what may be right and is
rarely meant.
"""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from h2corridor.model.chain import HubCategory, TransportCategory, TransportChain

RemarkCode = Literal[
    "no-energy",
    "zero-energy",
    "operation-above-whole",
    "negative-provision",
    "electricity-in-operation",
    "other-period",
]
"""What is remarked: no energy stated, or none used; more from operation than well to wheel, or a credit for provision;
electricity that emits where it is used; data of a period that the activity does not lie in."""


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


def list_data_notes(chain: TransportChain) -> tuple[DataNote, ...]:
    """A note for each category that an element belongs to, in the order of the chain's categories."""
    used = {element.category for element in chain.elements}
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
            remarks=tuple(_remarks(category, chain.activity_date)),
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
