"""Checks of hubs: days without a row, and freight that is not in the throughput."""

from collections import defaultdict
from collections.abc import Iterable

from h2verify.chains.hubs import HUB_KINDS

from h2corridor.model.findings import Finding
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import day_start_s, day_text, decimal_text, instant_text


@check("hub.no-row")
def hub_without_row(evidence: Evidence) -> Iterable[Finding]:
    """Hubs that a consignment passed, first and last ones too, without a row for that day."""
    hubs = {site.site_id for site in evidence.facts.sites if site.kind in HUB_KINDS}
    stated = {(each.site_id, each.day) for each in evidence.facts.hub_operations}
    first_no: dict[str, int] = {}
    for leg in evidence.facts.legs:
        first_no[leg.consignment_id] = min(leg.sequence, first_no.get(leg.consignment_id, leg.sequence))
    met = {(leg.destination_site, day_text(leg.arrived_at_ms // 1000)) for leg in evidence.facts.legs}
    met |= {
        (leg.origin_site, day_text(leg.departed_at_ms // 1000))
        for leg in evidence.facts.legs
        if leg.sequence == first_no[leg.consignment_id]
    }
    for site_id, day in sorted(met - stated):
        if site_id in hubs:
            yield Finding(
                check="hub.no-row",
                file="hub_operations.csv",
                at=instant_text(day_start_s(day)),
                params={"site_id": site_id, "day": day},
            )


@check("hub.throughput")
def throughput(evidence: Evidence) -> Iterable[Finding]:
    """Hub days whose throughput is less than what consignments alone took out of the hub."""
    tolerance_kg = int(evidence.threshold("hub.throughput", "short_t_max") * 1000)
    masses = {each.consignment_id: each.mass_g for each in evidence.facts.consignments}
    went: dict[tuple[str, str], int] = defaultdict(int)
    for leg in evidence.facts.legs:
        went[leg.origin_site, day_text(leg.departed_at_ms // 1000)] += masses.get(leg.consignment_id, 0)
    for each in evidence.facts.hub_operations:
        out_kg = went[each.site_id, each.day] // 1000
        if each.throughput_kg is not None and out_kg > each.throughput_kg + tolerance_kg:
            params = {
                "site_id": each.site_id,
                "day": each.day,
                "throughput_t": decimal_text(each.throughput_kg, 3),
                "legs_t": decimal_text(out_kg, 3),
            }
            yield Finding(check="hub.throughput", file="hub_operations.csv", row=each.row, params=params)
