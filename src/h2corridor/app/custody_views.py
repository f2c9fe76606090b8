"""What `h2corridor custody show` gives: masses are decimal texts in kilograms."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from h2corridor.accounting.custody.attributes import Fate
from h2corridor.model.chain_values import CustodyModel, TransportChain
from h2corridor.model.custody import Posting
from h2corridor.model.custody_sales import AttributeSale

_ROLES = {
    "opening": "opening", "unloaded": "came", "aboard": "opening", "taken": "came", "seen": "unbooked",
    "beyond_record": "beyond_record", "filled": "went", "used": "went", "vented": "vented",
    "left_earlier": "left_earlier",
}  # fmt: skip
"""What a posting is to the store that it enters or leaves."""


class BatchView(msgspec.Struct, frozen=True, kw_only=True):
    """A batch on both sides: `brought_kg` is physical; `used_kg` by fate, sold, expired and left are its attribute.

    `allowed` says by rule set whether the model counts there; null where no model is stated.
    """

    batch_id: str
    row: int
    custody: CustodyModel | None
    allowed: dict[str, bool | None]
    certificate_id: str | None
    valid_until_s: int | None
    other_claims: str | None
    produced_kg: str
    brought_kg: str
    used_kg: dict[Fate, str]
    sold_kg: str
    expired_kg: str
    left_kg: str
    sales: tuple[AttributeSale, ...]


class StoreView(msgspec.Struct, frozen=True, kw_only=True):
    """A station's stock or a truck's tank over the period: what it had and got sums to what went and is left."""

    name: str
    opening_kg: str
    came_kg: str
    unbooked_kg: str
    beyond_record_kg: str
    went_kg: str
    vented_kg: str
    left_earlier_kg: str
    left_kg: str


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    """Hydrogen of one batch that had one fate; no batch is unknown origin."""

    batch_id: str | None
    fate: Fate
    kg: str


class ResidualFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A consignment's figure as the report has it, and with residual hydrogen; the chain and its whole derivation."""

    rule_set: str
    status: str
    figure_id: str | None
    wtw_kgco2e: str | None
    residual_kgco2e_per_kg: str
    residual_source: str
    residual_wtw_kgco2e: str | None
    residual_wtt_kgco2e: str | None
    residual_ttw_kgco2e: str | None
    missing: tuple[str, ...]
    missing_zh: tuple[str, ...]
    chain: TransportChain
    derivation: tuple[dict[str, Any], ...]


class ConsignmentView(msgspec.Struct, frozen=True, kw_only=True):
    """What a consignment used, by batch and fate; figures where an attribute of it was sold."""

    consignment_id: str
    used_kg: str
    parts: tuple[PartView, ...]
    residual_figures: tuple[ResidualFigure, ...]


class CustodyView(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides; `unshared` is what was used on trips that no consignment shares."""

    trial: str
    rule_sets: tuple[str, ...]
    batches: tuple[BatchView, ...]
    stations: tuple[StoreView, ...]
    trucks: tuple[StoreView, ...]
    consignments: tuple[ConsignmentView, ...]
    unshared: tuple[PartView, ...]
    postings: tuple[Posting, ...]


def kilograms(mass_mg: int) -> str:
    """A mass [mg] in kilograms, every digit of it.

    >>> kilograms(22_410_000)
    '22.410000'
    """
    return f"{Decimal(mass_mg).scaleb(-6):f}"


def store_views(postings: Iterable[Posting]) -> tuple[tuple[StoreView, ...], tuple[StoreView, ...]]:
    """Give the stock of each station and the tank of each truck, by name."""
    booked: dict[str, dict[str, int]] = {}
    for posting in postings:
        for account, sign in ((posting.from_account, -1), (posting.to_account, 1)):
            if account.startswith(("stock:", "tank:")):
                roles = booked.setdefault(account, {})
                role = _ROLES[posting.kind]
                roles[role] = roles.get(role, 0) + posting.mass_mg
                roles["left"] = roles.get("left", 0) + sign * posting.mass_mg
    stations, trucks = (
        tuple(_store(account, booked[account]) for account in sorted(booked) if account.startswith(kind))
        for kind in ("stock:", "tank:")
    )
    return stations, trucks


def _store(account: str, roles: dict[str, int]) -> StoreView:
    names = ("opening", "came", "unbooked", "beyond_record", "went", "vented", "left_earlier", "left")
    masses = {f"{name}_kg": kilograms(roles.get(name, 0)) for name in names}
    return StoreView(name=account.partition(":")[2], **masses)
