"""Good bundles of the packaged trial, and what its operator holds: keys, salts, received bytes. Made once a session.

Keys, salts and time are fixed, so the same code gives the same bytes. Two suppliers sign: the carrier its files and a
fill, the station the same fill.
"""

import pickle
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from h2corridor.app.bootstrap import make_release_signer, make_request
from h2corridor.app.export import export_bundle, list_statements
from h2corridor.app.release import record_release
from h2corridor.app.sign import sign_files, sign_fill
from h2corridor.app.trial_run import run_trial
from h2corridor.evidence import LogSigner, format_private_key, parse_private_key
from h2corridor.statements.bundle import DEPTHS
from h2corridor.store.files import Workspace

ROOT = Path(__file__).resolve().parents[2]
NOW_MS = 1_772_700_000_000
ORIGIN = "test.example/corridor"
CARRIER, STATION = "FR-P01", "FR-P03"
SIGNED_FILL = "FR-R0001"
DECISION = {
    "decided_by": "data protection officer",
    "recipient": "an accredited verifier",
    "purpose": "verification of one consignment",
    "basis": "contract 2026-7, article 4",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Every private key there is."""

    log: LogSigner
    issuer: LogSigner
    suppliers: Mapping[str, LogSigner]
    stranger: LogSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A received file as the operator keeps it."""

    data: bytes
    salt: bytes
    received_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Good:
    """Bundles that hold by depth, one of another consignment, and all that an operator needs to make others.

    `pinned_policy` is the workspace's own, `policy` the same without the editions.
    """

    bundles: Mapping[str, bytes]
    other: bytes
    policy: bytes
    pinned_policy: bytes
    keys: Keys
    kept: Mapping[str, Kept]


def make_signer(name: str, number: int) -> LogSigner:
    """A key whose seed is one byte again and again: nobody's secret."""
    return parse_private_key(format_private_key(name, bytes([number]) * 32), about=name)


KEYS = Keys(
    log=make_signer(ORIGIN, 1),
    issuer=make_signer(f"{ORIGIN}/issuer", 2),
    suppliers={party: make_signer(party, number) for number, party in enumerate((CARRIER, STATION), start=3)},
    stranger=make_signer("stranger.example/corridor", 5),
)


def make_good(folder: Path) -> Good:
    """Run the packaged trial in a folder, state, sign, release and export."""
    workspace = _run(folder)
    first, other = (each.statement_id for each in list_statements(workspace))
    log = make_release_signer(workspace, folder / "keys")
    record_release(workspace, first, now_ms=NOW_MS, log=log, **DECISION)
    opened = Workspace.open(workspace)
    kept = {}
    for receipt in opened.list_receipts():
        with opened.open_received(receipt) as file:
            manifest = receipt.manifest
            kept[manifest.path] = Kept(
                data=file.read(), salt=bytes.fromhex(manifest.file_salt), received_at_ms=manifest.received_at_ms
            )
    return Good(
        bundles={depth: export_bundle(workspace, first, depth) for depth in DEPTHS},
        other=export_bundle(workspace, other, "activity"),
        policy=re.sub(rb"(?m)^edition .*\n", b"", opened.read_policy()),
        pinned_policy=opened.read_policy(),
        keys=KEYS,
        kept=kept,
    )


def write_good(good: Good, folder: Path) -> None:
    """Keep them in a folder, for another process of the same tests; the keys are those of this file."""
    kept = replace(good, keys=None)  # type: ignore[arg-type] # a private key is not written down
    (folder / "good.pickle").write_bytes(pickle.dumps(kept))


def read_good(folder: Path) -> Good:
    """What `write_good` kept."""
    kept: Good = pickle.loads((folder / "good.pickle").read_bytes())
    return replace(kept, keys=KEYS)


def make_rehearsal(trial: Path, folder: Path) -> Iterator[bytes]:
    """Bundles of the public rehearsal: of every statement its activity."""
    run_trial(make_request(trial, folder / "workspace", now_ms=NOW_MS), lambda *_: None)
    for each in list_statements(folder / "workspace"):
        yield export_bundle(folder / "workspace", each.statement_id, "activity")


def _run(folder: Path) -> Path:
    with _dataset(folder / "dataset") as dataset:
        keys = folder / "keys"
        keys.mkdir()
        (keys / "log.key").write_text(format_private_key(ORIGIN, bytes([1]) * 32) + "\n")
        (keys / "issuer.key").write_text(format_private_key(f"{ORIGIN}/issuer", bytes([2]) * 32) + "\n")
        (keys / "salt.seed").write_bytes(bytes(range(32)))
        workspace = folder / "workspace"
        request = make_request(dataset, workspace, now_ms=NOW_MS, keys=keys, salt_seed=keys / "salt.seed")
        run_trial(request, lambda *_: None)
    return workspace


@contextmanager
def _dataset(copy: Path) -> Iterator[Path]:
    """The packaged trial, signed by its suppliers."""
    shutil.copytree(ROOT / "src" / "h2corridor" / "demo" / "first-run", copy)
    (copy / "signatures").mkdir()
    lines = [f"{party} {signer.vkey}\n" for party, signer in KEYS.suppliers.items()]
    (copy / "signatures" / "keys.txt").write_text("".join(lines))
    for signer in KEYS.suppliers.values():
        sign_fill(copy, SIGNED_FILL, signer)
    sign_files(copy, CARRIER, KEYS.suppliers[CARRIER], [])
    yield copy
    shutil.rmtree(copy)
