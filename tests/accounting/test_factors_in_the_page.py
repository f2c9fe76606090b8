"""The page's verifier reads factors by name and level as h2verify does, and refuses what it refuses."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chain_examples import named_chain, named_edition
from h2verify import canonical
from h2verify.bundle.derivations import verify_figures
from h2verify.chain_form import verify_chain_form
from h2verify.errors import VerifyError
from h2verify.page import render_page
from playwright.sync_api import Page
from test_chain_agreement import FOREIGN, REMOVED, places
from test_named_factors import CONTRADICTIONS, FORGERIES, handed_over

FORMS = """
(texts) => texts.map((text) => {
  try { verifyChainForm(parseJson(utf8(text))); return null; }
  catch (error) { if (!(error instanceof Refusal)) throw error; return error.code; }
})
"""
FIGURES = """
(given) => given.map(({chain, figures, label, files}) => {
  try {
    const edition = readEdition(label, new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)])));
    verifyFigures(parseJson(utf8(chain)), parseJson(utf8(figures)), new Map([[label, edition]]));
    return null;
  } catch (error) { if (!(error instanceof Refusal)) throw error; return error.code; }
})
"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "verify.html"
    path.write_text(render_page(), encoding="utf-8")
    return path


@pytest.fixture
def page(open_page: Callable[..., Page], page_file: Path) -> Page:
    opened = open_page()
    opened.context.set_offline(True)
    opened.goto(page_file.as_uri())
    return opened


def refusal(attempt: Callable[[], Any]) -> str | None:
    try:
        attempt()
    except VerifyError as error:
        return error.code
    return None


def changed(path: tuple[Any, ...], foreign: Any) -> Any:
    chain: Any = named_chain()
    holder = chain
    for key in path[:-1]:
        holder = holder[key]
    if foreign is REMOVED:
        del holder[path[-1]]
    else:
        holder[path[-1]] = foreign
    return chain


def test_a_chain_with_any_one_field_changed_has_the_same_form_for_both(page: Page) -> None:
    chains = [changed(path, foreign) for path in places(named_chain()) for foreign in FOREIGN]
    for change in CONTRADICTIONS.values():
        chain = named_chain()
        change(chain["categories"])
        chains.append(chain)
    ours = [refusal(lambda chain=chain: verify_chain_form(chain)) for chain in chains]
    theirs = page.evaluate(FORMS, [json.dumps(chain) for chain in chains])

    assert min(ours.count(None), ours.count("chain.form")) > 50
    assert ours == theirs


def test_factors_by_name_and_level_are_recomputed_and_another_is_refused_by_both(page: Page) -> None:
    chain, figures, editions = handed_over()
    tried = [chain]
    for forge in FORGERIES.values():
        forged = copy.deepcopy(chain)
        forge(forged["categories"])
        tried.append(forged)
    label, files = next(iter(editions.items()))
    given = [
        {
            "chain": json.dumps(each),
            "figures": json.dumps(figures),
            "label": label,
            "files": {name: data.decode() for name, data in files.items()},
        }
        for each in tried
    ]
    ours = [refusal(lambda each=each: verify_figures(each, figures, editions)) for each in tried]

    assert [None, *["derivation.factor"] * len(FORGERIES)] == ours
    assert ours == page.evaluate(FIGURES, given)


TABLES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "as published": lambda d: None,
    "levels that are null": lambda d: d.update(levels=None),
    "a level that is none": lambda d: d["levels"].update(China="continental"),
    "levels in a list": lambda d: d.update(levels=[]),
    "a pack that is no label": lambda d: d["parameters"][-1].update(pack="own"),
    "an empty licence": lambda d: d["parameters"][-1].update(licence=""),
    "a level that was taken away": lambda d: d.pop("levels"),
    "a pack that was taken away": lambda d: [each.pop("pack", None) for each in d["parameters"]],
}


def test_a_table_of_parameters_with_one_change_gets_the_same_code(page: Page) -> None:
    chain, figures, editions = handed_over()
    label = named_edition().label
    codes = []
    given = []
    for change in TABLES.values():
        document = canonical.parse_canonical(editions[label]["parameters.json"])
        change(document)
        files = {**editions[label], "parameters.json": canonical.encode(document)}
        codes.append(refusal(lambda files=files: verify_figures(chain, figures, {label: files})))
        texts = {name: data.decode() for name, data in files.items()}
        given.append({"chain": json.dumps(chain), "figures": json.dumps(figures), "label": label, "files": texts})

    assert [None, *["edition.form"] * 5, *["derivation.factor"] * 2] == codes
    assert codes == page.evaluate(FIGURES, given)
