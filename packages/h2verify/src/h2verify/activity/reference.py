"""The whole path from frames to trips and hydrogen by origin, in plain Python: what engines must equal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity.fills import match_fills, windows_between
from h2verify.activity.legs import LegService, serve_legs
from h2verify.activity.origin import Delivery, Mix, origin_of_fills, origin_of_spans
from h2verify.activity.readings import add_steps, readings_of
from h2verify.activity.reconcile import TruckReconciliation, reconcile
from h2verify.activity.rounds import Round, rounds_of
from h2verify.activity.spans import cut_spans, trips_of
from h2verify.activity.standings import silences_of, standing_runs, sum_spans, truck_ends
from h2verify.activity.stands import standings_of, trip_ending_stands
from h2verify.activity.uses import frame_uses
from h2verify.activity.values import (
    Fill,
    RecordedFill,
    RoadLeg,
    SitePlace,
    Span,
    SpanHydrogen,
    SpanSums,
    Stand,
    TruckRegister,
    Window,
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What papers say beside the telemetry: register, sites, legs, fills, deliveries, opening stocks."""

    trucks: Mapping[str, TruckRegister]
    sites: Sequence[SitePlace]
    legs: Sequence[RoadLeg]
    fills: Sequence[RecordedFill]
    deliveries: Sequence[Delivery]
    opening_stock_mg: Mapping[str, int]
    tank_opening: Mapping[str, Mix]
    period_start_s: int
    period_end_s: int

    @property
    def period_s(self) -> tuple[int, int]:
        """When the trial's period begins and ends."""
        return self.period_start_s, self.period_end_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How the data of all trucks are cut in time: stands, fills, windows and spans."""

    stands: Sequence[Stand]
    fills: Sequence[Fill]
    windows: Sequence[Window]
    spans: Sequence[Span]
    silences: Sequence[Row] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Trips, and the hydrogen of each span by origin, with the reconciliation behind it."""

    trips: Sequence[Row]
    reconciliations: Sequence[TruckReconciliation]
    hydrogen: Sequence[SpanHydrogen]
    sums: Sequence[SpanSums]
    services: Sequence[LegService]
    rounds: Sequence[Round]


def cut(runs: Sequence[Row], silences: Sequence[Row], ends: Mapping[str, Row], papers: Papers) -> Cut:
    """Cut time into stands, windows and spans from the standings and silences that an engine found."""
    stands = trip_ending_stands(standings_of(runs, silences), papers.sites, papers.legs)
    fills = match_fills(runs, silences, ends, papers.fills, papers.trucks)
    windows = windows_between(fills, ends, papers.trucks)
    return Cut(stands=stands, fills=fills, windows=windows, spans=cut_spans(ends, stands, windows), silences=silences)


def settle(sums: Sequence[SpanSums], made: Cut, papers: Papers) -> Outcome:
    """Turn the spans' sums into trips, reconciled hydrogen and its origin."""
    reconciliations, hydrogen = settle_hydrogen(sums, made.windows, papers)
    trips = trips_of(sums, made.stands)
    services = serve_legs(papers.legs, trips, made.stands, papers.sites, made.silences)
    return Outcome(
        trips=trips,
        reconciliations=reconciliations,
        hydrogen=hydrogen,
        sums=sums,
        services=services,
        rounds=rounds_of(trips, services),
    )


def settle_hydrogen(
    sums: Sequence[SpanSums], windows: Sequence[Window], papers: Papers
) -> tuple[list[TruckReconciliation], list[SpanHydrogen]]:
    """Reconcile the hydrogen of every window and give each span's by origin; of the papers, legs and sites count
    nothing here.
    """
    reconciliations = reconcile(windows, sums, papers.trucks)
    used = {}
    for truck in reconciliations:
        mine = [entry for entry in sums if entry.span.vin == truck.vin]
        for entry, mass in zip(mine, truck.used_by_span_mg, strict=True):
            if mass is not None:
                used[(truck.vin, entry.span.span_no)] = mass
    fill_origins = origin_of_fills(papers.deliveries, papers.opening_stock_mg, papers.period_start_s, papers.fills)
    return reconciliations, origin_of_spans(windows, sums, used, papers.tank_opening, fill_origins)


def run_reference(
    frames: Iterable[Mapping[str, Any]], papers: Papers
) -> tuple[dict[str, Sequence[Mapping[str, Any]]], Cut, Outcome]:
    """Run everything from frame rows; the tables `readings` and `runs` come along for comparison."""
    uses = frame_uses(frames, papers.trucks, papers.period_s)
    steps = add_steps(readings_of(uses, papers.trucks))
    runs = standing_runs(steps)
    made = cut(runs, silences_of(steps), truck_ends(steps), papers)
    outcome = settle(sum_spans(steps, made.spans), made, papers)
    return {"frame_uses": uses, "readings": steps, "runs": runs}, made, outcome
