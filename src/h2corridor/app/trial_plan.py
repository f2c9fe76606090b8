"""The plan of a trial: its template, filled in from a data set, and its reading from TOML."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from h2corridor.app.texts import local_day
from h2corridor.app.trial_parties import reported_parties
from h2corridor.app.trial_record import add_document
from h2corridor.evidence import LogSigner
from h2corridor.intake import DatasetFolder, read_trial_facts
from h2corridor.model.errors import InputError
from h2corridor.model.trial import Trial
from h2corridor.model.trial_record import DATA_KINDS, Plan, PlannedParty, Said, ThresholdChange
from h2corridor.quality.thresholds import list_adjustable, planned_thresholds

ROLES = (
    "platform_operator",
    "carrier",
    "hydrogen_producer",
    "station_operator",
    "hub_operator",
    "shipper",
    "consignee",
    "verifier",
)
_BYTES_MAX = 1 << 20
_TESTED = (
    "全部车辆遥测的接收与解码 · Receipt and decoding of the telemetry of all trucks",
    "氢平衡：计量、储罐、电堆与车辆自报 · Hydrogen balances: station meter, tank, stack, reported",
    "氢气从批次到车辆的流转 · Custody of hydrogen from batch to truck",
    "全部货物的碳数据，由核查方重算 · Carbon figures of all consignments, recomputed by the verifier",
)


class _Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    trial: Said
    title_zh: Said
    title_en: Said
    period_start: str
    period_end: str
    tested: Annotated[tuple[Said, ...], msgspec.Meta(min_length=1, max_length=200)]


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    plan: _Head
    party: Annotated[tuple[PlannedParty, ...], msgspec.Meta(min_length=1, max_length=1000)]
    threshold: Annotated[tuple[ThresholdChange, ...], msgspec.Meta(max_length=1000)] = ()


def record_plan(workspace: Path, file: Path, *, now_ms: int, log_of: Callable[[Path], LogSigner]) -> Plan:
    """Read a plan and put it into the record.

    Raises
    ------
    InputError
        `trial.plan`: the file is no plan; the message names the key.
    UsageError
        `trial.threshold`: a threshold that a plan cannot set so.
    """
    read = _read_plan(file)
    start, end = (
        _instant(file, read.plan.period_start, "period_start"),
        _instant(file, read.plan.period_end, "period_end"),
    )
    if end <= start:
        raise _refused(file, "plan.period_end", "expected a period that ends after it starts.")
    _check_parties(file, read.party)
    for number, change in enumerate(read.threshold):
        try:
            datetime.date.fromisoformat(change.decided_on)
        except ValueError as error:
            raise _refused(file, f"threshold[{number}].decided_on", f"no day: {change.decided_on}.") from error
    planned_thresholds(read.threshold, start.date())

    def make(number: int, recorded_at: str) -> Plan:
        return Plan(
            number=number,
            recorded_at=recorded_at,
            parties=read.party,
            thresholds=read.threshold,
            **msgspec.structs.asdict(read.plan),
        )

    return add_document(workspace, make, now_ms=now_ms, log_of=log_of)


def plan_template(dataset: Path) -> str:
    """A plan in TOML with comments, filled in from a data set: parties, period, and every threshold that may be set."""
    facts, _ = read_trial_facts(DatasetFolder(dataset))
    trial = facts.trial
    lines = [
        "# The plan of a trial operation; record it with `h2corridor trial plan FILE --workspace DIR`.",
        "# 试运行方案；填写后用 `h2corridor trial plan FILE --workspace DIR` 登记。",
        "",
        "[plan]",
        f"trial = {_quoted(trial.trial_id)}",
        f"title_zh = {_quoted(trial.title_zh)}",
        f"title_en = {_quoted(trial.title_en)}",
        f"period_start = {_quoted(_instant_text(trial.period_start_ms, trial))}",
        f"period_end = {_quoted(_instant_text(trial.period_end_ms, trial))}",
        "# What is tested, a sentence each. 试验内容，每项一句。",
        "tested = [",
        *(f"  {_quoted(text)}," for text in _TESTED),
        "]",
        "",
        f"# Parties. role: {', '.join(ROLES)}.",
        f"# supplies: the kinds of data a party owns and hands over: {', '.join(DATA_KINDS)};",
        "# before sign-off each needs a consent (`h2corridor trial consent add`).",
        "# 各方及其提供的数据；签署前须有其同意。",
    ]
    supplies = {each.party_id: each.supplies for each in reported_parties(facts)}
    for party in facts.parties:
        lines += [
            "",
            "[[party]]",
            f"party_id = {_quoted(party.party_id)}",
            f"name_zh = {_quoted(party.name_zh)}",
            f"name_en = {_quoted(party.name_en)}",
            f"role = {_quoted(party.role)}",
            f"supplies = [{', '.join(_quoted(kind) for kind in supplies[party.party_id])}]",
        ]
    return "\n".join([*lines, *_threshold_lines(trial), ""])


def _threshold_lines(trial: Trial) -> list[str]:
    adjustable = list_adjustable(local_day(trial.period_start_ms, trial))
    return [
        "",
        "# Thresholds of checks that differ from the catalogue; take the marks away and change the value.",
        "# 与目录不同的阈值；去掉行首的 # 并修改数值。",
        "# [[threshold]]",
        f"# check = {_quoted(adjustable[0][0])}",
        f"# name = {_quoted(adjustable[0][1].name)}",
        f"# value = {_quoted(str(adjustable[0][1].value))}",
        '# reason = "why this trial needs another value"',
        '# source = "minutes, standard or contract that says so"',
        '# decided_on = "2026-03-01"',
        "#",
        "# Those that may be set, as the catalogue has them, and from what to what:",
        *(
            f"#   {code}  {each.name} = {each.value} {each.unit} ({each.plan[0]} to {each.plan[1]})"
            for code, each in adjustable
            if each.plan is not None
        ),
    ]


def _read_plan(file: Path) -> _File:
    try:
        with file.open("rb") as stream:
            data = stream.read(_BYTES_MAX + 1)
    except OSError as error:
        raise _refused(file, "", f"cannot be read: {error.strerror}.") from error
    if len(data) > _BYTES_MAX:
        raise _refused(file, "", f"expected at most {_BYTES_MAX} bytes.")
    try:
        read = msgspec.toml.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(file, "", f"{error}.") from error
    for text in _texts(msgspec.to_builtins(read)):
        if not text.strip() or not text.isprintable():
            raise _refused(file, "", f"a text is blank or not printable: {text!a}.")
    return read


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    members = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [text for member in members for text in _texts(member)]


def _check_parties(file: Path, parties: tuple[PlannedParty, ...]) -> None:
    seen = set()
    for number, party in enumerate(parties):
        where = f"party[{number}]"
        if party.party_id in seen:
            raise _refused(file, f"{where}.party_id", f"{party.party_id} stands twice.")
        if party.role not in ROLES:
            raise _refused(file, f"{where}.role", f"expected one of {', '.join(ROLES)}, came {party.role}.")
        seen.add(party.party_id)
    for role in ("platform_operator", "verifier"):
        if not any(party.role == role for party in parties):
            raise _refused(file, "party", f"expected a party with the role {role}, came none.")


def _instant(file: Path, text: str, key: str) -> datetime.datetime:
    try:
        instant = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise _refused(file, f"plan.{key}", f"expected a time with offset, came {text}.") from error
    if instant.tzinfo is None:
        raise _refused(file, f"plan.{key}", f"expected a time with offset, came {text}.")
    return instant


def _instant_text(at_ms: int, trial: Trial) -> str:
    return datetime.datetime.fromtimestamp(at_ms // 1000, ZoneInfo(trial.timezone)).isoformat()


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _refused(file: Path, where: str, fault: str) -> InputError:
    next_step = "`h2corridor trial plan --template DATASET` prints a plan with every key."
    return InputError("trial.plan", fault, about=str(file), where=where, next_step=next_step)
