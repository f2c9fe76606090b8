"""A transport chain as scopes of the kernel: `h2verify.scopes` says what stands where, here it gets units and labels.

What kinds of scope there are, what each states and which scopes are above it is drawn there.
"""

from decimal import Decimal

import msgspec
from h2verify.scope_facts import (
    CHAIN,
    DatedFact,
    Electricity,
    category_path,
    class_path,
    element_path,
    refrigerant_path,
    source_path,
    stop_path,
)
from h2verify.scope_facts import Fact as StatedFact
from h2verify.scopes import read_scopes

from h2corridor.accounting.kernel.scopes import Dated, Given, Scope, Scopes
from h2corridor.accounting.vocabulary import VOCABULARY, Word
from h2corridor.model.chain import TransportChain

__all__ = [
    "CHAIN",
    "Electricity",
    "category_path",
    "chain_scopes",
    "class_path",
    "element_path",
    "refrigerant_path",
    "source_path",
    "stop_path",
]

_UNNAMED = Word("", "", "")
"""A factor that has no value here has no unit either: both come with the parameter."""


def chain_scopes(chain: TransportChain, *, electricity: Electricity = "location") -> Scopes:
    """All scopes of a chain that is known to be consistent (`h2corridor.model.chain.check_chain`).

    Parameters
    ----------
    electricity : {"location", "market"}
        Whether the grid's factor counts, or that of a contract where one is stated.
    """
    return Scopes(
        Scope(
            kind=scope.kind,
            path=scope.path,
            facts={name: _fact(name, fact) for name, fact in scope.facts.items()},
            above=scope.above,
        )
        for scope in read_scopes(msgspec.to_builtins(chain), electricity=electricity)
    )


def _fact(name: str, fact: StatedFact | DatedFact) -> Given | Dated:
    if isinstance(fact, DatedFact):
        return fact
    word = VOCABULARY.get(name, _UNNAMED)
    value = None if fact.text is None else Decimal(fact.text)
    return Given(value=value, unit=word.unit, label_zh=word.label_zh, label_en=word.label_en, origin=fact.origin)
