"""Checks of seals: broken ones, and containers whose seal record does not fit the consignment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from h2corridor.model.findings import Finding
from h2corridor.model.trial import SealEvent
from h2corridor.quality.containers import expected_check_digit
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import instant_text

_SEALS = "seals.csv"


@check("seal.broken")
def broken(evidence: Evidence) -> Iterable[Finding]:
    """Seals that somebody found broken."""
    for event in evidence.facts.seal_events:
        if event.event == "broken":
            yield _of_event("seal.broken", event)


@check("seal.not-applied")
def not_applied(evidence: Evidence) -> Iterable[Finding]:
    """Seals that were checked, broken or removed and that nobody is recorded to have applied; their first event."""
    for events in _by_seal(evidence).values():
        if all(event.event != "applied" for event in events):
            yield _of_event("seal.not-applied", min(events, key=lambda event: (event.at_ms, event.row)))


@check("seal.out-of-order")
def out_of_order(evidence: Evidence) -> Iterable[Finding]:
    """Seals that were checked, broken or removed before they were applied, or checked after they were removed; of one
    that was removed too early, `seal.removed-early` says so.
    """
    early = {event.row for event, _ in _removed_early(evidence)}
    for events in _by_seal(evidence).values():
        applied = [each.at_ms for each in events if each.event == "applied"]
        removed = [each.at_ms for each in events if each.event == "removed" and each.row not in early]
        for event in events:
            too_early = event.event != "applied" and applied and event.at_ms < min(applied)
            too_late = event.event == "checked" and removed and event.at_ms > max(removed)
            if too_early or too_late:
                yield _of_event("seal.out-of-order", event)


@check("seal.other-container")
def other_container(evidence: Evidence) -> Iterable[Finding]:
    """Seals that are recorded on another container than the consignment that names them.

    Where the consignment's own number is none, `freight.container-check-digit` or `freight.container-number` says so.
    """
    seals = _by_seal(evidence)
    for consignment in evidence.facts.consignments:
        number = consignment.container_no
        if not number or number[-1] != expected_check_digit(number):
            continue
        for event in seals.get(consignment.seal_no or "", ()):
            if event.container_no != number:
                yield _of_event("seal.other-container", event, consignment_id=consignment.consignment_id)


@check("seal.removed-early")
def removed_early(evidence: Evidence) -> Iterable[Finding]:
    """Seals that were removed on the way: before the last leg of their consignment had arrived."""
    for event, consignment_id in _removed_early(evidence):
        yield _of_event("seal.removed-early", event, consignment_id=consignment_id)


def _removed_early(evidence: Evidence) -> Iterator[tuple[SealEvent, str]]:
    seals = _by_seal(evidence)
    arrived: dict[str, int] = {}
    for leg in evidence.facts.legs:
        arrived[leg.consignment_id] = max(leg.arrived_at_ms, arrived.get(leg.consignment_id, leg.arrived_at_ms))
    for consignment in evidence.facts.consignments:
        until_ms = arrived.get(consignment.consignment_id)
        for event in seals.get(consignment.seal_no or "", ()):
            if event.event == "removed" and until_ms is not None and event.at_ms < until_ms:
                yield event, consignment.consignment_id


def _by_seal(evidence: Evidence) -> Mapping[str, Sequence[SealEvent]]:
    found: dict[str, list[SealEvent]] = defaultdict(list)
    for event in evidence.facts.seal_events:
        found[event.seal_no].append(event)
    return found


def _of_event(code: str, event: SealEvent, **params: str) -> Finding:
    return Finding(
        check=code,
        file=_SEALS,
        row=event.row,
        at=instant_text(event.at_ms // 1000),
        params={"seal_no": event.seal_no, "container_no": event.container_no, "site_id": event.site_id, **params},
    )
