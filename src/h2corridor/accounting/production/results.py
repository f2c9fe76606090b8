"""What an assessment of a hydrogen production shows; every number a decimal string, every absence with its reason."""

from typing import Any, Literal

import msgspec

from h2corridor.accounting.kernel.used_factors import UsedFactor, UsedFactorFile
from h2corridor.accounting.market_based import ContractedUse, GridUse

ResultBoundary = Literal["production_gate", "consumption_gate"]


class _Shown(msgspec.Struct, frozen=True, kw_only=True):
    pass


class PassedOver(_Shown, frozen=True, kw_only=True):
    """An allocation that the rule set prefers and that does not apply, by what the document states."""

    method: str
    where: str
    why_zh: str
    why_en: str


class Result(_Shown, frozen=True, kw_only=True):
    """The figure that the rule set takes: the first allocation in its own order of preference that applies.

    Where that one cannot be computed there is no figure, and `where` names the place of what it lacks: no other one
    comes in its place.
    """

    boundary: ResultBoundary
    allocation: str
    kgco2e_per_kg: str | None
    passed_over: tuple[PassedOver, ...] = ()
    where: str | None = None
    why_zh: str | None = None
    why_en: str | None = None


class Flow(_Shown, frozen=True, kw_only=True):
    """One input, emission or deduction of the inventory; they sum exactly to it."""

    id: str
    kind: str
    serves: Literal["all_products", "hydrogen"]
    kgco2e: str


class ProductShare(_Shown, frozen=True, kw_only=True):
    """The part of the shared emissions that one product bears, as a fraction of one."""

    product: str
    share: str


class Allocation(_Shown, frozen=True, kw_only=True):
    """One way of sharing: its figures, or the reason why there are none and the place in the document."""

    method: str
    preference: int
    chosen: bool
    shares: tuple[ProductShare, ...]
    gate_kgco2e_per_kg: str | None
    nozzle_kgco2e_per_kg: str | None
    where: str | None = None
    why_zh: str | None = None
    why_en: str | None = None


class Stage(_Shown, frozen=True, kw_only=True):
    """One stage on the way to the nozzle, per kilogram dispensed; they sum exactly to the figure there."""

    stage: Literal["production", "trailer_diesel", "compression", "station", "venting", "unexplained"]
    kgco2e_per_kg_dispensed: str


class StationLine(_Shown, frozen=True, kw_only=True):
    """The kilograms of the station as stated, None where they are not, and those that nothing explains.

    Taken in, and there at the beginning, minus dispensed, vented and there at the end is `unexplained_kg`.
    """

    station: str
    delivered_kg: str | None
    station_other_supply_kg: str | None
    station_opening_kg: str | None
    station_dispensed_kg: str | None
    station_vented_kg: str | None
    station_closing_kg: str | None
    unexplained_kg: str


class GridFactor(_Shown, frozen=True, kw_only=True):
    """A grid's factor that a reading took: for which region it was asked, and of which it is."""

    region_asked: str
    region: str
    boundary: str
    holds_from: str
    age_years: int
    kgco2e_per_kwh: str


class BoundaryGap(_Shown, frozen=True, kw_only=True):
    """A factor whose boundary is not that of the figure; `step` is its place in the derivation."""

    step: str
    boundary: str
    wanted: str
    source: str


class StatedElectricity(_Shown, frozen=True, kw_only=True):
    """A number that the document states for electricity.

    It is one of a location where it says of which grid region, level and boundary it is and who says so; else it is
    one as declared, and `lacks` names what it does not say.
    """

    where: str
    kgco2e_per_kwh: str
    counted_as: Literal["location", "as_declared"]
    region: str | None
    level: str | None
    boundary: str | None
    source: str
    lacks: tuple[str, ...]


class ElectricityReading(_Shown, frozen=True, kw_only=True):
    """The chosen allocation with electricity read in one way; `stated` is the way of the figure itself.

    By contract, every use without one keeps what it has: `by_grid` lists those on a grid, up to the nozzle, `numbers`
    those that state one.
    """

    basis: Literal["location", "market"]
    stated: bool
    factors: tuple[GridFactor, ...]
    numbers: tuple[StatedElectricity, ...]
    by_contract: tuple[ContractedUse, ...]
    by_grid: tuple[GridUse, ...]
    gate_kgco2e_per_kg: str | None
    nozzle_kgco2e_per_kg: str | None
    boundary_gaps: tuple[BoundaryGap, ...]
    derivation: tuple[dict[str, Any], ...]
    why_zh: str | None = None
    why_en: str | None = None


class ComparedValue(_Shown, frozen=True, kw_only=True):
    """A published value beside the figure in its boundary; `difference` is figure minus value, signed."""

    id: str
    title_zh: str
    title_en: str
    value: str
    unit: str
    boundary: Literal["gate", "nozzle"]
    figure_kgco2e_per_kg: str | None
    threshold_kgco2e_per_kg: str | None
    difference_kgco2e_per_kg: str | None
    result_zh: str
    result_en: str
    note_zh: str
    note_en: str
    source: str
    why_zh: str | None = None
    why_en: str | None = None


class LeakageLine(_Shown, frozen=True, kw_only=True):
    """Leaked hydrogen by itself, by the warming potential that the document states; per kilogram that was produced."""

    kgco2e: str | None
    kgco2e_per_kg_produced: str | None
    gwp100: str | None
    source: str
    why_zh: str | None = None
    why_en: str | None = None


class CapturedLine(_Shown, frozen=True, kw_only=True):
    """Carbon dioxide that was caught, where it went, and whether it is deducted."""

    emission: str
    to: str
    kg: str | None
    deducted: bool


class PriorUseLine(_Shown, frozen=True, kw_only=True):
    """What the gas served before, and what its replacement adds to the hydrogen."""

    use: Literal["vented", "heat", "power"]
    replacement: str | None
    kgco2e: str | None


class DeclaredLine(_Shown, frozen=True, kw_only=True):
    """What the maker declares, with the words it declares it in."""

    kgco2e_per_kg: str
    method: str
    allocation: str
    source: str


class ProductionAssessment(_Shown, frozen=True, kw_only=True):
    """The figures of one plant's hydrogen over one period."""

    document: str
    plant: str
    pathway: str
    period_from: str
    period_until: str
    rule_set: str
    rule_set_digest: str
    rule_set_status: str
    caveat_zh: str
    caveat_en: str
    hydrogen_kg: str | None
    purity_mol_pct: str | None
    pressure_mpa: str | None
    result: Result
    inventory_kgco2e: str | None
    flows: tuple[Flow, ...]
    electricity_kwh_per_kg: str | None
    allocations: tuple[Allocation, ...]
    declared: DeclaredLine | None
    prior_use: PriorUseLine | None
    captured: tuple[CapturedLine, ...]
    stages: tuple[Stage, ...]
    nozzle_kgco2e_per_kg: str | None
    station: StationLine | None
    readings: tuple[ElectricityReading, ...]
    compared: tuple[ComparedValue, ...]
    leakage: LeakageLine | None
    factors: tuple[UsedFactor, ...]
    factor_files: tuple[UsedFactorFile, ...]
    boundary_gaps: tuple[BoundaryGap, ...]
    derivation: tuple[dict[str, Any], ...]
