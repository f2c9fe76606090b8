"""Step 2: the manifest names every member with its digest, the members are those of the bundle's depth, and the page
for people is the one that every bundle has."""

import re
from dataclasses import dataclass
from typing import Literal, cast

from h2verify import canonical
from h2verify.bundle import limits
from h2verify.bundle.container import MANIFEST, Archive
from h2verify.bundle.forms import SHA256, STATEMENT_ID, WHOLE, one_of, require_form
from h2verify.errors import BundleError, CanonicalError
from h2verify.wording import README

FORMAT = "h2corridor/bundle/1"
Depth = Literal["figure", "activity", "raw"]
DEPTHS: tuple[Depth, ...] = ("figure", "activity", "raw")

_README_NAME = "README.txt"
_REQUIRED: dict[Depth, tuple[str, ...]] = {
    "figure": (
        "statement.json",
        "chain.json",
        "figures.json",
        "identity.json",
        "policy.txt",
        "status.json",
        _README_NAME,
    ),
    "activity": ("proofs.json",),
    "raw": ("release.json", "opened.json"),
}
_NUMBERED: dict[Depth, tuple[str, ...]] = {
    "figure": (r"signatures/([1-9][0-9]{0,5})\.note",),
    "activity": (r"activity/([1-9][0-9]{0,5})\.json",),
    "raw": (r"received/([1-9][0-9]{0,5})\.json",),
}
_BYTES = re.compile(r"received/([1-9][0-9]{0,5})\.bin")
_EDITION = re.compile(r"(?:rulesets|comparisons)/[^/]+/[^/]+/.+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the bundle says it is."""

    depth: Depth
    statement_id: str


def read_manifest(archive: Archive, depth: str | None) -> Manifest:
    """What the bundle is, after every member was held against its digest and every document's form was checked.

    Parameters
    ----------
    depth : str or None
        The depth asked for.

    Raises
    ------
    BundleError
        `manifest.form`, `depth.absent`, `manifest.missing-member`, `.extra-member`, `.digest`, `.readme`.
    CanonicalError
        `canonical.*`: a document outside editions is no canonical JSON.
    """
    document = canonical.parse_canonical(archive[MANIFEST])
    form = {
        "depth": one_of(*DEPTHS),
        "format": one_of(FORMAT),
        "members": document.get("members") if isinstance(document, dict) else None,
        "statement_id": STATEMENT_ID,
    }
    members = form["members"]
    if not isinstance(document, dict) or not isinstance(members, dict):
        raise BundleError("manifest.form", "expected an object that names the members", where=MANIFEST)
    form["members"] = {name: {"sha256": SHA256, "size": WHOLE} for name in members}
    require_form(document, form, code="manifest.form", where=MANIFEST)
    found = cast(Depth, document["depth"])
    _require_depth(found, depth)
    _require_members(archive, found, members.keys())
    for name, stated in members.items():
        member = archive.members[name]
        if (member.sha256, member.size) != (stated["sha256"], stated["size"]):
            fault = f"SHA-256 {member.sha256}, {member.size} bytes; the manifest says otherwise"
            raise BundleError("manifest.digest", fault, where=name)
    if archive[_README_NAME] != README:
        raise BundleError("manifest.readme", "expected the text that every bundle has", where=_README_NAME)
    for name in archive:
        if name.endswith(".json") and not _EDITION.fullmatch(name):
            _require_canonical(archive, name)
    return Manifest(depth=found, statement_id=cast(str, document["statement_id"]))


def depths_up_to(depth: Depth) -> tuple[Depth, ...]:
    """The depths that a bundle or a check of this depth holds."""
    return DEPTHS[: DEPTHS.index(depth) + 1]


def _require_depth(found: Depth, asked: str | None) -> None:
    if asked is not None and asked not in depths_up_to(found):
        raise BundleError(
            "depth.absent",
            f"the bundle goes down to {found}, not to {asked}; nothing was verified.",
            next_step=f"Ask for --depth {found}, or ask the issuer for a deeper bundle.",
        )


def _require_members(archive: Archive, depth: Depth, named: "set[str] | object") -> None:
    names = set(archive) - {MANIFEST}
    stated = set(cast("set[str]", named))
    required = {name for level in depths_up_to(depth) for name in _REQUIRED[level]}
    required |= _gaps(names, depth) | stated
    for name in sorted(required - names):
        raise BundleError("manifest.missing-member", "it is not in the container", where=name[:200])
    for name in sorted(names):
        if name not in stated:
            raise BundleError("manifest.extra-member", "the manifest does not name it", where=name)
        if not _may_be_there(name, names, depth):
            raise BundleError("manifest.extra-member", f"no member of a bundle of depth {depth}", where=name)


def _gaps(names: "set[str]", depth: Depth) -> "set[str]":
    """Numbered members go up from 1 without a gap; what is missing among them."""
    missing = set()
    for level in depths_up_to(depth):
        for pattern in _NUMBERED[level]:
            numbers = {int(match[1]) for name in names if (match := re.fullmatch(pattern, name))}
            absent = set(range(1, min(max(numbers, default=0), limits.MEMBERS_MAX) + 1)) - numbers
            missing |= {re.sub(r"\(.*?\)", str(number), pattern).replace("\\", "") for number in absent}
    return missing


def _may_be_there(name: str, names: "set[str]", depth: Depth) -> bool:
    levels = depths_up_to(depth)
    if any(name in _REQUIRED[level] for level in levels) or _EDITION.fullmatch(name):
        return True
    if depth == "raw" and (match := _BYTES.fullmatch(name)):
        return f"received/{match[1]}.json" in names
    return any(re.fullmatch(pattern, name) for level in levels for pattern in _NUMBERED[level])


def _require_canonical(archive: Archive, name: str) -> None:
    try:
        canonical.parse_canonical(archive[name])
    except CanonicalError as error:
        raise CanonicalError(error.code, error.fault, where=name) from error
