"""A small corridor made by hand: two batches, two stations, two trucks, and what they did drawn at random."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from h2verify.activity import Cut, Outcome
from h2verify.activity.origin import origin_of_fills, origin_of_spans
from h2verify.activity.values import Fill, Span, SpanSums, Window

from h2corridor.activity.papers import papers_of
from h2corridor.model.trial import (
    HydrogenBatch,
    HydrogenDelivery,
    Refuelling,
    StationStock,
    TankOpening,
    Trial,
    TrialFacts,
)

KG = 1_000_000
T0 = 1_772_409_600
HOUR = 3600
DAY = 24 * HOUR
TRUCKS = ("TRUCK1", "TRUCK2")
TRIAL = Trial(
    trial_id="MADE",
    format=1,
    title_zh="",
    title_en="",
    corridor="",
    period_start_ms=T0 * 1000,
    period_end_ms=(T0 + 3 * DAY) * 1000,
    timezone="Asia/Shanghai",
    operator_party_id="P1",
)


def row(kind: type[Any], /, **values: Any) -> Any:
    """A row of this kind in which what is not given is absent."""
    names = [field.name for field in msgspec.structs.fields(kind)]
    return kind(**{**dict.fromkeys(names), "row": 1, **values})


def batch(batch_id: str, mass_mg: int, **values: Any) -> HydrogenBatch:
    times = {"produced_from_ms": (T0 - 9 * DAY) * 1000, "produced_to_ms": (T0 - 8 * DAY) * 1000}
    return row(HydrogenBatch, batch_id=batch_id, mass_mg=mass_mg, **{**times, **values})


def delivery(number: int, batch_id: str, after_s: int, mass_mg: int, station: str = "S1") -> HydrogenDelivery:
    return row(
        HydrogenDelivery,
        row=number,
        delivery_id=f"D{number}",
        batch_id=batch_id,
        station_id=station,
        delivered_at_ms=(T0 + after_s) * 1000,
        mass_mg=mass_mg,
    )


def fill(number: int, vin: str, after_s: int, mass_mg: int, station: str = "S1") -> Refuelling:
    return row(
        Refuelling,
        row=number,
        refuelling_id=f"R{number}",
        station_id=station,
        vin=vin,
        started_at_ms=(T0 + after_s) * 1000,
        ended_at_ms=(T0 + after_s + 600) * 1000,
        mass_mg=mass_mg,
    )


def stock(number: int, station: str, opening_mg: int, vented_mg: int = 0) -> StationStock:
    day = f"2026-03-{number:02d}"
    return row(StationStock, row=number, station_id=station, day=day, opening_mg=opening_mg, vented_mg=vented_mg)


def opening(number: int, vin: str, mass_mg: int, batch_id: str | None) -> TankOpening:
    return row(TankOpening, row=number, vin=vin, at_ms=T0 * 1000, mass_mg=mass_mg, batch_id=batch_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A trial whose hydrogen by origin is that of `h2verify.activity`."""

    facts: TrialFacts
    cut: Cut
    outcome: Outcome
    fill_origins: Mapping[str, Mapping[str, int]]


def drive(facts: TrialFacts, used: Mapping[str, Sequence[int]], *, rise_mg: int = 0) -> Made:
    """Let each truck use so much after each of its fills, and before the first [mg]; a span a window, a trip a span.

    Parameters
    ----------
    used : by truck, what it used in each window; as many windows as it has fills, and one more
    rise_mg : what the tank rose in one window more, without a booked fill
    """
    windows: list[Window] = []
    sums: list[SpanSums] = []
    trips: list[dict[str, Any]] = []
    for vin in TRUCKS:
        booked = [each for each in facts.refuellings if each.vin == vin]
        fills: list[Fill | None] = [None, *(_seen(vin, each) for each in booked)]
        if rise_mg:
            fills.append(_fill(vin, T0 + 3 * DAY, rise_mg, refuelling_ids=(), booked_mg=0, agreement="without_record"))
        for number, each in enumerate(fills):
            at_s = each.started_at_s if each else T0
            windows.append(
                Window(
                    vin=vin, window_no=number, from_s=at_s, to_s=at_s + HOUR, fill=each, tank_start=None, tank_end=None
                )
            )
            sums.append(_sums(vin, number, at_s))
            trips.append({"trip_id": f"{vin}-{number:04d}", "vin": vin, "segment_no": number})
    used_mg = {(vin, number): mass for vin in TRUCKS for number, mass in enumerate(used.get(vin, ()))}
    papers = papers_of(facts)
    origins = origin_of_fills(papers.deliveries, papers.opening_stock_mg, papers.period_start_s, papers.fills)
    hydrogen = origin_of_spans(windows, sums, used_mg, papers.tank_opening, origins)
    outcome = Outcome(trips=trips, reconciliations=(), hydrogen=hydrogen, sums=sums, services=(), rounds=())
    return Made(
        facts=facts,
        cut=Cut(stands=(), fills=(), windows=windows, spans=[each.span for each in sums]),
        outcome=outcome,
        fill_origins=origins,
    )


def _seen(vin: str, booked: Refuelling) -> Fill:
    at_s = booked.started_at_ms // 1000
    ids, mass_mg = (booked.refuelling_id,), booked.mass_mg
    return _fill(vin, at_s, mass_mg, refuelling_ids=ids, booked_mg=mass_mg, agreement="confirmed")


def _fill(vin: str, at_s: int, rise_mg: int, **values: Any) -> Fill:
    return Fill(vin=vin, started_at_s=at_s, ended_at_s=at_s + 600, rise_mg=rise_mg, before=None, **values)


def _sums(vin: str, number: int, from_s: int) -> SpanSums:
    span = Span(vin=vin, span_no=number, segment_no=number, window_no=number, from_s=from_s, to_s=from_s + HOUR)
    whole: dict[str, Any] = dict.fromkeys(SpanSums.__dataclass_fields__, 0)
    return SpanSums(**{**whole, "span": span})
