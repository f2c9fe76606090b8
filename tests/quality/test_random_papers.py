"""Faults of many kinds, each of random size in a random row of the papers, both editions: found at their rows, nothing
above info elsewhere.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from random_papers import FILLS, KINDS, Placed, write_faulty_papers

from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import severity_of

SEEDS = [int(seed) for seed in os.environ.get("H2CORRIDOR_FAULT_SEEDS", "12").split()]
"""One seed is a measuring of the rehearsal; others by hand, where a check has changed."""

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """A trial with faults in its papers, and what is found in it that was not found without them."""

    placed: Sequence[Placed]
    new: Sequence[Finding]


@pytest.fixture(scope="module", params=SEEDS)
def faulty(
    request: pytest.FixtureRequest,
    trials_dir: Path,
    rehearsal: Any,
    find_in_trial: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Faulty:
    root = tmp_path_factory.mktemp("papers") / "trial"
    ignored = shutil.ignore_patterns("truth")
    shutil.copytree(trials_dir / "rehearsal", root, copy_function=shutil.copyfile, ignore=ignored)
    placed = write_faulty_papers(trials_dir / "rehearsal", root, Random(request.param), KINDS)
    known = {_said(each) for each in rehearsal.findings}
    return Faulty(placed=placed, new=[each for each in find_in_trial(root).findings if _said(each) not in known])


def test_every_kind_is_found_at_its_row(faulty: Faulty) -> None:
    missed = [
        (each.kind, each.row, sorted(each.names))
        for each in faulty.placed
        if not any(finding.check in each.found_by and _is_at(finding, each) for finding in faulty.new)
    ]

    assert len(faulty.placed) == len(KINDS) > 20
    assert [] == missed


def test_nothing_new_above_info_lies_beside_them(faulty: Faulty) -> None:
    raised = [each for each in faulty.new if severity_of(each) != "info"]
    beside = [each for each in raised if not any(_is_at(each, placed) for placed in faulty.placed)]

    assert len(raised) - len(beside) > 15
    assert [] == [each for each in beside if not any(_is_entailed(each, placed) for placed in faulty.placed)]


def _is_at(finding: Finding, placed: Placed) -> bool:
    if finding.file != placed.file:
        return False
    if placed.row is None or finding.row is None:
        return finding.row is None and placed.row is None and finding.vin in placed.names
    return finding.row <= placed.row <= (finding.last_row or finding.row)


def _is_entailed(finding: Finding, placed: Placed) -> bool:
    return finding.check in placed.entails and bool(placed.names & {finding.vin, *finding.params.values()})


def _said(finding: Finding) -> tuple[Any, ...]:
    """What stays of a finding when a row of fills goes: not its row there."""
    counted = {name: value for name, value in finding.params.items() if not name.endswith(("_pct", "left_out"))}
    row = None if finding.file == FILLS else finding.row
    return finding.check, finding.file, row, finding.vin, finding.at, tuple(sorted(counted.items()))
