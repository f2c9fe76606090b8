"""Assess one document from a file, a transport chain or a hydrogen production: the calculator that needs no trial."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from h2corridor.accounting.assessment import Assessment, assess_chain
from h2corridor.accounting.production.assessment import assess_production
from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.app.rules import get_comparison, get_rule_set, require_document
from h2corridor.model.chain import CHAIN_FORMAT, TransportChain, decode_chain
from h2corridor.model.errors import InputError
from h2corridor.model.production import PRODUCTION_FORMAT, HydrogenProduction, decode_production

COMPARISONS = ("same-service-diesel", "tailpipe-press")
CHAIN_BYTES_MAX = 64 * 1024 * 1024
_FORMATS = (CHAIN_FORMAT, PRODUCTION_FORMAT)


def assess_document(path: Path, rule_set: str) -> Assessment | ProductionAssessment:
    """The figures of the document in a file, of the format that the rule set reads.

    Parameters
    ----------
    rule_set : str
        `ID` or `ID@EDITION`.

    Raises
    ------
    InputError
        The file cannot be read, or is not of the format that the rule set reads.
    UsageError
        `rules.unknown`: there is no such rule set. `rules.wrong-document`: the file is of a format that other rule
        sets read.
    RuleError
        Something is missing that a rule needs.
    """
    edition = get_rule_set(rule_set)
    stated = _stated_format(path)
    if stated is not None:
        require_document(edition, stated)
    if edition.header.document == PRODUCTION_FORMAT:
        return assess_production(read_production(path), edition)
    return assess_file(path, rule_set)


def assess_file(path: Path, rule_set: str, *, comparisons: Sequence[str] | None = None) -> Assessment:
    """The figures of the chain in a file.

    Parameters
    ----------
    rule_set : str
        `ID` or `ID@EDITION`.
    comparisons : sequence of str, optional
        Methods to compare by, as `ID` or `ID@EDITION`; without it both built-in ones, if the chain states a diesel
        truck.

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
        comparisons = COMPARISONS if _states_diesel(chain) else ()
    return assess_chain(chain, edition, comparisons=[get_comparison(name) for name in comparisons])


def read_chain(path: Path) -> TransportChain:
    """The chain in a file.

    Raises
    ------
    InputError
        `chain.unreadable`: not a file, too large, or not JSON; `chain.shape`, `chain.meaning`: see `decode_chain`.
    """
    try:
        data = _read(path)
    except _UnreadableError as error:
        next_step = f"Name a JSON file of format {CHAIN_FORMAT}."
        raise InputError("chain.unreadable", error.args[0], about=str(path), next_step=next_step) from error
    return decode_chain(data, about=str(path))


def read_production(path: Path) -> HydrogenProduction:
    """The hydrogen production in a file.

    Raises
    ------
    InputError
        `production.unreadable`: not a file, too large, or not JSON; `production.shape`, `production.meaning`: see
        `decode_production`.
    """
    try:
        data = _read(path)
    except _UnreadableError as error:
        next_step = f"Name a JSON file of format {PRODUCTION_FORMAT}."
        raise InputError("production.unreadable", error.args[0], about=str(path), next_step=next_step) from error
    return decode_production(data, about=str(path))


class _UnreadableError(ValueError):
    pass


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(CHAIN_BYTES_MAX + 1)
    except OSError as error:
        raise _UnreadableError(f"cannot be read: {error.strerror or error}.") from error
    if len(data) > CHAIN_BYTES_MAX:
        raise _UnreadableError(f"{size} bytes are more than a document may have ({CHAIN_BYTES_MAX}).")
    return data


def _stated_format(path: Path) -> str | None:
    """The format that a document names, where it is one that some rule set reads; whatever else is wrong with it is
    said by whoever decodes it."""
    try:
        document = json.loads(_read(path))
    except (_UnreadableError, ValueError, RecursionError):
        return None
    stated = document.get("format") if isinstance(document, dict) else None
    return stated if stated in _FORMATS else None


def _states_diesel(chain: TransportChain) -> bool:
    return any(getattr(category, "comparison", None) is not None for category in chain.categories.values())
