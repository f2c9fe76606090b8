"""Faults in telemetry of edition 2016, one function a kind; rows about 801 to 1380 are driven, 1441 to 1500 parked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from faulty_trials import (
    Place,
    World,
    every,
    odometer_of,
    put,
    value_of,
    with_items,
    with_odometer,
    with_time,
)
from h2verify.gbt32960 import xor_of
from h2verify.geodesy import wgs84_from_gcj02

from h2corridor.protocols.gbt32960 import encode_frame

VEHICLE, FUEL_CELL, POSITION, ALARM = 0x01, 0x03, 0x05, 0x07
AT, TO = 901, 960
KM_E6 = 9_009


def bad_check_byte(world: World) -> Place:
    return world.edit(AT, AT + 1, lambda frame: frame[:-1] + bytes((frame[-1] ^ 0x55,)))


def flipped_bit(world: World) -> Place:
    return world.edit(AT, AT, lambda frame: frame[:40] + bytes((frame[40] ^ 0x10,)) + frame[41:])


def truncated(world: World) -> Place:
    return world.edit(AT, AT, lambda frame: frame[:60])


def garbage(world: World) -> Place:
    row = replace(world.rows[AT - 1], frame=b"GET / HTTP/1.1\r\n\r\n")
    world.rows.insert(AT, row)
    return Place.in_frames(AT + 1)


def encrypted(world: World) -> Place:
    return world.edit(AT, AT + 1, lambda frame: put(frame, 21, b"\x03"))


def unknown_command(world: World) -> Place:
    return world.edit(AT, AT, lambda frame: put(frame, 2, b"\x55"))


def unreadable_time(world: World) -> Place:
    return world.edit(AT, AT, lambda frame: put(frame, 25, b"\x0d"))


def unknown_item(world: World) -> Place:
    return world.edit(AT, AT + 5, lambda frame: _longer(frame, b"\x4f\x01\x02\x03"))


def damaged_item(world: World) -> Place:
    return world.edit(AT, AT + 5, lambda frame: _longer(frame, b"\x01\x01\x03"))


def junk_around(world: World) -> Place:
    return world.edit(AT, AT, lambda frame: b"\x00\x00" + frame)


def wrong_edition(world: World) -> Place:
    return world.edit(AT, AT + 19, lambda frame: b"$$" + frame[2:])


def platform_login(world: World) -> Place:
    stamp = world.rows[AT - 1].frame[24:30]
    unit = stamp + b"\x00\x01" + b"PLATFORM0001" + b"secret".ljust(20, b"\x00") + b"\x01"
    frame = encode_frame(edition=2016, command=5, vin=b"PLATFORM000000001", data_unit=unit)
    world.rows.insert(AT, replace(world.rows[AT - 1], frame=frame))
    return Place.in_frames(AT + 1)


def unregistered_frames(world: World) -> Place:
    world.rows[AT:AT] = [replace(row, frame=put(row.frame, 4, b"LSTRANGER00000001")) for row in world.rows[AT - 4 : AT]]
    return Place.in_frames(AT + 1, AT + 4)


def foreign_frames(world: World) -> Place:
    other = "LFHFLEETTRUCK0001"
    world.rows[AT:AT] = [replace(row, frame=put(row.frame, 4, other.encode())) for row in world.rows[AT - 4 : AT]]
    return Place.in_frames(AT + 1, AT + 4)


def repeated(world: World) -> Place:
    world.rows.insert(AT, replace(world.rows[AT - 1]))
    return Place.in_frames(AT + 1)


def out_of_order(world: World) -> Place:
    early, late = world.rows[AT - 1 : AT + 1]
    early.frame, late.frame = late.frame, early.frame
    return Place.in_frames(AT, AT + 1)


def late_reissue(world: World) -> Place:
    sent = world.rows[AT - 1 : TO]
    del world.rows[AT - 1 : TO]
    at = world.rows[AT + 299].at
    again = [replace(row, at=at, frame=put(row.frame, 2, b"\x03")) for row in sent]
    world.rows[AT + 300 : AT + 300] = again
    return Place.in_frames(AT + 301, AT + 300 + len(again))


def gap(world: World) -> Place:
    del world.rows[AT:TO]
    return Place.in_frames(AT, AT + 1)


def clock_behind(world: World) -> Place:
    return world.edit(AT, TO, lambda frame: with_time(frame, -450))


def clock_ahead(world: World) -> Place:
    return world.edit(AT, TO, lambda frame: with_time(frame, 450))


def future_frame(world: World) -> Place:
    return world.edit(AT, AT, lambda frame: with_time(frame, 7200))


def past_frame(world: World) -> Place:
    return world.edit(AT, AT, lambda frame: with_time(frame, -86_400 * 400))


def conflicting(world: World) -> Place:
    row = world.rows[AT - 1]
    world.rows.insert(AT, replace(row, frame=with_items(row.frame, {VEHICLE: {"soc_pct": 99}})))
    return Place.in_frames(AT + 1)


def delayed_45_s(world: World) -> Place:
    return _arriving_together(world, AT, 6)


def delayed_300_s(world: World) -> Place:
    return _arriving_together(world, AT, 31)


def sentinels(world: World) -> Place:
    return _set(world, {VEHICLE: {"speed_kmh": 0xFFFE, "odometer_km": 0xFFFF_FFFF}, FUEL_CELL: _FUEL_SENTINELS})


def soc_sentinel(world: World) -> Place:
    return _set(world, {VEHICLE: {"soc_pct": 0xFE}})


def voltage_sentinel(world: World) -> Place:
    return _set(world, {VEHICLE: {"voltage_v": 0xFFFE, "current_a": 0xFFFF}})


def pressure_out_of_range(world: World) -> Place:
    return _set(world, {FUEL_CELL: {"h2_max_pressure_mpa": 1500}})


def soc_out_of_range(world: World) -> Place:
    return _set(world, {VEHICLE: {"soc_pct": 150}})


def speed_out_of_range(world: World) -> Place:
    return _set(world, {VEHICLE: {"speed_kmh": 9000}})


def missing_vehicle_item(world: World) -> Place:
    return _without(world, VEHICLE)


def missing_fuel_cell_item(world: World) -> Place:
    return _without(world, FUEL_CELL)


def missing_position_item(world: World) -> Place:
    return _without(world, POSITION)


def missing_alarm_item(world: World) -> Place:
    return _without(world, ALARM)


def gear_park_while_driving(world: World) -> Place:
    return _set(world, {VEHICLE: {"gear_raw": 0x0F}})


def speed_while_parked(world: World) -> Place:
    return world.edit(1450, 1480, lambda frame: with_items(frame, {VEHICLE: {"speed_kmh": 420}}))


def speed_noise_while_standing(world: World) -> Place:
    """As parked, but gear and state say that it drives."""
    values = {"speed_kmh": 420, "gear_raw": 0x2E, "state": 1}
    return world.edit(1450, 1480, lambda frame: with_items(frame, {VEHICLE: values}))


def odometer_jump(world: World) -> Place:
    _shift_odometer(world, AT + 1, 1090)
    return Place.in_frames(AT, AT + 1)


def odometer_reset(world: World) -> Place:
    _shift_odometer(world, AT + 1, -odometer_of(world.rows[AT].frame))
    return Place.in_frames(AT, AT + 1)


def odometer_set_back(world: World) -> Place:
    _shift_odometer(world, AT + 1, -500)
    return Place.in_frames(AT, AT + 1)


def odometer_frozen(world: World) -> Place:
    """It counts on from where it stopped."""
    _stop_odometer(world, stays_behind=True)
    return Place.in_frames(AT, TO)


def odometer_frozen_and_caught_up(world: World) -> Place:
    _stop_odometer(world, stays_behind=False)
    return Place.in_frames(AT, TO + 1)


def odometer_and_speed_stalled(world: World) -> Place:
    _stop_odometer(world, stays_behind=True)
    return _set(world, {VEHICLE: {"speed_kmh": 0}})


def odometer_in_kilometres(world: World) -> Place:
    """All of the drive: the last digit is lost."""
    _scale_odometer(world, 1, 10)
    return Place.in_frames(1, len(world.rows))


def odometer_halved(world: World) -> Place:
    """All of the drive, in units of 0.2 km."""
    _scale_odometer(world, 1, 2)
    return Place.in_papers("vehicles.csv")


def odometer_doubled(world: World) -> Place:
    """All of the drive, in units of 0.05 km."""
    _scale_odometer(world, 2, 1)
    return Place.in_papers("vehicles.csv")


def speed_in_miles(world: World) -> Place:
    """All of the drive."""
    for row in world.rows:
        if row.frame[2] == 2:
            speed = int.from_bytes(row.frame[34:36])
            row.frame = put(row.frame, 34, (speed * 1000 // 1609).to_bytes(2))
    return Place.in_papers("vehicles.csv")


def gps_jump(world: World) -> Place:
    return _displace(world, AT, AT, 5 * KM_E6)


def gps_jump_of_500_m(world: World) -> Place:
    return _displace(world, AT, AT, KM_E6 // 2)


def gps_displaced_by_5_km(world: World) -> Place:
    return _displace(world, AT, TO, 5 * KM_E6)


def gps_displaced_by_600_m(world: World) -> Place:
    return _displace(world, AT, TO, KM_E6 * 6 // 10)


def gps_displaced_for_hours(world: World) -> Place:
    return _displace(world, 801, 1300, -5 * KM_E6)


def gps_frozen_but_valid(world: World) -> Place:
    frame = world.rows[AT - 1].frame
    fix = {name: value_of(frame, POSITION, name) for name in ("longitude", "latitude")}
    return _set(world, {POSITION: fix})


def gps_invalid(world: World) -> Place:
    return _set(world, {POSITION: {"status_raw": 1}})


def null_island(world: World) -> Place:
    return _set(world, {POSITION: {"longitude": 0, "latitude": 0}})


def gcj02_unsaid(world: World) -> Place:
    return world.edit(AT, TO, in_gcj02)


def gcj02_unsaid_for_hours(world: World) -> Place:
    return world.edit(801, 1300, in_gcj02)


def off_corridor(world: World) -> Place:
    return _displace(world, AT, TO, 5_000_000)


def swapped_axes(world: World) -> Place:
    def swap(frame: bytes) -> bytes:
        longitude, latitude = (value_of(frame, POSITION, name) for name in ("longitude", "latitude"))
        return with_items(frame, {POSITION: {"longitude": latitude, "latitude": longitude}})

    return world.edit(AT, TO, swap)


def wrong_hemisphere(world: World) -> Place:
    return _set(world, {POSITION: {"status_raw": 0b110}})


def clone(world: World) -> Place:
    """A second terminal under the same VIN, 200 km away, at 60 km/h, between the frames of the first."""
    rows = []
    for number, row in enumerate(world.rows[AT - 1 : TO]):
        longitude, latitude = (value_of(row.frame, POSITION, name) for name in ("longitude", "latitude"))
        there = {"longitude": longitude + 2_000_000, "latitude": latitude + 200 * number}
        vehicle = {"speed_kmh": 600, "odometer_km": 1_234_000 + number * 5 // 3, "soc_pct": 70}
        other = with_time(with_items(row.frame, {VEHICLE: vehicle, POSITION: there}), 5)
        rows += [row, replace(row, at=row.at + timedelta(seconds=5), frame=other)]
    world.rows[AT - 1 : TO] = rows
    return Place.in_frames(AT, AT + len(rows) - 1)


def terminal_replaced(world: World) -> Place:
    login = world.rows[0].frame
    return world.edit(1, 1, lambda frame: put(frame, login.index(b"8986"), b"89860000000000000099"))


def extremes_off_the_lists(world: World) -> Place:
    return _with_lists(world, {0x06: {"vmax_v": 3999}}, cells=96)


def more_cells_than_declared(world: World) -> Place:
    return _with_lists(world, {}, cells=90)


def _with_lists(world: World, changes: Mapping[int, Mapping[str, int]], cells: int) -> Place:
    """All of the drive with the lists of cells and probes, and these changes in some rows."""
    for number, row in enumerate(world.rows, 1):
        if row.frame[2] not in (2, 3) or number > TO + 60:
            continue
        is_faulty = AT <= number <= TO
        said = {name: value_of(row.frame, 0x06, name) for name in ("vmax_v", "vmin_v", "tmax_c", "tmin_c")}
        voltages = (said["vmax_v"], *(said["vmin_v"],) * 95)
        record = {
            "no": 1,
            "voltage_v": 6000,
            "current_a": 10_000,
            "cells_total": cells if is_faulty else 96,
            "frame_first_cell": 1,
            "frame_cell_count": 96,
            "cells_v": voltages,
        }
        probes = {"no": 1, "probe_count": 2, "probes_c": (said["tmax_c"], said["tmin_c"])}
        added = [(0x08, {"count_raw": 1, "subsystems": (record,)}), (0x09, {"count_raw": 1, "subsystems": (probes,)})]
        row.frame = with_items(row.frame, changes if is_faulty else {}, added=added)
    return Place.in_frames(AT, TO)


_FUEL_SENTINELS = {
    "stack_voltage_v": 0xFFFE,
    "stack_current_a": 0xFFFF,
    "h2_max_pressure_mpa": 0xFFFE,
    "h2_max_temp_c": 0xFFFF,
}


def _set(world: World, changes: Mapping[int, Mapping[str, Any]]) -> Place:
    return world.edit(AT, TO, lambda frame: with_items(frame, changes))


def _without(world: World, item: int) -> Place:
    return world.edit(AT, TO, lambda frame: with_items(frame, {}, without=frozenset({item})))


def _displace(world: World, first: int, last: int, north_e6: int) -> Place:
    def displaced(frame: bytes) -> bytes:
        return with_items(frame, {POSITION: {"latitude": value_of(frame, POSITION, "latitude") + north_e6}})

    return world.edit(first, last, displaced)


def in_gcj02(frame: bytes) -> bytes:
    longitude, latitude = (value_of(frame, POSITION, name) for name in ("longitude", "latitude"))
    back = wgs84_from_gcj02(longitude, latitude)
    there = {"longitude": 2 * longitude - back[0], "latitude": 2 * latitude - back[1]}
    return with_items(frame, {POSITION: there})


def _shift_odometer(world: World, first: int, by: int) -> None:
    for row in world.rows[first - 1 :]:
        row.frame = with_odometer(row.frame, odometer_of(row.frame) + by) if row.frame[2] == 2 else row.frame


def _scale_odometer(world: World, times: int, divisor: int) -> None:
    start = odometer_of(world.rows[1].frame)
    for row in world.rows:
        row.frame = with_odometer(row.frame, start + (odometer_of(row.frame) - start) * times // divisor)


def _stop_odometer(world: World, *, stays_behind: bool) -> None:
    first, last = odometer_of(world.rows[AT - 1].frame), odometer_of(world.rows[TO - 1].frame)
    world.edit(AT, TO, lambda frame: with_odometer(frame, first))
    if stays_behind:
        _shift_odometer(world, TO + 1, first - last)


def _arriving_together(world: World, first: int, count: int) -> Place:
    """Frames that waited on the way and arrive in a burst."""
    at = world.rows[first + count - 2].at
    for number, row in enumerate(world.rows[first - 1 : first + count - 1]):
        row.at = at + timedelta(milliseconds=20 * number)
    return Place.in_frames(first, first + count - 1)


def _longer(frame: bytes, more: bytes) -> bytes:
    length = int.from_bytes(frame[22:24]) + len(more)
    changed = frame[2:22] + length.to_bytes(2) + frame[24:-1] + more
    return frame[:2] + changed + bytes((xor_of(changed),))


FRAME_FAULTS = list(
    every(
        {
            "bad_check_byte": (bad_check_byte, {"frame.bad-check-byte"}),
            "flipped_bit": (flipped_bit, {"frame.bad-check-byte"}),
            "truncated": (truncated, {"frame.truncated"}),
            "garbage": (garbage, {"frame.garbage"}),
            "encrypted": (encrypted, {"frame.encrypted"}),
            "unknown_command": (unknown_command, {"frame.unknown-command"}),
            "unreadable_time": (unreadable_time, {"frame.unreadable-time"}),
            "unknown_item": (unknown_item, {"frame.unknown-item"}),
            "damaged_item": (damaged_item, {"frame.damaged-item"}),
            "junk_around": (junk_around, {"frame.junk-around"}),
            "wrong_edition": (wrong_edition, {"frame.wrong-edition"}),
            "platform_login": (platform_login, {"frame.platform-login"}),
            "unregistered_frames": (unregistered_frames, {"identity.unregistered-vin"}),
            "foreign_frames": (foreign_frames, {"identity.foreign-frame"}),
            "repeated": (repeated, {"frame.repeated"}),
            "out_of_order": (out_of_order, {"frame.late"}),
            "late_reissue": (late_reissue, {"frame.late"}),
            "gap": (gap, {"time.gap"}),
            "clock_behind": (clock_behind, {"time.clock-off"}),
            "clock_ahead": (clock_ahead, {"time.clock-off"}),
            "future_frame": (future_frame, {"time.future"}),
            "past_frame": (past_frame, {"time.outside-period"}, {"activity.distance-unknown"}),
            "conflicting": (conflicting, {"frame.conflicting"}),
            "delayed_45_s": (delayed_45_s, {"frame.late"}),
            "delayed_300_s": (delayed_300_s, {"frame.late"}),
            "sentinels": (sentinels, {"sensor.sentinel"}),
            "soc_sentinel": (soc_sentinel, {"sensor.sentinel"}),
            "voltage_sentinel": (voltage_sentinel, {"sensor.sentinel"}),
            "pressure_out_of_range": (pressure_out_of_range, {"sensor.out-of-range"}),
            "soc_out_of_range": (soc_out_of_range, {"sensor.out-of-range"}),
            "speed_out_of_range": (speed_out_of_range, {"sensor.out-of-range"}),
            "missing_vehicle_item": (missing_vehicle_item, {"sensor.item-missing"}),
            "missing_fuel_cell_item": (missing_fuel_cell_item, {"sensor.item-missing"}),
            "missing_position_item": (missing_position_item, {"sensor.item-missing"}),
            "missing_alarm_item": (missing_alarm_item, {"sensor.item-missing"}),
            "gear_park_while_driving": (gear_park_while_driving, {"vehicle.speed-while-parked"}),
            "speed_while_parked": (speed_while_parked, {"vehicle.speed-while-parked"}),
            "speed_noise_while_standing": (speed_noise_while_standing, {"vehicle.speed-while-parked"}),
            "odometer_jump": (odometer_jump, {"odometer.jump"}),
            "odometer_reset": (odometer_reset, {"odometer.reset"}),
            "odometer_set_back": (odometer_set_back, {"odometer.reset"}),
            "odometer_frozen": (odometer_frozen, {"odometer.frozen"}),
            "odometer_frozen_and_caught_up": (odometer_frozen_and_caught_up, {"odometer.frozen", "odometer.jump"}),
            "odometer_and_speed_stalled": (odometer_and_speed_stalled, {"odometer.stalled"}),
            "odometer_in_kilometres": (odometer_in_kilometres, {"odometer.frozen"}, {"leg.longer-than-driven"}),
            "odometer_halved": (odometer_halved, {"odometer.against-speed"}, {"leg.longer-than-driven"}),
            "odometer_doubled": (odometer_doubled, {"odometer.against-speed"}, {"leg.detour"}),
            "speed_in_miles": (speed_in_miles, {"odometer.against-speed"}),
            "gps_jump": (gps_jump, {"position.jump"}),
            "gps_jump_of_500_m": (gps_jump_of_500_m, {"position.jump"}),
            "gps_displaced_by_5_km": (gps_displaced_by_5_km, {"position.jump"}),
            "gps_displaced_by_600_m": (gps_displaced_by_600_m, {"position.jump"}),
            "gps_displaced_for_hours": (gps_displaced_for_hours, {"position.jump"}),
            "gps_frozen_but_valid": (gps_frozen_but_valid, {"position.frozen"}),
            "gps_invalid": (gps_invalid, {"position.invalid-fix"}),
            "null_island": (null_island, {"position.null-island"}),
            "gcj02_unsaid": (gcj02_unsaid, {"position.datum"}),
            "gcj02_unsaid_for_hours": (gcj02_unsaid_for_hours, {"position.datum"}),
            "off_corridor": (off_corridor, {"position.off-corridor"}),
            "swapped_axes": (swapped_axes, {"position.off-corridor", "sensor.out-of-range"}),
            "wrong_hemisphere": (wrong_hemisphere, {"position.off-corridor"}),
            "clone": (clone, {"identity.two-places"}),
            "terminal_replaced": (terminal_replaced, {"identity.terminal-replaced"}),
            "extremes_off_the_lists": (extremes_off_the_lists, {"sensor.extremes"}),
            "more_cells_than_declared": (more_cells_than_declared, {"sensor.count-differs"}),
        }
    )
)
