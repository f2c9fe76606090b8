"""Faults of the zip container (step 1), by somebody who has no keys and needs none."""

import gzip
import re
import struct
import zlib

from registry import damaged
from zips import END, Entry, deflated, entries_of, write_zip

MIB = 1 << 20


def _index(entries: list[Entry], name: str) -> int:
    return next(at for at, entry in enumerate(entries) if entry.name == name)


def _with(data: bytes, *more: Entry) -> bytes:
    return write_zip([*entries_of(data), *more])


def _changed(bundle: bytes, name: str, **changes: object) -> bytes:
    entries = entries_of(bundle)
    for attribute, value in changes.items():
        setattr(entries[_index(entries, name)], attribute, value)
    return write_zip(entries)


# No bundle at all.


@damaged("container.not-zip")
def empty_file(data: bytes) -> bytes:
    """The file has no bytes."""
    return b""


@damaged("container.not-zip")
def text_file(data: bytes) -> bytes:
    """The file is a text."""
    return "这不是证据包。This is no bundle.\n".encode()


@damaged("container.not-zip")
def gzip_file(data: bytes) -> bytes:
    """The bundle was packed once more, by gzip."""
    return gzip.compress(data, mtime=0)


@damaged("container.no-manifest")
def empty_zip(data: bytes) -> bytes:
    """A zip archive without any member."""
    return write_zip([])


@damaged("container.no-manifest")
def without_manifest(data: bytes) -> bytes:
    """The manifest was taken out."""
    return write_zip(entry for entry in entries_of(data) if entry.name != "manifest.json")


# Bytes that belong to nothing.


@damaged("container.zip")
def prefix_bytes(data: bytes) -> bytes:
    """A program stands before the archive."""
    return b"#!/bin/sh\nexit 0\n" + data


@damaged("container.zip")
def trailing_bytes(data: bytes) -> bytes:
    """Bytes follow the archive."""
    return data + b"\x00"


@damaged("container.zip")
def archive_comment(data: bytes) -> bytes:
    """The archive carries a comment."""
    return write_zip(entries_of(data), tail=b"verified", comment=8)


@damaged("container.zip")
def bytes_between_members(data: bytes) -> bytes:
    """Bytes lie between two members."""
    return _changed(data, "chain.json", before=b"between")


@damaged("container.zip")
def bytes_before_the_directory(data: bytes) -> bytes:
    """Bytes lie between the last member and the directory."""
    return write_zip(entries_of(data), gap=b"hidden")


@damaged("container.zip")
def cut_off(data: bytes) -> bytes:
    """The second half did not arrive."""
    return data[: len(data) // 2]


@damaged("container.zip")
def two_archives(data: bytes) -> bytes:
    """The bundle twice, one behind the other."""
    return data + data


# Headers that lie.


@damaged("container.zip")
def encrypted_member(data: bytes) -> bytes:
    """A member says that it is encrypted."""
    return _changed(data, "chain.json", both={"flags": 1})


@damaged("container.zip")
def sizes_after_the_data(data: bytes) -> bytes:
    """A member's sizes stand behind its data (flag bit 3)."""
    return _changed(data, "chain.json", both={"flags": 8})


@damaged("container.zip")
def two_names_for_a_member(data: bytes) -> bytes:
    """The local header names a member otherwise than the directory."""
    return _changed(data, "chain.json", local={"name": b"CHAIN.json"})


@damaged("container.zip")
def two_sizes_for_a_member(data: bytes) -> bytes:
    """The local header states another size than the directory."""
    return _changed(data, "chain.json", local={"size": 1})


@damaged("container.zip")
def two_methods_for_a_member(data: bytes) -> bytes:
    """The local header states another method than the directory."""
    return _changed(data, "chain.json", local={"method": 0})


@damaged("container.checksum")
def lying_size(data: bytes) -> bytes:
    """Both headers state a size that the data have not."""
    return _changed(data, "chain.json", both={"size": 4_000_000_000})


@damaged("container.checksum")
def wrong_crc(data: bytes) -> bytes:
    """Both headers state a CRC that the data have not."""
    return _changed(data, "chain.json", both={"crc": 0})


@damaged("container.method")
def unknown_method(data: bytes) -> bytes:
    """A member is packed by bzip2."""
    return _changed(data, "chain.json", both={"method": 12})


@damaged("container.zip")
def damaged_deflate(data: bytes) -> bytes:
    """The packed bytes of a member are no deflate stream."""
    return _changed(data, "chain.json", packed=b"\xff" * 100)


@damaged("container.zip")
def bytes_behind_deflate(data: bytes) -> bytes:
    """Bytes hide behind the end of a member's deflate stream."""
    entries = entries_of(data)
    return _changed(data, "chain.json", packed=deflated(entries[_index(entries, "chain.json")].data) + b"hidden")


@damaged("container.zip")
def zip64_fields(data: bytes) -> bytes:
    """A member carries zip64 sizes."""
    return _changed(data, "chain.json", both={"extra": struct.pack("<2HQQ", 1, 16, 1, 1)})


@damaged("container.zip")
def several_volumes(data: bytes) -> bytes:
    """The end record speaks of a second volume."""
    return write_zip(entries_of(data), disk=1)


@damaged("container.zip")
def overlapping_members(data: bytes) -> bytes:
    """Two rows of the directory point at the same packed bytes."""
    return _with(data, Entry(name="again.txt", central={"offset": 0}))


@damaged("container.zip")
def directory_of_another_archive(data: bytes) -> bytes:
    """The end record counts one member less than the directory has."""
    count = len(entries_of(data)) - 1
    return write_zip(entries_of(data), here=count, count=count)


@damaged("container.zip")
def member_outside_the_file(data: bytes) -> bytes:
    """A row of the directory points behind the end of the file."""
    return _changed(data, "chain.json", central={"offset": 0x7FFFFFFF})


@damaged("container.zip")
def symbolic_link(data: bytes) -> bytes:
    """A member's attributes make it a symbolic link when it is unpacked."""
    return _changed(data, "policy.txt", central={"made_by": 0x0314, "attributes": 0o120777 << 16})


# Names.


@damaged("container.name")
def path_upwards(data: bytes) -> bytes:
    """A member would be unpacked beside the folder it belongs to."""
    return _with(data, Entry(name="../../etc/passwd"))


@damaged("container.name")
def absolute_path(data: bytes) -> bytes:
    """A member's name begins at the root."""
    return _with(data, Entry(name="/etc/passwd"))


@damaged("container.name")
def drive_letter(data: bytes) -> bytes:
    """A member's name begins with a drive."""
    return _with(data, Entry(name="C:evil.txt"))


@damaged("container.name")
def backslash_in_a_name(data: bytes) -> bytes:
    """A member's name goes up by backslashes."""
    return _with(data, Entry(name="..\\evil.txt"))


@damaged("container.name")
def nul_in_a_name(data: bytes) -> bytes:
    """A member's name goes on after a NUL."""
    return _with(data, Entry(name="chain.json\x00.txt"))


@damaged("container.name")
def very_long_name(data: bytes) -> bytes:
    """A member's name has sixty thousand characters."""
    return _with(data, Entry(name="a" * 60_000))


@damaged("container.name")
def directory_as_member(data: bytes) -> bytes:
    """A directory stands among the members."""
    return _with(data, Entry(name="activity/", method=0))


@damaged("container.name")
def dot_in_a_path(data: bytes) -> bytes:
    """A member's path has a part that is a dot."""
    return _with(data, Entry(name="rulesets/./rules.py"))


@damaged("container.name")
def letters_that_look_alike(data: bytes) -> bytes:
    """A member's name has a Cyrillic letter."""
    return _with(data, Entry(name="ch\u0430in.json".encode(), both={"flags": 1 << 11}))


@damaged("container.duplicate")
def duplicate_member(data: bytes) -> bytes:
    """Two members have one name."""
    return _with(data, Entry(name="chain.json", data=b"{}"))


@damaged("container.duplicate")
def duplicate_member_by_case(data: bytes) -> bytes:
    """Two members have one name where a file system ignores case."""
    return _with(data, Entry(name="Chain.JSON", data=b"{}"))


# More than a verifier may be made to hold.


@damaged("container.limit")
def huge_expansion(data: bytes) -> bytes:
    """A member of 200 KB unpacks to 200 MiB."""
    return _changed(data, "README.txt", data=bytes(200 * MIB))


@damaged("container.limit")
def huge_expansion_of_small_size(data: bytes) -> bytes:
    """A member unpacks to 200 MiB and states a size of ten bytes."""
    return _changed(data, "README.txt", data=bytes(200 * MIB), both={"size": 10, "crc": zlib.crc32(bytes(10))})


@damaged("container.limit")
def huge_expansion_in_all(data: bytes) -> bytes:
    """Four members of the largest size unpack to 128 MiB together."""
    packed, crc = deflated(bytes(32 * MIB)), zlib.crc32(bytes(32 * MIB))
    said = {"size": 32 * MIB, "crc": crc}
    return _with(data, *(Entry(name=f"{n}.bin", packed=packed, both=dict(said)) for n in range(4)))


@damaged("container.limit")
def too_many_members(data: bytes) -> bytes:
    """The archive has two thousand members too many."""
    return _with(data, *(Entry(name=f"{n}.txt", method=0) for n in range(2_000)))


@damaged("container.limit")
def huge_json(data: bytes) -> bytes:
    """A JSON member unpacks to 5 MiB."""
    return _changed(data, "chain.json", data=b'"' + b"a" * 5 * MIB + b'"')


@damaged("container.limit")
def brackets_without_end(data: bytes) -> bytes:
    """A JSON member is four million opening brackets."""
    return _changed(data, "chain.json", data=b"[" * 4_000_000)


@damaged("container.limit")
def many_small_values(data: bytes) -> bytes:
    """A JSON member is half a million numbers."""
    return _changed(data, "chain.json", data=b"[" + b"1," * 500_000 + b"1]")


@damaged("container.zip")
def end_record_hidden_in_a_member(data: bytes) -> bytes:
    """The file ends with the end record of a smaller archive that a stored member holds."""
    inner = write_zip([Entry(name="manifest.json", data=b"{}")])
    outer = write_zip([*entries_of(data), Entry(name="README2.txt", data=inner, method=0)])
    return re.sub(re.escape(outer[-END.size :]) + rb"\Z", lambda _: inner[-END.size :], outer)
