"""A set of signed documents as one dialogue: what stands about each profile, refused where it contradicts itself.

Order comes from digests alone: a document can only name what was there before it. Files, names, clocks and copies
decide nothing, and the first fault is the same in whatever order the documents come.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.profiles.drafting import check_against_edition
from h2corridor.accounting.profiles.editing import adopted_profile
from h2corridor.model.errors import EvidenceError
from h2corridor.model.rule_profile import (
    Change,
    Document,
    ProfileAdoption,
    ProfileAnswer,
    ProfileCirculation,
    ProfileComment,
    RuleProfile,
    RuleSetName,
    author_of,
    edition_number,
)

_D = TypeVar("_D", bound=Document)


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A document with its digest and the fingerprints of the listed keys whose signatures hold."""

    document: Document
    digest: str
    signers: tuple[str, ...]


class Dialogue(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was said, by digest; `adoptions` and `answers` by the digest of what they speak of.

    `signers` are the fingerprints of the keys on each document.
    """

    profiles: Mapping[str, RuleProfile]
    circulations: Mapping[str, ProfileCirculation]
    comments: Mapping[str, ProfileComment]
    answers: Mapping[str, tuple[str, ProfileAnswer]]
    adoptions: Mapping[str, tuple[str, ProfileAdoption]]
    signers: Mapping[str, tuple[str, ...]]

    def list_heads(self) -> tuple[str, ...]:
        """Profiles that no other follows, by digest."""
        followed = {each.supersedes for each in self.profiles.values()}
        return tuple(digest for digest in self.profiles if digest not in followed)

    def list_comments(self, profile: str, clause: str | None = None) -> tuple[str, ...]:
        """Comments on a profile, or on one clause of it, by digest."""
        found = ((digest, each) for digest, each in self.comments.items() if each.profile == profile)
        return tuple(digest for digest, each in found if clause in {None, each.clause})

    def list_open(self, profile: str | None = None) -> tuple[str, ...]:
        """Comments without an answer, on a profile or on all."""
        return tuple(
            digest
            for digest, each in self.comments.items()
            if digest not in self.answers and profile in {None, each.profile}
        )

    def list_changes(self, profile: str) -> list[tuple[str, Change]]:
        """What the answers about a profile change, by clause."""
        found = []
        for comment in self.list_comments(profile):
            answer = self.answers.get(comment)
            if answer is not None and answer[1].change is not None:
                found.append((self.comments[comment].clause, answer[1].change))
        return found


def read_dialogue(found: Iterable[Signed], edition_of: Callable[[RuleSetName], Edition]) -> Dialogue:
    """The dialogue that documents make together.

    Parameters
    ----------
    edition_of
        The edition a profile rests on, here; it raises where there is none.

    Raises
    ------
    EvidenceError
        `profile.signer`: the author did not sign; `profile.about-nothing`, `profile.unknown-clause`,
        `profile.not-circulated`: it speaks of what is not there; `profile.not-the-issuer`, `profile.answered-twice`,
        `profile.answer`, `profile.adopted-twice`, `profile.edition`, `profile.wording`,
        `profile.not-adopted`: it may not be said; and what `check_against_edition` and `adopted_profile` raise.
    InputError
        `profile.unknown-rule`, `profile.unknown-pact-field`: see `check_against_edition`.
    """
    documents, signers = _merged(found)
    for digest, document in documents.items():
        _check_author(document, digest, signers[digest])
    profiles = _of_kind(documents, RuleProfile)
    for profile in profiles.values():
        check_against_edition(profile, edition_of(profile.rule_set))
    dialogue = Dialogue(
        profiles=profiles,
        circulations=_checked_circulations(documents, profiles),
        comments=_of_kind(documents, ProfileComment),
        answers=_by_subject(_of_kind(documents, ProfileAnswer), "comment", _answered_twice),
        adoptions=_by_subject(_of_kind(documents, ProfileAdoption), "from_profile", _adopted_twice),
        signers=signers,
    )
    _check_comments(dialogue, edition_of)
    _check_answers(dialogue, edition_of)
    for digest, profile in profiles.items():
        adopted_profile(profile, dialogue.list_changes(digest), edition=profile.edition)
    for digest, adoption in dialogue.adoptions.values():
        _check_adoption(dialogue, digest, adoption)
    _check_lines(dialogue)
    return dialogue


def require_answered(dialogue: Dialogue, profile: str | None = None) -> None:
    """Refuse an adoption, of one profile or of any, while a comment on what it adopts is open.

    It stands apart from `read_dialogue` because a comment may cross with the adoption in the mail: the dialogue must
    still be read for the issuer to answer it.

    Raises
    ------
    EvidenceError
        `profile.open-comments`.
    """
    for adopted, (digest, _) in dialogue.adoptions.items():
        unanswered = dialogue.list_open(adopted)
        if unanswered and profile in {None, adopted}:
            fault = f"{len(unanswered)} comment(s) on what it adopts have no answer: {', '.join(unanswered[:5])}."
            next_step = "Answer each comment; after an adoption an answer changes nothing any more."
            raise _refusal("profile.open-comments", fault, digest, next_step)


def _merged(found: Iterable[Signed]) -> tuple[dict[str, Document], dict[str, tuple[str, ...]]]:
    """Each document once, in order of digest, with every key that signed a copy of it."""
    signers: dict[str, set[str]] = {}
    documents: dict[str, Document] = {}
    for each in found:
        documents[each.digest] = each.document
        signers.setdefault(each.digest, set()).update(each.signers)
    ordered = {digest: documents[digest] for digest in sorted(documents)}
    return ordered, {digest: tuple(sorted(signers[digest])) for digest in ordered}


def _of_kind(documents: Mapping[str, Document], kind: type[_D]) -> dict[str, _D]:
    return {digest: document for digest, document in documents.items() if isinstance(document, kind)}


def _by_subject(
    documents: Mapping[str, _D], field: str, twice: Callable[[str, str], EvidenceError]
) -> dict[str, tuple[str, _D]]:
    found: dict[str, tuple[str, _D]] = {}
    for digest, document in documents.items():
        subject: str = getattr(document, field)
        if subject in found:
            raise twice(digest, subject)
        found[subject] = digest, document
    return found


def _refusal(code: str, fault: str, digest: str, next_step: str, *, where: str = "") -> EvidenceError:
    return EvidenceError(code, fault, about=digest, where=where, next_step=next_step)


def _answered_twice(digest: str, subject: str) -> EvidenceError:
    fault = f"the comment {subject} has another answer already."
    return _refusal("profile.answered-twice", fault, digest, "Keep the one answer that its author stands by.")


def _adopted_twice(digest: str, subject: str) -> EvidenceError:
    fault = f"the profile {subject} was adopted by another document already."
    return _refusal("profile.adopted-twice", fault, digest, "Ask the issuer which of the two stands.")


def _check_author(document: Document, digest: str, signers: tuple[str, ...]) -> None:
    author = author_of(document)
    if author.key not in signers:
        fault = f"its author is {author.party} with key {author.key}, who did not sign it."
        raise _refusal("profile.signer", fault, digest, "Ask its author for the document with their signature.")


def _checked_circulations(
    documents: Mapping[str, Document], profiles: Mapping[str, RuleProfile]
) -> dict[str, ProfileCirculation]:
    found = _of_kind(documents, ProfileCirculation)
    for digest, each in found.items():
        _require_issuer(_require(profiles, each.profile, digest, "profile"), each.author.key, digest)
    return found


def _require(known: Mapping[str, _D], wanted: str, digest: str, kind: str) -> _D:
    if wanted not in known:
        fault = f"it speaks of the {kind} {wanted}, which is not here."
        raise _refusal("profile.about-nothing", fault, digest, "Ask its author for the document it speaks of.")
    return known[wanted]


def _require_issuer(profile: RuleProfile, key: str, digest: str) -> None:
    if key != profile.issuer.key:
        fault = f"only the issuer, {profile.issuer.party} with key {profile.issuer.key}, may say this; came key {key}."
        raise _refusal("profile.not-the-issuer", fault, digest, "Ask the issuer to say it.")


def _check_comments(dialogue: Dialogue, edition_of: Callable[[RuleSetName], Edition]) -> None:
    circulated = {each.profile for each in dialogue.circulations.values()}
    for digest, comment in dialogue.comments.items():
        profile = _require(dialogue.profiles, comment.profile, digest, "profile")
        if comment.profile not in circulated:
            fault = f"the profile {comment.profile} was not circulated."
            raise _refusal("profile.not-circulated", fault, digest, "Ask the issuer for the circulation.")
        if comment.clause not in {each.clause for each in profile.criteria}:
            fault = f"the profile has no clause {comment.clause}."
            raise _refusal("profile.unknown-clause", fault, digest, "Name a clause that `profile show` lists.")
        _check_change(profile, comment.clause, comment.proposal, edition_of)


def _check_answers(dialogue: Dialogue, edition_of: Callable[[RuleSetName], Edition]) -> None:
    for subject, (digest, answer) in dialogue.answers.items():
        comment = _require(dialogue.comments, subject, digest, "comment")
        profile = dialogue.profiles[comment.profile]
        _require_issuer(profile, answer.author.key, digest)
        if answer.outcome == "accepted" and comment.kind == "proposal" and answer.change != comment.proposal:
            fault = "a proposal is accepted, but the change is not the one proposed."
            raise _refusal("profile.answer", fault, digest, "Accept it in part, or take the change of the proposal.")
        if answer.outcome == "partly" and answer.change == comment.proposal:
            fault = "a proposal is accepted in part, but the change is the whole of it."
            raise _refusal("profile.answer", fault, digest, "Accept it, or say which part.")
        _check_change(profile, comment.clause, answer.change, edition_of)


def _check_change(
    profile: RuleProfile, clause: str, change: Change | None, edition_of: Callable[[RuleSetName], Edition]
) -> None:
    """A change may name no other parameters and units than the edition has."""
    if change is not None:
        changed = adopted_profile(profile, [(clause, change)], edition=profile.edition)
        check_against_edition(changed, edition_of(profile.rule_set))


def _check_adoption(dialogue: Dialogue, digest: str, adoption: ProfileAdoption) -> None:
    before = _require(dialogue.profiles, adoption.from_profile, digest, "profile")
    after = _require(dialogue.profiles, adoption.to_profile, digest, "profile")
    _require_issuer(before, adoption.author.key, digest)
    answers = dict(dialogue.answers.values())
    for answer in adoption.answers:
        _require(answers, answer, digest, "answer")
    if edition_number(after.edition) <= edition_number(before.edition):
        fault = f"edition {after.edition} does not come after {before.edition}."
        raise _refusal("profile.edition", fault, digest, "Give the adopted profile a later edition.")
    if after != adopted_profile(before, dialogue.list_changes(adoption.from_profile), edition=after.edition):
        fault = f"the profile {adoption.to_profile} is not the one before with the changes of its answers."
        raise _refusal("profile.wording", fault, digest, "Ask the issuer for the profile that the answers lead to.")
    _check_answers_named(dialogue, digest, adoption, answers)


def _check_answers_named(
    dialogue: Dialogue, digest: str, adoption: ProfileAdoption, answers: Mapping[str, ProfileAnswer]
) -> None:
    """Every answer named is about this profile, and none that changes something is left out."""
    about = {name: dialogue.comments[each.comment].profile for name, each in answers.items()}
    foreign = [name for name in adoption.answers if about[name] != adoption.from_profile]
    silent = [
        name
        for name, each in answers.items()
        if about[name] == adoption.from_profile and each.change is not None and name not in adoption.answers
    ]
    if foreign or silent:
        fault = (
            f"it names answers about another profile, or leaves out answers that change this one: {foreign + silent}."
        )
        raise _refusal("profile.wording", fault, digest, "Ask the issuer for an adoption that names its answers.")


def _check_lines(dialogue: Dialogue) -> None:
    """An adopted profile was adopted by a document; what a profile follows is here."""
    adopted = {adoption.to_profile for _, adoption in dialogue.adoptions.values()}
    for digest, profile in dialogue.profiles.items():
        if profile.supersedes is not None:
            before = _require(dialogue.profiles, profile.supersedes, digest, "profile")
            _require_issuer(before, profile.issuer.key, digest)
        if profile.status == "adopted" and digest not in adopted:
            fault = "it calls itself adopted, and no adoption of it is here."
            raise _refusal("profile.not-adopted", fault, digest, "Ask its issuer for the adoption.")
