"""What every edition of a rule set or comparison must show before it is used: the conformance suite of these plug-ins.

A case is a JSON file in `cases/`: `title`, `source`, `chain` (null fields left out), and what must come out: `expected`
(figures), `elements` and `shares` (by id), `steps` (by step id), `comparison`. Values are exact decimal strings. Every
derivation is held against chain and edition just as a stranger's verifier does it.

An edition that reads hydrogen productions has `production` in the place of `chain`; see
`h2corridor.accounting.production.cases`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from h2verify.bundle.derivations import FORMAT, verify_figures
from h2verify.errors import VerifyError

from h2corridor.accounting.assessment import Assessment, assess_chain
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.parameters import Constant, Parameter
from h2corridor.accounting.kernel.rules import formula_table
from h2corridor.accounting.production.cases import production_case_faults
from h2corridor.accounting.publishing import published_files
from h2corridor.accounting.units import list_unit_faults
from h2corridor.model.chain import decode_chain
from h2corridor.model.errors import CorridorError
from h2corridor.model.production import PRODUCTION_FORMAT


def list_faults(edition: Edition, rule_set: Edition) -> list[str]:
    """Everything that keeps an edition from conforming; an empty list is a pass.

    Parameters
    ----------
    rule_set : Edition
        The rule set a comparison is tried with; the edition itself, if it is a rule set.
    """
    faults = _published_faults(edition)
    cases = sorted(path for path in edition.files if path.startswith("cases/") and path.endswith(".json"))
    if not cases:
        faults.append("cases/: there is no case")
    used: set[str] = set()
    for path in cases:
        try:
            faults.extend(f"{path}: {fault}" for fault in _case_faults(edition, rule_set, edition.files[path], used))
        except (CorridorError, VerifyError, KeyError, TypeError, ValueError) as error:
            faults.append(f"{path}: {error!r}")
    faults.extend(f"{each.name}: no case uses this rule" for each in edition.rules if each.name not in used)
    return faults


def _published_faults(edition: Edition) -> list[str]:
    faults = []
    published = published_files(edition)
    if edition.files.get("formulas.json") != published["formulas.json"]:
        faults.append("formulas.json: not the formulas of rules.py")
    if edition.files.get("parameters.json") != published["parameters.json"]:
        faults.append("parameters.json: not what parameters.toml says")
    for name, entry in formula_table(edition.rules).items():
        faults.extend(f"{name}: no {key}" for key in ("unit", "clause", "title_zh", "title_en") if not entry[key])
    entries: list[Constant | Parameter] = [*edition.parameters.constants.values(), *edition.parameters.listed]
    for each in entries:
        lacking = [key for key in ("unit", "source", "page", "checked_on") if not getattr(each, key)]
        faults.extend(f"parameters.toml: {each.name}: no {key}" for key in lacking)
    return faults


def _case_faults(edition: Edition, rule_set: Edition, data: bytes, used: set[str]) -> list[str]:
    case = json.loads(data)
    if edition.header.document == PRODUCTION_FORMAT:
        return production_case_faults(case, edition, used)
    comparisons = [edition] if edition.label != rule_set.label else []
    result = assess_chain(decode_chain(msgspec.json.encode(case["chain"])), rule_set, comparisons=comparisons)
    steps = [*result.derivation, *(step for each in result.comparisons for step in each.derivation)]
    published = {each.label: published_files(each) for each in (rule_set, edition)}
    verify_figures(case["chain"], _figures(result, rule_set, comparisons), published)
    used.update(step["rule"] for step in steps if step.get("edition") == edition.label)
    return [*_differences(case, result, steps), *list_unit_faults(steps)]


def _figures(result: Assessment, rule_set: Edition, comparisons: Sequence[Edition]) -> dict[str, Any]:
    """The document that a stranger would be handed, as `h2verify` reads it."""
    compared = [
        {"method": edition.label, "steps": list(each.derivation)}
        for edition, each in zip(comparisons, result.comparisons, strict=True)
        if each.status != "not_computable"
    ]
    head = {"format": FORMAT, "rule_set": rule_set.label, "comparisons": compared}
    return {**head, "steps": list(result.derivation)}


def _differences(case: Mapping[str, Any], result: Assessment, steps: list[dict[str, Any]]) -> list[str]:
    found = msgspec.to_builtins(result)
    expected: dict[str, Mapping[str, Any]] = {"figures": case.get("expected", {})}
    actual: dict[str, Mapping[str, Any]] = {"figures": found, "step": {s["id"]: s["value"] for s in steps}}
    expected["step"] = case.get("steps", {})
    for group in ("elements", "shares"):
        by_id = {entry["id"]: entry for entry in found[group]}
        for name, values in case.get(group, {}).items():
            expected[f"{group} {name}"], actual[f"{group} {name}"] = values, by_id.get(name, {})
    if "comparison" in case:
        expected["comparison"], actual["comparison"] = case["comparison"], found["comparisons"][0]
    faults = [
        f"{group} {key}: expected {value}, came {actual[group].get(key)}"
        for group, values in expected.items()
        for key, value in values.items()
        if actual[group].get(key) != value
    ]
    return faults if any(expected.values()) else ["the case expects nothing"]
