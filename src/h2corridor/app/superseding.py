"""Which statement stands for a consignment, and what happens to the one before when another is said.

- A place is a trial, a consignment, a rule set's edition and an issuer's key. One statement is in force in a place; of
  what an earlier key signed, nobody can change the status any more.
- What says the same is the same statement: it stands, whatever other files came, with the tree it was first said with.
- Anything else is another statement, which names the one in force before it and the files that differ between the two.
- A place in which nothing is stated any more has its statement withdrawn.
- A statement that is said again, since what had taken its place was itself corrected away, is in force again.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from h2verify import canonical
from h2verify.merkle import leaf_hash

from h2corridor.evidence import LogSigner
from h2corridor.evidence.keys import key_reference
from h2corridor.intake.columns import list_tables
from h2corridor.model.errors import EvidenceError
from h2corridor.statements.statement import Statement, read_statement, read_status, sign_status
from h2corridor.store.files import StatementFiles, Workspace
from h2corridor.store.files.statements import Sources

WITHHELD, ABSENT = "withheld", "absent"
"""Why a statement is withdrawn: its figure is withheld now; the data set has no such consignment any more."""

CHANGED_MAX = 1_000
"""So many of the files that differ are named, in order of their paths."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[0-9]{1,6})?\.csv\.gz")

Place = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """What a run did to the status of a statement that it did not make.

    `by` is the statement that took its place, None where none did; `same_figure` tells that the two say the same
    masses and differ in something else. `reason` says why it was withdrawn. With neither it is in force again.
    """

    consignment_id: str
    statement_id: str
    by: str | None = None
    same_figure: bool = False
    reason: str | None = None


def place_of(statement: Mapping[str, Any]) -> Place:
    """The trial, the consignment, the rule set's edition and the issuer's key of a statement."""
    return (
        statement["trial"]["trial_id"],
        statement["consignment"]["consignment_id"],
        statement["rule_set"]["edition"],
        statement["issuer"]["key"],
    )


def list_in_force(kept: StatementFiles) -> dict[Place, Statement]:
    """The statements in force by their places; what is damaged is for `log fsck` to name."""
    found: dict[Place, Statement] = {}
    for name in kept.list_ids():
        with suppress(EvidenceError):
            statement, _ = read_statement(kept.get(name, "statement.json"), about=name)
            if read_status(kept.get(name, "status.json"), about=name)["status"] == "in_force":
                found[place_of(statement)] = statement
    return found


def superseding(workspace: Workspace, said: Statement, sources: Sources, earlier: Statement | None) -> Statement:
    """What is said, with the statement whose place it takes and the files that differ between the two.

    A file is named by its table or day of telemetry, and its versions by their leaves in the log, which are salted.
    """
    if earlier is None or earlier["statement_id"] == said["statement_id"]:
        return said
    before = workspace.statements.get_sources(str(earlier["statement_id"]))
    leaves = {
        (each.manifest.path, each.manifest.sha256): leaf_hash(each.manifest.leaf_entry()).hex()
        for each in workspace.list_receipts()
    }
    differing = [path for path in sorted(before.keys() | sources.keys()) if before.get(path) != sources.get(path)]
    changed = [
        {
            "after": leaves[path, sources[path]] if path in sources else None,
            "before": leaves[path, before[path]] if path in before else None,
            "file": _shown(path),
        }
        for path in differing[:CHANGED_MAX]
    ]
    digest = canonical.digest_hex(earlier)
    return {**said, "supersedes": {"changed": changed, "digest": digest, "statement_id": earlier["statement_id"]}}


def settle_statuses(
    kept: StatementFiles,
    said: Sequence[Statement],
    *,
    trial_id: str,
    editions: Sequence[str],
    consignments: Sequence[str],
    as_of: str,
    issuer: LogSigner,
) -> list[StatusChange]:
    """Sign a new status for every statement of a trial and of these editions whose status has changed; give what
    changed.

    Parameters
    ----------
    said : what stands now
    consignments : those that the trial has
    """
    now = {place_of(each): each for each in said}
    changed: list[StatusChange] = []
    for name in kept.list_ids():
        with suppress(EvidenceError):
            statement = read_statement(kept.get(name, "statement.json"), about=name)[0]
            place = place_of(statement)
            is_in_force = read_status(kept.get(name, "status.json"), about=name)["status"] == "in_force"
            following = now.get(place)
            current = str(following["statement_id"]) if following else None
            is_ours = place[0] == trial_id and place[2] in editions and place[3] == key_reference(issuer.key)
            if not is_ours or is_in_force == (current == name):
                continue
            reason = None if current else WITHHELD if place[1] in consignments else ABSENT
            by = current if current != name else None
            kept.keep_status(name, sign_status(name, as_of, issuer, by=by, reason=reason))
            same = following is not None and _masses(following) == _masses(statement)
            changed.append(
                StatusChange(consignment_id=place[1], statement_id=name, by=by, same_figure=same, reason=reason)
            )
    return changed


def _masses(statement: Statement) -> dict[str, Any]:
    """What a figure says, without the id that follows from its derivation."""
    return {name: value for name, value in statement["figure"].items() if name != "figure_id"}


def _shown(path: str) -> str:
    """A file as a statement names it: by the format's own word or a day, never by what a supplier may call it."""
    folder, _, name = path.rpartition("/")
    if folder.startswith("telemetry/"):
        return f"telemetry/*/{name if _DAY.fullmatch(name) else '*'}"
    return path if path == "trial.toml" or path in {table.file for table in list_tables()} else "*"
