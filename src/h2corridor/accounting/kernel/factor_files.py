"""Factor files: dated values with one publisher and licence, in an edition's folder or in a user's own file.

A file `factors_<id>.toml` in an edition's folder is read as one with its `parameters.toml`; a user's own file is asked
before the edition and bears its own label and digest in every step.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import msgspec

from h2corridor.accounting.kernel.parameters import (
    Level,
    Parameter,
    Parameters,
    ParametersFile,
    check_parameters,
    list_parameter_faults,
)
from h2corridor.accounting.kernel.rules import Rule
from h2corridor.model.errors import InputError, RuleError

ENTRIES_MAX = 20_000
_FILE_NAME = re.compile(r"factors_([a-z][a-z0-9_]*)\.toml")
_ENTRY_LINE = re.compile(r"^[ \t]*\[\[[ \t]*parameter[ \t]*\]\]", re.MULTILINE)
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class PackHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a factor file says about itself."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,59}(?!\n)$")]
    edition: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}\.[0-9]{1,4}(?!\n)$")]
    title_zh: _Text
    title_en: _Text
    publisher: _Text
    licence: _Text
    note_zh: str = ""
    note_en: str = ""

    @property
    def label(self) -> str:
        """`china-electricity/2026.1`, as it stands in steps and results."""
        return f"{self.id}/{self.edition}"


class FactorFile(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a factor file; every value bears its label and a licence."""

    pack: PackHeader
    parameter: tuple[Parameter, ...]
    regions: Mapping[str, str]
    levels: Mapping[str, Level]


class FactorFault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in a factor file; `line` is that of the entry, `entry` its name as far as it has one."""

    line: int | None
    entry: str
    says_zh: str
    says_en: str


class FactorPack:
    """A user's factor file, ready to be asked like an edition that has no rules.

    Attributes
    ----------
    label : str
        `own-factors/2026.1`, as it stands in steps.
    digest : str
        SHA-256 of the file, hexadecimal.
    """

    def __init__(self, file: FactorFile, data: bytes) -> None:
        self.header = file.pack
        self.label = file.pack.label
        self.digest = hashlib.sha256(data).hexdigest()
        self.parameters = Parameters(self.label, listed=file.parameter, regions=file.regions, levels=file.levels)
        self.rules: tuple[Rule, ...] = ()


def read_factor_pack(data: bytes, *, about: str) -> FactorPack:
    """A user's factor file, refused unless every value is whole.

    Parameters
    ----------
    about : str
        The file's name, for messages.

    Raises
    ------
    InputError
        `factors.unreadable`: no TOML. `factors.bad-entry`: its first fault; `list_factor_faults` has all of them.
    """
    stated = _parsed(data, about)
    for fault in _all_faults(stated, data.decode("utf-8")):
        where = ", ".join(part for part in (fault.line and f"line {fault.line}", fault.entry) if part)
        next_step = f"`h2corridor factors check {about}` names every fault."
        raise InputError("factors.bad-entry", f"{fault.says_en}.", about=about, where=where, next_step=next_step)
    return FactorPack(_file(stated), data)


def list_factor_faults(data: bytes, *, about: str) -> list[FactorFault]:
    """Every fault of a factor file, in its order; an empty list is a pass.

    Raises
    ------
    InputError
        `factors.unreadable`: the bytes are no TOML at all.
    """
    return list(_all_faults(_parsed(data, about), data.decode("utf-8")))


def read_edition_factors(files: Mapping[str, bytes], *, about: str) -> tuple[FactorFile, ...]:
    """The factor files in an edition's folder, by name.

    Raises
    ------
    RuleError
        `rule.bad-parameter`: a file is not whole, or is not named for its id.
    """
    found = []
    for name in factor_file_names(files):
        place = f"{about}/{name}"
        try:
            stated = _parsed(files[name], place)
        except InputError as error:
            raise RuleError("rule.bad-parameter", error.fault, about=place, next_step="Correct the file.") from error
        fault = next(_all_faults(stated, files[name].decode("utf-8")), None)
        if fault is not None:
            where = ", ".join(part for part in (fault.line and f"line {fault.line}", fault.entry) if part)
            raise RuleError("rule.bad-parameter", f"{fault.says_en}.", about=place, where=where)
        file = _file(stated)
        if name != f"factors_{file.pack.id.replace('-', '_')}.toml":
            raise RuleError("rule.bad-parameter", f"the file calls itself {file.pack.id}.", about=place)
        found.append(file)
    return tuple(found)


def factor_file_names(files: Iterable[str]) -> list[str]:
    """The names in a folder that are factor files, sorted."""
    return sorted(name for name in files if _FILE_NAME.fullmatch(name))


def merged_parameters(label: str, own: ParametersFile, packs: Iterable[FactorFile], *, about: str) -> Parameters:
    """An edition's own table and its factor files as one: the table's values first, then the files' in their order.

    Raises
    ------
    RuleError
        `rule.bad-parameter`: two values hold at once, a constant has the name of a value, or two files say otherwise
        in which region a region lies or of which level it is.
    """
    packs = tuple(packs)
    listed = (*own.parameter, *(each for pack in packs for each in pack.parameter))
    check_parameters(listed, about=about)
    names = {each.name for each in listed}
    for constant in own.constant:
        if constant.name in names:
            raise RuleError("rule.bad-parameter", f"{constant.name} is declared twice.", about=about)
    regions = _joined((own.regions, *(pack.regions for pack in packs)), about)
    levels = _joined((own.levels, *(pack.levels for pack in packs)), about)
    return Parameters(
        label,
        constants=own.constant,
        listed=listed,
        regions=regions,
        levels=levels,
        limits=own.limit,
        support=own.support,
    )


def _joined(tables: Iterable[Mapping[str, Any]], about: str) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for table in tables:
        for region, value in table.items():
            if joined.setdefault(region, value) != value:
                fault = f"region {region} is {joined[region]} in one file and {value} in another."
                raise RuleError("rule.bad-parameter", fault, about=about)
    return joined


def _parsed(data: bytes, about: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        next_step = "Supply a TOML file in UTF-8 with [pack] and [[parameter]] entries."
        raise InputError("factors.unreadable", f"{error}.", about=about, next_step=next_step) from error


def _file(stated: Mapping[str, Any]) -> FactorFile:
    """A file without faults as values; what an entry does not say itself its file says for it."""
    header = msgspec.convert(stated["pack"], PackHeader)
    entries = msgspec.convert(stated["parameter"], tuple[Parameter, ...])
    return FactorFile(
        pack=header,
        parameter=tuple(
            msgspec.structs.replace(each, pack=header.label, licence=each.licence or header.licence) for each in entries
        ),
        regions=stated.get("regions", {}),
        levels=stated.get("levels", {}),
    )


def _all_faults(stated: Mapping[str, Any], text: str) -> Iterator[FactorFault]:
    yield from _header_faults(stated)
    entries = stated.get("parameter")
    if not isinstance(entries, list) or not 0 < len(entries) <= ENTRIES_MAX:
        zh, en = f"须有 1 至 {ENTRIES_MAX} 个 [[parameter]]", f"expected 1 to {ENTRIES_MAX} entries [[parameter]]"
        yield FactorFault(line=None, entry="", says_zh=zh, says_en=en)
        return
    lines = _entry_lines(text, len(entries))
    whole: list[tuple[int, Parameter]] = []
    for number, entry in enumerate(entries):
        try:
            parameter = msgspec.convert(entry, Parameter)
        except msgspec.ValidationError as error:
            name = str(entry.get("name", "")) if isinstance(entry, dict) else ""
            said = {"says_zh": f"条目不完整或有不识别的字段：{error}", "says_en": str(error)}
            yield FactorFault(line=lines[number], entry=name, **said)
            continue
        if parameter.pack is not None:
            zh, en = "pack 由程序写入，不得写在条目中", "pack is written by the reader, never in an entry"
            yield FactorFault(line=lines[number], entry=parameter.place, says_zh=zh, says_en=en)
        whole.append((number, parameter))
    for fault in list_parameter_faults([parameter for _, parameter in whole]):
        number, parameter = whole[fault.number]
        said = {"says_zh": fault.says_zh, "says_en": fault.says_en}
        yield FactorFault(line=lines[number], entry=parameter.place, **said)


def _header_faults(stated: Mapping[str, Any]) -> Iterator[FactorFault]:
    for name in sorted(stated.keys() - {"pack", "parameter", "regions", "levels"}):
        yield FactorFault(line=None, entry=name, says_zh="不识别的表", says_en="a table that is not known")
    for name, shape in (("pack", PackHeader), ("regions", dict[str, _Text]), ("levels", dict[str, Level])):
        if name not in stated and name != "pack":
            continue
        try:
            msgspec.convert(stated.get(name, {}), shape)
        except msgspec.ValidationError as error:
            zh = f"[{name}] 不完整或有误：{error}"
            yield FactorFault(line=None, entry=f"[{name}]", says_zh=zh, says_en=str(error))


def _entry_lines(text: str, count: int) -> list[int | None]:
    """The line of each entry; unknown where entries are not written as [[parameter]] one by one."""
    found = [text.count("\n", 0, match.start()) + 1 for match in _ENTRY_LINE.finditer(text)]
    return list(found) if len(found) == count else [None] * count
