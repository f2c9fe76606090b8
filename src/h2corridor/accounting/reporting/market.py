"""The market-based reading of a report: every shipment with the factors of its contracts, beside the total."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from h2verify.derivation import arithmetic, decimal_text

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.market_based import MarketBased, list_electricity
from h2corridor.accounting.reporting.sums import AssessedChain, quotient
from h2corridor.model.emission_report import ContractRow, GridRow, MarketAbsent, MarketReading, ReportFigures


def market_reading(assessed: Sequence[AssessedChain], total: ReportFigures) -> MarketReading | None:
    """The total with contracts, None where no shipment states one.

    A shipment without a contract counts by its grid in both readings. Where one cannot be computed by its contracts,
    there is no total: nothing is put in its place.
    """
    found = [(each, each.result.market_based) for each in assessed]
    with_contract = [(each, market) for each, market in found if market is not None]
    if not with_contract:
        return None
    absent = tuple(
        MarketAbsent(shipment=each.result.shipment, message=_why(market))
        for each, market in with_contract
        if market.wtw_kgco2e is None or market.ttw_kgco2e is None
    )
    figures = _figures([market or each.result for each, market in found], total) if not absent else dict[str, str]()
    return MarketReading(
        wtw_kgco2e=figures.get("wtw"),
        wtt_kgco2e=figures.get("wtt"),
        ttw_kgco2e=figures.get("ttw"),
        intensity_wtw_kgco2e_per_tkm=figures.get("intensity"),
        difference_wtw_kgco2e=figures.get("difference"),
        shipments=len(with_contract),
        by_contract=tuple(row for each, market in with_contract for row in _contracts(each, market)),
        by_grid=tuple(
            GridRow(shipment=each.result.shipment, where=use.where, grid_region=use.grid_region)
            for each, market in with_contract
            for use in market.by_grid
        ),
        not_computable=absent,
    )


def _figures(readings: Sequence[Assessment | MarketBased], total: ReportFigures) -> dict[str, str]:
    with localcontext(arithmetic()):
        wtw = sum((Decimal(each.wtw_kgco2e or 0) for each in readings), Decimal(0))
        ttw = sum((Decimal(each.ttw_kgco2e or 0) for each in readings), Decimal(0))
        figures = {"wtw": wtw, "wtt": wtw - ttw, "ttw": ttw, "difference": wtw - Decimal(total.wtw_kgco2e)}
    intensity = quotient(wtw, Decimal(total.transport_activity_tkm))
    shown = {name: decimal_text(value) for name, value in figures.items()}
    return shown if intensity is None else {**shown, "intensity": intensity}


def _why(market: MarketBased) -> str:
    return "; ".join(each.message for each in market.missing)


def _contracts(each: AssessedChain, market: MarketBased) -> list[ContractRow]:
    stated = {use.where: use.contract for use in list_electricity(each.chain)}
    rows = []
    for use in market.by_contract:
        contract = stated[use.where]
        rows.append(
            ContractRow(
                shipment=each.result.shipment,
                where=use.where,
                instrument=use.instrument,
                kgco2e_per_kwh=use.kgco2e_per_kwh,
                source=use.source,
                valid_from=_day(contract and contract.valid_from),
                valid_until=_day(contract and contract.valid_until),
            )
        )
    return rows


def _day(day: object) -> str | None:
    return None if day is None else str(day)
