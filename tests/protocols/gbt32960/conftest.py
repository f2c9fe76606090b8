"""Frames of both editions, generated from the field table itself: any items, counts, sentinels."""

from typing import Any

import pytest
from h2verify.gbt32960 import EDITIONS, Blob, Field, Instant, Part, Records, Run, Text
from hypothesis import strategies as st

from h2corridor.protocols.gbt32960 import encode_data_unit, encode_frame

VINS = st.sampled_from([b"TESTVIN0000000001", b"TESTVIN0000000002", b"\x00" * 17, b"\xff\x5cVIN\x0000000000001"])


def _integers(field: Field) -> st.SearchStrategy[int]:
    edges = [0, 1, field.invalid, field.abnormal, field.abnormal - 1, *(field.valid or ())]
    return st.sampled_from(edges) | st.integers(0, field.invalid)


@st.composite
def _raw(draw: st.DrawFn, parts: tuple[Part, ...]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for part in parts:
        match part:
            case Field():
                raw[part.name] = draw(_integers(part))
            case Run() | Records():
                count = draw(st.sampled_from([0, 1, 1, 2, 3, part.count.abnormal, part.count.invalid]))
                present = 0 if count > 3 else count
                one = _integers(part.element) if isinstance(part, Run) else _raw(part.parts)
                raw[part.count.name] = count
                raw[part.name] = tuple(draw(one) for _ in range(present))
            case Blob():
                raw[part.name] = draw(st.binary(max_size=8))
            case Text() | Instant():
                width = part.width if isinstance(part, Text) else 6
                raw[part.name] = draw(st.binary(min_size=width, max_size=width))
            case _:
                said = raw[part.count_of]
                count = sum(number for number in (said if isinstance(said, tuple) else (said,)) if number < 0xFE)
                width = raw[part.width_of] if part.width_of else part.width
                raw[part.name] = tuple(bytes(width) for _ in range(count if width else 0))
    return raw


@st.composite
def _frames(draw: st.DrawFn) -> bytes:
    edition = draw(st.sampled_from(list(EDITIONS.values())))
    layout = draw(st.sampled_from([edition.commands[2]] * 12 + list(edition.commands.values())))
    time = bytes((draw(st.sampled_from([26, 99, 100])), draw(st.integers(1, 12)), draw(st.integers(1, 31)), 23, 59, 59))
    data_unit = time if layout.timed else b""
    if layout.items:
        common = [edition.items[code] for code in (1, 3, 5, 0x30) if code in edition.items] * 6
        items = draw(st.lists(st.sampled_from(common + list(edition.items.values())), max_size=4))
        drawn = [(item.type, draw(_raw(item.parts))) for item in items]
        data_unit = encode_data_unit(edition=edition.year, command=layout.code, time_raw=time, items=drawn)
    elif layout.parts:
        data_unit += encode_data_unit(edition=edition.year, command=layout.code, body=draw(_raw(layout.parts)))
    return encode_frame(
        edition=edition.year,
        command=layout.code,
        vin=draw(VINS),
        data_unit=data_unit,
        response=draw(st.sampled_from([0xFE, 0xFE, 1])),
        encryption=draw(st.sampled_from([1] * 9 + [3])),
    )


@pytest.fixture(scope="session")
def frames() -> st.SearchStrategy[bytes]:
    """Sound frames of both editions."""
    return _frames()
