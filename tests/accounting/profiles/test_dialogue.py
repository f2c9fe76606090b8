"""A dialogue follows from its documents alone: order and copies decide nothing, what contradicts is refused."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_dialogues import (
    CLAUSE,
    EDITION,
    ISSUER,
    LIMIT,
    OTHER,
    a_circulation,
    a_comment,
    a_limit,
    a_profile,
    a_whole_dialogue,
    an_adoption,
    an_answer,
    edition_of,
    signed,
)

from h2corridor.accounting.profiles import Dialogue, Signed, read_dialogue, require_answered
from h2corridor.model.errors import CorridorError, EvidenceError
from h2corridor.model.rule_profile import (
    AskedValue,
    Change,
    Document,
    PactField,
    ProfileComment,
    RuleProfile,
    document_digest,
)

WHOLE = a_whole_dialogue()


def _read(documents: list[Signed]) -> Dialogue:
    return read_dialogue(documents, edition_of)


def _refusal(documents: list[Signed]) -> str:
    with pytest.raises(CorridorError) as refused:
        _read(documents)
    return refused.value.message


def _of_kind(kind: type[Document]) -> list[Signed]:
    return [each for each in WHOLE if isinstance(each.document, kind)]


@given(st.permutations(WHOLE), st.lists(st.sampled_from(WHOLE)))
def test_order_and_copies_of_documents_change_nothing(order: list[Signed], copies: list[Signed]) -> None:
    assert _read(WHOLE) == _read([*order, *copies])


@given(st.permutations([*WHOLE, signed(msgspec.structs.replace(a_comment(a_profile()), clause="99"))]), st.data())
def test_the_first_fault_is_the_same_in_any_order(order: list[Signed], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(each.digest for each in WHOLE))))
    left = [each for each in order if each.digest not in kept]

    assert _outcome(left) == _outcome(sorted(left, key=lambda each: each.digest))


def _outcome(documents: list[Signed]) -> Dialogue | str:
    try:
        return _read(documents)
    except CorridorError as error:
        return error.message


@given(st.lists(st.tuples(st.integers(0, 99), st.booleans()), max_size=6, unique=True))
def test_an_adopted_profile_is_replayed_from_its_answers(said: list[tuple[int, bool]]) -> None:
    profile = a_profile()
    comments = [
        a_comment(profile, proposal=Change(statement_en="One wording.") if accepted else None, text=f"{number}")
        for number, accepted in said
    ]
    answers = [an_answer(each) for each in comments]
    changes = [(CLAUSE, each.change) for each in answers if each.change is not None]
    after, adoption = an_adoption(profile, changes, answers)
    dialogue = _read([signed(each) for each in (profile, a_circulation(profile), *comments, *answers, after, adoption)])
    stated = {each.clause: each.statement_en for each in after.criteria}

    assert (document_digest(after),) == dialogue.list_heads()
    assert () == dialogue.list_open()
    assert any(accepted for _, accepted in said) == (stated[CLAUSE] == "One wording.")


def test_a_whole_round_leaves_one_head_with_the_value_asked_for() -> None:
    dialogue = _read(WHOLE)
    (head,) = dialogue.list_heads()
    asked = next(each.asked_values for each in dialogue.profiles[head].criteria if each.clause == CLAUSE)

    assert (AskedValue(parameter=LIMIT, value="2", unit="%"),) == asked
    assert "adopted" == dialogue.profiles[head].status
    assert {2} == {len(dialogue.comments), len(dialogue.answers), len(dialogue.profiles)}


def test_keys_that_signed_copies_of_a_document_are_told_together() -> None:
    copies = [signed(a_profile()), signed(a_profile(), by=OTHER.key)]

    with pytest.raises(CorridorError, match=r"^profile\.signer"):
        _read(copies[1:])
    assert {document_digest(a_profile()): (ISSUER.key, OTHER.key)} == _read(copies).signers


def test_an_adopted_profile_can_be_circulated_and_adopted_again() -> None:
    after = next(each.document for each in _of_kind(RuleProfile) if each.document.status == "adopted")
    third, adoption = an_adoption(after, [], [], edition="2026.10")
    dialogue = _read([*WHOLE, *map(signed, (a_circulation(after), third, adoption))])

    assert (document_digest(third),) == dialogue.list_heads()


def _a_question_of_the_counterpart(**said: object) -> list[Signed]:
    profile = a_profile()
    return list(map(signed, (profile, a_circulation(profile), msgspec.structs.replace(a_comment(profile), **said))))


def _answered(comment: ProfileComment, *answers: Document) -> list[Signed]:
    profile = a_profile()
    return list(map(signed, (profile, a_circulation(profile), comment, *answers)))


def _adopted(changes: list[tuple[str, Change]], **said: str) -> list[Signed]:
    profile, proposal = a_profile(), a_comment(a_profile(), proposal=a_limit("2"))
    answer = an_answer(proposal)
    after, adoption = an_adoption(profile, changes, [answer], **said)
    return [*_answered(proposal, answer), signed(after), signed(adoption)]


def _conflicting() -> list[Signed]:
    profile = a_profile()
    proposals = [a_comment(profile, proposal=a_limit(value)) for value in ("2", "3")]
    answers = [an_answer(each) for each in proposals]
    return list(map(signed, (profile, a_circulation(profile), *proposals, *answers)))


def _adopted_twice() -> list[Signed]:
    _, again = an_adoption(a_profile(), [], [])
    return [*WHOLE, signed(msgspec.structs.replace(again, to_profile="c" * 64))]


def _answers_left_out() -> list[Signed]:
    profile, proposal = a_profile(), a_comment(a_profile(), proposal=a_limit("2"))
    after, adoption = an_adoption(profile, [(CLAUSE, a_limit("2"))], [])
    return [*_answered(proposal, an_answer(proposal)), signed(after), signed(adoption)]


def _profile(**said: object) -> list[Signed]:
    return [signed(msgspec.structs.replace(a_profile(), **said))]


def _criterion(**said: object) -> list[Signed]:
    first, *rest = a_profile().criteria
    return _profile(criteria=(msgspec.structs.replace(first, **said), *rest))


PROPOSAL = a_comment(a_profile(), proposal=a_limit("2"))
QUESTION = a_comment(a_profile())
REFUSED: dict[str, tuple[str, Callable[[], list[Signed]]]] = {
    "signed by another than its author": ("profile.signer", lambda: [signed(a_profile(), by=OTHER.key)]),
    "a circulation of nothing": ("profile.about-nothing", lambda: [signed(a_circulation(a_profile()))]),
    "a comment on nothing": ("profile.about-nothing", lambda: [signed(QUESTION)]),
    "an answer to nothing": ("profile.about-nothing", lambda: _answered(QUESTION, an_answer(PROPOSAL))),
    "an adoption without its answers": ("profile.about-nothing", lambda: [*WHOLE[:4], *WHOLE[6:]]),
    "an adoption of what is not there": ("profile.about-nothing", lambda: [*WHOLE[:6], WHOLE[7]]),
    "a profile after what is not there": ("profile.about-nothing", lambda: _profile(supersedes="c" * 64)),
    "a comment on an unknown clause": ("profile.unknown-clause", lambda: _a_question_of_the_counterpart(clause="99")),
    "a comment on what never went out": ("profile.not-circulated", lambda: [signed(a_profile()), signed(QUESTION)]),
    "an answer by another": ("profile.not-the-issuer", lambda: _answered(QUESTION, an_answer(QUESTION, author=OTHER))),
    "a circulation by another": (
        "profile.not-the-issuer",
        lambda: [*_profile(), signed(msgspec.structs.replace(a_circulation(a_profile()), author=OTHER))],
    ),
    "an adoption by another": (
        "profile.not-the-issuer",
        lambda: [*WHOLE[:-1], signed(msgspec.structs.replace(WHOLE[-1].document, author=OTHER))],
    ),
    "a draft that follows another's profile": (
        "profile.not-the-issuer",
        lambda: [*_profile(), *_profile(issuer=OTHER, supersedes=document_digest(a_profile()))],
    ),
    "two answers to one comment": (
        "profile.answered-twice",
        lambda: _answered(QUESTION, an_answer(QUESTION), an_answer(QUESTION, outcome="declined")),
    ),
    "a proposal accepted as something else": (
        "profile.answer",
        lambda: _answered(PROPOSAL, an_answer(PROPOSAL, change=a_limit("3"))),
    ),
    "a proposal accepted without its change": (
        "profile.answer",
        lambda: _answered(PROPOSAL, an_answer(PROPOSAL, change=None)),
    ),
    "a part that is the whole": ("profile.answer", lambda: _answered(PROPOSAL, an_answer(PROPOSAL, outcome="partly"))),
    "two adoptions of one profile": ("profile.adopted-twice", _adopted_twice),
    "an edition that is not later": ("profile.edition", lambda: _adopted([(CLAUSE, a_limit("2"))], edition="2026.1")),
    "an adoption without the accepted change": ("profile.wording", lambda: _adopted([])),
    "an adoption with more than was accepted": (
        "profile.wording",
        lambda: _adopted([(CLAUSE, a_limit("2")), ("1.1", Change(statement_en="More."))]),
    ),
    "an adoption that names none of its answers": ("profile.wording", _answers_left_out),
    "changes that contradict each other": ("profile.conflict", _conflicting),
    "adopted by nobody": (
        "profile.not-adopted",
        lambda: [*_profile(), *_profile(status="adopted", supersedes=document_digest(a_profile()))],
    ),
    "another edition of the rules": (
        "profile.other-rules",
        lambda: _profile(rule_set=msgspec.structs.replace(a_profile().rule_set, digest="d" * 64)),
    ),
    "an unknown rule": ("profile.unknown-rule", lambda: _criterion(rules=("no_such_rule",))),
    "an unknown parameter": ("profile.unknown-rule", lambda: _criterion(parameters=("no_such_value",))),
    "a value in another unit": (
        "profile.unknown-rule",
        lambda: _criterion(asked_values=(AskedValue(parameter=LIMIT, value="2", unit="kg"),)),
    ),
    "a proposed value in another unit": (
        "profile.unknown-rule",
        lambda: _answered(
            a_comment(a_profile(), proposal=Change(asked_values=(AskedValue(parameter=LIMIT, value="2", unit="kg"),)))
        ),
    ),
    "a field that PACT does not have": (
        "profile.unknown-pact-field",
        lambda: _criterion(pact_fields=(PactField(version="3.0", field="pcf.unitaryProductAmount"),)),
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_contradicts_the_dialogue_is_refused(fault: str) -> None:
    code, documents = REFUSED[fault]

    assert code == _refusal(documents()).partition(":")[0]


def test_an_adoption_over_an_open_comment_is_refused_and_yet_the_dialogue_is_read() -> None:
    open_comment = a_comment(a_profile(), text="and this?")
    dialogue = _read([*WHOLE, signed(open_comment)])
    require_answered(_read(WHOLE))
    require_answered(dialogue, dialogue.list_heads()[0])

    assert (document_digest(open_comment),) == dialogue.list_open()
    for adopted in (None, document_digest(a_profile())):
        with pytest.raises(EvidenceError, match=r"^profile\.open-comments"):
            require_answered(dialogue, adopted)


def test_a_late_answer_that_changes_nothing_does_not_undo_an_adoption() -> None:
    late = a_comment(a_profile(), text="late")
    dialogue = _read([*WHOLE, signed(late), signed(an_answer(late))])

    assert () == dialogue.list_open()
    assert EDITION.digest == dialogue.profiles[dialogue.list_heads()[0]].rule_set.digest
