"""Dated parameters and constants of an edition, read strictly from `parameters.toml`.

A parameter holds from a date, perhaps until one; a constant is a definition and has no date. Both have a source with
page and the day somebody checked it. Nothing is optional that a verifier would ask for.
"""

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from h2verify.parameters import DatedValues, Selected
from h2verify.support import UNSTATED

from h2corridor.model.errors import RuleError

Boundary = Literal["direct", "life_cycle"]
_Text = Annotated[str, msgspec.Meta(min_length=1)]
_DecimalText = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$")]
_Field = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{1,60}(\.[a-z0-9_]{1,60})?(?!\n)$")]
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*(?!\n)$")]
_FACTOR_UNITS = ("kgCO2", "gCO2")
UNSEEN_ZH = "所依据的正式文本未曾见到。"
UNSEEN_EN = "The official text was not seen."


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
    """What an edition says about itself.

    `text_seen`: whether somebody here has read the text that it follows. Where nobody has, both caveats end with the
    sentence that says so (`UNSEEN_ZH`, `UNSEEN_EN`), and with a caveat it stands wherever a figure is shown.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]*(?!\n)$")]
    edition: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}\.[0-9]{1,4}(?!\n)$")]
    status: Literal["draft", "frozen"]
    standard: _Text
    title_zh: _Text
    title_en: _Text
    caveat_zh: str = ""
    caveat_en: str = ""
    text_seen: bool | None = None


class Support(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By the kind of a baseline, the fields it must state so that the method takes it as supported; a kind that is not
    there has no support. A dot leads into a field (`life_cycle.source`)."""

    comparable_vehicle: tuple[_Field, ...] | None = None
    peer_fleet: tuple[_Field, ...] | None = None
    regulatory_limit: tuple[_Field, ...] | None = None


class ParametersFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of `parameters.toml`."""

    edition: EditionHeader
    constant: tuple[Constant, ...] = ()
    parameter: tuple[Parameter, ...] = ()
    regions: dict[str, str] = {}
    support: Support | None = None


class Parameters:
    """Lookup in one edition's constants and parameters; errors name the edition and the date, the caller adds who
    needs it."""

    def __init__(self, file: ParametersFile) -> None:
        self.label = f"{file.edition.id}/{file.edition.edition}"
        self.regions = file.regions
        stated = {} if file.support is None else msgspec.to_builtins(file.support)
        self.support: Mapping[str, Sequence[str]] = {k: v for k, v in stated.items() if v is not None} or UNSTATED
        self.listed = file.parameter
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
    _check_words(file, about)
    for parameter in file.parameter:
        _check_parameter(parameter, about)
    _check_overlaps(file.parameter, about)
    return file


def _check_words(file: ParametersFile, about: str) -> None:
    """An edition by a text that nobody has seen says so in its caveats; a table of support says something."""
    said = file.edition.caveat_zh.endswith(UNSEEN_ZH) and file.edition.caveat_en.endswith(UNSEEN_EN)
    if file.edition.text_seen is False and not said:
        fault = f"text_seen is false, and the caveats do not end with {UNSEEN_EN!r} and {UNSEEN_ZH!r}."
        raise RuleError("rule.bad-parameter", fault, about=about, where="edition", next_step="Complete both caveats.")
    if file.support == Support():
        fault = "a table of support names no kind of baseline."
        next_step = "Name the fields that a baseline must state, by its kind."
        raise RuleError("rule.bad-parameter", fault, about=about, where="support", next_step=next_step)


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
