"""A workspace shown on loopback: the address on standard output, all else on standard error."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from h2corridor.app.live import LiveDoors
from h2corridor.console.calculator import Calculator
from h2corridor.console.doors import HttpDoors
from h2corridor.console.serve import loopback_note, serve_site
from h2corridor.console.site import WorkspaceSite
from h2corridor.store.files import Workspace


def show_workspace(
    workspace: Path,
    port: int,
    language: Literal["zh", "en"],
    on_ready: Callable[[str], None] = lambda _: None,
    *,
    follows_browser: bool = True,
    doors: LiveDoors | None = None,
) -> None:
    """Show a workspace until interrupted; prints exactly one address.

    Parameters
    ----------
    workspace : its folder; it may have no run yet
    port : 0 takes a free one
    language : shown to a reader who has not chosen
    on_ready : told the address after it was printed
    follows_browser : whether the language that a reader's browser asks for comes before `language`
    doors : the live doors of the workspace, open; None: nothing is taken in

    Raises
    ------
    WorkspaceError
        The folder is no workspace.
    UsageError, StorageError
        The port is no port, or cannot be had.
    """
    Workspace.open(workspace)
    sys.stderr.write(f"{loopback_note(language)}\n")

    def announce(url: str) -> None:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        on_ready(url)

    site = WorkspaceSite(
        workspace, language, follows_browser=follows_browser, gateway=None if doors is None else doors.status
    )
    serve_site(site, port, announce, Calculator(None if doors is None else HttpDoors(doors)))
