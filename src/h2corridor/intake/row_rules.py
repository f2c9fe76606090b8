"""What a row must hold only in certain circumstances, and what its values say by themselves."""

from collections.abc import Callable, Mapping

from h2corridor.intake.table_rows import VIN
from h2corridor.model.findings import Finding
from h2corridor.model.trial import HydrogenDelivery, Leg, TankOpening, Vehicle

Rule = Callable[[str, object], list[Finding]]


def check_leg(file: str, leg: object) -> list[Finding]:
    """A road leg needs its truck; a leg that another carrier ran needs both intensities."""
    if not isinstance(leg, Leg):
        return []
    intensities = {
        "intensity_wtw_kgco2e_per_tkm": leg.intensity_wtw_kgco2e_per_tkm,
        "intensity_ttw_kgco2e_per_tkm": leg.intensity_ttw_kgco2e_per_tkm,
    }
    missing = [name for name, value in intensities.items() if value is None]
    if leg.mode == "road" and (leg.vin or len(missing) == len(intensities)):
        missing = [] if leg.vin else ["vin"]
    return [_missing(file, leg.row, leg.vin, name, "fuel" if name == "vin" else "leg-intensity") for name in missing]


def check_origin(file: str, row: object) -> list[Finding]:
    """Hydrogen without a batch is of unknown origin."""
    if not isinstance(row, TankOpening | HydrogenDelivery) or row.batch_id:
        return []
    vin = row.vin if isinstance(row, TankOpening) else None
    grams = row.mass_mg // 1000
    mass = f"{grams // 1000}.{grams % 1000:03d}"
    return [Finding(check="custody.unknown-origin", file=file, row=row.row, vin=vin, params={"mass_kg": mass})]


def check_vin(file: str, vehicle: object) -> list[Finding]:
    """A vehicle identification number that no frame can carry."""
    if not isinstance(vehicle, Vehicle) or VIN.fullmatch(vehicle.vin):
        return []
    return [Finding(check="value.odd-vin", file=file, row=vehicle.row, params={"came": vehicle.vin[:60]})]


RULES: Mapping[str, Rule] = {
    "legs.csv": check_leg,
    "tank_opening.csv": check_origin,
    "hydrogen_deliveries.csv": check_origin,
    "vehicles.csv": check_vin,
}


def _missing(file: str, row: int, vin: str | None, column: str, needed_by: str) -> Finding:
    params = {"column": column, "needed_by": f"@{needed_by}"}
    return Finding(check="value.missing", file=file, row=row, vin=vin, params=params)
