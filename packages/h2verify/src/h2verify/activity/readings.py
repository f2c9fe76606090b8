"""From frames to readings, steps, standings and span sums, one row after another: the plain reference of the platform's
expressions.

Every step is a sum, product or comparison of integers; a sentinel or a value outside its range becomes None and stays
None.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from h2verify.activity.values import Span, SpanSums, TruckRegister

REAL_TIME, RE_ISSUE = 2, 3
LONGEST_STEP_S = 60
"""Two readings further apart than this say nothing about the current between them."""
LONGEST_SPEED_STEP_S = 120
LONG_SILENCE_S = 600
CLOCK_OFF_MS = 30_000
CLOCK_STEADY_MS = 5_000
SHORTEST_RUN_S = 60
SECONDS_A_STEP = 12
"""What 0.1 km takes at 30 km/h."""
SAME_PLACE_E6 = 2000
"""About 200 m, in millionths of a degree."""
FROZEN_NINTHS_MM = 4_500_000
"""Half a kilometre by speed on one odometer value."""
NEAR_FIX_STEPS = 5
"""A fix counts for a standing from which it lies no more than this many odometer steps [0.1 km] away."""

FIX_COLUMNS = ("odometer", "longitude_e6", "latitude_e6", "coordinate_system")
SILENCE_SIDES = ("speed", "odometer", "longitude_e6", "latitude_e6", "coordinate_system")

Row = dict[str, Any]


def frame_uses(frames: Iterable[Row], trucks: Mapping[str, TruckRegister]) -> list[Row]:
    """Say of every received row what it counts as: used, repeated, conflicting, or the reason why not.

    A frame's content counts once, whichever way it came first; two contents for one device time are conflicting and the
    first received counts. A run of real-time frames whose arrival minus device time is steady and large has a clock
    that is off: it counts at arrival.

    Returns
    -------
    the rows of `frames` with `use`, `at_s` (None unless it carries a reading) and `clock_off` added, in the order of
    (file, row)
    """
    rows = [dict(frame, use=_standing(frame, trucks), at_s=None, clock_off=0) for frame in frames]
    readings = [row for row in rows if row["use"] == "used" and row["command"] in (REAL_TIME, RE_ISSUE)]
    _mark_repeats(readings, ("vin", "data_unit_digest"), "repeated")
    _mark_clocks([row for row in readings if row["use"] == "used"])
    _mark_repeats(
        [r for r in readings if r["use"] == "used" and not r["clock_off"]], ("vin", "device_time_s"), "conflicting"
    )
    for row in readings:
        if row["use"] == "used":
            row["at_s"] = row["received_at_s"] if row["clock_off"] else row["device_time_s"]
    return sorted(rows, key=lambda row: (row["file"], row["row"]))


def readings_of(uses: Iterable[Row], trucks: Mapping[str, TruckRegister]) -> list[Row]:
    """Give the `readings` table: what counts, in order of truck and time, scaled to integers of one unit, with `seq`
    from 0.
    """
    counted = [row for row in uses if row["use"] == "used" and row["at_s"] is not None]
    counted.sort(key=lambda r: (r["vin"], r["at_s"], _arrival(r)))
    readings: list[Row] = []
    for _, group in groupby(counted, key=lambda row: row["vin"]):
        readings += [_reading(row, seq, trucks[row["vin"]]) for seq, row in enumerate(group)]
    return readings


def add_steps(readings: Iterable[Row]) -> list[Row]:
    """Give the readings with what lies between each and the one before: charge, energy, unobserved seconds, distance.

    `silence_s` looks ahead: the seconds until the next reading, 0 after the last.
    """
    result: list[Row] = []
    for _, group in groupby(readings, key=lambda row: row["vin"]):
        previous: Row | None = None
        metered: Row | None = None
        rows = list(group)
        for row, following in zip(rows, [*rows[1:], rows[-1]], strict=True):
            silence = {"silence_s": following["at_s"] - row["at_s"]}
            result.append({**row, **silence, **_current_step(previous, row), **_distance_step(metered, row)})
            previous = row
            metered = row if row["odometer"] is not None else metered
        _count_frozen(result[len(result) - len(rows) :])
    return result


def standing_runs(readings: Sequence[Row]) -> list[Row]:
    """Give the `runs` table: unbroken standings of a minute or more, and the first and last standing of each truck's
    data.
    """
    runs: list[Row] = []
    for _, group in groupby(readings, key=lambda row: row["vin"]):
        rows = list(group)
        known = [row for row in rows if row["speed"] is not None]
        for run in _runs_of(known):
            is_first, is_last = run[0] is known[0], run[-1] is known[-1]
            if is_first or is_last or run[-1]["at_s"] - run[0]["at_s"] >= SHORTEST_RUN_S:
                following = rows[run[-1]["seq"] + 1] if run[-1]["seq"] + 1 < len(rows) else None
                runs.append(_run_row(run, following, is_first, is_last) | _fixes_beside(rows, run))
    return runs


def long_silences(steps: Iterable[Row]) -> list[Row]:
    """Give the `silences` table: ten minutes or more in which a truck sent nothing that counts, and both its sides."""
    rows = list(steps)
    return [
        {"vin": row["vin"], "from_s": row["at_s"], "to_s": row["at_s"] + row["silence_s"]}
        | {name: row[name] for name in SILENCE_SIDES}
        | {f"next_{name}": following[name] for name in SILENCE_SIDES}
        for row, following in pairwise(rows)
        if row["silence_s"] >= LONG_SILENCE_S
    ]


def truck_ends(readings: Iterable[Row]) -> dict[str, Row]:
    """Give, for each truck, its first and last reading and the first and last look into its tank."""
    ends: dict[str, Row] = {}
    for vin, group in groupby(readings, key=lambda row: row["vin"]):
        rows = list(group)
        ends[vin] = {"vin": vin, "first_at_s": rows[0]["at_s"], "last_at_s": rows[-1]["at_s"]} | _fuel_ends(rows)
    return ends


def sum_spans(steps: Sequence[Row], spans: Sequence[Span]) -> list[SpanSums]:
    """Add up the steps of every span, in order of truck and span."""
    by_truck = {vin: list(group) for vin, group in groupby(steps, key=lambda row: row["vin"])}
    return [
        _span_sums(span, [row for row in by_truck.get(span.vin, []) if span.from_s < row["at_s"] <= span.to_s])
        for span in spans
    ]


def _standing(frame: Row, trucks: Mapping[str, TruckRegister]) -> str:
    if frame["outcome"] != "ok":
        return str(frame["outcome"])
    truck = trucks.get(frame["vin"])
    if truck is None:
        return "unregistered"
    if frame["vin"] != frame["folder_vin"]:
        return "foreign"
    return "used" if frame["edition"] == truck.edition else "other_edition"


def _arrival(row: Row) -> tuple[bool, int, str, int]:
    return row["received_at_ms"] is None, row["received_at_ms"] or 0, row["file"], row["row"]


def _mark_repeats(rows: list[Row], key: tuple[str, str], use: str) -> None:
    seen = set()
    for row in sorted(rows, key=_arrival):
        content = (row[key[0]], row[key[1]])
        if content in seen:
            row["use"] = use
        seen.add(content)


def _mark_clocks(rows: list[Row]) -> None:
    live = [row for row in rows if row["command"] == REAL_TIME and row["received_at_ms"] is not None]
    live.sort(key=lambda row: (row["vin"], _arrival(row)))
    lags = [row["received_at_ms"] - row["device_time_s"] * 1000 for row in live]
    for index, row in enumerate(live):
        beside = [i for i in (index - 1, index + 1) if 0 <= i < len(live) and live[i]["vin"] == row["vin"]]
        steady = any(abs(lags[index] - lags[i]) <= CLOCK_STEADY_MS for i in beside)
        row["clock_off"] = int(steady and abs(lags[index]) > CLOCK_OFF_MS)


def _within(value: int | None, lowest: int, highest: int) -> int | None:
    return value if value is not None and lowest <= value <= highest else None


def _reading(row: Row, seq: int, truck: TruckRegister) -> Row:
    temperature = _within(row["h2_temperature_raw"], 0, 2400 if row["edition"] == 2016 else 250)
    pressure = _within(row["h2_pressure_raw"], 0, 1000)
    current = _within(row["stack_current_raw"], 0, 60_000)
    whole = row["edition"] == 2016 or row["stacks_reported"] == truck.stack_count
    known = current is not None and truck.cells is not None and whole
    voltage = _within(row["stack_voltage_raw"], 0, 20_000)
    longitude, latitude = _place(row)
    return {
        "vin": row["vin"],
        "seq": seq,
        "at_s": row["at_s"],
        "file": row["file"],
        "row": row["row"],
        "clock_off": row["clock_off"],
        "speed": _within(row["speed_raw"], 0, 2200),
        "odometer": _within(row["odometer_raw"], 0, 9_999_999),
        "soc_pct": _within(row["soc_raw"], 0, 100),
        "cell_current": current * truck.cells if known and current is not None and truck.cells is not None else None,
        "stack_power": current * voltage if current is not None and voltage is not None and whole else None,
        "pressure_kpa": None if pressure is None else pressure * 100,
        "temperature_dc": None
        if temperature is None
        else temperature - 400
        if row["edition"] == 2016
        else temperature * 10 - 400,
        "longitude_e6": longitude,
        "latitude_e6": latitude,
        "coordinate_system": row["coordinate_system"],
    }


def _place(row: Row) -> tuple[int | None, int | None]:
    status, longitude, latitude = row["position_status"], row["longitude_raw"], row["latitude_raw"]
    if status is None or longitude is None or latitude is None or status & 1:
        return None, None
    if longitude > 180_000_000 or latitude > 90_000_000 or (longitude == 0 and latitude == 0):
        return None, None
    return (-longitude if status & 4 else longitude), (-latitude if status & 2 else latitude)


def _current_step(previous: Row | None, row: Row) -> Row:
    if previous is None:
        return {"charge_twice": 0, "energy_twice": 0, "unobserved_s": 0}
    seconds = row["at_s"] - previous["at_s"]
    short = seconds <= LONGEST_STEP_S
    charge, energy = (
        _twice(previous["cell_current"], row["cell_current"]),
        _twice(previous["stack_power"], row["stack_power"]),
    )
    return {
        "charge_twice": charge * seconds if short and charge is not None else 0,
        "energy_twice": energy * seconds if short and energy is not None else 0,
        "unobserved_s": 0 if short and charge is not None else _unobserved_s(previous, row, seconds),
    }


def _unobserved_s(previous: Row, row: Row, seconds: int) -> int:
    """Give how long the truck may have driven unseen: never longer than the distance takes at 30 km/h."""
    if seconds <= LONGEST_STEP_S:
        parked = previous["speed"] == 0 and row["speed"] == 0 and previous["odometer"] == row["odometer"] is not None
        return 0 if parked else seconds
    before, after = previous["odometer"], row["odometer"]
    if before is not None and after is not None and after >= before:
        return int(min(seconds, (after - before) * SECONDS_A_STEP))
    return 0 if _stayed(previous, row) else seconds


def _twice(before: int | None, now: int | None) -> int | None:
    return None if before is None or now is None else before + now


def _distance_step(metered: Row | None, row: Row) -> Row:
    """Give the distance since the last odometer reading; an impossible step is replaced by speed, or is unknown.

    `speed_ninths_mm` is what speed and time say where the odometer did not move; see `_count_frozen`.
    """
    nothing = {"distance_ninths_mm": 0, "distance_unknown": 0, "odometer_step": None, "speed_ninths_mm": 0, "frozen": 0}
    if row["odometer"] is None or metered is None:
        return nothing
    seconds, step = row["at_s"] - metered["at_s"], row["odometer"] - metered["odometer"]
    speeds = _twice(metered["speed"], row["speed"])
    by_speed = None if speeds is None or seconds > LONGEST_SPEED_STEP_S else speeds * seconds * 125
    if step >= 0 and step * 5 <= seconds * 2 + 10:
        return nothing | {"distance_ninths_mm": step * 900_000, "speed_ninths_mm": by_speed or 0 if step == 0 else 0}
    if by_speed is not None or _stayed(metered, row):
        return nothing | {"distance_ninths_mm": by_speed or 0, "odometer_step": step}
    return nothing | {"distance_unknown": 1, "odometer_step": step}


def _count_frozen(rows: Sequence[Row]) -> None:
    """Count by speed where the odometer stood still while the truck drove on."""
    metered = [row for row in rows if row["odometer"] is not None]
    for _, group in groupby(metered, key=lambda row: row["odometer"]):
        still = list(group)[1:]
        if sum(row["speed_ninths_mm"] for row in still) > FROZEN_NINTHS_MM:
            for row in still:
                row["frozen"] = 1
                row["distance_ninths_mm"] = row["speed_ninths_mm"]


def _stayed(previous: Row, row: Row) -> bool:
    """Whether two readings show a truck standing in one place."""
    sides = (previous["longitude_e6"], row["longitude_e6"], previous["latitude_e6"], row["latitude_e6"])
    if previous["speed"] or row["speed"] or None in sides:
        return False
    return bool(abs(sides[0] - sides[1]) <= SAME_PLACE_E6 and abs(sides[2] - sides[3]) <= SAME_PLACE_E6)


def _runs_of(known: list[Row]) -> Iterator[list[Row]]:
    run: list[Row] = []
    previous: Row | None = None
    for row in known:
        if run and (row["speed"] > 0 or (previous is not None and _left(previous, row))):
            yield run
            run = []
        if row["speed"] == 0:
            run.append(row)
        previous = row
    if run:
        yield run


def _left(previous: Row, row: Row) -> bool:
    if previous["odometer"] is None or row["odometer"] is None:
        return False
    return not 0 <= row["odometer"] - previous["odometer"] <= 2


def _run_row(run: Sequence[Row], following: Row | None, is_first: bool, is_last: bool) -> Row:
    placed = next((row for row in run if row["longitude_e6"] is not None and row["latitude_e6"] is not None), None)
    quiet = next((row["at_s"] for row in run if not row["cell_current"] or row["silence_s"] > LONGEST_STEP_S), None)
    return {
        "vin": run[0]["vin"],
        "started_at_s": run[0]["at_s"],
        "ended_at_s": run[-1]["at_s"],
        "first_seq": run[0]["seq"],
        "last_seq": run[-1]["seq"],
        "is_first": int(is_first),
        "is_last": int(is_last),
        "odometer": run[-1]["odometer"],
        "next_at_s": following["at_s"] if following else None,
        "next_odometer": following["odometer"] if following else None,
        "quiet_at_s": quiet,
        "longitude_e6": placed["longitude_e6"] if placed else None,
        "latitude_e6": placed["latitude_e6"] if placed else None,
        "coordinate_system": placed["coordinate_system"] if placed else None,
    } | _fuel_ends(run)


def _fixes_beside(rows: Sequence[Row], run: Sequence[Row]) -> Row:
    """Give the last fix up to a standing and the first one from it on, each with its odometer."""
    before = next((row for row in reversed(rows[: run[0]["seq"] + 1]) if _placed(row)), None)
    after = next((row for row in rows[run[-1]["seq"] :] if _placed(row)), None)
    return {
        f"{side}_{name}": row[name] if row else None
        for side, row in (("before", before), ("after", after))
        for name in FIX_COLUMNS
    }


def _placed(row: Row) -> bool:
    return row["longitude_e6"] is not None and row["latitude_e6"] is not None


def _fuel_ends(rows: Sequence[Row]) -> Row:
    fuelled = [row for row in rows if row["pressure_kpa"] is not None and row["temperature_dc"] is not None]
    ends: Row = {}
    for name, row in (("first", fuelled[0] if fuelled else None), ("last", fuelled[-1] if fuelled else None)):
        ends[f"{name}_fuel_at_s"] = row["at_s"] if row else None
        ends[f"{name}_pressure_kpa"] = row["pressure_kpa"] if row else None
        ends[f"{name}_temperature_dc"] = row["temperature_dc"] if row else None
    return ends


def _span_sums(span: Span, rows: Sequence[Row]) -> SpanSums:
    active = [row["at_s"] for row in rows if (row["speed"] or 0) > 0 or (row["cell_current"] or 0) > 0]
    charged = [row["soc_pct"] for row in rows if row["soc_pct"] is not None]
    return SpanSums(
        span=span,
        readings=len(rows),
        moving_readings=sum(1 for row in rows if (row["speed"] or 0) > 0),
        distance_ninths_mm=sum(row["distance_ninths_mm"] for row in rows),
        distance_unknown=sum(row["distance_unknown"] for row in rows),
        charge_twice=sum(row["charge_twice"] for row in rows),
        energy_twice=sum(row["energy_twice"] for row in rows),
        unobserved_s=sum(row["unobserved_s"] for row in rows),
        unobserved_ninths_mm=sum(row["distance_ninths_mm"] for row in rows if row["unobserved_s"] > 0),
        first_at_s=rows[0]["at_s"] if rows else None,
        last_at_s=rows[-1]["at_s"] if rows else None,
        first_active_s=min(active, default=None),
        last_active_s=max(active, default=None),
        first_soc_pct=charged[0] if charged else None,
        last_soc_pct=charged[-1] if charged else None,
    )
