"""An assessed chain for a terminal."""

from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.explained import Explained
from h2corridor.accounting.market_based import MarketBased
from h2corridor.app.assess_table import TableTotals
from h2corridor.console.explained import write_explanation
from h2corridor.console.texts import Language, choose, text

WIDTH = 120
REFUSED_SHOWN_MAX = 5
_UNJUSTIFIED = {"modelled": "assessed_unjustified_modelled", "default": "assessed_unjustified_default"}
_REMARKS = {
    "no-energy": "remark_no_energy",
    "zero-energy": "remark_zero_energy",
    "operation-above-whole": "remark_operation_above_whole",
    "negative-provision": "remark_negative_provision",
    "electricity-in-operation": "remark_electricity_in_operation",
    "other-period": "remark_other_period",
    "no-class": "remark_no_class",
    "beyond-operation": "remark_beyond_operation",
}


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
    if result.intensity_wtw_kgco2e_per_tkm is None:
        console.print(text("assessed_handling", language, **activity))
    else:
        console.print(text("assessed_activity", language, **activity, intensity=result.intensity_wtw_kgco2e_per_tkm))
    console.print(_elements(result, language))
    _comparisons(result, language, console)
    _factors(result, language, console)
    for gap in result.boundary_gaps:
        console.print(text("assessed_gap", language, step=gap.step, boundary=gap.boundary, source=gap.source))
    for left_out in result.exclusions:
        console.print(text("assessed_excluded", language, element=left_out.element, reason=left_out.reason))
    _data_notes(result, language, console)
    if result.market_based is not None:
        _market_based(result.market_based, language, console)
    console.print(text("assessed_derivation", language, count=len(result.derivation)))


def _comparisons(result: Assessment, language: Language, console: Console) -> None:
    for each in result.comparisons:
        figures = {
            "baseline": each.baseline_kgco2e,
            "project": each.project_kgco2e,
            "difference": each.difference_kgco2e,
        }
        console.print(
            text("assessed_comparison", language, method=f"{each.method}@{each.edition}", status=each.status, **figures)
        )
        for zh, en in ((each.why_zh, each.why_en), (each.caveat_zh, each.caveat_en)):
            if said := choose(zh, en, language):
                console.print(f"  {said}")
        if each.explained is not None:
            _print_explained(console, each.explained, language)
        if each.not_explained is not None:
            why = choose(each.not_explained.why_zh, each.not_explained.why_en, language)
            console.print(text("explained_not", language, why=why))


def _data_notes(result: Assessment, language: Language, console: Console) -> None:
    for note in result.data_notes:
        if note.lacks_justification:
            console.print(text(_UNJUSTIFIED[note.data], language, category=note.category))
        for remark in note.remarks:
            console.print(text(_REMARKS[remark], language, category=note.category))
        for power in note.declared_electricity:
            said = choose(power.says_zh, power.says_en, language)
            console.print(text("assessed_declared_electricity", language, where=power.where, said=said))


def explain_assessment(result: Assessment, language: Language, file: IO[str]) -> None:
    """Write the whole calculation of an assessment as by hand, comparisons after the chain."""
    title = text("explained_title", language, shipment=result.shipment, rule_set=result.rule_set)
    file.write(f"# {title}\n\n{text('explained_rounding', language)}\n")
    write_explanation(result.derivation, language, file)
    for each in result.comparisons:
        name = f"{each.method}@{each.edition}"
        file.write(f"\n# {text('explained_comparison', language, method=name)}\n")
        write_explanation(each.derivation, language, file, known=result.derivation)


def print_table_totals(totals: TableTotals, language: Language, file: IO[str]) -> None:
    """Write what became of a table of shipments, and why the first refused ones were."""
    counts = {
        "shipments": totals.shipments - len(totals.refused),
        "elements": totals.elements,
        "refused": len(totals.refused),
    }
    file.write(f"{text('table_assessed', language, **counts)}\n")
    for shipment, why in totals.refused[:REFUSED_SHOWN_MAX]:
        file.write(f"{text('table_refused', language, shipment=shipment, why=why)}\n")
    if len(totals.refused) > REFUSED_SHOWN_MAX:
        file.write(f"{text('table_more', language, count=len(totals.refused) - REFUSED_SHOWN_MAX)}\n")


def _market_based(market: MarketBased, language: Language, console: Console) -> None:
    if market.status == "not_computable":
        why = choose(market.why_zh, market.why_en, language)
        console.print(text("assessed_market_not_computable", language, why=why))
        return
    figures = {"wtw": market.wtw_kgco2e, "wtt": market.wtt_kgco2e, "intensity": market.intensity_wtw_kgco2e_per_tkm}
    console.print(text("assessed_market", language, **figures))
    for use in market.by_contract:
        console.print(text("assessed_contract", language, where=use.where, source=use.source))
    for grid in market.by_grid:
        console.print(text("assessed_grid", language, where=grid.where, region=grid.grid_region))


def _factors(result: Assessment, language: Language, console: Console) -> None:
    """Whose files were asked, which values are old, and which are of another region than was asked for."""
    for own in result.factor_files:
        told = {"label": own.label, "digest": own.digest[:12], "publisher": own.publisher}
        console.print(text("assessed_file", language, **told))
    for each in result.factors:
        if each.age_years:
            until, years = each.holds_until, each.age_years
            console.print(text("assessed_aged", language, step=each.step, until=until, years=years))
        if each.region != each.region_asked:
            asked, taken = each.region_asked, each.region
            console.print(text("assessed_wider", language, step=each.step, asked=asked, taken=taken))


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
        table.add_column(heading, justify="left" if heading == text("element", language) else "right", overflow="fold")
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
