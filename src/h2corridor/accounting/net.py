"""What a period comes to: every difference with its sign, what served nobody, and whether every kilometre is there.

Not here: reading reports and tables (`h2corridor.app.net`).

- A difference that nothing withholds counts as it is, also where it is negative.
- One that is withheld or unsupported counts as zero where it is positive, and as it is where it is not. One that could
  not be computed counts as a value that somebody states, which is never above zero; without such a value the period
  cannot be closed.
- What a truck used on trips, or parts of trips, that served no shipment counts against the project.
- The sum of the rows is the net figure. It is complete only where there is a truck, and every kilometre of every
  truck's odometer lies in a trip. What the odometer's steps hide between two readings is no gap; but all differences of
  a truck together are one between two readings, and as small, or they are a gap.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Literal

import msgspec
from h2verify.derivation import arithmetic, decimal_text

from h2corridor.model.errors import InputError

NetStatus = Literal["complete", "incomplete", "cannot_be_closed"]
Counted = Literal["as_computed", "zero", "as_stated", "not_closed"]
GapKind = Literal["before_first_trip", "between_trips", "within_trip", "after_last_trip", "all_together"]
KM_PER_STEP = Decimal("0.1")
"""A step of an odometer's count, of which readings are whole numbers."""


class ShipmentDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says of one shipment's comparison; `stated_kgco2e` is what somebody states in its place."""

    consignment_id: str
    is_stated: bool
    difference_kgco2e: Decimal | None
    stated_kgco2e: Decimal | None = None
    why_zh: str | None = None
    why_en: str | None = None


class UnservedTrip(msgspec.Struct, frozen=True, kw_only=True):
    """A trip of which a part, or all, served no shipment; `project_kgco2e` is what that part emitted, None where the
    trip's emissions are not known."""

    trip_id: str
    vin: str
    project_kgco2e: Decimal | None


class TripReading(msgspec.Struct, frozen=True, kw_only=True):
    """A trip with the odometer at its first and its last reading, in steps; None where it said nothing."""

    trip_id: str
    distance_km: Decimal | None
    first_steps: int | None
    last_steps: int | None


class TruckReading(msgspec.Struct, frozen=True, kw_only=True):
    """A truck's odometer over the period, in steps, and its trips in order; `resolution_steps` is how many it advances
    at once."""

    vin: str
    first_steps: int | None
    last_steps: int | None
    resolution_steps: int
    trips: tuple[TripReading, ...]


class ShipmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a shipment counts, and why."""

    consignment_id: str
    computed_kgco2e: str | None
    counted: Counted
    counted_kgco2e: str | None
    why_zh: str | None
    why_en: str | None


class TripRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a trip that served nobody counts: its emissions with a minus, None where they are not known."""

    trip_id: str
    vin: str
    counted_kgco2e: str | None


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Kilometres of an odometer that no trip explains; `trip_id` is the trip in which, or after which, they lie. None
    kilometres: the odometer said nothing there. `all_together`: differences each too small to be a gap, which sum to
    more than rounding explains."""

    kind: GapKind
    trip_id: str | None
    km: str | None


class TruckRow(msgspec.Struct, frozen=True, kw_only=True):
    """A truck's kilometres: by odometer, explained by trips, and the rest, which is the sum of all differences with
    their signs; None where the odometer said nothing. Rounding explains what is less than `resolution_km`."""

    vin: str
    odometer_km: str | None
    trips_km: str | None
    unexplained_km: str | None
    resolution_km: str
    gaps: tuple[Gap, ...]
    is_complete: bool


class Net(msgspec.Struct, frozen=True, kw_only=True):
    """The net of a period: `net_kgco2e` is the sum of all counted rows, None where one of them is not closed;
    `unexplained_km` that of the sizes of what trucks have left, None without a truck or where one said nothing."""

    status: NetStatus
    net_kgco2e: str | None
    unexplained_km: str | None
    shipments: tuple[ShipmentRow, ...]
    trips: tuple[TripRow, ...]
    trucks: tuple[TruckRow, ...]


def net_of_period(
    shipments: Iterable[ShipmentDifference], trips: Iterable[UnservedTrip], trucks: Iterable[TruckReading]
) -> Net:
    """The net of a period from everything that a report says of it.

    Raises
    ------
    InputError
        `net.stated`: a stated value is above zero, or of a shipment whose difference was computed.

    Examples
    --------
    >>> worse = ShipmentDifference(consignment_id="C1", is_stated=True, difference_kgco2e=Decimal("-2.5"))
    >>> withheld = ShipmentDifference(consignment_id="C2", is_stated=False, difference_kgco2e=Decimal(9))
    >>> net_of_period([worse, withheld], [], []).net_kgco2e
    '-2.5'
    """
    shipment_rows = tuple(_shipment_row(each) for each in shipments)
    trip_rows = tuple(_trip_row(each) for each in trips)
    truck_rows = tuple(_truck_row(each) for each in trucks)
    counted = [*(each.counted_kgco2e for each in shipment_rows), *(each.counted_kgco2e for each in trip_rows)]
    known = [Decimal(each) for each in counted if each is not None]
    is_complete = bool(truck_rows) and all(each.is_complete for each in truck_rows)
    status: NetStatus = "complete" if is_complete else "incomplete"
    with localcontext(arithmetic()):
        net = decimal_text(sum(known, Decimal(0)))
    is_closed = len(known) == len(counted)
    return Net(
        status=status if is_closed else "cannot_be_closed",
        net_kgco2e=net if is_closed else None,
        unexplained_km=_unexplained(truck_rows),
        shipments=shipment_rows,
        trips=trip_rows,
        trucks=truck_rows,
    )


def _unexplained(trucks: Sequence[TruckRow]) -> str | None:
    rests = [Decimal(each.unexplained_km) for each in trucks if each.unexplained_km is not None]
    if not trucks or len(rests) < len(trucks):
        return None
    with localcontext(arithmetic()):
        return decimal_text(sum((abs(each) for each in rests), Decimal(0)))


def _shipment_row(said: ShipmentDifference) -> ShipmentRow:
    counted, value = _count(said)
    return ShipmentRow(
        consignment_id=said.consignment_id,
        computed_kgco2e=_text(said.difference_kgco2e),
        counted=counted,
        counted_kgco2e=_text(value),
        why_zh=said.why_zh,
        why_en=said.why_en,
    )


def _count(said: ShipmentDifference) -> tuple[Counted, Decimal | None]:
    stated = said.stated_kgco2e
    if stated is not None and (stated > 0 or said.difference_kgco2e is not None):
        fault = f"expected at most zero, for a shipment without a figure, came {decimal_text(stated)} kgCO2e."
        raise InputError(
            "net.stated",
            fault,
            about=said.consignment_id,
            next_step="State at most zero, where no figure was computed.",
        )
    if said.difference_kgco2e is not None:
        if said.is_stated or said.difference_kgco2e <= 0:
            return "as_computed", said.difference_kgco2e
        return "zero", Decimal(0)
    return ("not_closed", None) if stated is None else ("as_stated", stated)


def _trip_row(said: UnservedTrip) -> TripRow:
    value = None if said.project_kgco2e is None else Decimal(0) - said.project_kgco2e
    return TripRow(trip_id=said.trip_id, vin=said.vin, counted_kgco2e=_text(value))


def _truck_row(said: TruckReading) -> TruckRow:
    with localcontext(arithmetic()):
        known = [each.distance_km for each in said.trips if each.distance_km is not None]
        driven = sum(known, Decimal(0)) if len(known) == len(said.trips) else None
        odometer = _km(said.first_steps, said.last_steps)
        rest = _rest(odometer, driven)
        resolution = said.resolution_steps * KM_PER_STEP
        gaps = tuple(_gaps(said, rest, resolution))
    return TruckRow(
        vin=said.vin,
        odometer_km=_text(odometer),
        trips_km=_text(driven),
        unexplained_km=_text(rest),
        resolution_km=decimal_text(resolution),
        gaps=gaps,
        is_complete=not gaps and rest is not None,
    )


def _gaps(said: TruckReading, rest: Decimal | None, resolution: Decimal) -> Iterable[Gap]:
    """Every place where the odometer and the trips differ by a step that it can show, or where it says nothing; where
    there is none, all small differences together, which cancel at every reading but the truck's first and last."""
    found = False
    for kind, trip_id, km in _places(said):
        if km is None or abs(km) >= resolution:
            found = True
            yield Gap(kind=kind, trip_id=trip_id, km=_text(km))
    if not found and rest is not None and abs(rest) >= resolution:
        yield Gap(kind="all_together", trip_id=None, km=_text(rest))


def _places(said: TruckReading) -> Iterable[tuple[GapKind, str | None, Decimal | None]]:
    trips: Sequence[TripReading] = said.trips
    if not trips:
        yield "before_first_trip", None, _km(said.first_steps, said.last_steps)
        return
    yield "before_first_trip", None, _km(said.first_steps, trips[0].first_steps)
    for trip in trips:
        yield "within_trip", trip.trip_id, _rest(_km(trip.first_steps, trip.last_steps), trip.distance_km)
    for earlier, later in pairwise(trips):
        yield "between_trips", earlier.trip_id, _km(earlier.last_steps, later.first_steps)
    yield "after_last_trip", trips[-1].trip_id, _km(trips[-1].last_steps, said.last_steps)


def _km(first_steps: int | None, last_steps: int | None) -> Decimal | None:
    if first_steps is None or last_steps is None:
        return None
    return (last_steps - first_steps) * KM_PER_STEP


def _rest(odometer_km: Decimal | None, trips_km: Decimal | None) -> Decimal | None:
    return None if odometer_km is None or trips_km is None else odometer_km - trips_km


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)
