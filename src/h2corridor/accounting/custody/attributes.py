"""The attribute side: who may speak of a batch, kilogram for kilogram.

Of what was used in a batch's name, in the order of time:

    beyond     more than the batch by its papers brought: nobody's attribute
    residual   after a sale, until as much was used as was sold: somebody else's attribute
    late       after the end of the certificate: an attribute that had expired
    backed     the rest: consumed here, once

The attribute of a batch is what was produced of it: backed, sold, expired and what is left sum to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from h2corridor.accounting.custody.sales import require_sold_once, require_there
from h2corridor.model.custody import Custody, CustodyBatch
from h2corridor.model.custody_sales import AttributeSale

Fate = Literal["backed", "residual", "late", "beyond", "unknown"]
FATES: tuple[Fate, ...] = ("backed", "residual", "late", "beyond", "unknown")
Part = tuple[str, Fate]
"""An origin and what became of its attribute."""


@dataclass(slots=True, kw_only=True)
class BatchAttribute:
    """The attribute of one batch [mg]; `brought_mg` is what its papers brought of what was produced."""

    batch: CustodyBatch
    brought_mg: int
    sold_mg: int = 0
    expired_mg: int = 0
    used_mg: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(FATES, 0))
    sales: list[AttributeSale] = field(default_factory=list)

    @property
    def left_mg(self) -> int:
        """What nobody used or sold and that has not expired."""
        return self.batch.mass_mg - self.used_mg["backed"] - self.sold_mg - self.expired_mg

    def has_ended(self, at_s: int) -> bool:
        """Whether the certificate had ended at an instant [s]."""
        return self.batch.valid_until_s is not None and at_s > self.batch.valid_until_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """Both sides of every batch, and every use by account (`trip:T`, `standing:VIN`), origin and fate [mg]."""

    batches: Mapping[str, BatchAttribute]
    uses: Mapping[str, Mapping[Part, int]]


def settle_attributes(custody: Custody, sales: Sequence[AttributeSale]) -> Attributes:
    """Settle who may speak of what was used.

    Raises
    ------
    InputError
        `sale.unknown-batch`, `sale.twice`, `sale.beyond-batch`, `sale.after-use`, `sale.after-expiry`: what is said to
        be sold was not there to be sold.
    """
    batches = {each.batch_id: BatchAttribute(batch=each, brought_mg=0) for each in custody.batches}
    require_sold_once(sales, [each.batch for each in batches.values()])
    for batch_id, mass_mg in _brought(custody).items():
        if batch_id in batches:
            batches[batch_id].brought_mg = min(mass_mg, batches[batch_id].batch.mass_mg)
    for attribute in batches.values():
        if attribute.batch.other_claims:
            attribute.sold_mg = attribute.batch.mass_mg
    uses: dict[str, dict[Part, int]] = {}
    pending = sorted(sales, key=lambda sale: (sale.sold_at_s, sale.sale))
    used = [each for each in custody.postings if each.kind == "used"]
    for posting in sorted(used, key=lambda each: each.at_s):
        while pending and pending[0].sold_at_s <= posting.at_s:
            _sell(batches, pending.pop(0))
        account = uses.setdefault(posting.to_account, {})
        for origin, mass_mg in posting.by_origin.items():
            for part, amount in _fates(batches.get(origin.partition("@")[0]), origin, mass_mg, posting.at_s):
                account[part] = account.get(part, 0) + amount
    for sale in pending:
        _sell(batches, sale)
    for attribute in batches.values():
        if attribute.has_ended(custody.period_end_s):
            attribute.expired_mg = attribute.left_mg
        assert attribute.left_mg >= 0, f"{attribute.batch.batch_id}: more of the attribute went than there was"
    return Attributes(batches=batches, uses=uses)


def _brought(custody: Custody) -> dict[str, int]:
    """What left each batch, without what it never had [mg]."""
    brought: dict[str, int] = {}
    for posting in custody.postings:
        for account, sign in ((posting.from_account, 1), (posting.to_account, -1)):
            if account.startswith("batch:") and posting.kind != "produced":
                batch_id = account.removeprefix("batch:")
                brought[batch_id] = brought.get(batch_id, 0) + sign * posting.mass_mg
    return brought


def _sell(batches: Mapping[str, BatchAttribute], sale: AttributeSale) -> None:
    attribute = batches[sale.batch]
    require_there(sale, attribute.batch, sold_mg=attribute.sold_mg, used_mg=attribute.used_mg["backed"])
    attribute.sold_mg += sale.mass_mg
    attribute.sales.append(sale)


def _fates(attribute: BatchAttribute | None, origin: str, mass_mg: int, at_s: int) -> Iterable[tuple[Part, int]]:
    """Divide one use; hydrogen of a batch that no row describes is of unknown origin."""
    if attribute is None:
        return [((origin, "unknown"), mass_mg)]
    used = attribute.used_mg
    recorded = min(mass_mg, attribute.brought_mg - used["backed"] - used["residual"] - used["late"])
    residual = min(recorded, attribute.sold_mg - used["residual"])
    rest = recorded - residual
    ended = attribute.has_ended(at_s)
    parts: dict[Fate, int] = {
        "beyond": mass_mg - recorded,
        "residual": residual,
        "late": rest if ended else 0,
        "backed": 0 if ended else rest,
    }
    for fate, amount in parts.items():
        used[fate] += amount
    return [((origin, fate), amount) for fate, amount in parts.items() if amount]
