"""An assessed chain for a terminal."""

from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.explained import Explained
from h2corridor.console.texts import Language, choose, text

WIDTH = 120


def print_assessment(result: Assessment, language: Language, file: IO[str]) -> None:
    """Write totals, elements, comparisons, gaps and exclusions of an assessment."""
    console = Console(file=file, width=None if file.isatty() else WIDTH, highlight=False, markup=False, soft_wrap=True)
    console.print(
        text(
            "assessed",
            language,
            shipment=result.shipment,
            rule_set=result.rule_set,
            status=result.rule_set_status,
            digest=result.rule_set_digest[:12],
        )
    )
    totals = {"wtw": result.wtw_kgco2e, "ttw": result.ttw_kgco2e, "wtt": result.wtt_kgco2e}
    console.print(text("assessed_totals", language, **totals))
    activity = {"tkm": result.transport_activity_tkm, "t": result.hub_activity_t}
    console.print(text("assessed_activity", language, **activity, intensity=result.intensity_wtw_kgco2e_per_tkm))
    console.print(_elements(result, language))
    for each in result.comparisons:
        figures = {
            "baseline": each.baseline_kgco2e,
            "project": each.project_kgco2e,
            "difference": each.difference_kgco2e,
        }
        console.print(text("assessed_comparison", language, method=each.method, status=each.status, **figures))
        for zh, en in ((each.why_zh, each.why_en), (each.caveat_zh, each.caveat_en)):
            if said := choose(zh, en, language):
                console.print(f"  {said}")
        if each.explained is not None:
            _print_explained(console, each.explained, language)
    for gap in result.boundary_gaps:
        console.print(text("assessed_gap", language, step=gap.step, boundary=gap.boundary, source=gap.source))
    for left_out in result.exclusions:
        console.print(text("assessed_excluded", language, element=left_out.element, reason=left_out.reason))
    console.print(text("assessed_derivation", language, count=len(result.derivation)))


def _print_explained(console: Console, explained: Explained, language: Language) -> None:
    """Write where hydrogen breaks even, and the rows from the press figure to the difference."""
    intensities = {
        "nozzle": explained.nozzle_kgco2e_per_kg,
        "even": explained.break_even_kgco2e_per_kg,
        "tailpipe": explained.break_even_tailpipe_kgco2e_per_kg,
    }
    console.print(text("explained_intensity", language, **intensities))
    console.print(text("explained_press", language, press=explained.press_kgco2e))
    for row in explained.rows:
        title = choose(row.title_zh, row.title_en, language)
        console.print(text("explained_row", language, title=title, value=row.kgco2e))


def _elements(result: Assessment, language: Language) -> Table:
    table = Table(box=box.SIMPLE)
    for heading in (
        text("element", language),
        text("element_activity", language),
        "WTW kgCO2e",
        "WTT kgCO2e",
        "TTW kgCO2e",
    ):
        table.add_column(heading, justify="left" if heading == text("element", language) else "right")
    for each in result.elements:
        activity = (
            f"{each.hub_activity_t} t" if each.hub_activity_t is not None else f"{each.transport_activity_tkm} tkm"
        )
        table.add_row(
            each.id,
            each.excluded or activity,
            each.wtw_kgco2e or "-",
            each.wtt_kgco2e or "-",
            each.ttw_kgco2e or "-",
        )
    return table
