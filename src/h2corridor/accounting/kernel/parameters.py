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

from h2corridor.model.errors import RuleError

Boundary = Literal["direct", "life_cycle"]
_Text = Annotated[str, msgspec.Meta(min_length=1)]
_DecimalText = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$")]
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*(?!\n)$")]
_REGIONS_DEEP = 5
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


class EditionHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an edition says about itself."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]*(?!\n)$")]
    edition: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}\.[0-9]{1,4}(?!\n)$")]
    status: Literal["draft", "frozen"]
    standard: _Text
    title_zh: _Text
    title_en: _Text
    caveat_zh: str = ""
    caveat_en: str = ""


class ParametersFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of `parameters.toml`."""

    edition: EditionHeader
    constant: tuple[Constant, ...] = ()
    parameter: tuple[Parameter, ...] = ()
    regions: dict[str, str] = {}


class Selected(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter chosen for a date, and how many years old it is there (0: it holds on that date)."""

    parameter: Parameter
    age_years: int


class Parameters:
    """Lookup in one edition's constants and parameters; errors name the edition and the date, the caller adds who
    needs it."""

    def __init__(self, file: ParametersFile) -> None:
        self.label = f"{file.edition.id}/{file.edition.edition}"
        self.regions = file.regions
        self.listed = file.parameter
        self.constants = {constant.name: constant for constant in file.constant}
        self._by_name: dict[str, list[Parameter]] = {}
        for parameter in file.parameter:
            self._by_name.setdefault(parameter.name, []).append(parameter)

    def has_parameter(self, name: str) -> bool:
        """Whether the edition has any value of this name."""
        return name in self._by_name

    def select_parameter(
        self, name: str, *, on: datetime.date, region: str | None = None, boundary: str | None = None
    ) -> Selected:
        """The value that holds on a date.

        A region without any value of its own takes that of the region it lies in; a region with values, but none on the
        date, is refused rather than replaced.

        Raises
        ------
        RuleError
            `rule.no-factor`: no value on that date. `rule.unknown-region`: the edition does not know the region.
        """
        fitting = [p for p in self._by_name.get(name, ()) if boundary is None or p.boundary == boundary]
        values = self._of_region(name, fitting, region)
        for parameter in values:
            if parameter.from_ <= on and (parameter.until is None or on <= parameter.until):
                return Selected(parameter=parameter, age_years=0)
        ended = [p for p in values if p.until is not None and p.until < on]
        latest = max(ended, key=lambda p: p.until or p.from_, default=None)
        if latest is not None and latest.until is not None and latest.max_age_years is not None:
            age_years = on.year - latest.until.year
            if age_years <= latest.max_age_years:
                return Selected(parameter=latest, age_years=age_years)
        qualified = " ".join(part for part in (name, boundary and f"({boundary})", region and f"for {region}") if part)
        raise RuleError(
            "rule.no-factor",
            f"{qualified} has no value on {on.isoformat()}.",
            about=self.label,
            next_step="Add a dated value or choose another factor set.",
        )

    def _of_region(self, name: str, fitting: list[Parameter], region: str | None) -> list[Parameter]:
        place = region
        for _ in range(_REGIONS_DEEP):
            values = [p for p in fitting if p.region == place]
            if values or place is None:
                return values
            if place not in self.regions and not any(p.region == place for p in self.listed):
                raise RuleError(
                    "rule.unknown-region",
                    f"{name} is asked for {place!r}, a region this edition does not know.",
                    about=self.label,
                    next_step=f"Known regions: {', '.join(sorted(self.regions))}.",
                )
            if place not in self.regions:
                return []
            place = self.regions[place]
        return []


def read_parameters(text: str, *, about: str) -> ParametersFile:
    """The content of a `parameters.toml`, refused unless every value is whole.

    Raises
    ------
    RuleError
        `rule.bad-parameter`: not TOML, a field missing or unknown, a factor without boundary, a period that ends
        before it begins, or two values that hold at once.
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
    return file


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


def parameter_origin(label: str, selected: Selected) -> dict[str, object]:
    """The source reference that a derivation shows for a dated parameter."""
    parameter = selected.parameter
    origin: dict[str, object] = {
        "kind": "parameter",
        "edition": label,
        "name": parameter.name,
        "region": parameter.region,
        "boundary": parameter.boundary,
        "holds_from": parameter.from_.isoformat(),
        "holds_until": parameter.until.isoformat() if parameter.until else None,
        "age_years": selected.age_years,
        "source": parameter.source,
        "page": parameter.page,
        "checked_on": parameter.checked_on.isoformat(),
    }
    return {key: value for key, value in origin.items() if value is not None}


def constant_origin(label: str, constant: Constant) -> dict[str, object]:
    """The source reference that a derivation shows for a constant."""
    return {
        "kind": "parameter",
        "edition": label,
        "name": constant.name,
        "source": constant.source,
        "page": constant.page,
        "checked_on": constant.checked_on.isoformat(),
    }


def value_of(entry: Parameter | Constant) -> Decimal:
    """The decimal of an entry."""
    return Decimal(entry.value)
