"""Assess one transport chain from a file: the calculator that needs no trial."""

import os
from collections.abc import Sequence
from pathlib import Path

from h2corridor.accounting.assessment import Assessment, assess_chain
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.model.chain import TransportChain, decode_chain
from h2corridor.model.errors import InputError

COMPARISONS = ("same-service-diesel", "tailpipe-press")
LIFE_CYCLE = "same-service-life-cycle"
CHAIN_BYTES_MAX = 64 * 1024 * 1024


def assess_file(path: Path, rule_set: str, *, comparisons: Sequence[str] | None = None) -> Assessment:
    """The figures of the chain in a file.

    Parameters
    ----------
    rule_set : str
        `ID` or `ID@EDITION`.
    comparisons : sequence of str, optional
        Methods to compare by, as `ID` or `ID@EDITION`; without it the latest editions of both built-in ones, if the
        chain states a diesel truck, and that of the life cycle, if it states one.

    Raises
    ------
    InputError
        The file cannot be read, or is no transport chain of format 1.
    UsageError
        `rules.unknown`: there is no such rule set or comparison.
    RuleError
        Something is missing that a rule needs.
    """
    edition = get_rule_set(rule_set)
    chain = read_chain(path)
    if comparisons is None:
        comparisons = _asked_for(chain)
    return assess_chain(chain, edition, comparisons=[get_comparison(name) for name in comparisons])


def read_chain(path: Path) -> TransportChain:
    """The chain in a file.

    Raises
    ------
    InputError
        `chain.unreadable`: not a file, too large, or not JSON; `chain.shape`, `chain.meaning`: see `decode_chain`.
    """
    next_step = "Name a JSON file of format transport-chain/1."
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(CHAIN_BYTES_MAX + 1)
    except OSError as error:
        fault = f"cannot be read: {error.strerror or error}."
        raise InputError("chain.unreadable", fault, about=str(path), next_step=next_step) from error
    if len(data) > CHAIN_BYTES_MAX:
        fault = f"{size} bytes are more than a chain may have ({CHAIN_BYTES_MAX})."
        raise InputError("chain.unreadable", fault, about=str(path), next_step=next_step)
    return decode_chain(data, about=str(path))


def _asked_for(chain: TransportChain) -> tuple[str, ...]:
    """The methods that a chain asks for by what it states."""
    stated = [getattr(category, "comparison", None) for category in chain.categories.values()]
    if not any(stated):
        return ()
    return (*COMPARISONS, LIFE_CYCLE) if any(each and each.life_cycle for each in stated) else COMPARISONS
