"""What changes between two editions, and what that does to the figures of given documents."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.kernel import Edition
from h2corridor.accounting.ledger import Figures, Ledger, make_ledger
from h2corridor.accounting.production.assessment import assess_production
from h2corridor.app.assess import read_chain
from h2corridor.app.assess_document import read_production, require_stated_format
from h2corridor.app.rules import COMPARISONS, get_rule_set, list_rule_sets, require_document
from h2corridor.model.chain import TransportChain
from h2corridor.model.errors import RuleError, UsageError
from h2corridor.model.production import PRODUCTION_FORMAT
from h2corridor.model.production_values import HydrogenProduction

FIGURES = ("wtw_kgco2e", "ttw_kgco2e")


class ChainLedger(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger of one document, of the shipment or the plant that it names; `digest` is that of each edition's
    folder."""

    chain: str
    shipment: str
    unit: Literal["kgCO2e", "kgCO2e/kg"]
    first: str
    second: str
    digests: tuple[str, str]
    ledger: Ledger


def ledger_of_documents(first: str, second: str, paths: Sequence[Path]) -> list[ChainLedger]:
    """What each change from one rule set to another does to the figures of transport chains or of plants.

    Parameters
    ----------
    first, second : str
        `ID` or `ID@EDITION` of rule sets that read the same documents.

    Raises
    ------
    UsageError, InputError, RuleError
        There is no such rule set, one is a method of comparison or reads other documents, a file is none of these, or
        one of the two cannot assess it.
    """
    if not paths:
        return []
    before, after = _rule_set(first), _rule_set(second)
    require_document(after, before.header.document)
    found = []
    for path in paths:
        require_stated_format(path, before)
        name, figures = _read(path, before.header.document)
        found.append(
            ChainLedger(
                chain=str(path),
                shipment=name,
                unit="kgCO2e/kg" if before.header.document == PRODUCTION_FORMAT else "kgCO2e",
                first=before.name,
                second=after.name,
                digests=(before.digest, after.digest),
                ledger=make_ledger(before, after, figures),
            )
        )
    return found


def _rule_set(name: str) -> Edition:
    methods = {each.id for each in list_rule_sets() if each.group == COMPARISONS}
    if name.partition("@")[0] in methods:
        fault = f"{name} is a method of comparison; what changes do to figures is followed for rule sets."
        raise UsageError("rules.wrong-document", fault, next_step="Leave out --chain: the changes alone are listed.")
    return get_rule_set(name)


def _read(path: Path, document: str) -> tuple[str, Figures]:
    if document != PRODUCTION_FORMAT:
        chain = read_chain(path)
        return chain.shipment.id, figures_of(chain)
    production = read_production(path)
    return production.plant.id, _figures_of_plant(production)


def _figures_of_plant(production: HydrogenProduction) -> Figures:
    """The rule set's result, and its allocation at the gate and at the nozzle [kgCO2e/kg]."""
    wanted: set[str] = set()

    def figures(edition: Edition) -> Mapping[str, str]:
        assessed = assess_production(production, edition)
        chosen = next((each for each in assessed.allocations if each.chosen), None)
        stated = {
            "result": assessed.result.kgco2e_per_kg,
            "gate": None if chosen is None else chosen.gate_kgco2e_per_kg,
            "nozzle": None if chosen is None else chosen.nozzle_kgco2e_per_kg,
        }
        found = {name: value for name, value in stated.items() if value is not None}
        if lost := wanted - found.keys():
            raise RuleError("rule.missing-input", f"{', '.join(sorted(lost))} cannot be computed.", about=edition.label)
        wanted.update(found)
        return found

    return figures


def figures_of(chain: TransportChain) -> Callable[[Edition], Mapping[str, str]]:
    """The figures of a chain that a ledger follows."""

    def figures(edition: Edition) -> Mapping[str, str]:
        result = assess_chain(chain, edition)
        return {name: value for name in FIGURES if (value := getattr(result, name)) is not None}

    return figures
