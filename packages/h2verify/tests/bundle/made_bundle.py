"""A small valid bundle of depth figure, and what a forger who holds every key can make of it.

`make_members(change)` builds the bundle from the inside out; at each stage the function of that name in `change` may
alter what is there, and everything made later follows from the altered thing. So one change makes one fault:

    chain, figures, editions      the documents, before they are bound
    statement                     after all is filled in, before its id, its log entry and its signature
    log                           the log's entries, before the tree is made
    proof                         the place in the log, before it is signed
    signed                        the signed statement, after signing
    identity, status              the documents (the status after signing)
    members                       every member's bytes but the manifest's
    manifest                      the manifest
"""

import copy
import hashlib
import io
import zipfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from h2verify import canonical, merkle, note
from h2verify.bundle.statement import NOT_IN_ID
from h2verify.wording import README, SAID
from made_figure import (
    CHAIN,
    COMPARISON_CONSTANTS,
    COMPARISON_RULES,
    CONSTANTS,
    METHOD,
    RULE_SET,
    RULES,
    Document,
    edition_folder,
    figures_document,
)

ORIGIN = "log.example/small"
ISSUER = "log.example/small/issuer"
Members = dict[str, bytes]
Change = Mapping[str, Callable[[Any], Any]]


class Signer:
    """A test key: its seed is the digest of its label, so it is nobody's secret."""

    def __init__(self, name: str, key_type: int = note.ED25519) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"TEST KEY {name}".encode()).digest())
        public_key = self._private.public_key().public_bytes_raw()
        self.key = note.VerifierKey(
            name=name, key_id=note.key_id(name, key_type, public_key), key_type=key_type, public_key=public_key
        )

    @property
    def vkey(self) -> str:
        """The public key as it stands in a policy."""
        return note.format_verifier_key(self.key.name, self.key.key_type, self.key.public_key)

    @property
    def reference(self) -> str:
        """`<name>+<key id>`."""
        return f"{self.key.name}+{self.key.key_id.hex()}"

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature."""
        return self._private.sign(message)

    def sign_document(self, label: str, said: Document) -> Document:
        """A signature object over the label and the canonical JSON of what is said."""
        value = self.sign(label.encode() + b"\n" + canonical.encode(said))
        return {"key": self.reference, "value": b64encode(value).decode()}

    def sign_note(self, text: str) -> note.NoteSignature:
        """A signature line of a note."""
        return note.NoteSignature(name=self.key.name, key_id=self.key.key_id, signature=self.sign(text.encode()))

    def cosign(self, text: str, time_s: int = 1_772_409_900) -> note.NoteSignature:
        """A witness's cosignature of a checkpoint."""
        signature = self.sign(f"cosignature/v1\ntime {time_s}\n{text}".encode())
        return note.NoteSignature(
            name=self.key.name, key_id=self.key.key_id, signature=time_s.to_bytes(8, "big") + signature
        )


LOG = Signer(ORIGIN)
ISSUING = Signer(ISSUER)
POLICY = f"log {LOG.vkey}\nquorum none\nsigner {ISSUING.vkey}\n".encode()


def make_bundle(change: Change | None = None) -> bytes:
    """The bundle as a file."""
    return pack(make_members(change))


def pack(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of these members, in order of name, the manifest as it is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name), members[name], compress_type=zipfile.ZIP_DEFLATED)
    return file.getvalue()


def make_members(change: Change | None = None, log: Signer = LOG, issuer: Signer = ISSUING) -> Members:
    """Every member of the bundle, the manifest among them."""
    stages = dict(change or {})
    unused = set(stages) - set(_STAGES)
    if unused:
        raise ValueError(f"no such stage: {sorted(unused)}")

    def changed(stage: str, value: Any) -> Any:
        value = copy.deepcopy(value)
        replaced = stages[stage](value) if stage in stages else None
        return value if replaced is None else replaced

    chain = changed("chain", CHAIN)
    figures = changed("figures", figures_document())
    editions = changed("editions", _editions())
    statement = changed("statement", _statement(chain, figures, editions, issuer))
    statement.setdefault("statement_id", statement_id(statement))
    entries = changed("log", _entries(statement))
    proof = changed("proof", make_proof(entries, 1, log))
    said = {"log_proof": proof, "statement": statement}
    label = "h2corridor/signed-statement/1"
    signed = changed("signed", {"format": label, **said, "signature": issuer.sign_document(label, said)})
    status = changed("status", _status(statement["statement_id"], issuer))
    members = {
        "statement.json": canonical.encode(signed),
        "chain.json": canonical.encode(chain),
        "figures.json": canonical.encode(figures),
        "identity.json": canonical.encode(changed("identity", _identity(log, issuer))),
        "policy.txt": f"log {log.vkey}\nquorum none\nsigner {issuer.vkey}\n".encode(),
        "status.json": canonical.encode(status),
        "README.txt": README,
    }
    for (kind, edition), folder in editions.items():
        members |= {f"{kind}/{edition}/{path}": data for path, data in folder.items()}
    return with_manifest(changed("members", members), statement["statement_id"], changed)


def with_manifest(
    members: Members,
    statement_id: str,
    changed: Callable[[str, Any], Any] = lambda _, value: value,
    depth: str = "figure",
) -> Members:
    """These members and the manifest that names them."""
    listed = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in members.items()}
    manifest = {
        "depth": depth,
        "format": "h2corridor/bundle/1",
        "members": listed,
        "statement_id": statement_id,
    }
    return {**members, "manifest.json": canonical.encode(changed("manifest", manifest))}


def make_proof(entries: list[bytes], index: int, log: Signer) -> Document:
    """The checkpoint of a log with these entries, and the proof of one of them in it."""
    tree = merkle.HashTree([merkle.leaf_hash(entry) for entry in entries])
    text = note.format_checkpoint(note.Checkpoint(origin=log.key.name, size=tree.size, root=tree.root()))
    path = merkle.inclusion_proof(tree.hash_at, index, tree.size)
    signed = note.format_note(text, [log.sign_note(text)]).decode()
    return {"checkpoint": signed, "hashes": [each.hex() for each in path], "index": index}


def statement_id(statement: Document) -> str:
    """The id that follows from what the statement says."""
    said = {name: value for name, value in statement.items() if name not in NOT_IN_ID}
    return f"st-{canonical.digest_hex(said)[:16]}"


def folder_digest(folder: Mapping[str, bytes]) -> str:
    """The digest of an edition's folder."""
    lines = "".join(f"{hashlib.sha256(folder[path]).hexdigest()}  {path}\n" for path in sorted(folder))
    return hashlib.sha256(lines.encode()).hexdigest()


def _editions() -> dict[tuple[str, str], dict[str, bytes]]:
    return {
        ("rulesets", RULE_SET): edition_folder(RULE_SET, RULES, CONSTANTS),
        ("comparisons", METHOD): edition_folder(METHOD, COMPARISON_RULES, COMPARISON_CONSTANTS),
    }


def _entries(statement: Document) -> list[bytes]:
    entry = {"digest": canonical.digest_hex(statement), "type": "h2corridor/statement/1"}
    return [b"an entry before it", canonical.encode(entry), b"an entry after it"]


def _status(for_id: str, issuer: Signer) -> Document:
    at = "2026-04-01T10:00:00+08:00"
    said = {"as_of": at, "by": None, "reason": None, "statement_id": for_id, "status": "in_force"}
    label = "h2corridor/status/1"
    return {"format": label, **said, "signature": issuer.sign_document(label, said)}


def _identity(log: Signer, issuer: Signer) -> Document:
    named = {"name_en": "Small Carrier", "name_zh": "小运输公司", "party_id": "P1"}
    return {
        "format": "h2corridor/identity/1",
        "keys": [{"key": log.vkey, **named, "role": "log"}, {"key": issuer.vkey, **named, "role": "issuer"}],
    }


def _statement(chain: Document, figures: Document, editions: Any, issuer: Signer) -> Document:
    compared = [edition for kind, edition in editions if kind == "comparisons"]
    return {
        "activity": {"groups": 1, "root": "00" * 32},
        "binds": {"chain": canonical.digest_hex(chain), "figures": canonical.digest_hex(figures)},
        "comparisons": [_comparison(folder_digest(editions["comparisons", method]), method) for method in compared],
        "consignment": _consignment(chain),
        "data_shares": {"primary_by_transport_activity": "1", "primary_by_wtw_emissions": "1"},
        "figure": {
            "figure_id": f"fig-{canonical.digest_hex(figures['steps'])[:16]}",
            "hub_activity_t": "0",
            "intensity_ttw_kgco2e_per_tkm": "0",
            "intensity_wtw_kgco2e_per_tkm": "0.05",
            "transport_activity_tkm": "1200",
            "ttw_kgco2e": "0",
            "wtt_kgco2e": "60",
            "wtw_kgco2e": "60",
        },
        "findings": [
            {
                "check": "time.gap",
                "finding_id": "f-1",
                "severity": "info",
                "title_en": "a gap in the messages",
                "title_zh": "报文有间隔",
            }
        ],
        "issuer": {
            "key": issuer.reference,
            "name_en": "Small Carrier",
            "name_zh": "小运输公司",
            "party_id": "P1",
        },
        "not_covered": [{"en": "empty running not covered", "zh": "未含空驶"}],
        "rule_set": {
            "digest": folder_digest(next(folder for (kind, _), folder in editions.items() if kind == "rulesets")),
            "edition": RULE_SET,
            "status": "draft",
        },
        **SAID,
        "supersedes": None,
        "supplier_signatures": [],
        "trial": {
            "period_end": "2026-03-31T23:59:59+08:00",
            "period_start": "2026-03-01T00:00:00+08:00",
            "title_en": "a small trial",
            "title_zh": "小试",
            "trial_id": "small",
        },
        "type": "h2corridor/statement/1",
        "validity": {
            "stated_at": "2026-04-01T10:00:00+08:00",
            "valid_from": "2026-04-01T10:00:00+08:00",
            "valid_until": "2029-03-31T23:59:59+08:00",
        },
    }


def _comparison(digest: str, method: str) -> Document:
    return {
        "baseline_kgco2e": "84",
        "caveat_en": None,
        "caveat_zh": None,
        "difference_kgco2e": "24",
        "digest": digest,
        "method": method,
        "project_kgco2e": "60",
        "status": "stated",
        "why": None,
    }


def _consignment(chain: Document) -> Document:
    return {
        "arrived_at": "2026-03-02T12:00:00+08:00",
        "consignment_id": chain["shipment"]["id"],
        "container_no": None,
        "declaration_no": None,
        "departed_at": "2026-03-02T08:00:00+08:00",
        "destination_site": {"name_en": "Port", "name_zh": "港口", "site_id": "S2"},
        "document_no": "D1",
        "goods": "fruit",
        "hs_code": None,
        "mass_kg": chain["shipment"]["mass_kg"],
        "mass_method": None,
        "modes": ["road"],
        "origin_site": {"name_en": "Village", "name_zh": "村", "site_id": "S1"},
        "seal_no": None,
    }


_STAGES = (
    "chain",
    "figures",
    "editions",
    "statement",
    "log",
    "proof",
    "signed",
    "identity",
    "status",
    "members",
    "manifest",
)
