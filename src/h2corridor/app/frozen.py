"""Frozen editions: the digests that folders had when they were frozen, in `editions.lock` beside them.

A line is `<sha256>  <edition>`, as `sha256sum` prints it. A frozen edition is never edited: a folder that says it is
frozen must be in the lock with the digest it has; a draft must not.
"""

from pathlib import Path

from h2corridor.accounting.kernel import Edition, edition_digest
from h2corridor.accounting.publishing import parameters_document
from h2corridor.model.errors import RuleError, UsageError

LOCK = "editions.lock"
_DRAFT, _FROZEN = 'status = "draft"', 'status = "frozen"'


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

    Raises
    ------
    UsageError
        `rules.not-a-draft`: it is frozen already.
    """
    if edition.header.status == "frozen":
        next_step = "Copy the folder under the name of the next edition, and work there."
        raise UsageError("rules.not-a-draft", "it is frozen already.", about=edition.label, next_step=next_step)
    stated = edition.files["parameters.toml"].replace(_DRAFT.encode(), _FROZEN.encode(), 1)
    restated = Edition(files={**edition.files, "parameters.toml": stated}, rules=edition.rules, about=edition.label)
    files = {**restated.files, "parameters.json": parameters_document(restated)}
    digest = edition_digest(files)
    for name in ("parameters.toml", "parameters.json"):
        (folder / name).write_bytes(files[name])
    with (folder.parent / LOCK).open("a", encoding="utf-8") as lock:
        lock.write(f"{digest}  {edition.header.edition}\n")
    return digest
