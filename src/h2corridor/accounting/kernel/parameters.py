"""Dated parameters and constants of an edition, read strictly from `parameters.toml` and its factor files.

A parameter holds from a date, perhaps until one; a constant is a definition and has no date. Both have a source with
page and the day somebody checked it. Nothing is optional that a verifier would ask for.
"""

import datetime
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal

import msgspec
from h2verify import canonical
from h2verify.parameters import DatedValues, Selected
from h2verify.support import UNSTATED

from h2corridor.model.chain_values import CustodyModel
from h2corridor.model.errors import RuleError

Boundary = Literal["direct", "life_cycle"]
Level = Literal["national", "regional", "provincial"]
_Text = Annotated[str, msgspec.Meta(min_length=1)]
_DecimalText = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$")]
_PercentText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,18})?(?!\n)$")]
_Field = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{1,60}(\.[a-z0-9_]{1,60})?(?!\n)$")]
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*(?!\n)$")]
_FACTOR_UNITS = ("kgCO2", "gCO2")
_NAMED_FACTOR = re.compile(r"[a-z0-9_]+_(?:wtt|ttw|wtw)_kgco2e_per_([a-z0-9_]+)")
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

    `max_age_years` allows the latest value after its end, up to that many calendar years later. `pack` is the label of
    the factor file it was read from, and is written by the reader alone; `licence` is the entry's own or the file's.
    `range_pct` is the half width of a 95 % interval in percent of the value, as `range_source` states it.
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
    licence: _Text | None = None
    pack: str | None = None
    range_pct: _PercentText | None = None
    range_source: _Text | None = None

    @property
    def key(self) -> tuple[str, str | None, str | None, datetime.date]:
        """What makes it one value of its name: region, boundary and first day."""
        return self.name, self.region, self.boundary, self.from_

    @property
    def place(self) -> str:
        """The entry in words, for messages: `grid from 2023-01-01 for Land (direct)`."""
        region = f" for {self.region}" if self.region else ""
        return f"{self.name} from {self.from_.isoformat()}{region}{f' ({self.boundary})' if self.boundary else ''}"


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


class CustodyRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which custody models of hydrogen an edition allows, over what period masses balance, and how stores mix."""

    allowed: Annotated[tuple[CustodyModel, ...], msgspec.Meta(min_length=1, max_length=3)]
    clause: _Text
    period_zh: _Text
    period_en: _Text
    mixing_zh: _Text
    mixing_en: _Text
    source: _Text
    page: _Text
    checked_on: datetime.date


class EditionHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an edition says about itself; `document` is the format it reads.

    `text_seen`: whether somebody here has read the text that it follows. Where nobody has, both caveats end with the
    sentence that says so (`UNSEEN_ZH`, `UNSEEN_EN`), and with a caveat it stands wherever a figure is shown.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]*(?!\n)$")]
    edition: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}\.[0-9]{1,4}(?!\n)$")]
    status: Literal["draft", "frozen"]
    standard: _Text
    title_zh: _Text
    title_en: _Text
    document: Literal["transport-chain/1", "hydrogen-production/1"] = "transport-chain/1"
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
    limit: tuple[Limit, ...] = ()
    custody: CustodyRules | None = None
    regions: dict[str, str] = {}
    levels: dict[str, Level] = {}
    support: Support | None = None


class Parameters:
    """Lookup in one edition's constants and parameters, or in one factor file's; errors name it and the date, the
    caller adds who needs it."""

    def __init__(
        self,
        label: str,
        *,
        constants: Iterable[Constant] = (),
        listed: Iterable[Parameter],
        regions: Mapping[str, str],
        levels: Mapping[str, Level],
        limits: Iterable[Limit] = (),
        support: Support | None = None,
    ) -> None:
        self.label = label
        self.regions = dict(regions)
        self.levels = dict(levels)
        self.listed = tuple(listed)
        stated = {} if support is None else msgspec.to_builtins(support)
        self.support: Mapping[str, Sequence[str]] = {k: v for k, v in stated.items() if v is not None} or UNSTATED
        self.limits = {limit.fact: limit for limit in limits}
        self.constants = {constant.name: constant for constant in constants}
        self._dated = DatedValues(self.listed, self.regions, self.levels)

    def find_titled(self, name: str) -> Constant | Parameter | None:
        """The constant of this name, or the first of the dated values: for its title and unit."""
        return self.constants.get(name) or next((each for each in self.listed if each.name == name), None)

    def has_parameter(self, name: str) -> bool:
        """Whether there is any value of this name."""
        return self._dated.has_name(name)

    def has_value(self, name: str, *, region: str | None, boundary: str | None, level: str | None) -> bool:
        """Whether there is a value of any date for this region, or a region it lies in."""
        return self._dated.has_value(name, region=region, boundary=boundary, level=level)

    def select_parameter(
        self,
        name: str,
        *,
        on: datetime.date,
        region: str | None = None,
        boundary: str | None = None,
        level: str | None = None,
    ) -> Selected[Parameter]:
        """The value that holds on a date, as `h2verify.parameters` chooses it.

        Raises
        ------
        RuleError
            `rule.no-factor`: no value of this name, none on that date, or none of that level. `rule.unknown-region`:
            the edition does not know the region.
        """
        selected = self._dated.find_value(name, on=on, region=region, boundary=boundary, level=level)
        if selected is not None:
            return selected
        unknown = self._dated.find_unknown_region(name, region, boundary)
        if unknown is not None:
            raise RuleError(
                "rule.unknown-region",
                f"{name} is asked for {unknown!r}, a region this edition does not know.",
                about=self.label,
                next_step=f"Known regions: {', '.join(sorted({*self.regions, *self.levels}))}.",
            )
        if not self.has_parameter(name):
            raise RuleError(
                "rule.no-factor",
                f"the rule set has no factor {name} on any day.",
                about=self.label,
                next_step="Give a value of your own in a file with --factors, or choose another name.",
            )
        words = (name, boundary and f"({boundary})", region and f"for {region}", level and f"at level {level}")
        raise RuleError(
            "rule.no-factor",
            f"{' '.join(part for part in words if part)} has no value on {on.isoformat()}.",
            about=self.label,
            next_step="Add a dated value or choose another factor set.",
        )


def read_parameters(text: str, *, about: str) -> ParametersFile:
    """The content of a `parameters.toml`, refused unless every value is whole.

    Raises
    ------
    RuleError
        `rule.bad-parameter`: not TOML, a field missing or unknown, a factor without boundary, a period that ends
        before it begins, two values that hold at once, a limit that stands twice, limits nothing or excludes all, or a
        custody model that stands twice.
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
    check_parameters(file.parameter, about=about)
    _check_limits(file.limit, about)
    if file.custody is not None and len(set(file.custody.allowed)) < len(file.custody.allowed):
        raise RuleError("rule.bad-parameter", "a model stands twice.", about=about, where="custody.allowed")
    if any(each.pack is not None for each in file.parameter):
        raise RuleError("rule.bad-parameter", "pack is written by the reader, never in an entry.", about=about)
    return file


class ParameterFault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one of several parameters; `number` is its place among them."""

    number: int
    says_zh: str
    says_en: str


def list_parameter_faults(parameters: Sequence[Parameter]) -> list[ParameterFault]:
    """Every fault of single values, and every two values that hold at once, in the order of the parameters."""
    found = [
        ParameterFault(number=number, says_zh=zh, says_en=en)
        for number, each in enumerate(parameters)
        for zh, en in _value_faults(each)
    ]
    return sorted([*found, *_overlaps(parameters)], key=lambda fault: fault.number)


def check_parameters(parameters: Sequence[Parameter], *, about: str) -> None:
    """Refuse parameters of which one is not whole, or two hold at once.

    Raises
    ------
    RuleError
        `rule.bad-parameter`.
    """
    for fault in list_parameter_faults(parameters):
        where = parameters[fault.number].place
        raise RuleError("rule.bad-parameter", f"{fault.says_en}.", about=about, where=where)


def stated_entry(value: Constant | Parameter | Limit | CustodyRules) -> dict[str, Any]:
    """An entry as `parameters.json` publishes it: what is stated, dates as texts."""
    stated: dict[str, Any] = msgspec.to_builtins(value)
    return {key: each for key, each in stated.items() if each is not None}


def value_digest(value: Constant | Parameter) -> str:
    """SHA-256 of the canonical JSON of an entry as `parameters.json` publishes it, hexadecimal."""
    return hashlib.sha256(canonical.encode(stated_entry(value))).hexdigest()


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


def _check_limits(limits: tuple[Limit, ...], about: str) -> None:
    facts = [limit.fact for limit in limits]
    for limit in limits:
        ends = [Decimal(end) for end in (limit.at_least, limit.at_most) if end is not None]
        if not ends or ends != sorted(ends) or facts.count(limit.fact) > 1:
            fault = "a limit stands twice, limits nothing or excludes all."
            raise RuleError("rule.bad-parameter", fault, about=about, where=limit.fact)


def _value_faults(parameter: Parameter) -> Iterator[tuple[str, str]]:
    if parameter.unit.startswith(_FACTOR_UNITS) and parameter.boundary is None:
        yield "因子须注明边界（direct 或 life_cycle）", "a factor needs a boundary, direct or life_cycle"
    if "_ttw_" in parameter.name and parameter.boundary not in (None, "direct"):
        zh = f"运行阶段（ttw）因子的边界须为 direct，而非 {parameter.boundary}"
        yield zh, f"a factor of operation (ttw) is of boundary direct, never {parameter.boundary}"
    if parameter.until is not None and parameter.until < parameter.from_:
        yield "有效期的终止日早于起始日", "it ends before it begins"
    if parameter.max_age_years is not None and parameter.until is None:
        yield "max_age_years 须与 until 同时给出", "max_age_years needs an until"
    if (parameter.range_pct is None) != (parameter.range_source is None):
        yield "range_pct 与 range_source 须同时给出", "range_pct and range_source stand together or not at all"
    if parameter.range_pct is not None and Decimal(parameter.range_pct) > 100:
        yield "range_pct 超过 100，区间越过零", "a range_pct above 100 reaches beyond zero"
    named = _NAMED_FACTOR.fullmatch(parameter.name)
    if named and f"kgco2e/{named[1].removeprefix('actual_')}" != parameter.unit.lower():
        wanted = f"kgCO2e/{named[1].removeprefix('actual_')}"
        yield f"名称表明单位为 {wanted}，而所注单位不同", f"its name says {wanted}, its unit says otherwise"


def _overlaps(parameters: Sequence[Parameter]) -> Iterator[ParameterFault]:
    by_key: dict[tuple[str, str | None, str | None], list[int]] = {}
    for number, each in enumerate(parameters):
        by_key.setdefault(each.key[:3], []).append(number)
    for numbers in by_key.values():
        ordered = sorted(numbers, key=lambda number: (parameters[number].from_, number))
        for earlier, later in pairwise(ordered):
            day = parameters[later].from_
            until = parameters[earlier].until
            if until is None or until >= day:
                zh = f"与同名、同地区、同边界的另一数值在 {day.isoformat()} 同时有效"
                yield ParameterFault(number=later, says_zh=zh, says_en=f"two values hold on {day.isoformat()}")
