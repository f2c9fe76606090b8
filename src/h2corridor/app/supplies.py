"""Hydrogen by origin as energy entries of a chain: what it took from the production gate to the nozzle, over the
period.
"""

from collections.abc import Mapping, Sequence

from h2verify.activity import allocate

from h2corridor.app.texts import decimal_text, optional_text
from h2corridor.model.chain import Energy, HydrogenSupply
from h2corridor.model.trial import HydrogenBatch, TrialFacts


class HydrogenSupplies:
    """Hydrogen by origin as energy entries: what it took from the production gate to the nozzle, over the period."""

    def __init__(self, facts: TrialFacts) -> None:
        self._facts = facts
        self._batches = {batch.batch_id: batch for batch in facts.hydrogen_batches}

    def energies(self, hydrogen_mg: Mapping[str, int]) -> tuple[Energy, ...]:
        """Give an entry for every origin; hydrogen on board before the period is spread over the stations its batch
        went to.
        """
        by_supply: dict[tuple[str, str], int] = {}
        unknown = 0
        for origin, mass in hydrogen_mg.items():
            batch, _, station = origin.partition("@")
            if not batch or batch not in self._batches:
                unknown += mass
            elif station:
                by_supply[(batch, station)] = by_supply.get((batch, station), 0) + mass
            else:
                for where, part in self._spread(batch, mass):
                    by_supply[(batch, where)] = by_supply.get((batch, where), 0) + part
        entries = [
            Energy(carrier="hydrogen", amount=decimal_text(mass, 6), unit="kg", supply=self._supply(*key))
            for key, mass in sorted(by_supply.items())
            if mass
        ]
        if unknown:
            entries.append(Energy(carrier="hydrogen", amount=decimal_text(unknown, 6), unit="kg", origin="unknown"))
        return tuple(entries)

    def _spread(self, batch: str, mass: int) -> list[tuple[str, int]]:
        delivered: dict[str, int] = {}
        for delivery in self._facts.hydrogen_deliveries:
            if delivery.batch_id == batch:
                delivered[delivery.station_id] = delivered.get(delivery.station_id, 0) + delivery.mass_mg
        if not sum(delivered.values()):
            return [("unknown station", mass)]
        return list(zip(delivered, allocate(mass, list(delivered.values())), strict=True))

    def _supply(self, batch_id: str, station_id: str) -> HydrogenSupply:
        batch: HydrogenBatch = self._batches[batch_id]
        deliveries = [
            delivery
            for delivery in self._facts.hydrogen_deliveries
            if delivery.batch_id == batch_id and delivery.station_id == station_id
        ]
        energy = [entry for entry in self._facts.station_energy if entry.station_id == station_id]
        stock = [entry for entry in self._facts.station_stock if entry.station_id == station_id]
        fills = [fill for fill in self._facts.refuellings if fill.station_id == station_id]
        region = next((entry.grid_region for entry in energy if entry.grid_region), None)
        return HydrogenSupply(
            batch=batch_id,
            station=station_id,
            gate_kgco2e_per_kg=optional_text(batch.intensity_kgco2e_per_kg),
            delivered_kg=_total([delivery.mass_mg for delivery in deliveries], 6),
            trailer_diesel_l=_total([delivery.trailer_diesel_ml for delivery in deliveries], 3),
            trailer_compression_kwh=_total([delivery.trailer_compression_wh for delivery in deliveries], 3),
            trailer_grid_region=self._region(batch.site_id),
            station_dispensed_kg=_total([fill.mass_mg for fill in fills], 6),
            station_vented_kg=_total([entry.vented_mg for entry in stock], 6),
            station_electricity_kwh=_total([entry.electricity_wh for entry in energy], 3),
            station_grid_region=region,
            refs=(
                f"hydrogen_batches.csv#{batch.row}",
                *(f"hydrogen_deliveries.csv#{delivery.row}" for delivery in deliveries),
                *(f"station_energy.csv#{entry.row}" for entry in energy),
                *(f"station_stock.csv#{entry.row}" for entry in stock),
                *(f"refuellings.csv#{fill.row}" for fill in fills),
            ),
        )

    def _region(self, site_id: str) -> str | None:
        return next((site.grid_region for site in self._facts.sites if site.site_id == site_id), None)


def _total(values: Sequence[int | None], unit_power: int) -> str | None:
    """Give a sum, or None when there is nothing to add or a value is missing: a part is not put in place of a whole."""
    known = [value for value in values if value is not None]
    return decimal_text(sum(known), unit_power) if known and len(known) == len(values) else None
