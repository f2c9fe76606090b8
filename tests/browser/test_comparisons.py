"""Comparisons of 2026 in the page's verifier, which shares no code with h2verify: the same verdict on each, whole or
changed."""

import base64
import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from h2verify import canonical
from h2verify.bundle import verify_bundle
from h2verify.bundle.derivations import FORMAT, verify_figures
from h2verify.chain_form import verify_chain_form
from h2verify.editions import read_edition_tables
from h2verify.errors import VerifyError
from h2verify.page import render_page
from h2verify.support import list_lacking, list_unusable
from playwright.sync_api import Page

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.kernel import Edition
from h2corridor.accounting.publishing import published_files
from h2corridor.app.bootstrap import make_request
from h2corridor.app.export import export_bundle, list_statements
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.app.trial_run import run_trial
from h2corridor.model.chain import decode_chain

Document = dict[str, Any]
METHODS = ("same-service-diesel", "same-service-life-cycle", "tailpipe-press")
CHANGES = 10
"""Of each case's chain and of its derivation."""
FOREIGN: tuple[Any, ...] = ("", "0", "2", "2.50", "-1", "x", "peer_fleet", "2031-01-01", [], {}, 1)
VERIFY = """({cases, editions}) => {
  const read = (label, files) =>
    readEdition(label, new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)])));
  const tables = new Map(Object.entries(editions).map(([label, files]) => [label, read(label, files)]));
  return cases.map(({chain, figures}) => {
    try {
      verifyChainForm(chain);
      verifyFigures(chain, figures, tables);
      return "holds";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.code;
    }
  });
}"""
VERIFY_BUNDLE = """async (text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return await h2verify.verify(bytes, {depth: null, policy: null});
}"""
SUPPORTED = """({baselines, label, files}) => {
  const tables = readEdition(label, new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)])));
  return baselines.map((each) => _isSupported(each, tables.parameters.support));
}"""


@pytest.fixture
def verifier(open_page: Callable[..., Page], tmp_path: Path) -> Page:
    """The page of the verifier, offline."""
    path = tmp_path / "verify.html"
    path.write_text(render_page(), encoding="utf-8")
    page = open_page()
    page.goto(path.as_uri())
    return page


def _editions() -> list[Edition]:
    return [get_rule_set("iso14083@2023.1"), *(get_comparison(f"{name}@2026.1") for name in METHODS)]


def _tables() -> dict[str, dict[str, bytes]]:
    return {each.label: published_files(each) for each in _editions()}


def _texts(tables: dict[str, bytes]) -> dict[str, str]:
    return {name: data.decode() for name, data in tables.items()}


def _cases() -> list[Document]:
    """Each case of each method with the derivation that an assessment makes of it."""
    rule_set, *methods = _editions()
    cases = []
    for method in methods:
        for name in sorted(each for each in method.files if each.startswith("cases/")):
            chain = json.loads(method.files[name])["chain"]
            result = assess_chain(decode_chain(json.dumps(chain).encode()), rule_set, comparisons=[method])
            comparisons = [{"method": method.label, "steps": list(result.comparisons[0].derivation)}]
            head = {"format": FORMAT, "rule_set": rule_set.label, "comparisons": comparisons}
            cases.append({"chain": chain, "figures": {**head, "steps": list(result.derivation)}})
    return cases


def _changed(draw: random.Random, case: Document) -> Document:
    """One value of the comparison's chain or steps changed or left out."""
    changed = copy.deepcopy(case)
    if draw.random() < 0.6:
        truck = changed["chain"]["categories"]["truck"]
        holder = draw.choice([changed["chain"], *([truck["comparison"]] * 4), *_objects(truck["comparison"])])
        names = [name for name in holder if name not in ("categories", "elements", "format", "shipment")]
    else:
        holder = draw.choice(changed["figures"]["comparisons"][0]["steps"])
        names = [name for name in holder if name in ("formula", "inputs", "value", "unit", "from", "clause", "rule")]
    if not names:
        return changed
    name = draw.choice(names)
    if draw.random() < 0.3:
        del holder[name]
    else:
        holder[name] = draw.choice(FOREIGN)
    return changed


def _objects(document: Document) -> list[Document]:
    return [each for each in document.values() if isinstance(each, dict)]


def _code(case: Document, tables: dict[str, dict[str, bytes]]) -> str:
    try:
        verify_chain_form(case["chain"])
        verify_figures(case["chain"], case["figures"], tables)
    except VerifyError as error:
        return error.code
    return "holds"


@pytest.mark.slow
def test_every_case_holds_and_with_one_change_is_refused_for_the_same_reason(verifier: Page) -> None:
    draw, cases, tables = random.Random(1), _cases(), _tables()
    given = [*cases, *(_changed(draw, each) for each in cases for _ in range(CHANGES))]
    expected = [_code(each, tables) for each in given]
    editions = {label: _texts(files) for label, files in tables.items()}

    assert 9 == len(cases)
    assert ["holds"] * len(cases) == expected[: len(cases)]
    assert {"chain.form", "derivation.input", "derivation.foreign-formula"} <= set(expected)
    assert expected == verifier.evaluate(VERIFY, {"cases": given, "editions": editions})


def test_hydrogen_that_no_element_uses_is_no_part_of_an_explanation_for_both(verifier: Page) -> None:
    rule_set, method, *_ = _editions()
    chain = _cases()[0]["chain"]
    chain["categories"]["spare"] = copy.deepcopy(chain["categories"]["truck"])
    result = assess_chain(decode_chain(json.dumps(chain).encode()), rule_set, comparisons=[method])
    comparisons = [{"method": method.label, "steps": list(result.comparisons[0].derivation)}]
    figures = {"format": FORMAT, "rule_set": rule_set.label, "comparisons": comparisons}
    case = {"chain": chain, "figures": {**figures, "steps": list(result.derivation)}}
    editions = {label: _texts(files) for label, files in _tables().items()}

    assert result.comparisons[0].explained is not None
    assert "holds" == _code(case, _tables())
    assert ["holds"] == verifier.evaluate(VERIFY, {"cases": [case], "editions": editions})


@pytest.mark.parametrize("method", ["same-service-diesel@2025.1", *(f"{name}@2026.1" for name in METHODS)])
def test_a_baseline_is_supported_in_both_or_in_none(method: str, verifier: Page) -> None:
    edition = get_comparison(method)
    files = published_files(edition)
    support = read_edition_tables(edition.label, files).parameters.support
    whole = [each["chain"]["categories"]["truck"]["comparison"] for each in _cases()]
    baselines = [*whole, *({key: each[key] for key in each if key != name} for each in whole for name in each)]
    expected = [not list_lacking(each, support) for each in baselines]
    given = {"baselines": baselines, "label": edition.label, "files": _texts(files)}

    assert {True, False} == set(expected)
    assert expected == verifier.evaluate(SUPPORTED, given)


def test_a_baseline_of_nothing_or_of_a_later_day_is_usable_in_both_or_in_none(verifier: Page) -> None:
    named = ("payload_t", "peer_vehicles", "peer_distance_km", "baseline_distance_km", "project_distance_km")
    baselines: list[Document] = [{name: text} for name in named for text in ("0", "0.00", "0.01", "10")]
    baselines += [{"date": f"2026-03-0{day}"} for day in (1, 2, 3)]
    baselines += [{"period": {"from": "2020-01-01", "until": f"2026-03-0{day}"}} for day in (2, 3)]
    expected = [not list_unusable(each, on) for on in ("2026-03-02", None) for each in baselines]
    usable = "(all) => ['2026-03-02', null].flatMap((on) => all.map((each) => _standsOnSomething(each, on)))"

    assert {True, False} == set(expected)
    assert expected == verifier.evaluate(usable, baselines)


def test_a_field_that_only_a_language_knows_supports_nothing(verifier: Page) -> None:
    edition = get_comparison("same-service-diesel@2026.1")
    files = _texts(published_files(edition))
    names = ("constructor", "source.length", "life_cycle", "source.source", "life_cycle.constructor")
    baseline = {"source": "book", "life_cycle": {}}
    found = []
    for name in names:
        document = json.loads(files["parameters.json"])
        document["support"] = {"comparable_vehicle": [name]}
        asked = {**files, "parameters.json": canonical.encode(document).decode()}
        given = {"baselines": [baseline], "label": edition.label, "files": asked}
        found.append((not list_lacking(baseline, document["support"]), *verifier.evaluate(SUPPORTED, given)))

    assert [(False, False), (False, False), (True, True), (False, False), (False, False)] == found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"support":{', '"support":[],"x":{'),
        ('"support":{"comparable_vehicle":[', '"support":{"sailing_ship":['),
        ('["source"', '["so urce"'),
        ('["source"', '[1,"source"'),
        ('"status":"draft","title_en"', '"status":"draft","text_seen":"no","title_en"'),
    ],
)
def test_published_support_of_another_form_is_refused_by_both(before: str, after: str, verifier: Page) -> None:
    edition = get_comparison("same-service-diesel@2026.1")
    files = _texts(published_files(edition))

    assert before in files["parameters.json"]
    files["parameters.json"] = files["parameters.json"].replace(before, after)
    with pytest.raises(VerifyError) as caught:
        read_edition_tables(edition.label, {name: text.encode() for name, text in files.items()})
    case = _cases()[0]
    rule_set = get_rule_set("iso14083@2023.1")
    editions = {rule_set.label: _texts(published_files(rule_set)), edition.label: files}
    read = f"(given) => {{ try {{ return ({VERIFY})(given); }} catch (error) {{ return [error.code]; }} }}"

    assert "edition.form" == caught.value.code
    assert ["edition.form"] == verifier.evaluate(read, {"cases": [case], "editions": editions})


@pytest.mark.slow
def test_a_trial_stated_by_the_editions_of_2026_holds_in_both(verifier: Page, trials_dir: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    comparisons = ("same-service-diesel@2026.1", "tailpipe-press@2026.1")
    request = make_request(trials_dir / "first-run", workspace, now_ms=1_772_700_000_000, comparisons=comparisons)
    report = run_trial(request, lambda *_: None)
    (statement, *_) = list_statements(workspace)
    bundle = export_bundle(workspace, statement.statement_id, "activity")
    ours = verify_bundle(bundle)
    theirs = verifier.evaluate(VERIFY_BUNDLE, base64.b64encode(bundle).decode())

    assert {"unsupported"} == {each.status for each in report.shipments[0].comparisons}
    assert ours.verdict.startswith("consistent")
    assert (ours.verdict, None) == (theirs["verdict"], theirs["reason_code"])
