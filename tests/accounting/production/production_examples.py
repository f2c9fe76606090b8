"""Productions for tests: the case of three products and the packaged examples, each to be altered."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from h2corridor.accounting.kernel import Edition
from h2corridor.accounting.production.assessment import assess_production
from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.app.rules import get_rule_set
from h2corridor.model.production import decode_production

ROOT = Path(__file__).resolve().parents[3]
THREE_PRODUCTS = "cases/three-products-to-the-nozzle.json"
Document = dict[str, Any]


def gate_set() -> Edition:
    """The rule set that ends at the production gate."""
    return get_rule_set("iso-19870-1@2026.1")


def nozzle_set() -> Edition:
    """The rule set that ends at the consumption gate."""
    return get_rule_set("iso-ts-19870@2023.1")


def three_products() -> Document:
    """A by-product plant with two co-products, a declared value, a delivery and a leakage."""
    document: Document = json.loads(gate_set().files[THREE_PRODUCTS])["production"]
    return document


def example(name: str) -> Document:
    """A document of docs/examples/production."""
    document: Document = json.loads((ROOT / "docs" / "examples" / "production" / f"{name}.json").read_bytes())
    return document


def assessed(document: Document, rule_set: Edition | None = None) -> ProductionAssessment:
    """The assessment of a document, by default up to the production gate."""
    return assess_production(decode_production(msgspec.json.encode(document)), rule_set or gate_set())


def altered(document: Document, change: Callable[[Document], object]) -> Document:
    """A copy of a document with a change made to it."""
    copied = copy.deepcopy(document)
    change(copied)
    return copied


def gates(result: ProductionAssessment) -> dict[str, str | None]:
    """The intensity at the gate by allocation."""
    return {each.method: each.gate_kgco2e_per_kg for each in result.allocations}
