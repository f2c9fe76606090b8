"""A run is killed at one system call after another; the next run must end as if nothing had happened."""

import os
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from h2corridor.evidence import derive_file_salt
from h2corridor.store.files import Workspace, load_or_create_keys

SEED = bytes(range(32))
NOW_MS = 1_772_409_600_000
CALLS = ("write", "fsync", "replace")


def run(folder: Path, sources: Path) -> None:
    """A small trial run: the first six files in one batch, all twelve in the next."""
    for last in (6, 12):
        with Workspace.create_or_open(folder, now_ms=NOW_MS, software="h2corridor 0.1.0") as workspace:
            signer = load_or_create_keys(workspace.keys_path, randomness=bytes)
            receipts = [
                workspace.receive(f"f{at}.csv", sources / f"f{at}.csv", now_ms=NOW_MS, file_salt=_salt)
                for at in range(last)
            ]
            workspace.append_to_log(receipts, signer)


def _salt(path: str, sha256: str) -> bytes:
    return derive_file_salt(SEED, path, sha256)


def _make_sources(folder: Path) -> Path:
    folder.mkdir()
    for at in range(12):
        (folder / f"f{at}.csv").write_bytes(b"a,b\n" + b"%d,1\n" % at * 50)
    return folder


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _count_calls(work: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> int:
    count = 0
    for name in CALLS:
        real = getattr(os, name)

        def counted(*arguments: object, real: Callable[..., object] = real) -> object:
            nonlocal count
            count += 1
            return real(*arguments)

        monkeypatch.setattr(os, name, counted)
    work()
    monkeypatch.undo()
    return count


def _run_until_killed(folder: Path, sources: Path, nth: int) -> bool:
    """Run in a child that kills itself at its nth counted call, before or after it; whether it was killed."""
    child = os.fork()
    if child == 0:
        left = nth
        for name in CALLS:
            real = getattr(os, name)

            def deadly(*arguments: object, real: Callable[..., object] = real) -> object:
                nonlocal left
                left -= 1
                if left == 0:
                    if nth % 2:
                        real(*arguments)
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments)

            setattr(os, name, deadly)
        try:
            run(folder, sources)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_a_run_killed_at_any_call_and_started_again_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = _make_sources(tmp_path / "sources")
    calls = _count_calls(lambda: run(tmp_path / "whole", sources), monkeypatch)
    expected = _snapshot(tmp_path / "whole")
    points = sorted(random.Random(20260302).sample(range(1, calls + 1), 40))

    assert calls > 100
    for nth in points:
        folder = tmp_path / f"killed-at-{nth}"

        assert _run_until_killed(folder, sources, nth)
        run(folder, sources)

        assert expected == _snapshot(folder), nth
        assert [] == Workspace.open(folder).fsck(), nth


def test_a_run_killed_again_and_again_from_outside_ends_the_same(tmp_path: Path) -> None:
    sources = _make_sources(tmp_path / "sources")
    run(tmp_path / "whole", sources)
    program = textwrap.dedent(
        """
        import importlib.util, pathlib, sys
        spec = importlib.util.spec_from_file_location("crash", sys.argv[1])
        crash = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(crash)
        print("ready", flush=True)
        crash.run(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
        """
    )
    delays = random.Random(7)
    killed = 0
    for _ in range(6):
        arguments = [sys.executable, "-c", program, __file__, str(tmp_path / "w"), str(sources)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            try:
                child.wait(timeout=delays.uniform(0.001, 0.02))
            except subprocess.TimeoutExpired:
                child.kill()
                killed += 1
    run(tmp_path / "w", sources)

    assert killed > 0
    assert _snapshot(tmp_path / "whole") == _snapshot(tmp_path / "w")
    assert [] == Workspace.open(tmp_path / "w").fsck()
