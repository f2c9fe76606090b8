"""Intervals for a terminal: one row a figure, then what they rest on and what they do not."""

from collections import Counter
from collections.abc import Sequence
from typing import IO

from h2verify.derivation import decimal_text
from rich import box
from rich.console import Console
from rich.table import Table

from h2corridor.accounting.intervals import APART_PCT_MAX, ShownInterval
from h2corridor.app.uncertainty import TrialUncertainty
from h2corridor.console.interval_bars import emission_bars
from h2corridor.console.texts import Language, clean, listed, text

WIDTH = 120
CONTRIBUTIONS_SHOWN_MAX = 5


def print_intervals(
    found: Sequence[ShownInterval], language: Language, file: IO[str], *, with_bars: bool = False
) -> None:
    """Write figures with their intervals, perhaps as bars too, then what each rests on and what has no range."""
    console = _console(file)
    console.print(text("uncertainty_head", language))
    console.print(_table(found, language))
    if with_bars:
        _bars(found, language, console)
    for each in found:
        _basis(each, language, console)
    _simulated(found, language, console)
    console.print(text("uncertainty_rule", language))


def print_trial_intervals(found: TrialUncertainty, language: Language, file: IO[str]) -> None:
    """Write the intervals of a trial's shipments and of their sum; the sum's basis covers that of every shipment."""
    console = _console(file)
    period = {"start": found.period_start or "-", "end": found.period_end or "-"}
    console.print(text("uncertainty_trial", language, trial=found.trial, rule_set=found.rule_set, **period))
    rows = found.shipments if found.total is None else (*found.shipments, found.total)
    console.print(_table(rows, language))
    if found.total is not None:
        _basis(found.total, language, console)
    if found.withheld:
        console.print(text("uncertainty_withheld", language, names=listed(found.withheld, language)))
    if found.without_figure:
        names = listed(found.without_figure, language)
        console.print(text("uncertainty_without_figure", language, names=names))
    _simulated(rows, language, console)
    console.print(text("uncertainty_rule", language))


def _console(file: IO[str]) -> Console:
    return Console(file=file, width=None if file.isatty() else WIDTH, highlight=False, markup=False, soft_wrap=True)


def _table(rows: Sequence[ShownInterval], language: Language) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column(text("uncertainty_figure", language), overflow="fold")
    for key in ("uncertainty_value", "uncertainty_half_width", "uncertainty_low", "uncertainty_high"):
        table.add_column(text(key, language), justify="right", overflow="fold")
    for each in rows:
        interval = (
            (each.half_width, each.low, each.high)
            if each.contributions
            else (text("uncertainty_none", language), "-", "-")
        )
        table.add_row(_name(each, language), each.value, *interval)
    return table


def _simulated(rows: Sequence[ShownInterval], language: Language, console: Console) -> None:
    """What draws say beside the intervals, and where the two differ."""
    drawn = [(each, each.simulated) for each in rows if each.simulated is not None]
    if not drawn:
        return
    asked = drawn[0][1]
    console.print(text("uncertainty_simulated", language, draws=asked.draws, seed=asked.seed))
    table = Table(box=box.SIMPLE)
    table.add_column(text("uncertainty_figure", language), overflow="fold")
    for key in ("uncertainty_low", "uncertainty_high", "uncertainty_apart"):
        table.add_column(text(key, language), justify="right", overflow="fold")
    for each, said in drawn:
        table.add_row(_name(each, language), said.low, said.high, said.apart_pct or "-")
    console.print(table)
    differing = [_name(each, language) for each, said in drawn if said.differs]
    if differing:
        names = listed(differing, language)
        console.print(text("uncertainty_differs", language, names=names, share=decimal_text(APART_PCT_MAX)))


def _bars(found: Sequence[ShownInterval], language: Language, console: Console) -> None:
    least, greatest, drawn = emission_bars(found)
    if drawn:
        console.print(text("uncertainty_bars", language, least=least, greatest=greatest))
        width = max(len(_name(each, language)) for each, _ in drawn)
        for each, bar in drawn:
            console.print(f"  {_name(each, language):{width}}  {bar}")


def _name(each: ShownInterval, language: Language) -> str:
    return text("uncertainty_total", language) if each.figure == "total" else clean(each.figure)


def _by_name(steps: Sequence[str]) -> list[str]:
    """Ids of leaves by the name of their quantity, with how many there are of it.

    >>> _by_name(["mass_kg[chain]", "C1: amount[category:a]", "C2: amount[category:b]"])
    ['mass_kg', 'amount (2)']
    """
    counts = Counter(step.rpartition(": ")[2].partition("[")[0] for step in steps)
    return [name if count == 1 else f"{name} ({count})" for name, count in counts.items()]


def _basis(each: ShownInterval, language: Language, console: Console) -> None:
    console.print(text("uncertainty_basis", language, figure=_name(each, language)))
    for part in each.contributions[:CONTRIBUTIONS_SHOWN_MAX]:
        said = {"variable": part.variable, "half_width": part.half_width, "share": part.share_pct}
        console.print(text("uncertainty_part", language, **said))
    if each.unranged:
        console.print(text("uncertainty_unranged", language, names=listed(_by_name(each.unranged), language)))
    if each.kinks:
        console.print(text("uncertainty_kinks", language, names=listed(each.kinks, language)))
