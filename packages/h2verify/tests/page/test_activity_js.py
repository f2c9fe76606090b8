"""The page's arithmetic of activity against h2verify on days at random: from frames to rounds and hydrogen."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from h2verify.activity import allocate, run_reference
from h2verify.activity.reconcile import reconcile
from h2verify.activity.values import SpanSums, Window
from h2verify.chains.measured import service_record, span_hydrogen_record, span_record, trip_record, window_record
from in_page import run_in_page
from made_activity import KG, TANK_ML, TRUCK, TRUCKS, fill, sums, window
from playwright.sync_api import Page
from random_days import Day, random_day

OpenVerifier = Callable[..., Page]

COLUMNS = (
    *("file", "row", "received_at_ms", "outcome", "edition", "command", "vin", "data_unit_digest", "device_time_s"),
    *("speed_raw", "odometer_raw", "soc_raw", "stacks_reported", "stack_current_raw", "stack_voltage_raw"),
    *("h2_pressure_raw", "h2_temperature_raw", "position_status", "longitude_raw", "latitude_raw", "coordinate_system"),
)

RECOMPUTE = """return given.map(({frames, register, papers, deliveries, opening, tank, period}) => {
  const known = exact(register);
  const readings = readingsOf(framesInUse(frames, register, period), {...known, edition: register.edition});
  addSteps(readings);
  const {sites, legs, fills} = exact(papers);
  const made = cutTime(readings, {volumeMl: known.tank_volume_ml, sites, legs, fills});
  const stock = new Map(Object.entries(exact(opening)));
  const origins = originOfFills(exact(deliveries), stock, BigInt(period[0]), fills);
  const used = reconcileTruck(made.windows, made.spans, known.tank_volume_ml);
  const hydrogen = originOfSpans(made.windows, made.spans, used, new Map(exact(tank)), origins);
  const rounds = roundsOf(made.trips, made.services)
    .map(({trips, leg_ids, closed}) => [trips.map((trip) => trip.trip_no), leg_ids, closed]);
  return {...made, hydrogen, rounds};
});"""


def test_parts_sum_to_their_whole_in_the_same_way(open_verifier: OpenVerifier) -> None:
    draw = random.Random(1)
    cases = [
        (draw.randrange(10 ** draw.randrange(1, 16)), [1, *(draw.randrange(10**6) for _ in range(draw.randrange(9)))])
        for _ in range(500)
    ]
    body = "return given.map(([whole, weights]) => allocate(BigInt(whole), exact(weights)));"

    assert [allocate(*case) for case in cases] == run_in_page(open_verifier(), body, cases)


def test_days_at_random_give_the_same_trips_hydrogen_origins_and_rounds(open_verifier: OpenVerifier) -> None:
    draw = random.Random(2)
    days = [random_day(draw) for _ in range(60)]
    found = run_in_page(open_verifier(), RECOMPUTE, [_given(day) for day in days])

    assert sum(len(each["rounds"]) for each in found) > 40
    assert sum(len(origins["by_origin"]) > 1 for each in found for origins in each["hydrogen"]) > 20
    for day, each in zip(days, found, strict=True):
        assert _expected(day) == each


def test_trucks_at_random_whose_meter_tank_and_stacks_disagree_are_reconciled_the_same_way(
    open_verifier: OpenVerifier,
) -> None:
    draw = random.Random(3)
    trucks = [_disagreeing_truck(draw) for _ in range(200)]
    body = """return given.map(([windows, spans, volume]) => {
      return [...reconcileTruck(exact(windows), exact(spans), exact(volume))].sort((a, b) => Number(a[0] - b[0]));
    });"""
    rows = [
        [[asdict(each) for each in windows], [asdict(each.span) | asdict(each) for each in spans], TANK_ML]
        for windows, spans in trucks
    ]
    found = run_in_page(open_verifier(), body, rows)

    gainsaid = 0
    for (windows, spans), each in zip(trucks, found, strict=True):
        (truck,) = reconcile(windows, spans, TRUCKS)
        gainsaid += sum(not balance.sound and balance.used_mg == balance.metered_mg for balance in truck.balances)
        assert [[number, used] for number, used in enumerate(truck.used_by_span_mg)] == each
    assert gainsaid > 40


def _disagreeing_truck(draw: random.Random) -> tuple[list[Window], list[SpanSums]]:
    """Windows with a fill each, of which meter, tank or stacks are off now and then, with one span or two."""
    windows: list[Window] = []
    spans: list[SpanSums] = []
    for number in range(draw.randrange(1, 5)):
        used, booked = draw.randrange(2, 40) * KG, draw.randrange(5, 30) * KG
        off, by_mg = draw.choice(("", "", "meter", "tank", "stacks")), draw.choice((-8, -2, 3, 9)) * KG
        rise, booked = booked + by_mg * (off == "tank"), booked + by_mg * (off == "meter")
        filled = fill(booked, rise, "confirmed" if rise == booked else "differs")
        end = 40 * KG + rise - used
        parts = draw.choice((1, 2))
        for _ in range(parts):
            stack = max(used + by_mg * (off == "stacks"), 0) * 98 // (100 * parts)
            spans.append(sums(len(spans), number, stack, draw.choice((0, 0, 0, 600))))
        windows.append(window(number, 40 * KG, max(end, 0), filled))
    return windows, spans


def _given(day: Day) -> dict[str, Any]:
    papers = day.papers
    return {
        "frames": [{name: row[name] for name in COLUMNS} for row in day.frames],
        "register": asdict(papers.trucks[TRUCK]),
        "papers": {name: [asdict(each) for each in getattr(papers, name)] for name in ("sites", "legs", "fills")},
        "deliveries": [asdict(each) for each in papers.deliveries],
        "opening": dict(papers.opening_stock_mg),
        "tank": [list(each) for each in papers.tank_opening[TRUCK].items()],
        "period": [papers.period_start_s, papers.period_end_s],
    }


def _expected(day: Day) -> dict[str, Any]:
    _, made, outcome = run_reference(day.frames, day.papers)
    stands = [
        {name: value for name, value in asdict(stand).items() if name != "vin"}
        for stand in sorted(made.stands, key=lambda stand: (stand.split_at_s, stand.started_at_s))
    ]
    return {
        "stands": stands,
        "windows": _open(map(window_record, made.windows)),
        "spans": _open(map(span_record, outcome.sums)),
        "trips": _open(map(trip_record, outcome.trips)),
        "services": _open(map(service_record, outcome.services)),
        "hydrogen": _open(map(span_hydrogen_record, outcome.hydrogen)),
        "rounds": [
            [[trip["trip_no"] for trip in each.trips], list(each.leg_ids), each.closed] for each in outcome.rounds
        ],
    }


def _open(records: Any) -> Sequence[Mapping[str, Any]]:
    return [{name: value for name, value in record.items() if name != "kind"} for record in records]
