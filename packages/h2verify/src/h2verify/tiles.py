"""A transparency log as plain files (C2SP tlog-tiles): paths, hash tiles, entry bundles, and roots from them.

A tile holds up to 256 hashes of one level; the tile at level L covers subtrees of 256^L leaves. A partial tile of width
W has the suffix `.p/W`. An entry bundle holds the same leaves as the level-0 tile, each as uint16 length and bytes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from h2verify.errors import ProofError
from h2verify.merkle import HASH_BYTES, HashTree, leaf_hash, subtree_root

TILE_WIDTH = 256
TILE_HEIGHT = 8
MAX_ENTRY_BYTES = 65535
ENTRIES = -1
"""The level of entry bundles: they stand beside the hash levels 0, 1, 2 ..."""

ReadFile = Callable[[str], bytes]
"""The bytes of the log file at a path such as `tile/0/000`."""

_PATH = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a tile stands: level (`ENTRIES` for a bundle), index and how many hashes or entries it holds."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """`tile/<level>/<index>`, the index in groups of three digits, `.p/<width>` when partial."""
        if not (ENTRIES <= self.level < 64 and self.index >= 0 and 0 < self.width <= TILE_WIDTH):
            raise ProofError("tile.path", f"there is no tile {self}")
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level == ENTRIES else str(self.level)
        suffix = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{number}{suffix}"


def parse_tile_path(path: str) -> Tile:
    """The tile at a path; only the one canonical form of a path is taken."""
    match = _PATH.fullmatch(path)
    if match is None or len(path) > 100:
        raise ProofError("tile.path", f"{path[:100]!r} is not the path of a tile")
    level = ENTRIES if match[1] == "entries" else int(match[1])
    width = int(match[3]) if match[3] else TILE_WIDTH
    if width > TILE_WIDTH or (match[3] and width == TILE_WIDTH):
        raise ProofError("tile.path", f"{path!r}: a partial tile holds 1 to 255 hashes")
    tile = Tile(level, int(match[2].replace("x", "").replace("/", "")), width)
    if tile.path != path:
        raise ProofError("tile.path", f"{path!r} is not in canonical form: expected {tile.path}")
    return tile


def list_tiles(size: int) -> Iterator[Tile]:
    """Every tile a log of this size consists of: bundles, then level 0, 1, 2 ..."""
    yield from _tiles_of_level(ENTRIES, size)
    level = 0
    while size:
        yield from _tiles_of_level(level, size)
        size //= TILE_WIDTH
        level += 1


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry after its length as a big-endian uint16."""
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise ProofError("tile.entry", f"an entry holds at most {MAX_ENTRY_BYTES} bytes, got {len(entry)}")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle, which must hold exactly `width` of them and nothing more."""
    entries: list[bytes] = []
    at = 0
    for _ in range(width):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if len(data) < at + 2 or len(data) < end:
            raise ProofError("tile.bundle", f"expected {width} entries, the bundle ends after {len(entries)}")
        entries.append(data[at + 2 : end])
        at = end
    if at != len(data):
        raise ProofError("tile.bundle", f"{len(data) - at} bytes after the last of {width} entries")
    return entries


def encode_tile(hashes: Sequence[bytes]) -> bytes:
    """A hash tile: the hashes one after another."""
    return b"".join(hashes)


def decode_tile(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile, which must hold exactly `width` of them."""
    if len(data) != width * HASH_BYTES:
        raise ProofError("tile.length", f"expected {width * HASH_BYTES} bytes, got {len(data)}")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


class TileHashes:
    """The hashes of a log read from its tiles; `hash_at` is a `HashSource` for proofs in a tree of `size`."""

    def __init__(self, read: ReadFile, size: int) -> None:
        self._read = read
        self._size = size
        self._trees: dict[Tile, HashTree] = {}

    def hash_at(self, level: int, index: int) -> bytes:
        """The root of the complete subtree at (level, index)."""
        tile_level, inner = divmod(level, TILE_HEIGHT)
        first = index << inner
        tile_index, within = divmod(first, TILE_WIDTH)
        width = min(TILE_WIDTH, (self._size >> (TILE_HEIGHT * tile_level)) - tile_index * TILE_WIDTH)
        if within + (1 << inner) > width:
            raise ProofError("tile.range", f"no complete subtree ({level}, {index}) in a log of {self._size}")
        return self._tree(Tile(tile_level, tile_index, width)).hash_at(inner, within >> inner)

    def root(self) -> bytes:
        """The root of the log, from the tiles on its right edge."""
        return subtree_root(self.hash_at, 0, self._size)

    def _tree(self, tile: Tile) -> HashTree:
        tree = self._trees.get(tile)
        if tree is None:
            tree = HashTree(decode_tile(self._read(tile.path), tile.width))
            while len(self._trees) >= 64:
                self._trees.pop(next(iter(self._trees)))
            self._trees[tile] = tree
        return tree


def read_entries(read: ReadFile, size: int) -> Iterator[bytes]:
    """All entries of a log in order, from its bundles."""
    for tile in _tiles_of_level(ENTRIES, size):
        yield from decode_bundle(read(tile.path), tile.width)


def verify_tiles(read: ReadFile, size: int, root: bytes) -> None:
    """Raise `ProofError` unless bundles and tiles of every level agree with each other and with the root."""
    below = [leaf_hash(entry) for entry in read_entries(read, size)]
    level = 0
    while below:
        above = []
        for tile in _tiles_of_level(level, len(below)):
            expected = below[tile.index * TILE_WIDTH :][: tile.width]
            if decode_tile(read(tile.path), tile.width) != expected:
                raise ProofError("tile.hash", f"{tile.path} does not hold the hashes of what stands below it")
            if tile.width == TILE_WIDTH:
                above.append(HashTree(expected).root())
        below = above
        level += 1
    computed = TileHashes(read, size).root()
    if computed != root:
        raise ProofError("tile.root", f"expected root {root.hex()}, the tiles give {computed.hex()}")


def _tiles_of_level(level: int, hashes: int) -> Iterator[Tile]:
    """The tiles that hold this many hashes, or entries, of one level."""
    for index in range(hashes // TILE_WIDTH):
        yield Tile(level, index)
    if hashes % TILE_WIDTH:
        yield Tile(level, hashes // TILE_WIDTH, hashes % TILE_WIDTH)
