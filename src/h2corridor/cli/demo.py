"""The demonstration: the packaged trial, run in a folder of its own and shown on loopback."""

import importlib.resources
import os
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Literal

from h2corridor.app.bootstrap import make_request
from h2corridor.app.trial_run import Work, run_trial
from h2corridor.cli.options import read_instant_ms
from h2corridor.cli.progress import shown_progress
from h2corridor.cli.shown import show_workspace
from h2corridor.cli.summary import print_summary
from h2corridor.model.errors import UsageError


def run_demo(language: Literal["zh", "en"]) -> None:
    """Run the packaged trial and stay until interrupted; prints exactly one address.

    The environment chooses: `DEMO_PORT` (0 takes a free port), `DEMO_OPEN=0` opens no browser.
    """
    port = os.environ.get("DEMO_PORT", "0")
    if not port.isdigit() or int(port) > 65535:
        raise UsageError("demo.port", f"DEMO_PORT is {port}.", next_step="Give a number from 0 to 65535.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the folder of the demonstration goes with it
    packaged = importlib.resources.files("h2corridor") / "demo" / "first-run"
    with (
        importlib.resources.as_file(packaged) as dataset,
        tempfile.TemporaryDirectory(prefix="h2corridor-demo-") as folder,
    ):
        workspace = Path(folder) / "workspace"
        work: list[Work] = []
        with shown_progress(language) as progress:
            request = make_request(dataset, workspace, now_ms=read_instant_ms(None))
            report = run_trial(request, progress, worked=work.append)
        print_summary(report, language, work=work[0])
        show_workspace(workspace, int(port), language, _open_browser)


def _open_browser(url: str) -> None:
    if os.environ.get("DEMO_OPEN", "1") != "0":
        webbrowser.open(url)
