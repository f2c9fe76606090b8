"""What a transport chain is made of, format 1, as frozen values; `h2corridor.model.chain` reads and checks them.

The terms are those of ISO 14083. Numbers stay the decimal strings they were written as. None means "not supplied":
reading accepts it, a rule that needs it refuses.
"""

import datetime
from typing import Annotated, Literal

import msgspec

CHAIN_FORMAT = "transport-chain/1"
_ELEMENTS_MAX = 10_000
_ENTRIES_MAX = 2_000

Amount = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$",
        description="a decimal string, not negative, without exponent",
        examples=["10.5"],
    ),
]
SignedAmount = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$",
        description="a decimal string without exponent; a credited intensity may be negative",
        examples=["0.143"],
    ),
]
Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern="^[^\\x00-\\x1f\\x7f]*(?!\\n)$")]
Factor = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z][a-z0-9_]{0,79}(?!\n)$",
        description="the name of a dated factor, without its ending: hvo for hvo_wtt_kgco2e_per_l",
        examples=["hvo"],
    ),
]
Level = Literal["national", "regional", "provincial"]
Text = Annotated[str, msgspec.Meta(max_length=2000)]
StatedText = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
CustodyModel = Literal["segregated", "mass_balance", "book_and_claim"]
Mode = Literal["road", "rail", "sea", "inland_waterway", "air", "pipeline"]
Refs = Annotated[tuple[Text, ...], msgspec.Meta(max_length=_ENTRIES_MAX, description="the facts this rests on")]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Distance(_Part, frozen=True, kw_only=True):
    """A transport distance: shortest feasible (`sfd`) or great circle (`gcd`). The distance driven has no place
    here."""

    kind: Literal["sfd", "gcd"]
    km: Amount | None = None
    source: Text = ""


class TransportElement(_Part, frozen=True, kw_only=True, tag_field="kind", tag="transport"):
    """The shipment moved from one place to another by one category; `class` names the category's class it belongs
    to."""

    id: Identifier
    mode: Mode
    category: Identifier
    distance: Distance | None = None
    class_: Identifier | None = msgspec.field(name="class", default=None)
    refs: Refs = ()


class HubElement(_Part, frozen=True, kw_only=True, tag_field="kind", tag="hub"):
    """The shipment passed through a hub; `class` names the category's class it belongs to."""

    id: Identifier
    category: Identifier
    class_: Identifier | None = msgspec.field(name="class", default=None)
    refs: Refs = ()


class TransportIntensity(_Part, frozen=True, kw_only=True):
    """Emission intensity of a transport category, per transport activity or per driven tonne-kilometre.

    Numbers, or the name of a dated `factor`: `<factor>_wtw_kgco2e_per_<per>` and `<factor>_ttw_kgco2e_per_<per>`.
    """

    per: Literal["tkm", "actual_tkm"]
    wtw_kgco2e: SignedAmount | None = None
    ttw_kgco2e: SignedAmount | None = None
    factor: Factor | None = None


class HubIntensity(_Part, frozen=True, kw_only=True):
    """Emission intensity of a hub category per outgoing tonne, as numbers or as the name of a dated `factor`."""

    per: Literal["t"]
    wtw_kgco2e: SignedAmount | None = None
    ttw_kgco2e: SignedAmount | None = None
    factor: Factor | None = None


class ElectricityContract(_Part, frozen=True, kw_only=True):
    """The contract that electricity was bought by: the market-based reading takes its factor in place of the grid's.

    The figure itself stays with the grid where the electricity is used.
    """

    instrument: Literal["ppa", "certificate", "supplier", "residual_mix"]
    source: StatedText
    kgco2e_per_kwh: Amount | None = None
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None
    refs: Refs = ()


class Period(_Part, frozen=True, kw_only=True):
    """The days whose operations a category covers, first and last included."""

    from_: datetime.date = msgspec.field(name="from")
    until: datetime.date


class HydrogenSupply(_Part, frozen=True, kw_only=True):
    """What it took to bring one batch of hydrogen from the production gate to the nozzle of one station.

    `delivered_kg` is what the trailers unloaded of this batch at this station, `trailer_*` what they used for it,
    there and back; `station_*` are the station's totals over the period. `custody` is how the attribute is kept with
    the kilograms; a model that the rule set does not allow is refused.
    """

    batch: Identifier
    station: Identifier
    gate_kgco2e_per_kg: SignedAmount | None = None
    delivered_kg: Amount | None = None
    trailer_diesel_l: Amount | None = None
    trailer_compression_kwh: Amount | None = None
    trailer_grid_region: Identifier | None = None
    trailer_contract: ElectricityContract | None = None
    trailer_grid_level: Level | None = None
    station_dispensed_kg: Amount | None = None
    station_vented_kg: Amount | None = None
    station_electricity_kwh: Amount | None = None
    station_grid_region: Identifier | None = None
    station_contract: ElectricityContract | None = None
    station_grid_level: Level | None = None
    custody: CustodyModel | None = None
    refs: Refs = ()


class Energy(_Part, frozen=True, kw_only=True):
    """One carrier used over the period, with its factors, or with what a rule set needs to find them.

    Either both `*_per_unit`; or the name of a dated `factor`; or diesel in `l`; or electricity in `kWh` with its
    `grid_region`; or hydrogen in `kg` with `supply`, or with `origin` `unknown` where nobody can say whose it was.
    `grid_level` asks for the value of exactly that level on the way outwards from the region. `factor_boundary`
    `direct` asks for direct generation factors, or says that the factors given are such. `contract` is what grid
    electricity was bought by; it counts in the market-based reading alone.
    """

    carrier: Identifier
    amount: Amount | None = None
    unit: Identifier
    wtt_kgco2e_per_unit: SignedAmount | None = None
    ttw_kgco2e_per_unit: SignedAmount | None = None
    factor: Factor | None = None
    grid_region: Identifier | None = None
    contract: ElectricityContract | None = None
    grid_level: Level | None = None
    factor_boundary: Literal["life_cycle", "direct"] = "life_cycle"
    supply: HydrogenSupply | None = None
    origin: Literal["unknown"] | None = None
    refs: Refs = ()


class Refrigerant(_Part, frozen=True, kw_only=True):
    """A refrigerant refilled over the period; what was refilled had leaked. Instead of `gwp100` a dated `factor` may
    be named, `<factor>_gwp100`."""

    name: Identifier
    refilled_kg: Amount | None = None
    gwp100: Amount | None = None
    factor: Factor | None = None


class Stop(_Part, frozen=True, kw_only=True):
    """One stop of a round; the distance is from the hub to the stop, not along the round.

    `share` is the fraction of one that the supplier computed: it is held against ours, never taken.
    """

    id: Identifier
    distance: Distance
    mass_kg: Amount | None = None
    share: Amount | None = None


class Round(_Part, frozen=True, kw_only=True):
    """A delivery or collection round; the order of the stops does not count."""

    stops: Annotated[tuple[Stop, ...], msgspec.Meta(min_length=1, max_length=_ENTRIES_MAX)]


class SharingClass(_Part, frozen=True, kw_only=True):
    """One of the classes that share an operation: `quantity` units, each worth `equivalent` of the common measure.

    A class that an element names states its `transport_activity_tkm`, of a hub its `throughput_t`; where all do, they
    sum to the category's.
    """

    name: Identifier
    quantity: Amount | None = None
    equivalent: Amount | None = None
    transport_activity_tkm: Amount | None = None
    throughput_t: Amount | None = None
    share: Amount | None = None


class LifeCycle(_Part, frozen=True, kw_only=True):
    """What a kilometre of either truck costs beyond energy: making the vehicle, its tyres, its upkeep."""

    source: Text | None = None
    baseline_vehicle_kgco2e_per_km: Amount | None = None
    baseline_tyres_kgco2e_per_km: Amount | None = None
    baseline_upkeep_kgco2e_per_km: Amount | None = None
    project_vehicle_kgco2e_per_km: Amount | None = None
    project_tyres_kgco2e_per_km: Amount | None = None
    project_upkeep_kgco2e_per_km: Amount | None = None


class PlatformOverhead(_Part, frozen=True, kw_only=True):
    """What running the platform emits: per tonne-kilometre, or over a period with the activity that it served in it."""

    source: Text | None = None
    kgco2e_per_tkm: Amount | None = None
    kgco2e: Amount | None = None
    transport_activity_tkm: Amount | None = None


class HydrogenLeakage(_Part, frozen=True, kw_only=True):
    """Hydrogen leaked and vented for the category's activity, and the warming potential stated for it."""

    source: Text | None = None
    leaked_kg: Amount | None = None
    gwp_kgco2e_per_kg: Amount | None = None


class DieselComparison(_Part, frozen=True, kw_only=True):
    """The diesel truck that would have served the category; without `kind` a comparable vehicle.

    `baseline_distance_km` is what it would have driven, empty running included, without the detours that only
    refuelling hydrogen causes; `transport_activity_tkm` is what it would have carried over it; `project_distance_km`
    is what the hydrogen trucks drove, with those detours. `method` says how the diesel figure was found, `payload_t`
    and `profile` under which load and on which routes.
    """

    kind: Literal["comparable_vehicle", "peer_fleet", "regulatory_limit"] | None = None
    diesel_l_per_100km: Amount | None = None
    source: Text | None = None
    date: datetime.date | None = None
    method: Text | None = None
    payload_t: Amount | None = None
    profile: Text | None = None
    baseline_distance_km: Amount | None = None
    transport_activity_tkm: Amount | None = None
    project_distance_km: Amount | None = None
    improvement_pct_per_year: Amount | None = None
    peer_diesel_l: Amount | None = None
    peer_distance_km: Amount | None = None
    peer_transport_activity_tkm: Amount | None = None
    peer_vehicles: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}(?!\n)$")] | None = None
    period: Period | None = None
    limit_l_per_100km: Amount | None = None
    standard: Text | None = None
    life_cycle: LifeCycle | None = None
    platform: PlatformOverhead | None = None
    leakage: HydrogenLeakage | None = None


class _Category(_Part, frozen=True, kw_only=True):
    """`operations` says what a category covers (round trips, services, vehicles), `justification` why data that are
    not primary were taken."""

    data: Literal["primary", "modelled", "default"]
    source: Text
    energy: Annotated[tuple[Energy, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    refrigerants: Annotated[tuple[Refrigerant, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    classes: Annotated[tuple[SharingClass, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    justification: StatedText | None = None
    period: Period | None = None
    operations: StatedText | None = None
    refs: Refs = ()

    @property
    def has_totals(self) -> bool:
        """Whether the category states what it used, so that its intensity follows."""
        return bool(self.energy or self.refrigerants)


class TransportCategory(_Category, frozen=True, kw_only=True, tag_field="kind", tag="transport"):
    """A transport operation category: an intensity, or its totals over a period with the activity they served."""

    intensity: TransportIntensity | None = None
    distance_adjustment_factor: Amount | None = None
    distance_adjustment_km: Amount | None = None
    transport_activity_tkm: Amount | None = None
    round: Round | None = None
    comparison: DieselComparison | None = None


class HubCategory(_Category, frozen=True, kw_only=True, tag_field="kind", tag="hub"):
    """A hub operation category: an intensity, its totals over a period, or the reason why it is left out."""

    intensity: HubIntensity | None = None
    throughput_t: Amount | None = None
    excluded: StatedText | None = None


class Shipment(_Part, frozen=True, kw_only=True):
    """What is carried: freight with its packaging, without the container."""

    id: Identifier
    mass_kg: Amount
    refs: Refs = ()


class Uncertainty(_Part, frozen=True, kw_only=True):
    """Half the width of the interval of baseline minus project, as somebody worked it out; `source` says how."""

    half_width_kgco2e: Amount | None = None
    source: Text | None = None


class TransportChain(_Part, frozen=True, kw_only=True):
    """A shipment's chain of elements and the categories they belong to. `activity_date` selects dated factors."""

    format: Literal["transport-chain/1"]
    shipment: Shipment
    elements: Annotated[tuple[TransportElement | HubElement, ...], msgspec.Meta(min_length=1, max_length=_ELEMENTS_MAX)]
    categories: Annotated[dict[Identifier, TransportCategory | HubCategory], msgspec.Meta(max_length=_ELEMENTS_MAX)]
    activity_date: datetime.date | None = None
    uncertainty: Uncertainty | None = None
