"""The papers of a trial in the form the activity arithmetic reads."""

from h2verify.activity import Papers
from h2verify.activity.origin import Delivery, Mix, opening_stock_mg
from h2verify.activity.values import RecordedFill, RoadLeg, SitePlace, TruckRegister

from h2corridor.model.trial import TrialFacts, Vehicle

STATION = "station"
BEFORE_THE_PERIOD = ""
"""The station part of an origin that was on board before the period."""


def papers_of(facts: TrialFacts) -> Papers:
    """Give what the arithmetic needs of a trial's tables; rows that lack it are left out and are findings."""
    trucks = {vehicle.vin: _register(vehicle) for vehicle in facts.vehicles}
    return Papers(
        trucks=trucks,
        sites=[
            SitePlace(
                site_id=site.site_id,
                is_station=site.kind == STATION,
                longitude_e6=site.longitude_e6,
                latitude_e6=site.latitude_e6,
            )
            for site in facts.sites
        ],
        legs=[
            RoadLeg(
                leg_id=leg.leg_id,
                vin=leg.vin,
                origin_site=leg.origin_site,
                destination_site=leg.destination_site,
                departed_at_s=leg.departed_at_ms // 1000,
                arrived_at_s=leg.arrived_at_ms // 1000,
            )
            for leg in facts.legs
            if leg.vin is not None and leg.vin in trucks
        ],
        fills=[
            RecordedFill(
                refuelling_id=fill.refuelling_id,
                vin=fill.vin,
                station_id=fill.station_id,
                started_at_s=fill.started_at_ms // 1000,
                ended_at_s=fill.ended_at_ms // 1000,
                mass_mg=fill.mass_mg,
            )
            for fill in facts.refuellings
        ],
        deliveries=[
            Delivery(
                batch_id=delivery.batch_id,
                station_id=delivery.station_id,
                delivered_at_s=delivery.delivered_at_ms // 1000,
                mass_mg=delivery.mass_mg,
            )
            for delivery in facts.hydrogen_deliveries
        ],
        opening_stock_mg=opening_stocks_mg(facts),
        tank_opening=_tank_opening(facts),
        period_start_s=facts.trial.period_start_ms // 1000,
        period_end_s=facts.trial.period_end_ms // 1000,
    )


def _register(vehicle: Vehicle) -> TruckRegister:
    """One reported ampere flows through all stacks of a 2016 truck; a 2025 truck reports each stack."""
    cells = vehicle.cells_per_stack
    if cells is not None and vehicle.protocol == 2016:
        cells = None if vehicle.stack_count is None else cells * vehicle.stack_count
    return TruckRegister(
        vin=vehicle.vin,
        edition=vehicle.protocol,
        stack_count=vehicle.stack_count,
        cells=cells,
        tank_volume_ml=vehicle.tank_volume_ml,
    )


def opening_stocks_mg(facts: TrialFacts) -> dict[str, int]:
    """Give what each station held when its first day on record began [mg], by station."""
    days: dict[str, list[tuple[str, int, int | None]]] = {}
    for stock in facts.station_stock:
        days.setdefault(stock.station_id, []).append((stock.day, stock.row, stock.opening_mg))
    openings = {station: opening_stock_mg(days[station]) for station in sorted(days)}
    return {station: opening for station, opening in openings.items() if opening is not None}


def _tank_opening(facts: TrialFacts) -> dict[str, Mix]:
    opening: dict[str, Mix] = {}
    for entry in facts.tank_openings:
        origin = f"{entry.batch_id}@{BEFORE_THE_PERIOD}" if entry.batch_id else ""
        mix = opening.setdefault(entry.vin, {})
        mix[origin] = mix.get(origin, 0) + entry.mass_mg
    return opening
