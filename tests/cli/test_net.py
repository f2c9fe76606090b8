"""The command that nets a period, as a person or a program calls it."""

import json
from pathlib import Path

from typer.testing import CliRunner

from h2corridor.cli.commands import app


def test_the_net_of_a_trial_is_printed_for_people_and_for_programs(demo_workspace: Path) -> None:
    asked = ["trial", "net", "--workspace", str(demo_workspace)]
    spoken = CliRunner().invoke(app, [*asked, "--language", "en"])
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)

    assert (0, "complete") == (spoken.exit_code, found["net"]["status"])
    assert f"net {found['net']['net_kgco2e']} kgCO2e, baseline minus project" in spoken.output
    assert "508.4" == found["net"]["trucks"][0]["odometer_km"]
