"""Checks of custody: where hydrogen comes from, and whether papers were valid when it moved."""

from collections.abc import Iterable, Iterator

from h2corridor.activity.papers import opening_stocks_mg
from h2corridor.model.findings import Finding
from h2corridor.model.trial import HydrogenBatch
from h2corridor.quality.catalogue import get_threshold
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import day_text, instant_text, kilograms


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


@check("custody.stock-short")
def stock_short(evidence: Evidence) -> Iterable[Finding]:
    """Fills booked when their station, by its opening stock and deliveries, had nothing left."""
    tolerance_mg = int(get_threshold("custody.stock-short", "balance_kg_max", evidence.on_day) * 1_000_000)
    for station_id, opening_mg in opening_stocks_mg(evidence.facts).items():
        held, short = opening_mg, 0
        for at_ms, mass_mg, row in _movements(evidence, station_id):
            held += mass_mg
            if -held > tolerance_mg + short:
                yield Finding(
                    check="custody.stock-short",
                    file="refuellings.csv",
                    row=row,
                    at=instant_text(at_ms // 1000),
                    params={"station_id": station_id, "short_kg": kilograms(-held - short)},
                )
                short = -held


@check("station.no-energy-row")
def no_energy_row(evidence: Evidence) -> Iterable[Finding]:
    """Days on which a station dispensed and for which nobody says what electricity it took."""
    stated = {(each.station_id, each.day) for each in evidence.facts.station_energy}
    dispensed = {(each.station_id, day_text(each.started_at_ms // 1000)): each for each in evidence.facts.refuellings}
    for (station_id, day), booked in dispensed.items():
        if (station_id, day) not in stated:
            yield Finding(
                check="station.no-energy-row",
                file="station_energy.csv",
                at=instant_text(booked.started_at_ms // 1000),
                params={"station_id": station_id, "day": day},
            )


@check("meter.certificate-expired")
def meter_certificate_expired(evidence: Evidence) -> Iterable[Finding]:
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


def _delivered_ms(evidence: Evidence, batch: HydrogenBatch) -> Iterator[int]:
    return (each.delivered_at_ms for each in evidence.facts.hydrogen_deliveries if each.batch_id == batch.batch_id)


def _movements(evidence: Evidence, station_id: str) -> list[tuple[int, int, int]]:
    """Give what came in and went out of a station from the period's start on: instant [ms], mass [mg], row."""
    start_ms = evidence.facts.trial.period_start_ms
    came = [
        (each.delivered_at_ms, each.mass_mg, each.row)
        for each in evidence.facts.hydrogen_deliveries
        if each.station_id == station_id and each.delivered_at_ms >= start_ms
    ]
    went = [
        (each.started_at_ms, -each.mass_mg, each.row)
        for each in evidence.facts.refuellings
        if each.station_id == station_id and each.started_at_ms >= start_ms
    ]
    return sorted([*came, *went])
