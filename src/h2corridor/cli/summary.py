"""What a person sees when a run has ended: the counts, and where to look next."""

import sys
from collections import Counter
from pathlib import Path
from typing import Literal

from h2corridor.model.report import Report


def print_summary(report: Report, workspace: Path | None, language: Literal["zh", "en"]) -> None:
    """Print a few lines about a run; where a workspace stays, also how its report is read."""
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
        "km": totals.distance_km or "?",
        "kg": totals.hydrogen_used_kg or "?",
        "stated": stated,
        "shipments": len(report.shipments),
        "blocking": severities["blocking"],
        "warning": severities["warning"],
        "info": severities["info"],
        "size": size,
    }
    sys.stdout.write((_ZH if language == "zh" else _EN).format_map(values))
    if workspace is not None:
        sys.stdout.write((_NEXT_ZH if language == "zh" else _NEXT_EN).format(workspace=workspace))


_EN = """\
{trial}: {trips} trips, {km} km, {kg} kg hydrogen
frames    {received} received = {used} used + {repeated} repeated + {unused} unused
shipments {stated} of {shipments} stated
findings  {blocking} blocking, {warning} warning, {info} info
log       {size} entries
"""
_NEXT_EN = "next      h2corridor trial report --workspace {workspace}\n"
_ZH = """\
{trial}：{trips} 个行程，{km} km，用氢 {kg} kg
报文  接收 {received} = 采用 {used} + 重复 {repeated} + 未用 {unused}
货票  {shipments} 票中 {stated} 票已出具声明
发现  阻断 {blocking}，警告 {warning}，提示 {info}
日志  {size} 条
"""
_NEXT_ZH = "下一步  h2corridor trial report --workspace {workspace}\n"
