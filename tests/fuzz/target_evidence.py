"""Evidence: canonical JSON, notes, policies, Merkle proofs, tiles, manifests, keys, documents of a run."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from h2verify import canonical, ed25519, merkle, note, policy, supplier_notes, tiles
from h2verify.errors import CanonicalError, ProofError
from target import Drawn, Target, edited, json_bytes, require

from h2corridor.evidence import format_private_key, keys, manifest, parse_private_key
from h2corridor.model import balances, report
from h2corridor.model.errors import CorridorError, EvidenceError, InputError, WorkspaceError
from h2corridor.statements import activity_tree, release, statement

LOG = parse_private_key(format_private_key("test.example/corridor", bytes([1]) * 32), about="key")


def check_canonical(data: bytes) -> None:
    """A value, or a CanonicalError; the canonical bytes of a value are read back as the same value and bytes."""
    try:
        value = canonical.parse(data, max_bytes=1 << 16)
    except CanonicalError:
        return
    encoded = canonical.encode(value)
    require(value == canonical.parse_canonical(encoded), "canonical bytes are read back")


def _canonical_seeds() -> list[bytes]:
    return [
        b'{"a":[1,-2,null,true,"\\u00e9\\ud83d\\ude00\\n"],"b":{}}',
        b"[[[[[[9007199254740991]]]]]]",
        b' {"\\ud83d\\ude00" : 1, "\xef\xbf\xbd": [0, -0, 1.5, 1e9, NaN]} ',
        b"[" * 70 + b"]" * 70,
        b'{"a":1,"a":2}',
    ]


def check_note(data: bytes) -> None:
    """A note, checkpoint, key or supplier's text, or a ProofError; what was read is written again byte for byte."""
    drawn = Drawn(data)
    if drawn.below(2):
        text = drawn.rest().decode("utf-8", "replace")
        said = note.format_note(text, [_signature(text)]) if text else b""
    else:
        said = drawn.rest()
    _attempt(lambda: note.parse_verifier_key(said.decode("utf-8", "replace")), ProofError)
    _attempt(lambda: note.verify_checkpoint(said, LOG.key), ProofError)
    parsed = _attempt(lambda: note.parse_note(said), ProofError)
    if parsed is None:
        return
    require(said == note.format_note(parsed.text, parsed.signatures), "a note is written as it was read")
    require(note.signature_status(parsed, LOG.key) in ("valid", "invalid", "unknown-key"), "a signature has a status")
    for line in parsed.signatures:
        _attempt(lambda line=line: note.cosignature_time_s(line), ProofError)
    checkpoint = _attempt(lambda: note.parse_checkpoint(parsed.text), ProofError)
    require(checkpoint is None or parsed.text == note.format_checkpoint(checkpoint), "nor is a checkpoint another")
    _attempt(lambda: supplier_notes.parse_supplier_text(parsed.text), ProofError)


def _signature(text: str) -> note.NoteSignature:
    return note.NoteSignature(name=LOG.key.name, key_id=LOG.key.key_id, signature=LOG.sign(text.encode()))


def _attempt(read: Callable[[], Any], *refusals: type[Exception]) -> Any:
    """What was read; None where it was refused as it may be."""
    try:
        return read()
    except refusals:
        return None


def _note_seeds() -> list[bytes]:
    checkpoint = note.format_checkpoint(note.Checkpoint(origin=LOG.key.name, size=3, root=bytes(32), extensions=("x",)))
    fill = supplier_notes.format_fill(
        supplier_notes.FillText(refuelling_id="R", station_id="S", started_at="x", ended_at="y", mass_kg="27.41")
    )
    files = f"h2corridor/file-manifest/1\nP1\n{'0' * 64}  3  legs.csv\n"
    signed = [b"\1" + text.encode() for text in (checkpoint, fill, files)]
    return [*signed, b"\0" + note.format_note(checkpoint, [_signature(checkpoint)]), b"\0" + LOG.vkey.encode()]


def check_policy(data: bytes) -> None:
    """A policy, or a ProofError; whom it asks for is counted on any note."""
    read = _attempt(lambda: policy.parse_policy(data), ProofError)
    if read is not None:
        text = note.format_checkpoint(note.Checkpoint(origin=LOG.key.name, size=3, root=bytes(32)))
        parsed = note.parse_note(note.format_note(text, [_signature(text)]))
        _attempt(lambda: policy.require_quorum(read, parsed), ProofError)


def _policy_seeds() -> list[bytes]:
    witness = note.format_verifier_key("w.example/1", note.COSIGNATURE_ED25519, bytes(range(32)))
    other = note.format_verifier_key("w.example/2", note.COSIGNATURE_ED25519, bytes(range(1, 33)))
    lines = [
        f"log {LOG.vkey} https://log.example/",
        f"witness w1 {witness}",
        f"witness w2 {other} https://w.example/",
        "group g any w1 w2",
        "quorum g",
        f"signer {LOG.vkey}",
        f"edition iso14083/2023.1 {'0' * 64}",
        "# note",
    ]
    return ["\n".join(lines).encode(), f"log {LOG.vkey}\r\nquorum none\r\n".encode(), b"\xef\xbb\xbfquorum none"]


def check_proofs(data: bytes) -> None:
    """A proof of a small tree holds, and with one byte, hash or number changed it is refused with a ProofError."""
    drawn = Drawn(data)
    size = 1 + drawn.below(70)
    tree = _tree(size)
    index, earlier = drawn.below(size), 1 + drawn.below(size)
    leaf = tree.hash_at(0, index)
    path = merkle.inclusion_proof(tree.hash_at, index, size)
    steps = merkle.consistency_proof(tree.hash_at, earlier, size)
    merkle.verify_inclusion(index, size, leaf, path, tree.root())
    merkle.verify_consistency(earlier, size, _tree(earlier).root(), tree.root(), steps)
    changed = _changed(path, drawn)
    at, of = index + drawn.below(5) - 2, size + drawn.below(5) - 2
    if changed != path:
        require(_refused(lambda: merkle.verify_inclusion(index, size, leaf, changed, tree.root())), "a changed path")
    _attempt(lambda: merkle.verify_inclusion(at, of, drawn.take(32), changed, tree.root()), ProofError)
    other = _changed(steps, drawn)
    if other != steps:
        roots = _tree(earlier).root(), tree.root()
        require(_refused(lambda: merkle.verify_consistency(earlier, size, *roots, other)), "a changed proof")
    _attempt(lambda: merkle.verify_consistency(at, of, drawn.take(32), drawn.take(32), other), ProofError)
    bounds = (drawn.word() - 9, drawn.word())
    _attempt(lambda: merkle.verify_subtree_inclusion(at, bounds, leaf, changed, tree.root()), ProofError)
    _attempt(lambda: merkle.inclusion_proof(tree.hash_at, at - 70, size), ProofError)


@cache
def _tree(size: int) -> merkle.HashTree:
    return merkle.HashTree(merkle.leaf_hash(bytes([number])) for number in range(size))


def _changed(hashes: Sequence[bytes], drawn: Drawn) -> tuple[bytes, ...]:
    found = list(hashes)
    act, at = drawn.below(4), drawn.below(len(hashes) + 1)
    if act == 1:
        found.insert(at, drawn.take(32))
    elif act == 2 and at < len(found):
        del found[at]
    elif act == 3 and at < len(found):
        found[at] = bytes((found[at][0] ^ drawn.byte(),)) + found[at][1:]
    return tuple(found)


def _refused(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except ProofError:
        return True
    return False


def check_tiles(data: bytes) -> None:
    """A log in files holds; with any file changed it is refused with a ProofError. Paths and bundles of any bytes."""
    drawn = Drawn(data)
    size = drawn.below(300)
    files, root = _log(size)
    changed = dict(files)
    act = drawn.below(3)
    if files and act:
        path = sorted(files)[drawn.below(len(files))]
        changed[path] = drawn.rest() if act == 1 else _flipped(files[path], drawn)
        what = f"{path} is changed"
        require(changed == files or _refused(lambda: tiles.verify_tiles(changed.__getitem__, size, root)), what)
        return
    tiles.verify_tiles(files.__getitem__, size, root)
    said = drawn.rest()
    tile = _attempt(lambda: tiles.parse_tile_path(said.decode("latin-1")), ProofError)
    require(tile is None or tile.path.encode("latin-1") == said, "a path has one form")
    width = 1 + len(said) % 256
    entries = _attempt(lambda: tiles.decode_bundle(said, width), ProofError)
    require(entries is None or tiles.encode_bundle(entries) == said, "a bundle has one form")
    _attempt(lambda: tiles.decode_tile(said, width), ProofError)


@cache
def _log(size: int) -> tuple[dict[str, bytes], bytes]:
    """The files of a log of so many entries, and its root."""
    entries = [b"e%d" % number for number in range(size)]
    tree = merkle.HashTree(merkle.leaf_hash(entry) for entry in entries)
    files = {}
    for tile in tiles.list_tiles(size):
        first, last = tile.index * tiles.TILE_WIDTH, tile.index * tiles.TILE_WIDTH + tile.width
        if tile.level == tiles.ENTRIES:
            files[tile.path] = tiles.encode_bundle(entries[first:last])
        else:
            level = tile.level * tiles.TILE_HEIGHT
            files[tile.path] = tiles.encode_tile([tree.hash_at(level, index) for index in range(first, last)])
    return files, tree.root() if size else merkle.EMPTY_ROOT


def _flipped(content: bytes, drawn: Drawn) -> bytes:
    at = drawn.word() % len(content)
    return content[:at] + bytes((content[at] ^ (1 << drawn.below(8)),)) + content[at + 1 :]


def _tile_seeds() -> list[bytes]:
    paths = (b"tile/0/000", b"tile/entries/x001/234.p/7", b"tile/63/999", b"\0\2abc\0\1z")
    kept = [size.to_bytes(2) + b"\2\1\0\5\3" for size in (1, 7, 256, 257)]
    return [*(b"\0\3\0" + each for each in paths), *kept, b"\1\1\1\0" + b"\0\2e0"]


def check_documents(data: bytes) -> None:
    """Documents of a workspace and a run, edited: a value, or an error of the tree that names the document."""
    drawn = Drawn(data)
    name, decode, error, document = _DOCUMENTS[drawn.below(len(_DOCUMENTS))]
    raw = drawn.rest() if drawn.below(4) == 0 else _as_document(name, edited(document, drawn))
    try:
        decode(raw)
    except error as refusal:
        require(isinstance(refusal, CorridorError) and refusal.code, name)


def _as_document(name: str, document: Any) -> bytes:
    """Evidence is canonical JSON, where that can be; what a run leaves is any JSON."""
    try:
        return json_bytes(document) if name.startswith("report") else canonical.encode(document)
    except CanonicalError:
        return json_bytes(document)


def _loaded(data: bytes) -> Any:
    return json.loads(data)


_MANIFEST = manifest.FileManifest(
    path="legs.csv",
    size=3,
    sha256="0" * 64,
    records=2,
    content_complete=True,
    received_at_ms=1_772_700_000_000,
    file_salt="1" * 64,
    root="2" * 64,
)
_TREE = activity_tree.ActivityTree.commit(
    {"site/1": [({"kind": "site", "row": 1, "closed": {}}, {"position": {"latitude_e6": 1, "longitude_e6": 2}})]},
    bytes(32),
)
_RELEASE = release.make_release("s", decided_by="d", recipient="r", purpose="p", basis="b", decided_at="2026-03-02")
_STATEMENT = {"format": statement.SIGNED_FORMAT, "statement": {"a": 1}, "log_proof": {"index": 0}, "signature": {}}
_REPORT: dict[str, Any] = {
    "trial": "T",
    "format": 1,
    "software": "h2corridor",
    "engine": "duckdb",
    "checkpoint": {"origin": "o", "size": 1, "root": "00"},
    "trips": [],
    "findings": [],
    "shipments": [],
    "totals": {"frames_received": 0, "frames_used": 0, "frames_repeated": 0, "frames_unused": 0},
}
_DOCUMENTS: tuple[tuple[str, Callable[[bytes], Any], type[Exception], Any], ...] = (
    ("manifest", lambda data: manifest.decode_manifest(data, about="x"), EvidenceError, _loaded(_MANIFEST.encode())),
    (
        "release",
        lambda data: release.decode_release(data, about="x"),
        EvidenceError,
        _loaded(release.release_document(_RELEASE)),
    ),
    (
        "group",
        lambda data: activity_tree.decode_group(data, about="x"),
        EvidenceError,
        _loaded(_TREE.groups[0].encode()),
    ),
    ("index", lambda data: activity_tree.decode_index(data, about="x"), EvidenceError, _loaded(_TREE.index.encode())),
    ("statement", lambda data: statement.read_statement(data, about="x"), EvidenceError, _STATEMENT),
    ("report", report.decode_report, WorkspaceError, _REPORT),
    ("report-figures", report.decode_figures, WorkspaceError, {"figures": []}),
    ("report-tracks", report.decode_tracks, WorkspaceError, {"datum": "d", "attribution": "a"}),
    ("report-balances", balances.decode_balances, WorkspaceError, {"windows": [], "stations": [], "signals": []}),
    (
        "key",
        lambda data: parse_private_key(data.decode("utf-8", "replace"), about="x"),
        InputError,
        "PRIVATE+KEY+a+b+c",
    ),
)


def _document_seeds() -> list[bytes]:
    edits = [bytes((number, 1, 0, 0, 3, 2)) + b"xx" for number in range(len(_DOCUMENTS))]
    raw = format_private_key("name", bytes(32)).encode()
    return [*edits, bytes((len(_DOCUMENTS) - 1, 0)) + raw, b"\0\0" + _MANIFEST.encode()]


def check_signature(data: bytes) -> None:
    """A signature by a known key holds for its message alone; any other bytes are refused with a ProofError."""
    drawn = Drawn(data)
    key, signature = drawn.take(32), drawn.take(64)
    message = drawn.rest()
    _attempt(lambda: ed25519.verify_signature(key, message, signature), ProofError)
    own = hashlib.sha256(message).digest()
    ed25519.verify_signature(LOG.key.public_key, own, LOG.sign(own))


TARGETS = (
    Target(name="canonical", modules=(canonical,), seeds=_canonical_seeds, check=check_canonical, runs=4_000),
    Target(name="note", modules=(note, supplier_notes), seeds=_note_seeds, check=check_note, runs=400),
    Target(name="policy", modules=(policy, note), seeds=_policy_seeds, check=check_policy),
    Target(
        name="proofs", modules=(merkle,), seeds=lambda: [bytes((9, 3, 4, n, 1)) for n in range(4)], check=check_proofs
    ),
    Target(name="tiles", modules=(tiles,), seeds=_tile_seeds, check=check_tiles, runs=800),
    Target(
        name="documents",
        modules=(manifest, keys, report, activity_tree, release, statement),
        seeds=_document_seeds,
        check=check_documents,
    ),
    Target(name="ed25519", modules=(ed25519,), seeds=lambda: [bytes(96) + b"message"], check=check_signature, runs=100),
)
