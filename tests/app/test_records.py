"""A run's facts as activity records: what a stranger needs to write its chains again, and nothing of whom and where."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from h2verify import canonical
from h2verify.activity import run_reference
from h2verify.bundle.activity import verify_activity
from h2verify.chains import check_forms, groups_needed, recompute_truck
from h2verify.errors import BundleError
from made_trial import FACTS, TRUCK, leg, outcome

from h2corridor.activity.papers import papers_of
from h2corridor.app.chains import trial_chains
from h2corridor.app.frames import iterate_frames
from h2corridor.app.records import NOTHING_CUT, TrialRecord, open_records, trial_groups
from h2corridor.intake import DatasetFolder, read_trial_facts
from h2corridor.model.report import Report
from h2corridor.model.trial import TrialFacts

Records = dict[str, list[dict[str, Any]]]
TRIALS = ("first-run", "rehearsal")


class _Run:
    """A trial's facts, its groups of records with hashes in the place of closed parts, and its chains."""

    def __init__(self, dataset: Path, workspace: Path) -> None:
        self.facts, _ = read_trial_facts(DatasetFolder(dataset))
        frames = list(iterate_frames(sorted((workspace / "tables" / "frames").glob("*.parquet"))))
        _, made, measured = run_reference(frames, papers_of(self.facts))
        self.groups = trial_groups(self.facts, measured, made)
        self.records: Records = {name: [_closed(each) for each in group] for name, group in self.groups.items()}
        self.chains = {name: _read(each) for name, each in trial_chains(self.facts, measured).documents.items()}


def _closed(record: TrialRecord) -> dict[str, Any]:
    said, closed = record
    hashes = {name: hashlib.sha256(canonical.encode(values)).hexdigest() for name, values in closed.items()}
    return dict(_read({**said, "closed": hashes}))


def _read(document: Any) -> Any:
    """A document as its reader has it: through canonical JSON."""
    return canonical.parse_canonical(canonical.encode(document))


@pytest.fixture(scope="module")
def runs(trials_dir: Path, first_run: tuple[Report, Path], rehearsal: tuple[Report, Path]) -> dict[str, _Run]:
    return {name: _Run(trials_dir / name, run[1]) for name, run in zip(TRIALS, (first_run, rehearsal), strict=True)}


@pytest.mark.parametrize("trial", TRIALS)
def test_every_chain_of_a_trial_follows_from_the_groups_it_needs(trial: str, runs: dict[str, _Run]) -> None:
    run = runs[trial]

    assert run.chains
    for name, chain in run.chains.items():
        needed = groups_needed(run.records, name)
        verify_activity({group: run.records[group] for group in needed}, chain, name)


@pytest.mark.parametrize("trial", TRIALS)
def test_all_groups_of_a_trial_are_in_their_form_and_in_order_of_name(trial: str, runs: dict[str, _Run]) -> None:
    check_forms(runs[trial].records)

    assert sorted(runs[trial].groups) == list(runs[trial].groups)


@pytest.mark.parametrize("trial", TRIALS)
def test_trips_and_hydrogen_of_a_trial_are_computed_again_from_its_records(trial: str, runs: dict[str, _Run]) -> None:
    records = runs[trial].records
    trucks = [name.removeprefix("truck/") for name in records if name.startswith("truck/")]

    assert trucks
    for truck in trucks:
        again = recompute_truck(records, truck)
        stated = [
            {name: value for name, value in record.items() if name != "closed"}
            for record in records[f"truck/{truck}"]
            if record["kind"] in ("trip", "span_hydrogen")
        ]

        assert stated == _read([*again.trips, *again.span_hydrogen])


@pytest.mark.parametrize("trial", TRIALS)
def test_records_name_no_truck_party_document_or_place(trial: str, runs: dict[str, _Run]) -> None:
    facts, said = runs[trial].facts, json.dumps(runs[trial].records, ensure_ascii=False)

    for secret in _secrets(facts):
        assert f'"{secret}"' not in said
    for vehicle in facts.vehicles:
        assert vehicle.vin not in said
        assert vehicle.plate is None or vehicle.plate not in said


def _secrets(facts: TrialFacts) -> set[str]:
    found: set[str | None] = {vehicle.terminal_id for vehicle in facts.vehicles}
    for each in facts.consignments:
        found |= {each.document_no, each.shipper_id, each.consignee_id, each.goods, each.container_no, each.seal_no}
        found |= {each.declaration_no, each.hs_code}
    found |= {str(number) for site in facts.sites for number in (site.longitude_e6, site.latitude_e6)}
    return {each for each in found if each}


def test_closed_parts_hold_what_the_records_do_not_say() -> None:
    groups = trial_groups(FACTS, outcome(), NOTHING_CUT)

    assert {"vin": TRUCK, "plate": "渝A00001D", "terminal_id": None} == groups["truck/truck-1"][0][1]["identity"]
    assert "DOC-1" == groups["consignment/C1"][0][1]["party"]["document_no"]
    assert {"longitude_e6": 106_320_000, "latitude_e6": 29_600_000} == groups["site/HUB"][0][1]["position"]


def test_what_rows_name_and_no_row_describes_has_a_group() -> None:
    facts = TrialFacts(trial=FACTS.trial, vehicles=FACTS.vehicles, legs=(leg(1, "C8", origin_site="NOWHERE"),))
    groups = open_records(trial_groups(facts, outcome(({"B7@FAR": 5}, {}), served={"L1": 1}), NOTHING_CUT))
    named = {"consignment/C8", "site/NOWHERE", "site/FAR", "batch/B7"}

    assert named <= groups.keys()
    assert [None] * 4 == [groups[name][0]["row"] for name in sorted(named)]


def test_distances_are_the_least_of_either_way_and_straight_where_nobody_drove() -> None:
    legs = (leg(1, "C1"), leg(2, "C2", origin_site="PORT", destination_site="HUB", transport_distance_m=253_400))
    facts = msgspec.structs.replace(FACTS, legs=legs)
    (distance,) = open_records(trial_groups(facts, outcome(), NOTHING_CUT))["distances"]

    assert (["HUB", "PORT"], 253_400_000, 260_000_000, None) == (
        distance["sites"],
        distance["transport_mm"],
        distance["driven_mm"],
        distance["straight_mm"],
    )


@pytest.mark.parametrize("trial", TRIALS)
def test_a_group_that_a_chain_needs_cannot_be_left_out(trial: str, runs: dict[str, _Run]) -> None:
    run = runs[trial]
    name, chain = next(iter(run.chains.items()))
    needed = groups_needed(run.records, name)

    for left_out in needed:
        with pytest.raises(BundleError, match=r"activity\.group-missing"):
            verify_activity({group: run.records[group] for group in needed - {left_out}}, chain, name)


Change = Callable[[Records], None]


def _changed(group: str, kind: str, name: str, by: int) -> Change:
    def change(records: Records) -> None:
        record = next(each for each in records[group] if each["kind"] == kind and each[name])
        record[name] += by

    return change


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("tank_opening", "mass_mg"),
        ("fill", "mass_mg"),
        ("span", "charge_twice"),
        ("span", "distance_ninths_mm"),
        ("trip", "distance_mm"),
        ("span_hydrogen", "used_mg"),
    ],
)
def test_one_changed_integer_of_a_truck_is_noticed(kind: str, name: str, runs: dict[str, _Run]) -> None:
    run = runs["first-run"]
    consignment, chain = next(iter(run.chains.items()))
    records: Records = json.loads(canonical.encode(run.records))
    _changed("truck/truck-1", kind, name, 1_000)(records)

    with pytest.raises(BundleError):
        verify_activity(records, chain, consignment)
