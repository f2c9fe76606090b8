"""The scripts of the page as text: they share one scope, and follow the house style as far as it can be counted."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

from h2verify import page

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 500
_DECLARED = re.compile(r"(?:async )?(?:function\*?|class|const|let|var) (\w+|\[[^\]]*\]|\{[^}]*\})")


def _scripts() -> dict[str, list[str]]:
    """The lines of every script of the page, by name."""
    found = {
        name: files(page).joinpath(name).read_text(encoding="utf-8").splitlines()
        for name in (*page.VERIFIER, *page.INTERFACE)
    }

    assert len(found) > 30, "a guard over no files guards nothing"
    return found


def _declared() -> Iterator[str]:
    """Every name that a script declares for all."""
    for lines in _scripts().values():
        for line in lines:
            match = _DECLARED.match(line)
            if match:
                yield from re.findall(r"\w+", match[1])


def test_no_two_scripts_declare_one_name() -> None:
    assert [] == [name for name, count in Counter(_declared()).items() if count > 1]


def test_every_script_of_the_folder_is_part_of_the_page() -> None:
    found = {path.name for path in files(page).iterdir() if path.name.endswith(".js")}

    assert set(_scripts()) == found


def test_scripts_fit_the_house_style() -> None:
    for name, lines in _scripts().items():
        functions = [number for number, line in enumerate(lines) if re.match(r"( {2})?(async )?\w.*\) \{$", line)]
        ends = [next(n for n in range(at, len(lines)) if re.match(r"( {2})?\}", lines[n])) - at + 1 for at in functions]

        assert len(lines) <= FILE_LINES_MAX, name
        assert max(ends, default=0) <= FUNCTION_LINES_MAX, name
