"""What makes a row of a trial's table usable, as data: its cells, spans, keys and what it names.

Only what decides whether a row can stand is here, of the files that activity records are written from. A test of the
platform holds this table and the platform's own column table equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from h2verify.papers.columns import Kind

MOST = Decimal(10**12 - 1)
"""The greatest number that any cell may say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell: how it is read, the least number it may say, and whether it must say something."""

    name: str
    kind: Kind = "text"
    places: int = 0
    low: Decimal | None = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file: its cells by name, spans of two instants, keys that no two rows share, and the file each cell names."""

    cells: Mapping[str, Cell]
    keys: tuple[tuple[str, ...], ...]
    spans: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, str], ...] = ()


def _texts(*names: str) -> list[Cell]:
    """Texts; a name that ends in `!` must say something."""
    return [Cell(name=name.removesuffix("!"), required=name.endswith("!")) for name in names]


def _times(kind: Kind, *names: str) -> list[Cell]:
    return [Cell(name=name.removesuffix("!"), kind=kind, required=name.endswith("!")) for name in names]


def _numbers(*names: str, places: int | None = None, low: str | None = "0") -> list[Cell]:
    """Quantities in steps of `10**-places`, or numbers of any step where no places are given."""
    kind: Kind = "number" if places is None else "quantity"
    least = None if low is None else Decimal(low)
    return [
        Cell(name=name.removesuffix("!"), kind=kind, places=places or 0, low=least, required=name.endswith("!"))
        for name in names
    ]


def _by_name(*cells: list[Cell]) -> Mapping[str, Cell]:
    return {cell.name: cell for each in cells for cell in each}


TABLES: Mapping[str, Table] = {
    "consignments.csv": Table(
        cells=_by_name(
            _texts("consignment_id!", "document_no", "shipper_id", "consignee_id", "goods", "hs_code"),
            _numbers("mass_kg!", places=3, low="0.001"),
            _texts("mass_method", "weighbridge_ticket", "origin_site", "destination_site", "container_no"),
            _numbers("container_tare_kg", places=0),
            _texts("seal_no", "declaration_no"),
        ),
        keys=(("consignment_id",),),
    ),
    "hub_operations.csv": Table(
        cells=_by_name(
            _texts("site_id!"),
            _times("day", "day!"),
            _numbers("throughput_t", "electricity_kwh", "diesel_l", places=3),
        ),
        keys=(("site_id", "day"),),
        names=(("site_id", "sites.csv"),),
    ),
    "hydrogen_batches.csv": Table(
        cells=_by_name(
            _texts("batch_id!", "producer_id", "site_id", "pathway", "feedstock"),
            _times("instant", "produced_from!", "produced_to!"),
            _numbers("mass_kg!", places=6, low="0.000001"),
            _numbers("intensity_kgco2e_per_kg", low=None),
            _texts("intensity_method", "allocation", "prior_use", "custody", "certificate_id"),
            _times("instant", "certificate_valid_until"),
            _texts("quality_certificate", "electricity_certificate_ids", "other_claims"),
        ),
        keys=(("batch_id",),),
        spans=(("produced_from", "produced_to"),),
    ),
    "hydrogen_deliveries.csv": Table(
        cells=_by_name(
            _texts("delivery_id!", "batch_id", "station_id!"),
            _times("instant", "delivered_at!"),
            _numbers("mass_kg!", places=6, low="0.000001"),
            _texts("trailer_id"),
            _numbers("returned_heel_kg", places=6),
            _numbers("trailer_distance_km", "trailer_diesel_l", "trailer_compression_kwh", places=3),
        ),
        keys=(("delivery_id",),),
        names=(("station_id", "sites.csv"),),
    ),
    "legs.csv": Table(
        cells=_by_name(
            _texts("leg_id!", "consignment_id!"),
            _numbers("sequence!", places=0),
            _texts("mode!", "vin", "origin_site!", "destination_site!"),
            _times("instant", "departed_at!", "arrived_at!"),
            _numbers("transport_distance_km", places=3),
            _texts("distance_kind", "distance_source"),
            _numbers("intensity_wtw_kgco2e_per_tkm", "intensity_ttw_kgco2e_per_tkm"),
            _texts("intensity_method"),
        ),
        keys=(("leg_id",), ("consignment_id", "sequence")),
        spans=(("departed_at", "arrived_at"),),
        names=(("consignment_id", "consignments.csv"),),
    ),
    "refuellings.csv": Table(
        cells=_by_name(
            _texts("refuelling_id!", "station_id!", "meter_id", "vin!"),
            _times("instant", "started_at!", "ended_at!"),
            _numbers("mass_kg!", "meter_start_kg", "meter_end_kg", places=6),
            _numbers("pressure_start_mpa", "pressure_end_mpa", places=3),
        ),
        keys=(("refuelling_id",),),
        spans=(("started_at", "ended_at"),),
    ),
    "station_energy.csv": Table(
        cells=_by_name(
            _texts("station_id!"), _times("day", "day!"), _numbers("electricity_kwh", places=3), _texts("grid_region")
        ),
        keys=(("station_id", "day"),),
        names=(("station_id", "sites.csv"),),
    ),
    "station_stock.csv": Table(
        cells=_by_name(
            _texts("station_id!"),
            _times("day", "day!"),
            _numbers("opening_kg", "closing_kg", "vented_kg", places=6),
        ),
        keys=(("station_id", "day"),),
        names=(("station_id", "sites.csv"),),
    ),
    "tank_opening.csv": Table(
        cells=_by_name(_texts("vin!"), _times("instant", "at!"), _numbers("mass_kg!", places=6), _texts("batch_id")),
        keys=(("vin", "at", "batch_id"),),
    ),
}
"""By file, in order of name."""


def tables_markdown() -> str:
    """The table of the format page (`docs/reference/bundle.md`), made from this one."""
    lines = ["| file | cells | keys, spans, names |", "|---|---|---|"]
    for file, table in TABLES.items():
        said = [f"key {', '.join(f'`{name}`' for name in key)}" for key in table.keys]
        said += [f"span `{start}`, `{end}`" for start, end in table.spans]
        said += [f"`{name}` names `{target}`" for name, target in table.names]
        lines.append(f"| `{file}` | {', '.join(map(_cell_words, table.cells.values()))} | {'; '.join(said)} |")
    return "\n".join(lines) + "\n"


def _cell_words(cell: Cell) -> str:
    kind = f"{cell.kind} of {cell.places} places" if cell.kind == "quantity" else cell.kind
    least = "" if cell.low is None else f" from {cell.low:f}"
    return f"`{cell.name}`{'!' if cell.required else ''}" + ("" if kind == "text" else f" {kind}{least}")
