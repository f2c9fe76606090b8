"""The docs cannot rot: what the software has is found in them, and what they quote is what it says."""

import ast
import asyncio
import importlib.util
import re
import subprocess
import sys
import textwrap
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SOURCES = (ROOT / "src" / "h2corridor", ROOT / "packages" / "h2verify" / "src" / "h2verify")
FILE_NAME = re.compile(r"\.(css|csv|gz|html|j2|js|json|key|log|lock|md|parquet|py|seed|toml|txt|part)$")
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
WORDS_TO_AVOID = re.compile(r"ISO 14083[- ]compliant|\bcertificate of reduction\b", re.IGNORECASE)


@cache
def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _reference() -> ModuleType:
    return _script("make_reference")


@cache
def _pages() -> dict[str, str]:
    """Every page by its name from the root: the docs and what stands in the root."""
    found = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    }

    assert len(found) > 20, "a guard over no pages guards nothing"
    return found


def _all_text() -> str:
    return "\n".join(_pages().values())


@pytest.mark.parametrize("name", ["commands.md", "errors.md", "checks.md", "gbt32960.md"])
def test_a_page_made_from_the_source_is_up_to_date(name: str) -> None:
    made = _reference().make_pages()[name]

    assert made == (DOCS / "reference" / name).read_text("utf-8"), "run `make docs`"


def test_every_command_and_every_option_is_on_the_page_of_commands() -> None:
    page = _pages()["docs/reference/commands.md"]
    commands = _reference().list_commands()

    assert len(commands) > 10
    for name, command in commands.items():
        section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for parameter in command.params:
            for option in parameter.opts if parameter.param_type_name == "option" else [parameter.name]:
                assert option in section, f"{name} {option}"


def test_the_commands_that_are_promised_are_there() -> None:
    promised = {
        "trial run", "trial report", "decode", "assess", "trace", "rules list", "rules show", "rules diff", "log fsck",
        "serve", "demo",
    }  # fmt: skip

    assert {f"h2corridor {name}" for name in promised} <= _reference().list_commands().keys()


def test_every_error_code_is_on_the_page_of_errors() -> None:
    page = _pages()["docs/reference/errors.md"]
    raised = _reference().list_raised_errors()

    assert len(raised) > 80
    assert [] == [each for each in raised if f"`{each.code}`" not in page]


def test_no_text_of_the_source_that_looks_like_a_code_is_unexplained() -> None:
    families = {each.code.partition(".")[0] for each in _reference().list_raised_errors()}
    reference = "\n".join(text for name, text in _pages().items() if name.startswith("docs/reference/"))
    unexplained = {
        text
        for text in _texts()
        if _reference().CODE.fullmatch(text) and text.partition(".")[0] in families
        if not FILE_NAME.search(text) and f"`{text}`" not in reference and f"## {text}\n" not in reference
    }

    assert set() == unexplained


def test_every_format_that_is_written_is_on_a_page() -> None:
    formats = {text for text in _texts() if re.fullmatch(r"h2corridor/[a-z-]+/[0-9]+", text)}
    reference = "\n".join(text for name, text in _pages().items() if name.startswith("docs/reference/"))

    assert len(formats) > 10
    assert [] == sorted(each for each in formats if each not in reference)


def test_every_field_of_the_trials_record_is_on_the_page_of_the_log() -> None:
    from h2corridor.model import trial_record as record

    kinds = (record.Plan, record.Consent, record.Withdrawal, record.Decision, record.SignOff)
    inner = (record.PlannedParty, record.ThresholdChange, record.DecidedFinding)
    page = _pages()["docs/reference/log.md"]
    section = page.partition("## The trial's record\n")[2].partition("\n## ")[0]

    assert [] == [
        f"{each.__name__}.{field}"
        for each in (*kinds, *inner)
        for field in each.__struct_fields__
        if f"`{field}`" not in section and f'"{field}"' not in section
    ]


def test_the_page_of_the_log_reads_a_segment_of_the_gateway(tmp_path: Path) -> None:
    from h2corridor.model.received_frames import ReceivedFrame
    from h2corridor.store.files.segments import SegmentLog

    frames = [
        ReceivedFrame(received_at_ms=1772409600000, source="203.0.113.7:50123/1", vin="LFHUEZJP1TG007811", data=b"##"),
        ReceivedFrame(received_at_ms=1772409600001, source="203.0.113.7:50124/2", vin=None, data=b"\x00noise"),
    ]
    log = SegmentLog(tmp_path / "gateway")
    asyncio.run(log.append(frames))
    log.close()
    (segment,) = (tmp_path / "gateway").glob("*.segment")
    page = _pages()["docs/reference/log.md"]
    reader = tmp_path / "reader.py"
    reader.write_text(textwrap.dedent(page[page.index("    import struct, sys, zlib\n") :].partition("\n\n")[0]))
    read = subprocess.run([sys.executable, reader, segment], capture_output=True, check=True, text=True, timeout=60)

    assert [
        f"{each.received_at_ms} {each.vin or ''} {each.source} {each.data.hex()}" for each in frames
    ] == read.stdout.splitlines()


def test_every_class_of_error_has_its_exit_status_on_the_page() -> None:
    from h2corridor.model import errors

    found = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.CorridorError)
    ]
    expected = {each.__name__: each.exit_status for each in found if each is not errors.CorridorError}

    assert expected == _reference().EXIT_STATUS


def test_every_kind_of_plugin_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["entry-points"]
    for group in project["entry-points"]:
        assert any(f"{group}" in text for name, text in _pages().items() if name.startswith("docs/how-to/")), group


def test_every_setting_of_the_environment_is_explained() -> None:
    settings = {text for text in _texts() if re.fullmatch(r"(DEMO|H2CORRIDOR|SOAK|BENCH)_[A-Z_]+", text)}

    assert settings
    assert [] == [name for name in settings if f"`{name}" not in _all_text()]


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{name}: {target}"
        for name, text in _pages().items()
        for target in LINK.findall(text)
        if not (ROOT / name).parent.joinpath(target).exists()
    ]

    assert [] == broken


def test_every_page_is_reached_from_the_map() -> None:
    reached, waiting = set(), ["docs/README.md"]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in _pages():
            continue
        reached.add(name)
        folder = (ROOT / name).parent
        for target in LINK.findall(_pages()[name]):
            place = (folder / target).resolve()
            if place.is_relative_to(ROOT):
                waiting.append(place.relative_to(ROOT).as_posix())

    assert set() == {name for name in _pages() if name.startswith("docs/")} - reached


def test_every_decision_is_listed_with_its_status() -> None:
    records = sorted(path for path in (DOCS / "decisions").glob("0*.md"))
    listed = (DOCS / "decisions" / "README.md").read_text("utf-8")

    assert records
    for number, path in enumerate(records, start=1):
        assert path.name.startswith(f"{number:04d}-")
        assert path.name in listed
        assert "accepted" in path.read_text("utf-8") or "superseded" in path.read_text("utf-8")


def _quoted(page: str, program: str = "h2corridor") -> list[tuple[str, list[str]]]:
    """Commands of a page with the lines that it shows of their output."""
    blocks = re.findall(rf"```\n\$ {program} (.*)\n([^`]*)```", page)
    return [(command, shown.splitlines()) for command, shown in blocks]


def test_what_the_tutorial_shows_is_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from h2corridor.cli.commands import app

    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")
    workspace = str(tmp_path / "first")
    quoted = _quoted(_pages()["docs/tutorials/first-trial.md"])

    assert len(quoted) > 4
    for command, shown in quoted:
        result = CliRunner().invoke(app, command.replace("../my-trial", workspace).split())
        assert result.exit_code == 0, result.output
        waiting = iter(result.stdout.replace(workspace, "../my-trial").splitlines())
        for line in shown:
            begins = line.removesuffix("...")
            assert not begins or any(_is_shown(line, printed) for printed in waiting), f"{command}: {line}"


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_what_the_pages_for_verifiers_show_is_what_h2verify_prints(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from h2verify.cli import main

    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")
    quoted = _quoted(_pages()[f"docs/verifiers/{name}"], "h2verify")

    assert len(quoted) == 3
    for command, shown in quoted:
        status = main(command.split())
        waiting = iter(capsys.readouterr().out.splitlines())
        assert (1 if "changed" in command else 0) == status
        for line in shown:
            assert line == "..." or any(_is_shown(line, printed) for printed in waiting), f"{command}: {line}"


def test_the_example_bundles_follow_from_the_source(tmp_path: Path) -> None:
    examples = _script("make_examples")
    made = examples.make_examples(examples.make_workspace(tmp_path))

    assert len(made) == 3
    assert [] == [name for name, data in made.items() if data != (DOCS / "examples" / name).read_bytes()], (
        "run `make docs`"
    )


def test_the_readme_shows_what_the_demonstration_prints() -> None:
    _, shown = _quoted(_pages()["docs/tutorials/first-trial.md"])[0]
    readme = _pages()["README.md"].splitlines()

    assert len(shown) > 5
    assert [] == [line for line in shown if not line.startswith("next") and line not in readme]


def _is_shown(line: str, printed: str) -> bool:
    """Whether a printed line is the one shown, or begins with what stands before its `...`."""
    return printed.startswith(line[:-3]) if line.endswith("...") else printed.rstrip() == line.rstrip()


def test_no_page_claims_what_only_a_verifier_may_say() -> None:
    assert [] == [name for name, text in _pages().items() if WORDS_TO_AVOID.search(text)]


@cache
def _texts() -> frozenset[str]:
    """Every string written in the source, the benches included."""
    paths = [path for folder in (*SOURCES, ROOT / "bench") for path in folder.rglob("*.py")]
    return frozenset(
        node.value
        for path in paths
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
