"""What a live door receives: the bytes of one frame, or of whatever arrived in its place, and when and whence."""

import msgspec

NO_VIN = "0" * 17
"""The folder of bytes that came before any truck was named."""


class ReceivedFrame(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a telemetry file to be.

    Attributes
    ----------
    received_at_ms : int
        Milliseconds since 1970-01-01 UTC.
    source : str
        The connection it came by, such as `203.0.113.7:50123/17`: two live ones with one VIN stay apart.
    vin : str or None
        The truck in whose folder the row goes; None where nothing named one.
    data : bytes
        Exactly what came.
    """

    received_at_ms: int
    source: str
    vin: str | None
    data: bytes
