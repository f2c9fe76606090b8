"""A trial data set as frozen values: one class a file, one value a row (format: trial data set, format 1).

Quantities are integers of the unit in the name (mg, g, m, mm, ml, Wh, W·s), instants are milliseconds since 1970-01-01
UTC; what only an emission rule reads (intensities, litres a 100 km) stays `Decimal`. An empty cell is None and never
zero. `row` counts data rows from 1.
"""

from decimal import Decimal

import msgspec


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    row: int


class Party(_Row, frozen=True, kw_only=True):
    """A legal party and its role on the corridor."""

    party_id: str
    name_zh: str
    name_en: str
    role: str
    country: str
    legal_id_scheme: str | None = None
    legal_id: str | None = None


class Site(_Row, frozen=True, kw_only=True):
    """A place: hub, port, rail terminal, station, plant or city."""

    site_id: str
    name_zh: str
    name_en: str
    kind: str
    operator_id: str | None
    latitude_e6: int
    longitude_e6: int
    grid_region: str | None = None


class Meter(_Row, frozen=True, kw_only=True):
    """A dispenser's legal meter and its certificate."""

    meter_id: str
    site_id: str
    accuracy_class: Decimal | None
    certificate_id: str | None
    certificate_valid_until_ms: int | None


class Vehicle(_Row, frozen=True, kw_only=True):
    """A truck as registered; `comparable_diesel_*` is the diesel truck it is compared with."""

    vin: str
    plate: str | None
    carrier_id: str
    model: str | None
    protocol: int
    terminal_id: str | None = None
    gross_combination_mass_kg: int | None
    payload_max_kg: int | None
    tank_volume_ml: int | None
    stack_count: int | None
    cells_per_stack: int | None
    battery_capacity_wh: int | None = None
    comparable_diesel_l_per_100km: Decimal | None
    comparable_diesel_source: str | None = None
    comparable_diesel_date: str | None = None
    comparable_diesel_method: str | None = None
    comparable_diesel_payload_t: Decimal | None = None
    comparable_diesel_profile: str | None = None


class TankOpening(_Row, frozen=True, kw_only=True):
    """Hydrogen on board when the period began, of one origin; no batch means unknown origin."""

    vin: str
    at_ms: int
    mass_mg: int
    batch_id: str | None


class HydrogenBatch(_Row, frozen=True, kw_only=True):
    """A produced batch with its declared intensity from cradle to production gate."""

    batch_id: str
    producer_id: str
    site_id: str
    pathway: str
    feedstock: str | None
    produced_from_ms: int
    produced_to_ms: int
    mass_mg: int
    intensity_kgco2e_per_kg: Decimal | None
    intensity_method: str | None
    allocation: str | None
    prior_use: str | None = None
    custody: str | None
    certificate_id: str | None
    certificate_valid_until_ms: int | None
    quality_certificate: str | None = None
    electricity_certificate_ids: str | None = None
    other_claims: str | None = None


class HydrogenDelivery(_Row, frozen=True, kw_only=True):
    """One unloading of a batch at a station; trailer figures are there and back."""

    delivery_id: str
    batch_id: str
    station_id: str
    delivered_at_ms: int
    mass_mg: int
    trailer_id: str | None = None
    returned_heel_mg: int | None = None
    trailer_distance_m: int | None
    trailer_diesel_ml: int | None
    trailer_compression_wh: int | None


class StationEnergy(_Row, frozen=True, kw_only=True):
    """What a station used on a day for compression, cooling and dispensing."""

    station_id: str
    day: str
    electricity_wh: int | None
    grid_region: str | None


class StationStock(_Row, frozen=True, kw_only=True):
    """A station's hydrogen on a day."""

    station_id: str
    day: str
    opening_mg: int | None
    closing_mg: int | None
    vented_mg: int | None


class Refuelling(_Row, frozen=True, kw_only=True):
    """One fill of one truck as the station booked it."""

    refuelling_id: str
    station_id: str
    meter_id: str | None = None
    vin: str
    started_at_ms: int
    ended_at_ms: int
    mass_mg: int
    meter_start_mg: int | None
    meter_end_mg: int | None
    pressure_start_kpa: int | None
    pressure_end_kpa: int | None


class Consignment(_Row, frozen=True, kw_only=True):
    """Freight with its packaging, without the container; what is moved and for whom."""

    consignment_id: str
    document_no: str
    shipper_id: str
    consignee_id: str
    goods: str | None
    hs_code: str | None
    mass_g: int
    mass_method: str | None = None
    weighbridge_ticket: str | None = None
    origin_site: str
    destination_site: str
    container_no: str | None
    container_tare_kg: int | None
    seal_no: str | None
    declaration_no: str | None


class Leg(_Row, frozen=True, kw_only=True):
    """One consignment on one transport chain element."""

    leg_id: str
    consignment_id: str
    sequence: int
    mode: str
    vin: str | None
    origin_site: str
    destination_site: str
    departed_at_ms: int
    arrived_at_ms: int
    transport_distance_m: int | None
    distance_kind: str | None = None
    distance_source: str | None = None
    intensity_wtw_kgco2e_per_tkm: Decimal | None
    intensity_ttw_kgco2e_per_tkm: Decimal | None
    intensity_method: str | None = None


class HubOperation(_Row, frozen=True, kw_only=True):
    """What a hub handled and used on a day; throughput is what went out."""

    site_id: str
    day: str
    throughput_kg: int | None
    electricity_wh: int | None
    diesel_ml: int | None


class SealEvent(_Row, frozen=True, kw_only=True):
    """Something done to a seal, where, when and by whom."""

    seal_no: str
    container_no: str
    event: str
    site_id: str
    at_ms: int
    by_party: str


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """The header of a trial data set (`trial.toml`)."""

    trial_id: str
    format: int
    title_zh: str
    title_en: str
    corridor: str
    period_start_ms: int
    period_end_ms: int
    timezone: str
    operator_party_id: str


class TrialFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a trial data set states outside its telemetry; rows that could not be read are absent here and are
    findings.
    """

    trial: Trial
    parties: tuple[Party, ...] = ()
    sites: tuple[Site, ...] = ()
    meters: tuple[Meter, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    tank_openings: tuple[TankOpening, ...] = ()
    hydrogen_batches: tuple[HydrogenBatch, ...] = ()
    hydrogen_deliveries: tuple[HydrogenDelivery, ...] = ()
    station_energy: tuple[StationEnergy, ...] = ()
    station_stock: tuple[StationStock, ...] = ()
    refuellings: tuple[Refuelling, ...] = ()
    consignments: tuple[Consignment, ...] = ()
    legs: tuple[Leg, ...] = ()
    hub_operations: tuple[HubOperation, ...] = ()
    seal_events: tuple[SealEvent, ...] = ()
