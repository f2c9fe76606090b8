"""Intervals of a chain's figures, and of a finished trial's shipments with their sum."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from pathlib import Path

import msgspec
from h2verify.derivation import arithmetic

from h2corridor.accounting.assessment import Assessment, assess_chain_partially
from h2corridor.accounting.intervals import (
    ShownInterval,
    assess_intervals,
    shown_interval,
    well_to_wheel_term,
)
from h2corridor.accounting.kernel.parameters import Parameters
from h2corridor.accounting.simulation import Simulation
from h2corridor.accounting.stated_ranges import StatedRanges, err_together
from h2corridor.accounting.uncertainty import Range
from h2corridor.app.assess import read_chain, read_limited
from h2corridor.app.factor_packs import read_pack
from h2corridor.app.read_report import read_documents
from h2corridor.app.rules import get_chain_rules, get_comparison
from h2corridor.model.errors import RuleError
from h2corridor.model.ranges import RANGES_FORMAT, FactRange, decode_ranges
from h2corridor.model.report import Report, Shipment, Trip, decode_report
from h2corridor.store.files import Workspace

_HYDROGEN = "hydrogen_kg["
_RESIDUAL = "residual between the methods of the truck's hydrogen balance"


class TrialUncertainty(msgspec.Struct, frozen=True, kw_only=True):
    """The intervals of a trial's well-to-wheel figures by one rule set.

    `without_figure` are consignments that have none; they are in no sum. `withheld` are those whose figure is computed
    and not stated; they are in the sum. `total` is None where no shipment has one.
    """

    trial: str
    period_start: str | None
    period_end: str | None
    rule_set: str
    shipments: tuple[ShownInterval, ...]
    total: ShownInterval | None
    without_figure: tuple[str, ...]
    withheld: tuple[str, ...]


def chain_intervals(
    result: Assessment,
    ranges: Path,
    rule_set: str,
    *,
    factors: Sequence[Path] = (),
    simulation: Simulation | None = None,
) -> tuple[ShownInterval, ...]:
    """The intervals of an assessment's figures by the ranges in a file.

    Parameters
    ----------
    rule_set : str
        The one that made the assessment, and `factors` the factor files that it was made with.
    simulation : Simulation or None
        How to draw the figures too; None: not at all.

    Raises
    ------
    InputError
        `chain.unreadable`: the file cannot be read. `ranges.form`: it is no document of ranges.
    RuleError
        `ranges.unmatched`, `ranges.twice`, `ranges.beyond-zero`, `ranges.correlation-alone`: a range is of no leaf, a
        leaf has several or one beyond zero, a correlation joins nothing. `simulation.not-finite`: a draw gives no
        number.
    """
    editions = [get_chain_rules(rule_set), *(get_comparison(f"{c.method}@{c.edition}") for c in result.comparisons)]
    sources = [each.parameters for each in editions] + [read_pack(each).parameters for each in factors]
    stated = StatedRanges(_read_ranges(ranges), sources)
    found = assess_intervals(result, stated, simulation)
    stated.require_used()
    return found


def trial_intervals(
    workspace: Path, *, ranges: Path | None = None, simulation: Simulation | None = None
) -> TrialUncertainty:
    """The interval of every shipment of a finished trial and of their sum, by the report's first rule set.

    The chains that the run wrote are assessed again. The hydrogen of a truck takes the residual between its methods as
    range, the widest among the trips of a shipment, unless the document states one.

    Raises
    ------
    WorkspaceError
        The folder is no workspace, or has no report yet.
    InputError
        See `chain_intervals`; or a chain cannot be read.
    RuleError
        See `chain_intervals`; `uncertainty.other-figure`: a chain no longer gives the figure of the report.
    """
    report = decode_report(read_documents(workspace)["report.json"])
    rule_set = report.shipments[0].rule_set if report.shipments else ""
    shipments = {each.consignment_id: each for each in report.shipments if each.rule_set == rule_set}
    sources: list[Parameters] = [get_chain_rules(rule_set).parameters] if shipments else []
    stated = StatedRanges(() if ranges is None else _read_ranges(ranges), sources)
    trips_of = {name: _trips(report, shipment) for name, shipment in shipments.items()}
    together = err_together({trip.vin for trip in trips} for trips in trips_of.values())
    terms = []
    for result in _assessed(workspace, rule_set) if shipments else ():
        shipment = shipments.get(result.shipment)
        if shipment is None or shipment.wtw_kgco2e is None:
            continue
        _require_same(result, shipment)
        of_hydrogen = _residual_ranges(result, trips_of[shipment.consignment_id], together)
        terms.append(
            well_to_wheel_term(result, {**of_hydrogen, **stated.of_leaves(result.derivation, of=result.shipment)})
        )
    stated.require_used()
    with_figure = {term.name for term in terms}
    return TrialUncertainty(
        trial=report.trial,
        period_start=report.period_start,
        period_end=report.period_end,
        rule_set=rule_set,
        shipments=tuple(shown_interval(term.name, [term], simulation) for term in terms),
        total=shown_interval("total", terms, simulation) if terms else None,
        without_figure=tuple(name for name in shipments if name not in with_figure),
        withheld=tuple(n for n, each in shipments.items() if n in with_figure and each.status == "withheld"),
    )


def _read_ranges(path: Path) -> tuple[FactRange, ...]:
    return decode_ranges(read_limited(path, f"a JSON file of format {RANGES_FORMAT}"), about=str(path)).ranges


def _assessed(workspace: Path, rule_set: str) -> list[Assessment]:
    edition = get_chain_rules(rule_set)
    paths = sorted((Workspace.open(workspace).report_path / "chains").glob("*.json"))
    return [assess_chain_partially(read_chain(path), edition) for path in paths]


def _require_same(result: Assessment, shipment: Shipment) -> None:
    if result.wtw_kgco2e is None or shipment.wtw_kgco2e is None or result.wtw_kgco2e != shipment.wtw_kgco2e:
        fault = f"its chain gives {result.wtw_kgco2e} kgCO2e, the report has {shipment.wtw_kgco2e}."
        next_step = "Run the trial again with this version of the rule set."
        raise RuleError("uncertainty.other-figure", fault, about=shipment.consignment_id, next_step=next_step)


def _trips(report: Report, shipment: Shipment) -> list[Trip]:
    named = {share.trip_id for share in shipment.trip_shares}
    return [trip for trip in report.trips if trip.trip_id in named]


def _residual_ranges(result: Assessment, trips: Sequence[Trip], together: Mapping[str, str]) -> Mapping[str, Range]:
    """The residual as range of every hydrogen amount. There is none where a trip has no residual, for then nobody knows
    it, nor where all are zero: that two methods agree to the last digit does not make the amount exact."""
    residuals = [trip.residual_pct for trip in trips]
    if not residuals or None in residuals:
        return {}
    widest = max(abs(Decimal(each)) for each in residuals if each is not None)
    if not widest:
        return {}
    trucks = together[trips[0].vin]
    with localcontext(arithmetic()):
        return {
            step["id"]: Range(
                half_width=abs(Decimal(step["value"])) * widest / 100,
                source=_RESIDUAL,
                correlation=f"hydrogen of {trucks}",
            )
            for step in result.derivation
            if step.get("formula") is None and step["id"].startswith(_HYDROGEN)
        }
