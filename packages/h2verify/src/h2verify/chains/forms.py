"""The form of every activity record: its fields and its closed classes, line by line as the format's page has them
(section 6).
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]
Groups = Mapping[str, Sequence[Record]]
"""Records by the name of their group, in order."""

Check = Callable[[Any], bool]

RECORDS_MAX = 40_000
TEXT_CHARACTERS_MAX = 4_096

AGREEMENTS = ("confirmed", "differs", "unseen", "without_record")
"""What a fill that stands in a window may be: one that did not show (`without_rise`) stands in none."""

FAULTS = ("elsewhere-at-arrival", "elsewhere-at-departure", "no-data", "not-moving")
EDITIONS = (2016, 2025)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECONDS_MAX = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a record of one kind holds beside `kind` and `closed`."""

    fields: Mapping[str, Check]
    closed: tuple[str, ...] = ()


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_CHARACTERS_MAX


def _integer(value: Any) -> bool:
    return type(value) is int


def _natural(value: Any) -> bool:
    return type(value) is int and value >= 0


def _row(value: Any) -> bool:
    """Rows count from 1: a record of row 0, the header, would be held against nothing."""
    return type(value) is int and value >= 1


def _flag(value: Any) -> bool:
    return value is True or value is False


def _seconds(value: Any) -> bool:
    return type(value) is int and abs(value) <= _SECONDS_MAX


def _day(value: Any) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _optional(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _one_of(*words: object) -> Check:
    return lambda value: type(value) in (int, str) and value in words


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list | tuple) and all(check(each) for each in value)


def _object(**fields: Check) -> Check:
    return lambda value: (
        isinstance(value, Mapping)
        and value.keys() == fields.keys()
        and all(check(value[name]) for name, check in fields.items())
    )


def _origin(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and _text(value[0]) and _natural(value[1])


def _pair(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_text, value)) and value[0] <= value[1]


_WORDS = _optional(_text)
_AMOUNT = _optional(_natural)
_ROW = _optional(_row)
_NUMBER = _optional(_integer)
_LOOK = _optional(_object(at_s=_seconds, mass_mg=_natural))
_FILL = _object(
    started_at_s=_seconds,
    ended_at_s=_seconds,
    refuelling_ids=_list_of(_text),
    booked_mg=_natural,
    rise_mg=_NUMBER,
    before=_LOOK,
    agreement=_one_of(*AGREEMENTS),
)

FORMS: Mapping[str, Form] = {
    "trial": Form(fields={"trial_id": _text, "period_start_ms": _integer}),
    "consignment": Form(
        fields={
            "consignment_id": _text,
            "mass_g": _AMOUNT,
            "origin_site": _WORDS,
            "destination_site": _WORDS,
            "legs": _list_of(_text),
            "row": _ROW,
        },
        closed=("party",),
    ),
    "leg": Form(
        fields={
            "leg_id": _text,
            "consignment_id": _text,
            "sequence": _integer,
            "mode": _text,
            "truck": _WORDS,
            "origin_site": _text,
            "destination_site": _text,
            "departed_at_ms": _integer,
            "arrived_at_ms": _integer,
            "departed_day": _day,
            "arrived_day": _day,
            "transport_distance_m": _AMOUNT,
            "distance_kind": _WORDS,
            "distance_source": _WORDS,
            "intensity_wtw_kgco2e_per_tkm": _WORDS,
            "intensity_ttw_kgco2e_per_tkm": _WORDS,
            "intensity_method": _WORDS,
            "row": _row,
        }
    ),
    "truck": Form(
        fields={
            "truck": _text,
            "edition": _one_of(*EDITIONS),
            "stack_count": _AMOUNT,
            "cells_per_stack": _AMOUNT,
            "tank_volume_ml": _AMOUNT,
            "battery_capacity_wh": _AMOUNT,
            "comparable_diesel_l_per_100km": _WORDS,
            "comparable_diesel_source": _WORDS,
            "comparable_diesel_date": _optional(_day),
            "comparable_diesel_method": _WORDS,
            "comparable_diesel_payload_t": _WORDS,
            "comparable_diesel_profile": _WORDS,
            "row": _row,
        },
        closed=("identity", "party"),
    ),
    "tank_opening": Form(fields={"at_ms": _integer, "mass_mg": _natural, "batch_id": _WORDS, "row": _row}),
    "fill": Form(
        fields={
            "refuelling_id": _text,
            "station_id": _text,
            "started_at_ms": _integer,
            "ended_at_ms": _integer,
            "mass_mg": _natural,
            "row": _row,
        }
    ),
    "stand": Form(
        fields={
            "started_at_s": _seconds,
            "ended_at_s": _seconds,
            "split_at_s": _seconds,
            "site_id": _WORDS,
            "open_ended": _flag,
        },
        closed=("position",),
    ),
    "window": Form(
        fields={
            "window_no": _natural,
            "from_s": _seconds,
            "to_s": _seconds,
            "fill": _optional(_FILL),
            "tank_start": _LOOK,
            "tank_end": _LOOK,
            "unseen": _list_of(_FILL),
        }
    ),
    "span": Form(
        fields={
            "span_no": _natural,
            "segment_no": _natural,
            "window_no": _natural,
            "from_s": _seconds,
            "to_s": _seconds,
            "readings": _natural,
            "moving_readings": _natural,
            "distance_ninths_mm": _natural,
            "distance_unknown": _natural,
            "charge_twice": _natural,
            "energy_twice": _integer,
            "unobserved_s": _natural,
            "first_at_s": _optional(_seconds),
            "last_at_s": _optional(_seconds),
            "first_active_s": _optional(_seconds),
            "last_active_s": _optional(_seconds),
            "first_soc_pct": _NUMBER,
            "last_soc_pct": _NUMBER,
            "unobserved_ninths_mm": _natural,
        }
    ),
    "service": Form(fields={"leg_id": _text, "trips": _list_of(_natural), "fault": _optional(_one_of(*FAULTS))}),
    "trip": Form(
        fields={
            "trip_no": _natural,
            "segment_no": _natural,
            "started_at_s": _seconds,
            "ended_at_s": _seconds,
            "origin_site": _WORDS,
            "destination_site": _WORDS,
            "distance_mm": _AMOUNT,
            "stack_charge_twice": _natural,
            "stack_energy_twice": _integer,
            "first_soc_pct": _NUMBER,
            "last_soc_pct": _NUMBER,
            "unobserved_s": _natural,
            "readings": _natural,
            "finished": _one_of(0, 1),
        }
    ),
    "span_hydrogen": Form(fields={"span_no": _natural, "used_mg": _natural, "by_origin": _list_of(_origin)}),
    "site": Form(
        fields={"site_id": _text, "site_kind": _WORDS, "grid_region": _WORDS, "row": _ROW}, closed=("position",)
    ),
    "hub_operation": Form(
        fields={
            "day": _day,
            "throughput_kg": _AMOUNT,
            "electricity_wh": _AMOUNT,
            "diesel_ml": _AMOUNT,
            "row": _row,
        }
    ),
    "delivery": Form(
        fields={
            "delivery_id": _text,
            "batch_id": _text,
            "delivered_at_ms": _integer,
            "mass_mg": _natural,
            "trailer_diesel_ml": _AMOUNT,
            "trailer_compression_wh": _AMOUNT,
            "row": _row,
        }
    ),
    "station_energy": Form(fields={"day": _day, "electricity_wh": _AMOUNT, "grid_region": _WORDS, "row": _row}),
    "station_stock": Form(fields={"day": _day, "opening_mg": _AMOUNT, "vented_mg": _AMOUNT, "row": _row}),
    "station_fill": Form(fields={"refuelling_id": _text, "started_at_ms": _integer, "mass_mg": _natural, "row": _row}),
    "batch": Form(
        fields={
            "batch_id": _text,
            "site_id": _WORDS,
            "site_grid_region": _WORDS,
            "pathway": _WORDS,
            "intensity_kgco2e_per_kg": _WORDS,
            "row": _ROW,
        }
    ),
    "batch_delivery": Form(fields={"station_id": _text, "mass_mg": _natural, "row": _row}),
    "distance": Form(fields={"sites": _pair, "transport_mm": _AMOUNT, "driven_mm": _AMOUNT, "straight_mm": _AMOUNT}),
}
