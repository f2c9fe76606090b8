"""The activity tree: what every statement of a run rests on, committed group by group.

A record stands in clear but for its closed parts, of which only salted hashes do; a group is a salted tree over its
records, the activity tree a salted tree over the groups. What makes the salts and the closed values known again is kept
with the group (`KeptGroup`), and only there.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import msgspec
from h2verify import canonical
from h2verify.bundle.groups import closed_hash, encode_group, group_leaf, group_root
from h2verify.errors import CanonicalError
from h2verify.merkle import HashTree, inclusion_proof

from h2corridor.evidence import derive_closed_salt, derive_group_salt, derive_leaf_salt, derive_tree_seed
from h2corridor.model.errors import EvidenceError

ENTRY_TYPE = "h2corridor/activity/1"
KEPT_FORMAT = "h2corridor/kept-activity-group/1"
TREE_FORMAT = "h2corridor/activity-tree/1"
ROOT_DIGITS = 16
_MAX_BYTES = 1 << 28

Record = dict[str, Any]
Groups = Mapping[str, Sequence[tuple[Record, Mapping[str, Record]]]]
"""By name, records as (what stands in clear, the values of each closed class)."""


class ClosedPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The values of one closed class of one record, and the salt under which its hash stands there."""

    closed_class: str = msgspec.field(name="class")
    record: int
    salt: str
    values: Record

    def hash_hex(self) -> str:
        """The hash that stands in the record."""
        return closed_hash(bytes.fromhex(self.salt), self.values)


class KeptGroup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group with everything that is known of it, as the operator keeps it."""

    format: str
    group: str
    records: tuple[Record, ...]
    closed: tuple[ClosedPart, ...]
    salt: str
    leaf_salt: str

    def encode(self) -> bytes:
        """The canonical JSON that is kept."""
        return canonical.encode(msgspec.to_builtins(self))

    def leaf(self) -> bytes:
        """The group's leaf hash in the activity tree."""
        root = group_root(self.records, bytes.fromhex(self.salt))
        return group_leaf(self.group, len(self.records), root, bytes.fromhex(self.leaf_salt))


class TreeIndex(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """The groups of a tree in their order with the hash of each leaf; its tree is built once."""

    format: str
    groups: tuple[tuple[str, str], ...]

    def encode(self) -> bytes:
        """The canonical JSON that is kept."""
        return canonical.encode(msgspec.to_builtins(self))

    @property
    def names(self) -> tuple[str, ...]:
        """The names in order; a group's number in files is its place here, from 1."""
        return tuple(name for name, _ in self.groups)

    @cached_property
    def tree(self) -> HashTree:
        """The tree over the groups."""
        return HashTree(bytes.fromhex(leaf) for _, leaf in self.groups)

    def root_hex(self) -> str:
        """The root that statements and the log name."""
        return self.tree.root().hex()

    def entry(self) -> bytes:
        """The entry that stands in the log for this tree."""
        return canonical.encode({"groups": len(self.groups), "root": self.root_hex(), "type": ENTRY_TYPE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityTree:
    """A tree with all its groups."""

    index: TreeIndex
    groups: tuple[KeptGroup, ...]

    @classmethod
    def commit(cls, groups: Groups, salt_seed: bytes) -> Self:
        """The tree over these groups, its salts drawn from the operator's seed."""
        names = sorted(groups)
        tree_seed = derive_tree_seed(salt_seed, _content_digest(groups, names))
        kept = tuple(_commit_group(name, groups[name], tree_seed) for name in names)
        index = TreeIndex(format=TREE_FORMAT, groups=tuple((each.group, each.leaf().hex()) for each in kept))
        return cls(index=index, groups=kept)


def decode_group(data: bytes, *, about: str) -> KeptGroup:
    """A kept group, with every closed value held against its hash.

    Raises
    ------
    EvidenceError
        `evidence.activity`: the bytes are not exactly what was kept.
    """
    group: KeptGroup = _decode(data, KeptGroup, KEPT_FORMAT, about)
    _require_hashes(about, [group.salt, group.leaf_salt, *(part.salt for part in group.closed)])
    stated = [record.get("closed") for record in group.records]
    hashes = [dict.fromkeys(each, "") if isinstance(each, dict) else None for each in stated]
    for part in group.closed:
        here = hashes[part.record] if 0 <= part.record < len(hashes) else None
        if here is None or part.closed_class not in here:
            raise _damaged(about, f"record {part.record} has no closed part {part.closed_class}")
        here[part.closed_class] = part.hash_hex()
    if hashes != stated:
        raise _damaged(about, "a closed value does not give the hash in its record")
    return group


def decode_index(data: bytes, *, about: str) -> TreeIndex:
    """The kept list of a tree's groups.

    Raises
    ------
    EvidenceError
        `evidence.activity`: the bytes are not exactly what was kept.
    """
    index: TreeIndex = _decode(data, TreeIndex, TREE_FORMAT, about)
    _require_hashes(about, [leaf for _, leaf in index.groups])
    return index


def group_document(index: TreeIndex, group: KeptGroup) -> bytes:
    """The member `activity/<n>.json` of a bundle: the group in clear but for its closed parts, and its proof."""
    place = index.names.index(group.group)
    return encode_group(
        group.group,
        group.records,
        salt=bytes.fromhex(group.salt),
        leaf_salt=bytes.fromhex(group.leaf_salt),
        index=place,
        hashes=inclusion_proof(index.tree.hash_at, place, len(index.groups)),
    )


def _commit_group(name: str, records: Sequence[tuple[Record, Mapping[str, Record]]], tree_seed: bytes) -> KeptGroup:
    closed = tuple(
        ClosedPart(
            closed_class=closed_class,
            record=number,
            salt=derive_closed_salt(tree_seed, name, number, closed_class).hex(),
            values=dict(parts[closed_class]),
        )
        for number, (_, parts) in enumerate(records)
        for closed_class in sorted(parts)
    )
    hashes: list[dict[str, str]] = [{} for _ in records]
    for part in closed:
        hashes[part.record][part.closed_class] = part.hash_hex()
    return KeptGroup(
        format=KEPT_FORMAT,
        group=name,
        records=tuple({**record, "closed": hashes[number]} for number, (record, _) in enumerate(records)),
        closed=closed,
        salt=derive_group_salt(tree_seed, name).hex(),
        leaf_salt=derive_leaf_salt(tree_seed, name).hex(),
    )


def _content_digest(groups: Groups, names: Sequence[str]) -> bytes:
    whole = hashlib.sha256()
    for name in names:
        digest = hashlib.sha256(canonical.encode(name))
        for record, closed in groups[name]:
            digest.update(hashlib.sha256(canonical.encode([record, dict(closed)])).digest())
        whole.update(digest.digest())
    return whole.digest()


def _decode(data: bytes, kind: type[Any], form: str, about: str) -> Any:
    try:
        found = msgspec.convert(canonical.parse_canonical(data, max_bytes=_MAX_BYTES), kind)
    except (CanonicalError, msgspec.ValidationError) as error:
        raise _damaged(about, str(error)) from error
    if found.format != form or found.encode() != data:
        raise _damaged(about, f"not a document of format {form} with its fields and no others")
    return found


def _require_hashes(about: str, texts: Sequence[str]) -> None:
    if any(len(text) != 64 or set(text) - set("0123456789abcdef") for text in texts):
        raise _damaged(about, "salts and hashes are 64 hexadecimal digits")


def _damaged(about: str, fault: str) -> EvidenceError:
    next_step = "Restore the file from a copy of the workspace, or run the trial again into a new one."
    return EvidenceError("evidence.activity", f"{fault}.", about=about, next_step=next_step)
