"""Booked fills beside the rises that the trucks themselves saw, and the windows between fills."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from h2verify.activity.readings import LONGEST_STEP_S, SECONDS_A_STEP
from h2verify.activity.standings import LONG_SILENCE_S, SHORTEST_RUN_S
from h2verify.activity.stands import is_in_place, run_ended_at_s
from h2verify.activity.values import Fill, RecordedFill, TankState, TruckRegister, Window
from h2verify.hydrogen import tank_mass_mg

SMALLEST_RISE_MG = 2_000_000
"""A rise of the tank's content below this is not told from the sensors' noise (one 0.1 MPa step on 3.08 m3 is 0.2 kg).
"""

BOOKED_TOLERANCE_MG = 1_200_000
BOOKED_TOLERANCE_PER_MILLE = 50
"""A booked mass may differ from the rise by the larger of the two: sensor steps and warm gas, or the meter."""

CLOCK_SLACK_S = 900

_FIRST_LOOK = ("first_fuel_at_s", "first_pressure_kpa", "first_temperature_dc")
_LAST_LOOK = ("last_fuel_at_s", "last_pressure_kpa", "last_temperature_dc")

Row = dict[str, Any]


def tank_state(row: Row, prefix: str, volume_ml: int | None) -> TankState | None:
    """Give what the tank held at the reading named by `prefix` in a row of `runs` or `ends`, or None when it was not
    readable.
    """
    at_s, pressure, temperature = (
        row[f"{prefix}_fuel_at_s"],
        row[f"{prefix}_pressure_kpa"],
        row[f"{prefix}_temperature_dc"],
    )
    if at_s is None or pressure is None or temperature is None or volume_ml is None:
        return None
    return TankState(at_s=at_s, mass_mg=tank_mass_mg(pressure, temperature, volume_ml))


def match_fills(
    runs: Sequence[Row],
    silences: Sequence[Row],
    ends: Mapping[str, Row],
    recorded: Iterable[RecordedFill],
    trucks: Mapping[str, TruckRegister],
) -> list[Fill]:
    """Bring booked fills and seen rises together, in order of truck and time.

    Parameters
    ----------
    runs : rows of the `runs` table, in order of truck and time
    silences : rows of the `silences` table, in the same order
    ends : first and last tank reading of each truck
    recorded : fills as booked; those of unregistered trucks are left out
    trucks : the register
    """
    standings = [*runs, *_standings_in(silences, runs)]
    booked: dict[int, list[RecordedFill]] = {}
    fills: list[Fill] = []
    for fill in sorted(recorded, key=lambda fill: (fill.vin, fill.started_at_s, fill.refuelling_id)):
        if fill.vin not in trucks:
            continue
        index = _standing_of(fill, standings, trucks[fill.vin].tank_volume_ml)
        if index is None:
            fills.append(_fill_without_standing(fill, silences, ends.get(fill.vin)))
        else:
            booked.setdefault(index, []).append(fill)
    for index, run in enumerate(standings):
        fill_here = _fill_at(run, booked.get(index, []), trucks[run["vin"]].tank_volume_ml)
        if fill_here is not None:
            fills.append(fill_here)
    return sorted(fills, key=lambda fill: (fill.vin, fill.started_at_s, fill.refuelling_ids))


def windows_between(
    fills: Iterable[Fill], ends: Mapping[str, Row], trucks: Mapping[str, TruckRegister]
) -> list[Window]:
    """Give the windows between fills of every truck that sent readings.

    A window starts at the last look into the tank before its fill (the first window at the first look) and ends where
    the next one starts, so that a warm tank right after a fill never stands at an edge. A booked fill that the truck
    did not see bounds nothing; its mass counts where the truck could not have seen it.
    """
    windows: list[Window] = []
    known = list(fills)
    bounding = [fill for fill in known if fill.before is not None and fill.agreement != "without_rise"]
    unseen = [fill for fill in known if fill.before is None and fill.agreement == "unseen"]
    for vin in sorted(ends):
        row, volume = ends[vin], trucks[vin].tank_volume_ml
        mine = [fill for fill in bounding if fill.vin == vin]
        edges: list[tuple[int, TankState | None, Fill | None]] = [
            (row["first_at_s"] - 1, tank_state(row, "first", volume), None)
        ]
        for fill in mine:
            at_s = fill.before.at_s if fill.before else fill.started_at_s
            edges.append((max(at_s, edges[-1][0]), fill.before, fill))
        edges.append((row["last_at_s"], tank_state(row, "last", volume), None))
        windows += [
            Window(
                vin=vin,
                window_no=number,
                from_s=start[0],
                to_s=end[0],
                fill=start[2],
                tank_start=start[1],
                tank_end=end[1],
                unseen=tuple(fill for fill in unseen if fill.vin == vin and start[0] < fill.started_at_s <= end[0]),
            )
            for number, (start, end) in enumerate(pairwise(edges))
        ]
    return windows


def _standings_in(silences: Iterable[Row], runs: Iterable[Row]) -> list[Row]:
    """Give the standings in silences that a truck spent in place and no run shows, in the columns of a run; the
    readings on both sides are its looks into the tank.
    """
    by_truck = {vin: list(group) for vin, group in groupby(runs, key=itemgetter("vin"))}
    hidden: list[Row] = []
    for silence in silences:
        stays = is_in_place(silence["odometer"], silence["next_odometer"])
        if not stays or _is_shown(silence, by_truck.get(silence["vin"], [])):
            continue
        found = _standing_in(silence)
        before = hidden[-1] if hidden else None
        if before and (before["vin"], before["ended_at_s"]) == (found["vin"], found["started_at_s"]):
            hidden[-1] = found | {name: before[name] for name in ("started_at_s", *_FIRST_LOOK)}
        else:
            hidden.append(found)
    return hidden


def _is_shown(silence: Row, runs: Sequence[Row]) -> bool:
    """Whether a silence lies in one of a truck's runs, which are in order of time, or in place beside it."""
    place = bisect_right(runs, silence["from_s"], key=_run_started_at_s) - 1
    return place >= 0 and bool(silence["to_s"] <= run_ended_at_s(runs[place]))


def _standing_in(silence: Row) -> Row:
    looks = (silence["from_s"], silence["pressure_kpa"], silence["temperature_dc"])
    next_looks = (silence["to_s"], silence["next_pressure_kpa"], silence["next_temperature_dc"])
    return {
        "vin": silence["vin"],
        "started_at_s": silence["from_s"],
        "ended_at_s": silence["to_s"],
        "prev_at_s": None,
        "next_at_s": None,
        **dict(zip(_FIRST_LOOK, looks, strict=True)),
        **dict(zip(_LAST_LOOK, next_looks, strict=True)),
    }


def _standing_of(fill: RecordedFill, standings: Sequence[Row], volume_ml: int | None) -> int | None:
    """Find the standing in which a fill was booked: the longest overlap, clocks being allowed to differ a little where
    the tank rose.
    """
    best: tuple[int, int] | None = None
    for index, run in enumerate(standings):
        if run["vin"] != fill.vin:
            continue
        started_at_s, ended_at_s = _run_started_at_s(run), run_ended_at_s(run)
        overlap = min(fill.ended_at_s, ended_at_s) - max(fill.started_at_s, started_at_s)
        near = overlap > -CLOCK_SLACK_S and ended_at_s - started_at_s >= SHORTEST_RUN_S
        if near and (best is None or overlap > best[0]) and (overlap > 0 or _rose(run, fill.mass_mg, volume_ml)):
            best = (overlap, index)
    return best[1] if best else None


def _rose(run: Row, booked_mg: int, volume_ml: int | None) -> bool:
    """Whether a tank rose at a standing as if this were filled; without its content its pressure tells."""
    before, after = _look_before(run, volume_ml), _look_after(run, volume_ml)
    if before is None or after is None:
        return bool(run["first_pressure_kpa"] != run["last_pressure_kpa"])
    rise = after.mass_mg - before.mass_mg
    return rise > 0 and agreement_of(booked_mg, rise) != "without_rise"


def _fill_without_standing(fill: RecordedFill, silences: Iterable[Row], end: Row | None) -> Fill:
    """Give a fill for which the truck did not stand: it may have, unseen, or it was seen elsewhere and nothing rose."""
    unseen = end is None or not end["first_at_s"] <= fill.started_at_s <= fill.ended_at_s <= end["last_at_s"]
    unseen = unseen or any(
        row["vin"] == fill.vin and row["from_s"] < fill.ended_at_s and row["to_s"] > fill.started_at_s
        for row in silences
        if _may_hide_a_standing(row)
    )
    return Fill(
        vin=fill.vin,
        started_at_s=fill.started_at_s,
        ended_at_s=fill.ended_at_s,
        refuelling_ids=(fill.refuelling_id,),
        booked_mg=fill.mass_mg,
        rise_mg=None if unseen else 0,
        before=None,
        agreement="unseen" if unseen else "without_rise",
    )


def _fill_at(run: Row, booked: list[RecordedFill], volume_ml: int | None) -> Fill | None:
    before, after = _look_before(run, volume_ml), _look_after(run, volume_ml)
    rise = after.mass_mg - before.mass_mg if before and after else None
    if not booked and (rise is None or rise < SMALLEST_RISE_MG):
        return None
    booked_mg = sum(fill.mass_mg for fill in booked)
    agreement = agreement_of(booked_mg if booked else None, rise)
    if booked and agreement != "confirmed":
        if before and min(fill.started_at_s for fill in booked) < before.at_s and _begins_unseen(run, before):
            before, rise, agreement = None, None, "unseen"
        elif after and max(fill.ended_at_s for fill in booked) > after.at_s and _ends_unseen(run, after):
            rise, agreement = None, "unseen"
    return Fill(
        vin=run["vin"],
        started_at_s=min((fill.started_at_s for fill in booked), default=run["started_at_s"]),
        ended_at_s=max((fill.ended_at_s for fill in booked), default=run["ended_at_s"]),
        refuelling_ids=tuple(fill.refuelling_id for fill in booked),
        booked_mg=booked_mg,
        rise_mg=rise,
        before=before,
        agreement=agreement,
    )


def _look_before(run: Row, volume_ml: int | None) -> TankState | None:
    """Give what the tank held before a standing: where it begins after a silence in place, by the reading before that,
    for what was filled meanwhile is in the tank already.
    """
    first = tank_state(run, "first", volume_ml)
    beside = _look_beside(run, "prev", volume_ml) if _run_started_at_s(run) == run["prev_at_s"] else None
    return beside if beside and (first is None or first.at_s - beside.at_s > LONGEST_STEP_S) else first


def _look_after(run: Row, volume_ml: int | None) -> TankState | None:
    """Give what the tank held after a standing: where it ends in a silence and the truck is still in place after that,
    by the reading after it.
    """
    last = tank_state(run, "last", volume_ml)
    beside = _look_beside(run, "next", volume_ml) if run_ended_at_s(run) == run["next_at_s"] else None
    return beside if beside and (last is None or beside.at_s - last.at_s > LONGEST_STEP_S) else last


def _look_beside(run: Row, side: str, volume_ml: int | None) -> TankState | None:
    return tank_state(run | {f"{side}_fuel_at_s": run[f"{side}_at_s"]}, side, volume_ml)


def _begins_unseen(run: Row, before: TankState) -> bool:
    """Whether the truck stood, or was silent, for a while before the first look into its tank."""
    since_s = run["started_at_s"] if run["prev_at_s"] is None else min(run["started_at_s"], run["prev_at_s"])
    return bool(before.at_s - since_s > LONGEST_STEP_S)


def _ends_unseen(run: Row, after: TankState) -> bool:
    """Whether the truck stood, or was silent, for a while after the last look into its tank."""
    until_s = run["ended_at_s"] if run["next_at_s"] is None else max(run["ended_at_s"], run["next_at_s"])
    return bool(until_s - after.at_s > LONGEST_STEP_S)


def _run_started_at_s(run: Row) -> int:
    """Give the start of a standing [s]; a silence before which the truck was in place already belongs to it."""
    in_place = run["prev_at_s"] is not None and is_in_place(run["prev_odometer"], run["odometer"])
    return int(run["prev_at_s"] if in_place else run["started_at_s"])


def _may_hide_a_standing(silence: Row) -> bool:
    """Whether a truck may have stood in a silence: a long one, or one in which its way at 30 km/h leaves a minute."""
    seconds, before, after = silence["to_s"] - silence["from_s"], silence["odometer"], silence["next_odometer"]
    driven_s = 0 if before is None or after is None else max(after - before, 0) * SECONDS_A_STEP
    return bool(seconds >= LONG_SILENCE_S or seconds - driven_s > LONGEST_STEP_S)


def agreement_of(booked_mg: int | None, rise_mg: int | None) -> str:
    """Say how what was booked [mg] and the rise that the truck saw [mg] agree; see `Fill`. None: nothing booked, or
    nothing from which a rise could be seen.
    """
    if booked_mg is None:
        return "without_record"
    if rise_mg is None:
        return "unseen"
    if rise_mg < SMALLEST_RISE_MG <= booked_mg:
        return "without_rise"
    tolerance = max(BOOKED_TOLERANCE_MG, booked_mg * BOOKED_TOLERANCE_PER_MILLE // 1000)
    return "confirmed" if abs(booked_mg - rise_mg) <= tolerance else "differs"
