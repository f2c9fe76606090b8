"""Checks of custody: where hydrogen comes from, and whether papers were valid when it moved."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from h2corridor.model.findings import Finding
from h2corridor.model.trial import HydrogenBatch, TankOpening
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import instant_text, kilograms


@check("custody.opening-missing")
def opening_missing(evidence: Evidence) -> Iterable[Finding]:
    """Trucks that moved without a record of the hydrogen on board at the start; a row without a batch is intake's."""
    opened = {each.vin for each in evidence.facts.tank_openings}
    for window in evidence.cut.windows:
        if window.window_no == 0 and window.vin not in opened:
            held = kilograms(window.tank_start.mass_mg) if window.tank_start else "@unknown-mass"
            yield Finding(
                check="custody.opening-missing",
                file="tank_opening.csv",
                vin=window.vin,
                at=instant_text(window.from_s + 1),
                params={"mass_kg": held},
            )


@check("custody.opening-differs")
def opening_differs(evidence: Evidence) -> Iterable[Finding]:
    """Openings whose mass is not what the truck's own sensors show at that time; the first row is named."""
    share = evidence.threshold("custody.opening-differs", "difference_pct_max") / 100
    least_mg = evidence.threshold("custody.opening-differs", "difference_kg_max") * 1_000_000
    apart_s = evidence.threshold("custody.opening-differs", "apart_s_max")
    rows: dict[str, list[TankOpening]] = defaultdict(list)
    for opening in evidence.facts.tank_openings:
        rows[opening.vin].append(opening)
    for window in evidence.cut.windows:
        seen, mine = window.tank_start, rows[window.vin]
        if window.window_no != 0 or seen is None or not mine:
            continue
        if any(abs(each.at_ms // 1000 - seen.at_s) > apart_s for each in mine):
            continue
        booked_mg = sum(each.mass_mg for each in mine)
        if abs(booked_mg - seen.mass_mg) > max(least_mg, booked_mg * share):
            yield Finding(
                check="custody.opening-differs",
                file="tank_opening.csv",
                row=mine[0].row,
                vin=window.vin,
                at=instant_text(seen.at_s),
                params={"mass_kg": kilograms(booked_mg), "seen_kg": kilograms(seen.mass_mg)},
            )


@check("custody.certificate-expired")
def certificate_expired(evidence: Evidence) -> Iterable[Finding]:
    """Batches that were delivered after their certificate had ended."""
    for batch in evidence.facts.hydrogen_batches:
        until_ms = batch.certificate_valid_until_ms
        late_ms = [at_ms for at_ms in _delivered_ms(evidence, batch) if until_ms is not None and at_ms > until_ms]
        if until_ms is not None and late_ms:
            yield Finding(
                check="custody.certificate-expired",
                file="hydrogen_batches.csv",
                row=batch.row,
                at=instant_text(min(late_ms) // 1000),
                params={
                    "batch_id": batch.batch_id,
                    "certificate_id": batch.certificate_id or "@no-name",
                    "valid_until": instant_text(until_ms // 1000),
                },
            )


@check("custody.claimed-elsewhere")
def claimed_elsewhere(evidence: Evidence) -> Iterable[Finding]:
    """Batches whose attribute somebody else holds."""
    for batch in evidence.facts.hydrogen_batches:
        if batch.other_claims:
            params = {"batch_id": batch.batch_id, "claim": batch.other_claims[:500]}
            yield Finding(check="custody.claimed-elsewhere", file="hydrogen_batches.csv", row=batch.row, params=params)


@check("custody.batch-overdrawn")
def batch_overdrawn(evidence: Evidence) -> Iterable[Finding]:
    """Batches of which more was delivered, or was on board at the start, than was produced."""
    tolerance_mg = int(evidence.threshold("custody.batch-overdrawn", "balance_kg_max") * 1_000_000)
    delivered = [(each.batch_id, each.mass_mg) for each in evidence.facts.hydrogen_deliveries]
    opened = [(each.batch_id, each.mass_mg) for each in evidence.facts.tank_openings]
    used: dict[str, int] = {}
    for batch_id, mass_mg in (*delivered, *opened):
        if batch_id:
            used[batch_id] = used.get(batch_id, 0) + mass_mg
    for batch in evidence.facts.hydrogen_batches:
        over = used.get(batch.batch_id, 0) - batch.mass_mg
        if over > tolerance_mg:
            params = {
                "batch_id": batch.batch_id,
                "used_kg": kilograms(used[batch.batch_id]),
                "produced_kg": kilograms(batch.mass_mg),
            }
            yield Finding(check="custody.batch-overdrawn", file="hydrogen_batches.csv", row=batch.row, params=params)


@check("custody.before-production")
def before_production(evidence: Evidence) -> Iterable[Finding]:
    """Deliveries of a batch before its production had begun."""
    batches = {each.batch_id: each for each in evidence.facts.hydrogen_batches}
    for delivery in evidence.facts.hydrogen_deliveries:
        batch = batches.get(delivery.batch_id)
        if batch is not None and delivery.delivered_at_ms < batch.produced_from_ms:
            yield Finding(
                check="custody.before-production",
                file="hydrogen_deliveries.csv",
                row=delivery.row,
                at=instant_text(delivery.delivered_at_ms // 1000),
                params={
                    "delivery_id": delivery.delivery_id,
                    "batch_id": batch.batch_id,
                    "produced_from": instant_text(batch.produced_from_ms // 1000),
                },
            )


@check("custody.model-not-allowed")
def model_not_allowed(evidence: Evidence) -> Iterable[Finding]:
    """Batches of a custody model that a rule set of the run does not allow; one without a model is intake's."""
    for batch in evidence.facts.hydrogen_batches:
        for rule_set, clause in evidence.custody.refused.get(batch.custody or "", ()):
            params = {
                "batch_id": batch.batch_id,
                "custody": f"@custody-{batch.custody}",
                "rule_set": rule_set,
                "clause": clause,
            }
            yield Finding(check="custody.model-not-allowed", file="hydrogen_batches.csv", row=batch.row, params=params)


@check("custody.segregated-mixed")
def segregated_mixed(evidence: Evidence) -> Iterable[Finding]:
    """Batches that claim to be segregated and lay with another batch in one stock or tank."""
    rows = {each.batch_id: each.row for each in evidence.facts.hydrogen_batches}
    for mixed in evidence.custody.mixed:
        yield Finding(
            check="custody.segregated-mixed",
            file="hydrogen_batches.csv",
            row=rows[mixed.batch_id],
            at=instant_text(mixed.at_s),
            params={
                "batch_id": mixed.batch_id,
                "store": mixed.store,
                "other_batch_id": mixed.other_batch_id,
            },
        )


def _delivered_ms(evidence: Evidence, batch: HydrogenBatch) -> Iterator[int]:
    return (each.delivered_at_ms for each in evidence.facts.hydrogen_deliveries if each.batch_id == batch.batch_id)
