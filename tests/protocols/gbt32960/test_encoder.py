"""What was decoded encodes to the bytes it came from."""

import json
from pathlib import Path

import pytest
from h2verify.gbt32960 import decode_frame
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.protocols.gbt32960 import encode_data_unit, encode_frame, encode_parts, encode_read_frame


def test_every_accepted_vector_encodes_to_its_own_bytes(cases_dir: Path) -> None:
    checked = 0
    for name in ("vectors_2016.json", "vectors_2025.json"):
        for vector in json.loads((cases_dir / "gbt32960" / name).read_text("utf-8"))["vectors"]:
            if vector["verdict"].startswith("accept"):
                checked += 1

                assert vector["hex"] == encode_read_frame(decode_frame(bytes.fromhex(vector["hex"]))).hex()
    assert checked >= 56


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_encoding_what_was_decoded_gives_the_same_bytes(frames: st.SearchStrategy[bytes], data: st.DataObject) -> None:
    frame = data.draw(frames)

    assert frame == encode_read_frame(decode_frame(frame))


def test_a_count_that_disagrees_with_what_follows_is_refused() -> None:
    with pytest.raises(ValueError, match="count_raw: says 2, but 0 follow"):
        encode_data_unit(edition=2025, command=2, items=[(0x30, {"count_raw": 2, "stacks": ()})])


def test_a_value_wider_than_its_field_is_refused() -> None:
    with pytest.raises(ValueError, match="serial: 65536 does not fit 2 bytes"):
        encode_data_unit(edition=2016, command=4, body={"serial": 65536})


def test_a_vin_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="17 bytes of VIN"):
        encode_frame(edition=2016, command=7, vin=b"short", data_unit=b"")


def test_no_parts_are_no_bytes() -> None:
    assert encode_parts((), {}) == b""
