"""Merkle trees as in RFC 6962: leaf and node hashes, roots, inclusion and consistency proofs.

Proofs are made from a `HashSource`: a function that gives the root of the complete subtree at (level, index), which
covers the leaves index·2^level up to (index + 1)·2^level. Trees in memory, tiles on disk and tests all speak it.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from h2verify.errors import ProofError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

HashSource = Callable[[int, int], bytes]
"""(level, index) to the root of that complete subtree."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256 of 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree that remembers only its right edge: one hash a level."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes | None] = []

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        self.add_many([leaf])

    def add_many(self, leaves: Sequence[bytes]) -> None:
        """Append leaf hashes, level by level: the fast way for many."""
        self.size += len(leaves)
        nodes = list(leaves)
        level = 0
        while nodes:
            if level == len(self._edge):
                self._edge.append(None)
            waiting = self._edge[level]
            if waiting is not None:
                nodes.insert(0, waiting)
            self._edge[level] = nodes.pop() if len(nodes) % 2 else None
            pairs = iter(nodes)
            nodes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            level += 1

    def root(self) -> bytes:
        """The root over all leaves added so far."""
        root = None
        for node in self._edge:
            if node is not None:
                root = node if root is None else node_hash(node, root)
        return EMPTY_ROOT if root is None else root


class HashTree:
    """All hashes of a tree in memory, for proofs over a few million leaves; `hash_at` is its `HashSource`."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        level = list(leaves)
        self.size = len(level)
        self._levels = [level]
        while len(level) > 1:
            level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
            self._levels.append(level)

    def hash_at(self, level: int, index: int) -> bytes:
        """The root of the complete subtree at (level, index)."""
        return self._levels[level][index]

    def root(self) -> bytes:
        """The root of the whole tree."""
        return subtree_root(self.hash_at, 0, self.size)


def subtree_root(hash_at: HashSource, start: int, end: int) -> bytes:
    """The RFC 6962 root over the leaves [start, end), which must be a valid subtree (start aligned to its width)."""
    if end == start:
        return EMPTY_ROOT
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(hash_at(level, start >> level))
        start += 1 << level
    root = nodes.pop()
    while nodes:
        root = node_hash(nodes.pop(), root)
    return root


def inclusion_proof(hash_at: HashSource, index: int, size: int) -> tuple[bytes, ...]:
    """The audit path of leaf `index` in the tree of `size`, from the leaf upwards."""
    if not 0 <= index < size:
        raise ProofError("proof.range", f"leaf {index} is not in a tree of {size}")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree_root(hash_at, middle, end))
            end = middle
        else:
            path.append(subtree_root(hash_at, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(hash_at: HashSource, size1: int, size2: int) -> tuple[bytes, ...]:
    """The proof that the tree of `size2` begins with the tree of `size1` (1 to `size2`)."""
    if not 1 <= size1 <= size2:
        raise ProofError("proof.range", f"no proof leads from size {size1} to size {size2}")
    path = []
    start, end = 0, size2
    while size1 != end:
        middle = start + _split(end - start)
        if size1 <= middle:
            path.append(subtree_root(hash_at, middle, end))
            end = middle
        else:
            path.append(subtree_root(hash_at, start, middle))
            start = middle
    if start > 0:
        path.append(subtree_root(hash_at, start, end))
    return tuple(reversed(path))


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `ProofError` unless the leaf hash stands at `index` of the tree with this root."""
    if not 0 <= index < size:
        raise ProofError("proof.range", f"leaf {index} is not in a tree of {size}")
    if len(leaf) != HASH_BYTES:
        raise ProofError("proof.hash", f"expected a leaf hash of {HASH_BYTES} bytes, got {len(leaf)}")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    if len(proof) != inner + border:
        raise ProofError("proof.length", f"expected {inner + border} hashes, got {len(proof)}")
    _require_root("inclusion", _chain_left(_chain(leaf, proof[:inner], index), proof[inner:]), root)


def verify_subtree_inclusion(
    index: int, bounds: tuple[int, int], leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise `ProofError` unless the leaf hash stands at `index` of the subtree [start, end) with this root.

    `bounds` are start and end; start must be a multiple of the smallest power of two that is not below `end - start`.
    """
    start, end = bounds
    width = end - start
    if start < 0 or width < 1 or start % (1 << (width - 1).bit_length()):
        raise ProofError("proof.range", f"[{start}, {end}) is not a subtree")
    verify_inclusion(index - start, width, leaf, proof, root)


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Raise `ProofError` unless the tree (size2, root2) begins with the tree (size1, root1)."""
    if size1 > size2 or size1 < 0 or (size1 == 0 and size2 > 0):
        raise ProofError("proof.range", f"no proof leads from size {size1} to size {size2}")
    if size1 == size2:
        if proof:
            raise ProofError("proof.length", f"expected no hashes between equal sizes, got {len(proof)}")
        _require_root("consistency", root1, root2)
        if size1 == 0:
            _require_root("empty tree", EMPTY_ROOT, root1)
        return
    shift = (size1 & -size1).bit_length() - 1
    inner = ((size1 - 1) ^ (size2 - 1)).bit_length() - shift
    border = ((size1 - 1) >> (inner + shift)).bit_count()
    seed, path = (root1, tuple(proof)) if size1 == 1 << shift else (b"", tuple(proof))
    if not seed and path:
        seed, path = path[0], path[1:]
    if not seed or len(path) != inner + border:
        raise ProofError("proof.length", f"{len(proof)} hashes do not lead from size {size1} to size {size2}")
    mask = (size1 - 1) >> shift
    _require_root("earlier tree", _chain_left(_chain_right(seed, path[:inner], mask), path[inner:]), root1)
    _require_root("later tree", _chain_left(_chain(seed, path[:inner], mask), path[inner:]), root2)


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _chain(seed: bytes, path: Sequence[bytes], index: int) -> bytes:
    for level, sibling in enumerate(path):
        seed = node_hash(sibling, seed) if index >> level & 1 else node_hash(seed, sibling)
    return seed


def _chain_right(seed: bytes, path: Sequence[bytes], index: int) -> bytes:
    """Only the siblings on the left: what the smaller tree already had."""
    for level, sibling in enumerate(path):
        if index >> level & 1:
            seed = node_hash(sibling, seed)
    return seed


def _chain_left(seed: bytes, path: Sequence[bytes]) -> bytes:
    for sibling in path:
        seed = node_hash(sibling, seed)
    return seed


def _require_root(what: str, computed: bytes, expected: bytes) -> None:
    if computed != expected:
        raise ProofError("proof.root", f"{what}: expected root {expected.hex()}, computed {computed.hex()}")
