"""A segment as telemetry parts: a file for each truck and local day of receipt, the same bytes whenever it is made."""

import gzip
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from h2corridor.model.received_frames import NO_VIN, ReceivedFrame

_CHINA = timezone(timedelta(hours=8))
"""GB/T 32960.3 speaks in UTC+8: days of receipt are those of the trucks' own clocks."""
_HEADER = b"received_at,frame\n"


def telemetry_parts(
    frames: Iterable[ReceivedFrame], number: int, has_folder: Callable[[str], bool] = lambda _vin: True
) -> Mapping[str, bytes]:
    """The telemetry files of a segment by their paths in a data set.

    Parameters
    ----------
    frames
        In order of arrival.
    number
        The segment's: it stands in every name, so that no two segments ever give one path.
    has_folder
        Whether a VIN has a folder of its own; frames of one that has none stand where those before any login do.
    """
    rows: dict[str, list[bytes]] = {}
    for frame in frames:
        received_at = datetime.fromtimestamp(frame.received_at_ms / 1000, UTC).astimezone(_CHINA)
        vin = frame.vin if frame.vin is not None and has_folder(frame.vin) else NO_VIN
        path = f"telemetry/{vin}/{received_at.date().isoformat()}.{number:012d}.csv.gz"
        line = f"{received_at.isoformat(timespec='milliseconds')},{frame.data.hex()}\n"
        rows.setdefault(path, [_HEADER]).append(line.encode())
    return {path: gzip.compress(b"".join(lines), compresslevel=6, mtime=0) for path, lines in rows.items()}
