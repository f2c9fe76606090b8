"""Many shipments at once: a table's figures by the rules read with columns, each as the assessment of its chain gives.

Rows are put together by the sorts of elements they have, and each rule is applied once for all of them. A shipment
that the columns cannot take - something is missing, contradicts itself, divides by zero - is assessed alone, so that
it is refused in the same words as a single chain, and holds nobody else up.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from typing import Any

import msgspec
import numpy as np
from h2verify.derivation import published

from h2corridor.accounting.assessment import Assessment, ElementResult, assess_chain
from h2corridor.accounting.kernel.editions import Edition, check_packs
from h2corridor.accounting.kernel.factor_files import FactorPack
from h2corridor.accounting.shipment_columns import BatchFigures, BatchRows, assess_batch
from h2corridor.accounting.shown import apportioned, remainder, shown
from h2corridor.model.chain import TransportChain, decode_chain
from h2corridor.model.errors import CorridorError, RuleError
from h2corridor.model.shipment_table import SharedCategories, ShipmentTable

BATCH_ROWS = 20_000
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,18})?")
_SORT = ("kind", "mode", "category", "class", "distance_kind")

Sort = tuple[str, ...]
"""What an element is but for its id and its distance: kind, mode, category, class, kind of distance."""


class ShipmentFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one shipment of a table, every number a decimal string; or why it is refused."""

    shipment: str
    wtw_kgco2e: str | None = None
    wtt_kgco2e: str | None = None
    ttw_kgco2e: str | None = None
    transport_activity_tkm: str | None = None
    hub_activity_t: str | None = None
    intensity_wtw_kgco2e_per_tkm: str | None = None
    intensity_ttw_kgco2e_per_tkm: str | None = None
    primary_by_wtw_emissions: str | None = None
    primary_by_transport_activity: str | None = None
    boundary_gaps: int = 0
    elements: tuple[ElementResult, ...] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Shipments of one day whose chains all have transport elements, or hubs, or both."""

    day: datetime.date | None
    moved: bool
    handled: bool
    shipments: Sequence[int]


class _Sound:
    """What a set of sorts of elements amounts to: a chain that the columns can take, and how many gaps it has."""

    __slots__ = ("gaps", "taken")

    def __init__(self, taken: bool, gaps: int) -> None:
        self.taken = taken
        self.gaps = gaps


class ShipmentsAssessor:
    """Assesses a table of shipments by one rule set.

    Parameters
    ----------
    table : ShipmentTable
    shared : SharedCategories
        The categories that its rows name, and the activity date of rows that state none.
    packs : sequence of FactorPack
        Users' own factor files, the first asked first, all of them before the rule set.
    """

    def __init__(
        self, table: ShipmentTable, shared: SharedCategories, rule_set: Edition, *, packs: Sequence[FactorPack] = ()
    ) -> None:
        check_packs(packs, [rule_set])
        self._packs = packs
        self._table = table
        self._rule_set = rule_set
        self._categories: Mapping[str, Any] = msgspec.to_builtins(shared.categories)
        self._default_day = shared.activity_date.isoformat() if shared.activity_date else None
        self._sorts: list[Sort] = list(zip(*(table.columns[name] for name in _SORT), strict=True))
        self._sound: dict[tuple[frozenset[Sort], datetime.date | None], _Sound] = {}
        self._days: dict[str, datetime.date | None] = {"": shared.activity_date}

    def assess(self) -> list[ShipmentFigures]:
        """The figures of every shipment, in the order of the table."""
        batches, alone = self._batches()
        found = {shipment: self._alone(shipment) for shipment in alone}
        for batch in batches:
            for piece in self._pieces(batch):
                found.update(self._assessed(piece))
        return [found[shipment] for shipment in range(len(self._table.shipments))]

    def list_batches(self) -> Iterator[tuple[BatchRows, datetime.date | None]]:
        """The batches that go through the columns, each with its activity date."""
        for batch in self._batches()[0]:
            for piece in self._pieces(batch):
                yield self._rows_of(piece), piece.day

    def _batches(self) -> tuple[list[_Batch], list[int]]:
        batches: dict[tuple[datetime.date | None, bool, bool], list[int]] = {}
        alone: list[int] = []
        for shipment, rows in enumerate(self._table.rows):
            sorts = frozenset([self._sorts[row] for row in rows])
            day = self._read_day(self._table.columns["activity_date"][rows[0]])
            if self._is_written(rows) and self._look_at(sorts, day).taken:
                kinds = {sort[0] for sort in sorts}
                batches.setdefault((day, "transport" in kinds, "hub" in kinds), []).append(shipment)
            else:
                alone.append(shipment)
        found = [_Batch(day=d, moved=m, handled=h, shipments=each) for (d, m, h), each in batches.items()]
        return found, alone

    def _read_day(self, text: str) -> datetime.date | None:
        if text not in self._days:
            try:
                self._days[text] = datetime.date.fromisoformat(text)
            except ValueError:
                self._days[text] = None
        return self._days[text]

    def _is_written(self, rows: Sequence[int]) -> bool:
        """Whether the cells of a shipment's rows are what they should be, each by itself."""
        columns = self._table.columns
        mass, day = columns["mass_kg"][rows[0]], columns["activity_date"][rows[0]]
        if not _AMOUNT.fullmatch(mass) or not mass.strip("0.") or (day and self._read_day(day) is None):
            return False
        names, km = columns["element_id"], columns["distance_km"]
        if len(rows) > 1 and len({names[row] for row in rows}) < len(rows):
            return False
        return all(_AMOUNT.fullmatch(km[row]) if self._sorts[row][0] == "transport" else not km[row] for row in rows)

    def _look_at(self, sorts: frozenset[Sort], day: datetime.date | None) -> _Sound:
        """Whether a chain of such elements can be assessed and leaves nothing out; found out once for each set."""
        if (sorts, day) not in self._sound:
            try:
                result = assess_chain(self._specimen(sorted(sorts), day), self._rule_set, packs=self._packs)
                self._sound[sorts, day] = _Sound(not result.exclusions, len(result.boundary_gaps))
            except CorridorError:
                self._sound[sorts, day] = _Sound(False, 0)
        return self._sound[sorts, day]

    def _specimen(self, sorts: Sequence[Sort], day: datetime.date | None) -> TransportChain:
        return decode_chain(msgspec.json.encode(self._specimen_document(sorts, day.isoformat() if day else None)))

    def _specimen_document(self, sorts: Sequence[Sort], day: str | None) -> dict[str, Any]:
        """A chain with one element of each sort, each a kilometre long, of one tonne."""
        columns = {name: [sort[number] for sort in sorts] for number, name in enumerate(_SORT)}
        columns["element_id"] = [str(number) for number in range(len(sorts))]
        columns["distance_km"] = ["1" if sort[0] == "transport" else "" for sort in sorts]
        columns |= {"mass_kg": ["1000"] * len(sorts), "activity_date": [""] * len(sorts)}
        specimen = ShipmentTable(columns=columns, shipments=["specimen"], rows=[range(len(sorts))])
        return specimen.chain_document(0, self._categories, day)

    def _pieces(self, batch: _Batch) -> Iterator[_Batch]:
        piece: list[int] = []
        count = 0
        for shipment in batch.shipments:
            piece.append(shipment)
            count += len(self._table.rows[shipment])
            if count >= BATCH_ROWS:
                yield replace(batch, shipments=piece)
                piece, count = [], 0
        if piece:
            yield replace(batch, shipments=piece)

    def _assessed(self, batch: _Batch) -> Iterator[tuple[int, ShipmentFigures]]:
        """A batch by columns; if a row of it cannot be, its halves, down to the one shipment that is assessed alone."""
        try:
            figures = assess_batch(self._rows_of(batch), self._rule_set, on=batch.day, packs=self._packs)
        except (RuleError, DecimalException):
            if len(batch.shipments) == 1:
                yield batch.shipments[0], self._alone(batch.shipments[0])
                return
            middle = len(batch.shipments) // 2
            for half in (batch.shipments[:middle], batch.shipments[middle:]):
                yield from self._assessed(replace(batch, shipments=half))
            return
        yield from self._shown(batch, figures)

    def _rows_of(self, batch: _Batch) -> BatchRows:
        rows = [row for shipment in batch.shipments for row in self._table.rows[shipment]]
        counts = [len(self._table.rows[shipment]) for shipment in batch.shipments]
        sorts = list(dict.fromkeys(self._sorts[row] for row in rows))
        place = {sort: number for number, sort in enumerate(sorts)}
        masses, km = self._table.columns["mass_kg"], self._table.columns["distance_km"]
        return BatchRows(
            specimen=self._specimen_document(sorts, None),
            mass_kg=[masses[self._table.rows[shipment][0]] for shipment in batch.shipments],
            shipment=np.repeat(np.arange(len(counts)), counts),
            sort=np.array([place[self._sorts[row]] for row in rows], dtype=np.int64),
            distance_km=[km[row] for row in rows],
            moved=batch.moved,
            handled=batch.handled,
        )

    def _shown(self, batch: _Batch, figures: BatchFigures) -> Iterator[tuple[int, ShipmentFigures]]:
        """The figures as they are shown, rounded and closed as `assessment` does it."""
        at = 0
        for number, shipment in enumerate(batch.shipments):
            rows = self._table.rows[shipment]
            place = slice(at, at + len(rows))
            at += len(rows)
            of = {name: values[number] for name, values in figures.shipments.items()}
            wtw, ttw = published(of["wtw_kgco2e"]), published(of["ttw_kgco2e"])
            sorts = frozenset([self._sorts[row] for row in rows])
            try:
                elements = self._elements(rows, place, figures, of)
            except RuleError:
                yield shipment, self._alone(shipment)
                continue
            yield (
                shipment,
                ShipmentFigures(
                    shipment=self._table.shipments[shipment],
                    wtw_kgco2e=wtw,
                    wtt_kgco2e=remainder(wtw, ttw),
                    ttw_kgco2e=ttw,
                    transport_activity_tkm=shown(of.get("transport_activity_tkm", Decimal(0))),
                    hub_activity_t=shown(of.get("hub_activity_t", Decimal(0))),
                    intensity_wtw_kgco2e_per_tkm=shown(of.get("chain_intensity_wtw_kgco2e_per_tkm")),
                    intensity_ttw_kgco2e_per_tkm=shown(of.get("chain_intensity_ttw_kgco2e_per_tkm")),
                    primary_by_wtw_emissions=self._share_by_emissions(place, figures, of),
                    primary_by_transport_activity=shown(of.get("primary_share_by_activity")),
                    boundary_gaps=self._look_at(sorts, batch.day).gaps,
                    elements=elements,
                ),
            )

    def _share_by_emissions(self, place: slice, figures: BatchFigures, of: Mapping[str, Decimal]) -> str | None:
        """The primary part by emissions; None where an element counts below nothing, as in its own assessment."""
        if any(part < 0 for part in figures.elements["element_wtw_kgco2e"][place]):
            return None
        return shown(of.get("primary_share_by_emissions"))

    def _elements(
        self, rows: Sequence[int], place: slice, figures: BatchFigures, of: Mapping[str, Decimal]
    ) -> tuple[ElementResult, ...]:
        wtw = apportioned(list(figures.elements["element_wtw_kgco2e"][place]), of["wtw_kgco2e"])
        ttw = apportioned(list(figures.elements["element_ttw_kgco2e"][place]), of["ttw_kgco2e"])
        activity = figures.elements["activity"][place]
        names = self._table.columns["element_id"]
        found = []
        for number, row in enumerate(rows):
            hub = self._sorts[row][0] == "hub"
            shown = published(activity[number])
            found.append(
                ElementResult(
                    id=names[row],
                    kind="hub" if hub else "transport",
                    wtw_kgco2e=wtw[number],
                    wtt_kgco2e=remainder(wtw[number], ttw[number]),
                    ttw_kgco2e=ttw[number],
                    transport_activity_tkm=None if hub else shown,
                    hub_activity_t=shown if hub else None,
                )
            )
        return tuple(found)

    def _alone(self, shipment: int) -> ShipmentFigures:
        name = self._table.shipments[shipment]
        document = self._table.chain_document(shipment, self._categories, self._default_day)
        try:
            chain = decode_chain(msgspec.json.encode(document), about=name)
            return _of_assessment(assess_chain(chain, self._rule_set, packs=self._packs))
        except CorridorError as error:
            return ShipmentFigures(shipment=name, refused=error.message)


def _of_assessment(result: Assessment) -> ShipmentFigures:
    return ShipmentFigures(
        shipment=result.shipment,
        wtw_kgco2e=result.wtw_kgco2e,
        wtt_kgco2e=result.wtt_kgco2e,
        ttw_kgco2e=result.ttw_kgco2e,
        transport_activity_tkm=result.transport_activity_tkm,
        hub_activity_t=result.hub_activity_t,
        intensity_wtw_kgco2e_per_tkm=result.intensity_wtw_kgco2e_per_tkm,
        intensity_ttw_kgco2e_per_tkm=result.intensity_ttw_kgco2e_per_tkm,
        primary_by_wtw_emissions=result.data_shares.primary_by_wtw_emissions,
        primary_by_transport_activity=result.data_shares.primary_by_transport_activity,
        boundary_gaps=len(result.boundary_gaps),
        elements=result.elements,
    )
