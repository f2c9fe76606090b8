"""Step 3: the signed statement, the keys that the bundle names, and the issuer's word on its status.

Every field is there and no other; the issuer's key signed exactly what stands here, proof of its place in the log
included; its id follows from what it says. A statement that another one took the place of is shown as such: what it
says was said, and its arithmetic holds. One that was withdrawn is refused.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from h2verify import canonical, note
from h2verify.bundle import limits
from h2verify.bundle.container import Archive
from h2verify.bundle.forms import (
    BASE64,
    EDITION,
    INSTANT,
    KEY_REFERENCE,
    NAME,
    NUMBER,
    SHA256,
    STATEMENT_ID,
    TEXT,
    WHOLE,
    Document,
    ListOf,
    Maybe,
    decode_base64,
    one_of,
    read_document,
)
from h2verify.bundle.manifest import Manifest
from h2verify.ed25519 import verify_signature
from h2verify.errors import BundleError, ProofError
from h2verify.papers import find_instant_ms
from h2verify.wording import SAID

TYPE = "h2corridor/statement/1"
SIGNED = "h2corridor/signed-statement/1"
STATUS = "h2corridor/status/1"
IDENTITY = "h2corridor/identity/1"
ID_DIGITS = 16

_SITE = {"name_en": Maybe(TEXT), "name_zh": Maybe(TEXT), "site_id": NAME}
_COMPARISON = {
    "baseline_kgco2e": Maybe(NUMBER),
    "caveat_en": Maybe(TEXT),
    "caveat_zh": Maybe(TEXT),
    "difference_kgco2e": Maybe(NUMBER),
    "digest": SHA256,
    "method": EDITION,
    "project_kgco2e": Maybe(NUMBER),
    "status": one_of("stated", "unsupported", "withheld"),
    "why": Maybe(TEXT),
}
_CONSIGNMENT = {
    "arrived_at": Maybe(INSTANT),
    "consignment_id": NAME,
    "container_no": Maybe(TEXT),
    "declaration_no": Maybe(TEXT),
    "departed_at": Maybe(INSTANT),
    "destination_site": _SITE,
    "document_no": Maybe(TEXT),
    "goods": Maybe(TEXT),
    "hs_code": Maybe(TEXT),
    "mass_kg": NUMBER,
    "mass_method": Maybe(TEXT),
    "modes": ListOf(TEXT, 10_000),
    "origin_site": _SITE,
    "seal_no": Maybe(TEXT),
}
_FIGURE = {
    "figure_id": NAME,
    "hub_activity_t": NUMBER,
    "intensity_ttw_kgco2e_per_tkm": Maybe(NUMBER),
    "intensity_wtw_kgco2e_per_tkm": Maybe(NUMBER),
    "transport_activity_tkm": NUMBER,
    "ttw_kgco2e": NUMBER,
    "wtt_kgco2e": NUMBER,
    "wtw_kgco2e": NUMBER,
}
_FINDING = {
    "check": TEXT,
    "finding_id": TEXT,
    "severity": one_of("info", "warning", "blocking"),
    "title_en": TEXT,
    "title_zh": TEXT,
}
_SUPPLIER_SIGNATURE = {
    "about": NAME,
    "digest": SHA256,
    "key": KEY_REFERENCE,
    "kind": one_of("file-manifest", "fill", "telemetry-manifest"),
    "party_id": NAME,
}
_CHANGED = {"after": Maybe(SHA256), "before": Maybe(SHA256), "file": NAME}
_SUPERSEDES = {"changed": ListOf(_CHANGED, 10_000), "digest": SHA256, "statement_id": STATEMENT_ID}
_STATEMENT = {
    "activity": {"groups": WHOLE, "root": SHA256},
    "binds": {"chain": SHA256, "figures": SHA256},
    "comparisons": ListOf(_COMPARISON, 100),
    "consignment": _CONSIGNMENT,
    "data_shares": {
        "primary_by_transport_activity": Maybe(NUMBER),
        "primary_by_wtw_emissions": Maybe(NUMBER),
    },
    "does_not_show_en": TEXT,
    "does_not_show_zh": TEXT,
    "figure": _FIGURE,
    "findings": ListOf(_FINDING, 10_000),
    "issuer": {"key": KEY_REFERENCE, "name_en": Maybe(TEXT), "name_zh": Maybe(TEXT), "party_id": NAME},
    "not_covered": ListOf({"en": TEXT, "zh": TEXT}, 1_000),
    "rule_set": {"digest": SHA256, "edition": EDITION, "status": TEXT},
    "shows_en": TEXT,
    "shows_zh": TEXT,
    "statement_id": STATEMENT_ID,
    "supersedes": Maybe(_SUPERSEDES),
    "supplier_signatures": ListOf(_SUPPLIER_SIGNATURE, 10_000),
    "trial": {
        "period_end": Maybe(INSTANT),
        "period_start": Maybe(INSTANT),
        "title_en": Maybe(TEXT),
        "title_zh": Maybe(TEXT),
        "trial_id": NAME,
    },
    "type": one_of(TYPE),
    "validity": {"stated_at": INSTANT, "valid_from": INSTANT, "valid_until": INSTANT},
}
_SIGNATURE = {"key": KEY_REFERENCE, "value": BASE64}
_PROOF = {"checkpoint": TEXT, "hashes": ListOf(SHA256, limits.PROOF_HASHES_MAX), "index": WHOLE}
_SIGNED_STATEMENT = {
    "format": one_of(SIGNED),
    "log_proof": _PROOF,
    "signature": _SIGNATURE,
    "statement": _STATEMENT,
}
_IDENTITY_KEY = {
    "key": TEXT,
    "name_en": Maybe(TEXT),
    "name_zh": Maybe(TEXT),
    "party_id": Maybe(NAME),
    "role": one_of("log", "issuer", "supplier"),
}
_IDENTITY = {"format": one_of(IDENTITY), "keys": ListOf(_IDENTITY_KEY, 1_000)}
_STATUS = {
    "as_of": INSTANT,
    "by": Maybe(STATEMENT_ID),
    "format": one_of(STATUS),
    "reason": Maybe(NAME),
    "signature": _SIGNATURE,
    "statement_id": TEXT,
    "status": NAME,
}
NOT_IN_ID = ("activity", "statement_id", "supersedes", "validity")
"""What a statement's id does not follow from: where and when the same was said, and what was said before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The issuer's word on a statement: `in_force`, or `superseded` by the statement with the id `by`."""

    status: str
    as_of: str
    by: str | None

    def as_json(self) -> Document:
        """The status as it stands in the result's JSON."""
        return {"as_of": self.as_of, "by": self.by, "status": self.status}

    def words(self) -> dict[str, str]:
        """The status as step 3 says it, `status_en` and `status_zh`."""
        if self.by is None:
            return {"status_en": f"in force as of {self.as_of}", "status_zh": f"截至 {self.as_of} 有效"}
        return {
            "status_en": f"superseded by {self.by} as of {self.as_of}; ask its issuer for that one",
            "status_zh": f"截至 {self.as_of} 已被 {self.by} 取代，请向签发方索取后者",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The keys that the bundle names; `suppliers` by their party, as (party id, key)."""

    log: note.VerifierKey
    issuer: note.VerifierKey
    suppliers: tuple[tuple[str, note.VerifierKey], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStatement:
    """The statement `T` of the format, its place in the log `P`, and the keys of the bundle."""

    statement: Document
    log_proof: Document
    identity: Identity
    standing: Standing


def read_statement(archive: Archive, manifest: Manifest) -> SignedStatement:
    """The statement, once its form, signature, id and status hold.

    Raises
    ------
    BundleError
        `statement.form`, `identity.form`, `statement.signature`, `statement.id`, `statement.words`,
        `statement.validity`, `status.form`, `status.signature`, `status.not-in-force`.
    """
    signed = read_document(archive["statement.json"], _SIGNED_STATEMENT, code="statement.form", where="statement.json")
    statement = signed["statement"]
    _require_methods(statement)
    identity = _read_identity(archive["identity.json"], statement["issuer"])
    said = {"log_proof": signed["log_proof"], "statement": statement}
    require_signature(SIGNED, said, signed["signature"], identity.issuer, code="statement.signature")
    if statement["issuer"]["key"] != key_reference(identity.issuer):
        raise BundleError("statement.signature", "the statement names another issuer than the one who signed it")
    if statement["statement_id"] != statement_id(statement) or manifest.statement_id != statement["statement_id"]:
        fault = f"states {statement['statement_id']}, its content gives {statement_id(statement)}"
        raise BundleError("statement.id", fault)
    _require_words(statement)
    _require_validity(statement["validity"])
    standing = _read_status(archive["status.json"], statement["statement_id"], identity.issuer)
    return SignedStatement(statement=statement, log_proof=signed["log_proof"], identity=identity, standing=standing)


def statement_id(statement: Document) -> str:
    """The id that follows from all fields but the id itself and those of `NOT_IN_ID`."""
    said = {name: value for name, value in statement.items() if name not in NOT_IN_ID}
    return f"st-{canonical.digest_hex(said)[:ID_DIGITS]}"


def key_reference(key: note.VerifierKey) -> str:
    """`<name>+<key id>`."""
    return f"{key.name}+{key.key_id.hex()}"


def key_fingerprint(key: note.VerifierKey) -> str:
    """The digest whose beginning is the key id: what people compare by telephone."""
    return hashlib.sha256(key.name.encode() + b"\n" + bytes([key.key_type]) + key.public_key).hexdigest()


def require_signature(label: str, said: Document, signature: Document, key: note.VerifierKey, *, code: str) -> None:
    """Refuse a signature object that is not this key's over the label and the canonical JSON of what was said."""
    if signature["key"] != key_reference(key):
        raise BundleError(code, f"signed by {signature['key']}, expected {key_reference(key)}")
    value = decode_base64(signature["value"], code=code, where="signature")
    try:
        verify_signature(key.public_key, label.encode() + b"\n" + canonical.encode(said), value)
    except ProofError as error:
        raise BundleError(code, error.fault, where=key_reference(key)) from error


def _require_words(statement: Document) -> None:
    """Refuse a statement that promises more than a statement can, or is silent about what it does not show."""
    for name, text in SAID.items():
        if statement[name] != text:
            raise BundleError("statement.words", "expected the sentence of the format", where=f"$.{name}")


def _require_validity(validity: Document) -> None:
    """Refuse a statement that is over before it begins, or before it was stated."""
    *begins, ends = (find_instant_ms(validity[name]) for name in ("stated_at", "valid_from", "valid_until"))
    if ends is None or any(begin is None or begin > ends for begin in begins):
        fault = f"it ends at {validity['valid_until']}, before it was stated or before it begins"
        raise BundleError("statement.validity", fault, where="$.validity")


def _require_methods(statement: Document) -> None:
    methods = [statement["rule_set"]["edition"], *(each["method"] for each in statement["comparisons"])]
    if len(set(methods)) != len(methods):
        raise BundleError("statement.form", "a rule set or comparison method stands twice", where="$.comparisons")
    for each in statement["comparisons"]:
        numbers = [each[name] for name in ("baseline_kgco2e", "difference_kgco2e", "project_kgco2e")]
        if any((number is None) != (each["status"] == "withheld") for number in numbers):
            fault = "a comparison has its three numbers, or is withheld and has none"
            raise BundleError("statement.form", fault, where=each["method"])


def _read_identity(data: bytes, issuer: Document) -> Identity:
    document = read_document(data, _IDENTITY, code="identity.form", where="identity.json")
    keys: dict[str, list[tuple[Any, note.VerifierKey]]] = {"log": [], "issuer": [], "supplier": []}
    for index, each in enumerate(document["keys"]):
        where = f"identity.json.keys[{index}]"
        try:
            key = note.parse_verifier_key(each["key"])
        except ProofError as error:
            raise BundleError("identity.form", error.message, where=where) from error
        if key.key_type != note.ED25519:
            raise BundleError("identity.form", "only Ed25519 keys (type 01) stand here", where=where)
        keys[each["role"]].append((each, key))
    if len(keys["log"]) != 1 or len(keys["issuer"]) != 1:
        raise BundleError("identity.form", "expected exactly one log and exactly one issuer", where="identity.json")
    named, key = keys["issuer"][0]
    if any(named[name] != issuer[name] for name in ("name_en", "name_zh", "party_id")):
        fault = "it names the issuer otherwise than the signed statement"
        raise BundleError("identity.form", fault, where="identity.json")
    suppliers = tuple((each["party_id"], supplier) for each, supplier in keys["supplier"])
    if len({(party_id, key_reference(supplier)) for party_id, supplier in suppliers}) != len(suppliers):
        raise BundleError("identity.form", "a supplier's key stands there twice", where="identity.json")
    return Identity(log=keys["log"][0][1], issuer=key, suppliers=suppliers)


def _read_status(data: bytes, expected_id: str, issuer: note.VerifierKey) -> Standing:
    status = read_document(data, _STATUS, code="status.form", where="status.json")
    if status["statement_id"] != expected_id:
        raise BundleError("status.form", f"it speaks of {status['statement_id'][:40]}", where="status.json")
    said = {name: status[name] for name in ("as_of", "by", "reason", "statement_id", "status")}
    require_signature(STATUS, said, status["signature"], issuer, code="status.signature")
    if status["status"] not in ("in_force", "superseded"):
        fault = f"the issuer says {status['status']!r} as of {status['as_of']} (reason: {status['reason']})"
        raise BundleError("status.not-in-force", fault)
    if (status["status"] == "superseded") != (status["by"] is not None) or status["by"] == expected_id:
        raise BundleError("status.form", "superseded is by another statement, and nothing else is", where="status.json")
    return Standing(status=status["status"], as_of=status["as_of"], by=status["by"])
