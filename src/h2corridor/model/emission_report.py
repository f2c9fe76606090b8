"""`emission-report/1`: figures of many shipments in one document, from which the printed forms are made.

Decimals are texts; null where a number could not be computed or is not known. What people read is said from codes, in
zh and en, by whoever prints it; only what others stated (sources, reasons) stands here as they wrote it.
"""

from typing import Annotated, Any, Literal

import msgspec

By = Literal["shipment", "carrier", "lane", "mode", "month"]
Data = Literal["primary", "modelled", "default"]
FactorKind = Literal["dated", "constant", "stated"]
StageReason = Literal["counted", "stated_exclusion", "not_in_rule_set", "not_supplied"]
Dimension = Literal["time", "geography", "technology", "completeness", "reliability"]
Applies = Literal["count-emissions-eu", "freight-is-no-cbam-good"]
DIMENSIONS: tuple[Dimension, ...] = ("time", "geography", "technology", "completeness", "reliability")

Number = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$", description="a decimal string")]
Rating = Annotated[int, msgspec.Meta(ge=1, le=5, description="1 is best, 5 is worst")]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class ReportFigures(_Part, frozen=True, kw_only=True):
    """Sums over elements, and what follows from them; a hub counts in emissions, never in the denominator."""

    name: str
    shipments: int
    wtw_kgco2e: Number
    wtt_kgco2e: Number
    ttw_kgco2e: Number
    transport_activity_tkm: Number
    hub_activity_t: Number
    intensity_wtw_kgco2e_per_tkm: Number | None
    intensity_ttw_kgco2e_per_tkm: Number | None
    primary_wtw_kgco2e: Number
    primary_by_wtw_emissions: Number | None
    primary_by_transport_activity: Number | None


class Breakdown(_Part, frozen=True, kw_only=True):
    """The total cut in one way; the parts sum exactly to it. An empty name: nobody stated it."""

    by: By
    parts: tuple[ReportFigures, ...]


class Ratings(_Part, frozen=True, kw_only=True):
    """The pedigree of one datum; null is not rated, since nothing is known to rate it by."""

    time: Rating | None
    geography: Rating | None
    technology: Rating | None
    completeness: Rating | None
    reliability: Rating | None


class MeanRating(_Part, frozen=True, kw_only=True):
    """The mean of one dimension, weighted by emissions, over what is rated; `rated_share` is its part of the weight."""

    dimension: Dimension
    mean: Number | None
    rated_share: Number | None


class CategoryRow(_Part, frozen=True, kw_only=True):
    """One operation category: its data class, and the emissions of the elements that belong to it.

    `intensity_is_mean`: each element has an intensity of its own (an added distance, classes), and this is their mean.
    `lacks_justification`: the data are not primary and nobody says why.
    """

    name: str
    kind: Literal["transport", "hub"]
    data: Data
    source: str
    justification: str | None
    operations: str | None
    period_from: str | None
    period_until: str | None
    lacks_justification: bool
    intensity: Number | None
    intensity_is_mean: bool
    unit: str
    elements: int
    shipments: int
    wtw_kgco2e: Number
    share_of_wtw: Number | None
    ratings: Ratings


class FactorRow(_Part, frozen=True, kw_only=True):
    """One factor used, dated or a constant of the edition, or stated in the chain.

    `wtw_kgco2e_resting` is the part of the total that scales with it (its value times the derivative); several
    factors may scale the same kilogram, so that these do not sum. None for constants and limits. `of` is the energy
    carrier or refrigerant of a stated factor, `pack` the factor file that a dated one stands in.
    """

    kind: FactorKind
    name: str
    of: str
    title_zh: str
    title_en: str
    value: Number
    unit: str
    source: str
    page: str | None
    licence: str | None
    edition: str | None
    pack: str | None
    holds_from: str | None
    holds_until: str | None
    checked_on: str | None
    age_years: int | None
    region: str | None
    region_asked: str | None
    level: str | None
    level_asked: str | None
    boundary: str | None
    categories: tuple[str, ...]
    shipments: int
    wtw_kgco2e_resting: Number | None
    ttw_kgco2e_resting: Number | None
    ratings: Ratings


class Secondary(_Part, frozen=True, kw_only=True):
    """What is not primary: categories that with the primary part sum exactly to the total, and every factor used."""

    primary_wtw_kgco2e: Number
    modelled_wtw_kgco2e: Number
    default_wtw_kgco2e: Number
    categories: tuple[CategoryRow, ...]
    factors: tuple[FactorRow, ...]


class Quality(_Part, frozen=True, kw_only=True):
    """By which scheme data were rated, and the means over categories and over factors."""

    scheme: str
    digest: str
    of_categories: tuple[MeanRating, ...]
    of_factors: tuple[MeanRating, ...]


class Gap(_Part, frozen=True, kw_only=True):
    """A factor whose boundary is not that of the figure."""

    shipment: str
    step: str
    boundary: str
    wanted: str
    source: str


class LeftOut(_Part, frozen=True, kw_only=True):
    """An element left out, with the stated reason."""

    shipment: str
    element: str
    category: str
    reason: str


class NotCovered(_Part, frozen=True, kw_only=True):
    """A shipment that no figure of the report holds anything of: it could not be assessed (`message` says why), or the
    trial withholds its figure (`why_zh` and `why_en` say why)."""

    shipment: str
    message: str = ""
    why_zh: tuple[str, ...] = ()
    why_en: tuple[str, ...] = ()


class Uncounted(_Part, frozen=True, kw_only=True):
    """What the figure of a shipment of a trial does not cover, as the trial says it."""

    shipment: str
    zh: str
    en: str


class Stage(_Part, frozen=True, kw_only=True):
    """A stage of the life cycle: what it adds to the declared unit, or why it is not counted."""

    stage: str
    where: str
    included: bool
    reason: StageReason
    stated: str
    kgco2e: Number | None


class Waterfall(_Part, frozen=True, kw_only=True):
    """The way from nothing to the total in kilograms: provision and operation of each element, mode, carrier or lane;
    they sum exactly to it."""

    by: Literal["element", "mode", "carrier", "lane"]
    stages: tuple[Stage, ...]


class ContractRow(_Part, frozen=True, kw_only=True):
    """Electricity of one shipment that the market-based reading counts by a contract."""

    shipment: str
    where: str
    instrument: str
    kgco2e_per_kwh: Number | None
    source: str
    valid_from: str | None
    valid_until: str | None


class GridRow(_Part, frozen=True, kw_only=True):
    """Electricity of a shipment with contracts that has none itself, and keeps the factor of its grid."""

    shipment: str
    where: str
    grid_region: str | None


class MarketAbsent(_Part, frozen=True, kw_only=True):
    """A shipment whose market-based figure cannot be computed, and why."""

    shipment: str
    message: str


class MarketReading(_Part, frozen=True, kw_only=True):
    """The total with the factors of contracts, in parallel and never in its place; `difference_wtw_kgco2e` is this one
    minus the total. None where it cannot be computed for a shipment."""

    wtw_kgco2e: Number | None
    wtt_kgco2e: Number | None
    ttw_kgco2e: Number | None
    intensity_wtw_kgco2e_per_tkm: Number | None
    difference_wtw_kgco2e: Number | None
    shipments: int
    by_contract: tuple[ContractRow, ...]
    by_grid: tuple[GridRow, ...]
    not_computable: tuple[MarketAbsent, ...]


class IntervalRow(_Part, frozen=True, kw_only=True):
    """A well-to-wheel figure with its 95 % interval; of the total the name is empty."""

    name: str
    wtw_kgco2e: Number
    half_width_kgco2e: Number
    low_kgco2e: Number
    high_kgco2e: Number


class IntervalPart(_Part, frozen=True, kw_only=True):
    """What one variable adds to the interval of the total."""

    variable: str
    half_width_kgco2e: Number
    share_pct: Number


class IntervalReading(_Part, frozen=True, kw_only=True):
    """Intervals by the ranges that were stated. `unranged` are numbers without one, which count as exact; `kinks` steps
    whose `min` or `max` may go the other way within the ranges."""

    total: IntervalRow
    shipments: tuple[IntervalRow, ...]
    contributions: tuple[IntervalPart, ...]
    unranged: tuple[str, ...]
    kinks: tuple[str, ...]


class PrimaryShare(_Part, frozen=True, kw_only=True):
    """The share of primary data and what it is weighted by."""

    share: Number | None
    weight: Literal["wtw_emissions", "transport_activity"]


class Footprint(_Part, frozen=True, kw_only=True):
    """A partial footprint of a product; its included stages sum exactly to it. Biogenic carbon where stated alone."""

    product: Literal["transport", "hydrogen"]
    declared_unit: Literal["tkm", "shipment", "kg_at_nozzle"]
    subject: str
    partial: Literal[True]
    kgco2e: Number
    biogenic_kgco2e: Number | None
    stages: tuple[Stage, ...]
    primary: tuple[PrimaryShare, ...]


class FactorFileRow(_Part, frozen=True, kw_only=True):
    """A factor file of somebody's own that was asked before the rule set, known by the digest of its bytes."""

    label: str
    digest: str
    title_zh: str
    title_en: str
    publisher: str
    licence: str


class Method(_Part, frozen=True, kw_only=True):
    """The rules the figures follow, and how many of the rules used have a clause that nobody here has read."""

    rule_set: str
    digest: str
    status: str
    standard: str
    title_zh: str
    title_en: str
    rules_used: int
    clauses_unseen: int
    clauses_own: int
    electricity: Literal["location_based"]
    factor_files: tuple[FactorFileRow, ...]


class Period(_Part, frozen=True, kw_only=True):
    """First and last activity date of the shipments that state one."""

    first: str | None
    last: str | None
    undated: int


class Route(_Part, frozen=True, kw_only=True):
    """Where the services start and end, as whoever asked for the report stated it, and for whom it is."""

    from_country: str | None
    to_country: str | None
    asked_for: Literal["EU"] | None
    applies: tuple[Applies, ...]


class EmissionReport(_Part, frozen=True, kw_only=True):
    """The whole report."""

    format: Literal["emission-report/1"]
    method: Method
    period: Period
    route: Route
    shown_by: By
    total: ReportFigures
    breakdowns: tuple[Breakdown, ...]
    waterfall: Waterfall
    market_based: MarketReading | None
    intervals: IntervalReading | None
    secondary: Secondary
    quality: Quality
    footprints: tuple[Footprint, ...]
    boundary_gaps: tuple[Gap, ...]
    exclusions: tuple[LeftOut, ...]
    uncounted: tuple[Uncounted, ...]
    not_covered: tuple[NotCovered, ...]


def emission_report_schema() -> bytes:
    """The JSON schema of the format as it ships in the package (`accounting/schemas/emission-report-1.json`)."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(EmissionReport),
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"
