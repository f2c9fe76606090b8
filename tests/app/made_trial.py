"""A trial made by hand: one truck that carries two consignments out, comes back empty, and a train that goes on."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from h2verify.activity import Outcome
from h2verify.activity.legs import LegService
from h2verify.activity.reconcile import TruckReconciliation
from h2verify.activity.rounds import rounds_of
from h2verify.activity.values import RoadLeg, Span, SpanHydrogen, SpanSums, TankState, Window, WindowBalance

from h2corridor.model.trial import (
    Consignment,
    HubOperation,
    HydrogenBatch,
    HydrogenDelivery,
    Leg,
    Refuelling,
    Site,
    StationEnergy,
    StationStock,
    Trial,
    TrialFacts,
    Vehicle,
)

Row = dict[str, Any]
Origins = Mapping[str, int]

TRUCK = "LTESTHYDR0GEN0001"
KG = 1_000_000
T0 = 1_772_409_600
"""2026-03-02T08:00:00+08:00"""
HOUR = 3600
DAY = "2026-03-02"

TRIAL = Trial(
    trial_id="MADE",
    format=1,
    title_zh="试运行",
    title_en="Made trial",
    corridor="C",
    period_start_ms=(T0 - 8 * HOUR) * 1000,
    period_end_ms=(T0 + 16 * HOUR) * 1000,
    timezone="Asia/Shanghai",
    operator_party_id="P1",
)


def _site(row: int, site_id: str, kind: str, place: tuple[int, int], region: str) -> Site:
    return Site(
        row=row,
        site_id=site_id,
        name_zh=site_id,
        name_en=site_id,
        kind=kind,
        operator_id=None,
        longitude_e6=place[0],
        latitude_e6=place[1],
        grid_region=region,
    )


SITES = (
    _site(1, "HUB", "hub", (106_320_000, 29_600_000), "Chongqing"),
    _site(2, "PORT", "port", (106_915_000, 27_674_000), "Guizhou"),
    _site(3, "CITY", "city", (108_610_000, 21_730_000), "Guangxi"),
    _site(4, "STATION", "station", (106_707_580, 28_738_890), "Chongqing"),
    _site(5, "PLANT", "plant", (107_080_000, 29_830_000), "Chongqing"),
)
VEHICLE = Vehicle(
    row=1,
    vin=TRUCK,
    plate="渝A00001D",
    carrier_id="P1",
    model=None,
    protocol=2016,
    gross_combination_mass_kg=49_000,
    payload_max_kg=30_000,
    tank_volume_ml=3_080_000,
    stack_count=1,
    cells_per_stack=400,
    battery_capacity_wh=100_000,
    comparable_diesel_l_per_100km=Decimal("38.2"),
    comparable_diesel_source="fuel book",
    comparable_diesel_date="2025-06-15",
)
BATCH = HydrogenBatch(
    row=1,
    batch_id="B1",
    producer_id="P2",
    site_id="PLANT",
    pathway="chlor_alkali_byproduct",
    feedstock=None,
    produced_from_ms=0,
    produced_to_ms=1,
    mass_mg=500 * KG,
    intensity_kgco2e_per_kg=Decimal("1.98"),
    intensity_method="declared",
    allocation="energy",
    custody="mass_balance",
    quality_certificate=None,
    certificate_id=None,
    certificate_valid_until_ms=None,
)
DELIVERY = HydrogenDelivery(
    row=1,
    delivery_id="D1",
    batch_id="B1",
    station_id="STATION",
    delivered_at_ms=(T0 - 9 * HOUR) * 1000,
    mass_mg=100 * KG,
    trailer_distance_m=16_900,
    trailer_diesel_ml=101_600,
    trailer_compression_wh=204_800,
)
FILL = Refuelling(
    row=1,
    refuelling_id="F1",
    station_id="STATION",
    vin=TRUCK,
    started_at_ms=(T0 + 2 * HOUR) * 1000,
    ended_at_ms=(T0 + 2 * HOUR + 600) * 1000,
    mass_mg=30 * KG,
    meter_start_mg=None,
    meter_end_mg=None,
    pressure_start_kpa=None,
    pressure_end_kpa=None,
)


def consignment(row: int, consignment_id: str, mass_kg: int, destination_site: str = "CITY") -> Consignment:
    return Consignment(
        row=row,
        consignment_id=consignment_id,
        document_no=f"DOC-{row}",
        shipper_id="P3",
        consignee_id="P4",
        goods=None,
        hs_code=None,
        mass_g=mass_kg * 1000,
        origin_site="HUB",
        destination_site=destination_site,
        container_no=None,
        container_tare_kg=None,
        seal_no=None,
        declaration_no=None,
    )


def leg(row: int, consignment_id: str, **values: Any) -> Leg:
    """A road leg of the truck from hub to port, departing at T0 + 1 h and arriving four hours later."""
    made: Row = {
        "leg_id": f"L{row}",
        "consignment_id": consignment_id,
        "sequence": 1,
        "mode": "road",
        "vin": TRUCK,
        "origin_site": "HUB",
        "destination_site": "PORT",
        "departed_at_ms": (T0 + HOUR) * 1000,
        "arrived_at_ms": (T0 + 5 * HOUR) * 1000,
        "transport_distance_m": 253_500,
        "distance_kind": "sfd",
        "distance_source": "map",
        "intensity_wtw_kgco2e_per_tkm": None,
        "intensity_ttw_kgco2e_per_tkm": None,
        "intensity_method": None,
    }
    return Leg(row=row, **(made | values))


RAIL_LEG = leg(
    3,
    "C1",
    sequence=2,
    mode="rail",
    vin=None,
    origin_site="PORT",
    destination_site="CITY",
    transport_distance_m=800_000,
    departed_at_ms=(T0 + 6 * HOUR) * 1000,
    arrived_at_ms=(T0 + 30 * HOUR) * 1000,
    intensity_wtw_kgco2e_per_tkm=Decimal("0.0065"),
    intensity_ttw_kgco2e_per_tkm=Decimal("0"),
    intensity_method="carrier's statement",
)
FACTS = TrialFacts(
    trial=TRIAL,
    sites=SITES,
    vehicles=(VEHICLE,),
    hydrogen_batches=(BATCH,),
    hydrogen_deliveries=(DELIVERY,),
    station_energy=(
        StationEnergy(row=1, station_id="STATION", day=DAY, electricity_wh=90_000, grid_region="Chongqing"),
    ),
    station_stock=(
        StationStock(row=1, station_id="STATION", day=DAY, opening_mg=100 * KG, closing_mg=70 * KG, vented_mg=0),
    ),
    refuellings=(FILL,),
    consignments=(consignment(1, "C1", 20_000), consignment(2, "C2", 5_000, "PORT")),
    legs=(leg(1, "C1"), leg(2, "C2"), RAIL_LEG),
    hub_operations=(
        HubOperation(
            row=1, site_id="HUB", day=DAY, throughput_kg=5_000_000, electricity_wh=9_000_000, diesel_ml=400_000
        ),
    ),
)
OUT_AND_BACK: tuple[Origins | None, ...] = ({"B1@STATION": 12 * KG}, {"B1@STATION": 9 * KG, "B1@": KG})


def trip(number: int, origin: str, destination: str) -> Row:
    """A row of the `trips` table; trip n is segment n, starts at T0 + 5n - 4 hours and takes four hours."""
    return {
        "trip_id": f"{TRUCK}-{number:04d}",
        "vin": TRUCK,
        "trip_no": number,
        "segment_no": number,
        "started_at_s": T0 + (5 * number - 4) * HOUR,
        "ended_at_s": T0 + 5 * number * HOUR,
        "origin_site": origin,
        "destination_site": destination,
        "distance_mm": 260_000_000,
        "stack_charge_twice": 0,
        "stack_energy_twice": 0,
        "first_soc_pct": None,
        "last_soc_pct": None,
        "unobserved_s": 0,
        "readings": 0,
        "finished": 1,
    }


def sums(span_no: int, segment_no: int) -> SpanSums:
    span = Span(vin=TRUCK, span_no=span_no, segment_no=segment_no, window_no=0, from_s=0, to_s=1)
    made: Row = dict.fromkeys(SpanSums.__dataclass_fields__, 0)
    made |= dict.fromkeys(
        ("first_at_s", "last_at_s", "first_active_s", "last_active_s", "first_soc_pct", "last_soc_pct")
    )
    return SpanSums(**(made | {"span": span}))


def outcome(
    hydrogen: Sequence[Origins | None] = OUT_AND_BACK,
    *,
    segments: Sequence[int] | None = None,
    served: Mapping[str, int] | None = None,
    faults: Mapping[str, str] | None = None,
    closed: bool = True,
    balances: Sequence[WindowBalance] = (),
) -> Outcome:
    """The truck's two trips, measured.

    Parameters
    ----------
    hydrogen : what each span used by origin [mg]; None for a span without a figure
    segments : in which segment each span lies; one span a trip unless said
    served : leg id to the number of the trip that served it; L1 and L2 by the first unless said
    faults : leg id to why no trip served it
    closed : whether the second trip comes back to where the first began
    """
    trips = [trip(1, "HUB", "PORT"), trip(2, "PORT", "HUB" if closed else "CITY")]
    spans = [sums(number, segment) for number, segment in enumerate(segments or range(1, len(hydrogen) + 1))]
    services = [
        LegService(leg=_road_leg(leg_id), trip_ids=(f"{TRUCK}-{number:04d}",), fault=None)
        for leg_id, number in (served if served is not None else {"L1": 1, "L2": 1}).items()
    ]
    services += [
        LegService(leg=_road_leg(leg_id), trip_ids=(), fault=fault) for leg_id, fault in (faults or {}).items()
    ]
    return Outcome(
        trips=trips,
        reconciliations=[
            TruckReconciliation(
                vin=TRUCK, balances=tuple(balances), used_by_span_mg=(), pool_balance_mg=0, pool_stack_mg=0
            )
        ],
        hydrogen=[
            SpanHydrogen(span=entry.span, used_mg=sum(used.values()), by_origin=tuple(used.items()))
            for entry, used in zip(spans, hydrogen, strict=True)
            if used is not None
        ],
        sums=spans,
        services=services,
        rounds=rounds_of(trips, services),
    )


def _road_leg(leg_id: str) -> RoadLeg:
    return RoadLeg(
        leg_id=leg_id, vin=TRUCK, origin_site="HUB", destination_site="PORT", departed_at_s=T0, arrived_at_s=T0
    )


def balance(metered_mg: int | None, used_mg: int | None, resolution_mg: int = 480_000) -> WindowBalance:
    """A window over the whole day in which so much was metered and so much used."""
    look = TankState(at_s=T0, mass_mg=0)
    window = Window(vin=TRUCK, window_no=0, from_s=T0, to_s=T0 + 12 * HOUR, fill=None, tank_start=look, tank_end=look)
    return WindowBalance(
        window=window,
        metered_mg=metered_mg,
        tank_mg=None,
        balance_mg=metered_mg,
        stack_mg=0,
        unobserved_s=0,
        used_mg=used_mg,
        method="tank",
        resolution_mg=resolution_mg,
        sound=True,
    )
