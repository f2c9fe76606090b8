"""Thresholds that a trial's plan sets otherwise than the catalogue: which may be, and as what checks ask for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from h2corridor.model.errors import UsageError
from h2corridor.model.trial_record import ThresholdChange
from h2corridor.quality.catalogue import Threshold, list_checks
from h2corridor.quality.registry import Thresholds

FIXED_CHECKS = frozenset(
    {
        "hydrogen.fill-unseen",
        "hydrogen.fill-without-rise",
        "hydrogen.metered-against-tank",
        "hydrogen.purge-out-of-range",
        "hydrogen.rise-without-fill",
        "odometer.frozen",
        "odometer.jump",
        "time.clock-off",
        "time.future",
        "time.gap",
        "time.outside-period",
        "time.past",
    }
)
"""Their thresholds are part of the arithmetic that every verifier repeats: a trial cannot have its own."""


def planned_thresholds(changes: Sequence[ThresholdChange], on_day: date) -> Thresholds:
    """The values of a plan by check and name.

    Parameters
    ----------
    changes : what a plan sets
    on_day : day of the data

    Raises
    ------
    UsageError
        `trial.threshold`: no such threshold, one that cannot be changed, a negative number, more decimals than the
        catalogue's, or twice the same.
    """
    values: dict[tuple[str, str], Decimal] = {}
    for change in changes:
        known = find_threshold(change.check, change.name, on_day)
        about = f"{change.check} {change.name}"
        value = Decimal(change.value)
        if known is None:
            adjustable = ", ".join(f"{code} {each.name}" for code, each in list_adjustable(on_day))
            raise _refused(about, "the catalogue has no such threshold.", f"Those that a plan may set: {adjustable}.")
        if change.check in FIXED_CHECKS:
            fault = "is part of the arithmetic that every verifier repeats."
            raise _refused(about, fault, "Leave it out; a trial cannot have its own.")
        if value < 0 or _decimals(value) > _decimals(known.value):
            fault = f"expected a number from 0 on with at most the decimals of {known.value}, came {change.value}."
            raise _refused(about, fault, f"Give it in {known.unit}, written like {known.value}.")
        if (change.check, change.name) in values:
            raise _refused(about, "stands twice.", "Leave one of the two out.")
        values[change.check, change.name] = value
    return values


def list_adjustable(on_day: date) -> list[tuple[str, Threshold]]:
    """Every threshold that a plan may set, with the code of its check and its value on a day."""
    names = [(check.code, name) for check in list_checks() for name in dict.fromkeys(t.name for t in check.threshold)]
    found = [(code, find_threshold(code, name, on_day)) for code, name in names if code not in FIXED_CHECKS]
    return [(code, each) for code, each in found if each is not None]


def find_threshold(code: str, name: str, on_day: date) -> Threshold | None:
    """The catalogue's threshold as it stands on a day; None where there is none."""
    dated = [
        each
        for check in list_checks()
        if check.code == code
        for each in check.threshold
        if each.name == name and each.from_day <= on_day
    ]
    return max(dated, key=lambda each: each.from_day) if dated else None


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _refused(about: str, fault: str, next_step: str) -> UsageError:
    return UsageError("trial.threshold", fault, about=about, next_step=next_step)
