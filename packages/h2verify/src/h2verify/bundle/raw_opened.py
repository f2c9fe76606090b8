"""The recorded release of raw data, and identities and positions opened against the hashes in activity records."""

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from h2verify import canonical
from h2verify.bundle.forms import (
    ANYTHING,
    NAME,
    SHA256,
    STATEMENT_ID,
    TEXT,
    WHOLE,
    Document,
    ListOf,
    encode_or_refuse,
    one_of,
    require_form,
)
from h2verify.chains.forms import Groups
from h2verify.errors import BundleError
from h2verify.rows import salted_leaf_hash

RELEASE = "h2corridor/release/1"
OPENED_MAX = 20_000
CLASSES = {"identity": ("truck",), "position": ("stand", "site")}
"""Which records must have which class opened."""

Opened: TypeAlias = "Mapping[tuple[str, int, str], Mapping[str, Any]]"
"""Opened values by group, record in it (from 0) and class."""

_RELEASE = {
    "format": one_of(RELEASE),
    "release": {
        "basis": TEXT,
        "decided_at": TEXT,
        "decided_by": TEXT,
        "purpose": TEXT,
        "recipient": TEXT,
        "release_id": NAME,
        "statement_id": STATEMENT_ID,
    },
}
_OPENED = {
    "format": one_of("h2corridor/opened/1"),
    "opened": ListOf({"class": NAME, "group": TEXT, "record": WHOLE, "salt": SHA256, "values": ANYTHING}, OPENED_MAX),
}


def verify_release(document: Any, statement_id: str, logged: Collection[bytes]) -> Document:
    """The decision to release raw data of this statement, once it is in the log.

    Parameters
    ----------
    document : what `release.json` says
    statement_id : the statement's
    logged : the entries, as canonical bytes, that `proofs.json` proves to be in the log

    Raises
    ------
    BundleError
        `release.form`, `release.statement` (the decision is about another), `release.log`.
    """
    require_form(document, _RELEASE, code="release.form", where="release.json")
    release: Document = document["release"]
    if release["statement_id"] != statement_id:
        fault = f"it releases {release['statement_id']}, not {statement_id}."
        raise BundleError("release.statement", fault, where="release.json")
    if canonical.encode({"digest": canonical.digest_hex(release), "type": RELEASE}) not in logged:
        raise BundleError("release.log", "the decision is not proved to be in the log.", where="release.json")
    return release


def verify_opened(document: Any, groups: Groups) -> Opened:
    """The opened values, once each fits its hash and nothing that must be opened is closed.

    Parameters
    ----------
    document : what `opened.json` says
    groups : the bundle's activity records

    Raises
    ------
    BundleError
        `opened.form`, `opened.hash`, `opened.missing`.
    """
    require_form(document, _OPENED, code="opened.form", where="opened.json")
    opened: dict[tuple[str, int, str], Mapping[str, Any]] = {}
    for number, each in enumerate(document["opened"]):
        where = f"opened.json.opened[{number}]"
        place = (each["group"], each["record"], each["class"])
        if place in opened:
            raise BundleError("opened.form", "it is opened already.", where=where)
        if not isinstance(each["values"], Mapping):
            raise BundleError("opened.form", "expected an object.", where=f"{where}.values")
        _require_hash(each, groups, where)
        opened[place] = each["values"]
    _require_all(opened, groups)
    return opened


def _require_hash(each: Document, groups: Groups, where: str) -> None:
    records = groups.get(each["group"], ())
    if each["record"] >= len(records) or each["class"] not in records[each["record"]]["closed"]:
        raise BundleError("opened.form", "no record of the bundle has this closed.", where=where)
    values = encode_or_refuse(each["values"], code="opened.form", where=where)
    leaf = salted_leaf_hash(bytes.fromhex(each["salt"]), values)
    if leaf.hex() != records[each["record"]]["closed"][each["class"]]:
        fault = f"values and salt do not give the hash of record {each['record']} of {each['group']}."
        raise BundleError("opened.hash", fault, where=where)


def _require_all(opened: Opened, groups: Groups) -> None:
    for group, records in groups.items():
        for number, record in enumerate(records):
            for name, kinds in CLASSES.items():
                if record["kind"] in kinds and (group, number, name) not in opened:
                    raise BundleError("opened.missing", f"{name} is not opened.", where=f"{group}[{number}]")
