"""Down to raw on the public trials: every truck's records follow again from its received bytes."""

from pathlib import Path

import pytest
from h2verify.activity import run_reference
from h2verify.bundle import raw_frames
from h2verify.bundle.raw_received import Received, ReceivedFile

from h2corridor.activity.papers import papers_of
from h2corridor.app.frames import iterate_frames
from h2corridor.app.records import open_records, trial_groups
from h2corridor.intake import DatasetFolder, read_trial_facts


def _received(trial: Path) -> Received:
    """The trial's telemetry, sites and period as a bundle discloses them."""
    paths = [*sorted(trial.glob("telemetry/*/*.csv.gz")), trial / "sites.csv", trial / "trial.toml"]
    archive = {f"received/{number}.bin": path.read_bytes() for number, path in enumerate(paths, start=1)}
    files = {}
    for (member, data), path in zip(archive.items(), paths, strict=True):
        name = path.relative_to(trial).as_posix()
        files[name] = ReceivedFile(path=name, size=len(data), sha256="", logged_index=0, member=member)
    return Received(archive, files)


@pytest.mark.parametrize("trial", ["first-run", "rehearsal"])
def test_every_trucks_records_follow_from_its_received_bytes(
    trial: str, trials_dir: Path, request: pytest.FixtureRequest
) -> None:
    _, workspace = request.getfixturevalue(trial.replace("-", "_"))
    facts, _ = read_trial_facts(DatasetFolder(trials_dir / trial))
    frames = iterate_frames(sorted((workspace / "tables" / "frames").glob("*.parquet")))
    _, made, outcome = run_reference(frames, papers_of(facts))
    committed = trial_groups(facts, outcome, made)
    groups = {name: records for name, records in open_records(committed).items() if name.startswith("truck/")}
    opened = {
        (name, number, part): values
        for name in groups
        for number, (_, closed) in enumerate(committed[name])
        for part, values in closed.items()
    }
    counts = raw_frames.verify_frames(_received(trials_dir / trial), opened, groups)

    assert {f"truck-{number}" for number in range(1, len(facts.vehicles) + 1)} == set(counts)
    assert sum(count.readings for count in counts.values()) == sum(entry.readings for entry in outcome.sums)
