"""A consignment's transport chain, written from activity records.

Every round of a truck is one road operation category: all its hydrogen, empty and positioning runs included, over all
the transport activity it served. Names of categories carry no vehicle identity. The document is transport-chain/1; what
is absent or empty does not stand in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify.activity.legs import transport_activity_g_m
from h2verify.activity.rounds import Round, rounds_of
from h2verify.chains.baseline import STATION, Distances, baseline_distance_mm
from h2verify.chains.coverage import Note, each_once, excluded_hub_note, open_round_note, unsaid_distance_note
from h2verify.chains.decimals import decimal_text
from h2verify.chains.document import said
from h2verify.chains.forms import Groups, Record
from h2verify.chains.hubs import hub_category
from h2verify.chains.ledger import DISTANCES, Ledger
from h2verify.chains.measured import MeasuredTruck, read_truck
from h2verify.chains.operations import Operation, TripHydrogen, operation_of, trip_hydrogen
from h2verify.chains.supplies import HydrogenSupplies
from h2verify.errors import BundleError

CHAIN_FORMAT = "transport-chain/1"
MEASURED_SOURCE = "telemetry, station meters and tank readings of the trial"
NOT_COMPUTED_SOURCE = "the hydrogen or the transport activity of this round could not be computed"
UNSTATED_METHOD_SOURCE = "intensity supplied by the carrier, method not stated"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Truck:
    """A truck's records with its rounds, and the round by the leg it serves."""

    measured: MeasuredTruck
    hydrogen: Mapping[str, TripHydrogen]
    rounds: Mapping[str, Round]


class ChainWriter:
    """Writes the chains of consignments; what trucks and rounds have in common is worked out once."""

    def __init__(self, groups: Groups | Ledger) -> None:
        self.ledger = groups if isinstance(groups, Ledger) else Ledger(groups)
        self._trucks: dict[str, _Truck] = {}
        self._categories: dict[tuple[str, int], tuple[str, Document]] = {}
        self._distances: Distances | None = None
        self._supplies = HydrogenSupplies(self.ledger)

    def write(self, consignment_id: str) -> Document:
        """Write a consignment's chain.

        Parameters
        ----------
        consignment_id : one that is described and has legs

        Raises
        ------
        BundleError
            `activity.group-missing`: the chain rests on a group that is not there. `activity.chain`: the consignment is
            not described or has no leg, or a distance is not there.
        """
        consignment, legs = self.ledger.get_consignment(consignment_id), self.list_legs(consignment_id)
        elements: list[Document] = []
        categories: dict[str, Document] = {}
        self._pass_hub(legs[0]["origin_site"], legs[0]["departed_day"], elements, categories)
        for leg in legs:
            self.ledger.get_site(leg["origin_site"])
            name, category = self._category(leg)
            categories[name] = category
            elements.append(_element(leg, name))
            self._pass_hub(leg["destination_site"], leg["arrived_day"], elements, categories)
        return {
            "format": CHAIN_FORMAT,
            "shipment": said(
                id=consignment_id,
                mass_kg=decimal_text(consignment["mass_g"], 3),
                refs=[f"consignments.csv#{consignment['row']}"],
            ),
            "elements": elements,
            "categories": categories,
            "activity_date": legs[0]["departed_day"],
        }

    def list_legs(self, consignment_id: str) -> list[Record]:
        """Give a consignment's legs in their order.

        Raises
        ------
        BundleError
            As `write`.
        """
        consignment = self.ledger.get_consignment(consignment_id)
        self.ledger.get_head("trial")
        if consignment["row"] is None or not consignment["legs"]:
            where = f"consignment/{consignment_id}"
            raise BundleError("activity.chain", "no row describes the consignment, or it has no leg.", where=where)
        return [self.ledger.get_leg(consignment_id, leg_id) for leg_id in consignment["legs"]]

    def list_not_covered(self, consignment_id: str) -> list[Note]:
        """Say what a consignment's chain does not cover: of its legs in their order, then of the hubs it passes.

        Raises
        ------
        BundleError
            As `write`.
        """
        legs = self.list_legs(consignment_id)
        notes = [note for leg in legs for note in self._list_leg_notes(leg)]
        passed = [(legs[0]["origin_site"], legs[0]["departed_day"])]
        passed += [(leg["destination_site"], leg["arrived_day"]) for leg in legs]
        for site_id, day in passed:
            found = hub_category(self.ledger, site_id, day)
            if found is not None and "excluded" in found[1]:
                notes.append(excluded_hub_note(site_id, day))
        return each_once(notes)

    def energies(self, hydrogen_mg: Mapping[str, int]) -> list[Document]:
        """Give hydrogen by origin [mg] as energy entries."""
        return self._supplies.energies(hydrogen_mg)

    def _pass_hub(self, site_id: str, day: str, elements: list[Document], categories: dict[str, Document]) -> None:
        found = hub_category(self.ledger, site_id, day)
        if found is not None:
            name, categories[found[0]] = found
            elements.append({"kind": "hub", "id": f"H{len(elements) + 1}-{site_id}", "category": name})

    def _list_leg_notes(self, leg: Record) -> list[Note]:
        notes = [] if leg["distance_kind"] else [unsaid_distance_note(leg["leg_id"])]
        served_by = self._find_round(leg)
        if served_by is not None and not served_by.closed:
            notes.append(open_round_note(leg["leg_id"]))
        return notes

    def _find_round(self, leg: Record) -> Round | None:
        """The round that serves a leg; None where no truck of the records does."""
        return None if leg["truck"] is None else self._truck(leg["truck"]).rounds.get(leg["leg_id"])

    def _truck(self, name: str) -> _Truck:
        if name not in self._trucks:
            self._trucks[name] = _worked_out(read_truck(self.ledger, f"truck/{name}"))
        return self._trucks[name]

    def _category(self, leg: Record) -> tuple[str, Document]:
        served_by = self._find_round(leg)
        if served_by is None:
            return _other_category(leg)
        key = (leg["truck"], served_by.round_no)
        if key not in self._categories:
            self._categories[key] = self._truck_category(f"truck/{leg['truck']}", self._truck(leg["truck"]), served_by)
        return self._categories[key]

    def _truck_category(self, group: str, truck: _Truck, made: Round) -> tuple[str, Document]:
        legs = [leg for leg in truck.measured.legs if leg["leg_id"] in made.leg_ids]
        operation = operation_of(
            made,
            truck_no=truck.measured.truck.removeprefix("truck-"),
            hydrogen=truck.hydrogen,
            activity_g_m=self._activity_g_m(legs),
            services=truck.measured.services,
        )
        sites = {trip[end] for trip in made.trips for end in ("origin_site", "destination_site")} - {None}
        stations = frozenset(site for site in sites if self.ledger.get_site(site)["site_kind"] == STATION)
        refs = self._refs(group, truck.measured, [leg for leg in legs if leg["leg_id"] in operation.activity_g_m])
        if not operation.computable:
            return operation.category, said(
                kind="transport", data="primary", source=NOT_COMPUTED_SOURCE, intensity={"per": "tkm"}, refs=refs
            )
        activity = decimal_text(sum(operation.activity_g_m.values()), 9)
        return operation.category, said(
            kind="transport",
            data="primary",
            source=MEASURED_SOURCE,
            energy=self.energies(operation.by_origin_mg()),
            transport_activity_tkm=activity,
            comparison=self._comparison(group, operation, activity, stations),
            refs=refs,
        )

    def _activity_g_m(self, legs: Sequence[Record]) -> dict[str, int]:
        """The transport activity of legs whose mass and distance are known [g m]."""
        found = {}
        for leg in legs:
            mass_g = self.ledger.get_consignment(leg["consignment_id"])["mass_g"]
            if mass_g is not None and leg["transport_distance_m"] is not None:
                found[leg["leg_id"]] = transport_activity_g_m(mass_g, leg["transport_distance_m"])
        return found

    def _refs(self, group: str, truck: MeasuredTruck, shared: Sequence[Record]) -> list[str]:
        """Name the rows of a round: its truck's, and those that make the transport activity it is shared by."""
        owners = {leg["consignment_id"] for leg in shared}
        rows = sorted(self.ledger.get_consignment(owner)["row"] for owner in owners)
        references = [
            f"vehicles.csv#{self.ledger.get_head(group)['row']}",
            *(f"tank_opening.csv#{each['row']}" for each in self.ledger.list_records(group, "tank_opening")),
            *(f"refuellings.csv#{each['row']}" for each in truck.fills),
            *(f"legs.csv#{leg['row']}" for leg in shared),
            *(f"consignments.csv#{row}" for row in rows),
        ]
        return self.ledger.refer(references)

    def _comparison(self, group: str, operation: Operation, activity: str, stations: frozenset[str]) -> Document:
        if self._distances is None:
            self._distances = _known_distances(self.ledger)
        distance_mm = baseline_distance_mm(
            operation.round.trips, operation.loaded, self._distances, stations.__contains__
        )
        truck = self.ledger.get_head(group)
        return said(
            diesel_l_per_100km=truck["comparable_diesel_l_per_100km"],
            source=truck["comparable_diesel_source"],
            date=truck["comparable_diesel_date"],
            method=truck["comparable_diesel_method"],
            payload_t=truck["comparable_diesel_payload_t"],
            profile=truck["comparable_diesel_profile"],
            baseline_distance_km=None if distance_mm is None else decimal_text(distance_mm, 6),
            transport_activity_tkm=activity,
        )


def write_chain(groups: Groups, consignment_id: str) -> Document:
    """Write a consignment's chain from records; see `ChainWriter.write`."""
    return ChainWriter(groups).write(consignment_id)


def _worked_out(measured: MeasuredTruck) -> _Truck:
    spans = [entry.span for entry in measured.sums]
    return _Truck(
        measured=measured,
        hydrogen=trip_hydrogen(measured.trips, spans, measured.hydrogen),
        rounds={leg_id: each for each in rounds_of(measured.trips, measured.services) for leg_id in each.leg_ids},
    )


def _known_distances(ledger: Ledger) -> Distances:
    records = ledger.list_records(DISTANCES, "distance")
    known = {
        name: {frozenset(record["sites"]): record[name] for record in records if record[name] is not None}
        for name in ("transport_mm", "driven_mm", "straight_mm")
    }
    return Distances(**known)


def _element(leg: Record, category: str) -> Document:
    metres = leg["transport_distance_m"]
    distance = said(
        kind="gcd" if leg["distance_kind"] == "gcd" else "sfd",
        km=None if metres is None else decimal_text(metres, 3),
        source=leg["distance_source"],
    )
    return {
        "kind": "transport",
        "id": leg["leg_id"],
        "mode": leg["mode"],
        "category": category,
        "distance": distance,
        "refs": [f"legs.csv#{leg['row']}"],
    }


def _other_category(leg: Record) -> tuple[str, Document]:
    method = leg["intensity_method"]
    intensity = said(
        per="tkm", wtw_kgco2e=leg["intensity_wtw_kgco2e_per_tkm"], ttw_kgco2e=leg["intensity_ttw_kgco2e_per_tkm"]
    )
    return f"leg-{leg['leg_id']}", said(
        kind="transport",
        data="modelled" if method else "default",
        source=method or UNSTATED_METHOD_SOURCE,
        intensity=intensity,
        refs=[f"legs.csv#{leg['row']}"],
    )
