import json
from pathlib import Path

import pytest
from h2verify import note, tiles
from h2verify.errors import ProofError
from h2verify.merkle import Frontier, HashTree, leaf_hash, verify_inclusion
from h2verify.merkle import inclusion_proof as make_inclusion_proof


def _rebuild(entries: list[bytes]) -> dict[str, bytes]:
    """All files of a log, straight from the definition."""
    files = {}
    level = [leaf_hash(entry) for entry in entries]
    for tile in tiles.list_tiles(len(entries)):
        span = slice(tile.index * 256, tile.index * 256 + tile.width)
        if tile.level == tiles.ENTRIES:
            files[tile.path] = tiles.encode_bundle(entries[span])
        else:
            shift = 256**tile.level
            nodes = [HashTree(level[at : at + shift]).root() for at in range(0, len(level) - shift + 1, shift)]
            files[tile.path] = tiles.encode_tile(nodes[span])
    return files


def _read_log(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("tile/**/*") if path.is_file()
    }


def test_the_log_of_300_is_rebuilt_byte_for_byte_from_its_entries(cases_dir: Path) -> None:
    folder = cases_dir / "merkle-tlog" / "own_log_300"

    assert _read_log(folder) == _rebuild([f"record {at:04d}".encode() for at in range(300)])


def test_every_state_of_the_tessera_log_is_rebuilt_byte_for_byte(cases_dir: Path) -> None:
    folder = cases_dir / "merkle-tlog" / "tessera_log"
    entries = [text.encode() for text in json.loads((folder / "facts.json").read_text())["entries"]]
    rebuilt: dict[str, bytes] = {}
    for size in range(16):
        rebuilt |= _rebuild(entries[:size])
        checkpoint = note.parse_checkpoint(note.parse_note((folder / f"checkpoint.{size}").read_bytes()).text)
        frontier = Frontier()
        frontier.add_many([leaf_hash(entry) for entry in entries[:size]])

        assert (size, frontier.root()) == (checkpoint.size, checkpoint.root)

    assert _read_log(folder) == rebuilt


def test_tiles_give_the_root_of_the_checkpoint_and_proofs_to_it(cases_dir: Path) -> None:
    folder = cases_dir / "merkle-tlog" / "own_log_300"
    files = _read_log(folder)
    checkpoint = note.parse_checkpoint(note.parse_note((folder / "checkpoint").read_bytes()).text)
    tiles.verify_tiles(files.__getitem__, checkpoint.size, checkpoint.root)
    hashes = tiles.TileHashes(files.__getitem__, checkpoint.size)

    assert checkpoint.root == hashes.root()
    for index in (0, 127, 128, 255, 256, 299):
        proof = make_inclusion_proof(hashes.hash_at, index, 300)
        verify_inclusion(index, 300, leaf_hash(f"record {index:04d}".encode()), proof, checkpoint.root)


def test_a_flipped_byte_in_any_file_of_a_log_is_refused() -> None:
    entries = [b"%d" % at for at in range(259)]
    files = _rebuild(entries)
    root = HashTree([leaf_hash(entry) for entry in entries]).root()
    tiles.verify_tiles(files.__getitem__, 259, root)
    for path, data in files.items():
        for at in range(0, len(data), 97):
            flipped = {**files, path: data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]}
            with pytest.raises(ProofError):
                tiles.verify_tiles(flipped.__getitem__, 259, root)


def test_the_example_path_of_the_specification() -> None:
    assert "tile/3/x001/x234/067" == tiles.Tile(3, 1234067).path
    assert "tile/entries/000.p/7" == tiles.Tile(tiles.ENTRIES, 0, 7).path
    assert tiles.Tile(3, 1234067) == tiles.parse_tile_path("tile/3/x001/x234/067")


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/data/000",
        "tile/0/000\n",
        "../tile/0/000",
    ],
)
def test_a_path_has_one_form(path: str) -> None:
    with pytest.raises(ProofError) as refused:
        tiles.parse_tile_path(path)

    assert "tile.path" == refused.value.code


def test_a_bundle_holds_exactly_its_entries() -> None:
    data = tiles.encode_bundle([b"", b"one", b"x" * 65535])

    assert [b"", b"one", b"x" * 65535] == tiles.decode_bundle(data, 3)
    for damaged, width in [(data[:-1], 3), (data + b"\0", 3), (data, 2), (data, 4)]:
        with pytest.raises(ProofError):
            tiles.decode_bundle(damaged, width)
    with pytest.raises(ProofError):
        tiles.encode_bundle([b"x" * 65536])
