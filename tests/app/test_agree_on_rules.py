"""The page on agreeing on rules: two desks run its commands from top to bottom, and print what it shows."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from h2corridor.app.profile_view import check_desk
from h2corridor.app.profiles import read_desk
from h2corridor.cli.commands import app

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "how-to" / "agree-on-rules.md"
RECORD = DOCS / "examples" / "recognition-invented.json"


def _shown() -> Iterator[tuple[str, list[str]]]:
    """Every command of the page with the lines below it."""
    page = PAGE.read_text("utf-8").replace("\\\n", " ")
    for command, lines in re.findall(r"^    \$ (.*)\n((?:    (?!\$).*\n)*)", page, re.MULTILINE):
        yield command, [line.removeprefix("    ") for line in lines.splitlines()]


def _is_shown(line: str, printed: str) -> bool:
    """Whether a printed line is the one shown; `...` stands for anything."""
    begin, dots, end = line.rstrip().partition("...")
    return printed.startswith(begin) and printed.rstrip().endswith(end) if dots else printed.rstrip() == begin


def _run(command: str) -> str:
    """What a command of the page prints: one of ours, or `cp` and `cat` between the desks."""
    program, *arguments = shlex.split(command)
    if program == "cp":
        for source in (path for pattern in arguments[:-1] for path in Path().glob(pattern)):
            shutil.copy(source, arguments[-1])
        return ""
    if program == "cat":
        return "".join(Path(path).read_text("utf-8") for path in arguments)
    named = [_named(each) if each in {"PROPOSAL", "QUESTION"} else each for each in arguments]
    result = CliRunner().invoke(app, named, env={"LC_ALL": "C.UTF-8"})

    assert "h2corridor" == program
    assert 0 == result.exit_code, result.output
    return result.stdout


def _named(kind: str) -> str:
    """The number that `profile check` prints for the open comment of a kind."""
    return next(
        each.digest[:12] for each in check_desk(read_desk(Path("cq"))).open_comments if each.kind == kind.lower()
    )


def test_what_the_page_shows_is_what_two_desks_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(RECORD, tmp_path)
    for desk in ("cq", "xx"):
        Path(desk).mkdir()
    shown = list(_shown())
    for command, lines in shown:
        ran, _, target = command.partition(" > ")
        printed = _run(ran)
        waiting = iter(printed.splitlines())

        assert [] == [line for line in lines if not any(_is_shown(line, each) for each in waiting)], command
        if target:
            Path(target).write_text(printed, "utf-8")

    assert 20 < len(shown)
    assert check_desk(read_desk(Path("cq"))) == check_desk(read_desk(Path("xx")))
