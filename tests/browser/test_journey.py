"""What a visitor does: pick a shipment, follow its figure down to bytes, take its bundle and have it checked."""

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from h2corridor.model.report import Report, decode_report

OpenPage = Callable[..., Page]
TREE = ".derivation .tree"
HEADLINE = "wtw_kgco2e[chain]"


@pytest.fixture(scope="session")
def report(demo_workspace: Path) -> Report:
    return decode_report((demo_workspace / "report" / "report.json").read_bytes())


def _way(steps: dict[str, list[str]], goal: str, leaf: str) -> list[str]:
    """Ids from a goal down to a leaf, by inputs."""
    if goal == leaf:
        return [leaf]
    ways = (_way(steps, each, leaf) for each in steps[goal])
    return next(([goal, *way] for way in ways if way), [])


def _open_leaf(page: Page, steps: dict[str, list[str]], leaf: str) -> None:
    """Open the tree along the way from the headline number to a leaf; the first step stands open."""
    way = _way(steps, HEADLINE, leaf)

    assert len(way) > 3
    place = page.locator(TREE).first.locator(":scope > li").first
    for above, below in itertools.pairwise(way):
        if above != HEADLINE:
            place.locator(":scope > details > summary").click()
        place = place.locator(":scope > details > .inputs > li").nth(steps[above].index(below))


def test_a_figure_opens_down_to_the_bytes_of_a_frame(
    demo_url: str, demo_workspace: Path, report: Report, open_page: OpenPage
) -> None:
    page, shipment = open_page(), report.shipments[0]
    figures = json.loads((demo_workspace / "report" / "figures.json").read_bytes())["figures"][0]
    steps = {step["id"]: step.get("inputs", []) for step in figures["steps"]}
    hydrogen = next(step_id for step_id in steps if step_id.startswith("hydrogen_kg["))

    page.goto(demo_url)
    page.get_by_role("link", name=shipment.consignment_id).first.click()
    page.get_by_role("button", name="Open the derivation").click()
    _open_leaf(page, steps, hydrogen)
    page.get_by_role("button", name="Show the trips and frames behind it").click()
    frame = page.locator(".frame").first
    expect(frame.get_by_role("row", name=re.compile("highest hydrogen pressure"))).to_be_visible()
    shown = "".join(frame.locator(".hex").inner_text().split())

    assert shipment.trip_shares[0].trip_id in page.locator(TREE).first.inner_text()
    assert shown.startswith("2323")
    assert _received(demo_workspace, page.locator(".row code").first.inner_text(), page) == shown


def test_a_transport_activity_leads_to_its_legs_and_is_not_called_measured(
    demo_url: str, demo_workspace: Path, report: Report, open_page: OpenPage
) -> None:
    page, shipment = open_page(), report.shipments[0]
    figures = json.loads((demo_workspace / "report" / "figures.json").read_bytes())["figures"][0]
    steps = {step["id"]: step.get("inputs", []) for step in figures["steps"]}
    activity = next(step_id for step_id in steps if step_id.startswith("category_transport_activity_tkm["))

    page.goto(f"{demo_url}/shipment?id={shipment.consignment_id}&lang=en")
    page.get_by_role("button", name="Open the derivation").click()
    _open_leaf(page, steps, activity)
    leaf = page.locator(f"{TREE} .leaf").filter(has_text="transport activity of the category").first

    expect(leaf.locator(".notes")).to_contain_text("input legs.csv#1, legs.csv#2, consignments.csv#1")
    leaf.get_by_role("button", name="legs.csv#2").click()
    expect(leaf.locator(".row code").first).to_have_text("legs.csv")
    expect(leaf.locator(".row input[type=number]")).to_have_value("2")


def _received(workspace: Path, file: str, page: Page) -> str:
    from h2corridor.store.files import Workspace

    row = int(page.locator(".row input[type=number]").first.input_value())
    opened = Workspace.open(workspace)
    receipt = next(each for each in opened.list_receipts() if each.manifest.path == file)
    record = [each for number, each in enumerate(opened.read_records(receipt)) if number == row]
    return record[0].decode().strip().rpartition(",")[2].lower()


def test_the_next_frame_is_a_key_press_away_and_papers_show_their_cells(demo_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{demo_url}/trips")
    page.get_by_role("button", name=re.compile("Show its frames")).first.press("Enter")
    expect(page.locator(".frame")).to_be_visible()
    before, row = page.locator(".hex").inner_text(), page.locator("input[type=number]")
    number = int(row.input_value())
    page.get_by_role("button", name="next →").press("Enter")
    expect(row).to_have_value(str(number + 1))

    assert before != page.locator(".hex").inner_text()


def test_a_byte_and_its_field_point_at_each_other(demo_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{demo_url}/trips")
    page.get_by_role("button", name=re.compile("Show its frames")).first.click()
    page.locator(".frame-fields tr", has_text="odometer").click()
    pointed = page.locator(".hex .pointed")

    assert page.locator(".frame-fields tr.pointed .bytes").inner_text() == pointed.inner_text()
    assert pointed.count() == 1


def test_a_row_of_papers_shows_its_cells_and_keeps_its_address(demo_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{demo_url}/row?file=refuellings.csv&row=1")
    expect(page.locator(".cells")).to_contain_text("mass_kg")
    page.get_by_role("button", name="next →").click()
    expect(page.locator("input[type=number]")).to_have_value("2")

    assert page.url.endswith("file=refuellings.csv&row=2")


def test_a_shipment_and_a_trip_stand_out_on_the_map(demo_url: str, report: Report, open_page: OpenPage) -> None:
    page, trip = open_page(), report.trips[0].trip_id
    page.goto(demo_url)
    page.get_by_label("Highlight on the map").select_option(f"trip:{trip}")
    chosen = page.locator(".map [data-trip].chosen")

    assert [trip] == [line.get_attribute("data-trip") for line in chosen.all()]
    expect(page.locator(f'[data-picked="trip:{trip}"]')).to_be_visible()
    page.get_by_label("Highlight on the map").select_option("")
    assert chosen.count() == 0
    page.get_by_role("link", name=report.shipments[1].consignment_id, exact=True).focus()
    assert len(report.shipments[1].trip_shares) == chosen.count()


def test_a_short_trip_is_brought_closer_and_all_trips_show_the_whole_map(
    rehearsal_url: str, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(rehearsal_url)
    map_, pick = page.locator(".map > svg"), page.get_by_label("Highlight on the map")
    whole = map_.get_attribute("viewBox")
    pick.select_option("shipment:RH-C0011")
    closer = map_.get_attribute("viewBox")
    pick.select_option("")

    assert float((closer or "").split()[2]) < float((whole or "").split()[2]) / 4
    assert [float(each) for each in (whole or "").split()] == [
        float(each) for each in (map_.get_attribute("viewBox") or "").split()
    ]


def test_lists_are_narrowed_by_words_and_by_status(rehearsal_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(rehearsal_url)
    cards, counted = page.locator("#shipment-list > li:visible"), page.locator("[data-filter-count]")
    everything = cards.count()
    page.get_by_label("Status").select_option("stated")
    stated = cards.count()
    page.get_by_label("Filter").fill("khorgos")
    narrowed = cards.count()

    assert everything == 33
    assert 0 < stated < everything
    assert 0 < narrowed < stated
    assert str(narrowed) == counted.inner_text()
    page.get_by_label("Filter").fill("no such place")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()


def test_findings_are_narrowed_by_severity_and_lead_to_their_row(rehearsal_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{rehearsal_url}/findings")
    page.get_by_label("Severity").select_option("blocking")
    shown = page.locator(".finding:visible")

    assert shown.count() == page.locator('.finding[data-severity="blocking"]').count() > 0
    shown.locator("a").first.click()
    expect(page.locator(".row-facts").first).to_contain_text("SHA-256")


def test_a_withheld_shipment_says_why_and_offers_no_bundle(rehearsal_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{rehearsal_url}/shipment?id=RH-C0001")

    expect(page.get_by_text("Why it is withheld")).to_be_visible()
    assert page.locator('a[href^="/bundles/"]').count() == 0


def test_the_language_is_switched_and_stays(demo_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(demo_url)
    page.get_by_role("link", name="中文").click()
    page.get_by_role("link", name="行程", exact=True).click()

    assert page.locator("html").get_attribute("lang") == "zh-CN"
    expect(page.get_by_role("heading", level=1)).to_have_text("行程")


def test_the_page_is_walked_by_keyboard_alone(demo_url: str, report: Report, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(demo_url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    wanted = report.shipments[0].consignment_id
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent") == wanted:
            break
        page.keyboard.press("Tab")

    assert "solid" == page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(wanted)


def test_a_fault_of_the_server_is_said_in_the_place_it_concerns(
    demo_url: str, report: Report, open_page: OpenPage, page_faults: list[str]
) -> None:
    page = open_page()
    page.route("**/api/derivation*", lambda route: route.fulfill(status=404, json={"error": "serve.unknown: gone"}))
    page.goto(f"{demo_url}/shipment?id={report.shipments[0].consignment_id}")
    page.get_by_role("button", name="Open the derivation").click()

    expect(page.locator(".derivation .why")).to_contain_text("serve.unknown: gone")
    page_faults.clear()


def test_the_calculator_shows_the_figures_of_an_example_and_says_why_a_broken_one_has_none(
    demo_url: str, open_page: OpenPage, page_faults: list[str]
) -> None:
    page = open_page()
    page.goto(f"{demo_url}/assess?lang=en")
    page.get_by_label("Example").select_option("freight-chain")
    page.get_by_role("button", name="Assess").click()
    expect(page.get_by_role("row", name=re.compile("TCE5.*150.15"))).to_be_visible()
    page.locator("summary", has_text="The calculation by hand").click()
    expect(page.locator(".by-hand")).to_contain_text("= 500 tkm × 0.15015 kgCO2e/tkm")
    page.get_by_label("Transport chain").fill("{}")
    page.get_by_role("button", name="Assess").click()
    expect(page.get_by_role("alert")).to_contain_text("chain.shape")

    assert ["400" in fault for fault in page_faults] == [True]
    page_faults.clear()
