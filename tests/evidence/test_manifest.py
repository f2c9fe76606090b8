import gzip
import hashlib

import pytest
from h2verify import merkle, rows

from h2corridor.evidence import FileManifest, commit_to_file, decode_manifest, derive_file_salt, manifest
from h2corridor.model.errors import EvidenceError, InputError

SEED = b"a salt seed of thirty-two bytes."


def _commit(path: str, data: bytes, chunk_bytes: int = 1 << 16) -> FileManifest:
    digest = hashlib.sha256(data).hexdigest()
    chunks = (data[at : at + chunk_bytes] for at in range(0, len(data), chunk_bytes))
    salt = derive_file_salt(SEED, path, digest)
    return commit_to_file(
        chunks, path=path, size=len(data), sha256=digest, file_salt=salt, received_at_ms=1_772_409_600_000
    )


def test_the_root_is_recomputed_from_the_manifest_and_the_records_alone() -> None:
    data = b"received_at,frame\n" + b"2026-03-02T08:00:00+08:00,2323\n" * 10_000
    manifest = _commit("telemetry/LNX/2026-03-02.csv.gz", gzip.compress(data, mtime=0), 1000)
    salt = bytes.fromhex(manifest.file_salt)
    entry = rows.file_entry(
        path=manifest.path,
        size=manifest.size,
        sha256=manifest.sha256,
        records=10_001,
        received_at_ms=1_772_409_600_000,
        content_complete=True,
    )
    entries = [entry, *data.splitlines(keepends=True)]
    leaves = [rows.salted_leaf_hash(rows.record_salt(salt, at), text) for at, text in enumerate(entries)]

    assert merkle.HashTree(leaves).root().hex() == manifest.root
    assert 10_001 == manifest.records


def test_a_damaged_gz_file_is_committed_to_as_far_as_it_can_be_read() -> None:
    data = gzip.compress(b"".join(b"row %d\n" % (at * 7919) for at in range(2000)), mtime=0)
    manifest = _commit("a.csv.gz", data[: len(data) // 2])

    assert not manifest.content_complete
    assert 500 < manifest.records < 2000
    assert 0 == _commit("zeros.csv.gz", bytes(4096)).records


def test_the_manifest_returns_from_its_bytes_and_from_no_others() -> None:
    manifest = _commit("parties.csv", b"party_id\nP1\n")
    data = manifest.encode()

    assert manifest == decode_manifest(data, about="received/m.json")
    for at in range(len(data)):
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            assert manifest != decode_manifest(flipped, about="received/m.json")
        except EvidenceError as error:
            assert "evidence.manifest" == error.code


def test_the_salt_depends_on_seed_path_and_content() -> None:
    salts = {
        derive_file_salt(seed, path, digest)
        for seed in (SEED, SEED[::-1])
        for path in ("a.csv", "b.csv")
        for digest in ("00" * 32, "01" * 32)
    }

    assert 8 == len(salts)
    assert derive_file_salt(SEED, "a.csv", "00" * 32) in salts


def test_the_leaf_shows_neither_path_nor_digest() -> None:
    manifest = _commit("telemetry/LNXTEST0000000001/2026-03-02.csv", b"a\n")
    leaf = manifest.leaf_entry()

    assert b"LNX" not in leaf
    assert manifest.sha256.encode() not in leaf


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b'{"format":1}', b"\xff"])
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(EvidenceError) as refused:
        decode_manifest(data, about="received/ab/cd.json")

    assert "evidence.manifest" == refused.value.code
    assert "received/ab/cd.json" in refused.value.message


def test_lines_without_end_in_a_small_gz_are_refused_before_all_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "RECORDS_MAX", 9_999)
    read = []
    packed = gzip.compress(b"\n" * 5_000_000, mtime=0)
    chunks = (read.append(at) or packed[at : at + 100] for at in range(0, len(packed), 100))
    with pytest.raises(InputError) as refused:
        commit_to_file(chunks, path="a.csv.gz", size=1, sha256="0" * 64, file_salt=bytes(32), received_at_ms=0)

    assert ("evidence.too-many-records", "a.csv.gz") == (refused.value.code, refused.value.about)
    assert 100 * len(read) < len(packed)
    assert 9_999 == _commit("a.csv", b"\n" * 9_999).records
