"""Dated parameters and constants of an edition, read strictly from `parameters.toml`.

A parameter holds from a date, perhaps until one; a constant is a definition and has no date. Both have a source with
page and the day somebody checked it. Nothing is optional that a verifier would ask for.
"""

import datetime
import tomllib
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from h2verify.parameters import DatedValues, Selected

from h2corridor.model.errors import RuleError

Boundary = Literal["direct", "life_cycle"]
_Text = Annotated[str, msgspec.Meta(min_length=1)]
_DecimalText = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$")]
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*(?!\n)$")]
_FACTOR_UNITS = ("kgCO2", "gCO2")


class Constant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that is so by definition, or a convention of the rule set itself."""

    name: _Name
    title_zh: _Text
    title_en: _Text
    unit: _Text
    value: _DecimalText
    source: _Text
    page: _Text
    checked_on: datetime.date


class Parameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that holds for a time, a region and a boundary.

    `max_age_years` allows the latest value after its end, up to that many calendar years later.
    """

    name: _Name
    title_zh: _Text
    title_en: _Text
    unit: _Text
    from_: datetime.date = msgspec.field(name="from")
    value: _DecimalText
    source: _Text
    page: _Text
    checked_on: datetime.date
    until: datetime.date | None = None
    boundary: Boundary | None = None
    region: _Text | None = None
    max_age_years: Annotated[int, msgspec.Meta(ge=0, le=10)] | None = None


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a stated fact is never below or above, whoever states it: beyond it the statement is absurd, not unusual."""

    fact: _Name
    unit: _Text
    source: _Text
    checked_on: datetime.date
    at_least: _DecimalText | None = None
    at_most: _DecimalText | None = None

    def is_kept(self, value: Decimal) -> bool:
        """Whether a value lies within, the ends included."""
        above = self.at_least is None or value >= Decimal(self.at_least)
        return above and (self.at_most is None or value <= Decimal(self.at_most))

    @property
    def shown(self) -> str:
        """The range as a text in no language: `0.1 .. 100 km`, or with one end `≤ 100 km`."""
        if self.at_least is not None and self.at_most is not None:
            return f"{self.at_least} .. {self.at_most} {self.unit}"
        return f"≥ {self.at_least} {self.unit}" if self.at_most is None else f"≤ {self.at_most} {self.unit}"


class EditionHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an edition says about itself; `document` is the format it reads."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]*(?!\n)$")]
    edition: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}\.[0-9]{1,4}(?!\n)$")]
    status: Literal["draft", "frozen"]
    standard: _Text
    title_zh: _Text
    title_en: _Text
    document: Literal["transport-chain/1", "hydrogen-production/1"] = "transport-chain/1"
    caveat_zh: str = ""
    caveat_en: str = ""


class ParametersFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of `parameters.toml`."""

    edition: EditionHeader
    constant: tuple[Constant, ...] = ()
    parameter: tuple[Parameter, ...] = ()
    limit: tuple[Limit, ...] = ()
    regions: dict[str, str] = {}


class Parameters:
    """Lookup in one edition's constants and parameters; errors name the edition and the date, the caller adds who
    needs it."""

    def __init__(self, file: ParametersFile) -> None:
        self.label = f"{file.edition.id}/{file.edition.edition}"
        self.regions = file.regions
        self.listed = file.parameter
        self.limits = {limit.fact: limit for limit in file.limit}
        self.constants = {constant.name: constant for constant in file.constant}
        self._dated = DatedValues(file.parameter, file.regions)

    def find_titled(self, name: str) -> Constant | Parameter | None:
        """The constant of this name, or the first of the dated values: for its title and unit."""
        return self.constants.get(name) or next((each for each in self.listed if each.name == name), None)

    def has_parameter(self, name: str) -> bool:
        """Whether the edition has any value of this name."""
        return self._dated.has_name(name)

    def select_parameter(
        self, name: str, *, on: datetime.date, region: str | None = None, boundary: str | None = None
    ) -> Selected[Parameter]:
        """The value that holds on a date, as `h2verify.parameters` chooses it.

        Raises
        ------
        RuleError
            `rule.no-factor`: no value on that date. `rule.unknown-region`: the edition does not know the region.
        """
        selected = self._dated.find_value(name, on=on, region=region, boundary=boundary)
        if selected is not None:
            return selected
        unknown = self._dated.find_unknown_region(name, region, boundary)
        if unknown is not None:
            raise RuleError(
                "rule.unknown-region",
                f"{name} is asked for {unknown!r}, a region this edition does not know.",
                about=self.label,
                next_step=f"Known regions: {', '.join(sorted(self.regions))}.",
            )
        qualified = " ".join(part for part in (name, boundary and f"({boundary})", region and f"for {region}") if part)
        raise RuleError(
            "rule.no-factor",
            f"{qualified} has no value on {on.isoformat()}.",
            about=self.label,
            next_step="Add a dated value or choose another factor set.",
        )


def read_parameters(text: str, *, about: str) -> ParametersFile:
    """The content of a `parameters.toml`, refused unless every value is whole.

    Raises
    ------
    RuleError
        `rule.bad-parameter`: not TOML, a field missing or unknown, a factor without boundary, a period that ends
        before it begins, two values that hold at once, or a limit that stands twice, limits nothing or excludes all.
    """
    try:
        file = msgspec.convert(tomllib.loads(text), ParametersFile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RuleError("rule.bad-parameter", f"{error}.", about=about, next_step="Complete the entry.") from error
    names = [constant.name for constant in file.constant] + sorted({p.name for p in file.parameter})
    for name in names:
        if names.count(name) > 1:
            raise RuleError("rule.bad-parameter", f"{name} is declared twice.", about=about)
    for parameter in file.parameter:
        _check_parameter(parameter, about)
    _check_overlaps(file.parameter, about)
    _check_limits(file.limit, about)
    return file


def _check_limits(limits: tuple[Limit, ...], about: str) -> None:
    facts = [limit.fact for limit in limits]
    for limit in limits:
        ends = [Decimal(end) for end in (limit.at_least, limit.at_most) if end is not None]
        if not ends or ends != sorted(ends) or facts.count(limit.fact) > 1:
            fault = "a limit stands twice, limits nothing or excludes all."
            raise RuleError("rule.bad-parameter", fault, about=about, where=limit.fact)


def _check_parameter(parameter: Parameter, about: str) -> None:
    where = f"{parameter.name} from {parameter.from_.isoformat()}"
    if parameter.unit.startswith(_FACTOR_UNITS) and parameter.boundary is None:
        fault = "a factor needs a boundary, direct or life_cycle."
        raise RuleError("rule.bad-parameter", fault, about=about, where=where)
    if parameter.until is not None and parameter.until < parameter.from_:
        raise RuleError("rule.bad-parameter", "it ends before it begins.", about=about, where=where)
    if parameter.max_age_years is not None and parameter.until is None:
        raise RuleError("rule.bad-parameter", "max_age_years needs an until.", about=about, where=where)


def _check_overlaps(parameters: tuple[Parameter, ...], about: str) -> None:
    ordered = sorted(parameters, key=lambda p: (p.name, p.region or "", p.boundary or "", p.from_))
    for first, second in pairwise(ordered):
        if (first.name, first.region, first.boundary) != (second.name, second.region, second.boundary):
            continue
        if first.until is None or first.until >= second.from_:
            fault = f"two values hold on {second.from_.isoformat()}."
            raise RuleError("rule.bad-parameter", fault, about=about, where=first.name)
