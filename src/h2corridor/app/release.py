"""A decision to release the raw data of a statement: recorded, and its digest logged."""

import datetime
from pathlib import Path

from h2corridor import __version__
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import UsageError
from h2corridor.statements.release import Release, make_release, release_entry
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
        `statement.unknown`; `release.incomplete`: one of the four texts is empty, too long or not printable.
    """
    Workspace.open(workspace).statements.get(statement_id, "statement.json")
    texts = {"decided_by": decided_by, "recipient": recipient, "purpose": purpose, "basis": basis}
    for name, text in texts.items():
        if not text.strip() or len(text) > _TEXT_MAX or not text.isprintable():
            next_step = f"Give a printable text of at most {_TEXT_MAX} characters."
            raise UsageError("release.incomplete", f"{name} says nothing that can be kept.", next_step=next_step)
    decided_at = datetime.datetime.fromtimestamp(now_ms // 1000, datetime.UTC).isoformat()
    release = make_release(statement_id, decided_at=decided_at, **texts)
    with Workspace.create_or_open(workspace, now_ms=now_ms, software=f"h2corridor {__version__}") as opened:
        opened.statements.keep_release(release)
        opened.append_entries([release_entry(release)], log)
    return release
