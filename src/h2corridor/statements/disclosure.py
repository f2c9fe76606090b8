"""What a raw bundle opens: closed parts of records with their salts, and received files whole or row by row."""

import base64
from collections.abc import Collection, Sequence
from typing import Any

from h2verify import canonical
from h2verify.merkle import HashTree, inclusion_proof
from h2verify.papers import SOURCES
from h2verify.rows import file_entry, record_salt, salted_leaf_hash

from h2corridor.evidence import FileManifest
from h2corridor.statements.activity_tree import KeptGroup

OPENED_FORMAT = "h2corridor/opened/1"
RECEIVED_FORMAT = "h2corridor/received/1"
_CONSIGNMENT = "consignment/"


def opened_document(groups: Sequence[KeptGroup], consignment_id: str) -> bytes:
    """The member `opened.json`: identities and positions of these groups, and the parties to this consignment."""
    own = f"{_CONSIGNMENT}{consignment_id}"
    opened: list[Any] = [
        {
            "class": part.closed_class,
            "group": group.group,
            "record": part.record,
            "salt": part.salt,
            "values": part.values,
        }
        for group in groups
        for part in group.closed
        if group.group == own or not group.group.startswith(_CONSIGNMENT)
    ]
    return canonical.encode({"format": OPENED_FORMAT, "opened": opened})


def rows_behind(groups: Sequence[KeptGroup], files: Collection[str]) -> dict[str, set[int]]:
    """The rows of these files that the records of these groups were written from."""
    rows: dict[str, set[int]] = {file: set() for file in files}
    for group in groups:
        for record in group.records:
            source = SOURCES.get(record["kind"])
            if source is not None and source.file in rows and record["row"] is not None:
                rows[source.file].add(record["row"])
    return rows


def vehicle_ids(groups: Sequence[KeptGroup]) -> set[str]:
    """The VINs of the trucks whose groups these are."""
    return {str(part.values["vin"]) for group in groups for part in group.closed if part.closed_class == "identity"}


def whole_file_document(manifest: FileManifest, member: str) -> bytes:
    """The member `received/<n>.json` of a file whose bytes are the member named."""
    return _received(manifest, member=member, file_salt=manifest.file_salt, records=[])


def rows_document(manifest: FileManifest, records: Sequence[bytes], rows: Collection[int]) -> bytes:
    """The member `received/<n>.json` of a file of which the header and some rows are shown.

    Parameters
    ----------
    records
        All records of the file, the header first.
    rows
        The rows to show, counted from 1.
    """
    salt = bytes.fromhex(manifest.file_salt)
    entries = [_file_entry(manifest), *records]
    salts = [record_salt(salt, index) for index in range(len(entries))]
    tree = HashTree(salted_leaf_hash(each, entry) for each, entry in zip(salts, entries, strict=True))
    shown: list[Any] = [
        {
            "entry": base64.b64encode(entries[index]).decode(),
            "hashes": [each.hex() for each in inclusion_proof(tree.hash_at, index, tree.size)],
            "index": index,
            "salt": salts[index].hex(),
        }
        for index in [0, 1, *sorted(row + 1 for row in rows)]
    ]
    return _received(manifest, member=None, file_salt=None, records=shown)


def _received(manifest: FileManifest, *, member: str | None, file_salt: str | None, records: list[Any]) -> bytes:
    said: dict[str, Any] = {
        "content_complete": manifest.content_complete,
        "path": manifest.path,
        "received_at_ms": manifest.received_at_ms,
        "records": manifest.records,
        "root": manifest.root,
        "sha256": manifest.sha256,
        "size": manifest.size,
    }
    return canonical.encode(
        {"bytes": member, "file_salt": file_salt, "format": RECEIVED_FORMAT, "manifest": said, "records": records}
    )


def _file_entry(manifest: FileManifest) -> bytes:
    return file_entry(
        path=manifest.path,
        size=manifest.size,
        sha256=manifest.sha256,
        records=manifest.records,
        received_at_ms=manifest.received_at_ms,
        content_complete=manifest.content_complete,
    )
