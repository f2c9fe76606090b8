"""What the data of a chain's categories are: measured, modelled or taken by default, for which period, and why.

A modelled or default category without a justification is said here and not refused.
"""

from typing import Literal

import msgspec

from h2corridor.model.chain import TransportChain


class DataNote(msgspec.Struct, frozen=True, kw_only=True):
    """One category's data; `lacks_justification` where they are not primary and nobody says why."""

    category: str
    data: Literal["primary", "modelled", "default"]
    source: str
    justification: str | None
    operations: str | None
    period_from: str | None
    period_until: str | None
    lacks_justification: bool


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
        )
        for name, category in chain.categories.items()
        if name in used
    )
