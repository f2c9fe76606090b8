"""Recognition records: whole or refused, the schema in the package, the example says that it is invented."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from h2corridor.model.errors import InputError
from h2corridor.model.recognition import Recognition, decode_recognition
from h2corridor.model.rule_profile import document_schema, encode_document

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "recognition-invented.json"


def _encoded(*path: str, value: Any) -> bytes:
    record = json.loads(EXAMPLE.read_bytes())
    place = record
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return json.dumps(record).encode()


def test_the_schema_in_the_package_is_that_of_the_model() -> None:
    shipped = resources.files("h2corridor") / "accounting" / "schemas" / "recognition-1.json"

    assert document_schema(Recognition) == shipped.read_bytes()


def test_the_example_is_the_only_record_and_says_that_it_is_invented() -> None:
    record = decode_recognition(EXAMPLE.read_bytes(), about="x")
    package = Path(str(resources.files("h2corridor")))
    shipped = [path for path in package.rglob("*.json") if b'"recognition/1"' in path.read_bytes()]

    assert record == decode_recognition(encode_document(record), about="x")
    assert ["recognition-1.json"] == [path.name for path in shipped]
    assert "INVENTED" in record.instrument.number
    assert "invented" in record.instrument.name_en
    assert "虚构" in record.instrument.name_zh


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{}", b'{"format": "recognition/2"}', b"1.5"])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^recognition\.form"):
        decode_recognition(data, about="x")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("more",), 1),
        (("from",), "C N"),
        (("kind",), "friendly"),
        (("scope", "sectors"), []),
        (("scope", "lanes"), None),
        (("scope", "boundary"), ["cradle_to_grave"]),
        (("instrument", "seen"), "yes"),
        (("instrument", "number"), ""),
        (("valid_from",), "2026-13-01"),
        (("valid_from",), None),
    ],
)
def test_a_field_of_another_form_is_refused(path: tuple[str, ...], value: Any) -> None:
    with pytest.raises(InputError, match=r"^recognition\.form"):
        decode_recognition(_encoded(*path, value=value), about="x")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("subject", "editions"), None),
        (("subject", "editions"), {"first": "2023.10", "last": "2023.9"}),
        (("valid_until",), "2025-12-31"),
        (("to",), "CN"),
        (("instrument", "where_seen"), None),
        (("conditions_zh",), None),
        (("scope", "sectors"), ["road-freight", "any"]),
        (("scope", "lanes"), ["a", "a"]),
    ],
)
def test_fields_that_contradict_each_other_are_refused(path: tuple[str, ...], value: Any) -> None:
    with pytest.raises(InputError, match=r"^recognition\.meaning"):
        decode_recognition(_encoded(*path, value=value), about="x")
