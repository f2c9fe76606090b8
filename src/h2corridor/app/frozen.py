"""Frozen editions: the digests that folders had when they were frozen, in `editions.lock` beside them.

A line is `<sha256>  <edition>`, as `sha256sum` prints it. A frozen edition is never edited: a folder that says it is
frozen must be in the lock with the digest it has; a draft must not.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from h2corridor.accounting.kernel import Edition, edition_digest
from h2corridor.accounting.kernel.parameters import read_parameters
from h2corridor.accounting.publishing import parameters_document
from h2corridor.model.errors import RuleError, StorageError, UsageError
from h2corridor.store.files.durable import PartFile, remove_file

LOCK = "editions.lock"
_DRAFT = re.compile(rb"""^([ \t]*status[ \t]*=[ \t]*)(?:"draft"|'draft')""", re.MULTILINE)


def verify_frozen(edition: Edition, folder: Path) -> None:
    """Refuse an edition whose folder is not the one that was frozen.

    Raises
    ------
    RuleError
        `rule.changed-edition`: it is frozen and the lock has another digest, or none; or the lock names a draft.
        `rule.bad-edition`: the lock is no list of digests.
    """
    locked = read_lock(folder.parent / LOCK).get(edition.header.edition)
    frozen = edition.header.status == "frozen"
    if frozen and locked == edition.digest:
        return
    if not frozen and locked is None:
        return
    if not frozen:
        fault = f"it says draft, and was frozen with the digest {locked}."
    elif locked is None:
        fault = f"it says frozen, and {LOCK} does not name it."
    else:
        fault = f"its digest is {edition.digest}; it was frozen with {locked}."
    next_step = "Restore the folder as it was published; a correction is a new edition."
    raise RuleError("rule.changed-edition", fault, about=edition.label, where=LOCK, next_step=next_step)


def read_lock(path: Path) -> dict[str, str]:
    """Editions of a lock to their digests; none where there is no lock.

    Raises
    ------
    RuleError
        `rule.bad-edition`: a line is not `<sha256>  <edition>`, or an edition stands twice.
    """
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        digest, gap, edition = line.partition("  ")
        if not gap or len(digest) != 64 or not edition or edition in found:
            fault = f"line {number} is not a digest, two spaces and an edition that stands there once."
            raise RuleError(
                "rule.bad-edition", fault, about=str(path), next_step="Restore the lock as it was published."
            )
        found[edition] = digest
    return found


def freeze(edition: Edition, folder: Path) -> str:
    """Freeze a draft in its folder: its status, what is published of it, and its line in the lock; give the digest.

    All three are written or none. Where the process itself is ended between them the lock has no line yet: a folder
    that says it is frozen is then refused, and one that does not is a draft as before.

    Raises
    ------
    UsageError
        `rules.not-a-draft`: it is frozen already. `rules.no-status-line`: its `parameters.toml` has no line of its own
        that says it is a draft.
    StorageError
        See `h2corridor.store.files.storage_error`; everything is as it was. `rules.half-frozen`: it could not be put
        back as it was.
    """
    if edition.header.status == "frozen":
        next_step = "Copy the folder under the name of the next edition, and work there."
        raise UsageError("rules.not-a-draft", "it is frozen already.", about=edition.label, next_step=next_step)
    stated = _with_status(edition)
    restated = Edition(files={**edition.files, "parameters.toml": stated}, rules=edition.rules, about=edition.label)
    published = parameters_document(restated)
    digest = edition_digest({**restated.files, "parameters.json": published})
    lock = folder.parent / LOCK
    locked = {**read_lock(lock), edition.header.edition: digest}
    lines = "".join(f"{each}  {name}\n" for name, each in locked.items())
    _write_all(
        {folder / "parameters.json": published, folder / "parameters.toml": stated, lock: lines.encode("utf-8")},
        beside=folder.parent,
    )
    return digest


def _with_status(edition: Edition) -> bytes:
    """The `parameters.toml` of a draft, frozen and in nothing else another."""
    draft = edition.files["parameters.toml"]
    stated = _DRAFT.sub(rb'\1"frozen"', draft, count=1)
    before = read_parameters(draft.decode("utf-8"), about=edition.label)
    after = read_parameters(stated.decode("utf-8"), about=edition.label)
    header = msgspec.structs.replace(before.edition, status="frozen")
    if after != msgspec.structs.replace(before, edition=header):
        fault = 'parameters.toml has no line status = "draft" of its own, or has it elsewhere first.'
        next_step = 'Write status = "draft" on a line of its own below [edition].'
        raise UsageError("rules.no-status-line", fault, about=edition.label, next_step=next_step)
    return stated


def _write_all(files: Mapping[Path, bytes], *, beside: Path) -> None:
    """Give several files their bytes, in this order, or leave all as they were.

    What is to be and what was is written out in full before the first name changes, so that putting it back takes no
    room on the disk.
    """
    with ExitStack() as made:

        def part(path: Path, data: bytes, kind: str) -> PartFile:
            written = made.enter_context(PartFile(beside, f"{path.parent.name}-{path.name}.{kind}"))
            written.write(data)
            return written

        old = {path: part(path, path.read_bytes(), "old") for path in files if path.exists()}
        new = {path: part(path, data, "new") for path, data in files.items()}
        begun: list[Path] = []
        try:
            for path, written in new.items():
                begun.append(path)
                written.publish(path)
        except BaseException:
            _put_back(begun, old, beside)
            raise


def _put_back(begun: Sequence[Path], old: Mapping[Path, PartFile], beside: Path) -> None:
    try:
        for path in reversed(begun):
            if path in old:
                old[path].publish(path)
            else:
                remove_file(path)
    except StorageError as error:
        fault = f"freezing failed, and {error.about} could not be put back as it was."
        next_step = "Restore the edition's folder and editions.lock from a copy."
        raise StorageError("rules.half-frozen", fault, about=str(beside), next_step=next_step) from error
