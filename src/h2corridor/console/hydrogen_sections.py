"""A report on plants' hydrogen as sections of paragraphs and tables in one language."""

from collections.abc import Iterator

from h2corridor.console.display import percent, rounded
from h2corridor.console.emission_tables import NONE, SMALL, headed_table
from h2corridor.console.printed import Section, Table
from h2corridor.console.texts import Language, choose, clean, listed, text
from h2corridor.model.emission_report import DIMENSIONS
from h2corridor.model.hydrogen_report import (
    AllocationRow,
    ElectricityRow,
    HydrogenFactorRow,
    HydrogenFootprint,
    HydrogenProduct,
    HydrogenReport,
    HydrogenStage,
)


def hydrogen_sections(report: HydrogenReport, language: Language) -> tuple[Section, ...]:
    """Every section of a report: plant after plant, then the method."""
    found: list[Section] = []
    for product in report.products:
        found.append(_product(product, language))
        found += [_footprint(each, product, language) for each in product.footprints]
        found.append(_electricity(product, language))
        found.append(_factors(product, language))
        found.append(_quality(product, report, language))
        found += _gaps(product, language)
    return (*found, _method(report, language))


def front_facts(report: HydrogenReport, language: Language) -> tuple[tuple[str, str], ...]:
    """The result of each plant with its boundary, and how it stands."""
    facts = [(_subject(each), _result(each, language)) for each in report.products]
    method = report.method
    counts = {"rules": method.rules_used, "unseen": method.clauses_unseen}
    standing = text("hr-standing", language, status=method.status, **counts)
    return (*facts, (text("hr-fact-standing", language), standing))


def _subject(product: HydrogenProduct) -> str:
    return f"{clean(product.plant)}, {product.period_from} – {product.period_until}"


def _titled(key: str, product: HydrogenProduct, language: Language) -> str:
    return text("hr-titled", language, title=text(key, language), subject=_subject(product))


def _result(product: HydrogenProduct, language: Language) -> str:
    boundary = text(f"production_boundary_{product.boundary}", language)
    if product.kgco2e_per_kg is None:
        return text("production_no_result", language, boundary=boundary, why=_why(product, language))
    figure, method = rounded(product.kgco2e_per_kg, SMALL), _way(product.allocation, language)
    result = text("production_result", language, figure=figure, boundary=boundary, method=method)
    return text("hr-not-recomputed", language, result=result) if product.allocation == "declared" else result


def _why(row: HydrogenProduct | AllocationRow | ElectricityRow, language: Language) -> str:
    return choose(row.why_zh, row.why_en, language)


def _way(method: str, language: Language) -> str:
    return text(f"production_method_{method}", language)


def _product(product: HydrogenProduct, language: Language) -> Section:
    purity = f"{product.purity_mol_pct} %" if product.purity_mol_pct is not None else NONE
    pressure = f"{product.pressure_mpa} MPa" if product.pressure_mpa is not None else NONE
    shown = {"kg": product.hydrogen_kg or NONE, "purity": purity, "pressure": pressure}
    says = [
        text("hr-pathway", language, pathway=product.pathway),
        text("production_hydrogen", language, **shown),
        _result(product, language),
        text("hr-allocations-say", language),
    ]
    for each in product.passed_over:
        why = choose(each.why_zh, each.why_en, language)
        says.append(text("hr-passed-over", language, method=_way(each.method, language), why=why))
    if product.unexplained_kg is not None:
        says.append(text("hr-unexplained", language, kg=product.unexplained_kg))
    stated = product.declared
    if stated is not None:
        said = {"method": stated.method, "allocation": stated.allocation, "source": stated.source}
        says.append(text("production_declared", language, figure=stated.kgco2e_per_kg, **said))
    if product.leaked is not None:
        leaked = product.leaked
        said = {"figure": leaked.kgco2e or NONE, "gwp": leaked.gwp100 or NONE, "source": leaked.source}
        says.append(text("hr-leaked", language, **said))
    rows = [_allocation(each, language) for each in product.allocations]
    return Section(
        title=text("hr-plant", language, subject=_subject(product)),
        texts=tuple(says),
        tables=(headed_table(("allocation", "gate", "nozzle", "why"), rows, (5, 4, 4, 8), language),),
    )


def _allocation(row: AllocationRow, language: Language) -> tuple[str, ...]:
    name = _way(row.method, language)
    figures = (rounded(each, SMALL) or NONE for each in (row.gate_kgco2e_per_kg, row.nozzle_kgco2e_per_kg))
    chosen = text("hr-chosen", language) if row.chosen else ""
    return (name, *figures, chosen or clean(_why(row, language) if row.why_en else ""))


def _footprint(footprint: HydrogenFootprint, product: HydrogenProduct, language: Language) -> Section:
    says = [
        text("er-footprint-says", language, value=rounded(footprint.kgco2e_per_kg, SMALL)),
        text("hr-footprint-allocation", language, method=_way(product.allocation, language)),
        _primary(footprint, language),
        text("er-footprint-biogenic", language),
        text("er-footprint-structure", language),
    ]
    rows = [_stage(each, language) for each in footprint.stages]
    return Section(
        title=text(f"hr-unit-{footprint.declared_unit}", language, subject=_subject(product)),
        texts=tuple(says),
        tables=(headed_table(("stage", "included", "kgco2e"), rows, (6, 6, 3), language),),
    )


def _primary(footprint: HydrogenFootprint, language: Language) -> str:
    if footprint.primary_share is not None:
        return text("er-footprint-primary", language, share=percent(footprint.primary_share))
    if footprint.primary_share_at_most is None:
        return text("hr-primary-unknown", language)
    return text("hr-primary-at-most", language, share=percent(footprint.primary_share_at_most))


def _stage(stage: HydrogenStage, language: Language) -> tuple[str, ...]:
    name = text(f"hr-stage-{stage.stage}", language, name=stage.name)
    return (name, text(f"er-why-{stage.reason}", language, stated=""), rounded(stage.kgco2e_per_kg, SMALL) or NONE)


def _electricity(product: HydrogenProduct, language: Language) -> Section:
    rows = [_reading(each, language) for each in product.readings]
    heads = ("reading", "gate", "nozzle", "why")
    tables = (headed_table(heads, rows, (5, 4, 4, 9), language),) if rows else ()
    key = "hr-electricity-says" if rows else "hr-electricity-none"
    return Section(title=_titled("hr-electricity", product, language), texts=(text(key, language),), tables=tables)


def _reading(row: ElectricityRow, language: Language) -> tuple[str, ...]:
    basis = text(f"production_basis_{row.basis}", language)
    figures = (rounded(each, SMALL) or NONE for each in (row.gate_kgco2e_per_kg, row.nozzle_kgco2e_per_kg))
    remarks = [
        text(
            "production_factor",
            language,
            region=each.region,
            boundary=text(f"production_boundary_{each.boundary}", language),
            year=each.holds_from[:4],
            value=each.kgco2e_per_kwh,
        )
        for each in row.factors
    ]
    for each in row.by_contract:
        instrument = text(f"er-instrument-{each.instrument}", language)
        said = {"where": each.where, "instrument": instrument, "value": each.kgco2e_per_kwh or NONE}
        remarks.append(text("hr-contract", language, source=each.source, **said))
    if row.on_grid and row.basis == "market":
        remarks.append(text("production_on_grid", language, ids=listed(row.on_grid, language)))
    if row.as_declared:
        remarks.append(text("hr-as-declared", language, names=listed(row.as_declared, language)))
    if row.why_en is not None:
        remarks.append(_why(row, language))
    name = text("production_reading_stated", language, basis=basis) if row.stated else basis
    return (name, *figures, ("；" if language == "zh" else "; ").join(remarks))


def _factors(product: HydrogenProduct, language: Language) -> Section:
    rows = [_factor(row, language) for row in product.factors]
    heads = ("name", "value", "source", "holds", "rests-per-kg")
    return Section(
        title=_titled("er-factors", product, language),
        texts=(text("er-factors-say", language),),
        tables=(headed_table(heads, rows, (7, 5, 8, 5, 4), language),) if rows else (),
    )


def _factor(row: HydrogenFactorRow, language: Language) -> tuple[str, ...]:
    source = clean(row.source)
    if row.page is not None:
        source = text("er-page", language, source=source, page=row.page)
    if row.licence is not None:
        source = text("er-licence", language, source=source, licence=row.licence)
    if row.pack is not None:
        source = text("er-pack", language, source=source, pack=row.pack)
    return (
        _title(row, language),
        row.value if row.unit == "1" else f"{row.value} {row.unit}",
        source,
        _validity(row, language),
        rounded(row.kgco2e_per_kg_resting, SMALL) or NONE,
    )


def _title(row: HydrogenFactorRow, language: Language) -> str:
    parts = [choose(row.title_zh, row.title_en, language)]
    if row.of:
        parts.append(clean(row.of))
    elif row.at != "rule_set":
        parts.append(text(f"hr-at-{row.at}", language))
    if row.region is not None:
        asked = row.region_asked
        key = "er-region-instead" if asked else "er-region-of"
        parts.append(text(key, language, region=row.region, **({"asked": asked} if asked else {})))
    return " · ".join(parts)


def _validity(row: HydrogenFactorRow, language: Language) -> str:
    if row.holds_from is None:
        return text("er-undated", language)
    if row.holds_until is None:
        span = text("er-holds-open", language, first=row.holds_from)
    else:
        span = text("er-holds", language, first=row.holds_from, last=row.holds_until)
    age = text("er-age", language, years=row.age_years) if row.age_years else text("er-in-force", language)
    return text("er-validity", language, span=span, age=age)


def _quality(product: HydrogenProduct, report: HydrogenReport, language: Language) -> Section:
    not_rated = text("er-not-rated", language)
    means = [
        (
            text(f"er-dim-{each.dimension}", language),
            rounded(each.mean, 1) or not_rated,
            percent(each.rated_share) or NONE,
        )
        for each in product.of_factors
    ]
    rows = [(_title(row, language), *_cells(row, not_rated)) for row in product.factors]
    pedigree = (text("er-head-datum", language), *(text(f"er-dim-{each}", language) for each in DIMENSIONS))
    tables = [headed_table(("dimension", "mean-factors", "rated-factors"), means, (4, 3, 3), language)]
    if rows:
        tables.append(Table(head=pedigree, rows=tuple(rows), wide=(7, 3, 3, 3, 3, 3)))
    says = (
        text("er-quality-says", language, scheme=report.scheme, digest=report.scheme_digest[:12]),
        text("hr-quality-amounts", language),
    )
    return Section(title=_titled("er-quality", product, language), texts=says, tables=tuple(tables))


def _cells(row: HydrogenFactorRow, not_rated: str) -> list[str]:
    values = [getattr(row.ratings, each) for each in DIMENSIONS]
    return [not_rated if value is None else str(value) for value in values]


def _gaps(product: HydrogenProduct, language: Language) -> Iterator[Section]:
    if product.boundary_gaps:
        rows = [
            (clean(each.step), f"{each.boundary} → {each.wanted}", clean(each.source)) for each in product.boundary_gaps
        ]
        yield Section(
            title=_titled("er-gaps", product, language),
            tables=(headed_table(("where", "why", "source"), rows, (6, 4, 6), language),),
        )


def _method(report: HydrogenReport, language: Language) -> Section:
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
    if report.caveat_en:
        says.append(choose(report.caveat_zh, report.caveat_en, language))
    says += [text(key, language) for key in ("er-method-electricity", "hr-method-not", "er-method-nobody")]
    return Section(title=text("er-method", language), texts=tuple(says))
