"""What may be sold of a batch's attribute: once, no more than there is, and nothing that was used or has expired."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal

from h2corridor.model.custody import CustodyBatch
from h2corridor.model.custody_sales import AttributeSale
from h2corridor.model.errors import InputError

_ASK = "Ask the seller and the registry which record is right, and correct the file of sales."


def require_sold_once(sales: Sequence[AttributeSale], batches: Iterable[CustodyBatch]) -> None:
    """Refuse sales that name no batch, or sell the same twice.

    Raises
    ------
    InputError
        `sale.unknown-batch`, `sale.twice`.
    """
    known = {each.batch_id: each for each in batches}
    seen: dict[tuple[str, str], str] = {}
    for sale in sales:
        batch = known.get(sale.batch)
        if batch is None:
            next_step = f"Name a batch of the trial: {', '.join(sorted(known)) or 'there is none'}."
            fault = f"there is no batch {sale.batch!r}."
            raise InputError("sale.unknown-batch", fault, about=f"sale {sale.sale}", next_step=next_step)
        if batch.other_claims:
            fault = (
                f"all of {batch.batch_id} is claimed already (hydrogen_batches.csv#{batch.row}): {batch.other_claims}."
            )
            raise InputError("sale.twice", fault, about=f"sale {sale.sale}", next_step=_ASK)
        for key, what in ((("sale", sale.sale), "this id"), (("instrument", sale.instrument), "this instrument")):
            if key in seen:
                fault = f"{what}, {key[1]}, was sold before, by sale {seen[key]}."
                raise InputError("sale.twice", fault, about=f"sale {sale.sale}", next_step=_ASK)
            seen[key] = sale.sale


def require_there(sale: AttributeSale, batch: CustodyBatch, *, sold_mg: int, used_mg: int) -> None:
    """Refuse a sale of what is not there any more when it is sold.

    Parameters
    ----------
    sold_mg, used_mg : what was sold of the batch before, and what consumption here had used up [mg]

    Raises
    ------
    InputError
        `sale.after-expiry`, `sale.beyond-batch`, `sale.after-use`.
    """
    about, where = f"sale {sale.sale}", f"hydrogen_batches.csv#{batch.row}"
    if batch.valid_until_s is not None and sale.sold_at_s > batch.valid_until_s:
        fault = f"the certificate of {batch.batch_id} ended on {_instant(batch.valid_until_s)}, before the sale."
        raise InputError("sale.after-expiry", fault, about=about, where=where, next_step=_ASK)
    over_mg = sold_mg + sale.mass_mg - batch.mass_mg
    if over_mg > 0:
        fault = (
            f"{_kg(over_mg)} kg more would be sold of {batch.batch_id} than were produced ({_kg(batch.mass_mg)} kg)."
        )
        raise InputError("sale.beyond-batch", fault, about=about, where=where, next_step=_ASK)
    if over_mg + used_mg > 0:
        left = _kg(sale.mass_mg - over_mg - used_mg)
        fault = f"{_kg(over_mg + used_mg)} kg of {batch.batch_id} had been used here before; {left} kg were left."
        raise InputError("sale.after-use", fault, about=about, where=where, next_step=_ASK)


def _kg(mass_mg: int) -> str:
    return f"{Decimal(mass_mg).scaleb(-6):f}"


def _instant(at_s: int) -> str:
    return datetime.datetime.fromtimestamp(at_s, datetime.UTC).isoformat()
