"""A document of ranges is whole or refused; its schema ships."""

import json
from importlib import resources
from typing import Any

import pytest

from h2corridor.model.errors import InputError
from h2corridor.model.ranges import Ranges, decode_ranges
from h2corridor.model.rule_profile import document_schema

_ENTRY = {"fact": "distance_km[*]", "half_width_pct": "2", "source": "made"}


def _document(*entries: Any, **more: Any) -> bytes:
    return json.dumps({"format": "ranges/1", "ranges": entries, **more}).encode()


def test_a_range_is_read_as_it_was_written() -> None:
    found = decode_ranges(_document({**_ENTRY, "correlation": "odometer"})).ranges[0]

    assert ("distance_km[*]", None, "2", "odometer", "made") == (
        found.fact, found.half_width, found.half_width_pct, found.correlation, found.source,
    )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"format": "ranges/1", "ranges": [], "ranges": []}',
        _document(format="ranges/2"),
        _document(note=""),
        _document({**_ENTRY, "half_width": "1"}),
        _document({"fact": "a", "source": "made"}),
        _document({"fact": "a", "half_width": "1"}),
        _document({**_ENTRY, "source": ""}),
        _document({**_ENTRY, "source": " "}),
        _document({**_ENTRY, "half_width_pct": 2}),
        _document({**_ENTRY, "half_width_pct": "-2"}),
        _document({**_ENTRY, "half_width_pct": "1e3"}),
        _document({**_ENTRY, "half_width_pct": "2\n"}),
        _document({**_ENTRY, "more": "1"}),
        _document(_ENTRY, _ENTRY),
    ],
)
def test_a_document_with_one_fault_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode_ranges(data)

    assert "ranges.form" == caught.value.code


def test_two_spellings_of_one_correlation_are_refused() -> None:
    entries = [{**_ENTRY, "fact": fact, "correlation": name} for fact, name in (("a", "dip stick"), ("b", "Dip-stick"))]
    with pytest.raises(InputError) as caught:
        decode_ranges(_document(*entries))

    assert ("ranges.form", "$.ranges[1].correlation") == (caught.value.code, caught.value.where)


def test_correlations_that_differ_in_a_digit_are_two() -> None:
    entries = [{**_ENTRY, "fact": fact, "correlation": name} for fact, name in (("a", "meter 1"), ("b", "meter 2"))]

    assert ["meter 1", "meter 2"] == [each.correlation for each in decode_ranges(_document(*entries)).ranges]


def test_the_schema_in_the_package_is_that_of_the_model() -> None:
    shipped = resources.files("h2corridor") / "accounting" / "schemas" / "ranges-1.json"

    assert document_schema(Ranges) == shipped.read_bytes()
