"""The command that gives a trial's figures their intervals, and what `assess --ranges` asks."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from h2corridor.cli.options import AsJson, Language, WorkspaceFolder, print_json, read_language
from h2corridor.model.errors import UsageError

if TYPE_CHECKING:
    from h2corridor.accounting.assessment import Assessment
    from h2corridor.accounting.intervals import ShownInterval

RangesFile = Annotated[
    Path | None, typer.Option("--ranges", help="Ranges of facts (JSON); shows intervals. 数据范围文件，显示区间。")
]


def refuse_ranges(ranges: Path | None, what: str) -> None:
    """Refuse ranges for what has no intervals (UsageError `ranges.not-here`)."""
    if ranges is not None:
        next_step = "State the ranges for one transport chain."
        raise UsageError("ranges.not-here", f"{what} takes no ranges.", next_step=next_step)


def find_intervals(
    result: "Assessment", ranges: Path | None, rule_set: str, factors: Sequence[Path]
) -> "tuple[ShownInterval, ...] | None":
    """The intervals of an assessment's figures; None where nobody gave ranges."""
    if ranges is None:
        return None
    from h2corridor.app.uncertainty import chain_intervals

    return chain_intervals(result, ranges, rule_set, factors=factors)


def trial_uncertainty(
    workspace: WorkspaceFolder, ranges: RangesFile = None, as_json: AsJson = False, language: Language = ""
) -> None:
    """Give the 95 % interval of every shipment and of their sum. 计算每批货物及其合计的 95% 区间。"""
    from h2corridor.app.uncertainty import trial_intervals

    found = trial_intervals(workspace, ranges=ranges)
    if as_json:
        print_json(found)
    else:
        from h2corridor.console.uncertainty_text import print_trial_intervals

        print_trial_intervals(found, read_language(language), sys.stdout)
