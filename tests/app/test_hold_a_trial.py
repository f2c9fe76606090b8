"""The page on holding a trial: what it shows of the rehearsal is what the commands print, and its counts add up."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_runs import NOW_MS
from typer.testing import CliRunner

from h2corridor.app.trial_record import read_record
from h2corridor.app.trial_status import read_status
from h2corridor.cli.commands import app
from h2corridor.model.report import Report
from h2corridor.store.files import Workspace

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "hold-a-trial.md"
NOT_RUN = ("trial sign-off", "trial file", "trial check-report")
"""Each needs a decision or a consent for everything that is missing; their counts follow from it."""


def _shown() -> Iterator[tuple[str, list[str]]]:
    """Every command of the page with the lines below it."""
    page = PAGE.read_text("utf-8").replace("\\\n", " ")
    for command, lines in re.findall(r"^    \$ h2corridor (.*)\n((?:    (?!\$).*\n)*)", page, re.MULTILINE):
        yield command, [line.removeprefix("    ") for line in lines.splitlines()]


def _is_shown(line: str, printed: str) -> bool:
    """Whether a printed line is the one shown; `...` stands for anything."""
    begin, dots, end = line.rstrip().partition("...")
    return printed.startswith(begin) and printed.rstrip().endswith(end) if dots else printed.rstrip() == begin


@pytest.mark.slow
def test_what_the_page_shows_of_the_rehearsal_is_what_the_commands_print(
    rehearsal: tuple[Report, Path],
    trials_dir: Path,
    keys_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(rehearsal[1], tmp_path / "w")
    shutil.copytree(keys_folder, tmp_path / "w" / "keys", dirs_exist_ok=True)
    (tmp_path / "rehearsal").symlink_to(trials_dir / "rehearsal")
    monkeypatch.chdir(tmp_path)
    shown = list(_shown())
    ran = [each for each in shown if not each[0].startswith(NOT_RUN)]
    for command, lines in ran:
        arguments, _, file = command.partition(" > ")
        result = CliRunner().invoke(app, shlex.split(arguments), env={"LC_ALL": "C.UTF-8"})
        waiting = iter(result.stdout.splitlines())

        assert 0 == result.exit_code, result.output
        assert [] == [line for line in lines if not any(_is_shown(line, printed) for printed in waiting)], command
        if file:
            (tmp_path / file).write_text(result.stdout, "utf-8")
    missing = len(read_status(Path("w"), now_ms=NOW_MS).missing)
    documents = len(read_record(Path("w")).documents) + missing
    entries = len(Workspace.open(Path("w")).list_entries()) + missing
    said = " ".join(line for _, lines in shown for line in lines)

    assert (6, 3) == (len(ran), len(shown) - len(ran))
    assert f"document {documents + 1} (sign-off)" in said
    assert f"entry {entries} of the log (counted from 0)" in said
    assert f"{len(rehearsal[0].findings)} findings)" in PAGE.read_text("utf-8")
