"""Published parameters are read in the page as h2verify reads them."""

import copy
from collections.abc import Callable
from typing import Any

from h2verify import canonical
from h2verify.errors import BundleError
from h2verify.parameters import read_parameters
from in_page import run_in_page
from playwright.sync_api import Page

LABEL = "tried/2026.1"
READ = f"""return given.map((text) => codeOf(() => readParameters(new TextEncoder().encode(text), "{LABEL}")));"""
Document = dict[str, Any]
WORDS = {"title_zh": "试", "title_en": "tried", "unit": "kg", "source": "a book", "page": "3"}


def ranged(**stated: object) -> Callable[[Document], object]:
    value = {"name": "grid", "value": "1", "checked_on": "2026-01-02", "from": "2026-01-01", **WORDS, **stated}
    return lambda document: document["parameters"].append(value)


CHANGES: tuple[Callable[[Document], object], ...] = (
    lambda d: None,
    lambda d: d["edition"].update(document="hydrogen-production/1"),
    lambda d: d["edition"].update(caveat_zh="慎用", caveat_en="with care"),
    ranged(range_pct="7.5", range_source="a book"),
    lambda d: d["edition"].update(documents="hydrogen-production/1"),
    lambda d: d["edition"].pop("standard"),
    lambda d: d["edition"].update(edition="2026.2"),
    lambda d: d["constants"][0].pop("source"),
    lambda d: d.update(more=[]),
    ranged(range_pct="7.5"),
    ranged(range_source="a book"),
    ranged(range_pct="-7.5", range_source="a book"),
    ranged(range_pct=7, range_source="a book"),
    ranged(range_pct="7.5\n", range_source="a book"),
    ranged(range_pct="7.5", range_source=""),
)


def a_document() -> Document:
    head = {
        "id": "tried",
        "edition": "2026.1",
        "status": "draft",
        "standard": "none",
        "title_zh": "试",
        "title_en": "t",
    }
    constant = {"name": "kg_per_t", "value": "1000", "checked_on": "2026-01-02", **WORDS}
    return {"format": "parameters/1", "edition": head, "constants": [constant], "parameters": [], "regions": {}}


def changed(change: Callable[[Document], object]) -> bytes:
    document = copy.deepcopy(a_document())
    change(document)
    return canonical.encode(document)


def code(data: bytes) -> str | None:
    try:
        read_parameters(data, label=LABEL)
    except BundleError as error:
        return error.code
    return None


def test_headers_and_entries_are_read_and_refused_alike(open_verifier: Callable[..., Page]) -> None:
    documents = [changed(change) for change in CHANGES]
    expected = [code(data) for data in documents]

    assert [None] * 4 + ["edition.form"] * 11 == expected
    assert expected == run_in_page(open_verifier(), READ, [data.decode() for data in documents])
