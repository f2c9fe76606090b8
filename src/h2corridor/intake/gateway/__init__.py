"""The live gateway: connections of trucks and platforms, and the port to the log of what they sent.

What does not live here: the protocol (`protocols`), keeping bytes (`store`), sealing into the inbox (`app`).

Invariants
----------
- A frame is acknowledged when it is durable, never before; what cannot be kept is answered with an error.
- Every byte that arrives is kept, whatever it is, up to the limits of a connection.
- Whatever one client does, the others are served.
"""

from h2corridor.intake.gateway.frame_log import FrameLog
from h2corridor.intake.gateway.parts import telemetry_parts
from h2corridor.intake.gateway.server import Gateway, GatewayLimits
from h2corridor.intake.gateway.status import GatewayStatus, LastFrame
from h2corridor.intake.gateway.users import read_users

__all__ = [
    "FrameLog",
    "Gateway",
    "GatewayLimits",
    "GatewayStatus",
    "LastFrame",
    "read_users",
    "telemetry_parts",
]
