"""Why a statement compares with nothing, in Chinese: statements give the reason in English alone.

The sentences are those that the platform writes; what is none of them is quoted as it stands.
"""

import re
from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "nothing to compare": "没有可比的内容",
    "no element states a comparable diesel truck": "该票货物的各段运输均未列出可比的柴油车",
    "category {name} burns hydrogen and states no comparable diesel truck": (
        "运输类别 {name} 使用氢气，但未列出可比的柴油车"
    ),
    "the diesel figure of category {name} has no source and no date": "运输类别 {name} 的柴油数据未注明来源和日期",
    "the diesel figure of category {name} has no source": "运输类别 {name} 的柴油数据未注明来源",
    "the diesel figure of category {name} has no date": "运输类别 {name} 的柴油数据未注明日期",
    "the diesel figure of category {name} has no {lacking}": "运输类别 {name} 的柴油数据缺少：{lacking}",
    "{method} takes no baseline of kind {kind}, as category {name} states it": (
        "{method} 不采用类型为 {kind} 的基准，而运输类别 {name} 所列即为此类"
    ),
    "{name} is not given (needed by {by})": "未提供 {name}（计算 {by} 时需要）",
    "{name} is dated and the chain has no activity_date (needed by {by})": (
        "运输链没有活动日期，无法选定 {name}（计算 {by} 时需要）"
    ),
    "{name} has no value on {day} (needed by {by})": "{name} 在 {day} 没有适用的值（计算 {by} 时需要）",
    "{name} is asked for {region}, a region this edition does not know (needed by {by})": (
        "规则版本中没有 {name} 所用的地区 {region}（计算 {by} 时需要）"
    ),
    "{name} is {value}, above {limit} {most} (needed by {by})": (
        "{name} 为 {value}，超过 {limit} {most}（计算 {by} 时需要）"
    ),
}
"""English to Chinese; a name in braces stands for whatever was written there, without a semicolon."""

BETWEEN, BETWEEN_ZH = "; ", "；"
"""Between several reasons."""


def find_reason_zh(reason: str) -> str | None:
    """The reason in Chinese; None where a part of it is none of the platform's.

    Examples
    --------
    >>> find_reason_zh("nothing to compare")
    '没有可比的内容'
    >>> find_reason_zh("it rained") is None
    True
    """
    said = [_find_part(part) for part in reason.split(BETWEEN)]
    known = [each for each in said if each is not None]
    return BETWEEN_ZH.join(known) if len(known) == len(said) else None


def _find_part(part: str) -> str | None:
    for english, chinese in REASONS.items():
        if found := _pattern(english).fullmatch(part):
            return chinese.format_map(found.groupdict())
    return None


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", english)
    return re.compile("".join(f"(?P<{each}>[^;]+)" if at % 2 else re.escape(each) for at, each in enumerate(parts)))
