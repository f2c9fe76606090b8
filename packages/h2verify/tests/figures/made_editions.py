"""A tiny edition and steps by it, for tests that change one thing."""

import json
from typing import Any

from h2verify import canonical
from h2verify.derivation import operands

Document = dict[str, Any]
LABEL = "tried/2026.1"
HEADER = {"id": "tried", "edition": "2026.1", "status": "draft", "standard": "none", "title_zh": "试", "title_en": "t"}


def rule(formula: str, *kinds: str, gives: str, **more: Any) -> Document:
    """A rule as `formulas.json` publishes it."""
    head = {"gives": gives, "at": list(kinds), "formula": formula, "over": {}, "unit": "kg", "clause": "own"}
    return {**head, "title_zh": "试", "title_en": "tried", **more}


def formulas(**rules: Document) -> Document:
    """A document `formulas.json`."""
    return {"format": "formulas/1", "edition": LABEL, "rules": rules}


def tables(document: Document) -> dict[str, bytes]:
    """The folder of an edition with these formulas and no parameters."""
    empty = {"format": "parameters/1", "edition": HEADER, "constants": [], "parameters": [], "regions": {}}
    return {"formulas.json": json.dumps(document).encode(), "parameters.json": canonical.encode(empty)}


def mass() -> Document:
    """The leaf of the shipment's mass in `made_chains`."""
    origin = {"kind": "fact", "path": "$.shipment.mass_kg", "refs": ["consignments#1"]}
    words = {"unit": "kg", "label_zh": "货物质量", "label_en": "mass of the shipment"}
    return {"id": "mass_kg[chain]", "value": "10400.5", "inputs": [], "from": origin, **words}


def computed(step_id: str, formula: str, value: str = "10400.5") -> Document:
    """A step by the rule of the same name."""
    name = step_id.partition("[")[0]
    words = {"unit": "kg", "clause": "own", "edition": LABEL, "rule": name, "label_zh": "试", "label_en": "tried"}
    try:
        inputs = operands(formula)
    except Exception:  # a text that is no formula has no inputs; the test is about that
        inputs = []
    return {"id": step_id, "value": value, "formula": formula, "inputs": inputs, **words}


def figures(*steps: Document) -> Document:
    """A document `figures.json` without comparisons."""
    return {"format": "h2corridor/figures/1", "rule_set": LABEL, "steps": list(steps), "comparisons": []}
