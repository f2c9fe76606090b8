"""Steps 12 and 13: activity records in their form, all there, computed again, and the chain written again from them.

1 form       every record and group as the format's page has it
2 groups     every group that the chain rests on is there
3 trips      spans are those between stands and windows; trips are the spans' sums; services fit stands
4 hydrogen   windows follow each other with the fills that are booked; hydrogen and its origin are what windows, spans,
             stocks, deliveries and fills give
5 chain      consignments, legs and distances agree; the chain is the one that the records give, field by field
6 statement  what it says of its consignment, its trial and what is not covered is what the records give

The first that does not hold is the reason.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from h2verify.bundle.limits import JSON_MARKS_MAX
from h2verify.chains import (
    ChainWriter,
    Groups,
    Ledger,
    check_cut,
    check_deliveries,
    check_forms,
    check_papers,
    check_stations,
    check_windows,
    decimal_text,
    find_break,
    read_truck,
    recompute_truck,
)
from h2verify.chains.group import write_needed
from h2verify.errors import BundleError
from h2verify.papers import find_instant_ms

Path = tuple[str | int, ...]
SHOWN_CHARACTERS = 200


def verify_activity(groups: Groups, chain: Mapping[str, Any], consignment_id: str) -> None:
    """Refuse a chain that does not follow from activity records.

    Parameters
    ----------
    groups : records by group, each known to be whole and committed to
    chain : the document `chain.json`
    consignment_id : whom the statement is about

    Raises
    ------
    BundleError
        `activity.form`, `activity.group-missing`, `activity.trips`, `activity.hydrogen`, `activity.chain`,
        `container.limit`.
    """
    written, ledger = _write(groups, consignment_id)
    trucks = [read_truck(ledger, name) for name in ledger.list_asked("truck/")]
    for truck in trucks:
        check_cut(truck)
    again = {truck.truck: recompute_truck(ledger, truck.truck) for truck in trucks}
    for name, made in again.items():
        _require_same(f"truck/{name}", "trip", groups, made.trips, "activity.trips")
    for each in trucks:
        check_windows(each)
        check_stations(ledger, each)
    check_deliveries(ledger)
    for name, made in again.items():
        _require_same(f"truck/{name}", "span_hydrogen", groups, made.span_hydrogen, "activity.hydrogen")
    check_papers(ledger, trucks)
    place = first_difference(written, chain)
    if place is not None:
        fault = f"the records give {_shown(written, place)}, the chain says {_shown(chain, place)}."
        raise BundleError("activity.chain", fault, where=_path_text(place))


def verify_stated(groups: Groups, statement: Mapping[str, Any]) -> None:
    """Refuse a statement that says something else than its records of consignment, trial, or what is not covered.

    Parameters
    ----------
    groups : records that `verify_activity` has held
    statement : the statement, in its form

    Raises
    ------
    BundleError
        `activity.statement`.
    """
    consignment_id = statement["consignment"]["consignment_id"]
    writer = ChainWriter(groups)
    _require_whole_journey(writer, consignment_id)
    expected = _stated_by_records(writer, consignment_id)
    said = _stated(statement)
    place = first_difference(expected, said)
    if place is not None:
        fault = f"the records give {_shown(expected, place)}, the statement says {_shown(said, place)}."
        raise BundleError("activity.statement", fault, where=_path_text(place))


def _require_whole_journey(writer: ChainWriter, consignment_id: str) -> None:
    """Refuse legs that do not lead, one after the other, from the consignment's origin to its destination."""
    consignment = writer.ledger.get_consignment(consignment_id)
    places = [(leg["origin_site"], leg["destination_site"]) for leg in writer.list_legs(consignment_id)]
    broken = find_break(places, consignment["origin_site"], consignment["destination_site"])
    if broken is not None:
        fault = "its legs do not lead from its origin to its destination: one is left out."
        raise BundleError("activity.statement", fault, where=f"consignment/{consignment_id} leg {broken + 1}")


def verify_records(groups: Groups, consignment_id: str) -> None:
    """Refuse records that are not in their form, and a chain whose groups are not all there.

    Raises
    ------
    BundleError
        `activity.form`, `activity.group-missing`, `container.limit`; `activity.chain` where nothing can be written.
    """
    _write(groups, consignment_id)


def first_difference(expected: Any, actual: Any, path: Path = ()) -> Path | None:
    """Give the place of the first difference of two documents, names in order, or None."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for name in sorted({*expected, *actual}):
            if name not in expected or name not in actual:
                return (*path, name)
            found = first_difference(expected[name], actual[name], (*path, name))
            if found is not None:
                return found
        return None
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        for number, (one, other) in enumerate(zip(expected, actual, strict=False)):
            found = first_difference(one, other, (*path, number))
            if found is not None:
                return found
        return None if len(expected) == len(actual) else (*path, min(len(expected), len(actual)))
    return None if type(expected) is type(actual) and expected == actual else path


def _write(groups: Groups, consignment_id: str) -> tuple[dict[str, Any], Ledger]:
    check_forms(groups)
    ledger = Ledger(groups, references_max=JSON_MARKS_MAX)
    return write_needed(ledger, consignment_id), ledger


def _stated_by_records(writer: ChainWriter, consignment_id: str) -> dict[str, Any]:
    """What records give of a statement; instants in ms since 1970-01-01 UTC, to the second."""
    consignment, trial = writer.ledger.get_consignment(consignment_id), writer.ledger.get_head("trial")
    legs = writer.list_legs(consignment_id)
    return {
        "consignment": {
            "arrived_at": _whole_second_ms(legs[-1]["arrived_at_ms"]),
            "departed_at": _whole_second_ms(legs[0]["departed_at_ms"]),
            "destination_site": {"site_id": consignment["destination_site"]},
            "mass_kg": decimal_text(consignment["mass_g"], 3),
            "modes": [leg["mode"] for leg in legs],
            "origin_site": {"site_id": consignment["origin_site"]},
        },
        "not_covered": writer.list_not_covered(consignment_id),
        "trial": {"period_start": _whole_second_ms(trial["period_start_ms"]), "trial_id": trial["trial_id"]},
    }


def _stated(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The same of the statement itself."""
    said, trial = statement["consignment"], statement["trial"]
    return {
        "consignment": {
            "arrived_at": find_instant_ms(said["arrived_at"] or ""),
            "departed_at": find_instant_ms(said["departed_at"] or ""),
            "destination_site": {"site_id": said["destination_site"]["site_id"]},
            "mass_kg": said["mass_kg"],
            "modes": said["modes"],
            "origin_site": {"site_id": said["origin_site"]["site_id"]},
        },
        "not_covered": statement["not_covered"],
        "trial": {"period_start": find_instant_ms(trial["period_start"] or ""), "trial_id": trial["trial_id"]},
    }


def _whole_second_ms(at_ms: int) -> int:
    return at_ms // 1000 * 1000


def _require_same(group: str, kind: str, groups: Groups, again: Sequence[Mapping[str, Any]], code: str) -> None:
    stated = [
        {name: value for name, value in record.items() if name != "closed"}
        for record in groups[group]
        if record["kind"] == kind
    ]
    place = first_difference(list(again), stated)
    if place is not None:
        fault = f"recomputed {_shown(again, place)}, recorded {_shown(stated, place)}."
        raise BundleError(code, fault, where=f"{group} {kind}{_path_text(place).removeprefix('$')}")


def _path_text(path: Path) -> str:
    """A path as the rest of the house writes it: `$.elements[0].distance.km`, names that are none in quotes."""
    parts = [
        f"[{part}]"
        if isinstance(part, int)
        else (f".{part}" if part.isidentifier() and part.isascii() else f"[{json.dumps(part, ensure_ascii=False)}]")
        for part in path
    ]
    return "$" + "".join(parts)


def _shown(document: Any, path: Path) -> str:
    value = document
    for part in path:
        there = part in value if isinstance(value, Mapping) else isinstance(part, int) and part < len(value)
        if not there:
            return "nothing"
        value = value[part]
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
