"""Both sides of the custody of hydrogen for a terminal."""

from collections.abc import Iterable, Sequence
from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table

from h2corridor.app.custody_views import BatchView, ConsignmentView, CustodyView, PartView, ResidualFigure, StoreView
from h2corridor.console.display import rounded
from h2corridor.console.texts import Language, clean, listed, text

WIDTH = 120
_STORE = ("opening", "came", "unbooked", "beyond_record", "went", "vented", "left_earlier", "left")
_BATCH = ("produced", "brought", "backed", "residual", "late", "beyond", "sold", "expired", "left")


def print_custody(view: CustodyView, language: Language, file: IO[str]) -> None:
    """Write the physical side, the attribute side, consignments, and figures with residual hydrogen."""
    console = Console(file=file, width=None if file.isatty() else WIDTH, highlight=False, markup=False)
    console.print(text("custody_physical", language, trial=view.trial), soft_wrap=True)
    _print_stores(console, "custody_stations", view.stations, language)
    _print_stores(console, "custody_trucks", view.trucks, language)
    console.print(text("custody_attribute", language), soft_wrap=True)
    _print_batches(console, view, language)
    for line in _batch_lines(view.batches, language):
        console.print(line, soft_wrap=True)
    console.print(f"\n{text('custody_consignments', language)}", soft_wrap=True)
    for line in _consignment_lines(view.consignments, language):
        console.print(line, soft_wrap=True)
    if view.unshared:
        said = _said(view.unshared, language)
        console.print(text("custody_unshared", language, parts=said), soft_wrap=True)


def _print_stores(console: Console, title: str, stores: Sequence[StoreView], language: Language) -> None:
    table = Table(box=box.SIMPLE)
    table.add_column(text(title, language), overflow="fold")
    for name in _STORE:
        table.add_column(text(f"custody_store_{name}", language), justify="right", overflow="fold")
    for store in stores:
        table.add_row(clean(store.name), *(_shown(getattr(store, f"{name}_kg")) for name in _STORE))
    console.print(table)


def _print_batches(console: Console, view: CustodyView, language: Language) -> None:
    table = Table(box=box.SIMPLE)
    table.add_column(text("custody_batches", language), overflow="fold")
    for name in _BATCH:
        table.add_column(text(f"custody_batch_{name}", language), justify="right", overflow="fold")
    for batch in view.batches:
        masses = {f"{fate}_kg": mass for fate, mass in batch.used_kg.items()}
        cells = [masses.get(f"{name}_kg") or getattr(batch, f"{name}_kg") for name in _BATCH]
        table.add_row(clean(batch.batch_id), *(_shown(cell) for cell in cells))
    console.print(table)


def _batch_lines(batches: Iterable[BatchView], language: Language) -> Iterable[str]:
    """What a row of numbers does not say of a batch: its model, and who else holds its attribute."""
    for batch in batches:
        model = text("custody_unstated" if batch.custody is None else f"custody_{batch.custody}", language)
        yield text("custody_model", language, batch=batch.batch_id, model=model)
        refusing = [name for name, allowed in batch.allowed.items() if allowed is False]
        if refusing:
            yield text("custody_refused", language, rules=listed(refusing, language))
        if batch.other_claims:
            yield text("custody_claimed", language, row=batch.row, claim=batch.other_claims)
        for sale in batch.sales:
            said = {"sale": sale.sale, "kg": sale.mass_kg, "buyer": sale.buyer, "instrument": sale.instrument}
            yield text("custody_sale", language, at=sale.sold_at.isoformat(), source=sale.source, **said)


def _consignment_lines(consignments: Iterable[ConsignmentView], language: Language) -> Iterable[str]:
    for each in consignments:
        parts = _said(each.parts, language)
        yield text("custody_consignment", language, id=each.consignment_id, kg=_shown(each.used_kg), parts=parts)
        for figure in each.residual_figures:
            yield _figure_line(figure, language)


def _figure_line(figure: ResidualFigure, language: Language) -> str:
    nothing = text("not_computable", language)
    missing = figure.missing_zh if language == "zh" else figure.missing
    return text(
        "custody_figure",
        language,
        rules=figure.rule_set,
        status=text(f"custody_{figure.status}", language),
        wtw=figure.wtw_kgco2e or nothing,
        residual=figure.residual_wtw_kgco2e or f"{nothing} {listed(missing, language)}".strip(),
        factor=figure.residual_kgco2e_per_kg,
        source=figure.residual_source,
    )


def _said(parts: Iterable[PartView], language: Language) -> str:
    unknown = text("custody_unknown", language)
    return listed(
        (
            text(
                f"custody_part_{part.fate}",
                language,
                batch=unknown if part.batch_id is None else part.batch_id,
                kg=_shown(part.kg),
            )
            for part in parts
        ),
        language,
    )


def _shown(kg: str) -> str:
    return rounded(kg, 3) or kg
