import pytest
from h2verify import note, tiles
from h2verify.merkle import HashTree, leaf_hash

from h2corridor.evidence import format_private_key, grow_log, parse_private_key, sign_checkpoint
from h2corridor.model.errors import InputError

SEED = bytes(range(32))


def _entries(count: int) -> list[bytes]:
    return [b"entry %d" % at for at in range(count)]


@pytest.mark.parametrize("steps", [[300], [1, 299], [255, 1, 44], [256, 44], [100, 0, 200], [1] * 300])
def test_a_log_grown_in_any_steps_has_the_root_and_the_tiles_of_its_entries(steps: list[int]) -> None:
    entries = _entries(sum(steps))
    files: dict[str, bytes] = {}
    size = 0
    for step in steps:
        growth = grow_log(files.__getitem__, size, entries[size : size + step])
        files |= dict(growth.files)
        size += step

        assert size == growth.size
        assert HashTree([leaf_hash(entry) for entry in entries[:size]]).root() == growth.root
    tiles.verify_tiles(files.__getitem__, 300, growth.root)

    assert entries == list(tiles.read_entries(files.__getitem__, 300))


def test_a_log_of_two_levels_of_full_tiles_grows_rightly() -> None:
    entries = _entries(65_536 + 3)
    files = dict(grow_log({}.__getitem__, 0, entries[:65_000]).files)
    growth = grow_log(files.__getitem__, 65_000, entries[65_000:])
    files |= dict(growth.files)
    tiles.verify_tiles(files.__getitem__, growth.size, growth.root)

    assert "tile/2/000.p/1" in files


def test_growing_reads_only_the_right_edge() -> None:
    entries = _entries(1000)
    files = dict(grow_log({}.__getitem__, 0, entries).files)
    asked = []

    def read(path: str) -> bytes:
        asked.append(path)
        return files[path]

    grow_log(read, 1000, [b"one more"])

    assert {"tile/entries/003.p/232", "tile/0/003.p/232", "tile/1/000.p/3"} == set(asked)


def test_a_signed_checkpoint_verifies_with_the_public_half() -> None:
    signer = parse_private_key(format_private_key("example.org/corridor", SEED), about="log.key")
    data = sign_checkpoint(300, bytes(32), signer)
    expected = note.Checkpoint(origin="example.org/corridor", size=300, root=bytes(32))

    assert expected == note.verify_checkpoint(data, note.parse_verifier_key(signer.vkey))
    assert data == sign_checkpoint(300, bytes(32), signer)


def test_the_published_private_key_of_another_tool_is_read() -> None:
    # golang.org/x/mod sumdb/note tests (BSD-3-Clause): a published test key and its verifier key.
    text = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    expected = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    assert expected == parse_private_key(text, about="log.key").vkey


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRIVATE+KEY+a+00000000",
        "example.org+00000000+AAAA",
        format_private_key("example.org", SEED).replace("+AQ", "+Ag"),
        format_private_key("example.org", SEED)[:-4],
        format_private_key("example.org", SEED).replace("example.org", "example.net"),
    ],
)
def test_what_is_no_private_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_private_key(text, about="keys/log.key")

    assert "keys.form" == refused.value.code
    assert "AAEC" not in refused.value.message
