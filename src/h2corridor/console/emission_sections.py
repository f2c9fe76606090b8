"""An emission report as sections of paragraphs, tables and charts in one language: what every printed form shows."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from h2corridor.console.display import percent, rounded
from h2corridor.console.emission_tables import KG, NONE, ROWS_MAX, SMALL, headed_table
from h2corridor.console.error_texts import speak
from h2corridor.console.parallel_sections import parallel_sections
from h2corridor.console.print_charts import COLOURS, Mark, Row, bar_charts
from h2corridor.console.printed import Section
from h2corridor.console.secondary_sections import secondary_sections
from h2corridor.console.texts import Language, choose, clean, listed, text
from h2corridor.console.waterfall import TOTAL_COLOUR, Step, stage_colour, waterfall_chart
from h2corridor.model.emission_report import Breakdown, By, EmissionReport, Footprint, NotCovered, ReportFigures, Stage

BARS_MAX = 40


def emission_sections(report: EmissionReport, language: Language) -> tuple[Section, ...]:
    """Every section of a report, in order."""
    ways = dict.fromkeys((report.shown_by, "mode"))
    cuts = [each for by in ways for each in report.breakdowns if each.by == by]
    return (
        _result(report, language),
        *(_breakdown(each, language) for each in cuts),
        *parallel_sections(report, language),
        *(_footprint(each, language) for each in report.footprints),
        *secondary_sections(report, language),
        _method(report, language),
        *_left_out(report, language),
        *_applies(report, language),
    )


def front_figures(report: EmissionReport, language: Language) -> tuple[tuple[str, str], ...]:
    """The figures that stand before the first section."""
    total = report.total
    kg = {name: f"{rounded(getattr(total, f'{name}_kgco2e'), KG)} kgCO2e" for name in ("wtw", "wtt", "ttw")}
    intensity = rounded(total.intensity_wtw_kgco2e_per_tkm, SMALL)
    return (
        (text("er-fact-wtw", language), kg["wtw"]),
        (text("er-fact-wtt", language), kg["wtt"]),
        (text("er-fact-ttw", language), kg["ttw"]),
        (
            text("er-fact-intensity", language),
            f"{intensity} kgCO2e/tkm" if intensity else text("er-unknown", language),
        ),
        (text("er-fact-primary", language), _primary(total, language)),
        *_standing(report, language),
    )


def _standing(report: EmissionReport, language: Language) -> Iterable[tuple[str, str]]:
    """How the figures stand, and what they do not hold, before anybody reads them for more."""
    method = report.method
    counts = {"rules": method.rules_used, "unseen": method.clauses_unseen}
    yield text("er-fact-standing", language), text("er-standing", language, status=method.status, **counts)
    if report.not_covered or report.exclusions:
        outside = {"shipments": len(report.not_covered), "hubs": len(report.exclusions)}
        yield text("er-fact-outside", language), text("er-outside", language, **outside)
    if report.boundary_gaps:
        count = len(report.boundary_gaps)
        yield text("er-fact-gaps", language), text("er-gaps-count", language, count=count)


def _primary(total: ReportFigures, language: Language) -> str:
    unknown = text("er-share-unknown", language)
    emissions, activity = percent(total.primary_by_wtw_emissions), percent(total.primary_by_transport_activity)
    return text("er-primary-both", language, emissions=emissions or unknown, activity=activity or unknown)


def _result(report: EmissionReport, language: Language) -> Section:
    total = report.total
    says = text(
        "er-result-says",
        language,
        tkm=rounded(total.transport_activity_tkm, KG),
        hub=rounded(total.hub_activity_t, KG),
    )
    stages = [each for each in report.waterfall.stages if each.kgco2e is not None]
    rows = [(_stage_label(each, report.waterfall.by, language), rounded(each.kgco2e, KG) or NONE) for each in stages]
    rows.append((text("er-total", language), rounded(total.wtw_kgco2e, KG) or NONE))
    return Section(
        title=text("er-result", language),
        texts=(says, text("er-rounded", language)),
        charts=(_waterfall(report, stages, language),),
        tables=(headed_table(("stage", "wtw"), rows, (5, 2), language),),
    )


def _waterfall(report: EmissionReport, stages: Sequence[Stage], language: Language) -> str:
    steps = [
        Step(
            label=_stage_label(each, report.waterfall.by, language),
            value=Decimal(each.kgco2e or 0),
            colour=stage_colour(each.stage),
        )
        for each in stages
    ]
    total = Step(label=text("er-total", language), value=Decimal(report.total.wtw_kgco2e), colour=TOTAL_COLOUR)
    parts = [
        text("er-waterfall-part", language, label=each.label, value=rounded(each.value, KG) or NONE) for each in steps
    ]
    shown = rounded(total.value, KG)
    return waterfall_chart(
        steps,
        total,
        _legend(language),
        title=text("er-waterfall-title", language),
        described=text("er-waterfall-desc", language, parts=listed(parts, language), total=shown),
        places=KG,
    )


def _legend(language: Language) -> list[tuple[str, str]]:
    names = ("energy_provision", "operation")
    return [(text(f"er-stage-{name}", language), stage_colour(name)) for name in names]


def _stage_label(stage: Stage, by: str, language: Language) -> str:
    where = text(f"er-mode-{stage.where}", language) if by == "mode" else stage.where
    where = where or text("er-unnamed", language)
    return text("er-label", language, where=where, stage=text(f"er-stage-{stage.stage}", language))


def _breakdown(breakdown: Breakdown, language: Language) -> Section:
    title = text(f"er-by-{breakdown.by}", language)
    shown = breakdown.parts[:ROWS_MAX]
    counts = {"shown": len(shown), "count": len(breakdown.parts)}
    more = (text("er-more-rows", language, **counts),) if len(shown) < len(breakdown.parts) else ()
    largest = sorted(shown, key=lambda part: -abs(Decimal(part.wtw_kgco2e)))[:BARS_MAX]
    bars = [
        Row(
            label=_name(part.name, breakdown.by, language),
            marks=(_mark(part.wtt_kgco2e, COLOURS[0]), _mark(part.ttw_kgco2e, COLOURS[1])),
        )
        for part in largest
    ]
    charts = bar_charts(bars, _legend(language), title=text("er-bars-title", language, by=title))
    heads = (
        *("name", "shipments", "wtt", "ttw", "wtw", "tkm", "hub", "intensity"),
        *("primary-emissions", "primary-activity"),
    )
    rows = [_figures_row(part, breakdown.by, language) for part in shown]
    return Section(
        title=title,
        texts=more,
        charts=tuple(charts),
        tables=(headed_table(heads, rows, (6, 5, 5, 5, 5, 6, 4, 5, 5, 5), language),),
    )


def _mark(kgco2e: str, colour: str) -> Mark:
    return Mark(value=Decimal(kgco2e), shown=rounded(kgco2e, KG) or NONE, colour=colour)


def _name(name: str, by: By, language: Language) -> str:
    if not name:
        return text("er-unnamed", language)
    return text(f"er-mode-{name}", language) if by == "mode" else clean(name)


def _figures_row(part: ReportFigures, by: By, language: Language) -> tuple[str, ...]:
    kilograms = (part.wtt_kgco2e, part.ttw_kgco2e, part.wtw_kgco2e, part.transport_activity_tkm, part.hub_activity_t)
    return (
        _name(part.name, by, language),
        str(part.shipments),
        *(rounded(each, KG) or NONE for each in kilograms),
        rounded(part.intensity_wtw_kgco2e_per_tkm, SMALL) or NONE,
        percent(part.primary_by_wtw_emissions) or NONE,
        percent(part.primary_by_transport_activity) or NONE,
    )


def _footprint(footprint: Footprint, language: Language) -> Section:
    unknown = text("er-share-unknown", language)
    shares = [
        text(f"er-weight-{each.weight}", language, share=percent(each.share) or unknown) for each in footprint.primary
    ]
    says = [text("er-footprint-says", language, value=rounded(footprint.kgco2e, SMALL))]
    says.append(text("er-footprint-primary", language, share=listed(shares, language)))
    if footprint.biogenic_kgco2e is None:
        says.append(text("er-footprint-biogenic", language))
    says.append(text("er-footprint-structure", language))
    rows = [_stage_row(each, language) for each in footprint.stages]
    return Section(
        title=text(f"er-unit-{footprint.declared_unit}", language, subject=footprint.subject),
        texts=tuple(says),
        tables=(headed_table(("stage", "included", "kgco2e"), rows, (5, 6, 2), language),),
    )


def _stage_row(stage: Stage, language: Language) -> tuple[str, ...]:
    name = text(f"er-stage-{stage.stage}", language)
    if stage.where:
        where = stage.where if stage.stage == "hub" else text(f"er-mode-{stage.where}", language)
        name = text("er-label", language, where=where, stage=name)
    why = text(f"er-why-{stage.reason}", language, stated=stage.stated)
    return (name, why, rounded(stage.kgco2e, SMALL) or NONE)


def _method(report: EmissionReport, language: Language) -> Section:
    method = report.method
    standard = text(
        "er-method-standard",
        language,
        standard=method.standard,
        title=choose(method.title_zh, method.title_en, language),
        rule_set=method.rule_set,
        status=method.status,
        digest=method.digest,
    )
    counts = {"rules": method.rules_used, "unseen": method.clauses_unseen, "own": method.clauses_own}
    says = [standard, text("er-method-clauses", language, **counts)]
    for each in method.factor_files:
        title = choose(each.title_zh, each.title_en, language)
        said = {"label": each.label, "publisher": each.publisher, "licence": each.licence, "digest": each.digest}
        says.append(text("er-method-file", language, title=title, **said))
    says += [text(key, language) for key in ("er-method-electricity", "er-method-covers", "er-method-not")]
    if report.period.undated:
        says.append(text("er-method-undated", language, count=report.period.undated))
    says.append(text("er-method-nobody", language))
    if not (report.boundary_gaps or report.exclusions or report.uncounted or report.not_covered):
        says.append(text("er-none-left-out", language))
    return Section(title=text("er-method", language), texts=tuple(says))


def _left_out(report: EmissionReport, language: Language) -> Iterable[Section]:
    heads = ("shipment", "where", "why")
    if report.boundary_gaps:
        gaps = [(each.shipment, each.step, f"{each.boundary} → {each.wanted}") for each in report.boundary_gaps]
        yield _listing("er-gaps", gaps, heads, (), language)
    if report.exclusions:
        hubs = [(each.shipment, f"{each.element} · {each.category}", each.reason) for each in report.exclusions]
        yield _listing("er-exclusions", hubs, heads, (), language)
    if report.uncounted:
        notes = [(each.shipment, choose(each.zh, each.en, language)) for each in report.uncounted]
        yield _listing("er-uncounted", notes, ("shipment", "why"), (), language)
    if report.not_covered:
        refused = [(each.shipment, _why_not(each, language)) for each in report.not_covered]
        says = (text("er-not-covered-says", language),)
        yield _listing("er-not-covered", refused, ("shipment", "why"), says, language)


def _why_not(each: NotCovered, language: Language) -> str:
    why = each.why_zh if language == "zh" else each.why_en
    said = listed(why, language) if why else speak(each.message, language)
    return said.replace("\n", " ")


def _listing(
    key: str, rows: Sequence[tuple[str, ...]], heads: tuple[str, ...], says: tuple[str, ...], language: Language
) -> Section:
    shown = [tuple(clean(cell) for cell in row) for row in rows[:ROWS_MAX]]
    if len(shown) < len(rows):
        says = (*says, text("er-more-rows", language, shown=len(shown), count=len(rows)))
    wide = (3, 5, 6) if len(heads) == 3 else (2, 9)
    return Section(title=text(key, language), texts=says, tables=(headed_table(heads, shown, wide, language),))


def _applies(report: EmissionReport, language: Language) -> Iterable[Section]:
    route = report.route
    says = []
    if route.from_country or route.to_country:
        unnamed = text("er-unnamed", language)
        ends = {"start": route.from_country or unnamed, "end": route.to_country or unnamed}
        says.append(text("er-applies-ends", language, **ends))
    says += [text(f"er-applies-{each}", language) for each in route.applies]
    if says:
        yield Section(title=text("er-applies", language), texts=tuple(says))
