"""How the transparency log grows: which files to write for new entries, and the checkpoint to sign."""

from collections.abc import Sequence
from dataclasses import dataclass

from h2verify import note, tiles
from h2verify.merkle import HashTree, leaf_hash

from h2corridor.evidence.keys import LogSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGrowth:
    """The files to write, bundles first and each level after the one below, and the state they make."""

    files: tuple[tuple[str, bytes], ...]
    size: int
    root: bytes


def grow_log(read: tiles.ReadFile, size: int, entries: Sequence[bytes]) -> LogGrowth:
    """What a log of `size`, readable through `read`, becomes with these entries behind its last.

    Only the partial tiles on the right edge are read, O(log size) of them.
    """
    files = dict(_grow_bundles(read, size, entries))
    level, before, new = 0, size, [leaf_hash(entry) for entry in entries]
    while new:
        first = before // tiles.TILE_WIDTH
        hashes = _read_partial(read, level, before) + new
        new = []
        for at in range(0, len(hashes), tiles.TILE_WIDTH):
            part = hashes[at : at + tiles.TILE_WIDTH]
            files[tiles.Tile(level, first + at // tiles.TILE_WIDTH, len(part)).path] = tiles.encode_tile(part)
            if len(part) == tiles.TILE_WIDTH:
                new.append(HashTree(part).root())
        level, before = level + 1, first

    def read_grown(path: str) -> bytes:
        return files[path] if path in files else read(path)

    grown = size + len(entries)
    root = tiles.TileHashes(read_grown, grown).root()
    return LogGrowth(files=tuple(files.items()), size=grown, root=root)


def sign_checkpoint(size: int, root: bytes, signer: LogSigner) -> bytes:
    """The signed checkpoint of a log of this size and root; the origin is the signer's name."""
    text = note.format_checkpoint(note.Checkpoint(origin=signer.key.name, size=size, root=root))
    line = note.NoteSignature(name=signer.key.name, key_id=signer.key.key_id, signature=signer.sign(text.encode()))
    return note.format_note(text, [line])


def _grow_bundles(read: tiles.ReadFile, size: int, entries: Sequence[bytes]) -> list[tuple[str, bytes]]:
    first, width = divmod(size, tiles.TILE_WIDTH)
    old = read(tiles.Tile(tiles.ENTRIES, first, width).path) if width and entries else b""
    every = (tiles.decode_bundle(old, width) if old else []) + list(entries)
    return [
        (tiles.Tile(tiles.ENTRIES, first + at // tiles.TILE_WIDTH, len(part)).path, tiles.encode_bundle(part))
        for at in range(0, len(every), tiles.TILE_WIDTH)
        if (part := every[at : at + tiles.TILE_WIDTH])
    ]


def _read_partial(read: tiles.ReadFile, level: int, hashes: int) -> list[bytes]:
    """The hashes of the partial tile at the right edge of a level that holds this many."""
    index, width = divmod(hashes, tiles.TILE_WIDTH)
    return tiles.decode_tile(read(tiles.Tile(level, index, width).path), width) if width else []
