"""How far meter and tank lie apart, for a round and for a trip."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from h2verify.activity.reconcile import TruckReconciliation
from h2verify.activity.values import WindowBalance

from h2corridor.app.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """The worst window of a round: what its meter, or a tank that gainsays it, says was used and what the figure takes
    [kg], and how far they lie apart [% of the latter]."""

    worst_pct: Decimal
    said_kg: Decimal
    by_tank: bool
    used_kg: Decimal


def worst_residual(operation: Operation, reconciliations: Sequence[TruckReconciliation]) -> Residual | None:
    """Give the worst residual among the windows in which a round drove, of those that sensor steps cannot hide."""
    first, last = operation.round.trips[0]["started_at_s"], operation.round.trips[-1]["ended_at_s"]
    beyond = [
        (Decimal(_apart_mg(said_mg, balance)) * 100 / Decimal(balance.used_mg), balance, said_mg, by_tank)
        for truck in reconciliations
        if truck.vin == operation.vin
        for balance in truck.balances
        for said_mg, by_tank in _said_mg(balance)
        if balance.window.from_s < last and balance.window.to_s > first
        if balance.used_mg and _apart_mg(said_mg, balance) > balance.resolution_mg
    ]
    if not beyond:
        return None
    worst_pct, balance, said_mg, by_tank = max(beyond, key=itemgetter(0))
    return Residual(
        worst_pct=worst_pct,
        said_kg=Decimal(said_mg).scaleb(-6),
        by_tank=by_tank,
        used_kg=Decimal(balance.used_mg or 0).scaleb(-6),
    )


def _said_mg(balance: WindowBalance) -> Iterator[tuple[int, bool]]:
    """Give what a window's meter says was used [mg], and its tank where that gainsays it; each with whether it is the
    tank.
    """
    if balance.metered_mg is not None:
        yield balance.metered_mg, False
    fill = balance.window.fill
    if fill is not None and fill.agreement == "differs" and balance.tank_mg is not None:
        yield balance.tank_mg, True


def _apart_mg(said_mg: int, balance: WindowBalance) -> int:
    return abs(said_mg - (balance.used_mg or 0))


def residual_pct(balances: Sequence[WindowBalance]) -> Decimal | None:
    """Give metered minus used over windows together [% of used]; None where one of them has no metered balance."""
    residuals = [balance.residual_mg for balance in balances]
    used = sum(balance.used_mg or 0 for balance in balances)
    if not residuals or None in residuals or not used:
        return None
    return Decimal(sum(residual for residual in residuals if residual is not None)) * 100 / Decimal(used)
