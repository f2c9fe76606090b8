"""Which models of custody an edition allows.

An edition that says nothing about custody judges no model that keeps the attribute with the kilograms; book and claim,
which parts them, needs its word.
"""

from h2verify.scope_facts import category_place

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.model.chain_values import CustodyModel, TransportChain
from h2corridor.model.errors import RuleError

BOOK_AND_CLAIM: CustodyModel = "book_and_claim"


def is_allowed(model: CustodyModel, edition: Edition) -> bool:
    """Whether hydrogen of this model may be counted by an edition."""
    return model != BOOK_AND_CLAIM if edition.custody is None else model in edition.custody.allowed


def clause_of(edition: Edition) -> str:
    """The clause that says so: `own` for a rule of our own, `unseen` where the edition says nothing."""
    return "unseen" if edition.custody is None else edition.custody.clause


def check_chain_custody(chain: TransportChain, edition: Edition) -> None:
    """Refuse a chain with hydrogen of a custody model that the edition does not allow, in a category that it uses.

    Raises
    ------
    RuleError
        `rule.custody-not-allowed`.
    """
    used = {element.category for element in chain.elements}
    for name, category in chain.categories.items():
        for number, entry in enumerate(category.energy if name in used else ()):
            model = None if entry.supply is None else entry.supply.custody
            if entry.supply is None or model is None or is_allowed(model, edition):
                continue
            allowed = "says nothing about it" if edition.custody is None else ", ".join(edition.custody.allowed)
            fault = f"batch {entry.supply.batch} is {model}; allowed: {allowed} (clause {clause_of(edition)})."
            next_step = "Count it by a rule set that allows this model, or as hydrogen of unknown origin."
            where = f"{category_place(name)}.energy[{number}].supply.custody"
            raise RuleError("rule.custody-not-allowed", fault, about=edition.label, where=where, next_step=next_step)
