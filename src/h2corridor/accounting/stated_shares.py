"""Shares that a supplier states, held against those that the rules compute; they are never taken in their place."""

from collections.abc import Iterator
from fractions import Fraction

from h2verify.scope_facts import category_place

from h2corridor.accounting.facts import class_path, stop_path
from h2corridor.accounting.kernel.resolver import Resolver
from h2corridor.model.chain import SHARES_MAY_MISS, TransportCategory, TransportChain
from h2corridor.model.errors import InputError


def check_stated_shares(chain: TransportChain, resolver: Resolver) -> None:
    """Refuse a chain that states another share than the rules compute for the same stop or class.

    Raises
    ------
    InputError
        `chain.meaning`.
    """
    for where, stated, name, path in _stated(chain):
        computed = resolver.value(name, path)
        if computed is None or abs(Fraction(stated) - Fraction(computed)) <= SHARES_MAY_MISS:
            continue
        fault = (
            f"the stated share is {stated}, the computed one {computed:.12f} (rule {name}; ISO 14083, clause unseen)."
        )
        next_step = "Correct the share, or the quantities that it follows from."
        raise InputError("chain.meaning", fault, about="transport chain", where=where, next_step=next_step)


def _stated(chain: TransportChain) -> Iterator[tuple[str, str, str, str]]:
    """Each stated share with its place, and the quantity and scope that it is compared with."""
    for name, category in chain.categories.items():
        place = category_place(name)
        for number, each in enumerate(category.classes):
            if each.share is not None:
                yield f"{place}.classes[{number}].share", each.share, "class_share", class_path(name, each.name)
        stops = category.round.stops if isinstance(category, TransportCategory) and category.round else ()
        for number, stop in enumerate(stops):
            if stop.share is not None:
                yield f"{place}.round.stops[{number}].share", stop.share, "stop_share", stop_path(name, stop.id)
