"""A dialogue for readers: a profile with what was said under each clause, and what a check of a folder found."""

from collections.abc import Sequence

import msgspec

from h2corridor.accounting.profiles import Dialogue, require_answered
from h2corridor.app.profiles import Desk, find_profile
from h2corridor.app.rules import get_any_edition
from h2corridor.model.rule_profile import (
    Author,
    Change,
    Criterion,
    ProfileAdoption,
    ProfileAnswer,
    ProfileCirculation,
    ProfileComment,
    RuleProfile,
)


class AskedView(msgspec.Struct, frozen=True, kw_only=True):
    """A value asked of a later edition, beside what the edition has now (several by date or region)."""

    parameter: str
    value: str
    unit: str
    title_zh: str
    title_en: str
    now: tuple[str, ...]


class CommentView(msgspec.Struct, frozen=True, kw_only=True):
    """A comment with its answer, None while it is open."""

    digest: str
    comment: ProfileComment
    answer_digest: str | None
    answer: ProfileAnswer | None


class ClauseView(msgspec.Struct, frozen=True, kw_only=True):
    """A clause and the thread under it, in order of digest."""

    criterion: Criterion
    asked: tuple[AskedView, ...]
    comments: tuple[CommentView, ...]


class GroupView(msgspec.Struct, frozen=True, kw_only=True):
    """Clauses that stand together."""

    title_zh: str
    title_en: str
    clauses: tuple[ClauseView, ...]


class ProfileView(msgspec.Struct, frozen=True, kw_only=True):
    """A profile as it is read; `adoption` is what made the next edition of it, `adopted_as` that edition."""

    digest: str
    profile: RuleProfile
    signers: tuple[str, ...]
    circulations: tuple[ProfileCirculation, ...]
    groups: tuple[GroupView, ...]
    comments: int
    open_comments: tuple[str, ...]
    adoption: ProfileAdoption | None
    adopted_as: str | None


class OpenComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment that waits for an answer."""

    digest: str
    profile: str
    clause: str
    kind: str
    author: Author
    text_zh: str | None
    text_en: str | None
    proposal: Change | None


class CheckedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that counted, and how many of the documents it signed."""

    party: str
    fingerprint: str
    documents: int


class CheckedProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A profile of the dialogue by name and digest."""

    digest: str
    name: str
    status: str
    supersedes: str | None


class CheckedDesk(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of a folder found; that there is one means that everything in it holds."""

    documents: int
    keys: tuple[CheckedKey, ...]
    profiles: tuple[CheckedProfile, ...]
    comments: int
    answers: int
    adoptions: int
    open_comments: tuple[OpenComment, ...]


def view_profile(desk: Desk, reference: str | None) -> ProfileView:
    """A profile with its thread; UsageError `profile.unknown-document` where none is meant."""
    dialogue = desk.dialogue
    digest = find_profile(dialogue, reference)
    profile = dialogue.profiles[digest]
    adoption = dialogue.adoptions.get(digest)
    after = None if adoption is None else dialogue.profiles[adoption[1].to_profile]
    return ProfileView(
        digest=digest,
        profile=profile,
        signers=dialogue.signers[digest],
        circulations=tuple(each for each in dialogue.circulations.values() if each.profile == digest),
        groups=_groups(dialogue, digest, profile),
        comments=len(dialogue.list_comments(digest)),
        open_comments=dialogue.list_open(digest),
        adoption=None if adoption is None else adoption[1],
        adopted_as=None if after is None else f"{after.id}@{after.edition}",
    )


def check_desk(desk: Desk) -> CheckedDesk:
    """What a folder that holds says in all; EvidenceError `profile.open-comments`, see `require_answered`."""
    dialogue = desk.dialogue
    require_answered(dialogue)
    return CheckedDesk(
        documents=len(dialogue.signers),
        keys=tuple(
            CheckedKey(
                party=each.party,
                fingerprint=each.fingerprint,
                documents=sum(each.fingerprint in signers for signers in dialogue.signers.values()),
            )
            for each in desk.keys
        ),
        profiles=tuple(_checked_profile(digest, each) for digest, each in _in_order(dialogue)),
        comments=len(dialogue.comments),
        answers=len(dialogue.answers),
        adoptions=len(dialogue.adoptions),
        open_comments=tuple(_open_comment(digest, dialogue.comments[digest]) for digest in dialogue.list_open()),
    )


def _groups(dialogue: Dialogue, digest: str, profile: RuleProfile) -> tuple[GroupView, ...]:
    found: dict[tuple[str, str], list[Criterion]] = {}
    for criterion in profile.criteria:
        found.setdefault((criterion.group_zh, criterion.group_en), []).append(criterion)
    return tuple(
        GroupView(title_zh=zh, title_en=en, clauses=tuple(_clause(dialogue, digest, profile, each) for each in clauses))
        for (zh, en), clauses in found.items()
    )


def _clause(dialogue: Dialogue, digest: str, profile: RuleProfile, criterion: Criterion) -> ClauseView:
    return ClauseView(
        criterion=criterion,
        asked=_asked(profile, criterion),
        comments=tuple(
            CommentView(
                digest=each,
                comment=dialogue.comments[each],
                answer_digest=dialogue.answers[each][0] if each in dialogue.answers else None,
                answer=dialogue.answers[each][1] if each in dialogue.answers else None,
            )
            for each in dialogue.list_comments(digest, criterion.clause)
        ),
    )


def _asked(profile: RuleProfile, criterion: Criterion) -> tuple[AskedView, ...]:
    parameters = get_any_edition(f"{profile.rule_set.id}@{profile.rule_set.edition}").parameters
    found = []
    for asked in criterion.asked_values:
        constant = parameters.constants.get(asked.parameter)
        entries = [constant] if constant else [each for each in parameters.listed if each.name == asked.parameter]
        found.append(
            AskedView(
                parameter=asked.parameter,
                value=asked.value,
                unit=asked.unit,
                title_zh=entries[0].title_zh,
                title_en=entries[0].title_en,
                now=tuple(dict.fromkeys(each.value for each in entries)),
            )
        )
    return tuple(found)


def _in_order(dialogue: Dialogue) -> Sequence[tuple[str, RuleProfile]]:
    """Profiles from the first to the last: each after the one it follows, ties by digest."""
    return sorted(dialogue.profiles.items(), key=lambda each: (_depth(dialogue, each[0]), each[0]))


def _depth(dialogue: Dialogue, digest: str) -> int:
    depth, before = 0, dialogue.profiles[digest].supersedes
    while before is not None:
        depth, before = depth + 1, dialogue.profiles[before].supersedes
    return depth


def _checked_profile(digest: str, profile: RuleProfile) -> CheckedProfile:
    name = f"{profile.id}@{profile.edition}"
    return CheckedProfile(digest=digest, name=name, status=profile.status, supersedes=profile.supersedes)


def _open_comment(digest: str, comment: ProfileComment) -> OpenComment:
    return OpenComment(
        digest=digest,
        profile=comment.profile,
        clause=comment.clause,
        kind=comment.kind,
        author=comment.author,
        text_zh=comment.text_zh,
        text_en=comment.text_en,
        proposal=comment.proposal,
    )
