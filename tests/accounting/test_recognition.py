"""What may be said about a figure elsewhere: declared by an instrument that covers it whole, or not recognised."""

import datetime
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from h2corridor.accounting.recognition import (
    NOT_RECOGNISED,
    NOT_RECOGNISED_ZH,
    LoadedRecord,
    Question,
    Reason,
    RulesName,
    assess_recognition,
)
from h2corridor.model.recognition import (
    EditionRange,
    Instrument,
    Recognition,
    RecognitionScope,
    Subject,
)

DAY = datetime.date(2026, 3, 2)
RULES = RulesName(id="iso14083", edition="2023.1", digest="a" * 64)
PROFILE = RulesName(id="hydrogen-road", edition="2026.2", digest="b" * 64)
SUBJECT = Subject(kind="rule_set", id="iso14083", editions=EditionRange(first="2023.1", last="2023.9"), digest=None)
SCOPE = RecognitionScope(sectors=("any",), lanes=("any",), boundary=("any",))


def a_record(**said: Any) -> LoadedRecord:
    number, issued = said.pop("number", "N-1"), said.pop("issued", DAY)
    instrument = Instrument(
        name_zh="文书",
        name_en="instrument",
        number=number,
        date=issued,
        where_seen="an archive",
        seen=said.pop("seen", True),
    )
    stated: dict[str, Any] = {
        "from_": "AA",
        "to": "BB",
        "subject": SUBJECT,
        "scope": SCOPE,
        "kind": "unilateral",
        "valid_from": datetime.date(2026, 1, 1),
        "valid_until": datetime.date(2026, 12, 31),
        **said,
    }
    record = Recognition(
        format="recognition/1",
        id="invented",
        instrument=instrument,
        conditions_zh=None,
        conditions_en=None,
        loaded_by="a test",
        **stated,
    )
    return LoadedRecord(record=record)


def a_question(**said: Any) -> Question:
    return msgspec.structs.replace(Question(from_place="AA", to_place="BB", rules=RULES, on=DAY), **said)


def reasons(records: list[LoadedRecord], question: Question) -> list[Reason]:
    return [each.reason for each in assess_recognition(records, question).why]


def test_a_record_that_covers_the_question_declares_it_by_its_instrument() -> None:
    status = assess_recognition([a_record()], a_question())

    assert ("declared by instrument N-1", "由文书 N-1 声明") == (status.status, status.status_zh)
    assert a_record() == status.record
    assert (a_record().digest, DAY) == (status.record_digest, status.as_of)


def test_without_a_record_nothing_is_recognised() -> None:
    status = assess_recognition([], a_question())

    assert (NOT_RECOGNISED, NOT_RECOGNISED_ZH, None) == (status.status, status.status_zh, status.record)
    assert ["no-record"] == [each.reason for each in status.why]


def _scope(**said: tuple[str, ...]) -> RecognitionScope:
    return msgspec.structs.replace(SCOPE, **said)


def _subject(**said: Any) -> Subject:
    return msgspec.structs.replace(SUBJECT, **said)


NOT: dict[str, tuple[Reason, dict[str, Any], dict[str, Any]]] = {
    "another place": ("other-places", {}, {"to_place": "CC"}),
    "another origin": ("other-places", {}, {"from_place": "CC"}),
    "the other way round": ("other-places", {}, {"from_place": "BB", "to_place": "AA"}),
    "another rule set": ("other-subject", {"subject": _subject(id="other")}, {}),
    "a profile nobody named": ("other-subject", {"subject": _subject(kind="profile", id=PROFILE.id)}, {}),
    "an earlier edition": (
        "wrong-edition",
        {"subject": _subject(editions=EditionRange(first="2023.2", last="2023.9"))},
        {},
    ),
    "a later edition": ("wrong-edition", {}, {"rules": msgspec.structs.replace(RULES, edition="2023.10")}),
    "other content": ("other-digest", {"subject": _subject(digest="c" * 64)}, {}),
    "another sector": ("wrong-sector", {"scope": _scope(sectors=("rail",))}, {"sector": "road"}),
    "a sector not stated": ("wrong-sector", {"scope": _scope(sectors=("rail",))}, {}),
    "another lane": ("wrong-lane", {"scope": _scope(lanes=("a-b",))}, {"lane": "a-c"}),
    "a lane not stated": ("wrong-lane", {"scope": _scope(lanes=("a-b",))}, {}),
    "another boundary": (
        "wrong-boundary",
        {"scope": _scope(boundary=("tank_to_wheel",))},
        {"boundary": "well_to_wheel"},
    ),
    "the day before": ("not-yet-valid", {}, {"on": datetime.date(2025, 12, 31)}),
    "the day after": ("expired", {}, {"on": datetime.date(2027, 1, 1)}),
    "a record of none": ("declares-none", {"kind": "none"}, {}),
    "an instrument nobody saw": ("instrument-unseen", {"seen": False}, {}),
}


@pytest.mark.parametrize("case", NOT)
def test_what_a_record_does_not_cover_is_not_recognised_and_says_why(case: str) -> None:
    reason, record, question = NOT[case]
    status = assess_recognition([a_record(**record)], a_question(**question))

    assert (NOT_RECOGNISED, None, [reason]) == (status.status, status.record, [each.reason for each in status.why])
    assert all(each.says_zh and each.says_en and "{" not in each.says_zh + each.says_en for each in status.why)


YES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the first day": ({}, {"on": datetime.date(2026, 1, 1)}),
    "the last day": ({}, {"on": datetime.date(2026, 12, 31)}),
    "without an end": ({"valid_until": None}, {"on": datetime.date(2099, 1, 1)}),
    "mutual, the other way round": ({"kind": "mutual"}, {"from_place": "BB", "to_place": "AA"}),
    "the last edition": ({}, {"rules": msgspec.structs.replace(RULES, edition="2023.9")}),
    "by digest alone": ({"subject": _subject(editions=None, digest=RULES.digest)}, {}),
    "by profile": (
        {"subject": _subject(kind="profile", id=PROFILE.id, editions=None, digest=PROFILE.digest)},
        {"profile": PROFILE},
    ),
    "the sector, the lane and the boundary": (
        {"scope": _scope(sectors=("road", "rail"), lanes=("a-b",), boundary=("well_to_wheel",))},
        {"sector": "rail", "lane": "a-b", "boundary": "well_to_wheel"},
    ),
}


@pytest.mark.parametrize("case", YES)
def test_what_a_record_covers_is_declared(case: str) -> None:
    record, question = YES[case]

    assert ["declared"] == reasons([a_record(**record)], a_question(**question))


def test_a_record_that_declares_none_outweighs_the_others_in_both_directions() -> None:
    none = a_record(kind="none", from_="BB", to="AA", number="N-0")
    status = assess_recognition([a_record(), none], a_question())

    assert NOT_RECOGNISED == status.status
    assert {"outweighed", "declares-none"} == {each.reason for each in status.why}


def test_a_record_of_none_that_has_expired_outweighs_nothing() -> None:
    none = a_record(kind="none", valid_until=datetime.date(2026, 2, 1), number="N-0")

    assert "declared by instrument N-1" == assess_recognition([a_record(), none], a_question()).status


def test_of_several_instruments_the_latest_is_named() -> None:
    later = a_record(number="N-2", issued=DAY + datetime.timedelta(days=1))

    assert "declared by instrument N-2" == assess_recognition([later, a_record()], a_question()).status


POOL = [
    a_record(number=number, kind=kind, seen=seen, issued=DAY, valid_until=until)
    for number, kind, seen, until in [
        ("N-1", "unilateral", True, None),
        ("N-2", "mutual", True, datetime.date(2026, 2, 1)),
        ("N-3", "none", True, datetime.date(2026, 6, 1)),
        ("N-4", "equivalence", False, None),
    ]
]


@given(st.lists(st.sampled_from(POOL)), st.randoms(), st.sampled_from(["2026-01-15", "2026-03-02", "2026-09-01"]))
def test_the_order_and_copies_of_records_change_nothing(records: list[LoadedRecord], random: Any, day: str) -> None:
    question = a_question(on=datetime.date.fromisoformat(day))
    shuffled = [*records, *records[:1]]
    random.shuffle(shuffled)

    assert assess_recognition(records, question) == assess_recognition(shuffled, question)


@given(st.lists(st.sampled_from(POOL)), st.dates(datetime.date(2025, 1, 1), datetime.date(2027, 12, 31)))
def test_the_word_recognised_stands_only_behind_not(records: list[LoadedRecord], day: datetime.date) -> None:
    status = assess_recognition(records, a_question(on=day))

    assert status.status == NOT_RECOGNISED or re.fullmatch(r"declared by instrument N-\d", status.status)
    assert (status.record is None) == (status.status == NOT_RECOGNISED)
