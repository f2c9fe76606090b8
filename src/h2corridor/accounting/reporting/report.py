"""A report made of assessed chains: sums, the table of secondary data, footprints, what is covered and what is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.reporting.data_quality import QualityScheme, mean_ratings
from h2corridor.accounting.reporting.footprints import list_footprints, transport_stages, waterfall_of
from h2corridor.accounting.reporting.intervals import interval_reading
from h2corridor.accounting.reporting.market import market_reading
from h2corridor.accounting.reporting.places import applying
from h2corridor.accounting.reporting.secondary import secondary_data
from h2corridor.accounting.reporting.sums import AssessedChain, break_down, figures_of, list_items
from h2corridor.accounting.stated_ranges import StatedRanges
from h2corridor.model.emission_report import (
    By,
    EmissionReport,
    FactorFileRow,
    Gap,
    LeftOut,
    Method,
    NotCovered,
    Period,
    Quality,
    Route,
    Secondary,
    Uncounted,
)
from h2corridor.model.errors import InputError

_NO_CHAIN = "there is no chain."
_WAYS: tuple[By, ...] = ("shipment", "carrier", "lane", "mode", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a report is cut where it is shown, between which countries, and for whom."""

    by: By = "shipment"
    from_country: str | None = None
    to_country: str | None = None
    asked_for: Literal["EU"] | None = None


def make_report(
    assessed: Sequence[AssessedChain],
    rule_set: Edition,
    scheme: QualityScheme,
    *,
    not_covered: Sequence[NotCovered] = (),
    uncounted: Sequence[Uncounted] = (),
    asked: Asked = Asked(),
    ranges: StatedRanges | None = None,
) -> EmissionReport:
    """The report of some chains, all assessed by one rule set, with intervals where somebody stated ranges.

    Raises
    ------
    InputError
        `report.empty`: there is no assessed chain. `report.repeated-shipment`: one shipment stands twice, so that its
        emissions would count twice.
    RuleError
        `ranges.twice`, `ranges.unmatched`: two ranges fit one number, or one fits none.
    """
    _verify_set(assessed, not_covered)
    items = list_items(assessed)
    total, stages = figures_of(items, ""), transport_stages(items)
    secondary = secondary_data(assessed, items, scheme)
    exclusions = _exclusions(assessed)
    return EmissionReport(
        format="emission-report/1",
        method=_method(assessed, rule_set),
        period=_period(assessed),
        route=_route(asked),
        shown_by=asked.by,
        total=total,
        breakdowns=tuple(break_down(items, by) for by in _WAYS),
        waterfall=waterfall_of(items, asked.by),
        market_based=market_reading(assessed, total),
        intervals=None if ranges is None else interval_reading(assessed, ranges),
        secondary=secondary,
        quality=_quality(secondary, scheme),
        footprints=list_footprints(assessed, stages, total, exclusions),
        boundary_gaps=_gaps(assessed),
        exclusions=exclusions,
        uncounted=tuple(uncounted),
        not_covered=tuple(not_covered),
    )


def _verify_set(assessed: Sequence[AssessedChain], not_covered: Sequence[NotCovered]) -> None:
    if not assessed:
        first = not_covered[0] if not_covered else None
        fault = (
            f"none has a figure; {first.shipment}: {first.message or '; '.join(first.why_en)}" if first else _NO_CHAIN
        )
        next_step = "Name chains that can be assessed." if first else "Name at least one transport chain."
        raise InputError("report.empty", fault, about="emission report", next_step=next_step)
    seen: set[str] = set()
    for each in assessed:
        name = each.result.shipment
        if name in seen:
            fault = f"shipment {name} stands twice, its emissions would count twice."
            raise InputError("report.repeated-shipment", fault, about="emission report", next_step="Name it once.")
        seen.add(name)


def _method(assessed: Sequence[AssessedChain], rule_set: Edition) -> Method:
    clauses = {
        step["rule"]: step["clause"] for each in assessed for step in each.result.derivation if "formula" in step
    }
    header = rule_set.header
    return Method(
        rule_set=rule_set.name,
        digest=rule_set.digest,
        status=header.status,
        standard=header.standard,
        title_zh=header.title_zh,
        title_en=header.title_en,
        rules_used=len(clauses),
        clauses_unseen=sum(clause == "unseen" for clause in clauses.values()),
        clauses_own=sum(clause == "own" for clause in clauses.values()),
        electricity="location_based",
        factor_files=tuple(
            FactorFileRow(
                label=file.label,
                digest=file.digest,
                title_zh=file.title_zh,
                title_en=file.title_en,
                publisher=file.publisher,
                licence=file.licence,
            )
            for file in assessed[0].result.factor_files
        ),
    )


def _period(assessed: Sequence[AssessedChain]) -> Period:
    days = sorted(each.result.activity_date for each in assessed if each.result.activity_date is not None)
    return Period(first=days[0] if days else None, last=days[-1] if days else None, undated=len(assessed) - len(days))


def _route(asked: Asked) -> Route:
    return Route(
        from_country=asked.from_country,
        to_country=asked.to_country,
        asked_for=asked.asked_for,
        applies=applying(asked.from_country, asked.to_country, asked_for_eu=asked.asked_for == "EU"),
    )


def _quality(secondary: Secondary, scheme: QualityScheme) -> Quality:
    factors = [row for row in secondary.factors if row.kind != "constant"]
    return Quality(
        scheme=scheme.name,
        digest=scheme.digest,
        of_categories=mean_ratings((Decimal(row.wtw_kgco2e), row.ratings) for row in secondary.categories),
        of_factors=mean_ratings((Decimal(row.wtw_kgco2e_resting or 0), row.ratings) for row in factors),
    )


def _gaps(assessed: Sequence[AssessedChain]) -> tuple[Gap, ...]:
    return tuple(
        Gap(shipment=each.result.shipment, step=gap.step, boundary=gap.boundary, wanted=gap.wanted, source=gap.source)
        for each in assessed
        for gap in each.result.boundary_gaps
    )


def _exclusions(assessed: Sequence[AssessedChain]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(shipment=each.result.shipment, element=out.element, category=out.category, reason=out.reason)
        for each in assessed
        for out in each.result.exclusions
    )
