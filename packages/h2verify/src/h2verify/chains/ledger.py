"""The groups of records at hand, and which of them were asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from h2verify.chains.forms import Groups, Record
from h2verify.errors import BundleError

DISTANCES = "distances"


class Ledger:
    """Groups of records by name and kind.

    A group that is asked for and not there is refused; `asked` holds the names of those that were there. So what a
    chain needs is what was asked for while it was written. With `references_max`, so many rows may be referred to.
    """

    def __init__(self, groups: Groups, *, references_max: int | None = None) -> None:
        self.asked: set[str] = set()
        self._references_left = references_max
        self._groups = {name: _by_kind(records) for name, records in groups.items()}
        self._trucks = {
            record["leg_id"]: name
            for name, kinds in self._groups.items()
            if name.startswith("truck/")
            for record in kinds.get("leg", ())
        }

    def list_records(self, group: str, kind: str) -> Sequence[Record]:
        """The records of one kind in a group, in order.

        Raises
        ------
        BundleError
            `activity.group-missing`: the group is not there.
        """
        if group not in self._groups:
            raise BundleError("activity.group-missing", "the figure rests on this group.", where=group)
        self.asked.add(group)
        return self._groups[group].get(kind, ())

    def get_head(self, group: str) -> Record:
        """The first record of a group that is named for one thing: its truck, site, batch, consignment or trial."""
        return self.list_records(group, group.partition("/")[0])[0]

    def get_site(self, site_id: str) -> Record:
        """The record of a site."""
        return self.get_head(f"site/{site_id}")

    def get_consignment(self, consignment_id: str) -> Record:
        """The record of a consignment."""
        return self.get_head(f"consignment/{consignment_id}")

    def get_leg(self, consignment_id: str, leg_id: str) -> Record:
        """A leg of a consignment, from its truck's group or its own."""
        group = self._trucks.get(leg_id, f"consignment/{consignment_id}")
        found = next((leg for leg in self.list_records(group, "leg") if leg["leg_id"] == leg_id), None)
        if found is None:
            fault = f"no group has leg {leg_id} of this consignment."
            raise BundleError("activity.group-missing", fault, where=f"consignment/{consignment_id}")
        return found

    def refer(self, references: list[str]) -> list[str]:
        """Give references as they are, and count them.

        Raises
        ------
        BundleError
            `container.limit`: more than a chain of a bundle can hold.
        """
        if self._references_left is not None:
            self._references_left -= len(references)
            if self._references_left < 0:
                raise BundleError("container.limit", "the chain would refer to too many rows.", where="activity")
        return references

    def list_asked(self, prefix: str) -> list[str]:
        """The names of the groups of one sort that were asked for, in order."""
        return sorted(name for name in self.asked if name.startswith(prefix))


def _by_kind(records: Sequence[Record]) -> Mapping[str, Sequence[Record]]:
    kinds: dict[str, list[Any]] = {}
    for record in records:
        kinds.setdefault(record["kind"], []).append(record)
    return kinds
