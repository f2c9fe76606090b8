"""The entries of the log that the trial's record asks for."""

import hashlib

from h2corridor.model.errors import EvidenceError
from h2corridor.statements.trial_record import is_record_entry, record_entry, report_entry
from h2corridor.store.files import Workspace
from h2corridor.store.files.trial import FOLDER, REPORTS, document_file


def record_entries(workspace: Workspace) -> list[bytes]:
    """One entry for every document of the record and every filed report; those that are there add nothing.

    Raises
    ------
    EvidenceError
        `evidence.trial-record`: what is kept is not what was logged, so that logging it would cover up a change.
    """
    require_as_logged(workspace)
    documents = [record_entry(each) for each in workspace.trial.list_documents()]
    return documents + [report_entry(each) for each in workspace.trial.list_reports().values()]


def require_as_logged(workspace: Workspace) -> None:
    """Refuse a record with a document that was changed, lost or slipped in after its digest was logged.

    Only the newest document may not be in the log yet, where a command was cut off, and then every digest in the log
    has its document.

    Raises
    ------
    EvidenceError
        `evidence.trial-record`: names the first such document, or a filed report that was changed.
    """
    logged = {entry for entry in workspace.list_entries() if is_record_entry(entry)}
    kept = [record_entry(each) for each in workspace.trial.list_documents()]
    unlogged = [number for number, entry in enumerate(kept, start=1) if entry not in logged]
    has_lost = bool(logged - set(kept))
    if unlogged and (has_lost or unlogged != [len(kept)]):
        fault = "its digest is not in the log: it was changed, or put there by hand, after it was recorded."
        raise _refused(document_file(unlogged[0]), fault)
    if has_lost:
        raise _refused(document_file(len(kept) + 1), "its digest is in the log, and it is missing.")
    for digest, report in workspace.trial.list_reports().items():
        if hashlib.sha256(report).hexdigest() != digest:
            raise _refused(f"{REPORTS}/{digest}.json", "its bytes give another digest than its name.")


def _refused(file: str, fault: str) -> EvidenceError:
    next_step = "`h2corridor log fsck` names every fault; restore the file from a copy of the workspace."
    return EvidenceError("evidence.trial-record", fault, about=f"{FOLDER}/{file}", next_step=next_step)
