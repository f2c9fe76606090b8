"""Thresholds of a plan."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from h2corridor import quality
from h2corridor.model.errors import UsageError
from h2corridor.model.trial_record import ThresholdChange
from h2corridor.quality.catalogue import list_checks
from h2corridor.quality.thresholds import list_adjustable, planned_thresholds

DAY = date(2026, 3, 2)


def _change(check: str, name: str, value: str) -> ThresholdChange:
    return ThresholdChange(check=check, name=name, value=value, reason="r", source="s", decided_on="2026-03-01")


def test_a_value_of_a_plan_is_what_checks_ask_for() -> None:
    assert {("vehicle.speed-while-parked", "speed_kmh_min"): Decimal(20)} == planned_thresholds(
        [_change("vehicle.speed-while-parked", "speed_kmh_min", "20")], DAY
    )


@pytest.mark.parametrize(
    ("check", "name", "value", "fault"),
    [
        ("vehicle.speed-while-parked", "no_such", "1", "no such threshold"),
        ("no.check", "speed_kmh_min", "1", "no such threshold"),
        ("time.gap", "gap_s_max", "90", "every verifier repeats"),
        ("vehicle.speed-while-parked", "speed_kmh_min", "-1", "from 1 to 20"),
        ("position.jump", "beyond_driven_m_max", "999999999999", "from 50 to 5000"),
        ("custody.batch-overdrawn", "balance_kg_max", "100000", "decides what is withheld"),
        ("custody.stock-short", "balance_kg_max", "0", "decides what is withheld"),
        ("leg.longer-than-driven", "longer_pct_max", "50", "decides what is withheld"),
        ("vehicle.speed-while-parked", "speed_kmh_min", "1.5", "decimals"),
    ],
)
def test_a_value_that_no_check_could_use_is_refused(check: str, name: str, value: str, fault: str) -> None:
    with pytest.raises(UsageError, match=rf"trial\.threshold: .*{fault}"):
        planned_thresholds([_change(check, name, value)], DAY)


def test_a_threshold_stands_once_in_a_plan() -> None:
    change = _change("vehicle.speed-while-parked", "speed_kmh_min", "20")
    with pytest.raises(UsageError, match="stands twice"):
        planned_thresholds([change, change], DAY)


def test_what_a_plan_may_set_is_what_checks_read_from_it() -> None:
    folder = Path(quality.__file__).parent
    source = "".join(
        path.read_text("utf-8") for path in folder.glob("*.py") if path.name not in ("catalogue.py", "thresholds.py")
    )
    with_threshold = {check.code for check in list_checks() if check.threshold}
    read = {
        code for code in with_threshold if f'.threshold("{code}"' in source or f'_limit_mg(evidence, "{code}"' in source
    }

    blocking = {check.code for check in list_checks() if check.severity == "blocking"}

    assert read
    adjustable = {code for code, _ in list_adjustable(DAY)}
    assert adjustable <= read - blocking
    assert {"identity.two-places", "position.datum", "position.invalid-fix", "sensor.count-differs"} == (
        read - blocking - adjustable
    )


def test_what_the_catalogue_says_lies_within_what_a_plan_may_set() -> None:
    adjustable = list_adjustable(DAY)

    assert adjustable
    assert [] == [each for _, each in adjustable if each.plan and not each.plan[0] <= each.value <= each.plan[1]]
