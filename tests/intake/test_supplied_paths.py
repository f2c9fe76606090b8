"""Which paths a supplier may fill by a door."""

import pytest

from h2corridor.intake.supplied_paths import require_supplied_path
from h2corridor.model.errors import InputError

TRUCK = "telemetry/LTESTHYDR0GEN0001"


@pytest.mark.parametrize(
    "path", ["trial.toml", "legs.csv", f"{TRUCK}/2026-03-02.csv.gz", "signatures/keys.txt", "signatures/station.note"]
)
def test_every_kind_of_file_of_the_trial_format_may_be_sent(path: str) -> None:
    require_supplied_path(path)


@pytest.mark.parametrize(
    "path",
    ["telemetry", "signatures", "trips.csv/a.csv", "legs.csv/a.csv", "trips.csv", "LEGS.csv", "signatures/a/b.note",
     "signatures/x.txt", f"{TRUCK}/2026-02-30.csv.gz", f"{TRUCK}/2026-03-02.csv", "legs.csv?v=2"],
)  # fmt: skip
def test_a_path_that_the_trial_format_does_not_have_is_refused(path: str) -> None:
    with pytest.raises(InputError, match=r"inbox\.unknown-path"):
        require_supplied_path(path)


@pytest.mark.parametrize("name", ["2026-03-02.000000000001.csv.gz", "2026-03-02.1.csv.gz"])
def test_a_part_of_a_day_is_written_by_the_gateway_alone(name: str) -> None:
    with pytest.raises(InputError, match=r"inbox\.gateway-part.*2026-03-02\.csv\.gz"):
        require_supplied_path(f"{TRUCK}/{name}")
