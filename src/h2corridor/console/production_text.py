"""An assessed hydrogen production for a terminal."""

from collections.abc import Iterator
from typing import IO

from rich import box
from rich.console import Console, JustifyMethod
from rich.table import Table

from h2corridor.accounting.production.results import (
    Allocation,
    ComparedValue,
    ElectricityReading,
    LeakageLine,
    PriorUseLine,
    ProductionAssessment,
    Result,
    StationLine,
)
from h2corridor.console.assessment_text import WIDTH
from h2corridor.console.explained import write_explanation
from h2corridor.console.texts import Language, choose, clean, listed, text

_UNKNOWN = "-"
_ALLOCATION_COLUMNS = (
    "production_allocation",
    "production_gate_column",
    "production_nozzle_column",
    "production_share_column",
)
_FLOW_COLUMNS = ("production_flow_column", "production_serves_column", "production_flow_kgco2e")
_READING_COLUMNS = (
    "production_reading_column",
    "production_gate_column",
    "production_nozzle_column",
    "production_remark_column",
)


def print_production(result: ProductionAssessment, language: Language, file: IO[str]) -> None:
    """Write result, allocations, the way to the nozzle, readings of electricity and compared values."""
    console = Console(file=file, width=None if file.isatty() else WIDTH, highlight=False, markup=False, soft_wrap=True)
    for line in _head(result, language):
        console.print(line)
    console.print(_allocations(result, language))
    for line in _reasons(result, language):
        console.print(line)
    for line in _inventory(result, language):
        console.print(line)
    if result.flows:
        console.print(text("production_inventory", language, figure=result.inventory_kgco2e))
        console.print(_flows(result, language))
    if result.nozzle_kgco2e_per_kg is not None:
        console.print(text("production_nozzle", language, figure=result.nozzle_kgco2e_per_kg))
        console.print(_stages(result, language))
    if result.station is not None:
        console.print(_station(result.station, language))
    if result.readings:
        console.print(_readings(result, language))
    for each in result.compared:
        console.print(_compared(each, language))
        console.print(f"  {choose(each.note_zh, each.note_en, language)}")
    console.print(text("production_no_reduction", language))
    if result.leakage is not None:
        console.print(_leakage(result.leakage, language))
    for gap in result.boundary_gaps:
        console.print(text("assessed_gap", language, step=gap.step, boundary=gap.boundary, source=gap.source))
    console.print(text("assessed_derivation", language, count=len(result.derivation)))


def explain_production(result: ProductionAssessment, language: Language, file: IO[str]) -> None:
    """Write the whole calculation of a production as by hand."""
    title = text("production_explained", language, plant=result.plant, rule_set=result.rule_set)
    file.write(f"# {title}\n\n{text('explained_rounding', language)}\n")
    write_explanation(result.derivation, language, file, start="production_explained_plant")


def _head(result: ProductionAssessment, language: Language) -> Iterator[str]:
    yield text(
        "production_assessed",
        language,
        plant=result.plant,
        pathway=result.pathway,
        start=result.period_from,
        until=result.period_until,
        rule_set=result.rule_set,
        status=result.rule_set_status,
        digest=result.rule_set_digest[:12],
    )
    if result.caveat_en:
        yield choose(result.caveat_zh, result.caveat_en, language)
    purity = f"{result.purity_mol_pct} %" if result.purity_mol_pct is not None else _UNKNOWN
    pressure = f"{result.pressure_mpa} MPa" if result.pressure_mpa is not None else _UNKNOWN
    kg = result.hydrogen_kg or _UNKNOWN
    yield text("production_hydrogen", language, kg=kg, purity=purity, pressure=pressure)
    figure = result.result
    boundary = text(f"production_boundary_{figure.boundary}", language)
    if figure.kgco2e_per_kg is None:
        method, why = _method(figure.allocation, language), _reason(figure, language)
        yield text("production_no_result", language, boundary=boundary, method=method, why=why)
    else:
        method = _method(figure.allocation, language)
        yield text("production_result", language, figure=figure.kgco2e_per_kg, boundary=boundary, method=method)


def _inventory(result: ProductionAssessment, language: Language) -> Iterator[str]:
    stated = result.declared
    if stated is not None:
        said = {"method": stated.method, "allocation": stated.allocation, "source": stated.source}
        yield text("production_declared", language, figure=stated.kgco2e_per_kg, **said)
    if result.electricity_kwh_per_kg is not None:
        yield text("production_electricity", language, kwh=result.electricity_kwh_per_kg)
    if result.prior_use is not None:
        yield _prior_use(result.prior_use, language)
    for each in result.captured:
        key = "production_deducted" if each.deducted else "production_not_deducted"
        to = text(f"production_to_{each.to}", language)
        yield text(key, language, emission=each.emission, kg=each.kg or _UNKNOWN, to=to)


def _prior_use(line: PriorUseLine, language: Language) -> str:
    use = text(f"production_use_{line.use}", language)
    if line.replacement is None:
        return text("production_prior_vented", language, use=use)
    return text("production_prior_use", language, use=use, replacement=line.replacement, figure=line.kgco2e)


def _allocations(result: ProductionAssessment, language: Language) -> Table:
    table = _table(*(text(each, language) for each in _ALLOCATION_COLUMNS))
    for each in result.allocations:
        mark = " *" if each.chosen else ""
        table.add_row(
            f"{_method(each.method, language)}{mark}",
            each.gate_kgco2e_per_kg or _UNKNOWN,
            each.nozzle_kgco2e_per_kg or _UNKNOWN,
            _hydrogen_share(each),
        )
    return table


def _reasons(result: ProductionAssessment, language: Language) -> Iterator[str]:
    """A line for each reason why there is no figure, with the allocations it holds for."""
    methods: dict[str, list[str]] = {}
    for each in result.allocations:
        if each.gate_kgco2e_per_kg is None:
            methods.setdefault(_reason(each, language), []).append(_method(each.method, language))
    for why, held in methods.items():
        yield text("production_not_computable", language, methods=listed(held, language), why=why)


def _reason(allocation: Allocation | Result, language: Language) -> str:
    why = choose(allocation.why_zh, allocation.why_en, language)
    if allocation.where is None:
        return why
    return text("production_reason", language, why=why, where=allocation.where)


def _flows(result: ProductionAssessment, language: Language) -> Table:
    table = _table(*(text(each, language) for each in _FLOW_COLUMNS))
    for each in result.flows:
        table.add_row(clean(each.id), text(f"production_serves_{each.serves}", language), each.kgco2e)
    return table


def _hydrogen_share(allocation: Allocation) -> str:
    return allocation.shares[0].share if allocation.shares else _UNKNOWN


def _stages(result: ProductionAssessment, language: Language) -> Table:
    table = _table(text("production_stage_column", language), "kgCO2e/kg")
    for each in result.stages:
        table.add_row(text(f"production_stage_{each.stage}", language), each.kgco2e_per_kg_dispensed)
    return table


def _station(line: StationLine, language: Language) -> str:
    said = {
        "delivered": line.delivered_kg,
        "others": line.station_other_supply_kg,
        "opening": line.station_opening_kg,
        "dispensed": line.station_dispensed_kg,
        "vented": line.station_vented_kg,
        "closing": line.station_closing_kg,
    }
    shown = {key: each if each is not None else _UNKNOWN for key, each in said.items()}
    return text("production_station", language, station=line.station, unexplained=line.unexplained_kg, **shown)


def _readings(result: ProductionAssessment, language: Language) -> Table:
    table = _table(*(text(each, language) for each in _READING_COLUMNS))
    for each in result.readings:
        basis = text(f"production_basis_{each.basis}", language)
        table.add_row(
            text("production_reading_stated", language, basis=basis) if each.stated else basis,
            each.gate_kgco2e_per_kg or _UNKNOWN,
            each.nozzle_kgco2e_per_kg or _UNKNOWN,
            _reading_remark(each, language),
        )
    return table


def _reading_remark(reading: ElectricityReading, language: Language) -> str:
    remarks = [
        text(
            "production_factor" if each.region == each.region_asked else "production_factor_farther_out",
            language,
            asked=each.region_asked,
            region=each.region,
            boundary=text(f"production_boundary_{each.boundary}", language),
            year=each.holds_from[:4],
            value=each.kgco2e_per_kwh,
        )
        for each in reading.factors
    ]
    remarks.extend(
        text(
            "production_number_location" if each.counted_as == "location" else "production_number_as_declared",
            language,
            where=each.where,
            value=each.kgco2e_per_kwh,
            lacks=listed(each.lacks, language),
        )
        for each in reading.numbers
    )
    if reading.by_grid:
        places = listed([each.where for each in reading.by_grid], language)
        remarks.append(text("production_on_grid", language, ids=places))
    if reading.why_en is not None:
        remarks.append(choose(reading.why_zh, reading.why_en, language))
    return ("；" if language == "zh" else "; ").join(remarks)


def _compared(each: ComparedValue, language: Language) -> str:
    said = {
        "title": choose(each.title_zh, each.title_en, language),
        "value": each.value,
        "unit": each.unit,
        "boundary": text(f"production_boundary_{each.boundary}", language),
        "result": choose(each.result_zh, each.result_en, language),
    }
    if each.difference_kgco2e_per_kg is None:
        return text("production_not_compared", language, why=choose(each.why_zh, each.why_en, language), **said)
    return text("production_compared", language, difference=each.difference_kgco2e_per_kg, **said)


def _leakage(line: LeakageLine, language: Language) -> str:
    if line.kgco2e_per_kg_produced is None:
        return text("production_no_leakage", language, why=choose(line.why_zh, line.why_en, language))
    said = {"figure": line.kgco2e_per_kg_produced, "gwp": line.gwp100, "source": line.source}
    return text("production_leakage", language, **said)


def _method(method: str, language: Language) -> str:
    return text(f"production_method_{method}", language)


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE)
    for heading in (first, *others):
        justify: JustifyMethod = "right" if "kgCO2e" in heading else "left"
        table.add_column(clean(heading), justify=justify, overflow="fold")
    return table
