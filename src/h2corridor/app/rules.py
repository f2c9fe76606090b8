"""The rule sets and comparisons that are there: found through entry points, read from their folders, compared.

An entry point of group `h2corridor.rulesets` or `h2corridor.comparisons` names a package (or a folder inside one,
after a colon) that holds one folder an edition. What runs is compiled from the very bytes that the edition's digest
covers.
"""

import importlib.metadata
import importlib.util
import types
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from h2corridor.accounting.conformance import list_faults
from h2corridor.accounting.kernel import (
    Constant,
    Edition,
    Parameter,
    build_edition,
    formula_table,
    value_digest,
)
from h2corridor.app.frozen import freeze, verify_frozen
from h2corridor.model.chain import CHAIN_FORMAT
from h2corridor.model.errors import RuleError, UsageError

Group = Literal["h2corridor.rulesets", "h2corridor.comparisons"]
RULESETS: Group = "h2corridor.rulesets"
COMPARISONS: Group = "h2corridor.comparisons"
_BUILT_IN: Mapping[Group, Mapping[str, str]] = {
    RULESETS: {name: f"h2corridor.accounting.rulesets:{name}" for name in ("iso14083", "iso-19870-1", "iso-ts-19870")},
    COMPARISONS: {
        "same-service-diesel": "h2corridor.accounting.comparisons:same-service-diesel",
        "same-service-life-cycle": "h2corridor.accounting.comparisons:same-service-life-cycle",
        "tailpipe-press": "h2corridor.accounting.comparisons:tailpipe-press",
    },
}
"""The entry points of this distribution itself, so that a run with them alone does not read the metadata of every
other."""

PIN_DIGITS_MIN = 12
_FILES_MAX = 1000
_LEFT_OUT = {"__pycache__"}


class EditionListing(msgspec.Struct, frozen=True, kw_only=True):
    """One edition as a list shows it; `text_seen` is false where nobody has read the text that it follows."""

    group: str
    id: str
    edition: str
    status: str
    standard: str
    title_zh: str
    title_en: str
    digest: str
    text_seen: bool | None


def list_rule_sets() -> tuple[EditionListing, ...]:
    """Every edition of every rule set and comparison that is installed, rule sets first, by id and edition.

    Raises
    ------
    RuleError
        `rule.bad-edition`, `rule.bad-parameter` or `rule.bad-rule`: an edition cannot be read.
    """
    found = []
    for group in (RULESETS, COMPARISONS):
        for name in sorted(_folders(group)):
            for edition in _edition_names(_get_folder(name, group)):
                header = get_edition(f"{name}@{edition}", group).header
                digest = get_edition(f"{name}@{edition}", group).digest
                fields = {key: getattr(header, key) for key in ("id", "edition", "status", "standard")}
                titles = {"title_zh": header.title_zh, "title_en": header.title_en}
                found.append(EditionListing(group=group, digest=digest, text_seen=header.text_seen, **fields, **titles))
    return tuple(found)


def show_rule_set(name: str) -> dict[str, Any]:
    """Everything an edition publishes: header, digest, formulas, factor files, constants and parameters, each value
    with its digest, as plain values; of a comparison also what supports a baseline, by its kind.

    Parameters
    ----------
    name : str
        `ID` (the latest edition) or `ID@EDITION`, of a rule set or a comparison.

    Raises
    ------
    UsageError
        `rules.unknown`: there is no such edition.
    """
    edition = get_any_edition(name)
    return {
        "name": edition.name,
        "digest": edition.digest,
        **msgspec.to_builtins(edition.header),
        "formulas": formula_table(edition.rules),
        "packs": [{"label": each.pack.label, **msgspec.to_builtins(each.pack)} for each in edition.packs],
        "constants": [_shown_value(each) for each in edition.parameters.constants.values()],
        "parameters": [_shown_value(each) for each in edition.parameters.listed],
        "regions": dict(edition.parameters.regions),
        "levels": dict(edition.parameters.levels),
        "custody": None if edition.custody is None else msgspec.to_builtins(edition.custody),
        "support": {kind: list(names) for kind, names in edition.parameters.support.items()},
        "files": sorted(edition.files),
    }


def diff_rule_sets(first: str, second: str) -> dict[str, Any]:
    """What changes from one edition to another: formulas and parameters added, removed and changed.

    Returns
    -------
    dict
        `first`, `second`, and for each of `formulas`, `constants`, `parameters`, `support`: `added`, `removed` (name to
        entry) and `changed` (name to {field: [before, after]}).
    """
    before, after = show_rule_set(first), show_rule_set(second)
    changes: dict[str, Any] = {"first": before["name"], "second": after["name"]}
    changes["formulas"] = _changes(before["formulas"], after["formulas"])
    for key in ("constants", "parameters"):
        changes[key] = _changes(_by_key(before[key]), _by_key(after[key]))
    kinds = [{kind: {"fields": names} for kind, names in each["support"].items()} for each in (before, after)]
    changes["support"] = _changes(*kinds)
    return changes


class CheckedEdition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition held against the conformance suite; no faults is a pass."""

    name: str
    status: str
    digest: str
    rules: int
    cases: int
    faults: tuple[str, ...]


def check_edition(folder: Path, rule_set: str | None) -> CheckedEdition:
    """Everything that keeps the edition in a folder from being used or frozen.

    Parameters
    ----------
    rule_set : str or None
        For a comparison the rule set it is tried with; None: the folder is a rule set.

    Raises
    ------
    RuleError
        The folder is no edition.
    """
    edition = read_edition(folder)
    tried_with = get_rule_set(rule_set) if rule_set is not None else edition
    cases = sum(1 for path in edition.files if path.startswith("cases/") and path.endswith(".json"))
    return CheckedEdition(
        name=edition.name,
        status=edition.header.status,
        digest=edition.digest,
        rules=len(edition.rules),
        cases=cases,
        faults=tuple(list_faults(edition, tried_with)),
    )


def freeze_edition(folder: Path) -> CheckedEdition:
    """Freeze the draft in a folder; see `h2corridor.app.frozen`.

    Raises
    ------
    UsageError
        `rules.not-a-draft`, `rules.no-status-line`.
    StorageError
        It could not be written; everything is as it was, unless the code is `rules.half-frozen`.
    """
    freeze(read_edition(folder), folder)
    return check_edition(folder, None)


def get_rule_set(name: str) -> Edition:
    """The rule set `ID` (its latest edition) or `ID@EDITION`; UsageError `rules.unknown` if there is none."""
    return get_edition(name, RULESETS)


def get_chain_rules(name: str) -> Edition:
    """The rule set `ID` or `ID@EDITION`, which has to read transport chains.

    Raises
    ------
    UsageError
        `rules.unknown`: there is none. `rules.wrong-document`: it reads other documents.
    """
    edition = get_rule_set(name)
    require_document(edition, CHAIN_FORMAT)
    return edition


def require_document(edition: Edition, document: str) -> None:
    """Refuse an edition that does not read documents of this format.

    Raises
    ------
    UsageError
        `rules.wrong-document`.
    """
    reads = edition.header.document
    if reads != document:
        readers = [each for each in sorted(_folders(RULESETS)) if get_rule_set(each).header.document == document]
        raise UsageError(
            "rules.wrong-document",
            f"it reads {reads}, the document is {document}.",
            about=edition.name,
            next_step=f"Rule sets that read it: {', '.join(readers)}.",
        )


def get_comparison(name: str) -> Edition:
    """The comparison `ID` (its latest edition) or `ID@EDITION`; UsageError `rules.unknown` if there is none."""
    return get_edition(name, COMPARISONS)


def get_any_edition(name: str) -> Edition:
    """The rule set or comparison of a name as `get_edition` takes it; UsageError `rules.unknown` if there is none."""
    if "/" in name:
        return get_edition(name, RULESETS)
    rule_set = name.partition("#")[0].partition("@")[0]
    offered = {group: _folders(group) for group in (RULESETS, COMPARISONS)}
    group = next((each for each in offered if rule_set in offered[each]), None)
    if group is None:
        known = ", ".join(name for folders in offered.values() for name in sorted(folders))
        fault = f"there is no rule set or comparison {rule_set!r}."
        raise UsageError("rules.unknown", fault, next_step=f"There are: {known}.")
    return get_edition(name, group)


def get_edition(name: str, group: Group) -> Edition:
    """An edition, read once in a process.

    Parameters
    ----------
    name : str
        `ID` (the latest edition), `ID@EDITION`, or the path of an edition's folder (with a slash in it); after a `#`
        perhaps the first digits, twelve at least, of the digest that it must have.

    Raises
    ------
    UsageError
        `rules.unknown`: nobody offers this id or edition.
    RuleError
        `rule.changed-edition`: the folder has another digest than the one named, or than the one it was frozen with.
        `rule.bad-edition` and others: the folder is not one.
    """
    called, _, pinned = name.partition("#")
    edition = _read_once(called, group)
    if pinned and (len(pinned) < PIN_DIGITS_MIN or not edition.digest.startswith(pinned)):
        fault = f"its digest is {edition.digest}, asked for was {pinned!r} (at least {PIN_DIGITS_MIN} digits)."
        next_step = "Use the edition that was meant, or look at what changed with `h2corridor rules diff`."
        raise RuleError("rule.changed-edition", fault, about=edition.label, next_step=next_step)
    return edition


@cache
def _read_once(name: str, group: Group) -> Edition:
    if "/" in name:
        if not (Path(name) / "parameters.toml").is_file():
            next_step = "Name an installed rule set, or a folder with parameters.toml and rules.py."
            raise UsageError("rules.unknown", f"{name} is no edition's folder.", next_step=next_step)
        return read_edition(Path(name))
    rule_set, at, wanted = name.partition("@")
    folder = _get_folder(rule_set, group)
    editions = _edition_names(folder)
    if not editions or (at and wanted not in editions):
        fault = f"{rule_set} has no edition {wanted!r}."
        raise UsageError("rules.unknown", fault, next_step=f"There are: {', '.join(editions) or 'none'}.")
    edition = read_edition(folder / (wanted or editions[-1]))
    if edition.name != f"{rule_set}@{wanted or editions[-1]}":
        raise RuleError("rule.bad-edition", f"the folder calls itself {edition.name}.", about=name)
    return edition


def read_edition(folder: Path) -> Edition:
    """The edition in a folder; every file in it counts towards the digest, except what Python itself leaves there.

    Raises
    ------
    RuleError
        `rule.bad-edition`: no rules.py, or a file `rules*.py` cannot be run. `rule.changed-edition`: it is frozen and
        not the folder that was frozen.
    """
    about = f"{folder.parent.name}/{folder.name}"
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not _LEFT_OUT.intersection(relative.parts):
            files[relative.as_posix()] = path.read_bytes()
        if len(files) > _FILES_MAX:
            raise RuleError("rule.bad-edition", f"more than {_FILES_MAX} files.", about=about)
    if "rules.py" not in files:
        raise RuleError("rule.bad-edition", "rules.py is missing.", about=about)
    namespace: dict[str, object] = {}
    for name in sorted(files):
        if name.startswith("rules") and name.endswith(".py"):
            namespace |= _run(files[name], folder / name, about)
    edition = build_edition(files, namespace, about=about)
    verify_frozen(edition, folder)
    return edition


def _run(source: bytes, path: Path, about: str) -> dict[str, object]:
    """The names that a file of rules defines, prefixed by the file."""
    module = types.ModuleType(f"{__name__}.{path.stem}")
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    except RuleError:
        raise
    except Exception as error:  # whatever a foreign file does wrong is that file's fault, and said so
        raise RuleError("rule.bad-edition", f"{path.name} cannot be run: {error!r}.", about=about) from error
    return {f"{path.stem}.{name}": value for name, value in vars(module).items()}


def _folders(group: Group) -> dict[str, str]:
    offered = {point.name: point.value for point in importlib.metadata.entry_points(group=group)}
    return {**offered, **_BUILT_IN[group]}


def _get_folder(name: str, group: Group) -> Path:
    value = _BUILT_IN[group].get(name) or _folders(group).get(name)
    if value is None:
        known = ", ".join(sorted(_folders(group)))
        raise UsageError("rules.unknown", f"nobody offers {name!r} in {group}.", next_step=f"There are: {known}.")
    package, _, inner = value.partition(":")
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise RuleError("rule.bad-edition", f"the entry point names {package}, which is no package.", about=name)
    return Path(places[0]) / inner


def _edition_names(folder: Path) -> list[str]:
    found = [path.parent.name for path in folder.glob("*/parameters.toml")]
    return sorted(found, key=lambda name: [int(part) if part.isdigit() else -1 for part in name.split(".")])


def _shown_value(value: Constant | Parameter) -> dict[str, Any]:
    return {**msgspec.to_builtins(value), "digest": value_digest(value)}


def _by_key(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Entries by what makes each one value; a digest only repeats that something else differs."""
    keyed = {" ".join(str(e[k]) for k in ("name", "region", "boundary", "from") if e.get(k)): e for e in entries}
    return {key: {field: each for field, each in e.items() if field != "digest"} for key, e in keyed.items()}


def _changes(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    changed = {}
    for name in before.keys() & after.keys():
        fields = before[name].keys() | after[name].keys()
        differing = {f: [before[name].get(f), after[name].get(f)] for f in sorted(fields)}
        differing = {field: pair for field, pair in differing.items() if pair[0] != pair[1]}
        if differing:
            changed[name] = differing
    return {
        "added": {name: after[name] for name in sorted(after.keys() - before.keys())},
        "removed": {name: before[name] for name in sorted(before.keys() - after.keys())},
        "changed": dict(sorted(changed.items())),
    }
