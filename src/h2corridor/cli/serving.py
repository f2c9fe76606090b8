"""A workspace with its doors open: the gateway's address on standard output, then the page's."""

import resource
import signal
import sys
from pathlib import Path
from typing import Literal

from h2corridor.app.bootstrap import DoorSettings, open_doors
from h2corridor.cli.options import read_instant_ms
from h2corridor.cli.shown import show_workspace


def serve_workspace(
    workspace: Path, settings: DoorSettings, port: int, language: Literal["zh", "en"], *, follows_browser: bool
) -> None:
    """Take in and show until interrupted or terminated; then what was acknowledged is sealed.

    Raises
    ------
    WorkspaceError, UsageError, InputError, StorageError
        The workspace, an address or a file that was named cannot be used.
    """
    _allow_many_connections()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with open_doors(workspace, settings, now_ms=lambda: read_instant_ms(None)) as doors:
        sys.stdout.write(f"gateway tcp://{doors.address}\n")
        show_workspace(workspace, port, language, follows_browser=follows_browser, doors=doors)


def _allow_many_connections() -> None:
    """Each connection is an open file: take as many as the system grants this user."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
