"""Hydrogen by origin as energy entries of a chain: what it took from the production gate to the nozzle, over the
period.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from h2verify.activity.allocation import allocate
from h2verify.chains.decimals import decimal_text
from h2verify.chains.document import said
from h2verify.chains.forms import Record
from h2verify.chains.ledger import Ledger

UNKNOWN_STATION = "unknown station"
"""In the place of a station for hydrogen of a batch that was on board and went to no station."""


class HydrogenSupplies:
    """Hydrogen by origin as energy entries, from the records of its batches and stations."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._deliveries: dict[str, dict[str, list[Record]]] = {}

    def energies(self, hydrogen_mg: Mapping[str, int]) -> list[dict[str, Any]]:
        """Give an energy entry for every origin; hydrogen on board before the period is spread over the stations its
        batch went to.

        Parameters
        ----------
        hydrogen_mg : by origin [mg]: `batch@station`, `batch@` on board before the period, without a batch unknown
        """
        by_supply: dict[tuple[str, str], int] = {}
        unknown = 0
        for origin, mass in hydrogen_mg.items():
            batch, _, station = origin.partition("@")
            if not batch or self._ledger.get_head(f"batch/{batch}")["row"] is None:
                unknown += mass
                continue
            for where, part in [(station, mass)] if station else self._spread(batch, mass):
                by_supply[batch, where] = by_supply.get((batch, where), 0) + part
        entries = [
            said(carrier="hydrogen", amount=decimal_text(mass, 6), unit="kg", supply=self._supply(batch, station))
            for (batch, station), mass in sorted(by_supply.items())
            if mass
        ]
        if unknown:
            entries.append(said(carrier="hydrogen", amount=decimal_text(unknown, 6), unit="kg", origin="unknown"))
        return entries

    def _spread(self, batch: str, mass: int) -> list[tuple[str, int]]:
        delivered: dict[str, int] = {}
        for delivery in self._ledger.list_records(f"batch/{batch}", "batch_delivery"):
            delivered[delivery["station_id"]] = delivered.get(delivery["station_id"], 0) + delivery["mass_mg"]
        for station in delivered:
            self._ledger.get_site(station)
        if not sum(delivered.values()):
            return [(UNKNOWN_STATION, mass)]
        return list(zip(delivered, allocate(mass, list(delivered.values())), strict=True))

    def _supply(self, batch_id: str, station_id: str) -> dict[str, Any]:
        batch = self._ledger.get_head(f"batch/{batch_id}")
        deliveries = self._list_deliveries(station_id, batch_id)
        energy, stock, fills = (
            self._list(station_id, kind) for kind in ("station_energy", "station_stock", "station_fill")
        )
        references = [
            f"hydrogen_batches.csv#{batch['row']}",
            *(f"hydrogen_deliveries.csv#{delivery['row']}" for delivery in deliveries),
            *(f"station_energy.csv#{entry['row']}" for entry in energy),
            *(f"station_stock.csv#{entry['row']}" for entry in stock),
            *(f"refuellings.csv#{fill['row']}" for fill in fills),
        ]
        return said(
            batch=batch_id,
            station=station_id,
            gate_kgco2e_per_kg=batch["intensity_kgco2e_per_kg"],
            delivered_kg=_total(deliveries, "mass_mg", 6),
            trailer_diesel_l=_total(deliveries, "trailer_diesel_ml", 3),
            trailer_compression_kwh=_total(deliveries, "trailer_compression_wh", 3),
            trailer_grid_region=batch["site_grid_region"],
            station_dispensed_kg=_total(fills, "mass_mg", 6),
            station_vented_kg=_total(stock, "vented_mg", 6),
            station_electricity_kwh=_total(energy, "electricity_wh", 3),
            station_grid_region=next((entry["grid_region"] for entry in energy if entry["grid_region"]), None),
            refs=self._ledger.refer(references),
        )

    def _list(self, station_id: str, kind: str) -> Sequence[Record]:
        return () if station_id == UNKNOWN_STATION else self._ledger.list_records(f"site/{station_id}", kind)

    def _list_deliveries(self, station_id: str, batch_id: str) -> Sequence[Record]:
        if station_id not in self._deliveries:
            by_batch = self._deliveries[station_id] = {}
            for delivery in self._list(station_id, "delivery"):
                by_batch.setdefault(delivery["batch_id"], []).append(delivery)
        return self._deliveries[station_id].get(batch_id, ())


def _total(records: Sequence[Record], name: str, unit_power: int) -> str | None:
    """Give a sum, or None when there is nothing to add or a value is missing: a part is not put in place of a whole."""
    values = [record[name] for record in records]
    return decimal_text(sum(values), unit_power) if values and None not in values else None
