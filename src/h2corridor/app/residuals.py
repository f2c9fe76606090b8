"""How far meter and tank lie apart, for a round and for a trip."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from h2verify.activity.reconcile import TruckReconciliation
from h2verify.activity.values import WindowBalance

from h2corridor.app.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualState:
    """The worst window of a round: how far metered and used lie apart there [% of used], both [kg], and whether
    sensor steps could not hide it."""

    worst_pct: Decimal
    metered_kg: Decimal
    used_kg: Decimal
    beyond_resolution: bool


def residual_state(operation: Operation, reconciliations: Sequence[TruckReconciliation]) -> ResidualState:
    """Give the worst residual among the windows in which a round drove."""
    first, last = operation.round.trips[0]["started_at_s"], operation.round.trips[-1]["ended_at_s"]
    worst: WindowBalance | None = None
    for truck in reconciliations:
        for balance in truck.balances if truck.vin == operation.vin else ():
            inside = balance.window.from_s < last and balance.window.to_s > first
            if inside and balance.used_mg and is_beyond_resolution(balance):
                worst = balance if worst is None or _apart_pct(balance) > _apart_pct(worst) else worst
    if worst is None:
        return ResidualState(worst_pct=Decimal(0), metered_kg=Decimal(0), used_kg=Decimal(0), beyond_resolution=False)
    return ResidualState(
        worst_pct=_apart_pct(worst),
        metered_kg=Decimal(worst.metered_mg or 0).scaleb(-6),
        used_kg=Decimal(worst.used_mg or 0).scaleb(-6),
        beyond_resolution=True,
    )


def _apart_pct(balance: WindowBalance) -> Decimal:
    return Decimal(abs(balance.residual_mg or 0)) * 100 / Decimal(balance.used_mg or 1)


def is_beyond_resolution(balance: WindowBalance) -> bool:
    """Whether two steps of the pressure sensor cannot explain a window's residual."""
    return balance.residual_mg is not None and abs(balance.residual_mg) > balance.resolution_mg


def residual_pct(balances: Sequence[WindowBalance]) -> Decimal | None:
    """Give metered minus used over windows together [% of used]; None where one of them has no metered balance."""
    residuals = [balance.residual_mg for balance in balances]
    used = sum(balance.used_mg or 0 for balance in balances)
    if not residuals or None in residuals or not used:
        return None
    return Decimal(sum(residual for residual in residuals if residual is not None)) * 100 / Decimal(used)
