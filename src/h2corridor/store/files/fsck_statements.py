"""The check of what was stated: trees rebuilt from their records, ids, digests, signatures and proofs computed again.

What holds gives the entries that must stand in the log; an entry without its content is the log's check to name.
"""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from h2verify import canonical
from h2verify.errors import CanonicalError
from h2verify.merkle import leaf_hash
from h2verify.note import VerifierKey

from h2corridor.accounting.kernel.editions import edition_digest
from h2corridor.model.errors import CorridorError
from h2corridor.statements.activity_tree import ROOT_DIGITS, decode_group, decode_index
from h2corridor.statements.release import decode_release, release_entry
from h2corridor.statements.statement import require_statement, require_status, statement_entry
from h2corridor.store.files.durable import PART_SUFFIX
from h2corridor.store.files.statements import (
    DRAFT,
    EDITIONS,
    SOURCES,
    STATEMENT_ID,
    TREE,
    TREE_FOLDER,
    group_file,
)

FOLDER = "statements"
_RELEASE = re.compile(r"releases/(rel-[0-9a-f]{16})\.json")
_BOUND = {"chain.json": "chain", "figures.json": "figures"}
_SIGNED = ("statement.json", "status.json", SOURCES, *_BOUND)


class StatementCheck:
    """The check of everything under `statements/`.

    Parameters
    ----------
    workspace
        The folder of the workspace.
    log, issuers
        The keys that sign; without them signatures are not checked, and the caller has said so.
    received
        Path and SHA-256 of every receipt that holds.

    Attributes
    ----------
    faults
        (path, code, fault) of what does not hold.
    leaves
        The log's leaf of everything that holds, with its path.
    drafts
        The leaves of what is not signed yet; the log may have them already.
    """

    def __init__(
        self,
        workspace: Path,
        *,
        log: VerifierKey | None,
        issuers: Sequence[VerifierKey],
        received: Collection[tuple[str, str]],
    ) -> None:
        self.faults: list[tuple[str, str, str]] = []
        self.leaves: dict[bytes, str] = {}
        self.drafts: dict[bytes, str] = {}
        self._workspace = workspace
        self._log = log
        self._issuers = tuple(issuers)
        self._received = frozenset(received)
        self._roots: set[str] = set()

    def run(self) -> None:
        """Check all of it, trees before the statements that rest on them."""
        folders = sorted((self._workspace / FOLDER).glob("*"))
        for path in folders:
            if path.is_dir() and TREE_FOLDER.fullmatch(path.name):
                self._check_tree(path)
            elif path.is_dir() and path.name == EDITIONS:
                self._check_editions(path)
            elif not (path.is_dir() and STATEMENT_ID.fullmatch(path.name)):
                self._stray(path)
        for path in folders:
            if path.is_dir() and STATEMENT_ID.fullmatch(path.name):
                self._check_statement(path, _names(path))

    def _fault(self, path: Path, code: str, fault: str) -> None:
        self.faults.append((self._about(path), code, fault))

    def _about(self, path: Path) -> str:
        return path.relative_to(self._workspace).as_posix()

    def _stray(self, path: Path) -> None:
        if path.name.endswith(PART_SUFFIX):
            self._fault(path, "fsck.half-written", "a file that was never finished")
        else:
            self._fault(path, "fsck.stray", "is no part of a statement or a tree")

    def _check_tree(self, folder: Path) -> None:
        names = _names(folder)
        if TREE not in names:
            self._fault(folder, "fsck.unfinished", f"has no {TREE}: the run was cut off")
            return
        try:
            index = decode_index(_read(names[TREE]), about=TREE)
        except CorridorError as error:
            self._fault(names[TREE], "fsck.activity", error.fault)
            return
        root = index.root_hex()
        if folder.name != f"activity-{root[:ROOT_DIGITS]}":
            self._fault(names[TREE], "fsck.activity", f"gives root {root}, not that of its folder")
            return
        expected = {group_file(number): entry for number, entry in enumerate(index.groups, start=1)}
        for name, (group, leaf) in expected.items():
            if name not in names:
                self._fault(folder / name, "fsck.missing", f"the group {group} is missing")
            elif fault := _group_fault(names[name], group, leaf):
                self._fault(names[name], "fsck.activity", fault)
        for name in names.keys() - {TREE, *expected}:
            self._stray(names[name])
        self.leaves[leaf_hash(index.entry())] = self._about(names[TREE])
        self._roots.add(root)

    def _check_editions(self, folder: Path) -> None:
        for edition in sorted(folder.glob("*")):
            digest = edition_digest({name: _read(path) for name, path in _names(edition).items()})
            if digest != edition.name:
                self._fault(edition, "fsck.statement", f"its files give the digest {digest}")

    def _check_statement(self, folder: Path, names: Mapping[str, Path]) -> None:
        if "statement.json" not in names:
            self._check_draft(folder, names)
            return
        for name in _SIGNED:
            if name not in names:
                self._fault(folder / name, "fsck.missing", "is missing")
        statement = self._signed(folder, names)
        if statement is not None:
            self._check_bound(statement, names)
        if SOURCES in names:
            self._check_sources(names[SOURCES])
        for name, path in names.items():
            if match := _RELEASE.fullmatch(name):
                self._check_release(path, match[1], folder.name)
            elif name == DRAFT:
                self._fault(path, "fsck.unfinished", "is signed already: the run was cut off")
            elif name not in _SIGNED:
                self._stray(path)

    def _check_draft(self, folder: Path, names: Mapping[str, Path]) -> None:
        self._fault(folder, "fsck.unfinished", "is not signed yet: the run was cut off")
        try:
            draft = canonical.parse_canonical(_read(names[DRAFT])) if DRAFT in names else None
        except CanonicalError as error:
            self._fault(names[DRAFT], "fsck.statement", error.fault)
            return
        if isinstance(draft, dict):
            self.drafts[leaf_hash(statement_entry(draft))] = self._about(names[DRAFT])

    def _signed(self, folder: Path, names: Mapping[str, Path]) -> dict[str, Any] | None:
        """The statement, where it holds."""
        if self._log is None or not self._issuers:
            return None
        path = names["statement.json"]
        try:
            statement = require_statement(_read(path), issuers=self._issuers, log=self._log, about=folder.name)
        except CorridorError as error:
            self._fault(path, "fsck.statement", error.fault)
            return None
        if statement["statement_id"] != folder.name:
            self._fault(path, "fsck.statement", f"is the statement {statement['statement_id']}")
            return None
        self.leaves[leaf_hash(statement_entry(statement))] = self._about(path)
        try:
            if "status.json" in names:
                require_status(_read(names["status.json"]), folder.name, issuers=self._issuers, about=folder.name)
        except CorridorError as error:
            self._fault(names["status.json"], "fsck.statement", error.fault)
        return statement

    def _check_bound(self, statement: Mapping[str, Any], names: Mapping[str, Path]) -> None:
        for name, bound in _BOUND.items():
            digest = statement["binds"][bound]
            if name in names and hashlib.sha256(_read(names[name])).hexdigest() != digest:
                self._fault(names[name], "fsck.statement", f"the statement binds the digest {digest}")
        root = statement["activity"]["root"]
        if root not in self._roots:
            self._fault(names["statement.json"], "fsck.missing", f"rests on the tree {root}, which is not there")

    def _check_sources(self, path: Path) -> None:
        try:
            sources = canonical.parse_canonical(_read(path))
        except CanonicalError as error:
            self._fault(path, "fsck.statement", error.fault)
            return
        if not isinstance(sources, dict):
            self._fault(path, "fsck.statement", "is no list of received files")
            return
        for name, sha256 in sources.items():
            if (name, sha256) not in self._received:
                self._fault(path, "fsck.statement", f"names {name}, which is not among the received files")

    def _check_release(self, path: Path, release_id: str, statement_id: str) -> None:
        try:
            release = decode_release(_read(path), about=release_id)
        except CorridorError as error:
            self._fault(path, "fsck.release", error.fault)
            return
        if (release["release_id"], release["statement_id"]) != (release_id, statement_id):
            self._fault(path, "fsck.release", "is the decision about another statement")
        else:
            self.leaves[leaf_hash(release_entry(release))] = self._about(path)


def _group_fault(path: Path, name: str, leaf: str) -> str | None:
    try:
        group = decode_group(_read(path), about=name)
    except CorridorError as error:
        return error.fault
    return None if (group.group, group.leaf().hex()) == (name, leaf) else f"does not give the leaf {leaf} of {name}"


def _names(folder: Path) -> dict[str, Path]:
    """The files below a folder by their names in it."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if not path.is_dir()}


def _read(path: Path) -> bytes:
    """The bytes of a file; none where it cannot be read, which then does not hold."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
