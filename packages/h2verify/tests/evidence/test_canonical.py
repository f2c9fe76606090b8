import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from h2verify import canonical
from h2verify.errors import CanonicalError
from hypothesis import given, settings
from hypothesis import strategies as st

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-canonical.MAX_INTEGER, canonical.MAX_INTEGER) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_the_published_examples_without_fractions_have_their_published_bytes(cases_dir: Path) -> None:
    folder = cases_dir / "signatures-credentials" / "jcs"
    same = []
    for path in sorted((folder / "input").glob("*.json")):
        if path.stem in {"structures", "values", "arrays"}:
            continue
        same.append(path.stem)
        expected = (folder / "output" / path.name).read_bytes()

        assert expected == canonical.encode(canonical.parse(path.read_bytes()))
        assert canonical.parse_canonical(expected) == canonical.parse(path.read_bytes())

    assert ["french", "unicode", "weird"] == same


def test_the_published_examples_with_fractions_are_refused(cases_dir: Path) -> None:
    folder = cases_dir / "signatures-credentials" / "jcs" / "input"
    for name in ("structures", "values"):
        with pytest.raises(CanonicalError) as refused:
            canonical.parse((folder / f"{name}.json").read_bytes())

        assert "canonical.float" == refused.value.code


def test_escapes_and_the_order_of_names_are_those_of_rfc_8785() -> None:
    value = {"\U0001f600": 1, "\ufb33": 2, "\x80": 3, "\r": '\b\t\n\f\r"\\/\x00\x1f\x7f€'}
    expected = '{"\\r":"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\x7f€","\x80":3,"\U0001f600":1,"\ufb33":2}'

    assert expected.encode() == canonical.encode(value)


def test_a_mapping_of_any_kind_and_a_tuple_are_written_as_object_and_list() -> None:
    value = {"b": MappingProxyType({"\U0001f600": (1, MappingProxyType({})), "\ufb33": None}), "a": True}

    assert '{"a":true,"b":{"\U0001f600":[1,{}],"\ufb33":null}}'.encode() == canonical.encode(value)


def test_a_value_may_be_nested_64_levels_deep_and_no_deeper() -> None:
    value: Any = []
    for _ in range(63):
        value = [value]

    assert b"[" * 64 + b"]" * 64 == canonical.encode(value)
    with pytest.raises(CanonicalError) as refused:
        canonical.encode({"a": value})

    assert "canonical.depth" == refused.value.code


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_every_value_returns_from_its_bytes(value: Any) -> None:
    data = canonical.encode(value)

    assert value == canonical.parse_canonical(data) == json.loads(data)


@given(st.binary(max_size=40) | st.text(alphabet='{}[]",:0123456789-.eE\\u tfn', max_size=30).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_value_or_a_canonical_error(data: bytes) -> None:
    try:
        canonical.parse(data)
    except CanonicalError as error:
        assert error.code.startswith("canonical.")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a":1,"a":2}', "canonical.repeated-name"),
        ("[NaN]", "canonical.float"),
        ("[-Infinity]", "canonical.float"),
        ("1.0", "canonical.float"),
        ("1e3", "canonical.float"),
        ("-0", "canonical.integer"),
        ("9007199254740992", "canonical.integer"),
        ("1" * 5000, "canonical.integer"),
        ('"\\ud800"', "canonical.text"),
        ('{"\\udfff":1}', "canonical.text"),
        ("[" * 70 + "]" * 70, "canonical.depth"),
        ("[" * 100_000, "canonical.depth"),
        ("}" + "[" * 66, "canonical.depth"),
        ("}" + "[" * 65, "canonical.json"),
        ("x" + "[" * 65, "canonical.depth"),
        ("\ufeff1", "canonical.json"),
        ("", "canonical.json"),
        ("1 2", "canonical.json"),
        ("'a'", "canonical.json"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(text: str, code: str) -> None:
    with pytest.raises(CanonicalError) as refused:
        canonical.parse(text.encode())

    assert code == refused.value.code


def test_a_text_above_the_size_limit_is_refused() -> None:
    with pytest.raises(CanonicalError) as refused:
        canonical.parse(b"[1,2,3]", max_bytes=6)

    assert "canonical.size" == refused.value.code


@pytest.mark.parametrize("text", ['{"b":1,"a":2}', "[1, 2]", '"\\u0041"', '"\\/"', "1\n"])
def test_json_in_another_layout_is_not_canonical(text: str) -> None:
    canonical.parse(text.encode())
    with pytest.raises(CanonicalError) as refused:
        canonical.parse_canonical(text.encode())

    assert "canonical.form" == refused.value.code


@pytest.mark.parametrize(
    "value", [1.0, {1: 2}, {1, 2}, b"bytes", [object()], {"a": [0.5]}, MappingProxyType({1: "a"}), range(3)]
)
def test_foreign_types_are_refused(value: Any) -> None:
    with pytest.raises(CanonicalError) as refused:
        canonical.encode(value)

    assert "canonical.type" == refused.value.code
