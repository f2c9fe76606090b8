"""The net of a period: every sign counts, nothing withheld counts in favour, and no kilometre is left unexplained."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.net import (
    Gap,
    Net,
    ShipmentDifference,
    TripReading,
    TruckReading,
    UnservedTrip,
    net_of_period,
)
from h2corridor.model.errors import InputError

VALUES = st.decimals("-9999", "9999", places=6)


def shipment(value: str | None, *, is_stated: bool = True, stated: str | None = None) -> ShipmentDifference:
    return ShipmentDifference(
        consignment_id="C1",
        is_stated=is_stated,
        difference_kgco2e=None if value is None else Decimal(value),
        stated_kgco2e=None if stated is None else Decimal(stated),
    )


def trip(first: int | None, last: int | None, km: str | None, trip_id: str = "T1") -> TripReading:
    distance = None if km is None else Decimal(km)
    return TripReading(trip_id=trip_id, distance_km=distance, first_steps=first, last_steps=last)


def truck(first: int | None, last: int | None, *trips: TripReading, resolution: int = 1) -> TruckReading:
    return TruckReading(vin="V1", first_steps=first, last_steps=last, resolution_steps=resolution, trips=trips)


STANDING = truck(1000, 1000, trip(1000, 1000, "0"))


def driven(*trucks: TruckReading) -> Net:
    return net_of_period([shipment("5")], [], trucks)


@pytest.mark.parametrize(
    ("said", "counted", "value"),
    [
        (shipment("5"), "as_computed", "5"),
        (shipment("-5"), "as_computed", "-5"),
        (shipment("5", is_stated=False), "zero", "0"),
        (shipment("-5", is_stated=False), "as_computed", "-5"),
        (shipment("0", is_stated=False), "as_computed", "0"),
        (shipment(None, is_stated=False, stated="-7.5"), "as_stated", "-7.5"),
    ],
)
def test_a_shipment_counts_what_is_certain_of_it(said: ShipmentDifference, counted: str, value: str) -> None:
    found = net_of_period([said], [], [STANDING])

    assert ("complete", value) == (found.status, found.net_kgco2e)
    assert (counted, value) == (found.shipments[0].counted, found.shipments[0].counted_kgco2e)


@pytest.mark.parametrize(
    "said",
    [
        shipment(None, is_stated=False, stated="7"),
        shipment("5", is_stated=False, stated="-7"),
        shipment("5", stated="0"),
    ],
)
def test_a_stated_value_above_zero_or_beside_a_computed_one_is_refused(said: ShipmentDifference) -> None:
    with pytest.raises(InputError) as caught:
        net_of_period([said], [], [STANDING])

    assert ("net.stated", "C1") == (caught.value.code, caught.value.about)


def test_a_period_without_any_truck_is_not_complete() -> None:
    found = net_of_period([shipment("5")], [], [])

    assert ("incomplete", "5", None) == (found.status, found.net_kgco2e, found.unexplained_km)


def test_a_shipment_without_any_figure_keeps_the_period_open() -> None:
    found = net_of_period([shipment("5"), shipment(None, is_stated=False)], [], [])

    assert ("cannot_be_closed", None) == (found.status, found.net_kgco2e)
    assert ("not_closed", None) == (found.shipments[1].counted, found.shipments[1].counted_kgco2e)


def test_a_trip_that_served_nobody_counts_against_the_project() -> None:
    idle = UnservedTrip(trip_id="T1", vin="V1", project_kgco2e=Decimal("12.5"))

    assert "-7.5" == net_of_period([shipment("5")], [idle], []).net_kgco2e


def test_a_trip_of_which_nobody_knows_what_it_emitted_keeps_the_period_open() -> None:
    idle = UnservedTrip(trip_id="T1", vin="V1", project_kgco2e=None)

    assert "cannot_be_closed" == net_of_period([shipment("5")], [idle], []).status


def test_kilometres_that_all_lie_in_trips_make_a_net_complete() -> None:
    found = driven(truck(1000, 1500, trip(1000, 1200, "20"), trip(1200, 1500, "30", "T2")))

    assert ("complete", ()) == (found.status, found.trucks[0].gaps)
    assert ("50", "50", "0") == (
        found.trucks[0].odometer_km,
        found.trucks[0].trips_km,
        found.trucks[0].unexplained_km,
    )


@pytest.mark.parametrize(
    ("read", "gap"),
    [
        (truck(990, 1200, trip(1000, 1200, "20")), Gap(kind="before_first_trip", trip_id=None, km="1")),
        (truck(1000, 1201, trip(1000, 1200, "20")), Gap(kind="after_last_trip", trip_id="T1", km="0.1")),
        (truck(1000, 1200, trip(1000, 1200, "19.5")), Gap(kind="within_trip", trip_id="T1", km="0.5")),
        (truck(1000, 1200, trip(1000, 1200, "21")), Gap(kind="within_trip", trip_id="T1", km="-1")),
        (truck(1000, 1200, trip(1000, 1200, None)), Gap(kind="within_trip", trip_id="T1", km=None)),
        (truck(1000, 1300), Gap(kind="before_first_trip", trip_id=None, km="30")),
        (truck(None, None), Gap(kind="before_first_trip", trip_id=None, km=None)),
    ],
)
def test_a_kilometre_outside_trips_is_named_and_makes_a_net_incomplete(read: TruckReading, gap: Gap) -> None:
    found = driven(read)

    assert ("incomplete", "5", (gap,)) == (found.status, found.net_kgco2e, found.trucks[0].gaps)


def test_kilometres_between_two_trips_are_said_to_lie_after_the_first() -> None:
    found = driven(truck(1000, 1500, trip(1000, 1200, "20"), trip(1250, 1500, "25", "T2")))

    assert (Gap(kind="between_trips", trip_id="T1", km="5"),) == found.trucks[0].gaps
    assert "5" == found.trucks[0].unexplained_km


def test_two_gaps_that_even_out_are_still_gaps() -> None:
    found = driven(truck(1000, 1500, trip(1000, 1200, "25"), trip(1250, 1500, "25", "T2")))

    assert ("incomplete", "0", 2) == (found.status, found.trucks[0].unexplained_km, len(found.trucks[0].gaps))


@pytest.mark.parametrize(("km", "status"), [("20.9", "complete"), ("21", "incomplete")])
def test_an_odometer_of_whole_kilometres_shows_nothing_finer(km: str, status: str) -> None:
    assert status == driven(truck(1000, 1200, trip(1000, 1200, km), resolution=10)).status


def _short_trips(km: str, *, resolution: int) -> TruckReading:
    """A hundred trips of ten steps or one each, one after another."""
    ends = [resolution * number for number in range(101)]
    trips = [trip(first, last, km, f"T{first}") for first, last in pairwise(ends)]
    return truck(0, ends[-1], *trips, resolution=resolution)


@pytest.mark.parametrize(("km", "resolution", "rest"), [("0.05", 1, "5"), ("0.5", 10, "50"), ("1.01", 10, "-1")])
def test_small_differences_that_sum_to_a_step_are_a_gap(km: str, resolution: int, rest: str) -> None:
    found = driven(_short_trips(km, resolution=resolution))

    assert ("incomplete", rest.lstrip("-")) == (found.status, found.unexplained_km)
    assert (Gap(kind="all_together", trip_id=None, km=rest),) == found.trucks[0].gaps


def test_small_differences_that_stay_below_a_step_are_rounding_and_said() -> None:
    found = driven(_short_trips("0.9901", resolution=10), _short_trips("1.0099", resolution=10))

    assert ("complete", "1.98") == (found.status, found.unexplained_km)
    assert [("0.99", "1"), ("-0.99", "1")] == [(each.unexplained_km, each.resolution_km) for each in found.trucks]


def test_one_truck_that_said_nothing_makes_the_whole_net_incomplete() -> None:
    assert "incomplete" == driven(truck(0, 0, trip(0, 0, "0")), truck(None, None)).status


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.tuples(VALUES, st.booleans())), idle=st.lists(st.decimals("0", "9999", places=6)))
def test_the_net_is_the_sum_of_its_rows_and_never_above_what_was_computed(
    values: list[tuple[Decimal, bool]], idle: list[Decimal]
) -> None:
    shipments = [shipment(format(value, "f"), is_stated=is_stated) for value, is_stated in values]
    trips = [UnservedTrip(trip_id=f"T{n}", vin="V1", project_kgco2e=each) for n, each in enumerate(idle)]
    found = net_of_period(shipments, trips, [])
    counted = [*(each.counted_kgco2e for each in found.shipments), *(each.counted_kgco2e for each in found.trips)]
    rows = [Decimal(str(each)) for each in counted]

    assert Decimal(str(found.net_kgco2e)) == sum(rows, Decimal(0))
    assert sum(rows, Decimal(0)) <= sum((value for value, _ in values), Decimal(0)) - sum(idle, Decimal(0))
