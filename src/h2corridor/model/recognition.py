"""Recognition records, format `recognition/1`: what an instrument declares about figures under some rules.

A record says where (from, to), about which rules or profile, for what (sectors, lanes, boundaries), of what kind, by
which instrument, from when until when. None of them is a fact of the software: records come in files, signed, or with
the name of who loaded them.
"""

import datetime
from typing import Annotated, Literal

import msgspec
from h2verify import canonical
from h2verify.errors import CanonicalError

from h2corridor.model.errors import InputError
from h2corridor.model.rule_profile import Digest, EditionName, Line, Slug, Words, edition_number

ANY = "any"
"""A scope that is not limited says so; nothing is taken as unlimited because it is absent."""

Place = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(?!\n)$", examples=["CN"])]
Named = Annotated[tuple[Line, ...], msgspec.Meta(min_length=1, max_length=1_000)]
RecognitionKind = Literal["mutual", "unilateral", "equivalence", "none"]
Boundary = Literal["well_to_wheel", "tank_to_wheel", "any"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class EditionRange(_Part, frozen=True, kw_only=True):
    """Editions from the first to the last, both included."""

    first: EditionName
    last: EditionName


class Subject(_Part, frozen=True, kw_only=True):
    """The rule set or profile a record is about: by a range of editions, by one digest, or by both."""

    kind: Literal["rule_set", "profile"]
    id: Slug
    editions: EditionRange | None
    digest: Digest | None


class RecognitionScope(_Part, frozen=True, kw_only=True):
    """What a record covers; `any` stands where there is no limit."""

    sectors: Named
    lanes: Named
    boundary: Annotated[tuple[Boundary, ...], msgspec.Meta(min_length=1, max_length=3)]


class Instrument(_Part, frozen=True, kw_only=True):
    """The document that declares it. `seen` is true only where whoever made the record has read it, at `where_seen`."""

    name_zh: Line
    name_en: Line
    number: Line
    date: datetime.date
    where_seen: Words | None
    seen: bool


class Recognition(_Part, frozen=True, kw_only=True):
    """One record; `none` declares that there is no recognition. A record without an end is open."""

    format: Literal["recognition/1"]
    id: Slug
    from_: Place = msgspec.field(name="from")
    to: Place
    subject: Subject
    scope: RecognitionScope
    kind: RecognitionKind
    instrument: Instrument
    valid_from: datetime.date
    valid_until: datetime.date | None
    conditions_zh: Words | None
    conditions_en: Words | None
    loaded_by: Line | None


def decode_recognition(data: bytes, *, about: str) -> Recognition:
    """The record in a JSON text of any layout, refused unless it is whole and does not contradict itself.

    Raises
    ------
    InputError
        `recognition.form`: no JSON, a field unknown, missing or of another kind. `recognition.meaning`: fields that
        contradict each other.
    """
    next_step = "Correct the record; its schema ships as accounting/schemas/recognition-1.json."
    try:
        record = msgspec.convert(canonical.parse(data), Recognition)
    except CanonicalError as error:
        raise InputError("recognition.form", f"{error.fault}.", about=about, next_step=next_step) from error
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at ")
        raise InputError(
            "recognition.form", f"{fault}.", about=about, where=where.strip("`"), next_step=next_step
        ) from error
    for where, fault in _faults(record):
        raise InputError("recognition.meaning", f"{fault}.", about=about, where=where, next_step="Correct the record.")
    return record


def _faults(record: Recognition) -> list[tuple[str, str]]:
    faults = []
    editions = record.subject.editions
    if editions is None and record.subject.digest is None:
        faults.append(("subject", "it names neither editions nor a digest"))
    if editions is not None and edition_number(editions.first) > edition_number(editions.last):
        faults.append(("subject.editions", "the last edition comes before the first"))
    if record.valid_until is not None and record.valid_until < record.valid_from:
        faults.append(("valid_until", "it ends before it begins"))
    if record.from_ == record.to:
        faults.append(("to", "it goes from a place to the same place"))
    if record.instrument.seen and record.instrument.where_seen is None:
        faults.append(("instrument.where_seen", "an instrument that was seen was seen somewhere"))
    if (record.conditions_zh is None) != (record.conditions_en is None):
        faults.append(("conditions_en", "conditions stand in both languages or in neither"))
    for name in ("sectors", "lanes", "boundary"):
        names = getattr(record.scope, name)
        if len(set(names)) != len(names) or (ANY in names and len(names) > 1):
            faults.append((f"scope.{name}", "a name stands twice, or any stands beside a limit"))
    return faults
