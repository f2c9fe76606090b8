"""Rule profiles in a folder: draft, circulate, comment, answer, adopt, and read the whole dialogue.

Every document is made, set beside all that is in the folder and checked with it before it is signed and written: what
a check of the folder would refuse is never said.
"""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from h2verify.bundle.statement import key_fingerprint

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.profiles import (
    Dialogue,
    Signed,
    adopted_profile,
    draft_profile,
    read_dialogue,
    require_answered,
)
from h2corridor.app.rules import get_any_edition
from h2corridor.app.signed_documents import (
    KEYS_FILE,
    ListedKey,
    list_notes,
    open_note,
    read_keys,
    read_limited,
    require_form,
    write_document,
)
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import InputError, UsageError
from h2corridor.model.rule_profile import (
    Author,
    Change,
    Document,
    Kind,
    Outcome,
    ProfileAdoption,
    ProfileAnswer,
    ProfileCirculation,
    ProfileComment,
    RuleProfile,
    RuleSetName,
    decode_document,
    document_digest,
)
from h2corridor.store.files import storage_errors, write_file

DRAFT = "draft.json"
_REFERENCE_MIN = 6
_T = TypeVar("_T")


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A folder as it was read: the dialogue, the documents it follows from, and the keys that count."""

    folder: Path
    dialogue: Dialogue
    documents: tuple[Signed, ...]
    keys: tuple[ListedKey, ...]


def read_desk(folder: Path, keys: Path | None = None) -> Desk:
    """Everything in a folder, verified.

    Parameters
    ----------
    keys : Path, optional
        The list of keys that count; without it the folder's own `keys.txt`, which whoever sent the folder wrote.

    Raises
    ------
    InputError, EvidenceError
        See `list_notes`, `read_keys`, `open_note`, `decode_document` and `read_dialogue`.
    UsageError
        `rules.unknown`: a profile rests on an edition that is not here.
    """
    listed = read_keys(keys or folder / KEYS_FILE)
    documents = tuple(_read_signed(path, listed) for path in list_notes(folder))
    return Desk(folder=folder, dialogue=read_dialogue(documents, _edition_of), documents=documents, keys=listed)


def new_profile(
    folder: Path, rules: str, *, profile_id: str, edition: str, name_zh: str, name_en: str, signer: LogSigner
) -> Path:
    """Write the first draft of a profile, `draft.json`, for its issuer to work on; it is signed when it circulates.

    Raises
    ------
    UsageError
        `rules.unknown`; `profile.exists`: there is a draft already.
    InputError
        `profile.form`: an id, edition or name that a profile cannot have.
    """
    target = folder / DRAFT
    if target.exists():
        next_step = "Work on it, circulate it, or move it away."
        raise UsageError("profile.exists", "there is a draft already.", about=str(target), next_step=next_step)
    author = _author(signer, name_zh, name_en)
    drafted = draft_profile(get_any_edition(rules), profile_id=profile_id, profile_edition=edition, issuer=author)
    data = msgspec.json.format(msgspec.json.encode(drafted), indent=1) + b"\n"
    decode_document(data, about=str(target))
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_file(target, data)
    return target


def circulate(
    desk: Desk,
    signer: LogSigner,
    *,
    to: Sequence[str],
    reply_by: str,
    now_ms: int,
    draft: Path | None = None,
    profile: str | None = None,
) -> list[Path]:
    """Sign a draft, or take a profile that is there, and ask for comments on it; gives the files written.

    Raises
    ------
    UsageError
        `profile.unknown-document`: see `find_profile`.
    """
    new: list[Document] = []
    if draft is not None:
        new.append(_read_draft(draft))
        digest = document_digest(new[0])
    else:
        digest = find_profile(desk.dialogue, profile)
    stated = new[0] if new else desk.dialogue.profiles[digest]
    assert isinstance(stated, RuleProfile)
    circulation: dict[str, Any] = {
        "format": "profile-circulation/1",
        "profile": digest,
        "author": _speaker(stated, signer),
        "at": _instant(now_ms),
        "to": tuple(to),
        "reply_by": reply_by,
    }
    return _say(desk, [*new, _made(ProfileCirculation, circulation)], signer)


def comment(
    desk: Desk,
    signer: LogSigner,
    *,
    clause: str,
    kind: Kind,
    name_zh: str,
    name_en: str,
    text_zh: str | None,
    text_en: str | None,
    now_ms: int,
    proposal: Mapping[str, str] | None = None,
    values: Sequence[str] = (),
    profile: str | None = None,
) -> list[Path]:
    """Say something about a clause of a profile; see `change_of` for `proposal` and `values`.

    Raises
    ------
    UsageError
        `profile.no-change`: a proposal that does not say what is to change.
    """
    digest = find_profile(desk.dialogue, profile)
    change = change_of(desk.dialogue.profiles[digest], proposal or {}, values)
    if kind == "proposal" and change is None:
        raise UsageError(
            "profile.no-change",
            "a comment of kind proposal says what is to change.",
            about=f"clause {clause}",
            next_step="Give the words with --statement-zh, --statement-en, --demands-zh or --demands-en, or a value "
            "with --value NAME=VALUE; without a change, use another --kind.",
        )
    stated: dict[str, Any] = {
        "format": "profile-comment/1",
        "profile": digest,
        "clause": clause,
        "author": _author(signer, name_zh, name_en),
        "at": _instant(now_ms),
        "kind": kind,
        "text_zh": text_zh,
        "text_en": text_en,
        "proposal": change,
    }
    return _say(desk, [_made(ProfileComment, stated)], signer, complete=digest)


def answer(
    desk: Desk,
    signer: LogSigner,
    *,
    about: str,
    outcome: Outcome,
    reason_zh: str | None,
    reason_en: str | None,
    now_ms: int,
    change: Mapping[str, str] | None = None,
    values: Sequence[str] = (),
) -> list[Path]:
    """Answer a comment; a proposal that is accepted brings its own change."""
    digest = _find(about, desk.dialogue.comments, "comment")
    asked = desk.dialogue.comments[digest]
    profile = desk.dialogue.profiles[asked.profile]
    stated_change = change_of(profile, change or {}, values)
    if outcome == "accepted" and stated_change is None:
        stated_change = asked.proposal
    stated: dict[str, Any] = {
        "format": "profile-answer/1",
        "comment": digest,
        "author": _speaker(profile, signer),
        "at": _instant(now_ms),
        "outcome": outcome,
        "reason_zh": reason_zh,
        "reason_en": reason_en,
        "change": stated_change,
    }
    return _say(desk, [_made(ProfileAnswer, stated)], signer)


def adopt(desk: Desk, signer: LogSigner, *, edition: str, now_ms: int, profile: str | None = None) -> list[Path]:
    """Adopt the next edition of a profile: what it says with the changes of all answers.

    Raises
    ------
    EvidenceError
        `profile.open-comments` and whatever else `read_dialogue` refuses.
    """
    digest = find_profile(desk.dialogue, profile)
    before = desk.dialogue.profiles[digest]
    author = _speaker(before, signer)
    after = adopted_profile(before, desk.dialogue.list_changes(digest), edition=edition)
    on_it = set(desk.dialogue.list_comments(digest))
    stated: dict[str, Any] = {
        "format": "profile-adoption/1",
        "from_profile": digest,
        "to_profile": document_digest(after),
        "answers": tuple(sorted(name for asked, (name, _) in desk.dialogue.answers.items() if asked in on_it)),
        "author": author,
        "at": _instant(now_ms),
    }
    checked = decode_document(msgspec.json.encode(after), about="the adopted profile")
    return _say(desk, [checked, _made(ProfileAdoption, stated)], signer, complete=digest)


def find_profile(dialogue: Dialogue, reference: str | None) -> str:
    """The digest of the profile somebody means: by the beginning of its digest, or the one that no other follows.

    Raises
    ------
    UsageError
        `profile.unknown-document`: no profile, or more than one, is meant.
    """
    if reference is not None:
        return _find(reference, dialogue.profiles, "profile")
    heads = dialogue.list_heads()
    if len(heads) != 1:
        raise _not_one(f"expected one profile that no other follows, found {len(heads)}.", dialogue.profiles)
    return heads[0]


def change_of(profile: RuleProfile, wordings: Mapping[str, str], values: Sequence[str]) -> Change | None:
    """A change from what somebody wrote: wordings by field, and values as NAME=VALUE in the unit of the edition.

    Raises
    ------
    UsageError
        `profile.value`: not NAME=VALUE of a parameter that the edition has.
    """
    if not wordings and not values:
        return None
    edition = _edition_of(profile.rule_set)
    asked = []
    for text in values:
        name, equals, value = text.partition("=")
        known = edition.parameters.find_titled(name)
        if not equals or known is None:
            fault = f"expected NAME=VALUE of a parameter of {edition.name}, came {text}."
            next_step = f"`h2corridor rules show {edition.name}` lists them."
            raise UsageError("profile.value", fault, next_step=next_step)
        asked.append({"parameter": name, "value": value, "unit": known.unit})
    return _converted(Change, {**wordings, "asked_values": asked}, "change")


def _say(desk: Desk, new: Sequence[Document], signer: LogSigner, *, complete: str | None = None) -> list[Path]:
    """Sign and write documents that hold together with the rest; `complete` names the profile whose adoption, if there
    is one, may leave no comment open."""
    key = key_fingerprint(signer.key)
    if key not in {each.fingerprint for each in desk.keys}:
        fault = f"your key {signer.key.name}+{signer.key.key_id.hex()} is not among the listed keys."
        next_step = "Add the line that `h2corridor sign key` printed to keys.txt, and send it to the others."
        raise UsageError("profile.own-key", fault, about=str(desk.folder), next_step=next_step)
    said = [Signed(document=each, digest=document_digest(each), signers=(key,)) for each in new]
    dialogue = read_dialogue([*desk.documents, *said], _edition_of)
    if complete is not None:
        require_answered(dialogue, complete)
    there = {each.digest for each in desk.documents}
    return [write_document(desk.folder, each.document, signer) for each in said if each.digest not in there]


def _read_signed(path: Path, keys: Sequence[ListedKey]) -> Signed:
    opened = open_note(read_limited(path), keys, about=path.name)
    document = decode_document(opened.body, about=path.name)
    require_form(opened, document, about=path.name)
    return Signed(document=document, digest=document_digest(document), signers=opened.signers)


def _read_draft(path: Path) -> RuleProfile:
    document = decode_document(read_limited(path), about=str(path))
    if not isinstance(document, RuleProfile) or document.status != "draft":
        next_step = "Name the draft that `h2corridor profile new` wrote."
        raise InputError("profile.no-draft", "expected a draft of a profile.", about=str(path), next_step=next_step)
    return document


def _edition_of(name: RuleSetName) -> Edition:
    return get_any_edition(f"{name.id}@{name.edition}")


def _author(signer: LogSigner, name_zh: str, name_en: str) -> Author:
    fingerprint = key_fingerprint(signer.key)
    return _converted(
        Author, {"party": signer.key.name, "name_zh": name_zh, "name_en": name_en, "key": fingerprint}, "author"
    )


def _speaker(profile: RuleProfile, signer: LogSigner) -> Author:
    """The issuer, where it is the issuer's key; another key speaks in its own name, and is refused by the dialogue."""
    issuer = profile.issuer
    fingerprint = key_fingerprint(signer.key)
    return issuer if issuer.key == fingerprint else _author(signer, signer.key.name, signer.key.name)


def _instant(now_ms: int) -> str:
    return datetime.datetime.fromtimestamp(now_ms // 1000, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _made(kind: type[Any], stated: Mapping[str, Any]) -> Document:
    """A document of what a person gave, checked as one that comes from outside."""
    return decode_document(msgspec.json.encode(stated), about=kind.__name__)


def _converted(kind: type[_T], stated: Mapping[str, Any], where: str) -> _T:
    try:
        return msgspec.convert(stated, kind)
    except msgspec.ValidationError as error:
        raise InputError("profile.form", f"{error}.", where=where, next_step="Correct what you gave.") from error


def _find(reference: str, documents: Mapping[str, Any], kind: str) -> str:
    found = [digest for digest in documents if digest.startswith(reference)]
    if len(reference) < _REFERENCE_MIN or len(found) != 1:
        raise _not_one(f"{len(found)} documents of kind {kind} begin with {reference!r}.", documents)
    return found[0]


def _not_one(fault: str, documents: Mapping[str, Any]) -> UsageError:
    known = ", ".join(digest[:12] for digest in list(documents)[:10]) or "none"
    next_step = f"Give the first {_REFERENCE_MIN} or more characters of its digest. There are: {known}."
    return UsageError("profile.unknown-document", fault, next_step=next_step)
