"""Integers and instants of the model in the text forms that documents use."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from h2corridor.model.trial import Trial


def local_day(at_ms: int, trial: Trial) -> datetime.date:
    """Give the day of an instant [ms since 1970-01-01 UTC] in the trial's time zone."""
    return datetime.datetime.fromtimestamp(at_ms // 1000, ZoneInfo(trial.timezone)).date()


def optional_text(value: Decimal | None) -> str | None:
    """Give a decimal as plain digits; None stays None."""
    return None if value is None else format(value, "f")
