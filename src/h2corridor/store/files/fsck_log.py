"""The check of the log's files: the checkpoint, every bundle and tile, and that each leaf has its receipt.

Bundles and level-0 tiles say the same thing twice. Where they differ, the root in the signed checkpoint decides which
of them was damaged; so a fault names the one file that is wrong, not its neighbour.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from itertools import islice, product
from pathlib import Path

from h2verify import note, tiles
from h2verify.errors import ProofError
from h2verify.merkle import Frontier, HashTree, leaf_hash

from h2corridor.store.files.durable import PART_SUFFIX
from h2corridor.store.files.log import CHECKPOINT, is_beyond

_Faults = list[tuple[str, str, str]]
_MAX_CHOICES = 4096


def check_log(
    folder: Path, key: note.VerifierKey | None, leaves: Mapping[bytes, str], *, waiting: Collection[bytes] = ()
) -> _Faults:
    """What does not hold in `log/`, as (path, code, fault).

    Parameters
    ----------
    folder
        The log's folder.
    key
        The key that signs it; without one the signature is not checked (and the caller has said so).
    leaves
        The leaf hash of everything that holds and must be logged, with the path of its file.
    waiting
        Leaf hashes that the log may have already: of statements that are not signed yet.
    """
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    faults: _Faults = []
    if not files and not leaves:
        return faults
    checkpoint = _check_checkpoint(files, key, faults)
    size = checkpoint.size if checkpoint else _size_of_files(files)
    truth = _find_leaves(files, size, checkpoint, faults)
    expected = _expected_files(truth, size)
    _check_files(files, size, expected, faults)
    if truth is not None:
        _match_contents(truth, leaves, waiting, faults)
    contents = ("received/", "statements/", "trial/")
    return [(path if path.startswith(contents) else f"log/{path}", code, fault) for path, code, fault in faults]


def _check_checkpoint(
    files: Mapping[str, Path], key: note.VerifierKey | None, faults: _Faults
) -> note.Checkpoint | None:
    """The checkpoint if it can be relied on."""
    if CHECKPOINT not in files:
        faults.append((CHECKPOINT, "fsck.missing", "there is no checkpoint"))
        return None
    try:
        data = files[CHECKPOINT].read_bytes()
        if key is None:
            return note.parse_checkpoint(note.parse_note(data).text)
        return note.verify_checkpoint(data, key)
    except (OSError, ProofError) as error:
        faults.append((CHECKPOINT, "fsck.checkpoint", f"does not hold: {error}"))
        return None


def _size_of_files(files: Mapping[str, Path]) -> int:
    """How many entries the bundles hold, for a log whose checkpoint is lost."""
    size = 0
    for path in files:
        with suppress(ProofError):
            tile = tiles.parse_tile_path(path)
            if tile.level == tiles.ENTRIES:
                size = max(size, tile.index * tiles.TILE_WIDTH + tile.width)
    return min(size, len(files) * tiles.TILE_WIDTH)


def _find_leaves(
    files: Mapping[str, Path], size: int, checkpoint: note.Checkpoint | None, faults: _Faults
) -> list[bytes] | None:
    """The leaf hashes the checkpoint stands for, from bundles or level-0 tiles, whichever hold; None if neither do."""
    choices: list[list[list[bytes]]] = []
    if size > len(files) * tiles.TILE_WIDTH:
        faults.append((CHECKPOINT, "fsck.missing", f"speaks of {size} entries, most of their files are missing"))
        return None
    for bundle in (tile for tile in tiles.list_tiles(size) if tile.level == tiles.ENTRIES):
        sayings = [_leaves_of_bundle(files, bundle), _leaves_of_tile(files, bundle)]
        present = [saying for saying in sayings if saying is not None]
        choices.append(present[:1] if present[1:] and present[0] == present[1] else present)
    agreed = all(len(choice) == 1 for choice in choices)
    if checkpoint is None:
        return [leaf for choice in choices for leaf in choice[0]] if agreed else None
    for combination in islice(product(*choices), _MAX_CHOICES):
        frontier = Frontier()
        for part in combination:
            frontier.add_many(part)
        if frontier.root() == checkpoint.root:
            return [leaf for part in combination for leaf in part]
    if agreed:
        faults.append((CHECKPOINT, "fsck.root", f"the files of the log do not give its root {checkpoint.root.hex()}"))
    return None


def _leaves_of_bundle(files: Mapping[str, Path], bundle: tiles.Tile) -> list[bytes] | None:
    try:
        return [leaf_hash(entry) for entry in tiles.decode_bundle(files[bundle.path].read_bytes(), bundle.width)]
    except (KeyError, OSError, ProofError):
        return None


def _leaves_of_tile(files: Mapping[str, Path], bundle: tiles.Tile) -> list[bytes] | None:
    tile = tiles.Tile(0, bundle.index, bundle.width)
    try:
        return tiles.decode_tile(files[tile.path].read_bytes(), tile.width)
    except (KeyError, OSError, ProofError):
        return None


def _expected_files(leaves: list[bytes] | None, size: int) -> dict[str, list[bytes] | None]:
    """Every file of the log with the hashes it must hold; None where nothing tells."""
    listed = list(tiles.list_tiles(size))
    if leaves is None:
        return {tile.path: None for tile in listed}
    levels = [leaves]
    while len(levels[-1]) >= tiles.TILE_WIDTH:
        below = levels[-1]
        full = range(0, len(below) - tiles.TILE_WIDTH + 1, tiles.TILE_WIDTH)
        levels.append([HashTree(below[at : at + tiles.TILE_WIDTH]).root() for at in full])
    return {tile.path: levels[max(tile.level, 0)][tile.index * tiles.TILE_WIDTH :][: tile.width] for tile in listed}


def _check_files(
    files: Mapping[str, Path], size: int, expected: Mapping[str, list[bytes] | None], faults: _Faults
) -> None:
    for path, hashes in expected.items():
        if path not in files:
            faults.append((path, "fsck.missing", "is missing"))
        elif hashes is None:
            _check_pair(files, tiles.parse_tile_path(path), faults)
        elif _hashes_of(files[path], tiles.parse_tile_path(path)) != hashes:
            faults.append((path, "fsck.log-file", "does not hold what the checkpoint's tree has at this place"))
    for path in files.keys() - expected.keys() - {CHECKPOINT}:
        _check_other(files, path, size, faults)


def _check_pair(files: Mapping[str, Path], tile: tiles.Tile, faults: _Faults) -> None:
    """Where the tree is lost, a bundle and its tile are at least compared with each other."""
    if tile.level > 0:
        return
    bundle = tiles.Tile(tiles.ENTRIES, tile.index, tile.width)
    said = _leaves_of_bundle(files, bundle)
    if said is None or said != _leaves_of_tile(files, bundle):
        faults.append((tile.path, "fsck.log-file", "bundle and tile do not say the same, and no root decides"))


def _hashes_of(path: Path, tile: tiles.Tile) -> list[bytes] | None:
    by_name = {tile.path: path}
    return _leaves_of_bundle(by_name, tile) if tile.level == tiles.ENTRIES else _read_hashes(path, tile.width)


def _read_hashes(path: Path, width: int) -> list[bytes] | None:
    try:
        return tiles.decode_tile(path.read_bytes(), width)
    except (OSError, ProofError):
        return None


def _check_other(files: Mapping[str, Path], path: str, size: int, faults: _Faults) -> None:
    """A file the present state does not need: an earlier partial tile, or something that should not be here."""
    if path.endswith(PART_SUFFIX):
        faults.append((path, "fsck.half-written", "a file that was never finished"))
        return
    try:
        tile = tiles.parse_tile_path(path)
    except ProofError:
        faults.append((path, "fsck.stray", "is no file of the log"))
        return
    if is_beyond(tile, size):
        faults.append((path, "fsck.unfinished", f"stands beyond the checkpoint of {size} entries"))
        return
    present = min(tiles.TILE_WIDTH, (size >> (tiles.TILE_HEIGHT * max(tile.level, 0))) - tile.index * tiles.TILE_WIDTH)
    now = _hashes_of_now(files, tiles.Tile(tile.level, tile.index, present))
    if now is None or _hashes_of(files[path], tile) != now[: tile.width]:
        faults.append((path, "fsck.log-file", "an earlier state that does not agree with the present one"))


def _hashes_of_now(files: Mapping[str, Path], tile: tiles.Tile) -> list[bytes] | None:
    return _hashes_of(files[tile.path], tile) if tile.path in files else None


def _match_contents(
    truth: list[bytes], leaves: Mapping[bytes, str], waiting: Collection[bytes], faults: _Faults
) -> None:
    for index, leaf in enumerate(truth):
        if leaf not in leaves and leaf not in waiting:
            path = tiles.Tile(tiles.ENTRIES, index // tiles.TILE_WIDTH).path
            fault = f"entry {index} has no content that holds under received/, statements/ or trial/"
            faults.append((path, "fsck.no-receipt", fault))
    logged = set(truth)
    for leaf, path in leaves.items():
        if leaf not in logged:
            faults.append((path, "fsck.not-logged", "is there, but not in the log"))
