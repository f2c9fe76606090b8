"""Which cell of which file stands behind each field of an activity record, as data.

Fields that follow from the group, from another record or from a VIN are not here: who holds records against rows knows
them. Closed classes are listed as the record's fields are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "number", "quantity", "instant", "day"]
Value: TypeAlias = int | str | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """One field and its cell: `quantity` becomes an integer of `10**-places` of the cell's unit, `number` stays decimal
    text and is equal as a number.
    """

    field: str
    name: str
    kind: Kind = "text"
    places: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file behind the records of one kind, the cells of its fields and of its closed classes.

    `owner` is the cell that names what the record's group is about; `vin` for a truck.
    """

    file: str
    columns: tuple[Column, ...]
    owner: str | None = None
    closed: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, name) for name in names)


def _instants(*names: str) -> tuple[Column, ...]:
    return tuple(Column(f"{name}_ms", name, "instant") for name in names)


_MASS_MG = Column("mass_mg", "mass_kg", "quantity", 6)
_ELECTRICITY_WH = Column("electricity_wh", "electricity_kwh", "quantity", 3)
_DAY = Column("day", "day", "day")
_REFUELLINGS, _DELIVERIES = "refuellings.csv", "hydrogen_deliveries.csv"

POSITION = (Column("longitude_e6", "lon", "quantity", 6), Column("latitude_e6", "lat", "quantity", 6))

SOURCES: Mapping[str, Source] = {
    "consignment": Source(
        file="consignments.csv",
        columns=(
            *_texts("consignment_id", "origin_site", "destination_site"),
            Column("mass_g", "mass_kg", "quantity", 3),
        ),
        closed={
            "party": _texts(
                "document_no",
                "shipper_id",
                "consignee_id",
                "goods",
                "hs_code",
                "container_no",
                "seal_no",
                "declaration_no",
            )
        },
    ),
    "leg": Source(
        file="legs.csv",
        columns=(
            *_texts("leg_id", "consignment_id", "mode", "origin_site", "destination_site"),
            Column("sequence", "sequence", "quantity"),
            *_instants("departed_at", "arrived_at"),
            Column("transport_distance_m", "transport_distance_km", "quantity", 3),
            *_texts("distance_kind", "distance_source", "intensity_method"),
            Column("intensity_wtw_kgco2e_per_tkm", "intensity_wtw_kgco2e_per_tkm", "number"),
            Column("intensity_ttw_kgco2e_per_tkm", "intensity_ttw_kgco2e_per_tkm", "number"),
        ),
    ),
    "truck": Source(
        file="vehicles.csv",
        columns=(
            Column("edition", "protocol", "quantity"),
            Column("stack_count", "stack_count", "quantity"),
            Column("cells_per_stack", "cells_per_stack", "quantity"),
            Column("tank_volume_ml", "tank_volume_l", "quantity", 3),
            Column("battery_capacity_wh", "battery_capacity_kwh", "quantity", 3),
            Column("comparable_diesel_l_per_100km", "comparable_diesel_l_per_100km", "number"),
            Column("comparable_diesel_payload_t", "comparable_diesel_payload_t", "number"),
            *_texts("comparable_diesel_source", "comparable_diesel_method", "comparable_diesel_profile"),
            Column("comparable_diesel_date", "comparable_diesel_date", "day"),
        ),
        closed={"identity": _texts("vin", "plate", "terminal_id"), "party": _texts("carrier_id")},
    ),
    "tank_opening": Source(
        file="tank_opening.csv", columns=(*_instants("at"), _MASS_MG, *_texts("batch_id")), owner="vin"
    ),
    "fill": Source(
        file=_REFUELLINGS,
        columns=(*_texts("refuelling_id", "station_id"), *_instants("started_at", "ended_at"), _MASS_MG),
        owner="vin",
    ),
    "station_fill": Source(
        file=_REFUELLINGS,
        columns=(*_texts("refuelling_id"), *_instants("started_at"), _MASS_MG),
        owner="station_id",
    ),
    "site": Source(
        file="sites.csv",
        columns=(*_texts("site_id", "grid_region"), Column("site_kind", "kind")),
        closed={"position": POSITION},
    ),
    "hub_operation": Source(
        file="hub_operations.csv",
        columns=(
            _DAY,
            Column("throughput_kg", "throughput_t", "quantity", 3),
            _ELECTRICITY_WH,
            Column("diesel_ml", "diesel_l", "quantity", 3),
        ),
        owner="site_id",
    ),
    "delivery": Source(
        file=_DELIVERIES,
        columns=(
            *_texts("delivery_id", "batch_id"),
            *_instants("delivered_at"),
            _MASS_MG,
            Column("trailer_diesel_ml", "trailer_diesel_l", "quantity", 3),
            Column("trailer_compression_wh", "trailer_compression_kwh", "quantity", 3),
        ),
        owner="station_id",
    ),
    "station_energy": Source(
        file="station_energy.csv", columns=(_DAY, _ELECTRICITY_WH, *_texts("grid_region")), owner="station_id"
    ),
    "station_stock": Source(
        file="station_stock.csv",
        columns=(
            _DAY,
            Column("opening_mg", "opening_kg", "quantity", 6),
            Column("vented_mg", "vented_kg", "quantity", 6),
        ),
        owner="station_id",
    ),
    "batch": Source(
        file="hydrogen_batches.csv",
        columns=(
            *_texts("batch_id", "site_id", "pathway"),
            Column("intensity_kgco2e_per_kg", "intensity_kgco2e_per_kg", "number"),
        ),
        owner="batch_id",
    ),
    "batch_delivery": Source(file=_DELIVERIES, columns=(*_texts("station_id"), _MASS_MG), owner="batch_id"),
}
"""By kind of record."""
