"""Checks of hydrogen stations: whether they had what they dispensed, and whether their days balance."""

from collections.abc import Iterable

from h2corridor.activity.papers import opening_stocks_mg
from h2corridor.model.findings import Finding
from h2corridor.quality.meters import unbooked_masses
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import day_start_s, day_text, instant_text, kilograms


@check("custody.stock-short")
def stock_short(evidence: Evidence) -> Iterable[Finding]:
    """Fills booked when their station, by its opening stock and deliveries, had nothing left."""
    tolerance_mg = int(evidence.threshold("custody.stock-short", "balance_kg_max") * 1_000_000)
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


@check("station.stock-jump")
def stock_jump(evidence: Evidence) -> Iterable[Finding]:
    """Days that a station's stock begins with another mass than it ended the day before with."""
    limit_mg = int(evidence.threshold("station.stock-jump", "difference_kg_max") * 1_000_000)
    rows = {(each.station_id, each.day): each for each in evidence.facts.station_stock}
    for (station_id, day), stock in rows.items():
        before = rows.get((station_id, day_text(day_start_s(day) - 1)))
        if before is None or before.closing_mg is None or stock.opening_mg is None:
            continue
        if abs(stock.opening_mg - before.closing_mg) > limit_mg:
            params = {
                "station_id": station_id,
                "day": day,
                "closing_kg": kilograms(before.closing_mg),
                "opening_kg": kilograms(stock.opening_mg),
            }
            yield Finding(check="station.stock-jump", file="station_stock.csv", row=stock.row, params=params)


@check("station.balance")
def balance(evidence: Evidence) -> Iterable[Finding]:
    """Days on which a station's stock, deliveries, fills and venting do not balance.

    Venting that is not stated counts as none, and the finding says so. A fill over midnight may count for either day.
    What its meters gave between two fills went out too (`meter.unbooked`), on either day if they are of two. Where a
    tank rose there and no fill is booked, that explains as much: `hydrogen.rise-without-fill` names it.
    """
    limit_mg = int(evidence.threshold("station.balance", "difference_kg_max") * 1_000_000)
    for stock in evidence.facts.station_stock:
        if stock.opening_mg is None or stock.closing_mg is None:
            continue
        place = (stock.station_id, stock.day)
        came = sum(
            each.mass_mg
            for each in evidence.facts.hydrogen_deliveries
            if (each.station_id, day_text(each.delivered_at_ms // 1000)) == place
        )
        least, most = _went(evidence, place)
        highest = stock.opening_mg + came - (stock.vented_mg or 0) - least
        lowest = highest - (most - least)
        if not lowest - limit_mg <= stock.closing_mg <= highest + limit_mg:
            expected = highest if stock.closing_mg > highest else lowest
            params = {
                "station_id": stock.station_id,
                "day": stock.day,
                "expected_kg": kilograms(expected),
                "closing_kg": kilograms(stock.closing_mg),
                "vented_kg": "@not-said" if stock.vented_mg is None else kilograms(stock.vented_mg),
            }
            yield Finding(check="station.balance", file="station_stock.csv", row=stock.row, params=params)


def _went(evidence: Evidence, place: tuple[str, str]) -> tuple[int, int]:
    """The least and the most that a station gave on a day [mg]; a meter that went on unbooked may have been misread."""
    least = most = 0
    for fill in evidence.facts.refuellings:
        days = {day_text(at_ms // 1000) for at_ms in (fill.started_at_ms, fill.ended_at_ms)}
        if fill.station_id == place[0] and place[1] in days:
            most += fill.mass_mg
            least += fill.mass_mg if len(days) == 1 else 0
    unbooked = 0
    for before, after, mass_mg in unbooked_masses(evidence):
        from_day, to_day = day_text(before.ended_at_ms // 1000), day_text(after.started_at_ms // 1000)
        if after.station_id == place[0] and from_day <= place[1] <= to_day:
            unbooked += mass_mg
    unrecorded = sum(
        (seen.rise_mg or 0) * 5 // 4
        for seen in evidence.cut.fills
        if seen.agreement == "without_record" and (evidence.site_of(seen), day_text(seen.started_at_s)) == place
    )
    return least, most + max(unbooked, unrecorded)


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
