"""Assess one document from a file, a transport chain or a hydrogen production, by a rule set that reads its format."""

import json
from collections.abc import Sequence
from pathlib import Path

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.production.assessment import assess_production
from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.app.assess import assess_file, read_limited
from h2corridor.app.factor_packs import read_pack
from h2corridor.app.rules import get_rule_set, require_document
from h2corridor.model.chain import CHAIN_FORMAT
from h2corridor.model.errors import InputError
from h2corridor.model.production import PRODUCTION_FORMAT, decode_production
from h2corridor.model.production_values import HydrogenProduction

_FORMATS = (CHAIN_FORMAT, PRODUCTION_FORMAT)


def assess_document(path: Path, rule_set: str, *, factors: Sequence[Path] = ()) -> Assessment | ProductionAssessment:
    """The figures of the document in a file, of the format that the rule set reads.

    Parameters
    ----------
    rule_set : str
        `ID` or `ID@EDITION`.
    factors : sequence of Path, optional
        Users' own factor files, asked before the rule set.

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
    require_stated_format(path, edition)
    if edition.header.document == PRODUCTION_FORMAT:
        return assess_production(read_production(path), edition, packs=[read_pack(each) for each in factors])
    return assess_file(path, rule_set, factors=factors)


def read_production(path: Path) -> HydrogenProduction:
    """The hydrogen production in a file.

    Raises
    ------
    InputError
        `production.unreadable`: not a file, too large, or not JSON; `assess.workbook`: see `read_limited`;
        `production.shape`, `production.meaning`: see `decode_production`.
    """
    try:
        data = read_limited(path, f"a JSON file of format {PRODUCTION_FORMAT}")
    except InputError as error:
        if error.code == "assess.workbook":
            raise
        raise InputError("production.unreadable", error.fault, about=error.about, next_step=error.next_step) from error
    return decode_production(data, about=str(path))


def require_stated_format(path: Path, edition: Edition) -> None:
    """Refuse a file that names a format which other rule sets read; UsageError `rules.wrong-document`."""
    stated = _stated_format(path)
    if stated is not None:
        require_document(edition, stated)


def _stated_format(path: Path) -> str | None:
    """The format that a document names, where it is one that some rule set reads; whatever else is wrong with it is
    said by whoever decodes it."""
    try:
        document = json.loads(read_limited(path, "a JSON document"))
    except (InputError, ValueError, RecursionError):
        return None
    stated = document.get("format") if isinstance(document, dict) else None
    return stated if stated in _FORMATS else None
