"""The archive of a bundle: the same bytes always, readable by any zip tool and by the strict reader."""

import io
import zipfile

import pytest
from h2verify.bundle import limits
from h2verify.bundle.container import read_container
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.model.errors import InputError
from h2corridor.statements.container import write_archive

NAMES = st.from_regex(r"\A[a-z0-9]{1,8}(/[a-z0-9_@-]{1,8}){0,2}\.(json|txt|bin)\Z")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=400), max_size=8))
def test_what_goes_in_comes_out_of_any_reader(members: dict[str, bytes]) -> None:
    members = {**members, "manifest.json": b"{}"}
    data = write_archive(members)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
        infos = archive.infolist()

    assert members == found
    assert None is zipfile.ZipFile(io.BytesIO(data)).testzip()
    assert sorted(members) == [info.filename for info in infos]
    assert {(1980, 1, 1, 0, 0, 0)} == {info.date_time for info in infos}
    assert {0} == {info.flag_bits for info in infos}


def test_the_strict_reader_takes_it_and_its_bytes_never_differ() -> None:
    members = {"manifest.json": b"{}", "b.txt": b"x" * 1000, "a/c.bin": bytes(1000)}
    data = write_archive(members)
    archive = read_container(data)

    assert members == {name: archive[name] for name in archive}
    assert data == write_archive(dict(reversed(members.items())))
    assert 1000 < len(data) < 1500, "text is packed, .bin is stored"


@pytest.mark.parametrize(
    ("fault", "members"),
    {
        "many": {f"{number}.txt": b"" for number in range(limits.MEMBERS_MAX + 1)},
        "long json": {"a.json": bytes(limits.JSON_BYTES_MAX + 1)},
        "rich json": {"a.json": b"[" * (limits.JSON_MARKS_MAX + 1)},
        "long": {"a.bin": bytes(limits.MEMBER_BYTES_MAX + 1)},
        "all": {f"{number}.bin": bytes(limits.MEMBER_BYTES_MAX) for number in range(4)},
        "file": {f"{number}.bin": bytes(limits.MEMBER_BYTES_MAX) for number in range(2)},
    }.items(),
)
def test_what_a_verifier_would_refuse_for_its_size_is_not_written(fault: str, members: dict[str, bytes]) -> None:
    with pytest.raises(InputError, match=r"bundle\.limit") as caught:
        write_archive(members)

    assert "lesser depth" in caught.value.message, fault
