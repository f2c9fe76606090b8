"""An operator who lies: holds every key and salt, changes one thing in a good bundle, and repairs all that follows.

A `Lie` is a good bundle taken apart into documents. What is changed there is followed by everything that rests on it:
roots, digests, shown numbers, the statement's id, a log of its own by the log's own key, proofs, signatures, manifest.
What has to be wrong itself is changed `at` a later stage, and only what comes after is repaired:

    statement     filled in, before its id, its log entry and its signature
    entries       the entries of the log, in their order
    proof         the statement's place in the log, before the issuer signs it
    signed        the signed statement
    status        the signed status
    release       the decision to release raw data, before it is logged
    groups        the documents of the groups
    proofs        proofs.json
    received      the documents of received files
    members       every member's bytes but the manifest's
    manifest      the manifest
"""

import base64
import copy
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from h2verify import canonical, merkle
from h2verify.bundle.groups import closed_hash, encode_group, group_leaf, group_root
from h2verify.bundle.statement import NOT_IN_ID
from h2verify.chains import recompute_truck, write_chain
from h2verify.content import FileContent
from h2verify.derivation import compute, decimal_text, published, read_steps
from h2verify.rows import file_entry, leaf_entry, record_salt, salted_leaf_hash, split_records
from made_bundles import Good, Keys
from signing import (
    STATEMENT,
    STATUS,
    Document,
    checkpoint_note,
    hexes,
    log_tree,
    prove,
    sign_document,
    sign_statement,
    with_manifest,
)
from zips import Members, members_of, pack

from h2corridor.accounting.assessment import assess_chain
from h2corridor.app.chain_values import read_chain
from h2corridor.app.rules import get_comparison, get_rule_set


@dataclass(kw_only=True)
class Group:
    """A group of activity records with the salts of it and of its leaf."""

    name: str
    records: list[Document]
    salt: bytes
    leaf_salt: bytes


@dataclass(kw_only=True)
class File:
    """A received file; `rows` are the data rows that are shown, or None where every byte is."""

    path: str
    data: bytes
    salt: bytes
    received_at_ms: int
    rows: list[int] | None

    def records(self) -> list[bytes]:
        """Header and rows."""
        return list(split_records(iter(FileContent(self.path, [self.data]))))


@dataclass(kw_only=True)
class Lie:
    """A bundle in pieces. What an operator changes in them is repaired by `members`."""

    depth: str
    keys: Keys
    statement: Document
    chain: Document
    figures: Document
    identity: Document
    status: Document
    texts: Members
    editions: Members
    notes: Members
    groups: list[Group]
    files: list[File]
    opened: list[Document]
    release: Document
    at_stage: dict[str, list[Callable[[Any], Any]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def about(cls, good: Good, depth: str) -> "Lie":
        """A good bundle taken apart."""
        members = members_of(good.bundles[depth])
        documents = {name: json.loads(data) for name, data in members.items() if name.endswith(".json")}
        signed = documents["statement.json"]
        return cls(
            depth=depth,
            keys=good.keys,
            statement=signed["statement"],
            chain=documents["chain.json"],
            figures=documents["figures.json"],
            identity=documents["identity.json"],
            status={name: documents["status.json"][name] for name in ("as_of", "by", "reason", "status")},
            texts={name: members[name] for name in ("README.txt", "policy.txt")},
            editions={name: data for name, data in members.items() if name.startswith(("rulesets/", "comparisons/"))},
            notes={name: data for name, data in members.items() if name.startswith("signatures/")},
            groups=[_group(documents[name]) for name in _numbered(documents, "activity/")],
            files=[_file(documents[name], good) for name in _numbered(documents, "received/")],
            opened=documents.get("opened.json", {}).get("opened", []),
            release=documents.get("release.json", {}).get("release", {}),
        )

    def at(self, stage: str, change: Callable[[Any], Any]) -> None:
        """Change what is there at a later stage; a change that gives something puts that in the place."""
        self.at_stage[stage].append(change)

    def _changed(self, stage: str, value: Any) -> Any:
        value = copy.deepcopy(value)
        for change in self.at_stage.pop(stage, ()):
            replaced = change(value)
            value = value if replaced is None else replaced
        return value

    # What a lie in the documents is followed by when the operator asks for it.

    def group(self, name: str) -> Group:
        """A group by its name."""
        return next(group for group in self.groups if group.name == name)

    def records(self, kind: str) -> list[Document]:
        """All records of a kind, to be changed."""
        return [record for group in self.groups for record in group.records if record["kind"] == kind]

    def file(self, path: str) -> File:
        """A received file by its path."""
        return next(file for file in self.files if file.path == path)

    def steps(self) -> list[Document]:
        """The steps of the figure and of every comparison."""
        return [*self.figures["steps"], *(step for each in self.figures["comparisons"] for step in each["steps"])]

    def step(self, step_id: str) -> Document:
        """The first step of this id."""
        return next(step for step in self.steps() if step["id"] == step_id)

    def recompute(self) -> None:
        """Let every computed step follow from its leaves and formulas, as they stand now."""
        known: dict[str, Decimal] = {}
        for steps in (self.figures["steps"], *(each["steps"] for each in self.figures["comparisons"])):
            own = {step_id: value for step_id, value in known.items() if self.figures["steps"] is not steps}
            values = compute(read_steps(steps, own), own)
            for step in steps:
                step["value"] = decimal_text(values[step["id"]])
            known = known or values

    def change_fact(self, step_id: str, value: str) -> None:
        """Change a fact in the chain, in every leaf that states it, and in all that follows."""
        path = self.step(step_id)["from"]["path"]
        *parents, last = path_parts(path)
        place: Any = self.chain
        for part in parents:
            place = place[part]
        place[last] = value
        for step in self.steps():
            if step.get("from", {}).get("path") == path:
                step["value"] = value
        self.recompute()

    def follow_records(self) -> None:
        """Let trips, hydrogen, chain, derivation and figure follow from what records say now."""
        groups = {group.name: group.records for group in self.groups}
        for name in [name for name in groups if name.startswith("truck/")]:
            again = recompute_truck(groups, name.removeprefix("truck/"))
            kept = [each for each in groups[name] if each["kind"] not in ("trip", "span_hydrogen")]
            groups[name][:] = [*kept, *({**row, "closed": {}} for row in (*again.trips, *again.span_hydrogen))]
        self.chain = write_chain(groups, self.statement["consignment"]["consignment_id"])
        self.assess()

    def assess(self) -> None:
        """Let derivation and figure follow from the chain."""
        methods = [each["method"] for each in self.figures["comparisons"]]
        found = assess_chain(
            read_chain(self.chain),
            get_rule_set(self.figures["rule_set"].replace("/", "@")),
            comparisons=[get_comparison(method.replace("/", "@")) for method in methods],
        )
        self.figures["steps"] = msgspec.to_builtins(found.derivation)
        for method, comparison in zip(self.figures["comparisons"], found.comparisons, strict=True):
            method["steps"] = msgspec.to_builtins(comparison.derivation)

    def unsign(self) -> None:
        """Take out what suppliers signed: they did not sign what an operator makes up."""
        self.notes.clear()
        self.statement["supplier_signatures"].clear()

    def close(self, record: Document, opened: Document) -> None:
        """Let the hash in a record follow from opened values."""
        record["closed"][opened["class"]] = closed_hash(bytes.fromhex(opened["salt"]), opened["values"])

    # The bundle from the inside out.

    def bundle(self) -> bytes:
        """The bundle as a file."""
        return pack(self.members())

    def members(self) -> Members:
        """Every member, the manifest among them; a lie can be told once."""
        statement = self._fill_statement()
        release = self._changed("release", {**self.release, "statement_id": statement["statement_id"]})
        received = [_received(file, number) for number, file in enumerate(self.files, start=1)]
        entries = self._changed("entries", self._entries(statement, release, [document for document, _ in received]))
        members = self._figure_members(statement, entries)
        if self.depth != "figure":
            members |= self._activity_members(entries)
        if self.depth == "raw":
            members |= self._raw_members(release, received)
        members = with_manifest(
            self._changed("members", members),
            statement["statement_id"],
            self.depth,
            lambda manifest: self._changed("manifest", manifest),
        )
        if self.at_stage:
            raise ValueError(f"no such stage: {sorted(self.at_stage)}")
        return members

    def _fill_statement(self) -> Document:
        statement = copy.deepcopy(self.statement)
        statement["binds"] = {name: canonical.digest_hex(getattr(self, name)) for name in ("chain", "figures")}
        statement["rule_set"]["digest"] = self._edition_digest("rulesets", statement["rule_set"]["edition"])
        for comparison in statement["comparisons"]:
            comparison["digest"] = self._edition_digest("comparisons", comparison["method"])
        self._fill_numbers(statement)
        if self.groups:
            tree = self._tree()
            statement["activity"] = {"groups": tree.size, "root": tree.root().hex()}
        statement = self._changed("statement", statement)
        said = {name: value for name, value in statement.items() if name not in NOT_IN_ID}
        statement["statement_id"] = f"st-{canonical.digest_hex(said)[:16]}"
        return statement

    def _fill_numbers(self, statement: Document) -> None:
        """What is shown, from what the steps say."""
        base = _values(self.figures["steps"])
        figure = statement["figure"]
        for name, step in SHOWN.items():
            place = figure if name in figure else statement["data_shares"]
            if f"{step}[chain]" in base:
                place[name] = published(base[f"{step}[chain]"])
        figure["wtt_kgco2e"] = _difference(figure["wtw_kgco2e"], figure["ttw_kgco2e"])
        figure["figure_id"] = f"fig-{canonical.digest_hex(self.figures['steps'])[:16]}"
        for stated, derived in zip(statement["comparisons"], self.figures["comparisons"], strict=False):
            values = {**base, **_values(derived["steps"])}
            for side in ("baseline_kgco2e", "project_kgco2e"):
                if f"{side}[chain]" in values:
                    stated[side] = published(values[f"{side}[chain]"])
            stated["difference_kgco2e"] = _difference(stated["baseline_kgco2e"], stated["project_kgco2e"])

    def _edition_digest(self, kind: str, edition: str) -> str:
        folder = {name.removeprefix(f"{kind}/{edition}/"): data for name, data in self.editions.items()}
        own = {path: data for path, data in folder.items() if f"{kind}/{edition}/{path}" in self.editions}
        lines = "".join(f"{hashlib.sha256(own[path]).hexdigest()}  {path}\n" for path in sorted(own))
        return hashlib.sha256(lines.encode()).hexdigest()

    def _tree(self) -> merkle.HashTree:
        return merkle.HashTree(
            group_leaf(each.name, len(each.records), group_root(each.records, each.salt), each.leaf_salt)
            for each in self.groups
        )

    def _entries(self, statement: Document, release: Document, received: Iterable[Document]) -> list[bytes]:
        """Received files, the activity tree, the statement, two others; then the decision to release."""
        files = [
            leaf_entry(records=each["manifest"]["records"], root=bytes.fromhex(each["manifest"]["root"]))
            for each in received
        ]
        activity = canonical.encode({**statement["activity"], "type": "h2corridor/activity/1"})
        stated = canonical.encode({"digest": canonical.digest_hex(statement), "type": STATEMENT})
        decided = canonical.encode({"digest": canonical.digest_hex(release), "type": "h2corridor/release/1"})
        return [*files, activity, stated, b"of another statement", b"and of a third", decided]

    def _figure_members(self, statement: Document, entries: list[bytes]) -> Members:
        index = next(at for at, entry in enumerate(entries) if STATEMENT.encode() in entry)
        proof = self._changed("proof", prove(entries[:-1], index, self.keys.log))
        signed = sign_statement(statement, proof, self.keys.issuer)
        status = {**self.status, "statement_id": statement["statement_id"]}
        status |= {"format": STATUS, "signature": sign_document(STATUS, status, self.keys.issuer)}
        return {
            "statement.json": canonical.encode(self._changed("signed", signed)),
            "chain.json": canonical.encode(self.chain),
            "figures.json": canonical.encode(self.figures),
            "identity.json": canonical.encode(self.identity),
            "status.json": canonical.encode(self._changed("status", status)),
            **self.texts,
            **self.editions,
            **self.notes,
        }

    def _activity_members(self, entries: list[bytes]) -> Members:
        documents = self._changed("groups", self._group_documents())
        members = {f"activity/{n}.json": canonical.encode(each) for n, each in enumerate(documents, start=1)}
        return {**members, "proofs.json": canonical.encode(self._changed("proofs", self._proofs(entries)))}

    def _group_documents(self) -> list[Document]:
        tree = self._tree()
        return [
            json.loads(
                encode_group(
                    each.name,
                    each.records,
                    salt=each.salt,
                    leaf_salt=each.leaf_salt,
                    index=index,
                    hashes=merkle.inclusion_proof(tree.hash_at, index, tree.size),
                )
            )
            for index, each in enumerate(self.groups)
        ]

    def _proofs(self, entries: list[bytes]) -> Document:
        """What is provable of the whole log, and that it goes on from the statement's."""
        tree = log_tree(entries)
        wanted = [entry for entry in entries if entry.startswith(b"{") and STATEMENT.encode() not in entry]
        return {
            "checkpoint": checkpoint_note(tree, self.keys.log),
            "consistency": hexes(merkle.consistency_proof(tree.hash_at, tree.size - 1, tree.size)),
            "entries": [
                {
                    "entry": json.loads(entry),
                    "hashes": hexes(merkle.inclusion_proof(tree.hash_at, entries.index(entry), tree.size)),
                    "index": entries.index(entry),
                }
                for entry in wanted
            ],
            "format": "h2corridor/log-proofs/1",
        }

    def _raw_members(self, release: Document, received: list[tuple[Document, bytes | None]]) -> Members:
        documents = self._changed("received", [document for document, _ in received])
        members = {f"received/{n}.json": canonical.encode(each) for n, each in enumerate(documents, start=1)}
        members |= {f"received/{n}.bin": data for n, (_, data) in enumerate(received, start=1) if data is not None}
        members["opened.json"] = canonical.encode({"format": "h2corridor/opened/1", "opened": self.opened})
        members["release.json"] = canonical.encode({"format": "h2corridor/release/1", "release": release})
        return members


SHOWN = {
    "wtw_kgco2e": "wtw_kgco2e",
    "ttw_kgco2e": "ttw_kgco2e",
    "transport_activity_tkm": "transport_activity_tkm",
    "hub_activity_t": "hub_activity_t",
    "intensity_wtw_kgco2e_per_tkm": "chain_intensity_wtw_kgco2e_per_tkm",
    "intensity_ttw_kgco2e_per_tkm": "chain_intensity_ttw_kgco2e_per_tkm",
    "primary_by_wtw_emissions": "primary_share_by_emissions",
    "primary_by_transport_activity": "primary_share_by_activity",
}
"""A shown number and the name of the step on the chain that gives it."""


def path_parts(path: str) -> list[str | int]:
    """`$.a['b'][0]` as its parts; the names of the packaged trial need no decoding."""
    flat = path.removeprefix("$").replace("['", ".").replace("']", "").replace("[", ".#").replace("]", "")
    return [int(part[1:]) if part.startswith("#") else part for part in flat.split(".")[1:]]


def _numbered(documents: Mapping[str, Any], folder: str) -> list[str]:
    return sorted((name for name in documents if name.startswith(folder)), key=lambda name: (len(name), name))


def _group(document: Document) -> Group:
    return Group(
        name=document["group"],
        records=document["records"],
        salt=bytes.fromhex(document["salt"]),
        leaf_salt=bytes.fromhex(document["leaf"]["salt"]),
    )


def _file(document: Document, good: Good) -> File:
    path = document["manifest"]["path"]
    kept = good.kept[path]
    rows = [each["index"] - 1 for each in document["records"] if each["index"] > 1]
    return File(
        path=path,
        data=kept.data,
        salt=kept.salt,
        received_at_ms=kept.received_at_ms,
        rows=None if document["bytes"] else rows,
    )


def _received(file: File, number: int) -> tuple[Document, bytes | None]:
    """The document of a received file, and its bytes where they are shown whole."""
    manifest, salts, hashes = _commit(file.path, file.data, file.salt, file.received_at_ms)
    whole = file.rows is None
    entries = [_file_entry(manifest), *file.records()] if not whole else []
    tree = merkle.HashTree(hashes)
    shown = [] if file.rows is None else [0, 1, *(row + 1 for row in file.rows)]
    document = {
        "bytes": f"received/{number}.bin" if whole else None,
        "file_salt": file.salt.hex() if whole else None,
        "format": "h2corridor/received/1",
        "manifest": dict(manifest),
        "records": [
            {
                "entry": base64.b64encode(entries[index]).decode(),
                "hashes": hexes(merkle.inclusion_proof(tree.hash_at, index, tree.size)),
                "index": index,
                "salt": salts[index].hex(),
            }
            for index in shown
        ],
    }
    return document, file.data if whole else None


@lru_cache(maxsize=32)
def _commit(path: str, data: bytes, salt: bytes, received_at_ms: int) -> tuple[Document, list[bytes], list[bytes]]:
    """The manifest of a file's bytes, and of each entry its salt and its leaf hash."""
    content = FileContent(path, [data])
    records = list(split_records(iter(content)))
    manifest = {
        "content_complete": content.complete,
        "path": path,
        "received_at_ms": received_at_ms,
        "records": len(records),
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
    }
    entries = [_file_entry(manifest), *records]
    salts = [record_salt(salt, index) for index in range(len(entries))]
    hashes = [salted_leaf_hash(each, entry) for each, entry in zip(salts, entries, strict=True)]
    return {**manifest, "root": merkle.HashTree(hashes).root().hex()}, salts, hashes


def _file_entry(manifest: Document) -> bytes:
    return file_entry(**{name: value for name, value in manifest.items() if name != "root"})


def _values(steps: Iterable[Document]) -> dict[str, Decimal]:
    return {step["id"]: Decimal(step["value"]) for step in steps if _is_number(step["value"])}


def _is_number(text: Any) -> bool:
    return isinstance(text, str) and len(text) < 100 and text.replace(".", "").removeprefix("-").isdigit()


def _difference(minuend: str, subtrahend: str) -> str:
    return decimal_text(Decimal(minuend) - Decimal(subtrahend))
