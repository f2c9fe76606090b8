"""One transport chain as a document, format 1: what an emission rule set reads, from a trial or from anybody's file.

The terms are those of ISO 14083: transport chain elements, transport operation categories, hub operation categories.
Numbers stay the decimal strings they were written as. None means "not supplied": reading accepts it, a rule that
needs it refuses.
"""

import datetime
import json
from typing import Annotated, Any, Literal

import msgspec
from h2verify.chain_meaning import list_comparison_faults

from h2corridor.model.errors import InputError

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
Text = Annotated[str, msgspec.Meta(max_length=2000)]
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
    """The shipment passed through a hub."""

    id: Identifier
    category: Identifier
    refs: Refs = ()


class TransportIntensity(_Part, frozen=True, kw_only=True):
    """Emission intensity of a transport category, per transport activity or per driven tonne-kilometre."""

    per: Literal["tkm", "actual_tkm"]
    wtw_kgco2e: SignedAmount | None = None
    ttw_kgco2e: SignedAmount | None = None


class HubIntensity(_Part, frozen=True, kw_only=True):
    """Emission intensity of a hub category per outgoing tonne."""

    per: Literal["t"]
    wtw_kgco2e: SignedAmount | None = None
    ttw_kgco2e: SignedAmount | None = None


class HydrogenSupply(_Part, frozen=True, kw_only=True):
    """What it took to bring one batch of hydrogen from the production gate to the nozzle of one station.

    `delivered_kg` is what the trailers unloaded of this batch at this station, `trailer_*` what they used for it,
    there and back; `station_*` are the station's totals over the period.
    """

    batch: Identifier
    station: Identifier
    gate_kgco2e_per_kg: SignedAmount | None = None
    delivered_kg: Amount | None = None
    trailer_diesel_l: Amount | None = None
    trailer_compression_kwh: Amount | None = None
    trailer_grid_region: Identifier | None = None
    station_dispensed_kg: Amount | None = None
    station_vented_kg: Amount | None = None
    station_electricity_kwh: Amount | None = None
    station_grid_region: Identifier | None = None
    refs: Refs = ()


class Energy(_Part, frozen=True, kw_only=True):
    """One carrier used over the period, with its factors, or with what a rule set needs to find them.

    Either both `*_per_unit`; or diesel in `l`; or electricity in `kWh` with its `grid_region`; or hydrogen in `kg`
    with `supply`, or with `origin` `unknown` where nobody can say whose it was. `factor_boundary` `direct` asks for
    direct generation factors, or says that the factors given are such.
    """

    carrier: Identifier
    amount: Amount | None = None
    unit: Identifier
    wtt_kgco2e_per_unit: SignedAmount | None = None
    ttw_kgco2e_per_unit: SignedAmount | None = None
    grid_region: Identifier | None = None
    factor_boundary: Literal["life_cycle", "direct"] = "life_cycle"
    supply: HydrogenSupply | None = None
    origin: Literal["unknown"] | None = None
    refs: Refs = ()


class Refrigerant(_Part, frozen=True, kw_only=True):
    """A refrigerant refilled over the period; what was refilled had leaked."""

    name: Identifier
    refilled_kg: Amount | None = None
    gwp100: Amount | None = None


class Stop(_Part, frozen=True, kw_only=True):
    """One stop of a delivery or collection round; the distance is from the hub to the stop, not along the round."""

    id: Identifier
    distance: Distance
    mass_kg: Amount | None = None


class Round(_Part, frozen=True, kw_only=True):
    """A delivery or collection round; the order of the stops does not count."""

    stops: Annotated[tuple[Stop, ...], msgspec.Meta(min_length=1, max_length=_ENTRIES_MAX)]


class SharingClass(_Part, frozen=True, kw_only=True):
    """One of the classes that share an operation: `quantity` units, each worth `equivalent` of the common measure."""

    name: Identifier
    quantity: Amount | None = None
    equivalent: Amount | None = None
    transport_activity_tkm: Amount | None = None


class PeerPeriod(_Part, frozen=True, kw_only=True):
    """The days over which a peer fleet was measured, both of them included."""

    from_: datetime.date = msgspec.field(name="from")
    until: datetime.date


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
    period: PeerPeriod | None = None
    limit_l_per_100km: Amount | None = None
    standard: Text | None = None
    life_cycle: LifeCycle | None = None
    platform: PlatformOverhead | None = None
    leakage: HydrogenLeakage | None = None


class _Category(_Part, frozen=True, kw_only=True):
    data: Literal["primary", "modelled", "default"]
    source: Text
    energy: Annotated[tuple[Energy, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    refrigerants: Annotated[tuple[Refrigerant, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    classes: Annotated[tuple[SharingClass, ...], msgspec.Meta(max_length=_ENTRIES_MAX)] = ()
    refs: Refs = ()

    @property
    def has_totals(self) -> bool:
        """Whether the category states what it used, so that its intensity follows."""
        return bool(self.energy or self.refrigerants)


class TransportCategory(_Category, frozen=True, kw_only=True, tag_field="kind", tag="transport"):
    """A transport operation category: an intensity, or its totals over a period with the activity they served."""

    intensity: TransportIntensity | None = None
    distance_adjustment_factor: Amount | None = None
    transport_activity_tkm: Amount | None = None
    round: Round | None = None
    comparison: DieselComparison | None = None


class HubCategory(_Category, frozen=True, kw_only=True, tag_field="kind", tag="hub"):
    """A hub operation category: an intensity, its totals over a period, or the reason why it is left out."""

    intensity: HubIntensity | None = None
    throughput_t: Amount | None = None
    excluded: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)] | None = None


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


def decode_chain(data: bytes, *, about: str = "transport chain") -> TransportChain:
    """The chain in a JSON document, refused unless it is whole.

    Parameters
    ----------
    about : str
        The file's name, for messages.

    Raises
    ------
    InputError
        `chain.unreadable`: no JSON, or an object names a key twice. `chain.shape`: a field is unknown, missing or of
        another kind. `chain.meaning`: fields that contradict each other; see `check_chain`.
    """
    try:
        chain = msgspec.json.decode(data, type=TransportChain)
        json.loads(data, object_pairs_hook=_unique)
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at ")
        raise InputError(
            "chain.shape", f"{fault}.", about=about, where=where.strip("`"), next_step=_hint(fault, where)
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, _RepeatedKeyError) as error:
        next_step = "Supply a JSON document of format transport-chain/1."
        raise InputError("chain.unreadable", f"{error}.", about=about, next_step=next_step) from error
    check_chain(chain, about=about)
    return chain


def check_chain(chain: TransportChain, *, about: str = "transport chain") -> None:
    """Refuse a chain whose fields contradict each other; call it on a chain that was not decoded.

    Raises
    ------
    InputError
        `chain.meaning`: an element's category is absent or of another kind, an id stands twice, distance kinds are
        mixed within a mode, a category has both or neither of intensity and totals, a distance adjustment factor is
        missing or would count twice, a comparison states what belongs to another kind of baseline.
    """
    for where, fault in _faults(chain):
        raise InputError("chain.meaning", f"{fault}.", about=about, where=where, next_step="Correct the chain.")


def chain_schema() -> bytes:
    """The JSON schema of the format as it ships in the package (`accounting/schemas/transport-chain-1.json`)."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(TransportChain),
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"


class _RepeatedKeyError(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise _RepeatedKeyError(f"an object names {repeated!r} twice")
    return found


def _hint(fault: str, where: str) -> str:
    if "Expected `str" in fault and ("got `int`" in fault or "got `float`" in fault):
        return 'Write numbers as decimal strings, for example "10.5".'
    if "distance.kind" in where:
        return "Give the shortest feasible distance (sfd) or the great circle (gcd); the driven distance is not one."
    return "Correct the document; its schema ships as accounting/schemas/transport-chain-1.json."


def _faults(chain: TransportChain) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not chain.shipment.mass_kg.strip("0."):
        found.append(("$.shipment.mass_kg", "expected a mass above zero"))
    found.extend(_repeated("$.elements", [element.id for element in chain.elements]))
    kinds: dict[str, tuple[str, str]] = {}
    for number, element in enumerate(chain.elements):
        where = f"$.elements[{number}]"
        found.extend(_element_faults(chain, element, where))
        if isinstance(element, TransportElement) and element.distance is not None:
            found.extend(_mixed(kinds, element.mode, element.distance.kind, f"{where}.distance.kind"))
            found.extend(_stop_kinds(chain.categories.get(element.category), kinds, element))
    for name, category in chain.categories.items():
        where = f"$.categories[{json.dumps(name, ensure_ascii=False)}]"
        found.extend((where, fault) for fault in _category_faults(category))
        if isinstance(category, TransportCategory) and category.comparison is not None:
            stated, on = msgspec.to_builtins([category.comparison, chain.activity_date])
            found.extend((f"{where}.comparison", fault) for fault in list_comparison_faults(stated, on))
        found.extend(_repeated(f"{where}.classes", [each.name for each in category.classes]))
        if isinstance(category, TransportCategory) and category.round is not None:
            found.extend(_repeated(f"{where}.round.stops", [stop.id for stop in category.round.stops]))
            if len({stop.distance.kind for stop in category.round.stops}) > 1:
                found.append((f"{where}.round.stops", "distance kinds are mixed within one round"))
    return found


def _element_faults(chain: TransportChain, element: TransportElement | HubElement, where: str) -> list[tuple[str, str]]:
    category = chain.categories.get(element.category)
    if category is None:
        return [(f"{where}.category", f"there is no category {element.category!r}")]
    if isinstance(category, HubCategory) != isinstance(element, HubElement):
        return [(f"{where}.category", f"category {element.category!r} is of the other kind")]
    wanted = element.class_ if isinstance(element, TransportElement) else None
    if wanted is not None and wanted not in [each.name for each in category.classes]:
        return [(f"{where}.class", f"category {element.category!r} has no class {wanted!r}")]
    return []


def _stop_kinds(
    category: TransportCategory | HubCategory | None, kinds: dict[str, tuple[str, str]], element: TransportElement
) -> list[tuple[str, str]]:
    if not isinstance(category, TransportCategory) or category.round is None:
        return []
    where = f"$.categories[{json.dumps(element.category, ensure_ascii=False)}].round.stops"
    return [fault for stop in category.round.stops for fault in _mixed(kinds, element.mode, stop.distance.kind, where)]


def _mixed(kinds: dict[str, tuple[str, str]], mode: str, kind: str, where: str) -> list[tuple[str, str]]:
    first, place = kinds.setdefault(mode, (kind, where))
    return (
        [] if first == kind else [(where, f"mode {mode} has {kind} here and {first} at {place}; kinds are never mixed")]
    )


def _repeated(where: str, ids: list[str]) -> list[tuple[str, str]]:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            return [(where, f"{name!r} stands twice")]
        seen.add(name)
    return []


def _category_faults(category: TransportCategory | HubCategory) -> list[str]:
    if isinstance(category, HubCategory) and category.excluded is not None:
        return ["an excluded hub has no numbers"] if category.intensity or category.has_totals else []
    if category.intensity is not None and category.has_totals:
        return ["expected an intensity or totals, came both"]
    if category.intensity is None and not category.has_totals:
        return ["expected an intensity, or totals with energy or refrigerants"]
    found = [fault for entry in category.energy for fault in _energy_faults(entry)]
    if isinstance(category, TransportCategory):
        found.extend(_adjustment_faults(category))
        if category.has_totals and category.transport_activity_tkm is None and category.round is None:
            found.append("totals need transport_activity_tkm or a round to be shared over")
    elif category.has_totals and category.throughput_t is None:
        found.append("totals need throughput_t to be shared over")
    return found


def _adjustment_faults(category: TransportCategory) -> list[str]:
    factor = category.distance_adjustment_factor
    driven = category.intensity is not None and category.intensity.per == "actual_tkm"
    if driven and factor is None:
        return ["an intensity per actual_tkm needs distance_adjustment_factor"]
    if not driven and factor is not None and factor.rstrip("0").rstrip(".") != "1":
        return ["distance_adjustment_factor beside an intensity per tkm or totals would count twice"]
    return []


def _energy_faults(entry: Energy) -> list[str]:
    explicit = entry.wtt_kgco2e_per_unit is not None or entry.ttw_kgco2e_per_unit is not None
    if sum((explicit, entry.supply is not None, entry.origin is not None)) > 1:
        return [f"energy {entry.carrier!r} has more than one of factors, supply and origin"]
    if (entry.supply or entry.origin) and (entry.carrier, entry.unit) != ("hydrogen", "kg"):
        return ["supply and origin belong to hydrogen in kg"]
    return []
