"""Runs commands two at a time and prints how each ended and how much memory it held at most.

A process of its own, and a small one: what the kernel counts as a child's memory begins with that of its parent.

    python measured_runs.py < JOBS        a JSON list of argument lists; prints a JSON list of results
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

TIMEOUT_S = 60
AT_ONCE = 2


def run_measured(arguments: list[str]) -> dict[str, Any]:
    """The exit status, both outputs and the largest resident size [KiB] of a command; killed after a minute."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        clock = threading.Timer(TIMEOUT_S, os.kill, (process.pid, signal.SIGKILL))
        clock.start()
        _, status, usage = os.wait4(process.pid, 0)
        clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return {
            "status": process.returncode,
            "stdout": out.read().decode("utf-8", "replace"),
            "stderr": err.read().decode("utf-8", "replace"),
            "memory_kib": usage.ru_maxrss,
        }


if __name__ == "__main__":
    with ThreadPoolExecutor(AT_ONCE) as pool:
        json.dump(list(pool.map(run_measured, json.load(sys.stdin))), sys.stdout)
