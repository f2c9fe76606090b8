"""Small values of the activity arithmetic made by hand: one truck, three sites, one day."""

from collections.abc import Iterator
from typing import Any

from h2verify.activity.values import (
    Fill,
    RecordedFill,
    RoadLeg,
    SitePlace,
    Span,
    SpanSums,
    Stand,
    TankState,
    TruckRegister,
    Window,
)
from h2verify.hydrogen import FARADAY_CONSTANT_C_PER_MOL, MOLAR_MASS_G_PER_MOL

Row = dict[str, Any]
Place = tuple[int, int]

TRUCK = "LTESTHYDR0GEN0001"
T0 = 1_772_400_000
KG = 1_000_000
TANK_ML = 3_080_000
HUB: Place = (106_320_000, 29_600_000)
PORT: Place = (108_610_000, 21_730_000)
STATION: Place = (106_707_580, 28_738_890)
NOWHERE: Place = (107_000_000, 25_000_000)
METRES_900_E6 = 8_094
"""Degrees of latitude times a million in 900.01 m; a kilometre is 8993.2."""

REGISTER = TruckRegister(vin=TRUCK, edition=2016, stack_count=1, cells=400, tank_volume_ml=TANK_ML)
TRUCKS = {TRUCK: REGISTER}


def site(site_id: str, place: Place, is_station: bool = False) -> SitePlace:
    return SitePlace(site_id=site_id, is_station=is_station, longitude_e6=place[0], latitude_e6=place[1])


SITES = [site("HUB", HUB), site("PORT", PORT), site("STATION", STATION, is_station=True)]


def leg(leg_id: str, departed: int, arrived: int, origin: str = "HUB", destination: str = "PORT") -> RoadLeg:
    return RoadLeg(
        leg_id=leg_id,
        vin=TRUCK,
        origin_site=origin,
        destination_site=destination,
        departed_at_s=T0 + departed,
        arrived_at_s=T0 + arrived,
    )


def run(started: int, ended: int, place: Place | None = HUB, **values: Any) -> Row:
    """A row of the `runs` table: a standing in the middle of a truck's data, odometer known and moved on after it."""
    return {
        "vin": TRUCK,
        "started_at_s": T0 + started,
        "ended_at_s": T0 + ended,
        "first_seq": started,
        "last_seq": ended,
        "is_first": 0,
        "is_last": 0,
        "odometer": 1000,
        "next_at_s": T0 + ended + 10,
        "next_odometer": 1003,
        "next_pressure_kpa": None,
        "next_temperature_dc": None,
        "prev_at_s": T0 + started - 10,
        "prev_odometer": 997,
        "prev_pressure_kpa": None,
        "prev_temperature_dc": None,
        "quiet_at_s": None,
        "longitude_e6": place[0] if place else None,
        "latitude_e6": place[1] if place else None,
        "coordinate_system": None,
        **_look("first", None),
        **_look("last", None),
        **_fix("before", None),
        **_fix("after", None),
    } | values


def _look(name: str, look: tuple[int, int] | None) -> Row:
    """What a row says of one look into the tank: seconds after T0 and pressure [kPa], at 15 C."""
    at, kpa = look if look else (None, None)
    return {
        f"{name}_fuel_at_s": None if at is None else T0 + at,
        f"{name}_pressure_kpa": kpa,
        f"{name}_temperature_dc": None if at is None else 150,
    }


def _fix(side: str, fix: tuple[int, Place] | None) -> Row:
    """The fix beside a standing: its odometer [0.1 km] and place."""
    odometer, place = fix if fix else (None, (None, None))
    return {
        f"{side}_odometer": odometer,
        f"{side}_longitude_e6": place[0],
        f"{side}_latitude_e6": place[1],
        f"{side}_coordinate_system": None,
    }


def fixes(before: tuple[int, Place] | None = None, after: tuple[int, Place] | None = None) -> Row:
    return _fix("before", before) | _fix("after", after)


def silence(started: int, ended: int, before: Row | None = None, after: Row | None = None) -> Row:
    """A row of the `silences` table: the truck stood at the hub before it and after it unless said."""
    side = {"speed": 0, "odometer": 1000, "longitude_e6": HUB[0], "latitude_e6": HUB[1], "coordinate_system": None}
    side |= {"pressure_kpa": None, "temperature_dc": None}
    after_side = {f"next_{name}": value for name, value in (side | (after or {})).items()}
    return {"vin": TRUCK, "from_s": T0 + started, "to_s": T0 + ended} | side | (before or {}) | after_side


def looks(first: tuple[int, int] | None, last: tuple[int, int] | None) -> Row:
    return _look("first", first) | _look("last", last)


def ends(last: int, first_kpa: int = 30_000, last_kpa: int = 20_000) -> dict[str, Row]:
    row = {"vin": TRUCK, "first_at_s": T0, "last_at_s": T0 + last}
    return {TRUCK: row | looks((0, first_kpa), (last, last_kpa))}


def recorded(refuelling_id: str, started: int, ended: int, mass_mg: int, vin: str = TRUCK) -> RecordedFill:
    return RecordedFill(
        refuelling_id=refuelling_id,
        vin=vin,
        station_id="STATION",
        started_at_s=T0 + started,
        ended_at_s=T0 + ended,
        mass_mg=mass_mg,
    )


def fill(booked_mg: int, rise_mg: int | None, agreement: str = "confirmed", *, ids: tuple[str, ...] = ("F1",)) -> Fill:
    before = None if rise_mg is None else TankState(at_s=T0, mass_mg=20 * KG)
    return Fill(
        vin=TRUCK,
        started_at_s=T0,
        ended_at_s=T0 + 600,
        refuelling_ids=ids,
        booked_mg=booked_mg,
        rise_mg=rise_mg,
        before=before,
        agreement=agreement,
    )


def window(
    number: int, tank_start_mg: int | None, tank_end_mg: int | None, filled: Fill | None = None, **values: Any
) -> Window:
    def look(mass_mg: int | None) -> TankState | None:
        return None if mass_mg is None else TankState(at_s=T0, mass_mg=mass_mg)

    made: Row = {
        "vin": TRUCK,
        "window_no": number,
        "from_s": T0 + 3600 * number,
        "to_s": T0 + 3600 * (number + 1),
        "fill": filled,
        "tank_start": look(tank_start_mg),
        "tank_end": look(tank_end_mg),
    }
    return Window(**(made | values))


def sums(number: int, window_no: int, stack_mg: int, unobserved_s: int = 0, **values: Any) -> SpanSums:
    """A span whose stacks converted `stack_mg`, moving for an hour over 10 km."""
    start = T0 + 3600 * window_no
    segment_no = values.pop("segment_no", number)
    made: Row = {
        "span": Span(
            vin=TRUCK, span_no=number, segment_no=segment_no, window_no=window_no, from_s=start, to_s=start + 3600
        ),
        "readings": 10,
        "moving_readings": 10,
        "distance_ninths_mm": 90_000_000,
        "distance_unknown": 0,
        "charge_twice": charge_of(stack_mg),
        "energy_twice": 0,
        "unobserved_s": unobserved_s,
        "first_at_s": start,
        "last_at_s": start + 3600,
        "first_active_s": start + 10,
        "last_active_s": start + 3590,
        "first_soc_pct": 60,
        "last_soc_pct": 50,
    }
    return SpanSums(**(made | values))


def charge_of(stack_mg: int) -> int:
    """Twice the charge [0.1 A s cells] that converts a mass of hydrogen."""
    return int(stack_mg * 40 * FARADAY_CONSTANT_C_PER_MOL / (MOLAR_MASS_G_PER_MOL * 1000))


def stand(number: int, started: int, ended: int, site_id: str | None, place: Place | None) -> Stand:
    """A trip-ending stand; readings up to its end belong to the trip before it."""
    return Stand(
        vin=TRUCK,
        started_at_s=T0 + started,
        ended_at_s=T0 + ended,
        split_at_s=T0 + ended,
        site_id=site_id,
        longitude_e6=place[0] if place else None,
        latitude_e6=place[1] if place else None,
        open_ended=number == 0,
    )


def trip(number: int, origin: str | None, destination: str | None, **values: Any) -> Row:
    """A row of the `trips` table as far as legs, rounds and baselines read it; segment n is trip n.

    It starts at T0 + 5n - 4 hours and takes four.
    """
    return {
        "trip_id": f"{TRUCK}-{number:04d}",
        "vin": TRUCK,
        "trip_no": number,
        "segment_no": number,
        "started_at_s": T0 + 3600 * (5 * number - 4),
        "ended_at_s": T0 + 3600 * 5 * number,
        "origin_site": origin,
        "destination_site": destination,
        "distance_mm": 10_000_000,
    } | values


class Drive:
    """Frames of one 2016 truck, every ten seconds unless said: drive, stand, fill."""

    def __init__(self, kpa: int = 35_000) -> None:
        self.frames: list[Row] = []
        self._at, self._odometer, self._kpa, self._place = 0, 50_000, kpa, HUB

    def go(self, to: Place, seconds: int = 3600) -> "Drive":
        """Drive at 72 km/h (0.2 km in ten seconds) and be at a place."""
        for _ in range(seconds // 10):
            self._odometer += 2
            self._send(720, 1000)
        self._place = to
        return self

    def stay(self, seconds: int, *, fill_to_kpa: int | None = None, stack_on: bool = False) -> "Drive":
        """Stand for exactly so long from the first reading at rest to the last, stacks off unless said."""
        for step in _steps(seconds):
            self._at += step - 10
            self._send(0, 200 if stack_on else 0)
            self._kpa = fill_to_kpa if fill_to_kpa is not None else self._kpa
        return self

    def be_silent(self, seconds: int) -> "Drive":
        self._at += seconds
        return self

    def _send(self, speed: int, current: int) -> None:
        self._at += 10
        number = len(self.frames) + 1
        self.frames.append(
            frame(
                number,
                at=self._at,
                speed_raw=speed,
                odometer_raw=self._odometer,
                stack_current_raw=current,
                h2_pressure_raw=self._kpa // 100,
                longitude_raw=self._place[0],
                latitude_raw=self._place[1],
            )
        )


def _steps(seconds: int) -> Iterator[int]:
    yield 10
    yield from [10] * (seconds // 10)
    if seconds % 10:
        yield seconds % 10


def frame(row: int, at: int, **values: Any) -> Row:
    """A row of the `frames` table as a 2016 truck sends it that drives without a fault."""
    return {
        "file": f"telemetry/{TRUCK}/2026-03-02.csv.gz",
        "row": row,
        "folder_vin": TRUCK,
        "received_at_ms": (T0 + at) * 1000 + 400,
        "received_at_s": T0 + at,
        "outcome": "ok",
        "edition": 2016,
        "command": 2,
        "vin": TRUCK,
        "data_unit_digest": f"{row:032x}",
        "device_time_s": T0 + at,
        "speed_raw": 720,
        "odometer_raw": 50_000,
        "soc_raw": 60,
        "stacks_reported": 1,
        "stack_current_raw": 1000,
        "stack_voltage_raw": 4000,
        "h2_pressure_raw": 350,
        "h2_temperature_raw": 550,
        "position_status": 0,
        "longitude_raw": HUB[0],
        "latitude_raw": HUB[1],
        "coordinate_system": None,
    } | values
