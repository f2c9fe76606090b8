"""Frames out of a byte stream, however it is cut."""

from itertools import accumulate, pairwise
from typing import Any

import pytest
from h2verify.gbt32960 import Framer, Segment, decode_frame, split_stream, stream, xor_of
from h2verify.gbt32960.stream import JUNK_MAX
from hypothesis import given, settings
from hypothesis import strategies as st

HEARTBEAT = bytes.fromhex("232307fe5445535456494e32303136303030303035010000bf")
ENDLESS = b"##\x02\xfeTESTVIN0000000001\x01\xff\x00"


def in_chunks(data: bytes, size: int) -> list[Segment]:
    return list(split_stream(data[at : at + size] for at in range(0, len(data), size)))


def test_the_mixed_stream_gives_its_frames_its_junk_and_its_partial_frame(
    mixed_stream: dict[str, Any], vectors: list[dict[str, Any]]
) -> None:
    data = bytes.fromhex(mixed_stream["hex"])
    names = {bytes.fromhex(vector["hex"]): vector["id"] for vector in vectors}
    segments = in_chunks(data, len(data))
    frames = [segment for segment in segments if segment.kind == "frame"]
    junk = [segment for segment in segments if segment.kind == "junk"]

    assert [name.split()[0] for name in mixed_stream["expected_frames"]] == [names[frame.data] for frame in frames]
    assert [mixed_stream["junk_hex"]] == [segment.data.hex() for segment in junk]
    assert [mixed_stream["trailing_partial_bytes"]] == [len(s.data) for s in segments if s.kind == "partial"]
    assert [frame.bcc_ok for frame in frames if "bad-bcc" in names[frame.data]] == [False]


def test_the_mixed_stream_gives_the_same_in_chunks_of_every_size(mixed_stream: dict[str, Any]) -> None:
    data = bytes.fromhex(mixed_stream["hex"])
    expected = in_chunks(data, len(data))
    for size in range(1, len(data)):
        assert expected == in_chunks(data, size), size


def test_a_frame_with_a_lying_length_does_not_swallow_the_frames_after_it() -> None:
    segments = in_chunks(ENDLESS + b"\x00" * 9 + HEARTBEAT * 3, 7)

    assert [segment.kind for segment in segments] == ["junk", "frame", "frame", "frame"]


def test_a_frame_cut_short_does_not_swallow_the_next_one() -> None:
    segments = in_chunks(HEARTBEAT[:-4] + HEARTBEAT, 11)

    assert [(segment.kind, segment.offset) for segment in segments] == [("junk", 0), ("frame", 21)]


def test_a_frame_is_given_as_soon_as_its_last_byte_arrived() -> None:
    framer = Framer()

    assert framer.feed(HEARTBEAT[:-1]) == []
    assert [segment.data for segment in framer.feed(HEARTBEAT[-1:])] == [HEARTBEAT]
    assert framer.close() == []


def test_a_long_run_of_junk_comes_in_pieces_and_is_not_held() -> None:
    framer = Framer()
    given_early = [segment for _ in range(5) for segment in framer.feed(b"\x00" * 50_000)]

    assert [len(segment.data) for segment in given_early] == [JUNK_MAX] * 3
    assert [len(segment.data) for segment in framer.close()] == [250_000 - 3 * JUNK_MAX]


PIECES = st.sampled_from(
    [HEARTBEAT, HEARTBEAT[:-4], HEARTBEAT[:-1] + b"\x00", b"##", b"$", b"$$", b"#", b"\x00\x23", ENDLESS, b"junk"]
)


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(PIECES | st.binary(max_size=30), max_size=8), size=st.integers(1, 40))
def test_segments_are_the_stream_without_a_gap_however_it_is_cut(pieces: list[bytes], size: int) -> None:
    data = b"".join(pieces)
    segments = in_chunks(data, size)

    assert in_chunks(data, len(data) or 1) == segments
    assert data == b"".join(segment.data for segment in segments)
    assert all(a.offset + len(a.data) == b.offset for a, b in pairwise(segments))
    for segment in segments:
        if segment.kind == "frame":
            assert segment.bcc_ok == (decode_frame(segment.data).verdict != "reject")


def test_frames_that_promise_to_be_long_cost_no_more_than_their_own_bytes_however_slowly_they_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folded = []
    monkeypatch.setattr(stream, "xor_of", lambda data: folded.append(len(data)) or xor_of(data))
    monkeypatch.setattr(stream, "accumulate", lambda data, fold: folded.append(len(data)) or accumulate(data, fold))
    promise = ENDLESS[:22]
    data = promise + b"\x25\x00" + (promise + b"\x26\x00") * 400 + b"\x01" * 20_000
    segments = in_chunks(data, 16)

    assert data == b"".join(segment.data for segment in segments)
    assert 0 < sum(folded) <= 2 * len(data)
