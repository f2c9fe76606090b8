"""The range of every leaf of a derivation: what a document states, else what the edition or factor file publishes.

A leaf for which neither says anything has none and counts as exact; nothing is put in its place.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext

from h2verify.derivation import Step, arithmetic

from h2corridor.accounting.kernel.parameters import Parameter, Parameters
from h2corridor.accounting.uncertainty import Range
from h2corridor.model.errors import RuleError
from h2corridor.model.ranges import FactRange

_ORIGIN = ("name", "region", "boundary", "holds_from")


class StatedRanges:
    """What is stated about leaves, ready to be asked for one derivation after the other.

    Parameters
    ----------
    stated : sequence of FactRange
        A document's ranges; they go before published ones.
    sources : iterable of Parameters
        The editions and factor files that a derivation takes values from.
    """

    def __init__(self, stated: Sequence[FactRange], sources: Iterable[Parameters]) -> None:
        self._stated = [(each, _pattern(each.fact)) for each in stated]
        self._published = {
            (source.label, *_key(parameter)): parameter
            for source in sources
            for parameter in source.listed
            if parameter.range_pct is not None
        }
        self._used: set[str] = set()

    def of_leaves(self, steps: Sequence[Step]) -> dict[str, Range]:
        """The ranges of the leaves among steps, by id.

        Raises
        ------
        RuleError
            `ranges.twice`: two stated ranges fit one leaf.
        """
        found: dict[str, Range] = {}
        with localcontext(arithmetic()):
            for step in steps:
                if step.get("formula") is None:
                    stated = self._of_leaf(step)
                    if stated is not None:
                        found[step["id"]] = stated
        return found

    def require_used(self) -> None:
        """Refuse a stated range that fitted no leaf of any derivation that was asked about.

        Raises
        ------
        RuleError
            `ranges.unmatched`.
        """
        for each, _ in self._stated:
            if each.fact not in self._used:
                fault = "no number that was handed in has this id or fits this pattern."
                next_step = "Name an id of a step without formula, as `h2corridor assess --json` lists them."
                raise RuleError("ranges.unmatched", fault, where=each.fact, next_step=next_step)

    def _of_leaf(self, step: Step) -> Range | None:
        fitting = [each for each, pattern in self._stated if pattern.fullmatch(step["id"])]
        self._used.update(each.fact for each in fitting)
        if len(fitting) > 1:
            fault = f"{step['id']} has several ranges: {', '.join(each.fact for each in fitting)}."
            raise RuleError("ranges.twice", fault, next_step="Narrow the patterns until one fits.")
        value = Decimal(step["value"])
        if fitting:
            stated = fitting[0]
            width = value * Decimal(stated.half_width_pct) / 100 if stated.half_width_pct else None
            half_width = Decimal(stated.half_width or "0") if width is None else width
            return Range(half_width=half_width, source=stated.source, correlation=stated.correlation)
        return self._of_parameter(step["from"], abs(value))

    def _of_parameter(self, origin: Mapping[str, object], value: Decimal) -> Range | None:
        if origin.get("kind") != "parameter":
            return None
        label = origin.get("edition")
        parameter = self._published.get((label, *(origin.get(key) for key in _ORIGIN)))  # type: ignore[arg-type]  # a key of other kinds is not found
        if parameter is None or parameter.range_pct is None:
            return None
        return Range(half_width=value * Decimal(parameter.range_pct) / 100, source=parameter.range_source or "")


def _key(parameter: Parameter) -> tuple[str, str | None, str | None, str]:
    return parameter.name, parameter.region, parameter.boundary, parameter.from_.isoformat()


def _pattern(fact: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in fact.split("*")), re.DOTALL)


def err_together(groups: Iterable[Iterable[str]]) -> dict[str, str]:
    """For each member a name for all that errs with it: who stands in one group errs together, and so on from group to
    group, so that a sum never averages out an error that its parts may have in common.

    >>> err_together([["A"], ["B", "A"], ["C"], ["D"], ["D", "C"]])
    {'A': 'A, B', 'B': 'A, B', 'C': 'C, D', 'D': 'C, D'}
    """
    found: dict[str, set[str]] = {}
    for group in groups:
        joined = set(group)
        for member in tuple(joined):
            joined |= found.get(member, set())
        found.update(dict.fromkeys(sorted(joined), joined))
    return {member: ", ".join(sorted(joined)) for member, joined in sorted(found.items())}
