"""A trial's consignments as transport chains: from here on a trial and `assess` go the same way.

The chains are written from activity records by `h2verify.chains`, so that a stranger who has the records writes the
very same ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from h2verify.activity import Outcome
from h2verify.chains import ChainWriter
from h2verify.chains.chain import CHAIN_FORMAT, MEASURED_SOURCE

from h2corridor.app.chain_values import read_chain
from h2corridor.app.operations import Operation, road_operations
from h2corridor.app.records import NOTHING_CUT, open_records, trial_groups
from h2corridor.app.texts import local_day
from h2corridor.model.chain import TransportChain
from h2corridor.model.trial import Leg, TrialFacts

Row = dict[str, Any]
Words = tuple[str, str]
"""The same said in zh and en."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialChains:
    """Chains by consignment, as documents and as values; what each does not cover; the operations they rest on."""

    chains: Mapping[str, TransportChain]
    documents: Mapping[str, Mapping[str, Any]]
    not_covered: Mapping[str, tuple[Words, ...]]
    operations: Sequence[Operation]
    writer: ChainWriter

    def find_operation(self, leg: Leg) -> Operation | None:
        """The operation that served a leg."""
        return next((each for each in self.operations if leg.leg_id in each.round.leg_ids), None)

    def loaded_trips(self) -> frozenset[str]:
        """The trips that served a leg."""
        return frozenset(trip_id for each in self.operations for trip_id in each.loaded)


def references_of(chain: Any) -> list[str]:
    """Give every `FILE#ROW` that a chain names, wherever it stands.

    Parameters
    ----------
    chain : a chain, or its document
    """
    return _references(msgspec.to_builtins(chain))


def trip_chain(trip: Row, origins: Mapping[str, int], facts: TrialFacts, chains: TrialChains) -> TransportChain:
    """Write one trip as a chain of its own, so that its emissions come from the very same rules: one tonne over one
    kilometre carries all of its hydrogen."""
    category = {
        "kind": "transport",
        "data": "primary",
        "source": MEASURED_SOURCE,
        "energy": chains.writer.energies(origins),
        "transport_activity_tkm": "1",
    }
    element = {
        "kind": "transport",
        "id": "T1",
        "mode": "road",
        "category": "trip",
        "distance": {"kind": "sfd", "km": "1"},
    }
    return read_chain(
        {
            "format": CHAIN_FORMAT,
            "shipment": {"id": trip["trip_id"], "mass_kg": "1000"},
            "elements": [element],
            "categories": {"trip": category},
            "activity_date": local_day(trip["started_at_s"] * 1000, facts.trial).isoformat(),
        }
    )


def trial_chains(facts: TrialFacts, outcome: Outcome) -> TrialChains:
    """Write every consignment that has legs as a transport chain."""
    operations = road_operations(facts, outcome)
    writer = ChainWriter(open_records(trial_groups(facts, outcome, NOTHING_CUT, operations)))
    with_legs = {leg.consignment_id for leg in facts.legs}
    names = [each.consignment_id for each in facts.consignments if each.consignment_id in with_legs]
    documents = {name: writer.write(name) for name in names}
    return TrialChains(
        chains={name: read_chain(document) for name, document in documents.items()},
        documents=documents,
        not_covered={name: tuple((note["zh"], note["en"]) for note in writer.list_not_covered(name)) for name in names},
        operations=operations,
        writer=writer,
    )


def _references(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        own = [str(each) for each in value.get("refs", ())]
        return own + [found for key, part in value.items() if key != "refs" for found in _references(part)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [found for part in value for found in _references(part)]
    return []
