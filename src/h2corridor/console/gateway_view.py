"""The gateway's status as its page shows it: times in UTC+8, counts in an order that says what to look at first."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from h2corridor.console.error_texts import speak
from h2corridor.console.texts import Language
from h2corridor.intake.gateway import GatewayStatus

TRUCKS_MAX = 500
_CHINA = timezone(timedelta(hours=8))


def gateway_view(status: GatewayStatus | None, language: Language) -> dict[str, Any]:
    """What the page of the gateway is about; of many trucks the latest to speak."""
    if status is None:
        return {"status": None}
    latest = sorted(status.trucks, key=lambda truck: (-truck.received_at_ms, truck.vin))[:TRUCKS_MAX]
    return {
        "status": status,
        "trucks": [(truck, _at(truck.received_at_ms)) for truck in latest],
        "sealed_at": None if status.sealed_at_ms is None else _at(status.sealed_at_ms),
        "watch_faults": [speak(fault, language) for fault in status.watch_faults],
        "disk_fault": _spoken(status.disk_fault, language),
        "seal_fault": _spoken(status.seal_fault, language),
        "outcomes": sorted(status.outcomes.items(), key=lambda each: (-each[1], each[0])),
    }


def _spoken(faults: str, language: Language) -> str:
    """Faults as people read them, one a line."""
    return "\n".join(speak(fault, language) for fault in faults.splitlines())


def _at(instant_ms: int) -> str:
    return datetime.fromtimestamp(instant_ms / 1000, UTC).astimezone(_CHINA).isoformat(" ", "seconds")
