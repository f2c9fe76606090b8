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
    from h2corridor.accounting.simulation import Simulation

RangesFile = Annotated[
    Path | None, typer.Option("--ranges", help="Ranges of facts (JSON); shows intervals. 数据范围文件，显示区间。")
]
Draws = Annotated[
    int | None,
    typer.Option(
        "--simulate", help="Draw so many times too (10000), beside the intervals. 另按随机抽样计算，给出次数。"
    ),
]
Seed = Annotated[int | None, typer.Option("--seed", help="Of the draws; 0 without it. 抽样种子，默认为 0。")]


def read_simulation(draws: int | None, seed: int | None) -> "Simulation | None":
    """How somebody wants figures drawn; None where nobody asked for it.

    Raises
    ------
    UsageError
        `simulation.not-asked`: a seed without draws. `simulation.draws`: too few or too many of them.
    """
    if draws is None:
        if seed is not None:
            next_step = "Say with --simulate how often to draw."
            raise UsageError("simulation.not-asked", "there is a seed and nothing to draw.", next_step=next_step)
        return None
    from h2corridor.accounting.simulation import Simulation

    return Simulation(draws=draws, seed=seed or 0)


def refuse_ranges(ranges: Path | None, simulation: "Simulation | None", what: str) -> None:
    """Refuse ranges and draws for what has no intervals (UsageError `ranges.not-here`)."""
    if ranges is not None or simulation is not None:
        next_step = "State the ranges for one transport chain."
        raise UsageError("ranges.not-here", f"{what} takes no ranges.", next_step=next_step)


def find_intervals(
    result: "Assessment",
    ranges: Path | None,
    rule_set: str,
    factors: Sequence[Path],
    simulation: "Simulation | None",
) -> "tuple[ShownInterval, ...] | None":
    """The intervals of an assessment's figures; None where nobody gave ranges.

    Raises
    ------
    UsageError
        `simulation.not-asked`: draws without ranges.
    """
    if ranges is None:
        if simulation is not None:
            next_step = "State with --ranges how far each number may be from the truth."
            raise UsageError("simulation.not-asked", "there are no ranges to draw from.", next_step=next_step)
        return None
    from h2corridor.app.uncertainty import chain_intervals

    return chain_intervals(result, ranges, rule_set, factors=factors, simulation=simulation)


def trial_uncertainty(  # noqa: PLR0917 - a command's parameters are its options, given by name
    workspace: WorkspaceFolder,
    ranges: RangesFile = None,
    draws: Draws = None,
    seed: Seed = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Give the 95 % interval of every shipment and of their sum. 计算每批货物及其合计的 95% 区间。"""
    from h2corridor.app.uncertainty import trial_intervals

    found = trial_intervals(workspace, ranges=ranges, simulation=read_simulation(draws, seed))
    if as_json:
        print_json(found)
    else:
        from h2corridor.console.uncertainty_text import print_trial_intervals

        print_trial_intervals(found, read_language(language), sys.stdout)
