"""Dialogues to try a rule on: an issuer, a counterpart, and documents that speak of each other."""

import msgspec

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.profiles import Signed, adopted_profile, draft_profile
from h2corridor.app.rules import get_rule_set
from h2corridor.model.rule_profile import (
    AskedValue,
    Author,
    Change,
    Document,
    ProfileAdoption,
    ProfileAnswer,
    ProfileCirculation,
    ProfileComment,
    RuleProfile,
    RuleSetName,
    author_of,
    document_digest,
)

AT = "2026-03-02T00:00:00Z"
EDITION = get_rule_set("iso14083@2023.1")
ISSUER = Author(party="cq", name_zh="甲方标准室", name_en="Office A", key="a" * 64)
OTHER = Author(party="xx", name_zh="乙方标准局", name_en="Office B", key="b" * 64)
CLAUSE, LIMIT = "6.7", "unknown_origin_limit_pct"


def edition_of(_: RuleSetName) -> Edition:
    """The one edition there is."""
    return EDITION


def signed(document: Document, *, by: str | None = None) -> Signed:
    """A document with the signature of its author, or of another key."""
    return Signed(document=document, digest=document_digest(document), signers=(by or author_of(document).key,))


def a_profile() -> RuleProfile:
    """The first draft on the real rule set."""
    return draft_profile(EDITION, profile_id="hydrogen-road", profile_edition="2026.1", issuer=ISSUER)


def a_circulation(profile: RuleProfile) -> ProfileCirculation:
    """The profile goes to the counterpart."""
    return msgspec.convert(
        {
            "format": "profile-circulation/1",
            "profile": document_digest(profile),
            "author": profile.issuer,
            "at": AT,
            "to": ["Office B"],
            "reply_by": "2026-04-01",
        },
        ProfileCirculation,
    )


def a_comment(profile: RuleProfile, *, proposal: Change | None = None, text: str = "why?") -> ProfileComment:
    """A question, or a proposal where there is a change."""
    return ProfileComment(
        format="profile-comment/1",
        profile=document_digest(profile),
        clause=CLAUSE,
        author=OTHER,
        at=AT,
        kind="question" if proposal is None else "proposal",
        text_zh=None,
        text_en=text,
        proposal=proposal,
    )


def an_answer(comment: ProfileComment, **said: object) -> ProfileAnswer:
    """The issuer notes a question and accepts a proposal, unless told otherwise."""
    accepted = comment.proposal is not None
    stated: dict[str, object] = {
        "outcome": "accepted" if accepted else "noted",
        "change": comment.proposal,
        "author": ISSUER,
        **said,
    }
    named = {"format": "profile-answer/1", "comment": document_digest(comment), "at": AT}
    return ProfileAnswer(**named, reason_zh="理由", reason_en=None, **stated)  # type: ignore[arg-type]  # fields by name


def a_limit(value: str) -> Change:
    """Another limit of hydrogen of unknown origin, and the words for it."""
    asked = AskedValue(parameter=LIMIT, value=value, unit="%")
    return Change(demands_en=f"At most {value} percent.", asked_values=(asked,))


def an_adoption(
    before: RuleProfile, changes: list[tuple[str, Change]], answers: list[ProfileAnswer], *, edition: str = "2026.2"
) -> tuple[RuleProfile, ProfileAdoption]:
    """The next edition and the document that adopts it."""
    after = adopted_profile(before, changes, edition=edition)
    adoption = ProfileAdoption(
        format="profile-adoption/1",
        from_profile=document_digest(before),
        to_profile=document_digest(after),
        answers=tuple(sorted(document_digest(each) for each in answers)),
        author=before.issuer,
        at=AT,
    )
    return after, adoption


def a_whole_dialogue() -> list[Signed]:
    """One round: a draft, its circulation, a question and a proposal with their answers, the adoption."""
    profile, limit = a_profile(), a_limit("2")
    question, proposal = a_comment(profile), a_comment(profile, proposal=limit, text="lower it")
    answers = [an_answer(question), an_answer(proposal)]
    after, adoption = an_adoption(profile, [(CLAUSE, limit)], answers)
    said = [profile, a_circulation(profile), question, proposal, *answers, after, adoption]
    return [signed(each) for each in said]
