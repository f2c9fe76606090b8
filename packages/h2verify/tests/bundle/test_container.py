"""Every byte of the container is accounted for, and nothing it says of itself is believed."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from h2verify.bundle import limits
from h2verify.bundle.container import read_container
from h2verify.errors import BundleError
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bundle import make_bundle
from made_zip import Entry, deflated, write_zip

MANIFEST = Entry(name="manifest.json")
ZIP64 = b"\x01\x00\x08\x00" + bytes(8)


def _refused(data: bytes) -> str:
    with pytest.raises(BundleError) as refused:
        read_container(data)
    return refused.value.code


def test_members_come_back_as_they_were_packed_stored_or_deflated() -> None:
    members = {"manifest.json": b"{}", "a/b.txt": b"text" * 1000, "c.bin": b""}
    for method in (0, 8):
        archive = read_container(write_zip([Entry(name=n, data=d, method=method) for n, d in members.items()]))

        assert members == dict(archive)
        assert ["a/b.txt"] == archive.under("a/")


def test_an_archive_of_another_writer_without_stream_flags_is_read() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", "{}")

    assert {"manifest.json": b"{}"} == dict(read_container(file.getvalue()))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "container.not-zip"),
        (b"no zip at all", "container.not-zip"),
        (b"PK", "container.not-zip"),
        (write_zip([]), "container.no-manifest"),
        (write_zip([Entry(name="README.txt")]), "container.no-manifest"),
        (write_zip([MANIFEST])[:-1], "container.zip"),
        (write_zip([MANIFEST], tail=b"\n"), "container.zip"),
        (b"\n" + write_zip([MANIFEST]), "container.zip"),
        (write_zip([MANIFEST], end={"comment": 3}, tail=b"abc"), "container.zip"),
        (write_zip([MANIFEST], end={"disk": 1}), "container.zip"),
        (write_zip([MANIFEST], end={"here": 2}), "container.zip"),
        (write_zip([MANIFEST], end={"here": 2, "count": 2}), "container.zip"),
        (write_zip([MANIFEST], end={"here": 65535, "count": 65535}), "container.limit"),
        (write_zip([MANIFEST], end={"offset": 0}), "container.zip"),
        (write_zip([MANIFEST], end={"length": 0}), "container.zip"),
    ],
)
def test_what_is_no_whole_archive_is_refused(data: bytes, code: str) -> None:
    assert code == _refused(data)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"name": "../evil"}, "container.name"),
        ({"name": "/etc/passwd"}, "container.name"),
        ({"name": "a/../b"}, "container.name"),
        ({"name": "a/./b"}, "container.name"),
        ({"name": "a//b"}, "container.name"),
        ({"name": "folder/"}, "container.name"),
        ({"name": "C:\\b"}, "container.name"),
        ({"name": "a b"}, "container.name"),
        ({"name": "a\n"}, "container.name"),
        ({"name": "\xe9"}, "container.name"),
        ({"name": ""}, "container.name"),
        ({"name": "a" * 201}, "container.name"),
        ({"name": "manifest.json"}, "container.duplicate"),
        ({"name": "Manifest.JSON"}, "container.duplicate"),
        ({"method": 12, "packed": b"{}"}, "container.method"),
        ({"local": {"flags": 1}, "central": {"flags": 1}}, "container.zip"),
        ({"local": {"flags": 8}, "central": {"flags": 8}}, "container.zip"),
        ({"local": {"name": b"other"}}, "container.zip"),
        ({"local": {"method": 0}}, "container.zip"),
        ({"local": {"crc": 1}}, "container.zip"),
        ({"local": {"size": 1}}, "container.zip"),
        ({"central": {"packed": 1}}, "container.zip"),
        ({"central": {"offset": 1}}, "container.zip"),
        ({"before": b"x"}, "container.zip"),
        ({"after": b"x"}, "container.zip"),
        ({"extra": ZIP64}, "container.zip"),
        ({"local": {"crc": 1}, "central": {"crc": 1}}, "container.checksum"),
        ({"local": {"size": 1}, "central": {"size": 1}}, "container.checksum"),
        ({"packed": b"\xff\xff\xff"}, "container.zip"),
        ({"packed": deflated(b"{}")[:-1]}, "container.zip"),
        ({"packed": deflated(b"{}") + b"x"}, "container.zip"),
        ({"packed": b""}, "container.zip"),
    ],
)
def test_a_member_with_one_fault_is_refused_for_it(fault: Mapping[str, Any], code: str) -> None:
    member = Entry(**{"name": "a.txt", **fault})

    assert code == _refused(write_zip([MANIFEST, member]))


def test_the_name_may_be_marked_as_utf_8_and_other_extra_fields_may_stand_there() -> None:
    flags = {"flags": 1 << 11}
    member = Entry(name="a.txt", local=flags, central=flags, extra=b"\x55\x54\x01\x00x")

    assert ["manifest.json", "a.txt"] == list(read_container(write_zip([MANIFEST, member])))


def test_two_members_cannot_share_their_bytes() -> None:
    overlapping = Entry(name="b.txt", central={"offset": 0})

    assert "container.zip" == _refused(write_zip([MANIFEST, overlapping]))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", bytes(limits.JSON_BYTES_MAX + 1)),
        ("a.bin", bytes(limits.MEMBER_BYTES_MAX + 1)),
        ("a.json", b"[" * (limits.JSON_MARKS_MAX + 1)),
        ("a.json", b'"' + b"," * limits.JSON_MARKS_MAX + b":" + b'"'),
    ],
)
def test_a_member_above_a_limit_is_refused_whatever_size_it_states(name: str, data: bytes) -> None:
    stated = {"size": 2, "crc": 0}

    assert "container.limit" == _refused(
        write_zip([MANIFEST, Entry(name=name, data=data, local=stated, central=stated)])
    )


def test_members_up_to_the_limits_are_read() -> None:
    entries = [
        MANIFEST,
        Entry(name="a.json", data=b"[" * limits.JSON_MARKS_MAX),
        Entry(name="b.json", data=bytes(limits.JSON_BYTES_MAX)),
        Entry(name="c.bin", data=bytes(limits.MEMBER_BYTES_MAX)),
    ]

    assert 4 == len(read_container(write_zip(entries)))


def test_all_members_together_have_limits() -> None:
    large = [Entry(name=f"{n}.bin", data=bytes(limits.MEMBER_BYTES_MAX)) for n in range(4)]
    marks = [Entry(name=f"{n}.json", data=b"," * 250_000) for n in range(5)]
    texts = [Entry(name=f"{n}.json", data=bytes(limits.JSON_BYTES_MAX)) for n in range(5)]
    many = [Entry(name=f"{n}.txt", data=b"", method=0) for n in range(limits.MEMBERS_MAX)]
    for entries in (large, marks, texts, many):
        assert "container.limit" == _refused(write_zip([MANIFEST, *entries]))


def test_a_file_above_the_limit_is_refused_before_it_is_read() -> None:
    assert "container.limit" == _refused(b"PK\x03\x04" + bytes(limits.FILE_BYTES_MAX))
    assert "container.not-zip" == _refused(bytes(limits.FILE_BYTES_MAX + 1))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_changed_byte_leaves_the_same_members_or_is_refused(draws: st.DataObject) -> None:
    good = make_bundle()
    at = draws.draw(st.integers(0, len(good) - 1))
    changed = good[:at] + bytes([good[at] ^ draws.draw(st.integers(1, 255))]) + good[at + 1 :]
    try:
        archive = read_container(changed)
    except BundleError as error:
        assert error.code.startswith("container.")
    else:
        assert dict(read_container(good)) == dict(archive)
