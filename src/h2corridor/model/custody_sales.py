"""`attribute-sale/1`: sales of the attribute of hydrogen batches, as a registry or the seller records them."""

import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from h2corridor.model.chain_values import Identifier, StatedText
from h2corridor.model.errors import InputError
from h2corridor.model.repeated_keys import RepeatedKeyError, refuse_repeated_keys

SALES_FORMAT = "attribute-sale/1"
SALES_MAX = 10_000
_Instant = Annotated[datetime.datetime, msgspec.Meta(tz=True)]
_Kilograms = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?(?!\n)$", examples=["120.5"])]


class AttributeSale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sale: of which batch, when, how much, to whom, by which instrument, and where that is written.

    An instrument is what changed hands, such as a certificate's number; it can be sold once.
    """

    sale: Identifier
    batch: Identifier
    sold_at: _Instant
    mass_kg: _Kilograms
    buyer: Identifier
    instrument: Identifier
    source: StatedText

    @property
    def mass_mg(self) -> int:
        """What was sold [mg]."""
        return int(Decimal(self.mass_kg).scaleb(6))

    @property
    def sold_at_s(self) -> int:
        """When it was sold, seconds since 1970-01-01 UTC; a part of a second is dropped."""
        return int(self.sold_at.timestamp())


class AttributeSales(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The document."""

    format: Literal["attribute-sale/1"]
    sales: Annotated[tuple[AttributeSale, ...], msgspec.Meta(max_length=SALES_MAX)]


def decode_sales(data: bytes, *, about: str) -> tuple[AttributeSale, ...]:
    """The sales in a JSON document, each whole by itself.

    Parameters
    ----------
    about : the file's name, for messages

    Raises
    ------
    InputError
        `sale.unreadable`: no JSON, or an object names a key twice. `sale.shape`: a field is missing, unknown or of
        another kind, or a mass is zero.
    """
    try:
        refuse_repeated_keys(data)
        sales = msgspec.json.decode(data, type=AttributeSales).sales
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at ")
        raise _shape(f"{fault}.", about, where.strip("`")) from error
    except (ValueError, RecursionError, RepeatedKeyError) as error:
        next_step = f"Supply a JSON document of format {SALES_FORMAT}."
        raise InputError("sale.unreadable", f"{error}.", about=about, next_step=next_step) from error
    for number, sale in enumerate(sales):
        if not sale.mass_mg:
            raise _shape("expected a mass above zero.", about, f"$.sales[{number}].mass_kg")
    return sales


def _shape(fault: str, about: str, where: str) -> InputError:
    next_step = "Write it as the page on custody says: masses as decimal strings, times with their offset."
    return InputError("sale.shape", fault, about=about, where=where, next_step=next_step)
