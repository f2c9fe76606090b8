"""A run's facts as groups of activity records: what its chains are written from, and what statements commit to.

A truck is `truck-<n>` by the order of VINs; identities, parties and places are the closed parts of their records.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity import Cut, Outcome
from h2verify.activity.values import Stand
from h2verify.chains.baseline import STATION, Pair, station_pairs
from h2verify.chains.measured import (
    service_record,
    span_hydrogen_record,
    span_record,
    stand_record,
    trip_record,
    window_record,
)
from h2verify.geodesy import great_circle_mm

from h2corridor.app.operations import Operation, road_operations, truck_numbers
from h2corridor.app.texts import local_day, optional_text
from h2corridor.model.trial import Consignment, HydrogenBatch, Leg, Site, TrialFacts, Vehicle

Record = dict[str, Any]
Closed = Mapping[str, Record]
TrialRecord = tuple[Record, Closed]
"""What stands in clear, and the values of each closed class."""

NOTHING_CUT = Cut(stands=(), fills=(), windows=(), spans=())
"""In the place of a cut for groups that only a chain is written from."""


def trial_groups(
    facts: TrialFacts, outcome: Outcome, made: Cut, operations: Sequence[Operation] | None = None
) -> dict[str, tuple[TrialRecord, ...]]:
    """Give the groups of activity records of a run, by name in order of name.

    Parameters
    ----------
    facts : the trial's tables
    outcome : what was measured
    made : how time was cut; `NOTHING_CUT` leaves stands and windows out
    operations : those of `road_operations`, where the caller has them
    """
    made_operations = road_operations(facts, outcome) if operations is None else operations
    numbers = truck_numbers(facts)
    groups: dict[str, Iterable[TrialRecord]] = {
        "trial": [_open("trial", trial_id=facts.trial.trial_id, period_start_ms=facts.trial.period_start_ms)],
        "distances": _distances(facts, outcome, made_operations),
    }
    groups |= _consignments(facts, numbers)
    groups |= _sites(facts, outcome)
    groups |= _batches(facts, outcome)
    trucks = _TruckWriter(facts=facts, outcome=outcome, made=made, numbers=numbers)
    groups |= {f"truck/truck-{numbers[vehicle.vin]}": trucks.records(vehicle) for vehicle in facts.vehicles}
    return {name: tuple(groups[name]) for name in sorted(groups)}


def open_records(groups: Mapping[str, Sequence[TrialRecord]]) -> dict[str, tuple[Record, ...]]:
    """Give what stands in clear of the records of groups."""
    return {name: tuple(record for record, _ in records) for name, records in groups.items()}


def _open(kind: str, **values: Any) -> TrialRecord:
    return {"kind": kind, **values}, {}


def _of_row(kind: str, row: Any, *names: str) -> TrialRecord:
    """A record that says what a row says under the same names."""
    return _open(kind, **{name: getattr(row, name) for name in names}, row=row.row)


def _grouped(rows: Iterable[Any], key: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def _consignments(facts: TrialFacts, numbers: Mapping[str, int]) -> dict[str, list[TrialRecord]]:
    legs = _grouped(facts.legs, "consignment_id")
    described = {each.consignment_id: each for each in facts.consignments}
    groups = {}
    for name in {**described, **legs}:
        mine = sorted(legs.get(name, ()), key=lambda leg: (leg.sequence, leg.row))
        others = [leg for leg in mine if leg.vin not in numbers]
        groups[f"consignment/{name}"] = [
            _consignment(name, described.get(name), mine),
            *(_leg(leg, facts, None) for leg in others),
        ]
    return groups


def _consignment(name: str, row: Consignment | None, legs: Sequence[Leg]) -> TrialRecord:
    said = ("document_no", "shipper_id", "consignee_id", "goods", "hs_code", "container_no", "seal_no")
    record = {
        "kind": "consignment",
        "consignment_id": name,
        "mass_g": row and row.mass_g,
        "origin_site": row and row.origin_site,
        "destination_site": row and row.destination_site,
        "legs": [leg.leg_id for leg in legs],
        "row": row and row.row,
    }
    return record, {"party": {each: getattr(row, each, None) for each in (*said, "declaration_no")}}


def _leg(leg: Leg, facts: TrialFacts, truck: str | None) -> TrialRecord:
    return _open(
        "leg",
        leg_id=leg.leg_id,
        consignment_id=leg.consignment_id,
        sequence=leg.sequence,
        mode=leg.mode,
        truck=truck,
        origin_site=leg.origin_site,
        destination_site=leg.destination_site,
        departed_at_ms=leg.departed_at_ms,
        arrived_at_ms=leg.arrived_at_ms,
        departed_day=local_day(leg.departed_at_ms, facts.trial).isoformat(),
        arrived_day=local_day(leg.arrived_at_ms, facts.trial).isoformat(),
        transport_distance_m=leg.transport_distance_m,
        distance_kind=leg.distance_kind,
        distance_source=leg.distance_source,
        intensity_wtw_kgco2e_per_tkm=optional_text(leg.intensity_wtw_kgco2e_per_tkm),
        intensity_ttw_kgco2e_per_tkm=optional_text(leg.intensity_ttw_kgco2e_per_tkm),
        intensity_method=leg.intensity_method,
        row=leg.row,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _TruckWriter:
    """Writes the group of a truck: what its papers say, what was measured, what was computed from both."""

    facts: TrialFacts
    outcome: Outcome
    made: Cut
    numbers: Mapping[str, int]

    def records(self, vehicle: Vehicle) -> list[TrialRecord]:
        vin, name = vehicle.vin, f"truck-{self.numbers[vehicle.vin]}"
        facts, outcome = self.facts, self.outcome
        legs = [leg for leg in facts.legs if leg.vin == vin]
        services = {each.leg.leg_id: each for each in outcome.services if each.leg.vin == vin}
        stands = sorted(
            (stand for stand in self.made.stands if stand.vin == vin),
            key=lambda stand: (stand.split_at_s, stand.started_at_s),
        )
        return [
            _truck(vehicle, name),
            *(
                _of_row("tank_opening", each, "at_ms", "mass_mg", "batch_id")
                for each in self._mine("tank_openings", vin)
            ),
            *(_leg(leg, facts, name) for leg in legs),
            *(
                _of_row("fill", each, "refuelling_id", "station_id", "started_at_ms", "ended_at_ms", "mass_mg")
                for each in self._mine("refuellings", vin)
            ),
            *(_stand(stand) for stand in stands),
            *((window_record(each), {}) for each in self.made.windows if each.vin == vin),
            *((span_record(each), {}) for each in outcome.sums if each.span.vin == vin),
            *((service_record(services[leg.leg_id]), {}) for leg in legs if leg.leg_id in services),
            *((trip_record(trip), {}) for trip in outcome.trips if trip["vin"] == vin),
            *((span_hydrogen_record(each), {}) for each in outcome.hydrogen if each.span.vin == vin),
        ]

    def _mine(self, table: str, vin: str) -> list[Any]:
        return [row for row in getattr(self.facts, table) if row.vin == vin]


def _truck(vehicle: Vehicle, name: str) -> TrialRecord:
    record = {
        "kind": "truck",
        "truck": name,
        "edition": vehicle.protocol,
        "stack_count": vehicle.stack_count,
        "cells_per_stack": vehicle.cells_per_stack,
        "tank_volume_ml": vehicle.tank_volume_ml,
        "battery_capacity_wh": vehicle.battery_capacity_wh,
        "comparable_diesel_l_per_100km": optional_text(vehicle.comparable_diesel_l_per_100km),
        "comparable_diesel_source": vehicle.comparable_diesel_source,
        "comparable_diesel_date": vehicle.comparable_diesel_date,
        "comparable_diesel_method": vehicle.comparable_diesel_method,
        "comparable_diesel_payload_t": optional_text(vehicle.comparable_diesel_payload_t),
        "comparable_diesel_profile": vehicle.comparable_diesel_profile,
        "row": vehicle.row,
    }
    identity = {"vin": vehicle.vin, "plate": vehicle.plate, "terminal_id": vehicle.terminal_id}
    return record, {"identity": identity, "party": {"carrier_id": vehicle.carrier_id}}


def _stand(stand: Stand) -> TrialRecord:
    place = {"longitude_e6": stand.longitude_e6, "latitude_e6": stand.latitude_e6}
    return stand_record(stand), {"position": place}


def _sites(facts: TrialFacts, outcome: Outcome) -> dict[str, list[TrialRecord]]:
    """Every site that a row describes or names, as a group."""
    described = {site.site_id: site for site in facts.sites}
    hubs = _grouped(facts.hub_operations, "site_id")
    deliveries = _grouped(facts.hydrogen_deliveries, "station_id")
    energy, stock = _grouped(facts.station_energy, "station_id"), _grouped(facts.station_stock, "station_id")
    fills = _grouped(facts.refuellings, "station_id")
    named = {**described, **hubs, **deliveries, **energy, **stock, **fills}
    named |= dict.fromkeys(site for leg in facts.legs for site in (leg.origin_site, leg.destination_site))
    named |= dict.fromkeys(trip[end] for trip in outcome.trips for end in ("origin_site", "destination_site"))
    named |= dict.fromkeys(station for _, station in _origins(outcome))
    loads = ("delivery_id", "batch_id", "delivered_at_ms", "mass_mg", "trailer_diesel_ml", "trailer_compression_wh")
    return {
        f"site/{name}": [
            _site(name, described.get(name)),
            *(
                _of_row("hub_operation", each, "day", "throughput_kg", "electricity_wh", "diesel_ml")
                for each in hubs.get(name, ())
            ),
            *(_of_row("delivery", each, *loads) for each in deliveries.get(name, ())),
            *(_of_row("station_energy", each, "day", "electricity_wh", "grid_region") for each in energy.get(name, ())),
            *(_of_row("station_stock", each, "day", "opening_mg", "vented_mg") for each in stock.get(name, ())),
            *(
                _of_row("station_fill", each, "refuelling_id", "started_at_ms", "mass_mg")
                for each in fills.get(name, ())
            ),
        ]
        for name in named
        if name is not None
    }


def _site(name: str, row: Site | None) -> TrialRecord:
    record = {
        "kind": "site",
        "site_id": name,
        "site_kind": row and row.kind,
        "grid_region": row and row.grid_region,
        "row": row and row.row,
    }
    place = {"longitude_e6": row and row.longitude_e6, "latitude_e6": row and row.latitude_e6}
    return record, {"position": place}


def _batches(facts: TrialFacts, outcome: Outcome) -> dict[str, list[TrialRecord]]:
    """Every batch that a row describes or names, as a group."""
    described = {batch.batch_id: batch for batch in facts.hydrogen_batches}
    deliveries = _grouped(facts.hydrogen_deliveries, "batch_id")
    regions = {site.site_id: site.grid_region for site in facts.sites}
    named = {**described, **deliveries, **dict.fromkeys(batch for batch, _ in _origins(outcome))}
    return {
        f"batch/{name}": [
            _batch(name, described.get(name), regions),
            *(_of_row("batch_delivery", each, "station_id", "mass_mg") for each in deliveries.get(name, ())),
        ]
        for name in named
        if name
    }


def _batch(name: str, row: HydrogenBatch | None, regions: Mapping[str, str | None]) -> TrialRecord:
    return _open(
        "batch",
        batch_id=name,
        site_id=row and row.site_id,
        site_grid_region=regions.get(row.site_id) if row else None,
        pathway=row and row.pathway,
        intensity_kgco2e_per_kg=optional_text(row.intensity_kgco2e_per_kg) if row else None,
        row=row and row.row,
    )


def _origins(outcome: Outcome) -> list[tuple[str, str]]:
    """The batches and stations that hydrogen is said to come from; empty where an origin names none."""
    found = {origin for entry in outcome.hydrogen for origin, _ in entry.by_origin}
    parts = [origin.partition("@") for origin in sorted(found)]
    return [(batch, station) for batch, _, station in parts]


def _distances(facts: TrialFacts, outcome: Outcome, operations: Sequence[Operation]) -> list[TrialRecord]:
    """The distances between sites that are known, and those that a baseline asks for beside."""
    transport: dict[Pair, int] = {}
    for leg in facts.legs:
        if leg.mode == "road" and leg.transport_distance_m is not None:
            _shorten(transport, (leg.origin_site, leg.destination_site), leg.transport_distance_m * 1000)
    driven: dict[Pair, int] = {}
    for trip in outcome.trips:
        if trip["origin_site"] and trip["destination_site"] and trip["distance_mm"] is not None:
            _shorten(driven, (trip["origin_site"], trip["destination_site"]), trip["distance_mm"])
    kinds = {site.site_id: site.kind for site in facts.sites}
    asked = _asked(operations, lambda site: kinds.get(site) == STATION)
    places = {site.site_id: (site.longitude_e6, site.latitude_e6) for site in facts.sites}
    straight = {pair: _straight_mm(pair, places) for pair in asked - transport.keys() - driven.keys()}
    sites = {(min(pair), max(pair)): pair for pair in (*transport, *driven, *straight)}
    return [
        _open(
            "distance",
            sites=list(names),
            transport_mm=transport.get(sites[names]),
            driven_mm=driven.get(sites[names]),
            straight_mm=straight.get(sites[names]),
        )
        for names in sorted(sites)
    ]


def _shorten(known: dict[Pair, int], ends: tuple[str, str], length_mm: int) -> None:
    pair = frozenset(ends)
    known[pair] = min(known.get(pair, length_mm), length_mm)


def _asked(operations: Sequence[Operation], is_station: Callable[[str], bool]) -> set[Pair]:
    return {pair for each in operations for pair in station_pairs(each.round.trips, each.loaded, is_station)}


def _straight_mm(pair: Pair, places: Mapping[str, tuple[int, int]]) -> int:
    one, other = sorted(pair)
    return great_circle_mm(*places[one], *places[other])
