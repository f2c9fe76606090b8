"""From the figures of one edition to those of another, change by change: a ledger whose rows sum to the difference.

The order is stated and fixed: constants, limits, regions and their levels, then dated values, each by name; then rules,
in the order in which the later edition lists them; what the later edition no longer has comes last. Each row is the
figure after a change less the figure before it, so the rows sum exactly. Changes that only work together - a value in
another unit and the rule that expects it - make one row. Another order would share the same difference out otherwise;
that is why it is stated.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import msgspec
from h2verify.derivation import arithmetic, decimal_text

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.parameters import Parameters
from h2corridor.accounting.kernel.rules import Rule
from h2corridor.model.errors import RuleError

Part = Literal["constant", "limit", "region", "level", "parameter", "rule"]
Figures = Callable[[Edition], Mapping[str, str]]
"""The figures of one document by an edition: name to the decimal that is shown."""

_CONTEXT = arithmetic()
_TITLED = ("constant", "parameter", "rule")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that differs between two editions; None where an edition does not have it.

    `name` is a constant's or a parameter's, a region's, or a rule's quantity and kind: `wtw_kgco2e at chain`.
    """

    part: Part
    name: str
    before: str | None
    after: str | None
    title_zh: str
    title_en: str


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """Changes that were made together, and what each figure moved by."""

    changes: tuple[Change, ...]
    differences: Mapping[str, str]


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """From `before` to `after`: `rows` are the changes that moved a figure, `without_effect` all others."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    rows: tuple[LedgerRow, ...]
    without_effect: tuple[Change, ...]
    differences: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """An edition taken apart by what a change speaks of."""

    constants: Mapping[str, Any]
    limits: Mapping[str, Any]
    regions: Mapping[str, str]
    levels: Mapping[str, Any]
    parameters: Mapping[str, tuple[Any, ...]]
    rules: Mapping[tuple[str, str], Rule]


def list_changes(before: Edition, after: Edition) -> list[Change]:
    """Everything that differs between two editions, in the order of a ledger."""
    return [change for change, _ in _changes(_pieces(before), _pieces(after))]


def make_ledger(before: Edition, after: Edition, figures: Figures) -> Ledger:
    """The ledger from one edition to another for one document.

    Raises
    ------
    RuleError
        One of the two editions cannot assess the document.
    """
    first, last = figures(before), figures(after)
    old, new = _pieces(before), _pieces(after)
    taken: list[tuple[Change, tuple[str, Any]]] = []
    waiting: list[Change] = []
    rows: list[LedgerRow] = []
    without: list[Change] = []
    at = dict(first)
    for change, key in _changes(old, new):
        taken.append((change, key))
        waiting.append(change)
        try:
            found = figures(_mixed(before, old, new, [each for _, each in taken]))
        except RuleError:
            continue
        moved = _differences(at, found)
        if any(value != "0" for value in moved.values()):
            rows.append(LedgerRow(changes=tuple(waiting), differences=moved))
        else:
            without.extend(waiting)
        at, waiting = dict(found), []
    if waiting or at != dict(last):
        rows.append(LedgerRow(changes=tuple(waiting), differences=_differences(at, last)))
    return Ledger(
        before=first, after=last, rows=tuple(rows), without_effect=tuple(without), differences=_differences(first, last)
    )


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    return {
        name: decimal_text(_CONTEXT.subtract(Decimal(after[name]), Decimal(value)))
        for name, value in before.items()
        if name in after
    }


def _pieces(edition: Edition) -> _Pieces:
    parameters: dict[str, tuple[Any, ...]] = {}
    for each in edition.parameters.listed:
        parameters[each.name] = (*parameters.get(each.name, ()), each)
    rules = {(rule.gives, kind): rule for rule in edition.rules for kind in rule.at}
    own = edition.parameters
    return _Pieces(own.constants, own.limits, own.regions, own.levels, parameters, rules)


def _changes(old: _Pieces, new: _Pieces) -> Iterator[tuple[Change, tuple[str, Any]]]:
    going: list[tuple[Change, tuple[str, Any]]] = []
    for part, before, after in (
        ("constant", old.constants, new.constants),
        ("limit", old.limits, new.limits),
        ("region", old.regions, new.regions),
        ("level", old.levels, new.levels),
        ("parameter", old.parameters, new.parameters),
        ("rule", old.rules, new.rules),
    ):
        names = list(after) if part == "rule" else sorted(after)
        for name in [*names, *(each for each in before if each not in after)]:
            if _same(part, before.get(name), after.get(name)):
                continue
            entry = (_change(part, name, before.get(name), after.get(name)), (part, name))
            if name in after:
                yield entry
            else:
                going.append(entry)
    yield from going


def _same(part: str, before: Any, after: Any) -> bool:
    if part == "rule" and before is not None and after is not None:
        return _rule_text(before) == _rule_text(after) and dict(before.many) == dict(after.many)
    return bool(before == after)


def _change(part: Any, name: Any, before: Any, after: Any) -> Change:
    texts = [None if each is None else _text(part, each) for each in (before, after)]
    titled = after if after is not None else before
    titled = titled[0] if part == "parameter" else titled
    zh, en = (titled.title_zh, titled.title_en) if part in _TITLED else (name, name)
    named = f"{name[0]} at {name[1]}" if part == "rule" else name
    return Change(part=part, name=named, before=texts[0], after=texts[1], title_zh=zh, title_en=en)


def _text(part: str, piece: Any) -> str:
    if part == "rule":
        return _rule_text(piece)
    if part == "constant":
        return f"{piece.value} {piece.unit}"
    if part == "limit":
        return str(piece.shown)
    if part in ("region", "level"):
        return str(piece)
    return "; ".join(
        " ".join(
            filter(None, (each.value, each.unit, each.boundary, each.region, f"from {each.from_}", _until(each.until)))
        )
        for each in piece
    )


def _until(day: Any) -> str:
    return f"until {day}" if day else ""


def _rule_text(rule: Rule) -> str:
    guard = f" while {rule.guard.quantity} <= {rule.guard.at_most}" if rule.guard else ""
    return f"{rule.formula} [{rule.unit}]{guard}"


def _mixed(base: Edition, old: _Pieces, new: _Pieces, taken: Sequence[tuple[str, Any]]) -> Edition:
    """The earlier edition with these things as the later one has them."""
    by_part: dict[str, set[Any]] = {}
    for part, name in taken:
        by_part.setdefault(part, set()).add(name)
    constants = _chosen(old.constants, new.constants, by_part.get("constant", set()))
    parameters = _chosen(old.parameters, new.parameters, by_part.get("parameter", set()))
    mixed = Parameters(
        base.label,
        constants=constants.values(),
        listed=(each for values in parameters.values() for each in values),
        regions=_chosen(old.regions, new.regions, by_part.get("region", set())),
        levels=_chosen(old.levels, new.levels, by_part.get("level", set())),
        limits=_chosen(old.limits, new.limits, by_part.get("limit", set())).values(),
    )
    index = _chosen(old.rules, new.rules, by_part.get("rule", set()))
    return Edition.of_parts(base=base, parameters=mixed, index=index)


def _chosen(old: Mapping[Any, Any], new: Mapping[Any, Any], taken: set[Any]) -> dict[Any, Any]:
    kept = {name: value for name, value in old.items() if name not in taken}
    return kept | {name: value for name, value in new.items() if name in taken}
