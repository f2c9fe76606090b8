"""What a category states of the diesel truck in its place, as facts of the category and as scopes below it."""

from collections.abc import Iterator

from h2verify.scope_facts import (
    CHAIN,
    DatedFact,
    Document,
    Fact,
    FactWriter,
    Scope,
    category_path,
    category_place,
    refs_of,
)
from h2verify.support import dated_by

_BASELINE = ("peer_diesel_l", "peer_transport_activity_tkm", "limit_l_per_100km", "improvement_pct_per_year")
_LIFE_CYCLE = (
    "baseline_vehicle_kgco2e_per_km",
    "baseline_tyres_kgco2e_per_km",
    "baseline_upkeep_kgco2e_per_km",
    "project_vehicle_kgco2e_per_km",
    "project_tyres_kgco2e_per_km",
    "project_upkeep_kgco2e_per_km",
)
_OVERHEAD_PER_PERIOD = {"overhead_kgco2e": "kgco2e", "overhead_transport_activity_tkm": "transport_activity_tkm"}
_LEAKAGE = {"hydrogen_leaked_kg": "leaked_kg", "hydrogen_gwp_kgco2e_per_kg": "gwp_kgco2e_per_kg"}


def compared_facts(category: Document, name: str) -> dict[str, Fact | DatedFact]:
    """The diesel truck's own numbers, which stand in the category."""
    stated = category.get("comparison")
    if stated is None:
        return {}
    return FactWriter(f"{category_place(name)}.comparison", refs_of(category), _comparison_source(stated)).write(
        stated,
        diesel_l_per_100km="diesel_l_per_100km",
        baseline_distance_km="baseline_distance_km",
        baseline_transport_activity_tkm="transport_activity_tkm",
    )


def compared_scopes(
    name: str, category: Document, activity_date: str | None, *, is_used: bool = True
) -> Iterator[Scope]:
    """What a comparison states beyond the diesel truck's own numbers, each thing a scope of its own.

    Parameters
    ----------
    is_used : bool
        Whether an element belongs to the category: else there is nothing that it carries, and nothing to explain.
    """
    stated = category.get("comparison")
    if stated is None:
        return
    path, above = category_path(name), (category_path(name), CHAIN)
    place = f"{category_place(name)}.comparison"
    writer = FactWriter(place, refs_of(category), _comparison_source(stated))
    kind = f"baseline.{stated.get('kind') or 'comparable_vehicle'}"
    facts = writer.write(stated, **{key: key for key in _BASELINE})
    if stated.get("improvement_pct_per_year") is not None:
        kind = f"{kind}.improving"
        field, day = dated_by(stated)
        age = str(int((activity_date or "")[:4]) - int((day or "")[:4]))
        facts["baseline_age_years"] = Fact(age, writer.origin(field))
    yield Scope(kind, f"{path}/baseline", above, facts)
    driven = writer.write(stated, project_distance_km="project_distance_km")
    if is_used and any(entry["carrier"] == "hydrogen" for entry in category.get("energy") or ()):
        yield Scope("hydrogen_use", f"{path}/hydrogen_use", above)
    if is_used and stated.get("project_distance_km") is not None:
        yield Scope("detours", f"{path}/detours", above, driven)
    parts = {key: stated.get(key) or {} for key in ("life_cycle", "platform", "leakage")}
    of = {key: FactWriter(f"{place}.{key}", refs_of(category), part.get("source") or "") for key, part in parts.items()}
    per_km = of["life_cycle"].write(parts["life_cycle"], **{key: key for key in _LIFE_CYCLE})
    yield Scope("life_cycle", f"{path}/life_cycle", above, {**per_km, **driven})
    is_total = parts["platform"].get("kgco2e") is not None
    keys = _OVERHEAD_PER_PERIOD if is_total else {"overhead_kgco2e_per_tkm": "kgco2e_per_tkm"}
    overhead = "overhead.per_period" if is_total else "overhead.per_tkm"
    yield Scope(overhead, f"{path}/overhead", above, of["platform"].write(parts["platform"], **keys))
    leaked = of["leakage"].write(parts["leakage"], **_LEAKAGE)
    yield Scope("leakage", f"{path}/leakage", above, leaked)


def _comparison_source(stated: Document) -> str:
    return ", ".join(part for part in (stated.get("source"), stated.get("date")) if part)
