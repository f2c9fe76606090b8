"""Every milligram is posted once from one account to another, and by origin as the figures use it."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_custody import DAY, HOUR, KG, T0, TRIAL, TRUCKS, Made, batch, delivery, drive, fill, opening, stock

from h2corridor.accounting.custody import KilogramLedger, list_mixed, replay
from h2corridor.model.custody import Posting
from h2corridor.model.trial import TrialFacts

Moves = list[tuple[str, str, str, Mapping[str, int]]]


def _facts(**tables: object) -> TrialFacts:
    return TrialFacts(trial=TRIAL, **{"hydrogen_batches": (batch("B1", 100 * KG), batch("B2", 100 * KG)), **tables})  # type: ignore[arg-type]


def _ledger(made: Made) -> KilogramLedger:
    return replay(made.facts, made.cut, made.outcome)


def _moves(ledger: KilogramLedger, *kinds: str) -> Moves:
    return [
        (each.kind, each.from_account, each.to_account, each.by_origin)
        for each in ledger.postings
        if each.kind in kinds
    ]


def _balances(postings: list[Posting]) -> dict[str, int]:
    """What every account holds, added up from the postings alone."""
    held: dict[str, int] = {}
    for each in postings:
        held[each.from_account] = held.get(each.from_account, 0) - each.mass_mg
        held[each.to_account] = held.get(each.to_account, 0) + each.mass_mg
    return held


def test_a_kilogram_goes_from_its_batch_to_its_trip() -> None:
    facts = _facts(hydrogen_deliveries=(delivery(1, "B1", 0, 10 * KG),), refuellings=(fill(1, "TRUCK1", HOUR, 4 * KG),))
    ledger = _ledger(drive(facts, {"TRUCK1": [0, 3 * KG]}))

    assert [
        ("loaded", "batch:B1", "trailer:D1", {"B1@": 10 * KG}),
        ("unloaded", "trailer:D1", "stock:S1", {"B1@S1": 10 * KG}),
        ("filled", "stock:S1", "nozzle:R1", {"B1@S1": 4 * KG}),
        ("taken", "nozzle:R1", "tank:TRUCK1", {"B1@S1": 4 * KG}),
        ("used", "tank:TRUCK1", "trip:TRUCK1-0001", {"B1@S1": 3 * KG}),
    ] == _moves(ledger, "loaded", "unloaded", "filled", "taken", "used")
    assert {"B1@S1": KG} == ledger.held("tank:TRUCK1")


def test_a_posting_names_the_row_it_rests_on() -> None:
    facts = _facts(hydrogen_deliveries=(delivery(7, "B1", 0, 10 * KG),), refuellings=(fill(4, "TRUCK1", HOUR, 4 * KG),))
    sources = {each.kind: each.source for each in _ledger(drive(facts, {"TRUCK1": [0, KG]})).postings}

    assert {
        "produced": "hydrogen_batches.csv#1",
        "loaded": "hydrogen_deliveries.csv#7",
        "unloaded": "hydrogen_deliveries.csv#7",
        "filled": "refuellings.csv#4",
        "taken": "refuellings.csv#4",
        "used": "telemetry/TRUCK1",
    } == sources


def test_a_fill_beyond_the_stock_is_posted_as_of_unknown_origin() -> None:
    facts = _facts(hydrogen_deliveries=(delivery(1, "B1", 0, KG),), refuellings=(fill(1, "TRUCK1", HOUR, 4 * KG),))
    ledger = _ledger(drive(facts, {}))

    assert [
        ("beyond_record", "unknown", "stock:S1", {"": 3 * KG}),
        ("filled", "stock:S1", "nozzle:R1", {"": 3 * KG, "B1@S1": KG}),
    ] == _moves(ledger, "beyond_record", "filled")


def test_a_delivery_beyond_its_batch_is_posted_as_beyond_its_record() -> None:
    facts = _facts(hydrogen_batches=(batch("B1", 2 * KG),), hydrogen_deliveries=(delivery(1, "B1", 0, 5 * KG),))

    assert [("beyond_record", "unknown", "batch:B1", {"B1@": 3 * KG})] == _moves(
        _ledger(drive(facts, {})), "beyond_record"
    )


def test_what_a_tank_gave_beyond_what_it_got_is_posted_as_beyond_its_record() -> None:
    facts = _facts(tank_openings=(opening(1, "TRUCK1", 2 * KG, "B1"),))
    ledger = _ledger(drive(facts, {"TRUCK1": [3 * KG]}))

    assert [
        ("beyond_record", "unknown", "tank:TRUCK1", {"B1@": KG}),
        ("used", "tank:TRUCK1", "trip:TRUCK1-0000", {"B1@": 3 * KG}),
    ] == _moves(ledger, "beyond_record", "used")


def test_a_rise_that_nobody_booked_is_of_unknown_origin() -> None:
    ledger = _ledger(drive(_facts(), {}, rise_mg=5 * KG))

    assert [("seen", "unknown", f"tank:{vin}", {"": 5 * KG}) for vin in TRUCKS] == _moves(ledger, "seen")


def test_stock_that_the_deliveries_do_not_explain_is_of_unknown_origin() -> None:
    facts = _facts(station_stock=(stock(1, "S1", 6 * KG),), hydrogen_deliveries=(delivery(1, "B1", -DAY, 4 * KG),))

    assert [("opening", "unknown", "stock:S1", {"": 2 * KG})] == _moves(_ledger(drive(facts, {})), "opening")


def test_stock_that_had_left_before_the_period_is_posted_as_such() -> None:
    facts = _facts(station_stock=(stock(1, "S1", 3 * KG),), hydrogen_deliveries=(delivery(1, "B1", -DAY, 4 * KG),))

    assert [("left_earlier", "stock:S1", "earlier:S1", {"B1@S1": KG})] == _moves(
        _ledger(drive(facts, {})), "left_earlier"
    )


def test_vented_hydrogen_leaves_what_the_fills_left() -> None:
    facts = _facts(
        station_stock=(stock(1, "S1", 0, vented_mg=2 * KG),),
        hydrogen_deliveries=(delivery(1, "B1", 0, 5 * KG),),
        refuellings=(fill(1, "TRUCK1", HOUR, 4 * KG),),
    )
    ledger = _ledger(drive(facts, {}))

    assert [("vented", "stock:S1", "vented:S1", {"": KG, "B1@S1": KG})] == _moves(ledger, "vented")


def test_hydrogen_used_by_a_truck_that_made_no_trip_stays_with_the_truck() -> None:
    made = drive(_facts(tank_openings=(opening(1, "TRUCK1", 2 * KG, "B1"),)), {"TRUCK1": [KG]})
    made.outcome.trips.clear()  # type: ignore[attr-defined]

    assert [("used", "tank:TRUCK1", "standing:TRUCK1", {"B1@": KG})] == _moves(_ledger(made), "used")


@pytest.mark.parametrize(
    ("accounts", "by_origin"),
    [
        (("stock:S1", "nozzle:R1"), {"B1@S1": 1}),
        (("unknown", "produced"), {"": 1}),
        (("unknown", "unknown"), {"": 1}),
        (("unknown", "stock:S1"), {"": -1}),
    ],
)
def test_a_posting_that_breaks_the_double_entry_is_not_made(
    accounts: tuple[str, str], by_origin: dict[str, int]
) -> None:
    with pytest.raises(AssertionError):
        KilogramLedger().post("filled", accounts, by_origin, at_s=T0, source="refuellings.csv#1")


def test_a_ledger_that_says_other_origins_than_the_figures_is_refused() -> None:
    made = drive(_facts(tank_openings=(opening(1, "TRUCK1", 2 * KG, "B1"),)), {"TRUCK1": [KG]})
    other = _of_another_opening(made)

    with pytest.raises(AssertionError, match="the ledger says other origins"):
        _ledger(other)


def _of_another_opening(made: Made) -> Made:
    """The same measurements, with the opening of another batch."""
    facts = _facts(tank_openings=(opening(1, "TRUCK1", 2 * KG, "B2"),))
    return Made(facts=facts, cut=made.cut, outcome=made.outcome, fill_origins=made.fill_origins)


def _posted(deliveries: tuple[tuple[int, str], ...]) -> list[Posting]:
    facts = _facts(
        hydrogen_deliveries=tuple(
            delivery(number, name, after, 5 * KG) for number, (after, name) in enumerate(deliveries, start=1)
        ),
        refuellings=(fill(1, "TRUCK1", 2 * HOUR, 5 * KG),),
    )
    return _ledger(drive(facts, {})).postings


def test_a_segregated_batch_that_lay_with_another_is_mixed_from_then_on() -> None:
    (found,) = list_mixed(_posted(((0, "B1"), (HOUR, "B2"))), {"B1": "segregated", "B2": "mass_balance"})

    assert ("B1", "B2", "S1", T0 + HOUR) == (
        found.batch_id, found.other_batch_id, found.store, found.at_s
    )  # fmt: skip


def test_a_segregated_batch_that_came_once_the_other_had_left_is_not_mixed() -> None:
    assert [] == list_mixed(_posted(((0, "B1"), (3 * HOUR, "B2"))), {"B1": "segregated", "B2": "segregated"})


def test_batches_that_claim_no_segregation_may_mix() -> None:
    assert [] == list_mixed(_posted(((0, "B1"), (HOUR, "B2"))), {"B1": "mass_balance", "B2": None})


MASS = st.integers(0, 40 * KG)
STATION = st.sampled_from(["S1", "S2"])
DELIVERIES = st.lists(
    st.tuples(st.sampled_from(["B1", "B2", "B3"]), st.integers(-2 * DAY, 2 * DAY), MASS, STATION), max_size=6
)
FILLS = st.lists(st.tuples(st.sampled_from(TRUCKS), st.integers(0, 2 * DAY), MASS, STATION), max_size=6)
OPENINGS = st.lists(st.tuples(st.sampled_from(TRUCKS), MASS, st.sampled_from(["B1", "B2", None])), max_size=3)
STOCKS = st.lists(st.tuples(STATION, st.integers(0, 90 * KG), st.integers(0, 3 * KG)), max_size=3)
USED = st.fixed_dictionaries({vin: st.lists(MASS, min_size=7, max_size=7) for vin in TRUCKS})


@st.composite
def _trials(draw: st.DrawFn) -> tuple[TrialFacts, dict[str, list[int]], int]:
    """Papers, what each truck used in each window, and what tanks rose without a booked fill."""
    fills = sorted(draw(FILLS), key=lambda each: each[1])
    facts = _facts(
        hydrogen_deliveries=tuple(delivery(n, *each) for n, each in enumerate(draw(DELIVERIES), start=1)),
        refuellings=tuple(fill(n, *each) for n, each in enumerate(fills, start=1)),
        tank_openings=tuple(opening(n, *each) for n, each in enumerate(draw(OPENINGS), start=1)),
        station_stock=tuple(stock(n, *each) for n, each in enumerate(draw(STOCKS), start=1)),
    )
    return facts, draw(USED), draw(MASS)


@settings(max_examples=150, deadline=None)
@given(trial=_trials())
def test_nothing_is_lost_nothing_is_below_zero_and_origins_are_those_of_the_figures(
    trial: tuple[TrialFacts, dict[str, list[int]], int],
) -> None:
    facts, used, rise_mg = trial
    made = drive(facts, used, rise_mg=rise_mg)
    ledger = _ledger(made)
    held = _balances(ledger.postings)
    windows = {vin: sum(each.vin == vin for each in made.cut.windows) for vin in TRUCKS}

    assert {vin: sum(used[vin][: windows[vin]]) for vin in TRUCKS} == {
        vin: sum(mass for name, mass in held.items() if name.startswith(f"trip:{vin}-")) for vin in TRUCKS
    }
    assert 0 == sum(held.values())
    assert [] == [name for name, mass in held.items() if mass < 0 and name not in {"produced", "unknown"}]
    given_mixes = {each.to_account: each.by_origin for each in ledger.postings if each.kind == "filled"}
    assert {f"nozzle:{name}": dict(mix) for name, mix in made.fill_origins.items() if mix} == given_mixes
