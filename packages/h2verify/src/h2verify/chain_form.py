"""The form of a transport chain, transport-chain/1: which fields there are, and what may stand in them.

As `docs/reference/assess.md` describes it, with null fields left out. What fields mean together (`chain_meaning`) is
looked at once every field is what it should be.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from h2verify.chain_meaning import list_faults
from h2verify.errors import BundleError
from h2verify.parameters import LEVELS

CHAIN_FORMAT = "transport-chain/1"
ELEMENTS_MAX = 10_000
ENTRIES_MAX = 2_000

_Check = Callable[[Any], bool]
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,18})?")
_SIGNED = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,18})?")
_COUNT = re.compile(r"[0-9]{1,6}")
_IDENTIFIER = re.compile(r"[^\x00-\x1f\x7f]{1,120}")
_FACTOR = re.compile(r"[a-z][a-z0-9_]{0,79}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 2000


def _reason(value: Any) -> bool:
    return _text(value) and value != ""


def _like(pattern: re.Pattern[str]) -> _Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _one_of(*words: str) -> _Check:
    return lambda value: isinstance(value, str) and value in words


def _day(value: Any) -> bool:
    if not _like(_DAY)(value):
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _refs(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= ENTRIES_MAX and all(_text(each) for each in value)


_amount, _signed, _identifier, _factor = _like(_AMOUNT), _like(_SIGNED), _like(_IDENTIFIER), _like(_FACTOR)
_level = _one_of(*LEVELS)


class _Object:
    """An object: its fields that must be there and those that may; a field is checked as text, or is an object, or a
    list of such (at least so many, at most so many)."""

    def __init__(self, needed: Mapping[str, "_Field"], may: Mapping[str, "_Field"]) -> None:
        self.fields = {**needed, **may}
        self.needed = frozenset(needed)


class _List:
    def __init__(self, each: "_Field", least: int, most: int) -> None:
        self.each, self.least, self.most = each, least, most


class _ByKind:
    def __init__(self, kinds: Mapping[str, _Object]) -> None:
        self.kinds = kinds


class _Named:
    def __init__(self, each: "_Field", most: int) -> None:
        self.each, self.most = each, most


_Field = _Check | _Object | _List | _ByKind | _Named

_DISTANCE = _Object({"kind": _one_of("sfd", "gcd")}, {"km": _amount, "source": _text})
_ELEMENT = _ByKind(
    {
        "transport": _Object(
            {
                "kind": _text,
                "id": _identifier,
                "mode": _one_of("road", "rail", "sea", "inland_waterway", "air", "pipeline"),
                "category": _identifier,
            },
            {"distance": _DISTANCE, "class": _identifier, "refs": _refs},
        ),
        "hub": _Object(
            {"kind": _text, "id": _identifier, "category": _identifier}, {"class": _identifier, "refs": _refs}
        ),
    }
)
_CONTRACT = _Object(
    {"instrument": _one_of("ppa", "certificate", "supplier", "residual_mix"), "source": _reason},
    {"kgco2e_per_kwh": _amount, "valid_from": _day, "valid_until": _day, "refs": _refs},
)
_SUPPLY = _Object(
    {"batch": _identifier, "station": _identifier},
    {
        "gate_kgco2e_per_kg": _signed,
        "delivered_kg": _amount,
        "trailer_diesel_l": _amount,
        "trailer_compression_kwh": _amount,
        "trailer_grid_region": _identifier,
        "trailer_contract": _CONTRACT,
        "trailer_grid_level": _level,
        "station_dispensed_kg": _amount,
        "station_vented_kg": _amount,
        "station_electricity_kwh": _amount,
        "station_grid_region": _identifier,
        "station_contract": _CONTRACT,
        "station_grid_level": _level,
        "custody": _one_of("segregated", "mass_balance", "book_and_claim"),
        "refs": _refs,
    },
)
_ENERGY = _Object(
    {"carrier": _identifier, "unit": _identifier},
    {
        "amount": _amount,
        "wtt_kgco2e_per_unit": _signed,
        "ttw_kgco2e_per_unit": _signed,
        "factor": _factor,
        "grid_region": _identifier,
        "contract": _CONTRACT,
        "grid_level": _level,
        "factor_boundary": _one_of("life_cycle", "direct"),
        "supply": _SUPPLY,
        "origin": _one_of("unknown"),
        "refs": _refs,
    },
)
_REFRIGERANT = _Object({"name": _identifier}, {"refilled_kg": _amount, "gwp100": _amount, "factor": _factor})
_CLASS = _Object(
    {"name": _identifier},
    {
        "quantity": _amount,
        "equivalent": _amount,
        "transport_activity_tkm": _amount,
        "throughput_t": _amount,
        "share": _amount,
    },
)
_STOP = _Object({"id": _identifier, "distance": _DISTANCE}, {"mass_kg": _amount, "share": _amount})
_PER_KM = ("vehicle", "tyres", "upkeep")
_LIFE_CYCLE = {f"{side}_{part}_kgco2e_per_km": _amount for side in ("baseline", "project") for part in _PER_KM}
_COMPARISON = _Object(
    {},
    {
        "kind": _one_of("comparable_vehicle", "peer_fleet", "regulatory_limit"),
        "diesel_l_per_100km": _amount,
        "source": _text,
        "date": _day,
        "method": _text,
        "payload_t": _amount,
        "profile": _text,
        "baseline_distance_km": _amount,
        "transport_activity_tkm": _amount,
        "project_distance_km": _amount,
        "improvement_pct_per_year": _amount,
        "peer_diesel_l": _amount,
        "peer_distance_km": _amount,
        "peer_transport_activity_tkm": _amount,
        "peer_vehicles": _like(_COUNT),
        "period": _Object({"from": _day, "until": _day}, {}),
        "limit_l_per_100km": _amount,
        "standard": _text,
        "life_cycle": _Object({}, {"source": _text, **_LIFE_CYCLE}),
        "platform": _Object(
            {},
            {"source": _text, "kgco2e_per_tkm": _amount, "kgco2e": _amount, "transport_activity_tkm": _amount},
        ),
        "leakage": _Object({}, {"source": _text, "leaked_kg": _amount, "gwp_kgco2e_per_kg": _amount}),
    },
)
_UNCERTAINTY = _Object({}, {"half_width_kgco2e": _amount, "source": _text})
_NEEDED: dict[str, _Field] = {"kind": _text, "data": _one_of("primary", "modelled", "default"), "source": _text}
_COMMON: dict[str, _Field] = {
    "energy": _List(_ENERGY, 0, ENTRIES_MAX),
    "refrigerants": _List(_REFRIGERANT, 0, ENTRIES_MAX),
    "classes": _List(_CLASS, 0, ENTRIES_MAX),
    "justification": _reason,
    "period": _Object({"from": _day, "until": _day}, {}),
    "operations": _reason,
    "refs": _refs,
}
_INTENSITIES: dict[str, _Field] = {"wtw_kgco2e": _signed, "ttw_kgco2e": _signed, "factor": _factor}
_CATEGORY = _ByKind(
    {
        "transport": _Object(
            _NEEDED,
            {
                **_COMMON,
                "intensity": _Object({"per": _one_of("tkm", "actual_tkm")}, _INTENSITIES),
                "distance_adjustment_factor": _amount,
                "distance_adjustment_km": _amount,
                "transport_activity_tkm": _amount,
                "round": _Object({"stops": _List(_STOP, 1, ENTRIES_MAX)}, {}),
                "comparison": _COMPARISON,
            },
        ),
        "hub": _Object(
            _NEEDED,
            {
                **_COMMON,
                "intensity": _Object({"per": _one_of("t")}, _INTENSITIES),
                "throughput_t": _amount,
                "excluded": _reason,
            },
        ),
    }
)
_CHAIN = _Object(
    {
        "format": _one_of(CHAIN_FORMAT),
        "shipment": _Object({"id": _identifier, "mass_kg": _amount}, {"refs": _refs}),
        "elements": _List(_ELEMENT, 1, ELEMENTS_MAX),
        "categories": _Named(_CATEGORY, ELEMENTS_MAX),
    },
    {"activity_date": _day, "uncertainty": _UNCERTAINTY},
)


def verify_chain_form(chain: Any) -> None:
    """Refuse a document that is no transport chain, or one whose fields contradict each other.

    Raises
    ------
    BundleError
        `chain.form`, with the place of the first fault.
    """
    _verify(chain, _CHAIN, "$")
    for place, fault in list_faults(chain):
        raise BundleError("chain.form", fault, where=place)


def _verify(value: Any, field: _Field, place: str) -> None:
    if isinstance(field, _Object):
        _verify_object(value, field, place)
    elif isinstance(field, _List):
        if not isinstance(value, list) or not field.least <= len(value) <= field.most:
            _refuse(place, f"expected a list of {field.least} to {field.most}")
        for number, each in enumerate(value):
            _verify(each, field.each, f"{place}[{number}]")
    elif isinstance(field, _ByKind):
        kind = value.get("kind") if isinstance(value, Mapping) else None
        if not isinstance(kind, str) or kind not in field.kinds:
            _refuse(place, f"expected an object of kind {' or '.join(field.kinds)}")
        _verify_object(value, field.kinds[kind], place)
    elif isinstance(field, _Named):
        if not isinstance(value, Mapping) or len(value) > field.most or not all(map(_identifier, value)):
            _refuse(place, f"expected at most {field.most} objects by name")
        for name, each in value.items():
            _verify(each, field.each, f"{place}[{name!r}]")
    elif not field(value):
        _refuse(place, "not what may stand here")


def _verify_object(value: Any, field: _Object, place: str) -> None:
    if not isinstance(value, Mapping) or not field.needed <= value.keys() <= field.fields.keys():
        _refuse(place, f"expected the fields {', '.join(sorted(field.needed))} and none that is not known")
    for name, each in value.items():
        _verify(each, field.fields[name], f"{place}.{name}")


def _refuse(place: str, fault: str) -> NoReturn:
    raise BundleError("chain.form", fault, where=place)
