"""The entries of the log that the trial's record asks for."""

from h2corridor.statements.trial_record import record_entry, report_entry
from h2corridor.store.files import Workspace


def record_entries(workspace: Workspace) -> list[bytes]:
    """One entry for every document of the record and every filed report; those that are there add nothing."""
    documents = [record_entry(each) for each in workspace.trial.list_documents()]
    return documents + [report_entry(each) for each in workspace.trial.list_reports().values()]
