"""Steps 6 and 7: the published rules are those the statement names, and it speaks of this chain and this derivation."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from h2verify import canonical
from h2verify.bundle.container import Archive
from h2verify.bundle.derivations import verify_figures_form
from h2verify.bundle.forms import Document
from h2verify.chain_form import verify_chain_form
from h2verify.editions import read_edition_tables
from h2verify.errors import BundleError

TABLES = ("formulas.json", "parameters.json")

_FOLDER = re.compile(r"(rulesets|comparisons)/([^/]+/[^/]+)/(.+)")

Editions = Mapping[str, Mapping[str, bytes]]
"""`<id>/<edition>` to its tables by file name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The chain and the derivation that the statement binds."""

    chain: Document
    figures: Document


def verify_editions(archive: Archive, statement: Document) -> Editions:
    """The tables of the statement's rule set and comparison methods, once each folder has the stated digest.

    Raises
    ------
    BundleError
        `edition.missing`, `edition.extra`, `edition.digest`, `edition.form`, `edition.words`.
    """
    stated = {("rulesets", statement["rule_set"]["edition"]): statement["rule_set"]["digest"]}
    stated |= {("comparisons", each["method"]): each["digest"] for each in statement["comparisons"]}
    folders = _folders(archive)
    for kind, edition in stated:
        if (kind, edition) not in folders:
            raise BundleError("edition.missing", "its folder is not in the bundle", where=f"{kind}/{edition}")
    for kind, edition in folders:
        if (kind, edition) not in stated:
            raise BundleError("edition.extra", "the statement does not name it", where=f"{kind}/{edition}")
    for place, digest in stated.items():
        found = _folder_digest(archive, folders[place])
        if found != digest:
            raise BundleError("edition.digest", f"expected {digest}, found {found}", where="/".join(place))
    tables = {edition: _tables(archive, f"{kind}/{edition}/", edition) for kind, edition in stated}
    _require_words(statement, tables)
    return tables


def verify_binding(archive: Archive, statement: Document) -> Bound:
    """The chain and the derivation, once they are those the statement speaks of.

    Raises
    ------
    BundleError
        `binding.chain`, `binding.figures`, `chain.form`, `figures.form`, `binding.consignment`.
    """
    for name in ("chain", "figures"):
        if archive.members[f"{name}.json"].sha256 != statement["binds"][name]:
            raise BundleError(f"binding.{name}", f"the statement speaks of another {name}.json", where=f"{name}.json")
    chain = _read_chain(archive["chain.json"])
    figures = _read_figures(archive["figures.json"], statement["rule_set"]["edition"])
    shipment, consignment = chain["shipment"], statement["consignment"]
    if (shipment["id"], shipment["mass_kg"]) != (consignment["consignment_id"], consignment["mass_kg"]):
        fault = f"the chain moves {shipment['mass_kg']} kg as {shipment['id']}, the statement says otherwise"
        raise BundleError("binding.consignment", fault, where="chain.json: shipment")
    return Bound(chain=chain, figures=figures)


def _require_words(statement: Document, tables: Editions) -> None:
    """Refuse a statement that calls a rule set or a comparison something else than the edition does."""
    said = [(statement["rule_set"]["edition"], {"status": statement["rule_set"]["status"]})]
    said += [
        (each["method"], {name: each[name] for name in ("caveat_en", "caveat_zh")}) for each in statement["comparisons"]
    ]
    for edition, words in said:
        document = canonical.parse_canonical(tables[edition]["parameters.json"])
        header = document["edition"] if isinstance(document, dict) else {}
        for name, text in words.items():
            if (text or "") != (header.get(name) or ""):
                raise BundleError(
                    "edition.words", "the statement says otherwise than the edition", where=f"{edition}: {name}"
                )


def _folders(archive: Archive) -> dict[tuple[str, str], dict[str, str]]:
    """(kind, edition) to the members of its folder: path in the folder to name."""
    folders: dict[tuple[str, str], dict[str, str]] = {}
    for name in archive:
        if match := _FOLDER.fullmatch(name):
            folders.setdefault((match[1], match[2]), {})[match[3]] = name
    return folders


def _folder_digest(archive: Archive, folder: Mapping[str, str]) -> str:
    lines = "".join(f"{archive.members[folder[path]].sha256}  {path}\n" for path in sorted(folder))
    return hashlib.sha256(lines.encode()).hexdigest()


def _tables(archive: Archive, folder: str, edition: str) -> dict[str, bytes]:
    tables = {name: archive[folder + name] for name in TABLES if folder + name in archive}
    read_edition_tables(edition, tables)
    return tables


def _read_chain(data: bytes) -> Document:
    chain = canonical.parse_canonical(data)
    verify_chain_form(chain)
    if not isinstance(chain, dict):
        raise BundleError("chain.form", "expected an object", where="chain.json")
    return chain


def _read_figures(data: bytes, edition: str) -> Document:
    figures = canonical.parse_canonical(data)
    verify_figures_form(figures)
    if not isinstance(figures, dict) or figures["rule_set"] != edition:
        raise BundleError("figures.form", f"it is not the derivation of a figure by {edition}", where="figures.json")
    return figures
