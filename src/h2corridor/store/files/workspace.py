"""A workspace: what one operator has received, logged and computed, in one folder."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from h2verify.content import FileContent
from h2verify.errors import ProofError
from h2verify.merkle import consistency_proof, inclusion_proof, subtree_root
from h2verify.note import Checkpoint
from h2verify.rows import split_records

from h2corridor.evidence import LogSigner
from h2corridor.model.errors import EvidenceError, WorkspaceError
from h2corridor.statements.statement import LogProof
from h2corridor.store.files import durable, layout
from h2corridor.store.files.fsck import Fault, check_workspace
from h2corridor.store.files.log import CHECKPOINT, LogFiles, checkpoint_of
from h2corridor.store.files.policy import extend_policy
from h2corridor.store.files.received import FileSalt, Receipt, ReceivedFiles, read_chunks
from h2corridor.store.files.statements import StatementFiles
from h2corridor.store.files.trial import FOLDER as TRIAL
from h2corridor.store.files.trial import TrialFiles


class Workspace:
    """An open workspace; made by `create_or_open` for the one writer or by `open` for readers.

    Attributes
    ----------
    path
        The folder. `inbox_path` and `gateway_path` are the doors'; `tables_path`, `report_path` and `keys_path` are
        folders inside that other rooms fill, with `write_file` for files that must be whole.
    header
        What `workspace.json` says.
    statements
        What was stated, with all it rests on.
    trial
        The trial's record.
    """

    def __init__(self, path: Path, *, lock: int | None) -> None:
        self._lock = lock
        self.path = path
        self.header = layout.read_header(path)
        self.tables_path = path / "tables"
        self.report_path = path / "report"
        self.keys_path = path / "keys"
        self.inbox_path = path / layout.INBOX
        self.gateway_path = path / layout.GATEWAY
        self.statements = StatementFiles(path / "statements")
        self.trial = TrialFiles(path / TRIAL)
        self._received = ReceivedFiles(path / "received")
        self._log = LogFiles(path / "log")
        self._leaves: dict[bytes, int] | None = None

    @classmethod
    def create_or_open(cls, path: Path, *, now_ms: int, software: str) -> Self:
        """The workspace at `path` for writing, made if it is absent; what a killed writer left is removed.

        Raises
        ------
        WorkspaceError
            `workspace.unusable`, `workspace.foreign` (a folder with other things in it), `workspace.newer`,
            `workspace.damaged`, `workspace.busy` (another process writes).
        StorageError
            When the disk is full or refuses.
        """
        path = path.absolute()
        layout.prepare_folder(path)
        lock = layout.lock_folder(path, exclusive=True)
        try:
            layout.write_header(path, now_ms=now_ms, software=software)
            durable.sweep_parts(path, besides=(layout.INBOX, layout.GATEWAY))
            return cls(path, lock=lock)
        except BaseException:
            if lock is not None:
                os.close(lock)
            raise

    @classmethod
    def open(cls, path: Path) -> Self:
        """The workspace at `path` for reading."""
        return cls(path.absolute(), lock=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the next writer in."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def receive(self, path: str, source: Path, *, now_ms: int, file_salt: FileSalt) -> Receipt:
        """Keep a file's bytes and commit to its records; the same bytes at the same path are only found again.

        Parameters
        ----------
        path
            Inside the data set, with forward slashes.
        source
            The file to copy.
        now_ms
            Time of receipt. [ms since 1970-01-01 UTC]
        file_salt
            Gives the salt for (path, sha256); see `evidence.derive_file_salt`.

        Raises
        ------
        InputError
            `input.path`, or `input.unreadable` when the source cannot be read.
        StorageError
            When the disk is full or refuses; nothing half-written stays.
        """
        self._require_writer()
        manifest = self._received.receive(path, source, now_ms=now_ms, file_salt=file_salt)
        return Receipt(manifest=manifest, leaf_index=self._leaf_indexes().get(manifest.leaf_entry()))

    def append_to_log(
        self, receipts: Sequence[Receipt], signer: LogSigner, *, issuer_vkey: str | None = None
    ) -> Checkpoint:
        """Put the receipts that are not in the log yet into it, in the order given, and sign the new state.

        `policy.txt` then names the log's key and every issuer's that was given so far.

        Raises
        ------
        EvidenceError
            `evidence.checkpoint` when the log does not hold as it is, or was begun with another key.
        StorageError
            When the disk is full or refuses; the log is then as it was.
        WorkspaceError
            `workspace.policy`: `policy.txt` is no policy; the log is then as it was.
        """
        self._require_writer()
        self._extended_policy(signer.vkey)
        checkpoint = self.append_entries([receipt.manifest.leaf_entry() for receipt in receipts], signer)
        self.extend_policy(signer.vkey, issuer_vkeys=[issuer_vkey] if issuer_vkey else [])
        return checkpoint

    def append_entries(self, entries: Sequence[bytes], signer: LogSigner) -> Checkpoint:
        """Put the entries that are not in the log yet into it, in the order given, and sign the new state; it raises as
        `append_to_log`."""
        self._require_writer()
        self._leaves = None
        return self._log.append(entries, signer)

    def find_checkpoint(self) -> Checkpoint | None:
        """The state of the log as its checkpoint says it, unverified; None before the first."""
        return self._log.find_checkpoint()

    def list_receipts(self) -> tuple[Receipt, ...]:
        """Every receipt: those in the log in its order, then the others by path."""
        leaves = self._leaf_indexes()
        receipts = [
            Receipt(manifest=manifest, leaf_index=leaves.get(manifest.leaf_entry()))
            for manifest in self._received.list_manifests()
        ]
        return tuple(sorted(receipts, key=lambda r: len(leaves) if r.leaf_index is None else r.leaf_index))

    def list_part_paths(self) -> Iterator[str]:
        """Where files of a truck's day stand or stood: in the inbox, also those that were superseded, and received."""
        yield from (path.as_posix() for path in self.inbox_path.rglob("*.csv.gz"))
        yield from (receipt.manifest.path for receipt in self.list_receipts())

    def open_received(self, receipt: Receipt) -> BinaryIO:
        """The received bytes, exactly."""
        return self._received.open_content(receipt.manifest.sha256)

    def content_path(self, receipt: Receipt) -> Path:
        """Where the received bytes stand, for reading."""
        return self._received.content_path(receipt.manifest.sha256)

    def read_content(self, receipt: Receipt) -> Iterator[bytes]:
        """The content in pieces: unpacked for `.gz`, as far as it can be; otherwise the received bytes."""
        with self.open_received(receipt) as file:
            yield from FileContent(receipt.manifest.path, read_chunks(file))

    def read_records(self, receipt: Receipt) -> Iterator[bytes]:
        """The records the log commits to, in order; record 0 is the header line of a CSV file."""
        return split_records(self.read_content(receipt))

    def read_checkpoint(self) -> bytes:
        """The log's checkpoint as it was signed."""
        return self._log.read(CHECKPOINT)

    def read_policy(self) -> bytes:
        """The operator's own policy."""
        with durable.storage_errors(self.path / layout.POLICY):
            return (self.path / layout.POLICY).read_bytes()

    def extend_policy(
        self, log_vkey: str, *, issuer_vkeys: Sequence[str] = (), editions: Collection[tuple[str, str]] = ()
    ) -> None:
        """Add to `policy.txt` the keys, and the editions (name and digest), that it does not name; what stands there
        stays, for it is what statements that are kept here were made by, or the operator's own word.

        Raises
        ------
        StorageError
            When the file cannot be read or the disk is full or refuses.
        WorkspaceError
            `workspace.policy`: it is no policy; nothing that an operator wrote is overwritten.
        """
        self._require_writer()
        before, after = self._extended_policy(log_vkey, issuer_vkeys, editions)
        if after != before:
            durable.write_file(self.path / layout.POLICY, after)

    def list_entries(self) -> tuple[bytes, ...]:
        """Every entry of the log, in order."""
        return tuple(self._leaf_indexes())

    def prove_in_log(self, receipt: Receipt) -> tuple[bytes, ...]:
        """The proof that a receipt's leaf is in the log as of its checkpoint."""
        return tuple(self.prove_entry(receipt.manifest.leaf_entry(), about=receipt.manifest.path).hashes)

    def prove_entry(self, entry: bytes, *, about: str, checkpoint: bytes | None = None) -> LogProof:
        """The proof that an entry is in the log as of a checkpoint: the present one, or an earlier one of this log.

        Raises
        ------
        EvidenceError
            `evidence.not-logged`: the entry is not there.
        """
        index = self._leaf_indexes().get(entry)
        signed = self.read_checkpoint() if checkpoint is None and index is not None else checkpoint
        if index is None or signed is None or index >= checkpoint_of(signed).size:
            next_step = "Run the trial."
            raise EvidenceError(
                "evidence.not-logged", "has not been appended to the log", about=about, next_step=next_step
            )
        hashes = inclusion_proof(self._log.hashes().hash_at, index, checkpoint_of(signed).size)
        return LogProof(checkpoint=signed, index=index, hashes=hashes)

    def prove_growth(self, earlier: bytes, later: bytes) -> tuple[bytes, ...]:
        """The proof that the tree of an earlier checkpoint is a prefix of a later one's; empty where they are one."""
        first, second = checkpoint_of(earlier).size, checkpoint_of(later).size
        return () if first == second else consistency_proof(self._log.hashes().hash_at, first, second)

    def has_grown_from(self, earlier: Checkpoint) -> bool:
        """Whether this log's tree begins with the tree of a checkpoint, its signature aside."""
        present = self.find_checkpoint()
        if present is None or present.origin != earlier.origin or not 0 < earlier.size <= present.size:
            return False
        return subtree_root(self._log.hashes().hash_at, 0, earlier.size) == earlier.root

    def fsck(self, vkey: str | None = None) -> list[Fault]:
        """Rebuild everything under `received/` and `log/` and compare; empty when all of it holds.

        Without `vkey` the log's key is taken from the workspace's own `policy.txt`, which finds damage but not an
        exchange of the whole workspace.
        """
        shared = None if self._lock is not None else layout.lock_folder(self.path, exclusive=False)
        try:
            return check_workspace(self.path, vkey)
        finally:
            if shared is not None:
                os.close(shared)

    def _leaf_indexes(self) -> dict[bytes, int]:
        if self._leaves is None:
            self._leaves = {entry: index for index, entry in enumerate(self._log.list_entries())}
        return self._leaves

    def _extended_policy(
        self, log_vkey: str, issuer_vkeys: Sequence[str] = (), editions: Collection[tuple[str, str]] = ()
    ) -> tuple[bytes, bytes]:
        path = self.path / layout.POLICY
        before = self.read_policy() if path.exists() else b""
        try:
            return before, extend_policy(before, log_vkey=log_vkey, issuer_vkeys=issuer_vkeys, editions=editions)
        except ProofError as error:
            next_step = "Correct what the message names; or move the file away, and the next run writes a new one."
            raise WorkspaceError("workspace.policy", str(error), about=str(path), next_step=next_step) from error

    def _require_writer(self) -> None:
        if self._lock is None:
            fault = "was opened for reading"
            next_step = "Open it with Workspace.create_or_open."
            raise WorkspaceError("workspace.reader", fault, about=str(self.path), next_step=next_step)
