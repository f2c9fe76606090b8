"""The page takes a chain with contracts, periods and added distances as h2verify takes it, and its figure."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from chain_examples import Document, assessed
from h2verify import canonical
from h2verify.bundle.derivations import FORMAT, verify_figures
from h2verify.chain_form import verify_chain_form
from h2verify.editions import read_edition_tables
from h2verify.errors import VerifyError
from h2verify.page import render_page
from playwright.sync_api import Page
from test_chain_agreement import FOREIGN, REMOVED, places

from h2corridor.accounting.publishing import published_files
from h2corridor.app.examples import example_document
from h2corridor.app.rules import get_comparison, get_rule_set

RULES = "iso14083/2023.1"
NEW = ("custody", "contract", "station_contract", "trailer_contract", "period", "operations", "justification")
FORMS = """
(texts) => texts.map((text) => {
  try { verifyChainForm(parseJson(utf8(text))); return null; }
  catch (error) { if (!(error instanceof Refusal)) throw error; return error.code; }
})
"""
FIGURE = """
({chain, figures, label, files}) => {
  try {
    const edition = readEdition(label, new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)])));
    verifyFigures(parseJson(utf8(chain)), parseJson(utf8(figures)), new Map([[label, edition]]));
    return null;
  } catch (error) { if (!(error instanceof Refusal)) throw error; return error.code; }
}
"""

EDITION = """
({label, files}) => {
  try { readEdition(label, new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)]))); return null; }
  catch (error) { if (!(error instanceof Refusal)) throw error; return error.code; }
}
"""


def flight() -> Document:
    """The chain of the edition's case with an added distance."""
    case: Document = json.loads(get_rule_set("iso14083@2023.1").files["cases/air-with-an-added-distance.json"])
    return dict(case["chain"])


def chains() -> list[Document]:
    """Chains with every field that is new, and each with one field of them changed."""
    names = ("multimodal-hydrogen-trunk", "hub-two-carriers-contract")
    whole = [flight(), *(json.loads(example_document(name)) for name in names)]
    supplied = next(each for each in whole[1]["categories"]["trunk"]["energy"] if "supply" in each)
    supplied["supply"]["custody"] = "mass_balance"
    found = copy.deepcopy(whole)
    for chain in whole:
        for path in places(chain):
            if path[0] == "activity_date" or {*NEW, "distance_adjustment_km"} & set(path):
                found.extend(changed(chain, path, foreign) for foreign in (*FOREIGN, "2024-05-20", "2031-01-01"))
    found.append(changed(flight(), ("categories", "aircraft", "distance_adjustment_factor"), "1.05"))
    found.append(changed(flight(), ("categories", "aircraft", "intensity", "per"), "tkm"))
    cooled = json.loads(example_document("reefer-classes-refrigerant"))
    listed = json.loads(example_document("delivery-round"))
    for first, second in (
        ("0.6", "0.4"),
        ("0.6", "0.400000001"),
        ("0.6", "0.400000001000000001"),
        ("0.6", "0.3"),
        ("1", "0"),
    ):
        for chain, parts in ((cooled, ("truck", "classes")), (listed, ("van", "round", "stops"))):
            both = changed(chain, ("categories", *parts, 0, "share"), first)
            found.append(changed(both, ("categories", *parts, 1, "share"), second))
            found.append(changed(found[-1], ("categories", *parts, 2, "share"), "0") if "round" in parts else both)
    return [*found, *activities(cooled, listed), *improving_peers(), *without_effect(cooled, listed)]


def without_effect(cooled: Document, listed: Document) -> list[Document]:
    """Chains with fields of energy that count or do not, by each way to a factor; a round that has classes too."""
    stated = {"wtt_kgco2e_per_unit": "1", "ttw_kgco2e_per_unit": "1"}
    supply = {"supply": {"batch": "B", "station": "S"}}
    ways: tuple[Document, ...] = ({}, stated, {"ttw_kgco2e_per_unit": "1"}, {"factor": "hvo"}, supply)
    found = []
    for carrier, unit in (("diesel", "l"), ("electricity", "kWh"), ("hydrogen", "kg"), ("petrol", "l")):
        for way in (*ways, {"origin": "unknown"}):
            for more in ({"grid_region": "China"}, {"factor_boundary": "direct"}, {"factor_boundary": "life_cycle"}):
                entry = {"carrier": carrier, "amount": "1", "unit": unit, **way, **more}
                found.append(changed(listed, ("categories", "van", "energy"), [entry]))
    classes = cooled["categories"]["truck"]["classes"]
    return [*found, *(changed(listed, ("categories", "van", "classes"), each) for each in (classes, []))]


def improving_peers() -> list[Document]:
    """A peer fleet that improves, with another date and another measured period."""
    files = get_comparison("same-service-diesel@2026.1").files
    whole = json.loads(files["cases/peer-fleet-that-improves.json"])["chain"]
    stated = ("categories", "truck", "comparison")
    days = ("2015-12-31", "2026-12-31", "2027-01-01")
    periods = [REMOVED, *({"from": "2010-01-01", "until": day} for day in days)]
    dates = [changed(whole, (*stated, "date"), day) for day in (REMOVED, *days)]
    return [whole, *dates, *(changed(whole, (*stated, "period"), period) for period in periods)]


def activities(cooled: Document, listed: Document) -> list[Document]:
    """Chains at and just beyond what their classes, category or round did."""
    classes = ("categories", "truck", "classes")
    distance = ("elements", 0, "distance", "km")
    found = [changed(cooled, ("elements", 0, "class"), to) for to in (REMOVED, "ambient")]
    found += [changed(cooled, (*classes, 1, "transport_activity_tkm"), to) for to in (REMOVED, "50000.0", "50000.1")]
    found += [changed(cooled, (*classes, 0, "transport_activity_tkm"), to) for to in (REMOVED, "99999.9", "200000")]
    mass = Decimal(cooled["shipment"]["mass_kg"])
    limit = Decimal(50_000_000) / mass
    found += [changed(cooled, distance, format(km, "f")) for km in (limit, limit + Decimal("1e-18"))]
    limit = Decimal(9390) / Decimal(listed["shipment"]["mass_kg"])
    found += [changed(listed, distance, format(km, ".18f")) for km in (limit, limit + Decimal("1e-15"))]
    twice = copy.deepcopy(listed)
    twice["elements"].append({**twice["elements"][0], "id": "again"})
    hub = json.loads(example_document("hub-two-carriers-contract"))
    name = next(name for name, each in hub["categories"].items() if each["kind"] == "hub")
    return [*found, twice, *hubs(hub, name)]


def hubs(chain: Document, name: str) -> list[Document]:
    """Chains with classes of a hub, and at and just beyond what the hub or the class handled."""
    cold = {"name": "cold", "quantity": "1", "equivalent": "1"}
    at = ("categories", name)
    mass_t = format(Decimal(chain["shipment"]["mass_kg"]) / 1000, "f")
    few = format(Decimal(mass_t) * Decimal("0.98"), "f")
    number = next(number for number, each in enumerate(chain["elements"]) if each["category"] == name)
    found = [changed(chain, (*at, "throughput_t"), tonnes) for tonnes in (mass_t, few)]
    for stated in ({}, {"throughput_t": mass_t}, {"throughput_t": few}, {"transport_activity_tkm": "1"}):
        classes = [{**cold, **stated}, {**cold, "name": "dry"}]
        whole = changed(chain, (*at, "classes"), classes)
        found += [whole, *(changed(whole, ("elements", number, "class"), to) for to in ("cold", "dry", "wet"))]
    return found


def changed(chain: Document, path: tuple[Any, ...], to: Any) -> Document:
    result = copy.deepcopy(chain)
    holder: Any = result
    for key in path[:-1]:
        holder = holder[key]
    if to is REMOVED:
        del holder[path[-1]]
    else:
        holder[path[-1]] = to
    return result


def refusal(chain: Document) -> str | None:
    try:
        verify_chain_form(chain)
    except VerifyError as error:
        return error.code
    return None


@pytest.fixture
def page(open_page: Callable[..., Page], tmp_path: Path) -> Page:
    file = tmp_path / "verify.html"
    file.write_text(render_page(), encoding="utf-8")
    opened = open_page()
    opened.context.set_offline(True)
    opened.goto(file.as_uri())
    return opened


def test_a_chain_with_any_new_field_changed_has_the_same_form_for_both(page: Page) -> None:
    documents = chains()
    ours = [refusal(chain) for chain in documents]
    theirs = page.evaluate(FORMS, [json.dumps(chain) for chain in documents])

    assert ours == theirs
    assert ours.count(None) > 10
    assert ours.count("chain.form") > 100


def test_a_figure_with_an_added_distance_holds_for_both(page: Page) -> None:
    chain = flight()
    files = published_files(get_rule_set("iso14083@2023.1"))
    steps = list(assessed(chain).derivation)
    figures = {"format": FORMAT, "rule_set": RULES, "comparisons": [], "steps": steps}
    verify_figures(chain, figures, {RULES: files})
    given = {"chain": json.dumps(chain), "figures": json.dumps(figures), "label": RULES}
    given["files"] = {name: data.decode() for name, data in files.items()}  # type: ignore[assignment]  # JSON of any kind

    assert page.evaluate(FIGURE, given) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [({}, None), ({"at_most": 1}, "edition.form"), ({"unit": ""}, "edition.form"), ({"more": "1"}, "edition.form")],
    ids=str,
)
def test_a_published_limit_is_read_by_both(page: Page, change: Document, code: str | None) -> None:
    files = dict(published_files(get_rule_set("iso14083@2023.1")))
    published = json.loads(files["parameters.json"])
    published["limits"][0] |= change
    files["parameters.json"] = canonical.encode(published)
    given = {"label": RULES, "files": {name: data.decode() for name, data in files.items()}}
    try:
        read_edition_tables(RULES, files)
        ours = None
    except VerifyError as error:
        ours = error.code

    assert (code, code) == (ours, page.evaluate(EDITION, given))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"allowed": ["book_and_claim"]}, None),
        ({"allowed": []}, "edition.form"),
        ({"allowed": ["mixed"]}, "edition.form"),
        ({"allowed": ["segregated", "segregated"]}, "edition.form"),
        ({"allowed": None}, "edition.form"),
        ({"clause": ""}, "edition.form"),
        ({"checked_on": "2026-11-31"}, "edition.form"),
        ({"more": "1"}, "edition.form"),
    ],
    ids=str,
)
def test_published_custody_is_read_by_both(page: Page, change: Document, code: str | None) -> None:
    files = dict(published_files(get_rule_set("iso14083@2023.1")))
    published = json.loads(files["parameters.json"])
    published["custody"] |= change
    files["parameters.json"] = canonical.encode(published)
    given = {"label": RULES, "files": {name: data.decode() for name, data in files.items()}}
    try:
        read_edition_tables(RULES, files)
        ours = None
    except VerifyError as error:
        ours = error.code

    assert (code, code) == (ours, page.evaluate(EDITION, given))
