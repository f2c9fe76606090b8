"""Runs h2verify two at a time and prints how each run ended and how much memory it held at most.

The verifier is imported once, with what it imports only when a bundle goes so deep, and each run is a fork of this
process: it begins where `python -m h2verify` is after its imports. A process of its own, and a small one: what the
kernel counts as a child's memory begins with that of its parent.

    python measured_runs.py < JOBS        a JSON list of argument lists; prints a JSON list of results
"""

import importlib
import json
import os
import pkgutil
import signal
import sys
import tempfile
import traceback
from contextlib import ExitStack
from typing import IO, Any

import h2verify
from h2verify.cli import main

TIMEOUT_S = 60
AT_ONCE = 2
UNCAUGHT_STATUS = 1

Outputs = tuple[IO[bytes], IO[bytes]]


def run_all(jobs: list[list[str]]) -> list[dict[str, Any]]:
    """How the command ended with each list of arguments, in order."""
    results: dict[int, dict[str, Any]] = {}
    running: dict[int, tuple[int, Outputs]] = {}
    with ExitStack() as opened:
        for number, arguments in enumerate(jobs):
            if len(running) == AT_ONCE:
                _collect(running, results)
            outputs = opened.enter_context(tempfile.TemporaryFile()), opened.enter_context(tempfile.TemporaryFile())
            running[_start(arguments, outputs)] = number, outputs
        while running:
            _collect(running, results)
    return [results[number] for number in range(len(jobs))]


def _start(arguments: list[str], outputs: Outputs) -> int:
    process_id = os.fork()
    if process_id == 0:
        os._exit(_run(arguments, outputs))
    return process_id


def _run(arguments: list[str], outputs: Outputs) -> int:
    """What the child does; the alarm kills it after a minute."""
    signal.alarm(TIMEOUT_S)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, descriptor in enumerate((nothing, *(file.fileno() for file in outputs))):
        os.dup2(descriptor, number)
    try:
        status = main(arguments)
    except SystemExit as stopped:
        status = stopped.code if isinstance(stopped.code, int) else UNCAUGHT_STATUS
    except BaseException:
        traceback.print_exc()
        status = UNCAUGHT_STATUS
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _collect(running: dict[int, tuple[int, Outputs]], results: dict[int, dict[str, Any]]) -> None:
    """Wait for one of the children: its exit status, both outputs and its largest resident size [KiB]."""
    process_id, status, usage = os.wait4(-1, 0)
    number, outputs = running.pop(process_id)
    texts = []
    for file in outputs:
        file.seek(0)
        texts.append(file.read().decode("utf-8", "replace"))
    results[number] = {
        "status": os.waitstatus_to_exitcode(status),
        "stdout": texts[0],
        "stderr": texts[1],
        "memory_kib": usage.ru_maxrss,
    }


if __name__ == "__main__":
    for _module in pkgutil.walk_packages(h2verify.__path__, "h2verify."):
        if not _module.name.endswith("__main__"):
            importlib.import_module(_module.name)
    json.dump(run_all(json.load(sys.stdin)), sys.stdout)
