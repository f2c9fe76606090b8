"""Why a comparison's difference is what it is: where hydrogen breaks even, and the way from a press figure to this one.

The numbers are steps of the comparison itself, given by the rules of its edition; a method without such rules explains
nothing. What cannot be explained is said with its reason. The rows of the bridge sum to the difference as shown minus
the press figure as shown; where rounding leaves something over, the last row takes it.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

import msgspec
from h2verify.derivation import arithmetic, decimal_text, published, used_ids

from h2corridor.accounting.facts import CHAIN
from h2corridor.accounting.kernel.absences import Absence
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.resolver import Resolver
from h2corridor.model.errors import RuleError

BREAK_EVEN = "explained_break_even_kgco2e_per_kg"
BREAK_EVEN_TAILPIPE = "explained_break_even_tailpipe_kgco2e_per_kg"
NOZZLE = "explained_nozzle_kgco2e_per_kg"
PRESS = "explained_press_kgco2e"
_WITH_DETOURS = ("explained_hydrogen_without_detours_kgco2e", "explained_detours_kgco2e")
_FURTHER = (
    "explained_vehicles_kgco2e",
    "explained_platform_kgco2e",
    "explained_leakage_kgco2e",
    "explained_deduction_kgco2e",
)
"""Rows that stand where the method has the rule and the chain the facts."""


class BridgeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One change on the way from the press figure to this difference; `step` is its name in the derivation."""

    step: str
    title_zh: str
    title_en: str
    kgco2e: str


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """Intensities at the nozzle [kgCO2e/kg], and the bridge; `press_kgco2e` and all rows sum to the difference."""

    nozzle_kgco2e_per_kg: str
    break_even_kgco2e_per_kg: str
    break_even_tailpipe_kgco2e_per_kg: str
    press_kgco2e: str
    rows: tuple[BridgeRow, ...]


class NotExplained(msgspec.Struct, frozen=True, kw_only=True):
    """Why a method that explains its differences cannot explain one."""

    why_zh: str
    why_en: str


_NO_HYDROGEN = NotExplained(
    why_zh="对比各段没有以千克列出的用氢量", why_en="nothing that is compared states hydrogen in kilograms"
)


def explain_difference(resolver: Resolver, edition: Edition, difference: str) -> Explained | NotExplained | None:
    """Why a difference is what it is, or why that cannot be said; None where the edition has no such rules.

    Parameters
    ----------
    resolver : Resolver
        The one that gave the comparison; what is resolved here becomes steps of its derivation.
    difference : str
        The difference as shown.
    """
    titles = {rule.gives: (rule.title_zh, rule.title_en) for rule in edition.rules}
    if BREAK_EVEN not in titles:
        return None
    before, absent = len(resolver.steps), len(resolver.absences)
    found = {name: _find(resolver, name) for name in (BREAK_EVEN, BREAK_EVEN_TAILPIPE, NOZZLE, PRESS)}
    rows = _bridge(resolver)
    if rows is None or None in found.values():
        del resolver.steps[before:]
        return _why_not(resolver.absences[absent:])
    _drop_unused(resolver.steps, [*found, *rows], before)
    shown = {name: published(value) for name, value in found.items() if value is not None}
    texts = _closing(rows, difference, shown[PRESS])
    return Explained(
        nozzle_kgco2e_per_kg=shown[NOZZLE],
        break_even_kgco2e_per_kg=shown[BREAK_EVEN],
        break_even_tailpipe_kgco2e_per_kg=shown[BREAK_EVEN_TAILPIPE],
        press_kgco2e=shown[PRESS],
        rows=tuple(
            BridgeRow(step=name, title_zh=titles[name][0], title_en=titles[name][1], kgco2e=text)
            for name, text in texts.items()
        ),
    )


def _why_not(absences: Sequence[Absence]) -> NotExplained:
    if not absences:
        return _NO_HYDROGEN
    said = dict.fromkeys((each.says_zh, each.says_en) for each in absences)
    return NotExplained(why_zh="；".join(zh for zh, _ in said), why_en="; ".join(en for _, en in said))


def _drop_unused(steps: list[dict[str, Any]], shown: Sequence[str], before: int) -> None:
    """Leave out what was resolved on the way to something that could not be had."""
    used = {f"{name}[{CHAIN}]" for name in shown}
    for position in range(len(steps) - 1, before - 1, -1):
        if steps[position]["id"] in used:
            used.update(used_ids(steps[position]))
        else:
            del steps[position]


def _find(resolver: Resolver, name: str) -> Decimal | None:
    """A value on the chain; None where something is absent or there is nothing to sum."""
    try:
        return resolver.value(name, CHAIN)
    except RuleError as error:
        if error.code not in ("rule.nothing-to-sum", "rule.no-rule"):
            raise
        return None


def _bridge(resolver: Resolver) -> dict[str, Decimal] | None:
    apart = {name: _find(resolver, name) for name in reversed(_WITH_DETOURS)}
    whole = ("explained_hydrogen_kgco2e",)
    hydrogen = whole if None in apart.values() else _WITH_DETOURS
    found = {name: _find(resolver, name) for name in (*hydrogen, "explained_diesel_kgco2e")}
    further = {name: _find(resolver, name) for name in _FURTHER}
    found |= {name: value for name, value in further.items() if value is not None}
    found["explained_other_kgco2e"] = _find(resolver, "explained_other_kgco2e")
    known = {name: value for name, value in found.items() if value is not None}
    return known if len(known) == len(found) else None


def _closing(rows: dict[str, Decimal], difference: str, press: str) -> dict[str, str]:
    """Texts of the rows; the last is what the others leave of the difference."""
    texts = {name: published(value) for name, value in rows.items()}
    *first, last = texts
    with localcontext(arithmetic()):
        left = Decimal(difference) - Decimal(press) - sum((Decimal(texts[name]) for name in first), Decimal(0))
    return {**texts, last: decimal_text(left)}
