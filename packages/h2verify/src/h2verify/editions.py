"""The tables that an edition of a rule set or comparison publishes: its formulas and its parameters.

A stranger reads these two files and never runs the edition's own source.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from h2verify import canonical
from h2verify.derivation import shortened
from h2verify.errors import BundleError, CanonicalError
from h2verify.formula import arguments, summed_arguments
from h2verify.parameters import Parameters, read_parameters
from h2verify.scopes import widening

FORMAT = "formulas/1"
RULES_MAX = 2_000
TEMPLATE_LENGTH_MAX = 10_000
SHORTEST_PLACE = 3
"""Characters that an id has more than its name, at least."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_KIND = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40}){0,5}")
_TEXTS = ("unit", "clause", "title_zh", "title_en")
_FIELDS = {"gives", "at", "formula", "over", *_TEXTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRule:
    """One rule as its edition publishes it.

    `arguments` counts how often the formula uses each name, in order of first use; `over` maps those that are summed
    to the kind of the scopes they are taken from; `guard` names a quantity and what it is at most; `length_min` is how
    many characters the formula has at least once ids stand in it.
    """

    name: str
    gives: str
    at: tuple[str, ...]
    formula: str
    arguments: Mapping[str, int]
    length_min: int
    over: Mapping[str, str]
    guard: tuple[str, str] | None
    unit: str
    clause: str
    title_zh: str
    title_en: str


class EditionTables:
    """The rules and parameters of one edition, ready to be asked.

    Attributes
    ----------
    label : str
        `iso14083/2023.1`, as it stands in derivations.
    """

    def __init__(self, label: str, rules: Mapping[tuple[str, str], PublishedRule], parameters: Parameters) -> None:
        self.label = label
        self.parameters = parameters
        self._rules = rules

    def find_rule(self, gives: str, kind: str) -> PublishedRule | None:
        """The rule that gives a quantity in a scope of this kind, or of the nearest wider one."""
        found = (self._rules.get((gives, wider)) for wider in widening(kind))
        return next((rule for rule in found if rule is not None), None)


def read_edition_tables(label: str, files: Mapping[str, bytes]) -> EditionTables:
    """The tables in an edition's folder, refused unless both are whole and of this edition.

    Parameters
    ----------
    label : str
        The edition, `iso14083/2023.1`.
    files : mapping
        The folder: path to content.

    Raises
    ------
    BundleError
        `edition.form`.
    """
    for name in ("formulas.json", "parameters.json"):
        if name not in files:
            raise BundleError("edition.form", "the edition does not publish it", where=f"{label}/{name}")
    parameters = read_parameters(files["parameters.json"], label=label)
    return EditionTables(label, _read_rules(files["formulas.json"], label), parameters)


def _read_rules(data: bytes, label: str) -> dict[tuple[str, str], PublishedRule]:
    try:
        document = canonical.parse(data)
    except CanonicalError as error:
        raise BundleError("edition.form", error.fault, where=f"{label}/formulas.json") from error
    if not isinstance(document, dict) or document.keys() != {"format", "edition", "rules"}:
        _refuse(label, "", "expected the fields edition, format, rules")
    rules = document["rules"]
    if document["format"] != FORMAT or document["edition"] != label:
        _refuse(label, "", f"expected {FORMAT} of edition {label}")
    if not isinstance(rules, dict) or len(rules) > RULES_MAX:
        _refuse(label, "", f"expected at most {RULES_MAX} rules by name")
    index: dict[tuple[str, str], PublishedRule] = {}
    for name, entry in rules.items():
        rule = _read_rule(label, name, entry)
        for kind in rule.at:
            if (rule.gives, kind) in index:
                _refuse(label, name, f"{rule.gives} is given twice for {kind}")
            index[rule.gives, kind] = rule
    return index


def _read_rule(label: str, name: str, entry: Any) -> PublishedRule:
    if not isinstance(entry, dict) or not _FIELDS <= entry.keys() <= _FIELDS | {"guard"}:
        _refuse(label, name, "expected the fields of a rule")
    if not all(_matches(_NAME, text) for text in (name, entry["gives"])):
        _refuse(label, name, "expected names of letters, digits and _")
    if not all(isinstance(entry[key], str) and entry[key] for key in _TEXTS):
        _refuse(label, name, f"expected texts as {', '.join(_TEXTS)}")
    at, over, formula = entry["at"], entry["over"], entry["formula"]
    if not isinstance(at, list) or not at or len(at) > 100 or not all(_matches(_KIND, kind) for kind in at):
        _refuse(label, name, "expected kinds of scope as `at`")
    if not isinstance(over, dict) or not all(_matches(_KIND, kind) for kind in over.values()):
        _refuse(label, name, "expected arguments and kinds of scope as `over`")
    if not isinstance(formula, str) or len(formula) > TEMPLATE_LENGTH_MAX:
        _refuse(label, name, f"expected a formula of at most {TEMPLATE_LENGTH_MAX} characters")
    used = arguments(formula)
    if not used or summed_arguments(formula) != over.keys():
        _refuse(label, name, "expected `over` for exactly the arguments that the formula sums")
    return PublishedRule(
        name=name,
        gives=entry["gives"],
        at=tuple(at),
        formula=formula,
        arguments=Counter(used),
        length_min=sum(len(each) + SHORTEST_PLACE for each in used),
        over=over,
        guard=_read_guard(label, name, entry),
        **{key: entry[key] for key in _TEXTS},
    )


def _read_guard(label: str, name: str, entry: Mapping[str, Any]) -> tuple[str, str] | None:
    if "guard" not in entry:
        return None
    guard = entry["guard"]
    if not isinstance(guard, dict) or guard.keys() != {"quantity", "at_most"}:
        _refuse(label, name, "expected a guard of quantity and at_most")
    quantity, at_most = guard["quantity"], guard["at_most"]
    if not isinstance(quantity, str) or not isinstance(at_most, str):
        _refuse(label, name, "expected names in the guard")
    return quantity, at_most


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _refuse(label: str, rule: str, fault: str) -> NoReturn:
    place = f"$.rules.{shortened(rule)}: " if rule else ""
    raise BundleError("edition.form", f"{place}{fault}", where=f"{label}/formulas.json")
