"""Whatever the bytes, a decoder gives a value or a DecodeError."""

import json
from typing import Any

from h2verify.errors import DecodeError
from h2verify.gbt32960 import decode_frame, frame_to_json, read_row, xor_of
from hypothesis import given, settings
from hypothesis import strategies as st

DATA = st.binary(max_size=120)


def decode_or_refuse(data: bytes) -> None:
    try:
        frame = decode_frame(data)
    except DecodeError as error:
        assert error.code.startswith("gbt32960.")
        return

    assert json.dumps(frame_to_json(frame))


@settings(max_examples=200, deadline=None)
@given(mark=st.sampled_from([b"", b"##", b"$$"]), data=DATA)
def test_random_bytes_give_a_frame_or_a_decode_error(mark: bytes, data: bytes) -> None:
    decode_or_refuse(mark + data)

    assert read_row(mark + data).outcome


@settings(max_examples=300, deadline=None)
@given(
    mark=st.sampled_from([b"##", b"$$"]), command=st.integers(0, 255), unit=DATA, encryption=st.sampled_from([1, 1, 3])
)
def test_any_data_unit_in_a_sound_frame_is_decoded_or_kept(
    mark: bytes, command: int, unit: bytes, encryption: int
) -> None:
    checked = bytes((command, 0xFE)) + b"V" * 17 + bytes((encryption,)) + len(unit).to_bytes(2) + unit
    frame = decode_frame(mark + checked + bytes((xor_of(checked),)))
    tail = frame.tail.data if frame.tail else b""

    assert unit.endswith(tail)
    assert json.dumps(frame_to_json(frame))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_mutated_vectors_give_a_frame_or_a_decode_error(vectors: list[dict[str, Any]], data: st.DataObject) -> None:
    frame = bytearray.fromhex(data.draw(st.sampled_from(vectors))["hex"])
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        frame[-1] = xor_of(bytes(frame[2:-1]))
    cut = data.draw(st.integers(0, len(frame)))

    decode_or_refuse(bytes(frame))
    decode_or_refuse(bytes(frame[:cut]))

    assert read_row(bytes(frame[cut:] + frame[:cut])).outcome
