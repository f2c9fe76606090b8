"""Evidence made by hand: one truck, one leg, one fill, without a fault, and ways to break it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import msgspec
from h2verify.activity import Cut, Outcome
from h2verify.activity.legs import LegService
from h2verify.activity.reconcile import TruckReconciliation
from h2verify.activity.values import Fill, RoadLeg, Span, SpanSums, TankState, Window, WindowBalance
from made_frames import FILE, START_S, TRUCK

from h2corridor.model.findings import Finding
from h2corridor.model.trial import (
    Consignment,
    HubOperation,
    HydrogenBatch,
    HydrogenDelivery,
    Leg,
    Meter,
    Refuelling,
    SealEvent,
    Site,
    StationEnergy,
    StationStock,
    TankOpening,
    Trial,
    TrialFacts,
    Vehicle,
)
from h2corridor.quality import CustodyEvidence, Evidence, evidence_checks

HOUR_S = 3600
START_MS = START_S * 1000
HOUR_MS = HOUR_S * 1000
TERMINAL = "89860000000000000001"
DRIVEN_NINTHS_MM = 250 * 9_000_000
NOTHING_OF_CUSTODY = CustodyEvidence()


def _row(kind: type[Any], /, **values: Any) -> Any:
    """A row of this kind in which what is not given is absent."""
    names = [field.name for field in msgspec.structs.fields(kind)]
    return kind(**{**dict.fromkeys(names), "row": 1, **values})


def _seal(row: int, event: str, after_ms: int) -> SealEvent:
    site_id = "HUB" if event == "applied" else "PORT"
    at_ms = START_MS + after_ms
    return _row(SealEvent, row=row, seal_no="S1", container_no="CSQU3054383", event=event, site_id=site_id, at_ms=at_ms)


FACTS = TrialFacts(
    trial=Trial(
        trial_id="made",
        format=1,
        title_zh="",
        title_en="",
        corridor="",
        period_start_ms=START_MS - 8 * HOUR_MS,
        period_end_ms=START_MS + 16 * HOUR_MS,
        timezone="Asia/Shanghai",
        operator_party_id="P1",
    ),
    sites=(
        _row(Site, site_id="HUB", kind="hub", latitude_e6=29_600_000, longitude_e6=106_320_000),
        _row(Site, row=2, site_id="PORT", kind="port", latitude_e6=21_720_000, longitude_e6=108_630_000),
        _row(Site, row=3, site_id="H2", kind="station", latitude_e6=25_000_000, longitude_e6=107_000_000),
    ),
    meters=(
        _row(
            Meter,
            meter_id="M1",
            site_id="H2",
            certificate_id="JL-1",
            certificate_valid_until_ms=START_MS + 1000 * HOUR_MS,
        ),
    ),
    vehicles=(
        _row(
            Vehicle,
            row=4,
            vin=TRUCK,
            protocol=2016,
            terminal_id=TERMINAL,
            payload_max_kg=30_800,
            tank_volume_ml=3_080_000,
        ),
    ),
    tank_openings=(_row(TankOpening, vin=TRUCK, at_ms=START_MS, mass_mg=50_000_000, batch_id="B1"),),
    hydrogen_batches=(
        _row(
            HydrogenBatch,
            batch_id="B1",
            produced_from_ms=START_MS - 24 * HOUR_MS,
            produced_to_ms=START_MS - HOUR_MS,
            mass_mg=200_000_000,
            certificate_valid_until_ms=START_MS + 1000 * HOUR_MS,
        ),
    ),
    hydrogen_deliveries=(
        _row(
            HydrogenDelivery, delivery_id="D1", batch_id="B1", station_id="H2", delivered_at_ms=START_MS, mass_mg=10**8
        ),
    ),
    station_energy=(_row(StationEnergy, station_id="H2", day="2026-03-02"),),
    station_stock=(
        _row(
            StationStock,
            row=3,
            station_id="H2",
            day="2026-03-02",
            opening_mg=0,
            closing_mg=69_500_000,
            vented_mg=500_000,
        ),
    ),
    refuellings=(
        _row(
            Refuelling,
            row=7,
            refuelling_id="R1",
            station_id="H2",
            meter_id="M1",
            vin=TRUCK,
            started_at_ms=START_MS + HOUR_MS,
            ended_at_ms=START_MS + HOUR_MS,
            mass_mg=30_000_000,
            meter_start_mg=100_000_000,
            meter_end_mg=130_000_000,
        ),
    ),
    consignments=(
        _row(
            Consignment,
            row=5,
            consignment_id="C1",
            mass_g=20_000_000,
            mass_method="weighbridge",
            container_no="CSQU3054383",
            seal_no="S1",
        ),
    ),
    legs=(
        _row(
            Leg,
            row=6,
            leg_id="L1",
            consignment_id="C1",
            sequence=1,
            mode="road",
            vin=TRUCK,
            origin_site="HUB",
            destination_site="PORT",
            departed_at_ms=START_MS,
            arrived_at_ms=START_MS + 3 * HOUR_MS,
            transport_distance_m=245_000,
        ),
    ),
    hub_operations=(
        _row(HubOperation, site_id="HUB", day="2026-03-02", throughput_kg=1_000_000),
        _row(HubOperation, row=2, site_id="PORT", day="2026-03-02"),
    ),
    seal_events=(
        _seal(1, "applied", -HOUR_MS),
        _seal(2, "checked", 3 * HOUR_MS),
        _seal(3, "removed", 4 * HOUR_MS),
    ),
)

FILL = Fill(
    vin=TRUCK,
    started_at_s=START_S + HOUR_S,
    ended_at_s=START_S + HOUR_S + 900,
    refuelling_ids=("R1",),
    booked_mg=30_000_000,
    rise_mg=29_900_000,
    before=TankState(at_s=START_S + HOUR_S, mass_mg=30_000_000),
    agreement="confirmed",
)
WINDOW = Window(
    vin=TRUCK,
    window_no=0,
    from_s=START_S - 1,
    to_s=START_S + 4 * HOUR_S,
    fill=None,
    tank_start=TankState(at_s=START_S, mass_mg=50_000_000),
    tank_end=TankState(at_s=START_S + 4 * HOUR_S, mass_mg=29_600_000),
)
BALANCE = WindowBalance(
    window=WINDOW,
    metered_mg=20_400_000,
    tank_mg=20_400_000,
    balance_mg=20_400_000,
    stack_mg=20_000_000,
    unobserved_s=0,
    used_mg=20_400_000,
    method="tank",
    resolution_mg=440_000,
    sound=True,
)
TRIP = {
    "trip_id": f"{TRUCK}-0001",
    "vin": TRUCK,
    "started_at_s": START_S,
    "ended_at_s": START_S + 3 * HOUR_S,
    "distance_mm": 250_000_000,
    "finished": 1,
}
_LEG = RoadLeg(
    leg_id="L1",
    vin=TRUCK,
    origin_site="HUB",
    destination_site="PORT",
    departed_at_s=START_S,
    arrived_at_s=START_S + 3 * HOUR_S,
)
LOGIN = {"vin": TRUCK, "file": FILE, "row": 1, "terminal_id": TERMINAL, "at_s": START_S}
SERVICE = LegService(leg=_LEG, trip_ids=(f"{TRUCK}-0001",), fault=None)


def change(table: str, **values: Any) -> TrialFacts:
    """The facts with other values in the first row of a table."""
    first, *rest = getattr(FACTS, table)
    return msgspec.structs.replace(FACTS, **{table: (msgspec.structs.replace(first, **values), *rest)})


def add(table: str, **values: Any) -> TrialFacts:
    """The facts with one more row of a table, like the first but for these values."""
    rows = getattr(FACTS, table)
    return msgspec.structs.replace(FACTS, **{table: (*rows, msgspec.structs.replace(rows[0], **values))})


def remove(table: str) -> TrialFacts:
    """The facts without any row of this table."""
    return msgspec.structs.replace(FACTS, **{table: ()})


def find(
    code: str,
    facts: TrialFacts = FACTS,
    *,
    fill: Fill = FILL,
    fills: Sequence[Fill] = (),
    balance: WindowBalance = BALANCE,
    balances: Sequence[WindowBalance] = (),
    trip: dict[str, Any] = TRIP,
    service: LegService = SERVICE,
    silence: tuple[int, int] | None = None,
    stall: int | None = None,
    jumps: Sequence[Mapping[str, Any]] = (),
    logins: Sequence[Mapping[str, Any]] = (LOGIN,),
    custody: CustodyEvidence = NOTHING_OF_CUSTODY,
    **sums: int,
) -> list[Finding]:
    """What an evidence check finds in the faultless evidence with these values in place of its own."""
    span = Span(vin=TRUCK, span_no=0, segment_no=0, window_no=0, from_s=START_S - 1, to_s=START_S + 4 * HOUR_S)
    counts = {each.name: 1 for each in fields(SpanSums) if each.name != "span"}
    counts |= {"distance_ninths_mm": DRIVEN_NINTHS_MM, "distance_unknown": 0, **sums}
    truck = TruckReconciliation(
        vin=TRUCK,
        balances=tuple(balances) or (balance,),
        used_by_span_mg=(balance.used_mg,),
        pool_balance_mg=0,
        pool_stack_mg=0,
    )
    given = {
        "trips": (trip,),
        "reconciliations": (truck,),
        "sums": (SpanSums(span=span, **counts),),
        "services": (service,),
    }
    outcome = Outcome(**{**{each.name: () for each in fields(Outcome)}, **given})
    silences = {TRUCK: [silence]} if silence else {}
    stalls = {TRUCK: [stall]} if stall else {}
    cut = Cut(stands=(), fills=tuple(fills) or (fill,), windows=(balance.window,), spans=(span,))
    evidence = Evidence(
        facts=facts,
        cut=cut,
        outcome=outcome,
        silences=silences,
        stalls=stalls,
        jumps=jumps,
        logins=logins,
        custody=custody,
    )
    return list(evidence_checks()[code](evidence))


def fill_of(agreement: str, **values: Any) -> Fill:
    """The fill with another agreement between book and tank."""
    return replace(FILL, agreement=agreement, **values)
