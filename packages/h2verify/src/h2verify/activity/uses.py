"""Which received frames count, and at what time: the plain reference of the platform's expressions."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from h2verify.activity.rows import FrameUse
from h2verify.activity.values import TruckRegister

REAL_TIME, RE_ISSUE = 2, 3
CLOCK_OFF_MS = 30_000
CLOCK_STEADY_MS = 5_000
RHYTHM_S = 60
"""Two frames further apart than this do not follow each other."""
OUT_OF_PERIOD_S = 86_400
"""A frame may say a time so long before the trial's period or after it: some are stored on board about its ends."""
ODOMETER_MAX = 9_999_999


def frame_uses(
    frames: Iterable[Mapping[str, Any]], trucks: Mapping[str, TruckRegister], period_s: tuple[int, int]
) -> list[FrameUse]:
    """Say of every received row what it counts as: used, repeated, conflicting, or the reason why not.

    A frame's content counts once, whichever way it came first; two contents for one device time are conflicting and the
    first received counts. A run of real-time frames whose arrival minus device time is steady and large has a clock
    that is off: it counts at arrival. One whose time lies far outside the trial's period, or is gainsaid by its arrival
    or by the way driven, counts nowhere.

    Parameters
    ----------
    period_s : when the trial's period begins and ends [s]

    Returns
    -------
    the rows of `frames` with `use`, `at_s` (None unless it carries a reading) and `clock_off` added, in the order of
    (file, row)
    """
    rows = [FrameUse(frame, _standing(frame, trucks)) for frame in frames]
    readings = [row for row in rows if row.use == "used" and row.frame["command"] in (REAL_TIME, RE_ISSUE)]
    _mark_repeats(readings, ("vin", "data_unit_digest"), "repeated")
    once = [row for row in readings if row.use == "used"]
    _mark_times(once, period_s)
    _mark_repeats([r for r in once if r.use == "used" and not r.clock_off], ("vin", "device_time_s"), "conflicting")
    for row in once:
        row.at_s = _at_s(row) if row.use == "used" else None
    rows.sort(key=_place_in_files)
    return rows


def _standing(frame: Mapping[str, Any], trucks: Mapping[str, TruckRegister]) -> str:
    if frame["outcome"] != "ok":
        return str(frame["outcome"])
    truck = trucks.get(frame["vin"])
    if truck is None:
        return "unregistered"
    if frame["vin"] != frame["folder_vin"]:
        return "foreign"
    return "used" if frame["edition"] == truck.edition else "other_edition"


def _place_in_files(row: FrameUse) -> tuple[str, int]:
    return row.frame["file"], row.frame["row"]


def arrival_of(row: FrameUse) -> tuple[bool, int, str, int]:
    """Give the order of arrival; what has no time of receipt comes last."""
    frame = row.frame
    received_at_ms = frame["received_at_ms"]
    return received_at_ms is None, received_at_ms or 0, frame["file"], frame["row"]


def _mark_repeats(rows: Iterable[FrameUse], key: tuple[str, str], use: str) -> None:
    seen = set()
    for row in sorted(rows, key=arrival_of):
        content = (row.frame[key[0]], row.frame[key[1]])
        if content in seen:
            row.use = use
        seen.add(content)


def _mark_times(rows: Iterable[FrameUse], period_s: tuple[int, int]) -> None:
    """Mark clocks that are off, and what does not count at the time that it says."""
    earliest_s, latest_s = period_s[0] - OUT_OF_PERIOD_S, period_s[1] + OUT_OF_PERIOD_S
    for _, group in groupby(sorted(rows, key=_truck_and_arrival), key=lambda row: str(row.frame["vin"])):
        mine = list(group)
        timed = [row for row in mine if row.frame["received_at_ms"] is not None]
        live = [row for row in timed if row.frame["command"] == REAL_TIME]
        _mark_clocks(live)
        misdated = {id(row) for row in timed if not row.clock_off and _lag_ms(row) < -CLOCK_OFF_MS}
        misdated |= {id(row) for row in _gainsaid(live)}
        for row in mine:
            if not earliest_s <= _at_s(row) <= latest_s:
                row.use = "out_of_period"
            elif id(row) in misdated:
                row.use = "misdated"


def _mark_clocks(live: Sequence[FrameUse]) -> None:
    """Mark the real-time frames of a truck, in order of arrival, whose clock is off: steadily, or ahead with another
    beside it, for nothing arrives before it was made.
    """
    lags = [_lag_ms(row) for row in live]
    last_late: list[FrameUse] = []
    for is_behind, group in groupby(range(len(live)), key=lambda index: lags[index] > CLOCK_OFF_MS):
        stretch = list(group)
        if is_behind:
            before = [*live[max(stretch[0] - 1, 0) : stretch[0]], *last_late]
            last_late = [live[stretch[-1]]]
            if not _is_slow_clock(before, [live[at] for at in stretch]):
                continue
        for index in stretch:
            lag, beside = lags[index], lags[max(index - 1, 0) : index] + lags[index + 1 : index + 2]
            steady = abs(lag) > CLOCK_OFF_MS and any(abs(lag - other) <= CLOCK_STEADY_MS for other in beside)
            live[index].clock_off = int(steady or (lag < -CLOCK_OFF_MS and min(beside, default=0) < -CLOCK_OFF_MS))


def _is_slow_clock(before: Sequence[FrameUse], stretch: Sequence[FrameUse]) -> bool:
    """Whether a stretch of frames behind their arrival comes of a clock, not of the way: the clock did not go on from
    the frame before or the last such one, the odometer did not fall behind theirs, and the frames came as they were
    made, not all at once.
    """
    made = [row.frame["device_time_s"] for row in stretch]
    came = [row.frame["received_at_ms"] for row in stretch]
    goes_on = any(0 <= made[0] - row.frame["device_time_s"] <= RHYTHM_S for row in before)
    driven, driven_before = _odometer(stretch[0]), [_odometer(row) for row in before]
    is_overtaken = driven is not None and any(each is not None and driven < each for each in driven_before)
    return not goes_on and not is_overtaken and 2 * (max(came) - min(came)) >= 1000 * (max(made) - min(made))


def _gainsaid(live: Iterable[FrameUse]) -> Iterator[FrameUse]:
    """The late real-time frames of a truck whose odometer is greater than that of the next prompt one: they say an
    earlier time and a longer way. Where the odometer of the prompt ones fell back meanwhile it gainsays nothing.
    """
    prompt = [row for row in live if abs(_lag_ms(row)) <= CLOCK_OFF_MS and _odometer(row) is not None]
    prompt.sort(key=lambda row: (-row.frame["device_time_s"], arrival_of(row)))
    for row in live:
        driven = _odometer(row)
        if row.clock_off or _lag_ms(row) <= CLOCK_OFF_MS or driven is None:
            continue
        later = bisect_right(prompt, -row.frame["device_time_s"], key=lambda each: -each.frame["device_time_s"])
        driven_later = _odometer(prompt[later - 1]) if later else None
        driven_before = _odometer(prompt[later]) if later < len(prompt) else None
        if driven_later is not None and driven > driven_later and (driven_before or 0) <= driven_later:
            yield row


def _odometer(row: FrameUse) -> int | None:
    return within(row.frame["odometer_raw"], 0, ODOMETER_MAX)


def _lag_ms(row: FrameUse) -> int:
    return int(row.frame["received_at_ms"] - row.frame["device_time_s"] * 1000)


def _at_s(row: FrameUse) -> int:
    return int(row.frame["received_at_s"] if row.clock_off else row.frame["device_time_s"])


def _truck_and_arrival(row: FrameUse) -> tuple[Any, ...]:
    return row.frame["vin"], arrival_of(row)


def within(value: int | None, lowest: int, highest: int) -> int | None:
    """Give a raw value where it lies in its range, else None."""
    return value if value is not None and lowest <= value <= highest else None
