"""A trial's papers and measurements replayed as postings.

Order, where clocks leave it open: what was on board and in stock when the period began is settled first; then
deliveries and fills by time, of one instant deliveries first, then by batch or refuelling; then trucks by VIN, window
by window: what was filled in a window is mixed in before anything is used in it, whichever clock was ahead; venting
last, of what was not dispensed.

Mixing: station stock leaves first in, first out, and stock beyond the known deliveries is of unknown origin and leaves
first; a tank mixes in proportion to mass and is used in the mix's proportions.
"""

from collections.abc import Iterator, Mapping, Sequence

from h2verify.activity import Cut, Outcome, allocate
from h2verify.activity.origin import UNKNOWN
from h2verify.activity.values import Fill, SpanHydrogen, Window
from h2verify.chains.operations import find_trip

from h2corridor.accounting.custody.ledger import PRODUCED, UNKNOWN_SOURCE, KilogramLedger
from h2corridor.accounting.custody.stocks import StationStocks
from h2corridor.activity.papers import opening_stocks_mg
from h2corridor.model.trial import HydrogenDelivery, Refuelling, TrialFacts


def replay(facts: TrialFacts, made: Cut, outcome: Outcome) -> KilogramLedger:
    """Post everything that a trial's papers book and its trucks used.

    Parameters
    ----------
    facts : the trial's tables
    made : how time was cut
    outcome : what was measured; every span's hydrogen by origin must come out as it stands there
    """
    ledger = KilogramLedger()
    for batch in facts.hydrogen_batches:
        accounts = (PRODUCED, f"batch:{batch.batch_id}")
        source = f"hydrogen_batches.csv#{batch.row}"
        at_s = batch.produced_to_ms // 1000
        ledger.post("produced", accounts, {f"{batch.batch_id}@": batch.mass_mg}, at_s=at_s, source=source)
    _board(ledger, facts)
    stocks = StationStocks(ledger, facts)
    _move(stocks, facts)
    _drive(ledger, made, outcome, _sources_of_fills(facts))
    stocks.vent()
    return ledger


def _board(ledger: KilogramLedger, facts: TrialFacts) -> None:
    """Hydrogen on board when the period began comes from its batch, or from nobody knows where."""
    at_s = facts.trial.period_start_ms // 1000
    for opening in facts.tank_openings:
        source, tank = f"tank_opening.csv#{opening.row}", f"tank:{opening.vin}"
        if not opening.batch_id:
            ledger.post("aboard", (UNKNOWN_SOURCE, tank), {UNKNOWN: opening.mass_mg}, at_s=at_s, source=source)
            continue
        mass = {f"{opening.batch_id}@": opening.mass_mg}
        draw_batch(ledger, opening.batch_id, opening.mass_mg, at_s=at_s, source=source)
        ledger.post("aboard", (f"batch:{opening.batch_id}", tank), mass, at_s=at_s, source=source)


def draw_batch(ledger: KilogramLedger, batch_id: str, mass_mg: int, *, at_s: int, source: str) -> None:
    """Make sure that a batch holds what is about to leave it; what it lacks is beyond its record."""
    account = f"batch:{batch_id}"
    short = mass_mg - ledger.held_mg(account)
    if short > 0:
        ledger.post("beyond_record", (UNKNOWN_SOURCE, account), {f"{batch_id}@": short}, at_s=at_s, source=source)


def _move(stocks: StationStocks, facts: TrialFacts) -> None:
    """Unload and dispense in order."""
    begin_s = facts.trial.period_start_ms // 1000
    before = [each for each in facts.hydrogen_deliveries if each.delivered_at_ms // 1000 < begin_s]
    later = [each for each in facts.hydrogen_deliveries if each.delivered_at_ms // 1000 >= begin_s]
    for delivery in sorted(before, key=_delivery_order):
        _unload(stocks, delivery)
    for station, opening_mg in opening_stocks_mg(facts).items():
        stocks.begin(station, opening_mg)
    events: list[HydrogenDelivery | Refuelling] = [*later, *facts.refuellings]
    for event in sorted(events, key=_event_order):
        if isinstance(event, HydrogenDelivery):
            _unload(stocks, event)
        else:
            stocks.dispense(event)


def _delivery_order(delivery: HydrogenDelivery) -> tuple[int, str]:
    return delivery.delivered_at_ms // 1000, delivery.batch_id


def _event_order(event: HydrogenDelivery | Refuelling) -> tuple[int, int, str]:
    if isinstance(event, HydrogenDelivery):
        return event.delivered_at_ms // 1000, 0, event.batch_id
    return event.started_at_ms // 1000, 1, event.refuelling_id


def _unload(stocks: StationStocks, delivery: HydrogenDelivery) -> None:
    at_s, source = delivery.delivered_at_ms // 1000, f"hydrogen_deliveries.csv#{delivery.row}"
    ledger, batch = stocks.ledger, delivery.batch_id
    trailer = f"trailer:{delivery.delivery_id}"
    draw_batch(ledger, batch, delivery.mass_mg, at_s=at_s, source=source)
    ledger.post("loaded", (f"batch:{batch}", trailer), {f"{batch}@": delivery.mass_mg}, at_s=at_s, source=source)
    stocks.unload(delivery, trailer)


def _sources_of_fills(facts: TrialFacts) -> dict[str, str]:
    return {each.refuelling_id: f"refuellings.csv#{each.row}" for each in facts.refuellings}


def _drive(ledger: KilogramLedger, made: Cut, outcome: Outcome, sources: Mapping[str, str]) -> None:
    """Fill and empty the tanks of all trucks."""
    by_window: dict[tuple[str, int], list[SpanHydrogen]] = {}
    for entry in outcome.hydrogen:
        by_window.setdefault((entry.span.vin, entry.span.window_no), []).append(entry)
    segments: dict[str, dict[int, str]] = {}
    for trip in outcome.trips:
        segments.setdefault(trip["vin"], {})[trip["segment_no"]] = trip["trip_id"]
    for window in sorted(made.windows, key=_truck_of):
        for fill in _fills_of(window):
            _take(ledger, fill, sources)
        for entry in by_window.get((window.vin, window.window_no), ()):
            _use(ledger, entry, find_trip(entry.span.segment_no, segments.get(window.vin, {})))


def _truck_of(window: Window) -> str:
    return window.vin


def _fills_of(window: Window) -> Iterator[Fill]:
    if window.fill:
        yield window.fill
    yield from window.unseen


def _take(ledger: KilogramLedger, fill: Fill, sources: Mapping[str, str]) -> None:
    """Bring what was booked into the tank; a rise that nobody booked is of unknown origin."""
    tank = f"tank:{fill.vin}"
    for refuelling_id in fill.refuelling_ids:
        nozzle = f"nozzle:{refuelling_id}"
        mix = ledger.held(nozzle)
        ledger.post("taken", (nozzle, tank), mix, at_s=fill.started_at_s, source=sources.get(refuelling_id, nozzle))
    if not fill.refuelling_ids and fill.rise_mg:
        source = f"telemetry/{fill.vin}"
        ledger.post("seen", (UNKNOWN_SOURCE, tank), {UNKNOWN: fill.rise_mg}, at_s=fill.started_at_s, source=source)


def _use(ledger: KilogramLedger, entry: SpanHydrogen, trip_id: str | None) -> None:
    """Use a span's hydrogen in the proportions of the tank; what the tank by the record never got comes first."""
    vin, at_s = entry.span.vin, entry.span.to_s
    tank, source = f"tank:{vin}", f"telemetry/{vin}"
    parts = used_of(ledger.held(tank), entry.used_mg)
    assert parts == dict(entry.by_origin), f"span {entry.span.span_no} of {vin}: the ledger says other origins"
    short = {origin: mass - ledger.held(tank).get(origin, 0) for origin, mass in parts.items()}
    lacking = {origin: mass for origin, mass in short.items() if mass > 0}
    ledger.post("beyond_record", (UNKNOWN_SOURCE, tank), lacking, at_s=at_s, source=source)
    goes_to = f"standing:{vin}" if trip_id is None else f"trip:{trip_id}"
    ledger.post("used", (tank, goes_to), parts, at_s=at_s, source=source)


def used_of(content: Mapping[str, int], used_mg: int) -> dict[str, int]:
    """What is used of a mix, by origin [mg]; of an empty tank it is of unknown origin."""
    if not content:
        return {UNKNOWN: used_mg} if used_mg else {}
    origins: Sequence[str] = sorted(content)
    parts = allocate(used_mg, [content[origin] for origin in origins])
    return {origin: part for origin, part in zip(origins, parts, strict=True) if part}
