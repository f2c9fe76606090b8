"""Statements that were made: listed, and handed out as bundles that were checked just before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from h2verify.bundle import verify_bundle
from h2verify.chains import groups_needed
from h2verify.errors import VerifyError
from h2verify.note import ED25519, VerifierKey, format_verifier_key

from h2corridor.app.export_raw import raw_members
from h2corridor.app.received import ReceivedDataset, digests_of
from h2corridor.app.release import choose_release, sort_releases
from h2corridor.evidence.keys import key_reference
from h2corridor.intake import read_signatures, read_trial_facts
from h2corridor.model.errors import EvidenceError, UsageError
from h2corridor.model.signatures import SupplierSignature
from h2corridor.statements.activity_tree import KeptGroup, TreeIndex, group_document
from h2corridor.statements.bundle import (
    Depth,
    Members,
    edition_members,
    identity_document,
    note_members,
    proofs_document,
    with_manifest,
)
from h2corridor.statements.container import write_archive
from h2corridor.statements.release import Release
from h2corridor.statements.statement import LogProof, Statement, read_statement, read_status
from h2corridor.store.files import Receipt, Workspace
from h2corridor.store.files.policy import read_own_keys

IN_FORCE, WITHDRAWN = "in_force", "withdrawn"
_FILL_KIND = "fill"
"""What leaves below raw: a manifest's digests of whole files could be tried against guesses of a single cell."""


class StatementListing(msgspec.Struct, frozen=True, kw_only=True):
    """A statement as a list shows it; `releases` counts the decisions to release its raw data, `release_ids` gives them
    with the latest last."""

    statement_id: str
    consignment_id: str
    edition: str
    origin_site: str
    destination_site: str
    mass_kg: str
    wtw_kgco2e: str
    ttw_kgco2e: str
    stated_at: str
    valid_until: str
    releases: int
    release_ids: tuple[str, ...]
    status: str
    status_as_of: str
    superseded_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A statement with what is kept of it."""

    workspace: Workspace
    statement: Statement
    proof: Statement
    log: VerifierKey
    issuer: VerifierKey

    @property
    def statement_id(self) -> str:
        return str(self.statement["statement_id"])

    def get(self, name: str) -> bytes:
        return self.workspace.statements.get(self.statement_id, name)

    def sources(self) -> dict[str, Receipt]:
        """The receipts of the files behind the statement, by path."""
        named = self.workspace.statements.get_sources(self.statement_id)
        found = {
            each.manifest.path: each
            for each in self.workspace.list_receipts()
            if named.get(each.manifest.path) == each.manifest.sha256
        }
        lost = sorted(named.keys() - found.keys())
        if lost:
            raise _unfit(f"{lost[0]}, on which it rests, is not among the received files any more")
        return found

    def signatures(self) -> list[SupplierSignature]:
        """The suppliers' signatures that the statement lists."""
        listed = {(each["digest"], each["key"]) for each in self.statement["supplier_signatures"]}
        if not listed:
            return []
        sources = self.sources()
        dataset = ReceivedDataset(self.workspace, sources)
        held, _ = read_signatures(dataset, read_trial_facts(dataset)[0], digests_of(sources))
        return [each for each in held if (each.digest, each.key) in listed]


def list_statements(workspace: Path) -> tuple[StatementListing, ...]:
    """The signed statements of a workspace by consignment and edition, those in force first.

    Raises
    ------
    WorkspaceError
        The folder is no workspace.
    EvidenceError
        `evidence.statement`: a kept statement is damaged.
    """
    kept = Workspace.open(workspace).statements
    found = []
    for statement_id in kept.list_ids():
        statement, _ = read_statement(kept.get(statement_id, "statement.json"), about=statement_id)
        status = read_status(kept.get(statement_id, "status.json"), about=statement_id)
        found.append(_listing(statement, kept.list_releases(statement_id), status))
    return tuple(
        sorted(found, key=lambda each: (each.status != IN_FORCE, each.consignment_id, each.edition, each.stated_at))
    )


def list_issuers(workspace: Path) -> list[str]:
    """The keys that statements of a workspace were signed with, as `<name>+<key id>`, one for each statement; it raises
    as `list_statements`."""
    kept = Workspace.open(workspace).statements
    said = (read_statement(kept.get(each, "statement.json"), about=each)[0] for each in kept.list_ids())
    return [str(statement["issuer"]["key"]) for statement in said]


def export_bundle(
    workspace: Path, statement_id: str, depth: Depth = "activity", *, release_id: str | None = None
) -> bytes:
    """The bytes of a bundle, after it was checked as a stranger would.

    Parameters
    ----------
    depth
        `figure`; `activity`, without vehicle identity, parties and positions; `raw`, which needs a recorded decision.
    release_id
        The decision under which raw data leave; the latest where none is named.

    Raises
    ------
    UsageError
        `statement.unknown`; `statement.withdrawn`; `release.not-raw`: a decision is named at a depth that needs none;
        `release.absent`, `release.unknown`, `release.too-early`: raw data without a decision to release them.
    InputError
        `bundle.limit`: it would be larger than a bundle may be.
    EvidenceError
        `bundle.does-not-hold`: something that is kept was damaged; nothing is handed out.
    """
    if release_id is not None and depth != "raw":
        fault = f"no decision goes into a bundle of depth {depth}."
        next_step = "Add --depth raw, or leave --release out."
        raise UsageError("release.not-raw", fault, about=release_id, next_step=next_step)
    kept = _open(workspace, statement_id)
    status = read_status(kept.get("status.json"), about=statement_id)
    if status["status"] == WITHDRAWN:
        fault = f"it was withdrawn as of {status['as_of']} (reason: {status['reason']})."
        next_step = "`h2corridor trial report` says why its figure is withheld; the statement stays kept and logged."
        if status["reason"] == "absent":
            next_step = "The consignment is no longer in the data; hand it over and run again if it should be."
        raise UsageError("statement.withdrawn", fault, about=statement_id, next_step=next_step)
    release = choose_release(kept.workspace, kept.statement, release_id) if depth == "raw" else None
    members = _figure_members(kept, depth)
    if depth != "figure":
        members |= _activity_members(kept, release)
    data = write_archive(with_manifest(members, statement_id=statement_id, depth=depth))
    result = verify_bundle(data, depth=depth, policy=kept.workspace.read_policy())
    if result.verdict != "recomputed, matches":
        raise _unfit(result.reason)
    return data


def _open(workspace: Path, statement_id: str) -> _Kept:
    opened = Workspace.open(workspace)
    statement, proof = read_statement(opened.statements.get(statement_id, "statement.json"), about=statement_id)
    log, issuers = read_own_keys(opened.read_policy())
    issuer = next((each for each in issuers if key_reference(each) == statement["issuer"]["key"]), None)
    if issuer is None:
        raise _unfit(f"policy.txt does not name {statement['issuer']['key']}, which signed it")
    return _Kept(workspace=opened, statement=statement, proof=proof, log=log, issuer=issuer)


def _figure_members(kept: _Kept, depth: Depth) -> Members:
    signatures = kept.signatures()
    shown = [each for each in signatures if depth == "raw" or each.kind == _FILL_KIND]
    members = {name: kept.get(name) for name in ("statement.json", "chain.json", "figures.json", "status.json")}
    editions = [("rulesets", kept.statement["rule_set"]["edition"], kept.statement["rule_set"]["digest"])]
    editions += [("comparisons", each["method"], each["digest"]) for each in kept.statement["comparisons"]]
    for folder, label, digest in editions:
        members |= edition_members(folder, label, kept.workspace.statements.get_edition(digest))
    members["identity.json"] = identity_document(_identity(kept, signatures))
    members["policy.txt"] = kept.workspace.read_policy()
    return members | note_members(shown)


def _identity(kept: _Kept, signatures: list[SupplierSignature]) -> list[Mapping[str, Any]]:
    """Whose keys stand in the bundle: the operator's two, then those of suppliers that signed."""
    operator = {name: kept.statement["issuer"][name] for name in ("name_en", "name_zh", "party_id")}
    keys: list[Mapping[str, Any]] = [
        {"key": _vkey(kept.log), "role": "log", **operator},
        {"key": _vkey(kept.issuer), "role": "issuer", **operator},
    ]
    parties = {}
    if signatures:
        facts, _ = read_trial_facts(ReceivedDataset(kept.workspace, kept.sources()))
        parties = {party.party_id: party for party in facts.parties}
    for vkey, party_id in sorted({(each.vkey, each.party_id) for each in signatures}):
        party = parties.get(party_id)
        names = {"name_en": party.name_en if party else None, "name_zh": party.name_zh if party else None}
        keys.append({"key": vkey, "role": "supplier", "party_id": party_id, **names})
    return keys


def _activity_members(kept: _Kept, release: Release | None) -> Members:
    """Groups with the proof of their tree; under a decision to release raw data also what they were written from."""
    index, groups = _groups(kept)
    members = {f"activity/{n}.json": group_document(index, group) for n, group in enumerate(groups, start=1)}
    first = kept.proof["checkpoint"].encode()
    checkpoint, entries = first, [index.entry()]
    if release is not None:
        raw = raw_members(kept.workspace, kept.statement, groups=groups, sources=kept.sources(), release=release)
        members |= raw.members
        entries += raw.entries
        checkpoint = kept.workspace.read_checkpoint()
    proofs: list[tuple[bytes, LogProof]] = [
        (entry, kept.workspace.prove_entry(entry, about=kept.statement_id, checkpoint=checkpoint)) for entry in entries
    ]
    consistency = kept.workspace.prove_growth(first, checkpoint)
    return {**members, "proofs.json": proofs_document(checkpoint, consistency, proofs)}


def _groups(kept: _Kept) -> tuple[TreeIndex, list[KeptGroup]]:
    """The groups that the statement's chain rests on, in order of name."""
    root = str(kept.statement["activity"]["root"])
    index = kept.workspace.statements.get_tree(root)
    groups = {name: kept.workspace.statements.get_group(root, index, name) for name in index.names}
    records = {name: group.records for name, group in groups.items()}
    try:
        needed = groups_needed(records, str(kept.statement["consignment"]["consignment_id"]))
    except VerifyError as error:
        raise _unfit(f"its records do not give its chain: {error.message}") from error
    return index, [groups[name] for name in sorted(needed)]


def _listing(statement: Statement, releases: Sequence[Release], status: Statement) -> StatementListing:
    consignment, figure = statement["consignment"], statement["figure"]
    return StatementListing(
        statement_id=statement["statement_id"],
        consignment_id=consignment["consignment_id"],
        edition=statement["rule_set"]["edition"],
        origin_site=consignment["origin_site"]["site_id"],
        destination_site=consignment["destination_site"]["site_id"],
        mass_kg=consignment["mass_kg"],
        wtw_kgco2e=figure["wtw_kgco2e"],
        ttw_kgco2e=figure["ttw_kgco2e"],
        stated_at=statement["validity"]["stated_at"],
        valid_until=statement["validity"]["valid_until"],
        releases=len(releases),
        release_ids=tuple(each["release_id"] for each in sort_releases(releases)),
        status=status["status"],
        status_as_of=status["as_of"],
        superseded_by=status["by"],
    )


def _vkey(key: VerifierKey) -> str:
    return format_verifier_key(key.name, ED25519, key.public_key)


def _unfit(fault: str) -> EvidenceError:
    next_step = "Run `h2corridor log fsck` and restore what it names; nothing was handed out."
    return EvidenceError("bundle.does-not-hold", f"{fault}.", next_step=next_step)
