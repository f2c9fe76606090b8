"""What a run says that it changed of what was there."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from h2corridor.app.superseding import StatusChange
from h2corridor.app.trial_run import Work
from h2corridor.cli.commands import app
from h2corridor.cli.summary import NAMED_MAX, changed_lines


def _run(dataset: Path, workspace: Path, language: str) -> str:
    asked = ["trial", "run", str(dataset), "--workspace", str(workspace), "--language", language]
    done = CliRunner().invoke(app, asked)
    assert 0 == done.exit_code, done.exception
    return done.stdout


@pytest.mark.slow
def test_a_run_says_which_files_were_replaced_and_whose_statements_were_superseded(
    trials_dir: Path, tmp_path: Path
) -> None:
    copy, workspace = tmp_path / "dataset", tmp_path / "w"
    shutil.copytree(trials_dir / "first-run", copy, ignore=shutil.ignore_patterns("truth"))
    first = _run(copy, workspace, "en")
    energy, legs = copy / "station_energy.csv", copy / "legs.csv"
    for path in (energy, legs):
        path.chmod(0o644)
    energy.write_bytes(energy.read_bytes().replace(b",217.7,", b",317.7,"))
    corrected = _run(copy, workspace, "en")
    energy.write_bytes(energy.read_bytes().replace(b",317.7,", b",217.7,"))
    returned = _run(copy, workspace, "en")
    header, *rows = legs.read_bytes().splitlines(keepends=True)
    legs.write_bytes(header + b"".join(reversed(rows)))
    turned = _run(copy, workspace, "zh")

    assert "replaced" not in first
    assert "superseded" not in first
    assert "replaced  station_energy.csv; the earlier bytes are kept\n" in corrected
    assert (
        "superseded  2 statement(s) by others with other figures; 2 consignment(s): FR-C0001, FR-C0002\n" in corrected
    )
    assert "told by nobody but you" in corrected
    assert "replaced  station_energy.csv; the earlier bytes are kept\n" in returned
    assert "in force again  2 statement(s); 2 consignment(s): FR-C0001, FR-C0002\n" in returned
    assert "更换  legs.csv；" in turned
    assert "取代  2 份声明由数值相同、所指的行或检查结果不同的声明取代；涉及 2 票货物：FR-C0001、FR-C0002\n" in turned


def test_every_kind_of_change_has_a_line_and_long_lists_are_cut() -> None:
    ids = [f"C{number:02d}" for number in range(NAMED_MAX + 2)]
    changed = [
        *(StatusChange(consignment_id=each, statement_id="st-1", by="st-2") for each in ids),
        StatusChange(consignment_id="W", statement_id="st-3", reason="withheld"),
        StatusChange(consignment_id="G", statement_id="st-4", reason="absent"),
        StatusChange(consignment_id="A", statement_id="st-5"),
    ]
    work = Work(files=1, decoded=0, trucks=1, measured=0, differing=(), replaced=(), changed=changed)
    lines = list(changed_lines(work, "en"))

    assert 5 == len(lines)
    assert lines[0].endswith("C08, C09 ... (12 in all)\n")
    assert [
        "withdrawn  1 statement(s), the figure is withheld now; 1 consignment(s): W\n",
        "withdrawn  1 statement(s), the data set no longer has 1 consignment(s): G\n",
        "in force again  1 statement(s); 1 consignment(s): A\n",
    ] == lines[1:4]
    assert len(lines) == len(list(changed_lines(work, "zh")))


def test_a_consignment_with_a_statement_by_each_of_two_rule_sets_is_named_once() -> None:
    changed = [StatusChange(consignment_id="C", statement_id=each, by="st-3") for each in ("st-1", "st-2")]
    work = Work(files=1, decoded=0, trucks=1, measured=0, differing=(), replaced=(), changed=changed)

    assert "superseded  2 statement(s) by others with other figures; 1 consignment(s): C\n" == next(
        changed_lines(work, "en")
    )
