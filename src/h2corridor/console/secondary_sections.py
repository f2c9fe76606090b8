"""The sections of an emission report about its data: what is primary, which factors were used, how good they are."""

from collections.abc import Sequence

from h2corridor.console.display import percent, rounded
from h2corridor.console.emission_tables import KG, NONE, SMALL, first_names, headed_table
from h2corridor.console.printed import Section, Table
from h2corridor.console.texts import Language, choose, clean, text
from h2corridor.model.emission_report import DIMENSIONS, CategoryRow, EmissionReport, FactorRow, Ratings

_NAMES_MAX = 3
"""Categories named beside a factor in print; the document has all."""


def secondary_sections(report: EmissionReport, language: Language) -> tuple[Section, ...]:
    """Categories, factors, constants and limits, and the quality of all of them."""
    scaling = [row for row in report.secondary.factors if row.wtw_kgco2e_resting is not None]
    fixed = [row for row in report.secondary.factors if row.wtw_kgco2e_resting is None]
    return (
        _categories(report, language),
        _factors("er-factors", "er-factors-say", scaling, language),
        _factors("er-constants", "er-constants-say", fixed, language),
        _quality(report, scaling, language),
    )


def _categories(report: EmissionReport, language: Language) -> Section:
    secondary = report.secondary
    parts = {
        "total": rounded(report.total.wtw_kgco2e, KG),
        "primary": rounded(secondary.primary_wtw_kgco2e, KG),
        "modelled": rounded(secondary.modelled_wtw_kgco2e, KG),
        "default": rounded(secondary.default_wtw_kgco2e, KG),
    }
    rows = [
        (
            clean(row.name),
            text(f"er-data-{row.data}", language),
            _intensity(row, language),
            _data_note(row, language),
            str(row.shipments),
            rounded(row.wtw_kgco2e, KG) or NONE,
            percent(row.share_of_wtw) or NONE,
        )
        for row in secondary.categories
    ]
    heads = ("name", "data", "value", "source", "shipments", "wtw", "share")
    return Section(
        title=text("er-secondary", language),
        texts=(text("er-secondary-says", language, **parts), text("er-secondary-whole", language)),
        tables=(headed_table(heads, rows, (5, 3, 5, 8, 3, 4, 3), language),),
    )


def _data_note(row: CategoryRow, language: Language) -> str:
    """Where a category's data are from, what they cover, and why they are not primary, or that nobody says why."""
    said = [clean(row.source)]
    if row.period_from is not None:
        said.append(text("er-data-period", language, first=row.period_from, last=row.period_until))
    if row.operations is not None:
        said.append(text("er-data-operations", language, operations=row.operations))
    if row.justification is not None:
        said.append(text("er-data-why", language, why=row.justification))
    elif row.lacks_justification:
        said.append(text("er-data-no-why", language))
    return ("；" if language == "zh" else "; ").join(each.rstrip("。.") for each in said)


def _intensity(row: CategoryRow, language: Language) -> str:
    if row.intensity is None:
        return NONE
    shown = f"{rounded(row.intensity, SMALL)} {row.unit}"
    return text("er-mean-of-elements", language, shown=shown) if row.intensity_is_mean else shown


def _factors(title: str, says: str, factors: Sequence[FactorRow], language: Language) -> Section:
    rows = [_factor_row(row, language) for row in factors]
    heads = ("name", "value", "source", "holds", "used", "rests")
    tables = (headed_table(heads, rows, (6, 5, 7, 5, 6, 5), language),) if rows else ()
    return Section(title=text(title, language), texts=(text(says, language),), tables=tables)


def _factor_row(row: FactorRow, language: Language) -> tuple[str, ...]:
    names = first_names(row.categories, _NAMES_MAX, language)
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
        names or NONE,
        _resting(row),
    )


def _resting(row: FactorRow) -> str:
    both = [rounded(each, KG) for each in (row.wtw_kgco2e_resting, row.ttw_kgco2e_resting)]
    return " / ".join(each for each in both if each is not None) or NONE


def _title(row: FactorRow, language: Language) -> str:
    title = choose(row.title_zh, row.title_en, language)
    if row.of:
        title = f"{title} · {clean(row.of)}"
    if row.region is None:
        return title
    asked = row.region_asked
    where = (
        text("er-region-instead", language, region=row.region, asked=asked)
        if asked
        else text("er-region-of", language, region=row.region)
    )
    return f"{title} · {where}"


def _validity(row: FactorRow, language: Language) -> str:
    if row.holds_from is None:
        return text("er-undated", language)
    if row.holds_until is None:
        span = text("er-holds-open", language, first=row.holds_from)
    else:
        span = text("er-holds", language, first=row.holds_from, last=row.holds_until)
    age = text("er-age", language, years=row.age_years) if row.age_years else text("er-in-force", language)
    return text("er-validity", language, span=span, age=age)


def _quality(report: EmissionReport, factors: Sequence[FactorRow], language: Language) -> Section:
    quality = report.quality
    not_rated = text("er-not-rated", language)
    means = [
        (
            text(f"er-dim-{category.dimension}", language),
            rounded(category.mean, 1) or not_rated,
            percent(category.rated_share) or NONE,
            rounded(factor.mean, 1) or not_rated,
            percent(factor.rated_share) or NONE,
        )
        for category, factor in zip(quality.of_categories, quality.of_factors, strict=True)
    ]
    named = [(clean(row.name), row.ratings) for row in report.secondary.categories]
    named += [(_title(row, language), row.ratings) for row in factors]
    rows = [(name, *_cells(ratings, not_rated)) for name, ratings in named]
    heads = ("dimension", "mean-categories", "rated-categories", "mean-factors", "rated-factors")
    pedigree = (text("er-head-datum", language), *(text(f"er-dim-{each}", language) for each in DIMENSIONS))
    says = text("er-quality-says", language, scheme=quality.scheme, digest=quality.digest[:12])
    return Section(
        title=text("er-quality", language),
        texts=(says,),
        tables=(
            headed_table(heads, means, (4, 3, 3, 3, 3), language),
            Table(head=pedigree, rows=tuple(rows), wide=(7, 3, 3, 3, 3, 3)),
        ),
    )


def _cells(ratings: Ratings, not_rated: str) -> list[str]:
    values = [getattr(ratings, each) for each in DIMENSIONS]
    return [not_rated if value is None else str(value) for value in values]
