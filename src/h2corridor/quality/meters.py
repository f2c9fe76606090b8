"""Checks of dispensers' meters: certificates, readings that go back, readings that do not give the mass booked."""

from collections.abc import Iterable, Iterator

from h2corridor.model.findings import Finding
from h2corridor.model.trial import Refuelling
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import instant_text, kilograms

_FILLS = "refuellings.csv"


@check("meter.certificate-expired")
def certificate_expired(evidence: Evidence) -> Iterable[Finding]:
    """Meters with a fill booked on them after their certificate had ended."""
    for meter in evidence.facts.meters:
        until_ms = meter.certificate_valid_until_ms
        fills_ms = [each.started_at_ms for each in evidence.facts.refuellings if each.meter_id == meter.meter_id]
        late_ms = [at_ms for at_ms in fills_ms if until_ms is not None and at_ms > until_ms]
        if until_ms is not None and late_ms:
            yield Finding(
                check="meter.certificate-expired",
                file="meters.csv",
                row=meter.row,
                at=instant_text(min(late_ms) // 1000),
                params={
                    "meter_id": meter.meter_id,
                    "certificate_id": meter.certificate_id or "@no-name",
                    "valid_until": instant_text(until_ms // 1000),
                },
            )


@check("meter.certificate-missing")
def certificate_missing(evidence: Evidence) -> Iterable[Finding]:
    """Meters with a fill booked on them of which no certificate, or not its end, is supplied."""
    for meter in evidence.facts.meters:
        fills_ms = [each.started_at_ms for each in evidence.facts.refuellings if each.meter_id == meter.meter_id]
        if fills_ms and (meter.certificate_id is None or meter.certificate_valid_until_ms is None):
            yield Finding(
                check="meter.certificate-missing",
                file="meters.csv",
                row=meter.row,
                at=instant_text(min(fills_ms) // 1000),
                params={"meter_id": meter.meter_id, "certificate_id": meter.certificate_id or "@no-name"},
            )


@check("meter.other-station")
def other_station(evidence: Evidence) -> Iterable[Finding]:
    """Fills booked on a meter that stands at another station."""
    stands = {each.meter_id: each.site_id for each in evidence.facts.meters if each.site_id}
    for fill in evidence.facts.refuellings:
        at = stands.get(fill.meter_id or "")
        if at is not None and at != fill.station_id:
            yield _of_fill("meter.other-station", fill, stands_at=at, station_id=fill.station_id)


@check("meter.mass-differs")
def mass_differs(evidence: Evidence) -> Iterable[Finding]:
    """Fills whose meter readings do not give the mass booked."""
    limit = _limit_mg(evidence, "meter.mass-differs", "difference_kg_max")
    for fill in evidence.facts.refuellings:
        if fill.meter_start_mg is None or fill.meter_end_mg is None:
            continue
        metered = fill.meter_end_mg - fill.meter_start_mg
        if metered >= 0 and abs(metered - fill.mass_mg) > limit:
            yield _of_fill("meter.mass-differs", fill, metered_kg=kilograms(metered), mass_kg=kilograms(fill.mass_mg))


@check("meter.backwards")
def backwards(evidence: Evidence) -> Iterable[Finding]:
    """Fills in which a meter goes back, and fills that begin below where the meter had been before; of two readings
    that do not give the mass of their own fill, the lower one tells.
    """
    limit = _limit_mg(evidence, "meter.backwards", "back_kg_max")
    difference = _limit_mg(evidence, "meter.mass-differs", "difference_kg_max")
    highest: dict[str, int] = {}
    for fill in sorted(evidence.facts.refuellings, key=lambda each: (each.started_at_ms, each.row)):
        start, end, meter = fill.meter_start_mg, fill.meter_end_mg, fill.meter_id or ""
        before = highest.get(meter) if meter else None
        if start is not None and end is not None and end < start:
            yield _of_fill("meter.backwards", fill, from_kg=kilograms(start), to_kg=kilograms(end))
        elif start is not None and before is not None and before - start > limit:
            yield _of_fill("meter.backwards", fill, from_kg=kilograms(before), to_kg=kilograms(start))
            highest.pop(meter)
        reached = [each for each in (start, end) if each is not None]
        if start is not None and end is not None and abs(end - start - fill.mass_mg) > difference:
            reached = [min(start, end)]
        if meter and reached:
            highest[meter] = max(*reached, highest.get(meter, reached[0]))


@check("meter.unbooked")
def unbooked(evidence: Evidence) -> Iterable[Finding]:
    """Meters that went on between two fills without one of the trial's trucks; others may have been filled."""
    for before, fill, mass_mg in unbooked_masses(evidence):
        yield _of_fill("meter.unbooked", fill, mass_kg=kilograms(mass_mg), after=before.refuelling_id)


def unbooked_masses(evidence: Evidence) -> Iterator[tuple[Refuelling, Refuelling, int]]:
    """Two fills that follow each other on one meter, and the mass [mg] by which it went on in between, beyond all that
    it had shown before: a reading written too low is no hydrogen.
    """
    limit = _limit_mg(evidence, "meter.unbooked", "unbooked_kg_max")
    last: dict[str, Refuelling] = {}
    highest: dict[str, int] = {}
    for fill in sorted(evidence.facts.refuellings, key=lambda each: (each.started_at_ms, each.row)):
        meter = fill.meter_id or ""
        before = last.get(meter)
        if before is not None and before.meter_end_mg is not None and fill.meter_start_mg is not None:
            missed = fill.meter_start_mg - highest[meter]
            if missed > limit:
                yield before, fill, missed
        reached = [each for each in (fill.meter_start_mg, fill.meter_end_mg, highest.get(meter)) if each is not None]
        if meter and reached:
            last[meter], highest[meter] = fill, max(reached)


def _limit_mg(evidence: Evidence, code: str, name: str) -> int:
    return int(evidence.threshold(code, name) * 1_000_000)


def _of_fill(code: str, fill: Refuelling, **params: str) -> Finding:
    return Finding(
        check=code,
        file=_FILLS,
        row=fill.row,
        vin=fill.vin,
        at=instant_text(fill.started_at_ms // 1000),
        params={"refuelling_id": fill.refuelling_id, "meter_id": fill.meter_id or "", **params},
    )
