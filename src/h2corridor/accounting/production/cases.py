"""Cases of an edition that reads hydrogen productions, each held against document and edition as a stranger would.

A case has `title`, `source`, `production`, and what must come out: `expected` (figures), `result`, `allocations` (by
method), `stages`, `compared` (by id), `steps` (by step id). Values are exact decimal strings, or null.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from h2verify.derivation import decimal_text, verify_derivation, verify_formulas

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.rules import formula_table
from h2corridor.accounting.production.assessment import assess_production
from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.accounting.production.thresholds import all_thresholds
from h2corridor.accounting.units import list_unit_faults
from h2corridor.model.production import decode_production

_PART = re.compile(r"\.([a-z0-9_]+)|\[([0-9]+)\]")
_SERVES = {"all_products": "1", "hydrogen": "0"}
_KEYED = {"allocations": "method", "stages": "stage", "compared": "id", "flows": "id"}


def production_case_faults(case: Mapping[str, Any], edition: Edition, used: set[str]) -> list[str]:
    """Everything in which a case does not come out, or a derivation does not follow from document and edition.

    Parameters
    ----------
    used : set of str
        Takes up the names of the rules that the case used.

    Raises
    ------
    CorridorError
        The production is refused.
    VerifyError
        A derivation does not recompute, or has a formula that the edition does not publish.
    """
    result = assess_production(decode_production(msgspec.json.encode(case["production"])), edition)
    derivations = [result.derivation, *(each.derivation for each in result.readings if each.derivation)]
    faults = _differences(case, result)
    for steps in derivations:
        verify_derivation(steps)
        verify_formulas(steps, {edition.label: formula_table(edition.rules)})
        faults.extend(leaf_faults(steps, case["production"], edition))
        faults.extend(list_unit_faults(steps))
        used.update(step["rule"] for step in steps if "rule" in step)
    return faults


def leaf_faults(steps: Sequence[Mapping[str, Any]], document: Mapping[str, Any], edition: Edition) -> list[str]:
    """Every leaf that is not what the document states, the edition publishes or the list of compared values has."""
    published = json.loads(edition.files["parameters.json"])
    values: dict[str, set[str]] = {}
    for entry in (*published["constants"], *published["parameters"]):
        values.setdefault(entry["name"], set()).add(decimal_text(Decimal(entry["value"])))
    values |= {each.id: {decimal_text(Decimal(each.value))} for each in all_thresholds()}
    return [
        f"{step['id']}: {step['value']} is not what {origin.get('path') or origin.get('name')} says"
        for step, origin in _leaves(steps)
        if step["value"] not in _stated(origin, document, values)
    ]


def _leaves(steps: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return ((step, step["from"]) for step in steps if "from" in step)


def _stated(origin: Mapping[str, Any], document: Mapping[str, Any], values: Mapping[str, set[str]]) -> set[str]:
    if origin["kind"] == "parameter":
        return values.get(origin["name"], set())
    if origin["kind"] == "threshold":
        return values.get(origin["path"], set())
    found: Any = document
    for key, index in _PART.findall(origin["path"]):
        found = found[key] if key else found[int(index)]
    return {_SERVES[found]} if found in _SERVES else {decimal_text(Decimal(found))}


def _differences(case: Mapping[str, Any], result: ProductionAssessment) -> list[str]:
    found = msgspec.to_builtins(result)
    expected: dict[str, Mapping[str, Any]] = {"figures": case.get("expected", {}), "result": case.get("result", {})}
    actual: dict[str, Mapping[str, Any]] = {"figures": found, "result": found["result"]}
    expected["step"], actual["step"] = case.get("steps", {}), {s["id"]: s["value"] for s in result.derivation}
    for group, key in _KEYED.items():
        by_key = {entry[key]: entry for entry in found[group]}
        for name, values in case.get(group, {}).items():
            expected[f"{group} {name}"], actual[f"{group} {name}"] = values, by_key.get(name, {})
    faults = [
        f"{group} {key}: expected {value}, came {actual[group].get(key)}"
        for group, values in expected.items()
        for key, value in values.items()
        if actual[group].get(key) != value
    ]
    return faults if any(expected.values()) else ["the case expects nothing"]
