"""Everybody reaches the page: no serious fault that axe finds, no sideways scrolling on a phone; zh, en, dark."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from h2corridor.console.texts import Language, text
from h2corridor.model.report import decode_report

OpenPage = Callable[..., Page]
PHONE = {"width": 360, "height": 740}
VIEWS = (
    "/?",
    "/trips?",
    "/balances?",
    "/quality?",
    "/findings?",
    "/trial?",
    "/gateway?",
    "/assess?",
    "/shipment?id={id}&",
    "/row?file=legs.csv&row=1&",
    "/row?file={file}&row=9&",
    "/none?",
    "/verify.html?",
)


@pytest.fixture(scope="session")
def places(demo_workspace: Path) -> dict[str, str]:
    report = decode_report((demo_workspace / "report" / "report.json").read_bytes())
    vin, day = report.trips[0].vin, report.trips[0].started_at[:10]
    return {"id": report.shipments[0].consignment_id, "file": f"telemetry/{vin}/{day}.csv.gz"}


def _settled(page: Page) -> None:
    expect(page.locator("[aria-busy]")).to_have_count(0)
    if "/row" in page.url:
        expect(page.locator(".frame, .cells").first).to_be_visible()


@pytest.mark.parametrize(("language", "scheme"), [("zh", "dark"), ("en", "light")])
@pytest.mark.parametrize("view", VIEWS)
def test_no_view_has_a_serious_fault(
    *,
    demo_url: str,
    places: dict[str, str],
    open_page: OpenPage,
    accessibility_faults: Callable[[Page], list[str]],
    page_faults: list[str],
    view: str,
    language: str,
    scheme: str,
) -> None:
    page = open_page(color_scheme=scheme)
    page.goto(f"{demo_url}{view.format(**places)}lang={language}")
    _settled(page)

    assert accessibility_faults(page) == []
    if view == "/none?":
        page_faults.clear()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_view_scrolls_sideways_on_a_phone(
    *, demo_url: str, places: dict[str, str], open_page: OpenPage, page_faults: list[str], view: str, language: str
) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{demo_url}{view.format(**places)}lang={language}")
    _settled(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    if view == "/none?":
        page_faults.clear()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_open_derivation_is_accessible_and_fits_a_phone(
    demo_url: str,
    places: dict[str, str],
    open_page: OpenPage,
    accessibility_faults: Callable[[Page], list[str]],
    language: str,
) -> None:
    page = open_page(viewport=PHONE)
    page.goto(f"{demo_url}/shipment?id={places['id']}&lang={language}")
    page.locator("[data-open-derivation]").click()
    _open_everything(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator(".frame").count() >= 1
    assert accessibility_faults(page) == []


def _open_everything(page: Page) -> None:
    """Open one step after the other until measured hydrogen offers its trips, then a frame of them."""
    language: Language = "zh" if page.locator("html").get_attribute("lang") == "zh-CN" else "en"
    trips = page.locator(".tree .buttons").get_by_role("button", name=text("show_trips", language))
    closed = page.locator(".tree details:not([open]) > summary")
    expect(closed.first).to_be_visible()
    for _ in range(80):
        if trips.count() or not closed.count():
            break
        closed.first.click()
    trips.first.click()
    expect(page.locator(".frame").first).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_workspace_without_a_run_is_accessible(
    empty_url: str, open_page: OpenPage, accessibility_faults: Callable[[Page], list[str]], language: str
) -> None:
    page = open_page(viewport=PHONE)
    page.goto(f"{empty_url}/?lang={language}")

    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_page_can_be_printed_and_read_without_scripts(
    demo_url: str, places: dict[str, str], open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{demo_url}/shipment?id={places['id']}")
    page.emulate_media(media="print")

    expect(page.locator(".headline .number")).to_be_visible()
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("noscript p")).to_be_visible()
