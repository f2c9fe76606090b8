"""What both verifiers must agree on, word for word and digit for digit."""

from collections.abc import Callable
from typing import Any

from h2verify.bundle import verify_bundle

Agreed = dict[str, Any]

_SENTENCES = ("status_en", "status_zh", "trust_en", "trust_zh")


def agreed_parts(result: dict[str, Any]) -> Agreed:
    """The parts of a result that are the same in both verifiers; sentences may differ."""
    return {
        "verdict": result["verdict"],
        "reason_code": result["reason_code"],
        "depth": result["depth"],
        "trust": result["trust"],
        "status": result["status"],
        "steps": [_agreed_step(step) for step in result["steps"]],
        "figure": result["figure"],
        "file_sha256": result["file_sha256"],
    }


def _agreed_step(step: dict[str, Any]) -> tuple[Any, ...]:
    counts = {name: count for name, count in step["details"].items() if name not in _SENTENCES}
    return step["number"], step["id"], step["depth"], step["status"], counts


def both_verdicts(
    verify_in_page: Callable[..., dict[str, Any]],
    bundle: bytes,
    *,
    depth: str | None = None,
    policy: bytes | None = None,
) -> tuple[Agreed, Agreed]:
    """What h2verify says of a bundle, and what the page says."""
    ours = verify_bundle(bundle, depth=depth, policy=policy).as_json()
    theirs = verify_in_page(bundle, depth=depth, policy=policy)
    return agreed_parts(ours), agreed_parts(theirs)
