"""Documents about rules: whole or refused, their schemas in the package, one digest for one content."""

import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h2corridor.model.errors import InputError
from h2corridor.model.rule_profile import (
    FORMATS,
    decode_document,
    document_digest,
    document_schema,
    edition_number,
    encode_document,
)

AUTHOR = {"party": "cq", "name_zh": "标准室", "name_en": "Office", "key": "a" * 64}
AT = "2026-03-02T00:00:00Z"
CRITERION = {
    "clause": "1.1",
    "group_zh": "组",
    "group_en": "Group",
    "statement_zh": "表述",
    "statement_en": "Statement",
    "demands_zh": "要求",
    "demands_en": "Demand",
    "rules": ["mass_t"],
    "parameters": ["kg_per_t"],
    "standard": "ISO 14083:2023",
    "standard_clause": "unseen",
    "pact_fields": [{"version": "3.0", "field": "pcf.primaryDataShare"}],
    "untp_criterion": None,
    "asked_values": [],
}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "rule-profile/1": {
        "id": "p",
        "edition": "2026.1",
        "status": "draft",
        "issuer": AUTHOR,
        "rule_set": {"id": "iso14083", "edition": "2023.1", "digest": "b" * 64},
        "title_zh": "标题",
        "title_en": "Title",
        "scope_zh": "范围",
        "scope_en": "Scope",
        "criteria": [CRITERION],
        "supersedes": None,
    },
    "profile-circulation/1": {
        "profile": "c" * 64,
        "author": AUTHOR,
        "at": AT,
        "to": ["Office B"],
        "reply_by": "2026-04-01",
    },
    "profile-comment/1": {
        "profile": "c" * 64,
        "clause": "1.1",
        "author": AUTHOR,
        "at": AT,
        "kind": "proposal",
        "text_zh": None,
        "text_en": "Text",
        "proposal": {"statement_en": "New."},
    },
    "profile-answer/1": {
        "comment": "d" * 64,
        "author": AUTHOR,
        "at": AT,
        "outcome": "partly",
        "reason_zh": "理由",
        "reason_en": None,
        "change": {"asked_values": [{"parameter": "kg_per_t", "value": "2.5", "unit": "kg/t"}]},
    },
    "profile-adoption/1": {
        "from_profile": "c" * 64,
        "to_profile": "d" * 64,
        "answers": ["e" * 64],
        "author": AUTHOR,
        "at": AT,
    },
}


def _encoded(document: str, **said: Any) -> bytes:
    return json.dumps({"format": document, **DOCUMENTS[document], **said}).encode()


def _criterion(**said: Any) -> list[dict[str, Any]]:
    return [{**CRITERION, **said}]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_schema_in_the_package_is_that_of_the_model(kind: str) -> None:
    shipped = resources.files("h2corridor") / "accounting" / "schemas" / f"{kind.replace('/', '-')}.json"

    assert document_schema(FORMATS[kind]) == shipped.read_bytes()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_document_is_the_same_after_it_was_encoded(kind: str) -> None:
    document = decode_document(_encoded(kind), about="x")
    again = decode_document(encode_document(document), about="x")

    assert document == again
    assert document_digest(document) == document_digest(again)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_field_that_is_unknown_or_missing_is_refused(kind: str) -> None:
    for data in (
        _encoded(kind, more=1),
        json.dumps({"format": kind, **dict(list(DOCUMENTS[kind].items())[1:])}).encode(),
    ):
        with pytest.raises(InputError, match=r"^profile\.form: x"):
            decode_document(data, about="x")


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"\xff", b'{"format": 1}', b'{"format": "rule-profile/2"}', b'{"format": "a", "format": "b"}', b"1.5"],
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^profile\.form"):
        decode_document(data, about="x")


BAD_FIELDS = {
    "an edition that is no number": ("rule-profile/1", {"edition": "2026"}),
    "a digest in capitals": ("profile-comment/1", {"profile": "C" * 64}),
    "a local time": ("profile-comment/1", {"at": "2026-03-02T08:00:00+08:00"}),
    "a value that is a number": (
        "profile-comment/1",
        {"proposal": {"asked_values": [{"parameter": "kg_per_t", "value": 2, "unit": "kg/t"}]}},
    ),
    "a criterion of UNTP that is no address": ("rule-profile/1", {"criteria": _criterion(untp_criterion="somewhere")}),
    "a version of PACT nobody knows": (
        "rule-profile/1",
        {"criteria": _criterion(pact_fields=[{"version": "9.9", "field": "pcf"}])},
    ),
    "a clause without a standard's clause": ("rule-profile/1", {"criteria": _criterion(standard_clause="")}),
    "nobody to circulate to": ("profile-circulation/1", {"to": []}),
    "a name with a line feed": ("profile-comment/1", {"author": {**AUTHOR, "name_en": "a\nb"}}),
    "a text of blanks": ("profile-comment/1", {"text_en": "  "}),
}


@pytest.mark.parametrize("fault", BAD_FIELDS)
def test_a_field_of_another_form_is_refused(fault: str) -> None:
    kind, said = BAD_FIELDS[fault]

    with pytest.raises(InputError, match=r"^profile\.form"):
        decode_document(_encoded(kind, **said), about="x")


CONTRADICTIONS = {
    "a clause twice": ("rule-profile/1", {"criteria": [CRITERION, CRITERION]}),
    "a rule twice": ("rule-profile/1", {"criteria": _criterion(rules=["mass_t", "mass_t"])}),
    "a value asked for twice": (
        "rule-profile/1",
        {"criteria": _criterion(asked_values=[{"parameter": "kg_per_t", "value": "1", "unit": "kg/t"}] * 2)},
    ),
    "adopted after nothing": ("rule-profile/1", {"status": "adopted"}),
    "a proposal without a change": ("profile-comment/1", {"proposal": None}),
    "a question with a change": ("profile-comment/1", {"kind": "question"}),
    "a change of nothing": ("profile-comment/1", {"proposal": {}}),
    "a comment without a text": ("profile-comment/1", {"text_en": None}),
    "a proposal that asks for one value twice": (
        "profile-comment/1",
        {"proposal": {"asked_values": [{"parameter": "kg_per_t", "value": "1", "unit": "kg/t"}] * 2}},
    ),
    "declined with a change": ("profile-answer/1", {"outcome": "declined"}),
    "noted with a change": ("profile-answer/1", {"outcome": "noted"}),
    "accepted in part without a change": ("profile-answer/1", {"change": None}),
    "an answer without a reason": ("profile-answer/1", {"reason_zh": None}),
    "answers out of order": ("profile-adoption/1", {"answers": ["e" * 64, "a" * 64]}),
    "a profile that becomes itself": ("profile-adoption/1", {"to_profile": "c" * 64}),
}


@pytest.mark.parametrize("fault", CONTRADICTIONS)
def test_fields_that_contradict_each_other_are_refused(fault: str) -> None:
    kind, said = CONTRADICTIONS[fault]

    with pytest.raises(InputError, match=r"^profile\.meaning"):
        decode_document(_encoded(kind, **said), about="x")


def test_editions_are_ordered_as_numbers() -> None:
    assert edition_number("2026.9") < edition_number("2026.10") < edition_number("2027.1")


@given(st.sampled_from(list(FORMATS)), st.data())
def test_any_bytes_are_a_document_or_refused(kind: str, data: st.DataObject) -> None:
    whole = _encoded(kind)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    changed = whole[:start] + data.draw(st.binary(max_size=4)) + whole[end:]
    try:
        document = decode_document(changed, about="x")
    except InputError as error:
        assert error.code in {"profile.form", "profile.meaning"}
    else:
        assert document == decode_document(encode_document(document), about="x")
