"""The raw part of a bundle: received bytes and what they open, once a decision to release them is on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from h2verify.bundle.raw import WHOLE, WHOLE_IF_RECEIVED
from h2verify.papers import read_standing

from h2corridor.statements.activity_tree import KeptGroup
from h2corridor.statements.bundle import Members
from h2corridor.statements.disclosure import (
    opened_document,
    rows_behind,
    rows_document,
    vehicle_ids,
    whole_file_document,
)
from h2corridor.statements.release import Release, release_document, release_entry
from h2corridor.statements.statement import Statement
from h2corridor.store.files import Receipt, Workspace

TELEMETRY = "telemetry/"
LEGS, CONSIGNMENTS = "legs.csv", "consignments.csv"
BY_ROWS = ("vehicles.csv", CONSIGNMENTS)
"""Registers that name what others move and drive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPart:
    """Members of a raw bundle, and the log entries that they ask a proof of."""

    members: Members
    entries: tuple[bytes, ...]


def raw_members(
    workspace: Workspace,
    statement: Statement,
    *,
    groups: Sequence[KeptGroup],
    sources: Mapping[str, Receipt],
    release: Release,
) -> RawPart:
    """Give the raw part of a statement's bundle.

    Telemetry of the trucks and the papers that records rest on go whole, so that nobody has to believe that no row was
    left out; of the registers of trucks and consignments only the rows behind the records, as long as that is enough.

    Parameters
    ----------
    groups : those the bundle holds
    sources : the receipts behind the statement, by path
    release : the decision under which the raw data leave
    """
    consignment_id = str(statement["consignment"]["consignment_id"])
    folders = tuple(f"{TELEMETRY}{vin}/" for vin in vehicle_ids(groups))
    rows = rows_behind(groups, BY_ROWS)
    whole = {*WHOLE, *WHOLE_IF_RECEIVED}
    if _has_road_leg_without_consignment(workspace, sources):
        del rows[CONSIGNMENTS]
        whole.add(CONSIGNMENTS)
    members: Members = {
        "release.json": release_document(release),
        "opened.json": opened_document(groups, consignment_id),
    }
    shown = [path for path in sorted(sources) if path in whole or path in rows or path.startswith(folders)]
    for number, path in enumerate(shown, start=1):
        receipt, name = sources[path], f"received/{number}"
        if path in rows:
            members[f"{name}.json"] = rows_document(receipt.manifest, list(workspace.read_records(receipt)), rows[path])
        else:
            members[f"{name}.json"] = whole_file_document(receipt.manifest, f"{name}.bin")
            with workspace.open_received(receipt) as file:
                members[f"{name}.bin"] = file.read()
    entries = [sources[path].manifest.leaf_entry() for path in shown]
    return RawPart(members=members, entries=(release_entry(release), *entries))


def _has_road_leg_without_consignment(workspace: Workspace, sources: Mapping[str, Receipt]) -> bool:
    """Whether a road leg was set aside because no consignment of its name can be used; a stranger would miss it."""
    rows = {
        path: read_standing(path, workspace.read_records(sources[path]))
        for path in (CONSIGNMENTS, LEGS)
        if path in sources
    }
    known = {row["consignment_id"] for row in rows.get(CONSIGNMENTS, ())}
    return any(row["mode"] == "road" and row["consignment_id"] not in known for row in rows.get(LEGS, ()))
