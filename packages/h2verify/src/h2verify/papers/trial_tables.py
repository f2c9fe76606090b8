"""What makes a row of a trial's table usable, as data: its cells, spans, keys and what it names.

Only what decides whether a row can stand is here, of the files that activity records are written from. A test of the
platform holds this table and the platform's own column table equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from h2verify.papers.cells import INTEGER_DIGITS_MAX
from h2verify.papers.columns import Column, Kind

NUMBER_MAX = Decimal(10**INTEGER_DIGITS_MAX - 1)
"""The greatest number that any cell may say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell: how it is read, the least number it may say, and whether it must say something."""

    column: Column
    low: Decimal | None = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file: its cells by name, spans of two instants, keys that no two rows share, and the file each cell names."""

    cells: Mapping[str, Cell]
    keys: tuple[tuple[str, ...], ...]
    spans: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, str], ...] = ()


def _cells(kind: Kind, *names: str, places: int = 0, low: str | None = None) -> list[Cell]:
    """Cells of one kind; a name that ends in `!` must say something."""
    found = []
    for name in names:
        plain = name.removesuffix("!")
        column = Column(plain, plain, kind, places)
        found.append(Cell(column=column, low=None if low is None else Decimal(low), required=plain != name))
    return found


def _texts(*names: str) -> list[Cell]:
    return _cells("text", *names)


def _quantities(*names: str, places: int, low: str = "0") -> list[Cell]:
    return _cells("quantity", *names, places=places, low=low)


def _by_name(*cells: list[Cell]) -> Mapping[str, Cell]:
    return {cell.column.name: cell for each in cells for cell in each}


TABLES: Mapping[str, Table] = {
    "consignments.csv": Table(
        cells=_by_name(
            _texts("consignment_id!", "document_no", "shipper_id", "consignee_id", "goods", "hs_code"),
            _quantities("mass_kg!", places=3, low="0.001"),
            _texts("mass_method", "weighbridge_ticket", "origin_site", "destination_site", "container_no"),
            _quantities("container_tare_kg", places=0),
            _texts("seal_no", "declaration_no"),
        ),
        keys=(("consignment_id",),),
    ),
    "hub_operations.csv": Table(
        cells=_by_name(
            _texts("site_id!"),
            _cells("day", "day!"),
            _quantities("throughput_t", "electricity_kwh", "diesel_l", places=3),
        ),
        keys=(("site_id", "day"),),
        names=(("site_id", "sites.csv"),),
    ),
    "hydrogen_batches.csv": Table(
        cells=_by_name(
            _texts("batch_id!", "producer_id", "site_id", "pathway", "feedstock"),
            _cells("instant", "produced_from!", "produced_to!"),
            _quantities("mass_kg!", places=6, low="0.000001"),
            _cells("number", "intensity_kgco2e_per_kg"),
            _texts("intensity_method", "allocation", "prior_use", "custody", "certificate_id"),
            _cells("instant", "certificate_valid_until"),
            _texts("quality_certificate", "electricity_certificate_ids", "other_claims"),
        ),
        keys=(("batch_id",),),
        spans=(("produced_from", "produced_to"),),
    ),
    "hydrogen_deliveries.csv": Table(
        cells=_by_name(
            _texts("delivery_id!", "batch_id", "station_id!"),
            _cells("instant", "delivered_at!"),
            _quantities("mass_kg!", places=6, low="0.000001"),
            _texts("trailer_id"),
            _quantities("returned_heel_kg", places=6),
            _quantities("trailer_distance_km", "trailer_diesel_l", "trailer_compression_kwh", places=3),
        ),
        keys=(("delivery_id",),),
        names=(("station_id", "sites.csv"),),
    ),
    "legs.csv": Table(
        cells=_by_name(
            _texts("leg_id!", "consignment_id!"),
            _quantities("sequence!", places=0),
            _texts("mode!", "vin", "origin_site!", "destination_site!"),
            _cells("instant", "departed_at!", "arrived_at!"),
            _quantities("transport_distance_km", places=3),
            _texts("distance_kind", "distance_source"),
            _cells("number", "intensity_wtw_kgco2e_per_tkm", "intensity_ttw_kgco2e_per_tkm", low="0"),
            _texts("intensity_method"),
        ),
        keys=(("leg_id",), ("consignment_id", "sequence")),
        spans=(("departed_at", "arrived_at"),),
        names=(("consignment_id", "consignments.csv"),),
    ),
    "refuellings.csv": Table(
        cells=_by_name(
            _texts("refuelling_id!", "station_id!", "meter_id", "vin!"),
            _cells("instant", "started_at!", "ended_at!"),
            _quantities("mass_kg!", "meter_start_kg", "meter_end_kg", places=6),
            _quantities("pressure_start_mpa", "pressure_end_mpa", places=3),
        ),
        keys=(("refuelling_id",),),
        spans=(("started_at", "ended_at"),),
    ),
    "station_energy.csv": Table(
        cells=_by_name(
            _texts("station_id!"),
            _cells("day", "day!"),
            _quantities("electricity_kwh", places=3),
            _texts("grid_region"),
        ),
        keys=(("station_id", "day"),),
        names=(("station_id", "sites.csv"),),
    ),
    "station_stock.csv": Table(
        cells=_by_name(
            _texts("station_id!"),
            _cells("day", "day!"),
            _quantities("opening_kg", "closing_kg", "vented_kg", places=6),
        ),
        keys=(("station_id", "day"),),
        names=(("station_id", "sites.csv"),),
    ),
    "tank_opening.csv": Table(
        cells=_by_name(_texts("vin!"), _cells("instant", "at!"), _quantities("mass_kg!", places=6), _texts("batch_id")),
        keys=(("vin", "at", "batch_id"),),
    ),
    "vehicles.csv": Table(
        cells=_by_name(
            _texts("vin!", "plate", "carrier_id", "model"),
            _quantities("protocol!", places=0),
            _texts("terminal_id"),
            _quantities("gross_combination_mass_t", "payload_max_t", "tank_volume_l", places=3, low="0.001"),
            _quantities("stack_count", "cells_per_stack", places=0, low="1"),
            _quantities("battery_capacity_kwh", places=3),
            _cells("number", "comparable_diesel_l_per_100km", low="0.001"),
            _texts("comparable_diesel_source"),
            _cells("day", "comparable_diesel_date"),
            _texts("comparable_diesel_method"),
            _cells("number", "comparable_diesel_payload_t", low="0.001"),
            _texts("comparable_diesel_profile"),
        ),
        keys=(("vin",),),
    ),
}
"""By file, in order of name."""
