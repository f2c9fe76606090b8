"""Write the reference pages that follow from the source: commands, errors, checks, field tables.

    python docs/make_reference.py

A test compares every page with what this makes of the source, so that none of them can be out of date.
"""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
SOURCES = (ROOT / "src" / "h2corridor", ROOT / "packages" / "h2verify" / "src" / "h2verify")
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9_]+(-[a-z0-9_]+)*)+")
COLUMNS = "100"

EXIT_STATUS = {
    "UsageError": 2,
    "InputError": 2,
    "WorkspaceError": 2,
    "RuleError": 2,
    "EvidenceError": 1,
    "StorageError": 1,
}

_STANDING_ROWS = ("<!-- rows that stand: from h2verify.papers -->\n", "<!-- end of rows that stand -->")

HELD = {"Absence": "RuleError"}
"""Values that hold a code until it is raised as an error of this class."""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class RaisedError:
    """A code, the class that carries it and the module that raises it."""

    code: str
    error: str
    module: str


def list_raised_errors() -> tuple[RaisedError, ...]:
    """Every error code that the source writes out as the first argument of an error class."""
    found = set()
    for folder in SOURCES:
        for path in sorted(folder.rglob("*.py")):
            module = path.relative_to(folder.parent).with_suffix("").as_posix().replace("/", ".")
            for code, error in _codes(ast.parse(path.read_bytes())):
                found.add(RaisedError(code=code, error=error, module=module.removesuffix(".__init__")))
    return tuple(sorted(found))


def _codes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Calls of a class named ...Error, or of a private function that makes one, whose first argument is a code."""
    makers = dict(_makers(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            error = name if name.endswith("Error") else makers.get(name)
            code = node.args[0].value
            if error and isinstance(code, str) and CODE.fullmatch(code):
                yield code, error
    yield from _tabled_codes(tree)


def _tabled_codes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Codes that stand first in a tuple of texts, where one function makes an error of a code it has looked up."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    looked_up = {
        call.func.id
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in EXIT_STATUS and call.args
        if isinstance(call.args[0], ast.Name) and call.args[0].id == "code"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and len(node.elts) == 3 and isinstance(node.elts[0], ast.Constant):
            code = node.elts[0].value
            if isinstance(code, str) and CODE.fullmatch(code):
                yield from ((code, error) for error in looked_up)


def _makers(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Functions that pass their first argument on as a code, and the error class that gets it."""
    for node in ast.walk(tree):
        names = [each.arg for each in node.args.args] if isinstance(node, ast.FunctionDef) else []
        first = next((name for name in names if name not in {"self", "cls"}), None)
        for call in ast.walk(node) if first else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and first in _codes_passed(call):
                made = HELD.get(call.func.id, call.func.id)
                if isinstance(node, ast.FunctionDef) and made.endswith("Error"):
                    yield node.name, made


def _codes_passed(call: ast.Call) -> set[str]:
    """Names of the variables that a call passes as a code: its first argument, or `code=`."""
    passed = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "code")]
    return {each.id for each in passed if isinstance(each, ast.Name)}


def list_log_faults() -> tuple[str, ...]:
    """Every code of a fault that `log fsck` names."""
    source = "".join(path.read_text("utf-8") for path in sorted((SOURCES[0] / "store" / "files").glob("fsck*.py")))
    return tuple(sorted(set(re.findall(r'"(fsck\.[a-z-]+)"', source))))


def errors_markdown() -> str:
    """The page of error codes."""
    from h2corridor.console.error_texts import list_error_words

    exits = dict.fromkeys(list_log_faults(), 1) | {
        raised.code: EXIT_STATUS.get(raised.error, 1) for raised in list_raised_errors()
    }
    words = list_error_words()
    table = "\n".join(
        f"| `{code}` | {words[code].meaning.en}<br>{words[code].meaning.zh} "
        f"| {words[code].next_step.en}<br>{words[code].next_step.zh} | {exits[code]} |"
        for code in sorted(exits)
    )
    return f"""\
# Errors

*Made by `make docs` from the source.* An error says, in one line: its code, what it is about and where inside it, what
was expected and what came, and the next step. Codes are stable: a program may act on them. What data say wrongly is no
error but a [finding](checks.md): the run goes on. A telemetry row that cannot be decoded is such a finding, too.
A rule that lacks something withholds the shipment of a trial and says why.

With `--language zh`, a Chinese `LANG` or a browser that asks for Chinese, the meaning and the next step come first in
Chinese, and the exact message follows in English. Codes that begin with `fsck.` are faults that `log fsck` names.

每个错误含稳定代码、对象与位置、期望与实际、下一步。代码不会改变，程序可据以处理。
数据问题不是错误，而是[发现](checks.md)，运行照常继续。
使用 `--language zh`、中文的 `LANG` 环境或首选中文的浏览器时，先以中文给出含义与下一步，再附英文原文。
以 `fsck.` 开头的代码由 `log fsck` 给出。

| code 代码 | meaning 含义 | next step 下一步 | exit 退出码 |
|---|---|---|---|
{table}
"""


def list_commands() -> dict[str, Any]:
    """Every command of `h2corridor`, groups included, by its full name."""
    import typer

    from h2corridor.cli.commands import app

    return dict(_walk(typer.main.get_command(app), "h2corridor"))


def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for inner, each in getattr(command, "commands", {}).items():
        yield from _walk(each, f"{name} {inner}")


def commands_markdown() -> str:
    """The page of commands: what each prints when asked for help."""
    parts = [_COMMANDS_HEAD]
    for name in list_commands():
        parts.append(f"## {name}\n\n```\n$ {name} --help\n{help_of(name)}\n```\n")
    return "\n".join(parts)


def help_of(name: str) -> str:
    """What a command prints for `--help`, on a terminal of 100 columns."""
    from typer.testing import CliRunner

    from h2corridor.cli.commands import app

    plain = {"COLUMNS": COLUMNS, "TERM": "dumb", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, [*name.split()[1:], "--help"], env=plain, prog_name="h2corridor")
    if result.exit_code:
        raise RuntimeError(f"{name} --help ends with {result.exit_code}: {result.output}")
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def make_pages() -> dict[str, str]:
    """Every page that follows from the source, by its name under docs/reference."""
    from h2corridor.protocols.gbt32960 import render_field_tables
    from h2corridor.quality.catalogue import checks_markdown

    return {
        "commands.md": commands_markdown(),
        "errors.md": errors_markdown(),
        "checks.md": checks_markdown(),
        "gbt32960.md": render_field_tables(),
        "bundle.md": with_standing_rows((REFERENCE / "bundle.md").read_text("utf-8")),
    }


def with_standing_rows(page: str) -> str:
    """The page of the bundle's format with its table of rows that stand made anew."""
    head, begin, rest = page.partition(_STANDING_ROWS[0])
    _, end, tail = rest.partition(_STANDING_ROWS[1])
    return f"{head}{begin}{standing_rows_markdown()}{end}{tail}"


def standing_rows_markdown() -> str:
    """What makes a row of a trial's table stand, file by file."""
    from h2verify.papers import TABLES

    lines = ["| file | cells | keys, spans, names |", "|---|---|---|"]
    for file, table in TABLES.items():
        said = [f"key {', '.join(f'`{name}`' for name in key)}" for key in table.keys]
        said += [f"span `{start}`, `{end}`" for start, end in table.spans]
        said += [f"`{name}` names `{target}`" for name, target in table.names]
        lines.append(f"| `{file}` | {', '.join(map(_cell_words, table.cells.values()))} | {'; '.join(said)} |")
    return "\n".join(lines) + "\n"


def _cell_words(cell: Any) -> str:
    column = cell.column
    kind = f"{column.kind} of {column.places} places" if column.kind == "quantity" else column.kind
    least = "" if cell.low is None else f" from {cell.low:f}"
    return f"`{column.name}`{'!' if cell.required else ''}" + ("" if kind == "text" else f" {kind}{least}")


def main() -> None:
    """Write the pages that changed."""
    for name, page in make_pages().items():
        path = REFERENCE / name
        if not path.is_file() or path.read_text("utf-8") != page:
            path.write_text(page, "utf-8")
            os.write(1, f"{path.relative_to(ROOT)}\n".encode())


_COMMANDS_HEAD = """\
# Commands

*Made by `make docs` from the commands themselves.* Exit status: 0 it ran, findings included; 2 unusable input or usage;
1 failure. What people read goes to standard output, progress and errors to standard error; `--json` is for programs.
`make demo` runs `h2corridor demo`, which reads `DEMO_PORT` (0 takes a free one) and `DEMO_OPEN` (`0` opens no browser).

退出码：0 已运行（含有发现）；2 输入或用法不可用；1 失败。
面向人的输出在标准输出，进度与错误在标准错误；`--json` 供程序读取。
"""

if __name__ == "__main__":
    main()
