"""Factors to look at: which there are, whether a file is whole, and what an update would change."""

import datetime
import hashlib
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Literal

import msgspec
from h2verify.derivation import arithmetic, decimal_text

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.kernel import Edition, FactorFault, FactorPack, Parameter, Parameters, list_factor_faults
from h2corridor.accounting.kernel.parameters import Level, value_digest
from h2corridor.app.assess import read_chain
from h2corridor.app.factor_packs import read_pack, read_pack_bytes
from h2corridor.app.rules import get_rule_set
from h2corridor.model.errors import InputError, RuleError, UsageError

_ENDING = re.compile(r"_((wtt|ttw|wtw)_kgco2e_per_[a-z0-9_]+|gwp100)")
_SHOWN_FIELDS = ("title_zh", "title_en", "unit", "value", "source", "page", "checked_on", "until", "max_age_years")

Standing = Literal["holds", "aged", "too_old", "not_yet"]


class FactorListing(msgspec.Struct, frozen=True, kw_only=True):
    """One dated value; `standing` and `age_years` are those on the date asked about, if one was.

    `aged`: it has ended, and is the latest within its allowed age. `too_old`: it has ended, and is not taken any more.
    """

    name: str
    title_zh: str
    title_en: str
    value: str
    unit: str
    boundary: str | None
    region: str | None
    level: Level | None
    holds_from: str
    holds_until: str | None
    max_age_years: int | None
    source: str
    page: str
    checked_on: str
    licence: str | None
    pack: str | None
    digest: str
    standing: Standing | None = None
    age_years: int | None = None


class FactorCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was checked: its label where it is whole, the digest of its bytes, every fault."""

    file: str
    label: str | None
    digest: str
    entries: int | None
    faults: tuple[FactorFault, ...]


class ChangedFactor(msgspec.Struct, frozen=True, kw_only=True):
    """A value that both have, and the fields that differ: before, after."""

    entry: str
    fields: dict[str, tuple[str | None, str | None]]


class ChangedFigure(msgspec.Struct, frozen=True, kw_only=True):
    """The well-to-wheel figure of one chain before and after; a refused one has its message instead."""

    chain: str
    shipment: str
    before_kgco2e: str | None
    after_kgco2e: str | None
    difference_kgco2e: str | None
    refused_before: str | None
    refused_after: str | None


class FactorDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What changes from one edition or file to another; `stale` are the second's values that have ended by the date."""

    first: str
    second: str
    added: tuple[FactorListing, ...]
    removed: tuple[FactorListing, ...]
    changed: tuple[ChangedFactor, ...]
    on: str | None
    stale: tuple[FactorListing, ...]
    figures: tuple[ChangedFigure, ...]


def list_factors(
    rules: str,
    *,
    files: Sequence[Path] = (),
    name: str | None = None,
    region: str | None = None,
    on: datetime.date | None = None,
) -> tuple[FactorListing, ...]:
    """The factors of users' files and of a rule set, in the order they are asked.

    Parameters
    ----------
    name : str, optional
        A parameter's name, or that of a factor by name (`hvo` for `hvo_wtt_kgco2e_per_l`).
    region : str, optional
        Only values of exactly this region.
    on : date, optional
        Only values that are taken on this date for their own region: those that hold, and the latest of those that
        have ended, if their age allows it.

    Raises
    ------
    UsageError
        `rules.unknown`: there is no such rule set.
    InputError
        `factors.unreadable`, `factors.bad-entry`: a file is none.
    """
    tables = [read_pack(path).parameters for path in files] + [get_rule_set(rules).parameters]
    found = []
    for table in tables:
        for parameter in _factors_of(table):
            named = name is None or name in (parameter.name, _stem(parameter.name))
            if not named or (region is not None and parameter.region != region):
                continue
            listing = _listing(parameter, table, on)
            if on is None or listing.standing in ("holds", "aged"):
                found.append(listing)
    return tuple(found)


def show_factor(name: str, rules: str, *, files: Sequence[Path] = ()) -> tuple[FactorListing, ...]:
    """Every value of a factor, by its parameter's name or by the name that a chain gives.

    Raises
    ------
    UsageError
        `factors.unknown`: nobody has a factor of this name.
    """
    found = list_factors(rules, files=files, name=name)
    if not found:
        fault = f"there is no factor {name!r}."
        raise UsageError("factors.unknown", fault, next_step="`h2corridor factors list` names those there are.")
    return found


def check_factor_file(path: Path) -> FactorCheck:
    """Every fault of a factor file, each with the line of its entry.

    Raises
    ------
    InputError
        `factors.unreadable`: it is no TOML file.
    """
    data = read_pack_bytes(path)
    faults = list_factor_faults(data, about=str(path))
    pack = None if faults else read_pack(path)
    return FactorCheck(
        file=str(path),
        label=pack.label if pack else None,
        digest=hashlib.sha256(data).hexdigest(),
        entries=len(pack.parameters.listed) if pack else None,
        faults=tuple(faults),
    )


def diff_factors(
    first: str, second: str, *, rules: str, chains: Sequence[Path] = (), on: datetime.date | None = None
) -> FactorDiff:
    """What changes from one edition or factor file to another, and what it would do to chains.

    Parameters
    ----------
    first, second : str
        `ID[@EDITION]` of a rule set, or a factor file (`.toml`).
    rules : str
        The rule set that a chain is assessed by where a factor file is compared.
    on : date, optional
        List what of the second has ended by this date.

    Raises
    ------
    UsageError, InputError
        One of the two is not there; a chain is none.
    """
    before, after = _side(first, rules), _side(second, rules)
    old = {_key(each): each for each in _factors_of(before.table)}
    new = {_key(each): each for each in _factors_of(after.table)}
    return FactorDiff(
        first=before.label,
        second=after.label,
        added=tuple(_listing(new[key], after.table, None) for key in new if key not in old),
        removed=tuple(_listing(old[key], before.table, None) for key in old if key not in new),
        changed=tuple(_changed(old[key], new[key]) for key in new if key in old and _fields(old[key], new[key])),
        on=on.isoformat() if on else None,
        stale=tuple(_stale(after.table, on)) if on else (),
        figures=tuple(_figure(path, before, after) for path in chains),
    )


class _Side(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    table: Parameters
    edition: Edition
    packs: tuple[FactorPack, ...]


def _side(name: str, rules: str) -> _Side:
    if not name.endswith(".toml"):
        edition = get_rule_set(name)
        return _Side(label=edition.label, table=edition.parameters, edition=edition, packs=())
    pack = read_pack(Path(name))
    return _Side(label=pack.label, table=pack.parameters, edition=get_rule_set(rules), packs=(pack,))


def _factors_of(table: Parameters) -> list[Parameter]:
    """Values of factor files, and others that have a boundary; limits are none."""
    return [each for each in table.listed if each.pack is not None or each.boundary is not None]


def _stem(name: str) -> str:
    found = _ENDING.search(name)
    return name[: found.start()] if found and found.end() == len(name) else name


def _key(parameter: Parameter) -> tuple[str, str, str, datetime.date]:
    return parameter.name, parameter.region or "", parameter.boundary or "", parameter.from_


def _listing(parameter: Parameter, table: Parameters, on: datetime.date | None) -> FactorListing:
    standing, age_years = (None, None) if on is None else _standing(parameter, table, on)
    return FactorListing(
        **{key: getattr(parameter, key) for key in ("name", "title_zh", "title_en", "value", "unit", "boundary")},
        **{key: getattr(parameter, key) for key in ("region", "max_age_years", "source", "page", "licence", "pack")},
        level=table.levels.get(parameter.region) if parameter.region else None,
        holds_from=parameter.from_.isoformat(),
        holds_until=parameter.until.isoformat() if parameter.until else None,
        checked_on=parameter.checked_on.isoformat(),
        digest=value_digest(parameter),
        standing=standing,
        age_years=age_years,
    )


def _standing(parameter: Parameter, table: Parameters, on: datetime.date) -> tuple[Standing, int]:
    """Whether a value is the one that its own region has on a date."""
    if on < parameter.from_:
        return "not_yet", 0
    age_years = on.year - parameter.until.year if parameter.until and parameter.until < on else 0
    try:
        chosen = table.select_parameter(parameter.name, on=on, region=parameter.region, boundary=parameter.boundary)
    except RuleError:
        return "too_old", age_years
    if chosen.parameter != parameter:
        return "too_old", age_years
    return ("aged" if parameter.until and parameter.until < on else "holds"), age_years


def _stale(table: Parameters, on: datetime.date) -> Iterator[FactorListing]:
    """The latest value of each series, where it has ended by the date."""
    latest: dict[tuple[str, str | None, str | None], Parameter] = {}
    for each in _factors_of(table):
        key = each.key[:3]
        if each.from_ <= on and (key not in latest or latest[key].from_ < each.from_):
            latest[key] = each
    for each in latest.values():
        if each.until is not None and each.until < on:
            yield _listing(each, table, on)


def _fields(old: Parameter, new: Parameter) -> dict[str, tuple[str | None, str | None]]:
    pairs = {key: (_text(getattr(old, key)), _text(getattr(new, key))) for key in (*_SHOWN_FIELDS, "licence")}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _changed(old: Parameter, new: Parameter) -> ChangedFactor:
    return ChangedFactor(entry=new.place, fields=_fields(old, new))


def _figure(path: Path, before: _Side, after: _Side) -> ChangedFigure:
    chain = read_chain(path)
    figures: list[str | None] = []
    refusals: list[str | None] = []
    for side in (before, after):
        try:
            figures.append(assess_chain(chain, side.edition, packs=side.packs).wtw_kgco2e)
            refusals.append(None)
        except (RuleError, InputError) as error:
            figures.append(None)
            refusals.append(error.message)
    return ChangedFigure(
        chain=str(path),
        shipment=chain.shipment.id,
        before_kgco2e=figures[0],
        after_kgco2e=figures[1],
        difference_kgco2e=_difference(figures[0], figures[1]),
        refused_before=refusals[0],
        refused_after=refusals[1],
    )


def _difference(before: str | None, after: str | None) -> str | None:
    if before is None or after is None:
        return None
    with localcontext(arithmetic()):
        return decimal_text(Decimal(after) - Decimal(before))
