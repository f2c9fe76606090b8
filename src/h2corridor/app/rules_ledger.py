"""What changes between two editions, and what that does to the figures of given chains."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.kernel import Edition
from h2corridor.accounting.ledger import Ledger, make_ledger
from h2corridor.app.assess import read_chain
from h2corridor.app.rules import get_chain_rules
from h2corridor.model.chain import TransportChain

FIGURES = ("wtw_kgco2e", "ttw_kgco2e")


class ChainLedger(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger of one chain; `digest` is that of each edition's folder."""

    chain: str
    shipment: str
    first: str
    second: str
    digests: tuple[str, str]
    ledger: Ledger


def ledger_of_chains(first: str, second: str, paths: Sequence[Path]) -> list[ChainLedger]:
    """What each change from one rule set to another does to the figures of chains.

    Parameters
    ----------
    first, second : str
        `ID` or `ID@EDITION` of rule sets.

    Raises
    ------
    UsageError, InputError, RuleError
        There is no such rule set, a file is no chain, or one of the two cannot assess it.
    """
    before, after = get_chain_rules(first), get_chain_rules(second)
    found = []
    for path in paths:
        chain = read_chain(path)
        found.append(
            ChainLedger(
                chain=str(path),
                shipment=chain.shipment.id,
                first=before.name,
                second=after.name,
                digests=(before.digest, after.digest),
                ledger=make_ledger(before, after, figures_of(chain)),
            )
        )
    return found


def figures_of(chain: TransportChain) -> Callable[[Edition], Mapping[str, str]]:
    """The figures of a chain that a ledger follows."""

    def figures(edition: Edition) -> Mapping[str, str]:
        result = assess_chain(chain, edition)
        return {name: value for name in FIGURES if (value := getattr(result, name)) is not None}

    return figures
