"""The stock of stations: first in, first out."""

from h2verify.activity.origin import UNKNOWN

from h2corridor.accounting.custody.ledger import UNKNOWN_SOURCE, KilogramLedger
from h2corridor.model.custody import PostingKind
from h2corridor.model.trial import HydrogenDelivery, Refuelling, StationStock, TrialFacts


class StationStocks:
    """What stations hold in the order in which it came, posted as it goes."""

    def __init__(self, ledger: KilogramLedger, facts: TrialFacts) -> None:
        self.ledger = ledger
        self._begin_s = facts.trial.period_start_ms // 1000
        self._end_s = facts.trial.period_end_ms // 1000
        self._days: tuple[StationStock, ...] = facts.station_stock
        self._layers: dict[str, list[tuple[int, str, int]]] = {}

    def unload(self, delivery: HydrogenDelivery, trailer: str) -> None:
        """Take in what a trailer brought."""
        station, at_s = delivery.station_id, delivery.delivered_at_ms // 1000
        origin = f"{delivery.batch_id}@{station}"
        source = f"hydrogen_deliveries.csv#{delivery.row}"
        mass = {origin: delivery.mass_mg}
        self.ledger.post("unloaded", (trailer, f"stock:{station}"), mass, at_s=at_s, source=source)
        self._layers.setdefault(station, []).append((at_s, origin, delivery.mass_mg))

    def begin(self, station: str, opening_mg: int) -> None:
        """Settle what a station held when the period began: what it had more had left, what it lacks is unknown."""
        layers = self._layers.setdefault(station, [])
        more_mg = opening_mg - sum(mass for _, _, mass in layers)
        first = min(
            (each for each in self._days if each.station_id == station and each.opening_mg is not None),
            key=lambda each: (each.day, each.row),
        )
        source = f"station_stock.csv#{first.row}"
        if more_mg > 0:
            accounts = (UNKNOWN_SOURCE, f"stock:{station}")
            self.ledger.post("opening", accounts, {UNKNOWN: more_mg}, at_s=self._begin_s, source=source)
            layers.insert(0, (self._begin_s, UNKNOWN, more_mg))
        else:
            self._draw("left_earlier", station, -more_mg, f"earlier:{station}", at_s=self._begin_s, source=source)

    def dispense(self, fill: Refuelling) -> None:
        """Give a fill as booked."""
        nozzle, source = f"nozzle:{fill.refuelling_id}", f"refuellings.csv#{fill.row}"
        at_s = fill.started_at_ms // 1000
        self._draw("filled", fill.station_id, fill.mass_mg, nozzle, at_s=at_s, source=source)

    def vent(self) -> None:
        """Vent day by day what the fills left; nobody says of which batch it was."""
        for day in sorted(self._days, key=lambda each: (each.station_id, each.day, each.row)):
            if day.vented_mg:
                source = f"station_stock.csv#{day.row}"
                target = f"vented:{day.station_id}"
                self._draw("vented", day.station_id, day.vented_mg, target, at_s=self._end_s, source=source)

    def _draw(self, kind: PostingKind, station: str, mass_mg: int, target: str, *, at_s: int, source: str) -> None:
        """Draw what was there at an instant; beyond it hydrogen is of unknown origin."""
        drawn: dict[str, int] = {}
        left: list[tuple[int, str, int]] = []
        wanted = mass_mg
        for since_s, origin, held in self._layers.get(station, []):
            taken = min(held, wanted) if since_s <= at_s else 0
            wanted -= taken
            drawn[origin] = drawn.get(origin, 0) + taken
            if held > taken:
                left.append((since_s, origin, held - taken))
        self._layers[station] = left
        stock = f"stock:{station}"
        self.ledger.post("beyond_record", (UNKNOWN_SOURCE, stock), {UNKNOWN: wanted}, at_s=at_s, source=source)
        drawn[UNKNOWN] = drawn.get(UNKNOWN, 0) + wanted
        self.ledger.post(kind, (stock, target), drawn, at_s=at_s, source=source)
