"""`h2corridor serve` and `h2corridor demo`: one address, answered, until they are told to end."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from h2corridor.protocols.gbt32960 import encode_frame
from h2corridor.store.files import Workspace

ADDRESS = re.compile(r"^http://127\.0\.0\.1:\d+/$")
GATEWAY = re.compile(r"^gateway tcp://127\.0\.0\.1:\d+$")
HEARTBEAT = encode_frame(edition=2016, command=0x07, vin=b"LTESTHYDR0GEN0001", data_unit=b"")


@contextmanager
def _running(
    *arguments: str, before: re.Pattern[str] = ADDRESS, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A command and the address it printed; it is ended at the end."""
    code = "from h2corridor.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "LC_ALL": "en_US.UTF-8", **settings},
    )
    assert process.stdout is not None
    try:
        yield process, next((line.strip() for line in process.stdout if before.match(line)), "")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _ended(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, list[str]]:
    """Exit status after a signal, and the addresses printed after the first."""
    process.send_signal(how)
    assert process.stdout is not None
    return process.wait(timeout=120), [line for line in process.stdout if "http" in line]


def _page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=120) as answer:
        body: bytes = answer.read()
    return body.decode()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_demonstration_shows_one_address_and_tidies_up(tmp_path: Path, how: signal.Signals) -> None:
    with _running("demo", DEMO_OPEN="0", DEMO_PORT="0", TMPDIR=str(tmp_path)) as (process, url):
        page = _page(url)
        status, more = _ended(process, how)

    assert ("First run" in page, status, more) == (True, 0, [])
    assert list(tmp_path.glob("h2corridor-demo-*")) == []


def test_a_workspace_is_served_even_before_its_first_run(tmp_path: Path) -> None:
    Workspace.create_or_open(tmp_path / "w", now_ms=0, software="test").close()
    with _running("serve", "--workspace", str(tmp_path / "w"), "--language", "zh") as (process, url):
        page = _page(url)
        status, more = _ended(process, signal.SIGINT)

    assert ('lang="zh-CN"' in page, status, more) == (True, 0, [])


def test_trucks_may_send_to_a_new_workspace_and_it_is_sealed_when_told_to_end(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    arguments = ("serve", "--workspace", str(workspace), "--language", "en")
    with _running(*arguments, before=GATEWAY) as (process, address):
        host, _, port = address.removeprefix("gateway tcp://").rpartition(":")
        url = next(line.strip() for line in process.stdout or () if ADDRESS.match(line))
        with socket.create_connection((host, int(port)), timeout=120) as truck:
            truck.sendall(HEARTBEAT)
            reply = truck.recv(100)
        page = _page(f"{url}gateway")
        with _running(*arguments, "--no-gateway") as (beside, other):
            seen = _page(f"{other}gateway")
            _ended(beside, signal.SIGTERM)
        status, more = _ended(process, signal.SIGTERM)

    assert (0x01, 0, []) == (reply[3], status, more)
    assert "1 rows, 1 acknowledged" in page
    assert "This process runs no gateway" in seen
    assert 1 == len(list((workspace / "inbox").glob("telemetry/LTESTHYDR0GEN0001/*.csv.gz")))


@pytest.mark.parametrize("options", [["--no-gateway"], []])
def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "other").write_bytes(b"")
    code = "from h2corridor.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--workspace", str(tmp_path), *options]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    assert (2, "") == (ended.returncode, ended.stdout)
    assert ended.stderr.startswith("workspace.")
