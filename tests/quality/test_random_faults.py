"""Faults of half a hundred kinds in random places of both editions: found at their rows, nothing above info elsewhere,
and trips that none of them touches keep their distance and hydrogen.
"""

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from random_faults import KINDS, Placed, write_faulty

from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import severity_of

SEEDS = [int(seed) for seed in os.environ.get("H2CORRIDOR_FAULT_SEEDS", "12").split()]
"""One seed is a minute of work; others by hand, where a check has changed."""

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """A trial with faults put in, what all checks find in it, and the same trial without them."""

    placed: Sequence[Placed]
    after: Any
    before: Any


@pytest.fixture(scope="module", params=SEEDS)
def faulty(
    request: pytest.FixtureRequest,
    trials_dir: Path,
    rehearsal: Any,
    find_in_trial: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Faulty:
    root = tmp_path_factory.mktemp("random") / "trial"
    ignored = shutil.ignore_patterns("telemetry", "truth")
    shutil.copytree(trials_dir / "rehearsal", root, copy_function=shutil.copyfile, ignore=ignored)
    placed = write_faulty(trials_dir / "rehearsal", root, Random(request.param), KINDS)
    return Faulty(placed=placed, after=find_in_trial(root), before=rehearsal)


def test_every_kind_is_found_at_its_rows(faulty: Faulty) -> None:
    missed = [
        (each.kind, each.size, each.file, each.first_row)
        for each in faulty.placed
        if not any(finding.check in each.found_by and _is_at(finding, each) for finding in faulty.after.findings)
    ]

    assert len(faulty.placed) == len(KINDS) > 40
    assert [] == missed


def test_nothing_new_above_info_lies_beside_them(faulty: Faulty) -> None:
    known = {_said(each) for each in faulty.before.findings}
    raised = [each for each in faulty.after.findings if severity_of(each) != "info"]
    beside = [each for each in raised if not any(_is_at(each, placed) for placed in faulty.placed)]

    assert len(raised) - len(beside) > 40
    assert [] == [each for each in beside if _said(each) not in known]


def test_trips_that_no_fault_touches_keep_distance_and_hydrogen(faulty: Faulty) -> None:
    before, after = _trips(faulty.before), _trips(faulty.after)
    untouched = [key for key, trip in before.items() if not any(_touches(each, trip) for each in faulty.placed)]

    assert len(untouched) > 15
    for key in untouched:
        assert 500_000 >= abs(after[key]["distance_mm"] - before[key]["distance_mm"]), key
        least_mg = max(before[key]["hydrogen_mg"] * 3 // 100, 100_000)
        assert least_mg >= abs(after[key]["hydrogen_mg"] - before[key]["hydrogen_mg"]), key


def _is_at(finding: Finding, placed: Placed) -> bool:
    if finding.file != placed.file or finding.row is None:
        return False
    return finding.row <= placed.last_row and placed.first_row <= (finding.last_row or finding.row)


def _said(finding: Finding) -> tuple[Any, ...]:
    """What stays of a finding when rows move: faults that were put in before it add rows and take some away."""
    counted = {name: value for name, value in finding.params.items() if not name.endswith("_pct")}
    return finding.check, finding.file, finding.vin, tuple(sorted(counted.items()))


def _trips(tested: Any) -> Mapping[tuple[str, str | None, str | None, int], dict[str, Any]]:
    """Trips by truck, ends and hour of departure, with the hydrogen used [mg]."""
    used: Counter[tuple[str, int]] = Counter()
    for entry in tested.measured.outcome.hydrogen:
        used[entry.span.vin, entry.span.segment_no] += entry.used_mg
    return {
        (trip["vin"], trip["origin_site"], trip["destination_site"], trip["started_at_s"] // 3600): {
            **trip,
            "hydrogen_mg": used[trip["vin"], trip["segment_no"]],
        }
        for trip in tested.measured.outcome.trips
    }


def _touches(placed: Placed, trip: Mapping[str, Any]) -> bool:
    from_s, to_s = placed.span_s
    return placed.vin == trip["vin"] and from_s < trip["ended_at_s"] + 900 and to_s > trip["started_at_s"] - 900
