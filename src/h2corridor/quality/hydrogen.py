"""Checks of hydrogen: booked fills beside what the tanks saw, and the balances of windows and trucks."""

from collections.abc import Iterable, Iterator, Sequence

from h2verify.activity.reconcile import LARGEST_PURGE_PER_MILLE, TruckReconciliation, fits_stacks, resolution_mg
from h2verify.activity.values import Fill, WindowBalance

from h2corridor.model.findings import Finding
from h2corridor.model.trial import Refuelling, Vehicle
from h2corridor.quality.registry import Evidence, check
from h2corridor.quality.texts import instant_text, kilograms, percent

_FILLS = "refuellings.csv"
_TRUCKS = "vehicles.csv"
_MEASURED = ("confirmed", "differs")
_FILLS_AN_EXCEPTION = 4


@check("hydrogen.fill-without-rise")
def fills_without_rise(evidence: Evidence) -> Iterable[Finding]:
    """Booked fills during which the truck's tank did not rise."""
    for fill, booked in _booked(evidence, "without_rise"):
        if fill.rise_mg is not None and not _was_silent(evidence, fill):
            yield _of_fill("hydrogen.fill-without-rise", booked, rise_kg=kilograms(fill.rise_mg))


@check("hydrogen.fill-unseen")
def fills_unseen(evidence: Evidence) -> Iterable[Finding]:
    """Booked fills about which the truck's own data say nothing, though its tank's volume is known."""
    sized = {vehicle.vin for _, vehicle in _reconciled(evidence) if vehicle.tank_volume_ml is not None}
    for fill, booked in _booked(evidence, "unseen", "without_rise"):
        if fill.vin in sized and (fill.rise_mg is None or _was_silent(evidence, fill)):
            yield _of_fill("hydrogen.fill-unseen", booked)


@check("hydrogen.metered-against-tank")
def metered_against_tank(evidence: Evidence) -> Iterable[Finding]:
    """Booked fills whose mass differs from the rise that the truck saw; of several at one stand the sum does."""
    for fill, booked in _booked(evidence, "differs"):
        params = {"mass_kg": kilograms(fill.booked_mg), "refuelling_id": " + ".join(fill.refuelling_ids)}
        yield _of_fill("hydrogen.metered-against-tank", booked, **params, rise_kg=kilograms(fill.rise_mg or 0))


@check("hydrogen.tank-volume")
def tank_volumes(evidence: Evidence) -> Iterable[Finding]:
    """Trucks whose tank, by the volume registered for it, rose by too much at its fills, or by too little; of four
    fills one may say otherwise, for it may be off itself.
    """
    limit_pct = evidence.threshold("hydrogen.tank-volume", "difference_pct_max")
    fills_min = evidence.threshold("hydrogen.tank-volume", "fills_count_min")
    for _, vehicle in _reconciled(evidence):
        mine = [each for each in evidence.cut.fills if each.vin == vehicle.vin and each.agreement in _MEASURED]
        seen = [each for each in mine if each.booked_mg > 0]
        if len(seen) < fills_min:
            continue
        apart = [((each.rise_mg or 0) - each.booked_mg, each.booked_mg) for each in seen]
        off = [(by, booked) for by, booked in apart if abs(by) * 100 > limit_pct * booked]
        off = max([each for each in off if each[0] > 0], [each for each in off if each[0] < 0], key=len)
        if len(off) >= len(seen) - len(seen) // _FILLS_AN_EXCEPTION:
            total, booked_mg = sum(by for by, _ in off), sum(booked for _, booked in off)
            params = {"count": str(len(off)), "of_count": str(len(seen)), "rise_pct": percent(total, booked_mg)}
            yield Finding(check="hydrogen.tank-volume", file=_TRUCKS, row=vehicle.row, vin=vehicle.vin, params=params)


@check("hydrogen.rise-without-fill")
def rises_without_fill(evidence: Evidence) -> Iterable[Finding]:
    """Rises of a tank for which no fill is booked."""
    for fill in evidence.cut.fills:
        if fill.agreement != "without_record":
            continue
        yield Finding(
            check="hydrogen.rise-without-fill",
            file=_FILLS,
            vin=fill.vin,
            at=instant_text(fill.started_at_s),
            params={
                "rise_kg": kilograms(fill.rise_mg or 0),
                "site_id": evidence.site_of(fill) or "@somewhere",
                "until": instant_text(fill.ended_at_s),
            },
        )


@check("hydrogen.purge-out-of-range")
def purge_out_of_range(evidence: Evidence) -> Iterable[Finding]:
    """Windows over which stacks did not convert an impossible share of their hydrogen, and trucks for which that holds
    over all other windows together, or over each. A window whose fill is in dispute is none of the former where its
    meter or its tank bears the stacks out: that the other is off is told already.

    Two looks into the tank, at the ends of each stretch of windows, leave open what `resolution_mg` says.
    """
    for truck, vehicle in _reconciled(evidence):
        slack = resolution_mg(vehicle.tank_volume_ml)
        seen = [each for each in truck.balances if each.balance_mg is not None and _tells_stacks(each)]
        off = [each for each in seen if _is_purge_off([each], slack)]
        alone = [each for each in off if not _is_disputed(each)] if len(off) < len(seen) else []
        for each in alone:
            params = {"purge_pct": percent((each.balance_mg or 0) - each.stack_mg, each.stack_mg)}
            yield _of_window(evidence, "hydrogen.purge-out-of-range", each, vehicle, params)
        rest = [each for each in seen if each not in alone]
        if _is_purge_off(rest, slack * (1 + len(alone))):
            balance, stack = sum(each.balance_mg or 0 for each in rest), sum(each.stack_mg for each in rest)
            yield Finding(
                check="hydrogen.purge-out-of-range",
                file=_TRUCKS,
                row=vehicle.row,
                vin=truck.vin,
                params={"purge_pct": percent(balance - stack, stack)},
            )


def _tells_stacks(balance: WindowBalance) -> bool:
    """Whether a window says something of its stacks: what was not observed may hide that they ran, not that they did
    not.
    """
    return balance.unobserved_s == 0 or (balance.balance_mg or 0) < balance.stack_mg - balance.resolution_mg


def _is_disputed(balance: WindowBalance) -> bool:
    if balance.window.fill is None or balance.window.fill.agreement not in ("differs", "without_record"):
        return False
    looks = (balance.metered_mg, balance.tank_mg)
    return any(fits_stacks(each, balance.stack_mg, balance.resolution_mg) for each in looks)


def _is_purge_off(balances: Sequence[WindowBalance], slack: int) -> bool:
    balance, stack = sum(each.balance_mg or 0 for each in balances), sum(each.stack_mg for each in balances)
    largest = stack + stack * LARGEST_PURGE_PER_MILLE // 1000 + slack
    return stack > 0 and not stack - slack <= balance <= largest


@check("hydrogen.residual")
def residuals(evidence: Evidence) -> Iterable[Finding]:
    """Windows whose metered balance lies off what was used, beyond what two looks into the tank cannot tell."""
    limit = evidence.threshold("hydrogen.residual", "difference_pct_max")
    for truck, vehicle in _reconciled(evidence):
        for each in truck.balances:
            residual, used = each.residual_mg, each.used_mg
            if residual is None or not used or abs(residual) <= each.resolution_mg:
                continue
            if each.window.fill is not None and each.window.fill.agreement == "without_record":
                continue  # what is missing is the booking, and hydrogen.rise-without-fill says so
            if abs(residual) * 100 > limit * used:
                params = {"residual_pct": percent(residual, used)}
                yield _of_window(evidence, "hydrogen.residual", each, vehicle, params)


@check("hydrogen.not-computable")
def not_computable(evidence: Evidence) -> Iterable[Finding]:
    """Windows in which a truck moved and for which no method gives the hydrogen used."""
    moved = {(entry.span.vin, entry.span.window_no) for entry in evidence.outcome.sums if entry.moving_readings > 0}
    for truck, vehicle in _reconciled(evidence):
        for each in truck.balances:
            if each.used_mg is None and (truck.vin, each.window.window_no) in moved:
                params = {"reason": _reason(each, vehicle)}
                yield _of_window(evidence, "hydrogen.not-computable", each, vehicle, params)


def _reason(balance: WindowBalance, vehicle: Vehicle) -> str:
    if vehicle.tank_volume_ml is None:
        return "@no-tank-volume"
    if balance.window.tank_start is None or balance.window.tank_end is None:
        return "@no-tank-reading"
    return "@no-fill-mass"


def _was_silent(evidence: Evidence, fill: Fill) -> bool:
    return evidence.is_silent(fill.vin, fill.started_at_s) or evidence.is_silent(fill.vin, fill.ended_at_s)


def _booked(evidence: Evidence, *agreements: str) -> Iterator[tuple[Fill, Refuelling]]:
    by_id = {each.refuelling_id: each for each in evidence.facts.refuellings}
    for fill in evidence.cut.fills:
        if fill.agreement in agreements:
            yield from ((fill, by_id[name]) for name in fill.refuelling_ids if name in by_id)


def _of_fill(code: str, booked: Refuelling, **params: str) -> Finding:
    return Finding(
        check=code,
        file=_FILLS,
        row=booked.row,
        vin=booked.vin,
        at=instant_text(booked.started_at_ms // 1000),
        params={"refuelling_id": booked.refuelling_id, "mass_kg": kilograms(booked.mass_mg), **params},
    )


def _reconciled(evidence: Evidence) -> Sequence[tuple[TruckReconciliation, Vehicle]]:
    register = {each.vin: each for each in evidence.facts.vehicles}
    return [(each, register[each.vin]) for each in evidence.outcome.reconciliations if each.vin in register]


def _of_window(
    evidence: Evidence, code: str, balance: WindowBalance, vehicle: Vehicle, params: dict[str, str]
) -> Finding:
    """Place a window's finding where its fill is booked; else at its truck, from the window's start on."""
    fill = balance.window.fill
    if fill is None:
        place = instant_text(balance.window.from_s + 1)
        return Finding(check=code, file=_TRUCKS, row=vehicle.row, vin=vehicle.vin, at=place, params=params)
    rows = {each.refuelling_id: each.row for each in evidence.facts.refuellings}
    row = rows.get(fill.refuelling_ids[0]) if fill.refuelling_ids else None
    return Finding(check=code, file=_FILLS, row=row, vin=vehicle.vin, at=instant_text(fill.started_at_s), params=params)
