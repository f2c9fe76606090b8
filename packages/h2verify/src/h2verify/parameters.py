"""Constants and dated parameters of an edition, as its `parameters.json` publishes them, and which value holds when.

A parameter holds from a date, perhaps until one, perhaps for a region and a boundary; a constant is a definition and
has no date. The choice of a value is made here once, for the figure and for whoever recomputes it.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, Protocol, TypeVar

from h2verify import canonical
from h2verify.errors import BundleError, CanonicalError
from h2verify.support import KINDS, UNSTATED

FORMAT = "parameters/1"
REGIONS_DEEP = 5
ENTRIES_MAX = 20_000
TEXT_MAX = 2_000

_LABEL = re.compile(r"[a-z][a-z0-9-]*/[0-9]{4}\.[0-9]{1,4}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,18})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LEVELS = ("national", "regional", "provincial")
MODELS = ("segregated", "mass_balance", "book_and_claim")
_PERCENT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,18})?")
_FIELD = re.compile(r"[a-z0-9_]{1,60}(\.[a-z0-9_]{1,60})?")


class SourcedValue(Protocol):
    """What a reference to a published value looks at."""

    @property
    def name(self) -> str:
        """The quantity."""

    @property
    def source(self) -> str:
        """Where the value is published."""

    @property
    def page(self) -> str:
        """The page there; `unseen` where nobody here has read it."""

    @property
    def checked_on(self) -> datetime.date:
        """The day somebody checked it."""


class DatedValue(SourcedValue, Protocol):
    """What the choice of a value looks at."""

    @property
    def from_(self) -> datetime.date:
        """The first day it holds."""

    @property
    def until(self) -> datetime.date | None:
        """The last day it holds; None: open."""

    @property
    def boundary(self) -> str | None:
        """`direct`, `life_cycle`, or None where there is none."""

    @property
    def region(self) -> str | None:
        """The region it holds for; None: everywhere."""

    @property
    def max_age_years(self) -> int | None:
        """How many calendar years after its end it may still be taken."""

    @property
    def pack(self) -> str | None:
        """The factor file it stands in, `china-electricity/2026.1`; None: the edition's own table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A number that is so by definition, or a convention of the edition itself."""

    name: str
    title_zh: str
    title_en: str
    unit: str
    value: str
    source: str
    page: str
    checked_on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Constant):
    """A value that holds for a time, a region and a boundary; of a factor file also its label and licence."""

    from_: datetime.date
    until: datetime.date | None = None
    boundary: str | None = None
    region: str | None = None
    max_age_years: int | None = None
    licence: str | None = None
    pack: str | None = None


_Value = TypeVar("_Value", bound=DatedValue)


@dataclass(frozen=True, slots=True)
class Selected(Generic[_Value]):
    """A parameter chosen for a date, and how many years old it is there (0: it holds on that date)."""

    parameter: _Value
    age_years: int


class DatedValues(Generic[_Value]):
    """The dated values of one edition and the choice among them.

    Parameters
    ----------
    values : iterable
        In the order of the edition; the earlier one is taken where two would hold.
    regions : mapping
        A region to the region it lies in.
    levels : mapping, optional
        A region to its level: national, regional or provincial.
    """

    def __init__(
        self, values: Iterable[_Value], regions: Mapping[str, str], levels: Mapping[str, str] | None = None
    ) -> None:
        self._regions = regions
        self.levels = levels or {}
        self._values: dict[tuple[str, str | None, str | None], list[_Value]] = {}
        self._names: set[str] = set()
        self._places: set[str | None] = {*regions, *self.levels}
        self._chosen: dict[tuple[Any, ...], Selected[_Value] | None] = {}
        for value in values:
            self._names.add(value.name)
            self._places.add(value.region)
            for boundary in {None, value.boundary}:
                self._values.setdefault((value.name, boundary, value.region), []).append(value)

    def has_name(self, name: str) -> bool:
        """Whether there is any value of this name."""
        return name in self._names

    def find_value(
        self,
        name: str,
        *,
        on: datetime.date,
        region: str | None = None,
        boundary: str | None = None,
        level: str | None = None,
    ) -> Selected[_Value] | None:
        """The value that holds on a date; if none does, the latest ended one while its age allows it.

        A region without any value of its own takes those of the region it lies in, up to five times; a region with
        values, but none on the date, has none. Where a level is asked for, only regions of that level are looked at.
        """
        place, found = self._find_place(name, region, boundary, level)
        return self._held((name, boundary, place), on) if found else None

    def has_value(
        self, name: str, *, region: str | None = None, boundary: str | None = None, level: str | None = None
    ) -> bool:
        """Whether there is a value of any date for this region, or a region it lies in."""
        return self._find_place(name, region, boundary, level)[1]

    def _find_place(
        self, name: str, region: str | None, boundary: str | None, level: str | None
    ) -> tuple[str | None, bool]:
        place = region
        for _ in range(REGIONS_DEEP):
            fits = level is None or (place is not None and self.levels.get(place) == level)
            if fits and (name, boundary, place) in self._values:
                return place, True
            if place is None or place not in self._regions:
                break
            place = self._regions[place]
        return None, False

    def find_unknown_region(self, name: str, region: str | None, boundary: str | None = None) -> str | None:
        """The region on the way from this one outwards of which the edition has never heard, if there is one."""
        place = region
        for _ in range(REGIONS_DEEP):
            if place is None or (name, boundary, place) in self._values:
                return None
            if place not in self._places:
                return place
            place = self._regions.get(place)
        return None

    def _held(self, key: tuple[str, str | None, str | None], on: datetime.date) -> Selected[_Value] | None:
        if (*key, on) not in self._chosen:
            self._chosen[*key, on] = _choose(self._values[key], on)
        return self._chosen[*key, on]


def _choose(values: Iterable[_Value], on: datetime.date) -> Selected[_Value] | None:
    latest: _Value | None = None
    for value in values:
        if value.from_ <= on and (value.until is None or on <= value.until):
            return Selected(value, 0)
        ended = value.until is not None and value.until < on
        if ended and (latest is None or (value.until or on) > (latest.until or on)):
            latest = value
    if latest is None or latest.until is None or latest.max_age_years is None:
        return None
    age_years = on.year - latest.until.year
    return Selected(latest, age_years) if age_years <= latest.max_age_years else None


def parameter_origin(
    label: str, selected: Selected[_Value], *, asked: str | None = None, level: str | None = None
) -> dict[str, Any]:
    """The source reference that a derivation shows for a dated parameter.

    Parameters
    ----------
    label : str
        The edition, `iso14083/2023.1`.
    asked : str or None
        The region that was asked for; it is shown where the value is of a wider one.
    level : str or None
        The level that was asked for.
    """
    parameter = selected.parameter
    origin: dict[str, Any] = {
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
        "region_asked": asked if asked != parameter.region else None,
        "level_asked": level,
        "pack": parameter.pack,
    }
    return {key: value for key, value in origin.items() if value is not None}


def constant_origin(label: str, constant: SourcedValue) -> dict[str, Any]:
    """The source reference that a derivation shows for a constant."""
    return {
        "kind": "parameter",
        "edition": label,
        "name": constant.name,
        "source": constant.source,
        "page": constant.page,
        "checked_on": constant.checked_on.isoformat(),
    }


class Parameters:
    """What one edition publishes: constants by name, dated values, and what supports a baseline by its kind."""

    def __init__(
        self,
        label: str,
        constants: Iterable[Constant],
        listed: Iterable[Parameter],
        regions: Mapping[str, str],
        *,
        levels: Mapping[str, str] | None = None,
        support: Mapping[str, Sequence[str]] = UNSTATED,
    ) -> None:
        self.label = label
        self.support = support
        self.constants = {constant.name: constant for constant in constants}
        self.dated = DatedValues(listed, regions, levels)


_HEADER = {"id", "edition", "status", "standard", "title_zh", "title_en"}
_CONSTANT = {"name", "title_zh", "title_en", "unit", "value", "source", "page", "checked_on"}
_CUSTODY = {"clause", "period_zh", "period_en", "mixing_zh", "mixing_en", "source", "page"}
_OPTIONAL = {"until", "boundary", "region", "max_age_years", "licence", "pack", "range_pct", "range_source"}
_SAID = {"caveat_zh", "caveat_en", "document", "text_seen"}
FIELDS_MAX = 50


def read_parameters(data: bytes, *, label: str) -> Parameters:
    """The content of a `parameters.json`, refused unless it is whole and of the edition it is filed under.

    Parameters
    ----------
    label : str
        The edition, `iso14083/2023.1`.

    Raises
    ------
    BundleError
        `edition.form`.
    """
    where = f"{label}/parameters.json"
    try:
        document = canonical.parse_canonical(data)
    except CanonicalError as error:
        raise BundleError("edition.form", error.fault, where=where) from error
    read = _Reader(where)
    may = {"custody", "levels", "limits", "support"}
    whole = read.fields(document, "$", {"constants", "edition", "format", "parameters", "regions"}, may)
    header = read.fields(whole["edition"], "$.edition", _HEADER, _SAID)
    if not isinstance(header.get("text_seen", True), bool):
        read.refuse("$.edition.text_seen", "expected true or false")
    found = f"{read.text(header['id'], '$.edition.id')}/{read.text(header['edition'], '$.edition.edition')}"
    if whole["format"] != FORMAT or found != label or not _LABEL.fullmatch(label):
        read.refuse("$", f"expected {FORMAT} of edition {label}")
    constants = [read.constant(each, f"$.constants[{n}]") for n, each in enumerate(read.items(whole, "constants"))]
    listed = [read.parameter(each, f"$.parameters[{n}]") for n, each in enumerate(read.items(whole, "parameters"))]
    names = [constant.name for constant in constants]
    if len(set(names)) < len(names) or not set(names).isdisjoint(each.name for each in listed):
        read.refuse("$.constants", "a name is declared twice")
    regions = whole["regions"]
    if not isinstance(regions, dict) or not all(isinstance(wider, str) for wider in regions.values()):
        read.refuse("$.regions", "expected regions and the regions they lie in")
    if "limits" in whole:
        for number, each in enumerate(read.items(whole, "limits")):
            read.limit(each, f"$.limits[{number}]")
    if "custody" in whole:
        read.custody(whole["custody"], "$.custody")
    levels = whole.get("levels", {})
    if not isinstance(levels, dict) or not all(isinstance(each, str) and each in LEVELS for each in levels.values()):
        read.refuse("$.levels", f"expected regions and their levels, {', '.join(LEVELS)}")
    support = read.support(whole["support"]) if "support" in whole else UNSTATED
    return Parameters(label, constants, listed, regions, levels=levels, support=support)


class _Reader:
    """Reads fields of one file; every fault names the file and the place in it."""

    def __init__(self, where: str) -> None:
        self._where = where

    def refuse(self, place: str, fault: str) -> NoReturn:
        raise BundleError("edition.form", f"{place}: {fault}", where=self._where)

    def fields(self, value: Any, place: str, needed: set[str], more: set[str] | None = None) -> dict[str, Any]:
        if not isinstance(value, dict) or not needed <= value.keys() <= needed | (more or set()):
            self.refuse(place, f"expected the fields {', '.join(sorted(needed))}")
        return value

    def items(self, whole: Mapping[str, Any], key: str) -> list[Any]:
        value = whole[key]
        if not isinstance(value, list) or len(value) > ENTRIES_MAX:
            self.refuse(f"$.{key}", f"expected a list of at most {ENTRIES_MAX}")
        return value

    def text(self, value: Any, place: str, pattern: re.Pattern[str] | None = None) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= TEXT_MAX or (pattern and not pattern.fullmatch(value)):
            self.refuse(place, "expected a text of the right form")
        return value

    def date(self, value: Any, place: str) -> datetime.date:
        text = self.text(value, place, _DATE)
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            self.refuse(place, f"{text} is no day")

    def support(self, value: Any) -> Mapping[str, Sequence[str]]:
        if not isinstance(value, dict) or not value or not value.keys() <= set(KINDS):
            self.refuse("$.support", f"expected kinds of baselines, of {', '.join(KINDS)}")
        for kind, names in value.items():
            if not isinstance(names, list) or len(names) > FIELDS_MAX:
                self.refuse(f"$.support.{kind}", f"expected a list of at most {FIELDS_MAX} fields")
            for name in names:
                self.text(name, f"$.support.{kind}", _FIELD)
        return value

    def constant(self, value: Any, place: str) -> Constant:
        return Constant(**self._common(self.fields(value, place, _CONSTANT), place))

    def parameter(self, value: Any, place: str) -> Parameter:
        entry = self.fields(value, place, _CONSTANT | {"from"}, _OPTIONAL)
        age = entry.get("max_age_years")
        if "max_age_years" in entry and (isinstance(age, bool) or not isinstance(age, int) or not 0 <= age <= 10):
            self.refuse(f"{place}.max_age_years", "expected 0 to 10 years")
        if entry.get("boundary", "direct") not in ("direct", "life_cycle"):
            self.refuse(f"{place}.boundary", "expected direct or life_cycle")
        self._range(entry, place)
        return Parameter(
            **self._common(entry, place),
            from_=self.date(entry["from"], f"{place}.from"),
            until=self.date(entry["until"], f"{place}.until") if "until" in entry else None,
            boundary=entry.get("boundary"),
            region=self.text(entry["region"], f"{place}.region") if "region" in entry else None,
            max_age_years=age,
            licence=self.text(entry["licence"], f"{place}.licence") if "licence" in entry else None,
            pack=self.text(entry["pack"], f"{place}.pack", _LABEL) if "pack" in entry else None,
        )

    def _range(self, entry: Mapping[str, Any], place: str) -> None:
        """How far a value may be from the truth, and who says so; no step rests on it."""
        if ("range_pct" in entry) != ("range_source" in entry):
            self.refuse(place, "expected range_pct and range_source together")
        if "range_pct" in entry:
            self.text(entry["range_pct"], f"{place}.range_pct", _PERCENT)
            self.text(entry["range_source"], f"{place}.range_source")

    def limit(self, value: Any, place: str) -> None:
        """What a stated fact is never below or above; whoever assesses refuses it, so no step rests on one."""
        entry = self.fields(value, place, {"fact", "unit", "source", "checked_on"}, {"at_least", "at_most"})
        self.text(entry["fact"], f"{place}.fact", _NAME)
        for key in ("unit", "source"):
            self.text(entry[key], f"{place}.{key}")
        ends = [key for key in ("at_least", "at_most") if key in entry]
        for key in ends:
            self.text(entry[key], f"{place}.{key}", _DECIMAL)
        if not ends:
            self.refuse(place, "expected at_least or at_most")
        self.date(entry["checked_on"], f"{place}.checked_on")

    def custody(self, value: Any, place: str) -> None:
        """Which custody models are allowed, over what period and how stores mix; whoever assesses refuses others, so no
        step rests on it."""
        entry = self.fields(value, place, _CUSTODY | {"allowed", "checked_on"})
        allowed = entry["allowed"]
        known = isinstance(allowed, list) and all(isinstance(each, str) and each in MODELS for each in allowed)
        if not known or not 0 < len(allowed) == len(set(allowed)):
            self.refuse(f"{place}.allowed", f"expected models of custody, {', '.join(MODELS)}, each once")
        for key in sorted(_CUSTODY):
            self.text(entry[key], f"{place}.{key}")
        self.date(entry["checked_on"], f"{place}.checked_on")

    def _common(self, entry: Mapping[str, Any], place: str) -> dict[str, Any]:
        texts = {key: self.text(entry[key], f"{place}.{key}") for key in ("title_zh", "title_en", "source", "page")}
        return {
            **texts,
            "name": self.text(entry["name"], f"{place}.name", _NAME),
            "unit": self.text(entry["unit"], f"{place}.unit"),
            "value": self.text(entry["value"], f"{place}.value", _DECIMAL),
            "checked_on": self.date(entry["checked_on"], f"{place}.checked_on"),
        }
