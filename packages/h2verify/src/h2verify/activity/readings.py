"""From frames that count to readings and steps, one row after another: the plain reference of the platform's
expressions.

Every step is a sum, product or comparison of integers; a sentinel or a value outside its range becomes None and stays
None.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from h2verify.activity.rows import FrameUse, Reading
from h2verify.activity.uses import ODOMETER_MAX, arrival_of, within
from h2verify.activity.values import TruckRegister

LONGEST_STEP_S = 60
"""Two readings further apart than this have a silence between them."""
LONGEST_CURRENT_STEP_S = 300
"""Two readings further apart than this say nothing about the current between them."""
LONGEST_SPEED_STEP_S = 120
SPEED_MAX = 2200
SLOW_SPEED = 300
"""A truck that is slower than 30 km/h [0.1 km/h] in the first or last reading of its data stands there: it has just
set off, or is about to stop.
"""
SECONDS_A_STEP = 12
"""What 0.1 km takes at 30 km/h."""
SAME_PLACE_E6 = 2000
"""About 200 m, in millionths of a degree."""
STANDING_E6 = 300
"""About 30 m."""
STANDING_S = 15
"""How long before and after a reading a truck that stands there is in its place; at 10 km/h it goes 40 m meanwhile."""
FROZEN_NINTHS_MM = 4_500_000
"""Half a kilometre by speed on one value of an odometer that counts 0.1 km; on a coarser one, more by what its step
is greater.
"""
WHOLE_KM = 10
"""The step of an odometer that counts whole kilometres [0.1 km]."""
NINTHS_A_TENTH = 900_000

_vin_of = attrgetter("vin")


def readings_of(uses: Iterable[FrameUse], trucks: Mapping[str, TruckRegister]) -> list[Reading]:
    """Give the `readings` table: what counts, in order of truck and time, scaled to integers of one unit, with `seq`
    from 0.

    Each reading takes the place of its frame, so that a caller who keeps no list of frames has either in memory.
    """
    rows: list[Any] = [use for use in uses if use.use == "used" and use.at_s is not None]
    del uses
    rows.sort(key=lambda use: (use.frame["vin"], use.at_s, arrival_of(use)))
    vin, seq = None, 0
    for index, use in enumerate(rows):
        seq = seq + 1 if use.frame["vin"] == vin else 0
        vin = use.frame["vin"]
        rows[index] = _reading(use, seq, trucks[vin])
    return rows


def add_steps(readings: Sequence[Reading]) -> list[Reading]:
    """Give the readings with what lies between each and the one before: charge, energy, unobserved seconds, distance.

    `silence_s` looks ahead: the seconds until the next reading, 0 after the last. The readings given are filled in.
    """
    result = list(readings)
    for _, group in groupby(result, key=_vin_of):
        rows = list(group)
        _mark_stays(rows)
        metered: Reading | None = None
        unit = _odometer_unit(rows)
        for row in rows:
            row.odometer_unit = unit
            _set_distance(metered, row)
            metered = row if row.odometer is not None else metered
        for previous, row in pairwise(rows):
            previous.silence_s = row.at_s - previous.at_s
        before: Reading | None = None
        for previous, row in pairwise(rows):
            _set_current(before, previous, row)
            before = previous
        _add_edges(rows)
        _count_still(rows, unit)
        _put_to_rest(rows)
        _count_arrivals(rows)
    return result


def _reading(use: FrameUse, seq: int, truck: TruckRegister) -> Reading:
    frame = use.frame
    current = within(frame["stack_current_raw"], 0, 60_000)
    voltage = within(frame["stack_voltage_raw"], 0, 20_000)
    pressure = within(frame["h2_pressure_raw"], 0, 1000)
    whole = frame["edition"] == 2016 or frame["stacks_reported"] == truck.stack_count
    longitude, latitude = _place(frame)
    return Reading(
        vin=frame["vin"],
        seq=seq,
        at_s=use.at_s or 0,
        file=frame["file"],
        row=frame["row"],
        clock_off=use.clock_off,
        speed=within(frame["speed_raw"], 0, SPEED_MAX),
        odometer=within(frame["odometer_raw"], 0, ODOMETER_MAX),
        soc_pct=within(frame["soc_raw"], 0, 100),
        cell_current=_product(current, truck.cells) if whole else None,
        stack_power=_product(current, voltage) if whole else None,
        pressure_kpa=_product(pressure, 100),
        temperature_dc=_temperature_dc(frame["h2_temperature_raw"], frame["edition"]),
        longitude_e6=longitude,
        latitude_e6=latitude,
        coordinate_system=frame["coordinate_system"],
    )


def _product(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a * b


def _temperature_dc(raw: int | None, edition: int) -> int | None:
    known = within(raw, 0, 2400 if edition == 2016 else 250)
    if known is None:
        return None
    return known - 400 if edition == 2016 else known * 10 - 400


def _place(frame: Mapping[str, Any]) -> tuple[int | None, int | None]:
    status, longitude, latitude = frame["position_status"], frame["longitude_raw"], frame["latitude_raw"]
    if status is None or longitude is None or latitude is None or status & 1:
        return None, None
    if longitude > 180_000_000 or latitude > 90_000_000 or (longitude == 0 and latitude == 0):
        return None, None
    return (-longitude if status & 4 else longitude), (-latitude if status & 2 else latitude)


def _set_current(before: Reading | None, previous: Reading, row: Reading) -> None:
    """Set what a trapezoid between two readings says of charge and energy: of a silence over the time it may have taken
    to drive, for what stood was off.
    """
    charge = _twice(previous.cell_current, row.cell_current)
    energy = _twice(previous.stack_power, row.stack_power)
    if previous.silence_s <= LONGEST_CURRENT_STEP_S:
        seconds = _running_s(before, previous, row)
        row.charge_twice = 0 if charge is None else charge * seconds
        row.energy_twice = 0 if energy is None else energy * seconds
        if charge is not None:
            return
    row.unobserved_s = _unobserved_s(previous, row, previous.silence_s)


def _add_edges(rows: Sequence[Reading]) -> None:
    """Add what the stacks converted, on average half a step each, unseen before the first and after the last reading on
    an edge of what was sent.
    """
    steps: list[int | None] = [None, *(row.silence_s for row in rows[:-1]), None]
    for row, (before_s, after_s) in zip(rows, pairwise(steps), strict=True):
        seconds = sum(
            step
            for edge, step in ((before_s, after_s), (after_s, before_s))
            if (edge is None or edge > LONGEST_CURRENT_STEP_S) and step is not None and step <= LONGEST_STEP_S
        )
        row.charge_twice += (row.cell_current or 0) * seconds
        row.energy_twice += (row.stack_power or 0) * seconds


def _running_s(before: Reading | None, previous: Reading, row: Reading) -> int:
    """Give how long the stacks may have run between two readings: where they went on or off, no longer than it took to
    the reading beside these where they run, for a truck with its stacks off sends less often.
    """
    seconds, beside_s = previous.silence_s, 0
    if previous.cell_current and row.cell_current == 0:
        beside_s = before.silence_s if before else 0
    elif previous.cell_current == 0 and row.cell_current:
        beside_s = row.silence_s
    driven_s = seconds if seconds <= LONGEST_STEP_S else _unobserved_s(previous, row, seconds)
    return min(driven_s, beside_s or seconds)


def _unobserved_s(previous: Reading, row: Reading, seconds: int) -> int:
    """Give how long the truck may have driven unseen: never longer than the distance takes at 30 km/h."""
    before, after = previous.odometer, row.odometer
    if seconds <= LONGEST_STEP_S:
        parked = previous.speed == 0 and row.speed == 0 and before == after is not None
        return 0 if parked else seconds
    if before is not None and after is not None and after >= before:
        return min(seconds, (after - before) * SECONDS_A_STEP)
    return 0 if _stayed(previous, row) else seconds


def _twice(before: int | None, now: int | None) -> int | None:
    return None if before is None or now is None else before + now


def _odometer_unit(rows: Iterable[Reading]) -> int:
    """Give what a truck's odometer counts in [0.1 km]: whole kilometres where its least step forward is one, else 1."""
    metered = (row.odometer for row in rows if row.odometer is not None)
    least = min((now - before for before, now in pairwise(metered) if now > before), default=1)
    return WHOLE_KM if least == WHOLE_KM else 1


def _set_distance(metered: Reading | None, row: Reading) -> None:
    """Set the distance since the last odometer reading; an impossible step is replaced by speed, or is unknown.

    `speed_ninths_mm` is what speed and time say where the odometer did not move; see `_count_still`.
    """
    if row.odometer is None or metered is None or metered.odometer is None:
        return
    seconds, step = row.at_s - metered.at_s, row.odometer - metered.odometer
    by_speed = _by_speed(metered, row)
    if step >= 0 and step * 5 <= seconds * 2 + (row.odometer_unit + 1) * 5:
        row.distance_ninths_mm = step * NINTHS_A_TENTH
        row.speed_ninths_mm = by_speed or 0 if step == 0 else 0
        return
    row.odometer_step = step
    if by_speed is not None or _stayed(metered, row):
        row.distance_ninths_mm = by_speed or 0
    else:
        row.distance_unknown = 1


def _by_speed(metered: Reading, row: Reading) -> int | None:
    """Give what speed and time say of the way between two readings; None over long or without both speeds."""
    seconds, speeds = row.at_s - metered.at_s, _twice(metered.speed, row.speed)
    return None if speeds is None or seconds > LONGEST_SPEED_STEP_S else speeds * seconds * 125


def _count_still(rows: Iterable[Reading], unit: int) -> None:
    """Count by speed where the odometer stood still while the truck, by its places too, drove on: what it failed to
    count, and the way within a whole kilometre.

    The step that ends it counts what is not counted already: by speed where the odometer had failed, or where nothing
    tells how far into its kilometre it began.
    """
    metered = (row for row in rows if row.odometer is not None)
    islands = [list(group) for _, group in groupby(metered, key=attrgetter("odometer"))]
    hidden = FROZEN_NINTHS_MM + (unit - 1) * NINTHS_A_TENTH
    for number, still in enumerate(islands):
        by_speed = sum(_way_by_speed(row) for row in still[1:])
        frozen, counted = False, 0
        if (by_speed > hidden or (by_speed and unit == WHOLE_KM)) and not _is_one_place(still):
            frozen = by_speed > hidden
            counted = _count_by_speed(still[1:], frozen)
        end = islands[number + 1][0] if number + 1 < len(islands) else None
        if end is None or (unit != WHOLE_KM and not frozen) or end.odometer_step is not None:
            continue
        end.distance_ninths_mm -= 0 if frozen else counted
        caught_up = _by_speed(still[-1], end)
        if caught_up is not None and (frozen or number == 0 or still[0].odometer_step is not None):
            end.distance_ninths_mm = min(end.distance_ninths_mm, caught_up)


def _count_by_speed(rows: Iterable[Reading], frozen: bool) -> int:
    """Count readings by speed and give their sum; unless the odometer failed, its next step is the most."""
    counted = 0
    for row in rows:
        row.frozen = int(frozen)
        way = _way_by_speed(row) if frozen else min(_way_by_speed(row), WHOLE_KM * NINTHS_A_TENTH - counted)
        row.distance_ninths_mm = way
        counted += way
    return counted


def _way_by_speed(row: Reading) -> int:
    return 0 if row.stays else row.speed_ninths_mm


def _is_one_place(rows: Sequence[Reading]) -> bool:
    """Whether the places of at least two of these readings, and half of them, lie together."""
    placed = [(row.longitude_e6 or 0, row.latitude_e6 or 0) for row in rows if is_placed(row)]
    if len(placed) < max(2, (len(rows) + 1) // 2):
        return False
    return all(max(side) - min(side) <= SAME_PLACE_E6 for side in zip(*placed, strict=True))


def _mark_stays(rows: Sequence[Reading]) -> None:
    """Mark where a truck stands whatever its speed says: its odometer and places are the same before and after, over
    half a minute and at least the readings beside it.
    """
    first, end = 0, 0
    for index in range(1, len(rows) - 1):
        row = rows[index]
        while rows[first].at_s < row.at_s - STANDING_S:
            first += 1
        while end < len(rows) and rows[end].at_s <= row.at_s + STANDING_S:
            end += 1
        row.stays = int(_is_still(row, rows[min(first, index - 1) : max(end, index + 2)]))


def _put_to_rest(rows: Iterable[Reading]) -> None:
    """Give no speed to a truck that stays, and to a slow one in the first or last reading of its data where its
    odometer says that it is where it was, or will be, next to that.
    """
    for row in rows:
        row.speed = 0 if row.stays else row.speed
    known = [row for row in rows if row.speed is not None]
    for row, beside in ((known[0], known[:2]), (known[-1], known[-2:])) if len(known) > 1 else ():
        if (row.speed or 0) < SLOW_SPEED and not has_left(*beside):
            row.speed = 0


def _count_arrivals(rows: Iterable[Reading]) -> None:
    """Count the way to a standing before which the odometer was silent where the truck last drove, not where it is told
    of.
    """
    driving: Reading | None = None
    for row in rows:
        if row.odometer is None:
            driving = row if row.speed else driving
            continue
        if driving is not None and row.speed == 0:
            driving.distance_ninths_mm, row.distance_ninths_mm = row.distance_ninths_mm, 0
            driving.distance_unknown, row.distance_unknown = row.distance_unknown, 0
        driving = None


def _is_still(row: Reading, beside: Sequence[Reading]) -> bool:
    """Whether readings lie in the place of one of them, on one odometer value."""
    if len({each.odometer for each in beside} - {None}) > 1:
        return False
    east, north = row.longitude_e6, row.latitude_e6
    if east is None or north is None:
        return False
    for each in beside:
        if each.longitude_e6 is None or each.latitude_e6 is None:
            return False
        if abs(each.longitude_e6 - east) > STANDING_E6 or abs(each.latitude_e6 - north) > STANDING_E6:
            return False
    return True


def _stayed(previous: Reading, row: Reading) -> bool:
    """Whether two readings show a truck standing in one place."""
    west, east, south, north = previous.longitude_e6, row.longitude_e6, previous.latitude_e6, row.latitude_e6
    if previous.speed or row.speed or west is None or east is None or south is None or north is None:
        return False
    return abs(west - east) <= SAME_PLACE_E6 and abs(south - north) <= SAME_PLACE_E6


def has_left(previous: Reading, row: Reading) -> bool:
    """Whether the odometers of two readings, where known, are not those of a truck that stayed."""
    if previous.odometer is None or row.odometer is None:
        return False
    return not 0 <= row.odometer - previous.odometer <= 2


def is_placed(row: Reading) -> bool:
    """Whether a reading has a place."""
    return row.longitude_e6 is not None and row.latitude_e6 is not None
