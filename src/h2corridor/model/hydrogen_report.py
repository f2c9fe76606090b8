"""`hydrogen-report/1`: figures of plants' hydrogen in one document, from which the printed forms are made.

Plants are listed and never summed. Decimals are texts; null where a number could not be computed or is not known.
"""

from typing import Annotated, Any, Literal

import msgspec

from h2corridor.model.emission_report import FactorKind, MeanRating, Method, Number, Ratings

DeclaredUnit = Literal["kg_at_gate", "kg_at_nozzle"]
HydrogenStageName = Literal[
    "flow",
    "stored",
    "replacement",
    "credit",
    "declared_value",
    "production_to_gate",
    "trailer_diesel",
    "compression",
    "station_electricity",
    "station_losses",
    "unexplained_losses",
    "plant_construction",
    "station_construction",
]
FactorPlace = Literal["inventory", "replacement", "trailer", "station", "rule_set", "declared_value"]
HydrogenStageReason = Literal["counted", "not_in_rule_set", "not_supplied"]
Text = Annotated[str, msgspec.Meta(min_length=1)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class HydrogenStage(_Part, frozen=True, kw_only=True):
    """A stage of the life cycle: what it adds to the kilogram, or why it is not counted; `name` is that of a flow or
    of a co-product that is credited."""

    stage: HydrogenStageName
    name: str
    included: bool
    reason: HydrogenStageReason
    kgco2e_per_kg: Number | None


class HydrogenFootprint(_Part, frozen=True, kw_only=True):
    """A partial footprint of one kilogram; its included stages sum exactly to it.

    The primary share is not known, since a document of a plant does not say which of its amounts were measured. No
    more than `primary_share_at_most` can be primary: the rest of the size of its stages rests on values of the rule
    set. None where nothing is known of what a declared value rests on.
    """

    declared_unit: DeclaredUnit
    partial: Literal[True]
    kgco2e_per_kg: Number
    biogenic_kgco2e: Number | None
    stages: tuple[HydrogenStage, ...]
    primary_share: Number | None
    primary_share_at_most: Number | None


class AllocationRow(_Part, frozen=True, kw_only=True):
    """One way of sharing between products, or why there is no figure by it."""

    method: str
    preference: int
    chosen: bool
    gate_kgco2e_per_kg: Number | None
    nozzle_kgco2e_per_kg: Number | None
    why_zh: str | None
    why_en: str | None


class ElectricityFactor(_Part, frozen=True, kw_only=True):
    """A factor that electricity takes in one reading."""

    region: str
    boundary: str
    holds_from: str
    kgco2e_per_kwh: Number


class ContractLine(_Part, frozen=True, kw_only=True):
    """Electricity that a reading counts by a contract; `where` is its place in the document."""

    where: str
    instrument: str
    kgco2e_per_kwh: Number | None
    source: str


class PassedOverRow(_Part, frozen=True, kw_only=True):
    """An allocation that the rule set prefers and that does not apply, by what the document states."""

    method: str
    why_zh: str
    why_en: str


class ElectricityRow(_Part, frozen=True, kw_only=True):
    """The chosen allocation with electricity read in one way; `stated` is the way of the figure itself. In a
    reading by contracts `on_grid` are the places that have none; `as_declared` are numbers for electricity that say
    too little of themselves to be a grid's."""

    basis: Literal["location", "market"]
    stated: bool
    factors: tuple[ElectricityFactor, ...]
    by_contract: tuple[ContractLine, ...]
    on_grid: tuple[str, ...]
    as_declared: tuple[str, ...]
    gate_kgco2e_per_kg: Number | None
    nozzle_kgco2e_per_kg: Number | None
    why_zh: str | None
    why_en: str | None


class HydrogenFactorRow(_Part, frozen=True, kw_only=True):
    """One factor used, of the rule set (`dated`, `constant`) or stated in the document; `kgco2e_per_kg_resting` is the
    part of the figure that scales with it: of that at the nozzle where there is one, else at the gate. `of` is the
    name of a flow or co-product."""

    kind: FactorKind
    name: str
    at: FactorPlace
    of: str
    title_zh: str
    title_en: str
    value: Number
    unit: str
    source: str
    page: str | None
    licence: str | None
    pack: str | None
    edition: str | None
    holds_from: str | None
    holds_until: str | None
    age_years: int | None
    region: str | None
    region_asked: str | None
    boundary: str | None
    kgco2e_per_kg_resting: Number | None
    ratings: Ratings


class HydrogenGap(_Part, frozen=True, kw_only=True):
    """A factor whose boundary is not that of the figure."""

    step: str
    boundary: str
    wanted: str
    source: str


class DeclaredValue(_Part, frozen=True, kw_only=True):
    """What the maker declares in its own words; nothing here recomputes it."""

    kgco2e_per_kg: Number
    method: str
    allocation: str
    source: str


class LeakedHydrogen(_Part, frozen=True, kw_only=True):
    """Leaked hydrogen by the stated warming potential; in no figure."""

    kgco2e: Number | None
    gwp100: str | None
    source: str


class HydrogenProduct(_Part, frozen=True, kw_only=True):
    """The hydrogen of one plant over one period. `kgco2e_per_kg` is the result of the rule set in its boundary; None
    with the reason where it has none. `unexplained_kg` is what nobody knows of the station's kilograms: it counts as
    lost."""

    plant: Text
    pathway: Text
    period_from: str
    period_until: str
    hydrogen_kg: Number | None
    purity_mol_pct: Number | None
    pressure_mpa: Number | None
    boundary: Literal["production_gate", "consumption_gate"]
    allocation: str
    passed_over: tuple[PassedOverRow, ...]
    unexplained_kg: Number | None
    kgco2e_per_kg: Number | None
    why_zh: str | None
    why_en: str | None
    footprints: tuple[HydrogenFootprint, ...]
    allocations: tuple[AllocationRow, ...]
    readings: tuple[ElectricityRow, ...]
    declared: DeclaredValue | None
    factors: tuple[HydrogenFactorRow, ...]
    of_factors: tuple[MeanRating, ...]
    boundary_gaps: tuple[HydrogenGap, ...]
    leaked: LeakedHydrogen | None


class HydrogenReport(_Part, frozen=True, kw_only=True):
    """The whole report; `scheme` and `scheme_digest` are those that data are rated by."""

    format: Literal["hydrogen-report/1"]
    method: Method
    caveat_zh: str
    caveat_en: str
    scheme: str
    scheme_digest: str
    products: tuple[HydrogenProduct, ...]


def hydrogen_report_schema() -> bytes:
    """The JSON schema of the format as it ships in the package (`accounting/schemas/hydrogen-report-1.json`)."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(HydrogenReport),
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"
