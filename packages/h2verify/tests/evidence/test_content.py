import gzip

import pytest
from h2verify.content import FileContent

ROWS = b"".join(b"2026-03-02T08:00:%02d.000+08:00,2323%06d\n" % (at % 60, at) for at in range(5000))
PACKED = gzip.compress(ROWS, mtime=0)


def _unpack(path: str, data: bytes, chunk_bytes: int) -> tuple[bytes, bool]:
    content = FileContent(path, (data[at : at + chunk_bytes] for at in range(0, len(data), chunk_bytes)))
    return b"".join(content), content.complete


@pytest.mark.parametrize("chunk_bytes", [1, 7, 4096, 1 << 20])
def test_a_gz_file_is_unpacked_and_any_other_is_itself(chunk_bytes: int) -> None:
    assert (ROWS, True) == _unpack("day.csv.gz", PACKED, chunk_bytes)
    assert (PACKED, True) == _unpack("day.csv", PACKED, chunk_bytes)


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_members_follow_each_other_and_zero_padding_is_no_content(chunk_bytes: int) -> None:
    assert (ROWS + b"tail", True) == _unpack("a.gz", PACKED + gzip.compress(b"tail") + bytes(512), chunk_bytes)


def test_content_that_packs_extremely_well_comes_in_bounded_pieces() -> None:
    content = FileContent("zeros.gz", [gzip.compress(bytes(20_000_000))])
    pieces = [len(piece) for piece in content]

    assert 20_000_000 == sum(pieces)
    assert (1 << 20) == max(pieces)


@pytest.mark.parametrize(
    "damage",
    [
        PACKED[: len(PACKED) // 2],
        PACKED[:-1],
        PACKED[:5],
        PACKED[:4000] + bytes([PACKED[4000] ^ 0xFF]) + PACKED[4001:],
        PACKED[:-8] + bytes([PACKED[-8] ^ 1]) + PACKED[-7:],
        PACKED + b"not a member",
        b"",
        bytes(1000),
        b"received_at,frame\n",
    ],
)
def test_damage_ends_the_content_at_the_same_byte_for_every_reader(damage: bytes) -> None:
    found = {_unpack("a.csv.gz", damage, chunk_bytes) for chunk_bytes in (1, 13, 1000, 1 << 20)}

    assert 1 == len(found)
    content, complete = found.pop()

    assert not complete
    assert content[: len(ROWS)] == content or ROWS[: len(content) - 300] == content[:-300]


def test_a_file_cut_in_the_middle_still_gives_its_first_rows() -> None:
    content, _ = _unpack("a.csv.gz", PACKED[: len(PACKED) // 2], 4096)

    assert ROWS[: len(content)] == content
    assert len(content) > len(ROWS) // 3
