"""Days of one truck at random, with the faults that telemetry and papers have."""

import random
from dataclasses import dataclass
from typing import Any

from h2verify.activity import Papers
from h2verify.activity.origin import Delivery
from h2verify.activity.values import RecordedFill, TruckRegister
from made_activity import HUB, NOWHERE, PORT, SITES, STATION, T0, TRUCK, frame, leg

Row = dict[str, Any]

GAPS_S = (*(10,) * 30, 1, 4, 15, 16, 30, 59, 60, 61, 119, 120, 121, 599, 600, 601, 3000, 7200)
FAULTS: tuple[Row, ...] = (
    *({},) * 40,
    {"speed_raw": None, "odometer_raw": None},
    {"stack_current_raw": None},
    {"stack_voltage_raw": 20_001},
    {"h2_pressure_raw": None},
    {"h2_temperature_raw": 65_535},
    {"position_status": 1},
    {"longitude_raw": 0, "latitude_raw": 0},
    {"speed_raw": 2201},
    {"odometer_raw": 4_294_967_295},
    {"soc_raw": 254},
    {"stacks_reported": 3},
    {"coordinate_system": 2},
    {"outcome": "bad_check_byte"},
    {"vin": "LTESTHYDR0GEN0009"},
    {"edition": 2025},
    {"command": 1},
    {"command": 3},
)
"""What one frame says that is not so."""

WRONG_TIMES: tuple[Row, ...] = (
    *({},) * 60,
    {"device_time_s": T0 + 100},
    {"device_time_s": T0 + 80_000},
    {"device_time_s": T0 - 86_401},
    {"device_time_s": T0 + 400 * 86_400},
)

LATE_MS = (*(400,) * 20, 31_000, 36_000, -40_000, 1_800_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The rows of the `frames` table, and what papers say."""

    frames: list[Row]
    papers: Papers


def random_day(draw: random.Random) -> Day:
    """A day of drives, stands, fills and silences."""
    edition = draw.choice((2016, 2016, 2025))
    frames = _frames(draw, edition)
    last_s = max(row["received_at_s"] or 0 for row in frames) - T0
    register = TruckRegister(
        vin=TRUCK,
        edition=edition,
        stack_count=draw.choice((1, 1, 1, None)),
        cells=draw.choice((400, 400, 400, None)),
        tank_volume_ml=draw.choice((3_080_000, 3_080_000, 3_080_000, None)),
    )
    deliveries = [
        Delivery(
            batch_id=draw.choice(("B1", "B2", "B3")),
            station_id="STATION",
            delivered_at_s=T0 + draw.randrange(-90_000, 20_000),
            mass_mg=draw.randrange(60_000_000),
        )
        for _ in range(draw.randrange(5))
    ]
    papers = Papers(
        trucks={TRUCK: register},
        sites=draw.sample(SITES, len(SITES)),
        legs=[_leg(draw, number, last_s) for number in range(draw.randrange(4))],
        fills=[_fill(draw, number, last_s) for number in range(draw.randrange(4))],
        deliveries=deliveries,
        opening_stock_mg={"STATION": draw.randrange(80_000_000)} if draw.random() < 0.7 else {},
        tank_opening={TRUCK: {"B1@": draw.randrange(40_000_000), "": draw.randrange(2) * 1_000_000}},
        period_start_s=T0,
        period_end_s=T0 + 86_400,
    )
    return Day(frames=frames, papers=papers)


def _leg(draw: random.Random, number: int, last_s: int) -> Any:
    departed = draw.randrange(-600, max(last_s, 1))
    ends = draw.sample(("HUB", "PORT", "STATION", "ELSEWHERE"), 2)
    return leg(f"L{number}", departed, departed + draw.randrange(60, 9000), *ends)


def _fill(draw: random.Random, number: int, last_s: int) -> RecordedFill:
    started = draw.randrange(-600, max(last_s, 1))
    return RecordedFill(
        refuelling_id=f"F{number}",
        vin=TRUCK,
        station_id="STATION",
        started_at_s=T0 + started,
        ended_at_s=T0 + started + draw.randrange(60, 1200),
        mass_mg=draw.choice((draw.randrange(1_000_000, 30_000_000), 6_300_000)),
    )


def _frames(draw: random.Random, edition: int) -> list[Row]:
    frames: list[Row] = []
    unit = draw.choice((1, 1, 10))
    at, odometer, pressure, place, clock_ms = 0, 50_000, draw.randrange(150, 350), HUB, 0
    for _ in range(draw.randrange(1, 12)):
        moves, stack_on = draw.random() < 0.5, draw.random() < 0.6
        fills = not moves and draw.random() < 0.4
        clock_ms, slow_s = draw.choice((0, 0, 0, 90_000, -3_600_000)), draw.choice((0, 0, 0, 90))
        place = draw.choice((HUB, PORT, STATION, NOWHERE)) if moves else place
        rises = draw.choice((3, 10)) if fills else 0
        noise = draw.choice((0, 0, 0, 300))
        spread = draw.choice((900, 900, 900, 3000))
        silent, count = draw.choice((0, 0, 4)), draw.randrange(1, 80)
        for number in range(count):
            at += draw.choice(GAPS_S)
            odometer += draw.choice((2, 2, 2, 0, 3, -1)) if moves else draw.choice((*(0,) * 20, 1, 4))
            pressure = max(0, min(1000, pressure + rises - (draw.random() < 0.1)))
            said = {
                "edition": edition,
                "device_time_s": T0 + at - slow_s,
                "speed_raw": draw.choice((720, 720, 300, 1)) if moves else noise,
                "odometer_raw": None if _is_silent(number, count, silent) else odometer // unit * unit,
                "stack_current_raw": draw.randrange(200, 4000) if stack_on else 0,
                "h2_pressure_raw": pressure,
                "h2_temperature_raw": draw.randrange(300, 700) if edition == 2016 else draw.randrange(30, 90),
                "longitude_raw": place[0] + draw.randrange(-spread, spread),
                "latitude_raw": place[1] + draw.randrange(-900, 900),
                "soc_raw": draw.randrange(20, 90),
            }
            frames.append(
                frame(len(frames) + 1, at=at, **(said | draw.choice(FAULTS) | draw.choice(WRONG_TIMES)))
                | _arrival(draw, at, clock_ms)
            )
            if draw.random() < 0.05:
                other = {"data_unit_digest": f"{draw.getrandbits(64):032x}"} if draw.random() < 0.5 else {}
                frames.append(draw.choice(frames) | {"row": len(frames) + 1} | other)
    return frames


def _is_silent(number: int, count: int, silent: int) -> bool:
    """Whether a frame is one of the first or last ones of a stretch, in which the odometer says nothing."""
    return number < silent or count - number <= silent


def _arrival(draw: random.Random, at: int, clock_ms: int) -> Row:
    if draw.random() < 0.02:
        return {"received_at_ms": None, "received_at_s": None}
    received_at_ms = (T0 + at) * 1000 + draw.choice(LATE_MS) + clock_ms
    return {"received_at_ms": received_at_ms, "received_at_s": received_at_ms // 1000}
