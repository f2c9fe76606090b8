"""Every kind of fault, put into a clean trial, is found at its place, and nothing above info lies beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from faults_in_frames import FRAME_FAULTS
from faults_in_papers import PAPER_FAULTS, UNRECORDED_FILL
from faulty_trials import Fault, Fleet, Place, write_fleet

from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import get_check, severity_of

CLEAN = Fault(kind="clean", make=lambda world: Place(file="vehicles.csv"), found_by=frozenset())
# of stations at one place the first is taken for where an unrecorded rise was
FAULTS = [UNRECORDED_FILL, CLEAN, *FRAME_FAULTS, *PAPER_FAULTS]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetFindings:
    """A fleet and what all checks found in it, by world."""

    fleet: Fleet
    findings: dict[str | None, list[Finding]]


@pytest.fixture(scope="module")
def tested(trials_dir: Any, find_in_trial: Any, tmp_path_factory: pytest.TempPathFactory) -> FleetFindings:
    root = tmp_path_factory.mktemp("fleet") / "fleet"
    root.mkdir()
    fleet = write_fleet(trials_dir / "first-run", root, FAULTS)
    by_world: dict[str | None, list[Finding]] = {}
    for finding in find_in_trial(root).findings:
        by_world.setdefault(fleet.owner_of(finding), []).append(finding)
    return FleetFindings(fleet=fleet, findings=by_world)


@pytest.fixture(params=range(len(FAULTS)), ids=[fault.kind for fault in FAULTS])
def world(request: pytest.FixtureRequest) -> str:
    return f"W{request.param:03}"


def test_a_fault_is_found_at_its_place(tested: FleetFindings, world: str) -> None:
    fault, place = tested.fleet.faults[world], tested.fleet.places[world]
    found = {each.check for each in tested.findings.get(world, []) if _is_at(each, place)}

    assert not fault.found_by or fault.found_by & found, found


def test_nothing_above_info_lies_beside_a_fault(tested: FleetFindings, world: str) -> None:
    fault, place = tested.fleet.faults[world], tested.fleet.places[world]
    raised = [each for each in tested.findings.get(world, []) if severity_of(each) != "info"]

    assert [] == [each for each in raised if not _is_at(each, place) and each.check not in fault.entails]


def test_every_finding_belongs_to_a_truck(tested: FleetFindings) -> None:
    nobodys: Sequence[Finding] = tested.findings.get(None, [])

    assert [] == [each for each in nobodys if severity_of(each) != "info"]


def test_kinds_are_many_and_name_checks_of_the_catalogue() -> None:
    assert len(FAULTS) == len({fault.kind for fault in FAULTS}) > 90
    assert all(get_check(code) for fault in FAULTS for code in fault.found_by | fault.entails)


def _is_at(finding: Finding, place: Place) -> bool:
    if finding.file != place.file:
        return False
    if finding.row is None or place.first_row is None or place.last_row is None:
        return finding.row is None and place.first_row is None
    return finding.row <= place.last_row and place.first_row <= (finding.last_row or finding.row)
