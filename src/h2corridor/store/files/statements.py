"""Statements as they are kept, with all they rest on.

    statements/<statement id>/chain.json figures.json     what the statement binds
    statements/<statement id>/sources.json                the received files behind it, by path (0600: paths hold VINs)
    statements/<statement id>/draft.json                  what is said, until it is signed
    statements/<statement id>/statement.json status.json  the signed statement and its status
    statements/<statement id>/releases/<release id>.json  decisions to release raw data
    statements/activity-<first 16 digits of the root>/    tree.json, and one file a group (0600: salts, closed values)
    statements/editions/<digest>/...                      every edition of a rule set or comparison that was used

What is said is durable before its digest is logged, and logged before it is signed. So a run that is cut off at any
moment leaves a draft, and the next one signs it.
"""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
from h2verify import canonical
from h2verify.errors import CanonicalError

from h2corridor.model.errors import EvidenceError, UsageError
from h2corridor.statements.activity_tree import (
    ROOT_DIGITS,
    ActivityTree,
    KeptGroup,
    TreeIndex,
    decode_group,
    decode_index,
)
from h2corridor.statements.release import Release, decode_release, release_document
from h2corridor.statements.statement import Statement, read_statement
from h2corridor.store.files import durable

DRAFT = "draft.json"
SOURCES = "sources.json"
TREE = "tree.json"
EDITIONS = "editions"
STATEMENT_ID = re.compile(r"st-[0-9a-f]{16}")
TREE_FOLDER = re.compile(r"activity-[0-9a-f]{16}")
_SECRET = 0o600
_MAX_BYTES = 1 << 26

Sources = dict[str, str]
"""Received files by path: the SHA-256 of each."""


class StatementFiles:
    """The folder `statements/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def list_ids(self) -> tuple[str, ...]:
        """The statements that are signed, in order of their ids."""
        found = (path.parent.name for path in self._folder.glob("st-*/statement.json"))
        return tuple(sorted(name for name in found if STATEMENT_ID.fullmatch(name)))

    def find_statement(self, statement_id: str) -> bytes | None:
        """The signed statement as it is kept; None where there is none of this id."""
        if not STATEMENT_ID.fullmatch(statement_id):
            return None
        path = self._folder / statement_id / "statement.json"
        return path.read_bytes() if path.is_file() else None

    def find_said(self, statement_id: str) -> Statement | None:
        """What a statement of this id says, signed or about to be; None where there is none."""
        signed = self.find_statement(statement_id)
        if signed is not None:
            return read_statement(signed, about=self._about(statement_id, "statement.json"))[0]
        return self.find_draft(statement_id)

    def find_draft(self, statement_id: str) -> Statement | None:
        """What is said and not signed yet; None where nothing waits."""
        path = self._folder / statement_id / DRAFT
        return dict(_parse(path, self._about(statement_id, DRAFT))) if path.is_file() else None

    def get(self, statement_id: str, name: str) -> bytes:
        """A document of a statement.

        Raises
        ------
        UsageError
            `statement.unknown`: there is no signed statement of this id.
        EvidenceError
            `evidence.statement`: the document is not there.
        """
        if self.find_statement(statement_id) is None:
            next_step = "`h2corridor statement list` shows those that are there."
            raise UsageError("statement.unknown", f"there is no statement {statement_id}.", next_step=next_step)
        try:
            return (self._folder / statement_id / name).read_bytes()
        except OSError as error:
            fault = f"cannot be read: {error.strerror}."
            next_step = "Run `h2corridor log fsck`; restore the file from a copy."
            about = self._about(statement_id, name)
            raise EvidenceError("evidence.statement", fault, about=about, next_step=next_step) from error

    def get_sources(self, statement_id: str) -> Sources:
        """The received files behind a statement, by path."""
        self.get(statement_id, SOURCES)
        return msgspec.convert(
            _parse(self._folder / statement_id / SOURCES, self._about(statement_id, SOURCES)), Sources
        )

    def keep_draft(self, said: Statement, documents: Mapping[str, bytes], sources: Sources) -> None:
        """Keep what is about to be said, with the documents it binds."""
        folder = self._folder / said["statement_id"]
        durable.make_folder(folder)
        for name, data in documents.items():
            durable.write_file(folder / name, data)
        durable.write_file(folder / SOURCES, canonical.encode(dict(sources)), mode=_SECRET)
        durable.write_file(folder / DRAFT, canonical.encode(said))

    def keep_signed(self, statement_id: str, signed: bytes, status: bytes) -> None:
        """Keep the signed statement in the place of its draft; what is there already stays."""
        folder = self._folder / statement_id
        for name, data in (("statement.json", signed), ("status.json", status)):
            if not (folder / name).exists():
                durable.write_file(folder / name, data)
        durable.remove_file(folder / DRAFT)

    def keep_status(self, statement_id: str, status: bytes) -> None:
        """Keep the issuer's latest word on a statement, in the place of the one before."""
        durable.write_file(self._folder / statement_id / "status.json", status)

    def keep_tree(self, tree: ActivityTree) -> None:
        """Keep an activity tree, its list of groups last."""
        folder = self._tree_folder(tree.index.root_hex())
        durable.make_folder(folder, mode=0o700)
        for number, group in enumerate(tree.groups, start=1):
            durable.write_file(folder / group_file(number), group.encode(), mode=_SECRET)
        durable.write_file(folder / TREE, tree.index.encode(), mode=_SECRET)

    def get_tree(self, root_hex: str) -> TreeIndex:
        """The list of a kept tree's groups, once it gives this root."""
        path = self._tree_folder(root_hex) / TREE
        index = decode_index(self._read(path), about=self._name(path))
        if index.root_hex() != root_hex:
            raise _damaged(self._name(path), f"gives another root than {root_hex}")
        return index

    def get_group(self, root_hex: str, index: TreeIndex, name: str) -> KeptGroup:
        """One group of a kept tree, once it gives its leaf."""
        place = index.names.index(name)
        path = self._tree_folder(root_hex) / group_file(place + 1)
        group = decode_group(self._read(path), about=self._name(path))
        if (group.group, group.leaf().hex()) != index.groups[place]:
            raise _damaged(self._name(path), f"does not give the leaf of {name}")
        return group

    def keep_edition(self, digest: str, files: Mapping[str, bytes]) -> None:
        """Keep the folder of an edition under its digest."""
        for name, data in files.items():
            path = self._folder / EDITIONS / digest / name
            durable.make_folder(path.parent)
            durable.write_file(path, data)

    def get_edition(self, digest: str) -> dict[str, bytes]:
        """The files of a kept edition by their paths."""
        folder = self._folder / EDITIONS / digest
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return {path.relative_to(folder).as_posix(): self._read(path) for path in paths}

    def keep_release(self, release: Release) -> None:
        """Keep a decision to release raw data."""
        folder = self._folder / release["statement_id"] / "releases"
        durable.make_folder(folder)
        durable.write_file(folder / f"{release['release_id']}.json", release_document(release))

    def list_releases(self, statement_id: str) -> tuple[Release, ...]:
        """The decisions about a statement, by their ids."""
        paths = sorted((self._folder / statement_id / "releases").glob("rel-*.json"))
        return tuple(decode_release(self._read(path), about=path.name) for path in paths)

    def list_drafts(self) -> tuple[Statement, ...]:
        """What is said and not signed yet."""
        found = (self.find_draft(path.parent.name) for path in sorted(self._folder.glob(f"st-*/{DRAFT}")))
        return tuple(draft for draft in found if draft is not None)

    def remove_unfinished(self, logged_roots: Collection[str]) -> None:
        """Remove what a run that was cut off has left before its entries reached the log: drafts and trees."""
        logged = {f"activity-{root[:ROOT_DIGITS]}" for root in logged_roots}
        for folder in sorted(self._folder.glob("st-*")):
            if not (folder / "statement.json").exists():
                _remove_folder(folder)
        for folder in sorted(self._folder.glob("activity-*")):
            if folder.name not in logged:
                _remove_folder(folder)

    def _tree_folder(self, root_hex: str) -> Path:
        return self._folder / f"activity-{root_hex[:ROOT_DIGITS]}"

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise _damaged(self._name(path), f"cannot be read: {error.strerror}") from error

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder.parent).as_posix()

    def _about(self, statement_id: str, name: str) -> str:
        return f"statements/{statement_id}/{name}"


def group_file(number: int) -> str:
    """The file of the group with this number in its tree, counted from 1."""
    return f"{number:06d}.json"


def _damaged(about: str, fault: str) -> EvidenceError:
    next_step = "Run `h2corridor log fsck`; restore the file from a copy."
    return EvidenceError("evidence.activity", f"{fault}.", about=about, next_step=next_step)


def _parse(path: Path, about: str) -> Statement:
    try:
        value = canonical.parse_canonical(path.read_bytes(), max_bytes=_MAX_BYTES)
    except (OSError, CanonicalError) as error:
        next_step = "Run `h2corridor log fsck`; restore the file from a copy."
        raise EvidenceError("evidence.statement", f"{error}.", about=about, next_step=next_step) from error
    return dict(value) if isinstance(value, Mapping) else {}


def _remove_folder(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            durable.remove_file(path)
    with durable.storage_errors(folder):
        folder.rmdir()
        durable.sync_folder(folder.parent)
