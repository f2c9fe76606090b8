"""A group of records by its name, and which groups a chain rests on."""

from dataclasses import dataclass
from typing import Any

from h2verify.chains.chain import ChainWriter
from h2verify.chains.forms import Groups, Record
from h2verify.chains.ledger import DISTANCES, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Records that are disclosed together or not at all."""

    name: str
    records: tuple[Record, ...]


def groups_needed(groups: Groups, consignment_id: str) -> set[str]:
    """Give the names of the groups that a consignment's chain rests on.

    Parameters
    ----------
    groups : records by group, these among them
    consignment_id : one that is described and has legs

    Raises
    ------
    BundleError
        As `ChainWriter.write`.
    """
    ledger = Ledger(groups)
    write_needed(ledger, consignment_id)
    return set(ledger.asked)


def write_needed(ledger: Ledger, consignment_id: str) -> dict[str, Any]:
    """Write a consignment's chain, and ask for all that its recomputation rests on beside.

    Raises
    ------
    BundleError
        As `ChainWriter.write`.
    """
    for name in ("trial", DISTANCES):
        ledger.list_records(name, name)
    chain = ChainWriter(ledger).write(consignment_id)
    for truck in ledger.list_asked("truck/"):
        for fill in ledger.list_records(truck, "fill"):
            ledger.get_site(fill["station_id"])
    return chain
