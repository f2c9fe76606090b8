"""Step 12: the groups of activity records that a bundle discloses, each whole and in the statement's tree; and, of step
13, that suppliers signed the fills that stand in them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from h2verify import canonical
from h2verify.bundle.container import Archive
from h2verify.bundle.forms import Document
from h2verify.bundle.groups import read_group
from h2verify.bundle.suppliers import SupplierNote
from h2verify.errors import BundleError
from h2verify.supplier_notes import FillText

Records = Sequence[Mapping[str, Any]]


def read_groups(archive: Archive, statement: Document) -> dict[str, Records]:
    """The records of each group by its name.

    Raises
    ------
    BundleError
        `activity.form`, `activity.duplicate-group`, `activity.group`, `activity.records`; `container.limit`.
    """
    root, count = bytes.fromhex(statement["activity"]["root"]), statement["activity"]["groups"]
    groups: dict[str, Records] = {}
    for member in archive.under("activity/"):
        name, records = read_group(canonical.parse_canonical(archive[member]), root, count)
        if name in groups:
            raise BundleError("activity.duplicate-group", f"the group {name} stands there twice", where=member)
        groups[name] = records
    return groups


def verify_fill_notes(notes: Sequence[SupplierNote], groups: Mapping[str, Records]) -> int:
    """How many signed fills agree with the record of their id, mass, station and times.

    A signed fill of which no record is disclosed has nothing to agree with.

    Raises
    ------
    BundleError
        `signature.fill`.
    """
    fills = {record["refuelling_id"]: record for record in _fill_records(groups)}
    count = 0
    for note in notes:
        if isinstance(note.says, FillText) and note.says.refuelling_id in fills:
            _require_fill(note.says, fills[note.says.refuelling_id])
            count += 1
    return count


def _fill_records(groups: Mapping[str, Records]) -> Iterator[Mapping[str, Any]]:
    for name, records in groups.items():
        if name.startswith("truck/"):
            yield from (record for record in records if record["kind"] == "fill")


def _require_fill(says: FillText, record: Mapping[str, Any]) -> None:
    stated = tuple(record[name] for name in ("station_id", "started_at_ms", "ended_at_ms", "mass_mg"))
    if (says.station_id, *says.numbers) != stated:
        fault = f"signed {says.mass_kg} kg at {says.station_id} from {says.started_at} to {says.ended_at}"
        raise BundleError("signature.fill", f"{fault}; the record says otherwise", where=says.refuelling_id)
