"""What the last run left in a workspace: its documents as they stand, and read for showing."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from h2verify.errors import BundleError
from h2verify.papers import read_standing

from h2corridor.model.balances import Balances, decode_balances
from h2corridor.model.errors import WorkspaceError
from h2corridor.model.report import (
    FigureDerivation,
    Report,
    Tracks,
    decode_figures,
    decode_report,
    decode_tracks,
)
from h2corridor.store.files import Workspace

DOCUMENTS = ("report.json", "figures.json", "tracks.json", "balances.json")
CONSIGNMENTS = "consignments.csv"
ROUTES_MAX = 100_000

Stamp = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The last run, read.

    `figures` by figure id; `routes` from consignment id to the sites it goes from and to; `documents` as they stand.
    """

    report: Report
    tracks: Tracks | None
    balances: Balances
    figures: Mapping[str, FigureDerivation]
    routes: Mapping[str, tuple[str, str]]
    documents: Mapping[str, bytes]


class ReportReader:
    """The last run of a workspace, read again only when it has changed."""

    def __init__(self, workspace: Path) -> None:
        self._path = workspace
        self._last: tuple[Stamp, LastRun] | None = None

    def find(self) -> LastRun | None:
        """The last run; None while there is none.

        Raises
        ------
        WorkspaceError
            The folder is no workspace, or a document in it cannot be read.
        """
        folder = Workspace.open(self._path).report_path
        stamp = _stamp(folder)
        if stamp is None:
            return None
        if self._last is None or self._last[0] != stamp:
            self._last = stamp, _read_run(self._path)
        return self._last[1]


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


def find_report(workspace: Path) -> Report | None:
    """The report of the last run; None where there is none that can be read."""
    try:
        return decode_report((Workspace.open(workspace).report_path / "report.json").read_bytes())
    except (WorkspaceError, OSError):
        return None


def find_trial(workspace: Path) -> str | None:
    """The id of the trial that the report in a folder is of; None where there is no report that can be read."""
    report = find_report(workspace)
    return report.trial if report else None


def _stamp(folder: Path) -> Stamp | None:
    """Times and sizes of the documents; None where there is no report."""
    if not (folder / "report.json").is_file():
        return None
    found = [(folder / name).stat() for name in DOCUMENTS if (folder / name).is_file()]
    return tuple((each.st_mtime_ns, each.st_size) for each in found)


def _read_run(path: Path) -> LastRun:
    documents = read_documents(path)
    figures = decode_figures(documents.get("figures.json"))
    return LastRun(
        report=decode_report(documents["report.json"]),
        tracks=decode_tracks(documents.get("tracks.json")),
        balances=decode_balances(documents.get("balances.json")),
        figures={each.figure_id: each for each in figures.figures},
        routes=_routes(Workspace.open(path)),
        documents=documents,
    )


def _routes(workspace: Workspace) -> dict[str, tuple[str, str]]:
    receipts = [receipt for receipt in workspace.list_receipts() if receipt.manifest.path == CONSIGNMENTS]
    if not receipts:
        return {}
    try:
        rows = read_standing(CONSIGNMENTS, workspace.read_records(receipts[-1]))
        return {
            row["consignment_id"]: (row["origin_site"], row["destination_site"]) for row in islice(rows, ROUTES_MAX)
        }
    except BundleError:  # a table without header, received by a run that then refused it
        return {}
