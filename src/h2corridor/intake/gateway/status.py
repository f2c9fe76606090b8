"""What the gateway is doing, counted as it happens and given as one value."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from h2corridor.protocols.gbt32960 import SessionRow

VINS_MAX = 100_000
"""So many trucks are shown by name; those beyond are counted."""


class LastFrame(msgspec.Struct, frozen=True, kw_only=True):
    """The latest frame of a truck: when, by which connection, and in how many live ones the truck speaks."""

    vin: str
    received_at_ms: int
    source: str
    connections: int


class GatewayStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway at one moment; counts are since the process began.

    `outcomes` counts rows by what became of them; `not_kept` those that the disk refused, which nobody was told were
    kept; `disk_fault` is what it said last, empty while it takes what comes.
    """

    address: str
    uses_tls: bool
    connections: int
    connections_ever: int
    turned_away: int
    rows: int
    acknowledged: int
    not_kept: int
    bytes_not_frames: int
    outcomes: Mapping[str, int]
    disk_fault: str
    segments_waiting: int
    sealed_at_ms: int | None
    seal_fault: str
    watch_faults: Sequence[str]
    trucks: Sequence[LastFrame]


class Tally:
    """The counts behind `GatewayStatus`; written on the event loop only."""

    def __init__(self) -> None:
        self.connections_ever = 0
        self.turned_away = 0
        self.rows = 0
        self.acknowledged = 0
        self.not_kept = 0
        self.bytes_not_frames = 0
        self.outcomes: Counter[str] = Counter()
        self.disk_fault = ""
        self.latest: dict[str, tuple[int, str]] = {}

    def kept(self, rows: Sequence[SessionRow], received_at_ms: int, source: str) -> None:
        """Count rows that are durable."""
        self.disk_fault = ""
        self.rows += len(rows)
        for row in rows:
            self.outcomes[row.outcome] += 1
            self.acknowledged += row.outcome == "accepted"
            if row.command is None:
                self.bytes_not_frames += len(row.data)
            elif row.vin is not None and (row.vin in self.latest or len(self.latest) < VINS_MAX):
                self.latest[row.vin] = (received_at_ms, source)

    def lost(self, rows: Sequence[SessionRow], fault: str) -> None:
        """Count rows that the disk refused."""
        self.rows += len(rows)
        self.not_kept += len(rows)
        self.disk_fault = fault
