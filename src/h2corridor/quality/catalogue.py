"""The catalogue of checks: severity, thresholds and texts of every finding, read from `checks.toml` beside this module.

The only thing read is that packaged file, once a process. A code that is not in the catalogue is a fault of ours and
raises; a parameter that a finding fails to supply stays in the text as `{name}`, so that no report is lost to it.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Literal

import msgspec

from h2corridor.model.errors import RuleError
from h2corridor.model.findings import Finding, Severity

Language = Literal["zh", "en"]
PLACE_NAMES = frozenset({"file", "row", "last_row", "vin", "at"})
_LISTS_OF_SIGNALS = frozenset({"signal", "signals", "extremes"})
_ABSENT = {"zh": "未知", "en": "unknown"}


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that a check compares with, from a day on; `plan` is the lowest and highest that a plan may set."""

    name: str
    value: Decimal
    unit: str
    from_day: date = msgspec.field(name="from")
    source: str
    plan: tuple[Decimal, Decimal] | None = None


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one kind of finding means and what to do about it; `{name}` in a text is a parameter, threshold or place."""

    code: str
    severity: Severity
    params: tuple[str, ...]
    meaning_zh: str
    meaning_en: str
    message_zh: str
    message_en: str
    next_step_zh: str
    next_step_en: str
    threshold: tuple[Threshold, ...] = ()


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A phrase that findings refer to as `@name`."""

    zh: str
    en: str


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    check: tuple[Check, ...]
    terms: dict[str, Term]
    signals: dict[str, str]


class _Values(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


@cache
def _catalogue() -> tuple[dict[str, Check], dict[str, Term], dict[str, str]]:
    content = files(__package__ or "h2corridor.quality").joinpath("checks.toml").read_bytes()
    read = msgspec.toml.decode(content, type=_File)
    return {check.code: check for check in read.check}, read.terms, read.signals


def list_checks() -> tuple[Check, ...]:
    """Every check, in the order of the catalogue."""
    return tuple(_catalogue()[0].values())


def list_terms() -> dict[str, Term]:
    """Every phrase that a parameter may refer to as `@name`."""
    return dict(_catalogue()[1])


def get_check(code: str) -> Check:
    """The check of this code.

    Raises
    ------
    RuleError
        `check.unknown`: no check has this code.
    """
    found = _catalogue()[0].get(code)
    if found is None:
        raise RuleError(
            "check.unknown", "no such check in the catalogue.", about=code, next_step="Add it to quality/checks.toml."
        )
    return found


def get_threshold(code: str, name: str, on_day: date) -> Decimal:
    """The value a check compares with on a day, in the unit that its name ends in.

    Parameters
    ----------
    code, name
        The check and its threshold.
    on_day
        Day of the data tested, not of the run; the latest value that holds from this day or earlier is taken.

    Raises
    ------
    RuleError
        `check.unknown` or, where no value holds on that day, `check.no-threshold`.
    """
    dated = [each for each in get_check(code).threshold if each.name == name and each.from_day <= on_day]
    if not dated:
        raise RuleError(
            "check.no-threshold",
            f"{name} has no value on {on_day.isoformat()}.",
            about=code,
            next_step="Add a dated value to quality/checks.toml.",
        )
    return max(dated, key=lambda each: each.from_day).value


def severity_of(finding: Finding) -> Severity:
    """The finding's own severity where it has one, else that of its check."""
    return finding.severity or get_check(finding.check).severity


def describe(finding: Finding, language: Language) -> tuple[str, str]:
    """Message and next step of a finding, with its values filled in.

    Parameters
    ----------
    finding
        Any finding whose code is in the catalogue.
    language
        `zh` or `en`; the same finding reads in both.

    Returns
    -------
    tuple of str
        The message and the next step.

    Raises
    ------
    RuleError
        `check.unknown`: the finding's code is not in the catalogue.
    """
    check = get_check(finding.check)
    values = _Values(
        _place(finding, language) | _thresholds(check) | {k: _phrase(k, v, language) for k, v in finding.params.items()}
    )
    message, next_step = (
        (check.message_zh, check.next_step_zh) if language == "zh" else (check.message_en, check.next_step_en)
    )
    return message.format_map(values), next_step.format_map(values)


def names_in(template: str) -> frozenset[str]:
    """The names a text template refers to."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def _place(finding: Finding, language: Language) -> dict[str, str]:
    place = {name: getattr(finding, name) for name in PLACE_NAMES}
    return {name: _ABSENT[language] if value is None else str(value) for name, value in place.items()}


def _thresholds(check: Check) -> dict[str, str]:
    latest = sorted(check.threshold, key=lambda each: each.from_day)
    return {each.name: str(each.value) for each in latest}


def _phrase(name: str, value: str, language: Language) -> str:
    if name in _LISTS_OF_SIGNALS and language == "zh":
        chinese = _catalogue()[2]
        return "、".join(chinese.get(each, each) for each in value.split(", "))
    term = _catalogue()[1].get(value[1:]) if value.startswith("@") else None
    return value if term is None else (term.zh if language == "zh" else term.en)


def checks_markdown() -> str:
    """The reference page of all checks (`docs/reference/checks.md`), made from the catalogue."""
    lines = ["# Checks · 检查项", "", _INTRODUCTION, "", *_index(), ""]
    for check in list_checks():
        lines += [f"## {check.code}", "", f"**{check.severity}** · {check.meaning_en} {check.meaning_zh}", ""]
        lines += [
            f"- `{each.name}` = {each.value} {each.unit}, from {each.from_day}{_planned(each)}. {each.source}."
            for each in check.threshold
        ]
        lines += [""] if check.threshold else []
        lines += [
            f"> {check.message_en}",
            ">",
            f"> {check.message_zh}",
            "",
            f"{check.next_step_en} {check.next_step_zh}",
            "",
        ]
    return "\n".join(lines)


def _index() -> list[str]:
    """A row for each group of checks, in the order of the catalogue, and how many there are of which severity."""
    groups: dict[str, list[Check]] = {}
    for check in list_checks():
        groups.setdefault(check.code.partition(".")[0], []).append(check)
    counts = Counter(check.severity for check in list_checks())
    total = ", ".join(f"{counts[each]} {each}" for each in _MARKS)
    marks = ", ".join(f"{mark.strip()} {severity}" for severity, mark in _MARKS.items() if mark)
    rows = [f"| `{name}` | {' · '.join(map(_linked, checks))} |" for name, checks in groups.items()]
    head = [f"## Index · 索引 ({total})", "", f"{marks}; the others are info. {marks}；其余为 info。", ""]
    return [*head, "| group 组 | checks 检查项 |", "|---|---|", *rows]


def _linked(check: Check) -> str:
    """A check's name in its group as a link to its section, whose anchor is its code without dots."""
    group, _, name = check.code.partition(".")
    return f"[{name}](#{group}{name.replace('.', '')}){_MARKS[check.severity]}"


def _planned(threshold: Threshold) -> str:
    return f"; a plan may set {threshold.plan[0]} to {threshold.plan[1]}" if threshold.plan else ""


_MARKS: Mapping[Severity, str] = {"blocking": " ■", "warning": " △", "info": ""}

_INTRODUCTION = """\
Made from `quality/checks.toml`; change it there. 本页由 `quality/checks.toml` 生成。

A check says something about data and never stops a run. **info**: the data are good, it is stated so that nothing is
hidden. **warning**: something is damaged, absent or odd; figures go on and say so. **blocking**: a statement that rests
on it is withheld. Rows are counted from 1, the header is not counted.

检查只陈述数据的情况，从不中断运行。info：数据有效，仅作说明；warning：有损坏、缺失或异常，结果照常给出并注明；
blocking：依赖它的声明不予出具。行号从 1 起，不计表头。"""
