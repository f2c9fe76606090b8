"""What accepted changes make of a profile."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from h2corridor.model.errors import EvidenceError
from h2corridor.model.rule_profile import AskedValue, Change, Criterion, RuleProfile, document_digest

_T = TypeVar("_T")


def adopted_profile(profile: RuleProfile, changes: Sequence[tuple[str, Change]], *, edition: str) -> RuleProfile:
    """The profile that follows: every change in its clause, the new edition, adopted, naming the one before.

    Parameters
    ----------
    changes : sequence of (clause, Change)
        In any order: two changes of one thing must say the same.

    Raises
    ------
    EvidenceError
        `profile.conflict`: two accepted changes want one thing to be different things.
    """
    by_clause: dict[str, list[Change]] = {}
    for clause, change in changes:
        by_clause.setdefault(clause, []).append(change)
    return msgspec.structs.replace(
        profile,
        edition=edition,
        status="adopted",
        supersedes=document_digest(profile),
        criteria=tuple(_changed(each, by_clause.get(each.clause, [])) for each in profile.criteria),
    )


def _changed(criterion: Criterion, changes: Sequence[Change]) -> Criterion:
    wordings: dict[str, str] = {}
    values: dict[str, AskedValue] = {}
    for change in changes:
        for field, words in change.wordings.items():
            _set_once(wordings, field, words, criterion.clause)
        for value in change.asked_values:
            _set_once(values, value.parameter, value, criterion.clause)
    asked = {each.parameter: each for each in criterion.asked_values}
    asked |= {name: values[name] for name in sorted(values)}
    return msgspec.structs.replace(criterion, **wordings, asked_values=tuple(asked.values()))


def _set_once(settled: dict[str, _T], name: str, value: _T, clause: str) -> None:
    if settled.setdefault(name, value) != value:
        fault = f"two accepted changes want {name} to be different things."
        next_step = "Answer the later comment in part, or decline it."
        raise EvidenceError("profile.conflict", fault, where=f"clause {clause}", next_step=next_step)
