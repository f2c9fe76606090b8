"""What all tests share: folders made once for every worker, and the system's Chromium for tests of pages.

A page has a fresh context and no network but loopback; there is one browser a module. Without a browser the tests of
pages are skipped; with `H2CORRIDOR_REQUIRE_BROWSER=1` (as in CI) they fail instead.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ABSENT = f"needs Chromium: none of {', '.join(NAMES)} is on the PATH (Debian: apt-get install chromium)"
LOCAL = ("http://127.0.0.1:", "http://localhost:", "file:", "data:", "blob:", "about:")
WAIT_MS = 15_000

OpenPage = Callable[..., Page]
MadeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Give the folder of a name, filled by the first worker that asks; the others wait for it. Tests only read it.

    Each name stands for one content: what is given to make it has to be the same whoever asks. What failed half-way
    is made again by the next.
    """
    base = tmp_path_factory.getbasetemp()
    # A worker's folder is inside that of the session, which the others see too.
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made-once"
    shared.mkdir(exist_ok=True)

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's browser."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None and os.environ.get("H2CORRIDOR_REQUIRE_BROWSER") == "1":
        pytest.fail(ABSENT)
    if found is None:
        pytest.skip(ABSENT)
    return found


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One headless Chromium for all tests of a module; what drives it has an event loop, which ends with it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield launched
        launched.close()


@pytest.fixture
def page_faults() -> Iterator[list[str]]:
    """What pages threw, logged as an error (a refusal by the content security policy is one) or asked of a network.

    None may be left when the test ends; a test that expects some clears the list.
    """
    faults: list[str] = []
    yield faults

    assert not faults, faults


@pytest.fixture
def open_page(browser: Browser, page_faults: list[str]) -> Iterator[OpenPage]:
    """Open a page in a context of its own; options are those of `Browser.new_context`."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: page_faults.append(f"thrown: {error}"))
        page.on("console", lambda line: page_faults.append(line.text) if line.type == "error" else None)
        context.route(lambda url: not url.startswith(LOCAL), lambda route: _refuse(route, page_faults))
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def accessibility_faults() -> Callable[[Page], list[str]]:
    """What axe finds serious or critical on a page as it stands: a rule and the elements, one line a rule."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it ships no types

    axe = Axe()

    def faults(page: Page) -> list[str]:
        violations = axe.run(page).response["violations"]

        return [
            f"{each['id']}: {[node['target'] for node in each['nodes']][:5]}"
            for each in violations
            if each["impact"] in ("serious", "critical")
        ]

    return faults


@pytest.fixture
def screenshots_dir(tmp_path: Path) -> Path:
    """Where tests leave pictures to look at: `H2CORRIDOR_SCREENSHOTS`, or a folder that goes away."""
    folder = Path(os.environ.get("H2CORRIDOR_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _refuse(route: Route, faults: list[str]) -> None:
    faults.append(f"asked for {route.request.url}")
    route.abort()
