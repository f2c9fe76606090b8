"""A figure's derivation held against the chain it is about and the editions it was made by.

`h2verify.derivation` shows that steps follow from leaves. Here every step is asked why it stands there: a leaf is a
fact of the chain or a value of an edition; a computed step is the rule that the edition gives for that name in that
kind of scope; its arguments are the nearest there are, its sums leave nothing out; and nothing else stands in between.

The order of checks, over the figure's steps and then over those of each comparison: the form of steps; ids; circles;
order; values; what each step rests on; what is missing; what nobody uses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from h2verify.chain_form import verify_chain_form
from h2verify.derivation import Step, compute, read_steps, used_ids, verify_order, verify_values
from h2verify.editions import EditionTables, read_edition_tables
from h2verify.errors import BundleError, DerivationError
from h2verify.formula import operands_count
from h2verify.lookup import Lookup, verify_step
from h2verify.scope_facts import CHAIN
from h2verify.scopes import ScopeIndex, read_scopes

FORMAT = "h2corridor/figures/1"
STEPS_MAX = 20_000
FORMULA_IDS_MAX = 200_000
COMPARISONS_MAX = 100
ID_LENGTH_MAX = 1_000

_LEAF = {"id", "value", "unit", "label_en", "label_zh", "inputs", "from"}
_COMPUTED = {"id", "value", "unit", "label_en", "label_zh", "inputs", "clause", "edition", "rule", "formula"}
_MAY_END = {
    "element": {
        "element_transport_activity_tkm",
        "element_hub_activity_t",
        "element_wtw_kgco2e",
        "element_ttw_kgco2e",
    },
    "stop": {"stop_transport_activity_tkm", "stop_share", "stop_wtw_kgco2e", "stop_ttw_kgco2e"},
    "class": {"class_share", "class_wtw_kgco2e", "class_ttw_kgco2e"},
}
"""Steps that need no other step to use them, by the first part of the scope's kind; beside them only what is shown."""
_COMPARED = ("baseline_kgco2e", "project_kgco2e", "difference_kgco2e")
EXPLAINED = "explained_"
"""What a comparison's step on the chain is called that explains the difference; nothing needs to use it."""


@dataclass(frozen=True, slots=True)
class FigureValues:
    """The recomputed values of a figure by step id, and by method those of the further steps of each comparison."""

    figure: Mapping[str, Decimal]
    comparisons: Mapping[str, Mapping[str, Decimal]]


def verify_figures(
    chain: Mapping[str, Any], figures: Mapping[str, Any], editions: Mapping[str, Mapping[str, bytes]]
) -> FigureValues:
    """Recompute every step of a figure and its comparisons, and hold each against the chain and the editions.

    Parameters
    ----------
    chain : mapping
        The content of `chain.json`.
    figures : mapping
        The content of `figures.json`.
    editions : mapping
        `iso14083/2023.1` to the folder of that edition: path to content; for the rule set and each comparison.

    Raises
    ------
    BundleError
        `chain.form`, `figures.form`, `edition.missing`, `edition.form`.
    DerivationError
        `derivation.` and what does not hold; see the order of checks above.
    """
    verify_chain_form(chain)
    verify_figures_form(figures)
    scopes = ScopeIndex(read_scopes(chain))
    if scopes.repeated is not None:
        raise BundleError("chain.form", "two things have one name", where=scopes.repeated)
    _verify_size(figures)
    tables = {label: _tables(label, editions) for label in _labels(figures)}
    on = chain.get("activity_date")
    base = Lookup(scopes, (tables[figures["rule_set"]],), on=on)
    values = _verified(figures["steps"], base, {})
    _verify_goals(values, _figure_goals(scopes, values), figures["steps"], scopes)
    comparisons: dict[str, Mapping[str, Decimal]] = {}
    for comparison in figures["comparisons"]:
        lookup = Lookup(scopes, (tables[figures["rule_set"]], tables[comparison["method"]]), on=on)
        further = _verified(comparison["steps"], lookup, values)
        _verify_goals(further, [f"{name}[{CHAIN}]" for name in _COMPARED], comparison["steps"], scopes=None)
        comparisons[comparison["method"]] = further
    return FigureValues(values, comparisons)


def verify_figures_form(figures: Any) -> None:
    """Refuse what has not the fields of `figures.json`; the steps themselves are looked at with the derivation.

    Raises
    ------
    BundleError
        `figures.form`.
    """
    if not isinstance(figures, Mapping) or figures.keys() != {"comparisons", "format", "rule_set", "steps"}:
        raise BundleError("figures.form", "expected the fields comparisons, format, rule_set, steps")
    comparisons = figures["comparisons"]
    if figures["format"] != FORMAT or not isinstance(figures["rule_set"], str):
        raise BundleError("figures.form", f"expected {FORMAT} and a rule set")
    if not isinstance(figures["steps"], list) or not isinstance(comparisons, list):
        raise BundleError("figures.form", "expected lists of steps and comparisons")
    if len(comparisons) > COMPARISONS_MAX:
        raise BundleError("figures.form", f"expected at most {COMPARISONS_MAX} comparisons")
    for each in comparisons:
        if not isinstance(each, Mapping) or each.keys() != {"method", "steps"}:
            raise BundleError("figures.form", "expected a method and steps of each comparison")
        if not isinstance(each["method"], str) or not isinstance(each["steps"], list):
            raise BundleError("figures.form", "expected a method and a list of steps of each comparison")
    if len(set(_labels(figures))) < 1 + len(comparisons):
        raise BundleError("figures.form", "an edition stands there twice")


def _labels(figures: Mapping[str, Any]) -> list[str]:
    return [figures["rule_set"], *(each["method"] for each in figures["comparisons"])]


def _tables(label: str, editions: Mapping[str, Mapping[str, bytes]]) -> EditionTables:
    if label not in editions:
        raise BundleError("edition.missing", "its folder is not in the bundle", where=label)
    return read_edition_tables(label, editions[label])


def _verify_size(figures: Mapping[str, Any]) -> None:
    """The limits of all lists together, before anything is computed."""
    steps = [*figures["steps"], *(step for each in figures["comparisons"] for step in each["steps"])]
    if len(steps) > STEPS_MAX:
        raise DerivationError("derivation.too-long", f"{len(steps)} steps; at most {STEPS_MAX}")
    used = 0
    for step in steps:
        formula = step.get("formula") if isinstance(step, Mapping) else None
        used += operands_count(formula) if isinstance(formula, str) else 0
        if used > FORMULA_IDS_MAX:
            raise DerivationError("derivation.too-long", f"more than {FORMULA_IDS_MAX} ids in formulas")


def _verified(steps: Sequence[Step], lookup: Lookup, known: Mapping[str, Decimal]) -> dict[str, Decimal]:
    for position, step in enumerate(steps):
        _verify_fields(step, position)
    table = read_steps(steps, known)
    verify_order(table)
    values = compute(table, known)
    verify_values(steps, {**known, **values} if known else values)
    for step in steps:
        verify_step(step, lookup)
    return values


def _verify_fields(step: Any, position: int) -> None:
    where = f"steps[{position}]"
    if not isinstance(step, Mapping):
        raise DerivationError("derivation.shape", "a step is an object", where=where)
    wanted = _COMPUTED if "formula" in step else _LEAF
    if step.keys() - {"guard"} != wanted or ("guard" in step and wanted is _LEAF):
        raise DerivationError("derivation.shape", f"expected the fields {', '.join(sorted(wanted))}", where=where)
    texts = wanted - {"inputs", "from"}
    if not all(isinstance(step[key], str) for key in texts) or not isinstance(step["inputs"], list):
        raise DerivationError("derivation.shape", "expected texts, and a list of inputs", where=where)
    if len(step["id"]) > ID_LENGTH_MAX:
        raise DerivationError("derivation.shape", f"an id has at most {ID_LENGTH_MAX} characters", where=where)
    guard = step.get("guard", {"quantity": "", "at_most": ""})
    if not isinstance(guard, Mapping) or guard.keys() != {"quantity", "at_most"}:
        raise DerivationError("derivation.shape", "a guard names a quantity and what it is at most", where=where)


def _figure_goals(scopes: ScopeIndex, values: Mapping[str, Decimal]) -> list[str]:
    """The ids of all numbers that are shown of a figure."""
    names: list[str] = []
    if scopes.has_kind("element"):
        names += ["wtw_kgco2e", "ttw_kgco2e", "wtt_kgco2e"]
    if scopes.has_kind("element.hub"):
        names.append("hub_activity_t")
    if scopes.has_kind("element.transport"):
        names.append("transport_activity_tkm")
    below_nothing = any(value < 0 for step, value in values.items() if step.startswith("element_wtw_kgco2e["))
    if values.get(f"wtw_kgco2e[{CHAIN}]") and not below_nothing:
        names.append("primary_share_by_emissions")
    if values.get(f"transport_activity_tkm[{CHAIN}]"):
        names += ["primary_share_by_activity", "chain_intensity_wtw_kgco2e_per_tkm"]
        names.append("chain_intensity_ttw_kgco2e_per_tkm")
    return [f"{name}[{CHAIN}]" for name in names]


def _verify_goals(
    values: Mapping[str, Decimal], goals: Sequence[str], steps: Sequence[Step], scopes: ScopeIndex | None
) -> None:
    """Every shown number has its step, and every step is shown, used, or says what an element, stop or class has."""
    for goal in goals:
        if goal not in values:
            raise DerivationError("derivation.missing", "no step gives this shown number", where=goal)
    used = {*goals, *(step_id for step in steps for step_id in used_ids(step))}
    for step in steps:
        if step["id"] not in used and not _may_end(step["id"], scopes):
            raise DerivationError("derivation.unused", "no shown number rests on this step", where=step["id"])


def _may_end(step_id: str, scopes: ScopeIndex | None) -> bool:
    name, _, place = step_id.removesuffix("]").partition("[")
    if scopes is None:
        return place == CHAIN and name.startswith(EXPLAINED)
    scope = scopes.by_path.get(place)
    return scope is not None and name in _MAY_END.get(scope.kind.partition(".")[0], ())
