"""Rules read with columns: the same quantity of many scopes at once, in the very arithmetic of one.

A column is an array of decimals, or one decimal that stands for every row. Each operation is done row by row in the
decimal context of derivations, in the order the rule says, so a row equals what the scalar reading gives, digit for
digit. What is saved is the walk from name to rule: it is made once for all rows.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, getcontext, setcontext
from typing import Any

import numpy as np
import numpy.typing as npt
from h2verify.derivation import arithmetic
from h2verify.scope_facts import DatedFact
from h2verify.scopes import is_of_kind

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.factor_files import FactorPack
from h2corridor.accounting.kernel.rules import Rule
from h2corridor.accounting.kernel.sources import Source, offers
from h2corridor.model.errors import RuleError

Rows = npt.NDArray[np.int64]
Decimals = npt.NDArray[np.object_]


class Column:
    """One quantity of many scopes.

    Attributes
    ----------
    values : ndarray of Decimal, or Decimal
        One value a row, or the one that all rows have.
    """

    __slots__ = ("values",)

    def __init__(self, values: Decimals | Decimal) -> None:
        self.values: Any = values

    def __add__(self, other: "Column") -> "Column":
        return Column(self.values + other.values)

    def __sub__(self, other: "Column") -> "Column":
        return Column(self.values - other.values)

    def __mul__(self, other: "Column") -> "Column":
        return Column(self.values * other.values)

    def __truediv__(self, other: "Column") -> "Column":
        return Column(self.values / other.values)

    def chosen(self, name: str, other: "Column") -> "Column":
        """The smaller or the greater of each row."""
        choose = np.minimum if name == "min" else np.maximum
        return Column(choose(self.values, other.values))

    def at(self, rows: Rows) -> "Column":
        """The column with these rows of it, in this order; one value for all stays one."""
        return Column(self.values[rows]) if isinstance(self.values, np.ndarray) else self

    def only(self, name: str) -> "Column":
        """The one value that there is, for any number of rows."""
        if not isinstance(self.values, np.ndarray):
            return self
        if len(self.values) != 1:
            raise RuleError("rule.bad-scope", f"{name} differs between the rows that a shared scope stands under.")
        return Column(self.values[0])

    def spread(self, count: int) -> Decimals:
        """One value a row."""
        if isinstance(self.values, np.ndarray):
            return self.values
        spread = np.empty(count, dtype=np.object_)
        spread.fill(self.values)
        return spread


class ManyColumn:
    """The same quantity of the scopes below each row: `values` row after row, and where each row's start."""

    __slots__ = ("starts", "values")

    def __init__(self, values: Decimals, starts: Rows) -> None:
        self.values = values
        self.starts = starts

    def summed(self) -> Column:
        """The sum of each row's values, from the first to the last."""
        return Column(np.add.reduceat(self.values, self.starts))


@dataclass(frozen=True, slots=True)
class Link:
    """A group above, and for each row here its row there; None: the only row there is, or what all rows there share.

    `summed` says whether sums of the group above take these rows.
    """

    group: "Group"
    rows: Rows | None = None
    summed: bool = True


class Group:
    """Scopes of one kind that state the same facts and have the same groups above them, as columns.

    Parameters
    ----------
    facts : mapping
        Name to column, to the dated parameter that counts there, or None: not supplied.
    above : sequence of Link
        The groups above, nearest first.
    order : ndarray, optional
        Where each row stands in its document; sums add in this order. Needed where several groups are summed together.
    """

    def __init__(
        self,
        kind: str,
        count: int,
        facts: Mapping[str, Column | DatedFact | None],
        above: Sequence[Link] = (),
        *,
        order: Rows | None = None,
    ) -> None:
        self.kind = kind
        self.count = count
        self.facts = facts
        self.above = tuple(above)
        self.order = np.arange(count) if order is None else order
        self.below: list[tuple[Group, Rows]] = []
        for link in self.above:
            if link.summed:
                rows = np.zeros(count, dtype=np.int64) if link.rows is None else link.rows
                link.group.below.append((self, rows))


class ColumnResolver:
    """Resolves quantities of groups with editions, earlier ones first; each rule is applied once for all rows.

    It is strict and speaks of no row: whoever asks falls back on the scalar reading of a row to have it refused in
    words.

    Parameters
    ----------
    on : date or None
        Date of the activity of all rows.
    packs : sequence of FactorPack
        Users' own factor files, asked for values before all editions.
    """

    def __init__(
        self, editions: Sequence[Edition], *, on: datetime.date | None, packs: Sequence[FactorPack] = ()
    ) -> None:
        self._editions = tuple(editions)
        self._sources: tuple[Source, ...] = (*packs, *editions)
        self._on = on
        self._context = arithmetic()
        self._found: dict[tuple[str, Group], Column] = {}
        self._values: dict[str, Column] = {}
        self._joined: dict[tuple[Group, str], tuple[list[Group], Rows, Rows]] = {}
        self._open: list[tuple[str, Group]] = []

    def resolve(self, name: str, group: Group) -> Column:
        """A quantity of every row of a group.

        Raises
        ------
        RuleError
            What the scalar reading raises for the same, without the row; `rule.beyond-limit` for any row.
        DecimalException
            A row divides by zero, or leaves the range of the arithmetic.
        """
        before = getcontext()
        setcontext(self._context)
        try:
            return self._resolved(name, group)
        finally:
            setcontext(before)

    def _resolved(self, name: str, group: Group) -> Column:
        found = self._try_at(name, group)
        if found is not None:
            return found
        for link in group.above:
            found = self._try_at(name, link.group)
            if found is not None:
                return found.only(name) if link.rows is None else found.at(link.rows)
        return self._from_editions(name)

    def _try_at(self, name: str, group: Group) -> Column | None:
        key = (name, group)
        if key not in self._found:
            fact = group.facts.get(name)
            if isinstance(fact, DatedFact):
                self._found[key] = self._dated(fact)
            elif fact is not None:
                self._verify_possible(name, fact, group)
                self._found[key] = fact
            elif name in group.facts:
                raise RuleError("rule.missing-input", f"{name} is not given.", where=group.kind)
            else:
                rule = next(filter(None, (edition.find_rule(name, group.kind) for edition in self._editions)), None)
                if rule is None:
                    return None
                self._found[key] = self._computed(rule, group)
        return self._found[key]

    def _computed(self, rule: Rule, group: Group) -> Column:
        if (rule.gives, group) in self._open:
            raise RuleError("rule.cycle", f"rules need each other: {rule.gives}.", where=group.kind)
        self._open.append((rule.gives, group))
        try:
            arguments: list[Any] = [
                self._many(rule.many[name], name, group) if name in rule.many else self._resolved(name, group)
                for name in rule.arguments
            ]
            if rule.guard is not None:
                self._verify_limit(rule.guard.quantity, rule.guard.at_most, group)
        finally:
            self._open.pop()
        function: Callable[..., Any] = rule.function
        result: Column = function(*arguments)
        return result

    def _verify_limit(self, quantity: str, at_most: str, group: Group) -> None:
        beyond = self._resolved(quantity, group).values > self._resolved(at_most, group).values
        if np.any(beyond):
            raise RuleError("rule.beyond-limit", f"{quantity} is above {at_most}.", where=group.kind)

    def _verify_possible(self, name: str, fact: Column, group: Group) -> None:
        limit = next((e.parameters.limits[name] for e in self._editions if name in e.parameters.limits), None)
        if limit is not None and not all(map(limit.is_kept, np.atleast_1d(np.asarray(fact.values, np.object_)))):
            raise RuleError("rule.absurd-value", f"{name} is beyond {limit.shown}.", where=group.kind)

    def _many(self, kind: str, name: str, group: Group) -> ManyColumn:
        groups, order, starts = self._below(group, kind)
        values = np.concatenate([self._resolved(name, each).spread(each.count) for each in groups])
        return ManyColumn(values[order], starts)

    def _below(self, group: Group, kind: str) -> tuple[list[Group], Rows, Rows]:
        """The groups of this kind below, how their rows together stand in the order of this group's rows, and where
        each of these begins."""
        if (group, kind) not in self._joined:
            found = [(each, rows) for each, rows in group.below if is_of_kind(each.kind, kind)]
            groups = [each for each, _ in found]
            parents = np.concatenate([np.empty(0, np.int64), *(rows for _, rows in found)])
            places = np.concatenate([np.empty(0, np.int64), *(each.order for each in groups)])
            order = np.lexsort((places, parents))
            starts = np.searchsorted(parents[order], np.arange(group.count))
            if np.any(np.bincount(parents, minlength=group.count) == 0):
                raise RuleError("rule.nothing-to-sum", f"there is no {kind} to sum over.", where=group.kind)
            self._joined[group, kind] = (groups, order, starts)
        return self._joined[group, kind]

    def _from_editions(self, name: str) -> Column:
        if name not in self._values:
            self._values[name] = self._published(name)
        return self._values[name]

    def _published(self, name: str) -> Column:
        for source in self._sources:
            if constant := source.parameters.constants.get(name):
                return Column(Decimal(constant.value))
            if offers(source, name):
                return self._dated(DatedFact(parameter=name, region=None, boundary="", wanted="", origin={}))
        raise RuleError("rule.no-rule", f"no rule, fact or parameter gives {name}.")

    def _dated(self, fact: DatedFact) -> Column:
        name, boundary = fact.parameter, fact.boundary or None
        if self._on is None:
            raise RuleError("rule.no-date", f"{name} is dated and there is no activity_date.")
        offering = (each for each in self._sources if offers(each, name, fact.region, boundary, fact.level))
        source = next(offering, self._editions[0])
        selected = source.parameters.select_parameter(
            name, on=self._on, region=fact.region, boundary=boundary, level=fact.level
        )
        if fact.unit not in (None, selected.parameter.unit):
            raise RuleError("rule.other-unit", f"{name} is in {selected.parameter.unit}, asked for in {fact.unit}.")
        return Column(Decimal(selected.parameter.value))
