"""Flows of the ledger's kilograms keep every milligram."""

from collections import Counter
from pathlib import Path

import pytest

from h2corridor.app.custody import read_custody
from h2corridor.app.custody_flows import Flow, Node, beyond_record_mg, list_flows
from h2corridor.model.custody import Custody, Posting, SharedTrip
from h2corridor.model.report import Report

Run = tuple[Report, Path]
THROUGH = ("source", "station", "truck")


@pytest.fixture(params=["first_run", "rehearsal"])
def custody(request: pytest.FixtureRequest) -> Custody:
    run: Run = request.getfixturevalue(request.param)
    return read_custody(run[1])


def test_what_stations_and_trucks_get_of_a_batch_leaves_them_again(custody: Custody) -> None:
    got: Counter[tuple[Node, str]] = Counter()
    gave: Counter[tuple[Node, str]] = Counter()
    for flow, mass in list_flows(custody).items():
        got[flow.end, flow.batch] += mass if flow.end.kind in THROUGH else 0
        gave[flow.begin, flow.batch] += mass if flow.begin.kind != "source" else 0

    assert +got
    assert +gave == +got


def test_sources_give_what_the_ledger_issued(custody: Custody) -> None:
    issued = sum(each.mass_mg for each in custody.postings if each.from_account in ("produced", "unknown"))
    given = sum(mass for flow, mass in list_flows(custody).items() if flow.begin.kind == "source")

    assert issued == given


def _posting(kind: str, begin: str, end: str, mass: int, origin: str = "B@S") -> Posting:
    by_origin = {origin: mass}
    return Posting(at_s=0, kind=kind, from_account=begin, to_account=end, source="x#1", by_origin=by_origin)  # type: ignore[arg-type]  # a kind as text


def test_each_end_is_named_for_where_the_hydrogen_is() -> None:
    custody = Custody(
        format="custody/1",
        trial="t",
        period_end_s=0,
        batches=(),
        trips=(SharedTrip(trip_id="1", category="c", shares={"C1": 3, "C2": 1}),),
        postings=(
            _posting("produced", "produced", "batch:B", 100, "B@"),
            _posting("loaded", "batch:B", "trailer:D", 90, "B@"),
            _posting("unloaded", "trailer:D", "stock:S", 80),
            _posting("filled", "stock:S", "nozzle:R", 30),
            _posting("vented", "stock:S", "vented:S", 5),
            _posting("taken", "nozzle:R", "tank:V", 20),
            _posting("seen", "unknown", "tank:V", 2, ""),
            _posting("used", "tank:V", "trip:1", 4),
            _posting("used", "tank:V", "trip:2", 6),
            _posting("used", "tank:V", "standing:V", 1),
        ),
    )
    station, truck = Node("station", "S"), Node("truck", "V")

    assert {
        Flow(Node("source", "B"), station, "B"): 80,
        Flow(Node("source", "B"), Node("undelivered"), "B"): 20,
        Flow(station, truck, "B"): 20,
        Flow(station, Node("nozzle"), "B"): 10,
        Flow(station, Node("vented"), "B"): 5,
        Flow(station, Node("in_stock"), "B"): 45,
        Flow(Node("source", ""), truck, ""): 2,
        Flow(truck, Node("consignment", "C1"), "B"): 3,
        Flow(truck, Node("consignment", "C2"), "B"): 1,
        Flow(truck, Node("empty"), "B"): 6,
        Flow(truck, Node("standing"), "B"): 1,
        Flow(truck, Node("on_board"), "B"): 9,
        Flow(truck, Node("on_board"), ""): 2,
    } == list_flows(custody)


def test_what_was_given_beyond_the_record_is_counted_apart() -> None:
    postings = (_posting("beyond_record", "unknown", "tank:V", 7), _posting("seen", "unknown", "tank:V", 2, ""))

    assert 7 == beyond_record_mg(postings)
