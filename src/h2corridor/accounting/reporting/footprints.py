"""Partial footprints of products: one tonne-kilometre, one shipment, one kilogram of hydrogen at the nozzle.

The structure is that of ISO 14067 and GB/T 24067-2024 as their titles and public summaries describe it; nobody here has
read a clause of either.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext

from h2verify.derivation import apportion, arithmetic, published

from h2corridor.accounting.facts import source_path
from h2corridor.accounting.reporting.sums import HUB, AssessedChain, Item
from h2corridor.model.chain import HydrogenSupply
from h2corridor.model.emission_report import By, Footprint, LeftOut, PrimaryShare, ReportFigures, Stage, Waterfall

WATERFALL_MAX = 12
"""Parts of a waterfall, each with provision and operation; more would not be read."""

_NOT_IN_RULE_SET = ("vehicle_manufacture", "infrastructure", "maintenance", "end_of_life")
_NOT_SUPPLIED = ("station_construction", "plant_construction")


def transport_stages(items: Sequence[Item]) -> tuple[Stage, ...]:
    """Energy provision and operation of each mode in kilograms, which sum exactly to the total; hubs come last."""
    modes = sorted({item.mode for item in items}, key=lambda mode: (mode == HUB, mode))
    return _stages({mode: [item for item in items if item.mode == mode] for mode in modes})


def waterfall_of(items: Sequence[Item], by: By) -> Waterfall:
    """The stages as a waterfall: of one shipment by element, of many by carrier or lane where the report is cut so.

    What would have more than `WATERFALL_MAX` parts is shown by mode.
    """
    if len({item.shipment for item in items}) == 1 and len(items) <= WATERFALL_MAX:
        return Waterfall(by="element", stages=_stages({item.element: [item] for item in items}))
    if by in ("carrier", "lane"):
        groups: dict[str, list[Item]] = {}
        for item in sorted(items, key=lambda item: getattr(item, by)):
            groups.setdefault(getattr(item, by), []).append(item)
        if len(groups) <= WATERFALL_MAX:
            return Waterfall(by=by, stages=_stages(groups))
    return Waterfall(by="mode", stages=transport_stages(items))


def _stages(groups: Mapping[str, Sequence[Item]]) -> tuple[Stage, ...]:
    found = []
    with localcontext(arithmetic()):
        for name, items in groups.items():
            wtw = sum((item.wtw for item in items), Decimal(0))
            ttw = sum((item.ttw for item in items), Decimal(0))
            found.append(_counted("energy_provision", name, published(wtw - ttw)))
            found.append(_counted("operation", name, published(ttw)))
    return tuple(found)


def list_footprints(
    assessed: Sequence[AssessedChain], stages: Sequence[Stage], total: ReportFigures, exclusions: Sequence[LeftOut]
) -> tuple[Footprint, ...]:
    """Every footprint that can be given: of transport where anything moved, of hydrogen where its way is stated."""
    left_out = tuple(_left_out(exclusions))
    primary = (
        PrimaryShare(share=total.primary_by_wtw_emissions, weight="wtw_emissions"),
        PrimaryShare(share=total.primary_by_transport_activity, weight="transport_activity"),
    )
    found = []
    if total.intensity_wtw_kgco2e_per_tkm is not None:
        found.append(
            Footprint(
                product="transport",
                declared_unit="tkm",
                subject="",
                partial=True,
                kgco2e=total.intensity_wtw_kgco2e_per_tkm,
                biogenic_kgco2e=None,
                stages=_per_tkm(stages, total) + left_out,
                primary=primary,
            )
        )
    if total.shipments == 1:
        found.append(
            Footprint(
                product="transport",
                declared_unit="shipment",
                subject=assessed[0].result.shipment,
                partial=True,
                kgco2e=total.wtw_kgco2e,
                biogenic_kgco2e=None,
                stages=(*stages, *left_out),
                primary=primary,
            )
        )
    return (*found, *_hydrogen_footprints(assessed))


def _per_tkm(stages: Sequence[Stage], total: ReportFigures) -> tuple[Stage, ...]:
    with localcontext(arithmetic()):
        tkm = Decimal(total.transport_activity_tkm)
        parts = apportion([Decimal(each.kgco2e or 0) / tkm for each in stages], Decimal(total.wtw_kgco2e) / tkm)
    return tuple(_counted(each.stage, each.where, part) for each, part in zip(stages, parts, strict=True))


def _left_out(exclusions: Sequence[LeftOut]) -> Iterator[Stage]:
    for each in exclusions:
        where = f"{each.shipment} / {each.element}"
        yield Stage(
            stage="hub", where=where, included=False, reason="stated_exclusion", stated=each.reason, kgco2e=None
        )
    for name in _NOT_IN_RULE_SET:
        yield Stage(stage=name, where="", included=False, reason="not_in_rule_set", stated="", kgco2e=None)


def _hydrogen_footprints(assessed: Sequence[AssessedChain]) -> Iterator[Footprint]:
    seen: set[tuple[str, str, str]] = set()
    for each in assessed:
        values = {step["id"]: step["value"] for step in each.result.derivation}
        for name, category in each.chain.categories.items():
            for number, entry in enumerate(category.energy, 1):
                place = f"[{source_path(name, number)}]"
                nozzle = values.get(f"hydrogen_nozzle_kgco2e_per_kg{place}")
                if entry.supply is None or nozzle is None:
                    continue
                key = (entry.supply.batch, entry.supply.station, nozzle)
                if key not in seen:
                    seen.add(key)
                    yield _hydrogen_footprint(entry.supply, place, values)


def _hydrogen_footprint(supply: HydrogenSupply, place: str, values: Mapping[str, str]) -> Footprint:
    with localcontext(arithmetic()):
        names = ("gate_kgco2e_per_kg", "hydrogen_trailer_kgco2e_per_kg", "hydrogen_station_kgco2e_per_kg")
        gate, trailer, station = (Decimal(values[f"{name}{place}"]) for name in names)
        nozzle = Decimal(values[f"hydrogen_nozzle_kgco2e_per_kg{place}"])
        parts = apportion([gate, trailer, nozzle - gate - trailer - station, station], nozzle)
    stages = ("production_to_gate", "trailer", "station_losses", "station_electricity")
    counted = tuple(_counted(stage, "", part) for stage, part in zip(stages, parts, strict=True))
    missing = tuple(
        Stage(stage=name, where="", included=False, reason="not_supplied", stated="", kgco2e=None)
        for name in _NOT_SUPPLIED
    )
    return Footprint(
        product="hydrogen",
        declared_unit="kg_at_nozzle",
        subject=f"{supply.batch} / {supply.station}",
        partial=True,
        kgco2e=published(nozzle),
        biogenic_kgco2e=None,
        stages=counted + missing,
        primary=(PrimaryShare(share=None, weight="wtw_emissions"),),
    )


def _counted(stage: str, where: str, kgco2e: str) -> Stage:
    return Stage(stage=stage, where=where, included=True, reason="counted", stated="", kgco2e=kgco2e)
