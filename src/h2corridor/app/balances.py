"""Hydrogen window by window and station by station, and null values signal by signal: what `balances.json` shows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from h2verify.activity import Cut
from h2verify.activity.values import SpanSums, WindowBalance

from h2corridor.app.measure import Measured
from h2corridor.app.reporting import instant_text
from h2corridor.model.balances import Balances, SignalDay, StationDay, WindowBalanceRow
from h2corridor.model.report import HydrogenMethod
from h2corridor.model.trial import Meter, TrialFacts, Vehicle
from h2corridor.quality.rates import day_text_of
from h2corridor.quality.texts import day_text, decimal_text

_NINTHS_MM_A_MG = 90_000
"""0.01 kg/100 km is a ten-thousandth of a milligram a millimetre."""

_METHODS: Mapping[str, HydrogenMethod] = {
    "fill_to_fill": "fill_to_fill",
    "tank": "tank",
    "stack": "stack",
    "combined": "combined",
}


def make_balances(facts: TrialFacts, measured: Measured) -> Balances:
    """Set everything that speaks of hydrogen side by side, and count null and abnormal values.

    Parameters
    ----------
    facts : the trial's tables
    measured : what the run measured
    """
    rates = measured.rows["rates"]
    return Balances(
        windows=tuple(_windows(facts, measured)),
        stations=tuple(_station_days(facts, _unbooked_rises(measured.cut))),
        signals=tuple(SignalDay(**{**row, "day": day_text_of(row["day"])}) for row in sorted(rates, key=_rate_order)),
    )


def _rate_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["vin"], row["day"], row["signal"]


def _windows(facts: TrialFacts, measured: Measured) -> list[WindowBalanceRow]:
    vehicles = {each.vin: each for each in facts.vehicles}
    meters = {each.meter_id: each for each in facts.meters}
    reported = _reported(measured)
    sums: dict[tuple[str, int], list[SpanSums]] = defaultdict(list)
    for entry in measured.outcome.sums:
        sums[entry.span.vin, entry.span.window_no].append(entry)
    return [
        _window(
            balance,
            facts,
            spans=sums[truck.vin, balance.window.window_no],
            vehicle=vehicles[truck.vin],
            meters=meters,
            reported_mg=reported.get((truck.vin, balance.window.window_no)),
        )
        for truck in measured.outcome.reconciliations
        for balance in truck.balances
    ]


def _window(
    balance: WindowBalance,
    facts: TrialFacts,
    *,
    spans: Sequence[SpanSums],
    vehicle: Vehicle,
    meters: Mapping[str, Meter],
    reported_mg: int | None,
) -> WindowBalanceRow:
    window = balance.window
    fills = [each for each in (window.fill, *window.unseen) if each is not None]
    ids = tuple(name for fill in fills for name in fill.refuelling_ids)
    open_mg = _meter_mg(facts, ids, meters)
    driven = None if any(each.distance_unknown for each in spans) else sum(each.distance_ninths_mm for each in spans)
    return WindowBalanceRow(
        vin=window.vin,
        window_no=window.window_no,
        started_at=instant_text((window.from_s + 1) * 1000, facts.trial),
        ended_at=instant_text(window.to_s * 1000, facts.trial),
        refuelling_ids=ids,
        distance_km=None if driven is None else decimal_text(driven // 9, 6),
        metered_kg=_kilograms(balance.metered_mg),
        tank_kg=_kilograms(balance.tank_mg),
        stack_kg=_kilograms(balance.stack_mg) if balance.stack_mg else None,
        reported_kg=_kilograms(reported_mg),
        used_kg=_kilograms(balance.used_mg),
        method=_METHODS.get(balance.method, "none") if balance.used_mg is not None else "none",
        residual_kg=_kilograms(balance.residual_mg),
        uncertainty_kg=None if open_mg is None else decimal_text(balance.resolution_mg + open_mg, 6),
        battery_kg=_battery_kg(balance, spans, vehicle),
        unobserved_s=balance.unobserved_s,
    )


def _meter_mg(facts: TrialFacts, ids: Sequence[str], meters: Mapping[str, Meter]) -> int | None:
    """What the accuracy class of the meters leaves open of the masses booked [mg]; None where a class is missing."""
    open_mg = Decimal(0)
    for fill in facts.refuellings:
        if fill.refuelling_id not in ids:
            continue
        meter = None if fill.meter_id is None else meters.get(fill.meter_id)
        if meter is None or meter.accuracy_class is None:
            return None
        open_mg += fill.mass_mg * meter.accuracy_class / 100
    return int(open_mg)


def _battery_kg(balance: WindowBalance, spans: Sequence[SpanSums], vehicle: Vehicle) -> str | None:
    """What the battery gave or took in a window, as the hydrogen for which the stacks gave as much in it [kg]."""
    first = next((each.first_soc_pct for each in spans if each.first_soc_pct is not None), None)
    last = next((each.last_soc_pct for each in reversed(spans) if each.last_soc_pct is not None), None)
    energy_ws = Decimal(sum(each.energy_twice for each in spans)) / 200
    if first is None or last is None or not balance.used_mg or not energy_ws or vehicle.battery_capacity_wh is None:
        return None
    battery_ws = Decimal(first - last) / 100 * vehicle.battery_capacity_wh * 3600
    return format((battery_ws * balance.used_mg / energy_ws / 1_000_000).quantize(Decimal("0.001")), "f")


def _reported(measured: Measured) -> dict[tuple[str, int], int]:
    """What trucks report by truck and window [mg]; none where a window was driven without the signal."""
    windows = {(span.vin, span.span_no): span.window_no for span in measured.cut.spans}
    found: dict[tuple[str, int], int] = defaultdict(int)
    silent: set[tuple[str, int]] = set()
    for row in measured.reported:
        place = (row["vin"], windows[row["vin"], row["span_no"]])
        found[place] += row["reported"]
        if row["unreported_ninths_mm"]:
            silent.add(place)
    return {place: total // _NINTHS_MM_A_MG for place, total in found.items() if place not in silent and total}


def _unbooked_rises(cut: Cut) -> dict[tuple[str, str], int]:
    """By how much tanks rose without a booked fill, by the site where the truck stood and the day [mg]."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for fill in cut.fills:
        if fill.agreement != "without_record" or not fill.rise_mg:
            continue
        for stand in cut.stands:
            is_there = stand.vin == fill.vin and stand.started_at_s <= fill.started_at_s <= stand.ended_at_s
            if is_there and stand.site_id is not None:
                found[stand.site_id, day_text(fill.started_at_s)] += fill.rise_mg
                break
    return found


def _station_days(facts: TrialFacts, unbooked: Mapping[tuple[str, str], int]) -> list[StationDay]:
    delivered: dict[tuple[str, str], int] = defaultdict(int)
    for each in facts.hydrogen_deliveries:
        delivered[each.station_id, day_text(each.delivered_at_ms // 1000)] += each.mass_mg
    dispensed: dict[tuple[str, str], int] = defaultdict(int)
    for fill in facts.refuellings:
        dispensed[fill.station_id, day_text(fill.started_at_ms // 1000)] += fill.mass_mg
    days = []
    for stock in sorted(facts.station_stock, key=lambda each: (each.station_id, each.day)):
        place = (stock.station_id, stock.day)
        difference = None
        if stock.opening_mg is not None and stock.closing_mg is not None and stock.vented_mg is not None:
            expected = stock.opening_mg + delivered[place] - dispensed[place] - stock.vented_mg
            difference = stock.closing_mg - expected
        days.append(
            StationDay(
                station_id=stock.station_id,
                day=stock.day,
                opening_kg=_kilograms(stock.opening_mg),
                delivered_kg=decimal_text(delivered[place], 6),
                dispensed_kg=decimal_text(dispensed[place], 6),
                vented_kg=_kilograms(stock.vented_mg),
                closing_kg=_kilograms(stock.closing_mg),
                difference_kg=_kilograms(difference),
                unbooked_rise_kg=_kilograms(unbooked.get(place)),
            )
        )
    return days


def _kilograms(mass_mg: int | None) -> str | None:
    return None if mass_mg is None else decimal_text(mass_mg, 6)
