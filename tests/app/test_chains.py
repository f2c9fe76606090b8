"""A trial's consignments as transport chains."""

import datetime
import json
from decimal import Decimal
from typing import Any

import msgspec
from made_trial import FACTS, KG, TRUCK, leg, outcome, trip

from h2corridor.app.chains import TrialChains, references_of, trial_chains, trip_chain
from h2corridor.model.chain import Energy, HubCategory, TransportCategory, TransportChain
from h2corridor.model.trial import TrialFacts

ROUND = "hydrogen-truck-1-round-1"


def _facts(**tables: Any) -> TrialFacts:
    return msgspec.structs.replace(FACTS, **tables)


def _chains(facts: TrialFacts = FACTS, **values: Any) -> TrialChains:
    return trial_chains(facts, outcome(**values))


def _truck_category(chain: TransportChain, name: str = ROUND) -> TransportCategory:
    category = chain.categories[name]

    assert isinstance(category, TransportCategory)
    return category


def _kg(energy: tuple[Energy, ...]) -> list[Decimal]:
    return [Decimal(entry.amount or "NaN") for entry in energy]


def test_every_consignment_with_legs_is_a_chain_of_its_elements_in_order() -> None:
    chains = _chains().chains

    assert ["C1", "C2"] == list(chains)
    assert ["H1-HUB", "L1", "H3-PORT", "L3"] == [element.id for element in chains["C1"].elements]
    assert ["H1-HUB", "L2", "H3-PORT"] == [element.id for element in chains["C2"].elements]
    assert [f"hub-HUB-{'2026-03-02'}", ROUND, "hub-PORT-2026-03-02", "leg-L3"] == list(chains["C1"].categories)
    assert ("20000", datetime.date(2026, 3, 2)) == (chains["C1"].shipment.mass_kg, chains["C1"].activity_date)


def test_a_consignment_without_legs_has_no_chain() -> None:
    assert ["C1"] == list(_chains(_facts(legs=FACTS.legs[:1] + FACTS.legs[2:]), served={"L1": 1}).chains)


def test_the_category_carries_all_hydrogen_of_the_round_over_all_activity_it_served() -> None:
    category = _truck_category(_chains().chains["C2"])

    assert 22 == sum(_kg(category.energy))
    assert str(25 * Decimal("253.5")) == category.transport_activity_tkm
    assert "primary" == category.data


def test_no_chain_names_a_vehicle() -> None:
    for chain in _chains().chains.values():
        assert TRUCK not in msgspec.json.encode(chain).decode()
        assert "渝A00001D" not in msgspec.json.encode(chain).decode()


def test_a_hub_without_a_row_that_day_is_a_stated_exclusion() -> None:
    chains = _chains()
    with_row, without = (chains.chains["C1"].categories[f"hub-{site}-2026-03-02"] for site in ("HUB", "PORT"))

    assert isinstance(with_row, HubCategory)
    assert isinstance(without, HubCategory)
    assert (None, "5000", ["9000", "400"]) == (
        with_row.excluded,
        with_row.throughput_t,
        [entry.amount for entry in with_row.energy],
    )
    assert "no operations of PORT on 2026-03-02" == without.excluded
    assert ["hub PORT has no operations on 2026-03-02"] == [en for _, en in chains.not_covered["C1"]]


def test_a_leg_of_another_mode_takes_what_its_carrier_supplied() -> None:
    category = _truck_category(_chains().chains["C1"], "leg-L3")

    assert category.intensity is not None
    assert ("modelled", "0.0065", "0") == (
        category.data,
        category.intensity.wtw_kgco2e,
        category.intensity.ttw_kgco2e,
    )
    unnamed = msgspec.structs.replace(FACTS.legs[2], intensity_method=None, intensity_wtw_kgco2e_per_tkm=None)
    plain = _truck_category(_chains(_facts(legs=(*FACTS.legs[:2], unnamed))).chains["C1"], "leg-L3")

    assert ("default", None) == (plain.data, plain.intensity and plain.intensity.wtw_kgco2e)


def test_an_open_round_says_that_empty_running_is_not_covered() -> None:
    notes = [en for _, en in _chains(closed=False).not_covered["C2"]]

    assert any("empty running not covered" in note and "L2" in note for note in notes)
    assert not any("empty running" in en for _, en in _chains().not_covered["C2"])


def test_a_distance_of_no_said_kind_is_read_as_shortest_feasible_and_said_so() -> None:
    chains = _chains(_facts(legs=(leg(1, "C1", distance_kind=None), leg(2, "C2", distance_kind="gcd"))))
    kinds = [msgspec.to_builtins(chains.chains[name].elements[1])["distance"]["kind"] for name in ("C1", "C2")]

    assert ["sfd", "gcd"] == kinds
    assert any("does not say what kind" in en for _, en in chains.not_covered["C1"])
    assert not any("does not say what kind" in en for _, en in chains.not_covered["C2"])


def test_a_round_that_cannot_be_computed_has_no_intensity_rather_than_none_of_its_hydrogen() -> None:
    category = _truck_category(_chains(hydrogen=({"B1@STATION": KG}, None)).chains["C1"])

    assert ((), None, None) == (category.energy, category.transport_activity_tkm, category.comparison)
    assert category.intensity is not None
    assert category.intensity.wtw_kgco2e is None


def test_a_leg_that_no_trip_served_has_no_operation() -> None:
    chains = _chains(served={"L1": 1})

    assert chains.find_operation(FACTS.legs[0]) is not None
    assert chains.find_operation(FACTS.legs[1]) is None
    assert "leg-L2" in chains.chains["C2"].categories
    assert {f"{TRUCK}-0001"} == chains.loaded_trips()


def test_the_diesel_truck_drives_the_transport_distance_both_ways() -> None:
    comparison = _truck_category(_chains().chains["C1"]).comparison

    assert comparison is not None
    assert ("507", "38.2", "fuel book") == (
        comparison.baseline_distance_km,
        comparison.diesel_l_per_100km,
        comparison.source,
    )


def test_a_chain_refers_to_every_row_it_rests_on() -> None:
    references = set(references_of(_chains().chains["C1"]))
    document = json.loads(msgspec.json.encode(_chains().chains["C1"]))

    assert {
        "consignments.csv#1",
        "consignments.csv#2",  # shares the round
        "legs.csv#1",
        "legs.csv#2",
        "legs.csv#3",
        "vehicles.csv#1",
        "refuellings.csv#1",
        "hub_operations.csv#1",
        "hydrogen_batches.csv#1",
        "hydrogen_deliveries.csv#1",
        "station_energy.csv#1",
        "station_stock.csv#1",
    } == references
    assert references == set(references_of(document))


def test_one_trip_is_a_chain_of_a_tonne_over_a_kilometre_with_all_its_hydrogen() -> None:
    chain = trip_chain(trip(1, "HUB", "PORT"), {"B1@STATION": 7 * KG, "": KG}, FACTS, _chains())

    assert [Decimal(7), Decimal(1)] == _kg(_truck_category(chain, "trip").energy)
    assert ("1000", "1") == (chain.shipment.mass_kg, _truck_category(chain, "trip").transport_activity_tkm)


def test_hydrogen_of_a_batch_that_nobody_described_is_of_unknown_origin() -> None:
    chain = _chains(hydrogen=({"": KG, "B9@STATION": 2 * KG, "B1@STATION": 4 * KG}, {})).chains["C1"]

    assert [(None, Decimal(4)), ("unknown", Decimal(3))] == [
        (entry.origin, Decimal(entry.amount or "NaN")) for entry in _truck_category(chain).energy
    ]


def test_a_supply_says_what_it_took_to_bring_the_batch_to_this_station() -> None:
    (energy,) = _truck_category(_chains(hydrogen=({"B1@STATION": KG}, {})).chains["C1"]).energy

    assert energy.supply is not None
    assert {
        "batch": "B1",
        "station": "STATION",
        "gate_kgco2e_per_kg": "1.98",
        "custody": None,
        "delivered_kg": "100",
        "trailer_diesel_l": "101.6",
        "trailer_compression_kwh": "204.8",
        "trailer_grid_region": "Chongqing",
        "trailer_grid_level": None,
        "trailer_contract": None,
        "station_dispensed_kg": "30",
        "station_vented_kg": "0",
        "station_electricity_kwh": "90",
        "station_grid_region": "Chongqing",
        "station_grid_level": None,
        "station_contract": None,
    } == {name: value for name, value in msgspec.to_builtins(energy.supply).items() if name != "refs"}


def test_a_chain_as_a_value_says_what_its_document_says() -> None:
    chains = _chains()

    for name, document in chains.documents.items():
        assert msgspec.convert(document, TransportChain) == chains.chains[name]


def test_a_document_holds_nothing_that_is_absent_or_empty() -> None:
    text = json.dumps(list(_chains().documents.values()))

    assert not [nothing for nothing in ("null", "[]", '""', "{}") if nothing in text]


def test_ids_that_a_foreign_chain_may_not_have_do_not_stop_a_run() -> None:
    name = "C" * 4000
    facts = _facts(
        consignments=(msgspec.structs.replace(FACTS.consignments[0], consignment_id=name), FACTS.consignments[1]),
        legs=(leg(1, name), leg(2, "C2")),
    )

    assert name == _chains(facts).chains[name].shipment.id
