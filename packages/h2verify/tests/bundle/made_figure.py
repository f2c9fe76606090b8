"""An invented transport of one leg, an invented rule set and comparison of a few rules, and the derivation by them.

Small enough to be worked out by hand: 10 t over 120 km at 0.05 (WTW) and 0 (TTW) kg/tkm is 60 kg; the comparison counts
0.07 kg/tkm: 84 kg.
"""

import json
from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import Any

from h2verify import canonical
from h2verify.derivation import arithmetic, decimal_text
from h2verify.formula import evaluate, instantiate, operands

RULE_SET = "small/2025.1"
METHOD = "small-diesel/2025.1"

Document = dict[str, Any]

CHAIN: Document = {
    "format": "transport-chain/1",
    "shipment": {"id": "C1", "mass_kg": "10000"},
    "activity_date": "2026-03-02",
    "elements": [
        {
            "id": "leg-1",
            "kind": "transport",
            "mode": "road",
            "category": "road",
            "distance": {"kind": "sfd", "km": "120", "source": "atlas"},
        }
    ],
    "categories": {
        "road": {
            "kind": "transport",
            "data": "primary",
            "source": "invented",
            "intensity": {"per": "tkm", "wtw_kgco2e": "0.05", "ttw_kgco2e": "0"},
        }
    },
}

RULES: dict[str, tuple[str, str, dict[str, str], str]] = {
    "mass_t": ("chain", "mass_kg / kg_per_t", {}, "t"),
    "element_transport_activity_tkm": ("element.transport", "mass_t * distance_km", {}, "tkm"),
    "element_wtw_kgco2e": (
        "element.transport",
        "element_transport_activity_tkm * given_intensity_wtw_kgco2e_per_tkm",
        {},
        "kgCO2e",
    ),
    "element_ttw_kgco2e": (
        "element.transport",
        "element_transport_activity_tkm * given_intensity_ttw_kgco2e_per_tkm",
        {},
        "kgCO2e",
    ),
    "element_primary_kgco2e": ("element.transport", "element_wtw_kgco2e * is_primary", {}, "kgCO2e"),
    "element_primary_tkm": ("element.transport", "element_transport_activity_tkm * is_primary", {}, "tkm"),
    "wtw_kgco2e": ("chain", "sum(element_wtw_kgco2e)", {"element_wtw_kgco2e": "element"}, "kgCO2e"),
    "ttw_kgco2e": ("chain", "sum(element_ttw_kgco2e)", {"element_ttw_kgco2e": "element"}, "kgCO2e"),
    "wtt_kgco2e": ("chain", "wtw_kgco2e - ttw_kgco2e", {}, "kgCO2e"),
    "transport_activity_tkm": (
        "chain",
        "sum(element_transport_activity_tkm)",
        {"element_transport_activity_tkm": "element.transport"},
        "tkm",
    ),
    "chain_intensity_wtw_kgco2e_per_tkm": ("chain", "wtw_kgco2e / transport_activity_tkm", {}, "kgCO2e/tkm"),
    "chain_intensity_ttw_kgco2e_per_tkm": ("chain", "ttw_kgco2e / transport_activity_tkm", {}, "kgCO2e/tkm"),
    "primary_share_by_emissions": (
        "chain",
        "sum(element_primary_kgco2e) / wtw_kgco2e",
        {"element_primary_kgco2e": "element"},
        "1",
    ),
    "primary_share_by_activity": (
        "chain",
        "sum(element_primary_tkm) / transport_activity_tkm",
        {"element_primary_tkm": "element.transport"},
        "1",
    ),
}
COMPARISON_RULES: dict[str, tuple[str, str, dict[str, str], str]] = {
    "baseline_kgco2e": ("chain", "transport_activity_tkm * diesel_kgco2e_per_tkm", {}, "kgCO2e"),
    "project_kgco2e": ("chain", "sum(element_wtw_kgco2e)", {"element_wtw_kgco2e": "element"}, "kgCO2e"),
    "difference_kgco2e": ("chain", "baseline_kgco2e - project_kgco2e", {}, "kgCO2e"),
}
CONSTANTS = {"kg_per_t": ("1000", "kg/t")}
COMPARISON_CONSTANTS = {"diesel_kgco2e_per_tkm": ("0.07", "kgCO2e/tkm")}

_FACTS = (
    ("mass_kg[chain]", "10000", "kg", "货物质量", "mass of the shipment", "$.shipment.mass_kg", ""),
    ("distance_km[element:leg-1]", "120", "km", "运输距离", "transport distance", "$.elements[0].distance.km", "atlas"),
    (
        "given_intensity_wtw_kgco2e_per_tkm[category:road]",
        "0.05",
        "kgCO2e/tkm",
        "给定的全流程强度",
        "given intensity, well to wheel",
        "$.categories['road'].intensity.wtw_kgco2e",
        "invented",
    ),
    (
        "given_intensity_ttw_kgco2e_per_tkm[category:road]",
        "0",
        "kgCO2e/tkm",
        "给定的运行强度",
        "given intensity, operation",
        "$.categories['road'].intensity.ttw_kgco2e",
        "invented",
    ),
    (
        "is_primary[element:leg-1]",
        "1",
        "1",
        "数据为初级数据（1）或否（0）",
        "data are primary (1) or not (0)",
        "$.categories['road'].data",
        "",
    ),
)


def edition_folder(label: str, rules: Mapping[str, Any], constants: Mapping[str, tuple[str, str]]) -> dict[str, bytes]:
    """The folder of an edition: its two tables and a source nobody needs."""
    published = {
        name: {
            "gives": name,
            "at": [at],
            "formula": formula,
            "over": over,
            "unit": unit,
            "clause": "own",
            "title_zh": f"{name} 中文",
            "title_en": f"{name} in words",
        }
        for name, (at, formula, over, unit) in rules.items()
    }
    edition_id, _, edition = label.partition("/")
    parameters = {
        "constants": [_constant(name, value, unit) for name, (value, unit) in constants.items()],
        "edition": {
            "id": edition_id,
            "edition": edition,
            "standard": "none",
            "status": "draft",
            "title_zh": "小例",
            "title_en": "a small example",
        },
        "format": "parameters/1",
        "parameters": [],
        "regions": {},
    }
    formulas = {"format": "formulas/1", "edition": label, "rules": published}
    return {
        "formulas.json": json.dumps(formulas, ensure_ascii=False, indent=1).encode(),
        "parameters.json": canonical.encode(parameters),
        "rules.py": b"# invented\n",
    }


def figures_document() -> Document:
    """The derivation of the figure and of its comparison, recomputed here from the leaves."""
    values: dict[str, Decimal] = {}
    constants, compared = _constants(RULE_SET, CONSTANTS), _constants(METHOD, COMPARISON_CONSTANTS)
    steps = [_fact(values, fact) for fact in _FACTS] + [_leaf(values, step) for step in constants]
    steps += [_computed(values, RULE_SET, name, RULES[name]) for name in RULES]
    further = [_leaf(values, step) for step in compared]
    further += [_computed(values, METHOD, name, COMPARISON_RULES[name]) for name in COMPARISON_RULES]
    return {
        "comparisons": [{"method": METHOD, "steps": further}],
        "format": "h2corridor/figures/1",
        "rule_set": RULE_SET,
        "steps": steps,
    }


def _constant(name: str, value: str, unit: str) -> Document:
    return {
        "checked_on": "2026-03-01",
        "name": name,
        "page": "none",
        "source": "definition",
        "title_en": f"{name} in words",
        "title_zh": f"{name} 中文",
        "unit": unit,
        "value": value,
    }


def _constants(label: str, constants: Mapping[str, tuple[str, str]]) -> list[Document]:
    return [
        {
            "id": f"{name}[{label}]",
            "value": value,
            "unit": unit,
            "label_en": f"{name} in words",
            "label_zh": f"{name} 中文",
            "inputs": [],
            "from": {
                "checked_on": "2026-03-01",
                "edition": label,
                "kind": "parameter",
                "name": name,
                "page": "none",
                "source": "definition",
            },
        }
        for name, (value, unit) in constants.items()
    ]


def _fact(values: dict[str, Decimal], fact: tuple[str, ...]) -> Document:
    step_id, value, unit, label_zh, label_en, path, source = fact
    step = {
        "id": step_id,
        "value": value,
        "unit": unit,
        "label_en": label_en,
        "label_zh": label_zh,
        "inputs": [],
        "from": {"kind": "input", "path": path, **({"source": source} if source else {})},
    }
    return _leaf(values, step)


def _leaf(values: dict[str, Decimal], step: Document) -> Document:
    values[step["id"]] = Decimal(step["value"])
    return step


def _computed(
    values: dict[str, Decimal], label: str, name: str, rule: tuple[str, str, dict[str, str], str]
) -> Document:
    at, template, _, unit = rule
    place = "chain" if at == "chain" else "element:leg-1"
    by_argument = {step_id.partition("[")[0]: [step_id] for step_id in values}
    formula = instantiate(template, by_argument)
    with localcontext(arithmetic()):
        value = evaluate(formula, values.__getitem__, lambda choice, few: min(few) if choice == "min" else max(few))
    step_id = f"{name}[{place}]"
    values[step_id] = value
    return {
        "id": step_id,
        "value": decimal_text(value),
        "unit": unit,
        "label_en": f"{name} in words",
        "label_zh": f"{name} 中文",
        "inputs": operands(formula),
        "clause": "own",
        "edition": label,
        "rule": name,
        "formula": formula,
    }
