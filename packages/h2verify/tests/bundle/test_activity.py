"""Activity computed again: a chain that follows from its records holds, and one changed thing does not."""

import copy
import time
from collections.abc import Callable
from typing import Any

import pytest
from h2verify.bundle.activity import first_difference, verify_activity, verify_records
from h2verify.chains import write_chain
from h2verify.errors import BundleError
from hypothesis import given, settings
from hypothesis import strategies as st
from made_records import KG, TRUCK, Groups, made_groups, record_of, sealed, settled

CHAIN = write_chain(made_groups(), "C1")
Change = Callable[[Groups], Any]


def _refusal(groups: Groups, chain: Any = CHAIN) -> BundleError | None:
    try:
        verify_activity(groups, chain, "C1")
    except BundleError as error:
        return error
    return None


def _code(groups: Groups, chain: Any = CHAIN) -> str | None:
    error = _refusal(groups, chain)
    return error.code if error else None


def _set(group: str, kind: str, number: int = 0, **values: Any) -> Change:
    return lambda groups: record_of(groups, group, kind, number).update(values)


def _nested(number: int, name: str, **values: Any) -> Change:
    """Change what stands under a name of a window."""

    def change(groups: Groups) -> None:
        window = record_of(groups, TRUCK, "window", number)
        window[name] = {**window[name], **values}

    return change


def _drop(group: str, kind: str, number: int = 0) -> Change:
    return lambda groups: groups[group].remove(record_of(groups, group, kind, number))


def _drop_group(name: str) -> Change:
    return lambda groups: groups.pop(name)


ONE_THING: dict[str, tuple[str, Change]] = {
    "another mass": ("activity.chain", _set("consignment/C1", "consignment", mass_g=20_000_001)),
    "another mass beside it": ("activity.chain", _set("consignment/C2", "consignment", mass_g=5_000_001)),
    "another distance": ("activity.chain", _set(TRUCK, "leg", transport_distance_m=253_501)),
    "a distance below the least": ("activity.chain", _set(TRUCK, "leg", transport_distance_m=253_499)),
    "another kind of distance": ("activity.chain", _set(TRUCK, "leg", distance_kind="gcd")),
    "another day": ("activity.chain", _set(TRUCK, "leg", departed_day="2026-03-03")),
    "legs in another order": ("activity.chain", _set("consignment/C1", "consignment", legs=["L3", "L1"])),
    "a leg not listed": ("activity.chain", _set("consignment/C2", "consignment", legs=[])),
    "a leg's intensity": ("activity.chain", _set("consignment/C1", "leg", intensity_wtw_kgco2e_per_tkm="0.0064")),
    "another diesel truck": ("activity.chain", _set(TRUCK, "truck", comparable_diesel_l_per_100km="38.3")),
    "a longer way for the diesel truck": ("activity.chain", _set("distances", "distance", transport_mm=253_500_001)),
    "a shorter way for the diesel truck": ("activity.chain", _set("distances", "distance", transport_mm=253_499_999)),
    "no such way": ("activity.chain", _drop("distances", "distance")),
    "a way longer than driven": ("activity.chain", _set("distances", "distance", driven_mm=130_000_001)),
    "a hub's throughput": ("activity.chain", _set("site/HUB", "hub_operation", throughput_kg=5_000_001)),
    "a hub's electricity": ("activity.chain", _set("site/HUB", "hub_operation", electricity_wh=1)),
    "a hub's region": ("activity.chain", _set("site/HUB", "site", grid_region="Yunnan")),
    "a hub left out": ("activity.chain", _drop("site/HUB", "hub_operation")),
    "no hub": ("activity.chain", _set("site/PORT", "site", site_kind="city")),
    "a gate intensity": ("activity.chain", _set("batch/B2", "batch", intensity_kgco2e_per_kg="1.672")),
    "a plant's region": ("activity.chain", _set("batch/B2", "batch", site_grid_region="Yunnan")),
    "a trailer's diesel": ("activity.chain", _set("site/STATION", "delivery", 1, trailer_diesel_ml=101_599)),
    "a station's electricity": ("activity.chain", _set("site/STATION", "station_energy", electricity_wh=89_999)),
    "a station's region": ("activity.chain", _set("site/STATION", "station_energy", grid_region="Yunnan")),
    "hydrogen let off": ("activity.chain", _set("site/STATION", "station_stock", vented_mg=1)),
    "a fill of others": ("activity.chain", _set("site/STATION", "station_fill", 1, mass_mg=KG)),
    "a fill of others left out": ("activity.chain", _drop("site/STATION", "station_fill", 1)),
    "a row that is not the one": ("activity.chain", _set(TRUCK, "truck", row=2)),
    "a fill's mass": ("activity.hydrogen", _set(TRUCK, "fill", mass_mg=19 * KG)),
    "a station's mass of a fill": ("activity.hydrogen", _set("site/STATION", "station_fill", mass_mg=19 * KG)),
    "a fill left out": ("activity.hydrogen", _drop(TRUCK, "fill")),
    "booked mass": ("activity.hydrogen", _nested(1, "fill", booked_mg=19 * KG)),
    "a rise": ("activity.hydrogen", _nested(1, "fill", rise_mg=10 * KG)),
    "an agreement": ("activity.hydrogen", _nested(1, "fill", agreement="differs")),
    "a fill twice": ("activity.hydrogen", _nested(1, "fill", refuelling_ids=["F1", "F1"])),
    "no such fill": ("activity.hydrogen", _nested(1, "fill", refuelling_ids=["F2"])),
    "a full tank at the end": ("activity.hydrogen", _nested(1, "tank_end", mass_mg=55 * KG)),
    "an empty tank at first": ("activity.hydrogen", _nested(0, "tank_start", mass_mg=59 * KG)),
    "a tank that changed by itself": ("activity.hydrogen", _nested(0, "tank_end", mass_mg=53 * KG)),
    "a window without its fill": ("activity.hydrogen", _set(TRUCK, "window", 1, fill=None)),
    "hydrogen of a span": ("activity.hydrogen", _set(TRUCK, "span_hydrogen", used_mg=7_992_217)),
    "hydrogen of no span": ("activity.hydrogen", _drop(TRUCK, "span_hydrogen", 3)),
    "another origin": ("activity.hydrogen", _set(TRUCK, "span_hydrogen", by_origin=[["B2@STATION", 7_992_218]])),
    "what was on board": ("activity.hydrogen", _set(TRUCK, "tank_opening", mass_mg=59 * KG)),
    "whose was on board": ("activity.hydrogen", _set(TRUCK, "tank_opening", batch_id="B2")),
    "another opening stock": ("activity.hydrogen", _set("site/STATION", "station_stock", opening_mg=150 * KG)),
    "a later delivery": ("activity.hydrogen", _set("site/STATION", "delivery", 1, delivered_at_ms=1_772_500_000_000)),
    "a delivery's mass": ("activity.hydrogen", _set("site/STATION", "delivery", 1, mass_mg=119 * KG)),
    "a delivery left out": ("activity.hydrogen", _drop("site/STATION", "delivery", 0)),
    "a batch delivered more": ("activity.hydrogen", _set("batch/B1", "batch_delivery", mass_mg=16 * KG)),
    "a batch not delivered": ("activity.hydrogen", _drop("batch/B1", "batch_delivery")),
    "a period that began before": ("activity.hydrogen", _set("trial", "trial", period_start_ms=0)),
    "distance of a span": ("activity.trips", _set(TRUCK, "span", distance_ninths_mm=9)),
    "charge of a span": ("activity.trips", _set(TRUCK, "span", 1, charge_twice=1)),
    "a span cut elsewhere": ("activity.trips", _set(TRUCK, "span", 1, to_s=1_772_424_059)),
    "a span without an end": ("activity.form", _drop(TRUCK, "span", 3)),
    "a span that moved unseen": ("activity.trips", _set(TRUCK, "span", first_active_s=None, last_active_s=None)),
    "a stand elsewhere": ("activity.trips", _set(TRUCK, "stand", 1, site_id="CITY")),
    "a stand at another time": ("activity.trips", _set(TRUCK, "stand", 1, split_at_s=1_772_424_000)),
    "a stand that ends first": ("activity.trips", _set(TRUCK, "stand", 1, ended_at_s=0)),
    "a stand left out": ("activity.trips", _drop(TRUCK, "stand", 1)),
    "a longer trip": ("activity.trips", _set(TRUCK, "trip", distance_mm=260_000_001)),
    "a trip to elsewhere": ("activity.trips", _set(TRUCK, "trip", destination_site="HUB")),
    "a leg of another day": ("activity.trips", _set(TRUCK, "leg", departed_at_ms=1_772_496_000_000)),
    "another trip for a leg": ("activity.trips", _set(TRUCK, "service", trips=[2])),
    "both trips for a leg": ("activity.trips", _set(TRUCK, "service", trips=[1, 2])),
    "a leg that nobody drove": ("activity.trips", _set(TRUCK, "service", trips=[])),
    "a leg driven with a fault": ("activity.trips", _set(TRUCK, "service", fault="no-data")),
    "no service": ("activity.form", _drop(TRUCK, "service")),
    "no trip": ("activity.form", _drop(TRUCK, "trip")),
    "no truck": ("activity.group-missing", _drop_group(TRUCK)),
    "no consignment beside it": ("activity.group-missing", _drop_group("consignment/C2")),
    "no batch": ("activity.group-missing", _drop_group("batch/B1")),
    "no distances": ("activity.group-missing", _drop_group("distances")),
    "a leg taken away": ("activity.group-missing", _drop("consignment/C1", "leg")),
}


def test_a_chain_that_follows_from_its_records_holds() -> None:
    verify_records(made_groups(), "C1")
    verify_activity(made_groups(), CHAIN, "C1")


@pytest.mark.parametrize("name", sorted(ONE_THING))
def test_one_changed_thing_is_refused(name: str) -> None:
    code, change = ONE_THING[name]
    groups = made_groups()
    change(groups)

    assert code == _code(groups)


@pytest.mark.parametrize(
    "name",
    [
        "a span cut elsewhere",
        "a stand that ends first",
        "a leg of another day",
        "another trip for a leg",
        "both trips for a leg",
        "a leg driven with a fault",
    ],
)
def test_a_cut_that_was_changed_is_refused_though_all_that_follows_was_made_to_fit(name: str) -> None:
    groups = made_groups()
    ONE_THING[name][1](groups)
    groups = settled(groups)

    assert "activity.trips" == _code(groups, write_chain(groups, "C1"))


@pytest.mark.parametrize("name", ["an agreement", "booked mass", "a fill's mass", "a tank that changed by itself"])
def test_a_fill_that_was_changed_is_refused_though_hydrogen_and_chain_were_made_to_fit(name: str) -> None:
    groups = made_groups()
    ONE_THING[name][1](groups)
    groups = settled(groups)

    assert "activity.hydrogen" == _code(groups, write_chain(groups, "C1"))


def test_a_longer_way_of_the_diesel_truck_is_refused_though_the_chain_was_made_to_fit() -> None:
    groups = made_groups()
    groups["distances"][0]["transport_mm"] += 1_000_000

    assert "activity.chain" == _code(groups, write_chain(groups, "C1"))


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_no_field_of_the_chain_may_differ(data: st.DataObject) -> None:
    chain = copy.deepcopy(CHAIN)
    place: Any = chain
    while True:
        names = sorted(place) if isinstance(place, dict) else range(len(place))
        name = data.draw(st.sampled_from(list(names)))
        if not isinstance(place[name], dict | list):
            break
        place = place[name]
    place[name] = data.draw(st.sampled_from([place[name] + "0", None, 0, ["x"]]))

    assert "activity.chain" == _code(made_groups(), chain)


def test_the_place_of_the_first_difference_is_said() -> None:
    chain = copy.deepcopy(CHAIN)
    chain["categories"]["hydrogen-truck-1-round-1"]["energy"][0]["amount"] = "1"
    error = _refusal(made_groups(), chain)

    assert error is not None
    assert '$.categories["hydrogen-truck-1-round-1"].energy[0].amount' == error.where
    assert 'the records give "20.998378", the chain says "1"' in error.fault


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        ({"a": 1}, {"a": 1}, None),
        ({"a": 1}, {"a": 1, "b": None}, ("b",)),
        ({"a": [1, 2]}, {"a": [1]}, ("a", 1)),
        ({"a": [1]}, {"a": (1,)}, None),
        ({"a": True}, {"a": 1}, ("a",)),
        ([], {}, ()),
    ],
)
def test_documents_differ_where_they_say_something_else(one: Any, other: Any, place: Any) -> None:
    assert place == first_difference(one, other)


def test_groups_that_are_not_needed_change_nothing() -> None:
    other = {**record_of(made_groups(), TRUCK, "truck"), "truck": "truck-2"}

    assert _code({**made_groups(), "truck/truck-2": [other], "site/FAR": [sealed("site", site_id="FAR")]}) is None


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_record_is_held_or_refused_and_never_breaks(data: st.DataObject) -> None:
    groups = made_groups()
    record = data.draw(st.sampled_from([record for records in groups.values() for record in records]))
    name = data.draw(st.sampled_from(sorted(record)))
    texts = st.sampled_from(["", "HUB", "C1", "C2", "STATION", "B1@", "2026-03-02", "no-data"])
    numbers = st.sampled_from([0, 1, 2, 10**9, 2**53 - 1, -(2**53) + 1]) | st.integers(-5, 5)
    plain = st.none() | texts | numbers | st.booleans()
    record[name] = data.draw(plain | st.lists(plain | st.lists(plain, max_size=2), max_size=3))
    error = _refusal(groups)

    assert error is None or error.code.startswith(("activity.", "container.limit"))


def test_a_figures_activity_takes_well_under_a_second() -> None:
    begun = time.process_time()
    verify_activity(made_groups(), CHAIN, "C1")

    assert time.process_time() - begun < 0.5
