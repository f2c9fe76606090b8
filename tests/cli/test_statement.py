"""The commands about statements, as a person calls them."""

import json
from pathlib import Path
from typing import Any

import pytest
from h2verify.bundle import verify_bundle
from typer.testing import CliRunner

from h2corridor.cli.commands import app
from h2corridor.model.errors import CorridorError

NOW = ("--now", "2026-03-05T16:40:00+08:00")
DECISION = ("--decided-by", "data officer", "--recipient", "verifier", "--purpose", "verification", "--basis", "law 1")


@pytest.fixture(scope="module")
def workspace(trials_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("statements") / "w"
    assert 0 == _run("trial", "run", str(trials_dir / "first-run"), "--workspace", str(folder), *NOW).exit_code
    return folder


def _run(*arguments: str, language: str = "en") -> Any:
    return CliRunner().invoke(app, arguments, env={"LANG": language, "LC_ALL": language})


def _ids(workspace: Path) -> list[str]:
    return [each["statement_id"] for each in json.loads(_run(*_on("list", workspace), "--json").stdout)]


def _on(command: str, workspace: Path, *arguments: str) -> list[str]:
    return ["statement", command, *arguments, "--workspace", str(workspace)]


def test_statements_are_listed_for_people_and_programs(workspace: Path) -> None:
    listed = json.loads(_run(*_on("list", workspace), "--json").stdout)
    shown = _run(*_on("list", workspace)).stdout.splitlines()

    assert ["FR-C0001", "FR-C0002"] == [each["consignment_id"] for each in listed]
    assert [each["statement_id"] for each in listed] == [line.split()[0] for line in shown]
    assert {"iso14083/2023.1"} == {each["edition"] for each in listed}


def test_an_export_writes_a_bundle_and_never_over_a_file_without_being_told(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.zip"
    export = _on("export", workspace, _ids(workspace)[0], "--out", str(out))
    done = _run(*export, "--json")
    first = out.read_bytes()

    assert {
        "statement_id": _ids(workspace)[0],
        "depth": "activity",
        "file": str(out),
        "bytes": len(first),
        "status": "in_force",
        "superseded_by": None,
    } == json.loads(done.stdout)
    assert "activity" == verify_bundle(first).depth
    again = _run(*export)
    assert isinstance(again.exception, CorridorError)
    assert ("cli.file-exists", 2) == (again.exception.code, again.exception.exit_status)
    assert 0 == _run(*export, "--force", language="zh").exit_code
    assert first == out.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--depth", "deep", "--out", "x.zip"), "cli.depth"),
        (("--depth", "raw", "--out", "x.zip"), "release.absent"),
        (("--release", "rel-0000000000000000", "--out", "x.zip"), "release.not-raw"),
        (("--out", "absent/x.zip"), "cli.no-folder"),
        (("--out", "."), "cli.file-exists"),
        (("--force", "--out", "."), "cli.no-folder"),
    ],
)
def test_what_cannot_be_exported_is_refused_with_the_next_step(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    error = _run(*_on("export", workspace, _ids(workspace)[1], *arguments)).exception

    assert isinstance(error, CorridorError)
    assert (code, 2) == (error.code, error.exit_status)
    assert error.next_step
    assert [] == list(tmp_path.iterdir())


def test_a_recorded_decision_opens_the_raw_export(workspace: Path, tmp_path: Path) -> None:
    statement_id, out = _ids(workspace)[0], tmp_path / "raw.zip"
    released = _run(*_on("release", workspace, statement_id, *DECISION, "--now", "2026-03-06T10:00:00+08:00", "--json"))
    exported = _run(*_on("export", workspace, statement_id, "--depth", "raw", "--out", str(out)))

    assert "2026-03-06T02:00:00+00:00" == json.loads(released.stdout)["decided_at"]
    assert 0 == exported.exit_code, exported.exception
    assert verify_bundle(out.read_bytes(), policy=(workspace / "policy.txt").read_bytes()).holds
    listed = json.loads(_run(*_on("list", workspace), "--json").stdout)
    release_id = json.loads(released.stdout)["release_id"]

    assert [1, 0] == [each["releases"] for each in listed]
    assert [[release_id], []] == [each["release_ids"] for each in listed]
    again = _on("export", workspace, statement_id, "--depth", "raw", "--out", str(out), "--force")
    assert 0 == _run(*again, "--release", release_id).exit_code
    unknown = _run(*again, "--release", "rel-0000000000000000").exception
    assert isinstance(unknown, CorridorError)
    assert ("release.unknown", 2) == (unknown.code, unknown.exit_status)


def test_a_workspace_without_statements_says_so(tmp_path: Path) -> None:
    from h2corridor.store.files import Workspace

    Workspace.create_or_open(tmp_path / "w", now_ms=0, software="test").close()

    assert "No statement.\n" == _run(*_on("list", tmp_path / "w")).stdout
    assert "没有声明。\n" == _run(*_on("list", tmp_path / "w"), language="zh_CN.UTF-8").stdout
    assert isinstance(_run(*_on("list", tmp_path / "absent")).exception, CorridorError)


def test_keys_are_shown_with_the_whole_fingerprint_that_a_reader_compares(workspace: Path, tmp_path: Path) -> None:
    found = json.loads(_run("log", "keys", "--workspace", str(workspace), "--json").stdout)["keys"]
    out = tmp_path / "figure.zip"
    _run(*_on("export", workspace, _ids(workspace)[0], "--depth", "figure", "--out", str(out)))
    verified = verify_bundle(out.read_bytes()).as_json()

    assert [("log", None), ("issuer", 2)] == [(each["role"], each["statements"]) for each in found]
    assert verified["figure"]["issuer_fingerprint"] == found[1]["fingerprint"]
    assert verified["steps"][2]["details"]["key"] == found[1]["key"]
    for language, word in (("en", "by another way"), ("zh_CN.UTF-8", "另外的途径")):
        shown = _run("log", "keys", "--workspace", str(workspace), language=language).stdout

        assert word in shown
        assert all(each["fingerprint"] in shown.split() for each in found)


def test_a_workspace_without_a_run_has_no_keys_to_show(tmp_path: Path) -> None:
    from h2corridor.store.files import Workspace

    Workspace.create_or_open(tmp_path / "w", now_ms=0, software="test").close()
    error = _run("log", "keys", "--workspace", str(tmp_path / "w")).exception

    assert isinstance(error, CorridorError)
    assert ("workspace.policy", True) == (error.code, bool(error.next_step))


def test_the_next_line_of_a_release_and_of_an_export_runs_as_it_is_printed(
    trials_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shlex

    folder = tmp_path / "a workspace"
    monkeypatch.chdir(tmp_path)
    shown = _run("trial", "run", str(trials_dir / "first-run"), "--workspace", str(folder), *NOW).stdout
    report = shlex.split(shown.splitlines()[-1].partition("next")[2])
    assert 0 == _run(*report[1:]).exit_code
    released = _run(*_on("release", folder, _ids(folder)[0], *DECISION, "--now", "2026-03-06T10:00:00+08:00")).stdout
    exported = _run(*shlex.split(released.splitlines()[-1].partition("next")[2])[1:])

    assert 0 == exported.exit_code, exported.exception
    verify = shlex.split(exported.stdout.splitlines()[-1].partition("next")[2])
    assert "h2verify" == verify[0]
    assert "raw" == verify_bundle(Path(verify[1]).read_bytes()).depth
