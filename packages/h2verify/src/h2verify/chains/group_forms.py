"""The form of groups: which records stand in which order, and how many there may be.

What is not in this form is refused before any arithmetic sees it.
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from h2verify.chains.forms import FORMS, RECORDS_MAX, Groups, Record
from h2verify.errors import BundleError

RECORDS_OF_A_KIND_MAX = 2_000
DISTANCES_MAX = 20_000
SPANS_TIMES_DELIVERIES_MAX = 1_000_000
_EPOCH_DAY = datetime.date(1970, 1, 1).toordinal()
_DAY_MS = 86_400_000
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupForm:
    """Which kinds stand in a group: exactly one head, then the others in this order; `key` orders a kind strictly."""

    head: str | None
    rest: tuple[str, ...]
    key: Mapping[str, Callable[[Record], Any]] = field(default_factory=dict)


def _row(record: Record) -> Any:
    return record["row"]


def _sequence(record: Record) -> Any:
    return record["sequence"], record["row"]


def _time(record: Record) -> Any:
    return record["split_at_s"], record["started_at_s"]


def _segment(record: Record) -> Any:
    return record["segment_no"]


def _sites(record: Record) -> Any:
    return tuple(record["sites"])


_ROWS = (
    "tank_opening",
    "leg",
    "fill",
    "hub_operation",
    "delivery",
    "station_energy",
    "station_stock",
    "station_fill",
    "batch_delivery",
)
_BY_ROW = dict.fromkeys(_ROWS, _row)
GROUP_FORMS: Mapping[str, GroupForm] = {
    "trial": GroupForm(head="trial", rest=()),
    "consignment": GroupForm(head="consignment", rest=("leg",), key={"leg": _sequence}),
    "truck": GroupForm(
        head="truck",
        rest=("tank_opening", "leg", "fill", "stand", "window", "span", "service", "trip", "span_hydrogen"),
        key={**_BY_ROW, "stand": _time, "trip": _segment},
    ),
    "site": GroupForm(
        head="site",
        rest=("hub_operation", "delivery", "station_energy", "station_stock", "station_fill"),
        key=_BY_ROW,
    ),
    "batch": GroupForm(head="batch", rest=("batch_delivery",), key=_BY_ROW),
    "distances": GroupForm(head=None, rest=("distance",), key={"distance": _sites}),
}
_HEAD_ID = {"consignment": "consignment_id", "truck": "truck", "site": "site_id", "batch": "batch_id"}
_COUNTED = {"window": ("window_no", 0), "span": ("span_no", 0), "trip": ("trip_no", 1)}


def check_forms(groups: Groups) -> None:
    """Refuse records that are not in the form of the format's page, and more of them than its limits allow.

    Raises
    ------
    BundleError
        `activity.form`: a group or record of unknown name or kind, a field too many or too few or of another type, a
        record out of order. `container.limit`: more than the limits.
    """
    if sum(len(records) for records in groups.values()) > RECORDS_MAX:
        raise _too_many(f"more than {RECORDS_MAX} activity records")
    for name, records in groups.items():
        _check_group(name, records)
    legs = [record["leg_id"] for records in groups.values() for record in records if record["kind"] == "leg"]
    if len(set(legs)) != len(legs):
        raise _wrong("activity", "a leg stands twice")
    spans = sum(record["kind"] == "span" for records in groups.values() for record in records)
    deliveries = sum(record["kind"] == "delivery" for records in groups.values() for record in records)
    if spans * deliveries > SPANS_TIMES_DELIVERIES_MAX:
        raise _too_many(f"{spans} spans times {deliveries} deliveries are above {SPANS_TIMES_DELIVERIES_MAX}")


def _check_group(name: str, records: Sequence[Record]) -> None:
    prefix, slash, identity = name.partition("/")
    form = GROUP_FORMS.get(prefix)
    if form is None or bool(slash) != (prefix in _HEAD_ID):
        raise _wrong(name, "no group of the format has this name")
    for number, record in enumerate(records):
        _check_record(f"{name}[{number}]", record)
    kinds = [record["kind"] for record in records]
    heads = [] if form.head is None else [form.head]
    if kinds[: len(heads)] != heads or not set(kinds[len(heads) :]) <= set(form.rest):
        raise _wrong(name, f"expected {[*heads, *form.rest]} in this order")
    ranks = [form.rest.index(kind) for kind in kinds[len(heads) :]]
    if ranks != sorted(ranks):
        raise _wrong(name, f"expected {[*heads, *form.rest]} in this order")
    if prefix in _HEAD_ID:
        _check_head(name, identity, records[0], _HEAD_ID[prefix])
    for kind in form.rest:
        _check_kind(name, kind, [record for record in records if record["kind"] == kind], form)
    _check_legs(name, prefix, identity, [record for record in records if record["kind"] == "leg"])
    if prefix == "truck":
        _check_names(name, records)


def _check_head(name: str, identity: str, head: Record, id_field: str) -> None:
    if head[id_field] != identity:
        raise _wrong(name, f"the first record is of {head[id_field]!r}")
    said = [
        field for field in FORMS[head["kind"]].fields if field not in (id_field, "legs") and head[field] is not None
    ]
    if head["row"] is None and said:
        raise _wrong(name, f"no row describes it, and yet it has {said}")
    if head["row"] is not None and head.get("mass_g", 0) is None:
        raise _wrong(name, "a row describes it, and yet it has no mass_g")


def _check_legs(name: str, prefix: str, identity: str, legs: Sequence[Record]) -> None:
    for leg in legs:
        home = leg["truck"] if prefix == "truck" else leg["consignment_id"]
        if home != identity or (prefix != "truck" and leg["truck"] is not None):
            raise _wrong(name, f"leg {leg['leg_id']} belongs to another group")
        for end in ("departed", "arrived"):
            day = datetime.date.fromisoformat(leg[f"{end}_day"]).toordinal() - _EPOCH_DAY
            if abs(leg[f"{end}_at_ms"] // _DAY_MS - day) > 1:
                raise _wrong(name, f"leg {leg['leg_id']}: {end}_day is no day of {end}_at_ms anywhere")


def _check_names(name: str, records: Sequence[Record]) -> None:
    """Refuse a truck's record that names a leg, trip or span which its group does not have."""
    services = [record for record in records if record["kind"] == "service"]
    if [record["leg_id"] for record in services] != [r["leg_id"] for r in records if r["kind"] == "leg"]:
        raise _wrong(name, "expected one service a leg, in order of the legs")
    trips = sum(record["kind"] == "trip" for record in records)
    if any(not 1 <= number <= trips for service in services for number in service["trips"]):
        raise _wrong(name, "a service names a trip that is not there")
    spans = sum(record["kind"] == "span" for record in records)
    named = [record["span_no"] for record in records if record["kind"] == "span_hydrogen"]
    if any(number >= spans for number in named) or len(set(named)) != len(named):
        raise _wrong(name, "hydrogen of a span that is not there, or twice")


def _check_record(where: str, record: Any) -> None:
    kind = record.get("kind") if isinstance(record, Mapping) else None
    form = FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        raise _wrong(where, "a record without a kind of the format")
    if record.keys() != {"kind", "closed", *form.fields}:
        raise _wrong(where, f"a record {kind} has the fields {sorted({'closed', *form.fields})}")
    for name, check in form.fields.items():
        if not check(record[name]):
            raise _wrong(f"{where}.{name}", "another type or range than the format says")
    closed = record["closed"]
    if (
        not isinstance(closed, Mapping)
        or sorted(closed) != list(form.closed)
        or not all(isinstance(each, str) and _HASH.fullmatch(each) for each in closed.values())
    ):
        raise _wrong(f"{where}.closed", f"expected hashes of {list(form.closed)}")


def _check_kind(name: str, kind: str, records: Sequence[Record], form: GroupForm) -> None:
    if len(records) > (DISTANCES_MAX if kind == "distance" else RECORDS_OF_A_KIND_MAX):
        raise _too_many(f"{name}: {len(records)} records {kind}")
    key = form.key.get(kind)
    keys = [key(record) for record in records] if key else []
    if any(later <= earlier for earlier, later in pairwise(keys)):
        raise _wrong(name, f"records {kind} are not in order, or one stands twice")
    if kind == "distance":
        _check_straight(name, records)
    if kind in _COUNTED:
        number, first = _COUNTED[kind]
        if [record[number] for record in records] != list(range(first, first + len(records))):
            raise _wrong(name, f"records {kind} do not count {number} from {first}")


def _check_straight(name: str, records: Sequence[Record]) -> None:
    """The great circle stands where nobody says and nobody drove how far it is, and nowhere else."""
    for record in records:
        known = record["transport_mm"] is not None or record["driven_mm"] is not None
        if known == (record["straight_mm"] is not None):
            raise _wrong(name, f"{record['sites']}: straight_mm stands where the other two are null")


def _wrong(where: str, fault: str) -> BundleError:
    return BundleError("activity.form", f"{fault}.", where=where)


def _too_many(fault: str) -> BundleError:
    return BundleError("container.limit", f"{fault}.", where="activity")
