"""The folder `log/`: tiles and bundles as plain files, and the checkpoint that makes them count."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from h2verify import note, tiles
from h2verify.errors import ProofError
from h2verify.merkle import EMPTY_ROOT

from h2corridor.evidence import LogSigner, grow_log, sign_checkpoint
from h2corridor.model.errors import EvidenceError
from h2corridor.store.files import durable

CHECKPOINT = "checkpoint"
_FSCK = "Run `h2corridor log fsck`, then restore the named files from a copy."


class LogFiles:
    """A log that grows by whole batches of entries."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str) -> bytes:
        """The bytes of a log file, such as `tile/0/000`."""
        try:
            return (self._folder / path).read_bytes()
        except OSError as error:
            fault = f"cannot be read: {error.strerror}"
            raise EvidenceError("evidence.log-file", fault, about=f"log/{path}", next_step=_FSCK) from error

    def find_checkpoint(self) -> note.Checkpoint | None:
        """What the checkpoint says, unverified; None before the first."""
        if not (self._folder / CHECKPOINT).exists():
            return None
        return checkpoint_of(self.read(CHECKPOINT))

    def list_entries(self) -> list[bytes]:
        """All entries up to the checkpoint, in order."""
        checkpoint = self.find_checkpoint()
        try:
            return list(tiles.read_entries(self.read, checkpoint.size)) if checkpoint else []
        except ProofError as error:
            raise EvidenceError("evidence.log-file", str(error), about="log/tile", next_step=_FSCK) from error

    def hashes(self) -> tiles.TileHashes:
        """The hashes of the log as of its checkpoint, for proofs."""
        checkpoint = self.find_checkpoint()
        return tiles.TileHashes(self.read, checkpoint.size if checkpoint else 0)

    def append(self, entries: Sequence[bytes], signer: LogSigner) -> note.Checkpoint:
        """Put the entries that are not in the log yet behind its last, and sign the new state.

        The whole log is verified first: nothing is signed on top of damage. A run that is cut off at any moment leaves
        the old checkpoint with all its files, and the next run makes the same files again.
        """
        old = self._verify_before_growth(signer)
        present = set(self.list_entries())
        new = [entry for entry in dict.fromkeys(entries) if entry not in present]
        growth = grow_log(self.read, old.size, new)
        self._remove_unfinished(old.size, {path for path, _ in growth.files})
        for path, data in growth.files:
            target = self._folder / path
            durable.make_folder(target.parent)
            durable.write_file(target, data)
        durable.write_file(self._folder / CHECKPOINT, sign_checkpoint(growth.size, growth.root, signer))
        self._remove_superseded(growth.size)
        return note.Checkpoint(origin=signer.key.name, size=growth.size, root=growth.root)

    def _verify_before_growth(self, signer: LogSigner) -> note.Checkpoint:
        if not (self._folder / CHECKPOINT).exists():
            return note.Checkpoint(origin=signer.key.name, size=0, root=EMPTY_ROOT)
        try:
            checkpoint = note.verify_checkpoint(self.read(CHECKPOINT), signer.key)
            tiles.verify_tiles(self.read, checkpoint.size, checkpoint.root)
        except ProofError as error:
            next_step = _FSCK
            if error.code == "note.unknown-keys":
                next_step = "Give the keys this log was begun with (--keys), or choose another workspace."
            raise EvidenceError(
                "evidence.checkpoint", str(error), about=f"log/{CHECKPOINT}", next_step=next_step
            ) from error
        return checkpoint

    def _remove_unfinished(self, size: int, kept: set[str]) -> None:
        """Remove tiles beyond the checkpoint that an append that was cut off has left, unless they come again."""
        for path, tile in self._list_tiles():
            if path not in kept and is_beyond(tile, size):
                durable.remove_file(self._folder / path)

    def _remove_superseded(self, size: int) -> None:
        """Remove the partial states of tiles that are full."""
        for path, tile in self._list_tiles():
            if tile.width < tiles.TILE_WIDTH and not is_beyond(tiles.Tile(tile.level, tile.index), size):
                durable.remove_file(self._folder / path)
                with suppress(OSError):
                    (self._folder / path).parent.rmdir()

    def _list_tiles(self) -> list[tuple[str, tiles.Tile]]:
        listed = []
        for file in sorted(self._folder.glob("tile/**/*")):
            path = file.relative_to(self._folder).as_posix()
            with suppress(ProofError):
                listed.append((path, tiles.parse_tile_path(path)))
        return [(path, tile) for path, tile in listed if (self._folder / path).is_file()]


def checkpoint_of(signed: bytes) -> note.Checkpoint:
    """What a signed checkpoint says, unverified."""
    try:
        return note.parse_checkpoint(note.parse_note(signed).text)
    except ProofError as error:
        raise EvidenceError("evidence.checkpoint", str(error), about=f"log/{CHECKPOINT}", next_step=_FSCK) from error


def is_beyond(tile: tiles.Tile, size: int) -> bool:
    """Whether a tile holds more than a log of this size has at its level."""
    return tile.index * tiles.TILE_WIDTH + tile.width > size >> (tiles.TILE_HEIGHT * max(tile.level, 0))
