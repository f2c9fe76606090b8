"""What is missing before a sign-off: said as a list, in groups, each with the command that mends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from h2corridor.model.findings import Severity
from h2corridor.model.trial_record import DataKind
from h2corridor.model.trial_report import Words

SEVERITIES_ZH: dict[Severity, str] = {"blocking": "阻断", "warning": "警告", "info": "提示"}
DATA_KINDS_ZH: dict[DataKind, str] = {
    "telemetry": "遥测",
    "vehicles": "车辆",
    "hydrogen": "氢气",
    "refuellings": "加氢",
    "consignments": "货物",
    "hubs": "枢纽",
    "seals": "铅封",
}
_GROUPS = {
    "plan": Words(zh="方案：`h2corridor trial plan`", en="The plan: `h2corridor trial plan`"),
    "run": Words(zh="运行：`h2corridor trial run`", en="The run: `h2corridor trial run`"),
    "thresholds": Words(zh="阈值：`h2corridor trial run`", en="Thresholds: `h2corridor trial run`"),
    "plan-differs": Words(
        zh="方案与数据集不一致：更正其一，再 `h2corridor trial plan` 或 `h2corridor trial run`",
        en="Plan and data set differ; correct one, then `h2corridor trial plan` or `h2corridor trial run`",
    ),
    "finding": Words(
        zh="未处置的检查结果：`h2corridor trial decide`", en="Findings nobody decided about: `h2corridor trial decide`"
    ),
    "consent": Words(
        zh="未涵盖期间与签署日的同意：`h2corridor trial consent add`",
        en="Consents not in force on the days of the period and of signing: `h2corridor trial consent add`",
    ),
    "overdue": Words(
        zh="更正逾期：更正数据后 `h2corridor trial run`，或 `h2corridor trial decide`",
        en="Corrections overdue; correct the data and `h2corridor trial run`, or `h2corridor trial decide`",
    ),
    "log": Words(zh="日志：`h2corridor log fsck`", en="The log: `h2corridor log fsck`"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that stands between a trial and its sign-off; `command` mends it once its "..." are filled in."""

    kind: str
    words: Words
    command: str | None = None


def missing_lines(missing: Sequence[Missing], language: Literal["zh", "en"]) -> list[str]:
    """A line for every group, with its command, and one below it for everything that is missing."""
    lines: list[str] = []
    for kind in dict.fromkeys(each.kind for each in missing):
        lines.append(getattr(_GROUPS[kind], language))
        lines += [f"  {getattr(each.words, language)}" for each in missing if each.kind == kind]
    return lines


def kinds_zh(kinds: Sequence[DataKind]) -> str:
    """Kinds of data as a list in Chinese."""
    return "、".join(DATA_KINDS_ZH[each] for each in kinds)
