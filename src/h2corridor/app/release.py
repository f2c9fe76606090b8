"""A decision to release the raw data of a statement: recorded, its digest logged, and chosen when the data leave."""

import datetime
from collections.abc import Iterable
from pathlib import Path

from h2corridor import __version__
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import UsageError
from h2corridor.statements.release import Release, make_release, release_entry
from h2corridor.statements.statement import Statement, read_statement
from h2corridor.store.files import Workspace

_TEXT_MAX = 2000


def record_release(
    workspace: Path,
    statement_id: str,
    *,
    decided_by: str,
    recipient: str,
    purpose: str,
    basis: str,
    now_ms: int,
    log: LogSigner,
) -> Release:
    """Keep the decision and log its digest; the same decision at the same instant is recorded once.

    Parameters
    ----------
    basis : the rule, contract or consent that allows it
    now_ms : the instant of the decision [ms since 1970-01-01 UTC]
    log : the signer of the workspace's log

    Raises
    ------
    UsageError
        `statement.unknown`; `release.incomplete`: one of the four texts is empty, too long or not printable;
        `release.too-early`: it would be older than the statement.
    EvidenceError
        `evidence.statement`: the kept statement is damaged.
    """
    data = Workspace.open(workspace).statements.get(statement_id, "statement.json")
    statement, _ = read_statement(data, about=statement_id)
    texts = {"decided_by": decided_by, "recipient": recipient, "purpose": purpose, "basis": basis}
    for name, text in texts.items():
        if not text.strip() or len(text) > _TEXT_MAX or not text.isprintable():
            next_step = f"Give a printable text of at most {_TEXT_MAX} characters."
            raise UsageError("release.incomplete", f"{name} says nothing that can be kept.", next_step=next_step)
    decided_at = datetime.datetime.fromtimestamp(now_ms // 1000, datetime.UTC).isoformat()
    release = make_release(statement_id, decided_at=decided_at, **texts)
    _require_not_older(release, statement)
    with Workspace.create_or_open(workspace, now_ms=now_ms, software=f"h2corridor {__version__}") as opened:
        opened.statements.keep_release(release)
        opened.append_entries([release_entry(release)], log)
    return release


def choose_release(workspace: Workspace, statement: Statement, release_id: str | None = None) -> Release:
    """The decision about a statement with this id, or the latest where none is asked for.

    Raises
    ------
    UsageError
        `release.absent`: nobody decided to release the raw data of this statement; `release.unknown`: not under this
        id; `release.too-early`: the decision is older than the statement.
    """
    statement_id = str(statement["statement_id"])
    releases = sort_releases(workspace.statements.list_releases(statement_id))
    if not releases:
        next_step = "Record who decided, for whom and why: `h2corridor statement release`; or export at depth activity."
        fault = f"no decision to release the raw data of {statement_id} is on record."
        raise UsageError("release.absent", fault, next_step=next_step)
    found = [each for each in releases if release_id in (None, each["release_id"])]
    if not found:
        fault = f"no decision {release_id} about {statement_id} is on record."
        next_step = f"Choose one of {', '.join(each['release_id'] for each in releases)}."
        raise UsageError("release.unknown", fault, next_step=next_step)
    _require_not_older(found[-1], statement)
    return found[-1]


def sort_releases(releases: Iterable[Release]) -> list[Release]:
    """Decisions, the latest last."""
    return sorted(releases, key=lambda each: (each["decided_at"], each["release_id"]))


def _require_not_older(release: Release, statement: Statement) -> None:
    """Refuse a decision about a statement that had not been made yet."""
    decided_at, stated_at = release["decided_at"], str(statement["validity"]["stated_at"])
    if datetime.datetime.fromisoformat(decided_at) < datetime.datetime.fromisoformat(stated_at):
        fault = f"decided at {decided_at}, before {release['statement_id']} was stated at {stated_at}."
        next_step = "Check the clock, or --now: record the decision with a time at or after that of the statement."
        raise UsageError("release.too-early", fault, about=release["release_id"], next_step=next_step)
