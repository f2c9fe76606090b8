"""Which files of a data set are telemetry: `telemetry/<VIN>/<YYYY-MM-DD>.csv.gz`, and parts of a day that came live.

A part has the number of its segment in its name: `<YYYY-MM-DD>.<segment>.csv.gz`.
"""

import re
from collections.abc import Iterable
from datetime import date

import msgspec

from h2corridor.model.findings import Finding

FOLDER = "telemetry/"
_SHAPE = re.compile(r"telemetry/([A-Z0-9]{17})/([0-9]{4}-[0-9]{2}-[0-9]{2})(\.[0-9]{1,15})?\.csv\.gz")


class TelemetryPath(msgspec.Struct, frozen=True, kw_only=True):
    """A telemetry file by the truck and local day of receipt in its path; its frames may name another truck.
    `is_part` where it holds one segment of the day."""

    path: str
    vin: str
    day: str
    is_part: bool = False


def find_telemetry_path(path: str) -> TelemetryPath | None:
    """What a path says, or None where it is not the path of a telemetry file."""
    match = _SHAPE.fullmatch(path)
    if match is None or not _is_day(match[2]):
        return None
    return TelemetryPath(path=path, vin=match[1], day=match[2], is_part=match[3] is not None)


def list_telemetry_paths(paths: Iterable[str]) -> tuple[tuple[TelemetryPath, ...], list[Finding]]:
    """The telemetry files among the paths of a data set, and a finding for each path of another shape.

    Parameters
    ----------
    paths
        Paths inside the data set; those outside `telemetry/` are passed over.

    Returns
    -------
    tuple of TelemetryPath
        Sorted by truck, then day; parts of a day in their order, then the whole day's file.
    list of Finding
        `telemetry.path-wrong` for each file that is not read, `table.file-absent` where there is no telemetry at all.
    """
    found: list[TelemetryPath] = []
    findings: list[Finding] = []
    for path in sorted(paths):
        if not path.startswith(FOLDER):
            continue
        telemetry = find_telemetry_path(path)
        if telemetry is not None:
            found.append(telemetry)
        else:
            findings.append(Finding(check="telemetry.path-wrong", file=path))
    if not found:
        findings.append(Finding(check="table.file-absent", file=FOLDER, params={"needed_by": "@telemetry"}))
    return tuple(found), findings


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
