"""The salts of activity records, each from the operator's secret seed: known again, never guessed.

A tree of activity has a seed of its own, drawn from the salt seed and everything the tree holds. So a tree that is
made again has the same salts, and two trees that differ anywhere have none in common: nobody can tell from two bundles
that a truck stands in both.
"""

import hmac
from collections.abc import Sequence

from h2verify import canonical

_TREE = b"activity-tree"
_GROUP = b"activity-group"
_LEAF = b"activity-leaf"
_CLOSED = b"activity-closed"
_FINDING = b"finding-id"
_FINDING_DIGITS = 10
_ROW = b"finding-row"


def derive_tree_seed(seed: bytes, content_digest: bytes) -> bytes:
    """The seed of one activity tree: HMAC-SHA256(seed, "activity-tree" ‖ content_digest).

    Parameters
    ----------
    seed
        The operator's salt seed.
    content_digest
        SHA-256 over everything the tree holds, closed values included.
    """
    return hmac.digest(seed, _TREE + content_digest, "sha256")


def derive_group_salt(tree_seed: bytes, group: str) -> bytes:
    """The salt of a group's records, from which each record's follows; disclosed with the group."""
    return hmac.digest(tree_seed, _GROUP + group.encode(), "sha256")


def derive_leaf_salt(tree_seed: bytes, group: str) -> bytes:
    """The salt of a group's leaf in the tree; disclosed with the group."""
    return hmac.digest(tree_seed, _LEAF + group.encode(), "sha256")


def derive_closed_salt(tree_seed: bytes, group: str, record: int, closed_class: str) -> bytes:
    """The salt of one closed part: disclosed only when that very part is opened.

    Parameters
    ----------
    record
        The record's place in its group, from 0.
    closed_class
        `identity`, `party` or `position`.
    """
    return hmac.digest(tree_seed, _CLOSED + canonical.encode([group, record, closed_class]), "sha256")


def disclosed_finding_id(seed: bytes, finding_id: str) -> str:
    """The id of a finding outside the platform: keyed, since the report's own id follows from what may hold a VIN, and
    could be tried against a list of them.
    """
    return f"f-{hmac.digest(seed, _FINDING + finding_id.encode(), 'sha256').hex()[:_FINDING_DIGITS]}"


def closed_row_digest(seed: bytes, cells: Sequence[Sequence[str]]) -> str:
    """The digest of a row that a finding is about: keyed, since it is handed out and a row of papers could be guessed.

    Parameters
    ----------
    cells
        Column and text of each cell, in one order whatever the order of the columns.
    """
    return hmac.digest(seed, _ROW + canonical.encode([list(each) for each in cells]), "sha256").hex()
