"""The range of every leaf of a derivation: what a document states, else what the edition or factor file publishes.

A leaf for which neither says anything has none and counts as exact; nothing is put in its place.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from difflib import get_close_matches

from h2verify.derivation import Step, arithmetic, decimal_text

from h2corridor.accounting.kernel.parameters import Parameter, Parameters
from h2corridor.accounting.uncertainty import Range
from h2corridor.model.errors import RuleError
from h2corridor.model.ranges import FactRange

_COMPARED_MAX = 1000
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
        self._leaves: set[str] = set()
        self._computed: set[str] = set()
        self._joined: dict[str, set[tuple[str, str]]] = {}

    def of_leaves(self, steps: Sequence[Step], *, of: str = "") -> dict[str, Range]:
        """The ranges of the leaves among steps, by id.

        Parameters
        ----------
        of : str
            What the derivation is of, a shipment; one derivation may be asked about more than once.

        Raises
        ------
        RuleError
            `ranges.twice`: two stated ranges fit one leaf. `ranges.beyond-zero`: a half width is more than the number.
        """
        found: dict[str, Range] = {}
        with localcontext(arithmetic()):
            for step in steps:
                if step.get("formula") is not None:
                    self._computed.add(step["id"])
                    continue
                self._leaves.add(step["id"])
                stated = self._of_leaf(step, of)
                if stated is not None:
                    _require_within(stated, step)
                    found[step["id"]] = stated
        return found

    def require_used(self) -> None:
        """Refuse a stated range that did nothing in any derivation that was asked about.

        Raises
        ------
        RuleError
            `ranges.unmatched`: it fitted no leaf. `ranges.correlation-alone`: it names one leaf, and its correlation
            joins that with no other.
        """
        for each, _ in self._stated:
            if each.fact not in self._used:
                raise self._unmatched(each.fact)
        for each, _ in self._stated:
            if each.correlation is not None and "*" not in each.fact and len(self._joined[each.correlation]) < 2:
                fault = f"no other number has the correlation {each.correlation!r}."
                others = sorted(self._joined.keys() - {each.correlation})
                near = _alike(each.correlation, others)
                next_step = "Give the correlation to all numbers that err together, or take it out."
                raise RuleError("ranges.correlation-alone", fault, where=each.fact, next_step=f"{near}{next_step}")

    def _unmatched(self, fact: str) -> RuleError:
        if fact in self._computed:
            fault = "this number is computed; a range is for a number that was handed in."
            next_step = "State the ranges of the numbers that it is computed from."
            return RuleError("ranges.unmatched", fault, where=fact, next_step=next_step)
        fault = "no number that was handed in has this id or fits this pattern."
        names = {leaf.partition("[")[0] for leaf in self._leaves}
        name = fact.partition("[")[0]
        of_name = sorted(leaf for leaf in self._leaves if leaf.partition("[")[0] == name)
        near = _alike(fact, of_name[:_COMPARED_MAX] or sorted(f"{each}[*]" for each in names)[:_COMPARED_MAX])
        next_step = "Name an id of a step without formula, as `h2corridor assess --json` lists them."
        return RuleError("ranges.unmatched", fault, where=fact, next_step=f"{near}{next_step}")

    def _of_leaf(self, step: Step, of: str) -> Range | None:
        fitting = [each for each, pattern in self._stated if pattern.fullmatch(step["id"])]
        self._used.update(each.fact for each in fitting)
        if len(fitting) > 1:
            fault = f"{step['id']} has several ranges: {', '.join(each.fact for each in fitting)}."
            raise RuleError("ranges.twice", fault, next_step="Narrow the patterns until one fits.")
        value = Decimal(step["value"])
        if fitting:
            stated = fitting[0]
            if stated.correlation is not None:
                self._joined.setdefault(stated.correlation, set()).add((of, step["id"]))
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


def _require_within(stated: Range, step: Step) -> None:
    """Refuse a range that would give a number the other sign: no amount and no factor has both."""
    if abs(stated.half_width) > abs(Decimal(step["value"])):
        half_width = decimal_text(abs(stated.half_width))
        fault = (
            f"{step['value']} {step['unit']} with a half width of {half_width} reaches beyond zero ({stated.source})."
        )
        next_step = "State a half width of at most the number itself."
        raise RuleError("ranges.beyond-zero", fault, where=step["id"], next_step=next_step)


def _alike(name: str, known: Sequence[str]) -> str:
    """What is written much like a name, as the beginning of a next step; empty where nothing is."""
    found = get_close_matches(name, known, n=3)
    return f"Near it: {', '.join(found)}. " if found else ""


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
