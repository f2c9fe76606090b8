"""Step 12: a group of activity records, whole and in the activity tree.

group   root over its records, each salted by SHA-256(0x02 ‖ group salt ‖ uint64 number)
leaf    salted canonical JSON {"group","records","root"}
tree    RFC 6962 tree over the leaves, groups in order of name; its root stands in statement and log
"""

from collections.abc import Mapping, Sequence
from typing import Any

from h2verify import canonical, merkle
from h2verify.bundle.forms import SHA256, TEXT, WHOLE, ListOf, Maybe, one_of, require_form
from h2verify.bundle.limits import PROOF_HASHES_MAX
from h2verify.chains.forms import RECORDS_MAX, Record
from h2verify.errors import BundleError, CanonicalError, ProofError
from h2verify.rows import record_salt, salted_leaf_hash

GROUP_FORMAT = "h2corridor/activity-group/1"

_FORM = {
    "format": one_of(GROUP_FORMAT),
    "group": TEXT,
    "leaf": {"hashes": ListOf(SHA256, PROOF_HASHES_MAX), "index": WHOLE, "root": SHA256, "salt": SHA256},
    "salt": SHA256,
}


def group_root(records: Sequence[Mapping[str, Any]], salt: bytes) -> bytes:
    """Give the root over a group's records, `closed` included.

    Raises
    ------
    CanonicalError
        A record is no canonical JSON.
    """
    frontier = merkle.Frontier()
    frontier.add_many(
        [salted_leaf_hash(record_salt(salt, number), canonical.encode(record)) for number, record in enumerate(records)]
    )
    return frontier.root()


def group_leaf(name: str, records: int, root: bytes, leaf_salt: bytes) -> bytes:
    """Give a group's leaf hash in the activity tree.

    Parameters
    ----------
    records : how many the group has
    """
    entry = canonical.encode({"group": name, "records": records, "root": root.hex()})
    return salted_leaf_hash(leaf_salt, entry)


def closed_hash(salt: bytes, values: Mapping[str, Any]) -> str:
    """Give the hash that stands in a record for a closed part [64 hex digits]."""
    return salted_leaf_hash(salt, canonical.encode(values)).hex()


def encode_group(
    name: str,
    records: Sequence[Mapping[str, Any]],
    *,
    salt: bytes,
    leaf_salt: bytes,
    index: int,
    hashes: Sequence[bytes],
) -> bytes:
    """Give the member `activity/<n>.json` of a group.

    Parameters
    ----------
    records : with `closed`
    index : the group's place in the activity tree, from 0
    hashes : the inclusion proof of its leaf
    """
    leaf: dict[str, canonical.JsonValue] = {
        "hashes": [each.hex() for each in hashes],
        "index": index,
        "root": group_root(records, salt).hex(),
        "salt": leaf_salt.hex(),
    }
    return canonical.encode(
        {"format": GROUP_FORMAT, "group": name, "leaf": leaf, "records": list(records), "salt": salt.hex()}
    )


def read_group(document: Any, tree_root: bytes, groups_in_tree: int) -> tuple[str, tuple[Record, ...]]:
    """Give the name and records of a group that is whole and in the activity tree.

    Parameters
    ----------
    document : the value of a member `activity/<n>.json`
    tree_root : the root of the activity tree that the statement names
    groups_in_tree : how many groups that tree has

    Raises
    ------
    BundleError
        `activity.form`: the document is not in its form. `activity.records`: the records do not give the group's root.
        `activity.group`: the group is not in the tree. What the records say is tested by `h2verify.chains`.
    """
    records = _read_records(document)
    require_form(
        {**document, "records": None}, {**_FORM, "records": Maybe(TEXT)}, code="activity.form", where="activity"
    )
    name, leaf = document["group"], document["leaf"]
    try:
        root = group_root(records, bytes.fromhex(document["salt"]))
    except CanonicalError as error:
        raise BundleError("activity.form", error.fault, where=name) from error
    if root.hex() != leaf["root"]:
        fault = f"the records give the root {root.hex()}, the group is said to have {leaf['root']}."
        raise BundleError("activity.records", fault, where=name)
    try:
        merkle.verify_inclusion(
            leaf["index"],
            groups_in_tree,
            group_leaf(name, len(records), root, bytes.fromhex(leaf["salt"])),
            [bytes.fromhex(each) for each in leaf["hashes"]],
            tree_root,
        )
    except ProofError as error:
        raise BundleError("activity.group", f"not in the activity tree: {error.fault}.", where=name) from error
    return name, records


def _read_records(document: Any) -> tuple[Record, ...]:
    """The records of a document, none of which has been looked into."""
    records = document.get("records") if isinstance(document, Mapping) else None
    if not isinstance(records, list) or not all(isinstance(record, Mapping) for record in records):
        raise BundleError("activity.form", "expected a group with a list of records.", where="activity")
    if len(records) > RECORDS_MAX:
        raise BundleError("container.limit", f"more than {RECORDS_MAX} activity records.", where="activity")
    return tuple(records)
