"""A segment as telemetry parts: a file for each truck and local day of receipt, the same bytes whenever it is made."""

import gzip
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from h2corridor.model.received_frames import NO_VIN, ReceivedFrame

_CHINA = timezone(timedelta(hours=8))
"""GB/T 32960.3 speaks in UTC+8: days of receipt are those of the trucks' own clocks."""
_HEADER = b"received_at,frame\n"


def telemetry_parts(frames: Iterable[ReceivedFrame], number: int) -> Mapping[str, bytes]:
    """The telemetry files of a segment by their paths in a data set.

    Parameters
    ----------
    frames
        In order of arrival.
    number
        The segment's: it stands in every name, so that no two segments ever give one path.
    """
    rows: dict[str, list[bytes]] = {}
    for frame in frames:
        received_at = datetime.fromtimestamp(frame.received_at_ms / 1000, UTC).astimezone(_CHINA)
        path = f"telemetry/{frame.vin or NO_VIN}/{received_at.date().isoformat()}.{number:012d}.csv.gz"
        line = f"{received_at.isoformat(timespec='milliseconds')},{frame.data.hex()}\n"
        rows.setdefault(path, [_HEADER]).append(line.encode())
    return {path: gzip.compress(b"".join(lines), compresslevel=6, mtime=0) for path, lines in rows.items()}
