"""One transport chain as a document, format 1: what an emission rule set reads, from a trial or from anybody's file.

The terms are those of ISO 14083: transport chain elements, transport operation categories, hub operation categories.
Numbers stay the decimal strings they were written as. None means "not supplied": reading accepts it, a rule that
needs it refuses.
"""

from codecs import BOM_UTF8
from typing import Any

import msgspec

from h2corridor.model.chain_faults import SHARES_MAY_MISS, list_faults
from h2corridor.model.chain_values import (
    CHAIN_FORMAT,
    Amount,
    DieselComparison,
    Distance,
    ElectricityContract,
    Energy,
    Factor,
    HubCategory,
    HubElement,
    HubIntensity,
    HydrogenLeakage,
    HydrogenSupply,
    Identifier,
    Level,
    LifeCycle,
    Mode,
    Period,
    PlatformOverhead,
    Refrigerant,
    Refs,
    Round,
    SharingClass,
    Shipment,
    SignedAmount,
    StatedText,
    Stop,
    Text,
    TransportCategory,
    TransportChain,
    TransportElement,
    TransportIntensity,
    Uncertainty,
)
from h2corridor.model.errors import InputError
from h2corridor.model.repeated_keys import RepeatedKeyError, refuse_repeated_keys
from h2corridor.model.shape_faults import find_shape_fault

__all__ = [
    "CHAIN_FORMAT",
    "SHARES_MAY_MISS",
    "Amount",
    "DieselComparison",
    "Distance",
    "ElectricityContract",
    "Energy",
    "Factor",
    "HubCategory",
    "HubElement",
    "HubIntensity",
    "HydrogenLeakage",
    "HydrogenSupply",
    "Identifier",
    "Level",
    "LifeCycle",
    "Mode",
    "Period",
    "PlatformOverhead",
    "Refrigerant",
    "Refs",
    "Round",
    "SharingClass",
    "Shipment",
    "SignedAmount",
    "StatedText",
    "Stop",
    "Text",
    "TransportCategory",
    "TransportChain",
    "TransportElement",
    "TransportIntensity",
    "Uncertainty",
    "chain_schema",
    "check_chain",
    "decode_chain",
]


def decode_chain(data: bytes, *, about: str = "transport chain") -> TransportChain:
    """The chain in a JSON document, with or without a byte order mark; refused unless it is whole.

    Parameters
    ----------
    about : str
        The file's name, for messages.

    Raises
    ------
    InputError
        `chain.unreadable`: no JSON, or an object names a key twice. `chain.shape`: a field is unknown, missing or of
        another kind. `chain.meaning`: fields that contradict each other; see `check_chain`.
    """
    data = data.removeprefix(BOM_UTF8)
    try:
        chain = msgspec.json.decode(data, type=TransportChain)
        refuse_repeated_keys(data)
    except msgspec.ValidationError as error:
        otherwise = "Correct the document; its schema ships as accounting/schemas/transport-chain-1.json."
        fault, where, next_step = find_shape_fault(error, data, TransportChain, otherwise=otherwise)
        if "distance.kind" in where:
            next_step = "Give shortest feasible distance (sfd) or great circle (gcd); the driven distance is not one."
        raise InputError("chain.shape", fault, about=about, where=where, next_step=next_step) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, RepeatedKeyError) as error:
        next_step = "Supply a JSON document of format transport-chain/1 in UTF-8; a table is a file named .csv."
        raise InputError("chain.unreadable", f"{error}.", about=about, next_step=next_step) from error
    check_chain(chain, about=about)
    return chain


def check_chain(chain: TransportChain, *, about: str = "transport chain") -> None:
    """Refuse a chain whose fields contradict each other; call it on a chain that was not decoded.

    Raises
    ------
    InputError
        `chain.meaning`: an element's category is absent or of another kind, an id stands twice, distance kinds are
        mixed within a mode, a category has both or neither of intensity and totals, a distance adjustment factor is
        missing or would count twice, a factor by name stands beside numbers, a level without a region, a class that
        an element names and that states no activity, classes that do not sum to their category.
    """
    for where, fault in list_faults(chain):
        raise InputError("chain.meaning", f"{fault}.", about=about, where=where, next_step="Correct the chain.")


def chain_schema() -> bytes:
    """The JSON schema of the format as it ships in the package (`accounting/schemas/transport-chain-1.json`)."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(TransportChain),
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"
