"""The kilograms of a ledger as flows from batches to stations, trucks and ends."""

from collections import Counter
from typing import Literal, NamedTuple

from h2corridor.accounting.custody.sharing import share_parts
from h2corridor.model.custody import Custody, Posting

NodeKind = Literal[
    "source", "station", "truck", "consignment",
    "empty", "standing", "on_board", "in_stock", "nozzle", "vented", "earlier", "undelivered",
]  # fmt: skip
_HELD: dict[str, NodeKind] = {"stock": "in_stock", "nozzle": "nozzle", "tank": "on_board"}
_ENDS: dict[str, NodeKind] = {"standing": "standing", "vented": "vented", "earlier": "earlier"}
_BEFORE_STATIONS = ("produced", "unknown", "batch", "trailer")


class Node(NamedTuple):
    """A place of the picture; the source's name is a batch, empty for unknown origin; ends of a kind have no name."""

    kind: NodeKind
    name: str = ""


class Flow(NamedTuple):
    """Hydrogen that goes from one place to another under one batch's name; the empty batch is unknown origin."""

    begin: Node
    end: Node
    batch: str


def list_flows(custody: Custody) -> dict[Flow, int]:
    """Give what flows from place to place [mg]; what a place gets goes on, or ends where it was left.

    What an account gave beyond the record is of the source whose name the mixing rule lends it.
    """
    flows: Counter[Flow] = Counter()
    left: Counter[tuple[Node, Node, str]] = Counter()
    trips: dict[str, tuple[Node, Counter[str]]] = {}
    stations = {each.to_account: each.from_account for each in custody.postings if each.kind == "filled"}
    for posting in custody.postings:
        for origin, mass in posting.by_origin.items():
            batch = origin.partition("@")[0]
            for account, sign in ((posting.from_account, -1), (posting.to_account, 1)):
                held = _held(account, batch, stations)
                if held:
                    left[*held, batch] += sign * mass
            begin, end = (_place(each, batch, stations) for each in (posting.from_account, posting.to_account))
            if posting.kind == "used" and posting.to_account.startswith("trip:"):
                _, parts = trips.setdefault(posting.to_account.removeprefix("trip:"), (begin, Counter()))
                parts[batch] += mass
            elif begin != end:
                flows[Flow(begin, end, batch)] += mass
    for (begin, end, batch), mass in left.items():
        flows[Flow(begin, end, batch)] += mass
    _share(flows, trips, custody)
    return {flow: mass for flow, mass in flows.items() if mass}


def beyond_record_mg(postings: tuple[Posting, ...]) -> int:
    """What accounts gave and by the record never got [mg]."""
    return sum(each.mass_mg for each in postings if each.kind == "beyond_record")


def _place(account: str, batch: str, stations: dict[str, str]) -> Node:
    kind, _, name = stations.get(account, account).partition(":")
    if kind in _BEFORE_STATIONS:
        return Node("source", batch)
    if kind in _ENDS:
        return Node(_ENDS[kind])
    return Node("station" if kind == "stock" else "truck", name)


def _held(account: str, batch: str, stations: dict[str, str]) -> tuple[Node, Node] | None:
    """Where what an account still holds in the end is shown: from which place to which end."""
    kind = account.partition(":")[0]
    if kind in ("batch", "trailer"):
        return Node("source", batch), Node("undelivered")
    return (_place(account, batch, stations), Node(_HELD[kind])) if kind in _HELD else None


def _share(flows: Counter[Flow], trips: dict[str, tuple[Node, Counter[str]]], custody: Custody) -> None:
    """Share each trip's hydrogen over its consignments; a trip that no consignment shares ran empty."""
    shares = {each.trip_id: each.shares for each in custody.trips if each.shares}
    for trip_id, (truck, parts) in trips.items():
        if trip_id not in shares:
            flows.update({Flow(truck, Node("empty"), batch): mass for batch, mass in parts.items()})
            continue
        for owner, mine in share_parts(parts, shares[trip_id]).items():
            flows.update({Flow(truck, Node("consignment", owner), batch): mass for batch, mass in mine.items()})
