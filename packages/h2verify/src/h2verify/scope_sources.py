"""Sources of emissions as scopes: energy carriers, hydrogen with its supply, and refrigerants, by number or by name."""

from collections.abc import Sequence

from h2verify.scope_facts import (
    CHAIN,
    GRID_FACTOR,
    OPERATION,
    DatedFact,
    Document,
    Electricity,
    Fact,
    FactWriter,
    Scope,
    category_path,
    category_place,
    refs_of,
    source_path,
)

_SUPPLIED = (
    "gate_kgco2e_per_kg",
    "delivered_kg",
    "trailer_diesel_l",
    "trailer_compression_kwh",
    "station_dispensed_kg",
    "station_vented_kg",
    "station_electricity_kwh",
)


def source_scope(category: Document, name: str, number: int, entry: Document, electricity: Electricity) -> Scope:
    """An energy entry of a category."""
    where = f"{category_place(name)}.energy[{number}]"
    refs = refs_of(entry) or refs_of(category)
    kind, facts = _source(entry, FactWriter(where, refs, category["source"]), electricity)
    if entry.get("supply") is not None:
        facts |= _supply(entry, f"{where}.supply", refs, electricity)
    path = source_path(name, number + 1)
    return Scope(kind, path, (category_path(name), CHAIN), facts)


def _boundary(entry: Document) -> str:
    return entry.get("factor_boundary") or "life_cycle"


def _source(entry: Document, writer: FactWriter, electricity: Electricity) -> tuple[str, dict[str, Fact | DatedFact]]:
    explicit = entry.get("wtt_kgco2e_per_unit") is not None or entry.get("ttw_kgco2e_per_unit") is not None
    carrier = (entry["carrier"], entry["unit"])
    if entry.get("supply") is not None:
        return "source.hydrogen.supplied", writer.write(entry, hydrogen_kg="amount")
    if entry.get("origin") is not None:
        return "source.hydrogen.unknown", writer.write(entry, hydrogen_kg="amount")
    by_name = entry.get("factor") is not None
    if not explicit and not by_name and carrier == ("diesel", "l"):
        return "source.diesel", writer.write(entry, diesel_l="amount")
    if not explicit and not by_name and carrier == ("electricity", "kWh"):
        if electricity == "market" and entry.get("contract") is not None:
            factor = writer.contract(GRID_FACTOR, entry, "contract")
        else:
            factor = writer.electricity(GRID_FACTOR, entry, "", _boundary(entry))
        return "source.electricity", {**writer.write(entry, electricity_kwh="amount"), **factor}
    facts = writer.write(entry, amount="amount")
    if by_name:
        facts |= _named_factors(entry, writer)
    else:
        facts |= writer.write(entry, wtt_kgco2e_per_unit="wtt_kgco2e_per_unit")
        facts |= writer.write(entry, ttw_kgco2e_per_unit="ttw_kgco2e_per_unit")
    if carrier == ("hydrogen", "kg"):
        return "source.hydrogen.explicit", {**facts, **writer.write(entry, hydrogen_kg="amount")}
    return "source.explicit", facts


def _named_factors(entry: Document, writer: FactWriter) -> dict[str, Fact | DatedFact]:
    """The factors of an entry that names one: `<factor>_wtt_kgco2e_per_<unit>` and `<factor>_ttw_kgco2e_per_<unit>`."""
    facts: dict[str, Fact | DatedFact] = {}
    unit = entry["unit"]
    for leg, asked in (("wtt", (_boundary(entry), "life_cycle")), ("ttw", OPERATION)):
        name, parameter = f"{leg}_kgco2e_per_unit", f"{entry['factor']}_{leg}_kgco2e_per_{unit.lower()}"
        facts |= writer.named(name, "factor", parameter, asked, unit=f"kgCO2e/{unit}", grid=entry)
    return facts


def _supply(entry: Document, where: str, refs: Sequence[str], electricity: Electricity) -> dict[str, Fact | DatedFact]:
    supply = entry["supply"]
    source = f"batch {supply['batch']}, station {supply['station']}"
    writer = FactWriter(where, refs_of(supply) or refs, source)
    facts = writer.write(supply, **{name: name for name in _SUPPLIED})
    for place in ("trailer", "station"):
        name = f"{place}_electricity_kgco2e_per_kwh"
        if electricity == "market" and supply.get(f"{place}_contract") is not None:
            facts |= writer.contract(name, supply, f"{place}_contract")
        else:
            facts |= writer.electricity(name, supply, f"{place}_", _boundary(entry))
    return facts


def refrigerant_facts(entry: Document, writer: FactWriter) -> dict[str, Fact | DatedFact]:
    """What was refilled of a refrigerant, and its warming potential by number or by name."""
    if entry.get("factor") is None:
        return writer.write(entry, refilled_kg="refilled_kg", gwp100="gwp100")
    named = writer.named("gwp100", "factor", f"{entry['factor']}_gwp100", OPERATION, unit="kgCO2e/kg")
    return {**writer.write(entry, refilled_kg="refilled_kg"), **named}


def named_intensity(given: Document, prefix: str, per: str, writer: FactWriter) -> dict[str, Fact | DatedFact]:
    """The intensities of a factor by name, as facts `<prefix>_intensity_wtw_kgco2e_per_<per>` and `..._ttw_...`."""
    facts: dict[str, Fact | DatedFact] = {}
    for leg, asked in (("wtw", ("life_cycle", "life_cycle")), ("ttw", OPERATION)):
        parameter = f"{given['factor']}_{leg}_kgco2e_per_{given['per']}"
        name = f"{prefix}_intensity_{leg}_kgco2e_per_{per}"
        facts |= writer.named(name, "intensity.factor", parameter, asked, unit=f"kgCO2e/{per}")
    return facts
