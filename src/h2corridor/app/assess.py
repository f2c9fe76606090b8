"""Assess one transport chain from a file: the calculator that needs no trial."""

import os
from collections.abc import Sequence
from pathlib import Path

from h2corridor.accounting.assessment import Assessment, assess_chain
from h2corridor.app.factor_packs import read_pack
from h2corridor.app.rules import get_chain_rules, get_comparison
from h2corridor.model.chain import TransportChain, decode_chain
from h2corridor.model.errors import InputError

COMPARISONS = ("same-service-diesel", "tailpipe-press")
LIFE_CYCLE = "same-service-life-cycle"
CHAIN_BYTES_MAX = 64 * 1024 * 1024
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how an .xlsx or .ods, and an .xls, begins


def assess_file(
    path: Path, rule_set: str, *, comparisons: Sequence[str] | None = None, factors: Sequence[Path] = ()
) -> Assessment:
    """The figures of the chain in a file.

    Parameters
    ----------
    rule_set : str
        `ID` or `ID@EDITION`.
    comparisons : sequence of str, optional
        Methods to compare by, as `ID` or `ID@EDITION`; without it the latest editions of both built-in ones, if the
        chain states a diesel truck, and that of the life cycle, if it states one.
    factors : sequence of Path
        Users' own factor files, the first asked first, all of them before the rule set.

    Raises
    ------
    InputError
        The file cannot be read, or is no transport chain of format 1; or a factor file is not one, or would replace
        more than factors.
    UsageError
        `rules.unknown`: there is no such rule set or comparison; `rules.wrong-document`: it reads no transport chains.
    RuleError
        Something is missing that a rule needs.
    """
    document = read_limited(path, "a JSON file of format transport-chain/1")
    return assess_bytes(document, rule_set, comparisons=comparisons, factors=factors, about=str(path))


def assess_bytes(
    document: bytes,
    rule_set: str,
    *,
    comparisons: Sequence[str] | None = None,
    factors: Sequence[Path] = (),
    about: str = "transport chain",
) -> Assessment:
    """The figures of the chain in a document; parameters and errors are those of `assess_file`."""
    edition = get_chain_rules(rule_set)
    chain = decode_chain(document, about=about)
    if comparisons is None:
        comparisons = _asked_for(chain)
    compared = [get_comparison(name) for name in comparisons]
    return assess_chain(chain, edition, comparisons=compared, packs=[read_pack(each) for each in factors])


def read_chain(path: Path) -> TransportChain:
    """The chain in a file.

    Raises
    ------
    InputError
        `chain.unreadable`: not a file, too large, or not JSON; `chain.shape`, `chain.meaning`: see `decode_chain`.
    """
    return decode_chain(read_limited(path, "a JSON file of format transport-chain/1"), about=str(path))


def read_limited(path: Path, wanted: str, *, most: int = CHAIN_BYTES_MAX) -> bytes:
    """The bytes of a file that may be so large at most.

    Raises
    ------
    InputError
        `chain.unreadable`: not a file, or too large. `assess.workbook`: a workbook of a spreadsheet program.
    """
    next_step = f"Name {wanted}."
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(most + 1)
    except OSError as error:
        fault = f"cannot be read: {error.strerror or error}."
        raise InputError("chain.unreadable", fault, about=str(path), next_step=next_step) from error
    if len(data) > most:
        fault = f"{size} bytes are more than such a file may have ({most})."
        raise InputError("chain.unreadable", fault, about=str(path), next_step=next_step)
    if data.startswith(_WORKBOOKS):
        next_step = "Save a table as CSV in UTF-8 and name that file, with --categories beside it."
        fault = "it is a workbook or an archive, no text."
        raise InputError("assess.workbook", fault, about=str(path), next_step=next_step)
    return data


def _asked_for(chain: TransportChain) -> tuple[str, ...]:
    """The methods that a chain asks for by what it states."""
    stated = [getattr(category, "comparison", None) for category in chain.categories.values()]
    if not any(stated):
        return ()
    return (*COMPARISONS, LIFE_CYCLE) if any(each and each.life_cycle for each in stated) else COMPARISONS
