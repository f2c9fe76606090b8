"""The sections of an emission report that stand beside its total: electricity by contracts, and intervals."""

import re
from collections.abc import Iterator

from h2corridor.console.display import rounded
from h2corridor.console.emission_tables import (
    KG,
    NONE,
    ROWS_MAX,
    SMALL,
    first_names,
    headed_table,
)
from h2corridor.console.printed import Section
from h2corridor.console.texts import Language, clean, text
from h2corridor.model.emission_report import ContractRow, EmissionReport, IntervalReading, IntervalRow, MarketReading

_PLACE = re.compile(
    r"\$\.categories\['(?P<category>.*)'\]\.energy\[(?P<number>[0-9]+)\]\.(supply\.(?P<end>trailer|station)_)?grid_region",
    re.DOTALL,
)
NAMES_MAX = 12
"""Numbers without range, and variables, named in print; the document has all."""


def parallel_sections(report: EmissionReport, language: Language) -> Iterator[Section]:
    """The market-based reading where a contract is stated, and the intervals where ranges are."""
    if report.market_based is not None:
        yield _market(report.market_based, report, language)
    if report.intervals is not None:
        yield _intervals(report.intervals, language)


def _market(market: MarketReading, report: EmissionReport, language: Language) -> Section:
    says = [_market_figure(market, report, language), text("er-market-says", language)]
    if market.by_grid:
        places = [f"{each.shipment}: {_place(each.where, language)}" for each in market.by_grid]
        counts = {"count": len(market.by_grid), "names": first_names(places, NAMES_MAX, language)}
        says.append(text("er-market-grid", language, **counts))
    heads = ("shipment", "where", "instrument", "value", "source", "holds")
    rows = [_contract(each, language) for each in market.by_contract[:ROWS_MAX]]
    if len(rows) < len(market.by_contract):
        says.append(text("er-more-rows", language, shown=len(rows), count=len(market.by_contract)))
    return Section(
        title=text("er-market", language),
        texts=tuple(says),
        tables=(headed_table(heads, rows, (3, 7, 4, 4, 6, 5), language),),
    )


def _market_figure(market: MarketReading, report: EmissionReport, language: Language) -> str:
    if market.wtw_kgco2e is None:
        why = [f"{each.shipment}: {each.message.rstrip('.')}" for each in market.not_computable]
        return text("er-market-none", language, why=first_names(why, NAMES_MAX, language))
    return text(
        "er-market-figure",
        language,
        wtw=rounded(market.wtw_kgco2e, KG),
        intensity=rounded(market.intensity_wtw_kgco2e_per_tkm, SMALL) or NONE,
        location=rounded(report.total.wtw_kgco2e, KG),
        difference=rounded(market.difference_wtw_kgco2e, KG),
        shipments=market.shipments,
    )


def _contract(each: ContractRow, language: Language) -> tuple[str, ...]:
    span = {"first": each.valid_from or NONE, "last": each.valid_until or NONE}
    return (
        clean(each.shipment),
        _place(each.where, language),
        text(f"er-instrument-{each.instrument}", language),
        f"{each.kgco2e_per_kwh} kgCO2e/kWh" if each.kgco2e_per_kwh is not None else NONE,
        clean(each.source),
        text("er-holds", language, **span) if each.valid_from or each.valid_until else text("er-no-validity", language),
    )


def _place(where: str, language: Language) -> str:
    """Where electricity is used, in words; a place of another form stands as it is."""
    found = _PLACE.fullmatch(where)
    if found is None:
        return clean(where)
    use = text(f"er-market-use-{found['end'] or 'own'}", language)
    return text("er-market-place", language, category=found["category"], number=int(found["number"]) + 1, use=use)


def _intervals(found: IntervalReading, language: Language) -> Section:
    total = found.total
    figures = {"low": rounded(total.low_kgco2e, KG), "high": rounded(total.high_kgco2e, KG)}
    says = [text("er-interval-total", language, half=rounded(total.half_width_kgco2e, KG), **figures)]
    says.append(text("er-interval-says", language))
    if found.unranged:
        names = first_names(found.unranged, NAMES_MAX, language)
        says.append(text("er-interval-exact", language, count=len(found.unranged), names=names))
    if found.kinks:
        names = first_names(found.kinks, NAMES_MAX, language)
        says.append(text("er-interval-kinks", language, names=names))
    shown = found.shipments[:ROWS_MAX]
    if len(shown) < len(found.shipments):
        says.append(text("er-more-rows", language, shown=len(shown), count=len(found.shipments)))
    rows = [_interval(clean(each.name), each) for each in shown]
    rows.append(_interval(text("er-total", language), total))
    parts = [
        (clean(each.variable), rounded(each.half_width_kgco2e, KG) or NONE, f"{rounded(each.share_pct, 1)} %")
        for each in found.contributions[:NAMES_MAX]
    ]
    tables = [headed_table(("name", "wtw", "half-width", "low", "high"), rows, (5, 3, 3, 3, 3), language)]
    if parts:
        tables.append(headed_table(("variable", "half-width", "variance"), parts, (8, 3, 3), language))
    return Section(title=text("er-interval", language), texts=tuple(says), tables=tuple(tables))


def _interval(name: str, row: IntervalRow) -> tuple[str, ...]:
    numbers = (row.wtw_kgco2e, row.half_width_kgco2e, row.low_kgco2e, row.high_kgco2e)
    return (name, *(rounded(each, KG) or NONE for each in numbers))
