"""Hydrogen used: metered mass, tank content and stack charge brought together, window by window.

A window's balance is what was metered into the tank plus its content at the start minus its content at the end. The
stacks say how it was spread over time; what they did not convert (purge, crossover) is the solved remainder. One
pressure step is 0.2 kg, so a single short window says little about that remainder: the sound windows of a truck are
taken together, and their balance is spread over them by charge. Where the stacks were not observed for a while, the
rest of that window's balance belongs to those moments. Of meter, tank and stacks two decide against the third: where
meter and tank disagree, the one that the stacks bear out counts, else the stacks at the truck's own remainder, and the
residual says how far the booked mass is off; where meter and tank agree and the stacks do not, their balance counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from h2verify.activity.allocation import allocate
from h2verify.activity.values import SpanSums, TruckRegister, Window, WindowBalance
from h2verify.hydrogen import stack_hydrogen_mg, tank_mass_mg

LARGEST_PURGE_PER_MILLE = 50
"""What the stacks did not convert, as a part of what they did: sound between 0 and this."""

_RESOLUTION_STEPS = 2
_SMALLEST_POOL_RESOLUTIONS = 20
_SMALLEST_AGREED_RESOLUTIONS = 20
"""A balance of this many resolutions is known to 5 %: enough to gainsay the stacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckReconciliation:
    """A truck's windows reconciled, and the part of each span; `pool_*` are the sums over the sound windows [mg]."""

    vin: str
    balances: tuple[WindowBalance, ...]
    used_by_span_mg: tuple[int | None, ...]
    pool_balance_mg: int
    pool_stack_mg: int


def reconcile(
    windows: Sequence[Window], sums: Sequence[SpanSums], trucks: Mapping[str, TruckRegister]
) -> list[TruckReconciliation]:
    """Reconcile every truck's windows.

    Parameters
    ----------
    windows : all windows, in order of truck and number
    sums : all spans' sums, in order of truck and span
    trucks : the register
    """
    return [
        _reconcile_truck(
            [window for window in windows if window.vin == vin],
            [entry for entry in sums if entry.span.vin == vin],
            trucks[vin],
        )
        for vin in sorted({window.vin for window in windows})
    ]


def resolution_mg(volume_ml: int | None) -> int:
    """Give the mass [mg] that two 0.1 MPa steps of the sensor may hide at 15 C: what a balance of two looks cannot
    tell.
    """
    return _RESOLUTION_STEPS * tank_mass_mg(100, 150, volume_ml) if volume_ml else 0


def _reconcile_truck(windows: Sequence[Window], sums: Sequence[SpanSums], truck: TruckRegister) -> TruckReconciliation:
    by_window = {window.window_no: [s for s in sums if s.span.window_no == window.window_no] for window in windows}
    drafts = [_draft(window, by_window[window.window_no], resolution_mg(truck.tank_volume_ml)) for window in windows]
    pool = [draft for draft in drafts if draft.sound]
    pool_balance, pool_stack = sum(d.balance_mg or 0 for d in pool), sum(d.stack_mg for d in pool)
    smallest_mg = _SMALLEST_POOL_RESOLUTIONS * resolution_mg(truck.tank_volume_ml)
    large_enough = pool_balance > 0 and pool_stack > 0 and pool_stack >= smallest_mg
    ratio = (pool_balance, pool_stack) if large_enough else None
    used = {}
    if ratio:
        pooled = [s for draft in pool for s in by_window[draft.window.window_no]]
        used = dict(zip(map(_key, pooled), allocate(pool_balance, [s.charge_twice for s in pooled]), strict=True))
    filled = any(draft.window.booked_mg and _is_metered(draft) for draft in pool)
    balances = []
    for draft in drafts:
        spans = by_window[draft.window.window_no]
        if ratio is None or not draft.sound:
            total, method = _used_alone(draft, ratio)
            used.update(_spread(total, draft, spans, ratio))
        else:
            total = sum(used[_key(s)] for s in spans)
            method = "fill_to_fill" if filled and _is_metered(draft) else "tank"
        balances.append(replace(draft, used_mg=total, method=method))
    return TruckReconciliation(
        vin=truck.vin,
        balances=tuple(balances),
        used_by_span_mg=tuple(used.get(_key(s)) for s in sums),
        pool_balance_mg=pool_balance if large_enough else 0,
        pool_stack_mg=pool_stack if large_enough else 0,
    )


def _draft(window: Window, spans: Sequence[SpanSums], resolution: int) -> WindowBalance:
    """Set the two balances of a window beside its stack charge; nothing is decided yet but whether they agree."""
    stack = stack_hydrogen_mg(sum(s.charge_twice for s in spans))
    unobserved = sum(s.unobserved_s for s in spans)
    metered = tank = None
    if window.tank_start and window.tank_end:
        drop = window.tank_start.mass_mg - window.tank_end.mass_mg
        metered = drop + window.booked_mg
        if not window.unseen and (window.fill is None or window.fill.rise_mg is not None):
            tank = drop + (window.fill.rise_mg or 0 if window.fill else 0)
    fits_metered, fits_tank = (fits_stacks(each, stack, resolution) for each in (metered, tank))
    borne_out = unobserved == 0 and fits_metered and not fits_tank
    balance = metered if _undisputed(window) or borne_out else tank
    return WindowBalance(
        window=window,
        metered_mg=metered,
        tank_mg=tank,
        balance_mg=balance,
        stack_mg=stack,
        unobserved_s=unobserved,
        used_mg=None,
        method="none",
        resolution_mg=resolution,
        sound=fits_stacks(balance, stack, resolution) and unobserved == 0,
    )


def fits_stacks(balance: int | None, stack: int, resolution: int) -> bool:
    """Whether a balance is what the stacks converted and a sound purge, within what two looks cannot tell."""
    return balance is not None and stack - resolution <= balance <= _with_largest_purge(stack) + resolution


def _undisputed(window: Window) -> bool:
    return window.fill is None or window.fill.agreement in ("confirmed", "unseen")


def _is_metered(draft: WindowBalance) -> bool:
    return draft.balance_mg == draft.metered_mg


def _is_agreed(draft: WindowBalance) -> bool:
    """Whether meter and tank agree on a fill whose window's balance says enough to gainsay its stacks."""
    window, balance = draft.window, draft.balance_mg or 0
    seen = draft.unobserved_s == 0 or balance < draft.stack_mg - draft.resolution_mg
    confirmed = window.fill is not None and window.fill.agreement == "confirmed" and not window.unseen
    return confirmed and seen and not draft.sound and balance >= _SMALLEST_AGREED_RESOLUTIONS * draft.resolution_mg


def _method(draft: WindowBalance) -> str:
    return "fill_to_fill" if draft.window.booked_mg and _is_metered(draft) else "tank"


def _used_alone(draft: WindowBalance, ratio: tuple[int, int] | None) -> tuple[int | None, str]:
    """Decide what a window used when it is not part of the sound pool."""
    balance = draft.balance_mg
    if balance is not None and _is_agreed(draft):
        return balance, _method(draft)
    by_stack = draft.stack_mg * ratio[0] // ratio[1] if ratio else draft.stack_mg
    if draft.unobserved_s == 0 and draft.stack_mg > 0 and (ratio is not None or balance is None):
        return by_stack, "combined" if ratio and balance is not None else "stack"
    if balance is None:
        return (by_stack, "stack") if draft.stack_mg > 0 else (None, "none")
    if draft.stack_mg > 0 and balance < by_stack:
        return by_stack, "combined"
    most = _with_largest_purge(draft.stack_mg)
    if draft.sound and balance > most > 0:
        return most, "combined"  # two looks into the tank tell less than the stacks of so small a window
    return max(balance, 0), _method(draft)


def _spread(
    total: int | None, draft: WindowBalance, spans: Sequence[SpanSums], ratio: tuple[int, int] | None
) -> dict[tuple[str, int], int]:
    """Spread a window's hydrogen over its spans: by charge what the stacks saw, the rest over what was unobserved."""
    if total is None or not spans:
        return {}
    charges, silences = [s.charge_twice for s in spans], [s.unobserved_ninths_mm for s in spans]
    if sum(silences) == 0:
        silences = [s.unobserved_s for s in spans]
    seen = min(total, draft.stack_mg * ratio[0] // ratio[1] if ratio else _seen_mg(total, draft.stack_mg, spans))
    if draft.unobserved_s == 0 or sum(silences) == 0:
        seen = total
    if sum(charges) == 0:
        seen = 0
    if sum(charges) == 0 and sum(silences) == 0:
        lengths = [s.moving_readings for s in spans]
        parts = allocate(total, lengths if sum(lengths) else [1] * len(spans))
    else:
        rest = allocate(total - seen, silences) if total > seen else [0] * len(spans)
        parts = [a + b for a, b in zip(allocate(seen, charges), rest, strict=True)]
    return dict(zip(map(_key, spans), parts, strict=True))


def _seen_mg(total: int, stack: int, spans: Sequence[SpanSums]) -> int:
    """What the stacks saw of a window's hydrogen where no sound window tells the purge: as much as of the distance, and
    no less than they converted nor more than that with the largest purge.
    """
    driven, unobserved = sum(s.distance_ninths_mm for s in spans), sum(s.unobserved_ninths_mm for s in spans)
    by_distance = total * (driven - unobserved) // driven if driven > 0 else total
    return min(max(by_distance, stack), _with_largest_purge(stack))


def _with_largest_purge(stack: int) -> int:
    return stack + stack * LARGEST_PURGE_PER_MILLE // 1000


def _key(sums: SpanSums) -> tuple[str, int]:
    return sums.span.vin, sums.span.span_no
