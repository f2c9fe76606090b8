"""The verifier page in the system's Chromium: opened from a file, with the network off."""

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from h2verify.page import render_page
from playwright.sync_api import Page

for _folder in (
    Path(__file__).parent,
    *(Path(__file__).parents[1] / name for name in ("bundle", "figures", "activity", "chains")),
):
    sys.path.insert(0, str(_folder))

Verify = Callable[..., dict[str, Any]]

_VERIFY = """
async ([bundle, options]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const policy = options.policy === null ? null : bytes(options.policy);
  return await h2verify.verify(bytes(bundle), {depth: options.depth, policy});
}
"""


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as somebody would keep it on a disk."""
    path = tmp_path_factory.mktemp("page") / "verify.html"
    path.write_text(render_page(), encoding="utf-8")
    return path


@pytest.fixture
def open_verifier(open_page: Callable[..., Page], page_file: Path) -> Callable[..., Page]:
    """Open the page offline; `language` as in its address, other options as in `Browser.new_context`."""

    def opened(language: str = "en", **options: Any) -> Page:
        page = open_page(**options)
        page.context.set_offline(True)
        page.goto(f"{page_file.as_uri()}?lang={language}")
        return page

    return opened


@pytest.fixture
def verify_in_page(open_verifier: Callable[..., Page]) -> Verify:
    """The result that the page gives for a bundle, as JSON."""
    page = open_verifier()

    def verified(bundle: bytes, *, depth: str | None = None, policy: bytes | None = None) -> dict[str, Any]:
        options = {"depth": depth, "policy": None if policy is None else base64.b64encode(policy).decode()}
        result: dict[str, Any] = page.evaluate(_VERIFY, [base64.b64encode(bundle).decode(), options])
        return result

    return verified
