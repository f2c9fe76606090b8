"""One plant's hydrogen over one period as a document, format 1: what a rule set for hydrogen reads.

A document states what the plant took in and gave off (`inventory`), or what its maker declares (`declared`), or both;
and perhaps what it took to bring the hydrogen to the nozzle (`delivery`). Numbers stay the decimal strings they were
written as. None means "not supplied": reading accepts it, a rule that needs it refuses.
"""

from typing import Any

import msgspec

from h2corridor.model.errors import InputError
from h2corridor.model.production_faults import list_faults
from h2corridor.model.production_values import PATHWAYS, HydrogenProduction
from h2corridor.model.repeated_keys import RepeatedKeyError, refuse_repeated_keys

PRODUCTION_FORMAT = "hydrogen-production/1"


def decode_production(data: bytes, *, about: str = "hydrogen production") -> HydrogenProduction:
    """The production in a JSON document, refused unless it is whole.

    Parameters
    ----------
    about : str
        The file's name, for messages.

    Raises
    ------
    InputError
        `production.unreadable`: no JSON, or an object names a key twice. `production.shape`: a field is unknown,
        missing or of another kind. `production.meaning`: fields that contradict each other; see `check_production`.
    """
    try:
        production = msgspec.json.decode(data, type=HydrogenProduction)
        refuse_repeated_keys(data)
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at ")
        where = where.strip("`")
        raise InputError(
            "production.shape", f"{fault}.", about=about, where=where, next_step=_hint(fault, where)
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, RepeatedKeyError) as error:
        next_step = f"Supply a JSON document of format {PRODUCTION_FORMAT}."
        raise InputError("production.unreadable", f"{error}.", about=about, next_step=next_step) from error
    check_production(production, about=about)
    return production


def check_production(production: HydrogenProduction, *, about: str = "hydrogen production") -> None:
    """Refuse a production whose fields contradict each other; call it on one that was not decoded.

    Raises
    ------
    InputError
        `production.meaning`: neither declared nor inventory, a period that ends before it begins or spans two years,
        an electrolysis without electricity, an id that stands twice, an input with two factors or a factor without
        source, a co-product whose mass is not its amount, more CO2 caught than formed, market values without
        currency, a by-product without its prior use, a replacement of it that is nothing or takes emissions away, a
        station that gives out more than it has, a contract that does not hold over the whole period.
    """
    for where, fault in list_faults(production):
        raise InputError("production.meaning", f"{fault}.", about=about, where=where, next_step="Correct the document.")


def production_schema() -> bytes:
    """The JSON schema of the format as it ships in the package (`accounting/schemas/hydrogen-production-1.json`)."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(HydrogenProduction),
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"


def _hint(fault: str, where: str) -> str:
    if where == "$.pathway":
        return f"Known pathways: {', '.join(PATHWAYS)}."
    if "Expected `str" in fault and ("got `int`" in fault or "got `float`" in fault):
        return 'Write numbers as decimal strings, for example "10.5".'
    if where == "$.delivery.liquefaction":
        return "Gaseous delivery alone is computed; a chain with liquefaction cannot be stated yet."
    return "Correct the document; its schema ships as accounting/schemas/hydrogen-production-1.json."
