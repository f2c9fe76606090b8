"""Factors for a terminal."""

from collections.abc import Sequence
from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table

from h2corridor.app.factors import ChangedFigure, FactorCheck, FactorDiff, FactorListing
from h2corridor.console.texts import Language, choose, clean, text

WIDTH = 140
_HEADINGS = (
    "factors_name",
    "factors_value",
    "factors_unit",
    "factors_boundary",
    "factors_region",
    "factors_level",
    "factors_validity",
    "factors_pack",
)


def print_factors(found: Sequence[FactorListing], language: Language, file: IO[str]) -> None:
    """Write a table of factors, a row a value."""
    if not found:
        file.write(f"{text('factors_none', language)}\n")
        return
    console = Console(file=file, width=None if file.isatty() else WIDTH, highlight=False, markup=False)
    table = Table(box=box.SIMPLE)
    for heading in _HEADINGS:
        table.add_column(text(heading, language), overflow="fold")
    for each in found:
        cells = (each.name, each.value, each.unit, each.boundary, each.region, each.level, _validity(each, language))
        table.add_row(*(clean(cell or "") for cell in (*cells, each.pack)))
    console.print(table)


def print_factor(found: Sequence[FactorListing], language: Language, file: IO[str]) -> None:
    """Write every value of a factor with where it is from."""
    for each in found:
        about = {
            "name": each.name,
            "title": choose(each.title_zh, each.title_en, language),
            "value": each.value,
            "unit": each.unit,
        }
        place = {
            "boundary": each.boundary or "-",
            "region": each.region or "-",
            "level": each.level or "-",
            "validity": _validity(each, language),
        }
        origin = {"source": each.source, "page": each.page, "day": each.checked_on}
        owner = {"pack": each.pack or "-", "licence": each.licence or "-", "digest": each.digest}
        file.write(f"{text('factor_value', language, **about)}\n")
        file.write(f"{text('factor_place', language, **place)}\n")
        file.write(f"{text('factor_source', language, **origin)}\n{text('factor_pack', language, **owner)}\n\n")


def print_factor_check(checked: FactorCheck, language: Language, file: IO[str]) -> None:
    """Write every fault of a file with its line, or that it has none."""
    for fault in checked.faults:
        where = text("factors_line", language, line=fault.line) if fault.line else checked.file
        says = choose(fault.says_zh, fault.says_en, language)
        parts = [where, clean(fault.entry), says] if fault.entry else [where, says]
        file.write(f"{text('colon', language).join(parts)}\n")
    if checked.faults:
        file.write(f"{text('factors_faults', language, file=checked.file, count=len(checked.faults))}\n")
        return
    words = {"file": checked.file, "label": checked.label, "count": checked.entries, "digest": checked.digest}
    file.write(f"{text('factors_whole', language, **words)}\n")


def print_factor_diff(found: FactorDiff, language: Language, file: IO[str]) -> None:
    """Write what was added (+), removed (-) and changed (~), what has ended, and old and new figures."""
    lines = [f"+ {_line(each, language)}" for each in found.added]
    lines += [f"- {_line(each, language)}" for each in found.removed]
    for changed in found.changed:
        for name, (before, after) in changed.fields.items():
            lines.append(clean(f"~ {changed.entry}: {name}: {before or '-'} -> {after or '-'}"))
    file.write(f"{found.first} -> {found.second}\n")
    file.write("".join(f"{line}\n" for line in lines or [text("factors_same", language)]))
    for each in found.stale:
        key = "factors_stale" if each.standing == "aged" else "factors_too_old"
        words = {"entry": _line(each, language), "day": found.on, "years": each.age_years}
        file.write(f"{text(key, language, **words)}\n")
    file.write("".join(f"{_figure(each, language)}\n" for each in found.figures))


def _figure(each: ChangedFigure, language: Language) -> str:
    if each.difference_kgco2e is None:
        words = {"before": each.refused_before or each.before_kgco2e, "after": each.refused_after or each.after_kgco2e}
        return text("factors_refused", language, chain=each.chain, **words)
    words = {"before": each.before_kgco2e, "after": each.after_kgco2e, "difference": each.difference_kgco2e}
    return text("factors_figure", language, chain=each.chain, shipment=each.shipment, **words)


def _line(each: FactorListing, language: Language) -> str:
    place = " ".join(part for part in (each.name, each.region, each.boundary) if part)
    return clean(f"{place}  {each.value} {each.unit}  {_period(each, language)}")


def _validity(each: FactorListing, language: Language) -> str:
    period = _period(each, language)
    return f"{period} {text('factors_aged', language, years=each.age_years)}" if each.standing == "aged" else period


def _period(each: FactorListing, language: Language) -> str:
    return f"{each.holds_from} - {each.holds_until or text('factors_open', language)}"
