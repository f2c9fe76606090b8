"""Rule profiles and what is said about them: five documents that offices exchange as files.

    rule-profile/1          a rule set in clauses that people can discuss, each resting on rules and parameters by name
    profile-circulation/1   the issuer asks for comments on a profile
    profile-comment/1       somebody speaks about one clause of a profile
    profile-answer/1        the issuer answers one comment, and says what changes
    profile-adoption/1      the issuer adopts the next edition: the profile with the changes that its answers name

A document is known by the SHA-256 of its canonical JSON and names what it speaks of by that digest. Nothing here says
who signed; a document only names the key of its author.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from h2verify import canonical
from h2verify.errors import CanonicalError

from h2corridor.model.chain import Identifier
from h2corridor.model.errors import InputError

_MANY = 2_000
_ONE_LINE = "[^\\x00-\\x1f\\x7f]*"

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}(?!\n)$", description="SHA-256, lower-case hexadecimal")]
EditionName = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}\.[0-9]{1,4}(?!\n)$", examples=["2026.1"])]
Instant = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z(?!\n)$", description="UTC")
]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=rf"^(?=.*\S){_ONE_LINE}(?!\n)$")]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=4000, pattern=r"\S")]
Slug = Annotated[str, msgspec.Meta(max_length=80, pattern=r"^[a-z][a-z0-9-]*(?!\n)$")]
Clause = Annotated[
    str, msgspec.Meta(max_length=40, pattern=r"^[0-9A-Za-z]+([.-][0-9A-Za-z]+)*(?!\n)$", examples=["3.2"])
]
Name = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[a-z][a-z0-9_]*(?!\n)$")]
Amount = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$", examples=["2.5"])]
Uri = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^[a-z][a-z0-9+.-]*:[!-~]+(?!\n)$")]

Kind = Literal["question", "objection", "proposal", "agreement"]
Outcome = Literal["accepted", "partly", "declined", "noted"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Author(_Part, frozen=True, kw_only=True):
    """Who speaks: the name of the key, the office in both languages, and the whole fingerprint of the key."""

    party: Identifier
    name_zh: Line
    name_en: Line
    key: Digest


class RuleSetName(_Part, frozen=True, kw_only=True):
    """The edition a profile rests on, by its name and the digest of its whole folder."""

    id: Slug
    edition: EditionName
    digest: Digest


class PactField(_Part, frozen=True, kw_only=True):
    """A field of the PACT data model that shows what a clause is about."""

    version: Literal["2.2", "3.0"]
    field: Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*(?!\n)$")]


class AskedValue(_Part, frozen=True, kw_only=True):
    """A value that the clause asks of a later edition of the rules, in the unit of the parameter."""

    parameter: Name
    value: Amount
    unit: Line


class Criterion(_Part, frozen=True, kw_only=True):
    """One clause: what it states, what it demands, and the rules and parameters it rests on.

    `standard_clause` is `unseen` where nobody here has read it, `own` where the standard says nothing.
    """

    clause: Clause
    group_zh: Line
    group_en: Line
    statement_zh: Words
    statement_en: Words
    demands_zh: Words
    demands_en: Words
    rules: Annotated[tuple[Name, ...], msgspec.Meta(max_length=_MANY)]
    parameters: Annotated[tuple[Name, ...], msgspec.Meta(max_length=_MANY)]
    standard: Line
    standard_clause: Line
    pact_fields: Annotated[tuple[PactField, ...], msgspec.Meta(max_length=_MANY)]
    untp_criterion: Uri | None
    asked_values: Annotated[tuple[AskedValue, ...], msgspec.Meta(max_length=_MANY)]


class RuleProfile(_Part, frozen=True, kw_only=True):
    """A rule set as clauses; `supersedes` is the digest of the profile it follows."""

    format: Literal["rule-profile/1"]
    id: Slug
    edition: EditionName
    status: Literal["draft", "adopted"]
    issuer: Author
    rule_set: RuleSetName
    title_zh: Line
    title_en: Line
    scope_zh: Words
    scope_en: Words
    criteria: Annotated[tuple[Criterion, ...], msgspec.Meta(min_length=1, max_length=_MANY)]
    supersedes: Digest | None


class ProfileCirculation(_Part, frozen=True, kw_only=True):
    """A profile goes out for comments; `reply_by` is a request, no clock decides."""

    format: Literal["profile-circulation/1"]
    profile: Digest
    author: Author
    at: Instant
    to: Annotated[tuple[Line, ...], msgspec.Meta(min_length=1, max_length=_MANY)]
    reply_by: datetime.date


class Change(_Part, frozen=True, kw_only=True):
    """What a clause is to say instead; null leaves a wording as it is. A value is asked of the next edition."""

    statement_zh: Words | None = None
    statement_en: Words | None = None
    demands_zh: Words | None = None
    demands_en: Words | None = None
    asked_values: Annotated[tuple[AskedValue, ...], msgspec.Meta(max_length=_MANY)] = ()

    @property
    def wordings(self) -> dict[str, str]:
        """The new wordings by the field of the clause they take the place of."""
        named = ("statement_zh", "statement_en", "demands_zh", "demands_en")
        return {name: words for name in named if (words := getattr(self, name)) is not None}


class ProfileComment(_Part, frozen=True, kw_only=True):
    """What somebody says about a clause; a proposal, and nothing else, brings a change."""

    format: Literal["profile-comment/1"]
    profile: Digest
    clause: Clause
    author: Author
    at: Instant
    kind: Kind
    text_zh: Words | None
    text_en: Words | None
    proposal: Change | None


class ProfileAnswer(_Part, frozen=True, kw_only=True):
    """The issuer's answer to a comment and the change that follows from it."""

    format: Literal["profile-answer/1"]
    comment: Digest
    author: Author
    at: Instant
    outcome: Outcome
    reason_zh: Words | None
    reason_en: Words | None
    change: Change | None


class ProfileAdoption(_Part, frozen=True, kw_only=True):
    """One profile becomes the next; `answers` are those it takes account of, in order of digest."""

    format: Literal["profile-adoption/1"]
    from_profile: Digest
    to_profile: Digest
    answers: Annotated[tuple[Digest, ...], msgspec.Meta(max_length=100_000)]
    author: Author
    at: Instant


Document: TypeAlias = RuleProfile | ProfileCirculation | ProfileComment | ProfileAnswer | ProfileAdoption

FORMATS: Mapping[str, type[Document]] = {
    "rule-profile/1": RuleProfile,
    "profile-circulation/1": ProfileCirculation,
    "profile-comment/1": ProfileComment,
    "profile-answer/1": ProfileAnswer,
    "profile-adoption/1": ProfileAdoption,
}


def author_of(document: Document) -> Author:
    """Whose key must have signed the document."""
    return document.issuer if isinstance(document, RuleProfile) else document.author


def edition_number(edition: str) -> tuple[int, ...]:
    """An edition as numbers, for its order: 2026.10 comes after 2026.9."""
    return tuple(int(part) for part in edition.split("."))


def encode_document(document: msgspec.Struct) -> bytes:
    """The canonical JSON of a document: what is hashed and signed."""
    return canonical.encode(msgspec.to_builtins(document))


def document_digest(document: msgspec.Struct) -> str:
    """SHA-256 of the canonical JSON, by which others speak of the document."""
    return canonical.digest_hex(msgspec.to_builtins(document))


def decode_document(data: bytes, *, about: str) -> Document:
    """The document in a JSON text of any layout, refused unless it is whole and does not contradict itself.

    Raises
    ------
    InputError
        `profile.form`: no JSON, no known format, a field unknown, missing or of another kind. `profile.meaning`:
        fields that contradict each other.
    """
    next_step = f"Supply a document of one of the formats {', '.join(FORMATS)}."
    try:
        value = canonical.parse(data)
        stated = value.get("format") if isinstance(value, dict) else None
        kind = FORMATS.get(stated) if isinstance(stated, str) else None
        if kind is None:
            raise InputError(
                "profile.form", f"expected a known format, came {stated!r}.", about=about, next_step=next_step
            )
        document = msgspec.convert(value, kind)
    except CanonicalError as error:
        raise InputError("profile.form", f"{error.fault}.", about=about, next_step=next_step) from error
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at ")
        next_step = "Correct the document; its schema ships under accounting/schemas."
        raise InputError(
            "profile.form", f"{fault}.", about=about, where=where.strip("`"), next_step=next_step
        ) from error
    check_document(document, about=about)
    return document


def check_document(document: Document, *, about: str) -> None:
    """Refuse a document whose fields contradict each other (InputError `profile.meaning`)."""
    for where, fault in _FAULTS[type(document)](document):
        raise InputError("profile.meaning", f"{fault}.", about=about, where=where, next_step="Correct the document.")


def document_schema(kind: type[msgspec.Struct]) -> bytes:
    """The JSON schema of a format as it ships in the package (`accounting/schemas/`)."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(kind),
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"


def _profile_faults(document: RuleProfile) -> list[tuple[str, str]]:
    clauses = [each.clause for each in document.criteria]
    faults = [(f"criteria {clause}", "this clause stands twice") for clause in clauses if clauses.count(clause) > 1]
    for each in document.criteria:
        for name in ("rules", "parameters"):
            if len(set(getattr(each, name))) != len(getattr(each, name)):
                faults.append((f"criteria {each.clause}.{name}", "a name stands twice"))
        faults += [(f"criteria {each.clause}.{at}", fault) for at, fault in _value_faults(each.asked_values)]
    if document.status == "adopted" and document.supersedes is None:
        faults.append(("supersedes", "an adopted profile follows another, which it must name"))
    return faults


def _value_faults(values: tuple[AskedValue, ...]) -> list[tuple[str, str]]:
    names = [each.parameter for each in values]
    return [("asked_values", f"{name} is asked for twice") for name in names if names.count(name) > 1]


def _change_faults(change: Change | None, where: str) -> list[tuple[str, str]]:
    if change is None:
        return []
    if not change.wordings and not change.asked_values:
        return [(where, "a change that changes nothing")]
    return [(f"{where}.{at}", fault) for at, fault in _value_faults(change.asked_values)]


def _comment_faults(document: ProfileComment) -> list[tuple[str, str]]:
    faults = _change_faults(document.proposal, "proposal")
    if (document.kind == "proposal") != (document.proposal is not None):
        faults.append(("proposal", "a comment of kind proposal, and no other, says what is to change"))
    if document.text_zh is None and document.text_en is None:
        faults.append(("text_en", "a comment has a text in Chinese, in English, or in both"))
    return faults


def _answer_faults(document: ProfileAnswer) -> list[tuple[str, str]]:
    faults = _change_faults(document.change, "change")
    if document.outcome in {"declined", "noted"} and document.change is not None:
        faults.append(("change", f"an answer that is {document.outcome} changes nothing"))
    if document.outcome == "partly" and document.change is None:
        faults.append(("change", "an answer that accepts in part says what changes"))
    if document.reason_zh is None and document.reason_en is None:
        faults.append(("reason_en", "an answer has a reason in Chinese, in English, or in both"))
    return faults


def _adoption_faults(document: ProfileAdoption) -> list[tuple[str, str]]:
    faults = []
    if list(document.answers) != sorted(set(document.answers)):
        faults.append(("answers", "each answer stands once, in order of digest"))
    if document.from_profile == document.to_profile:
        faults.append(("to_profile", "a profile cannot become itself"))
    return faults


_FAULTS: Mapping[type[Document], Callable[[Any], list[tuple[str, str]]]] = {
    RuleProfile: _profile_faults,
    ProfileCirculation: lambda _: [],
    ProfileComment: _comment_faults,
    ProfileAnswer: _answer_faults,
    ProfileAdoption: _adoption_faults,
}
