"""The decoder that remembers layouts gives what the reference gives, whatever the bytes."""

from typing import Any

from h2verify.gbt32960 import RowDecoder, read_row_columns, xor_of
from h2verify.gbt32960.plan import PLANS_MAX
from hypothesis import given, settings
from hypothesis import strategies as st


def _checked(frame: bytearray) -> bytes:
    frame[-1] = xor_of(bytes(frame[2:-1]))
    return bytes(frame)


def test_every_vector_gives_the_columns_of_the_reference_the_first_time_and_again(
    vectors: list[dict[str, Any]],
) -> None:
    decoder = RowDecoder()
    rows = [bytes.fromhex(vector["hex"]) for vector in vectors] * 2

    assert [read_row_columns(row) for row in rows] == [decoder.read_row_columns(row) for row in rows]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_mutated_vectors_give_the_columns_of_the_reference(vectors: list[dict[str, Any]], data: st.DataObject) -> None:
    decoder = RowDecoder()
    whole = bytearray.fromhex(data.draw(st.sampled_from(vectors))["hex"])
    decoder.read_row_columns(bytes(whole))
    frame = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    rows = [_checked(frame), bytes(frame[: data.draw(st.integers(0, len(frame)))]), bytes(whole)]

    assert [read_row_columns(row) for row in rows] == [decoder.read_row_columns(row) for row in rows]


def test_layouts_beyond_those_it_remembers_are_read_all_the_same(vectors: list[dict[str, Any]]) -> None:
    whole = next(bytes.fromhex(each["hex"]) for each in vectors if each["id"] == "2016-06-fc-truck-full")
    decoder = RowDecoder()
    rows = []
    for size in range(PLANS_MAX + 20):
        frame = bytearray(whole[:-1] + b"\x80" + size.to_bytes(2) + bytes(size) + b"\x00")
        frame[22:24] = (len(frame) - 25).to_bytes(2)
        rows.append(_checked(frame))

    assert [read_row_columns(row) for row in rows] == [decoder.read_row_columns(row) for row in rows]
