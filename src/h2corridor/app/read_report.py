"""The documents of the last run, as they stand in a workspace."""

from pathlib import Path

from h2corridor.model.errors import WorkspaceError
from h2corridor.store.files import Workspace

DOCUMENTS = ("report.json", "figures.json", "tracks.json")


def read_documents(workspace: Path) -> dict[str, bytes]:
    """Give the documents that are there, by name; `report.json` always is.

    Raises
    ------
    WorkspaceError
        The folder is no workspace, or has no report yet.
    """
    folder = Workspace.open(workspace).report_path
    found = {name: (folder / name).read_bytes() for name in DOCUMENTS if (folder / name).is_file()}
    if "report.json" not in found:
        next_step = "Run `h2corridor trial run DATASET --workspace DIR` first."
        raise WorkspaceError("report.absent", "has no report yet.", about=str(workspace), next_step=next_step)
    return found
