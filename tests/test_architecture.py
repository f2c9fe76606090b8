"""The tree is the architecture: what may be imported where, and which rooms touch nothing outside themselves."""

import ast
import configparser
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLATFORM = ROOT / "src" / "h2corridor"
VERIFIER = ROOT / "packages" / "h2verify" / "src" / "h2verify"

PURE_ROOMS = ("model", "protocols", "evidence", "activity", "quality", "accounting", "statements")
OUTSIDE_MODULES = {
    "asyncio", "ftplib", "getpass", "glob", "http", "io", "os", "pathlib", "random", "requests", "secrets",
    "shutil", "signal", "smtplib", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
OUTSIDE_CALLS = {"open", "input", "print", "exec", "eval", "__import__"}
OUTSIDE_METHODS = {"now", "utcnow", "today", "read_text", "read_bytes", "write_text", "write_bytes", "open", "urandom"}

PACKAGED_DATA = {
    "quality/catalogue.py: .read_bytes": "the catalogue of checks is data of the package itself",
    "accounting/production/thresholds.py: .read_bytes": "the published values are data of the package itself",
}
"""What a pure room may read: files of its own package, through importlib.resources."""


def _modules(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*.py"))

    assert found, f"no module in {folder}: the guard would guard nothing"
    return found


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def _outside(tree: ast.AST) -> Iterator[str]:
    """What a module imports or calls that reaches outside the process."""
    for name in _imported(tree):
        if name in OUTSIDE_MODULES or name.partition(".")[0] in OUTSIDE_MODULES:
            yield f"import {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OUTSIDE_CALLS:
            yield f"{node.func.id}()"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OUTSIDE_METHODS:
            yield f".{node.func.attr}"


def _layers() -> list[list[str]]:
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    lines = contract["importlinter:contract:house"]["layers"].split("\n")
    return [[name.strip() for name in line.split("|")] for line in lines if line.strip()]


def test_h2verify_imports_the_standard_library_and_itself_only() -> None:
    foreign = [
        f"{path.relative_to(VERIFIER)}: {name}"
        for path in _modules(VERIFIER)
        for name in _imported(ast.parse(path.read_bytes()))
        if name.partition(".")[0] not in sys.stdlib_module_names | {"h2verify"}
    ]

    assert foreign == []


def test_pure_rooms_reach_for_nothing_outside() -> None:
    reached = {
        f"{path.relative_to(PLATFORM).as_posix()}: {what}"
        for room in PURE_ROOMS
        for path in _modules(PLATFORM / room)
        for what in _outside(ast.parse(path.read_bytes()))
    }

    assert reached == PACKAGED_DATA.keys()


def test_the_guard_of_the_pure_rooms_sees_what_it_forbids() -> None:
    source = (
        "import os, time\nfrom urllib.request import urlopen\nopen('x'); datetime.now(); path.read_bytes(); ok.len()"
    )

    expected = ["import os", "import time", "import urllib.request", "open()", ".now", ".read_bytes"]

    assert sorted(expected) == sorted(_outside(ast.parse(source)))


def test_every_room_stands_in_the_import_contract_and_every_name_in_it_is_a_room() -> None:
    rooms = {f"h2corridor.{path.name}" for path in PLATFORM.iterdir() if any(path.glob("*.py"))}
    listed = {name for line in _layers() for name in line}

    assert rooms
    assert rooms | {"h2verify"} == listed


def test_every_room_says_what_lives_in_it() -> None:
    silent = [path.name for path in PLATFORM.iterdir() if any(path.glob("*.py")) and not _has_docstring(path)]

    assert silent == []


def test_every_plugin_that_is_declared_is_there() -> None:
    for group in ("h2corridor.protocols", "h2corridor.rulesets", "h2corridor.comparisons"):
        declared = list(entry_points(group=group))

        assert declared, f"{group} declares nothing: run make setup"
        for point in declared:
            package, _, inner = point.value.partition(":")
            folder = ROOT / "src" / Path(*package.split(".")) / inner
            assert folder.is_dir(), point


def _has_docstring(room: Path) -> bool:
    package = room / "__init__.py"
    return package.is_file() and ast.get_docstring(ast.parse(package.read_bytes())) is not None
