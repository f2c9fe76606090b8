"""Small fleets at random: frames of trucks of both editions with every fault that telemetry has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from h2verify.activity.values import TruckRegister
from hypothesis import strategies as st

Row = dict[str, Any]
Event = tuple[int, Row, str, Row, int, int]

T0 = 1_772_400_000
PERIOD_S = (T0, T0 + 86_400)
STRANGER = "LTESTHYDR0GEN0009"
COLUMNS = {
    "file": "string",
    "row": "int64",
    "folder_vin": "string",
    "received_at_ms": "int64",
    "received_at_s": "int64",
    "outcome": "string",
    "edition": "int64",
    "command": "int64",
    "vin": "string",
    "data_unit_digest": "string",
    "device_time_s": "int64",
    "speed_raw": "int64",
    "odometer_raw": "int64",
    "soc_raw": "int64",
    "stacks_reported": "int64",
    "stack_current_raw": "int64",
    "stack_voltage_raw": "int64",
    "h2_pressure_raw": "int64",
    "h2_temperature_raw": "int64",
    "position_status": "int64",
    "longitude_raw": "int64",
    "latitude_raw": "int64",
    "coordinate_system": "int64",
}

TRUCKS: Mapping[str, TruckRegister] = {
    truck.vin: truck
    for truck in (
        TruckRegister(vin="LTESTHYDR0GEN0001", edition=2016, stack_count=1, cells=400, tank_volume_ml=3_080_000),
        TruckRegister(vin="LTESTHYDR0GEN0002", edition=2025, stack_count=2, cells=330, tank_volume_ml=1_680_000),
        TruckRegister(vin="LTESTHYDR0GEN0003", edition=2025, stack_count=None, cells=None, tank_volume_ml=None),
    )
}

GAPS_S = (10, 10, 10, 10, 10, 1, 4, 15, 30, 59, 60, 61, 119, 120, 121, 300, 301, 599, 600, 601, 7200)
DELAYS_MS = {"late": 30_000, "later": 31_000, "much_later": 36_000, "re_issue": 1_800_000, "early": -40_000}
"""With the quarter seconds of a frame's level these lie on both sides of what a clock may be off and unsteady."""

WRONG_TIMES_S = {"future": 7200, "past": -3600, "before_the_period": -86_401, "other_year": 400 * 86_400}

MOTIONS = (
    {"speed_raw": 0, "step": 0},
    {"speed_raw": 0, "step": 0},
    {"speed_raw": 0, "step": 0},
    {"speed_raw": 720, "step": 2},
    {"speed_raw": 720, "step": 2},
    {"speed_raw": 720, "step": 0},
    {"speed_raw": 720, "step": 0, "east": 700},
    {"speed_raw": 1, "step": 0},
    {"speed_raw": 0, "step": 2},
    {"speed_raw": 0, "step": 3},
    {"speed_raw": 300, "step": -7},
    {"speed_raw": 720, "step": 5000},
    {"speed_raw": 2201, "step": 6},
    {"speed_raw": 2200, "step": -100_000},
)
ARRIVALS = (
    *("prompt",) * 8,
    *("repeated", "reissued_repeat", "other_content", "no_time", "foreign", "unregistered"),
    *("other_edition", "bad_check_byte", "encrypted", "login", "clock_off", "clock_right", *DELAYS_MS),
    *WRONG_TIMES_S,
)
FAULTS: tuple[Row, ...] = (
    *({},) * 8,
    dict.fromkeys(("speed_raw", "odometer_raw", "soc_raw")),
    dict.fromkeys(("stacks_reported", "stack_current_raw", "stack_voltage_raw")),
    dict.fromkeys(("h2_pressure_raw", "h2_temperature_raw")),
    dict.fromkeys(("position_status", "longitude_raw", "latitude_raw", "coordinate_system")),
    {"speed_raw": 65_535},
    {"odometer_raw": 0xFFFFFFFF},
    {"soc_raw": 255},
    {"stack_current_raw": 65_534},
    {"stack_voltage_raw": 65_535},
    {"stacks_reported": 1},
    {"h2_pressure_raw": 65_535},
    {"h2_temperature_raw": 255},
    {"h2_temperature_raw": 65_534},
    {"position_status": 1},
    {"position_status": 6},
    {"longitude_raw": 0, "latitude_raw": 0},
    {"longitude_raw": 0xFFFFFFFF, "latitude_raw": 0xFFFFFFFF},
    {"longitude_raw": 106_322_000},
    {"latitude_raw": 29_700_000},
    {"coordinate_system": 2},
    {"stack_current_raw": 0},
)
EVENTS = st.tuples(
    st.sampled_from(GAPS_S),
    st.sampled_from(MOTIONS),
    st.sampled_from(ARRIVALS),
    st.sampled_from(FAULTS),
    st.integers(0, 3),
    st.sampled_from((0, 0, 1, 3, 7)),
)
"""Gap before, motion, arrival, fault and level of a frame, and how many plain ones of the same motion follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Frames as received, and instants to cut the trucks' data at."""

    frames: list[Row]
    cuts_s: list[int]


@st.composite
def fleets(draw: st.DrawFn) -> Fleet:
    """A few trucks of both editions, each with a dozen stretches of frames, in order of arrival."""
    frames: list[Row] = []
    for vin in draw(st.lists(st.sampled_from(sorted(TRUCKS)), min_size=1, max_size=3, unique=True)):
        terminal = _Terminal(TRUCKS[vin], draw(st.integers(0, 60)), draw(st.sampled_from((1, 1, 10))))
        sent = terminal.send(draw(st.lists(EVENTS, min_size=2, max_size=12)))
        arrived = draw(st.permutations(sent)) if draw(st.booleans()) else sent
        frames += [{**frame, "row": number} for number, frame in enumerate(arrived, start=1)]
    return Fleet(
        frames=frames, cuts_s=sorted(T0 + second for second in draw(st.lists(st.integers(-5, 900), max_size=5)))
    )


def every_threshold() -> Fleet:
    """Every pair of motions over every long gap, every pair of delays, every pair of places: a truck each."""
    long_gaps, still = sorted(set(GAPS_S))[-10:], MOTIONS[0]
    moving = [
        _plain(gap_s, motion)
        for before in MOTIONS
        for after in MOTIONS
        for long_gap_s in long_gaps
        for gap_s, motion in ((10, before), (long_gap_s, after))
    ]
    delayed: list[Event] = [
        (gap_s, still, delay, {}, level, 0)
        for first in DELAYS_MS
        for second in DELAYS_MS
        for second_level in range(4)
        for gap_s, delay, level in ((7200, first, 0), (10, second, second_level))
    ]
    places: list[Row] = [{"longitude_raw": 106_320_000 + east, "odometer_raw": None} for east in (0, 1999, 2000, 2001)]
    parked = [_plain(700, still, place) for first in places for second in places for place in (first, second)]
    on, failed = {"speed_raw": 720, "step": 6, "east": 5000}, {"speed_raw": 720, "step": 0, "east": 5000}
    silent = {"odometer_raw": None}
    arriving = [_plain(30, on), _plain(30, on, silent), _plain(30, on, silent), _plain(30, still, silent)]
    whole_km = [_plain(30, motion) for motion in (*[on] * 20, *[failed] * 10, on, MOTIONS[11], *[on] * 9)]
    sent = [
        _Terminal(truck, 0, unit).send([*events, *whole_km, *arriving, _plain(30, still)])
        for truck, unit, events in zip(TRUCKS.values(), (1, 1, 10), (moving, delayed, parked), strict=True)
    ]
    frames = [{**frame, "row": number} for each in sent for number, frame in enumerate(each, start=1)]
    return Fleet(frames=frames, cuts_s=[T0 + 600])


def _plain(gap_s: int, motion: Row, fault: Row | None = None) -> Event:
    return gap_s, motion, "prompt", fault or {}, 1, 0


class _Terminal:
    """One truck's terminal, its odometer, its clock and the last frame it sent."""

    def __init__(self, truck: TruckRegister, started: int, unit: int = 1) -> None:
        self._truck, self._at_s, self._odometer, self._clock_off_s = truck, T0 + started, 100_000, 0
        self._east, self._unit = 0, unit
        self._sent: list[Row] = []

    def send(self, events: Iterable[Event]) -> list[Row]:
        for gap_s, motion, arrival, fault, level, more in events:
            self._send_one(gap_s, motion, arrival, fault, level)
            for _ in range(more):
                self._send_one(10, motion, "prompt", {}, level)
        return self._sent

    def _send_one(self, gap_s: int, motion: Row, arrival: str, fault: Row, level: int) -> None:
        self._at_s += gap_s
        self._odometer = max(self._odometer + motion["step"], 0)
        self._east += motion.get("east", 0)
        self._sent.append(self._arrived(self._frame(motion["speed_raw"], level) | fault, arrival))

    def _frame(self, speed: int, level: int) -> Row:
        device_time_s = self._at_s + self._clock_off_s
        return {
            "file": f"telemetry/{self._truck.vin}/2026-03-02.csv.gz",
            "folder_vin": self._truck.vin,
            "received_at_ms": self._at_s * 1000 + 250 * level,
            "received_at_s": self._at_s,
            "outcome": "ok",
            "edition": self._truck.edition,
            "command": 2,
            "vin": self._truck.vin,
            "data_unit_digest": f"{len(self._sent):032x}",
            "device_time_s": device_time_s,
            "speed_raw": speed,
            "odometer_raw": self._odometer // self._unit * self._unit,
            "soc_raw": 60 + level,
            "stacks_reported": 1 if self._truck.edition == 2016 else 2,
            "stack_current_raw": 500 * level,
            "stack_voltage_raw": 4000 + level,
            "h2_pressure_raw": 100 + 60 * level,
            "h2_temperature_raw": 550 if self._truck.edition == 2016 else 55 + level,
            "position_status": 0,
            "longitude_raw": 106_320_000 + self._east + level,
            "latitude_raw": 29_600_000,
            "coordinate_system": None if self._truck.edition == 2016 else 1,
        }

    def _arrived(self, frame: Row, arrival: str) -> Row:
        before = next((sent for sent in reversed(self._sent) if sent["outcome"] == "ok"), frame)
        if arrival in ("repeated", "reissued_repeat"):
            same = {name: before[name] for name in ("data_unit_digest", "device_time_s")}
            return {**frame, **same, "command": 2 if arrival == "repeated" else 3}
        if arrival == "clock_off":
            self._clock_off_s = -90
        elif arrival == "clock_right":
            self._clock_off_s = 0
        received_at_ms = frame["received_at_ms"] + DELAYS_MS.get(arrival, 0)
        changes: dict[str, Row] = {
            "re_issue": {"command": 3},
            "other_content": {"device_time_s": before["device_time_s"]},
            "no_time": {"received_at_ms": None, "received_at_s": None},
            "foreign": {"vin": next(vin for vin in TRUCKS if vin != self._truck.vin)},
            "unregistered": {"vin": STRANGER},
            "other_edition": {"edition": 4041 - self._truck.edition},
            "login": {"command": 1},
            **{name: {"device_time_s": frame["device_time_s"] + off_s} for name, off_s in WRONG_TIMES_S.items()},
        }
        if arrival in ("bad_check_byte", "encrypted"):
            kept = ("file", "folder_vin", "received_at_ms", "received_at_s")
            return {**dict.fromkeys(frame), **{name: frame[name] for name in kept}, "outcome": arrival}
        arrived = {"received_at_ms": received_at_ms, "received_at_s": received_at_ms // 1000}
        return {**frame, **arrived, **changes.get(arrival, {})}
