"""Where the values of a derivation's leaves come from, as the report shows it: what kind of value, and which rows.

The derivation of a statement names all rows of the part of the chain in which a value stands; here each value names
those it is made of.
"""

from collections.abc import Mapping
from typing import Any

from h2corridor.model.report import StepOrigin

_MEASURED = ("hydrogen_kg", "baseline_distance_km")
"""What is worked out from the messages of trucks, where the chain's category is that of a truck."""

_SUMS = ("category_transport_activity_tkm", "baseline_transport_activity_tkm")
"""Sums of mass times distance: the source that their category names is that of its hydrogen."""

_ROWS_OF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_SUMS, ("legs.csv", "consignments.csv")),
    "gate_kgco2e_per_kg": ("hydrogen_batches.csv",),
    "delivered_kg": ("hydrogen_deliveries.csv",),
    "trailer_diesel_l": ("hydrogen_deliveries.csv",),
    "trailer_compression_kwh": ("hydrogen_deliveries.csv",),
    "station_dispensed_kg": ("refuellings.csv",),
    "station_vented_kg": ("station_stock.csv",),
    "station_electricity_kwh": ("station_energy.csv",),
}
"""Of the rows that a part of the chain rests on, the files whose rows one value is made of; all where it is absent."""

_TRUCKS = "vehicles.csv#"


def step_origin(step_id: str, origin: Mapping[str, Any]) -> StepOrigin:
    """The origin of a leaf, from its `from` in a derivation."""
    name = step_id.partition("[")[0]
    refs = [str(each) for each in origin.get("refs", ())]
    rows = [each for each in refs if each.partition("#")[0] in _ROWS_OF.get(name, ())] or refs
    file, _, row = (rows[0] if rows else "").partition("#")
    said = ("path",) if name in _SUMS else ("source", "path")
    words = [str(origin[key]) for key in said if origin.get(key)]
    is_measured = name in _MEASURED and any(each.startswith(_TRUCKS) for each in refs)
    return StepOrigin(
        kind="parameter" if origin["kind"] == "parameter" else "fact" if is_measured else "input",
        file=file or None,
        row=int(row) if row.isdigit() else None,
        source="; ".join(words) or None,
        rows=tuple(rows) if len(rows) > 1 else (),
    )
