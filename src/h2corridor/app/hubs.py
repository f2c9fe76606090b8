"""Hubs at the ends of legs as elements of a chain."""

from h2corridor.app.texts import decimal_text, local_day
from h2corridor.model.chain import Energy, HubCategory, HubElement, TransportCategory, TransportElement
from h2corridor.model.trial import HUB_KINDS, TrialFacts


class HubWriter:
    """Hubs at the ends of legs, each by its own day; one without a row that day is a stated exclusion."""

    def __init__(self, facts: TrialFacts) -> None:
        self._facts = facts
        self._sites = {site.site_id: site for site in facts.sites}
        self.notes: list[tuple[str, str]] = []

    def pass_through(
        self,
        site_id: str,
        at_ms: int,
        elements: list[TransportElement | HubElement],
        categories: dict[str, TransportCategory | HubCategory],
    ) -> None:
        """Append the hub at a site, if it is one."""
        site = self._sites.get(site_id)
        if site is None or site.kind not in HUB_KINDS:
            return
        day = local_day(at_ms, self._facts.trial).isoformat()
        name = f"hub-{site_id}-{day}"
        categories[name] = self._category(site_id, day, site.grid_region)
        elements.append(HubElement(id=f"H{len(elements) + 1}-{site_id}", category=name))

    def _category(self, site_id: str, day: str, region: str | None) -> HubCategory:
        row = next((row for row in self._facts.hub_operations if (row.site_id, row.day) == (site_id, day)), None)
        if row is None or not row.throughput_kg or row.electricity_wh is None or row.diesel_ml is None:
            self.notes.append((f"枢纽 {site_id} 当日（{day}）无作业数据", f"hub {site_id} has no operations on {day}"))
            return HubCategory(
                data="primary", source="hub_operations.csv", excluded=f"no operations of {site_id} on {day}"
            )
        refs = (f"hub_operations.csv#{row.row}",)
        return HubCategory(
            data="primary",
            source="hub_operations.csv",
            throughput_t=decimal_text(row.throughput_kg, 3),
            energy=(
                Energy(
                    carrier="electricity",
                    amount=decimal_text(row.electricity_wh, 3),
                    unit="kWh",
                    grid_region=region,
                    refs=refs,
                ),
                Energy(carrier="diesel", amount=decimal_text(row.diesel_ml, 3), unit="l", refs=refs),
            ),
            refs=refs,
        )
