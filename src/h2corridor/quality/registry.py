"""How a check is written down: one function, one code, one of two kinds, told apart by what the function takes.

A *table check* takes `CheckTables` and gives a table expression: the rows of `file, row, last_row, vin, at_s` and the
parameters of its texts. An *evidence check* takes `Evidence` and gives findings.
"""

import datetime
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from h2verify.activity import Cut, Outcome
from h2verify.activity.values import Fill

from h2corridor.model.custody import Mixed
from h2corridor.model.findings import Finding
from h2corridor.model.trial import TrialFacts
from h2corridor.quality.catalogue import get_threshold
from h2corridor.quality.texts import CORRIDOR_TIME

Table = Any
"""An Ibis table expression; this module does without Ibis, so that commands start fast."""

Thresholds = Mapping[tuple[str, str], Decimal]
"""Thresholds of a trial by check and name."""

Shown = Callable[[Any], str]
_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of longitudes and latitudes [degrees times a million, WGS84]."""

    west_e6: int
    south_e6: int
    east_e6: int
    north_e6: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTables:
    """What table checks read.

    Attributes
    ----------
    uses : every received row and what it counts as (`h2corridor.activity.readings.frame_uses`)
    steps : what counts, in device time, with what lies between (`h2corridor.activity.readings.add_steps`)
    vehicles : the register of trucks (`h2corridor.activity.readings.REGISTER_SCHEMA`)
    on_day : day of the data, which selects dated thresholds
    corridor : the box around what the trial's trucks drive to, where its papers say
    thresholds : those that the trial's plan sets otherwise than the catalogue, by check and name
    """

    uses: Table
    steps: Table
    vehicles: Table
    on_day: datetime.date
    corridor: Box | None = None
    thresholds: Thresholds = field(default_factory=dict)

    def threshold(self, code: str, name: str) -> Decimal:
        """The value a check compares with: the plan's, or else the catalogue's on the day of the data."""
        planned = self.thresholds.get((code, name))
        return get_threshold(code, name, self.on_day) if planned is None else planned


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEvidence:
    """What the ledger of kilograms and the rule sets say of custody.

    Attributes
    ----------
    mixed : segregated batches that lay with others
    refused : by custody model, the rule sets of the run that do not allow it, each with its clause
    """

    mixed: Sequence[Mixed] = ()
    refused: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What evidence checks read.

    Attributes
    ----------
    facts : everything the data set states outside its telemetry
    cut, outcome : what trucks did, as measured
    silences : by truck, when it was under way and sent nothing: from, to [s] (`h2corridor.quality.silences`)
    stalls : by truck, when odometer and speed stood still while it drove on [s] (rows of `odometer.stalled`)
    jumps : fixes that lie further apart than their truck drove (`h2corridor.quality.position.with_course`)
    logins : who logged in with which terminal (`h2corridor.quality.terminals.logins_of`)
    thresholds : those that the trial's plan sets otherwise than the catalogue, by check and name
    custody : what the ledger of kilograms and the rule sets say of custody
    """

    facts: TrialFacts
    cut: Cut
    outcome: Outcome
    silences: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    stalls: Mapping[str, Sequence[int]] = field(default_factory=dict)
    jumps: Sequence[Mapping[str, Any]] = ()
    logins: Sequence[Mapping[str, Any]] = ()
    thresholds: Thresholds = field(default_factory=dict)
    custody: CustodyEvidence = field(default_factory=CustodyEvidence)

    def threshold(self, code: str, name: str) -> Decimal:
        """The value a check compares with: the plan's, or else the catalogue's on the day of the data."""
        planned = self.thresholds.get((code, name))
        return get_threshold(code, name, self.on_day) if planned is None else planned

    @property
    def on_day(self) -> datetime.date:
        """The local day on which the trial's period begins, which selects dated thresholds."""
        return datetime.datetime.fromtimestamp(self.facts.trial.period_start_ms // 1000, CORRIDOR_TIME).date()

    def site_of(self, fill: Fill) -> str | None:
        """Where a truck stood when a fill began."""
        stands = (each for each in self.cut.stands if each.vin == fill.vin)
        return next(
            (each.site_id for each in stands if each.started_at_s <= fill.started_at_s <= each.ended_at_s), None
        )

    def is_stalled(self, vin: str, from_s: int, to_s: int) -> bool:
        """Whether a part of what a truck drove between two instants [s] was measured by nothing."""
        return any(from_s <= at_s <= to_s for at_s in self.stalls.get(vin, ()))

    def is_silent(self, vin: str, at_s: int) -> bool:
        """Whether a truck was under way at an instant [s] and sent nothing."""
        return any(from_s <= at_s <= to_s for from_s, to_s in self.silences.get(vin, ()))


TableCheck = Callable[[CheckTables], Table]
EvidenceCheck = Callable[[Evidence], Iterable[Finding]]

_table_checks: dict[str, TableCheck] = {}
_evidence_checks: dict[str, EvidenceCheck] = {}
_shown: dict[str, Mapping[str, Shown]] = {}


def check(code: str, **shown: Shown) -> Callable[[_Function], _Function]:
    """Register a function as the check of this code.

    Parameters
    ----------
    code : its code in `checks.toml`
    shown : for a table check, how a column's value is written in texts, where `str` will not do

    Raises
    ------
    TypeError
        the function takes neither `CheckTables` nor `Evidence`, or the code has a check already
    """

    def register(function: _Function) -> _Function:
        taken = next((each.annotation for each in inspect.signature(function).parameters.values()), None)
        if code in _table_checks or code in _evidence_checks:
            raise TypeError(f"{code} has a check already")
        if taken is CheckTables:
            _table_checks[code] = function
            _shown[code] = shown
        elif taken is Evidence:
            _evidence_checks[code] = function
        else:
            raise TypeError(f"the check of {code} takes {taken}, not CheckTables or Evidence")
        return function

    return register


def registered_table_checks() -> dict[str, TableCheck]:
    """Give the table checks registered so far, in the order of their codes: modules are imported in any order."""
    return dict(sorted(_table_checks.items()))


def registered_evidence_checks() -> dict[str, EvidenceCheck]:
    """Give the evidence checks registered so far, in the order of their codes."""
    return dict(sorted(_evidence_checks.items()))


def shown_as(code: str, column: str, value: Any) -> str:
    """Write one value of a table check's row as its texts show it."""
    return _shown.get(code, {}).get(column, str)(value)
