"""What a person sees when a run has ended: the counts, and where to look next."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote
from typing import Literal

from h2corridor.app.superseding import ABSENT, WITHHELD
from h2corridor.app.trial_run import Work
from h2corridor.console.display import rounded
from h2corridor.model.report import Report

NAMED_MAX = 10
"""So many of the files or consignments that a run changed are named."""


def print_summary(report: Report, language: Literal["zh", "en"], *, work: Work, workspace: Path | None = None) -> None:
    """Print a few lines about a run; where a workspace stays, also what was computed and how to read its report."""
    severities = Counter(finding.severity for finding in report.findings)
    stated = sum(shipment.status == "stated" for shipment in report.shipments)
    totals, size = report.totals, report.checkpoint.size if report.checkpoint else 0
    values = {
        "trial": report.trial,
        "received": totals.frames_received,
        "used": totals.frames_used,
        "repeated": totals.frames_repeated,
        "unused": totals.frames_unused,
        "trips": len(report.trips),
        "km": rounded(totals.distance_km, 1) or "?",
        "kg": rounded(totals.hydrogen_used_kg, 2) or "?",
        "stated": stated,
        "shipments": len(report.shipments),
        "blocking": severities["blocking"],
        "warning": severities["warning"],
        "info": severities["info"],
        "size": size,
    }
    sys.stdout.write((_ZH if language == "zh" else _EN).format_map(values))
    counts = {"decoded": work.decoded, "files": work.files, "measured": work.measured, "trucks": work.trucks}
    sys.stdout.write((_WORK_ZH if language == "zh" else _WORK_EN).format_map(counts))
    sys.stdout.writelines(changed_lines(work, language))
    if workspace is not None:
        sys.stdout.write((_NEXT_ZH if language == "zh" else _NEXT_EN).format(workspace=quote(str(workspace))))


def changed_lines(work: Work, language: Literal["zh", "en"]) -> Iterator[str]:
    """What a run changed of what was there: files, and the statements that somebody may hold a bundle of."""
    texts = _CHANGED[language]
    groups: dict[str, list[str]] = {name: [] for name in ("superseded", "same", WITHHELD, ABSENT, "again")}
    for each in work.changed:
        group = each.reason or ("again" if each.by is None else "same" if each.same_figure else "superseded")
        groups[group].append(each.consignment_id)
    for name, ids in {"replaced": work.replaced, **groups}.items():
        if ids:
            named = sorted(set(ids))
            more = texts["more"].format(named=len(named)) if len(named) > NAMED_MAX else ""
            names = texts["between"].join(named[:NAMED_MAX]) + more
            yield texts[name].format(count=len(ids), named=len(named), names=names) + "\n"
    if work.changed:
        yield texts["tell"] + "\n"


def print_replaced(before: str | None, now: str, language: Literal["zh", "en"]) -> None:
    """Say on standard error that a run replaced the report of another trial; nothing where it did not.

    Parameters
    ----------
    before, now
        Ids of the trials that the report was of, and is of.
    """
    if before not in (None, now):
        sys.stderr.write((_REPLACED_ZH if language == "zh" else _REPLACED_EN).format(before=before, now=now))


def print_differing(names: Sequence[str], language: Literal["zh", "en"]) -> None:
    """Say on standard error which kept tables were not what is made of the same data now.

    Parameters
    ----------
    names
        Under `tables/`, without their endings.
    """
    sys.stderr.write(_DIFFERING_ZH if language == "zh" else _DIFFERING_EN)
    sys.stderr.writelines(f"  tables/{name}\n" for name in names)


_CHANGED = {
    "en": {
        "replaced": "replaced  {names}; the earlier bytes are kept",
        "superseded": "superseded  {count} statement(s) by others with other figures; {named} consignment(s): {names}",
        "same": "superseded  {count} statement(s) by others with the same figures, that name other rows or findings; "
        "{named} consignment(s): {names}",
        WITHHELD: "withdrawn  {count} statement(s), the figure is withheld now; {named} consignment(s): {names}",
        ABSENT: "withdrawn  {count} statement(s), the data set no longer has {named} consignment(s): {names}",
        "again": "in force again  {count} statement(s); {named} consignment(s): {names}",
        "tell": "          Who holds a bundle of these is told by nobody but you: h2corridor statement list",
        "between": ", ",
        "more": " ... ({named} in all)",
    },
    "zh": {
        "replaced": "更换  {names}；原有字节仍保存在工作区",
        "superseded": "取代  {count} 份声明由数值不同的声明取代；涉及 {named} 票货物：{names}",
        "same": "取代  {count} 份声明由数值相同、所指的行或检查结果不同的声明取代；涉及 {named} 票货物：{names}",
        WITHHELD: "撤回  {count} 份声明，因数值现已暂缓出具；涉及 {named} 票货物：{names}",
        ABSENT: "撤回  {count} 份声明，因数据集中已没有 {named} 票货物：{names}",
        "again": "恢复  {count} 份声明重新生效；涉及 {named} 票货物：{names}",
        "tell": "      持有其证据包的人只能由您告知：h2corridor statement list",
        "between": "、",
        "more": "……（共 {named} 项）",
    },
}
_REPLACED_EN = """\
note: this workspace held the report of the trial {before}. It is replaced by that of {now}; what was received, logged
and stated of {before} stays: `h2corridor statement list` shows the statements of both. Use a workspace of its own for
each trial to keep both reports.
"""
_REPLACED_ZH = """\
注意：该工作区原有试运行 {before} 的报告，现已替换为 {now} 的报告；{before} 已接收、登记和声明的内容保留不变：
`h2corridor statement list` 列出两者的声明。如需同时保留两份报告，请为每个试运行使用各自的工作区。
"""
_EN = """\
{trial}: {trips} trips, {km} km, {kg} kg hydrogen
frames    {received} received = {used} used + {repeated} repeated + {unused} unused
shipments {stated} of {shipments} stated
findings  {blocking} blocking, {warning} warning, {info} info
log       {size} entries
"""
_WORK_EN = "computed  decoded {decoded} of {files} files, measured {measured} of {trucks} trucks\n"
_WORK_ZH = "计算  解码 {decoded} / {files} 个文件，计算 {measured} / {trucks} 辆车\n"
_DIFFERING_EN = """\
Kept tables said something else than what the same data give now; they were replaced. What was received and logged is
not concerned: `h2corridor log fsck` checks that.
"""
_DIFFERING_ZH = """\
以下保留的表与用相同数据重算的结果不一致，现已替换。已接收和登记的内容不受影响，可用 `h2corridor log fsck` 核对。
"""
_NEXT_EN = "next      h2corridor trial report --workspace {workspace}\n"
_ZH = """\
{trial}：{trips} 个行程，{km} km，用氢 {kg} kg
报文  接收 {received} = 采用 {used} + 重复 {repeated} + 未用 {unused}
货物  {shipments} 票中 {stated} 票已出具声明
发现  阻断 {blocking}，警告 {warning}，提示 {info}
日志  {size} 条
"""
_NEXT_ZH = "下一步  h2corridor trial report --workspace {workspace}\n"
