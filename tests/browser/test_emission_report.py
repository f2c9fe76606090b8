"""The page of an emission report in a browser: no serious fault that axe finds, nothing wider than a phone."""

from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from playwright.sync_api import Page

from h2corridor.accounting.reporting import Asked
from h2corridor.app.emission_report import report_emissions
from h2corridor.console.emission_report import emission_form
from h2corridor.console.texts import Language

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module", params=["zh", "en"])
def page_html(request: pytest.FixtureRequest) -> str:
    language: Language = request.param
    with as_file(files("h2corridor").joinpath("accounting/examples")) as folder:
        table, categories = folder / "shipments.csv", Path(folder) / "shipments-categories.json"
        report = report_emissions([table], "iso14083", categories=categories, asked=Asked(by="lane"))
    return emission_form(report, "html", language).decode()


def test_the_page_has_no_serious_fault_and_is_not_wider_than_a_phone(
    page_html: str, open_page: Callable[..., Page], accessibility_faults: Callable[[Page], list[str]]
) -> None:
    page = open_page(viewport=PHONE, bypass_csp=True)
    page.set_content(page_html)

    assert [] == accessibility_faults(page)
    assert PHONE["width"] == page.evaluate("document.documentElement.scrollWidth")


def test_every_bar_of_a_chart_has_its_number_within_the_picture(page_html: str, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1100, "height": 800}, bypass_csp=True)
    page.set_content(page_html)
    reaching_out = page.evaluate(
        """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
            const frame = svg.getBoundingClientRect();
            return [...svg.querySelectorAll("text, rect")].filter((each) => {
                const box = each.getBoundingClientRect();
                return box.left < frame.left - 0.5 || box.right > frame.right + 0.5;
            }).map((each) => each.textContent);
        })"""
    )

    assert [] == reaching_out
    assert page.locator("svg").count() > 2
